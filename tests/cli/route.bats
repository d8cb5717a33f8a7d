#!/usr/bin/env bats
# route: ways through stops. Judged by lengths known beforehand, by what must not be reachable, and by what broken input comes to.

load ../support/helper
load ../support/roads

# route STOP... on roads.geojson; further options in $options.
route() {
    collect stops.geojson "$@"
    # shellcheck disable=SC2086 # options are words
    eb route roads.geojson stops.geojson --json -q ${options:-}
}

@test "legs along the equator measure what the equator does" {
    ladder
    route "$(stop A 0,0)" "$(stop B 0.02,0)" "$(stop C 0.005,0)"
    assert_exit 0
    assert_equal "A B" "$(column route from)"
    near "$(cell route 0 length_m)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.02}")" 1e-8
    near "$(cell route 1 length_m)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.015}")" 1e-8
    # 60 km/h on a road of class 二级 without a speed of its own.
    near "$(cell route 0 time_min)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.02 / 1000}")" 1e-8
    assert_equal "二级" "$(column by_class class)"
    assert_equal 100 "$(cell by_class 0 share_of_route_pct)"
}

@test "the best order passes the stops one by one, from and to where it is told" {
    ladder
    options="--order best"
    route "$(stop B 0.01,0)" "$(stop D 0.02,0.01)" "$(stop A 0,0)" "$(stop C 0.02,0)"
    assert_exit 0
    assert_equal "A B C D" "$(json "' '.join([d['tables'][0]['rows'][0]['from']] + [r['to'] for r in d['tables'][0]['rows']]) if d['tables'][0]['rows'][0]['from'] == 'A' else ' '.join(reversed([d['tables'][0]['rows'][0]['from']] + [r['to'] for r in d['tables'][0]['rows']]))")"
    options="--order best --start D --end B"
    route "$(stop B 0.01,0)" "$(stop D 0.02,0.01)" "$(stop A 0,0)" "$(stop C 0.02,0)"
    assert_equal "D C A" "$(column route from)"
    assert_equal "C A B" "$(column route to)"
    options="--order best --start C --loop"
    route "$(stop B 0.01,0)" "$(stop D 0.02,0.01)" "$(stop A 0,0)" "$(stop C 0.02,0)"
    assert_equal 4 "$(json "len(d['tables'][0]['rows'])")"
    assert_equal C "$(cell route 0 from)"
    assert_equal C "$(cell route 3 to)"
}

@test "more than 12 stops: as good as can be shown, and the table says so" {
    local stops=() places="7 2 13 0 9 4 11 1 14 6 3 12 8 10 5"
    collect roads.geojson "$(road street 二级 '0,0 0.02,0')"
    for k in $places; do stops+=("$(stop "s$k" "$(awk "BEGIN {print $k / 1000}"),0")"); done
    options="--order best --start s0"
    route "${stops[@]}"
    assert_exit 0
    assert_equal "s0 s1 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 s12 s13" "$(column route from)"
    assert_equal True "$(json "str('Order of stops: the best one' in d['tables'][0]['notes'])")"
    # One way round a ring costs too much for the bound to be met; it is stated.
    collect roads.geojson "$(road ring 二级 '0,0 0.02,0 0.02,0.02 0,0.02 0,0' '"oneway":"yes"')"
    options="--order best"
    route "${stops[@]}"
    assert_exit 0
    assert_equal 1 "$(json "sum('costlier than the best one' in n or n == 'Order of stops: the best one' for n in d['tables'][0]['notes'])")"
    assert_equal "s0 s1 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 s12 s13" "$(column route from)"
}

@test "given order: sorted by a field, started elsewhere, ended elsewhere" {
    ladder
    options="--sort nr"
    route "$(stop A 0,0 '"nr":3')" "$(stop B 0.02,0 '"nr":20')" "$(stop C 0.02,0.01 '"nr":1')"
    assert_exit 0
    assert_equal "C A" "$(column route from)"
    options="--sort nr --start B --end A"
    route "$(stop A 0,0 '"nr":3')" "$(stop B 0.02,0 '"nr":20')" "$(stop C 0.02,0.01 '"nr":1')"
    assert_equal "B C" "$(column route from)"
    assert_equal "C A" "$(column route to)"
}

@test "several routes by a field" {
    ladder
    options="--by tour"
    route "$(stop A 0,0 '"tour":"one"')" "$(stop B 0.02,0 '"tour":"two"')" "$(stop C 0.01,0 '"tour":"one"')" "$(stop D 0.02,0.01 '"tour":"two"')"
    assert_exit 0
    assert_equal "one two" "$(column route route)"
    assert_equal "A B" "$(column route from)"
    assert_equal "C D" "$(column route to)"
}

