#!/usr/bin/env bats
# What the overlays promise is checked on every run: where GEOS gives a wrong answer the run fails, and writes nothing.
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
  wrong difference overlay small.geojson b.geojson --op symdiff -o out/o.gpkg
  assert_err "off a shape of the second layer"
}

@test "tabulate" {
  prepare
  wrong intersection tabulate a.geojson b.geojson --zone name -o out/t.csv
  assert_err "cells of shape"
}

@test "designations" {
  prepare
  wrong intersection designations A=a.geojson B=b.geojson -o out/d.gpkg
  wrong union designations A=a.geojson B=b.geojson -o out/d.gpkg
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
