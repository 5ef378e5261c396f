#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""cirrus-search-service on a bus of its own: it answers the desktop's search from saved pages and history, sends what is chosen to the window,
and ends when nobody asks."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

import gi

gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib  # noqa: E402

ROOT = os.environ['CIRRUS_SOURCE_ROOT']
BUILD = os.environ['CIRRUS_BUILD_ROOT']
PREFIX = os.environ['CIRRUS_PREFIX']
PAGES = os.path.join(ROOT, 'data', 'sample', 'pages')
CIRRUS = os.path.join(BUILD, 'apps', 'cli', 'cirrus')
SERVICE = os.path.join(BUILD, 'apps', 'search', 'service', 'cirrus-search-service')
NAME = 'org.cirrussuite.Search.Service'
WINDOW = 'org.cirrussuite.Search'
PATH = '/org/cirrussuite/Search/SearchProvider'
DEADLINE_S = 60

APPLICATION = Gio.DBusNodeInfo.new_for_xml('''<node><interface name="org.freedesktop.Application">
  <method name="ActivateAction"><arg type="s" direction="in"/><arg type="av" direction="in"/><arg type="a{sv}" direction="in"/></method>
</interface></node>''').interfaces[0]


class World:
    """A profile with the sample's pages, a private bus, and on it, where wanted, the service and what stands for the window."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='cirrus-search-service-')
        self.profile = os.path.join(self.folder, 'profile')
        os.mkdir(self.profile, 0o700)
        self.env = {**os.environ, 'CIRRUS_PROFILE': self.profile, 'HOME': self.folder, 'LC_ALL': 'C.UTF-8', 'G_DEBUG': 'fatal-criticals',
                    'GSETTINGS_BACKEND': 'keyfile', 'XDG_DATA_DIRS': PREFIX + '/share:/usr/local/share:/usr/share'}
        self.service = None
        self.daemon = subprocess.Popen(['dbus-daemon', '--session', '--nofork', '--nopidfile', '--print-address'], env=self.env,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.env['DBUS_SESSION_BUS_ADDRESS'] = self.daemon.stdout.readline().strip()
        self.bus = Gio.DBusConnection.new_for_address_sync(
            self.env['DBUS_SESSION_BUS_ADDRESS'],
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        self.bus.set_exit_on_close(False)
        self.told = []

    def cirrus(self, *words):
        return subprocess.run([CIRRUS, 'search', *words], env=self.env, capture_output=True, text=True, check=True).stdout

    def start(self):
        self.service = subprocess.Popen([SERVICE], env=self.env)
        subprocess.run(['gdbus', 'wait', '--session', '--timeout', str(DEADLINE_S), NAME], env=self.env, check=True)

    def call(self, method, signature, *arguments):
        return self.bus.call_sync(NAME, PATH, 'org.gnome.Shell.SearchProvider2', method, GLib.Variant(signature, arguments), None,
                                  Gio.DBusCallFlags.NONE, DEADLINE_S * 1000, None).unpack()

    def search(self, *terms):
        return self.call('GetInitialResultSet', '(as)', list(terms))[0]

    def metas(self, ids):
        return self.call('GetResultMetas', '(as)', ids)[0]

    def stand_for_the_window(self):
        """Takes the window's name and notes what it is told."""
        def on_call(bus, sender, path, interface, method, parameters, invocation):
            name, arguments, _ = parameters.unpack()
            self.told.append((name, *arguments))
            invocation.return_value(None)
        self.bus.register_object('/org/cirrussuite/Search', APPLICATION, on_call, None, None)
        self.bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'RequestName',
                           GLib.Variant('(su)', (WINDOW, 0)), None, Gio.DBusCallFlags.NONE, -1, None)

    def wait_told(self, n):
        until = time.monotonic() + DEADLINE_S
        wake = GLib.timeout_add(50, lambda: True)
        while len(self.told) < n:
            assert time.monotonic() < until, 'the window was told only %r' % self.told
            GLib.MainContext.default().iteration(True)
        GLib.source_remove(wake)
        return self.told[n - 1]

    def close(self):
        code = 0
        if self.service is not None and self.service.poll() is None:
            self.service.send_signal(signal.SIGTERM)
            code = self.service.wait()
        self.bus.close_sync(None)
        self.daemon.terminate()
        self.daemon.wait()
        self.daemon.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        assert code == 0, 'the service ended with %d' % code


