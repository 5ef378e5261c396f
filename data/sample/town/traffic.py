# SPDX-License-Identifier: GPL-3.0-or-later
"""What drivers must obey in Lindenau: bridges, roundabouts, lights, one-ways, lanes, limits and forbidden turns."""
import math

from . import plan
from .geometry import angle_between, crossing
from .network import CAR, Line, is_one_way

MAIN = ("primary", "secondary", "tertiary")
SPEED = {"primary": "50", "secondary": "50", "tertiary": "50", "residential": "30", "motorway_link": "60"}
LIMITS = {"Rosenhügelstraße": "30"}
ROUNDABOUTS = [(-1150, -300), (-1090, 330), (150, -1260), (330, -1640), (105, 1170), (1340, 420)]


def dress(network, heads, rng):
    """All of it, in the order in which one thing needs another."""
    roundabouts(network, heads)
    level_crossings(network)
    split_bridges(network)
    one_ways(network, rng)
    close_unreachable(network)
    lights = traffic_lights(network)
    network.split_at(lights)
    turn_lanes(network, lights)
    side_streets = forbidden_turns(network, lights)
    surfaces(network, rng)
    crossings(network, rng)
    return side_streets


def junctions(network):
    """Node -> [(line, neighbour)] for the lines that cars use."""
    arms = {}
    for line in network.lines:
        if line.kind not in CAR:
            continue
        for k, n in enumerate(line.nodes):
            for j in (k - 1, k + 1):
                if 0 <= j < len(line.nodes):
                    arms.setdefault(n, []).append((line, line.nodes[j]))
    return arms


def roundabouts(network, heads):
    for place in ROUNDABOUTS:
        arms = junctions(network)
        node = min((n for n in arms if len(arms[n]) >= 3), key=lambda n: math.dist(network.at[n], place))
        network.roundabout(node, 17, "secondary", None)
    for node in sorted(set(heads.get("Brückenstraße", ()))):
        network.roundabout(node, 19, "primary", None)


def level_crossings(network):
    """Where a road that is no main road crosses the railway on the level; the node is the railway's too."""
    network.rail = [network.add_node(p) for p in plan.RAILWAY]
    network.rail_bridges = set()
    for line in network.lines:
        k = 0
        while k < len(line.nodes) - 1:
            for r in range(len(network.rail) - 1):
                a, b = network.rail[r], network.rail[r + 1]
                hit = crossing(network.at[line.nodes[k]], network.at[line.nodes[k + 1]], network.at[a], network.at[b])
                if not hit:
                    continue
                if line.kind == "primary":
                    network.rail_bridges.add(a)
                    break
                (x0, y0), (x1, y1) = network.at[a], network.at[b]
                node = network.add_node((x0 + (x1 - x0) * hit[1], y0 + (y1 - y0) * hit[1]))
                network.tags[node] = {"railway": "level_crossing", "crossing:barrier": "full", "crossing:light": "yes"}
                network.rail.insert(r + 1, node)
                line.nodes.insert(k + 1, node)
                k += 1
                break
            k += 1


def over_what(p):
    if plan.distance_to("river", p) < plan.RIVER_HALF_WIDTH + 8:
        return "river"
    if plan.distance_to("stream", p) < 9:
        return "stream"
    return "motorway" if plan.distance_to("motorway", p) < 26 else None


def split_bridges(network):
    result = []
    for line in network.lines:
        if line.kind in ("motorway", "motorway_link", "ferry"):
            if line.kind == "motorway_link":
                line.tags["surface"] = "asphalt"
            result.append(line)
            continue
        current, flag = [line.nodes[0]], None
        for a, b in zip(line.nodes, line.nodes[1:]):
            pa, pb = network.at[a], network.at[b]
            over = over_what(((pa[0] + pb[0]) / 2, (pa[1] + pb[1]) / 2))
            if len(current) > 1 and over != flag:
                result.append(bridge(line.copy(current), flag))
                current = [a]
            flag = over
            current.append(b)
        result.append(bridge(line.copy(current), flag))
    network.lines = result


def bridge(line, over):
    if over:
        line.tags.update({"bridge": "yes", "layer": "1"})
        names = {"Brückenstraße": ("Alte Brücke", "Old Bridge", "老桥"), "Außenring": ("Neue Brücke", "New Bridge", "新桥")}
        if over == "river" and line.names and line.names[0] in names:
            local, english, chinese = names[line.names[0]]
            line.tags.update({"bridge:name": local, "bridge:name:en": english, "bridge:name:zh": chinese})
    return line


