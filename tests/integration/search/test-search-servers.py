#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`cirrus search` against real servers: kiwix-serve, xapian-omega, searx; and against one that misbehaves."""

import http.server
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse
import urllib.request
import zlib

ROOT = os.environ['CIRRUS_SOURCE_ROOT']
CIRRUS = os.path.join(os.environ['CIRRUS_BUILD_ROOT'], 'apps/cli/cirrus')
PAGES = os.path.join(ROOT, 'data/sample/pages')
DEADLINE_S = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class World:
    """A folder, a profile, and processes that end with it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='cirrus-search-')
        self.processes = []
        self.profile = os.path.join(self.folder, 'profile')
        os.mkdir(self.profile, 0o700)

    def path(self, *names):
        path = os.path.join(self.folder, *names)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def write(self, name, content, mode=0o644):
        path = self.path(name)
        with open(path, 'wb' if isinstance(content, bytes) else 'w') as out:
            out.write(content)
        os.chmod(path, mode)
        return path

    def start(self, *command, env=None, port):
        log = open(self.path('log', os.path.basename(command[0])), 'wb')
        process = subprocess.Popen(command, env=dict(os.environ, **(env or {})), stdout=log, stderr=log, start_new_session=True)
        self.processes.append(process)
        until = time.monotonic() + DEADLINE_S
        while True:
            try:
                socket.create_connection(('127.0.0.1', port), 1).close()
                return process
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError('%s did not start: %s' % (command[0], open(log.name, errors='replace').read()[-2000:]))
                try:
                    process.wait(0.05)
                except subprocess.TimeoutExpired:
                    pass

    def stop(self, process):
        try:
            os.killpg(process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        process.wait()

    def cirrus(self, *arguments, codes=(0,)):
        env = {k: v for k, v in os.environ.items() if k != 'DBUS_SESSION_BUS_ADDRESS'}
        env.update(CIRRUS_PROFILE=self.profile, LC_ALL='C.UTF-8', DBUS_SESSION_BUS_ADDRESS='unix:path=/nonexistent')
        done = subprocess.run([CIRRUS, 'search', *arguments], env=env, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode in codes, '%s: %d %s %s' % (arguments, done.returncode, done.stdout, done.stderr)
        return json.loads(done.stdout) if done.stdout else done.stderr

    def only_provider(self, *arguments):
        for provider in self.cirrus('provider', 'list')['providers']:
            self.cirrus('provider', 'remove', str(provider['id']))
        return self.cirrus('provider', 'add', *arguments)

    def close(self):
        for process in self.processes:
            self.stop(process)
        shutil.rmtree(self.folder, ignore_errors=True)


def png():
    """A grey picture of 48 x 48, as a ZIM wants."""
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    rows = (b'\0' + b'\x80' * 48) * 48
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 48, 48, 8, 0, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b'')


class Answer(http.server.BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_GET(self):
        status, headers, body = self.server.answer(urllib.parse.urlsplit(self.path))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(answer):
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Answer)
    server.answer = answer
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, 'http://127.0.0.1:%d' % server.server_port


def titles(reply, group='web'):
    return [result['title'] for result in reply[group]]


# ---- The tests ----

def kiwix(world):
    """kiwix-serve: RSS through a template; offline the same answer again, marked as old"""
    site = world.path('site', '')
    for name in os.listdir(PAGES):
        shutil.copy(os.path.join(PAGES, name), site)
    world.write('site/index.html', '<html><head><title>Lindenau</title></head><body>Welcome</body></html>')
    world.write('site/icon.png', png())
    subprocess.run(['zimwriterfs', '--welcome=index.html', '--illustration=icon.png', '--language=eng', '--title=Lindenau', '--description=A town',
                    '--creator=C', '--publisher=P', '--name=lindenau', site, world.path('town.zim')], check=True, capture_output=True)
    port = free_port()
    server = world.start('kiwix-serve', '-i', '127.0.0.1', '-p', str(port), world.path('town.zim'), port=port)
    world.only_provider('--name', 'Kiwix', 'http://127.0.0.1:%d/search?content=town&pattern={searchTerms}&start=1&pageLength=25&format=xml' % port)
    reply = world.cirrus('query', '--json', 'ferry')
    assert reply['sources'][0]['outcome'] == 'answered', reply['sources']
    assert 'The Linde ferry: times and tickets' in titles(reply), titles(reply)
    assert all(result['url'].startswith('http://127.0.0.1:%d/' % port) for result in reply['web']), reply['web']
    ferry = [result for result in reply['web'] if result['title'].startswith('The Linde ferry')][0]
    assert 'ferry' in ferry['snippet'].lower() and '<' not in ferry['snippet'], ferry
    with urllib.request.urlopen(ferry['url']) as page:
        assert b'crosses the Linde' in page.read()
    # A page of the encyclopedia is kept and found without the server.
    saved = world.cirrus('save', ferry['url'])
    assert saved['title'] == 'The Linde ferry: times and tickets', saved
    # An unknown book is answered with malformed XML and 4xx: told, not hidden.
    world.cirrus('provider', 'add', '--name', 'Nobook', 'http://127.0.0.1:%d/search?content=none&pattern={searchTerms}&format=xml' % port)
    both = world.cirrus('query', '--json', 'ferry')
    assert [source['outcome'] for source in both['sources']] == ['answered', 'failed'], both['sources']
    assert len(both['web']) == len(reply['web'])
    world.stop(server)
    again = world.cirrus('query', '--json', 'ferry')
    assert again['sources'][0]['outcome'] == 'stale' and again['sources'][0]['fetched'], again['sources']
    assert titles(again) == titles(reply), (titles(again), titles(reply))
    assert saved['page'] in [result.get('page') for result in again['device']], again['device']
    fresh = world.cirrus('query', '--json', 'bicycle', codes=(0, 2))
    assert fresh['sources'][0] == {'name': 'Kiwix', 'outcome': 'failed', 'results': 0, 'error': 'offline'}, fresh['sources']


def omega(world):
    """xapian-omega behind lighttpd: OpenSearch RSS, Chinese included"""
    port = free_port()
    docs = world.path('docs', '')
    for name in os.listdir(PAGES):
        shutil.copy(os.path.join(PAGES, name), docs)
    world.write('omega.conf', 'database_dir %s\ntemplate_dir %s\nlog_dir %s\ncdb_dir %s\n' % (
        world.path('db', '')[:-1], '/usr/share/xapian-omega/templates', world.path('log', '')[:-1], world.path('cdb', '')[:-1]))
    subprocess.run(['omindex', '--spelling', '--db', world.path('db', 'default'), '--url', '/', docs], check=True, capture_output=True,
                   env=dict(os.environ, XAPIAN_CJK_NGRAM='1'))
    world.write('www/omega.cgi', '#!/bin/sh\nexport OMEGA_CONFIG_FILE=%s XAPIAN_CJK_NGRAM=1\nexec /usr/lib/cgi-bin/omega/omega\n' % world.path('omega.conf'),
                0o755)
    world.write('www/osd.xml', '<?xml version="1.0"?><OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/"><ShortName>Omega</ShortName>'
                '<Url type="application/rss+xml" template="/omega.cgi?P={searchTerms}&amp;DB=default&amp;FMT=opensearch&amp;HITSPERPAGE={count?}"/>'
                '</OpenSearchDescription>')
    world.write('www/index.html', '<html><head><title>Town</title><link rel="search" type="application/opensearchdescription+xml" href="osd.xml"></head></html>')
    config = world.write('lighttpd.conf', 'server.port = %d\nserver.bind = "127.0.0.1"\nserver.document-root = "%s"\nserver.modules = ("mod_cgi")\n'
                         'cgi.assign = (".cgi" => "")\nindex-file.names = ("index.html")\nmimetype.assign = (".html" => "text/html", ".xml" => "application/xml")\n'
                         % (port, world.path('www', '')[:-1]))
    world.start('lighttpd', '-D', '-f', config, port=port)
    added = world.only_provider('http://127.0.0.1:%d/' % port)   # found out from the page
    assert added['name'] == 'Omega' and added['kind'] == 'opensearch', added
    reply = world.cirrus('query', '--json', 'ferry')
    assert len(reply['web']) >= 2, reply
    assert any(result['url'].endswith('/ferry.html') for result in reply['web']), reply['web']
    chinese = world.cirrus('query', '--json', '渡轮')
    assert any(result['url'].endswith('/ferry-zh.html') for result in chinese['web']), chinese
    assert all('<' not in result['snippet'] and '&lt;' not in result['snippet'] for result in chinese['web'])
    nothing = world.cirrus('query', '--json', 'xylophone', codes=(2,))
    assert nothing['sources'][0]['outcome'] == 'answered' and nothing['web'] == [], nothing


def searx(world):
    """searx: JSON found out from its page; engines that do not answer are named"""
    import yaml

    def engine(url):
        query = urllib.parse.parse_qs(url.query).get('q', [''])[0]
        return 200, {'Content-Type': 'application/json'}, json.dumps({'hits': [
            {'title': 'About %s' % query, 'url': 'http://town.example/%s' % n, 'text': 'Number %d' % n} for n in (1, 2)]}).encode()

    backend, backend_url = serve(engine)
    with open('/usr/share/doc/searx/examples/settings.yml', encoding='utf-8') as source:
        settings = yaml.safe_load(source)
    port = free_port()
    common = {'engine': 'json_engine', 'paging': False, 'results_query': 'hits', 'url_query': 'url', 'title_query': 'title', 'content_query': 'text',
              'categories': 'general', 'enable_http': True, 'timeout': 3.0}
    settings['server'].update(port=port, secret_key='for this test', method='GET', limiter=False)
    settings['search']['formats'] = ['html', 'json', 'csv', 'rss']
    settings['engines'] = [dict(common, name='town', shortcut='tn', search_url=backend_url + '/?q={query}'),
                           dict(common, name='gone', shortcut='gn', search_url='http://127.0.0.1:%d/?q={query}' % free_port())]
    path = world.write('settings.yml', yaml.safe_dump(settings))
    world.start('/usr/bin/python3', '-m', 'searx.webapp', env={'SEARX_SETTINGS_PATH': path}, port=port)
    added = world.only_provider('http://127.0.0.1:%d/' % port)
    assert added['kind'] == 'searxng' and added['url'] == 'http://127.0.0.1:%d/search' % port, added
    reply = world.cirrus('query', '--json', 'ferry')
    assert titles(reply) == ['About ferry', 'About ferry'], reply
    assert any(notice.startswith('gone') for notice in reply['sources'][0]['notices']), reply['sources']
    backend.shutdown()


def troubles(world):
    """a server that refuses, asks to wait or talks nonsense: named with reason and time, the others unharmed"""
    asked = []

    def answer(url):
        asked.append(url.path)
        if url.path == '/wait':
            return 429, {'Retry-After': '400'}, b'slow down'
        if url.path == '/html-only/search':
            return 403, {}, b'forbidden'
        if url.path == '/nonsense':
            return 200, {'Content-Type': 'text/html'}, b'<html>not a feed</html>'
        return 200, {'Content-Type': 'application/rss+xml', 'Cache-Control': 'no-store'}, (
            b'<rss version="2.0"><channel><item><title>Found</title><link>http://town.example/a?utm_source=x</link></item></channel></rss>')

    server, url = serve(answer)
    world.only_provider('--name', 'Good', url + '/good?q={searchTerms}')
    world.cirrus('provider', 'add', '--name', 'Waits', url + '/wait?q={searchTerms}')
    world.cirrus('provider', 'add', '--name', 'Closed', '--kind', 'searxng', url + '/html-only/search')
    world.cirrus('provider', 'add', '--name', 'Nonsense', url + '/nonsense?q={searchTerms}')
    reply = world.cirrus('query', '--json', 'ferry')
    assert titles(reply) == ['Found'] and reply['web'][0]['url'] == 'http://town.example/a', reply
    states = {source['name']: source for source in reply['sources']}
    assert states['Good'] == {'name': 'Good', 'outcome': 'answered', 'results': 1}, states
    assert states['Waits']['error'] == 'try-later' and 0 < states['Waits']['retry_s'] <= 400, states
    assert states['Closed']['error'] == 'denied', states
    assert states['Nonsense']['error'] == 'protocol', states
    assert reply['browser'].startswith('https://') and reply['address'] is None
    address = world.cirrus('query', '--device', '--json', 'town.org', codes=(2,))
    assert address['address'] == 'https://town.org' and address['sources'] == [], address
    for hopeless in (url + '/nonsense', 'no address at all', 'ftp://town.example/'):
        world.cirrus('provider', 'add', hopeless, codes=(1,))
    server.shutdown()
    server.server_close()
    # no-store forbids the HTTP cache to keep it; what was seen stays readable all the same.
    again = world.cirrus('query', '--json', 'FERRY')
    assert titles(again) == ['Found'], again
    assert {source['outcome'] for source in again['sources'] if source['name'] == 'Good'} == {'stale'}, again['sources']


def pages(world):
    """pages are fetched once, kept, found offline; what is no page is refused"""
    fetched = []

    def answer(url):
        fetched.append(url.path)
        if url.path == '/page':
            return 200, {'Content-Type': 'text/html; charset=gb18030'}, (
                '<html><head><title>渡轮时刻</title></head><body><nav>首页</nav><article><p>%s</p></article></body></html>' % ('渡轮每二十分钟一班。' * 20)).encode('gb18030')
        if url.path == '/picture':
            return 200, {'Content-Type': 'image/png'}, png()
        return 404, {}, b''

    server, url = serve(answer)
    saved = world.cirrus('save', url + '/page?utm_source=mail')
    assert saved['title'] == '渡轮时刻' and saved['url'] == url + '/page', saved
    assert fetched == ['/page'], fetched
    world.cirrus('save', url + '/picture', codes=(1,))
    world.cirrus('save', url + '/gone', codes=(2,))
    server.shutdown()
    server.server_close()
    found = world.cirrus('query', '--device', '--json', '渡輪')
    assert titles(found, 'device') == ['渡轮时刻'], found
    shown = world.cirrus('show', str(saved['page']))
    assert shown['text'].startswith('渡轮每二十分钟一班。') and '首页' not in shown['text'], shown
    suggested = world.cirrus('suggest', '--json', 'dulunsh')
    assert suggested['suggestions'][0]['text'] == '渡轮时刻', suggested
    world.cirrus('pages', 'remove', str(saved['page']))
    world.cirrus('query', '--device', '--json', '渡轮', codes=(2,))
    world.cirrus('show', str(saved['page']), codes=(2,))
    world.cirrus('history', 'add', 'ferry')
    assert world.cirrus('suggest', '--json', 'fe')['suggestions'] == [{'kind': 'history', 'text': 'ferry', 'url': None}]
    world.cirrus('history', 'clear')
    world.cirrus('suggest', '--json', 'fe', codes=(2,))


def sample(world):
    """the sample's pages are all kept and found in both languages"""
    done = world.cirrus('import', PAGES)
    assert done['saved_count'] == len(os.listdir(PAGES)) and done['failed_count'] == 0, done
    for text, title in (('plum', 'Plum cake as the mill bakes it'), ('饺子', '翡翠园的猪肉白菜饺子'), ('圖書館', '林登瑙简史'), ('盐', '盐仓里的市立博物馆')):
        found = titles(world.cirrus('query', '--device', '--json', text), 'device')
        assert found[0] == title, (text, found)


def main():
    tests = [kiwix, omega, searx, troubles, pages, sample]
    wanted = [test for test in tests if len(sys.argv) < 2 or test.__name__ in sys.argv[1:]]
    failed = 0
    print('1..%d' % len(wanted))
    for number, test in enumerate(wanted, 1):
        world = World()
        try:
            test(world)
            print('ok %d - %s' % (number, test.__doc__.replace('\n', ' ')), flush=True)
        except Exception:
            failed += 1
            print('# ' + traceback.format_exc().replace('\n', '\n# '))
            print('not ok %d - %s' % (number, test.__doc__), flush=True)
        finally:
            world.close()
    return 1 if failed else 0


sys.exit(main())
