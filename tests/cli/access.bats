#!/usr/bin/env bats
# access: places and good roads. Judged by distances known beforehand and by what lies within reach.

load ../support/helper
load ../support/roads

# A good road along the equator, a lower one north from it with a kink, and a track of no use at its end.
country() {
    collect roads.geojson "$(road good 二级 '0,0 0.02,0 0.05,0')" "$(road lane 四级 '0.02,0 0.02,0.02')" "$(road alone 四级 '0.04,0.01 0.05,0.01')"
}

# access PLACE...: with $options.
access() {
    collect places.geojson "$@"
    # shellcheck disable=SC2086 # options are words
    eb access places.geojson roads.geojson --at-least 二级 --json -q ${options:-}
}

@test "on the road, beside it, at the end of a lane, on an island, far from everything" {
    country
    access "$(stop On 0.01,0)" "$(stop Beside 0.01,0.002)" "$(stop End 0.02,0.02)" "$(stop Island 0.045,0.0101)" "$(stop Far 0.045,0.06)"
    assert_exit 0
    assert_equal "True True False False False" "$(column access reached)"
    assert_equal "good good good good good" "$(column access road)"
    near "$(cell access 1 distance_m)" 221.1486 1e-5
    assert_equal 0 "$(json "int(d['tables'][0]['rows'][0]['gap_m'])")"
    # 0.02 degrees of the meridian at the equator.
    near "$(cell access 2 gap_m)" 2211.486 1e-5
    near "$(cell access 2 distance_m)" 2211.486 1e-5
    # As route does it: from the island to the nearest road that leads on, and it is said; on the island only where none is near.
    assert_equal null "$(cell access 3 reason)"
    near "$(cell access 3 spur_m)" 1116.8 1e-4
    assert_equal "the nearest road, 11 m away, lies on an island of 1.1 km; the stop is taken to the one 1117 m away" \
        "$(json "[c['reason'] for c in d['diagnosis']['cases'] if c['layer'] == 'places' and 'island' in c['reason']][0]")"
    assert_equal "no road within 2000 m" "$(cell access 4 reason)"
    assert_equal null "$(cell access 4 spur_m)"
    near "$(cell access 4 distance_m)" 6634.46 1e-4
    options="--snap 1000"
    access "$(stop Island 0.045,0.0101)"
    assert_equal "its own road lies on an island of 1.1 km that is not joined with any road of the class" "$(cell access 0 reason)"
    assert_equal null "$(cell access 0 gap_m)"
    near "$(cell access 0 spur_m)" 11.06 1e-2
}

@test "a road in a tunnel reaches nobody above it" {
    collect roads.geojson "$(road deep 二级 '0,0 0.02,0' '"tunnel":"yes"')" "$(road good 二级 '0,0 0,0.01 0.02,0.01')"
    access "$(stop Above 0.01,0.001)"
    assert_equal good "$(cell access 0 road)"
    near "$(cell access 0 distance_m)" 995.2 1e-3
    assert_equal false "$(cell access 0 reached)"
    assert_equal "the only road of the class within 500 m is in a tunnel, 111 m away" "$(cell access 0 reason)"
}

@test "an expressway that passes without an exit counts by its distance, and the way to one is told" {
    collect roads.geojson "$(road express 高速 '0,0 0.03,0' '"bridge":"yes"')" "$(road ramp 四级 '0.03,0 0.03,0.002 0.01,0.002')"
    access "$(stop Beside 0.01,0.002)" "$(stop AtExit 0.03,0.001)"
    assert_exit 0
    assert_equal "True True" "$(column access reached)"
    near "$(cell access 0 gap_m)" 2447.538 1e-5
    assert_equal "a road of the class passes 221 m away, but the way to one is 2448 m long" "$(cell access 0 reason)"
    assert_equal null "$(cell access 1 reason)"
}

