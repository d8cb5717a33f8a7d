#!/usr/bin/env bats
# ecobelt area: figures an office can publish.
load ../support/helper

# geojson FILE CRS FEATURE...: a layer; a FEATURE is 'PROPERTIES GEOMETRY' as two JSON objects joined by a blank-free |.
geojson() {
    local file=$1 crs=$2 sep=
    shift 2
    {
        printf '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::%s"}},"features":[' "$crs"
        local feature
        for feature; do
            printf '%s{"type":"Feature","properties":%s,"geometry":%s}' "$sep" "${feature%%|*}" "${feature#*|}"
            sep=,
        done
        printf ']}\n'
    } >"$file"
}

# square X Y WIDTH HEIGHT: a polygon geometry.
square() {
    python3 -c 'import sys
x, y, w, h = map(float, sys.argv[1:])
print("{\"type\":\"Polygon\",\"coordinates\":[[[%r,%r],[%r,%r],[%r,%r],[%r,%r],[%r,%r]]]}" % (x, y, x + w, y, x + w, y + h, x, y + h, x, y))' "$@"
}

# Four rectangles in zone 39 in the proportions of the park's published zones.
zones() {
    geojson zones.geojson 4527 \
        "{\"zone\":\"core\"}|$(square 39610000 3230000 7233 10000)" "{\"zone\":\"conservation\"}|$(square 39620000 3230000 13580 10000)" \
        "{\"zone\":\"recreation\"}|$(square 39610000 3250000 812 10000)" "{\"zone\":\"use\"}|$(square 39620000 3250000 3613 10000)"
}

@test "the columns that scripts rely on, in their order" {
    eb area "$LAYERS/counties.geojson" --by name --table - -q
    assert_exit 0
    assert_equal "name,count,area_m2,official_m2,geodesic_m2,area_ha,area_mu,area_km2,share_pct" "$(head -1 <<<"$output" | tr -d '\r')"
    assert_equal 7 "$(wc -l <<<"$output")"
}

@test "units: 1 ha is 10,000 m2, 1 mu 2000/3 m2, 1 km2 a million" {
    eb area "$LAYERS/counties.geojson" --json
    assert_exit 0
    json 'all(abs(r["area_m2"] - f * r[c]) < 1e-6 * r["area_m2"] * 1e-6 for r in d["tables"][0]["rows"] for c, f in (("area_ha", 1e4), ("area_mu", 2000 / 3), ("area_km2", 1e6)))' >seen
    assert_equal true "$(cat seen)"
}

@test "official areas of squares in zone 39 and in Xi'an 80, as worked out in 50 digits" {
    geojson a.geojson 4527 "{\"n\":1}|$(square 39615000 3237000 100 100)" "{\"n\":2}|$(square 39615000 3237000 1000 1000)" \
        "{\"n\":3}|$(square 39610000 3230000 10000 10000)"
    eb area a.geojson --by n --json
    assert_exit 0
    assert_equal "[9996.74, 999670.98, 99967362.54]" "$(json '[r["official_m2"] for r in d["tables"][0]["rows"]]')"
    assert_equal "[9996.74, 999670.98, 99967362.54]" "$(json '[r["area_m2"] for r in d["tables"][0]["rows"]]')"
    geojson x.geojson 2363 "{\"n\":1}|$(square 39615000 3237000 1000 1000)"
    eb area x.geojson --json
    assert_equal 999670.99 "$(json 'd["tables"][0]["rows"][0]["official_m2"]')"
    [[ $(json 'd["tables"][0]["method"]') == *"Xi'an 80"* ]] || show "the method names the ellipsoid"
}

@test "the method line says formula, ellipsoid, zones, densification, rounding, and the check against geodesic" {
    eb area "$LAYERS/counties.geojson"
    assert_exit 0
    for part in "2008" "CGCS2000" "6378137" "298.257222101" "zone 39: 1, zone 40: 5" "70 m" "0.0001 m" "0.01 m2" "official minus geodesic"; do
        assert_out "$part"
    done
}

