#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An import that is killed goes on where it was and makes the same bytes; nothing but the region is left by any that ends; the bytes depend
neither on the number of threads nor on the memory.

CIRRUS_TEST_SEED repeats a run's instants of killing."""
import json
import os
import random
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib

CIRRUS = os.path.join(os.environ['CIRRUS_BUILD_ROOT'], 'apps', 'cli', 'cirrus')
TOWN = os.path.join(os.environ['CIRRUS_BUILD_ROOT'], 'data', 'sample', 'lindenau.osm')
LARGE = os.path.join(os.environ.get('CIRRUS_TEST_DATA') or '', 'osm', 'porto.osm.pbf')
IS_LONG = bool(os.environ.get('CIRRUS_TEST_PAIRS'))
LOOPS = 20 if IS_LONG else 3
tests = []


def ok(passed, name, detail=''):
    tests.append(bool(passed))
    print('%s %d - %s' % ('ok' if passed else 'not ok', len(tests), name), flush=True)
    if not passed:
        for line in str(detail).splitlines():
            print('# ' + line, flush=True)


def command(source, out, *options):
    return [CIRRUS, 'navi', 'import', '--events', '--name', 'Here'] + list(options) + [source, out]


def run(source, out, *options, **more):
    return subprocess.run(command(source, out, *options), capture_output=True, text=True, **more)


def events_of(text):
    """All but the last line, which is the answer."""
    return [json.loads(line) for line in text.splitlines()[:-1]]


def content(path):
    with open(path, 'rb') as f:
        return f.read()


