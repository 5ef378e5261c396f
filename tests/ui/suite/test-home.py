#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The home window: four apps, a live line each."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import rig


def write_status(s, app, status):
    folder = os.path.join(s.profile, 'data', app)
    os.makedirs(folder, 0o700, exist_ok=True)
    draft = os.path.join(folder, 'status.draft')
    with open(draft, 'w', encoding='utf-8') as out:
        out.write(status)
    os.rename(draft, os.path.join(folder, 'status'))


@rig.test('home shows four apps and what they do')
def four_apps(s):
    home = s.launch('Home')
    for name, line in (('Mail', 'Your mail, here even offline'), ('Weather', 'The weather, now and for ten days'),
                       ('Navi', 'Maps and routes without a network'), ('Search', 'The Web and this device in one box')):
        assert home.find('push button', name).description == line
    home.check_names()
    s.screenshot('home-empty')


@rig.test('a live line follows what an app says, while home is open')
def live_line(s):
    write_status(s, 'mail', "('unread', int64 1, {'count': <2>, 'sender': <'Ada'>, 'subject': <'Bridges'>})")
    home = s.launch('Home')
    home.wait_text('2 unread · Ada: Bridges')
    write_status(s, 'mail', "('unread', int64 2, {'count': <0>})")
    home.wait_text('All read')
    write_status(s, 'weather', "('now', int64 2, {'place': <'Vaduz'>, 'temperature': <4.6>, 'condition': <'rain'>})")
    home.wait_text('5° · Rain · Vaduz')


@rig.test('a stop is called as its readers call it, where that is known', lang='zh_CN.UTF-8')
def stop_in_chinese(s):
    write_status(s, 'navi', "('next-stop', int64 1, {'name': <'Botanischer Garten'>, 'name-en': <'Botanical Garden'>, 'name-zh': <'植物园'>})")
    home = s.launch('Home')
    home.wait_text('下一站：植物园')
    write_status(s, 'navi', "('next-stop', int64 2, {'name': <'Bahnhof'>, 'name-en': <'Station'>})")
    home.wait_text('下一站：Bahnhof')


@rig.test('preferences, shortcuts and about open from the menu and from keys')
def menus(s):
    home = s.launch('Home')
    home.find('push button', 'Main menu', index=1).click()
    home.find('menu item', 'About').click()
    about = home.find('frame', 'About')
    about.wait_text('The Cirrus project')
    s.screenshot('about')
    s.key('Escape')
    home.wait_gone('frame', 'About')
    s.key('ctrl+comma')
    preferences = home.find('frame', 'Preferences')
    preferences.find('check box', 'Dark').click()
    preferences.wait(lambda p: p.find('check box', 'Dark').checked, 'dark to be chosen')
    s.screenshot('preferences')
    s.key('Escape')
    home.wait_gone('frame', 'Preferences')
    s.key('ctrl+question')
    home.find('frame', 'Keyboard Shortcuts').wait_text('Quit')
    s.screenshot('shortcuts')


rig.main()
