#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of `cirrus`, every verb of every area: one JSON document (or one object a line for streams) on stdout, human words on stderr,
exit 0 done, 1 failed, 2 no answer, 64 bad usage, and bad usage says which argument is wrong.  Names are snake_case, times are RFC 3339 in
UTC, places are lat and lon in degrees, plain fields hold no markup."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.environ['CIRRUS_SOURCE_ROOT']
BUILD = os.environ['CIRRUS_BUILD_ROOT']
PREFIX = os.environ['CIRRUS_PREFIX']
CIRRUS = os.path.join(BUILD, 'apps', 'cli', 'cirrus')
TOWN = os.path.join(BUILD, 'data', 'sample', 'lindenau.osm')
DRIVE = os.path.join(BUILD, 'data', 'sample', 'lindenau-drive')
DEADLINE_S = 60 * int(os.environ.get('CIRRUS_TEST_SLOWNESS', '1'))
PAGES = os.path.join(ROOT, 'data', 'sample', 'pages')

EML = b"""From: Ada <ada@example.test>
To: Me <me@example.test>
Subject: Bridges
Date: Mon, 23 Nov 2026 12:00:00 +0100
Message-ID: <one@example.test>
Content-Type: text/plain; charset=utf-8

A bridge <b>and</b> a ferry.
"""

number = 0
failed = 0


def ok(passed, name, detail=''):
    global number, failed
    number += 1
    failed += not passed
    print('%s %d - %s' % ('ok' if passed else 'not ok', number, name), flush=True)
    if not passed:
        for line in str(detail).splitlines():
            print('# ' + line[:600], flush=True)


TIME_KEYS = {'time', 'date', 'saved', 'fetched', 'expires', 'issued', 'start', 'end', 'sunrise', 'sunset', 'since'}
RFC3339 = re.compile(r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$')
DATE = re.compile(r'^\d{4}-\d\d-\d\d$')  # a civil day has no time
MARKUP = re.compile(r'</?(b|i|span|em|strong|mark|u)\b[^>]*>|&(lt|gt|amp|quot);')
FREE_TEXT = {'text', 'html', 'query', 'instruction', 'preview', 'history', 'added', 'removed'}  # what the user or a page wrote, as it is


def complaints(value, key='', path='$'):
    if isinstance(value, dict):
        for name, inner in value.items():
            if not re.match(r'^[a-z][a-z0-9]*(_[a-z0-9]+)*$', name):
                yield '%s: the name %r is not snake_case' % (path, name)
            if name in ('latitude', 'longitude', 'lng'):
                yield '%s: %s is called lat or lon elsewhere' % (path, name)
            yield from complaints(inner, name, path + '.' + name)
    elif isinstance(value, list):
        for i, inner in enumerate(value[:50]):
            yield from complaints(inner, key, '%s[%d]' % (path, i))
    elif isinstance(value, str):
        if key in TIME_KEYS and not RFC3339.match(value) and not (key == 'date' and DATE.match(value)):
            yield '%s: %r is no RFC 3339 time in UTC' % (path, value)
        if key not in FREE_TEXT and MARKUP.search(value):
            yield '%s: markup in %r' % (path, value)
    elif isinstance(value, (int, float)) and key in TIME_KEYS:
        yield '%s: %s is a number' % (path, key)


VERBS = [['weather'], ['weather', 'place'], ['search'], ['search', 'pages'], ['search', 'provider'], ['search', 'history'], ['navi'], ['hal'],
         ['mail'], ['mail', 'account'], ['mail', 'act'], ['mail', 'outbox'], ['account']]  # whatever has verbs


class World:
    def __init__(self, folder):
        self.folder = folder
        profile = os.path.join(folder, 'profile')
        os.mkdir(profile, 0o700)
        self.env = {k: v for k, v in os.environ.items() if k != 'DBUS_SESSION_BUS_ADDRESS'}
        self.env.update({'CIRRUS_PROFILE': profile, 'HOME': folder, 'LC_ALL': 'C.UTF-8', 'GSETTINGS_BACKEND': 'keyfile',
                         'DBUS_SESSION_BUS_ADDRESS': 'unix:path=' + os.path.join(folder, 'no-bus'),
                         'XDG_DATA_DIRS': PREFIX + '/share:/usr/local/share:/usr/share'})

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *words, stdin=''):
        try:
            return subprocess.run([CIRRUS, *words], env=self.env, input=stdin, capture_output=True, text=True, timeout=DEADLINE_S)
        except subprocess.TimeoutExpired as late:  # a verb that takes nonsense for work to do
            return subprocess.CompletedProcess(late.cmd, None, '', 'no end within %d s' % DEADLINE_S)

    def document(self, code, *words, stream=False, stdin=''):
        """Runs, checks the code and the document, and gives it back."""
        run = self.run(*words, stdin=stdin)
        name = ' '.join(os.path.basename(w) if os.sep in w else w for w in words)
        problems = [] if run.returncode == code else ['exit %d, not %d: %s' % (run.returncode, code, run.stderr)]
        lines = run.stdout.split('\n')
        value = None
        if lines.pop() != '' or (not stream and len(lines) != 1):
            problems.append('%d lines of output: %s' % (len(lines), run.stdout[:300]))
        try:
            values = [json.loads(line) for line in lines]
            value = values if stream else values[0]
            problems += list(complaints(value))
            if code == 2 and not stream and len(run.stderr) == 0 and 'error' in value:
                problems.append('no words about it on stderr')
        except (ValueError, IndexError) as error:
            problems.append('no JSON: %s' % error)
        ok(not problems, '%s: exit %d, %s' % (name, code, 'a stream of objects' if stream else 'one document'), '\n'.join(problems))
        return value

    def fails(self, *words, said=''):
        run = self.run(*words)
        name = ' '.join(os.path.basename(w) if os.sep in w else w for w in words)
        ok(run.returncode == 1 and run.stdout == '' and run.stderr.startswith('cirrus: ') and 'usage:' not in run.stderr
           and said in run.stderr and run.stderr.count('\n') == 1,
           '%s: exit 1, and why on stderr' % name, run)

    def misused(self, words, said):
        """Exit 64; the first line says what is wrong, and the usage follows."""
        run = self.run(*words)
        first, _, rest = run.stderr.partition('\n')
        ok(run.returncode == 64 and run.stdout == '' and first.startswith('cirrus: ') and said in first and 'usage:' in rest,
           '%s: says %r' % (' '.join(words) or '(nothing)', said), run)


