#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of `cirrus navi match`: the drive through the sample town is laid on the streets that it was driven on, from NMEA and from GPX; what
it writes can be matched again; what is no recording, or of somewhere else, is refused with the right exit code."""
import glob
import json
import os
import subprocess
import sys
import tempfile

BUILD = os.environ['CIRRUS_BUILD_ROOT']
CIRRUS = os.path.join(BUILD, 'apps', 'cli', 'cirrus')
SAMPLE = os.path.join(BUILD, 'data', 'sample')
LOGS = os.path.join(os.environ['CIRRUS_SOURCE_ROOT'], 'tests', 'data', 'gps')
tests = []


def ok(passed, name, detail=''):
    tests.append(bool(passed))
    print('%s %d - %s' % ('ok' if passed else 'not ok', len(tests), name), flush=True)
    if not passed:
        for line in str(detail).splitlines():
            print('# ' + line, flush=True)


def cirrus(*args):
    return subprocess.run([CIRRUS] + list(args), capture_output=True, text=True)


def streets(trace):
    """Named roads in the order of driving, each once in a row; crossings of a few metres with another name do not count."""
    names = [road['name'] for piece in trace['pieces'] for road in piece.get('roads', []) if road['name'] and road['distance_m'] > 30]
    return [name for i, name in enumerate(names) if i == 0 or names[i - 1] != name]


def test_drive(folder, region):
    with open(os.path.join(SAMPLE, 'lindenau-drive.json'), encoding='utf-8') as f:
        drive = json.load(f)
    out = os.path.join(folder, 'matched.gpx')
    for kind in ('nmea', 'gpx'):
        run = cirrus('navi', 'match', '--region', region, '--json', '--gpx', out, os.path.join(SAMPLE, 'lindenau-drive.' + kind))
        trace = json.loads(run.stdout) if run.returncode == 0 else {'pieces': [], 'matches': []}
        ok(run.returncode == 0 and run.stdout.count('\n') == 1 and run.stderr == '', kind + ': one JSON document', run)
        ok(streets(trace) == drive['streets'], kind + ': the streets that were driven', streets(trace))
        ok(len(trace['pieces']) == 1 and abs(trace['distance_m'] - drive['distance_m']) < 0.01 * drive['distance_m'], kind + ': one piece, as long as the drive')
        ok(trace['unusable'] == 0 and trace['on_road'] == trace['fixes'] == len(trace['matches']), kind + ': each fix on a road')
        ok([m['fix'] for m in trace['matches']] == list(range(trace['fixes'])) and trace['matches'][0]['time'] == drive['start_time'],
           kind + ': in order, with its time', trace['matches'][:1])
        ok(all(m['distance_m'] < 15 and 0 <= m['confidence'] <= 1 for m in trace['matches']), kind + ': near the fix')
        ends = [trace['pieces'][0]['geometry'][i] for i in (0, -1)]
        ok(all(abs(end[0] - drive[name]['lon']) < 2e-4 and abs(end[1] - drive[name]['lat']) < 2e-4 for end, name in zip(ends, ('start', 'destination'))),
           kind + ': from the start to the destination', ends)
        edges = trace['pieces'][0]['edges']
        ok(abs(sum(e['to_m'] - e['from_m'] for e in edges) - trace['distance_m']) < 2, kind + ': its edges are as long together')
    decoded = [json.loads(line) for line in cirrus('hal', 'decode', '--gpx', out).stdout.splitlines()]
    times = [fix['time'] for fix in decoded]
    ok(len(decoded) > 100 and len(times) == len(set(times)) and times[0] == drive['start_time'], 'the GPX file has times', times[:3])
    again = cirrus('navi', 'match', '--region', region, out)
    ok(again.returncode == 0 and streets(json.loads(again.stdout)) == drive['streets'], 'and can be matched again', again.stderr)
    foot = cirrus('navi', 'match', '--region', region, '--profile', 'foot', os.path.join(SAMPLE, 'lindenau-drive.nmea'))
    ok(foot.returncode == 0 and json.loads(foot.stdout)['profile'] == 'foot', 'by another profile')


def test_picture(folder, region):
    track = os.path.join(SAMPLE, 'lindenau-drive.gpx')
    view = ['navi', 'render', '--region', region, '--center', '5.5115,42.0108', '--zoom', '16', '--size', '200x200']
    pictures = []
    for name, more in (('plain.png', []), ('track.png', ['--track', track])):
        run = cirrus(*view, *more, os.path.join(folder, name))
        with open(os.path.join(folder, name), 'rb') as f:
            pictures.append(f.read())
    ok(run.returncode == 0 and pictures[0] != pictures[1], 'a recording is drawn over the map', run.stderr)
    run = cirrus(*view, '--track', os.path.join(folder, 'none.gpx'), os.path.join(folder, 'none.png'))
    ok(run.returncode == 1 and 'none.gpx' in run.stderr and not os.path.exists(os.path.join(folder, 'none.png')), 'unless it is missing', run)


def test_elsewhere(region):
    for log in sorted(glob.glob(os.path.join(LOGS, '*.log'))):
        run = cirrus('navi', 'match', '--region', region, log)
        has_fix = cirrus('hal', 'decode', '--nmea', log).stdout != ''
        expected = (2, {'error': 'no-match'}) if has_fix else (1, None)
        ok((run.returncode, json.loads(run.stdout or 'null')) == expected and run.stderr != '', '%s is of another place' % os.path.basename(log), run)


def test_refusals(folder, region):
    track = os.path.join(SAMPLE, 'lindenau-drive.nmea')
    text = os.path.join(folder, 'text.gpx')
    with open(text, 'w', encoding='utf-8') as f:
        f.write('<gpx><trk>')
    for args, code, name in ((['--region', region], 64, 'no recording'), ([track], 64, 'no region'), (['--region', region, track, track], 64, 'two recordings'),
                             (['--region', region, '--profile', 'boat', track], 64, 'an unknown profile'),
                             (['--region', region, os.path.join(folder, 'none.gpx')], 1, 'a missing file'), (['--region', region, text], 1, 'broken GPX'),
                             (['--region', track, track], 1, 'a region that is none'),
                             (['--region', region, '--gpx', os.path.join(folder, 'no', 'out.gpx'), track], 1, 'no place to write')):
        run = cirrus('navi', 'match', *args)
        ok(run.returncode == code and run.stdout == '' and run.stderr != '', '%s: exit %d' % (name, code), run)


def main():
    with tempfile.TemporaryDirectory() as folder:
        region = os.path.join(folder, 'lindenau.region')
        run = cirrus('navi', 'import', os.path.join(SAMPLE, 'lindenau.osm'), region)
        ok(run.returncode == 0, 'the town is imported', run.stderr)
        test_drive(folder, region)
        test_picture(folder, region)
        test_elsewhere(region)
        test_refusals(folder, region)
    print('1..%d' % len(tests))
    return 0 if all(tests) else 1


if __name__ == '__main__':
    sys.exit(main())
