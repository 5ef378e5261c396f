# SPDX-License-Identifier: GPL-3.0-or-later
"""The town as an OpenStreetMap file.

The coordinates lie in the open sea between Marseille and Menorca, where nothing is mapped: no real place is overlaid, the sun and the
local time are those of central Europe, and both numbers are positive.
"""
import math
from xml.sax.saxutils import quoteattr

from . import plan
from .geometry import inside, offset, spline

LATITUDE, LONGITUDE = 42.0, 5.5
METRES_PER_DEGREE = 111320.0
TIMESTAMP = "2026-01-01T00:00:00Z"


def to_degrees(p):
    return LATITUDE + p[1] / 111132.0, LONGITUDE + p[0] / (METRES_PER_DEGREE * math.cos(math.radians(LATITUDE)))


def named(names, tags=None):
    result = dict(tags or {})
    if names:
        result.update({"name": names[0], "name:en": names[1], "name:zh": names[2]})
    return result


class Writer:
    """Collects nodes, ways and relations; ids are given in the order of adding."""

    def __init__(self):
        self.nodes, self.ways, self.relations = [], [], []
        self.known = {}

    def node(self, p, tags=None):
        self.nodes.append((p, tags or {}))
        return len(self.nodes)

    def network_node(self, network, n):
        if n not in self.known:
            self.known[n] = self.node(network.at[n], network.tags.get(n))
        return self.known[n]

    def way(self, refs, tags):
        self.ways.append((refs, tags))
        return len(self.ways)

    def area(self, points, tags):
        if points[0] == points[-1]:
            points = points[:-1]
        refs = [self.node(p) for p in points]
        return self.way(refs + refs[:1], tags)

    def relation(self, members, tags):
        self.relations.append((members, tags))

    def write(self, file):
        bounds = [f(to_degrees(p)[k] for p, _ in self.nodes) for k in (0, 1) for f in (min, max)]
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="Cirrus make-town">\n')
        file.write(f'  <bounds minlat="{bounds[0]:.7f}" minlon="{bounds[2]:.7f}" maxlat="{bounds[1]:.7f}" maxlon="{bounds[3]:.7f}"/>\n')
        head = f'version="1" timestamp="{TIMESTAMP}"'
        for k, (p, tags) in enumerate(self.nodes, 1):
            lat, lon = to_degrees(p)
            self._element(file, f'<node id="{k}" {head} lat="{lat:.7f}" lon="{lon:.7f}"', "node", [], tags)
        for k, (refs, tags) in enumerate(self.ways, 1):
            self._element(file, f'<way id="{k}" {head}', "way", [f'<nd ref="{r}"/>' for r in refs], tags)
        for k, (members, tags) in enumerate(self.relations, 1):
            inner = [f'<member type="{t}" ref="{r}" role="{role}"/>' for t, r, role in members]
            self._element(file, f'<relation id="{k}" {head}', "relation", inner, tags)
        file.write("</osm>\n")

    @staticmethod
    def _element(file, start, name, inner, tags):
        inner = inner + [f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items() if v]
        if not inner:
            file.write(f"  {start}/>\n")
            return
        file.write(f"  {start}>\n" + "".join(f"    {line}\n" for line in inner) + f"  </{name}>\n")


def write_roads(writer, network):
    ways = {}
    for line in network.lines:
        tags = named(line.names, {k: v for k, v in line.tags.items() if k != "fixed"})
        if line.kind != "ferry":
            tags = {"highway": line.kind, **tags}
        ways[id(line)] = writer.way([writer.network_node(network, n) for n in line.nodes], tags)
    for kind, start, via, end in network.restrictions:
        member = ("node", writer.network_node(network, via), "via") if isinstance(via, int) else ("way", ways[id(via)], "via")
        writer.relation([("way", ways[id(start)], "from"), member, ("way", ways[id(end)], "to")], {"type": "restriction", "restriction": kind})