def weather(w):
    synthetic = ('--provider', 'synthetic')
    forecast = w.document(0, 'weather', 'forecast', *synthetic, '--json', 'Porto')
    ok(forecast['place']['lat'] == 41.15 and forecast['origin'] == 'synthetic', 'a forecast says where it is of, and that it is made up')
    w.document(0, 'weather', 'forecast', *synthetic, '--json', '-8.5,41.2')
    w.document(0, 'weather', 'place', 'add', 'Porto')
    w.document(0, 'weather', 'place', 'list')
    w.document(0, 'weather', 'place', 'move', 'Porto', '0')
    w.document(0, 'weather', 'refresh', *synthetic)
    w.document(2, 'weather', 'forecast', *synthetic, '--json', 'Qqzzxx')
    w.document(2, 'weather', 'place', 'add', *synthetic, 'Qqzzxx')
    w.fails('weather', 'decode', '--provider', 'open-meteo', w.path('missing.json'))
    for words, said in ((['weather'], 'weather'), (['weather', 'storm'], 'storm'), (['weather', 'forecast'], 'PLACE is missing'),
                        (['weather', 'forecast', 'Porto', 'Lisbon'], '"Lisbon"'), (['weather', 'forecast', '--jsn', 'Porto'], '--jsn'),
                        (['weather', 'forecast', 'Porto', '--provider'], '--provider'), (['weather', 'refresh', 'now'], '"now"'),
                        (['weather', 'place'], 'place'), (['weather', 'place', 'turn'], 'turn'), (['weather', 'place', 'add'], 'PLACE is missing'),
                        (['weather', 'place', 'move', 'Porto'], 'POSITION is missing'), (['weather', 'place', 'move', 'Porto', 'top'], 'POSITION'),
                        (['weather', 'decode', 'x'], '--provider'), (['weather', 'decode', '--provider', 'open-meteo'], 'FILE is missing'),
                        (['weather', 'decode', '--provider', 'oracle', TOWN], 'oracle')):
        w.misused(words, said)