@test "--within decides what is reached" {
    country
    options="--within 221"
    access "$(stop Beside 0.01,0.002)"
    assert_equal False "$(column access reached)"
    options="--within 222"
    access "$(stop Beside 0.01,0.002)"
    assert_equal True "$(column access reached)"
}

@test "a class at least: better ones count, worse and unknown ones do not" {
    collect roads.geojson "$(road motorway 高速 '0,0 0.01,0')" "$(road lane 四级 '0,0.001 0.01,0.001')" "$(road odd 神级 '0,0.002 0.01,0.002')"
    access "$(stop P 0.005,0.002)"
    assert_equal motorway "$(cell access 0 road)"
    assert_equal 高速 "$(cell access 0 road_class)"
    eb access places.geojson roads.geojson --at-least 神级
    assert_exit 2
    assert_err 'the class "神级" is not known'
    eb access places.geojson roads.geojson --at-least 神级 --class-order 神级,四级,高速 --json -q
    assert_exit 0
    assert_equal odd "$(cell access 0 road)"
    eb access places.geojson roads.geojson
    assert_exit 2
    assert_err "at-least"
}

@test "the layer says what the table says" {
    country
    options="-o a.geojson"
    access "$(stop End 0.02,0.02)" "$(stop Far 0.045,0.06)"
    assert_exit 0
    run python3 -c "
import json
for f in json.load(open('a.geojson'))['features']: p = f['properties']; print(p['name'], p['reached'], round(p['distance_m']), p['gap_m'] and round(p['gap_m']), p['reason'])"
    assert_equal "End False 2211 2211 None
Far False 6634 None no road within 2000 m" "$output"
}

@test "catchments: the roads within reach, and the land beside them" {
    country
    options="--reach-km 1 --reach-width 100 -o a.geojson"
    access "$(stop P 0.01,0)"
    assert_exit 0
    run python3 -c "import json; p = json.load(open('a_catchment.geojson'))['features'][0]['properties']; print(p['name'], round(p['road_m']), abs(p['area_m2'] / (2000 * 200 + 3.14159 * 1e4) - 1) < 0.005)"
    assert_equal "P 2000 True" "$output"
    # 1 minute at 60 km/h is 1 km too.
    options="--reach-min 1 --reach-width 100 -o b.geojson"
    access "$(stop P 0.01,0)"
    run python3 -c "import json; p = json.load(open('b_catchment.geojson'))['features'][0]['properties']; print(p['name'], round(p['road_m']))"
    assert_equal "P 2000" "$output"
}

@test "catchments: the figures without an output file too" {
    country
    options="--reach-km 1 --reach-min 2 --reach-width 100"
    access "$(stop P 0.01,0)"
    assert_exit 0
    assert_equal "1 km 2 min" "$(column catchment limit)"
    near "$(cell catchment 0 road_m)" 2000 1e-6
    near "$(cell catchment 0 area_m2)" "$(awk 'BEGIN {printf "%.3f", 2000 * 200 + 3.14159 * 1e4}')" 0.005
    # Two kilometres to the east, to the end of the road in the west, and the rest of the time up the lane at half the speed.
    near "$(cell catchment 1 road_m)" "$(awk "BEGIN {printf \"%.3f\", 2000 + $EQUATOR * 0.01 + (2000 - $EQUATOR * 0.01) / 2}")" 1e-6
}

@test "a catchment of a dense town is all within the width of a road within reach, and nothing else" {
    # Streets every 0.002 degrees; from the middle one drives as the streets run, so that reach is a diamond.
    python3 - <<'EOF'
import json
lines = []
for k in range(-10, 11):
    lines.append([[0.002 * i, 0.002 * k] for i in range(-10, 11)])
    lines.append([[0.002 * k, 0.002 * i] for i in range(-10, 11)])
json.dump({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"class": "二级"}, "geometry": {"type": "LineString", "coordinates": c}} for c in lines]}, open("roads.geojson", "w"))
EOF
    options="--reach-km 1.3 --reach-width 150 -o a.geojson"
    access "$(stop P 0,0)"
    assert_exit 0
    python3 - <<'EOF'
