#!/usr/bin/env bats
# overlay: attributes, operations, slivers, rejects, and what is refused. Areas are judged in check_overlay.

load ../support/helper

# squares FILE NAME X Y SIZE ...: a layer of named squares, in units of 0.01 degree at the equator.
squares() {
    local file=$1
    shift
    awk 'BEGIN {
        printf "{\"type\":\"FeatureCollection\",\"features\":["
        for (i = 1; i < ARGC; i += 4) {
            x = 100 + ARGV[i + 1] / 100; y = ARGV[i + 2] / 100; s = ARGV[i + 3] / 100
            printf "%s{\"type\":\"Feature\",\"properties\":{\"name\":\"%s\",\"size\":%g},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%.9f,%.9f],[%.9f,%.9f],[%.9f,%.9f],[%.9f,%.9f],[%.9f,%.9f]]]}}", \
                (i > 1 ? "," : ""), ARGV[i], ARGV[i + 3], x, y, x + s, y, x + s, y + s, x, y + s, x, y
        }
        print "]}"
    }' "$@" > "$file"
}
near() { awk -v a="$1" -v b="$2" -v t="$3" 'BEGIN {d = a - b; if (d < 0) d = -d; if (d > t * (b < 0 ? -b : b)) {print a, "is not", b; exit 1}}'; }
unit=1230872

# rows FILE: name and name_2 of the features
rows() {
    output=$(cat "$1")
    json "sorted(str(f['properties'].get('name')) + '/' + str(f['properties'].get('name_2')) for f in d['features'])"
}

two() {
    squares a.geojson a1 0 0 4 a2 10 0 4
    squares b.geojson b1 2 2 4 b2 20 0 4
}

@test "each operation keeps its parts, with the attributes of both" {
    two
    for op in intersection union identity difference symdiff; do
        eb overlay a.geojson b.geojson --op $op -o $op.geojson -q
        assert_exit 0
    done
    assert_equal '["a1/b1"]' "$(rows intersection.geojson)"
    assert_equal '["a1/None", "a1/b1", "a2/None"]' "$(rows identity.geojson)"
    assert_equal '["None/b1", "None/b2", "a1/None", "a1/b1", "a2/None"]' "$(rows union.geojson)"
    assert_equal '["a1/None", "a2/None"]' "$(rows difference.geojson)"
    assert_equal '["None/b1", "None/b2", "a1/None", "a2/None"]' "$(rows symdiff.geojson)"
    output=$(cat difference.geojson)
    assert_equal '["name", "size", "area_m2"]' "$(json "list(d['features'][0]['properties'])")"
    output=$(cat union.geojson)
    assert_equal '["name", "size", "name_2", "size_2", "area_m2"]' "$(json "list(d['features'][0]['properties'])")"
}

