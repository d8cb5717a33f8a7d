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
