# SPDX-License-Identifier: GPL-3.0-or-later
"""Search: the box, what is on the device while one types, the answers, a saved page to read; the first minute."""

import html
import json
import re


def entry(s, t, app):
    return app.find('text', t.tr('Search or type an address'))


def site(server):
    """A SearXNG-like site of our own, and the pages that it knows."""
    pages = {
        '/ferries': ('Ferries of the Linde', 'Since 1834 ferries have crossed the Linde between the station and the gardens. The smallest of them takes six people and a dog.'),
        '/bridges': ('Bridges or boats?', 'Bridges are quicker, boats are kinder. The town has both, and nobody has regretted it.'),
    }

    def answer(request):
        results = [{'title': title, 'url': server.url + path, 'content': words} for path, (title, words) in pages.items()]
        return 200, 'application/json', json.dumps({'query': request.first('q'), 'results': results}).encode()

    def page(title, words):
        text = '<html lang="en"><head><meta charset="utf-8"><title>%s</title></head><body><article><h1>%s</h1>%s</article></body></html>' % (
            html.escape(title), html.escape(title), '<p>%s</p>' % words * 6)
        return lambda request: (200, 'text/html; charset=utf-8', text.encode())

    server.route('/search', answer)
    for path, (title, words) in pages.items():
        server.route(path, page(title, words))


def use_server(s, server):
    site(server)
    for provider in json.loads(s.run('cirrus', 'search', 'provider', 'list').stdout)['providers']:
        s.run('cirrus', 'search', 'provider', 'remove', str(provider['id']))
    s.run('cirrus', 'search', 'provider', 'add', '--kind', 'searxng', '--name', 'Lindenau', server.url + '/search')


def main_screens(s, t):
    search = s.launch('Search')
    search.find('list item', t.tr('Saved Pages'))
    t.shot('box', 'One box, what was asked last, and where Search looks')
    entry(s, t, search).type('ferr')
    search.find('list item', re.compile('ferry'))
    t.shot('typing', 'While one types the device answers: pages, places, mail')
    search.find('push button', t.tr('Clear')).click()
    entry(s, t, search).type('dulun' if s.lang.startswith('zh') else 'ferry')
    s.key('Return')
    search.find('list item', re.compile('ferry|渡轮|渡船'))
    t.shot('answers', 'The answers in groups; without a network the Web says why it has none')
    search.find('push button', t.tr('Clear')).click()
    search.find('list item', t.tr('Saved Pages')).click()
    search.find('list item', re.compile('ferry|渡轮|渡船'))
    t.shot('pages', 'The saved pages')
    search.find('list item', re.compile('ferry|渡轮|渡船')).click()
    search.find('text', t.tr('Page text'))
    t.shot('reader', 'A saved page in the reader')
    s.key('ctrl+comma')
    search.find('frame', t.tr('Preferences'))
    t.shot('preferences', 'Preferences: what is remembered, who is asked')


def first_minute(s, t):
    search = s.launch('Search')
    search.wait_text(t.tr('One Box for Everything'))
    t.shot('welcome', 'Search on its first start')
    entry(s, t, search).type('linde ferries')
    s.key('Return')
    if t.offline:
        search.wait_text(t.tr('No Connection'))
        t.shot('answer', 'Without a network: who was asked and why nothing came')
    else:
        search.find('list item', re.compile('Ferries of the Linde'))
        t.shot('answer', 'The first answers')
