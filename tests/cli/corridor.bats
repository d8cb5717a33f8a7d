#!/usr/bin/env bats
# ecobelt corridor: widths, areas, lengths and counts along rivers, and lines that are none.
load ../support/helper

# lines FILE WKT...: a layer in degrees (CGCS2000, or EPSG code $CRS) with a field "name" (r1, r2, ...), from one WKT line a feature.
lines() {
  local file=$1
  shift
  printf '%s\n' "$@" | python3 -B -c '
import json, re, sys
features = []
for i, text in enumerate(sys.stdin.read().splitlines()):
    name, _, wkt = text.rpartition("=")
    kind = re.match(r"[A-Z]+", wkt).group(0)
    inner = re.sub(r"(-?[\d.]+) (-?[\d.]+)", r"[\1,\2]", wkt[len(kind):]).replace("(", "[").replace(")", "]")
    kind = {"LINESTRING": "LineString", "POLYGON": "Polygon", "POINT": "Point"}[kind]
    shape = {"type": kind, "coordinates": json.loads(inner)[0] if kind == "Point" else json.loads(inner)}
    features.append({"type": "Feature", "properties": {"name": name or "r%d" % (i + 1), "people": 100 * (i + 1)}, "geometry": shape})
crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::" + sys.argv[1]}}
json.dump({"type": "FeatureCollection", "crs": crs, "features": features}, sys.stdout)' "${CRS:-4490}" >"$file"
}

# near A B SHARE: two numbers are the same but for that share.
near() {
  python3 -c 'import sys; a, b, s = map(float, sys.argv[1:]); sys.exit(not abs(a - b) <= s * abs(b))' "$1" "$2" "$3" || show "$1 is not $2"
}

cell() { json "d['tables'][0]['rows'][$1]['$2']"; }

@test "areas in the table are those of the shapes that are written, by both methods" {
  for method in official geodesic; do
    eb corridor "$LAYERS/rivers.geojson" --by name --width 500 --clip "$LAYERS/counties.geojson" --method $method --tolerance 5 --json -o belt.gpkg --overwrite --quiet
    assert_exit 0
    clipped=$(json 'sum(r["clipped_m2"] for r in d["tables"][0]["rows"][:-1])')
    assert_equal true "$(json 'all(r["gross_m2"] >= r["dissolved_m2"] - 1 and r["dissolved_m2"] >= r["clipped_m2"] - 1 for r in d["tables"][0]["rows"])')"
    assert_equal true "$(json 'd["tables"][0]["rows"][-1]["gross_m2"] > d["tables"][0]["rows"][-1]["dissolved_m2"] * 1.01')"
    eb area 'belt.gpkg|layername=corridor' --method $method --json --quiet
    assert_exit 0
    near "$(json "sum(r['${method}_m2'] for r in d['tables'][0]['rows'])")" "$clipped" 1e-9
  done
}

@test "the row of all groups is called so, and told from lines without a group" {
  lines a.geojson 'LINESTRING(118 28,118.1 28)' 'LINESTRING(118.1 28,118.1 28.1)'
  eb corridor a.geojson --by name --width 1000
  assert_exit 0
  assert_equal "all" "$(awk '$3 == 1000 {last = $1} END {print last}' <<<"$output")"
  eb corridor a.geojson --by name --width 1000 --lang zh
  assert_out "全部"
  eb corridor a.geojson --by name --width 1000 --json
  assert_equal '["r1", "r2", null]' "$(json '[r["name"] for r in d["tables"][0]["rows"]]')"
  sed 's/"r1"/null/' a.geojson >b.geojson
  eb corridor b.geojson --by name --width 1000 --table b.csv -q
  assert_exit 0
  assert_equal ",group r2,group ,all" "$(sed 1d b.csv | cut -d, -f1,2 | paste -sd' ')"
}

