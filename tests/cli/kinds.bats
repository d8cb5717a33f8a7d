#!/usr/bin/env bats
# A layer of the wrong kind, an empty one or a table, given to every command in every place that wants a layer: refused in words. What is
# measured, summed up or laid over others may be empty: a result may rightly be so.

load ../support/helper

bats_require_minimum_version 1.5.0

# Exit codes wanted of a table, of an empty layer, of points, lines, polygons; - where that layer is fit. @ stands for the layer.
commands="
area @                                                        4 - 4 - -
area $LAYERS/rivers.geojson --inside @                        4 - 4 4 -
corridor @ --width 10                                         4 3 4 - -
corridor $LAYERS/rivers.geojson --width 10 --clip @           4 4 4 4 -
corridor $LAYERS/rivers.geojson --width 10 --erase @          4 4 4 4 -
tabulate @ $LAYERS/park.geojson --zone name                   4 - 4 4 -
tabulate $LAYERS/park.geojson @ --zone name                   4 - - - -
designations a=@ b=$LAYERS/park.geojson                       4 - 4 4 -
enclose @                                                     4 3 4 4 4
overlay @ $LAYERS/park.geojson -o o.gpkg --overwrite          4 - - - -
overlay $LAYERS/park.geojson @ -o o.gpkg --overwrite          4 2 2 2 -
dissolve @ -o d.gpkg --overwrite                              4 - - - -
route @ $LAYERS/scenic_areas.geojson                          4 3 4 - 4
route $LAYERS/roads.geojson @                                 4 3 - 4 4
access @ $LAYERS/roads.geojson --class class --at-least 二级  4 3 - 4 4
network @                                                     4 3 4 - 4
info @                                                        - - - - -
check @                                                       - - - - -
convert @ c.gpkg --overwrite                                  - - - - -
"

# try LAYER COLUMN: every command with LAYER, and what is wanted of it in that column of the table.
try() {
    local layer=$1 column=$2 line words want failed=0
    while read -r line; do
        [ -n "$line" ] || continue
        read -ra words <<<"$line"
        want=${words[*]: -5:5}
        want=$(cut -d' ' -f"$column" <<<"$want")
        words=("${words[@]:0:${#words[@]}-5}")
        eb "${words[@]//@/$layer}"
        if [ "$want" = - ]; then
            [ "$status" -le 1 ] && continue
        else
            [ "$status" -eq "$want" ] && [[ $stderr == "ecobelt ${words[0]}:"* || $stderr == *$'\n'"ecobelt ${words[0]}:"* ]] && continue
        fi
        echo "ecobelt ${words[*]//@/$layer}: wanted $want, got $status: $stderr" >&2
        failed=1
    done <<<"$commands"
    return $failed
}

@test "a table" {
    printf 'name,class,b\nx,1,2\n' > t.csv
    try t.csv 1
}

@test "a table of a GeoPackage" {
    printf 'name,class,b\nx,1,2\n' > t.csv
    eb convert t.csv t.gpkg -q
    assert_exit 0
    try "t.gpkg|layername=t" 1
}

@test "an empty layer" {
    "$ECOBELT" convert "$LAYERS/roads.geojson" empty.gpkg --where "name = 'none'" -q
    try empty.gpkg 2
}

@test "what is made of an empty layer is empty, and the table and the diagnosis say why" {
    local empty="$BATS_TEST_TMPDIR/empty.gpkg" line
    "$ECOBELT" convert "$LAYERS/park.geojson" empty.gpkg --where "name = 'none'" -q
    for line in "area $empty" "area $empty --by name --round ha:2" "dissolve $empty --by name" "designations $empty --by name" \
        "tabulate $empty $LAYERS/park.geojson --zone name" "overlay $empty $LAYERS/park.geojson" "overlay $LAYERS/park.geojson $empty" \
        "overlay $empty $empty --op union"; do
        read -ra words <<< "$line"
        eb "${words[@]}" --json
        assert_exit 0
        assert_equal 0 "$(json "sum(r.get('area_m2') or r.get('gross_m2') or 0 for r in d['tables'][0]['rows'])")"
        assert_out "park: the layer has no features"
        assert_equal 1 "$(json "sum(c['event'] == 'note' and c['reason'] == 'the layer has no features' for c in d['diagnosis']['cases'][:1])")"
    done
    eb area "$LAYERS/park.geojson" --where "name = 'none'"
    assert_exit 0
    assert_out "no feature of the layer passes its filter"
    eb area empty.gpkg --by name_zh
    assert_out "Total"
    # What the others hold is there as if there were no empty one.
    eb designations a=empty.gpkg "b=$LAYERS/park.geojson" --json -q
    both=$(json "d['tables'][0]['rows']")
    eb designations "b=$LAYERS/park.geojson" --json -q
    assert_equal "$(json "d['tables'][0]['rows']")" "$both"
    for op in union identity difference symdiff; do
        eb overlay "$LAYERS/park.geojson" empty.gpkg --op $op --json -q
        assert_equal 252 "$(json "round(sum(r['area_m2'] for r in d['tables'][0]['rows']) / 1e6)")"
    done
    eb overlay "$LAYERS/park.geojson" empty.gpkg --json -q
    assert_equal 0 "$(json "d['tables'][0]['rows'][0]['count']")"
}

