# SPDX-License-Identifier: GPL-3.0-or-later
"""The streets of Lindenau: main roads from the plan, districts filled with streets, the old town's lanes, paths and ramps."""
import math

from . import plan
from .geometry import Near, inside, length, offset, resample, spline
from .network import CAR, Line, Network, is_one_way

SPEED = {"motorway": 120, "motorway_link": 60, "primary": 50, "secondary": 50, "tertiary": 50, "unclassified": 50, "residential": 30,
         "living_street": 7, "service": 20}
OLD_TOWN = ("Altstadt", "Old Town", "老城区")


def runs(points, allowed, shortest):
    """The stretches of a line that lie on allowed ground."""
    current, result = [], []
    for p in points:
        if allowed(p):
            current.append(p)
            continue
        result.append(current)
        current = []
    result.append(current)
    return [run for run in result if len(run) > 1 and length(run) >= shortest]


def main_roads():
    lines = []
    for kind, ref, names, points in plan.RINGS:
        lines.append(Line(kind, names, densify(points), ref=ref, fixed=True))
    for kind, ref, names, points in plan.ROADS:
        tags = {"ref": ref} if ref else {}
        lines.append(Line(kind, names, densify(spline(points, step=42)), fixed=True, **tags))
    return lines


def densify(points):
    """More points where a bridge may begin or end."""
    result = []
    for a, b in zip(points, points[1:]):
        near = min(plan.distance_to(what, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)) for what in ("river", "stream", "motorway", "rail")) < 75
        result += resample([a, b], 14)[:-1] if near else [a]
    return result + [points[-1]]


def fill_district(district, namer, rng):
    names, polygon, angle, spacing, amplitude, suffixes = district
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    cx = sum(p[0] for p in polygon) / len(polygon)
    cy = sum(p[1] for p in polygon) / len(polygon)
    radius = max(math.dist(p, (cx, cy)) for p in polygon) + 50
    lines = []
    for turned, gap in ((False, spacing[0]), (True, spacing[1])):
        at = -radius + rng.uniform(0, gap)
        while at < radius:
            points = []
            for k in range(int(2 * radius / 14)):
                u, v = (-radius + 14 * k, at) if not turned else (at, -radius + 14 * k)
                points.append(plan.noise.warp((cx + u * cos - v * sin, cy + u * sin + v * cos), amplitude, 330.0))
            for run in runs(points, lambda p: inside(p, polygon) and plan.is_free(p), 75):
                line = Line("residential", namer.street(suffixes), resample(run, 58))
                line.district = names
                lines.append(line)
            at += gap * rng.uniform(0.8, 1.25)
    return lines


def fill_between_rings(namer, rng):
    """North of the river, streets that run round the old town and streets that lead away from it."""
    district = ("Nordviertel", "North Quarter", "北区")
    lines = []

    def point(theta, t):
        a, b = plan.polar(plan.INNER_RING, theta), plan.polar(plan.OUTER_RING, theta)
        return plan.noise.warp((a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t), 34 * min(1, 4 * t * (1 - t)), 300.0)

    def allowed(p):
        return plan.is_free(p, water=40) and is_north(p)

    mains = Near(100.0)
    for _, _, _, points in plan.ROADS:
        mains.add_line(spline(points, step=42))

    def allowed_away(p):
        """Streets that lead away keep clear of the main roads, which do the same."""
        return allowed(p) and mains.distance(p, 60) > 42

    for t in (0.2, 0.37, 0.55, 0.72, 0.87):
        points = [point(2 * math.pi * k / 400, t) for k in range(401)]
        for run in runs(points, allowed, 90):
            # A name for each few hundred metres, as towns do.
            run = resample(run, 52)
            pieces = max(1, round(length(run) / 520))
            size = math.ceil(len(run) / pieces)
            for k in range(0, len(run) - 1, size):
                lines.append(Line("residential", namer.street(["straße", "straße", "weg"]), run[k:k + size + 1]))
    theta = 0.0
    while theta < 2 * math.pi - 0.05:
        start = rng.choice((0.0, 0.0, 0.2, 0.37))
        end = rng.choice((1.0, 1.0, 0.87, 0.72))
        points = [point(theta, start + (end - start) * k / 50) for k in range(51)]
        for run in runs(points, allowed_away, 70):
            lines.append(Line("residential", namer.street(["straße", "straße", "gasse", "allee"]), resample(run, 55)))
        theta += rng.uniform(0.105, 0.16)
    for line in lines:
        line.district = district
    return lines


