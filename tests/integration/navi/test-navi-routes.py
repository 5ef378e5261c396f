#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes of `cirrus navi` cost what the cheapest legal way costs by a second reading of the same map (navi_reference.py): random pairs of
points for car, bicycle and foot, on the sample town and, where CIRRUS_TEST_DATA names the folder, on real extracts."""
import collections
import datetime
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import add_conditions  # noqa: E402
import navi_reference as ref  # noqa: E402

CIRRUS = os.path.join(os.environ['CIRRUS_BUILD_ROOT'], 'apps', 'cli', 'cirrus')
DATA = os.environ.get('CIRRUS_TEST_DATA')
PROFILES = ['car', 'bicycle', 'foot']
# With CIRRUS_TEST_PAIRS times as many pairs the seed is drawn anew.
MANY = int(os.environ.get('CIRRUS_TEST_PAIRS', 1))
SEED = int(os.environ.get('CIRRUS_TEST_SEED', 20261123 if MANY == 1 else random.randrange(1 << 30)))
tests = []


def ok(passed, name, detail=''):
    tests.append(passed)
    print('%s %d - %s' % ('ok' if passed else 'not ok', len(tests), name), flush=True)
    for line in str(detail).splitlines():
        print('# ' + line, flush=True)


def as_xml(path, folder):
    if path.endswith('.osm'):
        return path
    out = os.path.join(folder, 'reference.osm')
    if path.endswith('.gz'):
        with gzip.open(path) as packed, open(out, 'wb') as plain:
            shutil.copyfileobj(packed, plain)
    else:
        subprocess.run(['osmium', 'cat', '-O', '-f', 'osm', '-o', out, path], check=True)
    return out


def segments_of(network):
    """How many roads run along each piece between two points: some lie on top of one another."""
    return collections.Counter(frozenset(piece) for edge in network.edges for piece in zip(edge.points, edge.points[1:]))


def random_point(network, segments, profile, rng):
    """A point in the middle of a piece of one road only that the profile may use, away from its ends: (edge, cm along it, (lat, lon))."""
    while True:
        index = rng.randrange(len(network.edges))
        edge = network.edges[index]
        if edge.cm < 500 or all(network.ms(2 * index + d, profile) == 0 for d in (0, 1)):
            continue
        i = rng.randrange(len(edge.points) - 1)
        a, b = edge.points[i], edge.points[i + 1]
        before = sum(ref.distance_mm(p, q) for p, q in zip(edge.points[:i], edge.points[1:i + 1]))
        if abs(a[1] - b[1]) > 1800000000 or segments[frozenset((a, b))] > 1:
            continue
        middle = ((a[0] + b[0]) // 2, (a[1] + b[1]) // 2)
        return index, min((before + ref.distance_mm(a, b) // 2) // 10, edge.cm), middle


# Moments and vehicles: a working morning, a winter's night, a summer weekend.
MOMENTS = [(datetime.datetime(2026, 11, 23, 8, 10), {}), (datetime.datetime(2026, 12, 2, 23, 30), {'height': 2700, 'weight': 4000}),
           (datetime.datetime(2026, 7, 18, 12, 0), {'width': 2200, 'weight': 3200})]
PLAIN = (datetime.datetime(2026, 11, 24, 12, 0), {})


def ask(region, profile, points, moment):
    words = ['%.7f,%.7f' % (lon / 1e7, lat / 1e7) for lat, lon in points]
    sizes = ['%s=%s' % (name, '%dkg' % value if index > 2 else '%dmm' % value) for index, (name, value) in enumerate(zip(ref.SIZES, moment.sizes)) if value]
    vehicle = ['--vehicle', ','.join(sizes)] if sizes else []
    run = subprocess.run([CIRRUS, 'navi', 'route', '--region', region, '--profile', PROFILES[profile], '--json', '--depart',
                          moment.when.strftime('%Y-%m-%dT%H:%M')] + vehicle + words,
                         capture_output=True, text=True)
    return json.loads(run.stdout) if run.returncode in (0, 2) else {'error': run.stderr}


def compare(path, n_pairs, moments=(PLAIN,), change=None):
    n_pairs *= MANY
    name = os.path.basename(path) + (' with conditions' if change else '')
    with tempfile.TemporaryDirectory() as folder:
        region = os.path.join(folder, 'test.region')
        if change:
            changed = os.path.join(folder, 'changed.osm')
            change(as_xml(path, folder), changed)
            path = changed
        subprocess.run([CIRRUS, 'navi', 'import', path, region], check=True, stdout=subprocess.DEVNULL)
        network = ref.Network(as_xml(path, folder))
        segments = segments_of(network)
        for profile, (when, sizes) in ((p, m) for m in moments for p in range(3)):
            rng = random.Random(SEED + profile)
            moment = ref.Moment(profile, when, sizes if profile != ref.FOOT else {})
            network.set_moment(moment)
            forbidden = network.forbidden(profile)
            compared, wrong, tries = 0, [], 0
            while compared < n_pairs and tries < n_pairs * 8:
                tries += 1
                a, b = random_point(network, segments, profile, rng), random_point(network, segments, profile, rng)
                expected = network.route(profile, forbidden, a[:2], b[:2])
                if expected is None:
                    continue
                compared += 1
                answer = ask(region, profile, [a[2], b[2]], moment)
                got = answer.get('duration_s')
                # A point's place along its road is known to a centimetre or so: up to some tens of milliseconds on foot.
                if got is None or abs(got * 1000 - expected) > 60:
                    wrong.append('%s to %s: expected %d ms, got %s' % (a[2], b[2], expected, answer.get('error', got)))
            ok(compared >= n_pairs // 2 and not wrong, '%s %s %s: %d pairs, %d restricted sequences' % (name, PROFILES[profile], when.strftime('%a %H:%M'), compared, len(forbidden)),
               '\n'.join(wrong[:8]))


def main():
    print('# seed %d' % SEED, flush=True)
    compare(os.path.join(os.environ['CIRRUS_BUILD_ROOT'], 'data', 'sample', 'lindenau.osm'), 30)
    compare(os.path.join(os.environ['CIRRUS_BUILD_ROOT'], 'data', 'sample', 'lindenau.osm'), 12, MOMENTS, add_conditions.main)
    if DATA:
        compare(os.path.join(DATA, 'osm', 'monaco-2012.osm.gz'), 25)
        compare(os.path.join(DATA, 'osm', 'fiji-ferry.osm.pbf'), 10)
        compare(os.path.join(DATA, 'osm', 'liechtenstein-2021.osm.pbf'), 15)
        compare(os.path.join(DATA, 'osm', 'liechtenstein-2021.osm.pbf'), 6, MOMENTS[:2], add_conditions.main)
        compare(os.path.join(DATA, 'osm', 'porto.osm.pbf'), 6)
    print('1..%d' % len(tests))
    return 0 if all(tests) else 1


if __name__ == '__main__':
    sys.exit(main())
