#!/usr/bin/env bats
# designations: overlapping protected areas counted once. Squares whose overlaps are known, and sums that must agree.

load ../support/helper

# squares FILE NAME X Y SIZE ...: a layer of named squares, in units of 0.01 degree at the equator (where their areas are alike).
squares() {
    local file=$1
    shift
    awk 'BEGIN {
        printf "{\"type\":\"FeatureCollection\",\"features\":["
        for (i = 1; i < ARGC; i += 4) {
            x = 100 + ARGV[i + 1] / 100; y = ARGV[i + 2] / 100; s = ARGV[i + 3] / 100
            printf "%s{\"type\":\"Feature\",\"properties\":{\"name\":\"%s\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f]]]}}", \
                (i > 1 ? "," : ""), ARGV[i], x, y, x + s, y, x + s, y + s, x, y + s, x, y
        }
        print "]}"
    }' "$@" > "$file"
}

# value TABLE KEY=VALUE... COLUMN from the JSON in $output
value() {
    local table=$1 column=${*: -1} test="True" pair
    shift
    for pair in "${@:1:$#-1}"; do test+=" and str(r['${pair%%=*}']) == '${pair#*=}'"; done
    json "[r for t in d['tables'] if t['name'] == '$table' for r in t['rows'] if $test][0]['$column']"
}
near() { awk -v a="$1" -v b="$2" -v t="$3" 'BEGIN {d = a - b; if (d < 0) d = -d; if (d > t * (b < 0 ? -b : b)) {print a, "is not", b; exit 1}}'; }

# One square of 0.01 degree at the equator: a2 (1 - e2) times the square of the angle, to 1e-5.
unit=1230872

three() {
    squares a.geojson a 0 0 4
    squares b.geojson b 2 0 4
    squares c.geojson c 2 2 4
}

@test "a designation without a name and one that is called (null) are two" {
    squares a.geojson NULL 0 0 4 '(null)' 2 0 4
    sed -i 's/"NULL"/null/' a.geojson
    eb designations a.geojson --by name --priority '"(null)"' --json -q
    assert_exit 0
    assert_equal '"(null)" (null)' "$(json "' '.join(sorted(r['designation'] for r in d['tables'][0]['rows']))")"
    near "$(value by_designation 'designation=(null)' effective_m2)" $((8 * unit)) 1e-4
    near "$(value by_designation 'designation="(null)"' effective_m2)" $((16 * unit)) 1e-4
    eb designations a.geojson --by name --priority '(null)' -o - -q
    assert_out '"designations":"(null); \"(null)\"","multiplicity":2,"effective":"(null)"'
}

@test "gross, exclusive, effective, union" {
    three
    eb designations A=a.geojson B=b.geojson C=c.geojson --json -q
    assert_exit 0
    for name in A B C; do near "$(value by_designation designation=$name gross_m2)" $((16 * unit)) 1e-4; done
    near "$(value by_designation designation=A exclusive_m2)" $((8 * unit)) 1e-4
    near "$(value by_designation designation=B exclusive_m2)" $((4 * unit)) 1e-4
    near "$(value by_designation designation=C exclusive_m2)" $((8 * unit)) 1e-4
    near "$(value by_designation designation=A effective_m2)" $((16 * unit)) 1e-4
    near "$(value by_designation designation=B effective_m2)" $((8 * unit)) 1e-4
    near "$(value by_designation designation=C effective_m2)" $((8 * unit)) 1e-4
    near "$(value union union_m2)" $((32 * unit)) 1e-4
    near "$(value union counted_again_m2)" $((16 * unit)) 1e-4
    near "$(json "sum(r['effective_m2'] for r in d['tables'][0]['rows'])")" "$(value union union_m2)" 1e-9
}

@test "pairs and multiplicity" {
    three
    eb designations A=a.geojson B=b.geojson C=c.geojson --json -q
    assert_exit 0
    near "$(value matrix designation=A other=B area_m2)" $((8 * unit)) 1e-4
    near "$(value matrix designation=A other=C share_of_designation_pct)" 25 1e-4
    near "$(value matrix designation=B other=C area_m2)" $((8 * unit)) 1e-4
    near "$(value by_multiplicity multiplicity=1 area_m2)" $((20 * unit)) 1e-4
    near "$(value by_multiplicity multiplicity=2 area_m2)" $((8 * unit)) 1e-4
    near "$(value by_multiplicity multiplicity=3 area_m2)" $((4 * unit)) 1e-4
    near "$(json "sum(r['share_pct'] for t in d['tables'] if t['name'] == 'by_multiplicity' for r in t['rows'])")" 100 1e-12
}

@test "priority says which one is in force" {
    three
    eb designations A=a.geojson B=b.geojson C=c.geojson --priority C,B --json -q
    assert_exit 0
    near "$(value by_designation designation=C effective_m2)" $((16 * unit)) 1e-4
    near "$(value by_designation designation=B effective_m2)" $((8 * unit)) 1e-4
    near "$(value by_designation designation=A effective_m2)" $((8 * unit)) 1e-4
    eb designations A=a.geojson B=b.geojson --priority D
    assert_exit 2
    assert_err '"D"'
    eb designations A=a.geojson B=b.geojson --priority A,A
    assert_exit 2
}

