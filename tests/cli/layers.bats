#!/usr/bin/env bats
# The layers that ship: the catalogue is true of them, and they measure what they promise.

setup() {
    root=${ECOBELT_SOURCE:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
    layers=$root/layers
    ecobelt=${ECOBELT:-$root/build/ecobelt}
    [ -x "$ecobelt" ] || ecobelt=
}

# file and one of its values, a line each, from the catalogue
catalogue() {
    awk -v key="    $1:" '/^  - file: /{file = $3} index($0, key) == 1 {sub(/^[^:]*: */, ""); print file "\t" $0}' "$layers/catalogue.yaml"
}

# The executable with this command (default: area)
need_ecobelt() {
    [ -n "$ecobelt" ] || skip "no executable"
    "$ecobelt" "${1:-area}" --help > /dev/null 2>&1 || skip "no command ${1:-area}"
}

# The column COLUMN of the row where the area table has NAME, or of all rows where NAME is empty.
area_of() {
    "$ecobelt" area "$layers/$1.geojson" --by name --quiet --output "$BATS_TEST_TMPDIR/area.csv" --overwrite
    awk -F, -v column="$2" -v name="$3" '
        {gsub(/\r|\xef\xbb\xbf/, "")}
        NR == 1 {for (i = 1; i <= NF; i++) if ($i == column) c = i; if (!c) exit 1; next}
        name == "" || $1 == name {sum += $c} END {printf "%.3f\n", sum}' "$BATS_TEST_TMPDIR/area.csv"
}

# within VALUE WANTED TOLERANCE
within() {
    awk -v v="$1" -v w="$2" -v t="$3" 'BEGIN {d = v - w; if (d < 0) d = -d; if (!(d <= t)) {print v, "is not within", t, "of", w; exit 1}}'
}

@test "every layer is in the catalogue and every file of the catalogue is there" {
    diff <(cd "$layers" && ls *.geojson | sort) <(catalogue sha256 | cut -f1 | sort)
}

@test "checksums of the catalogue are those of the files" {
    catalogue sha256 | awk -F'\t' '{print $2 "  " $1}' > "$BATS_TEST_TMPDIR/sums"
    [ -s "$BATS_TEST_TMPDIR/sums" ]
    cd "$layers" && sha256sum --check --strict --quiet "$BATS_TEST_TMPDIR/sums"
}

@test "feature counts of the catalogue are those of the files" {
    catalogue features > "$BATS_TEST_TMPDIR/counts"
    while IFS=$'\t' read -r file count; do
        [ "$(grep -c '^{"type":"Feature",' "$layers/$file")" -eq "$count" ] || { echo "$file"; return 1; }
    done < "$BATS_TEST_TMPDIR/counts"
    catalogue without_geometry > "$BATS_TEST_TMPDIR/counts"
    while IFS=$'\t' read -r file count; do
        [ "$(grep -c '"geometry":null}' "$layers/$file")" -eq "$count" ] || { echo "$file"; return 1; }
    done < "$BATS_TEST_TMPDIR/counts"
}

@test "every entry says source, date, datum, accuracy, licence and status" {
    n=$(catalogue sha256 | wc -l)
    for key in title title_zh source date datum accuracy licence status crs; do
        [ "$(catalogue $key | wc -l)" -eq "$n" ] || { echo "$key"; return 1; }
    done
    [ -z "$(catalogue status | grep -vE '"(schematic|derived)"')" ]
}

@test "every feature says its status and source" {
    for file in "$layers"/*.geojson; do
        n=$(grep -c '^{"type":"Feature",' "$file")
        [ "$(grep -cE '"status": "(schematic|derived|unknown)", "source": "[^"]' "$file")" -eq "$n" ] || { echo "$file"; return 1; }
    done
}

@test "what is drawn says schematic in every feature" {
    catalogue status | grep '"schematic"' | cut -f1 > "$BATS_TEST_TMPDIR/drawn"
    while read -r file; do
        [ -z "$(grep '^{"type":"Feature",' "$layers/$file" | grep -v '"status": "schematic"')" ] || { echo "$file"; return 1; }
    done < "$BATS_TEST_TMPDIR/drawn"
    [ -s "$BATS_TEST_TMPDIR/drawn" ]
}

@test "every layer declares CGCS2000" {
    for file in "$layers"/*.geojson; do
        grep -q 'urn:ogc:def:crs:EPSG::4490' "$file" || { echo "$file"; return 1; }
    done
}

@test "rivers share a vertex at their confluences" {
    last() { grep "\"name\": \"$1\"" "$layers/rivers.geojson" | grep -o '\[[0-9.]*,[0-9.]*\]\]' | tr -d '[]'; }
    grep '"name": "Qu Jiang"' "$layers/rivers.geojson" > "$BATS_TEST_TMPDIR/qu"
    for river in "Changshan Gang" "Jiangshan Gang" "Shiliang Xi" "Miaoyuan Xi"; do
        grep -qF "[$(last "$river")]" "$BATS_TEST_TMPDIR/qu" || { echo "$river"; return 1; }
    done
    grep '"name": "Changshan Gang"' "$layers/rivers.geojson" | grep -qF "[[$(last "Majin Xi")]"
}

@test "the drawn layers come out of their sources again" {
    /usr/bin/python3 -c 'import pyproj, shapely' 2>/dev/null || skip "no python3-shapely, python3-pyproj"
    cp "$layers"/counties.geojson "$layers"/neighbours.geojson "$layers"/cooperation_area.geojson "$BATS_TEST_TMPDIR"
    export LAYERS_DIR=$BATS_TEST_TMPDIR PYTHONDONTWRITEBYTECODE=1
    for step in rivers park roads zones sites catalogue acceptance; do
        /usr/bin/python3 "$root/scripts/layers/$step.py" > "$BATS_TEST_TMPDIR/$step.log" 2>&1 || { cat "$BATS_TEST_TMPDIR/$step.log"; return 1; }
    done
    for file in "$layers"/*.geojson; do
        /usr/bin/python3 "$root/scripts/layers/same.py" "$file" "$BATS_TEST_TMPDIR/${file##*/}"
    done
    diff <(grep -v sha256 "$layers/catalogue.yaml") <(grep -v sha256 "$BATS_TEST_TMPDIR/catalogue.yaml")
}

