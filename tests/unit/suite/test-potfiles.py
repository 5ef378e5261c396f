#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every source file with strings for translators is listed in po/POTFILES, once, and nothing else is."""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
import catalogue  # noqa: E402

ROOT = catalogue.ROOT
ROOMS = ('apps', 'data', 'hal-bridge', 'libcloudcore')

COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*', re.S)
STRING = r'\s*\(\s*"'
MARKED = {
    '.c': re.compile(r'\b(?:_|N_|gettext|g_dgettext)' + STRING
                     + r'|\b(?:C_|NC_|ngettext|g_dngettext|g_dpgettext2?)\s*\('),
    '.ui': re.compile(r'\btranslatable="(?:yes|true)"'),
    '.desktop.in': re.compile(r'^(?:Name|GenericName|Comment|Keywords)=', re.M),
    '.metainfo.xml.in': re.compile(r'<(?:name|summary|p|caption|li)\b'),
}


def has_strings(path):
    for ending, marked in MARKED.items():
        if path.endswith(ending):
            with open(os.path.join(ROOT, path), encoding='utf-8') as source:
                text = source.read()
            return marked.search(COMMENT.sub('', text) if ending == '.c' else text) is not None
    return False


def marked_files():
    found = []
    for room in ROOMS:
        for folder, _folders, names in os.walk(os.path.join(ROOT, room)):
            paths = (os.path.relpath(os.path.join(folder, name), ROOT) for name in names)
            found += [path for path in paths if has_strings(path)]
    return found


def main():
    marked, listed = set(marked_files()), catalogue.potfiles()
    checks = (
        ('each file with strings is listed', sorted(marked - set(listed))),
        ('each listed file has strings', sorted(set(listed) - marked)),
        ('each is listed once', sorted(path for path in set(listed) if listed.count(path) > 1)),
    )
    print('1..%d' % len(checks))
    for number, (title, wrong) in enumerate(checks, 1):
        print('%s %d - %s' % ('not ok' if wrong else 'ok', number, title))
        for path in wrong:
            print('# ' + path)
    return 1 if any(wrong for _title, wrong in checks) else 0


sys.exit(main())
