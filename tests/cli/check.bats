#!/usr/bin/env bats
# ecobelt check: each finding, its place, the reports, exit codes.
load ../support/helper

# layer CODE FEATURE...: a GeoJSON layer of features given as "fields|geometry".
layer() {
    local code=$1 comma='' feature
    shift
    printf '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::%s"}},"features":[' "$code"
    for feature; do
        printf '%s\n{"type":"Feature","properties":{%s},"geometry":%s}' "$comma" "${feature%%|*}" "${feature#*|}"
        comma=,
    done
    printf '\n]}\n'
}
square() { # X Y SIZE
    awk -v x="$1" -v y="$2" -v s="$3" 'BEGIN { printf "{\"type\":\"Polygon\",\"coordinates\":[[[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f]]]}", x, y, x+s, y, x+s, y+s, x, y+s, x, y }'
}

@test "the shipped counties tile, and nothing is wrong with them" {
  eb check "$LAYERS/counties.geojson" --coverage
  assert_exit 0
  assert_out "nothing wrong was found"
}

@test "invalid, null, duplicate, spike, sliver and null attribute, each with feature and place" {
  layer 4490 '"n":1|{"type":"Polygon","coordinates":[[[118,29],[118.1,29.1],[118.1,29],[118,29.1],[118,29]]]}' \
    '"n":2|null' \
    "\"n\":3|$(square 119 29 0.01)" "\"n\":null|$(square 119 29 0.01)" \
    '"n":5|{"type":"Polygon","coordinates":[[[118.5,28],[118.51,28],[118.51,28.005],[118.55,28.005],[118.51,28.0050001],[118.51,28.01],[118.5,28.01],[118.5,28]]]}' \
    '"n":6|{"type":"Polygon","coordinates":[[[117,28],[117.01,28],[117.01,28.000001],[117,28.000001],[117,28]]]}' > bad.geojson
  eb check bad.geojson
  assert_exit 1
  assert_out "error invalid: bad feature 0 at 118.05 29.05: Self-intersection"
  assert_out "error null: bad feature 1: there is no shape"
  assert_out "error duplicate: bad feature 3 and 2"
  assert_out "warning spike: bad feature 4 at 118.55 28.005"
  assert_out "warning sliver: bad feature 5"
  assert_out 'field "n" is null in 1 of 6 features'
}

@test "duplicates are found where the hashes of all shapes do not fit into memory at once" {
  awk 'BEGIN { print "x,y"; for (i = 0; i < 300000; i++) printf "%.6f,%.6f\n", 118 + i % 1000 / 1000, 28 + int(i / 1000) / 1000
    print "118.007000,28.000000\n118.500000,28.150000\n118.007000,28.000000" }' > many.csv
  eb check many.csv --from-crs EPSG:4490
  assert_exit 1
  assert_equal 3 "$(grep -c 'error duplicate' <<< "$output")"
  assert_out "error duplicate: many feature 300001 and 8"
  assert_out "error duplicate: many feature 300002 and 150501"
  assert_out "error duplicate: many feature 300003 and 300001"
}

@test "a required field: each feature that lacks it is named, with its place" {
  layer 4490 "\"n\":1|$(square 118 29 0.01)" "\"n\":null|$(square 118.1 29 0.01)" "\"n\":null|$(square 118.2 29 0.01)" > r.geojson
  eb check r.geojson --required n
  assert_exit 1
  assert_out 'warning attribute-null: r feature 1 at 118.105 29.005: field "n" is null'
  assert_out 'warning attribute-null: r feature 2 at 118.205 29.005: field "n" is null'
  eb check r.geojson --required nix
  assert_exit 2
}

@test "overlaps and gaps of a coverage, with their areas" {
  layer 4528 "\"n\":1|$(square 40400000 3200000 100)" "\"n\":2|$(square 40400090 3200000 100)" \
    "\"n\":3|$(square 40400000 3200100 100)" > cover.geojson
  eb check cover.geojson --coverage --report found.geojson
  assert_exit 1
  assert_out "error overlap: cover feature 0 and 1"
  # 10 m by 100 m, less the distortion of the zone
  [[ $output =~ 2\ features\ cover\ (99[0-9]|100[0-9])\.[0-9]+\ m2 ]] || show "no area of the overlap"
  grep -q '"finding":"overlap".*"type":"Polygon"' found.geojson
  grep -q 'EPSG::4528' found.geojson
  layer 4528 "\"n\":1|$(square 40400000 3200000 100)" "\"n\":2|$(square 40400100 3200000 100)" "\"n\":3|$(square 40400200 3200000 100)" \
    "\"n\":4|$(square 40400000 3200100 100)" "\"n\":5|$(square 40400200 3200100 100)" \
    "\"n\":6|$(square 40400000 3200200 100)" "\"n\":7|$(square 40400100 3200200 100)" "\"n\":8|$(square 40400200 3200200 100)" > ring.geojson
  eb check ring.geojson --coverage
  assert_exit 1
  [[ $output =~ error\ gap:\ ring\ at\ 40400150\ 3200150:\ no\ feature\ covers\ (99|100)[0-9]{2}\.[0-9]+\ m2 ]] || show "no gap"
  refute_out overlap
}

