# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of Lindenau: where its water, railway, main roads and districts lie, in metres around the market square."""
import math

from .geometry import Near, Noise, inside, nearest_on_segment, offset, spline

RIVER_HALF_WIDTH = 28.0
noise = Noise(7)


def natural(points, amplitude, wave, step=30):
    """A closed outline as nature draws it."""
    return [noise.warp(p, amplitude, wave) for p in spline(points, closed=True, step=step)]


RIVER = spline([(3900, 1500), (3400, 1300), (2500, 950), (1850, 620), (1250, 130), (720, -330), (200, -540), (-400, -570), (-1000, -700),
                (-1700, -1150), (-2400, -1430), (-3400, -1560), (-3900, -1500)], step=30)
STREAM = spline([(-1880, 870), (-2020, 350), (-1850, -150), (-1980, -620), (-1760, -1160)], step=30)
LAKE = natural([(-1500, 1010), (-1430, 1350), (-1640, 1700), (-2080, 1830), (-2520, 1690), (-2680, 1330), (-2420, 980), (-2000, 860),
               (-1700, 850)], 85, 420)
ISLAND = natural([(-1990, 1260), (-1930, 1400), (-2040, 1530), (-2220, 1500), (-2270, 1340), (-2150, 1230)], 45, 210, step=22)
RAILWAY = spline([(-3900, 2450), (-3300, 2330), (-1900, 2130), (-700, 1790), (350, 1480), (1050, 1290), (1800, 1400), (2600, 1800),
                  (3400, 2080), (3900, 2200)], step=40)
MOTORWAY = spline([(3900, -80), (3400, -330), (2400, -930), (1500, -1580), (430, -1960), (-900, -2080), (-2300, -2030), (-3400, -2300),
                   (-3900, -2500)], step=55)
INNER_RING = spline([(400, 20), (345, 250), (80, 395), (-255, 345), (-425, 100), (-400, -195), (-235, -385), (55, -400), (305, -245)],
                    closed=True, step=35)
OUTER_RING = spline([(-1150, -300), (-1090, 330), (-800, 860), (-250, 1130), (105, 1170), (620, 1060), (1030, 740), (1340, 420),
                     (1560, 60), (1530, -420), (1190, -860), (700, -1170), (150, -1260), (-480, -1210), (-900, -1040), (-1090, -800)],
                    closed=True, step=45)
PARK = spline([(-1030, 60), (-800, 120), (-640, 330), (-700, 560), (-930, 560), (-1060, 330)], closed=True, step=30)
HILL_PARK = spline([(560, -520), (800, -560), (900, -760), (720, -900), (520, -780)], closed=True, step=30)
FOREST_WEST = natural([(-3250, 2050), (-2750, 2060), (-2800, 1250), (-2480, 780), (-2600, 150), (-3280, 120)], 95, 460, step=55)
FOREST_NORTH = natural([(350, 1680), (1300, 1560), (1950, 1750), (2250, 2350), (1500, 2560), (500, 2560)], 110, 520, step=55)
CEMETERY = spline([(-560, 1260), (-330, 1270), (-310, 1440), (-560, 1500)], closed=True, step=30)
INDUSTRY = [(1120, 900), (1450, 560), (1900, 930), (2500, 1320), (2500, 1640), (1800, 1290), (1180, 1170)]

# Main roads: class, ref, names, line.  Their ends lie on other main roads or at the edge of the map.
ROADS = [
    ("primary", "B 7", ("Nordstraße", "North Street", "北大街"), [(80, 395), (150, 700), (105, 1170), (60, 1560), (180, 2000), (120, 2600)]),
    ("primary", "B 7", ("Brückenstraße", "Bridge Street", "桥街"),
     [(55, -400), (70, -560), (95, -800), (150, -1260), (330, -1640), (430, -1960), (560, -2300), (600, -2700)]),
    ("secondary", "L 12", ("Seestraße", "Lake Road", "湖滨路"), [(-425, 100), (-760, 200), (-1090, 330), (-1280, 640), (-1395, 960)]),
    ("secondary", "L 12", ("Westallee", "West Avenue", "西大道"),
     [(-400, -195), (-780, -250), (-1150, -300), (-1750, -480), (-2500, -560), (-3300, -420)]),
    ("secondary", "L 21", ("Bahnhofstraße", "Station Street", "车站街"), [(345, 250), (560, 560), (760, 800), (860, 920), (960, 1230)]),
    ("primary", "B 7a", ("Oststraße", "East Street", "东大街"),
     [(400, 20), (800, 190), (1340, 420), (1800, 850), (2450, 1180), (3300, 1640)]),
    ("secondary", "L 30", ("Hafenstraße", "Harbour Street", "港口街"), [(1530, -420), (1950, -600), (2400, -930), (2750, -1350), (3100, -1900)]),
    ("tertiary", None, ("Waldstraße", "Forest Road", "森林路"), [(-800, 860), (-1050, 1230), (-1130, 1640), (-1180, 1930), (-1350, 2500)]),
    ("tertiary", None, ("Südring", "South Ring", "南环路"), [(-900, -1040), (-1130, -1350), (-780, -1720), (-150, -1800), (330, -1640)]),
    ("tertiary", None, ("Rosenhügelstraße", "Rosehill Road", "玫瑰山路"), [(105, 1170), (450, 1280), (760, 1230), (960, 1230)]),
    ("tertiary", None, ("Fährstraße", "Ferry Road", "渡口路"), [(-1750, -480), (-2130, -900), (-2210, -1330)]),
    ("tertiary", None, ("Auenweg", "Floodplain Way", "河漫滩路"), [(-2230, -1480), (-1800, -1560), (-1130, -1350)]),
]
RINGS = [
    ("secondary", "L 1", ("Stadtring", "Town Ring", "城市环路"), INNER_RING),
    ("secondary", "L 2", ("Außenring", "Outer Ring", "外环路"), OUTER_RING),
]

