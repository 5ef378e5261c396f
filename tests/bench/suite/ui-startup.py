#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start-up, CPU and memory of the windows beside their peers.

    tests/bench/suite/ui-startup.py [--rounds N] [--seconds S] [--keep FILE.json] [LABEL...]

Rounds are interleaved (A B C A B C ...), each run has a screen, bus and home of its own and no network; our apps run on the sample
profile, the peers on their first-run screens.  A peer that is not installed is left out and said so.  Prints a table of medians [least..most]:
    map s    from exec to the first window on the screen        paint s  until that window shows something
    CPU s    user and system time of the app's processes        USS, PSS MiB  their memory, S seconds (10) after exec
USS counts what no other process has mapped: with another GTK program about it is smaller by 20 MiB and more, which is said.
"""

import argparse
import ctypes as C
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', '..', 'ui'))
import rig  # noqa: E402
from rig import xtree  # noqa: E402

PEERS = [('Mail', 'cirrus-mail', 'geary'), ('Navi', 'cirrus-navi', 'gnome-maps'), ('Weather', 'cirrus-weather', 'gnome-weather')]
TICKS = os.sysconf('SC_CLK_TCK')
SETTLED_PIXELS = 8  # different colours by which a window counts as painted


class Image(C.Structure):
    _fields_ = [('width', C.c_int), ('height', C.c_int), ('xoffset', C.c_int), ('format', C.c_int), ('data', C.c_void_p),
                ('byte_order', C.c_int), ('unit', C.c_int), ('bit_order', C.c_int), ('pad', C.c_int), ('depth', C.c_int), ('stride', C.c_int)]


xtree.X.XGetImage.restype = C.POINTER(Image)
xtree.X.XGetImage.argtypes = [C.c_void_p, C.c_ulong, C.c_int, C.c_int, C.c_uint, C.c_uint, C.c_ulong, C.c_int]
xtree.X.XDestroyImage.argtypes = [C.POINTER(Image)]


def is_painted(screen, window, size):
    """Whether the part of the screen that the window covers has several colours."""
    x, y = max(0, window[2]), max(0, window[3])
    width, height = min(size[0], window[2] + window[4]) - x, min(size[1], window[3] + window[5]) - y
    if width < 1 or height < 1:
        return False
    picture = xtree.X.XGetImage(screen.display, screen.root, x, y, width, height, 0xffffffff, 2)
    if not picture:
        return False
    colours = set()
    for row in range(0, picture.contents.height, 16):
        line = C.string_at(picture.contents.data + row * picture.contents.stride, picture.contents.width * 4)
        colours.update(memoryview(line).cast('I'))
    xtree.X.XDestroyImage(picture)
    return len(colours) >= SETTLED_PIXELS


def processes():
    """pid -> (parent, ticks of CPU time, reaped children included)"""
    found = {}
    for entry in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open('/proc/%s/stat' % entry) as stat:
                fields = stat.read().rsplit(')', 1)[1].split()
        except OSError:
            continue
        found[int(entry)] = (int(fields[1]), sum(map(int, fields[11:15])))
    return found


def tree(all_processes, root):
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        if pid in all_processes:
            found.append(pid)
        todo += [p for p, (parent, _) in all_processes.items() if parent == pid]
    return found


def gtk_of(pid):
    """The files of libgtk-4 that a process has mapped, by device and inode."""
    try:
        with open('/proc/%d/maps' % pid) as maps:
            return {tuple(line.split()[3:5]) for line in maps if 'libgtk-4' in line}
    except OSError:
        return set()


def sharers(all_processes, pids):
    """Other processes with the same GTK in memory."""
    ours = set().union(*map(gtk_of, pids))
    return [pid for pid in all_processes.keys() - set(pids) if ours & gtk_of(pid)]


def memory_mib(pids):
    uss = pss = 0
    for pid in pids:
        try:
            with open('/proc/%d/smaps_rollup' % pid) as rollup:
                for line in rollup:
                    if line.startswith('Pss:'):
                        pss += int(line.split()[1])
                    elif line.startswith('Private_'):
                        uss += int(line.split()[1])
        except OSError:
            pass
    return uss / 1024, pss / 1024


def run_once(command, profile, seconds, shot):
    with rig.Session(profile=profile, offline=True, env={'G_DEBUG': '', 'GTK_A11Y': 'none', 'NO_AT_BRIDGE': '1'}) as session:
        begin = time.monotonic()
        process = session.start(*command)
        mapped = painted = None
        while time.monotonic() < begin + seconds and painted is None:
            windows = [w for w in session.windows() if not w[6] and w[4] >= 100 and w[5] >= 100]
            now = time.monotonic() - begin
            if windows and mapped is None:
                mapped = now
            if windows and is_painted(session.screen, windows[-1], session.size):
                painted = time.monotonic() - begin
            time.sleep(0.01)
        time.sleep(max(0, begin + seconds - time.monotonic()))
        everything = processes()
        ours = tree(everything, process.pid)
        uss, pss = memory_mib(ours)
        for other in sharers(everything, ours):
            print('%s: its USS does not count, for process %d shares GTK with it' % (command[0], other), file=sys.stderr)
        if shot:
            subprocess.run(['import', '-window', 'root', shot], env=session.env)
        alive = process.poll() is None
        result = {'map_s': mapped, 'paint_s': painted, 'cpu_s': sum(everything[p][1] for p in ours) / TICKS, 'uss_mib': uss, 'pss_mib': pss}
        process.send_signal(signal.SIGTERM)
        if not alive or painted is None:
            sys.exit('%s showed no window: %s' % (command[0], session._tail()))
        return result


def candidates(build):
    yield 'empty Adwaita', [os.path.join(build, 'tests', 'bench', 'suite', 'bench-empty-adwaita')], 'empty'
    for name, ours, peer in PEERS:
        yield 'Cirrus ' + name, [ours], 'sample'
        if shutil.which(peer):
            yield peer, [peer], 'empty'
        else:
            print('%s is not installed: left out' % peer, file=sys.stderr)
    yield 'Cirrus Search', ['cirrus-search'], 'sample'
    yield 'Cirrus Home', ['cirrus-home'], 'sample'


def cell(values, form):
    return ('%' + form + ' [%' + form + '..%' + form + ']') % (statistics.median(values), min(values), max(values))


def main():
    parser = argparse.ArgumentParser(description='Start-up, CPU and memory of the windows beside their peers.')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--seconds', type=float, default=10)
    parser.add_argument('--keep')
    parser.add_argument('labels', nargs='*')
    options = parser.parse_args()
    runs = [c for c in candidates(rig.build_root()) if not options.labels or c[0] in options.labels]
    shots = os.path.join(rig.build_root(), 'screenshots', 'ui-startup')
    os.makedirs(shots, exist_ok=True)
    results = {label: [] for label, _, _ in runs}
    for number in range(options.rounds + 1):  # the first round warms the page cache and is thrown away
        for label, command, profile in runs:
            result = run_once(command, profile, options.seconds, os.path.join(shots, label.replace(' ', '-') + '.png'))
            if number > 0:
                results[label].append(result)
    print('| window | map s | paint s | CPU s | USS MiB | PSS MiB |\n|---|---|---|---|---|---|')
    for label, rows in results.items():
        print('| %s | %s |' % (label, ' | '.join(cell([r[k] for r in rows], form) for k, form in (
            ('map_s', '.2f'), ('paint_s', '.2f'), ('cpu_s', '.2f'), ('uss_mib', '.0f'), ('pss_mib', '.0f')))))
    if options.keep:
        with open(options.keep, 'w') as out:
            json.dump(results, out, indent=1)


if __name__ == '__main__':
    main()
