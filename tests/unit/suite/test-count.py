#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The closing line of ./test tells the truth: cases, crashes, time-outs and broken plans."""

import json
import os
import subprocess
import sys
import tempfile

COUNT = os.path.join(os.environ['CIRRUS_SOURCE_ROOT'], 'build-aux', 'count-tests.py')
TAP = 'TAP version 13\n1..3\nok 1 - a\nok 2 - b\nok 3 - c\n'

CASES = (
    ('each case of a program counts', [('OK', TAP)], '3 passed, 0 failed, 0 skipped', 0),
    ('a program without TAP is one', [('OK', 'fine')], '1 passed, 0 failed, 0 skipped', 0),
    ('a failed case fails', [('FAIL', '1..2\nok 1 - a\nnot ok 2 - b\n')], '1 passed, 1 failed, 0 skipped', 1),
    ('a crash after good cases fails', [('FAIL', '1..3\nok 1 - a\nok 2 - b\n')], '2 passed, 1 failed, 0 skipped', 1),
    ('a time-out fails', [('TIMEOUT', '')], '0 passed, 1 failed, 0 skipped', 1),
    ('an exit status without a failed case fails', [('ERROR', TAP)], '3 passed, 1 failed, 0 skipped', 1),
    ('fewer cases than planned fail', [('OK', '1..5\nok 1 - a\n')], '1 passed, 1 failed, 0 skipped', 1),
    ('a skipped case is told', [('OK', '1..2\nok 1 - a\nok 2 - b # SKIP no server\n')], '1 passed, 0 failed, 1 skipped', 0),
    ('a skipped program is told', [('OK', TAP), ('SKIP', '')], '3 passed, 0 failed, 1 skipped', 0),
    ('nothing passed is no success', [('SKIP', '')], '0 passed, 0 failed, 1 skipped', 1),
)


def main():
    failed = 0
    print('1..%d' % len(CASES))
    for number, (title, programs, line, status) in enumerate(CASES, 1):
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, 'meson-logs'))
            with open(os.path.join(folder, 'meson-logs', 'testlog.json'), 'w', encoding='utf-8') as log:
                for i, (result, output) in enumerate(programs):
                    log.write(json.dumps({'name': 'program-%d' % i, 'result': result, 'stdout': output}) + '\n')
            run = subprocess.run([sys.executable, COUNT, folder], capture_output=True, text=True)
        good = run.stdout.splitlines()[-1:] == [line] and run.returncode == status
        failed += not good
        print('%s %d - %s' % ('ok' if good else 'not ok', number, title))
        if not good:
            print('# ' + (run.stdout + run.stderr).replace('\n', '\n# '))
    return 1 if failed else 0


sys.exit(main())