@test "designations named by a field, and equal ones" {
    squares all.geojson x 0 0 4 y 0 0 4 x 10 0 2
    eb designations all.geojson --by name --json -q
    assert_exit 0
    near "$(value by_designation designation=x gross_m2)" $((20 * unit)) 1e-4
    near "$(value by_designation designation=y exclusive_m2)" 0 0
    near "$(value union union_m2)" $((20 * unit)) 1e-4
    eb designations all.geojson all.geojson --by name
    assert_exit 2
    assert_err "two layers hold"
}

@test "the park and the designations over it" {
    eb designations "$LAYERS/designations.geojson" "park=$LAYERS/park.geojson" --by name --json -q
    assert_exit 0
    near "$(value by_designation designation=park gross_m2)" 252.38e6 0.005
    near "$(value by_designation 'designation=Gutianshan National Nature Reserve' gross_m2)" 81.07e6 0.005
    near "$(json "sum(r['effective_m2'] for r in d['tables'][0]['rows'])")" "$(value union union_m2)" 1e-9
}

@test "requests that make no sense" {
    three
    eb designations
    assert_exit 2
    eb designations A=
    assert_exit 2
    eb designations A=missing.geojson
    assert_exit 3
    eb designations a.geojson --by nosuch
    assert_exit 2
}
@test "pieces as a layer" {
    three
    eb designations A=a.geojson B=b.geojson C=c.geojson --priority C -o pieces.geojson -q
    assert_exit 0
    output=$(cat pieces.geojson)
    assert_equal '["A", "A; B", "B", "C", "C; A; B", "C; B"]' "$(json "sorted(f['properties']['designations'] for f in d['features'] if f['properties']['area_m2'] > 1000)")"
    assert_equal 3 "$(json "max(f['properties']['multiplicity'] for f in d['features'])")"
    assert_equal '["C"]' "$(json "sorted({f['properties']['effective'] for f in d['features'] if 'C' in f['properties']['designations']})")"
    near "$(json "sum(f['properties']['area_m2'] for f in d['features'])")" $((32 * unit)) 1e-4
}

@test "what cannot be used is beside the pieces, with its place" {
    squares a.geojson a 0 0 4
    printf '{"type":"FeatureCollection","features":[%s,%s]}' \
        '{"type":"Feature","properties":{"name":"flat"},"geometry":{"type":"Polygon","coordinates":[[[100.02,0.01],[100.03,0.02],[100.02,0.01],[100.02,0.01]]]}}' \
        '{"type":"Feature","properties":{"name":"good"},"geometry":{"type":"Polygon","coordinates":[[[100,0],[100.01,0],[100.01,0.01],[100,0]]]}}' > b.geojson
    eb designations A=a.geojson B=b.geojson -o pieces.geojson -q
    assert_exit 0
    output=$(cat pieces_rejects.geojson)
    assert_equal '[["b", 100.02, 0.01]]' "$(json "[[f['properties']['layer'], *(round(v, 6) for v in f['geometry']['coordinates'])] for f in d['features']]")"
}

@test "official areas of the pieces add up to the union and to every table" {
    eb designations "$LAYERS/designations.geojson" --by name -o pieces.geojson --json -q
    assert_exit 0
    want=$(json '[round(100 * t["rows"][0]["official_m2"]) for t in d["tables"] if t["name"] == "union"][0]')
    assert_equal "$want" "$(json '[round(100 * sum(r["official_m2"] for r in t["rows"])) for t in d["tables"] if t["name"] == "by_designation"][0]')"
    assert_equal "$want" "$(json '[round(100 * sum(r["official_m2"] for r in t["rows"])) for t in d["tables"] if t["name"] == "by_multiplicity"][0]')"
    assert_equal true "$(json 'all("Check: official minus geodesic" in t["method"] for t in d["tables"])')"
    run python3 -c 'import json; print(round(100 * sum(f["properties"]["official_m2"] for f in json.load(open("pieces.geojson"))["features"])))'
    assert_equal "$want" "$output"
}

@test "the stricter one is in force, by an attribute: numbers, or values in an order" {
    three
    for name in a b c; do
        case $name in a) level=county number=3 ;; b) level=national number=1 ;; c) level=provincial number=2 ;; esac
        sed -i "s/\"name\":\"$name\"/\"name\":\"$name\",\"level\":\"$level\",\"grade\":$number/" $name.geojson
    done
    for by in "--priority-field grade" "--priority-field level --priority-order national --priority-order provincial --priority-order county"; do
        # shellcheck disable=SC2086
        eb designations A=a.geojson B=b.geojson C=c.geojson $by --json -q
        assert_exit 0
        near "$(value by_designation designation=B effective_m2)" $((16 * unit)) 1e-4
        near "$(value by_designation designation=C effective_m2)" $((8 * unit)) 1e-4
        near "$(value by_designation designation=A effective_m2)" $((8 * unit)) 1e-4
        near "$(json "sum(r['effective_m2'] for r in d['tables'][0]['rows'])")" "$(value union union_m2)" 1e-9
    done
    # What is named goes before.
    eb designations A=a.geojson B=b.geojson C=c.geojson --priority A --priority-field grade --json -q
    near "$(value by_designation designation=A effective_m2)" $((16 * unit)) 1e-4
    near "$(value by_designation designation=B effective_m2)" $((8 * unit)) 1e-4
    eb designations A=a.geojson B=b.geojson --priority-field level --priority-order national
    assert_exit 2
    assert_err '"county"'
    eb designations A=a.geojson --priority-order national
    assert_exit 2
    eb designations A=a.geojson --priority-field nosuch
    assert_exit 2
}

