#!/usr/bin/env bats
# dissolve: shapes merged by fields, sums, and the proof of areas.

load ../support/helper

near() { awk -v a="$1" -v b="$2" -v t="$3" 'BEGIN {d = a - b; if (d < 0) d = -d; if (d > t * (b < 0 ? -b : b)) {print a, "is not", b; exit 1}}'; }
unit=1230872

# cells N: N x N squares of 0.01 degree at the equator that share their edges; name by column parity, null in the last column
cells() {
    awk -v n="$1" 'BEGIN {
        printf "{\"type\":\"FeatureCollection\",\"features\":["
        for (i = 0; i < n; i++) for (j = 0; j < n; j++) {
            x = 100 + i / 100; y = j / 100; x1 = 100 + (i + 1) / 100; y1 = (j + 1) / 100
            printf "%s{\"type\":\"Feature\",\"properties\":{\"name\":%s,\"v\":%d,\"w\":%s},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%.9f,%.9f],[%.9f,%.9f],[%.9f,%.9f],[%.9f,%.9f],[%.9f,%.9f]]]}}", \
                (i + j > 0 ? "," : ""), (i == n - 1 ? "null" : i % 2 ? "\"odd\"" : "\"even\""), i + 1, (j == 0 ? "null" : "0.5"), x, y, x1, y, x1, y1, x, y1, x, y
        }
        print "]}"
    }'
}

@test "one shape of all, proven to be a coverage" {
    cells 5 > c.geojson
    eb dissolve c.geojson -o d.geojson --json -q
    assert_exit 0
    near "$(json "d['tables'][0]['rows'][0]['area_m2']")" $((25 * unit)) 1e-4
    assert_equal 0 "$(json "d['tables'][0]['rows'][0]['overlap_m2']")"
    [[ $(json "' '.join(d['tables'][0]['notes'])") == *"1 of 1 groups are coverages"* ]]
    output=$(cat d.geojson)
    assert_equal 1 "$(json "len(d['features'])")"
    assert_equal 21 "$(json "len(d['features'][0]['geometry']['coordinates'][0][0])")"
}

@test "a group that is merged in several portions is as whole, for any number of threads" {
    cells 240 > c.geojson
    for threads in 1 7; do
        eb dissolve c.geojson -j $threads -o d$threads.geojson --json -q
        assert_exit 0
        [[ $(json "' '.join(d['tables'][0]['notes'])") == *"1 of 1 groups are coverages"* ]]
        near "$(json "d['tables'][0]['rows'][0]['area_m2']")" "$(json "d['tables'][0]['rows'][0]['gross_m2']")" 1e-12
        output=$(cat d$threads.geojson)
        assert_equal "[1, 1, 961]" "$(json "[len(d['features'][0]['geometry']['coordinates']), len(d['features'][0]['geometry']['coordinates'][0]), len(d['features'][0]['geometry']['coordinates'][0][0])]")"
    done
    cmp d1.geojson d7.geojson
}

@test "a null, the text (null), a dash and a text of no letters are four groups in every form" {
    cells 2 > all.geojson
    python3 - <<'END'
import json
d = json.load(open("all.geojson"))
for f, name in zip(d["features"], [None, "(null)", "-", ""]): f["properties"]["name"] = name
json.dump(d, open("all.geojson", "w"))
END
    for by in "dissolve all.geojson --by name" "area all.geojson --by name"; do
        read -ra line <<< "$by"
        eb "${line[@]}" --json -q
        assert_exit 0
        assert_equal '["", "(null)", "-", null]' "$(json "sorted((r['name'] for r in d['tables'][0]['rows']), key=lambda n: (n is None, n))")"
        eb "${line[@]}" --table - -q
        assert_equal '"",1 (null),1 ,1 -,1' "$(sed 1d <<< "$output" | cut -d, -f 1,2 | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//')"
        eb "${line[@]}" -q
        for name in '""' '(null)' '"-"' '-'; do
            assert_equal 1 "$(grep -cE "^$(sed 's/[()]/\\&/g' <<< "$name") +1 " <<< "$output")"
        done
    done
}

