#!/usr/bin/env bats
# What a route hands over: what it does not reach, in every kind of output; alternatives in their own order; heights that are not there.

load ../support/helper
load ../support/roads

# fields FILE FIELD...: values of each feature of a GeoJSON file, "|" between features.
fields() {
    python3 - "$@" <<'EOF'
import json, sys
print("|".join(" ".join(str(f["properties"][k]) for k in sys.argv[2:]) for f in json.load(open(sys.argv[1]))["features"]))
EOF
}

@test "what is not reached stands in every kind of output" {
    ladder
    collect stops.geojson "$(stop A 0,0)" "$(stop Off 0.04,0)" "$(stop B 0.02,0)" '{"type":"Feature","properties":{"name":"Nowhere"},"geometry":null}'
    eb route roads.geojson stops.geojson -q
    assert_exit 1
    [[ $output == *"Stops that cannot be reached"*"Off"*"no road within 500 m"*"Nowhere"*"it has no place"* ]]
    eb route roads.geojson stops.geojson -o w.geojson -q
    assert_exit 1
    assert_equal "Off no road within 500 m|Nowhere it has no place" "$(fields w_unreached.geojson name reason)"
    eb route roads.geojson stops.geojson -o w.csv -q
    assert_exit 1
    assert_equal '"Off","no road within 500 m",0.04|"Nowhere","it has no place",' \
        "$(python3 -c "import csv; print('|'.join('\"%s\",\"%s\",%s' % (r['name'], r['reason'], r['lon_deg']) for r in csv.DictReader(open('w_unreached.csv', encoding='utf-8-sig'))))")"
    eb route roads.geojson stops.geojson --json -q
    assert_equal "Off Nowhere" "$(column unreached name)"
    eb route roads.geojson stops.geojson -o w.md -q
    grep -q 'no road within 500 m' w.md
    need ogrinfo
    eb route roads.geojson stops.geojson -o w.gpkg -q
    [[ $(ogrinfo -q -al w_unreached.gpkg) == *"name (String) = Off"*"reason (String) = no road within 500 m"* ]]
    eb route roads.geojson stops.geojson -o w.gpx -q
    [[ $(ogrinfo -q -al w.gpx waypoints) == *"name (String) = Off (not reached)"*"desc (String) = no road within 500 m"*"type (String) = unreached"* ]]
    [[ $(ogrinfo -q -al w.gpx tracks) == *"desc (String) = 2.2 km, 2 min; not reached: Off, Nowhere"* ]]
    eb route roads.geojson stops.geojson -o w.kml -q
    [[ $(ogrinfo -q -al w.kml) == *"Off (not reached)"*"no road within 500 m"* ]]
    # Nothing of it where all are reached.
    collect stops.geojson "$(stop A 0,0)" "$(stop B 0.02,0)"
    eb route roads.geojson stops.geojson --json -q
    assert_exit 0
    assert_equal 0 "$(json "sum(t['name'] == 'unreached' for t in d['tables'])")"
}

@test "an alternative: its own order among the stops and waypoints, and what only it does not reach" {
    # The quick way passes N1, N2; without 一级 one comes to them the other way round. E hangs on a road of class 一级.
    collect roads.geojson "$(road quick 一级 '0,0 0.01,0 0.02,0')" "$(road back 四级 '0,0 0,0.02 0.02,0.02 0.02,0')" \
        "$(road mid 四级 '0.02,0.02 0.02,0.04')" "$(road spur 一级 '0.02,0.04 0.03,0.04')"
    collect stops.geojson "$(stop S 0,0)" "$(stop P 0.02,0)" "$(stop Q 0.01,0.02)" "$(stop E 0.03,0.04)"
    eb route roads.geojson stops.geojson --order best --start S --end E --alternative 一级 -o w.geojson --json -q
    assert_exit 0
    assert_equal " 1 S| 2 P| 3 Q| 4 E|一级 1 S|一级 2 Q|一级 3 P" "$(fields w_stops.geojson variant order name)"
    assert_equal "一级 E without 一级 there is no road within 500 m" "$(fields w_unreached.geojson variant name reason)"
    assert_equal "一级" "$(column unreached variant)"
    eb route roads.geojson stops.geojson --order best --start S --end E --alternative 一级 -o w.gpx -q
    assert_exit 0
    python3 - <<'EOF'
import xml.etree.ElementTree as E
G = "{http://www.topografix.com/GPX/1/1}"
root = E.parse("w.gpx").getroot()
names = [w.findtext(G + "name") for w in root.findall(G + "wpt")]
assert names == ["S", "P", "Q", "E", "S (without 一级)", "Q (without 一级)", "P (without 一级)"], names
tracks = [(t.findtext(G + "name"), t.findtext(G + "desc").split("; ")[-1]) for t in root.findall(G + "trk")]
assert tracks[1] == ("S - P (without 一级)", "not reached: E"), tracks
EOF
    eb route roads.geojson stops.geojson --order best --start S --end E --alternative 一级 --lang zh -o z.gpx -q
    grep -q '<name>S - P(不走一级)</name>' z.gpx
    # The same order: one set of waypoints.
    collect stops.geojson "$(stop S 0,0)" "$(stop P 0.02,0)"
    eb route roads.geojson stops.geojson --alternative 一级 -o s.gpx -q
    assert_equal 2 "$(grep -c '<wpt' s.gpx)"
}

