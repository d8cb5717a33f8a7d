#!/usr/bin/env bats
# tabulate: zone x class tables. Judged by areas known beforehand, by rows that add up, and by runs that must agree with one another.

load ../support/helper

# geojson FEATURE...: a collection; square NAME X Y SIZE [KEY VALUE]: one feature, a square in degrees.
geojson() {
    local IFS=,
    printf '{"type":"FeatureCollection","features":[%s]}\n' "$*"
}
square() {
    local x=$2 y=$3 s=$4
    awk -v n="$1" -v x="$x" -v y="$y" -v s="$s" -v c="${5:-}" 'BEGIN {
        printf "{\"type\":\"Feature\",\"properties\":{\"name\":\"%s\",\"kind\":%s},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%.9f,%.9f],[%.9f,%.9f],[%.9f,%.9f],[%.9f,%.9f],[%.9f,%.9f]]]}}", \
        n, c == "" ? "null" : "\"" c "\"", x, y, x + s, y, x + s, y + s, x, y + s, x, y}'
}
shape() { printf '{"type":"Feature","properties":{"name":"%s","kind":"%s"},"geometry":{"type":"%s","coordinates":%s}}' "$1" "$2" "$3" "$4"; }

# cell ZONE CLASS COLUMN of the JSON summary in $output
cell() {
    json "[r for t in [d['tables'][0]] for r in t['rows'] if r['zone'] == '$1' and (r['class'] or '') == '$2'][0]['$3']"
}

# near A B RELATIVE
near() { awk -v a="$1" -v b="$2" -v t="$3" 'BEGIN {d = a - b; if (d < 0) d = -d; if (d > t * (b < 0 ? -b : b)) {print a, "is not", b; exit 1}}'; }

two_zones() {
    geojson "$(square west 118 29 0.1)" "$(square east 118.1 29 0.1)" > zones.geojson
}

@test "the park in the counties measures what is published" {
    eb tabulate "$LAYERS/counties.geojson" "$LAYERS/park.geojson" --zone name --class name --json -q
    assert_exit 0
    near "$(cell Kaihua 'core protection' area_m2)" 72.33e6 0.005
    near "$(cell Kaihua 'ecological conservation' area_m2)" 135.80e6 0.005
    near "$(cell Kaihua 'recreation and display' area_m2)" 8.12e6 0.005
    near "$(cell Kaihua 'traditional use' area_m2)" 36.13e6 0.005
    assert_equal 1 "$(cell Kaihua 'core protection' count)"
    near "$(cell Kaihua 'core protection' share_of_class_pct)" 100 1e-9
}

@test "the rows of a zone add up to it, in area and in official area" {
    eb tabulate "$LAYERS/counties.geojson" "$LAYERS/counties.geojson" --zone name --json -q
    assert_exit 0
    for zone in Kecheng Qujiang Changshan Kaihua Longyou Jiangshan; do
        near "$(cell $zone counties area_m2)" "$(json "sum(r['area_m2'] for r in d['tables'][0]['rows'] if r['zone'] == '$zone')")" 1e-12
        assert_equal "$(cell $zone '' area_m2)" 0
        near "$(cell $zone counties share_of_zone_pct)" 100 1e-11
    done
    eb tabulate "$LAYERS/counties.geojson" "$LAYERS/park.geojson" --zone name --json -q
    near "$(json "sum(r['share_of_zone_pct'] for r in d['tables'][0]['rows'] if r['zone'] == 'Kaihua')")" 100 1e-12
    near "$(json "sum(r['official_m2'] for r in d['tables'][0]['rows'] if r['zone'] == 'Kaihua')")" \
        "$(json "sum(r['area_m2'] for r in d['tables'][0]['rows'] if r['zone'] == 'Kaihua')")" 1e-6
}

