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