def is_north(p):
    """On the old town's side of the river."""
    best = min(range(len(plan.RIVER) - 1), key=lambda k: math.dist(p, plan.RIVER[k]))
    a, b = plan.RIVER[best], plan.RIVER[best + 1]
    # The river runs from east to west: its right bank lies north.
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) < 0


def old_town(namer, rng):
    """Winding lanes around the market square; the inner ones for walking only."""
    lines = []

    def point(theta, t):
        a = plan.polar(plan.INNER_RING, theta)
        return plan.noise.warp((a[0] * t, a[1] * t), 30 * min(1, 4 * t * (1 - t)), 120.0)

    square = [(46, 30), (-40, 38), (-50, -28), (36, -42)]
    lines.append(Line("pedestrian", ("Marktplatz", "Market Square", "集市广场"), square + [square[0]], fixed=True))
    for t, kind in ((0.36, "pedestrian"), (0.6, "living_street"), (0.81, "living_street")):
        points = [point(2 * math.pi * k / 120, t + 0.035 * math.sin(3 * 2 * math.pi * k / 120 + 5 * t)) for k in range(121)]
        for first, last in ((0, 34), (34, 62), (62, 95), (95, 120)):
            lines.append(Line(kind, namer.street(["gasse"]), resample(points[first:last + 1], 30)))
    theta = 0.2
    while theta < 2 * math.pi + 0.1:
        inner = rng.choice((0.11, 0.11, 0.36))
        name = namer.street(["gasse", "gasse", "steig"])
        bend = rng.uniform(-0.16, 0.16)
        points = [point(theta + bend * math.sin(3 * k / 30), inner + (1 - inner) * k / 30) for k in range(31)]
        for low, high, kind in ((0, 11, "pedestrian"), (11, 30, "living_street")):
            part = points[low:high + 1]
            if inner == 0.36:
                kind = "living_street"
            lines.append(Line(kind, name, resample(part, 30)))
        theta += rng.uniform(0.3, 0.47)
    for line in lines:
        line.district = OLD_TOWN
    return lines


