#!/usr/bin/env bats
# The examples of README.md work: every line in a ```sh block runs, in order, in a folder that holds the layers.
load ../support/helper

# Commands of the README, one a line: lines of sh blocks without their comments.
examples() {
  awk '/^```sh$/ {on = 1; next} /^```/ {on = 0} on' "$ECOBELT_SOURCE/README.md" | sed 's/[[:blank:]]*#.*//' | grep .
}

# The first plan of the README.
plan() {
  awk '/^```yaml$/ && !done {on = 1; next} /^```/ {if (on) done = 1; on = 0} on' "$ECOBELT_SOURCE/README.md"
}

@test "README shows examples, and all of them are of ecobelt" {
  [ "$(examples | wc -l)" -ge 12 ] || show "too few examples"
  assert_equal "" "$(examples | grep -v '^ecobelt ' || true)"
}

@test "every example of the README runs and says something" {
  cp -r "$LAYERS" layers
  plan >plan.yaml
  mkdir bin
  ln -s "$ECOBELT" bin/ecobelt
  PATH=$PWD/bin:$PATH
  count=0
  while IFS= read -r example; do
    run --separate-stderr bash -c "$example" </dev/null
    # 1: done, and a published figure was missed.
    [ "$status" -le 1 ] || show "does not run: $example"
    [ -n "$output$stderr" ] || show "says nothing: $example"
    refute_err "assertion"
    count=$((count + 1))
  done < <(examples)
  [ "$count" -ge 12 ]
  assert_file park.csv
  assert_file belt.gpkg
  assert_file park.shp
  assert_file out/run.json
  assert_file belt/run.json
}

@test "the exit codes of the README are those of the program" {
  eb --json-usage
  for code in $(json '" ".join(d["exit_codes"])'); do
    grep -qE "^\| $code \|" "$ECOBELT_SOURCE/README.md" || show "exit code $code is not in the README"
  done
}

@test "files and scripts that the README names exist" {
  while IFS= read -r name; do
    [ -e "$ECOBELT_SOURCE/$name" ] || show "README names $name, which is not there"
  done < <(grep -oE '`?(scripts|layers|tests|include|src)/[a-z_/.-]*[a-z]' "$ECOBELT_SOURCE/README.md" | tr -d '`' | grep -vE 'NAME|check$' | sort -u)
}