def one_ways(network, rng):
    """Some narrow streets, if everything can still be reached from everywhere."""
    before = network.strong_part()
    tried = []
    for line in network.lines:
        share = {"living_street": 0.4, "residential": 0.14}.get(line.kind, 0)
        if share and not line.tags.get("fixed") and len(line.nodes) > 2 and line.nodes[0] != line.nodes[-1] and rng.random() < share:
            if rng.random() < 0.5:
                line.nodes.reverse()
            line.tags["oneway"] = "yes"
            line.tags["oneway:bicycle"] = "no"
            tried.append(line)
    while tried:
        strong = network.strong_part()
        bad = [line for line in tried if any(n in before and n not in strong for n in line.nodes)]
        if not bad:
            lost = before - strong
            # A part of the town was cut off by others' one-ways: give back those that touch it.
            bad = [line for line in tried if lost and any(a in lost for l in network.lines if set(l.nodes) & lost for a in line.nodes)]
            if not lost:
                break
            bad = bad or tried[:]
        for line in bad:
            line.tags.pop("oneway")
            line.tags.pop("oneway:bicycle")
        tried = [line for line in tried if line not in bad]


def close_unreachable(network):
    """Lanes that no car can reach, because only walkers' streets lead to them, are for walking too."""
    strong = network.strong_part()
    for line in network.lines:
        if line.kind in ("living_street", "residential") and any(n not in strong for n in line.nodes) and line.names[0] != "Inselstraße":
            line.kind = "pedestrian"
            line.tags.pop("oneway", None)
            line.tags.pop("oneway:bicycle", None)


def traffic_lights(network):
    lights = set()
    rings = {n for line in network.lines if line.tags.get("junction") == "roundabout" for n in line.nodes}
    for node, arms in junctions(network).items():
        names = {line.names[0] for line, _ in arms if line.kind in MAIN and line.names}
        kinds = {line.kind for line, _ in arms}
        if len(arms) >= 3 and node not in rings and (len(names) >= 2 or "motorway_link" in kinds) and "motorway" not in kinds:
            network.tags[node] = {"highway": "traffic_signals", "traffic_signals": "signal"}
            lights.add(node)
    return lights


def turns(network, arms, came_from, node):
    """Which ways lead on: the set of left, through, right, with the nodes they lead to."""
    ways = {}
    for line, to in arms[node]:
        if to == came_from or (is_one_way(line) and line.nodes.index(node) > line.nodes.index(to) and line.nodes[0] != line.nodes[-1]):
            continue
        turn = angle_between(network.at[came_from], network.at[node], network.at[to])
        ways["left" if turn > 38 else "right" if turn < -38 else "through"] = (line, to)
    return ways


def turn_lanes(network, lights):
    """Two lanes on the last metres of the main roads before a light."""
    arms = junctions(network)
    result = []
    for line in network.lines:
        result.append(line)
        if line.kind not in ("primary", "secondary") or is_one_way(line) or line.tags.get("bridge"):
            continue
        for end in (-1, 0):
            if line.nodes[end] not in lights or len(line.nodes) < 4:
                continue
            order = line.nodes if end == -1 else line.nodes[::-1]
            k, way = len(order) - 1, 0.0
            while k > 1 and way < 48:
                k -= 1
                way += math.dist(network.at[order[k]], network.at[order[k + 1]])
            ways = turns(network, arms, order[-2], order[-1])
            if k < 1 or len(ways) < 2:
                continue
            lanes = {"left": "left|" + ";".join(w for w in ("through", "right") if w in ways)} if "left" in ways else {"left": "through|right"}
            piece = line.copy(order[k:] if end == -1 else order[k:][::-1])
            side = "forward" if end == -1 else "backward"
            other = "backward" if end == -1 else "forward"
            piece.tags.update({"lanes": "3", f"lanes:{side}": "2", f"lanes:{other}": "1", f"turn:lanes:{side}": lanes["left"]})
            line.nodes = order[:k + 1] if end == -1 else order[:k + 1][::-1]
            result.append(piece)
    network.lines = result


def forbidden_turns(network, lights):
    """By node at lights, and by way where two side streets leave a main road close together."""
    arms = junctions(network)
    count = 0
    for node in sorted(lights):
        if len(arms[node]) < 3 or count >= 9 or any("Brückenstraße" in (line.names or ()) for line, _ in arms[node]):
            continue  # the way to the bridge stays open from both sides
        for line, came_from in arms[node]:
            ways = turns(network, arms, came_from, node)
            enters = not is_one_way(line) or line.nodes[-1] == node
            if len(ways) >= 2 and {"left", "through"} <= set(ways) and enters and line.kind in MAIN:
                kind = "only_straight_on" if count % 4 == 3 else "no_left_turn"
                target = ways["through" if kind == "only_straight_on" else "left"]
                network.restrictions.append((kind, line, node, target[0]))
                count += 1
                break
    return restrictions_by_way(network, arms)