@test "halves, quarters, classes and what is left over" {
    two_zones
    geojson "$(square a 118 29 0.05 wood)" "$(square b 118.05 29 0.05 wood)" "$(square c 118.075 29.05 0.05 field)" > features.geojson
    eb tabulate zones.geojson features.geojson --zone name --class kind --json -q
    assert_exit 0
    assert_equal 2 "$(cell west wood count)"
    assert_equal 1 "$(cell west field count)"
    assert_equal 1 "$(cell east field count)"
    near "$(cell west wood share_of_zone_pct)" 50 1e-3
    near "$(cell west field share_of_zone_pct)" 12.5 1e-3
    near "$(cell west '' share_of_zone_pct)" 37.5 1e-3
    near "$(cell east '' share_of_zone_pct)" 87.5 1e-3
    near "$(cell west field share_of_class_pct)" 50 1e-6
    # Between two parallels on the ellipsoid, by Snyder's (1987) 3-12: 107,945,935 m2 for 0.1 degree at 29 N.
    near "$(json "sum(r['area_m2'] for r in d['tables'][0]['rows'] if r['zone'] == 'west')")" 107945935 1e-6
}

@test "a null class has a row of its own and is not what is left over" {
    two_zones
    geojson "$(square a 118 29 0.05)" > features.geojson
    eb tabulate zones.geojson features.geojson --zone name --class kind --json -q
    assert_exit 0
    near "$(cell west '(null)' share_of_zone_pct)" 25 1e-3
    near "$(cell west '' share_of_zone_pct)" 75 1e-3
}

# Values that look like what stands for none, and one that is none.
odd_names() {
    geojson "$(square a 118 29 0.02)" "$(square b 118.02 29 0.02 '(null)')" "$(square c 118.04 29 0.02 '\\\"(null)\\\"')" \
        "$(square d 118.06 29 0.02 '(overlap)')" "$(square e 118.08 29 0.02 '(the rest)')" "$(square f 118.09 29 0.01 plain)"
}

