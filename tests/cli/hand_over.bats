#!/usr/bin/env bats
# What leaves the Quzhou run speaks one language to people: texts, popups, headings.
load ../support/helper

setup_file() { quzhou_runs; }

@test "no English word is left in what a Chinese run hands over, but names and abbreviations" {
  run python3 -B "$ECOBELT_SOURCE/tests/support/left_english.py" "$BATS_FILE_TMPDIR/zh" quzhou
  assert_exit 0
}

@test "an English word in any of its files would be found" {
  for change in 's/非法定边界/no official boundary,非法定/;report.html' 's/"来源"/"Source"/;map.html' 's/非法定边界/no official,非法定/;statistics/belt.txt'; do
    rm -rf copy
    cp -r "$BATS_FILE_TMPDIR/zh" copy
    sed -i "${change%;*}" "copy/${change##*;}"
    run python3 -B "$ECOBELT_SOURCE/tests/support/left_english.py" copy quzhou
    assert_exit 1
  done
  # The English run is full of it.
  run python3 -B "$ECOBELT_SOURCE/tests/support/left_english.py" "$BATS_FILE_TMPDIR/en" quzhou
  assert_exit 1
}

@test "popups: what the layers that ship say of their features is said in Chinese" {
  python3 -B - "$BATS_FILE_TMPDIR/zh/map.html" <<'END'
import re, sys
from web_map import layers_of
layers = layers_of(sys.argv[1])
told = 0
for layer in layers.values():
    for feature in layer["features"]:
        card = dict(zip(layer["fields"], feature["v"]))
        for head in ("来源", "性质", "县(市、区)", "设区市", "省", "侧"):
            if card.get(head):
                told += 1
                assert re.search("[\u3400-\u9fff]", card[head]), (layer["id"], card)
assert told > 500, told
site = next(dict(zip(layers["scenic_areas"]["fields"], f["v"])) for f in layers["scenic_areas"]["features"] if f["n"] == "清漾")
assert site["来源"] == "公开网页:石门镇" and "江山市" in site.values(), site
END
}

@test "popups: what is measured stands beside what was published" {
  python3 -B - "$BATS_FILE_TMPDIR" <<'END'
import csv, sys
from web_map import layers_of
for lang, area, length, name in (("en", "Computed area", "Computed length", "name"), ("zh", "计算面积", "计算长度", "name_zh")):
    layers = layers_of(f"{sys.argv[1]}/{lang}/map.html")
    with open(f"{sys.argv[1]}/{lang}/statistics/county_area.csv", encoding="utf-8-sig") as table:
        measured = {row[name]: float(row["geodesic_m2"]) / 1e6 for row in csv.DictReader(table)}
    counties = {f["n"]: dict(zip(layers["counties"]["fields"], f["v"]))[area] for f in layers["counties"]["features"]}
    assert set(counties) == set(measured) and len(counties) == 6
    for county, said in counties.items():
        assert abs(float(said.split()[0].replace(",", "")) - measured[county]) <= 0.005000001, (county, said, measured[county])
    assert length in layers["roads"]["fields"] and area not in layers["county_area"]["fields"]
END
}

@test "every field of every layer of the package has a heading, in both languages" {
  for lang in en zh; do
    run python3 -B "$ECOBELT_SOURCE/tests/support/aliases.py" "$BATS_FILE_TMPDIR/$lang/quzhou.gpkg" $lang
    assert_exit 0
    [ "${output%% *}" -ge 250 ] || show "few fields"
  done
  run python3 -B "$ECOBELT_SOURCE/tests/support/aliases.py" "$BATS_FILE_TMPDIR/en/quzhou.gpkg" zh
  assert_exit 1
}

@test "stops have the colour of their route and a number on a disc, each route its own" {
  python3 -B - "$BATS_FILE_TMPDIR/en/map.html" <<'END'
import sys
from web_map import layers_of
layers = layers_of(sys.argv[1])
seen = set()
for route in ("source_to_city", "hangzhou_quzhou_huangshan", "heritage_route"):
    stops = layers[route + "_stops"]
    assert stops["badge"]["f"] == layers[route]["symbols"][0]["inks"][-1]["c"], route
    seen.add((stops["badge"]["f"], stops["badge_x"], stops["badge_y"]))
assert len(seen) == 3 and len({place[1:] for place in seen}) == 3, seen
assert not any("badge" in layer for name, layer in layers.items() if not name.endswith("_stops"))
END
}

@test "a lone result is called what the plan calls it, on maps and in the layer" {
  need unzip
  grep -q '"name": *"West new city"' "$BATS_FILE_TMPDIR/en/maps/new_city.geojson"
  grep -q '"name": *"西区智慧新城"' "$BATS_FILE_TMPDIR/zh/maps/new_city.geojson"
  unzip -p "$BATS_FILE_TMPDIR/zh/quzhou.qgz" quzhou.qgs | python3 -B -c '
import re, sys
from xml.etree import ElementTree
project = ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", sys.stdin.read()))
layer = next(l for l in project.iter("maplayer") if l.find("id").text.startswith("new_city_"))
assert layer.get("labelsEnabled") == "1" and layer.find(".//text-style").get("fieldName") == "name"'
}

@test "a sheet whose layers name no source has no line of sources" {
  need unzip
  python3 -B -c '
import json, sys
layer = json.load(open(sys.argv[1], encoding="utf-8"))
for feature in layer["features"]:
    del feature["properties"]["source"]
json.dump(layer, open("counties.geojson", "w", encoding="utf-8"), ensure_ascii=False)' "$LAYERS/counties.geojson"
  printf 'layers:\n  counties: {path: counties.geojson}\nsteps:\n  - id: size\n    area: {layer: counties}\n' >plan.yaml
  eb run plan.yaml --out out -q
  assert_exit 0
  unzip -p out/plan.qgz plan.qgs >plan.qgs
  grep -q 'Coordinates: ' plan.qgs || show "no notes on the sheet"
  ! grep -qE 'Sources: |run\.json' plan.qgs || show "sources of nothing"
  unzip -p "$BATS_FILE_TMPDIR/en/quzhou.qgz" quzhou.qgs | grep -q 'Sources: npm' || show "no sources where there are some"
}
