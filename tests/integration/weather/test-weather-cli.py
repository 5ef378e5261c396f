#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`cirrus weather` against a server that answers as Open-Meteo does, on line, off line, and when it misbehaves."""

import glob
import json
import os

from weather_case import SOURCE, main, test


def failure_of(case, place):
    done = case.cirrus('forecast', '--json', place)
    assert done.returncode == 1 and done.stdout == '', done
    return done.stderr


@test('a forecast on line: now, hours, days, sun, credit, sentence')
def on_line(case):
    f = case.forecast('Porto')
    assert f['origin'] == 'store' or f['origin'] == 'network', f['origin']
    assert f['place']['name'] == 'Porto' and f['timezone'] == 'Europe/Lisbon'
    assert f['now']['temperature_c'] == 14.3 and f['age_s'] == 0, f['now']
    assert 'Open-Meteo' in f['source']['credit'] and f['source']['synthetic'] is False
    assert f['sentence'] == 'Rain 15:00 to 17:00', f['sentence']
    assert len(f['daily']) == 12 and f['daily'][1]['date'] == '2026-11-23'
    assert f['daily'][1]['sunrise'].startswith('2026-11-23T07:3') and f['daily'][1]['sunset'].startswith('2026-11-23T17:0')
    hours = {h['time']: h for h in f['hourly']}
    assert hours['2026-11-23T15:00:00Z']['precipitation_mm'] == 1.2 and hours['2026-11-23T15:00:00Z']['condition'] == 'rain'
    assert hours['2026-11-23T17:00:00Z']['precipitation_mm'] == 0
    query = case.server.counts()['queries']['forecast']
    assert 'latitude=41.1500&longitude=-8.6167' in query and 'timezone=auto' in query, query


@test('made-up weather says so, in its origin too, whether made now or kept')
def synthetic(case):
    for _ in range(2):
        done = case.cirrus('forecast', '--json', '--provider', 'synthetic', 'Porto')
        f = json.loads(done.stdout)
        assert f['origin'] == 'synthetic' and f['source']['synthetic'] is True, f['origin']
    assert case.server.counts()['forecast'] == 0


@test('off line the last forecast stays, with its age and why')
def off_line(case):
    first = case.forecast('Porto')
    case.server.stop()
    case.later(5)
    done = case.cirrus('forecast', '--json', 'Porto')
    stale = json.loads(done.stdout)
    assert done.returncode == 0 and '5 hours ago' in done.stderr, done.stderr
    assert stale['failure'] == 'offline' and stale['age_s'] == 5 * 3600
    assert stale['fetched'] == first['fetched'] and stale['hourly'] == first['hourly']
    assert stale['now']['time'] == '2026-11-23T17:00:00Z', stale['now']
    case.server.start_again()
    case.later(1)
    fresh = case.forecast('Porto')
    assert fresh['failure'] is None and fresh['age_s'] < 3600 and fresh['fetched'] != first['fetched'], fresh['fetched']


@test('at most one request a place and expiry, whoever asks')
def one_request(case):
    for _ in range(3):
        case.forecast('Porto')
    case.cirrus('place', 'add', 'Porto')
    case.cirrus('refresh')
    case.forecast('41.15,-8.61')
    assert case.server.counts()['forecast'] == 1, case.server.counts()
    case.later(0.3)
    case.cirrus('refresh')
    case.cirrus('refresh')
    assert case.server.counts()['forecast'] == 2, case.server.counts()


@test('a place never seen fails off line, is found again later')
def never_seen(case):
    case.server.stop()
    assert 'connect' in failure_of(case, 'Porto').lower()
    case.server.start_again()
    case.later(0.1)
    assert case.forecast('Porto')['now'] is not None


@test('refusals are told, and asked to wait is waited for')
def refusals(case):
    case.server.control(mode='400')
    failure_of(case, 'Porto')
    case.server.control(mode='429', retry_after=600)
    assert case.cirrus('forecast', '--json', 'Shanghai').returncode == 1
    asked = case.server.counts()['forecast']
    case.server.control(mode='ok')
    failure_of(case, 'Shanghai')
    assert case.server.counts()['forecast'] == asked, 'asked again within Retry-After'
    case.later(0.2)
    assert case.forecast('Shanghai')['failure'] is None


@test('broken answers never replace what is kept')
def broken(case):
    good = case.forecast('Porto')
    for mode in ('503', 'truncated', 'html'):
        case.later(2)
        case.server.control(mode=mode)
        kept = case.forecast('Porto')
        assert kept['failure'] is not None and kept['hourly'] == good['hourly'], mode


@test('nulls everywhere are null, not zero')
def nulls(case):
    case.server.control(mode='nulls')
    f = case.forecast('Porto')
    assert all(h['temperature_c'] is None and h['precipitation_mm'] is None for h in f['hourly'])
    assert all(d['max_c'] is None for d in f['daily']) and f['now']['temperature_c'] is not None


@test('a list begun in one language is known to have its names in it: no start looks them all up')
def language(case):
    settings = os.path.join(case.profile, 'config', 'common', 'settings.ini')
    assert case.cirrus('place', 'add', 'Porto').returncode == 0
    assert case.cirrus('place', 'add', 'Shanghai').returncode == 0
    with open(settings, encoding='utf-8') as lines:
        assert "names-language='C'" in lines.read()


@test('places: added, listed, moved, removed; unknown ones are no answer')
def places(case):
    for name in ('Porto', 'Reykjavík', 'Shanghai'):
        assert case.cirrus('place', 'add', name).returncode == 0
    assert case.cirrus('place', 'move', 'shanghai', '0').returncode == 0
    assert case.cirrus('place', 'remove', 'porto').returncode == 0
    names = [p['name'] for p in json.loads(case.cirrus('place', 'list').stdout)['places']]
    assert names == ['Shanghai', 'Reykjavík'], names
    assert case.cirrus('forecast', '--json', 'Qqzzxx').returncode == 2
    assert case.cirrus('place', 'add').returncode == 64
    village = case.forecast('Aldeia das Dez')
    assert village['place']['region'] == 'Coimbra, Portugal'


@test('the synthetic source says that it is made up, and needs no network')
def synthetic(case):
    case.server.stop()
    done = case.cirrus('forecast', '--provider', 'synthetic', '--json', 'Porto')
    assert done.returncode == 0, done
    f = json.loads(done.stdout)
    assert f['source']['synthetic'] is True and 'made up' in f['source']['credit']
    open(os.path.join(case.profile, 'sample'), 'w').close()
    assert case.forecast('Quito')['source']['id'] == 'synthetic'


@test('every recording decodes, or is refused for the stated reason')
def recordings(case):
    folders = [os.path.join(SOURCE, 'tests', 'data', 'weather', 'open-meteo')]
    if os.environ.get('CIRRUS_TEST_DATA'):
        folders.append(os.path.join(os.environ['CIRRUS_TEST_DATA'], 'weather', 'open-meteo'))
    refused = {'r-api-forecast-5c7be9.error.json': 'TemperatureUnit', 'made-limit.error.json': 'limit exceeded',
               'made-no-series.json': 'no series', 'made-truncated.json': 'premature end'}
    files = [f for folder in folders for f in sorted(glob.glob(folder + '/*.json'))]
    assert len(files) >= 15, files
    for path in files:
        done = case.cirrus('decode', '--provider', 'open-meteo', path)
        reason = refused.get(os.path.basename(path))
        if reason is None:
            assert done.returncode == 0 and json.loads(done.stdout)['kind'] in ('forecast', 'places'), (path, done)
        else:
            assert done.returncode == 1 and reason in done.stderr and done.stdout == '', (path, done)


main()