def write_railway(writer, network):
    """Two tracks, the second beside the first; bridges where the main road passes below."""
    pieces, current = [], [network.rail[0]]
    for a, b in zip(network.rail, network.rail[1:]):
        if a in network.rail_bridges:
            pieces += [(current, False), ([a, b], True)]
            current = [b]
        else:
            current.append(b)
    pieces.append((current, False))
    base = {"railway": "rail", "usage": "main", "electrified": "contact_line", "gauge": "1435", "maxspeed": "120"}
    for nodes, is_bridge in pieces:
        if len(nodes) < 2:
            continue
        tags = dict(base, **({"bridge": "yes", "layer": "1"} if is_bridge else {}))
        writer.way([writer.network_node(network, n) for n in nodes], tags)
    second = offset([network.at[n] for n in network.rail], 4.6)
    writer.way([writer.node(p) for p in second], dict(base))
    middle = min(range(len(plan.RAILWAY)), key=lambda k: math.dist(plan.RAILWAY[k], (1000, 1290)))
    part = plan.RAILWAY[middle - 2:middle + 3]
    for side in (-7.0, 11.5):
        writer.way([writer.node(p) for p in offset(part, side)],
                   {"railway": "platform", "public_transport": "platform", "ref": "1" if side < 0 else "2", "surface": "paving_stones"})
    writer.node(plan.RAILWAY[middle], named(("Lindenau Bahnhof", "Lindenau Station", "林登瑙火车站"),
                                            {"railway": "station", "public_transport": "station", "train": "yes", "operator": "Lindenbahn",
                                             "wheelchair": "yes", "opening_hours": "Mo-Su 05:00-24:00"}))


def write_water(writer):
    w = plan.RIVER_HALF_WIDTH
    writer.area(offset(plan.RIVER, w) + offset(plan.RIVER, -w)[::-1], named(("Linde", "Linde", "椴河"), {"natural": "water", "water": "river"}))
    writer.way([writer.node(p) for p in plan.RIVER], named(("Linde", "River Linde", "椴河"), {"waterway": "river", "width": "56"}))
    writer.way([writer.node(p) for p in plan.STREAM], named(("Seebach", "Lake Brook", "湖溪"), {"waterway": "stream", "width": "6"}))
    outer = writer.area(plan.LAKE, {})
    inner = writer.area(plan.ISLAND, named(("Möweninsel", "Gull Island", "海鸥岛"), {"place": "islet"}))
    writer.relation([("way", outer, "outer"), ("way", inner, "inner")],
                    named(("Lindenauer See", "Lake Lindenau", "林登瑙湖"), {"type": "multipolygon", "natural": "water", "water": "lake"}))
    writer.area([(-1440, 1130), (-1425, 1320), (-1400, 1330), (-1385, 1150)], {"natural": "beach", "surface": "sand"})


def write_land(writer, rng):
    for polygon, tags, names in (
            (plan.FOREST_WEST, {"natural": "wood", "leaf_type": "mixed"}, ("Seewald", "Lake Forest", "湖林")),
            (plan.FOREST_NORTH, {"landuse": "forest", "leaf_type": "broadleaved"}, ("Lindenforst", "Linden Forest", "椴树林")),
            (plan.PARK, {"leisure": "park"}, ("Stadtpark", "Town Park", "城市公园")),
            (plan.HILL_PARK, {"leisure": "park"}, ("Volkspark", "People's Park", "人民公园")),
            (plan.CEMETERY, {"landuse": "cemetery", "religion": "christian"}, ("Nordfriedhof", "North Cemetery", "北公墓")),
            (spline([(-830, 310), (-770, 370), (-800, 440), (-870, 450), (-890, 380)], closed=True, step=18), {"natural": "water", "water": "pond"}, ("Schwanenteich", "Swan Pond", "天鹅池"))):
        writer.area(polygon, named(names, tags))
    writer.area(plan.INNER_RING, {"landuse": "residential"})
    between = [polygon for names, polygon, *_ in plan.DISTRICTS if names[0] != "Gewerbepark"]
    for polygon in between:
        writer.area(polygon, {"landuse": "residential"})
    north = [p for p in plan.OUTER_RING if p[1] > -300]
    writer.area(north + [(700, -200), (200, -470), (-400, -500), (-1000, -620)], {"landuse": "residential"})
    writer.area(plan.INDUSTRY, named(("Gewerbepark Ost", "East Business Park", "东商业园"), {"landuse": "industrial"}))
    square = [(46, 30), (-40, 38), (-50, -28), (36, -42)]
    writer.area(square, named(("Marktplatz", "Market Square", "集市广场"), {"highway": "pedestrian", "area": "yes", "surface": "sett"}))
    fields(writer, rng)