@test "the width that gives an area, said plainly" {
  # 2.7 km of belt in all on 98 km: what 1,000 km2 on 280 km is in small.
  lines a.geojson 'LINESTRING(118 28,119 28)'
  eb corridor a.geojson --solve-area 350km2 --width 2000 --json
  assert_exit 0
  solved=$(cell 0 width_m)
  near "$(cell 0 clipped_m2)" 350e6 1e-6
  # A strip and a disc, d wide: 350 km2 = 2 d L + pi d^2.
  near "$(python3 -c "import math; L, d = $(cell 0 length_m), $solved; print(2 * d * L + math.pi * d * d)")" 350e6 1e-4
  assert_equal true "$(json 'any("on each side" in n and "in all" in n for n in d["tables"][0]["notes"])')"
  assert_equal true "$(json 'any("2000 m on each side gives" in n and "% of the area asked for" in n for n in d["tables"][0]["notes"])')"
  eb corridor a.geojson --width "$solved" --json
  near "$(cell 0 dissolved_m2)" 350e6 1e-5
  eb corridor a.geojson --solve-area 350
  assert_exit 2
  eb corridor a.geojson --solve-area -5km2
  assert_exit 2
}

@test "--erase takes out what --clip would keep" {
  lines a.geojson 'LINESTRING(118 28,118.2 28)'
  lines lake.geojson 'POLYGON((118.05 27.9,118.1 27.9,118.1 28.1,118.05 28.1,118.05 27.9))'
  eb corridor a.geojson --width 2000 --json
  whole=$(cell 0 dissolved_m2)
  eb corridor a.geojson --width 2000 --clip lake.geojson --json
  inside=$(cell 0 clipped_m2)
  eb corridor a.geojson --width 2000 --erase lake.geojson --json
  near "$(python3 -c "print($inside + $(cell 0 clipped_m2))")" "$whole" 1e-7
  near "$(cell 0 dissolved_m2)" "$whole" 1e-9
}

@test "fields called as the figures are get _2; an empty clip is said" {
  lines a.geojson 'LINESTRING(118 28,118.1 28)' 'LINESTRING(118.1 28,118.1 28.1)'
  lines far.geojson 'POLYGON((100 20,101 20,101 21,100 20))'
  sed 's/"name": "r/"width_m": "r/g' a.geojson >b.geojson
  eb corridor b.geojson --by width_m --width 1000 -o b.gpkg --table b.csv -q
  assert_exit 0
  assert_equal "width_m_2,scope,width_m," "$(head -1 b.csv | tr -d '\357\273\277' | cut -c1-24)"
  eb info b.gpkg
  assert_out "width_m_2"
  eb corridor a.geojson --width 1000 --clip far.geojson
  assert_exit 0
  assert_out "nothing is left"
}

@test "polygons of a census that overlap both count, which is said with the size of it" {
  lines a.geojson 'LINESTRING(118 28,118.2 28)'
  lines census.geojson 'POLYGON((118 28,118.1 28,118.1 28.01,118 28.01,118 28))' 'POLYGON((118.09 28,118.2 28,118.2 28.01,118.09 28.01,118.09 28))'
  eb corridor a.geojson --width 5000 --weight census.geojson --weight-field people
  assert_exit 0
  assert_out "polygons of census.geojson overlap (pairs: 1, 1.0"
  assert_err "overlaps feature 1 by 1.0"
}

@test "a census shared out by area, and the assumption in words" {
  lines a.geojson 'LINESTRING(118 28,118.2 28)'
  lines census.geojson 'POLYGON((118.05 27.99,118.1 27.99,118.1 28.01,118.05 28.01,118.05 27.99))' 'POLYGON((119 28,119.1 28,119.1 28.1,119 28.1,119 28))'
  eb corridor a.geojson --width 5000 --side left --weight census.geojson --weight-field people --json
  assert_exit 0
  near "$(cell 0 weight)" 50 0.002
  near "$(cell 0 weight_share_pct)" 16.667 0.002
  assert_equal true "$(json 'any("as if spread evenly" in n for n in d["tables"][0]["notes"])')"
  eb corridor a.geojson --width 5000 --weight census.geojson
  assert_exit 2
  eb corridor a.geojson --width 5000 --weight census.geojson --weight-field folk
  assert_exit 2
  assert_err "folk"
  eb corridor a.geojson --width 5000 --weight a.geojson --weight-field people
  assert_exit 4
}