def search(w):
    w.document(0, 'search', 'import', PAGES)
    found = w.document(0, 'search', 'query', '--device', '--json', 'ferry')
    w.document(0, 'search', 'suggest', '--json', 'ferry')
    w.document(2, 'search', 'query', '--device', '--json', 'qqzzxx')
    w.document(2, 'search', 'suggest', '--json', 'qqzzxx')
    ok(all(r['kind'] == 'saved' and r['page'] > 0 for r in found['device']), 'hits on the device are saved pages')
    page = str(w.document(0, 'search', 'save', 'file://' + os.path.join(PAGES, 'ferry.html'))['page'])
    w.document(0, 'search', 'pages')
    w.document(0, 'search', 'show', page)
    w.document(0, 'search', 'pages', 'remove', page)
    w.document(2, 'search', 'show', page)
    providers = w.document(0, 'search', 'provider', 'list')['providers']
    w.document(0, 'search', 'provider', 'add', '--kind', 'opensearch', '--name', 'Town', 'http://127.0.0.1:9/?q={searchTerms}')
    w.document(0, 'search', 'provider', 'remove', str(providers[0]['id']))
    w.document(0, 'search', 'history', 'add', 'a <b>bold</b> question')
    w.document(0, 'search', 'history')
    w.document(0, 'search', 'history', 'remove', 'ferry')
    w.document(0, 'search', 'history', 'clear')
    w.fails('search', 'import', w.path('missing'))
    w.document(2, 'search', 'save', 'file://' + w.path('missing.html'))
    w.fails('search', 'save', 'http://127.0.0.1:9/')
    for words, said in ((['search'], 'search'), (['search', 'find'], 'find'), (['search', 'query', '--json'], 'TEXT is missing'),
                        (['search', 'query', 'a', 'b'], '"b"'), (['search', 'query', '--web', 'a'], '--web'), (['search', 'save'], 'URL is missing'),
                        (['search', 'import'], 'FOLDER is missing'), (['search', 'suggest'], 'TEXT is missing'), (['search', 'show'], 'ID is missing'),
                        (['search', 'show', 'first'], '"first"'), (['search', 'pages', 'drop'], 'drop'), (['search', 'pages', 'remove'], 'ID is missing'),
                        (['search', 'pages', 'remove', '0'], 'ID'), (['search', 'provider'], 'provider'), (['search', 'provider', 'remove', 'x'], 'ID'),
                        (['search', 'provider', 'add', '--kind', 'gopher', 'http://a.example/'], 'gopher'),
                        (['search', 'provider', 'add'], 'URL is missing'), (['search', 'provider', 'list', 'all'], '"all"'),
                        (['search', 'history', 'forget'], 'forget'), (['search', 'history', 'add'], 'TEXT is missing')):
        w.misused(words, said)