@test "the fastest way is not the shortest, and an alternative leaves a class out" {
    collect roads.geojson "$(road direct 四级 '0,0 0.02,0')" "$(road bypass 高速 '0,0 0.01,0.005 0.02,0')"
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    assert_equal 四级 "$(column by_class class)"
    options="--cost fastest"
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    assert_equal 高速 "$(column by_class class)"
    options="--alternative 四级 --alternative 高速+四级"
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    assert_exit 0
    assert_equal "四级 高速" "$(column by_class class)"
    assert_equal " 四级" "$(column route variant)"
    assert_equal 2 "$(json "sum('without 高速+四级 there is no road within 500 m' in c['reason'] for c in d['diagnosis']['cases'])")"
    options="--avoid 四级"
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    assert_equal 高速 "$(column by_class class)"
}

@test "one-way signs are kept to, and what they cut off is told" {
    collect roads.geojson "$(road ring 二级 '0,0 0.01,0 0.01,0.01 0,0.01 0,0' '"oneway":"yes"')"
    route "$(stop A 0.002,0)" "$(stop B 0.001,0)"
    assert_exit 0
    near "$(cell route 0 length_m)" "$(awk "BEGIN {printf \"%.6f\", 2 * $EQUATOR * 0.01 + 2 * 1105.74 - $EQUATOR * 0.001}")" 1e-4
    collect roads.geojson "$(road street 二级 '0,0 0.01,0' '"oneway":"-1"')"
    route "$(stop A 0.002,0)" "$(stop B 0.008,0)"
    assert_exit 1
    assert_err "2 of 2 stops cannot be reached"
    route "$(stop A 0.008,0)" "$(stop B 0.002,0)"
    assert_exit 0
}

@test "the best order where no order passes all: what is cut off is told, the rest is ordered; a variant without a way costs nothing else" {
    # C lies behind a one-way street that leads away from it.
    collect roads.geojson "$(road street 二级 '0,0 0.01,0 0.02,0')" "$(road out 二级 '0.01,0.01 0.01,0' '"oneway":"yes"')" \
        "$(road in 四级 '0.02,0 0.03,0')"
    options="--order best --loop"
    route "$(stop B 0.02,0)" "$(stop C 0.01,0.01)" "$(stop A 0,0)"
    assert_exit 1
    assert_equal "B A" "$(column route from)"
    assert_equal "no way leads here and back from B that the one-way signs and avoided classes allow" \
        "$(json "[c['reason'] for c in d['diagnosis']['cases'] if c['layer'] == 'stops'][0]")"
    # As a start it can be left.
    options="--order best --start C"
    route "$(stop B 0.02,0)" "$(stop C 0.01,0.01)" "$(stop A 0,0)"
    assert_exit 0
    options="--order best --start A --end D --alternative 四级"
    route "$(stop D 0.03,0)" "$(stop B 0.02,0)" "$(stop A 0,0)"
    assert_exit 0
    assert_equal "A B A" "$(column route from)"
    assert_equal "  四级" "$(column route variant)"
    assert_equal 1 "$(json "sum('without 四级 there is no road within 500 m' in c['reason'] for c in d['diagnosis']['cases'])")"
    # As given, a loop that cannot be closed says so.
    options="--loop"
    route "$(stop C 0.01,0.01)" "$(stop A 0,0)"
    assert_exit 1
    assert_err "1 loops stay open"
    assert_equal "C" "$(column route from)"
    assert_equal "C: the loop stays open: no way leads back from A to C" "$(column unreached name): $(column unreached reason)"
    options="--loop -o open.gpx"
    route "$(stop C 0.01,0.01)" "$(stop A 0,0)"
    grep -q '<desc>2.2 km, 2 min; the loop stays open: no way leads back from A to C</desc>' open.gpx
}

@test "an alternative that a one-way road lets in and not out again loses that stop, and says so" {
    collect roads.geojson "$(road main 二级 '0,0 0.01,0')" "$(road in 三级 '0.01,0 0.01,0.01' '"oneway":"yes"')" "$(road out 四级 '0.01,0.01 0,0.01 0,0')"
    options="--order best --loop --alternative 四级"
    route "$(stop A 0,0)" "$(stop B 0.005,0)" "$(stop C 0.01,0.01)"
    assert_exit 0
    assert_equal "A B C A B" "$(column route from)"
    assert_equal "without 四级 no way leads from A to C and back" "$(column unreached reason)"
    route "$(stop B 0.005,0)" "$(stop C 0.01,0.01)"
    assert_equal "B C" "$(column route from)"
    assert_equal "without 四级 no way leads from B to C and back without 四级 it is the only stop of its route that can be reached" "$(column unreached reason)"
    options="--alternative 四级"
    route "$(stop B 0.005,0)" "$(stop C 0.01,0.01)" "$(stop A 0,0)"
    assert_equal "B C B" "$(column route from)"
    assert_equal "without 四级 no way leads from C to A" "$(column unreached reason)"
    options=
}

