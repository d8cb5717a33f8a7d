#!/usr/bin/env bats
# Stopping, progress, and a terminal at the other end.
load ../support/helper

# A job of some seconds with little to read, one that nobody waits for, and one with many features.
LONG=(corridor "$LAYERS/rivers.geojson" --width 3000 --tolerance 0.001)
ENDLESS=(corridor "$LAYERS/rivers.geojson" --width 3000,4000,5000,6000,7000,8000,9000,10000,11000,12000 --tolerance 0.001)
MANY=(area ../parcels.fgb --method official)

setup_file() {
  load ../support/helper
  cd "$BATS_FILE_TMPDIR"
  python3 - 100000 >parcels.geojson <<'END'
import json, math, sys
n = int(sys.argv[1])
side = math.isqrt(n) + 1
print('{"type":"FeatureCollection","features":[')
for i in range(n):
    x, y, r = 118 + (i % side) / side, 28.5 + (i // side) / side, 0.4 / side
    ring = [[round(x + r * math.cos(math.pi * k / 4), 9), round(y + r * math.sin(math.pi * k / 4), 9)] for k in range(8)]
    shape = {"type": "Polygon", "coordinates": [ring + ring[:1]]}
    print(json.dumps({"type": "Feature", "properties": {"id": i}, "geometry": shape}), end=",\n" if i + 1 < n else "\n")
print("]}")
END
  "$ECOBELT" convert parcels.geojson parcels.fgb --quiet
  rm parcels.geojson
}

# The parcels stand one folder above each test's.
prepare() { ln -s "$BATS_FILE_TMPDIR/parcels.fgb" ../parcels.fgb 2>/dev/null || true; }

# on_terminal CPU_SECONDS SIGNAL ARGS...: run ecobelt with stderr on a terminal; what it wrote there is in screen.txt.
on_terminal() { python3 -B "$ECOBELT_SOURCE/tests/support/terminal.py" "$@"; }

@test "SIGINT, SIGTERM, SIGHUP: stopped within a second, exit 130, nothing left" {
  for signal in INT TERM HUP; do
    mkdir out
    run on_terminal 0.5 $signal "${ENDLESS[@]}" -o out/a.gpkg
    assert_exit 130
    grep -q cancelled screen.txt || show "no word of it: $(cat -v screen.txt)"
    assert_equal "" "$(ls -A out)"
    python3 -c 'import sys; sys.exit(float(open("stopping.txt").read()) > 1)' || show "took $(cat stopping.txt) s to stop"
    rmdir out
  done
}

@test "what is ignored from outside stays ignored: nohup, and the background of a script" {
  for signal in HUP INT; do
    run --separate-stderr bash -c 'trap "" '$signal'; "$0" "$@" & sleep 0.2; kill -'$signal' $!; wait $!' "$ECOBELT" "${LONG[@]}" --quiet
    assert_exit 0
  done
}

@test "a second signal ends it at once" {
  run on_terminal 0.5 TERM,TERM "${ENDLESS[@]}"
  assert_exit 130
}

@test "no bar where stderr is no terminal" {
  prepare
  eb "${MANY[@]}"
  assert_exit 0
  refute_err $'\r'
  refute_err "[=="
}

@test "a bar on a terminal, gone at the end; none with --quiet or --progress none" {
  export TERM=xterm
  # Seconds of work in steps: the bar waits before it shows, and a fast machine must not be done by then.
  run on_terminal 0 - "${LONG[@]}" --by name
  assert_exit 0
  grep -qE '% \[=*>? *\] .*left' screen.txt || show "no bar: $(cat -v screen.txt)"
  # The last thing drawn is erased: nothing but messages follows.
  python3 - <<'END' || show "the bar was left: $(tail -c 200 screen.txt | cat -v)"
import re
text = open("screen.txt", "rb").read().decode()
shown = ""
for part in re.split("(\r\x1b\\[K|\r)", text):
    shown = "" if part.startswith("\r") else part
assert "%" not in shown and "left" not in shown, shown
END
  for words in --quiet "--progress none"; do
    # shellcheck disable=SC2086
    run on_terminal 0 - "${LONG[@]}" --by name $words
    assert_exit 0
    ! grep -q $'\x1b' screen.txt || show "a bar with $words: $(cat -v screen.txt)"
  done
}

@test "a terminal that cannot move its cursor gets no bar" {
  export TERM=dumb
  run on_terminal 0 - "${LONG[@]}" --by name
  assert_exit 0
  ! grep -q $'\x1b' screen.txt || show "escapes on a dumb terminal: $(cat -v screen.txt)"
}

@test "on a terminal the first Ctrl-C says what it does" {
  run on_terminal 0.5 INT "${ENDLESS[@]}"
  assert_exit 130
  grep -q "stopping" screen.txt || show "no word of it: $(cat -v screen.txt)"
  grep -q "cancelled" screen.txt || show "no word of the end: $(cat -v screen.txt)"
}

@test "--progress json: one object a line, growing, to the end" {
  prepare
  eb "${MANY[@]}" --progress json -o a.csv
  assert_exit 0
  output=$(grep '^{' <<<"$stderr" | sed '1s/^/[/; $!s/$/,/; $s/$/]/')
  assert_equal true "$(json 'len(d) > 0 and all(set(p) == {"task", "done", "total", "elapsed_s", "left_s"} for p in d)')"
  assert_equal true "$(json 'all(a["task"] != b["task"] or a["done"] <= b["done"] for a, b in zip(d, d[1:]))')"
  assert_equal true "$(json 'd[-1]["done"] == d[-1]["total"]')"
}