@test "areas of the parts" {
    two
    eb overlay a.geojson b.geojson --op union --json -q
    assert_exit 0
    for row in both:4 'only first:28' 'only second:28'; do
        near "$(json "[r['area_m2'] for r in d['tables'][0]['rows'] if r['part'] == '${row%:*}'][0]")" $((${row#*:} * unit)) 1e-4
    done
}

@test "lines and points with polygons" {
    squares b.geojson b1 0 0 4
    printf '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"l"},"geometry":{"type":"LineString","coordinates":[[99.98,0.02],[100.06,0.02]]}}]}' > lines.geojson
    printf '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"p"},"geometry":{"type":"Point","coordinates":[100.01,0.01]}},{"type":"Feature","properties":{"name":"q"},"geometry":{"type":"Point","coordinates":[101,0.01]}}]}' > points.geojson
    eb overlay lines.geojson b.geojson --op identity -o l.geojson --json -q
    assert_exit 0
    near "$(json "[r['length_m'] for r in d['tables'][0]['rows'] if r['part'] == 'both'][0]")" 4452.8 1e-3
    near "$(json "[r['length_m'] for r in d['tables'][0]['rows'] if r['part'] == 'only first'][0]")" 4452.8 1e-3
    assert_equal '["l/None", "l/b1"]' "$(rows l.geojson)"
    eb overlay points.geojson b.geojson --op intersection -o p.geojson -q
    assert_exit 0
    assert_equal '["p/b1"]' "$(rows p.geojson)"
    eb overlay points.geojson b.geojson --op difference -o q.geojson -q
    assert_equal '["q/None"]' "$(rows q.geojson)"
    eb overlay lines.geojson b.geojson --op union
    assert_exit 2
    eb overlay b.geojson lines.geojson
    assert_exit 2
    assert_err "holds no polygons"
}

@test "a line or a point on a border belongs to one polygon, the first, and is told" {
    python3 - <<'END'
import json
def save(name, kind, shapes):
    json.dump({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4527"}}, "features": [
        {"type": "Feature", "properties": {"name": n}, "geometry": {"type": kind, "coordinates": c}} for n, c in shapes]}, open(name, "w"))
x, y = 39615000, 3237000
box = lambda a, b: [[[a, b], [a + 500, b], [a + 500, b + 1000], [a, b + 1000], [a, b]]]
save("cells.geojson", "Polygon", [("west", box(x, y)), ("east", box(x + 500, y))])
# Down the border of both, with vertices of its own; along the outer border; across, from outside to outside.
save("lines.geojson", "LineString", [("shared", [[x + 500, y + 1000 - 37 * i] for i in range(20)]), ("outer", [[x, y + 100], [x, y + 333], [x, y + 900]]),
    ("across", [[x - 100, y + 500], [x + 1100, y + 500]])])
save("points.geojson", "Point", [("shared", [x + 500, y + 77]), ("corner", [x, y]), ("outside", [x - 1, y])])
END
    eb overlay lines.geojson cells.geojson --op identity -o l.geojson --json -q
    assert_exit 0
    # 703 m and 800 m on borders, 1000 m across them; the plane's scale beside the Gauss plane's is the tolerance.
    near "$(json "[r['length_m'] for r in d['tables'][0]['rows'] if r['part'] == 'both'][0]")" 2503 5e-4
    near "$(json "[r['length_m'] for r in d['tables'][0]['rows'] if r['part'] == 'only first'][0]")" 200 5e-4
    near "$(json "[float(n.split()[0]) for n in d['tables'][0]['notes'] if 'run along a border' in n][0]")" 1503 5e-4
    assert_equal '["across/None", "across/east", "across/west", "outer/west", "shared/west"]' "$(rows l.geojson)"
    eb overlay points.geojson cells.geojson --op identity -o p.geojson --json -q
    [[ $(json "' '.join(d['tables'][0]['notes'])") == *"2 points lie on a border"* ]] || show "the note"
    assert_equal '["corner/west", "outside/None", "shared/west"]' "$(rows p.geojson)"
}

@test "slivers are reported with their place, and merged only when asked" {
    squares a.geojson a1 0 0 4
    squares b.geojson b1 -1 -1 1.00005 b2 0 0 2
    eb overlay a.geojson b.geojson --op identity -o s.geojson
    assert_exit 0
    assert_err "sliver"
    assert_equal '["a1/None", "a1/b1", "a1/b2"]' "$(rows s.geojson)"
    eb overlay a.geojson b.geojson --op identity --min-area 0m2 -o t.geojson
    assert_exit 0
    refute_err "sliver"
    eb overlay a.geojson b.geojson --op identity --merge-slivers -o u.geojson --json
    assert_exit 0
    near "$(json "sum(r['area_m2'] for r in d['tables'][0]['rows'])")" $((16 * unit)) 1e-4
    assert_equal '["a1/None", "a1/b2"]' "$(rows u.geojson)"
}

@test "merging slivers moves no land between the parts that an operation keeps, and counts none twice" {
    # A strip of b1 lies in a; b2 covers all the rest of it but a thread. b2 and b3 share half of a.
    squares a.geojson a1 0 0 4
    squares b.geojson b1 -4 0 4.0001 b2 0.0001 0 8
    squares c.geojson b1 -4 0 4.0001 b2 0.0001 0 8 b3 2 0 2.00003
    for second in b c; do
        for op in intersection union identity difference symdiff; do
            eb overlay a.geojson $second.geojson --op $op --min-area 2000m2 --json -q
            assert_exit 0
            before=$(json "sum(r['area_m2'] for r in d['tables'][0]['rows'])")
            second_before=$(json "sum(r['area_m2'] for r in d['tables'][0]['rows'] if r['part'] == 'only second')")
            eb overlay a.geojson $second.geojson --op $op --min-area 2000m2 --merge-slivers -o m.geojson --overwrite --json -q
            assert_exit 0
            near "$(json "sum(r['area_m2'] for r in d['tables'][0]['rows'])")" "$before" 1e-9
            near "$(json "sum(r['area_m2'] for r in d['tables'][0]['rows'] if r['part'] == 'only second')")" "$second_before" 1e-9
            assert_equal "$(json "sum(r['count'] for r in d['tables'][0]['rows'])")" "$(python3 -c "import json; print(len(json.load(open('m.geojson'))['features']))")"
            # The shapes have that area as well, but for what the last digit of their coordinates is worth.
            eb area m.geojson --json -q
            assert_equal true "$(json "abs(sum(r['geodesic_m2'] for r in d['tables'][0]['rows']) - $before) <= 1e-5 * $before + 1")"
        done
    done
    eb overlay a.geojson b.geojson --op union --min-area 2000m2 --merge-slivers -o u.geojson --overwrite --json -q
    assert_equal '["None/b1", "None/b2", "a1/b2"]' "$(rows u.geojson)"
    eb overlay a.geojson b.geojson --op union --min-area 2000m2 --merge-slivers --json -q
    [[ $(json "' '.join(d['tables'][0]['notes'])") == *"2 slivers of 495.05"*" m2 in all joined the largest piece"* ]] || show "the note"
}

@test "what cannot be used goes to the layer of rejects" {
    squares b.geojson b1 0 0 4
    printf '{"type":"FeatureCollection","features":[%s,%s,%s]}' \
        '{"type":"Feature","properties":{"name":"flat"},"geometry":{"type":"Polygon","coordinates":[[[100,0],[100.01,0.01],[100,0],[100,0]]]}}' \
        '{"type":"Feature","properties":{"name":"line"},"geometry":{"type":"LineString","coordinates":[[100,0],[100.01,0.01]]}}' \
        '{"type":"Feature","properties":{"name":"good"},"geometry":{"type":"Polygon","coordinates":[[[100,0],[100.01,0],[100.01,0.01],[100,0]]]}}' > a.geojson
    eb overlay a.geojson b.geojson -o r.geojson
    assert_exit 0
    assert_equal '["good/b1"]' "$(rows r.geojson)"
    output=$(cat r_rejects.geojson)
    assert_equal 2 "$(json "len(d['features'])")"
    assert_equal '[100, 0]' "$(json "[int(round(v)) for v in d['features'][0]['geometry']['coordinates']]")"
    [[ $(json "' '.join(f['properties']['reason'] for f in d['features'])") == *"beyond repair"*"holds lines"* ]]
    # The second layer in a CRS of its own: its rejects have their places in that of the result.
    printf '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3857"}},"features":[%s,%s]}' \
        '{"type":"Feature","properties":{"name":"flat"},"geometry":{"type":"Polygon","coordinates":[[[11131949.08,0],[11131950,1000],[11131949.08,0],[11131949.08,0]]]}}' \
        '{"type":"Feature","properties":{"name":"good"},"geometry":{"type":"Polygon","coordinates":[[[11131949,0],[11133000,0],[11133000,1000],[11131949,0]]]}}' > m.geojson
    eb overlay b.geojson m.geojson -o s.geojson
    assert_exit 0
    output=$(cat s_rejects.geojson)
    assert_equal true "$(json "len(d['features']) == 1 and all(abs(v - w) < 1e-5 for v, w in zip(d['features'][0]['geometry']['coordinates'], (100, 0)))")"
}

# layer NAME GEOMETRY...: a file NAME.geojson of features n = 0, 1, …
layer() {
    local file=$1.geojson
    shift
    python3 -c 'import json, sys
json.dump({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"n": i}, "geometry": json.loads(g)} for i, g in enumerate(sys.argv[1:])]}, sys.stdout)' "$@" >"$file"
}

