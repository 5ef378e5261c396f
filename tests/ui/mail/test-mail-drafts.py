#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is being written survives: the window closed at once, the process killed after the draft was kept, and both twice over."""

import contextlib
import glob
import os
import re
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import rig  # noqa: E402


def compose(app, s, subject):
    app.find('list item', re.compile('Linden School'))
    s.key('ctrl+n')
    app.find(('text', 'entry'), 'Subject').type(subject)


def open_drafts(app):
    app.find('list item', re.compile('Linden School'))
    app.find(('push button', 'toggle button'), 'Main menu').click()
    app.find('menu item', 'Unsent Drafts').click()


def is_kept(s, subject):
    """Whether the draft is on disk: what the killer waits for, as the window says nothing of it."""
    for path in glob.glob(s.profile + '/data/mail/*/mail.db'):
        with contextlib.closing(sqlite3.connect('file:%s?mode=ro' % path, uri=True)) as db:
            if any(subject.encode() in bytes(data) for data, in db.execute('SELECT data FROM draft')):
                return True
    return False


def start(s):
    process = s.start('cirrus-mail')
    return process, s.application('Mail', process)


@rig.test('a subject written, then Ctrl+Q at once: the draft is there at the next start and can be gone on with', profile='sample', size=(1100, 700))
def quit_at_once(s):
    process, app = start(s)
    compose(app, s, 'Plums for Sunday')
    s.key('ctrl+q')
    assert process.wait(rig.DEADLINE) == 0
    process, app = start(s)
    open_drafts(app)
    app.find('list item', re.compile('Plums for Sunday')).click()
    subject = app.find(('text', 'entry'), 'Subject')
    subject.wait(lambda entry: entry.text == 'Plums for Sunday')
    subject.click()
    s.key('ctrl+a', 'End')
    s.type(' and Monday')
    s.key('ctrl+q')
    assert process.wait(rig.DEADLINE) == 0
    app = s.launch('Mail')
    open_drafts(app)
    app.find('list item', re.compile('Plums for Sunday and Monday'))
    rows = [row.name for row in app.find_all('list item', re.compile('Plums for Sunday'))]
    assert len(rows) == 1, rows
    s.screenshot('drafts')


@rig.test('killed while writing: what was kept meanwhile is there at the next start', profile='sample', size=(1100, 700))
def killed(s):
    process, app = start(s)
    compose(app, s, 'Ladder for you')
    rig.until(lambda: is_kept(s, 'Ladder for you'), 'the draft to be kept')
    s.kill(process)
    app = s.launch('Mail')
    open_drafts(app)
    app.find('list item', re.compile('^Ladder for you'))


@rig.test('an empty message leaves no draft', profile='sample', size=(1100, 700))
def empty(s):
    process, app = start(s)
    app.find('list item', re.compile('Linden School'))
    s.key('ctrl+n')
    app.find(('text', 'entry'), 'Subject')
    s.key('ctrl+q')
    assert process.wait(rig.DEADLINE) == 0
    app = s.launch('Mail')
    open_drafts(app)
    app.wait_text('No Drafts')


rig.main()
