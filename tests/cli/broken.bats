#!/usr/bin/env bats
# The corpus of broken layers: each is refused with its own words and exit code, and no output is left; and of layers in each character
# set and dialect, which are read with their own remarks.
load ../support/helper
# shellcheck source=tests/broken/layers/corpus.bash
. "$ECOBELT_SOURCE/tests/broken/layers/corpus.bash"

corpus=$ECOBELT_SOURCE/tests/broken/layers
each_case() { grep -v '^#' "$corpus/expected.txt"; }

@test "every broken layer has its expected words, and every expected line its layer" {
  assert_equal "$(grep -o '^make_[a-z0-9_]*' "$corpus/corpus.bash" | sed 's/^make_//' | sort)" "$(each_case | cut -d'|' -f1 | sort)"
}

@test "each is refused: exit code, message, hint, nothing written" {
  local name code message hint layer failed=0 options
  while IFS='|' read -r name code message hint; do
    mkdir "$BATS_TEST_TMPDIR/$name"
    cd "$BATS_TEST_TMPDIR/$name"
    layer=$("make_$name")
    options=()
    [ ! -e options ] || mapfile -t options < options
    eb convert "$layer" out.gpkg "${options[@]}"
    if [ "$status" -ne "$code" ] || [ "${stderr_lines[0]}" != "ecobelt convert: $message" ] ||
      [ "$(sed 's/^ *//' <<< "${stderr_lines[1]:-}")" != "$hint" ] || [ -n "$output" ] || [ -e out.gpkg ]; then
      failed=$((failed + 1))
      show "$name: wanted $code, $message, $hint" || true
    fi
    # What is offered can be had; of some it has to be said, too, what their coordinates are.
    [[ $hint == *--allow-partial* ]] || continue
    eb convert "$layer" out.gpkg "${options[@]}" --allow-partial
    if [ "$status" -ne 0 ] && [[ $stderr != *"(no CRS)"* ]]; then
      failed=$((failed + 1))
      show "$name: nothing of it can be read with --allow-partial" || true
    fi
  done < <(each_case)
  assert_equal 0 "$failed"
}

@test "each encoding and dialect that can be read is: its remarks, its CRS, its text" {
  assert_equal "$(grep -o '^read_[a-z0-9_]*' "$corpus/corpus.bash" | sed 's/^read_//' | sort)" \
    "$(grep -v '^#' "$corpus/readable.txt" | cut -d'|' -f1 | sort)"
  local name crs text remarks layer failed=0 options
  while IFS='|' read -r name crs text remarks; do
    mkdir "$BATS_TEST_TMPDIR/$name"
    cd "$BATS_TEST_TMPDIR/$name"
    layer=$("read_$name")
    options=()
    [ ! -e options ] || mapfile -t options < options
    eb convert "$layer" out.geojson "${options[@]}"
    if [ "$status" -ne 0 ] || ! grep -q "\"$text\"" out.geojson || ! grep -q "EPSG::$crs\"" out.geojson ||
      [ "$(printf '%s\n' "${stderr_lines[@]}" | sed -n 's/^    //p' | paste -sd';')" != "$remarks" ]; then
      failed=$((failed + 1))
      show "$name: wanted EPSG:$crs, $text, $remarks" || true
    fi
  done < <(grep -v '^#' "$corpus/readable.txt")
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

@test "what can be read of files that GDAL takes for whole is taken on request, and what is wrong with them is said" {
  local name layer remarks
  while IFS='|' read -r name remarks; do
    mkdir "$BATS_TEST_TMPDIR/part_$name"
    cd "$BATS_TEST_TMPDIR/part_$name"
    layer=$("make_$name")
    eb convert "$layer" out.geojson --allow-partial
    assert_exit 0
    assert_equal "$remarks" "$(printf '%s\n' "${stderr_lines[@]}" | sed -n 's/^    //p' | paste -sd';')"
  done << 'END'
osm_cut|the file is damaged, only a part could be read: the file is cut short: its last element, </osm>, is missing (a.osm)
mif_cut|the file is damaged, only a part could be read: the file is cut short: its last line breaks off (a.mif)
mid_cut|the file is damaged, only a part could be read: the file is cut short: its last line breaks off (a.mid)
txt_last_number|the file ends inside a parcel (begun in line 6), which is left out
txt_ends_in_ring|the file ends inside a parcel (begun in line 4), which is left out
txt_last_header|line 10 breaks off and is left out
mif_lost_object|the file says it holds 3 features, 2 could be read
END
}