@test "of a collection what the layer is about is used, whichever layer and analysis it is, and the rest is told with its place" {
    squares b.geojson b1 0 0 4
    local square='{"type":"Polygon","coordinates":[[[100.01,0.01,5],[100.02,0.01,5],[100.02,0.02,5],[100.01,0.01,5]],[[100.017,0.012,5],[100.018,0.013,5],[100.018,0.012,5],[100.017,0.012,5]]]}'
    local line='{"type":"LineString","coordinates":[[100.01,0.01],[100.02,0.01]]}' point='{"type":"Point","coordinates":[100.015,0.015]}'
    layer plain "$square" "$square"
    layer mixed "$square" '{"type":"GeometryCollection","geometries":['"$point"',{"type":"GeometryCollection","geometries":['"$line,$square"']}]}'
    for op in intersection union identity difference symdiff; do
        for pair in 'NAME b' 'b NAME'; do
            for name in plain mixed; do
                # shellcheck disable=SC2086
                set -- ${pair/NAME/$name}
                eb overlay "$1.geojson" "$2.geojson" --op $op -o $name.out.geojson --overwrite
                assert_exit 0
                [ $name = plain ] || assert_err "feature 1 (100.015, 0.015): a collection: its polygons are used, its lines and points are left out"
                sed -i s/mixed/plain/g $name.out.geojson
            done
            cmp plain.out.geojson mixed.out.geojson
        done
    done
    for command in 'tabulate b.geojson NAME --zone name --class n' 'tabulate NAME b.geojson --zone n' 'designations NAME' 'dissolve NAME'; do
        # shellcheck disable=SC2086
        eb ${command/NAME/plain.geojson} --json -q
        want=$(json "[t['rows'] for t in d['tables']]")
        # shellcheck disable=SC2086
        eb ${command/NAME/mixed.geojson} --json -q
        assert_exit 0
        assert_equal "${want//plain/mixed}" "$(json "[t['rows'] for t in d['tables']]")"
        assert_equal '[[1, 100.015, 0.015]]' "$(json "[[c['fid'], c['x'], c['y']] for c in d['diagnosis']['cases'] if 'a collection' in c['reason']]")"
    done
    layer lines '{"type":"GeometryCollection","geometries":['"$point,$line"']}'
    eb overlay lines.geojson b.geojson --json -q
    near "$(json "sum(r['length_m'] for r in d['tables'][0]['rows'])")" 1113.2 1e-3
    assert_equal '["a collection: its lines are used, its points are left out"]' "$(json "[c['reason'] for c in d['diagnosis']['cases']]")"
}

