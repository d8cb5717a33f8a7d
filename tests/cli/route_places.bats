#!/usr/bin/env bats
# Where stops come to lie: beside tunnels, on bridges, on roads drawn over one another; and how high they lie there.

load ../support/helper
load ../support/roads

# route STOP... on roads.geojson; further options in $options.
route() {
    collect stops.geojson "$@"
    # shellcheck disable=SC2086 # options are words
    eb route roads.geojson stops.geojson --json -q ${options:-}
}

# remarks: what is said of the stops.
remarks() { json "' | '.join(c['reason'] for c in d['diagnosis']['cases'] if c['layer'] == 'stops')"; }

@test "a stop above a tunnel goes to a road on the ground, where one is near enough; either way it is said" {
    collect roads.geojson "$(road west 二级 '0,0 0.005,0')" "$(road tube 二级 '0.005,0 0.015,0' '"tunnel":"yes"')" "$(road east 二级 '0.015,0 0.02,0')" \
        "$(road lane 四级 '0.005,0 0.005,0.002 0.015,0.002')"
    route "$(stop A 0,0)" "$(stop M 0.01,0.0005)" "$(stop B 0.02,0)"
    assert_exit 0
    near "$(cell route 0 length_m)" "$(awk "BEGIN {printf \"%.6f\", $EQUATOR * 0.01 + 221.149}")" 1e-5
    assert_equal "the nearest road, 55 m away, is in a tunnel; the stop is taken to the one 166 m away" "$(remarks)"
    options="--snap 100"
    route "$(stop A 0,0)" "$(stop M 0.01,0.0005)" "$(stop B 0.02,0)"
    assert_exit 0
    near "$(cell route 0 length_m)" "$(awk "BEGIN {printf \"%.6f\", $EQUATOR * 0.01}")" 1e-6
    assert_equal "there is no road within 100 m but one in a tunnel, 55 m away: the stop lies in the tunnel" "$(remarks)"
    # A bridge can be stood on: the stop stays on it, and that is said.
    collect roads.geojson "$(road west 二级 '0,0 0.005,0')" "$(road deck 二级 '0.005,0 0.015,0' '"bridge":"yes"')" "$(road east 二级 '0.015,0 0.02,0')"
    options=
    route "$(stop A 0,0)" "$(stop M 0.01,0.0005)" "$(stop B 0.02,0)"
    assert_exit 0
    assert_equal "its road, 55 m away, is a bridge: the stop lies on the bridge" "$(remarks)"
}

# slope VALUE: dem.asc rises 100 m a hundredth of a degree to the east; a gorge (or mountain) of that VALUE round 0.01 E.
slope() {
    python3 - "$1" <<'EOF'
import sys
with open("dem.asc", "w") as out:
    out.write("ncols 40\nnrows 20\nxllcorner -0.01\nyllcorner -0.01\ncellsize 0.001\nNODATA_value -9999\n")
    places = [-0.0095 + 0.001 * i for i in range(40)]
    row = [sys.argv[1] if 0.0065 < x < 0.0135 else f"{100 + 10000 * x:.6f}" for x in places]
    out.write((" ".join(row) + "\n") * 20)
with open("dem.prj", "w") as out:
    out.write('GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]')
EOF
}

# climbs: net climb of all legs and what is climbed in vain, and the largest deviation of the profile from the straight slope.
climbs() {
    json "'%.2f %.2f %.3f' % (sum(r['ascent_m'] - r['descent_m'] for t in d['tables'] if t['name'] == 'route' for r in t['rows']), sum(min(r['ascent_m'], r['descent_m']) for t in d['tables'] if t['name'] == 'route' for r in t['rows']), max(abs(r['height_m'] - 100 - 10000 * r['lon_deg']) for t in d['tables'] if t['name'] == 'profile' for r in t['rows']))"
}