@test "bridges and levels: no way where the roads do not meet" {
    collect roads.geojson "$(road below 二级 '0,0.01 0.02,0.01')" "$(road above 二级 '0.01,0 0.01,0.02' '"bridge":"yes","layer":1')"
    options=--cross
    route "$(stop A 0,0.01)" "$(stop B 0.01,0.02)"
    assert_exit 1
    collect roads.geojson "$(road one 二级 '0,0.01 0.02,0.01')" "$(road other 二级 '0.01,0 0.01,0.02')"
    route "$(stop A 0,0.01)" "$(stop B 0.01,0.02)"
    assert_exit 0
    options=
    route "$(stop A 0,0.01)" "$(stop B 0.01,0.02)"
    assert_exit 1
    assert_err "2 of 2 stops cannot be reached"
}

@test "a stop far from any road is told off, never sent elsewhere" {
    ladder
    options="--snap 300 -o way.geojson"
    route "$(stop A 0,0)" "$(stop Far 0.01,0.005)" "$(stop Off 0.04,0)" "$(stop B 0.02,0)"
    assert_exit 1
    assert_equal "A Far" "$(column route from)"
    assert_equal "Far B" "$(column route to)"
    run python3 -c "import json; print(*[(f['properties']['name'], f['properties']['reason']) for f in json.load(open('way_unreached.geojson'))['features']])"
    assert_equal "('Off', 'no road within 300 m')" "$output"
    run python3 -c "import json; print(*[(f['properties']['order'], f['properties']['name']) for f in json.load(open('way_stops.geojson'))['features']])"
    assert_equal "(1, 'A') (2, 'Far') (3, 'B')" "$output"
}

@test "two components: the stop on the island is told off with the size of its island" {
    collect roads.geojson "$(road main 二级 '0,0 0.02,0')" "$(road island 二级 '0,0.01 0.01,0.01')"
    route "$(stop A 0,0)" "$(stop I 0.005,0.01)" "$(stop B 0.02,0)"
    assert_exit 1
    assert_equal "its road lies on an island of 1.1 km that is not joined with the other stops" \
        "$(json "[c['reason'] for c in d['diagnosis']['cases'] if c['layer'] == 'stops'][0]")"
    assert_equal A "$(column route from)"
    assert_equal B "$(column route to)"
}

@test "a stop whose nearest road is an island goes to the road of the others, if that is near enough, and it is said" {
    collect roads.geojson "$(road main 二级 '0,0 0.02,0')" "$(road driveway 四级 '0.01,0.0005 0.011,0.0005')"
    route "$(stop A 0,0)" "$(stop M 0.0105,0.0006)" "$(stop B 0.02,0)"
    assert_exit 0
    assert_equal "A M" "$(column route from)"
    near "$(cell route 0 length_m)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.0105}")" 1e-8
    assert_equal "the nearest road, 11 m away, lies on an island of 0.1 km; the stop is taken to the one 66 m away" \
        "$(json "[c['reason'] for c in d['diagnosis']['cases'] if c['layer'] == 'stops'][0]")"
    options="--snap 60"
    route "$(stop A 0,0)" "$(stop M 0.0105,0.0006)" "$(stop B 0.02,0)"
    assert_exit 1
    assert_equal "its road lies on an island of 0.1 km that is not joined with the other stops" \
        "$(json "[c['reason'] for c in d['diagnosis']['cases'] if c['layer'] == 'stops'][0]")"
}

@test "closed roads are there and lead nowhere" {
    collect roads.geojson "$(road direct 二级 '0,0 0.02,0' '"closed":"yes"')" "$(road round 二级 '0,0 0.01,0.01 0.02,0')"
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    assert_exit 0
    near "$(cell route 0 length_m)" 3138 1e-3
}

@test "one stop, no stops, stops on top of each other" {
    ladder
    route "$(stop A 0,0)"
    assert_exit 1
    assert_equal 0 "$(json "len(d['tables'][0]['rows'])")"
    assert_equal "A it is the only stop of its route: there is no way to find" "$(column unreached name) $(column unreached reason)"
    # The one that is left of a route stands beside those that it lost.
    options="--by tour"
    route "$(stop A 0,0 '"tour":"one"')" "$(stop B 0.02,0 '"tour":"two"')" "$(stop C 0.01,0 '"tour":"two"')" "$(stop Far 1,1 '"tour":"one"')"
    assert_exit 1
    assert_equal "A Far" "$(column unreached name)"
    assert_equal "it is the only stop of its route that can be reached: there is no way to find" "$(cell unreached 0 reason)"
    options=
    collect stops.geojson
    eb route roads.geojson stops.geojson
    assert_exit 3
    assert_err "there is no stop in the layer"
    options="--order best -o way.geojson"
    route "$(stop A 0,0)" "$(stop B 0,0)" "$(stop C 0.02,0)"
    assert_exit 0
    assert_equal 2 "$(json "len(d['tables'][0]['rows'])")"
    near "$(json "sum(r['length_m'] for r in d['tables'][0]['rows'])")" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.02}")" 1e-8
    [ "$(json "min(r['length_m'] for r in d['tables'][0]['rows'])")" = 0.0 ] || [ "$(json "min(r['length_m'] for r in d['tables'][0]['rows'])")" = 0 ]
    run python3 -c "import json; print(len(json.load(open('way.geojson'))['features']))"
    assert_equal 2 "$output"
}

