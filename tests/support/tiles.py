#!/usr/bin/env python3
"""Random tiles with cells left out and dented edges, and what they enclose, reckoned by flooding the empty cells.

tiles.py make SEED OUT.geojson TRUTH.json: the layer (EPSG:4549, at the central meridian), and the areas of its gaps and overlaps.
tiles.py compare TRUTH.json FOUND.csv: the findings are those gaps and overlaps, one by one, to 1e-6 of each area.

A cell that is reached from the outside across empty edges is no gap; a contact of two corners lets nothing through. A dent moves the
middle of an edge in one of its two tiles alone: inwards it opens a triangle, outwards it lies over the neighbour.
"""
import csv
import json
import random
import sys

SIDE, STEP, X0, Y0 = 18, 50.0, 500000.0, 3200000.0
NEIGHBOURS = [(0, -1), (1, 0), (0, 1), (-1, 0)]


def cross(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1])) / 2


def local_area(ring):
    return abs(cross([(x - X0, y - Y0) for x, y in ring]))


def corners(grid, cell):
    i, j = cell
    return [grid[i, j], grid[i + 1, j], grid[i + 1, j + 1], grid[i, j + 1]]


def dent(ends):
    (ax, ay), (bx, by) = ends
    depth = random.choice([-1, 1]) * random.uniform(0.002, 0.01)
    return ((ax + bx) / 2 - depth * (by - ay), (ay + by) / 2 + depth * (bx - ax)), depth > 0


def flood(empty, start):
    seen, waiting = {start}, [start]
    while waiting:
        i, j = waiting.pop()
        for di, dj in NEIGHBOURS:
            cell = (i + di, j + dj)
            if cell in empty and cell not in seen:
                seen.add(cell)
                waiting.append(cell)
    return seen


def pools(cells):
    """The cells that are empty and not open to the outside, in groups that hang together by edges."""
    frame = {(i, j) for i in range(-1, SIDE + 1) for j in range(-1, SIDE + 1)}
    empty = frame - cells
    empty -= flood(empty, (-1, -1))
    while empty:
        pool = flood(empty, next(iter(empty)))
        empty -= pool
        yield pool


def make(seed, layer, truth):
    random.seed(seed)
    grid = {(i, j): (round(X0 + (i - SIDE / 2) * STEP + random.uniform(-14, 14), 3), round(Y0 + j * STEP + random.uniform(-14, 14), 3))
            for i in range(SIDE + 1) for j in range(SIDE + 1)}
    cells = {(i, j) for i in range(SIDE) for j in range(SIDE) if random.random() > 0.35}
    pool_of, areas, small, over, features = {}, [], [], [], []
    for number, pool in enumerate(pools(cells)):
        areas.append(sum(local_area(corners(grid, cell)) for cell in pool))
        pool_of.update({cell: number for cell in pool})
    for cell in sorted(cells):
        ring, square = [], corners(grid, cell)
        for side, (di, dj) in enumerate(NEIGHBOURS):
            ends = square[side], square[(side + 1) % 4]
            ring.append(ends[0])
            beyond = (cell[0] + di, cell[1] + dj)
            # One of the two tiles of an edge alone is dented, or their dents would cross.
            if random.random() > 0.15 or (beyond in cells and side > 1):
                continue
            middle, inwards = dent(ends)
            ring.append(middle)
            triangle = local_area([ends[0], middle, ends[1]])
            if beyond in cells:
                (small if inwards else over).append(triangle)
            elif beyond in pool_of:
                areas[pool_of[beyond]] += triangle if inwards else -triangle
        features.append({"type": "Feature", "properties": {},
                         "geometry": {"type": "Polygon", "coordinates": [[list(p) for p in ring + ring[:1]]]}})
    random.shuffle(features)
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    with open(layer, "w", encoding="utf-8") as out:
        json.dump({"type": "FeatureCollection", "crs": crs, "features": features}, out)
    with open(truth, "w", encoding="utf-8") as out:
        json.dump({"gap": sorted(areas + small), "overlap": sorted(over), "pools": len(areas)}, out)


def compare(truth, found):
    with open(truth, encoding="utf-8") as file:
        want = json.load(file)
    with open(found, encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    for kind in ("gap", "overlap"):
        seen = sorted(float(row["area_m2"]) for row in rows if row["finding"] == kind)
        assert len(seen) == len(want[kind]) > 5, (kind, len(seen), len(want[kind]))
        for a, b in zip(seen, want[kind]):
            assert abs(a - b) <= 1e-6 * b + 6e-5, (kind, a, b)
    assert want["pools"] > 5


if __name__ == "__main__":
    {"make": make, "compare": compare}[sys.argv[1]](*sys.argv[2:])
