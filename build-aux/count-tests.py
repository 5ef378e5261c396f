#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""count-tests.py BUILDDIR [LOG]: reads the log of `meson test` ("testlog") and ends with the line 'N passed, N failed, N skipped'.

Cases of TAP programs are counted one by one.  A program that crashed, timed out or announced more cases than it ran counts as
failed even when each case that it told of passed.  Exit status 1 when anything failed or nothing passed."""

import json
import os
import re
import sys

CASE = re.compile(r'^(not )?ok\b(.*)$', re.M)
PLAN = re.compile(r'^1\.\.(\d+)', re.M)
BAD = ('FAIL', 'ERROR', 'TIMEOUT', 'INTERRUPT', 'UNEXPECTEDPASS')


def count(test):
    """(passed, failed, skipped) of one program, and why it counts as bad."""
    output, result = test.get('stdout') or '', test['result']
    plan = PLAN.search(output)
    if not plan:
        return {'SKIP': (0, 0, 1)}.get(result, (0, 1, 0) if result in BAD else (1, 0, 0)), []
    passed = failed = skipped = 0
    names = []
    for match in CASE.finditer(output):
        words = match.group(2)
        if re.search(r'#\s*SKIP', words, re.I):
            skipped += 1
        elif match.group(1):
            failed += 1
            names.append(words.strip(' -0123456789') or 'a case')
        else:
            passed += 1
    missing = int(plan.group(1)) - passed - failed - skipped
    if (result in BAD or missing > 0) and not failed:
        failed += 1
        names.append('%s after %d of %s cases' % (result, passed + skipped, plan.group(1)))
    return (passed, failed, skipped), names


def main():
    total = [0, 0, 0]
    with open(os.path.join(sys.argv[1], 'meson-logs', (sys.argv[2:] or ['testlog'])[0] + '.json'), encoding='utf-8', errors='replace') as log:
        for line in log:
            test = json.loads(line)
            counts, names = count(test)
            total = [a + b for a, b in zip(total, counts)]
            if counts[1]:
                print('failed: %s (%s)%s' % (test['name'], test['result'], ''.join('\n  ' + n for n in names)))
    print('%d passed, %d failed, %d skipped' % tuple(total))
    return 1 if total[1] or not total[0] else 0


sys.exit(main())
