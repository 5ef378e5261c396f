#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Window, command line and service of Mail on one profile, with a real Dovecot and Exim: what the command line sends is carried out once, by the
service or by a sync of the command line's own, whoever holds the lease, with the service killed in the middle; and what one of them changes
appears in the open window."""

import json
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
from mail_case import Profile, message  # noqa: E402
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


def start_sync(s):
    """`cirrus mail sync`, which wants the lease for itself, at work beside the others."""
    read, write = os.pipe()
    os.write(write, b'passphrase\n')
    os.close(write)
    process = s.start('cirrus', 'mail', 'sync', '--passphrase-fd', str(read), pass_fds=[read])
    os.close(read)
    return process


def count(session, folder, subject):
    session.select(folder, readonly=True)
    return len(session.uid('SEARCH', None, 'SUBJECT "%s"' % subject)[1][0].split())


@rig.test('window, command line and service at work together, the service killed', profile=made.dir, size=(1040, 700),
          env={'CIRRUS_CA_FILE': servers.ca})
def together(s):
    seed = int(os.environ.get('CIRRUS_TEST_SEED', random.randrange(1 << 30)))
    dice = random.Random(seed)
    print('# seed %d' % seed)
    unlock(s)
    app = s.launch('Mail')
    session = servers.client()
    interrupted = []
    for number in range(N_MESSAGES):
        s.run('cirrus', 'mail', 'send', '--to', 'test@example.test', '--subject', 'joint-%d' % number, input='x')
        syncs = [start_sync(s), start_sync(s)]
        wake(s)
        if number % 2:
            end = time.monotonic() + dice.random() * .3
            while time.monotonic() < end:
                pass
            pid = service_pid(s)
            if pid:
                os.kill(pid, signal.SIGKILL)
                interrupted.append('joint-%d' % number)
            rig.until(lambda: service_pid(s) != pid, 'the bus to see the death')
            wake(s)
        for sync in syncs:
            assert sync.wait(60) == 0, sync.args

    def settled():
        waiting = [line for line in s.run('cirrus', 'mail', 'outbox').stdout.splitlines() if '"uncertain"' not in line]
        if waiting:
            wake(s)
        return not waiting
    rig.until(settled, 'the outbox to empty', 90)
    uncertain = {json.loads(line)['label'] for line in s.run('cirrus', 'mail', 'outbox').stdout.splitlines()}
    print('# interrupted %s, uncertain %s' % (' '.join(interrupted), ' '.join(uncertain) or 'none'))
    # Only a death leaves a doubt: a second process at work would take what the first is sending for that of somebody dead.
    assert uncertain <= set(interrupted), (uncertain, interrupted)
    for number in range(N_MESSAGES):
        subject = 'joint-%d' % number
        arrived, kept = count(session, 'INBOX', subject), count(session, 'Sent', subject)
        assert arrived <= 1 and kept <= 1, (subject, arrived, kept)
        assert subject in uncertain or (arrived == 1 and kept == 1), (subject, arrived, kept, uncertain)
        if arrived:
            app.wait_text(subject, 60)
    s.screenshot('together')


def starred(s):
    return {m['subject'] for m in map(json.loads, s.run('cirrus', 'mail', 'list', '--account', 'Test', '--folder', 'INBOX', '--limit', '-1').stdout.splitlines())
            if m['starred']}


def listed(s):
    return {m['subject']: m['message_id'] for m in map(json.loads, s.run('cirrus', 'mail', 'list', '--account', 'Test', '--folder', 'INBOX', '--limit', '-1')
                                                       .stdout.splitlines())}


@rig.test('what the command line or the service changes is seen in the open window, and what the window changes by them', profile=made.dir, size=(1040, 700),
          env={'CIRRUS_CA_FILE': servers.ca})
def seen(s):
    by_cli, by_service = [], []

    def wait_row(app, words, took):
        start = time.monotonic()
        row = app.find('list item', re.compile(words))
        took.append(time.monotonic() - start)
        return row

    unlock(s)
    session = servers.client()
    session.append('INBOX', None, None, message('watched', subject='watched'))
    app = s.launch('Mail')
    row = app.find('list item', re.compile('watched'), deadline=60)
    for _ in range(4):
        for verb, button in (('star', 'Remove the Star'), ('unstar', 'Star')):
            s.run('cirrus', 'mail', 'act', verb, listed(s)['watched'])
            start = time.monotonic()
            row.find('push button', button)
            by_cli.append(time.monotonic() - start)
    row.find('push button', 'Star').click()
    rig.until(lambda: 'watched' in starred(s), 'the command line to see the star')
    for number in range(4):
        session.append('INBOX', None, None, message('news-%d' % number, subject='news-%d' % number))
        rig.until(lambda: 'news-%d' % number in listed(s), 'the service to fetch the news', 60)
        wait_row(app, 'news-%d' % number, by_service)
    print('# seen in the window at most %.2f s after the command line, %.2f s after the service wrote it' % (max(by_cli), max(by_service)))


try:
    rig.main()
finally:
    servers.stop()
    made.close()
