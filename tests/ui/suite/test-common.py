#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The common widgets in a window of their own (gallery.c): the shell folds and goes back, states say what to do."""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import rig

GALLERY = os.path.join(rig.build_root(), 'tests', 'ui', 'suite', 'gallery')


def open_gallery(s, name='Weather'):
    return s.application(name, s.start(GALLERY, name))


@rig.test('on a phone a pane covers the list and goes back')
def phone(s):
    app = open_gallery(s)
    app.find('list item', 'Detail').click()
    app.wait_text('No Connection')
    app.wait_text('The network cannot be reached. What you have seen before is still here.')
    app.wait_gone('list item', 'Detail')
    s.screenshot('detail')
    app.check_names()
    app.find('push button', 'Try Again').click()
    app.wait_text('Tried again')
    app.find('push button', 'Back').click()
    app.find('list item', 'Detail')


@rig.test('whoever shows a toast is told that it is gone once, also when the window closes under it')
def toast_gone(s):
    app = open_gallery(s)
    app.find('list item', 'Detail').click()
    app.find('push button', 'Try Again').click()
    app.wait_text('Tried again')
    app.find('push button', 'Try Again').click()  # a second one, which waits behind the first
    s.key('ctrl+q')
    rig.until(lambda: s.children[-1].poll() is not None, 'the window to end')
    with open(s.logs[-1], encoding='utf-8') as log:
        words = log.read()
    assert words.count('The toast is gone.') == 2, words


@rig.test('on a desktop the panes stand side by side, with window buttons only at the outer end', size=(1280, 800))
def desktop(s):
    app = open_gallery(s)
    app.find('list item', 'Detail')
    app.wait_text('No Connection')
    assert not app.has('push button', 'Back')
    s.screenshot('desktop')


@rig.test('a pushed page goes back by button and by key, and chips speak')
def pushed(s):
    app = open_gallery(s)
    app.find('list item', 'Chips').click()
    app.wait_text('Updated 5 minutes ago')
    sentence = app.find('label', re.compile('no word'))
    _, _, width, height = sentence.extents
    assert height > 35 and width < 0.75 * s.size[0], sentence.extents  # two lines of about the same length
    app.wait_text('Offline. Showing what was stored.')
    app.wait_gone('list item', 'Chips')
    s.screenshot('chips')
    app.check_names()
    app.find('push button', 'Back').click()
    app.find('list item', 'States').click()
    app.find('push button', 'One Button')
    app.wait_gone('list item', 'States')
    s.screenshot('states')
    s.key('alt+Left')
    app.find('list item', 'Icons').click()
    app.wait_gone('list item', 'Icons')
    s.screenshot('icons')


@rig.test('storage says what is kept and clears it when told twice')
def storage(s):
    app = open_gallery(s)
    s.key('ctrl+comma')
    preferences = app.find('frame', 'Preferences')
    preferences.wait_text('3.4 MB')
    s.screenshot('storage')
    preferences.find('push button', 'Clear Forecasts').click()
    question = app.find('dialog', 'Forecasts')
    s.screenshot('question')
    question.find('push button', re.compile('Clear')).click()
    preferences.wait_text('0 bytes')
    preferences.wait_text('3.4 MB freed')
    app.check_names()


@rig.test('clearing that takes long shows how far it is and can be stopped')
def storage_stopped(s):
    app = open_gallery(s)
    s.key('ctrl+comma')
    preferences = app.find('frame', 'Preferences')
    preferences.find('push button', 'Clear Letters').wait(lambda b: b.sensitive)
    preferences.find('push button', 'Clear Letters').click()
    app.find('label', re.compile('This frees about 1.2 MB'))
    app.find('dialog', 'Letters').find('push button', re.compile('Clear')).click()
    preferences.find('progress bar', 'Letters').wait(lambda b: b.on_screen)
    s.screenshot('clearing')
    app.check_names()
    preferences.find('push button', 'Stop clearing Letters').click()
    preferences.find('push button', 'Clear Letters').wait(lambda b: b.sensitive)
    assert not preferences.has('label', re.compile('freed'))


@rig.test('states and chips in the dark', dark=True)
def dark(s):
    app = open_gallery(s, 'Navi')
    app.find('list item', 'States').click()
    app.wait_gone('list item', 'States')
    s.screenshot('dark-states')
    s.key('alt+Left')
    app.find('list item', 'Chips').click()
    app.wait_gone('list item', 'Chips')
    s.screenshot('dark-chips')


rig.main()
