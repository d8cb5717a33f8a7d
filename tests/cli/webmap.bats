#!/usr/bin/env bats
# map.html of a run: one file that asks for nothing, whatever stands in the layers. That it draws is seen in tests/full.
load ../support/helper

setup() {
  cd "$BATS_TEST_TMPDIR"
  export LC_ALL=C.UTF-8
  cp "$LAYERS/counties.geojson" "$LAYERS/scenic_areas.geojson" .
  cat > plan.yaml <<'Y'
title: {zh: 地图, en: Map}
layers:
  counties: {path: counties.geojson, label: {zh: name_zh, en: name}, title: {zh: 县, en: Counties}}
  scenic_areas: {path: scenic_areas.geojson, label: {zh: name_zh, en: name}, title: {zh: 景区, en: Scenic areas}}
steps:
  - id: size
    title: {zh: 面积, en: Sizes}
    visible: false
    area: {layer: counties, by: [name]}
Y
}

# page EXPRESSION: evaluate Python's EXPRESSION on the page's text p and its data d.
page() {
  python3 -B -c 'import json, re, sys
p = open(sys.argv[1], encoding="utf-8").read()
blocks = re.findall(r"<script type=\"application/json\" id=\"data\">(.*?)</script>", p, re.S)
assert len(blocks) == 1
d = json.loads(blocks[0])
layers = {layer["id"]: layer for group in d["groups"] for layer in group["layers"]}
r = eval(sys.argv[2])
print(r if isinstance(r, str) else json.dumps(r, ensure_ascii=False))' "${MAP:-out/map.html}" "$1"
}

@test "every run writes a map unless the plan asks for other formats alone" {
  eb run plan.yaml --out out -q
  assert_exit 0
  assert_file out/map.html
  printf 'outputs: {formats: [csv]}\n' >> plan.yaml
  eb run plan.yaml --out other -q
  assert_exit 0
  refute_file other/map.html
  eb run plan.yaml --out alone -q --set 'outputs.formats=[map]'
  assert_exit 0
  assert_file alone/map.html
  refute_file alone/report.html
}

@test "the page loads nothing: no address in it but names of namespaces and the library's home" {
  eb run plan.yaml --out out -q
  run grep -oE "https?://[^\"'<> )\\\\]*" out/map.html
  assert_equal "" "$(grep -vE '^(http://www.w3.org/2000/svg|https://leafletjs.com)$' <<<"$output")"
  python3 -B - <<'Y'
import re
page = open("out/map.html", encoding="utf-8").read()
sheet = re.search(r"<style>(.*?)</style>", page, re.S).group(1)
assert len(sheet) > 5000 and not re.search(r"url\(|@import|sourceMapping", sheet, re.I)
assert "//# sourceMappingURL" not in page
rest = re.sub(r"<(script|style)[^>]*>.*?</\1>|<!--.*?-->", "", page, flags=re.S)
assert not re.search(r"<(link|img|iframe|object|embed|base|form)|(src|href|action|data|poster)=", rest, re.I), rest
Y
  assert_equal true "$(page '"default-src '"'none'"'" in p and p.count("<script>") == 2')"
}

@test "the map library's licence is in the page" {
  eb run plan.yaml --out out -q
  assert_equal true "$(page '"Vladimir Agafonkin" in p and "Redistributions in binary form must reproduce" in p')"
}

