"""Makes a coverage of polygons that nearly touch: every shared edge is one edge, no gap, no overlap.

All boundaries are noded together and the plane is cut into faces. A face belongs to the one polygon that covers it; where
none does (a gap) or several do (an overlap) it goes to the polygon with which it shares the longest boundary. Splinters that
hang on their polygon at a point only go the same way, so each polygon ends as one piece.
"""
from collections import defaultdict

from shapely.geometry import MultiPoint, Polygon
from shapely.ops import linemerge, polygonize, snap, transform, unary_union
from shapely.prepared import prep

from common import DECIMALS, polygon_area_m2


def clean(polygons, first=(), sliver_m2=0.0):
    """polygons: key -> shapely polygon. first: keys that keep what they have where an overlap is disputed.
    Faces below sliver_m2 belong to nobody at first, and vertices that lie within 2 mm of an edge are put on it.

    Returns (key -> polygon, report), report being areas in km2 before cleaning.
    """
    lines = [p.boundary for p in polygons.values()]
    lines = _noded(_share_vertices(lines) if sliver_m2 else lines)
    faces = sorted(polygonize(lines), key=lambda f: f.bounds + (f.area,))
    claims = _claims(faces, polygons)
    owner = {i: _undisputed(c, first) for i, c in enumerate(claims)}
    for i, face in enumerate(faces):
        if sliver_m2 and polygon_area_m2(face) < sliver_m2:
            owner[i] = None
    sides = _shared_sides(faces)
    report = {
        "faces": len(faces),
        "overlap_km2": sum(polygon_area_m2(faces[i]) for i, c in enumerate(claims) if len(c) > 1) / 1e6,
        "overlaps": sum(len(c) > 1 for c in claims),
        "gap_km2": sum(polygon_area_m2(faces[i]) for i, c in enumerate(claims) if not c) / 1e6,
        "gaps": sum(not c for c in claims),
    }
    _keep_main_piece(faces, owner, sides)
    _give_away(faces, owner, sides)
    out = {}
    for key in polygons:
        merged = unary_union([faces[i] for i in owner if owner[i] == key])
        out[key] = Polygon(merged.exterior) if merged.geom_type == "Polygon" and not merged.interiors else merged
    return out, report


def _noded(lines):
    """All lines noded, every vertex on the grid of the written decimals (rounding can make new crossings: repeat)."""
    def on_grid(shape):
        return transform(lambda x, y: (round(x, DECIMALS), round(y, DECIMALS)), shape)
    result = unary_union([on_grid(line) for line in lines])
    for _ in range(20):
        again = unary_union(on_grid(result))
        if again.equals_exact(result, 0.0):
            return again
        result = again
    raise RuntimeError("the noding of the boundaries does not settle")


def _share_vertices(lines):
    """Gives each line the vertices of the others that lie on it but for rounding."""
    lines = [transform(lambda x, y: (round(x, DECIMALS), round(y, DECIMALS)), line) for line in lines]
    vertices = MultiPoint(sorted({p for line in lines for part in getattr(line, "geoms", [line]) for p in part.coords}))
    return [snap(line, vertices, 2e-8) for line in lines]


def _claims(faces, polygons):
    prepared = {key: prep(polygon) for key, polygon in polygons.items()}
    points = [face.representative_point() for face in faces]
    return [[key for key, polygon in prepared.items() if polygon.contains(p)] for p in points]


def _undisputed(claim, first):
    if len(claim) == 1:
        return claim[0]
    strong = [k for k in claim if k in first]
    return strong[0] if len(strong) == 1 else None


def _shared_sides(faces):
    """face -> {other face: length of the boundary they share}, from edges that two faces have in common."""
    edges = defaultdict(list)
    for i, f in enumerate(faces):
        for ring in [f.exterior, *f.interiors]:
            c = list(ring.coords)
            for a, b in zip(c, c[1:]):
                edges[(min(a, b), max(a, b))].append(i)
    sides = defaultdict(lambda: defaultdict(float))
    for (a, b), users in edges.items():
        if len(users) == 2:
            length = ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5
            sides[users[0]][users[1]] += length
            sides[users[1]][users[0]] += length
    return sides


def _keep_main_piece(faces, owner, sides):
    """Faces that are not joined by an edge to the largest piece of their polygon lose their owner."""
    for key in sorted({k for k in owner.values() if k is not None}):
        mine = [i for i in owner if owner[i] == key]
        pieces, left = [], set(mine)
        while left:
            piece, queue = set(), [min(left)]
            while queue:
                i = queue.pop()
                if i in left:
                    left.discard(i)
                    piece.add(i)
                    queue.extend(j for j in sides[i] if owner[j] == key)
            pieces.append(piece)
        main = max(pieces, key=lambda s: sum(faces[i].area for i in s))
        for i in mine:
            if i not in main:
                owner[i] = None


def _give_away(faces, owner, sides):
    """Ownerless faces go to the neighbour with the longest shared boundary, until nothing changes."""
    changed = True
    while changed:
        changed = False
        for i in sorted((i for i in owner if owner[i] is None), key=lambda i: -faces[i].area):
            share = defaultdict(float)
            for j, length in sides[i].items():
                if owner[j] is not None:
                    share[owner[j]] += length
            if share:
                owner[i] = max(sorted(share), key=lambda k: share[k])
                changed = True


def simplify(polygons, tolerance):
    """Simplifies a clean coverage arc by arc, so that neighbours keep the same edge. tolerance: in the units of the coordinates."""
    arcs = linemerge(unary_union([p.boundary for p in polygons.values()]))
    simple = [arc.simplify(tolerance) for arc in getattr(arcs, "geoms", [arcs])]
    faces = list(polygonize(_noded(simple)))
    out = {}
    for key, polygon in polygons.items():
        # Simplifying moves an edge by the tolerance at most: a face is its polygon's when most of it lies there.
        mine = [f for f in faces if f.intersection(polygon).area > f.area / 2]
        out[key] = unary_union(mine)
    return out