import json, random
EAST, NORTH, REACH, WIDTH, STEP = 111319.490793, 110574.2758, 1300, 150, 0.002
feature = json.load(open("a_catchment.geojson"))["features"][0]
shape = feature["geometry"]
rings = [r for p in (shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]) for r in p]

def inside(x, y):
    return sum((a[1] > y) != (b[1] > y) and x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) for r in rings for a, b in zip(r, r[1:])) % 2 == 1

# Pieces of streets within reach, in metres: along x at a fixed y, and the other way round.
across = [(k * STEP * NORTH, REACH - abs(k * STEP * NORTH)) for k in range(-10, 11)]
along = [(k * STEP * EAST, REACH - abs(k * STEP * EAST)) for k in range(-10, 11)]

def distance(x, y):
    found = [(abs(y - at), max(abs(x) - half, 0)) for at, half in across if half > 0] + [(abs(x - at), max(abs(y) - half, 0)) for at, half in along if half > 0]
    return min((a * a + b * b) ** 0.5 for a, b in found)

random.seed(8)
checked = 0
for _ in range(20000):
    x, y = random.uniform(-1700, 1700), random.uniform(-1700, 1700)
    d = distance(x, y)
    if abs(d - WIDTH) < 1.5:
        continue
    checked += 1
    assert inside(x / EAST, y / NORTH) == (d < WIDTH), (x, y, d)
assert checked > 19000
road = sum(2 * half for _, half in across + along if half > 0)
assert abs(feature["properties"]["road_m"] / road - 1) < 1e-5, (feature["properties"]["road_m"], road)
EOF
}

@test "no places, places that are no points, a place without a point" {
    country
    collect places.geojson
    eb access places.geojson roads.geojson --at-least 二级
    assert_exit 3
    eb access roads.geojson roads.geojson --at-least 二级
    assert_exit 4
    access "$(stop On 0.01,0)" '{"type":"Feature","properties":{"name":"Nowhere"},"geometry":null}'
    assert_exit 0
    assert_equal "it has no place" "$(cell access 1 reason)"
    assert_equal False "$(json "str(d['tables'][0]['rows'][1]['reached'])")"
    assert_equal null "$(cell access 1 distance_m)"
}

@test "no road of the class anywhere" {
    collect roads.geojson "$(road lane 四级 '0.02,0 0.02,0.02')"
    access "$(stop P 0.02,0.01)"
    assert_exit 0
    assert_equal False "$(column access reached)"
    assert_equal "null null null" "$(cell access 0 distance_m) $(cell access 0 gap_m) $(cell access 0 road)"
}

@test "the scenic areas of Quzhou by roads of second class" {
    eb access "$LAYERS/scenic_areas.geojson" "$LAYERS/roads.geojson" --at-least 二级 --within 500 --json -q
    assert_exit 0
    assert_equal 13 "$(json "len(d['tables'][0]['rows'])")"
    # Every one has a road of its own on the shipped network, and a gap exactly where no good road passes by its end.
    assert_equal 0 "$(json "sum(r['gap_m'] is None for r in d['tables'][0]['rows'])")"
    assert_equal 0 "$(json "sum(r['spur_m'] + r['gap_m'] < r['distance_m'] - 0.01 for r in d['tables'][0]['rows'])")"
}

# A straight road of 0.9 degrees along the equator, just over 100 km, with a facility of each kind at its western end.
facilities() {
    collect roads.geojson "$(road good 二级 '0,0 1,0')"
    collect facilities.geojson "$(stop AP 0,0 '"kind":"airport"')" "$(stop EX 0,0 '"kind":"expressway_exit"')" "$(stop ST 0,0 '"kind":"station"')" \
        "$(stop WH 0,0 '"kind":"码头"')" "$(stop CI 0,0 '"kind":"City"')"
}