@test "a stop without a place, and one whose place is broken" {
    ladder
    route "$(stop A 0,0)" '{"type":"Feature","properties":{"name":"Nowhere"},"geometry":null}' "$(stop B 0.02,0)"
    assert_exit 1
    assert_equal "it has no place" "$(json "[c['reason'] for c in d['diagnosis']['cases'] if c['layer'] == 'stops'][0]")"
    assert_equal "A" "$(column route from)"
}

@test "names of start and end that nobody has, start and end the same, a loop with an end" {
    ladder
    options="--start Nobody"
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    assert_exit 2
    assert_err 'no stop of the route is called "Nobody"'
    options="--end Nobody"
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    assert_exit 2
    options="--start A --end A"
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    assert_exit 2
    assert_err "ask for a loop"
    options="--loop --end B"
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    assert_exit 2
    assert_err "a loop ends where it starts"
}

@test "classes that do not exist, fields that do not exist" {
    ladder
    options="--avoid 五级"
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    assert_exit 2
    assert_err 'the class "五级" to avoid is not known'
    options="--class kind"
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    assert_exit 2
    assert_err 'no field "kind"'
    options="--sort nr"
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    assert_exit 2
    assert_err 'the stops have no field "nr"'
    options="--snap -3"
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    assert_exit 2
}

@test "a null, zero, negative or unreadable speed becomes the default of the class, and is counted" {
    for speed in null 0 -50 '"fast"' 1e9; do
        collect roads.geojson "$(road street 二级 '0,0 0.02,0' "\"speed_kmh\":$speed")"
        route "$(stop A 0,0)" "$(stop B 0.02,0)"
        assert_exit 0
        near "$(cell route 0 time_min)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.02 / 1000}")" 1e-8
        assert_equal 1 "$(json "sum('1 roads without a usable speed' in c['reason'] for c in d['diagnosis']['cases'])")"
        assert_equal True "$(json "str('100 % of the length with the default speed' in d['tables'][0]['method'])")"
    done
    collect roads.geojson "$(road street 二级 '0,0 0.02,0' '"maxspeed":"30 mph"')"
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    near "$(cell route 0 time_min)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.02 / 48.28032 * 0.06}")" 1e-8
}

@test "zero-length lines, the same line twice, loops and classes nobody knows are handled and told" {
    collect roads.geojson "$(road street 二级 '0,0 0.02,0')" "$(road dot 二级 '0.01,0 0.01,0')" "$(road again 二级 '0.02,0 0,0')" \
        "$(road loop 二级 '0.01,0 0.01,0.01 0.011,0.01 0.01,0')" "$(road odd 神级 '0.02,0 0.03,0')"
    route "$(stop A 0,0)" "$(stop B 0.03,0)"
    assert_exit 0
    near "$(cell route 0 length_m)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.03}")" 1e-8
    assert_equal 1 "$(json "sum(c['reason'] == 'a line without length' for c in d['diagnosis']['cases'])")"
    assert_equal 1 "$(json "sum(c['reason'] == 'the same road a second time' for c in d['diagnosis']['cases'])")"
    assert_equal 1 "$(json "sum('1 roads of the unknown class \"神级\"' in c['reason'] and c['fid'] == 4 and c['x'] == 0.02 for c in d['diagnosis']['cases'])")"
    assert_equal "二级 神级" "$(column by_class class)"
}

@test "stops on a loop road that hangs on one point, and on a lone ring" {
    collect roads.geojson "$(road street 二级 '0,0 0.01,0')" "$(road loop 二级 '0.01,0 0.02,0 0.02,0.01 0.01,0')"
    route "$(stop A 0,0)" "$(stop B 0.018,0)"
    assert_exit 0
    near "$(cell route 0 length_m)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.018}")" 1e-8
    collect roads.geojson "$(road ring 二级 '0,0 0.01,0 0.01,0.01 0,0')"
    route "$(stop A 0.002,0)" "$(stop B 0.008,0)"
    assert_exit 0
    near "$(cell route 0 length_m)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.006}")" 1e-8
    # A stop where the ring starts and ends does not draw the others to it.
    route "$(stop A 0.002,0)" "$(stop O 0,0)" "$(stop B 0.008,0)" "$(stop C 0.0001,0.0001)"
    assert_exit 0
    near "$(cell route 0 length_m)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.002}")" 1e-8
    near "$(cell route 1 length_m)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.008}")" 1e-8
}

@test "a network of one line; networks that are none" {
    collect roads.geojson "$(road street 二级 '0,0 0.02,0')"
    route "$(stop A 0.001,0)" "$(stop B 0.019,0)"
    assert_exit 0
    near "$(cell route 0 length_m)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.018}")" 1e-8
    eb route "$LAYERS/park.geojson" stops.geojson
    assert_exit 4
    assert_err "a network is made of lines, and this is a polygon"
    eb route stops.geojson stops.geojson
    assert_exit 4
    assert_err "and this is a point"
    eb route roads.geojson roads.geojson
    assert_exit 4
    assert_err "stops are points"
    collect empty.geojson
    eb route empty.geojson stops.geojson
    assert_exit 3
    eb route roads.geojson stops.geojson --network-where "name = 'nothing'"
    assert_exit 3
    assert_err "there is no road in the network layer"
    eb route missing.geojson stops.geojson
    assert_exit 3
}