@test "a zone by name; whole counties differ by less than 3 m2 between zones" {
    eb area "$LAYERS/counties.geojson" --by name --zone 39 --json
    assert_exit 0
    json '[r["official_m2"] for r in d["tables"][0]["rows"]]' >west
    [[ $(json 'd["tables"][0]["method"]') == *"zone 39 (central meridian 117), as asked"* ]] || show "the zone is said"
    eb area "$LAYERS/counties.geojson" --by name --zone 40 --json
    assert_exit 0
    json '[r["official_m2"] for r in d["tables"][0]["rows"]]' >east
    run python3 -c 'a, b = (eval(open(f).read()) for f in ("west", "east")); print(len(a), a != b, max(abs(x - y) for x, y in zip(a, b)) < 3)'
    assert_equal "6 True True" "$output"
}

@test "shares add up to 100.00, and the park's are those published" {
    zones
    eb area zones.geojson --by zone --json
    assert_exit 0
    assert_equal "{\"core\": 28.66, \"conservation\": 53.81, \"recreation\": 3.22, \"use\": 14.31}" \
        "$(json '{k: {r["zone"]: r["share_pct"] for r in d["tables"][0]["rows"]}[k] for k in ("core", "conservation", "recreation", "use")}')"
}

@test "--round: the rounded column adds up to the rounded total, to the digit" {
    eb area "$LAYERS/counties.geojson" --by name --round mu:0 --json
    assert_exit 0
    assert_equal true "$(json 'sum(r["rounded"] for r in d["tables"][0]["rows"]) == round(sum(r["area_mu"] for r in d["tables"][0]["rows"]))')"
    [[ $(json 'd["tables"][0]["notes"][0]') == *"residual"*"before levelling, 0 after"* ]] || show "the residual is printed"
}

@test "--control meets the published total; far off it wants --scale" {
    zones
    eb area zones.geojson --by zone --round km2:2 --control 252.38 --json
    assert_exit 4
    assert_err "more than"
    assert_err "--scale"
    eb area zones.geojson --by zone --round km2:2 --control 252.38 --scale --json
    assert_exit 0
    assert_equal "{\"core\": 72.33, \"conservation\": 135.8, \"recreation\": 8.12, \"use\": 36.13}" \
        "$(json '{k: {r["zone"]: r["rounded"] for r in d["tables"][0]["rows"]}[k] for k in ("core", "conservation", "recreation", "use")}')"
    eb area zones.geojson --by zone --round mu:0 --control 252.38km2 --scale --level largest --json
    assert_exit 0
    assert_equal 378570 "$(json 'sum(r["rounded"] for r in d["tables"][0]["rows"])')"
}

@test "usage: what makes no sense is refused with exit 2" {
    zones
    for words in "--round ha" "--round acre:2" "--round ha:x" "--round ha:10" "--control 5" "--round ha:2 --control x" "--round ha:2 --scale" \
        "--round ha:2 --control 2.005" "--zone 0" "--zone 121" "--zone 39x" "--method magic" "--by nothing" "--inside zones.geojson" \
        "--per 5km2" "--sheet H50" "--level most" "--level largest" "--level remainder" "--datum cgcs2000" "--yes-planar" \
        "--zone 39 --method geodesic"; do
        # shellcheck disable=SC2086
        eb area zones.geojson $words
        assert_exit 2
        assert_no_out
        [ -n "$stderr" ] || show "nothing said for $words"
    done
    eb area
    assert_exit 2
    eb area --sheet H50X
    assert_exit 2
    eb area --sheet-box 1,2,3
    assert_exit 2
    eb area --sheet-box 2,1,1,2
    assert_exit 2
    # What is about layers has no place beside a sheet.
    for words in "--round ha:2" "--level largest" "--zone 39" "--method geodesic" "--by name" "--where n=1" "--inside zones.geojson" \
        "--per 5km2" "--yes-planar" "--skip-validity" "--scale" "--control 5"; do
        # shellcheck disable=SC2086
        eb area --sheet H50G001001 $words
        assert_exit 2
        assert_err "${words%% *} is for layers"
    done
}

