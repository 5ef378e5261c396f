#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A message of which nobody knows whether it went out: the outbox asks, and the user says that it arrived."""

import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..'))
sys.path.insert(0, os.path.join(HERE, '..', '..', 'integration', 'mail'))
import rig  # noqa: E402
from mail_case import Profile  # noqa: E402
from test_mail_send import arrived, send_unheard, servers  # noqa: E402

made = Profile(servers.ca)
sync, thief = send_unheard(made, 'nobody@example.test', 'perhaps', lambda: arrived(servers.client(), 'Mail delivery failed'))
thief.cut()
sync.communicate()
assert made.run('outbox')[0]['state'] == 'uncertain'


@rig.test('the outbox offers It Arrived for an unknown outcome', profile=made.dir, env={'CIRRUS_CA_FILE': servers.ca})
def confirmed(s):
    app = s.launch('Mail')
    app.find('push button', 'Back').click()
    app.find('list item', re.compile('^Outbox')).click()
    arrived_button = app.find('push button', 'It Arrived')
    app.find('push button', 'Try Again')
    app.find('push button', 'Do Not Send')
    s.screenshot('uncertain')
    arrived_button.click()
    app.wait_text('Nothing Waits')
    assert not s.run('cirrus', 'mail', 'outbox').stdout.strip()


@rig.test('taken out of the outbox, a message of unknown outcome is not called unsent', profile=made.dir, env={'CIRRUS_CA_FILE': servers.ca})
def taken_out(s):
    app = s.launch('Mail')
    app.find('push button', 'Back').click()
    app.find('list item', re.compile('^Outbox')).click()
    app.find('push button', 'Do Not Send').click()
    app.wait_text('It is a draft again, but it may have been sent')
    app.wait_text('Nothing Waits')


try:
    rig.main()
finally:
    servers.stop()
    made.close()