class Place:
    """A folder with an input in it and what an undisturbed import makes of that."""

    def __init__(self, folder, source):
        self.folder = folder
        self.source = os.path.join(folder, 'input' + source[source.index('.osm'):])
        self.out = os.path.join(folder, 'here.region')
        self.work = self.out + '.import'
        shutil.copyfile(source, self.source)
        started = time.monotonic()
        self.whole = run(self.source, self.out)
        self.seconds = time.monotonic() - started
        self.bytes = content(self.out)
        os.unlink(self.out)

    def is_clean(self, *more):
        return sorted(os.listdir(self.folder)) == sorted([os.path.basename(self.source)] + list(more))

    def is_right(self):
        return self.is_clean('here.region') and content(self.out) == self.bytes

    def kill_when(self, is_time, number=signal.SIGKILL):
        """Ends an import as soon as one of its events says that it is time; what it said on standard error."""
        child = subprocess.Popen(command(self.source, self.out), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line in child.stdout:
            event = json.loads(line)
            if 'done' in event and is_time(event):
                child.send_signal(number)
                break
        _, said = child.communicate()
        return said

    def kill_with_work(self):
        """Kills one that has noted what it has done."""
        note = os.path.join(self.work, 'done')
        self.kill_when(lambda event: os.path.exists(note))
        return os.path.exists(note)


def test_events(place):
    events = events_of(place.whole.stdout)
    done = [event['done'] for event in events]
    ok(place.whole.returncode == 0 and done == sorted(done) and done[0] < 0.2 and done[-1] == 1
       and {event['phase'] for event in events} == {'reading', 'building'} and all('remaining_s' in event for event in events),
       'progress comes as one object a line', place.whole.stdout[-500:])


def test_random_kills(place, seed):
    instants = random.Random(seed)
    for loop in range(LOOPS):
        kills = 0
        while True:
            child = subprocess.Popen(command(place.source, place.out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                code = child.wait(instants.uniform(0, place.seconds * 1.1))
                break
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
                kills += 1
        ok(code == 0 and place.is_right(), 'the same bytes after %d kills (seed %d)' % (kills, seed), os.listdir(place.folder))
        os.unlink(place.out)


def test_goes_on(place):
    noted = place.kill_with_work()
    again = run(place.source, place.out)
    first = events_of(again.stdout)[0]['done']
    ok(noted and first >= 0.2 and place.is_right(), 'what was done is not done again', (noted, first, os.listdir(place.folder)))
    os.unlink(place.out)


def swap_first_nodes(path):
    """Another cut than the import would find: the head of a kept file is its length and checksum, that of a cut what it is of."""
    data = bytearray(content(path))
    data[24:28], data[28:32] = data[28:32], data[24:28]
    struct.pack_into('<I', data, 8, zlib.crc32(bytes(data[16:])))
    with open(path, 'wb') as f:
        f.write(data)


def test_keeps_cut(place):
    cut, note = os.path.join(place.work, 'cut'), os.path.join(place.work, 'done')
    for _ in range(50):
        child = subprocess.Popen(command(place.source, place.out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while child.poll() is None and not os.path.exists(cut):
            pass
        child.kill()
        child.wait()
        if os.path.exists(cut) and content(note)[16] == 2:  # passes
            break
        shutil.rmtree(place.work, ignore_errors=True)
    swap_first_nodes(cut)
    again = run(place.source, place.out)
    ok(again.returncode == 0 and content(place.out) != place.bytes and len(content(place.out)) > len(place.bytes) * 0.9,
       'the roads are not cut again', again.stderr)
    os.unlink(place.out)


def test_terminated(place):
    note = os.path.join(place.work, 'done')
    said = place.kill_when(lambda event: os.path.exists(note), signal.SIGTERM)
    ok('goes on' in said and os.path.exists(note), 'the end of a session is no end of an import', said)
    ok(run(place.source, place.out).returncode == 0 and place.is_right(), 'which goes on in the next', os.listdir(place.folder))
    os.unlink(place.out)


def test_interrupted(place):
    note = os.path.join(place.work, 'done')
    said = place.kill_when(lambda event: os.path.exists(note), signal.SIGINT)
    ok('cancel' in said.lower() and place.is_clean(), 'a cancelled one leaves nothing', (said, os.listdir(place.folder)))


def test_damaged_work(place):
    """What cannot be trusted is done again."""
    for name, change in (('region', lambda data: data[:500] + bytes([data[500] ^ 1]) + data[501:]), ('region', lambda data: data[:500]),
                         ('done', lambda data: data[:-1]), ('done', lambda data: data[:30] + b'\xff' + data[31:]), ('source', lambda data: b''),
                         ('cut', lambda data: b'never')):
        noted = place.kill_with_work()
        path = os.path.join(place.work, name)
        data = change(content(path) if os.path.exists(path) else b'')
        with open(path, 'wb') as f:
            f.write(data)
        again = run(place.source, place.out)
        ok(noted and again.returncode == 0 and place.is_right(), 'a work folder with a damaged %s' % name, again.stderr)
        os.unlink(place.out)


def test_changed_source(place):
    """Of the same size, with the same date."""
    noted = place.kill_with_work()
    before, info = content(place.source), os.stat(place.source)
    changed = before.replace('Hügelgasse'.encode(), 'Hagelgasse '.encode())
    with open(place.source, 'wb') as f:
        f.write(changed)
    os.utime(place.source, ns=(info.st_atime_ns, info.st_mtime_ns))
    again = run(place.source, place.out)
    made = content(place.out)
    os.unlink(place.out)
    run(place.source, place.out)
    ok(noted and len(changed) == info.st_size and events_of(again.stdout)[0]['done'] < 0.2 and made == content(place.out) and made != place.bytes
       and place.is_clean('here.region'), 'work on what was there before is thrown away', again.stderr)
    os.unlink(place.out)
    with open(place.source, 'wb') as f:
        f.write(before)


def test_full_disk(place):
    """A limit on the size of files stands for the disk; some fail in a pass, some at the very beginning."""
    old = b'an older region'
    for limit in (16, 4096, 100000):
        with open(place.out, 'wb') as f:
            f.write(old)

        def bound():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        full = run(place.source, place.out, preexec_fn=bound)
        ok(full.returncode == 1 and 'make room' in full.stderr and place.folder in full.stderr and place.is_clean('here.region')
           and content(place.out) == old, 'a disk that is full after %d bytes: what to do is said, nothing is left' % limit, full.stderr)
    os.unlink(place.out)


def test_in_the_way(place):
    os.mkdir(place.work)
    with open(os.path.join(place.work, 'letter.txt'), 'w') as f:
        f.write('mine')
    run_ = run(place.source, place.out)
    ok(run_.returncode == 1 and 'in the way' in run_.stderr and os.listdir(place.work) == ['letter.txt'], "somebody's folder is left alone", run_.stderr)
    shutil.rmtree(place.work)


def test_two_at_once(place):
    first = subprocess.Popen(command(place.source, place.out), stdout=subprocess.PIPE, text=True)
    first.stdout.readline()
    first.send_signal(signal.SIGSTOP)
    second = run(place.source, place.out)
    first.send_signal(signal.SIGCONT)
    first.communicate()
    ok(second.returncode == 1 and 'Another import' in second.stderr and first.returncode == 0 and place.is_right(), 'the second of two at once is refused',
       second.stderr)
    os.unlink(place.out)


def test_same_bytes(place):
    for options in (['--threads', '1'], ['--threads', '2'], ['--threads', '7'], ['--memory', '16'], ['--memory', '60', '--threads', '3']):
        made = run(place.source, place.out, *options)
        ok(made.returncode == 0 and place.is_right(), 'the same bytes with ' + ' '.join(options), made.stderr)
        os.unlink(place.out)
    for options in (['--threads', '0'], ['--threads', 'many'], ['--memory', '4'], ['--memory', '-1']):
        ok(run(place.source, place.out, *options).returncode == 64, ' '.join(options) + ' is not understood')


def main():
    seed = int(os.environ.get('CIRRUS_TEST_SEED') or random.randrange(1 << 30))
    print('# CIRRUS_TEST_SEED=%d' % seed, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Place(folder, TOWN)
        test_events(place)
        test_random_kills(place, seed)
        test_goes_on(place)
        test_keeps_cut(place)
        test_terminated(place)
        test_interrupted(place)
        test_damaged_work(place)
        test_changed_source(place)
        test_full_disk(place)
        test_in_the_way(place)
        test_two_at_once(place)
        test_same_bytes(place)
    if IS_LONG and os.path.exists(LARGE):
        with tempfile.TemporaryDirectory() as folder:
            place = Place(folder, LARGE)
            test_random_kills(place, seed + 1)
            test_same_bytes(place)
    print('1..%d' % len(tests))
    return 0 if all(tests) else 1


if __name__ == '__main__':
    sys.exit(main())
