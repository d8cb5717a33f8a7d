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
    assert_exit 0
    refute_out schematic
}

# Every value of the field `status` of a layer.
statuses() { eb convert "$1" - -q && printf '%s\n' "$output" | grep -o '"properties":.*' | grep -o '"status":"[^"]*"' | sort | uniq -c | sed 's/^ *//'; }

@test "a derived layer with a schematic one in it is schematic, whichever comes first, in every format" {
    local ending
    for ending in geojson gpkg fgb shp kml geojsonl; do
        eb overlay "$LAYERS/counties.geojson" "$LAYERS/park.geojson" -q -o "both.$ending"
        assert_exit 0
        eb info "both.$ending"
        assert_out "status:    schematic"
        assert_equal '"status":"schematic"' "$(statuses "both.$ending" | cut -d' ' -f2-)"
    done
    cat > plan.yaml <<END
layers: {counties: {path: $LAYERS/counties.geojson}, park: {path: $LAYERS/park.geojson}}
steps: [{id: both, overlay: {first: counties, second: park}}]
outputs: {formats: [geojson, gpkg]}
END
    eb run plan.yaml --out out -q
    assert_exit 0
    assert_equal '"status":"schematic"' "$(statuses "out/maps/both.geojson" | cut -d' ' -f2-)"
    assert_equal '"status":"schematic"' "$(statuses "out/plan.gpkg|layername=both" | cut -d' ' -f2-)"
}

@test "a field status with words of its own keeps them behind the mark" {
    cat > plan.geojson <<'END'
{"type":"FeatureCollection","status":"schematic","features":[
{"type":"Feature","properties":{"status":"planned"},"geometry":{"type":"Polygon","coordinates":[[[118,29],[119,29],[119,30],[118,29]]]}},
{"type":"Feature","properties":{"status":null},"geometry":{"type":"Polygon","coordinates":[[[119,29],[120,29],[120,30],[119,29]]]}}]}
END
    eb convert plan.geojson a.gpkg -q
    assert_exit 0
    assert_equal '1 "status":"schematic" 1 "status":"schematic; planned"' "$(statuses a.gpkg | xargs -d'\n')"
    eb convert a.gpkg b.geojson -q
    assert_equal '1 "status":"schematic" 1 "status":"schematic; planned"' "$(statuses b.geojson | xargs -d'\n')"
    eb area a.gpkg
    assert_out "schematic: made from"
    # A number cannot say it.
    sed 's/"planned"/7/' plan.geojson > number.geojson
    eb convert number.geojson c.gpkg -q
    eb convert c.gpkg - -q
    assert_out '"status_2":7,"status":"schematic"'
}

@test "what was written for staff and for phones is known again as schematic" {
    eb convert "$LAYERS/park.geojson" p.txt -q
    assert_exit 0
    eb area p.txt
    assert_out "schematic: made from p"
    eb info p.txt
    assert_out "status:    schematic"
    sed 's/,schematic,/,official,/' <(iconv -f gbk -t utf-8 p.txt) > official.txt
    eb area official.txt
    assert_exit 0
    refute_out schematic
    eb convert "$LAYERS/rivers.geojson" c.gpx -q
    eb info 'c.gpx|layername=tracks'
    assert_out "status:    schematic"
    eb area 'c.gpx|layername=tracks'
    assert_out "schematic: made from tracks"
    eb corridor 'c.gpx|layername=tracks' --width 2000 -q -o belt.fgb
    assert_equal '1 "status":"schematic"' "$(statuses belt.fgb)"
}
