#!/usr/bin/env bats
# The disk fills, a write fails, the program is killed or told to stop, at one file call after the other: what stands under the
# final name is whole or not there at all, and whoever had a chance to tidy up has done so.
load ../support/helper

POINTS=12 # calls tried of each command and kind, spread over all of them

# numbers N: at most POINTS numbers from 1 to N, first and last among them.
numbers() {
  python3 -c 'import sys; n, k = int(sys.argv[1]), int(sys.argv[2]); print(*sorted({1 + round(i * (n - 1) / (k - 1)) for i in range(k)}) if n > 1 else [1])' "$1" $POINTS
}

# A listing of everything below a folder: names and contents.
listing() { (cd "$1" && find . -type f ! -path '*/.*.ecobelt-*' -exec sha256sum {} + | LC_ALL=C sort -k2); }

# sweep NAME ARGS...: run `ecobelt ARGS` with its results in out/; NAME is the result (file or folder) to look for.
# What is compared is the set of files: contents may hold times.
sweep() {
  local result=$1 kind at total want killed=0 tried=0
  shift
  mkdir -p out
  fault none 0 out "$@"
  [ "$status" -le 1 ] || show "does not work undisturbed: $*"
  [ -e "out/$result" ] || show "no out/$result"
  total=$calls
  [ "$total" -gt 2 ] || show "only $total file calls were seen: the faults do not reach the program"
  want=$(cd out && find . -type f | LC_ALL=C sort)
  for kind in enospc eio term kill; do
    for at in $(numbers "$total"); do
      rm -rf out
      mkdir out
      fault "$kind" "$at" out "$@"
      check "$kind" "$at" "$result" "$want" "$*"
      [ "$kind" != kill ] || tried=$((tried + 1))
      [ "$status" -ne 137 ] || killed=$((killed + 1))
    done
  done
  [ "$killed" -ge $((tried - 1)) ] || show "only $killed of $tried kills struck"
}

# killed AT: the program was killed at this call, or came to its end with fewer calls: they differ a little from run to run.
killed() { [ "$status" -eq 137 ] || { [ "$status" -le 1 ] && [ "$calls" -lt "$1" ]; }; }

check() {
  local kind=$1 at=$2 result=$3 want=$4 what="$1 at call $2 of: $5" found
  found=$(cd out && find . -type f | LC_ALL=C sort)
  case $kind in
  enospc) [ "$status" -eq 5 ] || [ "$status" -le 1 ] || show "exit code for $what" ;;
  eio) [ "$status" -eq 5 ] || [ "$status" -le 1 ] || show "exit code for $what" ;;
  term) [ "$status" -eq 130 ] || [ "$status" -le 1 ] || show "exit code for $what" ;;
  kill) killed "$at" || show "exit code for $what" ;;
  esac
  if [ "$status" -le 1 ]; then
    # It says it is done: then all of it is there.
    assert_equal "$want" "$found" || show "not all is there after $what"
  elif [ "$kind" != kill ]; then
    [ -n "$stderr" ] || show "no message for $what"
    assert_equal "" "$found" || show "left behind after $what"
  else
    # No chance to tidy up, but what has a final name is whole.
    [ ! -e "out/$result" ] || whole "out/$result" || show "half a result after $what"
  fi
}

# whole FILE or FOLDER: it can be read to its end.
whole() {
  case $1 in
  *.csv) tail -c 2 "$1" | od -c | grep -q '\\n' ;;
  *.json) python3 -m json.tool "$1" >/dev/null ;;
  *.gpkg | *.geojson | *.shp | *.fgb) "$ECOBELT" info "$1" >/dev/null ;;
  *) [ -s "$1/run.json" ] && python3 -m json.tool "$1/run.json" >/dev/null ;;
  esac
}

@test "a table as CSV" {
  sweep a.csv area "$LAYERS/park.geojson" --by name -o out/a.csv
}

@test "a table as JSON" {
  sweep a.json area "$LAYERS/park.geojson" --by name -o out/a.json
}

@test "a layer as GeoPackage" {
  sweep a.gpkg corridor "$LAYERS/rivers.geojson" --width 500 --tolerance 5 -o out/a.gpkg
}

@test "a layer as GeoJSON" {
  sweep a.geojson convert "$LAYERS/scenic_areas.geojson" out/a.geojson
}

@test "a layer as shapefile: several files under one name" {
  sweep a.shp convert "$LAYERS/park.geojson" out/a.shp
}

@test "a whole run" {
  POINTS=8
  sweep run run "$ECOBELT_SOURCE/tests/support/small.yaml" --out out/run
}

@test "what is replaced stays as it was until the new one is whole" {
  mkdir out
  eb area "$LAYERS/park.geojson" --by name -o out/a.csv
  assert_exit 0
  cp out/a.csv before.csv
  fault none 0 out area "$LAYERS/park.geojson" -o out/a.csv --overwrite
  assert_exit 0
  total=$calls
  cp out/a.csv after.csv
  run cmp -s before.csv after.csv
  [ "$status" -eq 1 ] || show "the two tables should differ"
  for kind in enospc eio kill term; do
    for at in $(numbers "$total"); do
      cp before.csv out/a.csv
      fault "$kind" "$at" out area "$LAYERS/park.geojson" -o out/a.csv --overwrite
      [ "$kind" != kill ] || killed "$at" || show "not killed at $at of $total"
      cmp -s out/a.csv before.csv || cmp -s out/a.csv after.csv || show "neither the old nor the new table after $kind at $at"
    done
  done
}

@test "an earlier run stays as it was until the new one is whole" {
  POINTS=8
  plan=$ECOBELT_SOURCE/tests/support/small.yaml
  mkdir out
  eb run "$plan" --out out/run
  [ "$status" -le 1 ]
  cp -r out/run before
  fault none 0 out run "$plan" --out out/run --overwrite
  [ "$status" -le 1 ]
  total=$calls
  want=$(cd before && find . -type f | LC_ALL=C sort)
  for kind in enospc kill term; do
    for at in $(numbers "$total"); do
      rm -rf out
      mkdir out
      cp -r before out/run
      fault "$kind" "$at" out run "$plan" --out out/run --overwrite
      [ "$kind" != kill ] || killed "$at" || show "not killed at $at of $total"
      assert_equal "$want" "$(cd out/run && find . -type f | LC_ALL=C sort)" || show "half a run after $kind at $at"
      python3 -m json.tool out/run/run.json >/dev/null || show "run.json is broken after $kind at $at"
    done
  done
}

@test "a file size limit is a write error with its message, not a crash" {
  run --separate-stderr bash -c "ulimit -f 4; \"$ECOBELT\" convert \"$LAYERS/park.geojson\" park.geojson"
  assert_exit 5
  assert_err "park.geojson"
  refute_file park.geojson
}

@test "a real full disk, where one can be mounted" {
  mkdir small
  unshare -rm true 2>/dev/null || skip "no user namespaces here"
  local ending size
  for ending in gpkg fgb kml shp geojson; do
    for size in 40 64; do
      run --separate-stderr unshare -rm bash -c "mount -t tmpfs -o size=${size}k none small && \"$ECOBELT\" convert \"$LAYERS/counties.geojson\" small/x.$ending; code=\$?; ls -A small; exit \$code"
      [[ $stderr != *mount:* ]] || skip "no mounting here"
      assert_exit 5
      assert_no_out
      assert_err "small/x.$ending"
      assert_err "room on the disk"
      # GDAL's FlatGeobuf has taken its working file away by then: it can only be asked whether there was room.
      [ "$ending" = fgb ] || assert_err "No space left on device"
    done
  done
}
