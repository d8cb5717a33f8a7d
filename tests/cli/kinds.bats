#!/usr/bin/env bats
# A layer of the wrong kind, an empty one or a table, given to every command in every place that wants a layer: refused in words.

load ../support/helper

bats_require_minimum_version 1.5.0

# Exit codes wanted of a table, of an empty layer, of points, lines, polygons; - where that layer is fit. @ stands for the layer.
commands="
area @                                                        4 3 4 - -
area $LAYERS/rivers.geojson --inside @                        4 3 4 4 -
corridor @ --width 10                                         4 3 4 - -
corridor $LAYERS/rivers.geojson --width 10 --clip @           4 4 4 4 -
corridor $LAYERS/rivers.geojson --width 10 --erase @          4 4 4 4 -
tabulate @ $LAYERS/park.geojson --zone name                   4 3 4 4 -
tabulate $LAYERS/park.geojson @ --zone name                   4 3 - - -
designations a=@ b=$LAYERS/park.geojson                       4 3 4 4 -
enclose @                                                     4 3 4 4 4
overlay @ $LAYERS/park.geojson -o o.gpkg --overwrite          4 - - - -
overlay $LAYERS/park.geojson @ -o o.gpkg --overwrite          4 2 2 2 -
dissolve @ -o d.gpkg --overwrite                              4 3 - - -
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