@test "a line without length goes to the rejects with its place, and the others go on" {
    squares b.geojson b1 0 0 4
    layer lines '{"type":"LineString","coordinates":[[100.01,0.01],[100.02,0.01]]}' '{"type":"LineString","coordinates":[[100.03,0.01],[100.03,0.01]]}' \
        '{"type":"MultiLineString","coordinates":[[[100.03,0.03],[100.03,0.03]],[[100.01,0.03],[100.02,0.03]]]}'
    for command in 'overlay lines.geojson b.geojson' 'dissolve lines.geojson' 'dissolve lines.geojson --by n' 'tabulate b.geojson lines.geojson --zone name'; do
        local output_option='-o x.gpkg'
        [ "${command%% *}" != tabulate ] || output_option=
        # shellcheck disable=SC2086
        eb $command $output_option --overwrite --json -q
        assert_exit 0
        near "$(json "sum(r['length_m'] for r in d['tables'][0]['rows'])")" 2226.4 1e-3
        assert_equal 2 "$(json "sum(r['count'] for r in d['tables'][0]['rows'])")"
        assert_equal '[[1, 100.03, 0.01, "the line has no length"], [2, 100.03, 0.03, "parts of the line without length are left out"]]' \
            "$(json "sorted([c['fid'], c['x'], c['y'], c['reason']] for c in d['diagnosis']['cases'])")"
        [ "$output_option" ] || continue
        eb convert x_rejects.gpkg rejects.geojson --overwrite -q
        assert_exit 0
        grep -q '\[100\.03, *0\.01\]' rejects.geojson || show "$command: $(cat rejects.geojson)"
    done
}