def paths():
    """Promenades, parks, the island and the woods: for feet and bicycles."""
    north = [p for p in offset(plan.RIVER, -48.0) if -1050 < p[0] < 1250]
    south = [p for p in offset(plan.RIVER, 48.0) if -1600 < p[0] < 1500]
    lake = offset(plan.LAKE, -34.0)
    lines = [
        Line("footway", ("Uferpromenade", "Riverside Promenade", "河滨步道"), resample(north, 45), fixed=True, surface="paving_stones"),
        Line("cycleway", ("Flussradweg", "River Cycle Path", "沿河自行车道"), resample(south, 50), fixed=True, segregated="no", foot="designated",
             bicycle="designated"),
        Line("path", ("Seerundweg", "Lake Circuit", "环湖小径"), resample(lake, 55), fixed=True, foot="designated", bicycle="yes", surface="fine_gravel"),
        Line("footway", None, spline([(-1090, 330), (-900, 300), (-780, 420), (-700, 600)], step=28), surface="gravel"),
        Line("footway", None, spline([(-870, 40), (-860, 250), (-960, 420), (-900, 600)], step=28), surface="gravel"),
        Line("footway", None, spline([(-640, 300), (-780, 250), (-900, 300)], step=28), surface="gravel"),
        Line("footway", None, spline([(540, -500), (650, -640), (760, -700), (780, -930)], step=28), surface="gravel"),
        Line("footway", None, spline([(880, -600), (720, -690), (560, -800)], step=28), surface="gravel"),
        Line("track", ("Forstweg", "Forestry Track", "林间道"), spline([(-2500, 10), (-2750, 420), (-2700, 900), (-2950, 1350), (-2850, 1900), (-2200, 1960),
                                                               (-1500, 1960), (-1170, 1880)], step=60), fixed=True, tracktype="grade2"),
        Line("path", None, spline([(-2750, 420), (-3000, 700), (-3050, 1100), (-2950, 1350)], step=45)),
        Line("track", None, spline([(170, 2000), (600, 1900), (1100, 2050), (1600, 2250), (1500, 1800), (900, 1780), (600, 1900)], step=60), fixed=True,
             tracktype="grade3"),
    ]
    island = [Line("residential", ("Inselstraße", "Island Street", "湖岛街"), spline([(-1975, 1290), (-2060, 1330), (-2120, 1420), (-2060, 1480)], step=30), fixed=True),
              Line("footway", None, spline([(-2060, 1330), (-2180, 1320), (-2200, 1440), (-2120, 1420)], step=28), fixed=True)]
    return lines, island


def motorway():
    """Two carriageways and, at each of two crossing roads, four ramps with their signs."""
    away = {0: "Westhafen;Bergfeld", 1: "Seebrück;Talheim"}
    sides = [Line("motorway", None, resample(side, 55), level=-1, ref="A 9", lanes="2", maxspeed="120", oneway="yes", fixed=True,
                  destination=away[k]) for k, side in enumerate(plan.MOTORWAY_SIDES)]
    ramps = []
    for name, number, road in (("Lindenau-Mitte", "12", "Brückenstraße"), ("Lindenau-Hafen", "11", "Hafenstraße")):
        points = spline(next(r[3] for r in plan.ROADS if r[2][0] == road), step=10)
        for side in sides:
            ramps.append((name, number, road, side, crossing_of(side.points, points), points))
    return sides, ramps


def crossing_of(side, road):
    """Index of the side's point nearest to the road, and of the road's nearest to that."""
    best = min(((math.dist(p, q), i, j) for i, p in enumerate(side) for j, q in enumerate(road)))
    return best[1], best[2]


def ramp_curve(start, direction, end):
    """Leaves along the motorway and bends to the road's head: a cubic curve, without its ends."""
    far = math.dist(start, end)
    d = math.dist(start, direction) or 1
    b = (start[0] + (direction[0] - start[0]) / d * far * 0.5, start[1] + (direction[1] - start[1]) / d * far * 0.5)
    c = (b[0] * 0.5 + end[0] * 0.5, b[1] * 0.5 + end[1] * 0.5)
    result = []
    for k in range(1, 11):
        t = k / 11
        u = 1 - t
        result.append(tuple(u ** 3 * p0 + 3 * u * u * t * p1 + 3 * u * t * t * p2 + t ** 3 * p3 for p0, p1, p2, p3 in zip(start, b, c, end)))
    return result


