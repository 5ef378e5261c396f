# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sources say in English and what of it is Chinese, read with gettext's own tools.

template() is what `ninja cirrus-pot` would write; merged(po) is a translation brought up to date with it, as translators would see it;
entries(text) reads either.  English tells whether a text on a Chinese screen is one of ours that was left as it is in the sources."""

import os
import re
import subprocess
import tempfile

ROOT = os.environ.get('CIRRUS_SOURCE_ROOT') or os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
ESCAPES = {'n': '\n', 't': '\t', '"': '"', '\\': '\\'}
# As meson's preset 'glib' has them.
KEYWORDS = ['--keyword=_', '--keyword=N_', '--keyword=C_:1c,2', '--keyword=NC_:1c,2', '--keyword=g_dcgettext:2', '--keyword=g_dngettext:2,3',
            '--keyword=g_dpgettext2:2c,3', '--flag=N_:1:pass-c-format', '--flag=C_:2:pass-c-format', '--flag=NC_:2:pass-c-format',
            '--flag=g_dngettext:2:pass-c-format', '--flag=g_strdup_printf:1:c-format', '--flag=g_string_append_printf:2:c-format',
            '--flag=g_markup_printf_escaped:1:c-format']
DIRECTIVE = re.compile(r"%(?:\d+\$)?[-+ 0'#]*(?:\d+|\*)?(?:\.\d+)?(?:hh|h|ll|l|z|j)?[a-zA-Z]|%%")


def potfiles():
    with open(os.path.join(ROOT, 'po', 'POTFILES'), encoding='utf-8') as listing:
        return [line.strip() for line in listing if line.strip() and not line.startswith('#')]


def template(files=None):
    """The template made of `files`, of all that po/POTFILES lists by default; raises when xgettext refuses."""
    run = subprocess.run(['xgettext', '--from-code=UTF-8', '--output=-', '--directory=' + ROOT] + KEYWORDS + (files or potfiles()),
                         env={**os.environ, 'LC_ALL': 'C.UTF-8'}, capture_output=True, encoding='utf-8', check=False)
    if run.returncode != 0:
        raise ValueError(run.stderr)
    return run.stdout.replace('charset=CHARSET', 'charset=UTF-8')


def merged(po, pot):
    """The text of the translation `po` (a path) under the template `pot` (a text): its strings, with the template's format flags."""
    with tempfile.NamedTemporaryFile('w', suffix='.pot', encoding='utf-8') as reference:
        reference.write(pot)
        reference.flush()
        return subprocess.run(['msgmerge', '--quiet', '--no-fuzzy-matching', '--output-file=-', po, reference.name],
                              env={**os.environ, 'LC_ALL': 'C.UTF-8'}, capture_output=True, encoding='utf-8', check=True).stdout


def complaints_of_msgfmt(text):
    """What msgfmt says about formats, plurals and the header of a translation."""
    run = subprocess.run(['msgfmt', '--check', '--output-file=/dev/null', '-'], input=text, env={**os.environ, 'LC_ALL': 'C.UTF-8'},
                         capture_output=True, encoding='utf-8', check=False)
    return run.stderr.splitlines() if run.returncode != 0 else []


class Entry:
    """One message: its English (singular and plural), its translations, and whether a translator has doubts."""

    def __init__(self, block):
        fields, current = {}, None
        for line in block.splitlines():
            match = re.match(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?) "(.*)"$', line)
            if match:
                current = match.group(1)
                fields[current] = match.group(2)
            elif line.startswith('"') and current:
                fields[current] += line[1:-1]
        fields = {name: re.sub(r'\\(.)', lambda m: ESCAPES.get(m.group(1), m.group(1)), value) for name, value in fields.items()}
        self.context = fields.get('msgctxt')
        self.english = [fields[name] for name in ('msgid', 'msgid_plural') if name in fields]
        self.translations = [value for name, value in fields.items() if name.startswith('msgstr')]
        self.fuzzy = re.search(r'^#,.*\bfuzzy\b', block, re.M) is not None

    @property
    def is_translated(self):
        return not self.fuzzy and bool(self.translations) and all(self.translations)


def entries(text):
    """The messages of a .po or .pot text, without its header and what is obsolete."""
    found = [Entry(block) for block in re.split(r'\n\s*\n', text) if re.search(r'^msgid ', block, re.M)]
    return [entry for entry in found if entry.english != ['']]


def letters(text):
    return re.search('[A-Za-z]{2}', DIRECTIVE.sub('', text)) is not None


class English:
    """The sentences of the sources that have another form in Chinese, so that none may stand on a Chinese screen."""

    def __init__(self):
        files = [name for name in potfiles() if name.endswith('.c')]
        pot = template(files)
        self.plain, patterns = set(), []
        for entry in entries(merged(os.path.join(ROOT, 'po', 'zh_CN.po'), pot)):
            for text in entry.english:
                if not letters(text) or text in entry.translations:
                    continue  # a sign, a unit or a name: the same in both
                if not DIRECTIVE.search(text):
                    self.plain.add(text)
                elif self.is_telling(text):
                    patterns.append(self.pattern(text))
        self.formatted = re.compile('|'.join('(?:%s)' % pattern for pattern in patterns), re.S)

    @staticmethod
    def is_telling(text):
        """Around words of anybody ("%s to %s") ours must be more than one, to be known among the user's own."""
        return '%s' not in text or len(re.findall('[A-Za-z]{2,}', DIRECTIVE.sub(' ', text))) > 1

    @staticmethod
    def pattern(text):
        directives = ['.+' if word.endswith('s') else '%' if word == '%%' else r'[-+\d.,:]+' for word in DIRECTIVE.findall(text)] + ['']
        return ''.join(re.escape(part) + directive for part, directive in zip(DIRECTIVE.split(text), directives))

    def find(self, text):
        """The part of `text` that is a sentence of the sources, or None.  Names of rows are several texts with commas between."""
        parts = [text] + [part.strip() for part in re.split('[,，\n]', text)]
        return next((part for part in parts if part in self.plain or (part and self.formatted.fullmatch(part))), None)