@test "a layer written with --round has rounded areas that add up to the rows, and the rows to the total" {
    eb overlay "$LAYERS/counties.geojson" "$LAYERS/park.geojson" --op identity -o pieces.gpkg -q
    eb area pieces.gpkg --by name --round mu:0 --control 13268500 --scale -o r.geojson --json -q
    assert_exit 0
    json '{r["name"]: r["rounded"] for r in d["tables"][0]["rows"]}' >rows.json
    run python3 -c 'import json
rows, sums = json.load(open("rows.json")), {}
features = json.load(open("r.geojson"))["features"]
for f in features:
    p = f["properties"]
    assert p["rounded_mu"] == round(p["rounded_mu"]) and abs(p["rounded_mu"] - p["area_m2"] * 3 / 2000) < 5, p
    sums[p["name"]] = sums.get(p["name"], 0) + p["rounded_mu"]
print(len(features), sums == rows, sum(sums.values()))'
    assert_equal "10 True 13268500" "$output"
}

@test "what does not fit the layer is refused: a zone for a Gauss plane, a zone or a method for lines, a control of nothing" {
    geojson plane.geojson 4527 "{}|$(square 39615000 3237000 1000 1000)"
    eb area plane.geojson --zone 39
    assert_exit 2
    assert_err "in a Gauss plane already"
    eb area "$LAYERS/rivers.geojson" --zone 39
    assert_exit 2
    eb area "$LAYERS/rivers.geojson" --method planar
    assert_exit 2
    eb area plane.geojson --round ha:2 --control 0 --scale
    assert_exit 2
    assert_err "leaves nothing"
    assert_no_out
}

@test "beside another method official minus geodesic stays in the method line, and no empty column" {
    eb area "$LAYERS/park.geojson" --by name --json -q
    want=$(json '"%.2f" % sum(r["official_m2"] - r["geodesic_m2"] for r in d["tables"][0]["rows"])')
    eb area "$LAYERS/park.geojson" --by name --method geodesic --json -q
    assert_exit 0
    [[ $(json 'd["tables"][0]["method"]') == *"official minus geodesic +$want m2"* ]] || show "the check, as the columns of the official run have it"
    refute_out '"official_m2"'
    geojson plane.geojson 4528 "{}|$(square 40387000 3204000 2000 2000)"
    eb area plane.geojson --method planar
    assert_out "planar minus geodesic"
    assert_out "official minus geodesic"
}

@test "people see a total below the rows, files have the rows" {
    eb area "$LAYERS/park.geojson" --by name -q
    [[ $(grep "^Total" <<<"$output" | tr -s " ") == "Total 4 252380002.30 252380002.30 252380000.04 25238.0002 378570.00 252.3800 100.00"* ]] || show "the total"
    eb area "$LAYERS/park.geojson" --by name -q -o t.csv
    [ "$(wc -l <t.csv)" = 5 ] || show "a heading and four rows"
    eb area "$LAYERS/park.geojson" -q
    assert_exit 0
    refute_out "Total"
    eb area "$LAYERS/park.geojson" --by name --unit wanmu -q
    assert_out "37.857000345"
}

@test "arcs are read as chords, and that is said" {
    need ogr2ogr
    cat >arc.csv <<'END'
id,WKT
1,"CURVEPOLYGON(CIRCULARSTRING(39616000 3237000,39615000 3238000,39614000 3237000,39615000 3236000,39616000 3237000))"
END
    ogr2ogr -f GPKG arc.gpkg arc.csv -a_srs EPSG:4527 -oo GEOM_POSSIBLE_NAMES=WKT
    eb area arc.gpkg --method planar --json
    assert_err "chords of 0.1 degrees"
    # A circle of 1 km: pi km2, less 5e-7 of it.
    assert_equal true "$(json 'abs(d["tables"][0]["rows"][0]["planar_m2"] / 3141592.6536 - 1) < 6e-7')"
    eb tabulate arc.gpkg arc.gpkg --zone id
    assert_err "chords of 0.1 degrees"
}

