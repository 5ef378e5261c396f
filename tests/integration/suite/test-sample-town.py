#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample town that the build made: a sound OpenStreetMap file of a town one can get about in, and a drive that keeps to its roads."""
import collections
import filecmp
import json
import math
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

BUILD = os.environ["CIRRUS_BUILD_ROOT"]
SAMPLE = os.path.join(BUILD, "data/sample")
CAR = {"motorway", "motorway_link", "primary", "secondary", "tertiary", "residential", "living_street"}
FILES = ["lindenau.osm", "lindenau-drive.nmea", "lindenau-drive.gpx", "lindenau-drive.json"]
number = 0
failed = 0


def check(good, name):
    global number, failed
    number += 1
    failed += not good
    print("ok" if good else "not ok", number, "-", name, flush=True)


class Town:
    def __init__(self, path):
        root = ET.parse(path).getroot()
        self.nodes = {n.get("id"): (float(n.get("lat")), float(n.get("lon"))) for n in root.iter("node")}
        self.node_tags = {n.get("id"): self.tags(n) for n in root.iter("node")}
        self.ways = {w.get("id"): ([r.get("ref") for r in w.iter("nd")], self.tags(w)) for w in root.iter("way")}
        self.relations = [([(m.get("type"), m.get("ref"), m.get("role")) for m in r.iter("member")], self.tags(r))
                          for r in root.iter("relation")]

    @staticmethod
    def tags(element):
        return {t.get("k"): t.get("v") for t in element.iter("tag")}

    def metres(self, a, b):
        (lat1, lon1), (lat2, lon2) = a, b
        return math.hypot((lat1 - lat2) * 111132, (lon1 - lon2) * 111320 * math.cos(math.radians(lat1)))

    def arcs(self, usable):
        result = collections.defaultdict(set)
        for refs, tags in self.ways.values():
            if not usable(tags):
                continue
            for a, b in zip(refs, refs[1:]):
                result[a].add(b)
                if tags.get("oneway") != "yes" and tags.get("junction") != "roundabout":
                    result[b].add(a)
        return result


def reach(start, arcs):
    seen, stack = {start}, [start]
    while stack:
        for b in arcs.get(stack.pop(), ()):
            if b not in seen:
                seen.add(b)
                stack.append(b)
    return seen


def check_file(town):
    missing = [w for w, (refs, _) in town.ways.items() if any(r not in town.nodes for r in refs)]
    check(not missing, "no way lacks a node")
    osmium = subprocess.run(["osmium", "check-refs", "--check-relations", os.path.join(SAMPLE, "lindenau.osm")], capture_output=True)
    check(osmium.returncode == 0, "osmium finds the file whole")
    roads = {n for refs, tags in town.ways.values() if "highway" in tags for n in refs}
    check(3000 <= len(roads) <= 5000, f"{len(roads)} road nodes")
    houses = sum(1 for _, tags in town.ways.values() if "addr:housenumber" in tags)
    check(2000 <= houses <= 7000, f"{houses} house numbers")
    named = [tags for _, tags in town.ways.values() if "highway" in tags and "name" in tags]
    check(named and all("name:en" in t and "name:zh" in t for t in named), f"{len(named)} named ways have English and Chinese names")


def check_features(town):
    tags = [t for _, t in town.ways.values()] + list(town.node_tags.values()) + [t for _, t in town.relations]
    wanted = {
        "one-way streets": lambda t: t.get("oneway") == "yes" and t.get("highway") == "residential",
        "roundabouts": lambda t: t.get("junction") == "roundabout",
        "ferries": lambda t: t.get("route") == "ferry",
        "bridges": lambda t: t.get("bridge") == "yes" and "highway" in t,
        "turn lanes": lambda t: any(k.startswith("turn:lanes:") for k in t),
        "traffic lights": lambda t: t.get("highway") == "traffic_signals",
        "motorway signs": lambda t: t.get("highway") == "motorway_link" and "destination" in t,
        "motorway exits": lambda t: t.get("highway") == "motorway_junction" and "ref" in t,
        "level crossings": lambda t: t.get("railway") == "level_crossing",
        "a station": lambda t: t.get("railway") == "station",
        "opening hours": lambda t: "opening_hours" in t and "phone" in t and "website" in t,
        "cuisines": lambda t: "cuisine" in t,
        "wheelchair access": lambda t: "wheelchair" in t,
        "pedestrian streets": lambda t: t.get("highway") == "pedestrian",
        "cycleways": lambda t: t.get("highway") == "cycleway",
        "parks and woods": lambda t: t.get("leisure") == "park" or t.get("natural") == "wood",
        "a lake with an island": lambda t: t.get("type") == "multipolygon" and t.get("natural") == "water",
    }
    absent = [name for name, test in wanted.items() if not any(test(t) for t in tags)]
    check(not absent, f"the town has {', '.join(wanted)}" if not absent else f"absent: {absent}")


