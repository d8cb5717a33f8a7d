#!/usr/bin/env bats
# Stopping while a library is in the middle of a call that does not return: the run ends all the same, and nothing is left half done.
load ../support/helper

POINTS=4 # beside the last six

# hanging NAME ARGS...: `ecobelt ARGS` hangs at one file call after the other and is told to stop; out/NAME is whole or not there.
hanging() {
  local result=$1 at want total found
  shift
  rm -rf out
  mkdir out
  fault none 0 out "$@"
  [ "$status" -le 1 ] || show "does not work undisturbed: $*"
  total=$calls
  want=$(cd out && find . -type f | LC_ALL=C sort)
  [ -e "out/$result" ] || show "no out/$result"
  # The last ones are the renames.
  for at in $(seq 1 $((total / POINTS + 1)) "$total") $((total - 5)) $((total - 4)) $((total - 3)) $((total - 2)) $((total - 1)) "$total"; do
    [ "$at" -ge 1 ] || continue
    rm -rf out
    mkdir out
    fault hang "$at" out "$@"
    [ "$status" -eq 130 ] || { [ "$status" -le 1 ] && [ "$calls" -lt "$at" ]; } || show "exit code at call $at of $total"
    # Each output is whole or not there; the table may still be wanting when the layer is there.
    found=$(cd out && find . -type f | LC_ALL=C sort)
    [ -z "$(comm -13 <(echo "$want") <(echo "$found"))" ] || [ -z "$found" ] || show "left at call $at of $total: $found"
    [ "${result##*.}" != shp ] || [ -z "$found" ] || [ "$found" = "$want" ] || show "half a layer at call $at of $total: $found"
  done
}

@test "a layer of several files" {
  hanging a.shp overlay "$LAYERS/counties.geojson" "$LAYERS/park.geojson" -o out/a.shp
}

@test "a GeoPackage" {
  hanging a.gpkg dissolve "$LAYERS/counties.geojson" -o out/a.gpkg
}

@test "a table, and a layer beside it" {
  hanging a.csv tabulate "$LAYERS/counties.geojson" "$LAYERS/park.geojson" --zone name -o out/a.csv
  hanging b.geojson designations "park=$LAYERS/park.geojson" -o out/b.geojson --table out/b.csv
}

@test "the folder of a run, and a converted file" {
  POINTS=3
  hanging run run "$ECOBELT_SOURCE/tests/support/small.yaml" --out out/run/
  hanging c.geojson convert "$LAYERS/park.geojson" out/c.geojson
}

@test "what is replaced is there again" {
  mkdir out
  eb convert "$LAYERS/park.geojson" out/a.shp -q
  assert_exit 0
  cp -r out before
  fault none 0 out overlay "$LAYERS/counties.geojson" "$LAYERS/park.geojson" -o out/a.shp --overwrite
  assert_exit 0
  total=$calls
  cp -r out after
  for at in $(seq $((total - 24)) "$total"); do
    rm -rf out
    cp -r before out
    fault hang "$at" out overlay "$LAYERS/counties.geojson" "$LAYERS/park.geojson" -o out/a.shp --overwrite
    for part in shp shx dbf; do
      cmp -s out/a.$part before/a.$part || break
    done
    cmp -s out/a.shp before/a.shp || [ "$(cd out && ls -A)" = "$(cd after && ls -A)" ] || show "neither the old nor the new layer at $at of $total: $(ls -A out)"
    ! cmp -s out/a.shp before/a.shp || cmp -s out/a.dbf before/a.dbf || show "half of each at $at of $total"
    assert_equal "$(cd before && ls -A)" "$(cd out && ls -A)" || show "left at $at of $total"
  done
}