@test "groups by a field, null a group of its own, sums without nulls" {
    cells 5 > c.geojson
    eb dissolve c.geojson --by name --sum v --sum w -o d.geojson -q
    assert_exit 0
    output=$(cat d.geojson)
    assert_equal '[["even", 10, 20, 4], ["odd", 10, 30, 4], [null, 5, 25, 2]]' \
        "$(json "[[f['properties']['name'], f['properties']['count'], round(f['properties']['v']), round(f['properties']['w'])] for f in d['features']]")"
    near "$(json "sum(f['properties']['area_m2'] for f in d['features'])")" $((25 * unit)) 1e-4
}

@test "shapes that overlap count once, and the table says by how much" {
    cells 3 > c.geojson
    cells 2 > c2.geojson
    { sed 's/\]}$//' c.geojson | tr -d '\n'; printf ','; sed 's/^.*"features":\[//' c2.geojson; } > both.geojson
    eb dissolve both.geojson --json -q
    assert_exit 0
    near "$(json "d['tables'][0]['rows'][0]['area_m2']")" $((9 * unit)) 1e-4
    near "$(json "d['tables'][0]['rows'][0]['overlap_m2']")" $((4 * unit)) 1e-4
    [[ $(json "' '.join(d['tables'][0]['notes'])") == *"0 of 1 groups are coverages"* ]]
}

@test "the six counties and the park's zones keep their area" {
    for layer in counties park; do
        eb dissolve "$LAYERS/$layer.geojson" --json -q
        assert_exit 0
        near "$(json "d['tables'][0]['rows'][0]['area_m2']")" "$(json "d['tables'][0]['rows'][0]['gross_m2']")" 1e-9
    done
}

@test "lines and points" {
    printf '{"type":"FeatureCollection","features":[%s,%s]}' \
        '{"type":"Feature","properties":{"n":1},"geometry":{"type":"LineString","coordinates":[[100,0],[100.02,0]]}}' \
        '{"type":"Feature","properties":{"n":1},"geometry":{"type":"LineString","coordinates":[[100.01,0],[100.03,0]]}}' > l.geojson
    eb dissolve l.geojson --json -q
    assert_exit 0
    near "$(json "d['tables'][0]['rows'][0]['length_m']")" 3339.6 1e-3
    near "$(json "d['tables'][0]['rows'][0]['overlap_m']")" 1113.2 1e-3
}

# Stretches of one track, each with some vertices of its own, either way round; expected.json: what they cover, and how much is there again.
stretches() {
    CRS=$1 COUNT=$2 python3 - <<'END'
import json, os, random
crs, count = int(os.environ["CRS"]), int(os.environ["COUNT"])
dice = random.Random(count + crs)
unit, x0, y0 = (1e-5, 118.5, 29.0) if crs == 4490 else (1, 450000, 3200000)
track = [(0, 0), (700, 0), (900, 250), (900, 1100), (300, 1000), (0, 0)]  # a loop, its first edge along a parallel
ends = len(track) - 1
def at(w):
    i = min(int(w), ends - 1)
    (xa, ya), (xb, yb) = track[i], track[i + 1]
    return [x0 + unit * (xa + (w - i) * (xb - xa)), y0 + unit * (ya + (w - i) * (yb - ya))]
features, covers = [], []
for n in range(count):
    a = dice.uniform(0, ends)
    b = min(a + dice.uniform(0.01, 1.5), ends)
    places = sorted({a, b} | {i for i in range(ends + 1) if a < i < b} | {dice.uniform(a, b) for _ in range(dice.randrange(4))})
    covers.append(places)
    coordinates = [at(w) for w in places]
    features.append({"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": coordinates[::dice.choice([1, -1])]}})
# Each place once: the stretches between any two vertices that some line covers.
marks = sorted({w for places in covers for w in places})
once = [[at(a), at(b)] for a, b in zip(marks, marks[1:]) if any(p[0] <= a and p[-1] >= b for p in covers)]
layer = lambda features: {"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::%d" % crs}}, "features": features}
json.dump(layer(features), open("l.geojson", "w"))
json.dump(layer([{"type": "Feature", "properties": {"n": i}, "geometry": {"type": "LineString", "coordinates": c}} for i, c in enumerate(once)]), open("once.geojson", "w"))
END
}