def check_restrictions(town):
    kinds = collections.Counter()
    good = True
    for members, tags in town.relations:
        if tags.get("type") != "restriction":
            continue
        role = {r: (t, ref) for t, ref, r in members}
        start, end = town.ways[role["from"][1]][0], town.ways[role["to"][1]][0]
        kind, via = role["via"]
        via = {via} if kind == "node" else {town.ways[via][0][0], town.ways[via][0][-1]}
        kinds[kind] += 1
        good = good and bool(via & {start[0], start[-1]}) and bool(via & {end[0], end[-1]})
    check(good and kinds["node"] >= 5 and kinds["way"] >= 2, f"restrictions by node and by way whose members meet: {dict(kinds)}")


def check_connected(town):
    arcs = town.arcs(lambda t: t.get("highway") in CAR - {"motorway", "motorway_link"} or t.get("route") == "ferry")
    back = collections.defaultdict(set)
    for a, ends in arcs.items():
        for b in ends:
            back[b].add(a)
    start = max(arcs, key=lambda n: len(arcs[n]))
    nodes = set(arcs) | set(back)
    both = reach(start, arcs) & reach(start, back)
    check(nodes == both, f"a car gets from everywhere to everywhere in the town ({len(nodes - both)} nodes left out)")
    feet = collections.defaultdict(set)
    for refs, tags in town.ways.values():
        if tags.get("highway", "").startswith("motorway") or not ("highway" in tags or tags.get("route") == "ferry") or tags.get("area") == "yes":
            continue
        for a, b in zip(refs, refs[1:]):
            feet[a].add(b)
            feet[b].add(a)
    check(len(reach(start, feet)) == len(feet), "and on foot along every path")
    links = {n for refs, t in town.ways.values() if t.get("highway") == "motorway_link" for n in (refs[0], refs[-1])}
    check(sum(1 for n in links if n in both) >= 4, "the motorway's ramps lead into the town")


def check_drive(town):
    with open(os.path.join(SAMPLE, "lindenau-drive.json"), encoding="utf-8") as file:
        drive = json.load(file)
    cirrus = os.path.join(BUILD, "apps/cli/cirrus")
    tracks = []
    for kind, name in (("--nmea", "lindenau-drive.nmea"), ("--gpx", "lindenau-drive.gpx")):
        run = subprocess.run([cirrus, "hal", "decode", kind, os.path.join(SAMPLE, name)], capture_output=True, text=True, check=True)
        tracks.append([json.loads(line) for line in run.stdout.splitlines()])
    nmea, gpx = tracks
    check(len(nmea) == len(gpx) == drive["duration_s"] and 300 <= len(nmea) <= 480, f"a fix a second for {len(nmea)} s in both files")
    check(all(abs(a["lat"] - b["lat"]) < 1e-6 and abs(a["lon"] - b["lon"]) < 1e-6 for a, b in zip(nmea, gpx)), "the same places in both")
    end = drive["destination"]
    check(town.metres((nmea[-1]["lat"], nmea[-1]["lon"]), (end["lat"], end["lon"])) < 20, "it ends at the destination")
    check(max(fix["speed_mps"] for fix in nmea) < 50 / 3.6 + 0.5, "within the speed limits of a town")
    check(sum(1 for a, b in zip(nmea[5:-8], nmea[6:]) if b["speed_mps"] < 0.2) >= 5, "it waits at a light")
    cells = collections.defaultdict(list)
    for refs, tags in town.ways.values():
        if tags.get("highway") in CAR:
            for a, b in zip(refs, refs[1:]):
                (la, oa), (lb, ob) = town.nodes[a], town.nodes[b]
                steps = max(1, int(town.metres((la, oa), (lb, ob)) / 4))
                for k in range(steps + 1):
                    p = (la + (lb - la) * k / steps, oa + (ob - oa) * k / steps)
                    cells[(int(p[0] * 2000), int(p[1] * 2000))].append(p)
    far = 0
    for fix in nmea:
        p = (fix["lat"], fix["lon"])
        i, j = int(p[0] * 2000), int(p[1] * 2000)
        near = [q for di in (-1, 0, 1) for dj in (-1, 0, 1) for q in cells.get((i + di, j + dj), ())]
        far += not near or min(town.metres(p, q) for q in near) > 15
    check(far == 0, f"all of it within 15 m of a road ({far} fixes are not)")


def main():
    print("1..17")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["/usr/bin/python3", os.path.join(os.environ["CIRRUS_SOURCE_ROOT"], "data/sample/make-town.py"), folder], check=True)
        same = all(filecmp.cmp(os.path.join(folder, name), os.path.join(SAMPLE, name), shallow=False) for name in FILES)
    check(same, "made again it is the same, byte for byte")
    town = Town(os.path.join(SAMPLE, "lindenau.osm"))
    check_file(town)
    check_features(town)
    check_restrictions(town)
    check_connected(town)
    check_drive(town)
    return 1 if failed else 0


sys.exit(main())