@test "service points stand at every multiple of the spacing" {
    collect roads.geojson "$(road street 二级 '0,0 0.05,0')"
    options="--service 1 -o way.geojson"
    route "$(stop A 0,0)" "$(stop M 0.02,0)" "$(stop B 0.05,0)"
    assert_exit 0
    run python3 -c "
import json
f = json.load(open('way_service.geojson'))['features']
print([x['properties']['number'] for x in f], max(abs(x['geometry']['coordinates'][0] * $EQUATOR - 1000 * x['properties']['number']) for x in f) < 0.01)"
    assert_equal "[1, 2, 3, 4, 5] True" "$output"
}

@test "the way is drawn where the road runs, from snapped place to snapped place" {
    collect roads.geojson "$(road street 二级 '0,0 0.01,0.001 0.02,0')"
    options="-o way.geojson"
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    run python3 -c "import json; print(json.load(open('way.geojson'))['features'][0]['geometry']['coordinates'])"
    assert_equal "[[0, 0], [0.01, 0.001], [0.02, 0]]" "$output"
    route "$(stop B 0.02,0)" "$(stop A 0,0)"
    assert_exit 5
    options="-o way.geojson --overwrite"
    route "$(stop B 0.02,0)" "$(stop A 0,0)"
    run python3 -c "import json; print(json.load(open('way.geojson'))['features'][0]['geometry']['coordinates'])"
    assert_equal "[[0.02, 0], [0.01, 0.001], [0, 0]]" "$output"
}

@test "projected networks and stops in another CRS come to the same lengths" {
    need ogr2ogr
    eb route "$LAYERS/roads.geojson" "$LAYERS/heritage_sites.geojson" --order best --snap 20000 --json -q
    assert_exit 0
    local first
    first=$(json "sum(r['length_m'] for r in d['tables'][0]['rows'])")
    ogr2ogr -t_srs EPSG:4549 roads.gpkg "$LAYERS/roads.geojson"
    ogr2ogr -t_srs EPSG:4528 stops.gpkg "$LAYERS/heritage_sites.geojson"
    eb route roads.gpkg stops.gpkg --order best --snap 20000 --json -q
    assert_exit 0
    near "$(json "sum(r['length_m'] for r in d['tables'][0]['rows'])")" "$first" 1e-6
}

# box NAME X0 X1: a polygon across the equator.
box() { printf '{"type":"Feature","properties":{"name":"%s"},"geometry":{"type":"Polygon","coordinates":[[[%s,-0.01],[%s,-0.01],[%s,0.005],[%s,0.005],[%s,-0.01]]]}}' "$1" "$2" "$3" "$3" "$2" "$2"; }

@test "share of a route inside a corridor: overlaps once, ways there and back twice" {
    ladder
    collect zone.geojson "$(box west -0.01 0.005)" "$(box overlap 0.004 0.006)" "$(box far 3 4)"
    options="--inside zone.geojson -o way.geojson"
    route "$(stop A 0,0)" "$(stop B 0.02,0)" "$(stop C 0.002,0)" "$(stop D 0,0.01)" "$(stop E 0.01,0.01)"
    assert_exit 0
    near "$(cell route 0 inside_m)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.006}")" 1e-8
    near "$(cell route 0 inside_pct)" 30 1e-8
    near "$(cell route 1 inside_m)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.004}")" 1e-8
    near "$(cell route 2 inside_m)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.002 + 552.8713}")" 1e-5
    assert_equal 0 "$(cell route 3 inside_m)"
    run python3 -c "import json; print([round(f['properties']['inside_pct'], 6) for f in json.load(open('way.geojson'))['features']][0])"
    assert_equal 30 "$output"
    options=
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    assert_equal False "$(json "str('inside_m' in d['tables'][0]['rows'][0])")"
    eb route roads.geojson stops.geojson --inside roads.geojson
    assert_exit 4
    assert_err "inside polygons"
}

# slope [VALUE]: an elevation model dem.asc that rises 100 m a hundredth of a degree to the east; a gorge of that VALUE round 0.01 E.
slope() {
    python3 - "${1:-}" <<'EOF'
import sys
with open("dem.asc", "w") as out:
    out.write("ncols 40\nnrows 20\nxllcorner -0.01\nyllcorner -0.01\ncellsize 0.001\nNODATA_value -9999\n")
    places = [-0.0095 + 0.001 * i for i in range(40)]
    row = [sys.argv[1] if sys.argv[1] and 0.008 < x < 0.012 else f"{100 + 10000 * x:.6f}" for x in places]
    out.write((" ".join(row) + "\n") * 20)
with open("dem.prj", "w") as out:
    out.write('GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]')
EOF
}