@test "ecobelt reads every layer" {
    need_ecobelt info
    for file in "$layers"/*.geojson; do
        "$ecobelt" info "$file" > /dev/null || { echo "$file"; return 1; }
    done
}

@test "the six counties: geodesic total within 0.2 % of 8844.79 km2, each within 1 % of its official area" {
    need_ecobelt
    within "$(area_of counties geodesic_m2 '')" 8844790000 17689580
    while read -r name km2; do
        within "$(area_of counties geodesic_m2 "$name")" "${km2}000000" "${km2}0000" || { echo "$name"; return 1; }
    done <<'END'
Kecheng 609
Qujiang 1748
Changshan 1099
Kaihua 2236
Longyou 1143
Jiangshan 2019
END
}

@test "the park's zones have the published areas within 0.01 km2" {
    need_ecobelt
    within "$(area_of park geodesic_m2 'core protection')" 72330000 10000
    within "$(area_of park geodesic_m2 'ecological conservation')" 135800000 10000
    within "$(area_of park geodesic_m2 'recreation and display')" 8120000 10000
    within "$(area_of park geodesic_m2 'traditional use')" 36130000 10000
}

@test "the demonstration zone has 20 km2, 4 of them its start area" {
    need_ecobelt
    within "$(area_of demonstration_zone geodesic_m2 '')" 20000000 1000
    within "$(area_of demonstration_zone geodesic_m2 'Start area')" 4000000 1000
}

@test "the lines of the west new city enclose one polygon of about 16.6 km2" {
    need_ecobelt enclose
    "$ecobelt" enclose "$layers/west_new_city_bounds.geojson" --quiet --json > "$BATS_TEST_TMPDIR/new_city.json"
    grep -q '"faces":1[,}]' "$BATS_TEST_TMPDIR/new_city.json"
    within "$(grep -o '"area_m2":[0-9.]*' "$BATS_TEST_TMPDIR/new_city.json" | head -1 | cut -d: -f2)" 16600000 50000
}

@test "the park lies in Kaihua and nothing of it needs repair" {
    need_ecobelt tabulate
    "$ecobelt" tabulate "$layers/counties.geojson" "$layers/park.geojson" --zone name --class name --output - \
        > "$BATS_TEST_TMPDIR/park.csv" 2> "$BATS_TEST_TMPDIR/notes"
    ! grep -i repaired "$BATS_TEST_TMPDIR/notes" || return 1
    within "$(awk -F, '$1 == "Kaihua" && $2 != "" {sum += $4} END {printf "%.1f", sum}' "$BATS_TEST_TMPDIR/park.csv")" 252380000 1000
    [ "$(awk -F, 'NR > 1 && $2 != "" {print $1}' "$BATS_TEST_TMPDIR/park.csv" | sort -u)" = Kaihua ]
}

@test "the demonstration zone lies in Changshan, Jiangshan and Yushan" {
    need_ecobelt tabulate
    for layer in counties neighbours; do
        "$ecobelt" tabulate "$layers/$layer.geojson" "$layers/demonstration_zone.geojson" --zone name --class name --quiet --output -
    done | awk -F, '$2 == "Start area" || $2 == "Remaining area" {print $1}' | sort -u > "$BATS_TEST_TMPDIR/zone"
    diff "$BATS_TEST_TMPDIR/zone" <(printf '%s\n' Changshan Jiangshan Yushan)
}
