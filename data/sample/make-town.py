#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sample town Lindenau (林登瑙) and a drive through it: lindenau.osm, lindenau-drive.nmea, lindenau-drive.gpx,
lindenau-drive.json.

The town is invented; the same seed gives the same files, byte for byte.  town/osm.py says where it lies and why.

usage: make-town.py FOLDER
"""
import json
import math
import os
import random
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from town import drive, houses, osm, streets, traffic  # noqa: E402
from town.names import Namer  # noqa: E402

SEED = 20261123
START = (("Lindenau Bahnhof", "Lindenau Station", "林登瑙火车站"), (945, 1215))
GOAL = (("Botanischer Garten", "Botanical Garden", "植物园"), (-930, -1530))


def speeds(line):
    if line.tags.get("maxspeed", "").isdigit():
        return float(line.tags["maxspeed"])
    return {"primary": 50, "secondary": 50, "tertiary": 50, "residential": 30, "living_street": 10}.get(line.kind, 40)


def nearest(network, nodes, place):
    return min(sorted(nodes), key=lambda n: math.dist(network.at[n], place))


def place_to_json(names, p):
    lat, lon = osm.to_degrees(p)
    return {"name": names[0], "name:en": names[1], "name:zh": names[2], "lat": round(lat, 7), "lon": round(lon, 7)}


def make_drive(network, rng):
    strong = network.strong_part()
    start, goal = nearest(network, strong, START[1]), nearest(network, strong, GOAL[1])
    nodes, lines = drive.route(network, start, goal, speeds)
    track = drive.with_noise(drive.simulate(network, nodes, lines, speeds), rng)
    distance = sum(math.dist(network.at[a], network.at[b]) for a, b in zip(nodes, nodes[1:]))
    names = []
    for line in lines:
        if line.names and (not names or names[-1] != line.names[0]):
            names.append(line.names[0])
    summary = {"start": place_to_json(START[0], network.at[start]), "destination": place_to_json(GOAL[0], network.at[goal]),
               "distance_m": round(distance), "duration_s": len(track), "streets": names, "start_time": "2026-06-21T09:00:00Z"}
    return track, summary


def main():
    if len(sys.argv) != 2:
        print(__doc__.rsplit("\n\n", 1)[1].strip(), file=sys.stderr)
        return 64
    folder = sys.argv[1]
    rng = random.Random(SEED)
    network, heads = streets.build(Namer(rng), rng)
    traffic.dress(network, heads, rng)
    built = houses.build(network, rng, osm.landmark_areas())
    houses.dress(built, rng)
    pois = houses.points_of_interest(built, rng)
    track, summary = make_drive(network, rng)

    writer = osm.Writer()
    osm.write_places(writer)
    osm.write_land(writer, rng)
    osm.write_water(writer)
    osm.write_roads(writer, network)
    osm.write_railway(writer, network)
    osm.write_houses(writer, built, pois)
    osm.write_trees(writer, rng)
    with open(os.path.join(folder, "lindenau.osm"), "w", encoding="utf-8", newline="\n") as file:
        writer.write(file)
    with open(os.path.join(folder, "lindenau-drive.nmea"), "w", encoding="ascii", newline="") as file:
        drive.write_nmea(file, track)
    with open(os.path.join(folder, "lindenau-drive.gpx"), "w", encoding="utf-8", newline="\n") as file:
        drive.write_gpx(file, track, "Lindenau: Bahnhof - Botanischer Garten")
    with open(os.path.join(folder, "lindenau-drive.json"), "w", encoding="utf-8", newline="\n") as file:
        json.dump(summary, file, ensure_ascii=False, indent=2)
        file.write("\n")
    return 0


sys.exit(main())
