#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""compare.py [--routes N] [--keep DIR] [--only import|routes] FILE.osm.pbf...: our import and routes beside Valhalla's and Routino's, in turn.

For each file: the import on two cores (seconds and peak memory); whole routes by car with instructions, as JSON, each tool in one process of its
own that answers a line for each line (Routino has none such: a process for each route); the first route of a new process, from its start to
its end, with the region's pages in the system's cache and without; the private memory while routing.  Medians, and the ratios.

Ours is the build's (CIRRUS_BUILD_ROOT, or build/).  Peers are left out where they are missing: Routino (Debian: routino) is taken from the PATH,
Valhalla from the folder CIRRUS_VALHALLA (the npm package @valhallajs/valhallajs, unpacked) with node.  --keep keeps what was imported, so
that routes can be measured in a run of their own."""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get('CIRRUS_BUILD_ROOT') or os.path.join(HERE, '..', '..', '..', 'build')
CIRRUS = os.path.join(BUILD, 'apps', 'cli', 'cirrus')
VALHALLA = os.environ.get('CIRRUS_VALHALLA', '')
TOOLS = os.path.join(VALHALLA, 'linux', 'x64')
COLD = 20
ROUTINO_ROUTES = 100


def median(values):
    return sorted(values)[len(values) // 2]


def p99(values):
    return sorted(values)[len(values) * 99 // 100]


def timed(command, **more):
    """Seconds, and the peak in MB of the one process."""
    started = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit('%s: exit %d' % (' '.join(command), child.returncode))
    return time.monotonic() - started, usage.ru_maxrss / 1024


def size_of(folder):
    return sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(folder) for name in names)


def without_logging(config):
    """It would log to standard output."""
    if isinstance(config, dict):
        return {key: dict(value, type='') if key == 'logging' else without_logging(value) for key, value in config.items()}
    return config


class Cirrus:
    name = 'Cirrus'

    def __init__(self, folder):
        self.region = os.path.join(folder, 'bench.region')

    def do_import(self, source):
        return timed([CIRRUS, 'navi', 'import', source, self.region]) + (os.path.getsize(self.region),)

    def route_each(self):
        return [CIRRUS, 'navi', 'route', '--region', self.region, '--json', '--each']


class Valhalla:
    name = 'Valhalla'

    def __init__(self, folder):
        self.tiles = os.path.join(folder, 'valhalla')
        self.config = os.path.join(folder, 'valhalla.json')

    @staticmethod
    def is_here():
        return os.path.exists(os.path.join(TOOLS, 'valhalla_build_tiles')) and shutil.which('node') is not None

    def do_import(self, source):
        shutil.rmtree(self.tiles, ignore_errors=True)
        made = subprocess.check_output([sys.executable, os.path.join(VALHALLA, 'valhalla_build_config'), '--mjolnir-tile-dir', self.tiles,
                                        '--mjolnir-tile-extract', '', '--mjolnir-concurrency', '2', '--mjolnir-timezone', '', '--mjolnir-admin', ''])
        with open(self.config, 'w') as out:
            json.dump(without_logging(json.loads(made)), out)
        environment = dict(os.environ, LD_LIBRARY_PATH=os.path.join(TOOLS, 'lib'))
        return timed([os.path.join(TOOLS, 'valhalla_build_tiles'), '-c', self.config, source], env=environment) + (size_of(self.tiles),)

    def route_each(self):
        return ['node', os.path.join(HERE, 'valhalla.mjs'), os.path.abspath(VALHALLA), self.config]


class Routino:
    name = 'Routino'
    data = '/usr/share/routino/'

    def __init__(self, folder):
        self.folder = os.path.abspath(os.path.join(folder, 'routino'))

    @staticmethod
    def is_here():
        return shutil.which('planetsplitter') is not None and shutil.which('routino-router') is not None

    def do_import(self, source):
        os.makedirs(self.folder, exist_ok=True)
        result = timed(['planetsplitter', '--dir=' + self.folder, '--prefix=r', '--tagging=' + self.data + 'tagging.xml', source], cwd=self.folder)
        return result + (size_of(self.folder),)

    def route(self, pair):
        (a, b), (c, d) = (point.split(',') for point in pair)
        started = time.monotonic()
        child = subprocess.run(['routino-router', '--dir=.', '--prefix=r', '--transport=motorcar', '--quickest', '--profiles=' + self.data + 'profiles.xml',
                                '--translations=' + self.data + 'translations.xml', '--output-text', '--loggable', '--lon1=' + a, '--lat1=' + b,
                                '--lon2=' + c, '--lat2=' + d], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return (time.monotonic() - started) * 1000 if child.returncode == 0 else None


def make_pairs(region, n):
    """Random ends of roads: bench-routes writes them."""
    path = region + '.pairs'
    subprocess.check_call([os.path.join(BUILD, 'tests', 'bench', 'navi', 'bench-routes'), region, str(n), path], stdout=subprocess.DEVNULL)
    with open(path) as f:
        return [('%s,%s' % (a, b), '%s,%s' % (c, d)) for a, b, c, d in (line.split() for line in f)][:n + n // 10]


def private_mb(pid):
    with open('/proc/%d/smaps_rollup' % pid) as f:
        return int(re.search(r'Private_Dirty:\s+(\d+)', f.read())[1]) / 1024


def route_all(command, pairs, n_warm):
    """Milliseconds a route, how many there were, private megabytes at the end."""
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    taken, found = [], 0
    for i, pair in enumerate(pairs):
        started = time.monotonic()
        child.stdin.write((' '.join(pair) + '\n').encode())
        child.stdin.flush()
        answer = child.stdout.readline()
        if not answer:
            sys.exit('%s: it ended' % command[0])
        if i >= n_warm:
            taken.append((time.monotonic() - started) * 1000)
            found += not answer.startswith(b'{"error"')
    memory = private_mb(child.pid)
    child.stdin.close()
    child.wait()
    return taken, found, memory


def route_cold(region, pairs, is_cached):
    taken = []
    for pair in pairs[:COLD]:
        with open(region, 'rb') as f:
            f.read() if is_cached else os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        started = time.monotonic()
        subprocess.run([CIRRUS, 'navi', 'route', '--region', region, '--json', *pair], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        taken.append((time.monotonic() - started) * 1000)
    return taken


def start_alone():
    """Milliseconds that a process takes to start and say what it knows."""
    taken = []
    for _ in range(COLD):
        started = time.monotonic()
        subprocess.run([CIRRUS, 'navi'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        taken.append((time.monotonic() - started) * 1000)
    return median(taken)


def compare_imports(tools, source):
    ours = None
    for tool in tools:
        seconds, peak, size = tool.do_import(source)
        ours = ours or seconds
        print('import  %-9s %7.1f s  %6.0f MB peak  %6.1f MB made  ours/theirs %.2f' % (tool.name, seconds, peak, size / 1e6, ours / seconds), flush=True)


def compare_routes(tools, n):
    region = tools[0].region
    pairs = make_pairs(region, n)
    n_warm = n // 10
    ours = None
    for tool in tools:
        if isinstance(tool, Routino):
            taken = [ms for ms in map(tool.route, pairs[n_warm:n_warm + ROUTINO_ROUTES]) if ms is not None]
            found, memory = len(taken), float('nan')
        else:
            taken, found, memory = route_all(tool.route_each(), pairs, n_warm)
        ours = ours or median(taken)
        print('route   %-9s p50 %7.2f ms  p99 %7.2f ms  %d found  %4.0f MB private  ours/theirs %.3f' % (tool.name, median(taken), p99(taken), found, memory,
                                                                                                ours / median(taken)), flush=True)
    start = start_alone()
    for is_cached, name in ((True, 'in the cache'), (False, 'on the disk')):
        taken = route_cold(region, pairs, is_cached)
        print('first   region %-12s p50 %5.1f ms  most %5.1f ms, of which a process needs %.1f to start' % (name, median(taken), max(taken), start), flush=True)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--routes', type=int, default=500)
    parser.add_argument('--keep')
    parser.add_argument('--only', choices=('import', 'routes'))
    parser.add_argument('files', nargs='+')
    wanted = parser.parse_args()
    for source in map(os.path.abspath, wanted.files):
        name = os.path.basename(source).split('.')[0]
        print('== %s, %.1f MB' % (name, os.path.getsize(source) / 1e6), flush=True)
        with tempfile.TemporaryDirectory() as temporary:
            folder = os.path.join(wanted.keep, name) if wanted.keep else temporary
            os.makedirs(folder, exist_ok=True)
            tools = [Cirrus(folder)] + [peer(folder) for peer in (Valhalla, Routino) if peer.is_here()]
            if wanted.only != 'routes':
                compare_imports(tools, source)
            if wanted.only != 'import':
                compare_routes(tools, wanted.routes)


if __name__ == '__main__':
    main()
