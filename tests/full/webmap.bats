#!/usr/bin/env bats
# The web map of the Quzhou run in a browser: layers drawn and switched, popups, no complaint, no request. Skipped where there is none.
load ../support/helper

@test "quzhou: the web map works on a desk and on a phone, in both languages, and asks the network for nothing" {
  python3 -B -c 'import sys; sys.path.insert(0, sys.argv[1]); import browser; sys.exit(not browser.program())' "$ECOBELT_SOURCE/tests/support" ||
    skip "no browser is installed"
  for lang in en zh; do
    eb run "$LAYERS/quzhou.yaml" --out "$lang" -q --lang "$lang"
    assert_exit 0
    run --separate-stderr python3 -B "$ECOBELT_SOURCE/tests/browser/check_map.py" "$lang/map.html" "$lang"
    assert_exit 0
    assert_out "0 problems"
    assert_file "${lang}_phone_popup.png"
  done
}

@test "the background is asked for when it is ticked, and not before" {
  python3 -B -c 'import sys; sys.path.insert(0, sys.argv[1]); import browser; sys.exit(not browser.program())' "$ECOBELT_SOURCE/tests/support" ||
    skip "no browser is installed"
  port=$(python3 -B -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  printf 'layers:\n  counties: {path: "%s/counties.geojson"}\nsteps:\n  - id: size\n    area: {layer: counties}\noutputs: {formats: [map]}\nmap: {tiles: "http://127.0.0.1:%d/{z}/{x}/{y}.png", attribution: "Nobody'"'"'s tiles"}\n' \
    "$LAYERS" "$port" > plan.yaml
  eb run plan.yaml --out out -q
  assert_exit 0
  run --separate-stderr python3 -B "$ECOBELT_SOURCE/tests/browser/check_tiles.py" out/map.html "$port"
  assert_exit 0
  assert_out "0 problems"
}
