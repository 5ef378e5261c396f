#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""with-turns.py IN OUT [--restrictions N] [--oneways PERCENT] [--seed N]: the same road network with more turn restrictions and one-way streets.

Extracts for measuring are often poor in both.  The result depends on the input and the seed alone, and what was connected stays so:
  - a way becomes one-way only if the two-way ways that remain still connect all that they did;
  - a node gets at most one restriction, and only where a third two-way road leads away: one can still get to the forbidden road by turning
    back on that one.
IN and OUT are of any format that osmium (osmium-tool) knows by its ending.
"""
import argparse
import random
import subprocess

ROADS = {'trunk', 'primary', 'secondary', 'tertiary', 'unclassified', 'residential', 'living_street', 'service', 'trunk_link', 'primary_link',
         'secondary_link', 'tertiary_link'}


class Sets:
    """Union-find."""

    def __init__(self):
        self.parent = {}

    def find(self, item):
        root = item
        while self.parent.setdefault(root, root) != root:
            root = self.parent[root]
        while self.parent[item] != root:
            self.parent[item], item = root, self.parent[item]
        return root

    def join(self, items):
        first = self.find(items[0])
        for item in items[1:]:
            self.parent[self.find(item)] = first


def parse_way(line):
    """(id, tags, nodes) of a line of osmium's OPL format."""
    fields = line.split(' ')
    tags, nodes = {}, []
    for field in fields[1:]:
        if field.startswith('T') and len(field) > 1:
            tags = dict(tag.split('=', 1) for tag in field[1:].split(','))
        elif field.startswith('N') and len(field) > 1:
            nodes = [node[1:] for node in field[1:].split(',')]
    return int(fields[0][1:]), tags, nodes


def choose_oneways(ways, two_way, share, rng):
    """Ways that close a ring of two-way ways can be spared."""
    candidates = sorted(two_way)
    rng.shuffle(candidates)
    sets, spare = Sets(), []
    for way in candidates:
        nodes = ways[way][1]
        if len(set(nodes)) > 1 and len({sets.find(node) for node in nodes}) == 1:
            spare.append(way)
        else:
            sets.join(nodes)
    return set(rng.sample(spare, min(len(spare), len(ways) * share // 100)))


def choose_restrictions(ways, two_way, count, rng):
    """[(from way, via node, to way)]"""
    ends, through = {}, {}
    for way in sorted(two_way):
        nodes = ways[way][1]
        if nodes[0] == nodes[-1]:
            continue
        for node in (nodes[0], nodes[-1]):
            ends.setdefault(node, []).append(way)
        for node in nodes[1:-1]:
            through.setdefault(node, []).append(way)
    places = [node for node in sorted(ends) if len(ends[node]) >= 2 and len(ends[node]) + len(through.get(node, [])) >= 3]
    rng.shuffle(places)
    return [tuple([pair[0], node, pair[1]]) for node in places[:count] for pair in [rng.sample(ends[node], 2)]]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('input')
    parser.add_argument('output')
    parser.add_argument('--restrictions', type=int, default=20000)
    parser.add_argument('--oneways', type=int, default=15)
    parser.add_argument('--seed', type=int, default=20261123)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    lines = subprocess.run(['osmium', 'cat', '-f', 'opl', options.input], check=True, capture_output=True, text=True).stdout.splitlines()
    ways, two_way = {}, set()
    for number, line in enumerate(lines):
        if line.startswith('w'):
            way, tags, nodes = parse_way(line)
            if tags.get('highway') in ROADS and len(nodes) > 1:
                ways[way] = (number, nodes)
                if not {'oneway', 'junction', 'access', 'motor_vehicle', 'vehicle', 'motorroad'} & set(tags):
                    two_way.add(way)
    oneways = choose_oneways(ways, two_way, options.oneways, rng)
    for way in sorted(oneways):
        number = ways[way][0]
        lines[number] = ' '.join(field + ('oneway=yes' if field == 'T' else ',oneway=yes') if field.startswith('T') else field
                                 for field in lines[number].split(' '))
    last = max([int(line.split(' ', 1)[0][1:]) for line in lines if line.startswith('r')] + [0])
    restrictions = choose_restrictions(ways, two_way - oneways, options.restrictions, rng)
    for number, (start, via, end) in enumerate(restrictions):
        lines.append('r%d v1 Ttype=restriction,restriction=no_straight_on Mw%d@from,n%s@via,w%d@to' % (last + 1 + number, start, via, end))
    subprocess.run(['osmium', 'cat', '-F', 'opl', '-', '-O', '-o', options.output], check=True, input='\n'.join(lines) + '\n', text=True)
    print('%d ways, %d made one-way, %d restrictions added' % (len(ways), len(oneways), len(restrictions)))


if __name__ == '__main__':
    main()
