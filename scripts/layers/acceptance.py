"""Measures the finished layers against what they promise, prints one line a promise, and fails when one is broken."""
import json
import os
import sys

from shapely.geometry import shape
from shapely.ops import polygonize, transform, unary_union

import common

OFFICIAL_KM2 = 8844.79
PARK_KM2 = {"core protection": 72.33, "ecological conservation": 135.80, "recreation and display": 8.12, "traditional use": 36.13}
failed = []


def layer(name):
    with open(os.path.join(common.LAYERS, name + ".geojson"), encoding="utf-8") as f:
        return [(x["properties"], shape(x["geometry"]) if x["geometry"] else None) for x in json.load(f)["features"]]


def km2(s):
    return common.polygon_area_m2(s) / 1e6


def line(what, value, wanted, unit, tolerance):
    """tolerance in the unit of the value."""
    good = abs(value - wanted) <= tolerance
    if not good:
        failed.append(what)
    print(f"{'ok  ' if good else 'FAIL'} {what:52s} {value:12.4f} {unit:4s} wanted {wanted:g} within {tolerance:g}")


def coverage_lines(what, polygons, holes_allowed):
    whole = unary_union(polygons)
    line(f"{what}: sum less union (overlaps)", 1e6 * (sum(km2(p) for p in polygons) - km2(whole)), 0, "m2", 1)
    holes = sum(len(p.interiors) for p in getattr(whole, "geoms", [whole]))
    line(f"{what}: holes in the union (gaps)", holes, holes_allowed, "", 0)
    line(f"{what}: invalid shapes", sum(not p.is_valid for p in polygons), 0, "", 0)
    line(f"{what}: invalid in a plane", sum(not in_plane(p).is_valid for p in polygons), 0, "", 0)
    return whole


def in_plane(s):
    return transform(lambda x, y: common.PLANE(x, y), s)


def counties():
    rows = layer("counties")
    whole = coverage_lines("counties", [p for _, p in rows], 0)
    coverage_lines("counties with neighbours", [p for _, p in rows + layer("neighbours")], 0)
    line("counties: geodesic total", km2(whole), OFFICIAL_KM2, "km2", 0.002 * OFFICIAL_KM2)
    for f, p in rows:
        line(f"counties: {f['name']}", km2(p), f["published_km2"], "km2", 0.01 * f["published_km2"])
    return {f["name"]: p for f, p in rows}


def park(county):
    rows = layer("park")
    whole = coverage_lines("park", [p for _, p in rows], 0)
    for f, p in rows:
        line(f"park: {f['name']}", km2(p), PARK_KM2[f["name"]], "km2", 0.01)
    line("park: outside Kaihua", 1e6 * km2_or_0(whole.difference(county["Kaihua"])), 0, "m2", 0)
    for f, p in layer("designations"):
        line(f"designations: {f['name']}", km2(p) * 100, f["published_ha"], "ha", 0.02 * f["published_ha"])
        line("  invalid in a plane", not in_plane(p).is_valid, 0, "", 0)
        line("  outside Kaihua", 1e6 * km2_or_0(p.difference(county["Kaihua"])), 0, "m2", 0)
        print(f"     of it in the park {km2(p.intersection(whole)):.2f} km2")


def km2_or_0(s):
    return 0.0 if s.is_empty else sum(km2(g) for g in getattr(s, "geoms", [s]) if g.area)


def rivers(county):
    rows = layer("rivers")
    vertices = {f["name"]: list(s.coords) for f, s in rows}
    whole = unary_union(list(county.values()))
    for f, s in rows:
        length = common.line_length_m(vertices[f["name"]]) / 1000
        if f["published_km"]:
            line(f"rivers: {f['name']}", length, f["published_km"], "km", 0.15 * f["published_km"])
        inside = s.intersection(whole)
        inside = sum(common.line_length_m(g.coords) for g in getattr(inside, "geoms", [inside])) / 1000
        print(f"     {f['name']}: {length:.2f} km, in Quzhou {inside:.2f} km, simple {s.is_simple}")
        if f["joins"]:
            line(f"rivers: {f['name']} ends on a vertex of {f['joins']}", vertices[f["name"]][-1] in vertices[f["joins"]], 1, "", 0)


def river_in_county(river, county_name, county, wanted_km):
    """Length of a river in one county against the published one (gazetteers)."""
    (s,) = [s for f, s in layer("rivers") if f["name"] == river]
    inside = s.intersection(county[county_name])
    length = sum(common.line_length_m(g.coords) for g in getattr(inside, "geoms", [inside])) / 1000
    line(f"rivers: {river} in {county_name}", length, wanted_km, "km", 0.15 * wanted_km)


def others(county):
    zone = layer("demonstration_zone")
    coverage_lines("demonstration_zone", [p for _, p in zone], 0)
    line("demonstration_zone: total", sum(km2(p) for _, p in zone), 20, "km2", 0.001)
    line("demonstration_zone: start area", km2(zone[0][1]), 4, "km2", 0.001)
    faces = list(polygonize(unary_union([s for _, s in layer("west_new_city_bounds")])))
    line("west_new_city_bounds: polygons enclosed", len(faces), 1, "", 0)
    line("west_new_city_bounds: enclosed", km2(faces[0]), 16.6, "km2", 0.05)
    for f, p in layer("scenic_areas"):
        line(f"scenic_areas: {f['name']} in {f['county']}", county[f["county"]].contains(p), 1, "", 0)
    members = [f["membership"] for f, _ in layer("cooperation_area")]
    line("cooperation_area: rows", len(members), 19, "", 0)
    coverage_lines("cooperation_area", [p for _, p in layer("cooperation_area") if p], 0)


def roads():
    group, ends = {}, {}

    def top(p):
        while group.setdefault(p, p) != p:
            p = group[p]
        return p
    for _, s in layer("roads"):
        a, b = s.coords[0], s.coords[-1]
        group[top(a)] = top(b)
        for p in (a, b):
            ends[p] = ends.get(p, 0) + 1
    line("roads: components", len({top(p) for p in ends}), 1, "", 0)
    print(f"     roads: {len(ends)} junctions and ends, {sum(n == 1 for n in ends.values())} dead ends")


def main():
    county = counties()
    park(county)
    rivers(county)
    river_in_county("Jiangshan Gang", "Jiangshan", county, 105)
    river_in_county("Qu Jiang", "Qujiang", county, 19.3)
    others(county)
    roads()
    if failed:
        sys.exit("make-layers: " + "; ".join(failed))


if __name__ == "__main__":
    main()