@test "gaps closed by corners alone, and slivers: number and areas as flooding the empty cells gives them" {
  need python3
  for seed in 1 2 3 4 5; do
    python3 "$ECOBELT_SOURCE/tests/support/tiles.py" make $seed tiles.geojson truth.json
    eb check tiles.geojson --coverage --report found.csv --overwrite
    assert_exit 1
    python3 "$ECOBELT_SOURCE/tests/support/tiles.py" compare truth.json found.csv
  done
}

@test "a feature inside another one, and one of the same shape, overlap" {
  layer 4528 "\"n\":1|$(square 40400000 3200000 100)" "\"n\":2|$(square 40400020 3200020 10)" \
    "\"n\":3|$(square 40500000 3200000 10)" "\"n\":4|$(square 40500000 3200000 10)" > in.geojson
  eb check in.geojson --coverage
  assert_exit 1
  assert_out "error overlap: in feature 0 and 1"
  assert_out "error overlap: in feature 2 and 3"
}

@test "loose ends and crossings of boundary lines" {
  layer 4528 '"n":1|{"type":"LineString","coordinates":[[40400000,3200000],[40400100,3200000],[40400100,3200100],[40400000,3200100],[40400000,3200000]]}' \
    '"n":2|{"type":"LineString","coordinates":[[40400050,3199950],[40400050,3200100]]}' > lines.geojson
  eb check lines.geojson --lines
  assert_exit 1
  assert_out "error crossing: lines feature 0 and 1 at 40400050 3200000"
  assert_out "warning dangle: lines feature 1 at 40400050 3199950"
  [ "$(grep -c dangle <<< "$output")" -eq 1 ] || show "one loose end is wanted"
  eb check lines.geojson --coverage
  assert_exit 2
}

@test "points outside the region" {
  layer 4490 '"n":1|{"type":"Point","coordinates":[118.87,28.94]}' '"n":2|{"type":"Point","coordinates":[120.15,30.25]}' > points.geojson
  eb check points.geojson --region "$LAYERS/counties.geojson"
  assert_exit 1
  assert_out "error outside: points feature 1 at 120.15 30.25: lies outside the region"
  refute_out "feature 0"
  # polygons wholly inside, wholly outside, and across the outline
  layer 4490 "\"n\":1|$(square 118.87 28.94 0.001)" "\"n\":2|$(square 121 31 0.001)" "\"n\":3|$(square 118.87 28.94 3)" > squares.geojson
  eb check squares.geojson --region "$LAYERS/counties.geojson"
  assert_exit 1
  assert_out "error outside: squares feature 1 at 121 31: lies outside the region"
  assert_out "error outside: squares feature 2 at 121.87 28.94: reaches outside the region with 3 of 5 points"
  refute_out "feature 0"
}

@test "areas in the table against the shapes, whatever their unit" {
  layer 4528 "\"ha\":0.9998|$(square 40400000 3200000 100)" "\"ha\":3.9993|$(square 40400200 3200000 200)" "\"ha\":0.5|$(square 40400500 3200000 100)" > a.geojson
  eb check a.geojson --area-field ha
  assert_exit 1
  assert_out "warning area: a feature 2"
  assert_out "the table says 5000.00 m2"
  refute_out "feature 0"
  refute_out "feature 1"
  eb check a.geojson --area-field nothing
  assert_exit 2
}

