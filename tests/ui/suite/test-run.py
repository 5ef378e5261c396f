#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""./run: the second start is quick, each mode uses its own folders, and the user's bus learns where the apps are."""

import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import rig

RUN = os.path.join(os.environ['CIRRUS_SOURCE_ROOT'], 'run')


def users_files(s):
    """What lies in the user's own folders of the session."""
    found = []
    for folder, _, names in os.walk(s.home):
        found += [os.path.relpath(os.path.join(folder, name), s.home) for name in names]
    return [name for name in found if 'cirrus' in name.lower()]


def wait_window(s, title):
    return rig.until(lambda: [w for w in s.windows() if w[1] == title], 'a window called ' + title)


@rig.test('says how it is used, and refuses what it does not know')
def usage(s):
    help_ = s.run(RUN, '--help')
    assert '--fresh' in help_.stdout and '--mine' in help_.stdout, help_.stdout
    wrong = s.run(RUN, 'calendar', check=False)
    assert wrong.returncode == 64 and 'usage' in wrong.stderr


@rig.test('a second start shows its window in under two seconds, on the sample', env={'CIRRUS_BUILD_ROOT': rig.build_root()})
def second_start(s):
    first = s.start(RUN)
    wait_window(s, 'Cirrus')
    os.killpg(first.pid, 15)
    rig.until(lambda: not s.windows(), 'the first window to go')
    start = time.monotonic()
    s.start(RUN)
    wait_window(s, 'Cirrus')
    took = time.monotonic() - start
    print('# %.2f s' % took)
    if 'ASAN_OPTIONS' not in os.environ:  # the promise is that of an ordinary build
        assert took < 2, 'took %.2f s' % took
    assert os.path.exists(os.path.join(rig.build_root(), 'profile', 'sample'))
    assert not users_files(s), users_files(s)


@rig.test('--fresh begins with an empty profile every time', env={'CIRRUS_BUILD_ROOT': rig.build_root()})
def fresh(s):
    fresh_profile = os.path.join(rig.build_root(), 'profile-fresh')
    os.makedirs(fresh_profile, exist_ok=True)
    with open(os.path.join(fresh_profile, 'left-behind'), 'w', encoding='utf-8') as out:
        out.write('from yesterday')
    s.start(RUN, '--fresh')
    wait_window(s, 'Cirrus')
    assert not os.path.exists(os.path.join(fresh_profile, 'left-behind'))
    assert not os.path.exists(os.path.join(fresh_profile, 'sample'))
    assert not users_files(s), users_files(s)


@rig.test('--mine works on the user\'s own bus and folders', env={'CIRRUS_BUILD_ROOT': rig.build_root()})
def mine(s):
    services = os.path.join(s.env['XDG_RUNTIME_DIR'], 'dbus-1', 'services')
    s.start(RUN, '--mine')
    home = s.application('Home')
    home.find('push button', 'Mail')
    assert not home.has('label', 'Sample data')
    assert any(name.endswith('.service') for name in os.listdir(services))
    names = subprocess.run(['gdbus', 'call', '--session', '--dest', 'org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus',
                            '--method', 'org.freedesktop.DBus.ListActivatableNames'], env=s.env, capture_output=True, text=True, check=True).stdout
    assert rig.session.ID_PREFIX + '.Mail' in names, names


rig.main()