@test "planar areas only on request, with a warning that says how far off they are" {
    geojson east.geojson 4528 "{}|$(square 40387000 3204000 2000 2000)"
    eb area east.geojson --method planar
    assert_exit 0
    assert_out "4000000.00"
    assert_err "planar areas are +0.03"
    assert_out "+0.03"
    geojson web.geojson 3857 "{}|$(square 13230000 3370000 2000 2000)"
    eb area web.geojson --method planar
    assert_exit 4
    assert_err "+31"
    assert_err "--yes-planar"
    assert_no_out
    eb area web.geojson --method planar --yes-planar
    assert_exit 0
    assert_out "4000000.00"
    eb area "$LAYERS/counties.geojson" --method planar
    assert_exit 2
    assert_err "degrees"
    eb area web.geojson
    assert_exit 0
    assert_out "Official"
}

@test "auto: WGS84 is official in China and geodesic elsewhere; Beijing 54 has no official area" {
    geojson here.geojson 4326 "{}|$(square 118.8 28.9 0.01 0.01)"
    geojson there.geojson 4326 "{}|$(square 2.3 48.8 0.01 0.01)"
    geojson old.geojson 4214 "{}|$(square 118.8 28.9 0.01 0.01)"
    eb area here.geojson
    assert_out "Official ellipsoid area"
    eb area there.geojson
    assert_out "Geodesic area"
    eb area old.geojson
    assert_exit 0
    assert_out "Geodesic area"
    eb area old.geojson --method official
    assert_exit 4
    assert_err "Beijing 1954"
}

@test "the layer keeps all fields and gets its figures" {
    eb area "$LAYERS/counties.geojson" -o out.gpkg
    assert_exit 0
    assert_file out.gpkg
    eb area out.gpkg --by name,zone,area_m2,official_m2 --json
    assert_exit 0
    # Its own area_m2 makes way for the new one, and both agree.
    assert_equal true "$(json 'all(abs(r["area_m2"] - r["area_m2_2"]) < 0.011 and r["zone"] in (39, 40) for r in d["tables"][0]["rows"])')"
    eb area "$LAYERS/counties.geojson" -o out.gpkg
    assert_exit 5
}

@test "rows are ordered by value, numbers by size, nulls last; a field called count makes way" {
    geojson n.geojson 4490 "{\"count\":10}|$(square 118.8 28.9 0.01 0.01)" "{\"count\":9}|$(square 118.8 28.9 0.01 0.01)" \
        "{\"count\":null}|$(square 118.8 28.9 0.01 0.01)" "{\"count\":9}|$(square 118.8 28.9 0.01 0.01)"
    eb area n.geojson --by count --json
    assert_exit 0
    assert_equal "[[9, 2], [10, 1], [null, 1]]" "$(json '[(r["count_2"], r["count"]) for r in d["tables"][0]["rows"]]')"
}

@test "what cannot be measured is on record, and exit 1 says so" {
    geojson mixed.geojson 4490 "{}|$(square 118.8 28.9 0.01 0.01)" "{}|$(square 110 28.9 0.01 0.01)" "{}|null"
    eb area mixed.geojson --zone 40 --json
    assert_exit 1
    assert_equal 1 "$(json 'd["tables"][0]["rows"][0]["count"]')"
    assert_err "out of reach"
    assert_err "1"
    geojson far.geojson 4490 "{}|$(square 110 28.9 0.01 0.01)"
    eb area far.geojson --zone 40
    assert_exit 4
    assert_err "central meridian"
    assert_err "feature"
}

@test "polygons that cross themselves are measured as they are, and listed with the place" {
    bowtie='{"type":"Polygon","coordinates":[[[118.8,28.9],[118.81,28.91],[118.81,28.9],[118.8,28.91],[118.8,28.9]]]}'
    geojson b.geojson 4490 "{}|$(square 118.8 28.9 0.01 0.01)" "{}|$bowtie"
    eb area b.geojson
    assert_exit 0
    assert_out "1 shapes are not valid"
    assert_err "1 invalid"
    assert_err "(118.805, 28.90"
    eb area b.geojson --skip-validity
    assert_exit 0
    refute_out "not valid"
}