@test "braids and arcs that coincide, counted once when asked" {
  lines a.geojson 'LINESTRING(118 28,118.1 28)' 'LINESTRING(118.02 28,118.05 28.002,118.08 28)' 'LINESTRING(118 28,118.02 28)'
  eb corridor a.geojson --width 100 --json
  every=$(cell 0 length_m)
  eb corridor a.geojson --width 100 --once 0 --json
  near "$(python3 -c "print($every - $(cell 0 length_m))")" 1966 0.002
  eb corridor a.geojson --width 100 --once 500 --json
  # Of the two arcs between the same ends the longer one counts: 9,836 m less 5,902 m and 5,918 m instead.
  near "$(cell 0 length_m)" 9852.8 1e-4
  assert_equal true "$(json 'any("within 500 m of longer ones count once" in n for n in d["tables"][0]["notes"])')"
}

@test "left and right make both; rings make the widest; a wider corridor holds the narrower" {
  lines a.geojson 'LINESTRING(118 28,118.05 28.02,118.03 28.05,118.1 28.05)'
  for side in both left right; do
    eb corridor a.geojson --width 1500 --side $side --cap flat --json
    assert_exit 0
    declare "$side=$(cell 0 dissolved_m2)"
  done
  # shellcheck disable=SC2154
  near "$(python3 -c "print($left + $right)")" "$both" 1e-6
  eb corridor a.geojson --width 500,1000,1500 --json
  assert_equal true "$(json 'all(a["dissolved_m2"] < b["dissolved_m2"] for a, b in zip(d["tables"][0]["rows"], d["tables"][0]["rows"][1:]))')"
  widest=$(cell 2 dissolved_m2)
  eb corridor a.geojson --width 500,1000,1500 --rings --json
  near "$(json 'sum(r["dissolved_m2"] for r in d["tables"][0]["rows"])')" "$widest" 1e-9
}

@test "one side of lines that run over one another: the same way is one line, back is refused, and neither runs for ever" {
  # Nearly on one another: arcs of one parallel that begin and end apart.
  lines same.geojson 'LINESTRING(118 29,118.1 29)' 'LINESTRING(118.05 29,118.15 29)'
  lines whole.geojson 'LINESTRING(118 29,118.15 29)'
  eb corridor whole.geojson --width 50 --side left --json
  whole=$(cell 0 dissolved_m2)
  eb corridor same.geojson --width 50 --side left --json
  assert_exit 0
  near "$(cell 0 dissolved_m2)" "$whole" 1e-3
  # Back within a metre of the way there, over kilometres.
  lines close.geojson 'LINESTRING(118.5 29,118.5515024354898 29,118.51030048709796 29.00000900900901)'
  eb corridor close.geojson --width 2500 --side left
  assert_exit 4
  assert_err "so closely beside itself"
  assert_err "take both sides"
  eb corridor close.geojson --width 2500 --json
  assert_exit 0
  # There and back, within one line and by two, ends flat or round.
  lines spur.geojson 'LINESTRING(118 29,118.05 29.01,118.05 29.03,118.05 29.01,118.1 29)'
  lines twice.geojson 'LINESTRING(118 29,118.1 29.01)' 'LINESTRING(118.1 29.01,118 29)'
  for file in spur twice; do
    for cap in flat round; do
      run --separate-stderr "$ECOBELT" corridor $file.geojson --width 50 --side left --cap $cap
      assert_exit 4
      assert_err "runs back over itself"
      assert_err "(at 11"
      assert_err "draw every line once"
    done
  done
  eb corridor twice.geojson --width 50
  assert_exit 0
}

@test "lines that cannot be used are left out and told, with their ids; the rest is done" {
  lines some.geojson 'LINESTRING(118 28,118 28)' 'LINESTRING(118 28,118.1 28)' 'LINESTRING(118.02 28,118.02 28,118.02 28,118.05 28.002)' 'POINT(118 28)'
  eb corridor some.geojson --by name --width 100 --json
  assert_exit 0
  assert_equal '["r2", "r3", null]' "$(json '[r["name"] for r in d["tables"][0]["rows"]]')"
  assert_err "without length"
  assert_err "a point has no corridor"
  assert_err "repeat the one before"
}