@test "lengths are those of the ellipsoid, of whole lines, of their pieces and over all of China" {
    # A meridian, whose length is a plain integral, cut where it and a border have a vertex.
    PYTHONPATH=$ECOBELT_SOURCE/tests/support python3 -B - <<'END'
import json
from meridian import arc
json.dump([arc(20, 32), arc(32, 45)], open("want.json", "w"))
def save(name, geometry):
    json.dump({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"n": 1}, "geometry": geometry}]}, open(name, "w"))
save("line.geojson", {"type": "LineString", "coordinates": [[115, 20 + i / 2] for i in range(51)]})
save("south.geojson", {"type": "Polygon", "coordinates": [[[114, 19], [116, 19], [116, 32], [115, 32], [114, 32], [114, 19]]]})
END
    for op in intersection identity difference; do
        eb overlay line.geojson south.geojson --op $op -o l.geojson --overwrite --json -q
        assert_exit 0
        found=$(json "{r['part']: r['length_m'] for r in d['tables'][0]['rows']}")
        assert_equal True "$(python3 -c "
import json, sys
want, found = json.load(open('want.json')), json.loads(sys.argv[1])
print(len(found) > 0 and all(abs(found[p] / w - 1) < 1e-7 for p, w in zip(('both', 'only first'), want) if p in found))" "$found")"
        eb area l.geojson --json -q
        near "$(json "d['tables'][0]['rows'][0]['length_m']")" "$(python3 -c "import json, sys; print(sum(json.loads(sys.argv[1]).values()))" "$found")" 1e-9
    done
}

@test "the same file for any number of threads" {
    for threads in 1 2 7; do
        eb overlay "$LAYERS/park.geojson" "$LAYERS/designations.geojson" --op union -j $threads -o t$threads.geojson -q
        assert_exit 0
        cmp t1.geojson t$threads.geojson
    done
}

@test "park and counties: union has every part, once" {
    eb overlay "$LAYERS/counties.geojson" "$LAYERS/park.geojson" --op union --json -q
    assert_exit 0
    near "$(json "[r['area_m2'] for r in d['tables'][0]['rows'] if r['part'] == 'both'][0]")" 252.38e6 0.005
    near "$(json "sum(r['area_m2'] for r in d['tables'][0]['rows'])")" 8845.66e6 1e-4
}

@test "an operation that is none, an output that is there" {
    two
    eb overlay a.geojson b.geojson --op minus
    assert_exit 2
    touch there.geojson
    eb overlay a.geojson b.geojson -o there.geojson
    assert_exit 5
}

# cents FILE FIELD: official areas summed up by a field, in whole hundredths of m2
cents() {
    python3 -c 'import json, sys
sums = {}
for f in json.load(open(sys.argv[1]))["features"]:
    p = f["properties"]
    sums[p[sys.argv[2]]] = sums.get(p[sys.argv[2]], 0) + round(100 * p["official_m2"])
    assert abs(p["official_m2"] * 100 - round(100 * p["official_m2"])) < 1e-3, p
print(sorted((k, v) for k, v in sums.items() if k is not None))' "$@"
}

@test "official areas of pieces add up to their feature, and features to the table, to the last digit" {
    eb area "$LAYERS/counties.geojson" -o whole.geojson --method official -q
    assert_exit 0
    want=$(cents whole.geojson name)
    for op in identity union; do
        for second in park designations; do
            eb overlay "$LAYERS/counties.geojson" "$LAYERS/$second.geojson" --op $op -o p.geojson --overwrite --json -q
            assert_exit 0
            [ "$second" = designations ] || assert_equal "$want" "$(cents p.geojson name)"
            written=$(python3 -c 'import json; print(sum(round(100 * f["properties"]["official_m2"]) for f in json.load(open("p.geojson"))["features"]))')
            assert_equal "$written" "$(json "sum(round(100 * r['official_m2']) for r in d['tables'][0]['rows'])")"
        done
    done
    # The method line says how, with the check; a note says what the features came to.
    [[ $(json "d['tables'][0]['method']") == *"each shape in its own 3-degree zone (zone 39: 1, zone 40: 5)"*"official minus geodesic"* ]] || show "the method"
    [[ $(json "' '.join(d['tables'][0]['notes'])") == *"the 6 features of A that have pieces here hold 8845657998.53 m2, their pieces 8848010929.70 m2"*"count 2352931.21 m2 again"* ]] || show "the note"
}