@test "nothing to measure: empty, filtered away, points, missing" {
    geojson none.geojson 4490
    eb area none.geojson --json -q
    assert_exit 0
    assert_equal '[]' "$(json "d['tables'][0]['rows']")"
    eb area "$LAYERS/counties.geojson" --where "name = 'Atlantis'"
    assert_exit 0
    assert_out "passes its filter"
    geojson null.geojson 4490 "{}|null"
    eb area null.geojson
    assert_exit 3
    assert_err "no feature has a geometry"
    eb area "$LAYERS/scenic_areas.geojson"
    assert_exit 4
    assert_err "points"
    eb area missing.gpkg
    assert_exit 3
}

@test "--where works on fields that are not asked for otherwise" {
    eb area "$LAYERS/counties.geojson" --where "name = 'Kaihua' OR code = '330881'" --by name --json
    assert_exit 0
    assert_equal '["Jiangshan", "Kaihua"]' "$(json '[r["name"] for r in d["tables"][0]["rows"]]')"
}

@test "lengths by class, inside a polygon, with their density" {
    geojson roads.geojson 4490 '{"class":"a"}|{"type":"LineString","coordinates":[[118.5,28.95],[118.7,28.95]]}' \
        '{"class":"b"}|{"type":"LineString","coordinates":[[118.61,28.91],[118.61,28.92]]}' \
        '{"class":"b"}|{"type":"LineString","coordinates":[[119,28.9],[119,29]]}'
    geojson box.geojson 4490 "{}|$(square 118.6 28.9 0.05 0.1)" "{}|$(square 118.65 28.9 0.05 0.1)"
    eb area roads.geojson --by class --json
    assert_exit 0
    assert_equal '[["a", 1], ["b", 2]]' "$(json '[(r["class"], r["count"]) for r in d["tables"][0]["rows"]]')"
    whole=$(json 'd["tables"][0]["rows"][0]["length_m"]')
    eb area roads.geojson --by class --inside box.geojson --json
    assert_exit 0
    assert_equal '[["a", 1], ["b", 1]]' "$(json '[(r["class"], r["count"]) for r in d["tables"][0]["rows"]]')"
    # Half of the first line lies inside; a degree-straight line and the plane's straight one are a hair apart.
    assert_equal true "$(json "abs(d['tables'][0]['rows'][0]['length_m'] / $whole - 0.5) < 1e-6")"
    assert_equal true "$(json 'all(abs(r["density_km_per_100km2"] - r["length_m"] / 1000 / r["reference_km2"] * 100) < 1e-9 for r in d["tables"][0]["rows"])')"
    [[ $(json 'd["tables"][0]["notes"][0]') == *"area of box.geojson"*"official minus geodesic"* ]] || show "the denominator is named, with its method and check"
    eb area box.geojson --json
    reference=$(json 'd["tables"][0]["rows"][0]["area_km2"]')
    eb area roads.geojson --inside box.geojson --json
    assert_equal true "$(json "abs(d['tables'][0]['rows'][0]['reference_km2'] - $reference) < 1e-9")"
}

@test "overlapping polygons inside count once" {
    geojson roads.geojson 4490 '{}|{"type":"LineString","coordinates":[[118.5,28.95],[118.7,28.95]]}'
    geojson one.geojson 4490 "{}|$(square 118.6 28.9 0.1 0.1)"
    geojson two.geojson 4490 "{}|$(square 118.6 28.9 0.07 0.1)" "{}|$(square 118.63 28.9 0.07 0.1)"
    eb area roads.geojson --inside one.geojson --json
    json '[r[c] for r in d["tables"][0]["rows"] for c in ("length_m", "reference_km2")]' >once
    eb area roads.geojson --inside two.geojson --json
    json '[r[c] for r in d["tables"][0]["rows"] for c in ("length_m", "reference_km2")]' >twice
    run python3 -c 'a, b = (eval(open(f).read()) for f in ("once", "twice")); print(all(abs(x / y - 1) < 1e-4 for x, y in zip(a, b)))'
    assert_equal True "$output"
}

