#!/usr/bin/env bats
# What the Quzhou run writes opens in QGIS: every layer valid, with its CRS, its features and something to see.
load ../support/helper

setup_file() {
  load ../support/helper
  cd "$BATS_FILE_TMPDIR"
  run "$ECOBELT" run "$LAYERS/quzhou.yaml" --out out --quiet
  [ "$status" -le 1 ]
}

# qgis_open PNG FILE...: with the system's Python, which has QGIS's bindings.
qgis_open() {
  /usr/bin/python3 -c 'import qgis.core' 2>/dev/null || skip "QGIS's Python bindings are not installed"
  HOME=$BATS_TEST_TMPDIR run --separate-stderr /usr/bin/python3 -B "$ECOBELT_SOURCE/tests/support/qgis_open.py" "$@"
}

@test "QGIS opens every layer of the GeoPackage" {
  qgis_open package.png "$BATS_FILE_TMPDIR/out/quzhou.gpkg"
  assert_exit 0
  refute_out False
  # As many layers as there are maps, each with as many features.
  maps=$(find "$BATS_FILE_TMPDIR/out/maps" -name '*.geojson' | wc -l)
  [ "$(grep -cE $'\t(Point|Line|Polygon)$' <<<"$output")" -ge "$maps" ] || show "fewer layers than maps ($maps)"
  assert_file package.png
}

@test "QGIS opens every GeoJSON map, in degrees" {
  qgis_open maps.png "$BATS_FILE_TMPDIR"/out/maps/*.geojson
  assert_exit 0
  refute_out False
  # A map without features has no kind of shape in GeoJSON: QGIS takes it for a table.
  [ -z "$(grep -vE $'EPSG:(4326|4490)|OGC:CRS84|\t0\t' <<<"$output")" ] || show "a map in another CRS"
  assert_file maps.png
}

@test "QGIS counts the features that info counts" {
  for file in "$BATS_FILE_TMPDIR"/out/maps/*.geojson; do
    qgis_open - "$file"
    seen=$(cut -f4 <<<"$output")
    eb info "$file" --json
    assert_equal "$seen" "$(json 'str(d["features"])')" || show "$file"
  done
}