@test "values that are none of their field's type, in a shapefile and in a GeoPackage" {
  layer 4490 '"n":1,"r":1.5,"day":"2020-01-01"|{"type":"Point","coordinates":[118,29]}' \
    '"n":2,"r":2.5,"day":"2020-01-02"|{"type":"Point","coordinates":[118,30]}' > v.geojson
  "$ECOBELT" convert v.geojson v.gpkg -q
  python3 - << 'PY'
import sqlite3
db = sqlite3.connect("v.gpkg")
for name, in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
    db.execute(f'DROP TRIGGER "{name}"')
db.execute("UPDATE v SET n = '无', r = 'x' WHERE n = 2")
db.execute("UPDATE v SET day = 'spring', n = 1.5 WHERE n = 1")
db.commit()
PY
  eb check v.gpkg
  assert_exit 1
  assert_out 'error value: v feature 0 at 118 29: field "n" holds "1.5", which is no whole number; it reads as null'
  assert_out 'error value: v feature 0 at 118 29: field "day" holds "spring", which is no date; it reads as null'
  assert_out 'error value: v feature 1 at 118 30: field "n" holds "无", which is no whole number; it reads as null'
  assert_out 'error value: v feature 1 at 118 30: field "r" holds "x", which is no number; it reads as null'
  assert_out '  -> enter the value anew'
  eb convert v.gpkg - -q
  assert_out '"properties":{"n":null,"r":1.5,"day":null}'
  assert_out '"properties":{"n":null,"r":null,"day":"2020-01-02"}'
  eb check v.gpkg --where "r = 1.5"
  assert_exit 1
  refute_out "feature 1"
  python3 - << 'PY'
import sqlite3
db = sqlite3.connect("v.gpkg")
for name, kind, values in ("m", "MEDIUMINT", (99999999999, -2147483648)), ("s", "SMALLINT", (32767, 40000)), ("b", "BOOLEAN", (1, 5)):
    db.execute(f"ALTER TABLE v ADD COLUMN {name} {kind}")
    db.executemany(f"UPDATE v SET {name} = ? WHERE rowid = ?", zip(values, [r for r, in db.execute("SELECT rowid FROM v ORDER BY 1")]))
db.commit()
PY
  eb check v.gpkg
  assert_out 'feature 0 at 118 29: field "m" holds "99999999999", which is beyond what its type holds; it reads as null'
  assert_out 'feature 1 at 118 30: field "s" holds "40000", which is beyond what its type holds; it reads as null'
  assert_out 'feature 1 at 118 30: field "b" holds "5", which is beyond what its type holds; it reads as null'
  eb convert v.gpkg - -q
  assert_out '"m":null,"s":32767,"b":true}'
  assert_out '"m":-2147483648,"s":null,"b":null}'
  "$ECOBELT" convert v.geojson v.shp -q
  # The second row's number, in the field's nine places.
  LC_ALL=C sed -i 's/        2/  1,5    /' v.dbf
  eb check v.shp
  assert_exit 1
  assert_out 'error value: v feature 1 at 118 30: field "n" holds "1,5", which is no whole number; it reads as null'
}

@test "damage and broken rules of a format are findings, found-out facts are notes" {
  layer 4490 "\"n\":1|$(square 118 29 0.01)" "\"n\":2|$(square 118.1 29 0.01)" > d.geojson
  "$ECOBELT" convert d.geojson d.shp -q
  truncate -s -3 d.dbf
  eb check d.shp
  assert_exit 3
  eb check d.shp --allow-partial
  assert_exit 1
  assert_out "error damage: d: d.dbf is cut short"
  printf '[属性描述]\n坐标系=2000国家大地坐标系\n[地块坐标]\n3,10000,A,甲,面,一,二,三,@\n' > p.txt
  printf 'J1,1,3237000,39615000\nJ2,1,3237100,39615000\nJ3,1,3237100,39615100\nJ4,1,3237000,39615100\nJ1,1,3237000,39615000\n' >> p.txt
  eb check p.txt
  assert_exit 1
  assert_out "warning form: p: the headers give areas in square metres, not hectares; brought to hectares"
  assert_out "warning form: p feature 1 at 39615050 3237050: line 4: the header says 3 points, 5 are there"
  sed -i 's/^3,10000/5,abc/' p.txt
  eb check p.txt
  assert_exit 1
  assert_out 'error value: p feature 1 at 39615050 3237050: line 4: field "地块面积" holds "abc", which is no number'
  printf 'lon,lat,name\n118.5,28.9,衢州市\n' | iconv -t GBK > g.csv
  eb check g.csv --from-crs EPSG:4490
  assert_exit 0
  assert_out "note: g: character set not declared"
}

@test "a layer that cannot be held against outlines is told so" {
  layer 4490 '"n":1|{"type":"Point","coordinates":[118.87,28.94]}' > p.geojson
  eb check p.geojson --against "$LAYERS/counties.geojson"
  assert_exit 0
  assert_out "note: p: whether it is in a web-map frame cannot be told"
}