@test "lines that lie on one another count once, whatever vertices they have and whichever way they run" {
    for crs in 4490 4549; do
        for count in 2 9 60; do
            stretches $crs $count
            eb dissolve once.geojson --by n --json -q
            assert_exit 0
            want=$(json "sum(r['gross_m'] for r in d['tables'][0]['rows'])")
            eb dissolve l.geojson -o l1.geojson -j 1 --overwrite --json -q
            assert_exit 0
            near "$(json "d['tables'][0]['rows'][0]['length_m']")" "$want" 1e-7
            near "$(json "d['tables'][0]['rows'][0]['gross_m'] - d['tables'][0]['rows'][0]['overlap_m']")" "$want" 1e-7
            for threads in 2 7; do
                eb dissolve l.geojson -o l$threads.geojson -j $threads --overwrite -q
                assert_exit 0
                cmp l1.geojson l$threads.geojson
            done
        done
    done
    # Two lines of 100 m and 50 m of it: known without any other run.
    printf '%s' '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4549"}},"features":[' \
        '{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[500000,3200000],[500100,3200000]]}},' \
        '{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[500020,3200000],[500070,3200000]]}}]}' > two.geojson
    eb dissolve two.geojson --json -q
    assert_exit 0
    near "$(json "d['tables'][0]['rows'][0]['length_m']")" 100 1e-6
    near "$(json "d['tables'][0]['rows'][0]['overlap_m']")" 50 1e-6
    [[ $(json "' '.join(d['tables'][0]['notes'])") == *"length and overlap together differ from the lengths before by"* ]]
}

@test "lines of a group that is merged in several portions count once across them" {
    # A net of streets of 10 m, and each street again as a whole: 8 MB of them.
    python3 - <<'END'
import json
line = lambda *c: {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": c}}
x, y, n = 500000, 3200000, 230
net = [line([x + 10 * i, y + 10 * j], [x + 10 * i + 10, y + 10 * j]) for i in range(n) for j in range(n + 1)]
net += [line([x + 10 * i, y + 10 * j], [x + 10 * i, y + 10 * j + 10]) for i in range(n + 1) for j in range(n)]
net += [line([x, y + 10 * j], [x + 3, y + 10 * j], [x + 10 * n, y + 10 * j]) for j in range(n + 1)]
json.dump({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}, "features": net}, open("net.geojson", "w"))
END
    for threads in 1 7; do
        eb dissolve net.geojson -j $threads -o n$threads.geojson --json -q
        assert_exit 0
        near "$(json "d['tables'][0]['rows'][0]['length_m']")" $((2 * 231 * 2300)) 1e-5
        near "$(json "d['tables'][0]['rows'][0]['overlap_m']")" $((231 * 2300)) 1e-5
    done
    cmp n1.geojson n7.geojson
}

@test "sums of integers are exact integers, those of nothing but nulls null, and too large ones an error" {
    numbers() {
        VALUES=$1 python3 - <<'END'
import json, os
rows = json.loads(os.environ["VALUES"])
json.dump({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"k": k, "i": i, "r": r}, "geometry": {"type": "Point", "coordinates": [100 + n, 0]}} for n, (k, i, r) in enumerate(rows)]}, open("n.geojson", "w"))
END
    }
    numbers '[["a", 9007199254740993, 0.5], ["a", 2, null], ["a", -9, 1], ["b", null, null], ["c", 9223372036854775807, 2], ["c", 5, 2], ["c", -6, 2], ["d", -9223372036854775807, 1], ["d", -1, 1]]'
    eb dissolve n.geojson --by k --sum i --sum r -o n1.geojson --json -q
    assert_exit 0
    assert_equal '[["a", 9007199254740986, 1.5], ["b", null, null], ["c", 9223372036854775806, 6.0], ["d", -9223372036854775808, 2.0]]' \
        "$(json "[[r['k'], r['i'], r['r'] if r['r'] is None else float(r['r'])] for r in d['tables'][0]['rows']]")"
    output=$(cat n1.geojson)
    assert_equal '[["a", 9007199254740986, 1.5], ["b", null, null], ["c", 9223372036854775806, 6.0], ["d", -9223372036854775808, 2.0]]' \
        "$(json "[[f['properties']['k'], f['properties']['i'], f['properties']['r'] if f['properties']['r'] is None else float(f['properties']['r'])] for f in d['features']]")"
    numbers '[["a", 9223372036854775807, 0], ["a", 1, 0]]'
    eb dissolve n.geojson --by k --sum i -o n2.geojson -q
    [ "$status" -ne 0 ]
    assert_err "the sum of field i of layer n is larger than an integer of 64 bits holds"
    [ ! -e n2.geojson ]
}

