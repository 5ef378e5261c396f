#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Preferences, Storage, Clear on a mailbox of a real Dovecot: asked once, told what it frees; the list and the draft stay, what is opened comes back."""

import base64
import os
import random
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..'))
sys.path.insert(0, os.path.join(HERE, '..', '..', 'integration', 'mail'))
import rig  # noqa: E402
from mail_case import Profile, message  # noqa: E402
from mail_servers import MailServers  # noqa: E402

servers = MailServers(smtp=False)
made = Profile(servers.ca)
session = servers.client()
noise = random.Random(1)
for number in range(60):
    text = base64.encodebytes(noise.randbytes(30000)).decode().replace('\n', '\r\n')
    session.append('INBOX', None, None, message('kept-%d' % number, subject='mail number %d' % number, text='the words of %d\r\n\r\n%s' % (number, text)))
made.add(servers.imaps)
made.sync()


def unlock(s):
    read, write = os.pipe()
    os.write(write, b'passphrase\n')
    os.close(write)
    s.run('cirrus', 'account', 'unlock', '--fd', str(read), pass_fds=[read])
    os.close(read)


def shown_bytes(preferences):
    return rig.storage.shown(preferences, 'Messages')


@rig.test('what the server has is cleared from the storage page, and comes back when opened', profile=made.dir, env={'CIRRUS_CA_FILE': servers.ca}, size=(1100, 700))
def clear(s):
    unlock(s)
    app = s.launch('Mail')
    app.find('list item', re.compile('mail number 59'))
    s.key('ctrl+n')
    app.find(('text', 'entry'), 'Subject').type('Not finished')
    app.find('push button', 'Back').click()
    app.wait_gone('push button', 'Send')
    preferences = rig.storage.open_page(s, app)
    before = shown_bytes(preferences)
    button = preferences.find('push button', 'Clear Messages')
    button.wait(lambda b: b.sensitive)
    preferences.check_names()
    s.screenshot('storage')
    button.click()
    app.find('label', re.compile('Remove the texts'))
    promised = rig.storage.parse(re.search(r'frees about (.*)\.', app.find('label', re.compile(r'frees about [0-9.]+ MB')).name).group(1))
    s.screenshot('question')
    app.find('dialog', 'Messages').find('push button', re.compile('Cancel')).click()
    app.wait_gone('dialog', 'Messages')
    assert shown_bytes(preferences) == before
    button.click()
    app.find('dialog', 'Messages').find('push button', re.compile('Clear')).click()
    freed = rig.storage.freed(preferences)
    assert .8 * freed < promised < 1.2 * freed, (promised, freed)
    s.screenshot('cleared')
    preferences.wait(lambda p: shown_bytes(p) < before / 2, 'the size to be less')
    preferences.find('push button', 'Clear Messages').wait(lambda b: not b.sensitive)
    s.key('Escape')
    app.wait_gone('frame', 'Preferences')
    app.find('list item', re.compile('mail number 55')).click()
    app.wait_text(re.compile('the words of 55'), 90)
    s.screenshot('opened-again')
    app.find(('push button', 'toggle button'), 'Main menu').click()
    app.find('menu item', 'Unsent Drafts').click()
    app.find('list item', re.compile('Not finished'))


try:
    rig.main()
finally:
    servers.stop()
    made.close()
