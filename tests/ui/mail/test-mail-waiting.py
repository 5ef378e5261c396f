#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A message whose text is not here yet is opened while the server cannot be reached: when it can be again, the text appears by itself."""

import multiprocessing
import os
import re
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..'))
sys.path.insert(0, os.path.join(HERE, '..', '..', 'integration', 'mail'))
import rig  # noqa: E402
from mail_case import Profile, message  # noqa: E402
from mail_servers import MailServers  # noqa: E402
from imap_proxy import ImapProxy  # noqa: E402

servers = MailServers(smtp=False)
proxy = ImapProxy(servers)
made = Profile(servers.ca)
session = servers.client()
for number in range(3):
    session.append('INBOX', None, None, message('late-%d' % number, subject='late mail %d' % number, text='the words of %d' % number))
made.add(proxy.port)
# The headers come, the texts do not.
proxy.hold_at = rb'BODY\.PEEK\[\]'
sync = made.popen('sync', '--passphrase-fd', '{0}')
assert proxy.held.wait(60)
sync.kill()
sync.communicate()
# A test runs in a process of its own, the proxy in this one.
reachable = multiprocessing.Event()


def release():
    reachable.wait()
    proxy.hold_at = None
    proxy.cut()


threading.Thread(target=release, daemon=True).start()


def unlock(s):
    read, write = os.pipe()
    os.write(write, b'passphrase\n')
    os.close(write)
    s.run('cirrus', 'account', 'unlock', '--fd', str(read), pass_fds=[read])
    os.close(read)


@rig.test('a text that is waited for appears when the server can be reached again', profile=made.dir, env={'CIRRUS_CA_FILE': servers.ca})
def waiting(s):
    unlock(s)
    app = s.launch('Mail')
    app.find('list item', re.compile('late mail 1')).click()
    app.wait_text('Not Here Yet')
    s.screenshot('waiting')
    reachable.set()
    app.wait_text('the words of 1', 90)


try:
    rig.main()
finally:
    servers.stop()
    made.close()