@test "the same file for any number of threads" {
    cells 12 > c.geojson
    for threads in 1 2 7; do
        eb dissolve c.geojson --by name -j $threads -o t$threads.geojson -q
        assert_exit 0
        cmp t1.geojson t$threads.geojson
    done
}

@test "requests that make no sense" {
    cells 2 > c.geojson
    eb dissolve c.geojson --by nosuch
    assert_exit 2
    eb dissolve c.geojson --sum name
    assert_exit 2
    assert_err "holds no numbers"
    eb dissolve missing.geojson
    assert_exit 3
}

@test "groups that overlap are proven to lose nothing" {
    cells 3 > c.geojson
    cells 2 > c2.geojson
    { sed 's/\]}$//' c.geojson | tr -d '\n'; printf ','; sed 's/^.*"features":\[//' c2.geojson; } > both.geojson
    eb dissolve both.geojson --by name --json -q
    assert_exit 0
    # The even column lies under squares of the second layer that share its name; the others only meet.
    [[ $(json "' '.join(d['tables'][0]['notes'])") == *"groups are proven to lose nothing"* ]] || show "no word of the proof"
    near "$(json "sum(r['area_m2'] for r in d['tables'][0]['rows'])")" $((9 * unit + 2 * unit)) 1e-4
}

@test "official areas: of the merged shape, as area measures it, or the sum of those that come with the pieces" {
    eb dissolve "$LAYERS/park.geojson" -o whole.geojson -q --json
    assert_exit 0
    merged=$(json 'd["tables"][0]["rows"][0]["official_m2"]')
    [[ $(json 'd["tables"][0]["method"]') == *"70 m"*"Check: official minus geodesic"* ]] || show "the method"
    eb area whole.geojson -q --json
    near "$(json 'd["tables"][0]["rows"][0]["official_m2"]')" "$merged" 1e-10
    eb overlay "$LAYERS/counties.geojson" "$LAYERS/park.geojson" --op identity -o pieces.gpkg -q
    eb dissolve pieces.gpkg --by name,name_2 --sum official_m2 -o sums.gpkg --json -q
    assert_exit 0
    assert_equal 884565799853 "$(json 'round(100 * sum(r["official_m2"] for r in d["tables"][0]["rows"]))')"
}

@test "a field that is added up and has the name of a figure gets a number, in the layer as in the table; the figure keeps its name" {
    # Two squares that share a quarter of each, with areas of their own in fields.
    python3 - <<'END'
import json
box = lambda a, b, s: [[[a, b], [a + s, b], [a + s, b + s], [a, b + s], [a, b]]]
json.dump({"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"k": "x", "area_m2": 10 + i, "count": 100 + i, "v": i}, "geometry": {"type": "Polygon", "coordinates": box(100 + i / 200, i / 200, 0.01)}}
    for i in range(2)]}, open("in.geojson", "w"))
END
    eb dissolve in.geojson --by k --sum area_m2 --sum v --sum v --sum count -o d.geojson --table t.csv --json -q
    assert_exit 0
    assert_equal '["k", "count", "area_m2_2", "v", "v_2", "count_2", "gross_m2", "area_m2", "overlap_m2"]' "$(json "list(d['tables'][0]['rows'][0])")"
    assert_equal '[2, 21, 1, 1, 201]' "$(json "[d['tables'][0]['rows'][0][c] for c in ('count', 'area_m2_2', 'v', 'v_2', 'count_2')]")"
    near "$(json "d['tables'][0]['rows'][0]['area_m2'] / d['tables'][0]['rows'][0]['gross_m2']")" 0.875 1e-6
    [[ $(head -n 1 t.csv) == *"k,count,area_m2_2,v,v_2,count_2,gross_m2,area_m2,overlap_m2"* ]] || show "$(head -n 1 t.csv)"
    area=$(json "d['tables'][0]['rows'][0]['area_m2']")
    output=$(cat d.geojson)
    assert_equal '["k", "count", "area_m2_2", "v", "v_2", "count_2", "area_m2"]' "$(json "list(d['features'][0]['properties'])")"
    assert_equal "$area" "$(json "d['features'][0]['properties']['area_m2']")"
    # What the groups are made by comes first, and keeps its name before all.
    eb dissolve in.geojson --by count --json -q
    assert_equal '["count", "count_2", "gross_m2", "area_m2", "overlap_m2"]' "$(json "list(d['tables'][0]['rows'][0])")"
}

