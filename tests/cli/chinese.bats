#!/usr/bin/env bats
# Chinese: who says it, and no English sentence left in what people read.
load ../support/helper

# all_chinese WHAT TEXT: Chinese is in it, and no English sentence; what is not so is told by told_all.
all_chinese() {
    local left
    left=$(python3 -B "$ECOBELT_SOURCE/tests/support/chinese.py" <<<"$2")
    [ -z "$left" ] || printf '%s: %s\n' "$1" "$left" >>"$BATS_TEST_TMPDIR/english.txt"
}

told_all() {
    [ ! -e "$BATS_TEST_TMPDIR/english.txt" ] || { cat "$BATS_TEST_TMPDIR/english.txt" >&2 && return 1; }
}

@test "the language: --lang, ECOBELT_LANG, the locale, LANGUAGE; no Chinese locale need be on the machine" {
  eb nothing --lang zh
  assert_exit 2
  assert_err "没有命令"
  eb nothing --lang=zh
  assert_err "没有命令"
  ECOBELT_LANG=zh eb nothing
  assert_err "没有命令"
  LC_ALL=zh_CN.UTF-8 eb nothing
  assert_err "没有命令"
  LC_ALL=en_GB.UTF-8 LANGUAGE=zh_CN:en eb nothing
  assert_err "没有命令"
  eb nothing
  assert_err "there is no command"
  LC_ALL=zh_CN.UTF-8 eb nothing --lang en
  assert_err "there is no command"
  LC_ALL=C LANGUAGE=zh_CN eb nothing
  assert_err "there is no command"
}

@test "numbers, names of columns and exit codes are the same in every language" {
  eb area "$LAYERS/park.geojson" --by name_zh --json --lang zh
  assert_exit 0
  local zh
  zh=$(json '[[r["name_zh"], r["area_m2"], r["official_m2"]] for r in d["tables"][0]["rows"]]')
  eb area "$LAYERS/park.geojson" --by name_zh --json
  assert_exit 0
  assert_equal "$zh" "$(json '[[r["name_zh"], r["area_m2"], r["official_m2"]] for r in d["tables"][0]["rows"]]')"
}

@test "help of every command" {
  eb help --lang zh
  assert_exit 0
  all_chinese help "$output"
  local names name
  names=$("$ECOBELT" --json-usage | python3 -c 'import json, sys; print(*[c["name"] for c in json.load(sys.stdin)["commands"]])')
  for name in $names; do
    eb help "$name" --lang zh
    assert_exit 0
    all_chinese "help $name" "$output"
  done
  told_all
}

@test "help fits its columns: no line is wider than 100, nothing is lost in wrapping" {
  local names name
  names=$("$ECOBELT" --json-usage | python3 -c 'import json, sys; print(*[c["name"] for c in json.load(sys.stdin)["commands"]])')
  for name in $names; do
    "$ECOBELT" help "$name" --lang zh | python3 -B -c '
import sys, unicodedata
for line in sys.stdin:
    line = line.rstrip("\n")
    width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
    # A word that is longer than the column stays whole; the example is a command line.
    assert width <= 102 or "ecobelt " in line, (width, line)
    assert not line.lstrip().startswith(tuple(",。;:、)")), line
'
  done
}

@test "errors: usage, files, data, plans" {
  printf '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1e9,2]}}]}' >odd.geojson
  touch there.csv
  local words
  while read -r words; do
    # shellcheck disable=SC2086 # the line is several words
    eb $words --lang zh
    [ "$status" -ne 0 ] || show "no failure: $words"
    all_chinese "$words" "$stderr"
  done <<EOF
nothing
area
area missing.geojson
area $LAYERS/park.geojson --by nothing
area $LAYERS/park.geojson --wrong
area $LAYERS/park.geojson --unit acre
area $LAYERS/park.geojson --round ha
area $LAYERS/park.geojson -o there.csv
area $LAYERS/park.geojson -o folder/x.csv
area $LAYERS/facilities.geojson
corridor $LAYERS/rivers.geojson --width -3
corridor $LAYERS/rivers.geojson
corridor $LAYERS/facilities.geojson --width 10
overlay $LAYERS/park.geojson
overlay $LAYERS/park.geojson $LAYERS/rivers.geojson --op union
tabulate $LAYERS/counties.geojson $LAYERS/park.geojson --zone nothing
designations a=$LAYERS/park.geojson a=$LAYERS/counties.geojson
enclose $LAYERS/rivers.geojson --inside 1
route $LAYERS/roads.geojson $LAYERS/park.geojson
access $LAYERS/scenic_areas.geojson $LAYERS/roads.geojson --at-least nothing
network $LAYERS/park.geojson
convert odd.geojson out.nothing
convert odd.geojson out.gpkg --from-crs EPSG:4610 --to-crs EPSG:4490
info missing.gpkg
run missing.yaml
run $LAYERS/quzhou.yaml --set nothing=1
EOF
  told_all
}

@test "errors of every broken plan" {
  local plan
  for plan in "$ECOBELT_SOURCE"/tests/broken/plan/*.yaml; do
    eb run "$plan" --out out --lang zh
    [ "$status" -ne 0 ] || show "no failure: $plan"
    # What the libraries say of YAML and SQL stays in their words.
    [[ $stderr == *"不是 YAML"* || $stderr == *"SQL Expression"* ]] || all_chinese "$plan" "$stderr"
  done
  told_all
}

@test "what the commands say of a layer: info, check, area, corridor, tabulate" {
  eb info "$LAYERS/counties.geojson" --lang zh
  assert_exit 0
  assert_out "要素数:"
  eb check "$LAYERS/counties.geojson" --coverage --lang zh
  all_chinese check "$output"
  eb area "$LAYERS/park.geojson" --by name_zh --lang zh
  assert_exit 0
  all_chinese area "$output"
  eb corridor "$LAYERS/rivers.geojson" --by name_zh --width 2000 --lang zh
  assert_exit 0
  all_chinese corridor "$output$stderr"
  eb tabulate "$LAYERS/counties.geojson" "$LAYERS/park.geojson" --zone name_zh --class name_zh --lang zh
  assert_exit 0
  all_chinese tabulate "$output"
  told_all
}