@test "two runs give the same bytes of a GeoPackage where SOURCE_DATE_EPOCH says when" {
    three
    export SOURCE_DATE_EPOCH=1700000000
    "$ECOBELT" designations a.geojson b.geojson c.geojson -o one.gpkg -j 1
    sleep 0.01 # the date has milliseconds
    "$ECOBELT" designations a.geojson b.geojson c.geojson -o two.gpkg -j 7
    cmp one.gpkg two.gpkg
    run python3 -c 'import sqlite3; print(*sqlite3.connect("one.gpkg").execute("SELECT DISTINCT last_change FROM gpkg_contents"))'
    [ "$output" = "('2023-11-14T22:13:20.000Z',)" ] || show "the date of 1700000000"
    for bad in "" -1 1e9 " 5" 1700000000.5 253402300800; do
        SOURCE_DATE_EPOCH=$bad eb designations a.geojson -o bad.gpkg
        assert_exit 2
        [[ $stderr == *SOURCE_DATE_EPOCH* ]] || show "wanted the variable named for: $bad"
        [ ! -e bad.gpkg ] || show "a file was made"
    done
}

@test "in a plan as on the command line, --by is for the layers without NAME=" {
    python3 - <<'END'
import json
def save(name, properties, x):
    box = [[[x, 29], [x + 0.02, 29], [x + 0.02, 29.01], [x, 29.01], [x, 29]]]
    json.dump({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": box}}]}, open(name, "w"))
save("da.geojson", {"n": "forest"}, 118)
save("db.geojson", {"other": 1}, 118.01)
END
    cat >plan.yaml <<'END'
title: {zh: 试, en: Try}
layers:
  da: {path: da.geojson}
  db: {path: db.geojson}
steps:
  - id: des
    designations: {layers: [da, park=db], by: n}
END
    eb designations da.geojson park=db.geojson --by n --json -q
    assert_exit 0
    want=$(json "[[r.get('designation') for r in t['rows']] for t in d['tables']]")
    eb run plan.yaml -o out --lang en --json -q
    assert_exit 0
    [[ $want == *forest*park* ]] || show "$want"
    grep -q forest out/statistics/*.csv
    grep -q park out/statistics/*.csv
    # A layer without NAME= needs the field.
    sed -i 's/park=db/db/' plan.yaml
    eb run plan.yaml -o again --lang en
    assert_exit 2
    assert_err "the layer 'db' has no field 'n'"
}

# Edges of kilometres are not the same line in degrees as in the plane: pieces must fit together in both, and have the area they state.
@test "pieces with long edges fit together as they are written" {
    printf '%s' '{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"n":"a"},"geometry":{"type":"Polygon","coordinates":[[[118.2468,29.2808],[118.3427,29.1885],[118.2971,29.1393],[118.2939,29.1502],[118.2631,29.158],[118.2186,29.2058],[118.2395,29.2046],[118.2468,29.2808]]]}},
{"type":"Feature","properties":{"n":"b"},"geometry":{"type":"Polygon","coordinates":[[[118.3428,29.145],[118.3162,29.1163],[118.3131,29.0736],[118.2506,29.1247],[118.2347,29.1652],[118.2245,29.1767],[118.2533,29.19],[118.3428,29.145]]]}},
{"type":"Feature","properties":{"n":"c"},"geometry":{"type":"Polygon","coordinates":[[[118.2499,29.1745],[118.255,29.2012],[118.2818,29.1947],[118.2733,29.0718],[118.2622,29.0915],[118.2499,29.1745]]]}}]}' > long.geojson
    eb designations long.geojson --by n -o pieces.gpkg -q
    assert_exit 0
    eb check pieces.gpkg --coverage
    assert_exit 0
    eb dissolve pieces.gpkg --json -q
    assert_exit 0
    stated=$(python3 -B -c 'import sqlite3; print(sqlite3.connect("pieces.gpkg").execute("SELECT total(area_m2) FROM designations").fetchone()[0])')
    run json "[r['overlap_m2'] == 0 and abs($stated - r['area_m2']) < 1e-9 * r['area_m2'] for r in d['tables'][0]['rows']]"
    [ "$output" = "[true]" ] || show "pieces overlap, or are not as large as they say: $output"
}
