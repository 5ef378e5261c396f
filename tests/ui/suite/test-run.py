#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""./run: the second start is quick, each mode uses its own folders, and the user's bus learns where the apps are.  With a small tree of
their own: what it does without a display, and that it and ./test are safe beside each other."""

import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import rig

SOURCE = os.environ['CIRRUS_SOURCE_ROOT']
RUN = os.path.join(SOURCE, 'run')
WAITING = 'Waiting for another ./run or ./test'
# A tree with the scripts of this one whose programs tell that they ran; its test and its tour end once a file says so.
SMALL_TREE = {
    'meson.build': "project('small')\ninstall_data('apps/cirrus-home', install_dir: get_option('bindir'), install_mode: 'rwxr-xr-x')\n"
                   "test('waits', find_program('apps/waits'), timeout: 0)\n",
    'apps/cirrus-home': '#!/bin/sh\ntouch "$CIRRUS_PROFILE/used"\necho "$CIRRUS_PROFILE" >>windows\n'
                        'until [ -e close-windows ]; do sleep 0.05; done\n',
    'apps/waits': '#!/bin/sh\ncd "$(dirname "$0")/.."\ntouch testing\nuntil [ -e end-tests ]; do sleep 0.05; done\n',
    'data/sample/make-profile': '#!/bin/sh\nmkdir -p "$2" && cp stamp "$2/sample"\n',
    'stamp': 'Monday\n',
    'packaging/debian-packages.txt': '[build]\n[run]\n[test]\n',
    'tests/ui/tour.py': 'import os, sys, time\nprint("tour", *sys.argv[1:], flush=True)\n'
                        'while not os.path.exists("end-tour"):\n    time.sleep(.05)\n',
}


def users_files(s):
    """What lies in the user's own folders of the session."""
    found = []
    for folder, _, names in os.walk(s.home):
        found += [os.path.relpath(os.path.join(folder, name), s.home) for name in names]
    return [name for name in found if 'cirrus' in name.lower()]


def wait_window(s, title):
    return rig.until(lambda: [w for w in s.windows() if w[1] == title], 'a window called ' + title)


class SmallTree:
    def __init__(self, session):
        self.session = session
        self.folder = os.path.join(session.folder, 'tree')
        for name in ('run', 'test', 'build-aux', 'tests/ui/rig'):
            copy = shutil.copytree if os.path.isdir(os.path.join(SOURCE, name)) else shutil.copy
            os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
            copy(os.path.join(SOURCE, name), self.path(name))
        for name, words in SMALL_TREE.items():
            self.write(name, words)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, words=''):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), 'w', encoding='utf-8') as out:
            out.write(words)
        if words.startswith('#!'):
            os.chmod(self.path(name), 0o755)

    def read(self, name):
        with open(self.path(name), encoding='utf-8') as words:
            return words.read()

    def start(self, *command):
        """The process and a function that reads what it said so far."""
        process = self.session.start(self.path(command[0]), *command[1:], cwd=self.folder)
        return process, lambda log=self.session.logs[-1]: open(log, encoding='utf-8').read()

    def windows(self):
        return self.read('windows').split() if os.path.exists(self.path('windows')) else []

    def wait_windows(self, count):
        rig.until(lambda: len(self.windows()) == count, '%d windows to be started' % count)


def without_display(s):
    s.env = {name: value for name, value in s.env.items() if name not in ('DISPLAY', 'WAYLAND_DISPLAY')}


@rig.test('without a display, --fresh takes the tour of the first minutes, and --mine says that it cannot be')
def no_display(s):
    without_display(s)
    mine = s.run(RUN, '--mine', check=False)
    assert mine.returncode == 1 and 'No display here' in mine.stderr and mine.stdout == '', mine
    tree = SmallTree(s)
    tree.write('end-tour')
    for arguments, words in ((['--fresh'], 'tour --only first'), (['mail', '--fresh'], 'tour mail --only first'), ([], 'tour'), (['navi'], 'tour navi')):
        run = s.run(tree.path('run'), *arguments)
        assert run.stdout == words + '\n' and 'No display here' in run.stderr, run
    assert tree.windows() == []


@rig.test('refuses to take the tour on the user\'s own data, and --fresh with --mine')
def contradictions(s):
    for arguments, words in ((['tour', '--mine'], 'made-up data'), (['--fresh', '--mine'], 'exclude each other')):
        run = s.run(RUN, *arguments, check=False)
        assert run.returncode == 64 and words in run.stderr and 'usage' in run.stderr, run


@rig.test('while ./test runs, ./run opens what is built, and builds what changed only when the tests are done')
def beside_tests(s):
    tree = SmallTree(s)
    tests, tests_said = tree.start('test')
    rig.until(lambda: os.path.exists(tree.path('testing')), 'the tests to run', 60)
    tree.start('run', '--fresh')
    tree.wait_windows(1)
    tree.write('apps/cirrus-home', SMALL_TREE['apps/cirrus-home'] + '# changed\n')
    _, run_said = tree.start('run', '--fresh')
    rig.until(lambda: WAITING in run_said(), 'the second ./run to wait')
    assert '# changed' not in tree.read('build/install/bin/cirrus-home') and tests.poll() is None
    tree.write('end-tests')
    tree.wait_windows(2)
    assert tests.wait() == 0 and '1 passed' in tests_said(), tests_said()
    assert '# changed' in tree.read('build/install/bin/cirrus-home')
    tree.write('close-windows')


@rig.test('./test reinstalls nothing under the tour, and waits for no window')
def beside_tour(s):
    tree = SmallTree(s)
    tree.write('end-tests')
    tree.start('run', '--fresh')
    tree.wait_windows(1)
    tour, _ = tree.start('run', 'tour')
    rig.until(lambda: os.path.exists(tree.path('build/.ready')), 'the build')
    tests, said = tree.start('test')
    rig.until(lambda: WAITING in said(), './test to wait')
    tree.write('end-tour')
    assert tour.wait() == 0 and tests.wait() == 0 and '1 passed' in said(), said()
    tree.write('close-windows')


@rig.test('what is done in the sample\'s windows stays there, and is not taken away under them')
def samples(s):
    tree = SmallTree(s)
    tree.start('run')
    tree.wait_windows(1)
    assert os.path.exists(tree.path('build/profile/used')) and not os.path.exists(tree.path('build/sample-profile/used'))
    tree.write('stamp', 'Tuesday\n')
    _, said = tree.start('run')
    tree.wait_windows(2)
    assert 'open in another window' in said() and tree.read('build/profile/sample') == 'Monday\n'
    tree.write('close-windows')
    rig.until(lambda: all(process.poll() is not None for process in s.started), 'the windows to close')
    tree.start('run')
    tree.wait_windows(3)
    assert tree.read('build/profile/sample') == 'Tuesday\n'


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