@test "official areas of an intersection leave to the rest of the feature what is the rest's" {
    # Nine stripes leave a tenth of a parcel uncovered: each has a tenth of its official area (the plane's scale grows eastwards).
    python3 - <<'END'
import json
def save(name, boxes):
    json.dump({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4527"}}, "features": [
        {"type": "Feature", "properties": {"n": i}, "geometry": {"type": "Polygon", "coordinates": [[[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]]}}
        for i, (x, y, w, h) in enumerate(boxes)]}, open(name, "w"))
save("parcel.geojson", [(39615000, 3237000, 1000, 1000)])
save("stripes.geojson", [(39615000 + 100 * i, 3236000, 100, 4000) for i in range(9)])
save("twice.geojson", [(39615000, 3237000, 500, 1000), (39615000, 3237000, 500, 1000)])
END
    eb overlay parcel.geojson stripes.geojson -o p.geojson -q
    assert_exit 0
    output=$(cat p.geojson)
    assert_equal true "$(json "len(d['features']) == 9 and all(abs(f['properties']['official_m2'] - 99967.098) < 0.6 for f in d['features'])")"
    eb overlay parcel.geojson stripes.geojson --op identity --json -q
    assert_equal 99967098 "$(json "round(100 * sum(r['official_m2'] for r in d['tables'][0]['rows']))")"
    # Two shapes on one place have each their part of the whole: they cannot add up to it, and the table says by how much.
    eb overlay parcel.geojson twice.geojson -o t.geojson -q
    output=$(cat t.geojson)
    assert_equal true "$(json "all(abs(f['properties']['official_m2'] - 499835.49) < 2 for f in d['features']) and len({f['properties']['official_m2'] for f in d['features']}) == 1")"
}

@test "what a piece has of the official area does not depend on what else is in the layers" {
    # Squares of 10 km cut along their diagonal, alone and with a shape far away that moves the plane; the halves are straight in the
    # Gauss plane, so each must be what the same triangle measures by itself.
    python3 - <<'END'
import json
def save(name, rings):
    json.dump({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4527"}}, "features": [
        {"type": "Feature", "properties": {"n": i}, "geometry": {"type": "Polygon", "coordinates": [r + r[:1]]}} for i, r in enumerate(rings)]}, open(name, "w"))
x, y, d = 39610000, 3230000, 10000
square, below = [[x, y], [x + d, y], [x + d, y + d], [x, y + d]], [[x, y], [x + d, y], [x + d, y + d]]
save("square.geojson", [square])
save("alone.geojson", [below])
save("east.geojson", [below, [[x + 150000, y + 100000], [x + 160000, y + 100000], [x + 160000, y + 110000]]])
save("west.geojson", [below, [[x - 300000, y - 200000], [x - 290000, y - 200000], [x - 290000, y - 190000]]])
END
    eb area alone.geojson --json -q
    want=$(json "d['tables'][0]['rows'][0]['official_m2']")
    for second in alone east west; do
        for op in intersection identity; do
            eb overlay square.geojson $second.geojson --op $op --json -q
            near "$(json "d['tables'][0]['rows'][0]['official_m2']")" "$want" 2.3e-10
        done
        near "$(json "sum(r['official_m2'] for r in d['tables'][0]['rows'])")" 99967362.54 1e-11
    done
}