@test "the scripts that may run are those that the page holds" {
  eb run plan.yaml --out out -q
  # By digests computed elsewhere than in ecobelt.
  python3 -B - <<'Y'
import base64, hashlib, re
page = open("out/map.html", encoding="utf-8").read()
scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
digests = ["sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts]
assert len(digests) == 2
assert re.search(r"script-src (.*?)\"", page).group(1).replace("'", "").split() == digests
Y
}

@test "layers, legend and attributes are there in the language of the run" {
  eb run plan.yaml --out out -q --lang zh
  assert_equal '["地点", "区域"]' "$(page '[group["name"] for group in d["groups"]]')"
  assert_equal 6 "$(page 'len(layers["counties"]["features"])')"
  assert_equal false "$(page 'layers["size"]["on"]')"
  assert_equal '["5A级", "4A级"]' "$(page '[symbol["label"] for symbol in layers["scenic_areas"]["symbols"]]')"
  assert_equal true "$(page '"公布面积" in layers["counties"]["fields"] and "行政区划代码" in layers["counties"]["fields"]')"
  assert_equal true "$(page 'any(f["n"] == "开化县" and "2,236.00 平方公里" in f["v"] for f in layers["counties"]["features"])')"
  eb run plan.yaml --out out -q --lang en --overwrite
  assert_equal true "$(page 'any(f["n"] == "Kaihua" and "2,236.00 km²" in f["v"] for f in layers["counties"]["features"])')"
  assert_equal '["Grade 5A", "Grade 4A"]' "$(page '[symbol["label"] for symbol in layers["scenic_areas"]["symbols"]]')"
}

@test "drawn coordinates lie within two metres of the layer's" {
  eb run plan.yaml --out out -q
  python3 -B - <<'Y'
import json
from web_map import data_of
data = data_of("out/map.html")
layer = [l for g in data["groups"] for l in g["layers"] if l["id"] == "counties"][0]
source = json.load(open("counties.geojson", encoding="utf-8"))["features"]

def near(p, a, b):
    (x, y), (ax, ay), (bx, by) = p, a, b
    dx, dy = bx - ax, by - ay
    t = 0 if dx == dy == 0 else max(0, min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
    return ((x - ax - t * dx) ** 2 + (y - ay - t * dy) ** 2) ** 0.5

for drawn, feature in zip(layer["features"], source):
    assert drawn["n"] == feature["properties"]["name"]
    shape = feature["geometry"]
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    assert [len(rings) for rings in polygons] == [len(rings) for rings in drawn["a"]]
    for rings, packed in zip(polygons, drawn["a"]):
        for ring, flat in zip(rings, packed):
            at, line = [0, 0], []
            for i in range(0, len(flat), 2):
                at = [at[0] + flat[i], at[1] + flat[i + 1]]
                line.append((at[0] * data["step"], at[1] * data["step"]))
            assert line[0] == line[-1] and len(line) >= 4
            # Every vertex of the layer lies near the line drawn, in degrees: half a step of rounding each way and one of thinning.
            k = 0
            for vertex in ring:
                reach = min(range(k, min(k + 400, len(line) - 1)), key=lambda j: near(vertex, line[j], line[j + 1]))
                assert near(vertex, line[reach], line[reach + 1]) < 1.8e-5, (drawn["n"], vertex)
                k = max(0, reach - 1)
            assert len(line) <= len(ring)
Y
}

@test "no text of a layer gets out of its place" {
  python3 -B - <<'Y'
import json
d = json.load(open("counties.geojson", encoding="utf-8"))
d["features"][0]["properties"]["name"] = '</script><script>alert(1)</script><!--'
d["features"][1]["properties"]["name"] = '"\\u2028\u2028<img src=x onerror=alert(2)>]]>'
json.dump(d, open("counties.geojson", "w", encoding="utf-8"), ensure_ascii=False)
Y
  sed -i "s|en: Counties|en: \"</title><script>alert(3)</script>\"|; s|en: Map|en: \"</title><script>alert(4)//\"|" plan.yaml
  eb run plan.yaml --out out -q --set 'steps.size.visible=true'
  assert_exit 0
  assert_equal 3 "$(grep -o '<script' out/map.html | wc -l)"
  assert_equal 3 "$(grep -o '</script' out/map.html | wc -l)"
  assert_equal 0 "$(page 'p.count("<img") - p.count("<img", 0, p.index("id=\"data\""))- p[p.index("</script>"):].count("<img")')"
  assert_equal '</script><script>alert(1)</script><!--' "$(page 'layers["counties"]["features"][0]["n"]')"
  assert_equal '</title><script>alert(3)</script>' "$(page 'layers["counties"]["title"]')"
}

@test "the same run gives the same bytes" {
  eb run plan.yaml --out one -q
  eb run plan.yaml --out two -q -j 2
  cmp one/map.html two/map.html
}

@test "a layer that cannot be brought to degrees of WGS84 is no reason to lose the tables" {
  printf 'layers:\n  old: {path: counties.geojson, crs: EPSG:4214}\nsteps:\n  - id: size\n    area: {layer: old}\noutputs: {formats: [csv, map]}\n' > old.yaml
  eb run old.yaml --out out
  assert_exit 0
  assert_file out/statistics/size.csv
  refute_file out/map.html
  assert_err "no web map is written"
}

@test "layers in metres are brought to degrees" {
  eb convert counties.geojson metres.gpkg --to-crs EPSG:4549
  sed -i 's/counties.geojson/metres.gpkg/' plan.yaml
  eb run plan.yaml --out out -q
  assert_exit 0
  assert_equal true "$(page 'all(abs(a - b) <= 3 for a, b in zip(layers["counties"]["box"], [11802307, 2824153, 11934255, 2949957]))')"
}

@test "a large layer is thinned more, and one of too many features is said to be left out" {
  python3 -B - <<'Y'
import json, math
def point(k):
    return [118 + k % 200 * 0.001, 29 + k // 200 * 0.001]
json.dump({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": str(k)}, "geometry":
    {"type": "Point", "coordinates": point(k)}} for k in range(20001)]}, open("points.geojson", "w"))
# A million vertices that no straight line follows.
lines = [[[118 + j * 0.0005, 29 + k * 0.001 + 0.0004 * math.sin(j * (k + 7.3))] for j in range(2000)] for k in range(500)]
json.dump({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": str(k)}, "geometry":
    {"type": "LineString", "coordinates": line}} for k, line in enumerate(lines)]}, open("lines.geojson", "w"))
Y
  printf 'layers:\n  points: {path: points.geojson, title: Points}\n  lines: {path: lines.geojson}\n  counties: {path: counties.geojson}\nsteps:\n  - id: size\n    area: {layer: counties}\noutputs: {formats: [map]}\n' > large.yaml
  eb run large.yaml --out out -q
  assert_exit 0
  assert_equal '["Points"]' "$(page 'd["left_out"]')"
  assert_equal true "$(page 'd["thinned"] > 1e-5')"
  [ "$(stat -c %s out/map.html)" -lt 5000000 ] || show "the map has $(stat -c %s out/map.html) bytes"
}

