#!/usr/bin/env bats
# What the overlays promise is checked on every run: where GEOS gives a wrong answer the run finds the right one another way, or it
# fails and writes nothing.
load ../support/helper

# wrong KIND ARGS...: GEOS answers wrongly; the run must notice.
wrong() {
  local kind=$1
  shift
  mkdir -p out
  export EB_FAULT_GEOS=$kind
  fault none 0 out "$@"
  unset EB_FAULT_GEOS
  assert_exit 70
  assert_equal "" "$(ls -A out)"
}

# right KIND FILE ARGS...: GEOS answers wrongly, and the run finds another way: FILE (in out/) holds the areas of a run without faults.
right() {
  local kind=$1 file=$2
  shift 2
  rm -rf out honest
  mkdir -p out honest
  fault none 0 out "$@" -o out/"$file"
  assert_exit 0
  mv out/"$file" honest/
  rm -rf out
  mkdir -p out
  export EB_FAULT_GEOS=$kind
  fault none 0 out "$@" -o out/"$file"
  unset EB_FAULT_GEOS
  assert_exit 0
  same_areas honest/"$file" out/"$file"
  rm -rf out
}

# Rows or features of two files in any order: the same texts, and areas to the promise of 1e-9.
same_areas() {
  python3 - "$@" <<'END'
import csv, json, sys

def rows(name):
    with open(name, encoding="utf-8-sig") as f:
        found = list(csv.DictReader(f)) if name.endswith(".csv") else [f["properties"] for f in json.load(f)["features"]]
    return sorted(([str(v) for k, v in r.items() if not k.endswith(("_m2", "_pct"))], float(r["area_m2"])) for r in found)

honest, found = rows(sys.argv[1]), rows(sys.argv[2])
assert len(honest) > 1 and [r[0] for r in honest] == [r[0] for r in found], (honest, found)
for (texts, want), (_, got) in zip(honest, found):
    assert want != 0 and abs(got - want) <= 1e-9 * abs(want), (texts, want, got)
END
}

boxes() {
  python3 - "$@" <<'END'
import json, sys
name, *boxes = sys.argv[1:]
shapes = [tuple(map(float, b.split(","))) for b in boxes]
json.dump({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}, "features": [
    {"type": "Feature", "properties": {"name": "%s%d" % (name[0], i)}, "geometry": {"type": "Polygon", "coordinates": [
        [[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]]}} for i, (x, y, w, h) in enumerate(shapes)]}, open(name, "w"))
END
}

prepare() {
  boxes a.geojson 118,29,0.1,0.1 118.05,29.03,0.1,0.1
  boxes b.geojson 118.02,29.02,0.1,0.05 118.06,29.01,0.2,0.2
}

@test "overlay" {
  prepare
  for op in intersection union identity; do
    wrong intersection overlay a.geojson b.geojson --op $op -o out/o.gpkg
    assert_err "share"
  done
  for op in difference identity union symdiff; do
    wrong difference overlay a.geojson b.geojson --op $op -o out/o.gpkg
    assert_err "overlay left"
  done
  # What both shapes of A take off one of B is united first.
  boxes one.geojson 118.02,29.02,0.2,0.2
  wrong union overlay a.geojson one.geojson --op symdiff -o out/o.gpkg
  assert_err "the union of two shapes"
  # Nothing of B is taken off: A lies within B, so that only what is left of B goes wrong.
  boxes small.geojson 118.03,29.03,0.01,0.01
  right difference o.geojson overlay small.geojson b.geojson --op symdiff
  wrong "difference on-grids" overlay small.geojson b.geojson --op symdiff -o out/o.gpkg
  assert_err "off a shape of the second layer"
}

@test "tabulate" {
  prepare
  right intersection t.csv tabulate a.geojson b.geojson --zone name
  wrong "intersection faces" tabulate a.geojson b.geojson --zone name -o out/t.csv
  assert_err "what shape 2 shares with a cell misses"
  # Both features of A are one zone.
  sed 's/"a1"/"a0"/' a.geojson > one_zone.geojson
  wrong union tabulate one_zone.geojson b.geojson --zone name -o out/t.csv
  assert_err "the union of two shapes"
  wrong "intersection union on-grids" tabulate a.geojson b.geojson --zone name -o out/t.csv
  assert_err "what shape 2 shares with a cell misses"
}

@test "designations" {
  prepare
  boxes c.geojson 118,29,0.1,0.1
  boxes d.geojson 118.05,29.03,0.1,0.1
  right intersection o.geojson designations c.geojson d.geojson
  wrong "intersection faces" designations c.geojson d.geojson -o out/d.gpkg
  assert_err "what shape 2 shares with a cell misses"
  # The cells are right, and what they are held against is not.
  right union o.geojson designations c.geojson d.geojson
  wrong "union on-grids" designations c.geojson d.geojson -o out/d.gpkg
  assert_err "the union of the designations"
  # Two features are one designation.
  wrong union designations a.geojson b.geojson -o out/d.gpkg
  assert_err "the union of two shapes"
}

@test "dissolve" {
  prepare
  wrong union dissolve a.geojson -o out/d.gpkg
  assert_err "the union of"
}

@test "right answers pass the same way" {
  prepare
  mkdir -p out
  fault none 0 out overlay a.geojson b.geojson --op union -o out/o.gpkg
  assert_exit 0
}