@test "a coordinate that is not a number: the line is left out and told" {
  lines a.geojson 'LINESTRING(118 28,118.1 28)' 'LINESTRING(118.5 28,118.6 28)'
  eb convert a.geojson a.shp -q
  python3 -c '
import struct
data = open("a.shp", "rb").read()
assert data.count(struct.pack("<d", 118.6)) >= 2
at = data.rindex(struct.pack("<d", 118.6))
open("a.shp", "wb").write(data[:at] + struct.pack("<d", float("nan")) + data[at + 8:])'
  eb corridor a.shp --by name --width 100 --json
  assert_exit 0
  assert_equal '["r1", null]' "$(json '[r["name"] for r in d["tables"][0]["rows"]]')"
  assert_err "not a number"
}

@test "no line at all: refused in words" {
  lines points.geojson 'POINT(118 28)' 'POINT(119 28)'
  eb corridor points.geojson --width 100
  assert_exit 4
  assert_err "points"
  lines dot.geojson 'LINESTRING(118 28,118 28)'
  eb corridor dot.geojson --width 100
  assert_exit 4
  assert_err "no line that a corridor could run along"
  # What is no rejected feature is in no list with -q.
  echo '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null},
    {"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[]}}]}' >null.geojson
  for quiet in --quiet ''; do
    eb corridor null.geojson --width 100 $quiet
    assert_exit 4
    assert_err "2 features, all without geometry"
  done
}

@test "over the 180th meridian: the short way, cut there, as large as elsewhere" {
  CRS=4326
  lines over.geojson 'LINESTRING(179.95 28,-179.95 28)'
  lines here.geojson 'LINESTRING(118 28,118.1 28)'
  eb corridor here.geojson --width 3000 --method geodesic --json
  area=$(cell 0 dissolved_m2)
  eb corridor over.geojson --width 3000 --method geodesic --json -o over_belt.geojson
  assert_exit 0
  near "$(cell 0 dissolved_m2)" "$area" 1e-5
  python3 -c '
import json
shape = json.load(open("over_belt.geojson"))["features"][0]["geometry"]
assert shape["type"] == "MultiPolygon" and len(shape["coordinates"]) == 2, shape["type"]
assert all(-180 <= x <= 180 for polygon in shape["coordinates"] for ring in polygon for x, y in ring)' || show "not cut at 180 degrees"
}

@test "longitudes that run on beyond 180, to the east or to the west, are the same places; beyond a whole turn they are refused" {
  CRS=4326
  lines way.geojson 'LINESTRING(179 29,-177 29.5)'
  lines east.geojson 'LINESTRING(179 29,183 29.5)'
  lines west.geojson 'LINESTRING(-181 29,-177 29.5)'
  lines far.geojson 'LINESTRING(365 29,366 29.5)'
  eb corridor way.geojson --width 2000 --json --quiet
  assert_exit 0
  area=$(cell 0 dissolved_m2)
  for side in east west; do
    eb corridor $side.geojson --width 2000 --json -o ${side}_belt.geojson
    assert_exit 0
    near "$(cell 0 dissolved_m2)" "$area" 1e-9
    assert_err "longitudes beyond 180 are places on the other side"
    python3 -c '
import json, sys
shape = json.load(open(sys.argv[1]))["features"][0]["geometry"]
xs = [x for polygon in shape["coordinates"] for ring in polygon for x, y in ring]
assert min(xs) == -180 and max(xs) == 180, (min(xs), max(xs))' ${side}_belt.geojson || show "not cut at 180 degrees"
  done
  eb corridor far.geojson --width 2000
  assert_exit 4
  assert_err "beyond a whole turn"
  assert_err "add or subtract 360"
}

@test "a width beyond the extent, a river that crosses itself, and widths that are none" {
  lines knot.geojson 'LINESTRING(118 28,118.1 28.1,118.1 28,118 28.1)'
  eb corridor knot.geojson --width 200000,1000 --json
  assert_exit 0
  assert_equal true "$(json 'all(0 < r["audited_error_m"] <= 0.5 for r in d["tables"][0]["rows"])')"
  for width in 0 -3 20x nan inf; do
    eb corridor knot.geojson --width $width
    assert_exit 2
  done
  eb corridor knot.geojson --width 15000000
  assert_exit 2
}

@test "polygons: belts outside and inside, holes and slits too, and the core" {
  lines park.geojson 'POLYGON((118 28,118.2 28,118.2 28.2,118 28.2,118 28),(118.09 28.09,118.11 28.09,118.11 28.11,118.09 28.11,118.09 28.09))'
  eb area park.geojson --method geodesic --json
  whole=$(json 'd["tables"][0]["rows"][0]["geodesic_m2"]')
  for side in inward core grown outward; do
    eb corridor park.geojson --width 500 --side $side --method geodesic --json
    assert_exit 0
    assert_equal true "$(json '0 < d["tables"][0]["rows"][0]["audited_error_m"] <= 0.5')"
    declare "$side=$(cell 0 dissolved_m2)"
  done
  # shellcheck disable=SC2154
  near "$(python3 -c "print($inward + $core)")" "$whole" 1e-6
  # shellcheck disable=SC2154
  near "$(python3 -c "print($grown - $outward)")" "$whole" 1e-6
  eb corridor park.geojson --width 500 --side left
  assert_exit 2
}

@test "progress within a single line, from the beginning" {
  lines a.geojson 'LINESTRING(118 28,118.05 28.02,118.03 28.05,118.1 28.05,118.3 28.3,118.2 28.6,118.5 28.8)'
  eb corridor a.geojson --width 3000 --tolerance 0.001 --side left --progress json
  assert_exit 0
  output=$(grep '^{"task":"corridors"' <<<"$stderr" | sed '1s/^/[/; $!s/$/,/; $s/$/]/')
  assert_equal true "$(json 'len(d) > 1 and d[0]["done"] < d[0]["total"] and d[-1]["done"] == d[-1]["total"]')"
  # Where a step takes long, what is done is said again, so that it shows that time goes by.
  assert_equal true "$(json 'all(a["done"] <= b["done"] for a, b in zip(d, d[1:]))')"
}

@test "a river over many zones: no seam, geodesic areas where the official formula does not reach" {
  lines long.geojson 'LINESTRING(100 28,103 31,106 29,109 30,112 28,115 31,118 29,121 31)'
  eb corridor long.geojson --width 2500 --tolerance 0.1 --json -o long_belt.geojson
  assert_exit 0
  near "$(python3 -c "print($(cell 0 dissolved_m2) / (2 * 2500 * $(cell 0 length_m)))")" 1 2e-3
  assert_equal true "$(json '0 < d["tables"][0]["rows"][0]["audited_error_m"] <= 0.1')"
  assert_equal true "$(json 'any("Areas are geodesic" in n for n in d["tables"][0]["notes"])')"
  python3 -c '
import json
shape = json.load(open("long_belt.geojson"))["features"][0]["geometry"]
assert sum(len(polygon) for polygon in shape["coordinates"]) == 1, "not one ring"' || show "in pieces"
  eb corridor long.geojson --width 2500 --method official
  assert_exit 4
  assert_err "geodesic method"
}

@test "the widest, the lines without a name, and flat ends of polygons" {
  lines a.geojson 'LINESTRING(118 29,118.1 29.02)'
  eb corridor a.geojson --width 3000000
  assert_exit 0
  eb corridor a.geojson --width 3000001
  assert_exit 2
  [[ "$stderr" == *"between 0.01 and 3000000"* ]]
  printf '%s' '{"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"n":"a"},"geometry":{"type":"LineString","coordinates":[[118,29],[118.1,29]]}},
    {"type":"Feature","properties":{"n":null},"geometry":{"type":"LineString","coordinates":[[118,29.1],[118.1,29.1]]}}]}' >n.geojson
  eb corridor n.geojson --by n --width 500
  assert_exit 0
  [[ "$output" == *"Lines without values are a group of their own"* ]]
  printf '%s' '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon",
    "coordinates":[[[118,29],[118.1,29],[118.1,29.1],[118,29]]]}}]}' >p.geojson
  eb corridor p.geojson --width 500 --cap flat
  assert_exit 2
}