@test "the background is asked for only where the plan names it, and only by the reader" {
  cat >> plan.yaml <<'Y'
map:
  tiles: ["https://t0.tianditu.gov.cn/vec_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=KEY", "https://t0.tianditu.gov.cn/cva_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=KEY"]
  attribution: {zh: 天地图, en: Tianditu}
Y
  eb run plan.yaml --out out -q
  assert_exit 0
  assert_equal true "$(page 'len(d["tiles"]) == 2 and not d["tiles_on"] and d["attribution"] == "Tianditu" and "img-src data: https: http:" in p')"
  eb run plan.yaml --out out -q --overwrite --set map.visible=true
  assert_equal true "$(page 'd["tiles_on"]')"
}

@test "what is wrong with the background is said with its place" {
  while IFS='|' read -r value words; do
    { head -n 4 plan.yaml; printf 'map: %s\n' "$value"; tail -n +5 plan.yaml; } > bad.yaml
    eb check bad.yaml
    assert_exit 2
    assert_err "$words"
    assert_err "bad.yaml:5:"
  done <<'Y'
{tiles: "ftp://a/{z}/{x}/{y}"}|https://
{tiles: "https://a/{z}/{x}"}|{x}, {y}
{tiles: "https://a/{z}/{x}/{y}?tk={key}"}|'{key}'
{tiles: "https://webrd01.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}"}|GCJ-02
{tiles: "https://online1.map.bdimg.com/tile?x={x}&y={y}&z={z}"}|BD-09
{tiles: [{a: b}]}|must be a URL
{tile: "https://a/{z}/{x}/{y}"}|unknown key 'tile'
{attribution: nobody}|has no 'tiles'
{tiles: "https://a/{z}/{x}/{y}", visible: perhaps}|true or false
Y
}

@test "quzhou: the map stays below five megabytes" {
  eb run "$LAYERS/quzhou.yaml" --out out -q --set 'outputs.formats=[map]'
  assert_exit 0
  [ "$(stat -c %s out/map.html)" -lt 5000000 ] || show "the map has $(stat -c %s out/map.html) bytes"
  assert_equal true "$(page 'len(layers) >= 20 and not d["left_out"]')"
  # Layers that came out empty are not in the list.
  assert_equal true "$(page 'all(layer["features"] for layer in layers.values())')"
}

@test "the map says what became of the coordinates: nothing of CGCS2000 where there is none" {
  need ogr2ogr
  ogr2ogr -a_srs EPSG:4490 china.gpkg counties.geojson
  ogr2ogr -a_srs EPSG:4326 world.gpkg counties.geojson
  printf '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"a"},"geometry":{"type":"Polygon","coordinates":[[[11,47],[11.1,47],[11.1,47.1],[11,47.1],[11,47]]]}}]}' > alp.geojson
  ogr2ogr -a_srs EPSG:4258 alp.gpkg alp.geojson
  for name in china world alp; do
    printf 'layers:\n  here: {path: %s.gpkg, label: name}\nsteps:\n  - id: size\n    area: {layer: here}\n' $name > $name.yaml
    eb run $name.yaml --out $name -q --lang en
    assert_exit 0
  done
  MAP=china/map.html
  assert_equal "CGCS2000, taken as WGS84 (they differ by less than a metre)." "$(page 'd["datum"]')"
  MAP=world/map.html
  assert_equal "Coordinates: WGS 84." "$(page 'd["datum"]')"
  assert_equal false "$(page '"CGCS2000, taken" in p')"
  MAP=alp/map.html
  assert_equal true "$(page '"ETRS" in d["datum"] or "European Terrestrial" in d["datum"]')"
  assert_equal false "$(page '"CGCS2000, taken" in p')"
}

@test "a label of the plan is on the map without a theme, and none where the plan names none" {
  need unzip
  cp counties.geojson mine.geojson
  printf 'layers:\n  mine: {path: mine.geojson, label: name}\n  bare: {path: mine.geojson}\n  corridor: {path: mine.geojson, label: name}\nsteps:\n  - id: size\n    area: {layer: mine}\n' > own.yaml
  eb run own.yaml --out own -q --lang en
  assert_exit 0
  MAP=own/map.html
  assert_equal '[true, false, true, true]' "$(page '[layers[n]["labels"] for n in ("mine", "bare", "corridor", "size")]')"
  unzip -p own/own.qgz own.qgs > own.qgs
  run python3 -B -c '
import re
from xml.etree import ElementTree
project = ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", open("own.qgs", encoding="utf-8").read()))
for layer in project.iter("maplayer"):
    if layer.get("labelsEnabled") is None:  # a table
        continue
    named = not layer.find("id").text.startswith("bare")
    assert (layer.get("labelsEnabled") == "1") == named, layer.find("id").text
    assert not named or layer.find("labeling//text-style").get("fieldName") == "name"'
  assert_exit 0
}