def fields(writer, rng):
    """Farmland, meadows and copses in a patchwork around the town, neighbours sharing their corners."""
    kinds = [{"landuse": "farmland", "crop": "wheat"}, {"landuse": "meadow"}, {"landuse": "farmland", "crop": "rape"}, {"landuse": "farmland"},
             {"landuse": "grass"}, {"landuse": "orchard", "trees": "apple_trees"}, {"natural": "wood", "leaf_type": "mixed"}, {"landuse": "vineyard"}]

    def corner(i, j):
        return plan.noise.warp(plan.noise.warp((i * 300 + (j % 2) * 120, j * 270), 150, 800), 45, 190)

    for i in range(-12, 12):
        for j in range(-10, 10):
            wide = 2 if rng.random() < 0.3 else 1
            cell = [corner(i, j), corner(i + 1, j), corner(i + 1, j + wide), corner(i, j + wide)]
            kind = kinds[min(len(kinds) - 1, int(rng.random() ** 1.6 * len(kinds)))]
            middle = (sum(p[0] for p in cell) / 4, sum(p[1] for p in cell) / 4)
            green = [plan.FOREST_WEST, plan.FOREST_NORTH, plan.LAKE]
            if any(plan.is_town(p, 25) or any(inside(p, area) for area in green) for p in cell + [middle]) or rng.random() > 0.97:
                continue
            writer.area(spline(cell, closed=True, step=60) if "natural" in kind else cell, kind)


