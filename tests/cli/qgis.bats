#!/usr/bin/env bats
# What leaves a run, opened in QGIS itself. Skipped where QGIS is not installed.
load ../support/helper

need_qgis() {
  /usr/bin/python3 -c 'import qgis.core' 2>/dev/null || skip "QGIS is not installed"
}

@test "quzhou: every layer and table of the run opens in QGIS" {
  need_qgis
  eb run "$LAYERS/quzhou.yaml" --out out -q
  assert_exit 0
  run --separate-stderr "$ECOBELT_SOURCE/tests/qgis/check_run.py" out quzhou picture.png
  assert_exit 0
  assert_out "0 problems"
  assert_file picture.png
}

@test "quzhou: the project opens in QGIS after a move, styled, labelled, measured alike, and prints its sheet" {
  need_qgis
  for lang in en zh; do
    eb run "$LAYERS/quzhou.yaml" --out "$lang" -q --lang "$lang"
    assert_exit 0
    run --separate-stderr "$ECOBELT_SOURCE/tests/qgis/check_project.py" "$lang" quzhou "$lang.png" "$lang.pdf"
    assert_exit 0
    assert_out "0 problems"
    assert_file "$lang.pdf"
  done
}
