#!/usr/bin/env bats
# The executable as such: version, help, streams, exit codes.
load ../support/helper

@test "--version: name and number, nothing else" {
  eb --version
  assert_exit 0
  [[ $output =~ ^ecobelt\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || show "no version"
  assert_no_err
}

@test "--version answers without loading the commands" {
  # The launcher alone, in a folder without the module.
  cp "$ECOBELT" ./ecobelt
  run env -u LD_LIBRARY_PATH ./ecobelt --version
  [ "$status" -eq 0 ]
  # Neither GDAL nor anything that would bring it.
  run ldd "$ECOBELT"
  assert_exit 0
  [[ $output != *gdal* && $output != *libecobelt* ]] || show "the launcher is linked with too much"
}

@test "a launcher without its module says so" {
  mkdir bin
  cp "$ECOBELT" bin/ecobelt
  # A copied file keeps its RUNPATH, which may name the build folder; without $ORIGIN's module there is none.
  run readelf -d bin/ecobelt
  [[ $output == *'$ORIGIN'* ]] || show "no RUNPATH relative to the executable"
  run --separate-stderr ./bin/ecobelt help
  assert_exit 70
  assert_err "ecobelt-cli.so"
  assert_err "installation is incomplete"
}

@test "no command: usage error with what to do" {
  eb
  assert_exit 2
  assert_no_out
  assert_err "command is missing"
  assert_err "ecobelt help"
}

@test "unknown command: the nearest is suggested" {
  eb hlep
  assert_exit 2
  assert_err 'no command "hlep"'
  assert_err 'did you mean "ecobelt help"'
}

@test "unknown command far from any: no suggestion, but the way to the list" {
  eb zzzzzzzzz
  assert_exit 2
  refute_err "did you mean"
  assert_err "lists the commands"
}

@test "an option before the command is a usage error" {
  eb --quiet help
  assert_exit 2
  assert_err "before the command"
}

@test "help: overview on stdout, every command with its line" {
  eb help
  assert_exit 0
  assert_no_err
  overview=$output
  eb --help
  assert_equal "$overview" "$output"
  eb -h
  assert_equal "$overview" "$output"
  eb --json-usage
  for name in $(json '" ".join(c["name"] for c in d["commands"])'); do
    grep -qE "^  $name( |$)" <<<"$overview" || show "$name is not in the overview"
  done
}

@test "help COMMAND equals COMMAND --help equals COMMAND -h" {
  eb --json-usage
  names=$(json '" ".join(c["name"] for c in d["commands"])')
  [ -n "$names" ]
  for name in $names; do
    eb help "$name"
    assert_exit 0
    one=$output
    [ -n "$one" ] || show "no help for $name"
    eb "$name" --help
    assert_exit 0
    assert_equal "$one" "$output"
    eb "$name" -h
    assert_equal "$one" "$output"
    assert_out "Usage: ecobelt $name"
    assert_out "--help"
  done
}

@test "help lines fit a terminal of 100 columns" {
  eb --json-usage
  for name in $(json '" ".join(c["name"] for c in d["commands"])'); do
    eb help "$name"
    while IFS= read -r line; do
      # An example is copied whole, not wrapped inside a word.
      [ ${#line} -le 100 ] || show "too long: $line"
    done < <(sed '/^Example/,$d' <<<"$output")
  done
}

@test "help of an unknown command fails" {
  eb help nosuch
  assert_exit 2
  assert_err 'no command "nosuch"'
}

@test "standard output full: exit 5 and a message" {
  [ -w /dev/full ] || skip "no /dev/full"
  for words in help --json-usage --version "help help"; do
    # shellcheck disable=SC2086
    run bash -c "\"$ECOBELT\" $words >/dev/full"
    [ "$status" -eq 5 ] || show "$words: wanted exit code 5"
    [ -n "$output" ] || show "$words: no message"
  done
}

@test "standard output closed: exit 5, nothing else gets the text" {
  run bash -c "\"$ECOBELT\" help >&-"
  [ "$status" -eq 5 ] || show "wanted exit code 5"
}

@test "a reader that goes away early is no error" {
  run bash -c "set -o pipefail; for i in 1 2 3 4 5; do \"$ECOBELT\" --json-usage | head -c 1 >/dev/null || exit 1; done"
  [ "$status" -eq 0 ] || show "wanted exit code 0"
}

@test "stdin, stdout and stderr all closed: no crash, no hang" {
  run timeout 300 bash -c "\"$ECOBELT\" help <&- >&- 2>&-"
  [ "$status" -eq 5 ] || show "wanted exit code 5"
}

@test "cmake --install makes a tree that works from anywhere" {
  run cmake --install "$ECOBELT_BUILD" --prefix "$PWD/prefix"
  [ "$status" -eq 0 ] || show "install failed"
  mv prefix elsewhere
  run env -i PATH=/usr/bin:/bin ./elsewhere/bin/ecobelt --version
  [ "$status" -eq 0 ]
  run env -i PATH=/usr/bin:/bin ./elsewhere/bin/ecobelt help
  [ "$status" -eq 0 ] || show "help does not run from the installed tree"
  [[ $output == *"Usage: ecobelt"* ]]
  run ldd elsewhere/lib*/ecobelt/ecobelt-cli.so elsewhere/lib/*/ecobelt/ecobelt-cli.so
  [[ $output == *"elsewhere/"*libecobelt.so* ]] || show "the module does not find the library beside it"
}

# screen ARGS...: what a person sees on a terminal.
screen() { run python3 -B -c 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' "$ECOBELT" "$@"; }

@test "a long table shows its first rows at a screen, and all of them through a pipe" {
    python3 -c "
import json
def square(i): return [[[x / 100, y] for x, y in ((i, 29), (i + 1, 29), (i + 1, 29.01), (i, 29.01), (i, 29))]]
print(json.dumps({'type': 'FeatureCollection', 'features': [{'type': 'Feature', 'properties': {'n': f'r{i:02d}'}, 'geometry': {'type': 'Polygon', 'coordinates': square(11800 + i)}} for i in range(1, 61)]}))" >many.geojson
    screen area many.geojson --by n
    [ "$status" -eq 0 ]
    [[ $output == *"r40 "* && $output != *"r41 "* ]]
    [[ $output == *"... and 20 more rows"* ]]
    [[ $output == *"all 60 rows go into a file (see --help) or through a pipe (| less)"* ]]
    screen area many.geojson --by n --json
    [[ $output == *'"r41"'* ]]
    eb area many.geojson --by n
    assert_out "r60 "
    refute_out "more rows"
}