@test "a slope is climbed once: plain, over a void, over a gorge on a bridge; a road through the gorge climbs out of it" {
    collect roads.geojson "$(road west 二级 '0,0 0.005,0')" "$(road middle 二级 '0.005,0 0.015,0' '"bridge":"no"')" "$(road east 二级 '0.015,0 0.02,0')"
    options="--dem dem.asc"
    slope
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    assert_exit 0
    near "$(cell route 0 ascent_m)" 200 1e-6
    assert_equal 0 "$(cell route 0 descent_m)"
    near "$(cell profile 0 height_m)" 100 1e-6
    assert_equal "A B" "$(json "' '.join(r['stop'] for t in d['tables'] if t['name'] == 'profile' for r in t['rows'] if r['stop'])")"
    route "$(stop B 0.02,0)" "$(stop A 0,0)"
    near "$(cell route 0 descent_m)" 200 1e-6
    assert_equal 0 "$(cell route 0 ascent_m)"
    slope -9999
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    near "$(cell route 0 ascent_m)" 200 1e-6
    assert_equal 1 "$(json "sum('have no height in the elevation model' in c['reason'] for c in d['diagnosis']['cases'])")"
    # Down from 175 m to the bottom, and up to the end at 300 m.
    slope -300
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    near "$(cell route 0 ascent_m)" 675 1e-2
    collect roads.geojson "$(road west 二级 '0,0 0.005,0')" "$(road middle 二级 '0.005,0 0.009,0' '"bridge":"yes"')" \
        "$(road middle 二级 '0.009,0 0.015,0' '"bridge":"viaduct"')" "$(road east 二级 '0.015,0 0.02,0')"
    route "$(stop A 0,0)" "$(stop B 0.02,0)"
    near "$(cell route 0 ascent_m)" 200 1e-6
    assert_equal 0 "$(cell route 0 descent_m)"
    # Above the gorge the deck runs straight from end to end.
    assert_equal True "$(json "str(all(abs(r['height_m'] - 100 - 10000 * r['lon_deg']) < 1e-3 for t in d['tables'] if t['name'] == 'profile' for r in t['rows']))")"
    eb route roads.geojson stops.geojson --dem missing.tif
    assert_exit 3
    eb route roads.geojson stops.geojson --dem roads.geojson
    assert_exit 3
}

@test "the profile is drawn beside the output, with the stops' names; never over an existing file" {
    ladder
    slope
    options="--dem dem.asc --alternative 二级 -o way.gpkg"
    route "$(stop 'A & B' 0,0)" "$(stop 终点 0.02,0)"
    assert_exit 0
    assert_file way_profile.svg
    python3 - <<'EOF'
import re, xml.etree.ElementTree as E
S = "{http://www.w3.org/2000/svg}"
panels = E.parse("way_profile.svg").getroot().findall(S + "g")
assert len(panels) == 2, "one for the route, one for its alternative"
texts = [[t.text for t in p.iter(S + "text") if t.get("class") == "label"] for p in panels]
assert texts == [["A & B", "终点"]] * 2, texts
heads = [[t.text for t in p.iter(S + "text") if t.get("class") == "head"][0] for p in panels]
assert heads[0] == "100 - 300 m" and heads[1].startswith("二级: 100 - 300 m"), heads
line = [p.get("d") for p in panels[0].iter(S + "path") if p.get("class") == "line"][0]
points = [tuple(map(float, p.split())) for p in re.split("[ML]", line)[1:]]
xs, ys = zip(*points)
# Upwards without a step back, and straight, since the slope is.
assert list(xs) == sorted(xs) and list(ys) == sorted(ys, reverse=True), points
for x, y in points:
    straight = ys[0] + (x - xs[0]) / (xs[-1] - xs[0]) * (ys[-1] - ys[0])
    assert abs(y - straight) < 0.2, (x, y, straight)
EOF
    eb route roads.geojson stops.geojson --dem dem.asc -o other.csv -q
    assert_exit 0
    assert_file other_profile.svg
    rm way*.gpkg
    eb route roads.geojson stops.geojson --dem dem.asc -o way.gpkg
    assert_exit 5
    assert_err "way_profile.svg"
    # No heights, no drawing.
    eb route roads.geojson stops.geojson -o flat.gpkg -q
    assert_exit 0
    refute_file flat_profile.svg
}