# Districts: name, polygon, direction of the first set of streets, spacing of both sets, noise, kinds of names, house density.
DISTRICTS = [
    (("Südstadt", "South Town", "南城"), [(-1060, -780), (-400, -620), (200, -590), (720, -390), (1250, 60), (1560, 60), (1530, -420),
                                       (1190, -860), (700, -1170), (150, -1260), (-480, -1210), (-900, -1040)], 14, (92, 128), 24, ["straße", "weg", "gasse"]),
    (("Gartenstadt", "Garden City", "花园城"), [(-900, -1040), (-480, -1210), (150, -1260), (330, -1640), (-150, -1800), (-780, -1720), (-1130, -1350)],
     -24, (84, 150), 42, ["weg", "steig"]),
    (("Seevorstadt", "Lakeside", "湖滨区"), [(-1090, 330), (-800, 860), (-1050, 1230), (-1130, 1640), (-1390, 1500), (-1330, 1100), (-1280, 640)],
     35, (95, 140), 35, ["weg", "allee"]),
    (("Rosenhügel", "Rosehill", "玫瑰山"), [(-800, 860), (-250, 1130), (105, 1170), (60, 1560), (-640, 1720), (-1130, 1840), (-1130, 1640), (-1050, 1230)],
     -14, (90, 132), 30, ["straße", "weg"]),
    (("Bahnhofsviertel", "Station Quarter", "车站区"), [(105, 1170), (620, 1060), (1030, 740), (860, 920), (960, 1230), (760, 1230), (450, 1280), (60, 1400)],
     20, (80, 110), 14, ["straße", "gasse"]),
    (("Gewerbepark", "Business Park", "商业园"), INDUSTRY, 33, (170, 210), 18, ["straße"]),
    (("Oststadt", "East Town", "东城"), [(1560, 60), (1530, -420), (1950, -600), (2330, -760), (2350, -250), (2060, 260), (1700, 330)],
     -32, (90, 135), 30, ["straße", "weg"]),
    (("Weststadt", "West Town", "西城"), [(-1150, -300), (-1100, 200), (-1500, 250), (-1800, 60), (-1780, -480)], 8, (88, 125), 26, ["straße", "weg"]),
    (("Auendorf", "Auendorf", "奥恩村"), [(-1150, -330), (-1750, -500), (-2100, -850), (-1650, -960), (-1180, -620)], -38, (95, 140), 40, ["weg", "straße"]),
    (("Oberlinden", "Upper Linden", "上林登"), [(-2250, -540), (-2880, -530), (-2950, -160), (-2500, 10), (-2220, -180)], 22, (105, 150), 45, ["weg", "gasse"]),
]


def polar(ring, theta):
    """The ring's point in a direction from the market square."""
    for a, b in zip(ring, ring[1:]):
        ta, tb = math.atan2(a[1], a[0]), math.atan2(b[1], b[0])
        d = (tb - ta + math.pi) % (2 * math.pi) - math.pi
        u = ((theta - ta + math.pi) % (2 * math.pi) - math.pi) / d if d else 2
        if 0 <= u <= 1:
            r = math.hypot(*a) * (1 - u) + math.hypot(*b) * u
            return r * math.cos(theta), r * math.sin(theta)
    raise ValueError(theta)


_near = {name: Near(100.0) for name in ("river", "stream", "rail", "motorway")}
_near["river"].add_line(RIVER)
_near["stream"].add_line(STREAM)
_near["rail"].add_line(RAILWAY)
_near["motorway"].add_line(MOTORWAY)


def distance_to(what, p, radius=150.0):
    return _near[what].distance(p, radius)


def is_water(p, margin=0.0):
    if distance_to("river", p) < RIVER_HALF_WIDTH + margin or distance_to("stream", p) < 4 + margin:
        return True
    return inside(p, LAKE) and not inside(p, ISLAND)


def is_free(p, water=16.0, rail=28.0, motorway=65.0):
    """Whether a street or house may stand here."""
    if is_water(p, water) or distance_to("rail", p) < rail or distance_to("motorway", p) < motorway:
        return False
    return not any(inside(p, area) for area in (PARK, HILL_PARK, CEMETERY, LAKE, FOREST_WEST, FOREST_NORTH))


def is_town(p, margin=70.0):
    """Whether a place is built up, or that near to where it is."""
    for polygon in TOWN:
        if inside(p, polygon) or min(nearest_on_segment(p, a, b)[0] for a, b in zip(polygon, polygon[1:] + polygon[:1])) < margin:
            return True
    return False


TOWN = [OUTER_RING] + [district[1] for district in DISTRICTS]
MOTORWAY_SIDES = (offset(MOTORWAY, -13.0), list(reversed(offset(MOTORWAY, 13.0))))
