#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The test of translations sees each kind of hole that a translation can have."""

import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', '..'))
import catalogue  # noqa: E402

CHECK = os.path.join(HERE, 'test-translations.py')


def blocks(po):
    return re.split(r'\n\s*\n', po)


def change(po, wanted, function):
    """`po` with its first block that has all of `wanted` replaced by function(block)."""
    found = blocks(po)
    number = next(n for n, block in enumerate(found) if n and all(word in block for word in wanted))
    found[number] = function(found[number])
    return '\n\n'.join(found)


HOLES = (
    ('is removed', ('msgid "Reply"',), lambda block: '', 'untranslated: .Reply'),
    ('is empty', ('msgid "Reply"',), lambda block: re.sub(r'msgstr ".*"', 'msgstr ""', block), 'untranslated: .Reply'),
    ('is in doubt', ('msgid "Reply"',), lambda block: '#, fuzzy\n' + block, 'fuzzy: .Reply'),
    ('repeats an English sentence', ('msgid "Write a Message"',), lambda block: re.sub(r'msgstr ".*"', 'msgstr "Write a Message"', block), 'repeats'),
    ('lacks the format of the English', ('msgid_plural', '%d'), lambda block: re.sub(r'(msgstr\[0\] ".*)%d', r'\1%s', block), 'format'),
    ('has a plural form too many', ('msgid_plural', 'msgstr[0]'), lambda block: block + '\nmsgstr[1] "%d"', 'plural'),
)


def main():
    with open(os.path.join(catalogue.ROOT, 'po', 'zh_CN.po'), encoding='utf-8') as source:
        whole = source.read()
    print('1..%d' % len(HOLES))
    failed = 0
    for number, (title, wanted, function, complaint) in enumerate(HOLES, 1):
        with tempfile.NamedTemporaryFile('w', suffix='.po', encoding='utf-8') as broken:
            broken.write(change(whole, wanted, function))
            broken.flush()
            run = subprocess.run([sys.executable, CHECK, broken.name], capture_output=True, text=True, check=False)
        good = run.returncode == 1 and re.search(complaint, run.stdout, re.M)
        failed += not good
        print('%s %d - a translation that %s is noticed' % ('ok' if good else 'not ok', number, title))
        if not good:
            print('\n'.join('# ' + line for line in (run.stdout + run.stderr).splitlines()))
    return 1 if failed else 0


sys.exit(main())
