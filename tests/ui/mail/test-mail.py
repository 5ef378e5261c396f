#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail's window on the sample mailbox: folders, reading, search in both languages, stars, deleting with undo; and its first minute without an account."""

import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import rig  # noqa: E402


def row(app, what):
    return app.find('list item', re.compile(what))


@rig.test('a message is read, and is then no longer unread', profile='sample')
def read(s):
    app = s.launch('Mail')
    row(app, 'Unread, Linden School').wait(lambda n: n.visible)
    app.check_names()
    s.screenshot('list')
    row(app, 'Linden School').click()
    app.wait_text('half past seven')
    app.find('push button', 'Reply')
    app.check_names()
    s.screenshot('message')
    s.key('alt+Left')
    row(app, '^Linden School')


@rig.test('what is searched is found in both languages, with what matched', profile='sample')
def search(s):
    app = s.launch('Mail')
    row(app, 'Linden School')
    s.key('ctrl+f')
    entry = app.find('entry', 'Search in all mail')
    entry.type('zzqx')
    app.wait_text('Nothing Found')
    entry.set_text('茶馆')
    row(app, '桥头茶馆').wait(lambda n: n.visible)
    app.wait_gone('list item', re.compile('Linden School'))
    s.screenshot('found')
    entry.set_text('"half past seven"')
    row(app, 'Linden School').click()
    app.wait_text('half past seven')


@rig.test('a star is set and taken away in the list', profile='sample')
def star(s):
    app = s.launch('Mail')
    row(app, 'Linden School').find('push button', 'Star').click()
    row(app, 'Linden School').find('push button', 'Remove the Star').click()
    row(app, 'Linden School').find('push button', 'Star')


@rig.test('what is deleted goes at once and comes back with undo', profile='sample')
def delete(s):
    app = s.launch('Mail')
    row(app, 'Linden School').click()
    delete_button = app.find('push button', 'Delete')

    def delete_it():
        delete_button.activate()
        app.wait_gone('list item', re.compile('Linden School'))
    s.click_toast(delete_it, 'deleted')
    row(app, 'Linden School').click()
    app.find('push button', 'Archive').click()
    app.wait_gone('list item', re.compile('Linden School'))
    s.key('alt+z')
    row(app, 'Linden School')


@rig.test('what was answered and what was forwarded is marked in the list', profile='sample')
def answered(s):
    app = s.launch('Mail')
    row(app, 'Linden School').wait(lambda n: n.visible)
    for option, subject, mark in (('--reply', 'Linden School', 'Answered'), ('--forward', 'Plums are here', 'Forwarded')):
        found = [json.loads(line) for line in s.run('cirrus', 'mail', 'list', '--limit', '-1').stdout.splitlines()]
        message = [m for m in found if subject in m['subject'] + m['from']['name']][0]
        s.run('cirrus', 'mail', 'send', option, message['message_id'], '--to', 'someone@example.org', input='an answer')
        row(app, subject + '.*, ' + mark)
    s.screenshot('answered')


@rig.test('an account that cannot be kept stays as it was', profile='empty', offline=True, size=(1000, 700))
def account(s):
    kept = os.path.join(s.profile, 'data', 'common', 'accounts.json')
    read, write = os.pipe()
    os.write(write, b'secret\nphrase\n')
    os.close(write)
    s.run('cirrus', 'mail', 'account', 'add', '--address', 'anna@example.test', '--imap', 'imap.example.test', '--smtp', 'smtp.example.test', '--password-fd', str(read),
          '--passphrase-fd', str(read), pass_fds=[read])
    os.close(read)
    app = s.launch('Mail')
    app.find('push button', re.compile('Settings of')).click()
    server = app.find('text', 'Server')
    with open(kept) as f:
        good = f.read()
    # Another version of the app has written the file: it must not be touched.
    with open(kept + '.new', 'w') as f:
        f.write(good.replace('"version": 1', '"version": 99'))
    os.rename(kept + '.new', kept)
    server.set_text('elsewhere.example.test')
    app.find('push button', 'Save').click()
    app.find('push button', 'Save').wait(lambda n: n.sensitive)
    s.screenshot('account-refused')
    with open(kept) as f:
        assert 'elsewhere' not in f.read()
    with open(kept + '.new', 'w') as f:
        f.write(good)
    os.rename(kept + '.new', kept)
    app.find('push button', 'Back').click()
    app.find('push button', re.compile('Settings of')).click()
    assert app.find('text', 'Server').text == 'imap.example.test'


@rig.test('a conversation is moved to a folder and is found there', profile='sample', size=(1100, 700))
def move(s):
    app = s.launch('Mail')
    row(app, 'Linden School').click()
    app.wait_text('half past seven')
    app.find('push button', 'More').click()
    app.find('menu item', 'Move to…').click()
    app.find('list item', 'Receipts').click()
    app.wait_gone('list item', re.compile('Linden School'))
    app.find('list item', re.compile('^Receipts')).click()
    row(app, 'Linden School')
    app.check_names()


@rig.test('a new message begins at its recipient, and people who are known are offered there', profile='sample', size=(480, 800))
def compose(s):
    app = s.launch('Mail')
    row(app, 'Linden School').wait(lambda n: n.visible)
    s.key('ctrl+n')
    to, subject = app.find('text', 'To'), app.find('text', 'Subject')
    to.wait(lambda n: n.focused)
    s.type('jo')
    row(app, 'Jonas Weber').click()
    to.wait(lambda n: n.text == 'jonas@example.org, ')
    s.type('le')
    row(app, 'Lena Hoffmann')
    s.screenshot('composer')
    subject.click()
    app.wait_gone('list item', re.compile('Lena Hoffmann'))
    assert len({field.extents[3] for field in (to, subject)}) == 1, 'fields of different heights'
    app.check_names()


@rig.test('on a phone one goes from the folders to the list and to the message, and back', profile='sample', size=(360, 720))
def phone(s):
    app = s.launch('Mail')
    row(app, 'Linden School')
    app.find('push button', 'Back').click()
    app.check_names()
    app.find('list item', re.compile('^Sent')).click()
    app.wait_text('Sent')
    app.find('list item', re.compile('Mia Brandt|.')).wait(lambda n: n.visible)


@rig.test('without an account the first page says what to do', profile='empty', offline=True)
def empty(s):
    app = s.launch('Mail')
    app.wait_text('Welcome to Mail')
    app.check_names()
    s.screenshot('empty')
    app.find('push button', 'Add an Account').click()
    app.wait_gone('push button', 'Add an Account')


rig.main()