def restrictions_by_way(network, arms):
    """By way: out of one side street, along a short piece of a main road, and into the next side street."""
    cut = set()
    wanted = []
    for line in network.lines:
        if line.kind not in ("secondary", "tertiary") or is_one_way(line) or len(wanted) >= 3:
            continue
        sides = [k for k, n in enumerate(line.nodes[1:-1], 1) if len(arms[n]) == 3]
        for i, j in zip(sides, sides[1:]):
            a, b = line.nodes[i], line.nodes[j]
            if not 40 < math.dist(network.at[a], network.at[b]) < 140:
                continue
            first = next(((l, n) for l, n in arms[a] if l is not line and not is_one_way(l) and a in (l.nodes[0], l.nodes[-1])), None)
            last = next(((l, n) for l, n in arms[b] if l is not line and not is_one_way(l) and b in (l.nodes[0], l.nodes[-1])), None)
            if first and last and first[0] is not last[0]:
                turn = angle_between(network.at[a], network.at[b], network.at[last[1]])
                wanted.append(("no_left_turn" if turn > 0 else "no_right_turn", first[0], a, b, last[0]))
                cut |= {a, b}
                break
    network.split_at(cut)
    for kind, first, a, b, last in wanted:
        via = next(line for line in network.lines if {line.nodes[0], line.nodes[-1]} == {a, b} and line.kind in ("secondary", "tertiary"))
        start = next(line for line in network.lines if line.names == first.names and a in (line.nodes[0], line.nodes[-1]))
        end = next(line for line in network.lines if line.names == last.names and b in (line.nodes[0], line.nodes[-1]))
        network.restrictions.append((kind, start, via, end))
    # Splitting made new pieces: members by node must be those that touch the node.
    fixed = []
    for kind, start, via, end in network.restrictions:
        if isinstance(via, int):
            start = touching(network, start, via)
            end = touching(network, end, via)
        if start and end:
            fixed.append((kind, start, via, end))
    network.restrictions = fixed
    return len(wanted)


def touching(network, wanted, node):
    """The present piece of a line that ends at the node."""
    known = set(wanted.nodes)
    return next((line for line in network.lines if line.names == wanted.names and line.kind == wanted.kind
                 and node in (line.nodes[0], line.nodes[-1]) and len(known & set(line.nodes)) > 1), None)


def surfaces(network, rng):
    for line in network.lines:
        tags = line.tags
        if line.kind in SPEED and "maxspeed" not in tags:
            tags["maxspeed"] = LIMITS.get(line.names[0] if line.names else "", SPEED[line.kind])
        if line.kind in MAIN:
            tags.setdefault("lanes", "2" if tags.get("oneway") != "yes" and tags.get("junction") != "roundabout" else "1")
            tags.update({"surface": "asphalt", "lit": "yes"})
            if tags.get("junction") != "roundabout":
                tags["sidewalk"] = "both"
                if line.kind != "primary":
                    tags["cycleway:both"] = "lane"
            if all(math.hypot(*network.at[n]) > 2000 for n in line.nodes):
                tags.update({"maxspeed": "80" if line.kind != "tertiary" else "60", "lit": "no"})
                tags.pop("sidewalk", None)
        elif line.kind == "residential":
            tags.update({"surface": "asphalt", "lit": "yes"})
        elif line.kind == "living_street":
            tags.update({"surface": "paving_stones", "lit": "yes"})
        elif line.kind == "pedestrian":
            tags.update({"surface": "sett", "lit": "yes", "bicycle": "yes", "motor_vehicle": "no"})
        elif line.kind == "footway" and "surface" not in tags:
            tags["surface"] = "fine_gravel"


def crossings(network, rng):
    """Zebra crossings on the main roads of the town, at some distance from one another."""
    placed = []
    count = network.degrees()
    for line in network.lines:
        if line.kind not in MAIN or line.tags.get("bridge") or line.tags.get("junction"):
            continue
        for n in line.nodes[1:-1]:
            p = network.at[n]
            if count[n] == 2 and n not in network.tags and math.hypot(*p) < 1700 and all(math.dist(p, q) > 190 for q in placed):
                network.tags[n] = {"highway": "crossing", "crossing": "zebra", "tactile_paving": "yes"}
                placed.append(p)


__all__ = ["dress", "Line"]
