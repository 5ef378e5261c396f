# SPDX-License-Identifier: GPL-3.0-or-later
"""A second opinion on routes: reads OpenStreetMap XML, its tags and its turn restrictions by a path of its own and finds the cheapest legal
way by a plain search over whole histories of arcs.  Slow and simple; shares no code with the engine, only the page of costs:

  an arc takes length * 360 / speed milliseconds (cm and tenths of km/h, rounded); a turn at a junction (three or more edges) costs by its
  angle; signals and turning back cost extra (TURN_MS, SIGNAL_MS).  Private roads are for the ends of a route only.
"""
import heapq
import math
import xml.etree.ElementTree as ET

CAR, BICYCLE, FOOT = range(3)
NO, ENDS, YES = range(3)
TURN_MS = [[0, 1500, 3500, 6000, 20000], [0, 500, 1500, 2500, 5000], [0, 0, 0, 0, 1000]]
SIGNAL_MS = [8000, 6000, 5000]

# value: (users, car default, car cap, bicycle); users: c car, b bicycle, f foot, p bicycle pushed
KINDS = {
    'motorway': ('c', 105, 130, 0), 'motorway_link': ('c', 55, 80, 0), 'trunk': ('cbf', 85, 110, 15), 'trunk_link': ('cbf', 45, 70, 15),
    'primary': ('cbf', 60, 90, 17), 'primary_link': ('cbf', 40, 60, 17), 'secondary': ('cbf', 52, 85, 18),
    'secondary_link': ('cbf', 35, 60, 18), 'tertiary': ('cbf', 44, 75, 18), 'tertiary_link': ('cbf', 30, 50, 18),
    'unclassified': ('cbf', 35, 60, 18), 'residential': ('cbf', 27, 40, 18), 'living_street': ('cbf', 10, 15, 12),
    'service': ('cbf', 15, 30, 16), 'road': ('cbf', 25, 50, 16), 'track': ('cbf', 15, 40, 13), 'pedestrian': ('fp', 8, 10, 6),
    'cycleway': ('bf', 8, 10, 18), 'footway': ('fp', 8, 10, 8), 'bridleway': ('fp', 8, 10, 8), 'path': ('bf', 8, 10, 12),
    'steps': ('fp', 0, 0, 2), 'busway': ('', 15, 50, 16), 'elevator': ('fp', 0, 0, 2), 'corridor': ('f', 0, 0, 5),
    'platform': ('f', 0, 0, 5),
}
OPEN = {'yes', 'permissive', 'designated', 'official', 'public', 'discouraged', '1', 'true', 'optional_sidepath'}
PRIVATE = {'destination', 'private', 'customers', 'delivery', 'permit', 'residents', 'resident', 'visitors', 'employees'}
CLOSED = {'no', 'agricultural', 'forestry', 'military', 'emergency', 'bus', 'psv', 'hov', 'restricted', 'use_sidepath', 'closed', 'false',
          '0', 'taxi'}
SURFACE_KMH = {
    'surface': dict(unpaved=35, compacted=50, fine_gravel=40, gravel=35, pebblestone=25, dirt=22, earth=22, ground=22, grass=15, sand=12, mud=8,
                    rock=10, snow=15, ice=10, wood=20, woodchips=10, grass_paver=20, cobblestone=30, sett=40, unhewn_cobblestone=15, metal=40,
                    clay=22, shells=25, salt=40, stepping_stones=5, bricks=45, metal_grid=30,
                    **{'cobblestone:flattened': 40, 'concrete:lanes': 40, 'concrete:plates': 60}),
    'tracktype': dict(grade1=40, grade2=25, grade3=18, grade4=12, grade5=8),
    'smoothness': dict(intermediate=60, bad=30, very_bad=15, horrible=8, very_horrible=5),
}
KEYS = [['access', 'vehicle', 'motor_vehicle', 'double_tracked_motor_vehicle', 'motorcar'], ['access', 'vehicle', 'bicycle'], ['access', 'foot']]
NO_CAR = {'bollard', 'block', 'jersey_barrier', 'cycle_barrier', 'motorcycle_barrier', 'bus_trap', 'sump_buster', 'planter', 'barrier_board',
          'chain', 'rope', 'log', 'debris', 'yes', 'delineators', 'wicket_gate', 'tank_trap'}