def navi(w):
    region = w.path('town.region')
    drive = json.load(open(DRIVE + '.json', encoding='utf-8')) if os.path.exists(DRIVE + '.json') else {}
    w.document(0, 'navi', 'import', '--name', 'lindenau', TOWN, region)
    museum = w.document(0, 'navi', 'search', '--region', region, '--limit', '2', '--json', 'museum')['results'][0]
    ferry = w.document(0, 'navi', 'search', '--region', region, '--json', 'station')['results'][0]
    points = ['%f,%f' % (p['lon'], p['lat']) for p in (museum, ferry)]
    w.document(0, 'navi', 'route', '--region', region, '--json', *points)
    w.document(2, 'navi', 'route', '--region', region, '--json', '0,0', points[0])
    w.document(2, 'navi', 'search', '--region', region, '--json', 'qqzzxx')
    w.document(0, 'navi', 'reverse', '--region', region, '--json', points[0])
    w.document(0, 'navi', 'render', '--region', region, '--center', points[0], '--zoom', '15', '--size', '64x64', w.path('map.png'))
    w.document(0, 'navi', 'plan', '--to', points[0], '--name', 'Museum')
    w.document(0, 'navi', 'plan', '--clear')
    w.fails('navi', 'route', '--region', w.path('missing'), '--json', *points)
    w.fails('navi', 'search', '--region', TOWN, '--json', 'museum')
    render = ['navi', 'render', '--region', 'R', '--center', '9,47', '--zoom', '3', '--size', '9x9', 'OUT.png']

    def but(name, value):
        at = render.index(name)
        return render[:at + 1] + [value] + render[at + 2:]
    for words, said in ((['navi'], 'navi'), (['navi', 'fly'], 'fly'), (['navi', 'import', 'a.osm'], 'OUT.region is missing'),
                        (['navi', 'route', '--json', '9,47', '9,48'], '--region'), (['navi', 'route', '--region', 'R', '9,47'], 'LON,LAT is missing'),
                        (['navi', 'route', '--region', 'R', '9,47', '9;48'], '"9;48"'), (['navi', 'route', '--region', 'R', '9,47', '9,91'], '"9,91"'),
                        (['navi', 'route', '--region', 'R', '--profile', 'boat', '9,47', '9,48'], '"boat"'),
                        (['navi', 'route', '--region', 'R', '--avoid', 'hills', '9,47', '9,48'], '"hills"'),
                        (['navi', 'route', '--region', 'R', '--language', 'la', '9,47', '9,48'], '"la"'),
                        (['navi', 'route', '--region', 'R', '--fast', '9,47', '9,48'], '--fast'), (['navi', 'route', '9,47', '9,48', '--region'], '--region'),
                        (['navi', 'search', '--region', 'R'], 'TEXT is missing'), (['navi', 'search', '--region', 'R', '--limit', 'all', 'x'], '--limit'),
                        (['navi', 'search', '--region', 'R', '--near', 'here', 'x'], '--near'), (['navi', 'search', 'x'], '--region'), (['navi', 'reverse', '--region', 'R', 'x'], '"x"'),
                        (but('--zoom', '99'), '--zoom'), (but('--size', 'big'), '--size'), (but('--center', 'x'), '--center'),
                        (render[:-1], 'OUT.png is missing'), (['navi', 'render', 'OUT.png'], '--region'), (['navi', 'plan'], '--to'),
                        (['navi', 'plan', '--to', 'x'], '--to'), (['navi', 'plan', '--to', '9,47', '--clear'], '--clear'),
                        (['navi', 'plan', '--to', '9,47', '--profile', 'boat'], '"boat"')):
        w.misused(words, said)


def hal(w):
    fixes = w.document(0, 'hal', 'decode', '--nmea', DRIVE + '.nmea', stream=True)
    ok(len(fixes) > 100 and {'time', 'lat', 'lon', 'alt_m', 'speed_mps', 'track_deg', 'mode'} <= set(fixes[0]), 'a fix has the fields of the contract')
    w.document(0, 'hal', 'decode', '--gpx', DRIVE + '.gpx', stream=True)
    w.fails('hal', 'decode', '--nmea', w.path('missing.nmea'))
    w.fails('hal', 'status', said='there is no session bus here')
    w.fails('hal', 'watch', said='there is no session bus here')
    for words, said in ((['hal'], 'hal'), (['hal', 'sing'], 'sing'), (['hal', 'decode'], '--nmea FILE or --gpx FILE is missing'), (['hal', 'decode', 'x'], '"x"'),
                        (['hal', 'decode', '--nmea'], 'FILE is missing'), (['hal', 'watch', '--count', 'x'], '--count'),
                        (['hal', 'watch', '--count', '0'], '--count'), (['hal', 'watch', 'now'], '"now"'), (['hal', 'status', 'x'], '"x"')):
        w.misused(words, said)