@test "pieces that overlap since the second layer does: said, with how much" {
    python3 - <<'END'
import json
def save(name, boxes):
    json.dump({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4527"}}, "features": [
        {"type": "Feature", "properties": {"n": i}, "geometry": {"type": "Polygon", "coordinates": [[[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]]}}
        for i, (x, y, w, h) in enumerate(boxes)]}, open(name, "w"))
save("parcels.geojson", [(39615000, 3237000, 1000, 1000), (39617000, 3237000, 1000, 1000)])
save("over.geojson", [(39615000, 3237000, 400, 1000), (39615300, 3237000, 400, 1000), (39617000, 3237000, 500, 1000)])
END
    for op in intersection identity; do
        eb overlay parcels.geojson over.geojson --op $op --json -q
        [[ $(json "' '.join(d['tables'][0]['notes'])") == *"lie over one another in 1 features of A, and their pieces count 99967"*" m2 again"* ]] || show "$op: 100 m x 1000 m counted again"
    done
    # The other parcel adds up none the less: 500 m of it are covered, 500 m are not.
    eb overlay parcels.geojson over.geojson --op identity --where "n = 1" --json -q
    [[ $(json "' '.join(d['tables'][0]['notes'])") != *"overlap"* ]] || show "nothing overlaps there"
}

@test "official areas only where there is a formula for them" {
    two
    eb overlay a.geojson b.geojson --op union --json -q
    assert_exit 0
    refute_out official_m2
    eb overlay "$LAYERS/rivers.geojson" "$LAYERS/park.geojson" --json -q
    assert_exit 0
    refute_out official_m2
}

@test "every run says by how much pieces and whole differ" {
    for op in intersection union identity difference symdiff; do
        eb overlay "$LAYERS/counties.geojson" "$LAYERS/park.geojson" --op $op --json -q
        assert_exit 0
        json "[float(n.split('differ by ')[1].split()[0]) for n in d['tables'][0]['notes'] if 'a run fails above 1e-9' in n][0] <= 1e-9" >said
        assert_equal true "$(cat said)"
    done
}

# What differs in the plane by less than the layer's coordinates tell apart must not come out as a ring of two places.
@test "whatever is done with the layers that ship, every shape that comes out is valid" {
  need ogrinfo
  for second in demonstration_zone park designations; do
    for op in intersection identity union difference symdiff; do
      eb overlay "$LAYERS/counties.geojson" "$LAYERS/$second.geojson" --op "$op" -o result.gpkg --overwrite -q
      assert_exit 0
      run ogrinfo -q -dialect SQLite -sql "SELECT count(*) AS bad FROM overlay WHERE NOT ST_IsValid(geom) OR geom IS NULL" result.gpkg
      assert_out "bad (Integer) = 0"
    done
  done
  eb dissolve result.gpkg -o whole.gpkg -q
  assert_exit 0
  run ogrinfo -q -dialect SQLite -sql "SELECT count(*) AS bad FROM dissolve WHERE NOT ST_IsValid(geom)" whole.gpkg
  assert_out "bad (Integer) = 0"
}

@test "in a plan the key says the unit of the smallest area" {
    squares a.geojson a1 0 0 4
    squares b.geojson b1 -1 -1 1.00005 b2 0 0 2
    for value in 2000 2000m2 0.2ha; do
        printf 'title: {zh: 试, en: Try}\nlayers:\n  a: {path: a.geojson}\n  b: {path: b.geojson}\nsteps:\n  - {id: o, overlay: {first: a, second: b, op: identity, min_area_m2: %s}}\n' $value >plan.yaml
        eb run plan.yaml -o out.$value --lang en
        assert_exit 0
        diff -r out.2000/statistics "out.$value/statistics"
    done
    eb overlay a.geojson b.geojson --min-area 2000
    assert_exit 2
    assert_err "a number with its unit"
    assert_err "2000m2, 2000ha, 2000mu or 2000km2"
    eb overlay a.geojson b.geojson --min-area 20sqm
    assert_exit 2
    assert_err "for instance 100m2, 0.5ha"
    for value in 2000m2 '2000 m2' 2000m² 0.2公顷 '0.2 ha' 3亩 0.002平方公里; do
        eb overlay a.geojson b.geojson --op identity --min-area "$value"
        assert_exit 0
        assert_err "sliver"
    done
}