LANDMARKS = [
    # position, size, tags, names
    ((95, 70), (34, 16), {"building": "church", "amenity": "place_of_worship", "religion": "christian", "denomination": "protestant", "height": "58"},
     ("Lindenauer Münster", "Lindenau Minster", "林登瑙大教堂")),
    ((-75, 10), (26, 18), {"building": "civic", "amenity": "townhall", "opening_hours": "Mo-Fr 08:00-16:00"}, ("Rathaus", "Town Hall", "市政厅")),
    ((975, 1245), (70, 16), {"building": "train_station"}, ("Bahnhof", "Station", "火车站")),
    ((-930, -1560), (110, 60), {"leisure": "garden", "garden:type": "botanical", "tourism": "attraction", "opening_hours": "Mo-Su 09:00-18:00"},
     ("Botanischer Garten", "Botanical Garden", "植物园")),
    ((1010, -420), (110, 55), {"amenity": "hospital", "emergency": "yes", "building": "hospital", "opening_hours": "24/7"},
     ("Klinikum Lindenau", "Lindenau Hospital", "林登瑙医院")),
    ((-2090, 1450), (40, 22), {"building": "hotel", "tourism": "hotel", "stars": "5", "opening_hours": "24/7"}, ("Inselhotel", "Island Hotel", "湖岛酒店")),
]
SIMPLE = [
    # position, tags, names: fuel, parking, schools, sports, charging
    ((1700, 700), {"amenity": "fuel", "fuel:diesel": "yes", "fuel:octane_95": "yes", "brand": "Linol", "opening_hours": "Mo-Su 06:00-22:00"}, ("Linol Ost", "Linol East", "林油东站")),
    ((-1400, -430), {"amenity": "fuel", "fuel:diesel": "yes", "fuel:octane_95": "yes", "brand": "Linol", "opening_hours": "24/7"}, ("Linol West", "Linol West", "林油西站")),
    ((900, 1200), {"amenity": "parking", "parking": "surface", "capacity": "120", "fee": "yes"}, ("P+R Bahnhof", "Station Park and Ride", "车站停车换乘")),
    ((300, 90), {"amenity": "parking", "parking": "multi-storey", "capacity": "340", "fee": "yes"}, ("Parkhaus Altstadt", "Old Town Car Park", "老城停车楼")),
    ((-1360, 900), {"amenity": "parking", "parking": "surface", "capacity": "60", "fee": "no"}, ("Parkplatz Fähre", "Ferry Car Park", "渡轮停车场")),
    ((880, 1180), {"amenity": "charging_station", "socket:type2": "4", "capacity": "4"}, ("Ladepark Bahnhof", "Station Charging", "车站充电站")),
    ((40, -30), {"amenity": "fountain"}, ("Marktbrunnen", "Market Fountain", "集市喷泉")),
    ((-30, 10), {"amenity": "toilets", "fee": "no", "wheelchair": "yes"}, ("Öffentliche Toilette", "Public Toilets", "公共厕所")),
    ((-2150, 1520), {"tourism": "viewpoint"}, ("Möwenblick", "Gull View", "海鸥观景台")),
    ((-1395, 1230), {"leisure": "swimming_area", "opening_hours": "May-Sep Mo-Su 09:00-20:00"}, ("Strandbad", "Lido", "湖滨浴场")),
    ((860, 980), {"amenity": "bus_station"}, ("Busbahnhof", "Bus Station", "汽车站")),
    ((560, 700), {"amenity": "school"}, ("Gymnasium Nord", "North Grammar School", "北区中学")),
    ((-300, -900), {"amenity": "school"}, ("Südschule", "South School", "南区小学")),
    ((-200, 700), {"amenity": "police", "opening_hours": "24/7"}, ("Polizei Lindenau", "Lindenau Police", "林登瑙警察局")),
    ((600, -960), {"amenity": "fire_station"}, ("Feuerwehr", "Fire Station", "消防站")),
]


def landmark_areas():
    return [[(x + a * width / 2, y + b * depth / 2) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))] for (x, y), (width, depth), *_ in LANDMARKS]


def write_places(writer):
    writer.node((0, 0), named(("Lindenau", "Lindenau", "林登瑙"), {"place": "town", "population": "28400", "wikipedia": ""}))
    writer.node((30, 210), named(("Altstadt", "Old Town", "老城区"), {"place": "suburb"}))
    writer.node((420, 760), named(("Nordviertel", "North Quarter", "北区"), {"place": "suburb"}))
    for names, polygon, *_ in plan.DISTRICTS:
        x = sum(p[0] for p in polygon) / len(polygon)
        y = sum(p[1] for p in polygon) / len(polygon)
        kind = "village" if names[0] in ("Oberlinden", "Auendorf") else "suburb"
        writer.node((x, y), named(names, {"place": kind}))


def write_houses(writer, houses, pois):
    for house in houses:
        writer.area(house.corners, house.tags)
    for corners, (_, _, tags, names) in zip(landmark_areas(), LANDMARKS):
        writer.area(corners, named(names, tags))
    for place, tags, names in SIMPLE:
        writer.node(place, named(names, tags))
    for place, tags in pois:
        writer.node(place, tags)


def write_trees(writer, rng):
    """Rows of trees along the promenade, and single ones in the parks."""
    for p in offset(plan.RIVER, -40.0)[::2]:
        if -1000 < p[0] < 1200:
            writer.node(p, {"natural": "tree"})
    for park in (plan.PARK, plan.HILL_PARK, plan.CEMETERY):
        xs, ys = [p[0] for p in park], [p[1] for p in park]
        for _ in range(60):
            p = (rng.uniform(min(xs), max(xs)), rng.uniform(min(ys), max(ys)))
            if inside(p, park):
                writer.node(p, {"natural": "tree"})
