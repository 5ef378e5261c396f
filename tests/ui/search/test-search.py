#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Search window: one box for this device and the Web."""

import http.server
import json
import os
import re
import sqlite3
import sys
import threading
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import rig

PAGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', '..', 'data', 'sample', 'pages')


class Web(http.server.ThreadingHTTPServer):
    """A SearXNG-like site whose answers the test chooses."""

    def __init__(self):
        super().__init__(('127.0.0.1', 0), Answer)
        self.status = 200
        self.padding = ''  # what an answer has beyond what is shown
        self.asked = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path):
        return 'http://127.0.0.1:%d%s' % (self.server_port, path)


class Answer(http.server.BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(url.query).get('q', [''])[0]
        headers = {}
        if url.path == '/search':
            self.server.asked.append(query)
            body = json.dumps({'query': query, 'padding': self.server.padding, 'results': [
                {'title': 'Ferry timetables of the world', 'url': self.server.url('/ferries'), 'content': 'Every <b>ferry</b> there is'},
                {'title': 'Ferries in art', 'url': self.server.url('/art'), 'content': 'Paintings'}]})
            headers['Retry-After'] = '120'
        else:
            body = '<html><head><title>Ferries</title></head><body><article><h1>All ferries</h1><p>' + 'They cross rivers. ' * 20 + '</p></article></body></html>'
        data = body.encode()
        self.send_response(self.server.status)
        self.send_header('Content-Type', 'application/json' if url.path == '/search' else 'text/html; charset=utf-8')
        self.send_header('Content-Length', str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def prepare(s, web=None):
    s.run('cirrus', 'search', 'import', PAGES)
    for provider in json.loads(s.run('cirrus', 'search', 'provider', 'list').stdout)['providers']:
        s.run('cirrus', 'search', 'provider', 'remove', str(provider['id']))
    if web:
        s.run('cirrus', 'search', 'provider', 'add', '--kind', 'searxng', '--name', 'Testnet', web.url('/search'))


def stored_history(s):
    return json.loads(s.run('cirrus', 'search', 'history').stdout)['history']


def entry(app):
    return app.find('text', 'Search or type an address')


@rig.test('the first screen is the box, and says where it looks')
def first_screen(s):
    app = s.launch('Search')
    app.wait_text('One Box for Everything')
    app.find('list item', 'Saved Pages')
    app.find('list item', 'Web')
    app.check_names()
    s.screenshot('first')


@rig.test('no keyboard comes up by itself on a phone, and letters go to the box wherever the focus is')
def letters(s):
    app = s.launch('Search')
    assert not entry(app).focused
    s.type('ferr')
    app.wait(lambda a: entry(a).text == 'ferr' and entry(a).focused, 'the letters in the box')
    app.find('list item', 'Search the Web for “ferr”')


@rig.test('where there is room for a keyboard the box waits for letters', size=(1280, 800))
def focus(s):
    app = s.launch('Search')
    s.focus_top()
    app.wait(lambda a: entry(a).focused, 'the focus in the box')


@rig.test('while typing this device answers and nothing leaves it')
def typing(s):
    web = Web()
    prepare(s, web)
    app = s.launch('Search')
    entry(app).type('ferr')
    app.find('list item', 'The Linde ferry: times and tickets')
    app.find('list item', 'Search the Web for “ferr”')
    app.find('list item', re.compile('in the Browser'))
    s.screenshot('typing')
    assert web.asked == [], web.asked
    assert stored_history(s) == []


@rig.test('Enter asks the Web too; results come in groups; a page is kept and read')
def asking(s):
    web = Web()
    prepare(s, web)
    app = s.launch('Search')
    entry(app).type('ferry')
    s.key('Return')
    app.find('list item', 'Ferry timetables of the world')
    app.find('list item', 'The Linde ferry: times and tickets')
    app.wait_text('Saved Pages')
    app.wait_text('Web')
    assert web.asked == ['ferry'], web.asked
    s.screenshot('results')
    app.check_names()
    app.find('push button', 'Save for reading offline').click()
    app.wait_text('Saved for reading offline')
    app.find('push button', 'Clear').click()
    app.find('list item', 'ferry')
    app.find('list item', 'Saved Pages').click()
    app.find('list item', 'Ferries').click()
    app.find('text', 'Page text')
    app.wait(lambda a: 'They cross rivers.' in a.find('text', 'Page text').text, 'the text of the page')
    s.screenshot('reader')


@rig.test('who did not answer is named, with the reason and the time; what was seen stays')
def failing(s):
    web = Web()
    prepare(s, web)
    app = s.launch('Search')
    entry(app).type('timetables')
    s.key('Return')
    app.find('list item', 'Ferry timetables of the world')
    web.status = 429
    app.find('push button', 'Clear').click()
    entry(app).type('bridges')
    s.key('Return')
    app.find('list item', 'Testnet')
    app.find('label', re.compile('Again in [0-9]+ seconds'))
    s.screenshot('refused')
    web.shutdown()
    web.server_close()
    app.find('push button', 'Clear').click()
    entry(app).type('timetables')
    s.key('Return')
    app.find('list item', 'Ferry timetables of the world')
    app.find('label', re.compile('^Not reachable'))
    s.screenshot('offline')


@rig.test('with nothing to show and no network the screen says that once, and asks again when told to', offline=True)
def first_offline(s):
    app = s.launch('Search')
    entry(app).type('ferry')
    s.key('Return')
    app.wait_text('No Connection')
    app.wait_text('nothing on this device matches')
    app.check_names()
    s.screenshot('first-offline')
    said = '\n'.join(app.texts())
    assert 'still here' not in said and 'Not Every Source Answered' not in said and said.count('No Connection') == 1, said
    s.run('cirrus', 'search', 'import', PAGES)
    app.find('push button', 'Try Again').click()
    app.find('list item', 'The Linde ferry: times and tickets')
    app.wait_text('No Answer from the Web')
    s.screenshot('found-offline')
    said = '\n'.join(app.texts())
    assert 'still here' not in said and 'Not Every Source Answered' not in said, said


@rig.test('in Chinese: the browser\'s search has its Chinese name, and saved pages are rows of two lines', lang='zh_CN.UTF-8', size=(360, 720))
def chinese(s):
    prepare(s)
    app = s.launch('Search')
    app.find('text', s.tr('Search or type an address')).type('ferr')
    app.find('list item', '在浏览器中用百度搜索')
    app.find('push button', s.tr('Clear')).click()
    app.find('list item', s.tr('Saved Pages')).click()
    app.find('list item', '林德河渡轮：时刻与票价')
    s.screenshot('saved-zh')
    heights = {row.extents[3] for row in app.find_all('list item')}
    assert len(heights) == 1, heights


@rig.test('recent questions are offered, and forgotten one by one or all at once')
def history(s):
    prepare(s)
    for text in ('渡轮', 'plum cake', 'museum'):
        s.run('cirrus', 'search', 'history', 'add', text)
    app = s.launch('Search')
    app.find('list item', 'plum cake')
    s.screenshot('recent')
    app.find('push button', 'Forget “plum cake”').click()
    app.wait_gone('list item', 'plum cake')
    assert stored_history(s) == ['museum', '渡轮'], stored_history(s)
    entry(app).type('dul')
    app.find('list item', 'Search the Web for “dul”')
    app.find('list item', '渡轮').click()
    app.find('list item', '林德河渡轮：时刻与票价')
    app.find('push button', 'Clear').click()
    app.find('push button', 'Clear All').click()
    app.find('dialog', 'Clear Recent Searches?').find('push button', re.compile('Clear')).click()
    app.wait_text('One Box for Everything')
    assert stored_history(s) == [], stored_history(s)


@rig.test('clearing gives the disk back: the answers, then the saved pages; history and Web searches stay')
def clearing(s):
    web = Web()
    web.padding = 'x' * 1000000
    prepare(s, web)
    for text in ('渡轮', 'plum cake'):
        s.run('cirrus', 'search', 'history', 'add', text)
    app = s.launch('Search')
    entry(app).type('ferry')
    s.key('Return')
    app.find('list item', 'Ferry timetables of the world')
    kept = stored_history(s), s.run('cirrus', 'search', 'provider', 'list').stdout
    pages, answers = 'Saved Pages and History', 'Answers from the Web'
    folders = [os.path.join(s.profile, kind, 'search') for kind in ('data', 'cache')]
    preferences = rig.storage.open_page(s, app)
    shown = [rig.storage.shown(preferences, title) for title in (pages, answers)]
    before = rig.storage.disk_usage(*folders)
    assert abs(sum(shown) - before) < 20000, (shown, before)
    preferences.find('push button', 'Clear ' + answers).click()
    assert rig.storage.freed(preferences) > 0
    after = rig.storage.disk_usage(*folders)
    # Some of the answers lay beside the pages: that row tells its new size, too.
    preferences.wait(lambda p: abs(sum(rig.storage.shown(p, title) for title in (pages, answers)) - after) < 20000, 'the sizes of both')
    assert before - after > 900000, (before, after)
    preferences.wait_gone('label', re.compile('freed$'))
    s.screenshot('answers-cleared')
    preferences.find('push button', 'Clear ' + pages).click()
    app.find('dialog', pages).find('push button', re.compile('Clear')).click()
    assert rig.storage.freed(preferences) > 0
    assert abs(rig.storage.shown(preferences, pages) - rig.storage.disk_usage(folders[0])) < 20000
    s.screenshot('pages-cleared')
    assert kept == (stored_history(s), s.run('cirrus', 'search', 'provider', 'list').stdout)
    s.key('Escape')
    app.wait_gone('frame', 'Preferences')
    app.find('push button', 'Clear').click()
    entry(app).type('ferr')
    app.find('list item', 'Search the Web for “ferr”')
    assert not app.find_all('list item', 'The Linde ferry: times and tickets')


@rig.test('a typed address is offered to be opened')
def address(s):
    app = s.launch('Search')
    entry(app).type('lindenau.org')
    app.find('list item', 'Open lindenau.org')
    s.screenshot('address')


@rig.test('Web searches are added and removed in the preferences')
def preferences(s):
    web = Web()
    prepare(s)
    app = s.launch('Search')
    s.key('ctrl+comma')
    window = app.find('frame', 'Preferences')
    window.check_names()
    window.find('text', 'Add a site by its address').type(web.url('/search?q={searchTerms}&amp;format=rss').replace('&amp;', '&'))
    s.key('Return')
    window.find('push button', 'Remove 127.0.0.1')
    s.screenshot('preferences')
    assert len(json.loads(s.run('cirrus', 'search', 'provider', 'list').stdout)['providers']) == 1
    window.find('push button', 'Remove 127.0.0.1').click()
    window.wait_gone('push button', 'Remove 127.0.0.1')


@rig.test('a Web search that cannot be switched or removed is said to be so, and shown as it is')
def preferences_fail(s):
    web = Web()
    prepare(s, web)
    app = s.launch('Search')
    s.key('ctrl+comma')
    window = app.find('frame', 'Preferences')
    remove = window.find('push button', re.compile('^Remove '))
    name = remove.name.split(' ', 1)[1]
    kept = sqlite3.connect(os.path.join(s.profile, 'data', 'search', 'search.db'))
    with kept:
        kept.execute("CREATE TRIGGER no_change BEFORE UPDATE ON providers BEGIN SELECT raise(ABORT, 'no'); END")
        kept.execute("CREATE TRIGGER no_removal BEFORE DELETE ON providers BEGIN SELECT raise(ABORT, 'no'); END")
    window.find(('toggle button', 'switch', 'check box'), name).click()
    s.xdotool('mousemove', s.size[0] // 2, s.size[1] - 46)  # where the toast will be: it stays while the pointer is on it
    window.wait_text('This cannot be used as it is.')
    s.screenshot('preferences-failed')
    rig.until(lambda: window.find(('toggle button', 'switch', 'check box'), name).checked, 'the switch to be on again')
    window.find('push button', 'Remove ' + name).click()
    window.find('push button', 'Remove ' + name)
    assert name in s.run('cirrus', 'search', 'provider', 'list').stdout
    window.check_names()


rig.main()