@test "ascent over a mountain on the SRTM tile: heights and climbs computed from its bytes" {
    need_data
    need unzip
    unzip -q "$DATA/network/N42E001.hgt.zip"
    # Across ridges and valleys.
    collect roads.geojson "$(road ridge 三级 '1.42,42.46 1.47,42.52 1.55,42.53 1.61,42.6 1.7,42.61 1.74,42.53')"
    options="--dem N42E001.hgt"
    route "$(stop A 1.42,42.46)" "$(stop B 1.55,42.53)" "$(stop C 1.74,42.53)"
    assert_exit 0
    printf '%s' "$output" >tables.json
    python3 - <<'EOF'
import json, math, struct
SIDE = 1201
cells = struct.unpack(f">{SIDE * SIDE}h", open("N42E001.hgt", "rb").read())

def height(lon, lat):
    """Bilinear between the samples, which stand on whole multiples of three seconds; None where one that counts is void."""
    x, y = (lon - 1) * 1200, (43 - lat) * 1200
    i, j = math.floor(x), math.floor(y)
    four = [(cells[(j + b) * SIDE + i + a], abs(1 - a - (x - i)) * abs(1 - b - (y - j))) for a in (0, 1) for b in (0, 1)]
    return None if any(h == -32768 and w > 1e-9 for h, w in four) else sum(h * w for h, w in four)

def climbs(heights, hysteresis):
    """Turning points first, those whose swing is too small struck out, the smallest first; then sums."""
    turns = [heights[0]]
    for h in heights[1:]:
        if len(turns) > 1 and (turns[-1] - turns[-2]) * (h - turns[-1]) >= 0:
            turns[-1] = h
        elif h != turns[-1]:
            turns.append(h)
    while len(turns) > 2:
        swings = [abs(b - a) for a, b in zip(turns, turns[1:])]
        k = min(range(len(swings)), key=swings.__getitem__)
        if swings[k] >= hysteresis:
            break
        # An inner swing goes with both its ends, an outer one with the profile's end.
        if 0 < k < len(swings) - 1:
            del turns[k:k + 2]
        else:
            del turns[0 if k == 0 else -1]
    return sum(max(b - a, 0) for a, b in zip(turns, turns[1:])), sum(max(a - b, 0) for a, b in zip(turns, turns[1:]))

tables = {t["name"]: t for t in json.load(open("tables.json"))["tables"]}
for leg in tables["route"]["rows"]:
    rows = [r for r in tables["profile"]["rows"] if r["leg"] == leg["leg"]]
    own = [height(r["lon_deg"], r["lat_deg"]) for r in rows]
    known = [(a, r["height_m"]) for a, r in zip(own, rows) if a is not None]
    assert len(known) > 200 and max(abs(a - b) for a, b in known) < 1e-3, max(abs(a - b) for a, b in known)
    # Points at most half a cell apart, so that nothing is stepped over.
    gaps = [b["distance_m"] - a["distance_m"] for a, b in zip(rows, rows[1:])]
    assert max(gaps) < 47, max(gaps)
    up, down = climbs([r["height_m"] for r in rows], 5)
    assert leg["ascent_m"] > 300, leg
    assert abs(up - leg["ascent_m"]) <= 1e-6 and abs(down - leg["descent_m"]) <= 1e-6, (up, leg["ascent_m"], down, leg["descent_m"])
EOF
}

@test "Andorra: a real network with heights" {
    need_data
    collect stops.geojson "$(stop Andorra 1.5218,42.5063)" "$(stop Canillo 1.5990,42.5676)" "$(stop Ordino 1.5331,42.5562)"
    need unzip
    unzip -q "$DATA/network/N42E001.hgt.zip"
    eb route "$DATA/network/andorra.osm.pbf|layername=lines" stops.geojson --dem N42E001.hgt --json -q
    assert_exit 0
    assert_equal "Andorra Canillo" "$(column route from)"
    # Canillo lies 500 m above Andorra la Vella.
    run awk -v a="$(cell route 0 ascent_m)" -v d="$(cell route 0 descent_m)" 'BEGIN {exit !(a - d > 450 && a - d < 600)}'
    [ "$status" -eq 0 ]
}

# gpx FILE: what is wrong with it by the rules of GPX 1.1 (order of elements, places on the globe, names), then names and heights.
gpx() {
    python3 - "$1" <<'EOF'
import sys, xml.etree.ElementTree as E
G = "{http://www.topografix.com/GPX/1/1}"
root = E.parse(sys.argv[1]).getroot()
assert root.tag == G + "gpx" and root.get("version") == "1.1" and root.get("creator"), root.attrib
order = ["metadata", "wpt", "rte", "trk", "extensions"]
kinds = [order.index(x.tag[len(G):]) for x in root]
assert kinds == sorted(kinds), "waypoints before tracks"
rules = {"wpt": ["ele", "time", "name", "cmt", "desc", "src", "link", "sym", "type", "extensions"],
         "trk": ["name", "cmt", "desc", "src", "link", "number", "type", "extensions", "trkseg"]}
for x in root:
    places = [rules[x.tag[len(G):]].index(y.tag[len(G):]) for y in x]
    assert places == sorted(places), [y.tag for y in x]
for p in root.iter():
    if p.tag in (G + "wpt", G + "trkpt"):
        assert -90 <= float(p.get("lat")) <= 90 and -180 <= float(p.get("lon")) < 180
print("waypoints", *[x.findtext(G + "name") for x in root.findall(G + "wpt")], sep="|")
for t in root.findall(G + "trk"):
    segments = t.findall(G + "trkseg")
    points = [p for s in segments for p in s]
    print("track", t.findtext(G + "name"), len(segments), "points" if len(points) > 1 else "too few",
          "ele" if all(p.find(G + "ele") is not None for p in points) else "flat", sep="|")
EOF
}