@test "no CRS, a contradicted one, mixed zones" {
  printf 'x,y\n40387887.34,3204272.21\n40387900.1,3204300.2\n' > p.csv
  eb check p.csv
  assert_exit 1
  assert_out "error no-crs: p"
  assert_out "zone 40"
  layer 4490 '"n":1|{"type":"Point","coordinates":[40387887.34,3204272.21]}' > m.geojson
  eb check m.geojson
  assert_exit 1
  assert_out "error crs-contradicted"
  layer 4528 '"n":1|{"type":"Point","coordinates":[40387887.34,3204272.21]}' '"n":2|{"type":"Point","coordinates":[39680365.44,3205137.35]}' > z.geojson
  eb check z.geojson
  assert_exit 1
  assert_out "easting begins with 39, the layer is in zone 40"
}

@test "a layer in GCJ-02 is found out by trusted outlines, with the vector" {
  eb convert "$LAYERS/counties.geojson" gcj.geojson --to-frame gcj02 -q
  assert_exit 0
  eb check gcj.geojson --against "$LAYERS/counties.geojson"
  assert_exit 1
  # the frame's vector at Quzhou is some 480 m east and 320 m south; what is measured is it, to the metre
  assert_out "looks to be in frame gcj02: measured shift 4"
  [[ $output =~ measured\ shift\ ([0-9]+)\ m\ east,\ (-[0-9]+)\ m\ north,\ that\ of\ the\ frame\ is\ ([0-9]+)\ and\ (-[0-9]+) ]] || show "no vector"
  local east=$((BASH_REMATCH[1] - BASH_REMATCH[3])) north=$((BASH_REMATCH[2] - BASH_REMATCH[4]))
  ((east >= -15 && east <= 15 && north >= -15 && north <= 15)) || show "not the frame's vector: $east m, $north m beside it"
  eb convert "$LAYERS/counties.geojson" bd.geojson --to-frame bd09 -q
  eb check bd.geojson --against "$LAYERS/counties.geojson"
  assert_exit 1
  assert_out "looks to be in frame bd09"
  eb check "$LAYERS/counties.geojson" --against "$LAYERS/counties.geojson"
  assert_exit 0
}

@test "a plan's layer that is offset against the plan's region is found out without asking" {
  eb convert "$LAYERS/counties.geojson" gcj.gpkg --to-frame gcj02 -q
  cat > p.yaml <<YAML
title: {en: test}
region: {layer: counties, source: {en: test}}
layers:
  counties: {path: $LAYERS/counties.geojson, label: name}
  zones: {path: gcj.gpkg}
steps:
  - id: areas
    area: {layer: zones, by: name}
YAML
  eb check p.yaml
  assert_exit 1
  assert_out "error frame: counties"
  assert_out "looks to be in frame gcj02"
}

@test "a layer in a plane made from web-map coordinates is found out too" {
  eb convert "$LAYERS/counties.geojson" gcj.geojson --to-frame gcj02 -q
  eb convert gcj.geojson plane.gpkg --to-crs EPSG:4549 -q
  assert_exit 0
  eb check plane.gpkg --against "$LAYERS/counties.geojson"
  assert_exit 1
  assert_out "looks to be in frame gcj02: measured shift 4"
}

@test "the report as CSV has the columns, and JSON the same rows" {
  layer 4490 '"n":1|null' > n.geojson
  eb check n.geojson --report r.csv
  assert_exit 1
  grep -q 'severity,finding,layer,fid,other_fid,x,y,area_m2,message,remedy' r.csv
  grep -q '^error,null,n,0,' r.csv
  eb check n.geojson --report r.csv
  assert_exit 5
  eb check n.geojson --json
  assert_exit 1
  assert_equal null "$(json 'd["rows"][0]["finding"]' | tr -d '"')"
}

@test "the report as a workbook" {
  layer 4490 '"n":1|null' > n.geojson
  eb check n.geojson --report r.xlsx
  assert_exit 1
  assert_file r.xlsx
  need unzip
  unzip -p r.xlsx xl/sharedStrings.xml | grep -q 'there is no shape' || show "the finding is not in the workbook"
}

@test "the same findings whatever the number of threads" {
  layer 4490 "\"n\":1|$(square 118 29 0.01)" '"n":2|null' '"n":3|{"type":"Polygon","coordinates":[[[118,29],[118.1,29.1],[118.1,29],[118,29.1],[118,29]]]}' > t.geojson
  eb check t.geojson -j 1 --json
  one=$output
  eb check t.geojson -j 3 --json
  assert_equal "$one" "$output"
}

@test "layers that cannot be read are errors, not findings" {
  eb check missing.gpkg
  assert_exit 3
  eb check
  assert_exit 2
}
