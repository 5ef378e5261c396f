#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the tables of Chinese characters that cloud-han.c compiles in, out of Debian's unicode-data (Unihan).

usage: gen-han.py UNIHAN_VARIANTS UNIHAN_READINGS PINYIN_WORDS OUTPUT

Two questions are answered per character: which character it is folded to (traditional to simplified, and forms that no
modern standard lists to the one it does), and its most customary reading without tone.  Both are two-stage tables over
U+3400..U+9FFF, and short sorted lists for what lies beyond the BMP.  The output depends on the inputs alone.
"""

import bz2
import re
import sys
import unicodedata

FIRST, LAST, PAGE = 0x3400, 0x9FFF, 64


def read_unihan(path, wanted):
    fields = {name: {} for name in wanted}
    with bz2.open(path, 'rt', encoding='utf-8') as lines:
        for line in lines:
            parts = line.rstrip('\n').split('\t')
            if len(parts) == 3 and parts[1] in fields:
                fields[parts[1]][int(parts[0][2:], 16)] = parts[2]
    return fields


def code_points(value):
    return [int(found, 16) for found in re.findall(r'U\+([0-9A-F]+)', value)]


def plain(syllable):
    """Without tone, as it is typed: u with diaeresis is v."""
    out = []
    for char in unicodedata.normalize('NFD', syllable):
        if char == '\u0308' and out and out[-1] == 'u':
            out[-1] = 'v'
        elif not unicodedata.combining(char):
            out.append(char)
    return ''.join(out)


def variant_edges(variants, standard):
    """One step towards the standard simplified character."""
    edges = {}
    for char, value in variants['kSimplifiedVariant'].items():
        others = [code for code in code_points(value) if code != char and (code in standard or char not in standard)]
        if others:
            edges[char] = others[0]
    for field in ('kSemanticVariant', 'kZVariant'):
        for char, value in sorted(variants[field].items()):
            if char in edges or char in standard:
                continue
            for entry in value.split():
                sources = entry.partition('<')[2]
                sure = field == 'kZVariant' or 'kHKGlyph' in sources or sources.startswith('kLau,kMatthews,kMeyerWempe')
                target = code_points(entry)[0]
                if sure and (target in standard or target in variants['kSimplifiedVariant']):
                    edges[char] = target
                    break
    return edges


def follow(edges, char):
    seen = {char}
    while char in edges and edges[char] not in seen:
        char = edges[char]
        seen.add(char)
    return char


def two_stage(values):
    pages, index = [], []
    for start in range(FIRST, LAST + 1, PAGE):
        page = tuple(values.get(code, 0) for code in range(start, start + PAGE))
        if page not in pages:
            pages.append(page)
        index.append(pages.index(page))
    return index, pages


def emit_array(out, kind, name, values):
    out.append(f'static const {kind} {name}[] = {{')
    for i in range(0, len(values), 16):
        out.append('  ' + ' '.join(f'{value},' for value in values[i:i + 16]))
    out.append('};')


def emit_two_stage(out, name, values):
    index, pages = two_stage(values)
    emit_array(out, 'guint16', f'{name}_index', index)
    emit_array(out, 'guint16', f'{name}_pages', [value for page in pages for value in page])


def emit_pairs(out, name, pairs):
    out.append(f'static const struct {{ gunichar from; gunichar to; }} {name}[] = {{')
    out.extend(f'  {{ 0x{char:X}, {value} }},' for char, value in sorted(pairs.items()))
    out.append('};')


def read_words(path, folded, numbers):
    """Lines of "word syllable syllable ..."; later words win over none, longer ones over shorter."""
    words = []
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            parts = line.split('#')[0].split()
            if not parts:
                continue
            if len(parts[0]) != len(parts) - 1:
                sys.exit(f'{path}: {line.strip()}: one syllable a character')
            word = ''.join(chr(folded.get(ord(char), ord(char))) for char in parts[0])
            words.append((word, [numbers[syllable] for syllable in parts[1:]]))
    longest = max(len(word) for word, _ in words)
    return sorted(words, key=lambda entry: (entry[0][0], -len(entry[0]), entry[0])), longest


def main():
    variants_path, readings_path, words_path, output = sys.argv[1:]
    variants = read_unihan(variants_path, ('kSimplifiedVariant', 'kSemanticVariant', 'kZVariant'))
    readings = read_unihan(readings_path, ('kMandarin', 'kTGHZ2013'))
    standard = set(readings['kTGHZ2013'])

    edges = variant_edges(variants, standard)
    folded = {char: follow(edges, char) for char in edges}
    folded = {char: target for char, target in folded.items() if target != char}

    pinyin = {char: plain(value.split()[0]) for char, value in readings['kMandarin'].items()}
    pinyin = {char: value for char, value in pinyin.items() if re.fullmatch('[a-z]+', value)}
    syllables = [''] + sorted(set(pinyin.values()))
    numbers = {syllable: i for i, syllable in enumerate(syllables)}
    words, longest = read_words(words_path, folded, numbers)

    def in_table(char):
        return FIRST <= char <= LAST

    out = ['/* Made by gen-han.py from Unihan; do not edit. */',
           f'#define HAN_FIRST 0x{FIRST:X}', f'#define HAN_LAST 0x{LAST:X}', f'#define HAN_PAGE {PAGE}',
           f'#define HAN_WORD_MAX {longest}']
    emit_two_stage(out, 'han_fold', {c: t for c, t in folded.items() if in_table(c) and t <= 0xFFFF})
    emit_pairs(out, 'han_fold_rare', {c: f'0x{t:X}' for c, t in folded.items() if not in_table(c) or t > 0xFFFF})
    emit_two_stage(out, 'han_pinyin', {c: numbers[p] for c, p in pinyin.items() if in_table(c)})
    emit_pairs(out, 'han_pinyin_rare', {c: numbers[p] for c, p in pinyin.items() if not in_table(c) and c in standard})
    out.append('static const char *const han_syllables[] = {')
    out.extend(f'  "{syllable}",' for syllable in syllables)
    out.append('};')
    out.append('static const struct { gunichar word[HAN_WORD_MAX + 1]; guint16 syllables[HAN_WORD_MAX]; } han_words[] = {')
    for word, sounds in words:
        out.append('  { { ' + ', '.join(f'0x{ord(char):X}' for char in word) + ' }, { ' + ', '.join(map(str, sounds)) + ' } },')
    out.append('};')
    with open(output, 'w', encoding='ascii') as file:
        file.write('\n'.join(out) + '\n')


main()