FOOT_ONLY = {'stile', 'kissing_gate', 'turnstile', 'full-height_turnstile', 'horse_stile'}
NOBODY = {'wall', 'fence', 'hedge', 'ditch', 'retaining_wall', 'city_wall', 'guard_rail', 'cable_barrier', 'handrail'}
# country: urban, rural, trunk, motorway, living street (the wiki's table of implicit speed limits)
COUNTRIES = {
    code: tuple(255 if n == '-' else int(n) for n in numbers.split()) for code, numbers in (line.split(' ', 1) for line in '''
AR 40 110 120 130 20|AT 50 100 100 130 5|AU 50 100 110 110 10|BE-BRU 30 70 90 120 20|BE-VLG 50 70 120 120 20|BE 50 90 120 120 20
BG 50 90 120 140 20|BY 60 90 90 110 20|CA 50 80 100 100 10|CH 50 80 100 120 20|CZ 50 90 110 130 20|DE 50 100 100 - 7|DK 50 80 80 130 15
EE 50 90 90 110 20|ES 50 90 90 120 20|FI 50 80 100 120 20|FR 50 80 110 130 20|GB 48 97 113 113 10|GR 50 90 110 130 20|HR 50 90 110 130 10
HU 50 90 110 130 20|IE 50 80 100 120 10|IL 50 80 90 110 20|IT 50 90 110 130 10|JP 60 60 60 100 10|LI 50 80 80 120 20|LT 50 90 120 130 20
LU 50 90 90 130 20|LV 50 90 90 90 20|MD 50 90 90 110 20|NL 50 80 100 130 15|NO 50 80 80 110 10|NZ 50 100 100 100 10|PH 40 80 80 100 10
PL 50 90 100 140 20|PT 50 90 100 120 20|RO 50 90 100 130 20|RS 50 80 100 130 10|RU 60 90 90 110 20|SE 50 70 70 110 7|SI 50 90 110 130 10
SK 50 90 90 130 20|TR 50 90 110 120 20|UA 50 90 110 130 20|UK 48 97 113 113 10|UZ 70 100 100 100 20|ZA 60 100 120 120 10
'''.strip().replace('\n', '|').split('|'))}
USUAL_COUNTRY = (50, 90, 100, 120, 10)


def access_value(text):
    if text in OPEN:
        return YES
    if text in PRIVATE:
        return ENDS
    if text in CLOSED or text == 'agricultural;forestry':
        return NO
    known = [v for v in (access_value(part.strip()) for part in text.split(';')[:8]) if v is not None] if ';' in text else []
    return max(known) if known else None


def said(tags, profile, suffix=''):
    """(access or 'dismount', index of the key) of the most particular key that says something; None if none does."""
    result = None
    for rank, key in enumerate(KEYS[profile]):
        text = tags.get(key + suffix)
        if text is None:
            continue
        if text == 'dismount':
            if profile == BICYCLE:
                result = ('dismount', rank)
            continue
        value = access_value(text)
        if value is not None:
            result = (value, rank)
    return result


def speed_limit(text):
    import re
    if text is None:
        return 0
    m = re.match(r'\s*(\d+)(\.\d+)?\s*(mph|knots)?', text)
    if m:
        n = int(m.group(1))
        if m.group(3) == 'mph':
            n = (n * 1609 + 500) // 1000
        elif m.group(3) == 'knots':
            n = (n * 1852 + 500) // 1000
        return min(n, 250)
    *place, kind = text.split(':')
    country = place[0].upper() if place else ''
    urban, rural, trunk, motorway, living = COUNTRIES.get(country, COUNTRIES.get(country.split('-')[0], USUAL_COUNTRY))
    fixed = {'none': 255, 'unlimited': 255, 'walk': 10, 'living_street': living, 'urban': urban, 'nsl_restricted': urban, 'rural': rural,
             'nsl_single': rural, 'trunk': trunk, 'nsl_dual': trunk, 'national': trunk, 'motorway': motorway, 'bicycle_road': 30,
             'expressway': 120 if country == 'PL' else trunk}
    if kind in fixed:
        return fixed[kind]
    m = re.match(r'(?:zone)?(\d+)', kind)
    return min(int(m.group(1)), 150) if m else 0


def incline_percent(text):
    import re
    if text in ('up', 'down'):
        return 6 if text == 'up' else -6
    m = re.match(r'([-+]?)(\d+)(?:[.,]\d+)?\s*(%|°)', text or '')
    if not m:
        return 0
    n = int(m.group(2))
    if m.group(3) == '°':
        n = round(100 * math.tan(math.radians(min(n, 25))))
    return (-1 if m.group(1) == '-' else 1) * min(n, 45)


