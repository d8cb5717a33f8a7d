"""park and designations: schematic outlines that have the published areas and, where there are any, the published bounds."""
import json
import os

from shapely.geometry import LineString, MultiPolygon, Polygon, shape
from shapely.ops import transform, unary_union

import common
import coverage

SOURCE = "drawn for ecobelt from published areas, bounds and township names; no official boundary is public"
INSET_M = 50.0      # distance the park keeps from the county border, whose outline is generalised itself
CRUMB_M2 = 250e3    # pieces below this size go to the zone around them


def plane(s):
    return transform(lambda x, y: common.PLANE(x, y), s)


def degrees(s):
    return transform(lambda x, y: common.PLANE(x, y, inverse=True), s)


def area_m2(s):
    return common.polygon_area_m2(degrees(s)) if not s.is_empty else 0.0


def parts(s):
    return [p for p in getattr(s, "geoms", [s]) if p.geom_type == "Polygon" and not p.is_empty]


def county(name):
    with open(os.path.join(common.LAYERS, "counties.geojson"), encoding="utf-8") as f:
        for feature in json.load(f)["features"]:
            if feature["properties"]["name"] == name:
                return plane(shape(feature["geometry"]))
    raise KeyError(name)


def inside_border(name):
    """The county without a strip along its border, the border's steps smoothed; it lies within the county."""
    return max(parts(county(name).buffer(-INSET_M).simplify(30.0)), key=lambda p: p.area)


def drawn(table, name):
    """part -> control points of one shape of a source table."""
    out = {}
    for row in common.read_csv(table):
        if row["shape"] == name:
            out.setdefault(row["part"], []).append((float(row["lon"]), float(row["lat"])))
    return out


def ring(control, seed, bend_m=160.0):
    points = common.bends(control + control[:1], bend_m, seed)
    return plane(Polygon(points)).buffer(0)


def wavy(control, seed, bend_m=160.0):
    return LineString(common.to_plane(common.bends(control, bend_m, seed)))


def grower(s):
    """d -> s grown by d metres, without the tiny edges of a buffer's arcs."""
    return lambda d: s.buffer(d).simplify(3.0)


def tidy(zone, room):
    """zone within room; crumbs of either go to the other."""
    zone = unary_union([p for p in parts(zone.intersection(room)) if p.area >= CRUMB_M2])
    crumbs = [p for p in parts(room.difference(zone)) if p.area < CRUMB_M2]
    return unary_union([zone] + crumbs)


def fit(grow, room, target_m2, low, high):
    """grow(x) cut to room, x chosen so that its geodesic area is the target."""
    x = common.solve(lambda v: area_m2(tidy(grow(v), room)), target_m2, low, high, 60)
    return tidy(grow(x), room)


def park_outline(inside, target_m2):
    """The part of the county beyond the inner line, the line moved (east and south) until the area is right."""
    line = list(wavy(drawn("park_lines.csv", "inner")["1"], 11, 220.0).coords)
    far = [(line[-1][0], line[0][1] + 60e3), (line[0][0], line[0][1] + 60e3)]

    def cut(d):
        beyond = Polygon([(x + d, y - d) for x, y in line] + far).buffer(0)
        return max(parts(inside.intersection(beyond)), key=lambda p: p.area)
    shift = common.solve(lambda d: area_m2(cut(d)), target_m2, -6e3, 6e3, 60)
    print(f"park: inner line moved by {shift:.0f} m")
    return cut(shift)