@test "lengths are those of the ellipsoid, of what is merged and of what it was made of" {
    # A meridian over all of China, there in two halves and again in its northern one.
    PYTHONPATH=$ECOBELT_SOURCE/tests/support python3 -B - <<'END'
import json
from meridian import arc
json.dump([arc(20, 45), arc(32, 45)], open("want.json", "w"))
line = lambda south, north: {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[115, south], [115, north]]}}
json.dump({"type": "FeatureCollection", "features": [line(20, 32), line(32, 45), line(32, 45)]}, open("in.geojson", "w"))
END
    eb dissolve in.geojson -o out.geojson --json -q
    assert_exit 0
    near "$(json "d['tables'][0]['rows'][0]['length_m']")" "$(python3 -c "import json; print(json.load(open('want.json'))[0])")" 1e-9
    near "$(json "d['tables'][0]['rows'][0]['gross_m']")" "$(python3 -c "import json; print(sum(json.load(open('want.json'))))")" 1e-9
    near "$(json "d['tables'][0]['rows'][0]['overlap_m']")" "$(python3 -c "import json; print(json.load(open('want.json'))[1])")" 1e-9
    length=$(json "d['tables'][0]['rows'][0]['length_m']")
    output=$(cat out.geojson)
    assert_equal "$length" "$(json "d['features'][0]['properties']['length_m']")"
}

@test "values of any length tell groups, classes and zones apart by all of their text" {
    python3 - <<'END'
import json
feature = lambda i: {"type": "Feature", "properties": {"v": "x" * 1500 + "ab"[i]}, "geometry": {"type": "Polygon", "coordinates": [
    [[100 + i, 0], [100.01 + i, 0], [100.01 + i, 0.01], [100 + i, 0.01], [100 + i, 0]]]}}
json.dump({"type": "FeatureCollection", "features": [feature(0), feature(1)]}, open("in.geojson", "w"))
END
    for command in 'dissolve in.geojson --by v' 'designations in.geojson --by v' 'tabulate in.geojson in.geojson --zone v --class v'; do
        # shellcheck disable=SC2086
        eb $command --json -q
        assert_exit 0
        assert_equal '[true, true]' "$(json "['x' * 1500 + c in str(d['tables'][0]['rows']) for c in 'ab']")"
    done
}

@test "heights and measures are not carried over, and that is said once a layer" {
    python3 - <<'END'
import json
ring = lambda x: [[x, 29, 5], [x + 0.01, 29, 5], [x + 0.01, 29.01, 5], [x, 29, 5]]
layer = lambda kind, shapes: {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"k": i % 3}, "geometry": {"type": kind, "coordinates": s}} for i, s in enumerate(shapes)]}
json.dump(layer("Polygon", [[ring(110 + i / 50)] for i in range(900)]), open("z.geojson", "w"))
json.dump(layer("LineString", [ring(110 + i / 50) for i in range(90)]), open("lz.geojson", "w"))
json.dump(layer("Polygon", [[[c[:2] for c in ring(110)]]]), open("flat.geojson", "w"))
END
    said() { json "[c['reason'] for c in d['diagnosis']['cases'] if 'carried' in c['reason']]"; }
    for command in 'dissolve z.geojson -j 7' 'overlay z.geojson flat.geojson -j 7' 'designations z.geojson' 'dissolve lz.geojson -j 2'; do
        # shellcheck disable=SC2086
        eb $command --json -q
        assert_exit 0
        assert_equal '["heights (Z) are not carried over to the result"]' "$(said)"
    done
    # A table has no heights to lose, and a flat layer neither.
    eb tabulate z.geojson flat.geojson --zone k --json -q
    assert_equal '[]' "$(said)"
    eb dissolve flat.geojson --json -q
    assert_equal '[]' "$(said)"
    eb dissolve z.geojson --lang zh
    [[ $output$stderr == *"高程(Z)"* ]]
}

@test "lines beside a pole count once, too, whatever vertices they have" {
    for lat in 83 86 89.5; do
        printf '{"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[-40,%s],[-39.9,%s]]}},
            {"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[-39.98,%s],[-39.95,%s]]}}]}' \
            $lat $lat $lat $lat > pole.geojson
        eb dissolve pole.geojson --json -q
        assert_exit 0
        # A third of the longer line is there again.
        assert_equal '0.3' "$(json "round(d['tables'][0]['rows'][0]['overlap_m'] / d['tables'][0]['rows'][0]['length_m'], 4)")"
    done
}
