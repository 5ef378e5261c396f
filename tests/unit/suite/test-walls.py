#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The walls between the rooms stand: what a room must not speak does not compile there, with the very command that builds the room."""

import glob
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

BUILD = os.environ['CIRRUS_BUILD_ROOT']
SOURCE = os.environ['CIRRUS_SOURCE_ROOT']

# room (a folder's prefix) -> headers that must not compile there
ENGINE = ('gtk/gtk.h', 'adwaita.h', 'shumate/shumate.h')
WINDOW = ('sqlite3.h', 'curl/curl.h', 'libetpan/libetpan.h', 'libxml/tree.h', 'jansson.h')
WALLS = (
    ('libcloudcore/core/', ENGINE + ('curl/curl.h', 'libetpan/libetpan.h')),
    ('libcloudcore/store/', ENGINE + ('curl/curl.h', 'libetpan/libetpan.h')),
    ('libcloudcore/index/', ENGINE + ('curl/curl.h', 'libetpan/libetpan.h')),
    ('libcloudcore/http/', ENGINE + ('libetpan/libetpan.h',)),
    ('libcloudcore/auth/', ENGINE + ('libetpan/libetpan.h',)),
    ('libcloudcore/outbox/', ENGINE + ('curl/curl.h', 'libetpan/libetpan.h')),
    ('libcloudcore/location/', ENGINE + ('curl/curl.h', 'libetpan/libetpan.h')),
    ('hal-bridge/', ENGINE + ('curl/curl.h', 'libetpan/libetpan.h')),
    ('apps/mail/engine/', ENGINE + ('curl/curl.h',)),
    ('apps/weather/engine/', ENGINE + ('curl/curl.h', 'libetpan/libetpan.h')),
    ('apps/search/engine/', ENGINE + ('curl/curl.h', 'libetpan/libetpan.h')),
    ('apps/navi/engine/', ENGINE + ('curl/curl.h', 'libetpan/libetpan.h')),
    ('apps/cli/', ENGINE),
    ('apps/common/', WINDOW), ('apps/home/', WINDOW),
    ('apps/mail/ui/', WINDOW), ('apps/weather/ui/', WINDOW), ('apps/search/ui/', WINDOW), ('apps/navi/ui/', WINDOW),
)
SQL = re.compile(r'"[^"\n]*\b(SELECT\s+[\w*(]|INSERT\s+(OR\s+\w+\s+)?INTO\b|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b'
                 r'|CREATE\s+(VIRTUAL\s+|UNIQUE\s+)?(TABLE|INDEX|TRIGGER)\b)')


def commands():
    with open(os.path.join(BUILD, 'compile_commands.json'), encoding='utf-8') as database:
        for entry in json.load(database):
            path = os.path.relpath(os.path.normpath(os.path.join(entry['directory'], entry['file'])), SOURCE)
            if not path.startswith('..') and path.endswith('.c'):
                yield path, entry


def compiles(entry, header, body='int nothing;'):
    """Whether a file that includes `header` and says `body` passes the compiler as the room's own files do."""
    words = shlex.split(entry['command'])
    drop = {'-MD', '-MMD', '-c'}
    command, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in ('-o', '-MF', '-MQ', '-MT'):
            skip = True
        elif word not in drop and os.path.normpath(os.path.join(entry['directory'], word)) != os.path.normpath(
                os.path.join(entry['directory'], entry['file'])):
            command.append(word)
    with tempfile.NamedTemporaryFile('w', suffix='.c') as source:
        source.write('#include <%s>\n%s\n' % (header, body))
        source.flush()
        result = subprocess.run(command + ['-fsyntax-only', source.name], cwd=entry['directory'], capture_output=True, text=True)
    return result.returncode == 0, result.stderr


def check_rooms(say):
    rooms = {}
    for path, entry in commands():
        for room, headers in WALLS:
            if path.startswith(room):
                rooms.setdefault(room, (path, entry, headers))
    for room, (path, entry, headers) in sorted(rooms.items()):
        sound, words = compiles(entry, 'glib.h')
        say(sound, '%s compiles what it may speak' % room, words)
        passed, words = compiles(entry, 'string.h', 'void copy (char *to, const char *from);\n'
                                 'void copy (char *to, const char *from) { strcpy (to, from); }')
        say(not passed and 'poisoned' in words, '%s does not compile strcpy()' % room, 'it compiled' if passed else words)
        for header in headers:
            passed, words = compiles(entry, header)
            say(not passed and 'error' in words, '%s does not compile with <%s>' % (room, header), 'it compiled' if passed else words)


def read_sources(pattern):
    for path in glob.glob(os.path.join(SOURCE, pattern), recursive=True):
        with open(path, encoding='utf-8') as source:
            yield os.path.relpath(path, SOURCE), source.read()


def check_sql(say):
    bad = []
    for folder in ('libcloudcore', 'hal-bridge', 'apps'):
        for path, text in read_sources(folder + '/**/*.c'):
            if re.search(r'-store(-[\w-]+)?\.c$', path) or path.startswith('libcloudcore/store/'):
                continue
            for number, line in enumerate(text.splitlines(), 1):
                if SQL.search(line):
                    bad.append('%s:%d: %s' % (path, number, line.strip()))
    say(not bad, 'SQL is written only in *-store.c (and in the store room itself)', '\n'.join(bad))


def check_engines(say):
    """No engine includes another's headers."""
    bad = []
    for app in ('mail', 'weather', 'search', 'navi'):
        names = {'mail': 'mailer', 'weather': 'weather', 'search': 'search', 'navi': 'navi'}
        others = [prefix for other, prefix in names.items() if other != app]
        for path, text in read_sources('apps/%s/engine/**/*.[ch]' % app):
            for match in re.finditer(r'#include "((?:%s)-[^"]+)"' % '|'.join(others), text):
                bad.append('%s includes %s' % (path, match.group(1)))
    say(not bad, 'engines do not know each other', '\n'.join(bad))


def main():
    count, failed = 0, 0

    def say(passed, title, words=''):
        nonlocal count, failed
        count += 1
        failed += not passed
        print('%s %d - %s' % ('ok' if passed else 'not ok', count, title), flush=True)
        if not passed:
            print('\n'.join('# ' + line for line in words.splitlines()[:20]))

    check_rooms(say)
    check_sql(say)
    check_engines(say)
    print('1..%d' % count)
    return 1 if failed else 0


sys.exit(main())
