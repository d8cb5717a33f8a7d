#!/usr/bin/env bats
# Official layers in the place of those that ship: one edit of the plan, and everything made from the layer changes.

load ../support/helper

# Counties that are not those that ship: moved, in a Gauss plane, under the names of a land survey, without a field for the province.
other_counties() {
    python3 -B - "$LAYERS/counties.geojson" moved.geojson <<'PY'
import json, sys
layer = json.load(open(sys.argv[1]))
def moved(at):
    return [at[0] + 0.013, at[1] + 0.009] if isinstance(at[0], float) else [moved(part) for part in at]
for feature in layer["features"]:
    feature["geometry"]["coordinates"] = moved(feature["geometry"]["coordinates"])
    feature["properties"] = {"XZQMC": feature["properties"]["name_zh"], "POP": feature["properties"]["population_2020"]}
json.dump(layer, open(sys.argv[2], "w"), ensure_ascii=False)
PY
    "$ECOBELT" convert moved.geojson xzq.shp --to-crs EPSG:4527 -q
}

@test "swapping the counties changes every table that is made from them" {
    need python3
    other_counties
    local edit="layers.counties={path: $PWD/xzq.shp, label: name_zh, fields: {name_zh: XZQMC, name: XZQMC}, values: {province_zh: 浙江省, province: Zhejiang}}"
    # Steps that read the counties, alone or with their neighbours; a share of the city is not enough.
    local only=(county_area park_by_county belt belt_2km_by_county rivers_by_county zone_by_county zone_by_province) step
    for step in "${only[@]}"; do
        eb run "$LAYERS/quzhou.yaml" --only "$step" --set 'outputs.formats=[csv]' --out "shipped_$step" -q
        [ "$status" -le 1 ] || show "the layers that ship"
        eb run "$LAYERS/quzhou.yaml" --only "$step" --set 'outputs.formats=[csv]' --out "official_$step" -q --set "$edit"
        [ "$status" -le 1 ] || show "the official ones"
        run ! cmp -s "shipped_$step/statistics/$step.csv" "official_$step/statistics/$step.csv"
    done
    # The list above is all of them: nothing in the plan reads the file that ships but by the layer `counties`.
    assert_equal "$(printf '%s\n' belt_3km_by_county belt_2km_by_county_and_river belt_3km_by_county_and_river belt_width "${only[@]}" | sort | tr '\n' ' ')" "$(readers)"
    assert_equal 1 "$(grep -c 'counties\.geojson' "$LAYERS/quzhou.yaml")"
    # Both counties and neighbours are in what is made from both, and say so.
    output=$(cat official_zone_by_county/run.json)
    assert_equal '["counties", "neighbours", "all_counties", "demonstration_zone"]' "$(json "[i['id'] for i in d['inputs'] if i['features']]")"
    assert_equal '["xzq.shp"]' "$(json "[f['name'] for i in d['inputs'] if i['id'] == 'counties' for f in i['files'] if f['name'].endswith('.shp')]")"
    assert_equal '["counties", "neighbours"]' "$(json "[i['merge'] for i in d['inputs'] if 'merge' in i][0]")"
    grep -q "^Zhejiang," official_zone_by_province/statistics/zone_by_province.csv
    grep -q "^Jiangxi," official_zone_by_province/statistics/zone_by_province.csv
    run ! grep -q '^,' official_zone_by_province/statistics/zone_by_province.csv
}

# Steps of the plan with counties or all_counties among their parameters.
readers() {
    python3 -B - "$LAYERS/quzhou.yaml" <<'PY'
import re, sys
steps = re.split(r"\n  - id: ", open(sys.argv[1]).read().split("\nsteps:")[1].split("\ntargets:")[0])[1:]
print("".join(name + " " for name in sorted(s.split()[0] for s in steps if re.search(r": (all_)?counties\b", s))), end="")
PY
}

@test "a layer without a field that a step wants of all parts is refused with both ways out" {
    need python3
    other_counties
    eb run "$LAYERS/quzhou.yaml" --out out -q \
        --set "layers.counties={path: $PWD/xzq.shp, label: name_zh, fields: {name_zh: XZQMC, name: XZQMC}}"
    assert_exit 2
    assert_err "the layer 'counties', of which 'all_counties' is made, has no field 'province'"
    assert_err "values: {province: TEXT}"
    refute_file out
}
