#!/usr/bin/env bats
# enclose: the polygon that bounding lines enclose.

load ../support/helper

near() { awk -v a="$1" -v b="$2" -v t="$3" 'BEGIN {d = a - b; if (d < 0) d = -d; if (d > t * (b < 0 ? -b : b)) {print a, "is not", b; exit 1}}'; }

# lines FILE X0,Y0,X1,Y1...: straight lines in units of 0.01 degree near the equator
lines() {
    local file=$1
    shift
    awk 'BEGIN {
        printf "{\"type\":\"FeatureCollection\",\"features\":["
        for (i = 1; i < ARGC; i++) {
            split(ARGV[i], c, ",")
            printf "%s{\"type\":\"Feature\",\"properties\":{\"n\":%d},\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[%.6f,%.6f],[%.6f,%.6f]]}}", \
                (i > 1 ? "," : ""), i, 100 + c[1] / 100, c[2] / 100, 100 + c[3] / 100, c[4] / 100
        }
        print "]}"
    }' "$@" > "$file"
}
unit=1230872

@test "the west new city's four bounds enclose the published 16.6 km2" {
    eb enclose "$LAYERS/west_new_city_bounds.geojson" --json -q
    assert_exit 0
    near "$(json "d['tables'][0]['rows'][0]['area_m2']")" 16.6e6 0.005
    near "$(json "d['tables'][0]['rows'][0]['official_m2']")" 16.6e6 0.005
    assert_equal 1 "$(json "d['tables'][0]['rows'][0]['faces']")"
}

@test "lines of two layers that run on past the corners" {
    lines h.geojson -1,0,5,0 -1,4,5,4
    lines v.geojson 0,-1,0,5 4,-1,4,5
    eb enclose h.geojson v.geojson --json -q
    assert_exit 0
    near "$(json "d['tables'][0]['rows'][0]['area_m2']")" $((16 * unit)) 1e-4
    near "$(json "d['tables'][0]['rows'][0]['perimeter_m']")" 17737 1e-2
}

@test "of several areas the one around a place, else the largest" {
    lines grid.geojson -1,0,7,0 -1,2,7,2 0,-1,0,3 1,-1,1,3 6,-1,6,3
    eb enclose grid.geojson --json -q
    assert_exit 0
    near "$(json "d['tables'][0]['rows'][0]['area_m2']")" $((10 * unit)) 1e-4
    assert_equal 2 "$(json "d['tables'][0]['rows'][0]['faces']")"
    [[ $(json "' '.join(d['tables'][0]['notes'])") == *"the largest"* ]]
    eb enclose grid.geojson --inside 100.005,0.01 --json -q
    assert_exit 0
    near "$(json "d['tables'][0]['rows'][0]['area_m2']")" $((2 * unit)) 1e-4
    eb enclose grid.geojson --inside 100.005,0.5
    assert_exit 4
    assert_err "100.005,0.5"
}

@test "nothing enclosed, nothing to enclose with, nonsense" {
    lines open.geojson 0,0,4,0 4,0,4,4 4,4,0.1,4
    eb enclose open.geojson
    assert_exit 4
    assert_err "enclose nothing"
    eb enclose "$LAYERS/counties.geojson"
    assert_exit 4
    for place in 118 118,x 118,29,1 999,0 ,; do
        eb enclose open.geojson --inside "$place"
        assert_exit 2
    done
    eb enclose missing.geojson
    assert_exit 3
}
@test "as a layer, in the CRS of the lines" {
    lines h.geojson -1,0,5,0 -1,4,5,4 0,-1,0,5 4,-1,4,5
    eb enclose h.geojson -o face.geojson -q
    assert_exit 0
    output=$(cat face.geojson)
    assert_equal 1 "$(json "len(d['features'])")"
    assert_equal '[100.0, 100.04]' "$(json "[round(min(p[0] for p in d['features'][0]['geometry']['coordinates'][0]), 6), round(max(p[0] for p in d['features'][0]['geometry']['coordinates'][0]), 6)]")"
}