@test "the plan's density: 9506.2 km on 8841.33 km2 are 107.52 km per 100 km2" {
    # A line of the published length cannot be drawn; the rule is checked on what there is.
    eb area "$LAYERS/roads.geojson" --per 8841.33km2 --json
    assert_exit 0
    assert_equal true "$(json 'abs(d["tables"][0]["rows"][0]["density_km_per_100km2"] * 9506.2 / d["tables"][0]["rows"][0]["length_km"] - 107.52) < 0.005')"
    [[ $(json 'd["tables"][0]["notes"][0]') == *"8841.3300 km2, as given"* ]] || show "the denominator is said"
}

@test "map sheets: by number, by box, on both ellipsoids" {
    eb area --sheet H50G096001,H50 --json
    assert_exit 0
    # The check: the integral over the ellipsoid in closed form.
    json 'abs(float(d["tables"][0]["method"].split("ellipsoid ")[-1].split(" m2")[0])) < 0.1' >near
    assert_equal true "$(cat near)"
    assert_equal '[["H50G096001", 10000], ["H50", 1000000]]' "$(json '[(r["sheet"], r["scale"]) for r in d["tables"][0]["rows"]]')"
    assert_equal true "$(json 'abs(d["tables"][0]["rows"][0]["area_m2"] - 28381103.768729774) < 1e-4')"
    eb area --sheet-box 114,28,114.0625,28.041666666666668 --json
    assert_equal true "$(json 'abs(d["tables"][0]["rows"][0]["area_m2"] - 28381103.768729774) < 1e-4')"
    eb area --sheet H50 --datum xian80 --json
    assert_equal true "$(json 'abs(d["tables"][0]["rows"][0]["area_m2"] - 256645880892.09296) < 1e-3')"
}