def oneway(tags, profile):
    direction = 0
    if profile != FOOT and (tags.get('junction') in ('roundabout', 'circular') or tags.get('highway') == 'motorway'):
        direction = 1
    keys = [['oneway', 'oneway:vehicle', 'oneway:motor_vehicle', 'oneway:motorcar'], ['oneway', 'oneway:vehicle', 'oneway:bicycle'],
            ['conveying', 'oneway:foot']][profile]
    for key in keys:
        value = tags.get(key)
        if value in ('yes', 'true', '1') and key != 'conveying' or value == 'forward':
            direction = 1
        elif value in ('-1', 'reverse', 'backward'):
            direction = -1
        elif value in ('no', 'false', '0', 'alternating'):
            direction = 0
        elif value == 'reversible':
            direction = None
    return direction


def contraflow(tags):
    if 'oneway:bicycle' in tags:
        return False
    sides = ('cycleway', 'cycleway:left', 'cycleway:right', 'cycleway:both')
    return (any(tags.get(k, '').startswith('opposite') for k in sides)
            or any(tags.get(k + ':oneway') in ('no', '-1') for k in sides[1:]) or tags.get('bicycle:backward') == 'yes')


def ferry_users(tags):
    if tags.get('route') not in ('ferry', 'shuttle_train'):
        return None
    return 'cbf' if 'foot' not in tags and 'bicycle' not in tags else 'fp'


def duration_s(text):
    import re
    if text is None:
        return 0
    m = re.fullmatch(r'PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?', text)
    if m:
        return sum(int(g or 0) * f for g, f in zip(m.groups(), (3600, 60, 1)))
    if not re.fullmatch(r'\d+(:\d+){0,2}', text):
        return 0
    parts = [int(p) for p in text.split(':')]
    return parts[0] * 60 if len(parts) == 1 else sum(p * f for p, f in zip(parts, (3600, 60, 1)))


def way_access(tags, users, profile):
    """[(access, is pushed), ...] along and against."""
    letter = 'cbf'[profile]
    own = letter in users
    general = YES if own and not (profile != CAR and tags.get('motorroad') == 'yes') else NO
    word = said(tags, profile)
    if word and word[0] != 'dismount':
        general = word[0] if own or word[1] > 0 else NO
    result = []
    for suffix in (':forward', ':backward'):
        directed = said(tags, profile, suffix)
        deciding = directed or word
        access = general if not directed or directed[0] == 'dismount' else directed[0]
        dismount = deciding is not None and deciding[0] == 'dismount'
        pushed = profile == BICYCLE and (dismount or (access == NO and 'p' in users and (deciding is None or deciding[1] < 2)))
        result.append((access, pushed))
    return result