@test "points for getting there: every step of the table, on both sides of its limit" {
    facilities
    # km, and the points for airport, exit, station, wharf, city.
    rows="4.9:10:4:3:3:15 5.1:10:4:3:3:12 9.9:10:4:3:3:12 10.1:10:2:1:1:12 19.9:10:2:1:1:12 20.1:10:0:0:0:10 29.9:10:0:0:0:10 30.1:6:0:0:0:10
          49.9:6:0:0:0:10 50.1:6:0:0:0:5 59.9:6:0:0:0:5 60.1:2:0:0:0:5 99.9:2:0:0:0:5 100.1:0:0:0:0:5"
    places=()
    for row in $rows; do
        km=${row%%:*}
        places+=("$(stop "$row" "$(awk "BEGIN {printf \"%.9f\", $km * 1000 / $EQUATOR}"),0")")
    done
    options="--facilities facilities.geojson"
    access "${places[@]}"
    assert_exit 0
    assert_equal "$(echo $rows)" "$(json "' '.join(':'.join([r['name'].split(':')[0]] + [str(r[k + '_points']) for k in ('airport', 'exit', 'station', 'wharf', 'city')]) for t in d['tables'] if t['name'] == 'points' for r in t['rows'])")"
    assert_equal True "$(json "str(all(abs(r[k + '_km'] - float(r['name'].split(':')[0])) < 1e-6 for t in d['tables'] if t['name'] == 'points' for r in t['rows'] for k in ('airport', 'exit', 'station', 'wharf', 'city')))")"
    assert_equal True "$(json "str(all(r['points'] == sum(v for k, v in r.items() if k.endswith('_points') and k != 'of_points') and r['of_points'] == 45 for t in d['tables'] if t['name'] == 'points' for r in t['rows']))")"
}

@test "points: the road at the gate, kinds that are missing or unknown, facilities off the network" {
    facilities
    collect facilities.geojson "$(stop AP 0.1,0 '"kind":"airport"')" "$(stop X 0,0 '"kind":"heliport"')" "$(stop Off 0,5 '"kind":"station"')"
    collect roads.geojson "$(road one 一级 '0,0 0.1,0')" "$(road two 二级 '0.1,0 0.2,0')" "$(road three 三级 '0.2,0 0.3,0')" "$(road four 四级 '0.3,0 0.4,0')" "$(road odd 神级 '0.4,0 0.5,0')"
    options="--facilities facilities.geojson"
    access "$(stop a 0.05,0)" "$(stop b 0.15,0)" "$(stop c 0.25,0)" "$(stop d 0.35,0)" "$(stop e 0.45,0)"
    assert_exit 0
    assert_equal "10 6 2 0 None" "$(column points road_points)"
    assert_equal "20 20 20 20 10" "$(column points of_points)"
    assert_equal "None None None None None" "$(column points station_points)"
    assert_equal 1 "$(json "sum('\"heliport\" is none of' in c['reason'] for c in d['diagnosis']['cases'])")"
    assert_equal 1 "$(json "sum(c['layer'] == 'facilities' and 'no road within' in c['reason'] for c in d['diagnosis']['cases'])")"
    assert_equal 4 "$(json "sum('no facility of this kind' in n for t in d['tables'] if t['name'] == 'points' for n in t['notes'])")"
    assert_equal 1 "$(json "sum('Not computed, to be judged on the spot' in n for t in d['tables'] if t['name'] == 'points' for n in t['notes'])")"
    eb access places.geojson roads.geojson --at-least 二级 --facilities facilities.geojson --kind sort
    assert_exit 2
    assert_err 'no field "sort"'
}

@test "points: one-way roads are kept to on the way to a facility" {
    facilities
    collect roads.geojson "$(road there 二级 '0,0 0.1,0' '"oneway":"yes"')" "$(road back 二级 '0.1,0 0.05,0.1 0,0' '"oneway":"yes"')"
    options="--facilities facilities.geojson"
    access "$(stop P 0.1,0)"
    near "$(cell points 0 airport_km)" 24.754 1e-2
}
