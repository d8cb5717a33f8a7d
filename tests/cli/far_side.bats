#!/usr/bin/env bats
# Layers around the Earth: on both sides of 180 degrees, and polygons around the place opposite the plane's centre.

load ../support/helper

# layer FILE PARTS: a multi polygon of boxes "west south east north; ..." with an edge for every twentieth of a degree
layer() {
    awk -v parts="$2" 'BEGIN {
        printf "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"name\":\"one\"},\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":["
        count = split(parts, part, ";")
        for (p = 1; p <= count; p++) {
            split(part[p], b, " ")
            n = (b[3] - b[1]) * 20; m = (b[4] - b[2]) * 20
            printf (p > 1 ? ",[[" : "[[")
            for (i = 0; i < n; i++) printf "[%.9f,%.9f],", b[1] + i / 20, b[2]
            for (i = 0; i < m; i++) printf "[%.9f,%.9f],", b[3], b[2] + i / 20
            for (i = 0; i < n; i++) printf "[%.9f,%.9f],", b[3] - i / 20, b[4]
            for (i = 0; i < m; i++) printf "[%.9f,%.9f],", b[1], b[4] - i / 20
            printf "[%.9f,%.9f]]]", b[1], b[2]
        }
        print "]}}]}"
    }' > "$1"
}
near() { awk -v a="$1" -v b="$2" -v t="$3" 'BEGIN {d = a - b; if (d < 0) d = -d; if (d > t * (b < 0 ? -b : b)) {print a, "is not", b; exit 1}}'; }
sums() { json "sum(r['area_m2'] or 0 for r in d['tables'][0]['rows'])"; }

@test "the plane lies where the layer is, across 180 degrees too" {
    layer whole.geojson "177 -20 183 -15"
    layer split.geojson "177 -20 180 -15;-180 -20 -177 -15"
    layer other.geojson "-183 -20 -177 -15"
    eb area whole.geojson --method geodesic --json -q
    assert_exit 0
    true_m2=$(json "d['tables'][0]['rows'][0]['geodesic_m2']")
    for file in whole split other; do
        eb dissolve $file.geojson --json -q
        assert_exit 0
        near "$(sums)" "$true_m2" 1e-6
        eb tabulate $file.geojson whole.geojson --zone name --json -q
        assert_exit 0
        near "$(sums)" "$true_m2" 1e-6
        assert_equal '[100.0, 0]' "$(json "[round(r['share_of_zone_pct'], 4) for r in d['tables'][0]['rows']]")"
    done
    for pair in 'whole split' 'split whole' 'other split' 'split other' 'split split'; do
        # shellcheck disable=SC2086
        set -- $pair
        eb overlay "$1.geojson" "$2.geojson" --op union --json -q
        assert_exit 0
        near "$(json "d['tables'][0]['rows'][0]['area_m2']")" "$true_m2" 1e-6
        [[ $output =~ centred\ on\ -?180\. ]] || show "the plane lies elsewhere"
    done
}

@test "a polygon around the far side of the Earth is not turned inside out" {
    layer zone.geojson "118 28 119 29"
    # Around -61.5 E -28.5 N, beside it, and with a hole where it is.
    layer around.geojson "-70 -35 -50 -20"
    layer beside.geojson "-70 -28 -50 -20"
    layer world.geojson "-180 -90 180 90"
    for file in around world; do
        # A designation of which nothing is left is refused.
        for command in "0 tabulate zone.geojson $file.geojson --zone name" "0 overlay $file.geojson zone.geojson" \
            "4 designations a=zone.geojson b=$file.geojson"; do
            # shellcheck disable=SC2086
            eb ${command#* }
            assert_exit "${command%% *}"
            assert_err "lies around the far side of the Earth (-61.5 E -28.5 N)"
        done
    done
    eb tabulate zone.geojson around.geojson --zone name --json -q
    assert_equal '[100]' "$(json "[r['share_of_zone_pct'] for r in d['tables'][0]['rows']]")"
    eb tabulate zone.geojson beside.geojson --zone name
    assert_exit 0
    refute_err "far side"
    eb overlay around.geojson zone.geojson -o o.gpkg -q
    eb convert o_rejects.gpkg r.geojson -q
    assert_exit 0
    output=$(cat r.geojson)
    assert_equal '[[-70, -35]]' "$(json "[[round(c) for c in f['geometry']['coordinates']] for f in d['features']]")"
}

@test "a part some of whose pieces have no official area has none" {
    # Wider than the official formula reaches, beside one that it is made for.
    sed 's/"features":\[/&{"type":"Feature","properties":{"name":"wide"},"geometry":{"type":"Polygon","coordinates":[[[100,30],[118,30],[118,31],[100,31],[100,30]]]}},/' <<< '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"small"},"geometry":{"type":"Polygon","coordinates":[[[118,28],[118.1,28],[118.1,28.1],[118,28.1],[118,28]]]}}]}' > a.geojson
    layer b.geojson "118.05 28 119 29"
    eb overlay a.geojson b.geojson --op identity --json -q
    assert_exit 0
    assert_equal '[["both", true], ["only first", false]]' "$(json "[[r['part'], r['official_m2'] is not None] for r in d['tables'][0]['rows']]")"
}

@test "long edges that come near the far side are not drawn across it" {
    layer zone.geojson "104 -1 106 1"
    # The far side, 75 W 0 N, lies on the edge of the first, and beside the long edges of the second; the third has short ones.
    layer on.geojson "-80 -20 -60 0"
    sed 's/"coordinates":.*/"coordinates":[[[[-85,-25],[-65,-25],[-65,-5],[-85,-5],[-85,-25]]]]}}]}/' on.geojson > beside.geojson
    layer short.geojson "-85 -25 -65 -5"
    for file in on beside; do
        eb overlay $file.geojson zone.geojson --op union
        assert_exit 0
        assert_err "lies around the far side of the Earth"
    done
    eb overlay short.geojson zone.geojson --op union --json
    assert_exit 0
    refute_err "far side"
    first=$(json "[r['area_m2'] for r in d['tables'][0]['rows'] if r['part'] == 'only first'][0]")
    eb area short.geojson --json -q
    near "$first" "$(json "d['tables'][0]['rows'][0]['geodesic_m2']")" 1e-3
}

@test "a layer of web-map metres that is wider than half of the Earth lies where it is" {
    layer two.geojson "-110 10 -90 30;80 10 100 30"
    eb convert two.geojson two.gpkg --to-crs EPSG:3857 -q
    assert_exit 0
    eb dissolve two.gpkg -o out.gpkg -q
    assert_exit 0
    eb convert out.gpkg back.geojson --to-crs EPSG:4326 -q
    output=$(cat back.geojson)
    assert_equal '[-110, 100]' "$(json "(lambda x: [round(min(x)), round(max(x))])([p[0] for f in d['features'] for g in f['geometry']['coordinates'] for r in g for p in r])")"
}