def mail(w):
    path = w.path('one.eml')
    with open(path, 'wb') as out:
        out.write(EML)
    message = w.document(0, 'mail', 'parse', path)
    ok(message['date'] == '2026-11-23T11:00:00Z', 'a message has its date in UTC', message['date'])
    w.document(0, 'mail', 'account', 'list')
    w.fails('mail', 'parse', w.path('missing.eml'))
    w.fails('mail', 'list', '--folder', 'INBOX')
    for words, said in ((['mail'], 'mail'), (['mail', 'post'], 'post'), (['mail', 'parse'], 'FILE.eml is missing'), (['mail', 'parse', 'a', 'b'], '"b"'),
                        (['mail', 'search'], 'TEXT is missing'), (['mail', 'show'], 'MESSAGE-ID is missing'), (['mail', 'list', '--limit', 'x'], '--limit'),
                        (['mail', 'list', 'x'], '"x"'), (['mail', 'sync', '--now'], '--now'), (['mail', 'send', '--subject', 'x'], '--to'),
                        (['mail', 'act', 'read'], 'MESSAGE-ID is missing'), (['mail', 'act', 'sing', 'a'], 'sing'), (['mail', 'outbox', 'burn', 'x'], 'burn'),
                        (['mail', 'outbox', 'retry'], 'UUID is missing'), (['mail', 'account', 'add', '--name', 'x'], '--address'),
                        (['mail', 'account', 'add', '--address', 'a@b.test'], '--imap'), (['mail', 'account', 'remove'], 'ACCOUNT is missing'),
                        (['mail', 'account', 'list', 'x'], '"x"'), (['mail', 'account', 'remove', 'a', 'b'], '"b"'), (['mail', 'account', 'close'], 'close'), (['mail', 'account'], 'account')):
        w.misused(words, said)


def account(w):
    w.document(0, 'account', 'list')
    w.document(0, 'account', 'status')
    w.fails('account', 'remove', 'nobody')
    for words, said in ((['account'], 'account'), (['account', 'open'], 'open'), (['account', 'remove'], 'ACCOUNT is missing'),
                        (['account', 'secret', 'x'], 'SERVICE is missing'), (['account', 'list', 'x'], '"x"'), (['account', 'unlock', '--fd', 'x'], '--fd')):
        w.misused(words, said)
    # An account goes while its password is locked; the password follows when it can be reached.
    kept = os.path.join(w.env['CIRRUS_PROFILE'], 'data', 'common', 'accounts.json')
    w.document(0, 'account', 'passphrase', '--fd', '0', stdin='phrase\n')
    w.document(0, 'mail', 'account', 'add', '--address', 'ada@example.test', '--imap', 'localhost:9', '--password-fd', '0', '--passphrase-fd', '0',
               stdin='password\nphrase\n')
    w.document(0, 'account', 'lock')
    w.document(0, 'account', 'remove', 'ada@example.test')
    ok(w.document(0, 'account', 'list') == [], 'a removed account is gone while its password is locked')
    ok(len(json.load(open(kept, encoding='utf-8')).get('unused_credentials', [])) == 1, 'its locked password is remembered as one to remove')
    w.document(0, 'account', 'unlock', '--fd', '0', stdin='phrase\n')
    ok('unused_credentials' not in json.load(open(kept, encoding='utf-8')), 'unlocked, the password of the removed account is removed')
    w.document(0, 'account', 'lock')


def main():
    for area in (weather, search, navi, hal, mail, account):
        folder = tempfile.mkdtemp(prefix='cirrus-contract-')
        try:
            area(World(folder))
        finally:
            shutil.rmtree(folder)
    folder = tempfile.mkdtemp(prefix='cirrus-contract-')
    w = World(folder)
    os.chdir(folder)
    w.misused([], 'AREA')
    w.misused(['sing'], '"sing"')
    for words in VERBS:
        w.misused([*words, 'sing', 'UUID'], '"sing" is no verb of "%s"' % words[-1])
    areas = dict(re.findall(r'^  (\w+) +.*: (.*)$', w.run('--help').stdout, re.M))
    ok(sorted(areas) == ['account', 'hal', 'mail', 'navi', 'search', 'weather'], 'the help names the areas', areas)
    for area, verbs in areas.items():
        words = w.run(area, '--help').stdout
        known = re.findall(r'(?:cirrus %s|^ ) ([a-z]+)\b' % area, words, re.M)
        ok(set(verbs.split(', ')) == set(known), 'the help names the verbs of %s as they are called' % area, (verbs, known))
        ok(not re.search(r'(?<!\[)--json', words), 'the usage of %s shows --json as what may be left out' % area, words)
    for words in (['--help'], *([a, '--help'] for a in ('weather', 'search', 'navi', 'hal', 'mail', 'account'))):
        run = w.run(*words)
        ok(run.returncode == 0 and 'usage' in run.stdout and run.stderr == '', ' '.join(words) + ' helps', run)
    shutil.rmtree(folder)
    print('1..%d' % number)
    sys.exit(1 if failed else 0)


main()