def road(tags, length_mm):
    """[profile][direction] -> (access, speed) or None if nobody may use the way."""
    highway = tags.get('highway')
    ferry = None
    if highway is not None:
        kind = KINDS.get(highway)
    elif tags.get('railway') == 'platform' or tags.get('public_transport') == 'platform' or tags.get('man_made') == 'pier':
        kind = KINDS['platform']
    else:
        users = ferry_users(tags)
        kind = (users, 15, 40, 15) if users else None
        ferry = users
    if kind is None or tags.get('status') == 'impassable' or tags.get('impassable') == 'yes' \
            or tags.get('construction') not in (None, 'no', 'minor', 'widening'):
        return None
    users, car, cap, bicycle = kind
    slope = incline_percent(tags.get('incline'))
    general = 0
    for key in ('maxspeed:motorcar', 'maxspeed:motor_vehicle', 'maxspeed', 'maxspeed:type', 'source:maxspeed', 'zone:maxspeed', 'zone:traffic'):
        general = general or speed_limit(tags.get(key))
    limits = [next((n for n in (speed_limit(tags.get(k + s)) or speed_limit(tags.get(k)) for k in
                    ('maxspeed:motorcar', 'maxspeed:motor_vehicle', 'maxspeed')) if n), general) for s in (':forward', ':backward')]
    surfaces = [t[tags[k]] for k, t in SURFACE_KMH.items() if tags.get(k) in t]
    surface = min(surfaces) if surfaces else 0
    out = [None] * 3
    for profile in (FOOT, CAR, BICYCLE):
        pairs = way_access(tags, users, profile)
        direction = oneway(tags, profile)
        rough = tags.get('smoothness')
        if profile != FOOT and rough == 'impassable' or profile == CAR and rough == 'very_horrible':
            pairs = [(NO, False)] * 2
        access = [out[FOOT][d][0] if pairs[d][1] else pairs[d][0] for d in (0, 1)]
        pushed = [p for _, p in pairs]
        if direction is None:
            access = [NO, NO]
        elif direction != 0 and not (profile == BICYCLE and (any(pushed) or contraflow(tags))):
            access[1 if direction == 1 else 0] = NO
        speeds = []
        for d in (0, 1):
            limit = limits[d]
            if profile == CAR:
                real = 145 if limit == 255 else limit
                kmh = car
                if real:
                    kmh = min(real * 9 // 10, cap)
                elif tags.get('service') in ('parking_aisle', 'drive-through'):
                    kmh = 8
                elif tags.get('service') in ('driveway', 'alley'):
                    kmh = 10
                if surface:
                    kmh = min(kmh, surface)
                speed = max(kmh, 1) * 10
            elif profile == BICYCLE:
                if pushed[d]:
                    speed = 20 if highway == 'steps' else 40
                else:
                    speed = bicycle * 10
                    if surface and surface < 60:
                        speed = min(speed, 50 + surface * 3)
                    climb = slope if d == 0 else -slope
                    if climb > 0:
                        speed = max(speed * 10 // (10 + climb), min(speed, 40))
                    elif climb < 0:
                        speed = speed * (100 + 3 * min(-climb, 10)) // 100
                    if limit:
                        speed = min(speed, limit * 10)
                    speed = max(speed, 20)
            else:
                sac = tags.get('sac_scale')
                if highway == 'steps':
                    speed = 30
                elif sac in (None, 'hiking', 'strolling'):
                    speed = 45 if highway in ('path', 'bridleway') else 50
                else:
                    speed = {'mountain_hiking': 35, 'demanding_mountain_hiking': 25}.get(sac, 15)
            if ferry:
                seconds = duration_s(tags.get('duration'))
                speed = 150 if not seconds else max(1, min(length_mm * 36 // (seconds * 1000), 1000))
            speeds.append(speed)
        out[profile] = [(access[d], speeds[d]) for d in (0, 1)]
    return out if any(a != NO for p in out for a, _ in p) else None


def barrier(tags, profile):
    kind = tags.get('barrier')
    if kind is None:
        return YES
    closed = kind in NOBODY or (kind in FOOT_ONLY and profile != FOOT) or (kind in NO_CAR and profile == CAR)
    word = said(tags, profile)
    if word:
        return YES if word[0] == 'dismount' else word[0]
    return NO if closed else ENDS if tags.get('locked') == 'yes' else YES


COSINES = [round(math.cos(math.radians(i)) * (1 << 30)) for i in range(90)] + [0]


def trunc(a, b):
    return a // b if a >= 0 else -(-a // b)


def cos_q30(lat):
    lat = abs(lat)
    degree, rest = divmod(lat, 10000000)
    return 0 if degree >= 90 else COSINES[degree] + trunc((COSINES[degree + 1] - COSINES[degree]) * rest, 10000000)


def lon_difference(a, b):
    return (b - a + 1800000000) % 3600000000 - 1800000000


def distance_mm(a, b):
    middle = trunc(a[0] + b[0], 2)
    east = lon_difference(a[1], b[1])
    cosine = cos_q30(middle)
    whole = trunc(east * cosine, 1 << 30)
    north = b[0] - a[0]
    if abs(whole) < 10000000 and abs(north) < 10000000:
        fine = trunc(east * cosine, 1 << 26)
        return (math.isqrt(fine * fine + north * north * 256) * 111195080 + 80000000) // 160000000
    return math.isqrt(whole * whole + north * north) * 111195080 // 10000000


def bearing(a, b):
    east = lon_difference(a[1], b[1]) * math.cos(math.radians((a[0] + b[0]) / 2e7))
    return math.floor(math.atan2(east, b[0] - a[0]) / (2 * math.pi) * 256 + 0.5) % 256


# ---- Conditional tags and sizes: what counts at a moment ----

DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su']
MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
SIZES = ('height', 'width', 'length', 'weight', 'axleload')
USUAL_SIZES = [(1600, 1900, 4500, 1600, 900), (1800, 700, 1900, 100, 60), (0,) * 5]
OURS = {'access', 'vehicle', 'motor_vehicle', 'double_tracked_motor_vehicle', 'motorcar', 'bicycle', 'foot', 'oneway', 'maxspeed', 'maxheight',
        'maxwidth', 'maxlength', 'maxweight', 'maxaxleload', 'toll'}
SUFFIXES = {'forward', 'backward', 'physical', 'vehicle', 'motor_vehicle', 'double_tracked_motor_vehicle', 'motorcar', 'bicycle', 'foot'}


class Moment:
    """A local time (a datetime) and a vehicle's sizes in mm and kg (a dict)."""

    def __init__(self, profile, when, sizes=None):
        self.profile, self.when = profile, when
        self.sizes = [(sizes or {}).get(name, 0) for name in SIZES]
        self.told = [own or usual for own, usual in zip(self.sizes, USUAL_SIZES[profile])]


def among(names, text, value):
    """Whether @value lies in "Mo-Fr", "Sa,Su", "Nov-Mar"."""
    for part in text.split(','):
        first, _, last = part.partition('-')
        a, b = names.index(first), names.index(last or first)
        if a <= value <= b if a <= b else value >= a or value <= b:
            return True
    return False


def hours_hold(text, when):
    """Of "Nov-Mar Mo-Fr 07:00-09:00,16:00-18:00; PH off": the state of the last rule that has the day; None if it is not understood."""
    import datetime
    import re

    def spans_of(day):
        spans = []
        for rule in text.split(';'):
            m = re.fullmatch(r'\s*(?:((?:%s)[A-Za-z,-]*)\s*)?(?:((?:%s|PH)[A-Za-z,-]*)\s*)?([0-9:,-]*)\s*(off)?\s*' % ('|'.join(MONTHS), '|'.join(DAYS)), rule)
            if not m or not rule.strip():
                return None
            months, days, times, off = m.groups()
            if days == 'PH' or months and not among(MONTHS, months, day.month - 1) or days and not among(DAYS, days, day.weekday()):
                continue
            minutes = lambda t: int(t[:2]) * 60 + int(t[3:])  # noqa: E731
            spans = [] if off else [tuple(map(minutes, s.split('-'))) for s in (times or '00:00-24:00').split(',')]
        return [(a, b if b > a else b + 1440) for a, b in spans]

    at = when.hour * 60 + when.minute
    today, yesterday = spans_of(when), spans_of(when - datetime.timedelta(days=1))
    if today is None:
        return None
    return any(a <= at < b for a, b in today) or any(a <= at + 1440 < b for a, b in yesterday)


def millimetres(text):
    import re
    m = re.fullmatch(r"(\d+)'(?:(\d+)\")?", text)
    if m:
        return round((int(m.group(1)) * 12 + int(m.group(2) or 0)) * 25.4)
    m = re.fullmatch(r'(\d+(?:\.\d+)?)\s*(m|cm)?', text)
    return round(float(m.group(1)) * (10 if m.group(2) == 'cm' else 1000)) if m else 0


def kilograms(text):
    import re
    m = re.fullmatch(r'(\d+(?:\.\d+)?)\s*(t|kg|lbs)?', text)
    return round(float(m.group(1)) * {'kg': 1, 'lbs': 0.45359237}.get(m.group(2), 1000)) if m else 0


def holds(condition, moment):
    import re
    condition = condition.strip()
    if condition.startswith('(') and condition.endswith(')') and '(' not in condition[1:]:
        condition = condition[1:-1]
    for part in condition.split(' AND '):
        m = re.fullmatch(r'(%s)\s*(<=|>=|<|>|=)\s*(.+)' % '|'.join(SIZES), part.strip())
        if m:
            index = SIZES.index(m.group(1))
            limit = (millimetres if index < 3 else kilograms)(m.group(3))
            own = moment.told[index]
            if not own or not {'<': own < limit, '>': own > limit, '<=': own <= limit, '>=': own >= limit, '=': own == limit}[m.group(2)]:
                return False
        elif not hours_hold(part.strip().strip('()'), moment.when):
            return False
    return True


def clauses_of(text):
    """[(value, condition), ...]"""
    import re
    out = []
    for piece in re.split(r';(?![^(]*\))', text):
        value, at, condition = piece.partition('@')
        if at:
            out.append((value.strip(), condition.strip()))
        elif out and piece.strip():
            out[-1] = (out[-1][0], out[-1][1] + '; ' + piece.strip())
    return out


def conditional_value(text, moment, otherwise):
    for value, condition in clauses_of(text or ''):
        if holds(condition, moment):
            otherwise = value
    return otherwise


def conditional_keys(tags):
    for key in tags:
        first, *rest = key.split(':')
        if rest and rest[-1] == 'conditional' and first in OURS and set(rest[:-1]) <= SUFFIXES:
            yield key


def at_moment(tags, moment):
    """The tags with what counts in the place of what is conditional."""
    out = dict(tags)
    for key in conditional_keys(tags):
        plain = key.rsplit(':', 1)[0]
        value = conditional_value(tags[key], moment, tags.get(plain))
        if value is not None:
            out[plain] = value
    return out


def all_variants(tags):
    """The tags under each combination of conditions."""
    variants = [dict(tags)]
    for key in conditional_keys(tags):
        plain = key.rsplit(':', 1)[0]
        variants += [dict(v, **{plain: value}) for v in variants for value, _ in clauses_of(tags[key])]
    return variants


def too_much(tags, moment, suffix=''):
    """Whether the vehicle is more than the road or the barrier allows."""
    for size, own in zip(SIZES, moment.sizes):
        parse = millimetres if size in SIZES[:3] else kilograms

        def least(ending):
            values = [3990 if tags[k] == 'below_default' else parse(tags[k]) for k in ('max' + size + ending, 'max' + size + ':physical' + ending) if k in tags]
            return min((v for v in values if v), default=0)

        limit = suffix and least(suffix) or least('')
        if limit and own > limit and moment.profile != FOOT:
            return True
    return False


class Edge:
    __slots__ = ('a', 'b', 'cm', 'first', 'last', 'rules', 'points', 'way', 'source')


class Network:
    def __init__(self, path):
        self.nodes, node_tags, ways, relations = {}, {}, [], []
        for _, element in ET.iterparse(path):
            if element.tag not in ('node', 'way', 'relation'):
                continue
            tags = {t.get('k'): t.get('v') for t in element.findall('tag')}
            ref = int(element.get('id'))
            if element.tag == 'node':
                self.nodes[ref] = (e7(element.get('lat')), e7(element.get('lon')))
                if tags:
                    node_tags[ref] = tags
            elif element.tag == 'way':
                ways.append((ref, [int(n.get('ref')) for n in element.findall('nd')], tags))
            elif tags.get('type') == 'restriction':
                relations.append((tags, [(m.get('role'), m.get('type'), int(m.get('ref'))) for m in element.findall('member')]))
            element.clear()
        self.cut(ways, node_tags)
        self.node_tags = node_tags
        self.relations = relations

    def cut(self, ways, node_tags):
        pieces, uses = [], {}
        for ref, nodes, tags in ways:
            run, runs = [], []
            for n in nodes:
                if n not in self.nodes:
                    runs.append(run)
                    run = []
                elif not run or run[-1] != n:
                    run.append(n)
            runs.append(run)
            for run in runs:
                if len(run) < 2:
                    continue
                total = sum(distance_mm(self.nodes[a], self.nodes[b]) for a, b in zip(run, run[1:])) if 'duration' in tags and len(runs) == 1 else 0
                rules = road({k: v for k, v in tags.items() if k != 'duration'} if len(runs) > 1 else tags, total)
                closed = {k: v for k, v in tags.items() if k != 'duration'} if len(runs) > 1 else tags
                conditional = any(True for _ in conditional_keys(tags)) or any(k.startswith(tuple('max' + s for s in SIZES)) for k in tags)
                if rules is None and not any(road(v, total) for v in all_variants(closed)):
                    continue
                rules = rules or [[(NO, 0)] * 2] * 3
                pieces.append((ref, run, (rules, (closed, total) if conditional else None)))
                for n in run:
                    uses[n] = uses.get(n, 0) + 1
                uses[run[0]] += 2
                uses[run[-1]] += 2
        for n, tags in node_tags.items():
            if n in uses and (tags.get('highway') == 'traffic_signals' or tags.get('barrier') in ('toll_booth', 'border_control') or any(barrier(tags, p) != YES for p in range(3))
                              or any(barrier(v, p) != barrier(tags, p) for v in all_variants(tags) for p in range(3))
                              or any(k.startswith(tuple('max' + s for s in SIZES)) and (millimetres(v) or kilograms(v)) for k, v in tags.items())):
                uses[n] += 2
        self.edges, self.of_way, self.out = [], {}, {}
        for ref, run, rules in pieces:
            start = 0
            for i in range(1, len(run)):
                if uses[run[i]] < 2:
                    continue
                self.add(ref, run[start:i + 1], rules)
                start = i

    def add(self, ref, run, rules):
        edge = Edge()
        points = [self.nodes[n] for n in run]
        edge.a, edge.b, edge.points, edge.way = run[0], run[-1], points, ref
        edge.rules, edge.source = rules
        edge.cm = max(1, (sum(distance_mm(p, q) for p, q in zip(points, points[1:])) + 5) // 10)
        edge.first = end_bearing(points)
        edge.last = (end_bearing(points[::-1]) + 128) % 256
        index = len(self.edges)
        self.edges.append(edge)
        self.of_way.setdefault(ref, []).append(index)
        self.out.setdefault(edge.a, []).append(2 * index)
        self.out.setdefault(edge.b, []).append(2 * index + 1)

    def set_moment(self, moment):
        """From now on all is as at that moment, for its profile."""
        self.moment = moment
        for edge in self.edges:
            if edge.source:
                tags = at_moment(edge.source[0], moment)
                edge.rules = road(tags, edge.source[1]) or [[(NO, 0)] * 2] * 3
                edge.rules = [[(NO, 0) if too_much(tags, moment, suffix) else edge.rules[p][d] for d, suffix in enumerate((':forward', ':backward'))]
                              for p in range(3)]
        self.now_tags = {n: at_moment(t, moment) for n, t in self.node_tags.items() if n in self.out}

    def head(self, arc):
        return self.edges[arc >> 1].a if arc & 1 else self.edges[arc >> 1].b

    def access(self, arc, profile):
        return self.edges[arc >> 1].rules[profile][arc & 1][0]

    def ms(self, arc, profile):
        access, speed = self.edges[arc >> 1].rules[profile][arc & 1]
        ms = (self.edges[arc >> 1].cm * 360 + speed // 2) // max(speed, 1)
        return 0 if access == NO else max(1, (ms + 50) // 100) * 100  # whole tenths of a second

    def turn_ms(self, profile, a, b):
        node = self.head(a)
        tags = self.now_tags.get(node, {})
        if b == a ^ 1:
            return TURN_MS[profile][4]
        gate = NO if too_much(tags, self.moment) else barrier(tags, profile)
        if gate == NO or (gate == ENDS and self.access(a, profile) == YES and self.access(b, profile) == YES):
            return None
        cost = 0
        if len(self.out[node]) >= 3:
            ea, eb = self.edges[a >> 1], self.edges[b >> 1]
            come = (ea.first + 128) % 256 if a & 1 else ea.last
            go = (eb.last + 128) % 256 if b & 1 else eb.first
            angle = abs((go - come + 128) % 256 - 128)
            cost = TURN_MS[profile][0 if angle < 16 else 1 if angle < 48 else 2 if angle < 96 else 3]
        if tags.get('highway') == 'traffic_signals':
            way = tags.get('traffic_signals:direction')
            if way not in ('forward', 'backward') or (way == 'forward') == (a & 1 == 0):
                cost += SIGNAL_MS[profile]
        return cost

    def forbidden(self, profile):
        """The sequences of arcs that restrictions forbid."""
        out = set()
        for tags, members in self.relations:
            value = restriction_for(tags, profile, self.moment)
            if value is None:
                continue
            roles = {role: [r for ro, t, r in members if ro == role and t == 'way'] for role in ('from', 'via', 'to')}
            node = next((r for ro, t, r in reversed(members) if ro == 'via' and t == 'node'), None)
            if not roles['from'] or not roles['to'] or (node is None) == (not roles['via']):
                continue
            usable = lambda arc: self.access(arc, profile) != NO
            edges = {role: {e for w in roles[role] for e in self.of_way.get(w, [])} for role in roles}
            for start in [2 * e + d for e in edges['from'] for d in (0, 1)]:
                if not usable(start):
                    continue
                for path in self.paths(start, node, roles['via'], edges['to'], usable):
                    self.apply(out, value, path, edges['to'], roles, usable)
        return out

    def paths(self, start, node, via_ways, to_edges, usable):
        if node is not None:
            return [[start]] if self.head(start) == node else []
        via = {e for w in via_ways for e in self.of_way.get(w, [])}
        found, todo = [], [[start]]
        while todo:
            path = todo.pop()
            at = self.head(path[-1])
            if len(path) > 1 and any(n >> 1 in to_edges and usable(n) for n in self.out[at]) \
                    and all(any(a >> 1 in self.of_way.get(w, []) for a in path[1:]) for w in via_ways):
                found.append(path)
                continue
            todo += [path + [n] for n in self.out[at] if n >> 1 in via and usable(n) and n >> 1 not in [a >> 1 for a in path]]
        return found

    def apply(self, out, value, path, to_edges, roles, usable):
        ways_out = [n for n in self.out[self.head(path[-1])] if usable(n)]
        targets = [n for n in ways_out if n >> 1 in to_edges]
        if value.startswith('no_'):
            same = len(path) == 1 and len(roles['from']) == 1 and roles['from'] == roles['to']
            for t in targets:
                if not (same and (t == path[-1] ^ 1) != (value == 'no_u_turn')):
                    out.add(tuple(path + [t]))
        elif targets:
            for i in range(1, len(path)):
                out.update(tuple(path[:i] + [n]) for n in self.out[self.head(path[i - 1])] if n != path[i] and usable(n))
            out.update(tuple(path + [n]) for n in ways_out if n not in targets)

    def route(self, profile, forbidden, origin, target):
        """Milliseconds from one (edge, share along it in cm) to another, or None."""
        prefixes = {s[:i] for s in forbidden for i in range(1, len(s))}
        ends, best = {}, None
        for d in (0, 1):
            ms = self.ms(2 * target[0] + d, profile)
            if ms:
                ends[2 * target[0] + d] = ms * (target[1] if d == 0 else self.edges[target[0]].cm - target[1]) // self.edges[target[0]].cm
        heap, seen = [], set()
        for d in (0, 1):
            arc = 2 * origin[0] + d
            ms = self.ms(arc, profile)
            if not ms:
                continue
            before = ms * (origin[1] if d == 0 else self.edges[origin[0]].cm - origin[1]) // self.edges[origin[0]].cm
            if arc in ends and ends[arc] >= before:
                best = min(ends[arc] - before, best if best is not None else ends[arc])
            heapq.heappush(heap, (ms - before, (arc,), False))
        while heap:
            cost, history, ending = heapq.heappop(heap)
            if best is not None and cost >= best:
                break
            if (history, ending) in seen:
                continue
            seen.add((history, ending))
            arc = history[-1]
            for n in self.out[self.head(arc)]:
                ms = self.ms(n, profile)
                if not ms or any(history[i:] + (n,) in forbidden for i in range(len(history))):
                    continue
                private = self.access(n, profile) != YES
                if ending and not private:
                    continue
                turn = self.turn_ms(profile, arc, n)
                if turn is None:
                    continue
                if n in ends and (best is None or cost + turn + ends[n] < best):
                    best = cost + turn + ends[n]
                longer = history + (n,)
                while len(longer) > 1 and longer not in prefixes:
                    longer = longer[1:]
                heapq.heappush(heap, (cost + turn + ms, longer, ending or (private and self.access(arc, profile) == YES)))
        return best


def restriction_for(tags, profile, moment):
    names = {CAR: ('vehicle', 'motor_vehicle', 'motorcar'), BICYCLE: ('vehicle', 'bicycle'), FOOT: ('foot',)}[profile]
    keys = ([] if profile == FOOT else ['restriction']) + ['restriction:' + n for n in names]
    value = conditional = None
    for key in keys:
        value, conditional = tags.get(key, value), tags.get(key + ':conditional', conditional)
    if any(k in tags for k in ('day_on', 'day_off', 'hour_on', 'hour_off')) and value:
        days = tags['day_on'][:2] + '-' + tags.get('day_off', tags['day_on'])[:2] + ' ' if 'day_on' in tags else ''
        hours = tags.get('hour_on', '00:00') + '-' + tags.get('hour_off', '24:00') if 'hour_on' in tags or 'hour_off' in tags else ''
        value = value if hours_hold(days + hours, moment.when) else None
    else:
        value = conditional_value(conditional, moment, value)
    if any(name.strip() in names for name in tags.get('except', '').split(';')):
        return None
    return value if value and value.startswith(('no_', 'only_')) else None


def end_bearing(points):
    mm, at = 0, 0
    for i in range(1, len(points)):
        if mm >= 10000:
            break
        mm += distance_mm(points[i - 1], points[i])
        at = i
    return bearing(points[0], points[at])


def e7(text):
    from decimal import ROUND_HALF_UP, Decimal
    return int((Decimal(text) * 10000000).to_integral_value(ROUND_HALF_UP))
