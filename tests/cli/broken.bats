#!/usr/bin/env bats
# The corpus of broken layers: each is refused with its own words and exit code, and no output is left.
load ../support/helper
# shellcheck source=tests/broken/layers/corpus.bash
. "$ECOBELT_SOURCE/tests/broken/layers/corpus.bash"

corpus=$ECOBELT_SOURCE/tests/broken/layers
each_case() { grep -v '^#' "$corpus/expected.txt"; }

@test "every broken layer has its expected words, and every expected line its layer" {
  assert_equal "$(grep -o '^make_[a-z_]*' "$corpus/corpus.bash" | sed 's/^make_//' | sort)" "$(each_case | cut -d'|' -f1 | sort)"
}

@test "each is refused: exit code, message, hint, nothing written" {
  local name code message hint layer failed=0
  while IFS='|' read -r name code message hint; do
    mkdir "$BATS_TEST_TMPDIR/$name"
    cd "$BATS_TEST_TMPDIR/$name"
    layer=$("make_$name")
    eb convert "$layer" out.gpkg
    if [ "$status" -ne "$code" ] || [ "${stderr_lines[0]}" != "ecobelt convert: $message" ] ||
      [ "$(sed 's/^ *//' <<< "${stderr_lines[1]:-}")" != "$hint" ] || [ -n "$output" ] || [ -e out.gpkg ]; then
      failed=$((failed + 1))
      show "$name: wanted $code, $message, $hint" || true
    fi
  done < <(each_case)
  assert_equal 0 "$failed"
}

@test "what can be read of a cut shapefile is taken on request, and said" {
  made a.shp
  cut_to a.dbf 50
  eb convert a.shp out.geojson --allow-partial
  assert_exit 0
  assert_err "a.dbf is cut short"
  assert_file out.geojson
}
