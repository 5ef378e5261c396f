#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Window, command line and service of Mail on one profile, with a real Dovecot and Exim: what the command line sends is carried out by the service,
which is killed in the middle, and appears in the open window."""

import os
import random
import re
import signal
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..'))
sys.path.insert(0, os.path.join(HERE, '..', '..', 'integration', 'mail'))
import rig  # noqa: E402
from mail_case import Profile  # noqa: E402
from mail_servers import MailServers  # noqa: E402

SERVICE = os.environ.get('CIRRUS_ID_PREFIX', 'org.cirrussuite') + '.Mail.Service'
N_MESSAGES = 6
servers = MailServers()
made = Profile(servers.ca)
made.add(servers.imaps, servers.submissions)


def unlock(s):
    read, write = os.pipe()
    os.write(write, b'passphrase\n')
    os.close(write)
    s.run('cirrus', 'account', 'unlock', '--fd', str(read), pass_fds=[read])
    os.close(read)


def wake(s):
    s.run('gdbus', 'call', '--session', '--dest', SERVICE, '--object-path', '/' + SERVICE.replace('.', '/'), '--method', 'org.gtk.Actions.Activate', 'sync', '[]',
          '{}')


def service_pid(s):
    answer = s.run('gdbus', 'call', '--session', '--dest', 'org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus', '--method',
                   'org.freedesktop.DBus.GetConnectionUnixProcessID', SERVICE, check=False)
    return int(re.search(r'(\d+),\)', answer.stdout).group(1)) if answer.returncode == 0 else None


def count(session, folder, subject):
    session.select(folder, readonly=True)
    return len(session.uid('SEARCH', None, 'SUBJECT "%s"' % subject)[1][0].split())


@rig.test('window, command line and service at work together, the service killed', profile=made.dir, size=(1040, 700),
          env={'CIRRUS_CA_FILE': servers.ca})
def together(s):
    seed = random.randrange(1 << 30)
    dice = random.Random(seed)
    print('# seed %d' % seed)
    unlock(s)
    app = s.launch('Mail')
    session = servers.client()
    for number in range(N_MESSAGES):
        s.run('cirrus', 'mail', 'send', '--to', 'test@example.test', '--subject', 'joint-%d' % number, input='x')
        wake(s)
        if number % 2:
            end = time.monotonic() + dice.random() * .3
            while time.monotonic() < end:
                pass
            pid = service_pid(s)
            if pid:
                os.kill(pid, signal.SIGKILL)
            rig.until(lambda: service_pid(s) != pid, 'the bus to see the death')
            wake(s)

    def settled():
        waiting = [line for line in s.run('cirrus', 'mail', 'outbox').stdout.splitlines() if '"uncertain"' not in line]
        if waiting:
            wake(s)
        return not waiting
    rig.until(settled, 'the outbox to empty', 90)
    uncertain = s.run('cirrus', 'mail', 'outbox').stdout
    for number in range(N_MESSAGES):
        subject = 'joint-%d' % number
        arrived, kept = count(session, 'INBOX', subject), count(session, 'Sent', subject)
        assert arrived <= 1 and kept <= 1, (subject, arrived, kept)
        assert '"%s"' % subject in uncertain or (arrived == 1 and kept == 1), (subject, arrived, kept, uncertain)
        if arrived:
            app.wait_text(subject, 60)
    s.screenshot('together')


try:
    rig.main()
finally:
    servers.stop()
    made.close()
