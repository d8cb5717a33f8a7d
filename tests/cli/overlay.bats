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
    assert_equal '["name", "size"]' "$(json "list(d['features'][0]['properties'])")"
    output=$(cat union.geojson)
    assert_equal '["name", "size", "name_2", "size_2"]' "$(json "list(d['features'][0]['properties'])")"
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

@test "slivers are reported with their place, and merged only when asked" {
    squares a.geojson a1 0 0 4
    squares b.geojson b1 -1 -1 1.00005 b2 0 0 2
    eb overlay a.geojson b.geojson --op identity -o s.geojson
    assert_exit 0
    assert_err "sliver"
    assert_equal '["a1/None", "a1/b1", "a1/b2"]' "$(rows s.geojson)"
    eb overlay a.geojson b.geojson --op identity --min-area 0m2 -o t.geojson
    refute_err "sliver"
    eb overlay a.geojson b.geojson --op identity --merge-slivers -o u.geojson --json
    assert_exit 0
    near "$(json "sum(r['area_m2'] for r in d['tables'][0]['rows'])")" $((16 * unit)) 1e-4
    assert_equal '["a1/None", "a1/b2"]' "$(rows u.geojson)"
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
