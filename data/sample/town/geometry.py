# SPDX-License-Identifier: GPL-3.0-or-later
"""Plane geometry in metres (x east, y north) for the sample town."""
import math


def spline(points, closed=False, step=40.0):
    """A Catmull-Rom curve through the points, a point about each step."""
    n = len(points)
    result = []
    for i in range(n if closed else n - 1):
        p0 = points[(i - 1) % n] if closed or i > 0 else points[0]
        p1, p2 = points[i], points[(i + 1) % n]
        p3 = points[(i + 2) % n] if closed or i + 2 < n else points[-1]
        pieces = max(1, round(math.dist(p1, p2) / step))
        for k in range(pieces):
            t = k / pieces
            result.append(tuple(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t ** 3)
                                for a, b, c, d in zip(p0, p1, p2, p3)))
    result.append(points[0] if closed else points[-1])
    return result


def resample(points, step):
    """The same line with a point each step; the ends stay."""
    result = [points[0]]
    rest = step
    for a, b in zip(points, points[1:]):
        length = math.dist(a, b)
        at = rest
        while at < length:
            t = at / length
            result.append((a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t))
            at += step
        rest = at - length
    if math.dist(result[-1], points[-1]) < step * 0.4 and len(result) > 1:
        result.pop()
    result.append(points[-1])
    return result


def length(points):
    return sum(math.dist(a, b) for a, b in zip(points, points[1:]))


def offset(points, distance):
    """The line moved to its left by the distance."""
    result = []
    for i, p in enumerate(points):
        a, b = points[max(0, i - 1)], points[min(len(points) - 1, i + 1)]
        d = math.dist(a, b) or 1.0
        result.append((p[0] - (b[1] - a[1]) / d * distance, p[1] + (b[0] - a[0]) / d * distance))
    return result


def inside(p, polygon):
    x, y = p
    result = False
    j = len(polygon) - 1
    for i, (xi, yi) in enumerate(polygon):
        xj, yj = polygon[j]
        if (yi > y) != (yj > y) and x < (xj - xi) * (y - yi) / (yj - yi) + xi:
            result = not result
        j = i
    return result


def nearest_on_segment(p, a, b):
    """Distance and parameter of the segment's point nearest to p."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = dx * dx + dy * dy
    t = 0.0 if square == 0 else max(0.0, min(1.0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square))
    return math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy), t


def crossing(a, b, c, d):
    """Parameters (t on ab, u on cd) where two segments cross, or None."""
    rx, ry, sx, sy = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
    denominator = rx * sy - ry * sx
    if abs(denominator) < 1e-9:
        return None
    t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / denominator
    u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / denominator
    return (t, u) if 0 <= t <= 1 and 0 <= u <= 1 else None


def angle_between(a, b, c):
    """Change of direction at b, in degrees, positive to the left."""
    turn = math.degrees(math.atan2(c[1] - b[1], c[0] - b[0]) - math.atan2(b[1] - a[1], b[0] - a[0]))
    return (turn + 180) % 360 - 180


class Noise:
    """Smooth value noise: the same for the same seed everywhere."""

    def __init__(self, seed):
        self.seed = seed

    def _at(self, i, j):
        h = (i * 374761393 + j * 668265263 + self.seed * 2246822519) & 0xFFFFFFFF
        h = ((h ^ (h >> 13)) * 1274126177) & 0xFFFFFFFF
        return ((h ^ (h >> 16)) & 0xFFFF) / 32767.5 - 1.0

    def get(self, x, y, wave):
        x, y = x / wave, y / wave
        i, j = math.floor(x), math.floor(y)
        fx, fy = x - i, y - j
        fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
        top = self._at(i, j) * (1 - fx) + self._at(i + 1, j) * fx
        bottom = self._at(i, j + 1) * (1 - fx) + self._at(i + 1, j + 1) * fx
        return top * (1 - fy) + bottom * fy

    def warp(self, p, amplitude, wave):
        return (p[0] + amplitude * self.get(p[0], p[1], wave), p[1] + amplitude * self.get(p[0] + 9731.0, p[1] - 4127.0, wave))


class Near:
    """Finds the segments near a point."""

    def __init__(self, cell=60.0):
        self.cell = cell
        self.cells = {}

    def add(self, a, b, value=None):
        x0, x1 = sorted((a[0], b[0]))
        y0, y1 = sorted((a[1], b[1]))
        for i in range(math.floor(x0 / self.cell), math.floor(x1 / self.cell) + 1):
            for j in range(math.floor(y0 / self.cell), math.floor(y1 / self.cell) + 1):
                self.cells.setdefault((i, j), []).append((a, b, value))

    def add_line(self, points, value=None):
        for a, b in zip(points, points[1:]):
            self.add(a, b, value)

    def around(self, p, radius):
        seen = set()
        for i in range(math.floor((p[0] - radius) / self.cell), math.floor((p[0] + radius) / self.cell) + 1):
            for j in range(math.floor((p[1] - radius) / self.cell), math.floor((p[1] + radius) / self.cell) + 1):
                for entry in self.cells.get((i, j), ()):
                    if id(entry) not in seen:
                        seen.add(id(entry))
                        yield entry

    def distance(self, p, radius):
        """To the nearest segment, or the radius if none is as near."""
        best = radius
        for a, b, _ in self.around(p, radius):
            best = min(best, nearest_on_segment(p, a, b)[0])
        return best
