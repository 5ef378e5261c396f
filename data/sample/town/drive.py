# SPDX-License-Identifier: GPL-3.0-or-later
"""A drive through the town as a receiver records it: a position a second, with a receiver's noise."""
import heapq
import math

from .geometry import angle_between
from .network import CAR, is_one_way
from .osm import to_degrees

START_TIME = 9 * 3600          # 09:00:00 UTC
DATE = (21, 6, 2026)


def route(network, start, goal, speeds):
    """The fastest way from node to node that obeys one-ways and forbidden turns, as (nodes, line of each step)."""
    arcs = {}
    for line in network.lines:
        if line.kind not in CAR:
            continue
        for a, b in zip(line.nodes, line.nodes[1:]):
            arcs.setdefault(a, []).append((b, line))
            if not is_one_way(line):
                arcs.setdefault(b, []).append((a, line))
    queue = [_Entry(0.0, start, None, None)]
    came, done = {}, set()
    while queue:
        cost, node, line, before = heapq.heappop(queue)
        state = (node, id(line))
        if state in done:
            continue
        done.add(state)
        came[state] = before
        if node == goal:
            return unwind(came, state, network)
        for to, by in arcs.get(node, ()):
            turns_back = before is not None and before[0] == to
            if line is not None and (turns_back or forbidden(network, line, node, by)):
                continue
            step = math.dist(network.at[node], network.at[to]) / (speeds(by) / 3.6)
            heapq.heappush(queue, _Entry(cost + step + (8 if network.tags.get(to, {}).get("highway") == "traffic_signals" else 0), to, by, state))
    raise RuntimeError("no way")


class _Entry(tuple):
    """A queue entry that is ordered by its cost and node only."""

    def __new__(cls, *values):
        return super().__new__(cls, values)

    def __lt__(self, other):
        return (self[0], self[1]) < (other[0], other[1])


def forbidden(network, line, node, by):
    for kind, start, via, end in network.restrictions:
        if via == node and start is line:
            if kind.startswith("no_") and end is by:
                return True
            if kind.startswith("only_") and end is not by:
                return True
    return False


def unwind(came, state, network):
    by_id = {id(line): line for line in network.lines}
    nodes, lines = [], []
    while state:
        nodes.append(state[0])
        lines.append(by_id.get(state[1]))
        state = came[state]
    return nodes[::-1], lines[::-1][1:]


def limits(network, nodes, lines, speeds):
    """The speed allowed at each node: the road's, less in bends; nothing at a red light and at the end."""
    result = []
    red = 0
    for k, node in enumerate(nodes):
        limit = speeds(lines[min(k, len(lines) - 1)]) / 3.6 * 0.94
        if 0 < k < len(nodes) - 1:
            turn = abs(angle_between(*(network.at[n] for n in nodes[k - 1:k + 2])))
            limit = min(limit, max(4.5, 15.0 - turn * 0.16))
            if network.tags.get(node, {}).get("highway") == "traffic_signals":
                red += 1
                if red % 3 == 2:
                    limit = 0.0
        result.append(limit)
    result[0] = result[-1] = 0.0
    return result


def simulate(network, nodes, lines, speeds):
    """(x, y, speed, bearing) at each second."""
    points = [network.at[n] for n in nodes]
    at = [0.0]
    for a, b in zip(points, points[1:]):
        at.append(at[-1] + math.dist(a, b))
    allowed = limits(network, nodes, lines, speeds)
    road = [speeds(line) / 3.6 * 0.94 for line in lines]
    states, s, v, k, wait = [], 0.0, 0.0, 0, 4
    while s < at[-1] - 1.5:
        while k < len(lines) - 1 and s >= at[k + 1]:
            k += 1
        states.append((s, v))
        if wait:
            wait -= 1
            continue
        target = road[k]
        for j in range(k + 1, len(points)):
            gap = at[j] - s
            if gap > 160:
                break
            target = min(target, math.sqrt(allowed[j] ** 2 + 2 * 1.7 * max(0.0, gap - 2)))
        v = min(v + 1.6, max(target, v - 2.6))
        if v < 0.7:
            stop = next((j for j in range(k + 1, len(points)) if at[j] - s < 6 and allowed[j] == 0.0), None)
            if stop is not None and stop < len(points) - 1:
                allowed[stop] = 6.0
                v, wait = 0.0, 7
            v = max(v, 0.0 if wait else 0.9)
        s += v
    states += [(at[-1], 0.0)] * 4
    return [(*along(points, at, s), v) for s, v in states]


