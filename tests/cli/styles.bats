#!/usr/bin/env bats
# The styles: readable by everybody, and for every layer that a run of the shipped plan makes.
load ../support/helper

@test "symbols of a style differ in form or, for every kind of colour blindness, in colour" {
  run python3 -B "$ECOBELT_SOURCE/tests/support/colours.py" "$ECOBELT_SOURCE"/styles/*.qml
  assert_exit 0
  assert_out "0 pairs too near"
}

@test "symbols that only colour parts, and not for everybody, are found" {
  # Red and green of the same lightness.
  sed 's/0,101,74,190/172,95,60,255/; s/95,191,159,190/110,118,58,255/; s/"0,64,47,255"/"0,0,0,255"/' "$ECOBELT_SOURCE/styles/park.qml" > red_green.qml
  run python3 -B "$ECOBELT_SOURCE/tests/support/colours.py" red_green.qml
  assert_exit 1
  assert_out "symbols 0 and 1"
}

@test "each theme that the program or its layers name has a style" {
  cd "$ECOBELT_SOURCE"
  for theme in $(grep -oE '"(route|access|network)[a-z_0-9]*"' src/plan/show.c | tr -d '"' | sort -u); do
    [ -s "styles/$theme.qml" ] || show "no style for $theme"
  done
  for layer in layers/*.geojson; do
    [ -s "styles/$(basename "$layer" .geojson).qml" ] || show "no style for $layer"
  done
}