def build_ramp(network, ramp, heads):
    """One way off and one way on for a carriageway; both meet the road at a common head."""
    name, number, road_name, side, (at, on_road), road = ramp
    # Which way along the road leads from the carriageway's centre line to its own side.
    centre = min(plan.MOTORWAY, key=lambda p: math.dist(p, side.points[at]))
    outward = 1 if math.dist(road[min(on_road + 8, len(road) - 1)], centre) > math.dist(road[max(on_road - 8, 0)], centre) else -1
    head_at = road[on_road + outward * 9]
    head = min((n for line in network.lines if line.names and line.names[0] == road_name for n in line.nodes),
               key=lambda n: math.dist(network.at[n], head_at))
    heads.setdefault(road_name, []).append(head)
    nodes = next(line for line in network.lines if line is side).nodes
    middle = min(range(len(nodes)), key=lambda k: math.dist(network.at[nodes[k]], side.points[at]))
    for leave, first in ((True, middle - 7), (False, middle + 7)):
        start, end = network.at[nodes[first]], network.at[head]
        direction = network.at[nodes[first + (2 if leave else -2)]]
        inner = [network.add_node(p) for p in ramp_curve(start, direction, end)]
        line = Line("motorway_link", None, [], level=0, oneway="yes", lanes="1", maxspeed="60", fixed=True)
        line.nodes = [nodes[first]] + inner + [head]
        if leave:
            network.tags[nodes[first]] = {"highway": "motorway_junction", "ref": number, "name": name}
            line.tags["destination"] = "Lindenau;Altstadt" if number == "12" else "Lindenau-Hafen;Gewerbepark"
            line.tags["destination:ref"] = "B 7" if number == "12" else "L 30"
        else:
            line.nodes.reverse()
            line.tags["destination"] = side.tags["destination"]
            line.tags["destination:ref"] = "A 9"
        network.lines.append(line)


def build(namer, rng):
    network = Network()
    lines = main_roads()
    lines += old_town(namer, rng)
    lines += fill_between_rings(namer, rng)
    for district in plan.DISTRICTS:
        lines += fill_district(district, namer, rng)
    walks, island = paths()
    sides, ramps = motorway()
    lines += walks + sides
    network.join(lines)
    network.thin_out(rng, 0.16, {"residential"})
    network.straighten({"primary", "secondary", "tertiary"})
    network.cut_acute(38)
    network.cut_stubs(30)
    motor = [line for line in network.lines if line.kind == "motorway"]
    network.lines = [line for line in network.lines if line.kind != "motorway"]
    network.keep_connected()
    network.lines += motor
    heads = {}
    for ramp in ramps:
        build_ramp(network, ramp, heads)
    island_network(network, island)
    return network, heads


def island_network(network, island):
    """The island's two ways and the two ferries."""
    pier = min((n for line in network.lines if line.names and line.names[0] == "Seestraße" for n in line.nodes),
               key=lambda n: math.dist(network.at[n], (-1395, 960)))
    first = network.add_node(island[0].points[0])
    branch = {}
    for line in island:
        line.nodes = []
        for p in line.points:
            key = (round(p[0]), round(p[1]))
            if key not in branch:
                branch[key] = first if p == island[0].points[0] else network.add_node(p)
            line.nodes.append(branch[key])
        network.lines.append(line)
    water = [network.add_node(p) for p in ((-1560, 1080), (-1760, 1200))]
    ferry = Line("ferry", ("Inselfähre", "Island Ferry", "湖岛渡轮"), [], route="ferry", duration="00:08", motor_vehicle="yes", foot="yes", bicycle="yes",
                 fixed=True, opening_hours="Mo-Su 06:00-22:00", operator="Lindenauer Seeschifffahrt")
    ferry.nodes = [pier] + water + [first]
    network.lines.append(ferry)
    banks = [min((n for line in network.lines if line.names and line.names[0] == name for n in line.nodes), key=lambda n: math.dist(network.at[n], place))
             for name, place in (("Fährstraße", (-2210, -1330)), ("Auenweg", (-2230, -1480)))]
    cable = Line("ferry", ("Seilfähre Auendorf", "Auendorf Cable Ferry", "奥恩缆渡"), [], route="ferry", duration="00:03", motor_vehicle="yes", foot="yes",
                 bicycle="yes", fixed=True, toll="yes", operator="Gemeinde Lindenau")
    cable.nodes = banks
    network.lines.append(cable)
    for node in (pier, first, *banks):
        network.tags.setdefault(node, {}).update({"amenity": "ferry_terminal"})


__all__ = ["build", "is_one_way", "CAR", "SPEED", "OLD_TOWN"]
