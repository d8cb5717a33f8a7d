#!/usr/bin/env bats
# Numbers that are no place on Earth in a layer that is fine otherwise: its features go to the rejects, and the rest is worked out as if
# they were not there. Where they are no exception it is the layer that is refused.

load ../support/helper

# layer FILE EPSG X Y STEP WRONG...: eight squares in a row, and among them triangles that reach to each WRONG "x,y", one with no square
# before it.
layer() {
    python3 - "$@" <<'END'
import json, sys
file, epsg, x, y, step = sys.argv[1], sys.argv[2], *map(float, sys.argv[3:6])
def feature(name, ring):
    return {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
def square(i):
    a, b = x + i * step, x + (i + 1) * step
    return feature("fine %d" % i, [[a, y], [b, y], [b, y + step], [a, y + step], [a, y]])
wrong = [feature("wrong %d" % i, [[x, y], list(map(float, at.split(","))), [x + step, y + step], [x, y]]) for i, at in enumerate(sys.argv[6:])]
features = wrong[:1] + [square(i) for i in range(5)] + wrong[1:] + [square(i) for i in range(5, 8)]
json.dump({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::" + epsg}}, "features": features},
          open(file, "w"))
END
}

# alike NUMBER: every analysis finds in bad.* what it finds in fine.geojson, and NUMBER rejects.
alike() {
    local end words command
    for end in geojson gpkg; do
        for command in "dissolve @" "designations @ --by name" "tabulate zones.geojson @ --zone name" "tabulate @ zones.geojson --zone name" \
            "overlay @ zones.geojson --op identity" "overlay zones.geojson @ --op union" "area @ --by name"; do
            read -ra words <<< "$command"
            eb "${words[@]//@/fine.$end}" --json
            assert_exit 0
            want=$(json "[[v for k, v in r.items() if k not in ('class', 'designation')] for t in d['tables'][:1] for r in t['rows']]")
            eb "${words[@]//@/bad.$end}" --json
            [ "$status" -le 1 ] || show "$command of $end"
            assert_equal "$want" "$(json "[[v for k, v in r.items() if k not in ('class', 'designation')] for t in d['tables'][:1] for r in t['rows']]")"
            assert_equal "$1" "$(json "sum(l['rejected'] for l in d['diagnosis']['layers'])")"
        done
    done
}

@test "latitudes beyond the pole and numbers beyond all measure: the rest is computed, each is a reject with its reason and a place" {
    need ogr2ogr
    layer fine.geojson 4490 118 29 0.01
    layer zones.geojson 4490 118 28.98 0.05
    layer bad.geojson 4490 118 29 0.01 118.01,95 1e300,29.05 118.01,-1e308 5000,29
    for name in fine bad; do ogr2ogr -q $name.gpkg $name.geojson; done
    alike 4
    eb overlay bad.gpkg zones.geojson -o out.geojson -q
    assert_exit 0
    [ "$(grep -c '"reason":"the coordinate .* has no place in the analysis plane".*"coordinates":\[118,29\]' out_rejects.geojson)" = 4 ] || show rejects
    grep -q 'the coordinate 118.01, 95 of' out_rejects.geojson
    for threads in 1 2 7; do
        eb overlay bad.gpkg zones.geojson -o "out$threads.geojson" -j $threads -q
        cmp out.geojson "out$threads.geojson"
        cmp out_rejects.geojson "out${threads}_rejects.geojson"
    done
    # Of area the layer keeps every feature, those without place without figures.
    eb area bad.gpkg -o area.geojson
    assert_exit 1
    assert_err "latitude beyond 90 degrees"
    assert_err "longitude beyond two turns"
    assert_equal "12 4" "$(python3 -c 'import json; f = json.load(open("area.geojson"))["features"]; print(len(f), sum(x["properties"]["area_m2"] is None for x in f))')"
}

@test "the same in a plane" {
    need ogr2ogr
    layer fine.geojson 4549 500000 3200000 1000
    layer zones.geojson 4549 500000 3198000 5000
    layer bad.geojson 4549 500000 3200000 1000 1e300,3200000 500000,1e9
    for name in fine bad; do ogr2ogr -q $name.gpkg $name.geojson; done
    alike 2
}

@test "a layer of such numbers is another CRS's, and refused as before" {
    layer swapped.geojson 4490 29 118 0.01
    layer metres.geojson 4490 500000 3200000 1000
    layer half.geojson 4490 118 29 0.01 118,95 118,96 118,97 118,98 118,99 118,100 118,101 118,102
    layer zones.geojson 4490 118 28.98 0.05
    local name command words
    for name in swapped metres half; do
        for command in "dissolve @" "designations @" "tabulate zones.geojson @ --zone name" "overlay zones.geojson @" "overlay @ zones.geojson" "area @"; do
            read -ra words <<< "$command"
            eb "${words[@]//@/$name.geojson}" -q
            assert_exit 4
            assert_err "contradicts the coordinates"
        done
    done
    assert_err "they are no degrees"
    eb dissolve swapped.geojson
    assert_err "x and y are swapped"
    # A place, but not that of the CRS: no exception can be made, for it may be the CRS that is wrong.
    layer far.geojson 4490 118 29 0.01 10,50
    eb dissolve far.geojson
    assert_exit 4
    assert_err "degrees outside the area it is made for"
}

@test "in a plan: the run goes through, and maps do not reach for what is nowhere" {
    need ogr2ogr
    layer bad.geojson 4490 118 29 0.01 118.01,95 1e300,29.05
    ogr2ogr -q bad.gpkg bad.geojson
    cat >plan.yaml <<'END'
layers: {a: {path: bad.gpkg}, b: {path: bad.geojson}}
steps:
  - {id: d, dissolve: {layer: a, by: name}}
  - {id: o, overlay: {first: a, second: b}}
  - {id: s, area: {layer: a, by: name}}
outputs: {formats: [csv, geojson, gpkg, html, qgz]}
END
    eb run plan.yaml --out out
    assert_exit 1
    assert_err "has no place in the analysis plane"
    assert_file out/maps/d.geojson
    grep -q 'no place in the analysis plane' out/report.html
    run ! grep -lE '\[[0-9]e\+?300|,95\]' out/maps/d.geojson out/maps/o.geojson out/maps/s.geojson
    assert_equal 2 "$(grep -c '"name":"wrong.*"geometry":null' out/maps/s.geojson)"
    assert_equal 9 "$(grep -c . out/statistics/s.csv)"
}
