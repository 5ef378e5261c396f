# SPDX-License-Identifier: GPL-3.0-or-later
"""A private screen, bus, home and profile, and what was started in them."""

import ctypes
import fcntl
import gettext
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from .wait import DEADLINE, until

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE_ROOT = os.environ.get('CIRRUS_SOURCE_ROOT') or os.path.abspath(os.path.join(HERE, '..', '..', '..'))
ID_PREFIX = os.environ.get('CIRRUS_ID_PREFIX', 'org.cirrussuite')


def build_root():
    return os.environ.get('CIRRUS_BUILD_ROOT') or os.path.join(SOURCE_ROOT, 'build')


def prefix():
    return os.environ.get('CIRRUS_PREFIX') or os.path.join(build_root(), 'install')


def ensure_locale(lang):
    """Builds `lang` into the build folder when the system has no such locale; returns LOCPATH or None."""
    if not lang or lang in ('C', 'C.UTF-8', 'POSIX'):
        return None
    installed = subprocess.run(['locale', '-a'], capture_output=True, text=True).stdout.split()
    if lang in installed or lang.replace('UTF-8', 'utf8') in installed:
        return None
    folder = os.path.join(build_root(), 'locale')
    wanted = os.path.join(folder, lang)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, '.lock'), 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(wanted):
            language, charset = lang.split('.')
            draft = tempfile.mkdtemp(dir=folder)
            subprocess.run(['localedef', '--no-archive', '-i', language, '-f', charset, os.path.join(draft, lang)],
                           check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            os.rename(os.path.join(draft, lang), wanted)
            os.rmdir(draft)
    return folder


def sample_profile():
    """The embedded sample profile, made once in the build folder."""
    folder = os.path.join(build_root(), 'sample-profile')
    subprocess.run([os.path.join(SOURCE_ROOT, 'data', 'sample', 'make-profile'), prefix(), folder], check=True, stdout=sys.stderr)
    return folder


libc = ctypes.CDLL(None)


def die_with_parent():
    """The screen and the bus must not outlive a test that was killed."""
    libc.prctl(1, signal.SIGTERM)


class Session:
    def __init__(self, size=(480, 800), lang='C.UTF-8', dark=False, offline=False, profile='empty', env=None, shots=None):
        self.size = size
        self.lang = lang
        self.offline = offline
        self.shots = shots or os.path.join(build_root(), 'screenshots', os.path.splitext(os.path.basename(sys.argv[0]))[0])
        self.folder = tempfile.mkdtemp(prefix='cirrus-ui-')
        self.home = os.path.join(self.folder, 'home')
        self.profile = os.path.join(self.folder, 'profile')
        self.children = []
        self.started = []
        self.logs = []
        self._x = None
        self._launched = 0
        self._prepare_profile(profile)
        self.env = self._environment(dark)
        self.env.update((env(self) if callable(env) else env) or {})
        self._start_screen()
        self._start_bus()
        os.environ.update({k: self.env[k] for k in ('DISPLAY', 'DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR')})

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    # Making the world

    def _prepare_profile(self, profile):
        if profile == 'sample':
            profile = sample_profile()
        if profile == 'empty':
            os.makedirs(self.profile, 0o700)
        else:
            shutil.copytree(profile, self.profile, symlinks=True)

    def _environment(self, dark):
        keep = ('PATH', 'CIRRUS_TEST_DATA', 'ASAN_OPTIONS', 'LSAN_OPTIONS', 'UBSAN_OPTIONS', 'G_SLICE', 'CIRRUS_UI_DEADLINE', 'USER', 'LOGNAME', 'SHELL', 'TZ')
        env = {k: os.environ[k] for k in keep if k in os.environ}
        for name in ('.config', '.local/share', '.cache'):
            os.makedirs(os.path.join(self.home, name))
        run = os.path.join(self.folder, 'run')
        os.makedirs(run, 0o700)
        env.update({
            'HOME': self.home, 'XDG_CONFIG_HOME': self.home + '/.config', 'XDG_DATA_HOME': self.home + '/.local/share',
            'XDG_CACHE_HOME': self.home + '/.cache', 'XDG_RUNTIME_DIR': run,
            'XDG_DATA_DIRS': prefix() + '/share:/usr/local/share:/usr/share',
            'PATH': prefix() + '/bin:' + env.get('PATH', '/usr/bin:/bin'),
            'CIRRUS_PROFILE': self.profile, 'LANG': self.lang, 'GDK_BACKEND': 'x11', 'GSK_RENDERER': 'cairo', 'LIBGL_ALWAYS_SOFTWARE': '1',
            'G_DEBUG': 'fatal-criticals', 'GSETTINGS_BACKEND': 'keyfile', 'GTK_A11Y': 'atspi', 'GIO_USE_VFS': 'local',
        })
        if self.lang.startswith('zh'):
            env['LANGUAGE'] = 'zh_CN'
        locpath = ensure_locale(self.lang)
        if locpath:
            env['LOCPATH'] = locpath
        if dark:
            env['ADW_DEBUG_COLOR_SCHEME'] = 'prefer-dark'
        return env

    def _start_screen(self):
        read, write = os.pipe()
        log = open(os.path.join(self.folder, 'xvfb.log'), 'w')
        self._spawn(['Xvfb', '-displayfd', str(write), '-screen', '0', '%dx%dx24' % self.size, '-nolisten', 'tcp', '-noreset', '+extension', 'GLX'],
                    stdout=log, stderr=log, pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as numbers:
            number = numbers.readline().strip()
        assert number, 'Xvfb did not start: ' + open(log.name).read()
        self.env['DISPLAY'] = ':' + number
        if shutil.which('xcompmgr'):  # rounded corners and shadows instead of black ones
            self._spawn(['xcompmgr'], stdout=log, stderr=log)
            until(self.screen.is_composited, 'the compositor')

    def _network(self):
        """A command prefix that cuts the network, loopback excepted."""
        if not self.offline:
            return []
        unshare = ['unshare', '-n'] if os.geteuid() == 0 else ['unshare', '-rn']
        return unshare + ['sh', '-c', 'ip link set lo up 2>/dev/null; exec "$@"', 'sh']

    def _start_bus(self):
        read, write = os.pipe()
        log = open(os.path.join(self.folder, 'bus.log'), 'w')
        self._spawn(self._network() + ['dbus-daemon', '--session', '--nofork', '--nopidfile', '--print-address=%d' % write],
                    stdout=log, stderr=log, pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as addresses:
            address = addresses.readline().strip()
        assert address, 'dbus-daemon did not start: ' + open(log.name).read()
        self.env['DBUS_SESSION_BUS_ADDRESS'] = address

    def _spawn(self, command, **options):
        process = subprocess.Popen(command, env=self.env, stdin=subprocess.DEVNULL, start_new_session=True,
                                   preexec_fn=die_with_parent, **options)
        self.children.append(process)
        return process

    # Apps

    def desktop(self):
        import gi
        gi.require_version('Atspi', '2.0')
        from gi.repository import Atspi
        from .node import Node
        return Node(self, Atspi.get_desktop(0))

    def application(self, name, process=None):
        """The application `name` ("Mail") once it has a window on the accessibility bus."""
        wanted = (ID_PREFIX + '.' + name, 'cirrus-' + name.lower())

        def look():
            assert process is None or process.poll() is None, 'cirrus-%s ended%s' % (name.lower(), self._tail())
            for app in self.desktop().children:
                if app.name in wanted and app.children:
                    return app
            return None
        return until(look, 'the window of ' + name)

    def launch(self, name, *arguments):
        """Starts cirrus-<name> and waits for its window."""
        return self.application(name, self.start('cirrus-' + name.lower(), *arguments))

    def start(self, *command, prefix_network=True, **options):
        self._launched += 1
        log = open(os.path.join(self.folder, 'log-%d-%s' % (self._launched, os.path.basename(command[0]))), 'w+')
        self.logs.append(log.name)
        self.started.append(self._spawn((self._network() if prefix_network else []) + list(command), stdout=log, stderr=log, **options))
        return self.started[-1]

    def kill(self, process):
        """Ends what start() gave as a crash or an empty battery would."""
        self.children.remove(process)
        self.started.remove(process)
        process.kill()
        process.wait()

    def run(self, *command, check=True, **options):
        return subprocess.run(self._network() + list(command), env=self.env, capture_output=True, text=True, check=check, **options)

    def tr(self, text):
        """`text` in the session's language."""
        if not self.lang.startswith('zh'):
            return text
        return gettext.translation('cirrus', prefix() + '/share/locale', ['zh_CN'], fallback=True).gettext(text)

    def _tail(self):
        words = ''
        for name in self.logs:
            with open(name, errors='replace') as log:
                words += log.read()[-2000:]
        return '; logs: ' + words if words.strip() else ''

    def set_settings(self, name, **values):
        """Writes settings of the schema <prefix>.<name> into the profile, as the app would (strings only)."""
        path = os.path.join(self.profile, 'config', 'common', 'settings.ini')
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
        with open(path, 'a', encoding='utf-8') as settings:
            settings.write('\n[%s]\n' % name)
            for key, value in values.items():
                settings.write("%s='%s'\n" % (key, value))

    # Hands and eyes

    def xdotool(self, *arguments):
        return subprocess.run(['xdotool', *map(str, arguments)], env=self.env, check=True, capture_output=True, text=True).stdout

    @property
    def screen(self):
        if self._x is None:
            from .xtree import Screen
            self._x = Screen(self.env['DISPLAY'])
        return self._x

    def windows(self):
        """[(id, title, x, y, width, height, is_popup)] of what is mapped, the topmost last."""
        return self.screen.windows()

    def window_of(self, toplevel):
        """The X window of an accessible window: it is as large, or larger by the frame and shadow."""
        x, y, width, height = toplevel.extents
        best = None
        for window in self.windows():
            w, h = window[4:6]
            if window[6] or w < width or h < height or w - width > 120 or h - height > 120:
                continue
            score = (window[1] != toplevel.name, w - width)
            if best is None or score <= best[0]:
                best = (score, window)
        return best[1] if best else None

    def window_origin(self, toplevel):
        """Where the content of an accessible window begins on the screen."""
        window = self.window_of(toplevel) if toplevel is not None else None
        if window is None:
            return 0, 0
        width, height = toplevel.extents[2:]
        return window[2] + (window[4] - width) // 2, window[3] + (window[5] - height) // 2

    def popup_origin(self, node):
        """(x, y) of the popup that holds `node` less its own place in the window, or None: GTK 4.8 tells a popover's place wrongly,
        its size rightly."""
        sizes = {(w[4], w[5]): w for w in self.windows() if w[6]}
        while sizes and node is not None and node.role != 'application':
            x, y, width, height = node.extents
            if (width, height) in sizes:
                window = sizes[(width, height)]
                return window[2] - x, window[3] - y
            node = node.parent
        return None

    def focus_top(self):
        """Without a window manager nobody gives the keyboard to a new window."""
        tops = [w for w in self.windows() if not w[6]]
        if tops:
            self.screen.focus(tops[-1][0])

    def arrange(self):
        """Dialogs in the middle of their window, as a window manager would put them."""
        tops = [w for w in self.windows() if not w[6]]
        for window in tops[1:]:
            x = tops[0][2] + (tops[0][4] - window[4]) // 2
            y = tops[0][3] + (tops[0][5] - window[5]) // 2
            if (x, y) != window[2:4] and x >= 0 and y >= 0:
                self.screen.move(window[0], x, y)

    def _content_box(self):
        """WxH+X+Y of the first window without its shadow."""
        for app in self.desktop().children:
            for window in app.children:
                if window.visible:
                    x, y = self.window_origin(window)
                    width, height = window.extents[2:]
                    return '%dx%d+%d+%d' % (min(width, self.size[0] - x), min(height, self.size[1] - y), x, y)
        return '%dx%d+0+0' % self.size

    def pointer(self, x, y, button=1, repeat=1):
        self.xdotool('mousemove', x, y, 'click', '--repeat', repeat, '--delay', 60, button)

    def drag(self, start, end, steps=12):
        command = ['mousemove', *start, 'mousedown', 1]
        for i in range(1, steps + 1):
            command += ['mousemove', start[0] + (end[0] - start[0]) * i // steps, start[1] + (end[1] - start[1]) * i // steps, 'sleep', '0.016']
        self.xdotool(*command, 'mouseup', 1)

    def click_toast(self, action, name):
        """Does `action`, which raises a toast, takes a screenshot and clicks the toast's button.  libadwaita 1.2 tells the accessibility
        bus nothing of its toasts; one that comes under the pointer stays until the pointer leaves it."""
        self.xdotool('mousemove', self.size[0] - 108, self.size[1] - 46)
        action()
        self.screenshot(name, pointer_away=False)
        self.pointer(self.size[0] - 109, self.size[1] - 46)

    def scroll(self, node, down=3):
        x, y, width, height = node.screen_box()
        self.xdotool('mousemove', x + width // 2, y + height // 2, 'click', '--repeat', abs(down), '--delay', 30, 5 if down > 0 else 4)

    def key(self, *keys):
        self.focus_top()
        self.xdotool('key', '--delay', 30, *keys)

    def type(self, text):
        self.focus_top()
        self.xdotool('type', '--delay', 15, text)

    def picture(self, path, pointer_away=True):
        """The window, without a pointer in it, once two pictures in a row are the same (nothing moves any more)."""
        self.arrange()
        if pointer_away:
            self.xdotool('mousemove', 0, 0)  # from scroll bars, which grow under it, and from rows, which light up
        os.makedirs(os.path.dirname(path), exist_ok=True)
        before = None
        box = self._content_box()

        def still():
            nonlocal before
            subprocess.run(['import', '-silent', '-window', 'root', '-crop', box, '+repage', 'png24:' + path], env=self.env, check=True)
            sum_ = subprocess.run(['identify', '-format', '%#', path], capture_output=True, text=True, check=True).stdout
            same, before = sum_ == before, sum_
            return same
        try:
            until(still, 'the screen to stand still', 6)
        except AssertionError:
            pass  # something moves by design (a position on a map): the last picture is as good as any
        return path

    def screenshot(self, name, pointer_away=True):
        return self.picture(os.path.join(self.shots, name + '.png'), pointer_away)

    # The end

    def _signal(self, process, number):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            pass

    def _quit_windows(self):
        """Asks the windows to end by themselves, as a user would, and says which did not end well."""
        complaints = []
        try:
            names = {app.name for app in self.desktop().children}
        except Exception:
            names = set()
        # A window on a bus of its own (./run) cannot be asked, and asking would start another: it ends with its process group.
        owned = subprocess.run(['gdbus', 'call', '--session', '--dest', 'org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus',
                                '--method', 'org.freedesktop.DBus.ListNames'], env=self.env, capture_output=True, text=True).stdout
        names = {name for name in names if "'%s'" % name in owned}
        for name in names:
            subprocess.run(['gdbus', 'call', '--session', '--dest', name, '--object-path', '/' + name.replace('.', '/'),
                            '--method', 'org.gtk.Actions.Activate', 'quit', '[]', '{}'], env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for process in self.started if names else []:
            try:
                process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                complaints.append('%s did not end when asked to' % process.args)
                continue
            if process.returncode not in (0, -signal.SIGTERM):
                complaints.append('%s ended with %d' % (process.args, process.returncode))
        return complaints

    def _read_logs(self):
        """What sanitizers and GLib said about programs of this session, services included."""
        complaints = []
        for name in self.logs + [os.path.join(self.folder, 'bus.log')]:
            with open(name, errors='replace') as log:
                words = log.read()
            match = re.search(r'ERROR: (Address|Leak|Undefined)\w*Sanitizer|runtime error:|-CRITICAL \*\*', words)
            if match:
                complaints.append('%s: %s' % (os.path.basename(name), words[max(0, match.start() - 200):match.start() + 4000]))
        return complaints

    def close(self):
        """Ends what this session started: the windows, what the bus activated, the bus, the screen.  Returns what ended badly."""
        complaints = self._quit_windows()
        for process in reversed(self.children):
            self._signal(process, signal.SIGTERM)
        for process in reversed(self.children):
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                self._signal(process, signal.SIGKILL)
                process.wait()
        self._end_activated()
        complaints += self._read_logs()
        shutil.rmtree(self.folder, ignore_errors=True)
        return complaints

    def _end_activated(self):
        """Services that the bus started are recognised by our runtime folder in their environment.  Returns which did not end well."""
        mark = ('XDG_RUNTIME_DIR=' + os.path.join(self.folder, 'run')).encode()

        def ours():
            pids = []
            for entry in filter(str.isdigit, os.listdir('/proc')):
                try:
                    with open('/proc/%s/environ' % entry, 'rb') as environ:
                        if mark in environ.read().split(b'\0') and int(entry) != os.getpid():
                            pids.append(int(entry))
                except OSError:
                    pass
            return pids

        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in ours():
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    pass
            try:
                until(lambda: not ours(), 'services to end')
                break
            except AssertionError:
                continue
