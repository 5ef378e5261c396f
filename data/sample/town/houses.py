# SPDX-License-Identifier: GPL-3.0-or-later
"""Houses along the streets, each with its address, and the town's shops and offices in them."""
import math

from . import plan
from .geometry import Near, length
from .names import POIS

# Width, depth, distance from the street, gap, how many of the places are built on.
STYLES = {
    "old": ((8, 13), (9, 12), (4.6, 5.6), (0.4, 2.0), 0.9),
    "town": ((11, 17), (10, 13), (6.5, 8.5), (2.0, 14.0), 0.55),
    "villa": ((9, 13), (9, 12), (9.0, 13.0), (10.0, 24.0), 0.6),
    "works": ((28, 58), (22, 40), (14.0, 20.0), (10.0, 26.0), 0.8),
}
VILLAS = {"Gartenstadt", "Seevorstadt", "Auendorf", "Oberlinden", "Oststadt", "Weststadt"}
POSTCODES = {"Altstadt": "00100", "Nordviertel": "00120", "Südstadt": "00140", "Gartenstadt": "00160", "Gewerbepark": "00180"}


class House:
    def __init__(self, corners, centre, street, number, style, district):
        self.corners, self.centre, self.street, self.number, self.style, self.district = corners, centre, street, number, style, district
        self.tags = {}


def style_of(line):
    district = line.district[0] if line.district else ""
    if district == "Gewerbepark":
        return "works"
    if district == "Altstadt" or line.kind == "pedestrian":
        return "old"
    return "villa" if district in VILLAS else "town"


def overlap(a, b):
    """Whether two convex shapes touch (separating axes)."""
    for shape in (a, b):
        for p, q in zip(shape, shape[1:] + shape[:1]):
            axis = (q[1] - p[1], p[0] - q[0])
            first = [axis[0] * x + axis[1] * y for x, y in a]
            second = [axis[0] * x + axis[1] * y for x, y in b]
            if max(first) <= min(second) or max(second) <= min(first):
                return False
    return True


def build(network, rng, reserved):
    """@reserved: the corners of areas that are built on already."""
    roads = Near(50.0)
    for line in network.lines:
        if line.kind != "ferry":
            roads.add_line([network.at[n] for n in line.nodes], line.kind)
    for side in plan.MOTORWAY_SIDES:
        roads.add_line(side, "motorway")
    cells, houses, numbers = {}, [], {}
    for corners in reserved:
        xs, ys = [c[0] for c in corners], [c[1] for c in corners]
        for i in range(math.floor(min(xs) / 60), math.floor(max(xs) / 60) + 1):
            for j in range(math.floor(min(ys) / 60), math.floor(max(ys) / 60) + 1):
                cells.setdefault((i, j), []).append(corners)
    streets = [line for line in network.lines if line.names and line.kind in ("primary", "secondary", "tertiary", "residential", "living_street", "pedestrian")
               and not line.tags.get("bridge") and "junction" not in line.tags]
    for line in streets:
        place_along(network, line, roads, cells, houses, numbers, rng)
    return houses


def place_along(network, line, roads, cells, houses, numbers, rng):
    style = style_of(line)
    widths, depths, setbacks, gaps, share = STYLES[style]
    points = [network.at[n] for n in line.nodes]
    total = length(points)
    for side in (1, -1):
        at = rng.uniform(9, 16)
        while at < total - 8:
            width, depth = rng.uniform(*widths), rng.uniform(*depths)
            setback, gap = rng.uniform(*setbacks), rng.uniform(*gaps)
            place = place_at(points, at)
            outside = line.district is None and place is not None and not plan.is_town(place[0])
            if rng.random() < (0.05 if outside else share):
                house = try_place(points, at + width / 2, side, width, depth, setback, roads, cells)
                if house:
                    key = (line.names[0], side)
                    numbers[key] = numbers.get(key, -1 if side == 1 else 0) + 2
                    corners, centre = house
                    houses.append(House(corners, centre, line.names, numbers[key], style, line.district))
            at += width + gap


def place_at(points, at):
    """Point and direction at a distance along a line, or None beyond its end."""
    for a, b in zip(points, points[1:]):
        d = math.dist(a, b)
        if at <= d and d > 0:
            t = at / d
            return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t), ((b[0] - a[0]) / d, (b[1] - a[1]) / d)
        at -= d
    return None


def try_place(points, at, side, width, depth, setback, roads, cells):
    place = place_at(points, at)
    if not place:
        return None
    (x, y), (dx, dy) = place
    nx, ny = -dy * side, dx * side
    centre = (x + nx * (setback + depth / 2), y + ny * (setback + depth / 2))
    corners = [(centre[0] + dx * width / 2 * a + nx * depth / 2 * b, centre[1] + dy * width / 2 * a + ny * depth / 2 * b)
               for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    keep = min(setback, 9) - 1.2
    if any(not plan.is_free(c, water=9, rail=16, motorway=50) for c in corners):
        return None
    if any(roads.distance(c, keep) < keep for c in corners) or roads.distance(centre, depth / 2 + keep) < depth / 2 + keep - 0.5:
        return None
    cell = (math.floor(centre[0] / 60), math.floor(centre[1] / 60))
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            if any(overlap(corners, other) for other in cells.get((cell[0] + i, cell[1] + j), ())):
                return None
    cells.setdefault(cell, []).append(corners)
    return corners, centre


def slug(text):
    table = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "ae", "Ö": "oe", "Ü": "ue", "é": "e"})
    return "".join(c if c.isalnum() else "-" for c in text.translate(table).lower()).strip("-").replace("--", "-")


def points_of_interest(houses, rng):
    """(position, tags) for each place of the list, beside or in a house; phone numbers are ones that nobody has."""
    central = [h for h in houses if math.hypot(*h.centre) < 520]
    taken, result = set(), []
    phone = 960000
    for tags, hours, zone, names in POIS:
        for local, english, chinese in names:
            house = None
            while house is None or id(house) in taken:
                house = rng.choice(central if zone == "centre" else houses)
                if house.style == "works" and tags.get("shop") != "doityourself":
                    house = None
            taken.add(id(house))
            phone += 1
            entry = dict(tags, name=local, opening_hours=rng.choice(hours), phone=f"+44 1632 {phone}",
                         website=f"https://{slug(local)}.example/", wheelchair=rng.choice(["yes", "yes", "limited", "no"]))
            entry["name:en"], entry["name:zh"] = english, chinese
            entry["addr:street"], entry["addr:housenumber"] = house.street[0], str(house.number)
            result.append((house.centre, entry))
    return result


def dress(houses, rng):
    for house in houses:
        kinds = {"old": ["yes", "apartments", "retail"], "town": ["apartments", "residential", "yes", "house"], "villa": ["house", "detached", "house"],
                 "works": ["industrial", "warehouse", "commercial"]}[house.style]
        levels = {"old": (3, 4), "town": (3, 5), "villa": (1, 2), "works": (1, 3)}[house.style]
        district = house.district[0] if house.district else "Altstadt"
        house.tags = {"building": rng.choice(kinds), "building:levels": str(rng.randint(*levels)), "addr:street": house.street[0],
                      "addr:housenumber": str(house.number), "addr:city": "Lindenau", "addr:postcode": POSTCODES.get(district, "00130"),
                      "addr:suburb": district}