def park():
    rows = common.read_csv("park.csv")
    want = {r["zone"]: float(r["published_km2"]) * 1e6 for r in rows}
    whole = park_outline(inside_border("Kaihua"), sum(want.values()))
    core_rings = unary_union([ring(c, 20 + int(k)) for k, c in drawn("park_lines.csv", "core").items()])
    core = fit(grower(core_rings), whole, want["core protection"], -2e3, 3e3)
    room = whole.difference(core)
    valleys = unary_union([wavy(c, 30 + int(k), 300.0) for k, c in drawn("park_lines.csv", "traditional").items()])
    traditional = fit(grower(valleys), room, want["traditional use"], 50.0, 3e3)
    room = room.difference(traditional)
    stays = unary_union([ring(c, 40 + int(k)) for k, c in drawn("park_lines.csv", "recreation").items()])
    recreation = fit(grower(stays), room, want["recreation and display"], -800.0, 3e3)
    zones = {"core protection": core, "traditional use": traditional, "recreation and display": recreation,
             "ecological conservation": room.difference(recreation)}
    pieces, owner = {}, {}
    for zone, s in zones.items():
        for p in parts(degrees(s)):
            if common.polygon_area_m2(p) > 1.0:
                pieces[f"{zone} {len(pieces)}"] = p
                owner[f"{zone} {len(pieces) - 1}"] = zone
    clean, _ = coverage.clean(pieces, sliver_m2=100.0)
    features = []
    for row in rows:
        s = MultiPolygon([clean[k] for k in clean if owner[k] == row["zone"]])
        s = MultiPolygon([Polygon(rings[0], rings[1:]) for rings in sorted(common.oriented(p) for p in s.geoms)])
        drawn_km2 = common.polygon_area_m2(s) / 1e6
        print(f"park: {row['zone']:24s} {drawn_km2:10.5f} km2, published {row['published_km2']}, pieces {len(s.geoms)}, valid {s.is_valid}")
        features.append(({"name": row["zone"], "name_zh": row["zone_zh"], "park": "Qianjiangyuan National Park (pilot)",
                          "park_zh": "钱江源国家公园(试点)", "published_km2": float(row["published_km2"]),
                          "published_pct": float(row["published_pct"]), "status": "schematic", "source": SOURCE}, s))
    common.write_layer("park", "钱江源国家公园试点功能分区(示意) / Zones of the Qianjiangyuan national park pilot (schematic)", features)


def bounds_of(row):
    return [float(row[k]) for k in ("west", "south", "east", "north")] if row["west"] else None


def shrinking(control, bounds, seed):
    """v -> the ring with its points moved v thousandths of the way from the middle; those on a published bound stay."""
    def on_bound(p):
        return bounds is not None and any(abs(p[i % 2] - b) < 1e-6 for i, b in enumerate(bounds))
    middle = [sum(p[i] for p in control) / len(control) for i in (0, 1)]

    def grow(v):
        f = 1 + v / 1000
        moved = [p if on_bound(p) else tuple(middle[i] + (p[i] - middle[i]) * f for i in (0, 1)) for p in control]
        return ring(moved, seed, 90.0)
    return grow


def designations():
    inside = inside_border("Kaihua")
    features = []
    for seed, row in enumerate(common.read_csv("designations.csv"), 50):
        lines = drawn("designation_lines.csv", row["id"])
        if row["id"] == "wetland_park":
            grow = grower(unary_union([wavy(c, seed + int(k), 90.0) for k, c in lines.items()]))
        else:
            grow = shrinking(lines["1"], bounds_of(row), seed)
        limit = inside
        if row["west"]:
            w, s, e, n = bounds_of(row)
            edge = [(w + (e - w) * i / 40, s) for i in range(40)] + [(e, s + (n - s) * i / 40) for i in range(40)]
            edge += [(e - (e - w) * i / 40, n) for i in range(40)] + [(w, n - (n - s) * i / 40) for i in range(40)]
            limit = inside.intersection(plane(Polygon(edge)))
        target = float(row["drawn_ha"]) * 1e4
        x = common.solve(lambda v: area_m2(_main(grow(v).intersection(limit))), target, -0.9e3, 0.9e3, 60)
        s = degrees(_main(grow(x).intersection(limit)))
        s = Polygon(*(lambda r: (r[0], r[1:]))(common.oriented(s)))
        print(f"designations: {row['id']:14s} {common.polygon_area_m2(s) / 1e4:9.2f} ha, published {row['published_ha']}, "
              f"x {x:.1f}, bounds {[round(v, 5) for v in s.bounds]}, published {bounds_of(row)}, valid {s.is_valid}")
        features.append(({
            "name": row["name"], "name_zh": row["name_zh"], "kind": row["kind"], "kind_zh": row["kind_zh"],
            "level": row["level"], "level_zh": row["level_zh"], "published_ha": float(row["published_ha"]),
            "published_other": row["published_other"] or None, "established": int(row["established"]) if row["established"] else None,
            "status": "schematic", "source": SOURCE}, s))
    common.write_layer("designations", "与公园重叠的自然保护地(示意) / Protected areas that overlap the park (schematic)", features)


def _main(s):
    pieces = parts(s)
    return max(pieces, key=lambda p: p.area) if pieces else Polygon()


if __name__ == "__main__":
    park()
    designations()
