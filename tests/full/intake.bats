#!/usr/bin/env bats
# Files that ecobelt writes, as QGIS reads them: findings of a check, and Chinese text after a journey through the formats.
load ../support/helper

# qgis SCRIPT ARGS...: with the system's Python, which has QGIS's bindings.
qgis() {
  /usr/bin/python3 -c 'import qgis.core' 2>/dev/null || skip "QGIS's Python bindings are not installed"
  HOME=$BATS_TEST_TMPDIR run --separate-stderr /usr/bin/python3 -B "$ECOBELT_SOURCE/tests/support/$1.py" "${@:2}"
}

# Three squares of 0.01 degree: the second laps over the first by half, the third crosses itself.
squares() {
  cat > squares.geojson <<'JSON'
{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},"features":[
{"type":"Feature","properties":{"名称":"甲"},"geometry":{"type":"Polygon","coordinates":[[[118.50,28.90],[118.51,28.90],[118.51,28.91],[118.50,28.91],[118.50,28.90]]]}},
{"type":"Feature","properties":{"名称":"乙"},"geometry":{"type":"Polygon","coordinates":[[[118.505,28.90],[118.515,28.90],[118.515,28.91],[118.505,28.91],[118.505,28.90]]]}},
{"type":"Feature","properties":{"名称":"丙"},"geometry":{"type":"Polygon","coordinates":[[[118.60,28.90],[118.61,28.91],[118.61,28.90],[118.60,28.91],[118.60,28.90]]]}}]}
JSON
}

@test "QGIS opens the findings of a check: points and polygons where they are, with their words" {
  squares
  for report in found.geojson found.gpkg; do
    eb check squares.geojson --coverage --report "$report"
    assert_exit 1
    qgis qgis_values "$report" severity,finding,feature,message
    assert_exit 0
    assert_out $'error\tinvalid\t2\tSelf-intersection\tPoint\t118.6050 28.9050'
    [[ $output =~ error$'\t'overlap$'\t'0$'\t'2\ features\ cover\ [0-9.]+\ m2$'\t'Polygon$'\t'118.5075\ 28.9050 ]] || show "no overlap as a polygon"
    qgis qgis_open - "$report"
    assert_exit 0
    refute_out False
    assert_out EPSG:4490
  done
}

@test "the findings in Chinese are Chinese in QGIS too" {
  squares
  eb check squares.geojson --coverage --report found.gpkg --lang zh
  assert_exit 1
  qgis qgis_values found.gpkg finding,remedy
  assert_exit 0
  assert_out "invalid	ecobelt convert --repair;相邻者共边时用 --coverage"
}

@test "Chinese names after shapefile, GeoPackage, GeoJSON, text file and shapefile are in QGIS what they were" {
  eb convert "$LAYERS/counties.geojson" a.shp --fields code,name_zh --to-crs EPSG:4528 -q
  assert_exit 0
  for step in "a.shp b.gpkg" "b.gpkg c.geojson" "c.geojson d.txt" "d.txt e.shp"; do
    # shellcheck disable=SC2086 # two words
    eb convert $step -q
    assert_exit 0
  done
  qgis qgis_values a.shp code,name_zh
  assert_exit 0
  first=$output
  [[ $first == *$'330824\t开化县\tPolygon\t'* ]] || show "no names"
  qgis qgis_values b.gpkg code,name_zh
  assert_equal "$first" "$output"
  # text has tenths of a millimetre, and the standard's file millimetres: the metres are the same
  metres() { sed -E 's/\.[0-9]+//g'; }
  qgis qgis_values c.geojson code,name_zh
  assert_equal "$(metres <<< "$first")" "$(metres <<< "$output")"
  # in the text file and after it the columns have the standard's names
  qgis qgis_values e.shp 地块编号,地块名称
  assert_exit 0
  assert_equal "$(metres <<< "$first")" "$(metres <<< "$output")"
  # and the shapefile says itself what its text is
  assert_equal GBK "$(cat e.cpg)"
  assert_equal 4d "$(od -An -tx1 -j29 -N1 e.dbf | tr -d ' ')"
}

@test "field names cut at a character's border, unique, in QGIS; the full names as aliases where the format can" {
  eb convert "$LAYERS/counties.geojson" - --fields name_zh -q
  sed 's/"name_zh"/"行政区划的完整名称"/; s/"properties":{/&"行政区划的完整代码":1,/' <<< "$output" > long.geojson
  eb convert long.geojson long.shp -q
  assert_exit 0
  qgis qgis_values long.shp 行政区划的,行政区划_1
  assert_exit 0
  [[ $output == *开化县* ]] || show "no names under the cut field"
}
