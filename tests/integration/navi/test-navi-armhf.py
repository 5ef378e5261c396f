#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The phone's processor, under qemu: an import makes the same bytes there as here, and a region larger than what can be mapped is routed,
searched and drawn: 2.5 GB in 3 GB of addresses (qemu -R 3G) where qemu can do that (7.2 cannot: it wants the last page of the 4 GB
for itself), and 3.5 GB in all that there are, of which the program's own pieces leave no such stretch free (beyond 4 GB qemu 7.2 maps
the wrong place of a file).

Wants CIRRUS_ARMHF_SYSROOT, a folder that build-aux/armhf-sysroot made, gcc-arm-linux-gnueabihf and qemu-user-static; builds `cirrus` in the
build folder's armhf the first time (5 min)."""
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

BUILD, SOURCE = os.environ['CIRRUS_BUILD_ROOT'], os.environ['CIRRUS_SOURCE_ROOT']
SYSROOT = os.environ.get('CIRRUS_ARMHF_SYSROOT', '')
HERE = [os.path.join(BUILD, 'apps', 'cli', 'cirrus'), 'navi']
QEMU = ['qemu-arm-static', '-L', SYSROOT, '-E', 'LD_LIBRARY_PATH=%s/usr/lib/arm-linux-gnueabihf' % SYSROOT]
CIRRUS_THERE = [os.path.join(BUILD, 'armhf', 'apps', 'cli', 'cirrus'), 'navi']
THERE = QEMU + CIRRUS_THERE
GB = 1 << 30
TOWN = os.path.join(BUILD, 'data', 'sample', 'lindenau.osm')
OSM = os.path.join(os.environ.get('CIRRUS_TEST_DATA') or os.path.join(SOURCE, 'tests', 'data'), 'osm')
tests = []


def ok(passed, name, detail=''):
    tests.append(bool(passed))
    print('%s %d - %s' % ('ok' if passed else 'not ok', len(tests), name), flush=True)
    if not passed:
        for line in str(detail).splitlines():
            print('# ' + line, flush=True)


def run(program, *args):
    return subprocess.run(program + list(args), capture_output=True, text=True)


def content(path):
    with open(path, 'rb') as f:
        return f.read()


def missing():
    for program, package in (('arm-linux-gnueabihf-gcc', 'gcc-arm-linux-gnueabihf'), ('qemu-arm-static', 'qemu-user-static')):
        if shutil.which(program) is None:
            return 'no %s here (Debian: %s)' % (program, package)
    if not os.path.isdir(os.path.join(SYSROOT, 'usr', 'lib', 'arm-linux-gnueabihf')):
        return 'no armhf libraries here: run build-aux/armhf-sysroot DIR, then set CIRRUS_ARMHF_SYSROOT=DIR'
    return None


def build_there():
    folder = os.path.join(BUILD, 'armhf')
    log = os.path.join(BUILD, 'armhf.log')
    with open(log, 'w') as out:
        if not os.path.exists(os.path.join(folder, 'build.ninja')):
            cross = os.path.join(BUILD, 'armhf.cross')
            with open(os.path.join(SOURCE, 'build-aux', 'armhf.cross.in')) as template, open(cross, 'w') as made:
                made.write(template.read().replace('@SYSROOT@', os.path.abspath(SYSROOT)))
            code = subprocess.call(['meson', 'setup', folder, SOURCE, '--cross-file', cross], stdout=out, stderr=out)
            if code != 0:
                return log
        # Not the pool of ninja: another ninja runs this test.
        code = subprocess.call(['ninja', '-j2', '-C', folder, 'apps/cli/cirrus'], stdout=out, stderr=out)
    return log if code != 0 else None


def test_same_bytes(folder, source):
    name = os.path.basename(source)
    made = []
    for program, out in ((HERE, 'here.region'), (THERE, 'there.region')):
        path = os.path.join(folder, out)
        imported = run(program, 'import', '--name', 'Here', source, path)
        if imported.returncode != 0:
            ok(False, 'an import of ' + name, imported.stderr)
            return None
        made.append(path)
    here, there = map(content, made)
    differs = next((i for i in range(min(len(here), len(there))) if here[i] != there[i]), None)
    ok(here == there, '%s gives the same %d bytes on armhf' % (name, len(here)), (len(here), len(there), differs))
    return made[0]


def enlarge(region, huge, hole):
    """A hole before the sections."""
    header_bytes, entry_bytes = 64, 40
    data = bytearray(content(region))
    n_sections, = struct.unpack_from('<I', data, 12)
    table, = struct.unpack_from('<Q', data, 24)
    for entry in range(table, table + n_sections * entry_bytes, entry_bytes):
        for field in (8, 24):  # where the section lies, and its checksums
            struct.pack_into('<Q', data, entry + field, struct.unpack_from('<Q', data, entry + field)[0] + hole)
    struct.pack_into('<QQI', data, 16, len(data) + hole, table + hole, zlib.crc32(data[table:table + n_sections * entry_bytes]))
    struct.pack_into('<I', data, 60, zlib.crc32(data[:60]))
    with open(huge, 'wb') as f:
        f.write(data[:header_bytes])
        f.seek(header_bytes + hole)
        f.write(data[header_bytes:])


def test_huge(folder, region, there, hole, name):
    huge = os.path.join(folder, 'huge.region')
    enlarge(region, huge, hole)
    places = json.loads(run(HERE, 'search', '--region', region, '--limit', '50', '--typing', '--json', 's').stdout)['results']
    words = ['%f,%f' % (p['lon'], p['lat']) for p in (places[0], places[-1])]
    for verb, done in ((['route', '--json'] + words, 'routed'), (['search', '--json', 'a'], 'searched')):
        near, far = (run(program, verb[0], '--region', path, *verb[1:]) for program, path in ((HERE, region), (there, huge)))
        ok(far.returncode == near.returncode == 0 and far.stdout == near.stdout, '%s are %s as here' % (name, done), far.stderr)
    pictures = [os.path.join(folder, picture) for picture in ('near.png', 'far.png')]
    for path, picture in zip((region, huge), pictures):
        drawn = run(there, 'render', '--region', path, '--center', words[0], '--zoom', '15', '--size', '200x200', picture)
    ok(drawn.returncode == 0 and content(pictures[0]) == content(pictures[1]), 'and drawn', drawn.stderr)
    os.unlink(huge)


def test_addresses(folder, region):
    test_huge(folder, region, THERE, 7 * GB // 2, '3.5 GB')
    bounded = QEMU[:1] + ['-R', '3G'] + QEMU[1:] + CIRRUS_THERE
    if run(bounded).returncode == 64:  # bad usage
        test_huge(folder, region, bounded, 5 * GB // 2, '2.5 GB in 3 GB of addresses')
    else:
        print('# this qemu cannot bound the address space')


def main():
    reason = missing()
    if reason is not None:
        print('1..0 # SKIP ' + reason)
        return 0
    log = build_there()
    ok(log is None, 'cirrus is built for armhf', log and open(log, errors='replace').read()[-3000:])
    with tempfile.TemporaryDirectory() as folder:
        region = log is None and test_same_bytes(folder, TOWN)
        if region:
            test_addresses(folder, region)
        for name in ('liechtenstein-2021.osm.pbf', 'porto.osm.pbf', 'metro5.osm.pbf'):
            if log is None and os.path.exists(os.path.join(OSM, name)):
                test_same_bytes(folder, os.path.join(OSM, name))
    print('1..%d' % len(tests))
    return 0 if all(tests) else 1


if __name__ == '__main__':
    sys.exit(main())