# strips N FILE: slanting strips of 60 m side by side, 100 m apart, which GEOS cuts wrongly in places without saying so.
strips() {
    awk -v n="$1" 'BEGIN {
        printf "{\"type\":\"FeatureCollection\",\"features\":["
        for (i = 0; i < n; i++) {
            x = 118.5 + i / 1000
            printf "%s{\"type\":\"Feature\",\"properties\":{\"n\":%d},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%.4f,28.9],[%.4f,28.9],[%.4f,29],[%.4f,29],[%.4f,28.9]]]}}", \
                (i ? "," : ""), i, x, x + 0.0006, x + 0.1006, x + 0.1, x
        }
        print "]}"
    }' > "$2"
}

@test "strips cut by boxes: what both share and what is left of them make up the strips" {
    strips 100 strips.geojson
    local box='{"type":"Feature","properties":{"name":"%s"},"geometry":{"type":"Polygon","coordinates":[[[%s,28.92],[%s,28.92],[%s,28.98],[%s,28.98],[%s,28.92]]]}}'
    printf '{"type":"FeatureCollection","features":['"$box,$box"']}' b 118.55 118.65 118.65 118.55 118.55 c 118.65 118.75 118.75 118.65 118.65 > boxes.geojson
    eb overlay boxes.geojson strips.geojson --op union -o u.gpkg --table u.csv -q
    assert_exit 0
    eb overlay boxes.geojson strips.geojson --op symdiff -o s.gpkg --table s.csv -q
    assert_exit 0
    eb dissolve strips.geojson -o d.gpkg --table d.csv -q
    assert_exit 0
    local area
    area() { awk -F, -v part="$2" 'NR == 1 {for (i = 1; i <= NF; i++) if ($i == "area_m2") c = i} part == "" && NR == 2 || $1 == part {print $c}' "$1"; }
    [ -n "$(area u.csv both)" ]
    near "$(awk -v a="$(area u.csv both)" -v b="$(area u.csv 'only second')" 'BEGIN {printf "%.3f", a + b}')" "$(area d.csv '')" 1e-8
    assert_equal "$(area u.csv 'only second')" "$(area s.csv 'only second')"
}

# cells FILE SEED SKIP: slanted cells of some kilometres that share their corners; every SKIP-th is missing.
cells() {
    awk -v seed="$2" -v skip="$3" '
        function x(i, j) { return 118 + i * 0.06 + 0.02 * sin(seed * (7 * i + 3 * j + 1)) }
        function y(i, j) { return 29 + j * 0.05 + 0.02 * cos(seed * (5 * i + 11 * j + 2)) }
        BEGIN {
            printf "{\"type\":\"FeatureCollection\",\"features\":["
            for (i = 0; i < 6; i++) for (j = 0; j < 6; j++) {
                if ((6 * i + j) % skip == skip - 1) continue
                printf "%s{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f]]]}}", \
                    comma, x(i, j), y(i, j), x(i + 1, j), y(i + 1, j), x(i + 1, j + 1), y(i + 1, j + 1), x(i, j + 1), y(i, j + 1), x(i, j), y(i, j)
                comma = ","
            }
            print "]}"
        }' > "$1"
}

# Edges of kilometres are not the same line in degrees as in the plane: pieces must fit together in both, and have the area they state.
@test "pieces with long edges fit together as they are written" {
    cells a.geojson 1 4
    cells b.geojson 2 100
    eb check b.geojson --coverage
    assert_exit 0
    for op in union symdiff; do
        eb overlay a.geojson b.geojson --op $op -o pieces.gpkg --overwrite -q
        assert_exit 0
        eb dissolve pieces.gpkg --json -q
        assert_exit 0
        run json "[abs(r['gross_m2'] - r['area_m2']) < 1e-9 * r['area_m2'] for r in d['tables'][0]['rows']]"
        [ "$output" = "[true]" ] || show "$op: pieces overlap: $output"
        eb check pieces.gpkg --coverage
        refute_out "error overlap"
        refute_out spike
        [ $op = symdiff ] || refute_out "error gap"
    done
}
