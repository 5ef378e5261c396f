#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of `cirrus navi`: exit codes, one JSON document, nothing left behind by an import that fails, the same bytes for the same
input, whatever it is packed in."""
import bz2
import gzip
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import tempfile
import zlib

CIRRUS = os.path.join(os.environ['CIRRUS_BUILD_ROOT'], 'apps', 'cli', 'cirrus')
TOWN = os.path.join(os.environ['CIRRUS_BUILD_ROOT'], 'data', 'sample', 'lindenau.osm')
SMALL = os.path.join(os.environ['CIRRUS_SOURCE_ROOT'], 'tests', 'data', 'osm')
tests = []


def ok(passed, name, detail=''):
    tests.append(bool(passed))
    print('%s %d - %s' % ('ok' if passed else 'not ok', len(tests), name), flush=True)
    if not passed:
        for line in str(detail).splitlines():
            print('# ' + line, flush=True)


def navi(*args):
    return subprocess.run([CIRRUS, 'navi'] + list(args), capture_output=True, text=True)


def content(path):
    with open(path, 'rb') as f:
        return f.read()


def test_formats(folder, region):
    data = content(TOWN)
    packed = {'town.osm.gz': gzip.compress(data, mtime=0), 'town.osm.bz2': bz2.compress(data)}
    for name, bytes_ in packed.items():
        path = os.path.join(folder, name)
        with open(path, 'wb') as f:
            f.write(bytes_)
        out = os.path.join(folder, name + '.region')
        run = navi('import', '--name', 'lindenau', path, out)
        ok(run.returncode == 0 and content(out) == content(region), '%s gives the same bytes' % name, run.stderr)
        os.unlink(out)
        os.unlink(path)


def test_broken(folder):
    data = content(TOWN)
    for name, bytes_ in {'cut.osm': data[:len(data) // 2], 'cut.osm.gz': gzip.compress(data)[:20000], 'cut.osm.bz2': bz2.compress(data)[:20000],
                         'text.osm': b'hello', 'empty.osm.pbf': b'', 'cut.osm.pbf': content(os.path.join(SMALL, 'reader.osm.pbf'))[:-9]}.items():
        path = os.path.join(folder, name)
        with open(path, 'wb') as f:
            f.write(bytes_)
        before = sorted(os.listdir(folder))
        run = navi('import', path, os.path.join(folder, 'broken.region'))
        ok(run.returncode == 1 and run.stdout == '' and len(run.stderr) > 20 and sorted(os.listdir(folder)) == before,
           'import of %s fails, says why and leaves nothing' % name, run)
        os.unlink(path)


def test_killed(folder, region):
    before, old = sorted(os.listdir(folder)), content(region)
    for delay in (0.0, 0.02, 0.05, 0.1, 0.2):
        child = subprocess.Popen([CIRRUS, 'navi', 'import', TOWN, region], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            child.wait(delay)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
    navi('import', '--name', 'lindenau', TOWN, region)
    ok(sorted(os.listdir(folder)) == before and content(region) == old, 'a killed import leaves nothing and harms nothing', os.listdir(folder))


def test_interrupted(folder, region):
    """Ctrl-C at the first sign of progress, which a terminal shows."""
    before, old = sorted(os.listdir(folder)), content(region)
    ours, theirs = pty.openpty()
    child = subprocess.Popen([CIRRUS, 'navi', 'import', '--name', 'lindenau', TOWN, region], stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    said = os.read(ours, 1000)
    child.send_signal(signal.SIGINT)
    try:
        while piece := os.read(ours, 1000):
            said += piece
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    code = child.wait()
    # On a slow machine the import may be through before the signal arrives.
    ok(b' %' in said and (code == 0 or (code == 1 and b'cancel' in said)) and sorted(os.listdir(folder)) == before and content(region) == old,
       'an interrupted import says so, leaves nothing and harms nothing', (code, said, os.listdir(folder)))


def test_route(region):
    meta = json.loads(navi('search', '--region', region, '--limit', '400', '--typing', '--json', 's').stdout)['results']
    a, b = meta[0], max(meta, key=lambda p: abs(p['lat'] - meta[0]['lat']) + abs(p['lon'] - meta[0]['lon']))
    words = ['%f,%f' % (p['lon'], p['lat']) for p in (a, b)]
    run = navi('route', '--region', region, '--json', *words)
    ok(run.returncode == 0, 'a route is found', run.stderr)
    route = json.loads(run.stdout)
    steps = route['legs'][0]['steps']
    ok(steps[0]['maneuver'] == 'depart' and steps[-1]['maneuver'] == 'arrive' and len(steps) > 2, 'it departs and arrives')
    ok(steps[-1]['name'] == steps[-2]['name'], 'the arrival bears the name of the last road')
    ok(abs(sum(s['distance_m'] for s in steps) - route['distance_m']) < len(steps) * 0.1 + 0.1, 'distances of steps add up')
    ok(abs(sum(s['duration_s'] for s in steps) - route['duration_s']) < len(steps) * 0.1 + 0.1, 'times of steps add up',
       (sum(s['duration_s'] for s in steps), route['duration_s']))
    ok(all(s['instruction'] for s in steps), 'each step has a sentence')
    stretches = route['stretches']
    ok(abs(sum(s['distance_m'] for s in stretches) - route['distance_m']) < len(stretches) * 0.1 + 0.1 and stretches[0]['geometry_index'] == 0
       and all(a['geometry_index'] < b['geometry_index'] for a, b in zip(stretches, stretches[1:])), 'stretches of one limit fill the route', stretches)
    ok(any(s['limit_kmh'] for s in stretches) and all(set(s) == {'geometry_index', 'distance_m', 'limit_kmh', 'no_limit', 'tunnel'} for s in stretches),
       'with their limits')
    zh = json.loads(navi('route', '--region', region, '--language', 'zh', '--json', *words).stdout)['legs'][0]['steps']
    ok(all(any(ord(c) > 0x3000 for c in s['instruction']) for s in zh), 'each step has a sentence in Chinese')
    ring = json.loads(navi('route', '--region', region, '--json', '5.5115112,42.010841', '5.488908,41.9862194').stdout)['legs'][0]['steps'][1]
    ok(ring['lanes'] == [{'indications': ['left'], 'usable': True}, {'indications': ['right'], 'usable': False}]
       and ring['lanes_instruction'] == 'Use the left lane.', 'lanes, the usable ones marked', ring)
    via = json.loads(navi('route', '--region', region, '--json', words[0], words[1], words[0]).stdout)
    ok(len(via['legs']) == 2 and abs(sum(leg['duration_s'] for leg in via['legs']) - via['duration_s']) < 0.01, 'a via point makes two legs')
    ok(len({navi('route', '--region', region, '--profile', p, '--json', *words).stdout for p in ('car', 'bicycle', 'foot')}) == 3,
       'profiles differ')
    each = subprocess.run([CIRRUS, 'navi', 'route', '--region', region, '--json', '--each'], capture_output=True, text=True,
                          input='%s %s\n%s 0,0\nnowhere\n%s  %s\n' % (words[0], words[1], words[0], words[0], words[1]))
    lines = each.stdout.splitlines()
    ok(each.returncode == 64 and len(lines) == 4 and lines[0] + '\n' == run.stdout == lines[3] + '\n' and json.loads(lines[1]) == {'error': 'no-route'}
       and json.loads(lines[2]) == {'error': 'invalid'}, 'each line of standard input is answered by a line', each.stdout[:300] + each.stderr)
    return words


def test_huge(folder, region, words):
    """The town with a hole of 2.5 GB before its sections: offsets beyond 32 bits, and more than the address space of a small machine."""
    hole, header_bytes, entry_bytes = 5 << 29, 64, 40
    data = bytearray(content(region))
    n_sections, = struct.unpack_from('<I', data, 12)
    table, = struct.unpack_from('<Q', data, 24)
    for entry in range(table, table + n_sections * entry_bytes, entry_bytes):
        for field in (8, 24):  # where the section lies, and its checksums
            struct.pack_into('<Q', data, entry + field, struct.unpack_from('<Q', data, entry + field)[0] + hole)
    struct.pack_into('<QQI', data, 16, len(data) + hole, table + hole, zlib.crc32(data[table:table + n_sections * entry_bytes]))
    struct.pack_into('<I', data, 60, zlib.crc32(data[:60]))
    huge = os.path.join(folder, 'huge.region')
    with open(huge, 'wb') as f:
        f.write(data[:header_bytes])
        f.seek(header_bytes + hole)
        f.write(data[header_bytes:])
    plain, far = (navi('route', '--region', path, '--json', *words) for path in (region, huge))
    ok(far.returncode == 0 and far.stdout == plain.stdout, 'a region of 2.5 GB is routed', far.stderr)
    plain, far = (navi('search', '--region', path, '--json', 'a') for path in (region, huge))
    ok(far.stdout == plain.stdout, 'and searched', far.stderr)
    pictures = [os.path.join(folder, name) for name in ('plain.png', 'far.png')]
    for path, picture in zip((region, huge), pictures):
        navi('render', '--region', path, '--center', words[0], '--zoom', '15', '--size', '200x200', picture)
    ok(content(pictures[0]) == content(pictures[1]), 'and drawn')
    for path in [huge] + pictures:
        os.unlink(path)


def test_search(region):
    """On the sample town: an address, what is there, what is open, and a number that is not on the map."""
    run = navi('search', '--region', region, '--json', 'Hügelgasse 32 Lindenau')
    house = json.loads(run.stdout)['results'][0]
    ok((house['kind'], house['street'], house['housenumber'], house['city']) == ('house', 'Hügelgasse', '32', 'Lindenau')
       and 'approximate' not in house, 'an address in one line is found', run)
    back = json.loads(navi('reverse', '--region', region, '--json', '%f,%f' % (house['lon'], house['lat'])).stdout)['results']
    ok([p['name'] for p in back if p['kind'] == 'house'] == ['Hügelgasse 32'] and back[-1]['name'] == 'Lindenau'
       and any(p['kind'] == 'street' for p in back), 'its point has it, its street and its town', back)
    guess = json.loads(navi('search', '--region', region, '--json', 'Hügelgasse 32z').stdout)['results'][0]
    ok(guess.get('approximate') is True and guess['lat'] == house['lat'], 'a number that is not on the map is placed and said to be so', guess)
    ok(navi('search', '--region', region, '--json', 'Lindneau').returncode == 0, 'a mistake is forgiven')
    ok(navi('reverse', '--region', region, '--json', '0,0').returncode == 2, 'nothing there: exit 2')
    ok(navi('reverse', '--region', region, '--json', '200,0').returncode == 64, 'no such point: bad usage')
    ok(navi('search', '--region', region, '--time', 'noon', '--json', 'cafe').returncode == 64, 'no such time: bad usage')
    shops = json.loads(navi('search', '--region', region, '--open', '--time', '2026-11-24T19:00:00', '--limit', '50', '--json',
                            'restaurant').stdout)['results']
    ok(shops and all(p.get('open') is not False for p in shops), 'what is closed is left out of what is open', shops[:3])


def test_refusals(folder, region, words):
    run = navi('route', '--region', region, '--json', words[0], '0,0')
    ok(run.returncode == 2 and json.loads(run.stdout) == {'error': 'no-route'}, 'nothing near: exit 2 and no-route', run)
    ok(navi('route', '--region', region, '--json', words[0]).returncode == 64, 'one point is bad usage')
    ok(navi('route', '--region', region, '--profile', 'boat', '--json', *words).returncode == 64, 'an unknown profile is bad usage')
    ok(navi('route', '--region', region, '--avoid', 'hills', '--json', *words).returncode == 64, 'an unknown wish is bad usage')
    ok(navi('route', '--region', region, '--vehicle', 'height=3', '--profile', 'foot', '--json', *words).returncode == 64, 'people on foot have no vehicle')
    ok(navi('route', '--region', TOWN, '--json', *words).returncode == 1, 'a file that is no region fails')
    ok(navi('search', '--region', region, '--json', 'zzzzqqq').returncode == 2, 'no hit: exit 2')
    broken = os.path.join(folder, 'other.region')
    data = bytearray(content(region))
    data[8] += 1
    with open(broken, 'wb') as f:
        f.write(data)
    run = navi('route', '--region', broken, '--json', *words)
    ok(run.returncode == 1 and 'import again' in run.stderr, 'another version is refused with what to do', run.stderr)
    os.unlink(broken)


def test_wishes(region):
    """From the ferry's pier to the island, which has nothing else."""
    pier, island = '5.4831373,42.0086384', '5.4761263,42.0116078'
    plain = navi('route', '--region', region, '--json', pier, island)
    run = navi('route', '--region', region, '--json', '--rather-not', 'ferry=30,toll', pier, island)
    remained = json.loads(run.stdout)['remained']
    ok(run.returncode == 0 and [r['what'] for r in remained] == ['ferry'] and remained[0]['why'] == 'only-way' and remained[0]['longer_s'] is None
       and json.loads(run.stdout)['duration_s'] == json.loads(plain.stdout)['duration_s'], 'what remains is listed with its reason', run.stdout)
    run = navi('route', '--region', region, '--json', '--avoid', 'ferry,tunnel', pier, island)
    answer = json.loads(run.stdout)
    ok(run.returncode == 2 and (answer['error'], answer['because']) == ('no-route', ['ferry']) and 'ferry' in run.stderr,
       'what stood in the way is named', run.stdout + run.stderr)
    ok([o['what'] for o in answer['obstacles']] == ['ferry'] and len(answer['obstacles'][0]['location']) == 2, 'and where', run.stdout)
    times = ['2026-11-24T08:00', '2026-11-24T08:00:30', '2026-11-24T07:00:00Z', '2026-11-24T09:00:00+02:00']
    ok(len({navi('route', '--region', region, '--json', '--depart', t, pier, island).stdout for t in times}) == 1, 'a time in its notations')
    run = navi('route', '--region', region, '--json', '--block', island + ',100', pier, island)
    ok(run.returncode == 2 and json.loads(run.stdout) == {'error': 'no-route'}, 'a blocked area is not entered', run.stdout + run.stderr)
    plain = navi('route', '--region', region, '--json', '5.4884576,41.9970416', '5.5087148,42.0001442')
    run = navi('route', '--region', region, '--json', '--alternatives', '2', '5.4884576,41.9970416', '5.5087148,42.0001442')
    best = json.loads(run.stdout)
    ok(run.returncode == plain.returncode and 0 < len(best['alternatives']) <= 2 and best['duration_s'] == json.loads(plain.stdout)['duration_s']
       and all(best['duration_s'] <= a['duration_s'] and a['difference'] and a['legs'] for a in best['alternatives']), 'alternatives', run.stderr)
    for wish in (['--depart', 'soon'], ['--depart', '2026-11-24'], ['--vehicle', 'height=tall'], ['--vehicle', 'speed=3'], ['--avoid', 'canal'], ['--alternatives', '9'], ['--rather-not', 'ferry=soon'], ['--block', '5.48'], ['--block-ahead', '-3'], ['--speed', 'motorway']):
        run = navi('route', '--region', region, '--json', *wish, pier, island)
        ok(run.returncode == 64 and run.stdout == '', ' '.join(wish) + ' is not understood', run.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        region = os.path.join(folder, 'lindenau.region')
        run = navi('import', TOWN, region)
        ok(run.returncode == 0 and json.loads(run.stdout)['bytes'] == os.path.getsize(region), 'the town is imported', run.stderr)
        test_formats(folder, region)
        test_broken(folder)
        test_killed(folder, region)
        test_interrupted(folder, region)
        test_wishes(region)
        test_search(region)
        words = test_route(region)
        test_huge(folder, region, words)
        test_refusals(folder, region, words)
    print('1..%d' % len(tests))
    return 0 if all(tests) else 1


if __name__ == '__main__':
    sys.exit(main())