@test "a step of a plan that finds nothing does not end it: those after it find nothing, too" {
    local square
    for square in 118,29 118.5,29; do
        python3 - "$square" <<'END'
import json, sys
x, y = map(float, sys.argv[1].split(","))
ring = [[x, y], [x + .1, y], [x + .1, y + .1], [x, y + .1], [x, y]]
json.dump({"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"name": "square"}, "geometry": {"type": "Polygon", "coordinates": [ring]}},
    {"type": "Feature", "properties": {"name": "other"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}]}, open(f"{x}.geojson", "w"))
END
    done
    cat >plan.yaml <<END
layers: {a: {path: 118.0.geojson}, b: {path: 118.5.geojson}, roads: {path: $LAYERS/roads.geojson}}
steps:
  - {id: none, overlay: {first: a, second: b}}
  - {id: area_none, area: {layer: none, by: name}}
  - {id: one, dissolve: {layer: none, by: name, sum: [area_m2]}}
  - {id: again, overlay: {first: a, second: one, op: identity}}
  - {id: cells, tabulate: {zones: a, zone: name, features: one}}
  - {id: of_none, tabulate: {zones: one, zone: name, features: a}}
  - {id: names, designations: {layers: [one, b], by: name}}
  - {id: lines, overlay: {first: roads, second: one}}
  - {id: length, area: {layer: lines}}
outputs: {formats: [csv, xlsx, geojson, gpkg, html, qgz]}
END
    eb run plan.yaml --out out
    assert_exit 0
    assert_equal "name,count,area_m2" "$(tr -d '\r\357\273\277' < out/statistics/area_none.csv | cut -d, -f1-3)"
    grep -q "none: the layer has no features" out/statistics/area_none.txt
    grep -q "the layer has no features" out/report.html
    assert_equal 2 "$(sed 1d out/statistics/cells.csv | grep -c .)"
    assert_equal 0 "$(python3 -c 'import json; print(len(json.load(open("out/maps/lines.geojson"))["features"]))')"
    assert_equal 2 "$(python3 -c 'import json; print(len(json.load(open("out/maps/again.geojson"))["features"]))')"
}

@test "points" { try "$LAYERS/scenic_areas.geojson" 3; }
@test "lines" { try "$LAYERS/rivers.geojson" 4; }
@test "polygons" { try "$LAYERS/park.geojson" 5; }

@test "run: a later step can use every field that an earlier one hands on" {
  cp "$ECOBELT_SOURCE/tests/broken/plan/zones.geojson" .
  cat >plan.yaml <<'END'
layers: {zones: {path: zones.geojson}, rivers: {path: RIVERS}}
steps:
  - {id: both, overlay: {first: zones, second: zones, op: union}}
  - {id: again, overlay: {first: both, second: zones}}
  - {id: thrice, area: {layer: again, by: [zone, zone_2, zone_3, area_m2, area_m2_2]}}
  - {id: twice, area: {layer: thrice, by: [grade_3, area_m2_3, geodesic_m2], where: "zone_3 = 'core'"}}
  - {id: merged, dissolve: {layer: both, by: [zone_2], sum: [grade_2]}}
  - {id: of_merged, area: {layer: merged, by: [zone_2, count, grade_2, area_m2]}}
  - {id: lengths, area: {layer: rivers}}
  - {id: long, dissolve: {layer: lengths, by: name, sum: [length_m]}}
  - {id: of_long, dissolve: {layer: long, sum: [length_m, length_m_2, count]}}
outputs: {formats: [csv]}
END
  sed -i "s|RIVERS|$LAYERS/rivers.geojson|" plan.yaml
  eb run plan.yaml --out out -q
  assert_exit 0
}