@test "heights at stops on a bridge and in a tunnel are those of the deck, not of the ground" {
    local kind value at
    options="--dem dem.asc"
    for kind in '"bridge":"yes",-300' '"tunnel":"yes",900'; do
        value=${kind##*,}
        slope "$value"
        # The structure in three pieces, so that a stop may lie in any of them and at their ends.
        collect roads.geojson "$(road west 二级 '0,0 0.005,0')" "$(road s 二级 '0.005,0 0.009,0' "${kind%,*}")" \
            "$(road s 二级 '0.011,0 0.009,0' "${kind%,*}")" "$(road s 二级 '0.011,0 0.015,0' "${kind%,*}")" "$(road east 二级 '0.015,0 0.02,0')"
        for at in 0.005 0.007 0.009 0.01 0.011 0.0135; do
            route "$(stop A 0,0)" "$(stop M $at,0)" "$(stop N 0.0125,0)" "$(stop B 0.02,0)"
            assert_exit 0
            assert_equal "200.00 0.00 0.000" "$(climbs)"
        done
    done
    # A road on the ground that meets the structure brings it to the ground there, whether the way stops there or goes through.
    slope -300
    collect roads.geojson "$(road west 二级 '0,0 0.005,0')" "$(road s 二级 '0.005,0 0.01,0' '"bridge":"yes"')" \
        "$(road s 二级 '0.01,0 0.015,0' '"bridge":"yes"')" "$(road east 二级 '0.015,0 0.02,0')" "$(road side 四级 '0.01,0 0.01,0.005')"
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    near "$(cell route 0 ascent_m)" 650 1e-6
    route "$(stop A 0,0)" "$(stop M 0.01,0)" "$(stop B 0.02,0)"
    near "$(json "sum(r['ascent_m'] for r in d['tables'][0]['rows'])")" 650 1e-6
    collect roads.geojson "$(road west 二级 '0,0 0.005,0')" "$(road s 二级 '0.005,0 0.015,0' '"tunnel":"yes"')" "$(road east 二级 '0.015,0 0.02,0')"
    # A stop that stands on one spot with another has a height too.
    route "$(stop A 0.01,0)" "$(stop B 0.01,0)"
    near "$(cell profile 0 height_m)" 200 1e-6
}

@test "the two directions of a street drawn over one another: a stop lies on both" {
    collect roads.geojson "$(road there 二级 '0,0 0.01,0 0.02,0' '"oneway":"yes"')" "$(road back 二级 '0.02,0 0,0' '"oneway":"yes"')"
    route "$(stop A 0.004,0.0001)" "$(stop B 0.013,0)" "$(stop C 0.001,0)"
    assert_exit 0
    near "$(cell route 0 length_m)" "$(awk "BEGIN {printf \"%.6f\", $EQUATOR * 0.009}")" 1e-7
    near "$(cell route 1 length_m)" "$(awk "BEGIN {printf \"%.6f\", $EQUATOR * 0.012}")" 1e-7
    # At a vertex of one that the other does not have.
    route "$(stop A 0.01,0)" "$(stop B 0.013,0)" "$(stop C 0.01,0)" "$(stop D 0.001,0)"
    assert_exit 0
    near "$(cell route 2 length_m)" "$(awk "BEGIN {printf \"%.6f\", $EQUATOR * 0.009}")" 1e-7
    # Of another level, or only crossing: not joined.
    collect roads.geojson "$(road there 二级 '0,0 0.02,0' '"oneway":"yes"')" "$(road back 二级 '0.02,0 0,0' '"oneway":"yes","layer":1')"
    route "$(stop A 0.004,0)" "$(stop B 0.001,0)"
    assert_exit 0
    near "$(cell route 0 length_m)" "$(awk "BEGIN {printf \"%.6f\", $EQUATOR * 0.037}")" 1e-7
    collect roads.geojson "$(road one 二级 '0,0 0.02,0')" "$(road other 二级 '0.01,-0.01 0.01,0.01')"
    route "$(stop A 0.01,0)" "$(stop B 0.01,0.01)"
    assert_exit 1
}

@test "classes in other words and spellings; unknown ones are named, counted, placed and kept" {
    collect roads.geojson "$(road a 高速公路 '0,0 0.01,0')" "$(road b '一级公路' '0.01,0 0.02,0')" "$(road c 'Primary ' '0.02,0 0.03,0')" \
        "$(road d ' 二级　' '0.03,0 0.04,0')" "$(road e 国道 '0.04,0 0.05,0')" "$(road f 县道 '0.05,0 0.06,0')" \
        "$(road g 神级 '0.06,0 0.07,0')" "$(road h 神级 '0.07,0 0.08,0')" "$(road i 'Ghost road' '0.08,0 0.09,0')"
    route "$(stop A 0,0)" "$(stop B 0.09,0)"
    assert_exit 0
    assert_equal "高速 一级 二级 primary 国道 县道 神级 Ghost road" "$(column by_class class)"
    assert_equal '2 roads of the unknown class "神级"|6|0.06;1 roads of the unknown class "Ghost road"|8|0.08' \
        "$(json "';'.join('%s|%s|%s' % (c['reason'].split(' never')[0], c['fid'], c['x']) for c in d['diagnosis']['cases'] if 'unknown class' in c['reason'])")"
    eb network roads.geojson --json -q
    assert_equal "1 1 1 1 1 1 2 1" "$(column by_class count)"
    # An unknown class can be avoided by its name, and never counts as good enough.
    options="--avoid 神级"
    route "$(stop A 0,0)" "$(stop B 0.09,0)"
    assert_exit 1
    collect places.geojson "$(stop P 0.085,0)"
    eb access places.geojson roads.geojson --at-least 县级公路 --json -q
    assert_exit 0
    assert_equal f "$(cell access 0 road)"
    eb access places.geojson roads.geojson --at-least 神级
    assert_exit 2
    # A word that is not understood closes the road, and that is told.
    collect roads.geojson "$(road a 二级 '0,0 0.01,0' '"closed":"maybe"')" "$(road b 二级 '0,0 0.005,0.005 0.01,0')"
    options=
    route "$(stop A 0,0)" "$(stop B 0.01,0)"
    assert_exit 0
    near "$(cell route 0 length_m)" 1569 1e-2
    assert_equal 1 "$(json "sum('1 roads whose closure is told in words' in c['reason'] for c in d['diagnosis']['cases'])")"
}

@test "a stop is never taken to a road of a class to avoid, nor an alternative's; where it is not the nearest road, it is said" {
    # B lies 33 m from the expressway, whose ramp is at the other end, and 78 m from a road that leads to A.
    collect roads.geojson "$(road G3 高速 '0,0.001 0.02,0.001')" "$(road X101 三级 '0,0 0.02,0')" "$(road ramp 二级 '0,0 0,0.001')"
    collect stops.geojson "$(stop A 0.001,0)" "$(stop B 0.019,0.0007)"
    eb route roads.geojson stops.geojson --avoid 高速 --json -q
    assert_exit 0
    near "$(cell route 0 length_m)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.018}")" 1e-6
    assert_equal 1 "$(json "sum('is of a class to avoid; the stop is taken to the one 77 m away' in c['reason'] for c in d['diagnosis']['cases'])")"
    # The same as on a network without them.
    eb route roads.geojson stops.geojson --network-where "class <> '高速'" --json -q
    near "$(cell route 0 length_m)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.018}")" 1e-6
    eb route roads.geojson stops.geojson --alternative 高速 -o w.geojson --json -q
    assert_exit 0
    assert_equal " 高速" "$(column route variant)"
    near "$(cell route 1 length_m)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.018}")" 1e-6
    assert_equal 1 "$(json "sum('without 高速 the stop is taken to a road 77 m away rather than to the one 33 m away' in c['reason'] for c in d['diagnosis']['cases'])")"
    assert_equal "0 33 0 77" "$(python3 -c "import json; print(*[round(f['properties']['snap_m']) for f in json.load(open('w_stops.geojson'))['features']])")"
    eb route roads.geojson stops.geojson --avoid 高速 --snap 50 --json -q
    assert_exit 1
    assert_equal "no road within 50 m but of classes to avoid" "$(cell unreached 1 reason)"
    # Without the class the stop's nearest road is an island.
    collect roads.geojson "$(road link 高速 '0.01,0.0005 0.01,0')" "$(road main 三级 '0,0 0.01,0 0.02,0')" "$(road lane 四级 '0.01,0.0005 0.011,0.0005')"
    collect stops.geojson "$(stop A 0.001,0)" "$(stop B 0.0105,0.0006)" "$(stop C 0.015,0)"
    eb route roads.geojson stops.geojson --avoid 高速 --json -q
    assert_exit 0
    assert_equal "A B" "$(column route from)"
    eb route roads.geojson stops.geojson --avoid 高速 --snap 60 --json -q
    assert_exit 1
    assert_equal "without the classes to avoid its road lies on an island of 0.1 km that is not joined with the other stops" "$(cell unreached 0 reason)"
    # An end that only the alternative loses.
    eb route roads.geojson stops.geojson --alternative 高速 --snap 60 --order best --start A --end B --json -q
    assert_exit 0
    assert_equal "A C A" "$(column route from)"
    assert_equal "高速 B" "$(column unreached variant) $(column unreached name)"
}

