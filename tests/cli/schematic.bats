#!/usr/bin/env bats
# What is made from a schematic layer says so: on the screen, in tables, in layers.

load ../support/helper

@test "what commands make from a schematic layer says so" {
    local file
    for file in belt.gpkg belt.geojson; do
        eb corridor "$LAYERS/rivers.geojson" --width 2000 -o "$file"
        assert_exit 0
        assert_out "schematic: made from rivers"
        eb info "$file"
        assert_out "status:    schematic"
    done
    eb area "$LAYERS/park.geojson" --lang zh
    assert_out "示意"
    eb tabulate "$LAYERS/counties.geojson" "$LAYERS/park.geojson" --zone name --json
    assert_out "schematic: made from park;"
    eb area "$LAYERS/counties.geojson"
    assert_exit 0
    refute_out schematic
}

@test "it says so in every format, and with --quiet" {
    local file ending
    for ending in shp kml fgb geojsonl gpkg geojson; do
        eb corridor "$LAYERS/rivers.geojson" --width 2000 -q -o "belt.$ending" --table "belt_$ending.csv"
        assert_exit 0
        assert_no_err
        eb info "belt.$ending" --json
        assert_equal true "$(json "'status' in [f['name'] for f in d['fields']]")"
        eb convert "belt.$ending" - -q
        assert_out '"status":"schematic"'
        assert_equal 1 "$(grep -c ',schematic' "belt_$ending.csv")"
    done
    eb corridor "$LAYERS/rivers.geojson" --width 2000 -q -o belt.txt --table belt.md
    grep -q schematic belt.txt
    grep -q 'schematic: made from rivers' belt.md
    eb route "$LAYERS/roads.geojson" "$LAYERS/scenic_areas.geojson" --snap 5000 -q -o way.gpx
    assert_exit 0
    grep -q '<metadata>.*schematic.*</metadata>' way.gpx
    grep -q '<ogr:status>schematic</ogr:status>' way.gpx
    eb area "$LAYERS/park.geojson" -q --table -
    assert_out ',schematic'
    eb area "$LAYERS/park.geojson" -q
    assert_out 'Areas (schematic)'
    eb area "$LAYERS/counties.geojson" -q -o plain.csv
    run -1 grep -i schematic plain.csv plain.csv.txt
}

@test "method and notes of a CSV file stand beside it, and are not overwritten either" {
    eb tabulate "$LAYERS/counties.geojson" "$LAYERS/park.geojson" --zone name -q -o t.csv
    assert_exit 0
    grep -q '^Method: ' t.csv.txt
    grep -q '^Note: schematic: made from park; no official boundary' t.csv.txt
    grep -q '^area_m2: Area (m²)' t.csv.txt
    rm t.csv
    eb tabulate "$LAYERS/counties.geojson" "$LAYERS/park.geojson" --zone name -q -o t.csv
    assert_exit 5
    assert_err 't.csv.txt'
    refute_file t.csv
    eb tabulate "$LAYERS/counties.geojson" "$LAYERS/park.geojson" --zone name -q -o t.csv --overwrite
    assert_exit 0
    eb designations "a=$LAYERS/park.geojson" "b=$LAYERS/designations.geojson" -q -o d.csv
    assert_exit 0
    for file in d*.csv; do
        assert_file "$file.txt"
        grep -q ',schematic' "$file"
    done
}

@test "a run says so in every table, map and layer, and only there" {
    cat > plan.yaml <<END
title: {en: Trial}
layers:
  counties: {path: $LAYERS/counties.geojson}
  park: {path: $LAYERS/park.geojson, title: {en: Park}}
steps:
  - {id: free, title: {en: Counties}, area: {layer: counties, by: name}}
  - {id: bound, title: {en: Zones}, area: {layer: park, by: name}}
targets:
  - {title: {en: All}, of: free, column: area_km2, sum: true, expect_km2: 8844.79, source: x}
  - {title: {en: Park}, of: bound, column: area_km2, sum: true, expect_km2: 252.38, source: x}
outputs: {formats: [csv, geojson, gpkg]}
END
    eb run plan.yaml --out out
    assert_exit 0
    run -1 grep -ri schematic out/statistics/free.csv out/statistics/free.txt out/maps/free.geojson
    assert_equal 4 "$(grep -c ',schematic' out/statistics/bound.csv)"
    assert_equal 1 "$(grep -c ',schematic' out/statistics/targets.csv)"
    grep -q 'Zones (schematic)' out/statistics/bound.txt
    grep -q '"title":"Zones (schematic)"' out/maps/bound.geojson
    grep -q '"status":"schematic"' out/maps/bound.geojson
    for layer in park bound; do
        eb info "out/plan.gpkg|layername=$layer"
        assert_out "status:    schematic"
    done
    eb info "out/plan.gpkg|layername=free"
    refute_out schematic
}
