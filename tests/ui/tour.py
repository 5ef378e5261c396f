#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tour: every app through its main screens as a person would go, and each app's first minute with an empty profile.

    tests/ui/tour.py [APP...] [--only TEXT]      (./run tour does it, and ./run where there is no display)

Each app has a module in tests/ui/walks with
    main_screens(s, t)    on the sample profile
    first_minute(s, t)    on an empty profile; t.offline tells whether there is no network; t.server is a stand-in for the Web otherwise
s is a rig Session (see tests/ui/rig/__init__.py), t a Walk: t.shot(name, sentence) takes a picture and prints its line.  A picture also
checks what it shows: no focusable control without a name, nothing outside the window, nothing left in English in the Chinese walks.
Pictures are in build/tour/<app>/, a page of them all in build/tour/index.html.  Exit status 1 when a walk failed or a check complained."""

import argparse
import concurrent.futures
import html
import importlib
import os
import shutil
import subprocess
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..')]

import catalogue  # noqa: E402
import rig  # noqa: E402
from rig.standin import StandIn  # noqa: E402

APPS = ('home', 'mail', 'weather', 'navi', 'search')
MAIN = (dict(size=(480, 800), lang='C.UTF-8', dark=False), dict(size=(480, 800), lang='zh_CN.UTF-8', dark=True),
        dict(size=(360, 720), lang='zh_CN.UTF-8', dark=False), dict(size=(1280, 800), lang='C.UTF-8', dark=True),
        dict(size=(1280, 800), lang='zh_CN.UTF-8', dark=False))
FIRST = (dict(offline=False, lang='C.UTF-8', dark=False), dict(offline=False, lang='zh_CN.UTF-8', dark=True),
         dict(offline=True, lang='C.UTF-8', dark=True), dict(offline=True, lang='zh_CN.UTF-8', dark=False))


def out_folder():
    return os.path.join(rig.build_root(), 'tour')


class Walk:
    def __init__(self, session, app, kind, look, server=None):
        self.session = session
        self.app = app
        self.kind = kind
        self.look = look
        self.offline = look.get('offline', False)
        self.server = server
        self.count = 0
        self.complaints = []
        self.tag = '%s.%s' % ('zh' if session.lang.startswith('zh') else 'en', 'dark' if look.get('dark') else 'light')
        if kind == 'first':
            self.tag = 'first-%s.%s' % ('offline' if self.offline else 'online', self.tag)
        self.english = catalogue.English() if session.lang.startswith('zh') else None

    def tr(self, text):
        return self.session.tr(text)

    def shot(self, name, sentence, check=True):
        self.count += 1
        draft = self.session.picture(os.path.join(out_folder(), self.app, '%s.%dx%d.draft.png' % (self.tag, *self.session.size)))
        size = subprocess.run(['identify', '-format', '%wx%h', draft], capture_output=True, text=True, check=True).stdout
        path = os.path.join(out_folder(), self.app, '%02d-%s.%s.%s.png' % (self.count, name, self.tag, size))  # a desktop's window may be smaller than its screen
        os.rename(draft, path)
        print('%s  %s' % (os.path.relpath(path), sentence), flush=True)
        with open(os.path.join(out_folder(), 'pictures.txt'), 'a', encoding='utf-8') as listing:
            listing.write('%s\t%s\n' % (os.path.relpath(path, out_folder()), sentence))
        if check:
            self.check(name)

    def check(self, name):
        width, height = self.session.size
        for app in self.session.desktop().children:
            for window in [w for w in app.children if w.visible]:
                left, _ = self.session.window_origin(window)
                for node in window.walk():
                    x, _, w, _ = node.extents
                    if node.is_nameless:
                        self.complain(name, 'a %s without a name at %r' % (node.role, node.extents))
                    if node.role in ('push button', 'toggle button', 'entry', 'text', 'check box') and left + x + w > width + 1 and left + x < width and node.on_screen:
                        self.complain(name, '%r is cut at the right' % node)
                    for text in {node.name, node.description, node.text} if self.english else ():
                        if self.english.find(text):
                            self.complain(name, 'English in a %s: %r' % (node.role, text))

    def complain(self, name, words):
        complaint = '%s %dx%d %s: %s' % (self.tag, *self.session.size, name, words)
        if complaint not in self.complaints:
            self.complaints.append(complaint)
            print('! %s: %s' % (self.app, complaint), flush=True)


def walk_one(app, kind, look):
    """In a process of its own: one app, one look."""
    module = importlib.import_module('walks.' + app)
    step = getattr(module, 'main_screens' if kind == 'main' else 'first_minute', None)
    if step is None:
        return 0
    server = StandIn() if kind == 'first' and not look['offline'] else None
    environment = getattr(module, 'environment', None)
    session = rig.Session(size=look.get('size', (480, 800)), lang=look['lang'], dark=look['dark'], offline=look.get('offline', False),
                          profile='sample' if kind == 'main' else 'empty',
                          env=environment(server, kind) if environment else None, shots=os.path.join(out_folder(), app))
    walk = Walk(session, app, kind, look, server)
    try:
        if server is not None and hasattr(module, 'use_server'):
            module.use_server(session, server)
        step(session, walk)
    except BaseException:
        words = traceback.format_exc().strip().splitlines()
        print('! %s: %s %dx%d failed: %s' % (app, walk.tag, *session.size, words[-1]), flush=True)
        for line in words[-8:-1] + session._tail().splitlines()[-12:]:
            print('!   ' + line)
        session.picture(os.path.join(out_folder(), app, 'failed.%s.%dx%d.png' % (walk.tag, *session.size)))
        return 1
    finally:
        for complaint in session.close():
            walk.complain('end', complaint.replace('\n', '\n!   '))
        if server is not None:
            server.close()
    return 1 if walk.complaints else 0


def write_index():
    listing = os.path.join(out_folder(), 'pictures.txt')
    if not os.path.exists(listing):
        return 0
    with open(listing, encoding='utf-8') as lines:
        pictures = sorted(set(tuple(line.rstrip('\n').split('\t')) for line in lines))
    pictures = [picture for picture in pictures if os.path.exists(os.path.join(out_folder(), picture[0]))]  # not of an earlier tour
    with open(os.path.join(out_folder(), 'index.html'), 'w', encoding='utf-8') as page:
        page.write('<!DOCTYPE html><meta charset="utf-8"><title>Cirrus: the tour</title><style>body{font-family:sans-serif;background:#ddd}'
                   'figure{display:inline-block;margin:6px;vertical-align:top;width:300px}img{max-width:300px;max-height:500px}</style>\n')
        for path, sentence in pictures:
            page.write('<figure><a href="%s"><img src="%s" alt=""></a><figcaption>%s<br><small>%s</small></figcaption></figure>\n'
                       % (path, path, html.escape(sentence), html.escape(path)))
    return len(pictures)


def main():
    parser = argparse.ArgumentParser(usage='tour.py [APP...] [--only TEXT]')
    parser.add_argument('apps', nargs='*', metavar='APP')
    parser.add_argument('--only', help='only walks whose description has this text, as "main zh_CN dark 480x800"')
    parser.add_argument('--walk', help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.walk:
        app, kind, number = arguments.walk.split('/')
        sys.exit(walk_one(app, kind, (MAIN if kind == 'main' else FIRST)[int(number)]))

    apps = arguments.apps or APPS
    for app in apps:
        shutil.rmtree(os.path.join(out_folder(), app), ignore_errors=True)
    if not arguments.apps:
        shutil.rmtree(out_folder(), ignore_errors=True)
    os.makedirs(out_folder(), exist_ok=True)
    start = time.monotonic()
    rig.ensure_locale('zh_CN.UTF-8')
    rig.session.sample_profile()
    jobs = []
    for app in apps:
        for kind, looks in (('main', MAIN), ('first', FIRST)):
            for number, look in enumerate(looks):
                described = '%s %s %s %s %s %s' % (app, kind, look['lang'], 'dark' if look['dark'] else 'light',
                                                   '%dx%d' % look.get('size', (480, 800)), 'offline' if look.get('offline') else 'online')
                if not arguments.only or all(word in described for word in arguments.only.split()):
                    jobs.append('%s/%s/%d' % (app, kind, number))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        failed = sum(code != 0 for code in pool.map(lambda job: subprocess.call([sys.executable, os.path.abspath(__file__), '--walk', job]), jobs))
    count = write_index()
    print('%d pictures in %s, %d of %d walks with something to complain about, %d s'
          % (count, os.path.relpath(out_folder()), failed, len(jobs), time.monotonic() - start))
    sys.exit(1 if failed else 0)


main()