@test "a null and texts that look like what stands for none are told apart, as class, as zone and as zone crossed" {
    two_zones
    odd_names > features.geojson
    eb tabulate zones.geojson features.geojson --zone name --class kind --json -q
    assert_exit 0
    assert_equal '""(null)""|"(null)"|"(overlap)"|"(the rest)"|(null)|(overlap)|None|plain' \
        "$(json "'|'.join(sorted(str(r['class']) for r in d['tables'][0]['rows'] if r['zone'] == 'west'))")"
    near "$(cell west '(null)' share_of_zone_pct)" 4 1e-3
    near "$(cell west '"(null)"' share_of_zone_pct)" 4 1e-3
    near "$(json "sum(r['share_of_zone_pct'] for r in d['tables'][0]['rows'] if r['zone'] == 'west')")" 100 1e-9
    eb tabulate zones.geojson features.geojson --zone name --class kind -o - -q
    assert_equal 1 "$(grep -c '^west,(null),' <<< "$output")"
    assert_equal 1 "$(grep -c '^west,"""(null)""",' <<< "$output")"
    eb tabulate zones.geojson features.geojson --zone name --class kind
    assert_out '(null): what has no value'
    eb tabulate features.geojson zones.geojson --zone kind --cross features.geojson --cross-zone kind --json -q
    assert_exit 0
    assert_equal '""(null)""/""(null)"" "(null)"/"(null)" "(overlap)"/"(overlap)" (null)/(null)' \
        "$(json "' '.join(sorted({r['zone'] + '/' + r['zone_2'] for r in d['tables'][0]['rows'] if ')' in r['zone'] and 'rest' not in r['zone']}))")"
}

@test "zones of one name are one zone, also where they overlap" {
    geojson "$(square z 118 29 0.1)" "$(square z 118.05 29 0.1)" > zones.geojson
    geojson "$(square a 118.05 29 0.05 wood)" > features.geojson
    eb tabulate zones.geojson features.geojson --zone name --json -q
    assert_exit 0
    near "$(cell z features share_of_zone_pct)" 16.6667 1e-3
    assert_equal 1 "$(cell z features count)"
}

@test "zones that overlap each get their whole, and the table says so" {
    geojson "$(square a 118 29 0.1)" "$(square b 118.05 29 0.1)" > zones.geojson
    geojson "$(square f 118.05 29 0.05 wood)" > features.geojson
    eb tabulate zones.geojson features.geojson --zone name --json -q
    assert_exit 0
    near "$(cell a features share_of_zone_pct)" 25 1e-3
    near "$(cell b features share_of_zone_pct)" 25 1e-3
    [[ $(json "' '.join(d['tables'][0]['notes'])") == *"zones overlap one another"*"a and b"* ]]
}

@test "features that overlap: the rows of a zone still add up to it, and what is counted again stands by itself" {
    geojson "$(square z 118 29 0.1)" > zones.geojson
    geojson "$(square a 118 29 0.1 wood)" "$(square b 118 29 0.05 field)" > features.geojson
    eb tabulate zones.geojson features.geojson --zone name --class kind --json
    assert_exit 0
    near "$(cell z wood share_of_zone_pct)" 100 1e-9
    assert_equal 0 "$(cell z '' area_m2)"
    near "$(json "-[r for r in d['tables'][0]['rows'] if r['class'] == '(overlap)'][0]['area_m2']")" "$(cell z field area_m2)" 1e-9
    near "$(json "sum(r['share_of_zone_pct'] for r in d['tables'][0]['rows'])")" 100 1e-12
    assert_equal null "$(cell z '(overlap)' count)"
    # Overlap that leaves room in the zone does not hide: two thirds of a zone, half of them covered three times, one by a duplicate.
    geojson "$(square a 118 29 0.05 wood)" "$(square b 118 29 0.05 wood)" "$(square c 118 29 0.05 field)" "$(square d 118.05 29 0.05 field)" \
        "$(square e 118.08 29.08 0.05 field)" > features.geojson
    eb tabulate zones.geojson features.geojson --zone name --class kind --json
    assert_exit 0
    near "$(json "-[r for r in d['tables'][0]['rows'] if r['class'] == '(overlap)'][0]['area_m2']")" "$(cell z wood area_m2)" 1e-9
    near "$(cell z '' share_of_zone_pct)" 46 1e-3
    near "$(json "round(sum(r['official_m2'] for r in d['tables'][0]['rows']), 2)")" 107945935 1e-6
    [[ $(json "' '.join(d['tables'][0]['notes'])") == *"overlap one another"* ]]
    eb tabulate zones.geojson features.geojson --zone name --class kind --lang zh -q -o t.csv
    assert_exit 0
    grep -q '^z,(重叠),,-' t.csv
}

@test "overlaps across zones of two crossed layers, against the union that dissolve makes" {
    need python3
    geojson "$(square a 118 29 0.1)" "$(square b 118.1 29 0.1)" > z.geojson
    geojson "$(square s 117.95 28.96 0.06)" "$(square t 118.01 28.96 0.08)" "$(square n 118.02 29.05 0.2)" > c.geojson
    python3 -B - <<'PY'
import json, math, random
random.seed(11)
def ring(x, y, r, n):
    p = [[x + r * (0.5 + 0.5 * random.random()) * math.cos(2 * math.pi * i / n), y + r * (0.5 + 0.5 * random.random()) * math.sin(2 * math.pi * i / n)] for i in range(n)]
    return p + [p[0]]
rows = []
for i in range(60):
    x, y, r = 118 + 0.2 * random.random(), 29 + 0.1 * random.random(), 0.003 + 0.025 * random.random()
    shape = [ring(x, y, r, 6 + i)] + ([ring(x, y, r / 5, 5)] if i % 4 == 0 else [])
    rows += [("k%d" % (i % 3), shape)] + ([("k0", shape), ("k2", shape)] if i % 5 == 0 else [])
json.dump({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"kind": k}, "geometry": {"type": "Polygon", "coordinates": s}}
    for k, s in rows]}, open("f.geojson", "w"))
PY
    for threads in 1 2 7; do
        "$ECOBELT" tabulate z.geojson f.geojson --zone name --class kind --cross c.geojson --cross-zone name --json -q -j $threads > f$threads.json
        cmp f1.json f$threads.json
    done
    # In another order of the features the table is the same to the last digit.
    python3 -B - <<'PY'
import json, random
layer = json.load(open("f.geojson"))
random.Random(5).shuffle(layer["features"])
json.dump(layer, open("shuffled.geojson", "w"))
PY
    "$ECOBELT" tabulate z.geojson f.geojson --zone name --class kind --cross c.geojson --cross-zone name -q -o f.csv
    "$ECOBELT" tabulate z.geojson shuffled.geojson --zone name --class kind --cross c.geojson --cross-zone name -q -o shuffled.csv
    cmp f.csv shuffled.csv
    "$ECOBELT" dissolve f.geojson -q -o d.gpkg
    "$ECOBELT" tabulate z.geojson d.gpkg --zone name --cross c.geojson --cross-zone name --json -q > d.json
    python3 -B - <<'PY'
import json
def table(name):
    zones = {}
    for r in json.load(open(name))["tables"][0]["rows"]:
        zones.setdefault((r["zone"], r["zone_2"]), {})[r["class"]] = r["area_m2"]
    return zones
f, d = table("f1.json"), table("d.json")
assert len(f) == 6 and f.keys() == d.keys(), (len(f), len(d))
for key, rows in f.items():
    whole, covered = sum(rows.values()), sum(v for c, v in d[key].items() if c)
    pieces = sum(v for c, v in rows.items() if c and c != "(overlap)")
    assert abs(whole - sum(d[key].values())) <= 1e-9 * whole, key
    assert abs(rows[None] - d[key][None]) <= 1e-9 * whole + 0.01, (key, rows[None], d[key][None])
    assert abs(-rows.get("(overlap)", 0) - (pieces - covered)) <= 1e-9 * whole + 0.01, (key, rows, covered)
assert sum(-r.get("(overlap)", 0) for r in f.values()) > 1e7
PY
}

@test "lengths of lines, half a line along a border to either side" {
    two_zones
    geojson "$(shape r 1 LineString '[[118.05,29.02],[118.15,29.02]]')" "$(shape s 2 LineString '[[118.1,29],[118.1,29.1]]')" \
        "$(shape t 3 MultiLineString '[[[118.01,29.01],[118.01,29.02]],[[118.3,29.01],[118.3,29.02]]]')" > lines.geojson
    eb tabulate zones.geojson lines.geojson --zone name --class name --json -q
    assert_exit 0
    # A degree of latitude at 29.05 N is a (1 - e2) / (1 - e2 sin2)^1.5 pi / 180 = 110,836.6 m long on the ellipsoid.
    near "$(cell west s length_m)" 5541.83 1e-6
    near "$(cell east s length_m)" 5541.83 1e-6
    near "$(cell west t length_m)" 1108.36 1e-5
    near "$(cell west r length_m)" "$(cell east r length_m)" 1e-6
    near "$(cell east r share_of_class_pct)" 50 1e-6
}

@test "a line across all of China is as long in each zone as overlay's piece of it" {
    local zones=()
    for west in 74 84 94 104 114 124; do zones+=("$(square "z$west" "$west" 10 10)"); done
    # Bands of 10 degrees, drawn as four-cornered as they come.
    geojson "${zones[@]}" | sed 's/20\.000000000/54.000000000/g; s/10\.000000000/18.000000000/g' > zones.geojson
    geojson "$(shape long a LineString '[[76.5,39],[131.2,45.7]]')" "$(shape two b LineString '[[80.1,44.2],[99,30.3],[121.5,31.1]]')" > lines.geojson
    eb tabulate zones.geojson lines.geojson --zone name --class name --json -q
    assert_exit 0
    echo "$output" > table.json
    eb overlay lines.geojson zones.geojson --op identity -o pieces.geojson --json -q
    assert_exit 0
    eb area pieces.geojson --by name_2,name --json -q
    assert_exit 0
    echo "$output" > pieces.json
    eb area lines.geojson --by name --json -q
    assert_exit 0
    echo "$output" > whole.json
    python3 - <<'PY'
import json
rows = lambda name: json.load(open(name))["tables"][0]["rows"]
table = {(r["zone"], r["class"]): r["length_m"] for r in rows("table.json") if r["class"]}
pieces = {(r["name_2"], r["name"]): r["length_m"] for r in rows("pieces.json")}
assert len(table) == 11 and table.keys() == pieces.keys(), (table.keys(), pieces.keys())
for key, length in table.items():
    assert abs(length / pieces[key] - 1) < 1e-9, (key, length, pieces[key])
for r in rows("whole.json"):
    whole = sum(length for (_, name), length in table.items() if name == r["name"])
    assert abs(whole / r["length_m"] - 1) < 1e-9, (r, whole)
PY
}

@test "a line along a border of which one zone has a vertex more belongs half to either" {
    # The vertex lies beside the other zone's edge by rounding: what is between the two is narrower than any border.
    geojson "$(shape line l LineString '[[118.01,28],[118.01,28.01]]')" > l.geojson
    for y in 28.003 28.005 28.0033 28.007; do
        geojson "$(shape A z Polygon '[[[118,28],[118.01,28],[118.01,28.01],[118,28.01],[118,28]]]')" \
            "$(shape B z Polygon "[[[118.01,28],[118.02,28],[118.02,28.01],[118.01,28.01],[118.01,$y],[118.01,28]]]")" > z.geojson
        eb tabulate z.geojson l.geojson --zone name --json -q
        assert_exit 0
        assert_equal '[["A", 554.1], ["B", 554.1]]' "$(json "[[r['zone'], round(r['length_m'], 2)] for r in d['tables'][0]['rows']]")"
    done
}

@test "the borders of zones as lines, every corner half a millimetre off, lose nothing where three zones meet" {
    python3 - "$LAYERS/counties.geojson" <<'PY'
import json, random, sys
random.seed(1)
near = lambda place: [value + random.uniform(-5e-9, 5e-9) for value in place]
features = []
for county in json.load(open(sys.argv[1]))["features"]:
    shape = county["geometry"]
    for polygon in shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]:
        for ring in polygon:
            line = {"type": "LineString", "coordinates": [near(place) for place in ring]}
            features.append({"type": "Feature", "properties": {"name": "border"}, "geometry": line})
json.dump({"type": "FeatureCollection", "features": features}, open("borders.geojson", "w"))
PY
    eb tabulate "$LAYERS/counties.geojson" borders.geojson --zone name --json -q
    assert_exit 0
    # Half of every border that two counties have is in each, so the zones together have less than all lines and more than half.
    within=$(json "sum(r['length_m'] for r in d['tables'][0]['rows'])")
    eb area borders.geojson --by name --json -q
    assert_exit 0
    whole=$(json "d['tables'][0]['rows'][0]['length_m']")
    awk -v a="$within" -v b="$whole" 'BEGIN {exit !(a > 0.6 * b && a < 0.9 * b)}' || show "$within of $whole m"
}

@test "lines of some millimetres on a border far from the middle of the plane are shared out like any others" {
    geojson "$(shape w a Polygon '[[[75,20],[100.3,20.1],[100.1,50],[75,50],[75,20]]]')" \
        "$(shape e a Polygon '[[[100.3,20.1],[130,20],[130,50],[100.1,50],[100.3,20.1]]]')" \
        "$(shape f a Polygon '[[[130,20],[131.1,50],[130,50],[130,20]]]')" > zones.geojson
    python3 - <<'PY'
import json
# Along the meridian of 130 E, which e and f share: its corners are corners of both, and lines begin and end around them.
lines = [[[130 - d, 20 + k * 1e-9], [130 + 0.7 * d, 20 + d]] for k in range(20) for d in (3e-8, 1e-7)]
features = [{"type": "Feature", "properties": {"name": "t"}, "geometry": {"type": "LineString", "coordinates": c}} for c in lines]
json.dump({"type": "FeatureCollection", "features": features}, open("lines.geojson", "w"))
PY
    eb tabulate zones.geojson lines.geojson --zone name --json -q
    assert_exit 0
}

@test "points partly in no zone are told as points" {
    two_zones
    geojson "$(shape p a MultiPoint '[[118.05,29.05],[118.5,29.05]]')" "$(shape q a Point '[118.15,29.05]')" > points.geojson
    eb tabulate zones.geojson points.geojson --zone name --json -q
    assert_exit 0
    assert_out "0 of 2 features lie in no zone; 1 of 3 points lie in no zone"
}

@test "counts of points, one on a border counted once" {
    two_zones
    geojson "$(shape p a Point '[118.05,29.05]')" "$(shape q a Point '[118.1,29.05]')" "$(shape r b Point '[118.15,29.05]')" \
        "$(shape s b Point '[118.5,29.05]')" > points.geojson
    eb tabulate zones.geojson points.geojson --zone name --class kind --json -q
    assert_exit 0
    assert_equal 2 "$(cell west a count)"
    assert_equal 1 "$(cell east b count)"
    assert_equal 2 "$(json "len(d['tables'][0]['rows'])")"
    refute_out length_m
}

@test "crossed zone layers: every combination, and what lies in none of the second" {
    two_zones
    geojson "$(square north 118 29.05 0.2)" > halves.geojson
    geojson "$(square f 118 29 0.2 wood)" > features.geojson
    eb tabulate zones.geojson features.geojson --zone name --class kind --cross halves.geojson --cross-zone name --json -q
    assert_exit 0
    assert_equal 4 "$(json "sum(1 for r in d['tables'][0]['rows'] if r['class'] == 'wood')")"
    assert_equal '["west", "west", "east", "east"]' "$(json "[r['zone'] for r in d['tables'][0]['rows'] if r['class'] == 'wood']")"
    assert_equal '["north", null, "north", null]' "$(json "[r['zone_2'] for r in d['tables'][0]['rows'] if r['class'] == 'wood']")"
    for part in 0 1 2 3; do near "$(json "[r['area_m2'] for r in d['tables'][0]['rows'] if r['class'] == 'wood'][$part]")" 53.92e6 2e-3; done
}

@test "an invalid feature is repaired in the open, an empty one counted, a wrong kind refused by name" {
    two_zones
    geojson "$(shape bow x Polygon '[[[118.01,29.01],[118.03,29.03],[118.03,29.01],[118.01,29.03],[118.01,29.01]]]')" \
        '{"type":"Feature","properties":{"name":"n"},"geometry":null}' \
        "$(shape line x LineString '[[118.01,29.01],[118.03,29.03]]')" \
        "$(shape flat x Polygon '[[[118.01,29.01],[118.03,29.03],[118.01,29.01],[118.01,29.01]]]')" \
        "$(square a 118.05 29.05 0.01 wood)" > features.geojson
    eb tabulate zones.geojson features.geojson --zone name --class name -o t.csv
    assert_exit 0
    assert_err "1 repaired"
    assert_err "Self-intersection"
    assert_err "holds lines where polygons are worked on"
    assert_err "beyond repair"
    # What could not be used stands beside the table, with its place.
    output=$(cat t_rejects.geojson)
    assert_equal '["features", "features"]' "$(json "[f['properties']['layer'] for f in d['features']]")"
    assert_equal '[[118.01, 29.01], [118.01, 29.01]]' "$(json "[[round(v, 6) for v in f['geometry']['coordinates']] for f in d['features']]")"
    [[ $(json "' '.join(f['properties']['reason'] for f in d['features'])") == *"holds lines"*"beyond repair"* ]] || show "the reasons"
    # It is in the way of the next run as the table is; a run without rejects writes none.
    mv t.csv u.csv
    mv t.csv.txt u.csv.txt
    eb tabulate zones.geojson features.geojson --zone name --class name -o t.csv
    assert_exit 5
    assert_err t_rejects.geojson
    mv u.csv t.csv
    eb tabulate zones.geojson zones.geojson --zone name -o v.csv -q
    assert_exit 0
    refute_file v_rejects.geojson
    eb tabulate zones.geojson zones.geojson --zone name -o v.gpkg
    assert_exit 2
    assert_err "makes tables and no layer"
    grep -q '^west,bow,1,' t.csv
    near "$(awk -F, '$2 == "bow" {print $4}' t.csv)" 2157000 2e-3
}

@test "the same bytes for any number of threads" {
    need python3
    python3 -B - <<'PY'
import json, random
random.seed(7)
def blob(x, y, r, n):
    import math
    p = [[x + r * (0.6 + 0.4 * random.random()) * math.cos(6.283185307 * i / n), y + r * (0.6 + 0.4 * random.random()) * math.sin(6.283185307 * i / n)] for i in range(n)]
    return p + [p[0]]
def save(name, rows):
    json.dump({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": p, "geometry": {"type": "Polygon", "coordinates": [g]}} for p, g in rows]}, open(name, "w"))
save("z.geojson", [({"name": "z%d" % i}, blob(118 + random.random(), 29 + random.random(), 0.3, 400)) for i in range(6)])
save("f.geojson", [({"kind": "k%d" % (i % 17)}, blob(118 + random.random(), 29 + random.random(), 0.002, 30)) for i in range(12000)])
PY
    for threads in 1 2 7; do
        "$ECOBELT" tabulate z.geojson f.geojson --zone name --class kind -q -j $threads -o t$threads.csv
        cmp t1.csv t$threads.csv
    done
    [ "$(wc -l < t1.csv)" -gt 100 ]
}

@test "requests that make no sense" {
    two_zones
    eb tabulate zones.geojson zones.geojson
    assert_exit 2
    assert_err "--zone"
    eb tabulate zones.geojson zones.geojson --zone nosuch
    assert_exit 2
    assert_err nosuch
    eb tabulate zones.geojson zones.geojson --zone name --class nosuch
    assert_exit 2
    eb tabulate zones.geojson zones.geojson --zone name --cross zones.geojson
    assert_exit 2
    assert_err "each layer wants its own"
    eb tabulate zones.geojson missing.geojson --zone name
    assert_exit 3
    eb tabulate zones.geojson zones.geojson --zone name --where 'nosuch = 1'
    assert_exit 2
    geojson "$(shape p a Point '[118.05,29.05]')" > points.geojson
    eb tabulate points.geojson zones.geojson --zone name
    assert_exit 4
    assert_err "no polygon that can be used as a zone"
}

@test "several layers to cross with, in whatever way: the answer is the line to type" {
    two_zones
    cp zones.geojson park.geojson
    local right="--cross zones.geojson --cross-zone name --cross park.geojson --cross-zone kind"
    local -a line
    for given in "--cross zones.geojson,park.geojson --cross-zone name,kind" "--cross zones.geojson,park.geojson --cross-zone name --cross-zone kind"; do
        read -ra line <<< "$given"
        eb tabulate zones.geojson zones.geojson --zone name "${line[@]}"
        assert_exit 2
        assert_err "$right"
    done
    for given in "--cross zones.geojson park.geojson --cross-zone name,kind" "--cross=zones.geojson park.geojson"; do
        read -ra line <<< "$given"
        eb tabulate zones.geojson zones.geojson --zone name "${line[@]}"
        assert_exit 2
        assert_err '"park.geojson" is one argument too many behind --cross zones.geojson'
        assert_err "repeat it: --cross zones.geojson --cross park.geojson"
    done
    eb tabulate zones.geojson zones.geojson --zone name --cross zones.geojson --cross park.geojson
    assert_exit 2
    assert_err "--cross zones.geojson --cross-zone FIELD --cross park.geojson --cross-zone FIELD"
    eb tabulate zones.geojson zones.geojson --zone name --cross zones.geojson,park.geojson --cross-zone name
    assert_exit 3
    assert_err "repeat the option: --cross zones.geojson --cross park.geojson"
    eb tabulate zones.geojson zones.geojson --zone name --cross park.geojson --cross-zone name kind
    assert_exit 2
    assert_err "commas and no blank: --cross-zone name,kind"
    eb designations zones.geojson,park.geojson
    assert_exit 3
    assert_err "blanks: zones.geojson park.geojson"
    # What the answer says works.
    read -ra line <<< "$right"
    eb tabulate zones.geojson zones.geojson --zone name "${line[@]}" -q
    assert_exit 0
}

@test "the method says that a row's official area is a share, and how far a feature with long edges may be from area's" {
    geojson "$(square Z 118.2 28.5 1)" >zone.geojson
    geojson "$(square F 118.3 28.6 0.4 a)" >feature.geojson
    eb tabulate zone.geojson feature.geojson --zone name --class kind --json
    assert_exit 0
    [[ $(json "d['tables'][0]['method']") == *"A row is thus a share of its zone, not measured by itself"* ]] || show "the method says it"
    local row whole
    row=$(json "[r['official_m2'] for r in d['tables'][0]['rows'] if r['class'] == 'a'][0]")
    eb area feature.geojson --method official --json
    assert_exit 0
    whole=$(json "d['tables'][0]['rows'][0]['official_m2']")
    python3 -c "import sys; a, b = $row, $whole; sys.exit(not 0.01 < abs(a - b) < 1e-5 * b)" || show "share $row, by itself $whole"
}
