#!/usr/bin/env bats
# Every analysis of the registry as a command: what is promised of all of them is tried on each.
load ../support/helper

# One line an analysis: its example, with the layer given as $1.
calls() {
  "$ECOBELT" --json-usage | python3 -B "$ECOBELT_SOURCE/tests/support/calls.py" "$@"
}

@test "there are analyses, and each is a command and a plan step of its own name" {
  eb --json-usage
  assert_exit 0
  for name in area corridor tabulate; do
    assert_equal true "$(json "any(c['name'] == '$name' and c['plan_step'] for c in d['commands'])")"
  done
  assert_equal true "$(json 'len({c["name"] for c in d["commands"]}) == len(d["commands"])')"
  assert_equal '[]' "$(json '[c["name"] for c in d["commands"] if c["plan_step"] and not (c["results"] and c["example"] and c["detail"])]')"
}

@test "an analysis without arguments: exit 2, and it says what is missing" {
  while read -r name _; do
    eb "$name"
    assert_exit 2
    assert_no_out
    [[ $stderr == *"is missing"* || $stderr == *"needs a"* ]] || show "it does not say what is missing"
  done < <(calls x)
}

@test "a missing layer: exit 3 with its name, nothing on stdout" {
  while IFS= read -r call; do
    eval "eb $call"
    assert_exit 3
    assert_no_out
    assert_err "nosuch.gpkg"
  done < <(calls nosuch.gpkg)
}

@test "a file that is no layer: exit 3 with its name" {
  echo "not a layer" >notes.gpkg
  while IFS= read -r call; do
    eval "eb $call"
    assert_exit 3
    assert_no_out
    assert_err "notes.gpkg"
  done < <(calls notes.gpkg)
}

@test "a result that exists is refused before anything is read" {
  touch there.csv
  while IFS= read -r call; do
    eval "eb $call -o there.csv"
    assert_exit 5
    assert_err "there.csv"
    assert_err "--overwrite"
  done < <(calls nosuch.gpkg)
}

@test "a result in a folder that is missing or not writable" {
  while IFS= read -r call; do
    eval "eb $call -o no/where.csv"
    assert_exit 5
    assert_err "does not exist"
  done < <(calls nosuch.gpkg)
}

@test "numbers are strict in every analysis" {
  # Each option sees two of them; all of them are tried on the parser itself (check_params, check_cli_parse).
  bad=(20x -3e99 nan inf 1e999 0x10 "" " 5" 5km ١)
  tried=0
  while IFS= read -r call; do
    for _ in 1 2; do
      value=${bad[tried++ % ${#bad[@]}]}
      eval "eb $call \"\$value\""
      assert_exit 2
      assert_no_out
    done
  done < <(calls --numbers nosuch.gpkg)
  [ "$tried" -ge 10 ] || show "no number options were found"
}

@test "the example of every command works" {
  cp -r "$LAYERS" layers
  mkdir bin
  ln -s "$ECOBELT" bin/ecobelt
  "$ECOBELT" --json-usage >usage.json
  while IFS= read -r example; do
    [ -n "$example" ] || continue
    run --separate-stderr env PATH="$PWD/bin:$PATH" bash -c "$example"
    [ "$status" -le 1 ] || show "does not work: $example"
  done < <(python3 -c 'import json; [print(c["example"]) for c in json.load(open("usage.json"))["commands"]]')
}

# Columns that scripts rely on, whatever the options.
contract() {
  case $1 in
  area) echo name count area_m2 official_m2 geodesic_m2 area_ha area_mu area_km2 share_pct ;;
  corridor) echo width_m length_m gross_m2 dissolved_m2 clipped_m2 tolerance_m audited_error_m ;;
  tabulate) echo zone class count area_m2 share_of_zone_pct share_of_class_pct ;;
  designations) echo gross_m2 exclusive_m2 effective_m2 ;;
  esac
}

@test "promised columns are there, in JSON and in CSV, and CSV has no line but the table's" {
  while IFS= read -r call; do
    read -r name _ <<<"$call"
    [ -n "$(contract "$name")" ] || continue
    call=${call//LAYERS/$LAYERS}
    eval "eb $call --json --quiet"
    [ "$status" -le 1 ] || show "does not work: $call"
    assert_equal "[]" "$(json "[c for c in '$(contract "$name")'.split() if c not in [k['name'] for k in d['tables'][0]['columns']]]")" || show "$name"
    rows=$(json 'str(len(d["tables"][0]["rows"]))')
    # Where an analysis makes layers, -o - is the layer and --table - the table.
    eval "eb $call --table - --quiet"
    [ "$status" -ne 2 ] || eval "eb $call -o - --quiet"
    for column in $(contract "$name"); do
      [[ ,$(head -1 <<<"$output" | tr -d '\r'), == *",$column,"* ]] || show "$name has no $column in CSV"
    done
    assert_equal "$((rows + 1))" "$(wc -l <<<"$output")"
  done < <(calls LAYERS)
}
