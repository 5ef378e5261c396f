# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines that become a road network: they meet where they cross, and what hangs loose is cut off."""
import math

from .geometry import Near, angle_between, crossing, nearest_on_segment

SNAP = 9.0
CAR = {"motorway", "motorway_link", "trunk", "primary", "primary_link", "secondary", "tertiary", "unclassified", "residential",
       "living_street", "service"}


class Line:
    """A street before (points) and after (nodes) it is joined to the others."""

    def __init__(self, kind, names, points, level=0, **tags):
        self.kind, self.names, self.points, self.level, self.tags = kind, names, points, level, tags
        self.nodes = []
        self.district = None

    def copy(self, nodes):
        line = Line(self.kind, self.names, [], self.level, **self.tags)
        line.nodes, line.district = nodes, self.district
        return line


class Network:
    def __init__(self):
        self.at = []          # node -> (x, y)
        self.tags = {}        # node -> its tags
        self.lines = []
        self.restrictions = []

    def add_node(self, p):
        self.at.append((p[0], p[1]))
        return len(self.at) - 1

    # Joining ----------------------------------------------------------------------------------------------------------------

    def join(self, lines):
        """Makes nodes of the lines' points, common ones where lines of one level cross or one ends on another."""
        lines = self._extend_ends(lines)
        cuts = [[] for _ in lines]
        near = Near()
        for i, line in enumerate(lines):
            for s, (a, b) in enumerate(zip(line.points, line.points[1:])):
                for c, d, (j, r) in list(near.around(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), math.dist(a, b) / 2 + 1)):
                    if lines[j].level != line.level or (i == j and abs(r - s) <= 1):
                        continue
                    hit = crossing(a, b, c, d)
                    if hit:
                        p = (a[0] + (b[0] - a[0]) * hit[0], a[1] + (b[1] - a[1]) * hit[0])
                        node = self._junction(p)
                        cuts[i].append((s + hit[0], node))
                        cuts[j].append((r + hit[1], node))
                near.add(a, b, (i, s))
        for line, at in zip(lines, cuts):
            self._make_nodes(line, sorted(at))
        self.lines += [line for line in lines if len(line.nodes) > 1]

    def _junction(self, p):
        cell = (math.floor(p[0] / 12), math.floor(p[1] / 12))
        if not hasattr(self, "_cells"):
            self._cells = {}
        for i in (-1, 0, 1):
            for j in (-1, 0, 1):
                for node in self._cells.get((cell[0] + i, cell[1] + j), ()):
                    if math.dist(self.at[node], p) < 11:
                        return node
        node = self.add_node(p)
        self._cells.setdefault(cell, []).append(node)
        return node

    def _make_nodes(self, line, cuts):
        """The points and cuts in order; points that crowd a junction are left out."""
        places = [(float(i), None, p) for i, p in enumerate(line.points)] + [(t, node, self.at[node]) for t, node in cuts]
        places.sort(key=lambda place: (place[0], place[1] is None))
        junctions = [p for _, node, p in places if node is not None]
        nodes = []
        for _, node, p in places:
            if node is None:
                if any(math.dist(p, q) < SNAP for q in junctions):
                    continue
                node = self.add_node(p)
            if not nodes or nodes[-1] != node:
                nodes.append(node)
        line.nodes = nodes

    def _extend_ends(self, lines):
        """Ends that stop short of another line are led onto it."""
        near = Near()
        for i, line in enumerate(lines):
            near.add_line(line.points, i)
        for i, line in enumerate(lines):
            if line.points[0] == line.points[-1]:
                continue
            for end in (0, -1):
                p = line.points[end]
                inner = line.points[1 if end == 0 else -2]
                reach = 14.0 if line.tags.get("fixed") else 46.0
                best = None
                d = math.dist(p, inner) or 1
                ray = (p[0] + (p[0] - inner[0]) / d * reach, p[1] + (p[1] - inner[1]) / d * reach)
                for a, b, j in near.around(p, reach + 30):
                    if j == i or lines[j].level != line.level:
                        continue
                    hit = crossing(p, ray, a, b)
                    if hit and (best is None or hit[0] < best):
                        best = hit[0]
                    elif nearest_on_segment(p, a, b)[0] < 3 and best is None:
                        best = 0.0
                if best is not None:
                    t = best + 2.5 / reach
                    tip = (p[0] + (ray[0] - p[0]) * t, p[1] + (ray[1] - p[1]) * t)
                    if end == 0:
                        line.points = [tip] + line.points
                    else:
                        line.points = line.points + [tip]
        return lines

    # Cleaning ---------------------------------------------------------------------------------------------------------------

    def degrees(self, lines=None):
        """How many line pieces end at or go through each node."""
        count = {}
        for line in lines if lines is not None else self.lines:
            for k, node in enumerate(line.nodes):
                count[node] = count.get(node, 0) + (1 if k in (0, len(line.nodes) - 1) else 2)
        return count

    def cut_stubs(self, shortest):
        """Takes off loose ends shorter than a street is worth, until there are none."""
        changed = True
        while changed:
            changed = False
            count = self.degrees()
            for line in self.lines:
                if line.tags.get("fixed"):
                    continue
                for end in (0, -1):
                    if len(line.nodes) < 2 or count[line.nodes[end]] != 1:
                        continue
                    order = line.nodes if end == 0 else line.nodes[::-1]
                    k = next((k for k in range(1, len(order)) if count[order[k]] > 2), len(order) - 1)
                    if sum(math.dist(self.at[a], self.at[b]) for a, b in zip(order[:k + 1], order[1:k + 1])) < shortest:
                        line.nodes = line.nodes[k:] if end == 0 else line.nodes[:len(line.nodes) - k]
                        changed = True
            self.lines = [line for line in self.lines if len(line.nodes) > 1]

    def thin_out(self, rng, share, kinds):
        """Takes away some pieces between junctions, so that blocks are not all alike."""
        result = []
        count = self.degrees()
        for line in self.lines:
            if line.kind not in kinds or line.tags.get("fixed"):
                result.append(line)
                continue
            nodes = [line.nodes[0]]
            for node in line.nodes[1:]:
                nodes.append(node)
                if count[node] > 2:
                    if rng.random() < share and count[nodes[0]] > 3 and count[node] > 3:
                        count[nodes[0]] -= 1
                        count[node] -= 1
                    else:
                        result.append(line.copy(nodes))
                    nodes = [node]
            if len(nodes) > 1:
                result.append(line.copy(nodes))
        self.lines = self._merge(result)

    def straighten(self, kinds):
        """Main roads are not bent aside by the streets that join them."""
        for _ in range(3):
            for line in self.lines:
                if line.kind not in kinds:
                    continue
                for a, n, b in zip(line.nodes, line.nodes[1:], line.nodes[2:]):
                    pa, p, pb = self.at[a], self.at[n], self.at[b]
                    if abs(angle_between(pa, p, pb)) > 14 and math.dist(pa, p) < 60 and math.dist(p, pb) < 60:
                        t = nearest_on_segment(p, pa, pb)[1]
                        q = (pa[0] + (pb[0] - pa[0]) * t, pa[1] + (pb[1] - pa[1]) * t)
                        self.at[n] = (p[0] * 0.4 + q[0] * 0.6, p[1] * 0.4 + q[1] * 0.6)

    def cut_acute(self, least_deg):
        """Takes off the last piece of side streets that would meet a main road nearly along it."""
        arms = {}
        for line in self.lines:
            for a, b in zip(line.nodes, line.nodes[1:]):
                if line.tags.get("fixed"):
                    arms.setdefault(a, []).append(b)
                    arms.setdefault(b, []).append(a)
        count = self.degrees()
        for line in self.lines:
            for end in (0, -1):
                if line.tags.get("fixed") or len(line.nodes) < 2:
                    continue
                order = line.nodes if end == 0 else line.nodes[::-1]
                here = self.at[order[0]]
                towards = math.atan2(self.at[order[1]][1] - here[1], self.at[order[1]][0] - here[0])
                for other in arms.get(order[0], ()):
                    along = math.atan2(self.at[other][1] - here[1], self.at[other][0] - here[0])
                    if abs((towards - along + math.pi) % (2 * math.pi) - math.pi) < math.radians(least_deg):
                        k = next((k for k in range(1, len(order)) if count[order[k]] > 2), len(order) - 1)
                        line.nodes = line.nodes[k:] if end == 0 else line.nodes[:len(line.nodes) - k]
                        break
        self.lines = [line for line in self.lines if len(line.nodes) > 1]

    @staticmethod
    def _merge(lines):
        """Pieces of one street that follow one another become one line again."""
        result = []
        for line in lines:
            last = result[-1] if result else None
            if last and last.names == line.names and last.kind == line.kind and last.tags == line.tags and last.nodes[-1] == line.nodes[0] \
                    and last.nodes[0] != last.nodes[-1]:
                last.nodes += line.nodes[1:]
            else:
                result.append(line)
        return result

    def keep_connected(self):
        """Keeps what hangs together with the greatest part."""
        parent = list(range(len(self.at)))

        def find(a):
            while parent[a] != a:
                parent[a] = parent[parent[a]]
                a = parent[a]
            return a

        for line in self.lines:
            for a, b in zip(line.nodes, line.nodes[1:]):
                parent[find(a)] = find(b)
        size = {}
        for line in self.lines:
            size[find(line.nodes[0])] = size.get(find(line.nodes[0]), 0) + len(line.nodes)
        root = max(size, key=lambda r: (size[r], r))
        self.lines = [line for line in self.lines if find(line.nodes[0]) == root]

    # Junctions --------------------------------------------------------------------------------------------------------------

    def roundabout(self, node, radius, kind, names):
        """Puts a ring of one-way road in place of a junction; gives FALSE if there is no room."""
        centre = self.at[node]
        self._make_room(node, radius + 8)
        arms = []
        for line in self.lines:
            for k, n in enumerate(line.nodes):
                if n == node:
                    arms += [line.nodes[k + d] for d in (-1, 1) if 0 <= k + d < len(line.nodes)]
        if len(arms) < 3 or any(math.dist(self.at[a], centre) < radius + 6 for a in arms):
            return False
        points = {}

        def edge(neighbour):
            x, y = self.at[neighbour]
            angle = math.atan2(y - centre[1], x - centre[0]) % (2 * math.pi)
            key = round(angle, 4)
            if key not in points:
                points[key] = self.add_node((centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)))
            return points[key]

        pieces = []
        for line in self.lines:
            if node not in line.nodes:
                pieces.append(line)
                continue
            current = []
            for k, n in enumerate(line.nodes):
                if n != node:
                    current.append(n)
                    continue
                if k > 0:
                    pieces.append(line.copy(current + [edge(line.nodes[k - 1])]))
                current = [edge(line.nodes[k + 1])] if k + 1 < len(line.nodes) else []
            if len(current) > 1:
                pieces.append(line.copy(current))
        for k in range(12):
            angle = 2 * math.pi * k / 12
            if all(abs((angle - a + math.pi) % (2 * math.pi) - math.pi) > 0.26 for a in points):
                points[angle] = self.add_node((centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)))
        ring = [points[a] for a in sorted(points)]
        circle = Line(kind, names, [], junction="roundabout", fixed=True)
        circle.nodes = ring + [ring[0]]
        self.lines = [piece for piece in pieces if len(piece.nodes) > 1] + [circle]
        return True

    def _make_room(self, node, radius):
        """Leaves out the shape points around a junction."""
        count = self.degrees()
        for line in self.lines:
            if node not in line.nodes:
                continue
            keep = [n for k, n in enumerate(line.nodes)
                    if n == node or count[n] != 2 or n in self.tags or k in (0, len(line.nodes) - 1) or math.dist(self.at[n], self.at[node]) >= radius]
            line.nodes = keep

    def split_at(self, nodes):
        """Cuts the lines where they pass one of the nodes (a member of a restriction must end there)."""
        result = []
        for line in self.lines:
            current = [line.nodes[0]]
            for k, n in enumerate(line.nodes[1:], 1):
                current.append(n)
                if n in nodes and k < len(line.nodes) - 1 and line.tags.get("junction") != "roundabout":
                    result.append(line.copy(current))
                    current = [n]
            result.append(line.copy(current))
        self.lines = result

    def strong_part(self):
        """The nodes that a car can both reach from and leave to the greatest part of the network."""
        forward, backward = {}, {}
        for line in self.lines:
            if line.kind not in CAR:
                continue
            for a, b in zip(line.nodes, line.nodes[1:]):
                forward.setdefault(a, []).append(b)
                backward.setdefault(b, []).append(a)
                if not is_one_way(line):
                    forward.setdefault(b, []).append(a)
                    backward.setdefault(a, []).append(b)

        def reach(start, arcs):
            seen = {start}
            stack = [start]
            while stack:
                for b in arcs.get(stack.pop(), ()):
                    if b not in seen:
                        seen.add(b)
                        stack.append(b)
            return seen

        best = set()
        for line in self.lines:
            if line.kind == "primary":
                part = reach(line.nodes[0], forward) & reach(line.nodes[0], backward)
                if len(part) > len(best):
                    best = part
                if len(best) > len(forward) / 2:
                    break
        return best


def is_one_way(line):
    return line.tags.get("oneway") == "yes" or line.tags.get("junction") == "roundabout" or line.kind == "motorway"
