#!/usr/bin/env bats
# The styles: readable by everybody, and for every layer that a run of the shipped plan makes.
load ../support/helper

@test "symbols of a style differ in form or, for every kind of colour blindness, in colour" {
  run python3 -B "$ECOBELT_SOURCE/tests/support/colours.py" "$ECOBELT_SOURCE"/styles/*.qml
  assert_exit 0
  assert_out "0 pairs too near"
}

# together WORDS STYLE...: symbols that stand on one map.
together() {
  local words=$1
  shift
  cd "$ECOBELT_SOURCE/styles"
  run python3 -B ../tests/support/colours.py --together "$@"
  [[ $output == *"$words"* ]] || show "not said: $words"
}

@test "lines, areas and points of one map can be told apart across its layers" {
  together "0 pairs too near" roads.qml rivers.qml route.qml route_2.qml route_3.qml route_4.qml west_new_city_bounds.qml network_joins.qml
  together "0 pairs too near" park.qml demonstration_zone.qml enclose.qml corridor.qml
  together "0 pairs too near" designations.qml
  together "0 pairs too near" facilities.qml heritage_sites.qml corridor_sites.qml scenic_areas.qml route_service.qml network_dead_ends.qml \
    route_stops.qml route_stops_2.qml route_stops_3.qml route_stops_4.qml access.qml
}

@test "a width alone does not part two lines of one map" {
  # An expressway and a road of second class that readers without red and green take for one another.
  sed 's/150,40,0,255/213,94,0,255/; s/245,190,90,255/179,134,0,255/' "$ECOBELT_SOURCE/styles/roads.qml" > alike.qml
  run python3 -B "$ECOBELT_SOURCE/tests/support/colours.py" --together alike.qml
  assert_exit 1
  assert_out "symbol 0 and alike.qml: symbol 2"
}

@test "symbols that only colour parts, and not for everybody, are found" {
  # Red and green of the same lightness.
  sed 's/0,101,74,190/172,95,60,255/; s/95,191,159,190/110,118,58,255/; s/"0,64,47,255"/"0,0,0,255"/' "$ECOBELT_SOURCE/styles/park.qml" > red_green.qml
  run python3 -B "$ECOBELT_SOURCE/tests/support/colours.py" red_green.qml
  assert_exit 1
  assert_out "symbol 0 and red_green.qml: symbol 1 are"
}

@test "each theme that the program or its layers name has a style" {
  cd "$ECOBELT_SOURCE"
  [ "$(grep -rhoE 'styles = \{[^}]*\}' src/analysis | grep -oE '"[a-z_0-9]+"' | wc -l)" -ge 14 ] || show "no themes found"
  for theme in $(grep -rhoE 'styles = \{[^}]*\}' src/analysis | grep -oE '"[a-z_0-9]+"' | tr -d '"' | sort -u); do
    [ -s "styles/$theme.qml" ] || show "no style for $theme"
  done
  for layer in layers/*.geojson; do
    [ -s "styles/$(basename "$layer" .geojson).qml" ] || show "no style for $layer"
  done
}