@test "map sheets of a column against the table of theoretical areas" {
    need_data
    file=$DATA/vectors/sheet_theoretical_area_10000_cgcs2000.csv
    [ -f "$file" ] || skip "no table of sheets"
    # Rows are 1:10,000 sheets from 28 degrees north: row 96 of H50 is the southernmost.
    sheets=$(python3 -c 'import csv, sys
for r in csv.DictReader(open(sys.argv[1])): print("H50G%03d001" % round((32 - float(r["B_north_deg"])) * 24 + 1))' "$file")
    # shellcheck disable=SC2086
    eb area $(printf -- '--sheet %s ' $sheets) --json
    assert_exit 0
    json '[r["area_m2"] for r in d["tables"][0]["rows"]]' >seen
    run python3 -c 'import csv, sys
want = [float(r["area_series_m2"]) for r in csv.DictReader(open(sys.argv[1]))]
got = eval(open("seen").read())
print(len(want) == len(got) > 40, max(abs(a - b) for a, b in zip(want, got)) < 1)' "$file"
    assert_equal "True True" "$output"
}

@test "the result does not depend on the number of threads" {
    # Three batches and a bit of parcels in two zones, some of them out of reach of a named one.
    python3 - >parcels.geojson <<'END'
print('{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},"features":[')
for i in range(13000):
    x, y, d = 118.2 + (i % 130) * 0.004, 28.5 + i // 130 * 0.004, 0.0035 - i % 7 * 1e-4
    ring = [[x, y], [x + d, y], [x + d, y + d], [x, y + d / 2], [x, y]]
    print(('' if i == 0 else ',') + '{"type":"Feature","properties":{"n":%d},"geometry":{"type":"Polygon","coordinates":[%r]}}' % (i % 11, ring))
print(']}')
END
    for threads in 1 2 7; do
        mkdir "$threads"
        eb area parcels.geojson --by n -j "$threads" -o "$threads/a.geojson" --table "$threads/a.csv"
        assert_exit 0
    done
    for threads in 2 7; do
        cmp 1/a.csv "$threads/a.csv"
        cmp 1/a.geojson "$threads/a.geojson"
    done
}

@test "--unit is for the screen; the rounded column stays in the unit it was asked in" {
    eb area "$LAYERS/counties.geojson" --unit mu --round ha:2
    assert_exit 0
    assert_out "Area (mu)"
    refute_out "Area (ha)"
    assert_out "Rounded (ha)"
}

@test "the vectors of the official area, each through the command line" {
    need_data
    [ -f "$DATA/vectors/official_area.csv" ] || skip "no vectors"
    run python3 - "$DATA/vectors/official_area.csv" "$ECOBELT" <<'END'
import csv, json, subprocess, sys
codes = {("cgcs2000", "39"): 4527, ("cgcs2000", "40"): 4528, ("xian80", "39"): 2363}
count = 0
for row in csv.DictReader(line for line in open(sys.argv[1], encoding="utf-8") if not line.startswith("#")):
    ring = [[float(p.split()[1]), float(p.split()[0])] for p in row["ring"].split(";")]
    crs = codes[row["ellipsoid"], row["zone"]]
    json.dump({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{crs}"}},
               "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}]},
              open("v.geojson", "w", encoding="utf-8"))
    done = subprocess.run([sys.argv[2], "area", "v.geojson", "--json"], capture_output=True, text=True, check=True)
    got = json.loads(done.stdout)["tables"][0]["rows"][0]
    assert abs(got["official_m2"] - float(row["official_m2"])) < 0.0051, (row["name"], got)
    if row["geodesic_m2"]:
        assert abs(got["geodesic_m2"] / float(row["geodesic_m2"]) - 1) < 1e-9, (row["name"], got)
    count += 1
print(count)
END
    assert_equal 5 "$output"
}

@test "every area is the one that QGIS shows with the ellipsoid set" {
    /usr/bin/python3 -c 'import qgis.core' 2>/dev/null || skip "QGIS is not installed"
    python3 - >stars.geojson <<'END'
# 300 stars of 5 m to 20 km, some with a hole, some of two parts, over China.
import json, math, random
random.seed(5)
def ring(x, y, r, n):
    return [[x + r * (0.4 + 0.6 * random.random()) * math.cos(2 * math.pi * i / n) / math.cos(math.radians(y)),
             y + r * (0.4 + 0.6 * random.random()) * math.sin(2 * math.pi * i / n)] for i in range(n)]
def polygon(x, y, r, hole):
    rings = [ring(x, y, r, random.randint(3, 60))] + ([ring(x, y, r * 0.1, 7)] if hole else [])
    return [points + points[:1] for points in rings]
features = []
for i in range(300):
    x, y, r = random.uniform(75, 134), random.uniform(4, 53), 10 ** random.uniform(-4.3, -0.75)
    parts = [polygon(x, y, r, i % 3 == 0)] + ([polygon(x + 3 * r, y, r, False)] if i % 5 == 0 else [])
    features.append({"type": "Feature", "properties": {}, "geometry": {"type": "MultiPolygon", "coordinates": parts}})
json.dump({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}, "features": features},
          open("/dev/stdout", "w"))
END
    eb area stars.geojson -o stars.gpkg --method geodesic -q
    assert_exit 0
    run --separate-stderr "$ECOBELT_SOURCE/tests/qgis/check_area.py" stars.gpkg stars EPSG:1024
    assert_exit 0
    assert_out "300 features, 0 differ"
    eb area "$LAYERS/counties.geojson" -o counties.gpkg -q
    assert_exit 0
    run --separate-stderr "$ECOBELT_SOURCE/tests/qgis/check_area.py" counties.gpkg counties EPSG:1024
    assert_exit 0
    assert_out "6 features, 0 differ"
    geojson plane.geojson 4528 "{}|$(square 40387000 3204000 350 420)" "{}|$(square 40600000 3204000 9000 9000)"
    eb area plane.geojson -o plane.gpkg -q
    assert_exit 0
    run --separate-stderr "$ECOBELT_SOURCE/tests/qgis/check_area.py" plane.gpkg plane EPSG:1024
    assert_exit 0
    assert_out "2 features, 0 differ"
}

@test "what is computed is never headed as published, in whatever unit" {
    local unit
    for unit in m2 ha mu km2; do
        eb area "$LAYERS/counties.geojson" --by name --unit "$unit"
        assert_exit 0
        assert_out "Official area ("
        refute_out Published
    done
}
