#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Usage: add_conditions.py IN.osm OUT.osm: the same map with conditional tags and limits of size on some of its roads, barriers and turn
restrictions, chosen by a fixed seed: for tests of routes at a time and for a vehicle."""
import random
import sys
import xml.etree.ElementTree as ET

TIMES = ['Mo-Fr 07:00-09:00', '22:00-06:00', 'Sa,Su 10:00-18:00', 'Mo-Sa 06:00-10:00,16:00-19:00', 'Nov-Mar', 'Mo-Fr 07:00-18:00; PH off', '00:00-24:00']
WAY_TAGS = [
    lambda t: {'motor_vehicle:conditional': 'no @ (%s)' % t()},
    lambda t: {'access:conditional': 'destination @ (%s)' % t()},
    lambda t: {'vehicle:conditional': 'no @ (%s); destination @ (%s)' % (t(), t()), 'bicycle:conditional': 'yes @ (%s)' % t()},
    lambda t: {'motor_vehicle': 'no', 'motor_vehicle:conditional': 'yes @ (%s)' % t()},
    lambda t: {'access': 'no', 'access:conditional': 'yes @ (%s)' % t()},
    lambda t: {'oneway': 'reversible', 'oneway:conditional': 'yes @ (%s); -1 @ (%s)' % (t(), t())},
    lambda t: {'oneway:conditional': 'yes @ (%s)' % t()},
    lambda t: {'maxspeed:conditional': '20 @ (%s)' % t()},
    lambda t: {'maxspeed:forward:conditional': '15 @ (%s)' % t()},
    lambda t: {'motor_vehicle:conditional': 'no @ (weight>3.5 AND %s)' % t().split(';')[0]},
    lambda t: {'maxheight': '2.5'},
    lambda t: {'maxheight': '''8'6"''', 'maxweight': '3.5 t'},
    lambda t: {'maxweight:conditional': '3 @ (%s)' % t()},
    lambda t: {'maxwidth:forward': '2.1'},
]


def main(source, target):
    rng = random.Random(20261124)
    tree = ET.parse(source)
    root = tree.getroot()
    times = lambda: rng.choice(TIMES)  # noqa: E731
    for element in root:
        tags = {t.get('k'): t for t in element.findall('tag')}
        if element.tag == 'way' and 'highway' in tags and rng.random() < 0.3:
            added = rng.choice(WAY_TAGS)(times)
        elif element.tag == 'node' and 'barrier' in tags and rng.random() < 0.6:
            added = rng.choice([{'access:conditional': 'no @ (%s)' % times()}, {'access': 'no', 'access:conditional': 'yes @ (%s)' % times()},
                                {'maxheight': '2.2'}])
        elif element.tag == 'relation' and 'restriction' in tags and rng.random() < 0.6:
            value = tags['restriction'].get('v')
            if rng.random() < 0.7:
                element.remove(tags['restriction'])
            added = {'restriction:conditional': '%s @ (%s)' % (value if rng.random() < 0.8 else 'none', times())}
        else:
            continue
        for key, value in added.items():
            if key in tags:
                element.remove(tags[key])
            ET.SubElement(element, 'tag', k=key, v=value)
    tree.write(target, encoding='utf-8', xml_declaration=True)


if __name__ == '__main__':
    main(*sys.argv[1:])