@test "a stop of several points is told, not cut down to its first" {
    ladder
    collect stops.geojson "$(stop A 0,0)" \
        '{"type":"Feature","properties":{"name":"Two"},"geometry":{"type":"MultiPoint","coordinates":[[0.01,0],[0.015,0]]}}' \
        '{"type":"Feature","properties":{"name":"One"},"geometry":{"type":"MultiPoint","coordinates":[[0.02,0]]}}'
    eb route roads.geojson stops.geojson --json -q
    assert_exit 1
    assert_equal "A One" "$(column route from) $(column route to)"
    assert_equal "Two it has 2 places at once, and a stop is one: split it into single points" "$(column unreached name) $(column unreached reason)"
    eb access stops.geojson roads.geojson --at-least 二级 --json -q
    assert_equal "null null" "$(cell access 1 distance_m) $(cell access 1 spur_m)"
    assert_equal "it has 2 places at once, and a stop is one: split it into single points" "$(cell access 1 reason)"
}

@test "names of stops in the reader's language, where the stops have both" {
    ladder
    collect stops.geojson "$(stop East 0,0 '"name_zh":"东"')" "$(stop West 0.02,0 '"name_zh":"西"')"
    eb route roads.geojson stops.geojson --json -q
    assert_equal "East West" "$(column route from) $(column route to)"
    eb route roads.geojson stops.geojson --json -q --lang zh
    assert_equal "东 西" "$(column route from) $(column route to)"
    eb route roads.geojson stops.geojson --json -q --lang zh --name name
    assert_equal "East West" "$(column route from) $(column route to)"
}