def saved_pages_and_history_are_found(w):
    w.cirrus('import', PAGES)
    w.cirrus('history', 'add', 'ferry to the island')
    w.start()
    ids = w.search('ferry')
    asked = [i for i in ids if i.startswith('asked:')]
    pages = [i for i in ids if i.startswith('page:')]
    assert asked == ['asked:ferry to the island'] and len(pages) >= 1, ids
    assert any('渡轮' in i for i in w.search('dulun')), 'not found in pinyin'
    assert any('渡轮' in i for i in w.search('渡'))
    assert w.search('qqzzxx') == []
    fewer = w.call('GetSubsearchResultSet', '(asas)', ids, ['ferry', 'island'])[0]
    assert fewer == ['asked:ferry to the island'] or set(fewer) < set(ids), fewer


def metas_say_title_and_icon_and_nothing_of_bad_ids(w):
    w.cirrus('import', PAGES)
    w.cirrus('history', 'add', 'a <b>bold</b> question')
    w.start()
    ids = w.search('museum')
    metas = w.metas(ids + ['page:', 'page:x', 'nonsense', '', 'asked:'])
    known = {m['id']: m for m in metas}
    assert ids and all(i in known for i in ids), (ids, metas)
    for i in ids:
        assert known[i]['name'] == i.split(':', 2)[2] and known[i]['name'], known[i]
        assert 'gicon' in known[i] or 'icon' in known[i], known[i]
    for bad in ('page:', 'page:x', 'nonsense', '', 'asked:'):
        assert bad not in known, known[bad]
    bold = w.search('a', '<b>')
    assert w.metas(bold)[0]['name'] == 'a <b>bold</b> question', 'plain text stays plain'


def what_is_chosen_goes_to_the_window(w):
    w.cirrus('import', PAGES)
    w.cirrus('history', 'add', 'ferry to the island')
    w.stand_for_the_window()
    w.start()
    page = [i for i in w.search('museum') if i.startswith('page:')][0]
    w.call('ActivateResult', '(sasu)', page, ['museum'], 0)
    assert w.wait_told(1) == ('show-page', int(page.split(':')[1])), w.told
    w.call('ActivateResult', '(sasu)', 'asked:ferry to the island', ['ferry'], 0)
    assert w.wait_told(2) == ('search', 'ferry to the island'), w.told
    for bad in ('nonsense', '', 'page:', 'page:x:y', 'asked:', 'page:-3:x'):
        w.call('ActivateResult', '(sasu)', bad, ['ferry'], 0)
    w.call('LaunchSearch', '(asu)', ['two', 'words'], 0)
    assert w.wait_told(3) == ('search', 'two words'), w.told
    assert w.service.poll() is None, 'a bad id ended the service'


def what_the_command_line_saves_is_found_at_once(w):
    w.start()
    assert w.search('ferry') == []
    w.cirrus('import', PAGES)
    assert any(i.startswith('page:') for i in w.search('ferry'))


def it_ends_when_nobody_asks(w):
    w.start()
    assert w.search('ferry') == []
    assert w.service.wait(DEADLINE_S) == 0


def main():
    tests = [saved_pages_and_history_are_found, metas_say_title_and_icon_and_nothing_of_bad_ids, what_is_chosen_goes_to_the_window,
             what_the_command_line_saves_is_found_at_once, it_ends_when_nobody_asks]
    failed = 0
    print('1..%d' % len(tests), flush=True)
    for number, function in enumerate(tests, 1):
        title = '/search/service/' + function.__name__.replace('_', '-')
        world = World()
        try:
            try:
                function(world)
            finally:
                world.close()
            print('ok %d - %s' % (number, title), flush=True)
        except Exception:
            failed += 1
            print('\n'.join('# ' + line for line in traceback.format_exc().splitlines()))
            print('not ok %d - %s' % (number, title), flush=True)
    sys.exit(1 if failed else 0)


main()
