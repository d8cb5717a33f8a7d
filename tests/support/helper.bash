# shellcheck shell=bash
# Helpers for the command line tests. In a .bats file:  load ../support/helper
# ECOBELT (executable), ECOBELT_SOURCE (source tree) and ECOBELT_BUILD (build folder) come from ctest; by hand they default to build/.

bats_require_minimum_version 1.5.0

ECOBELT_SOURCE=${ECOBELT_SOURCE:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)}
ECOBELT_BUILD=${ECOBELT_BUILD:-$ECOBELT_SOURCE/build}
ECOBELT=${ECOBELT:-$ECOBELT_BUILD/ecobelt}
LAYERS=$ECOBELT_SOURCE/layers
PYTHONPATH=$ECOBELT_SOURCE/tests/support # what tests in Python share
export ECOBELT ECOBELT_SOURCE ECOBELT_BUILD LAYERS PYTHONPATH

# Every test starts in an empty folder of its own, in English.
setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    unset ECOBELT_LANG LANGUAGE
    export LC_ALL=C.UTF-8 TMPDIR=$BATS_TEST_TMPDIR
}

# eb ARGS...: run ecobelt; $status, $output (stdout) and $stderr are set.
eb() { run --separate-stderr "$ECOBELT" "$@"; }

# quzhou_runs: the plan that ships, run in both languages for all tests of a file, in its folder: en/ and zh/. For setup_file.
quzhou_runs() {
    local lang
    cd "$BATS_FILE_TMPDIR" || return 1
    for lang in en zh; do
        # 1: done, and a target is missed.
        "$ECOBELT" run "$LAYERS/quzhou.yaml" --out $lang --quiet --lang $lang || [ $? -eq 1 ] || return 1
    done
}

# What was seen, for the report of a failure.
show() {
    printf '%s\n' "$1" "--- exit code $status, stdout" "${output:-}" "--- stderr" "${stderr:-}" >&2
    return 1
}

assert_exit() { [ "$status" -eq "$1" ] || show "wanted exit code $1"; }
assert_out() { [[ $output == *"$1"* ]] || show "wanted on stdout: $1"; }
assert_err() { [[ $stderr == *"$1"* ]] || show "wanted on stderr: $1"; }
refute_out() { [[ $output != *"$1"* ]] || show "not wanted on stdout: $1"; }
refute_err() { [[ $stderr != *"$1"* ]] || show "not wanted on stderr: $1"; }
assert_no_out() { [ -z "$output" ] || show "wanted nothing on stdout"; }
assert_no_err() { [ -z "$stderr" ] || show "wanted nothing on stderr"; }
assert_file() { [ -s "$1" ] || show "wanted a file $1"; }
refute_file() { [ ! -e "$1" ] || show "not wanted: $1"; }

# assert_equal WANT GOT
assert_equal() {
    [ "$1" = "$2" ] && return
    printf 'wanted: %s\ngot:    %s\n' "$1" "$2" >&2
    return 1
}

# need PROGRAM...: skip the test where one is not installed.
need() {
    local program
    for program; do
        command -v "$program" >/dev/null || skip "$program is not installed"
    done
}

# The folder of data that do not ship; skips the test where it is not there.
need_data() {
    DATA=${ECOBELT_DATA:-$ECOBELT_SOURCE/../shared/data}
    [ -d "$DATA" ] || skip "no test data (ECOBELT_DATA)"
}

# json EXPRESSION: evaluate Python's EXPRESSION on the JSON document d read from $output, and print it.
json() {
    printf '%s' "$output" | python3 -B -c 'import json, sys; d = json.load(sys.stdin); r = eval(sys.argv[1]); print(r if isinstance(r, str) else json.dumps(r, ensure_ascii=False))' "$1"
}

# fault KIND AT FOLDER ARGS...: run ecobelt and make file call number AT below FOLDER fail (see tests/support/fault.c).
# The number of calls is in $calls (0 where the program was killed).
fault() {
    local kind=$1 at=$2 folder
    folder=$(cd "$3" && pwd -P)
    shift 3
    rm -f "$BATS_TEST_TMPDIR/fault.log"
    run --separate-stderr env LD_PRELOAD="${ECOBELT_ASAN_PRELOAD:+$ECOBELT_ASAN_PRELOAD:}$ECOBELT_BUILD/libeb_fault.so" ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0:detect_leaks=0" \
        EB_FAULT_KIND="$kind" EB_FAULT_AT="$at" EB_FAULT_DIR="$folder" EB_FAULT_LOG="$BATS_TEST_TMPDIR/fault.log" "$ECOBELT" "$@"
    # shellcheck disable=SC2034 # for the tests
    calls=$(cat "$BATS_TEST_TMPDIR/fault.log" 2>/dev/null || echo 0)
}

# moments COUNT FOLDER ARGS...: numbers of up to COUNT file calls below FOLDER, spread over those of this command, in $moments.
moments() {
    local most=$1
    shift
    fault none 0 "$@"
    assert_exit 0
    [ "$calls" -gt "$most" ] || show "only $calls file calls were seen"
    # shellcheck disable=SC2034 # for the tests
    mapfile -t moments < <(seq 1 $((calls / most + 1)) "$calls")
}
