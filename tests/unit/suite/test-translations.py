#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every language of po/LINGUAS says all that the sources, launchers and descriptions say; and no text reaches a window around gettext.

    test-translations.py [PO...]      other files instead of those of po/LINGUAS: what the test of the test gives it"""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
import catalogue  # noqa: E402

ROOT = catalogue.ROOT
# What puts a text before the user's eyes or into the accessibility tree; the literal is what a translator would never see.
SHOWN = re.compile(r'''\b(?:gtk_label_new|gtk_(?:check_|toggle_|link_|menu_)?button_new_with_(?:label|mnemonic)|(?:gtk|adw)_\w+_set_(?:title|subtitle|label|text|
    tooltip_text|placeholder_text|description|heading|body|markup)|adw_toast_new|adw_window_title_new|g_menu_append|g_menu_item_new)
    \s*\((?:[^;"]*?,)?\s*"([^"]*)"
    |(?:GTK_ACCESSIBLE_PROPERTY_(?:LABEL|DESCRIPTION|PLACEHOLDER)|"(?:title|subtitle|label|tooltip-text|placeholder-text|description|heading|body)")\s*,\s*"([A-Z][^"]*)"''',
                   re.X)
COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*', re.S)
WINDOWS = ('apps/common', 'apps/home', 'apps/mail/ui', 'apps/navi/ui', 'apps/search/ui', 'apps/weather/ui')


def languages():
    with open(os.path.join(ROOT, 'po', 'LINGUAS'), encoding='utf-8') as listing:
        return [os.path.join(ROOT, 'po', name + '.po') for line in listing if not line.startswith('#') for name in line.split()]


def untranslated(text):
    return ['%s: %r' % ('fuzzy' if entry.fuzzy else 'untranslated', entry.english[0]) for entry in catalogue.entries(text) if not entry.is_translated]


def left_in_english(text):
    """A translation that merely repeats an English sentence; a single word may be a name."""
    return ['repeats the English: %r' % entry.english[0] for entry in catalogue.entries(text)
            if set(entry.translations) & set(entry.english) and len(re.findall('[A-Za-z]{2,}', catalogue.DIRECTIVE.sub(' ', entry.english[0]))) > 1]


def literals():
    """Words put into a window without gettext."""
    found = []
    for room in WINDOWS:
        for folder, _folders, names in os.walk(os.path.join(ROOT, room)):
            for name in (name for name in names if name.endswith('.c')):
                path = os.path.join(folder, name)
                with open(path, encoding='utf-8') as source:
                    text = COMMENT.sub(lambda m: '\n' * m.group().count('\n'), source.read())
                for match in SHOWN.finditer(text):
                    literal = match.group(1) or match.group(2) or ''
                    if catalogue.letters(literal):
                        found.append('%s:%d: %r' % (os.path.relpath(path, ROOT), text.count('\n', 0, match.start()) + 1, literal))
    return found


def main():
    pot = catalogue.template()
    checks = [('no words reach a window around gettext', literals())]
    for po in sys.argv[1:] or languages():
        name, text = os.path.basename(po), catalogue.merged(po, pot)
        checks += [(name + ' translates every string, none in doubt', untranslated(text)),
                   (name + ' has the formats and plurals of the English', catalogue.complaints_of_msgfmt(text)),
                   (name + ' leaves no sentence as it is in English', left_in_english(text))]
    n_strings = len(catalogue.entries(pot))
    checks.append(('the sources have strings at all', [] if n_strings > len(catalogue.potfiles()) else ['%d strings' % n_strings]))
    print('1..%d' % len(checks))
    for number, (title, wrong) in enumerate(checks, 1):
        print('%s %d - %s' % ('not ok' if wrong else 'ok', number, title))
        for line in wrong:
            print('# ' + line)
    print('# %d strings' % n_strings)
    return 1 if any(wrong for _title, wrong in checks) else 0


sys.exit(main())