@test "GPX for a phone: one file, waypoints in order, a track with its name" {
    ladder
    collect stops.geojson "$(stop 'B & <C>' 0.02,0)" "$(stop A 0,0)" "$(stop 终点 0.02,0.01)"
    eb route roads.geojson stops.geojson -o way.gpx --service 1 --order best --start A --end 终点 -q
    assert_exit 0
    assert_equal "roads.geojson stops.geojson way.gpx" "$(echo roads* stops* way*)"
    run gpx way.gpx
    [ "$status" -eq 0 ] || show "bad GPX"
    assert_equal "waypoints|A|km 1|km 2|B & <C>|km 3|终点
track|A - 终点|1|points|flat" "$output"
    eb route roads.geojson stops.geojson -o way.gpx
    assert_exit 5
}

@test "GPX: a track a route and a variant, in one file" {
    ladder
    collect stops.geojson "$(stop A 0,0 '"tour":"red"')" "$(stop B 0.02,0 '"tour":"red"')" "$(stop C 0,0.01 '"tour":"blue"')" "$(stop D 0.02,0.01 '"tour":"blue"')"
    eb route roads.geojson stops.geojson --by tour --alternative 二级 -o way.gpx -q
    assert_exit 0
    run gpx way.gpx
    assert_equal "waypoints|A|B|C|D
track|red|1|points|flat
track|blue|1|points|flat
track|red (without 二级)|1|points|flat
track|blue (without 二级)|1|points|flat" "$output"
}

@test "GPX and KML read back as they were meant" {
    need ogrinfo
    ladder
    collect stops.geojson "$(stop A 0,0)" "$(stop M 0.01,0)" "$(stop B 0.02,0)"
    eb route roads.geojson stops.geojson -o way.gpx -q
    eb route roads.geojson stops.geojson -o way.kml -q
    assert_equal "roads.geojson stops.geojson way.gpx way.kml" "$(echo roads* stops* way*)"
    run ogrinfo -ro -al -so way.gpx tracks
    [[ $output == *"Feature Count: 1"* ]]
    run ogrinfo -ro -al way.gpx tracks
    [[ $output == *"name (String) = A - B"* && $output == *"desc (String) = 2.2 km, 2 min"* ]]
    [[ $output == *"MULTILINESTRING ((0 0,0.01 0"* ]]
    run ogrinfo -ro -al way.kml
    [[ $output == *"Feature Count: 4"* && $output == *"Name (String) = M"* && $output == *"LINESTRING (0 0,0.01 0"* ]]
    # The layers proper, in a format for programs, have no layer for phones among them.
    eb route roads.geojson stops.geojson -o way.gpkg -q
    refute_file way_guide.gpkg
    assert_file way_stops.gpkg
}

@test "GPX with heights: the profile of the phone is that of the table" {
    need_data
    need unzip
    unzip -q "$DATA/network/N42E001.hgt.zip"
    collect stops.geojson "$(stop Andorra 1.5218,42.5063)" "$(stop Canillo 1.5990,42.5676)"
    eb route "$DATA/network/andorra.osm.pbf|layername=lines" stops.geojson --dem N42E001.hgt -o way.gpx --json -q
    assert_exit 0
    printf '%s' "$output" >tables.json
    run gpx way.gpx
    assert_equal "waypoints|Andorra|Canillo
track|Andorra - Canillo|1|points|ele" "$output"
    python3 - <<'EOF'
import json, xml.etree.ElementTree as E
G = "{http://www.topografix.com/GPX/1/1}"
track = [float(p.findtext(G + "ele")) for p in E.parse("way.gpx").getroot().iter(G + "trkpt")]
profile = [r["height_m"] for t in json.load(open("tables.json"))["tables"] if t["name"] == "profile" for r in t["rows"]]
assert len(track) == len(profile) and max(abs(a - b) for a, b in zip(track, profile)) < 0.006, (len(track), len(profile))
EOF
}

@test "other layers as GPX: names, fields, heights, and what it cannot hold" {
    collect a.geojson "$(stop 'a & b' 118,29 '"n 1":7,"type":"gate"')" '{"type":"Feature","properties":{"name":"high","type":null},"geometry":{"type":"Point","coordinates":[118.5,29.5,812.25]}}' "$(road r x '118,29 118.1,29')"
    eb convert a.geojson a.gpx
    assert_exit 0
    run gpx a.gpx
    assert_equal "waypoints|a & b|high
track|r|1|points|flat" "$output"
    grep -q '<ele>812.25</ele>' a.gpx
    grep -q '<type>gate</type><extensions><ogr:n_1>7</ogr:n_1></extensions>' a.gpx
    collect b.geojson "$(stop a 118,29)" '{"type":"Feature","properties":{"name":"b"},"geometry":null}'
    eb convert b.geojson b.gpx
    assert_exit 4
    assert_err "without geometry"
    refute_file b.gpx
    eb convert "$LAYERS/park.geojson" c.gpx
    assert_exit 4
    refute_file c.gpx
}