def along(points, at, s):
    k = next((k for k in range(len(at) - 1) if s <= at[k + 1]), len(at) - 2)
    a, b = points[k], points[k + 1]
    t = 0.0 if at[k + 1] == at[k] else min(1.0, (s - at[k]) / (at[k + 1] - at[k]))
    bearing = math.degrees(math.atan2(b[0] - a[0], b[1] - a[1])) % 360
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, bearing


def with_noise(states, rng):
    """A receiver's error wanders slowly: about two metres."""
    ex = ey = 0.0
    result = []
    for x, y, bearing, speed in states:
        ex = ex * 0.93 + rng.gauss(0, 0.55)
        ey = ey * 0.93 + rng.gauss(0, 0.55)
        # A car keeps to the right of the road's middle.
        right = math.radians(bearing + 90)
        result.append((x + ex + 1.7 * math.sin(right), y + ey + 1.7 * math.cos(right), bearing, speed))
    return result


def sentence(body):
    check = 0
    for c in body:
        check ^= ord(c)
    return f"${body}*{check:02X}\r\n"


def angle(value, digits, positive, negative):
    whole = int(abs(value))
    minutes = (abs(value) - whole) * 60
    text = f"{whole:0{digits}d}{minutes:08.5f}"
    if minutes >= 59.999995:
        text = f"{whole + 1:0{digits}d}00.00000"
    return f"{text},{positive if value >= 0 else negative}"


def write_nmea(file, track):
    sky = [(2, 31, 45, 38), (5, 62, 120, 44), (7, 18, 210, 33), (12, 47, 300, 41), (15, 71, 15, 46), (20, 25, 160, 36), (24, 38, 255, 40), (29, 12, 90, 29)]
    for k, (x, y, bearing, speed) in enumerate(track):
        lat, lon = to_degrees((x, y))
        second = START_TIME + k
        time = f"{second // 3600:02d}{second // 60 % 60:02d}{second % 60:02d}.00"
        place = f"{angle(lat, 2, 'N', 'S')},{angle(lon, 3, 'E', 'W')}"
        file.write(sentence(f"GPGGA,{time},{place},1,08,1.0,452.0,M,48.6,M,,"))
        file.write(sentence("GPGSA,A,3," + ",".join(f"{s[0]:02d}" for s in sky) + ",,,,,1.8,1.0,1.5"))
        if k % 5 == 0:
            for i in (0, 4):
                file.write(sentence(f"GPGSV,2,{i // 4 + 1},08," + ",".join(f"{n:02d},{e:02d},{a:03d},{c:02d}" for n, e, a, c in sky[i:i + 4])))
        file.write(sentence(f"GPRMC,{time},A,{place},{speed * 3600 / 1852:.2f},{bearing:.1f},{DATE[0]:02d}{DATE[1]:02d}{DATE[2] % 100:02d},,,A"))


def write_gpx(file, track, name):
    file.write('<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Cirrus make-town" xmlns="http://www.topografix.com/GPX/1/1">\n'
               f"  <trk><name>{name}</name><trkseg>\n")
    for k, (x, y, _, _) in enumerate(track):
        lat, lon = to_degrees((x, y))
        second = START_TIME + k
        file.write(f'    <trkpt lat="{lat:.7f}" lon="{lon:.7f}"><ele>452</ele><time>{DATE[2]}-{DATE[1]:02d}-{DATE[0]:02d}T'
                   f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z</time></trkpt>\n")
    file.write("  </trkseg></trk>\n</gpx>\n")