@test "several stops of the name that start or end asks for" {
    ladder
    collect stops.geojson "$(stop A 0,0)" "$(stop B 0.02,0)" "$(stop A 0.01,0.01)"
    for option in --start --end; do
        eb route roads.geojson stops.geojson $option A
        assert_exit 2
        assert_err '2 stops of the route are called "A"'
    done
}

# dem FILE WEST: flat ground at 100 m, two hundredths of a degree wide from WEST on.
dem() {
    python3 - "$@" <<'EOF'
import sys
with open(sys.argv[1], "w") as out:
    out.write(f"ncols 20\nnrows 20\nxllcorner {sys.argv[2]}\nyllcorner -0.01\ncellsize 0.001\nNODATA_value -9999\n" + "100 " * 400 + "\n")
with open(sys.argv[1].replace(".asc", ".prj"), "w") as out:
    out.write('GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]')
EOF
}

@test "an elevation model that covers nothing of the way is refused, one that covers a part is told leg by leg" {
    collect roads.geojson "$(road street 二级 '0,0 0.05,0')"
    collect stops.geojson "$(stop A 0,0)" "$(stop B 0.008,0)" "$(stop C 0.03,0)" "$(stop D 0.045,0)"
    dem far.asc 10
    eb route roads.geojson stops.geojson --dem far.asc -o w.gpx
    assert_exit 4
    assert_err "no height anywhere along the way"
    refute_file w.gpx
    dem near.asc -0.01
    eb route roads.geojson stops.geojson --dem near.asc -o w.geojson --json -q
    assert_exit 0
    assert_equal "0 None None" "$(json "' '.join(str(r['ascent_m'] if r['ascent_m'] is None else int(r['ascent_m'])) for r in d['tables'][0]['rows'])")"
    assert_equal 1 "$(json "sum('along the leg from C to D' in c['reason'] for c in d['diagnosis']['cases'])")"
    assert_equal "1 2" "$(json "' '.join(sorted({str(r['leg']) for t in d['tables'] if t['name'] == 'profile' for r in t['rows']}))")"
    # A leg that the model covers to its middle: heights as far as it goes, no ascent, and it is told.
    collect stops.geojson "$(stop A 0,0)" "$(stop B 0.002,0)" "$(stop C 0.03,0)"
    eb route roads.geojson stops.geojson --dem near.asc -o part.geojson --json -q
    assert_exit 0
    assert_equal "0 null" "$(json "' '.join('null' if r['ascent_m'] is None else str(int(r['ascent_m'])) for r in d['tables'][0]['rows'])")"
    assert_equal 1 "$(json "sum('1 legs without ascent and descent' in n for n in d['tables'][0]['notes'])")"
    assert_equal 1 "$(json "sum('covers a part only of the leg from B to C' in c['reason'] for c in d['diagnosis']['cases'])")"
    assert_equal True "$(json "str(max(r['lon_deg'] for t in d['tables'] if t['name'] == 'profile' for r in t['rows']) < 0.01)")"
    # No made-up heights in the layer either.
    assert_equal 2 "$(python3 -c "import json; print({len(p) for f in json.load(open('w.geojson'))['features'] for p in f['geometry']['coordinates']}.pop())")"
    eb route roads.geojson stops.geojson --dem roads.geojson
    assert_exit 3
    assert_err "not recognized"
    eb route roads.geojson stops.geojson --dem nothing.tif
    assert_exit 3
    assert_err "No such file"
}

@test "the profile is not printed where it is drawn" {
    collect roads.geojson "$(road street 二级 '0,0 0.009,0')"
    collect stops.geojson "$(stop A 0,0)" "$(stop B 0.008,0)"
    dem near.asc -0.01
    eb route roads.geojson stops.geojson --dem near.asc -o w.gpkg
    assert_exit 0
    assert_file w_profile.svg
    [[ $output != *"Heights along the routes"* ]]
    assert_err "the table profile is drawn beside the output"
    eb route roads.geojson stops.geojson --dem near.asc -q
    [[ $output == *"Heights along the routes"* ]]
}

@test "a plan is checked for what its parameters say by themselves" {
    ladder
    collect stops.geojson "$(stop A 0,0)" "$(stop B 0.02,0)"
    plan() { printf 'layers:\n  roads: {path: roads.geojson}\n  stops: {path: stops.geojson}\nsteps:\n  - id: one\n    %s\n' "$1" >plan.yaml; }
    plan 'access: {places: stops, network: roads, at_least: 神级}'
    eb check plan.yaml
    assert_exit 2
    assert_err 'the class "神级" is not known'
    assert_err "plan.yaml:6"
    plan 'access: {places: stops, network: roads, at_least: 神级, class_order: [神级, 四级]}'
    eb check plan.yaml
    assert_exit 0
    plan 'route: {network: roads, stops: stops, loop: true, end: B}'
    eb check plan.yaml
    assert_exit 2
    assert_err "a loop ends where it starts"
}
