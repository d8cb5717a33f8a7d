#!/usr/bin/env bats
# The folder of a run: whole or not there, and nothing in it is lost.
load ../support/helper
load ../support/small_plan

@test "run: an earlier run is replaced with --overwrite alone, anything else never" {
  small_plan
  eb run plan.yaml --out out -q
  assert_exit 0
  eb run plan.yaml --out out -q
  assert_exit 5
  assert_err "--overwrite"
  eb run plan.yaml --out out -q --overwrite
  assert_exit 0
  mkdir home
  echo precious >home/letter.txt
  eb run plan.yaml --out home -q --overwrite
  assert_exit 5
  assert_equal precious "$(cat home/letter.txt)"
  mkdir empty
  eb run plan.yaml --out empty -q
  assert_exit 0
  assert_file empty/run.json
}

@test "run: --overwrite loses nothing that no run wrote" {
  small_plan
  eb run plan.yaml --out out -q
  echo precious >out/letter.docx
  echo precious >out/maps/mine.geojson
  echo precious >out/maps/belt.qml
  echo styled >out/small.qgz
  mkdir -p out/drafts/empty out/maps/mine
  eb run plan.yaml --out out -q --overwrite
  assert_exit 0
  assert_err "letter.docx"
  assert_err "small.qgz -> small.kept.qgz"
  assert_equal precious "$(cat out/letter.docx)"
  assert_equal precious "$(cat out/maps/mine.geojson)"
  assert_equal precious "$(cat out/maps/belt.qml)"
  assert_equal styled "$(cat out/small.kept.qgz)"
  [ -d out/drafts/empty ]
  [ -d out/maps/mine ]
  run ! cmp -s out/small.qgz out/small.kept.qgz
  # Of all its steps a run of one makes few: the others' results stay.
  eb run plan.yaml --out out -q --overwrite --only belt
  assert_exit 5
  assert_err "all steps"
  assert_file out/statistics/by_zone.csv
  # What a run of all steps does not make any more is said.
  eb run plan.yaml --out out -q --overwrite --set 'outputs={formats: [csv]}'
  assert_exit 0
  assert_err "8 files of the earlier run are gone"
  refute_file out/small.gpkg
  # Without the record nobody knows whose the files are.
  echo "{}" >out/run.json
  eb run plan.yaml --out out -q --overwrite
  assert_exit 5
  printf '{"program":"ecobelt","version":"0.1.0"}' >out/run.json
  eb run plan.yaml --out out -q --overwrite
  assert_exit 5
  assert_err "run.json"
  assert_equal precious "$(cat out/letter.docx)"
  assert_file out/statistics/by_zone.csv
}

@test "run: an output folder that cannot be made is told before anything is computed" {
  small_plan
  eb run plan.yaml --out missing/out
  assert_exit 5
  assert_err "make the folder first"
  touch file
  eb run plan.yaml --out file
  assert_exit 5
  if [ "$(id -u)" -ne 0 ]; then
    mkdir locked
    chmod 555 locked
    eb run plan.yaml --out locked/out
    assert_exit 5
    assert_err "may write"
  fi
}

@test "run: killed at any moment, nothing half stands under the final name" {
  [ -e "$ECOBELT_BUILD/libeb_fault.so" ] || skip "no fault library"
  small_plan
  mkdir work
  moments 12 work run plan.yaml --out work/out -q
  rm -r work/out
  for at in "${moments[@]}"; do
    fault kill "$at" work run plan.yaml --out work/out -q
    if [ -e work/out ]; then
      # The very last calls come after the folder has its name: then it must be whole.
      assert_file work/out/run.json
      assert_file work/out/small.gpkg
    fi
    rm -rf work/out work/.out.*
  done
}

@test "run: killed at any moment, the earlier run is still there" {
  [ -e "$ECOBELT_BUILD/libeb_fault.so" ] || skip "no fault library"
  small_plan
  mkdir work
  eb run plan.yaml --out work/out -q
  moments 8 work run plan.yaml --out work/out -q --overwrite
  for at in "${moments[@]}"; do
    fault kill "$at" work run plan.yaml --out work/out -q --overwrite
    assert_file work/out/run.json
    assert_file work/out/small.gpkg
    assert_file work/out/statistics/by_zone.csv
  done
}

@test "what a killed run or command leaves goes with the next one, and what another one is making stays" {
  [ -e "$ECOBELT_BUILD/libeb_fault.so" ] || skip "no fault library"
  need flock
  small_plan
  mkdir work work/.out.ecobelt-live
  exec {live}<work/.out.ecobelt-live
  flock -n "$live"
  fault none 0 work run plan.yaml --out work/out -q
  half=$((calls / 2))
  rm -r work/out
  fault kill $half work run plan.yaml --out work/out -q
  assert_exit 137
  assert_equal 2 "$(leftovers 2)"
  eb run plan.yaml --out work/out -q
  assert_exit 0
  assert_equal 1 "$(leftovers 2)"
  exec {live}<&-
  eb run plan.yaml --out work/out -q --overwrite
  assert_equal 0 "$(leftovers 2)"
  for file in a.csv a.gpkg a.shp; do
    fault none 0 work corridor zones.geojson --width 500 -o "work/$file" -q
    half=$((calls / 2))
    rm -f work/a.*
    fault kill $half work corridor zones.geojson --width 500 -o "work/$file" -q
    [ "$status" -eq 137 ] || show "not killed at $half of $calls"
    eb corridor zones.geojson --width 500 -o "work/$file" -q --overwrite
    assert_exit 0
    assert_equal 0 "$(leftovers 2)"
  done
}

@test "run: a disk that fills at any moment is exit code 5, and nothing is left" {
  [ -e "$ECOBELT_BUILD/libeb_fault.so" ] || skip "no fault library"
  small_plan
  mkdir work
  moments 12 work run plan.yaml --out work/out -q
  rm -r work/out
  for at in "${moments[@]}"; do
    fault enospc "$at" work run plan.yaml --out work/out -q
    if [ "$status" -eq 0 ]; then
      # Nothing that needed space came after this call.
      assert_file work/out/run.json
      assert_file work/out/small.gpkg
    else
      assert_exit 5
      refute_file work/out
      assert_equal 0 "$(find work -mindepth 1 | wc -l)"
    fi
    rm -rf work/out
  done
}

@test "run: SIGINT and SIGTERM stop a run with exit code 130 and leave nothing" {
  [ -e "$ECOBELT_BUILD/libeb_fault.so" ] || skip "no fault library"
  small_plan
  mkdir work
  fault term 2 work run plan.yaml --out work/out -q
  assert_exit 130
  assert_equal 0 "$(find work -mindepth 1 | wc -l)"
}
