#!/usr/bin/env bats
# report.html: one page that needs nothing else.
load ../support/helper

setup_file() { quzhou_runs; }

# page FILE: what it is made of, as JSON in $output.
page() {
  run python3 -B "$ECOBELT_SOURCE/tests/support/page.py" "$1"
  [ "$status" -eq 0 ] || show "the page is not well-formed"
}

@test "page: well-formed, links that lead somewhere, nothing from elsewhere, nothing that runs" {
  for lang in en zh; do
    page "$BATS_FILE_TMPDIR/$lang/report.html"
    assert_equal '[[], [], []]' "$(json '[d["outside"], d["handlers"], d["lost"]]')"
    assert_equal false "$(json '"script" in d["tags"]')"
    assert_equal "default-src 'none'; style-src 'unsafe-inline'" "$(json 'd["policy"]')"
  done
}

@test "page: small enough to send by mail" {
  for lang in en zh; do
    page "$BATS_FILE_TMPDIR/$lang/report.html"
    assert_equal true "$(json 'd["bytes"] < 2000000')"
  done
}

@test "page: every target with its computed and published value and the verdict" {
  for lang in en zh; do
    page "$BATS_FILE_TMPDIR/$lang/report.html"
    run python3 -B - "$BATS_FILE_TMPDIR/$lang/statistics/targets.csv" "$lang" 3<<<"$output" <<'END'
import csv, json, os, sys
rows = json.load(os.fdopen(3))["rows"]
words = {"en": {"met": "met", "compared": "compared"}, "zh": {"met": "符合", "compared": "仅比较"}}[sys.argv[2]]
targets = list(csv.DictReader(open(sys.argv[1], encoding="utf-8-sig")))
assert len(targets) == 20
for target in targets:
    wanted = [target["target"]] + [f"{float(target[c]):,.2f}" for c in ("computed", "published")]
    found = [row for row in rows if row[:3] == wanted]
    assert len(found) == 1 and words[target["verdict"]] in found[0], (wanted, found)
    assert any(target["source"] in cell and target["note"] in cell for cell in found[0]), (target, found)
END
    [ "$status" -eq 0 ] || show "a target is not on the page in $lang"
  done
}

@test "page: every table, every input with its digest, what each step was asked" {
  msgfmt -o zh.mo "$ECOBELT_SOURCE/src/po/zh_CN.po"
  for lang in en zh; do
    page "$BATS_FILE_TMPDIR/$lang/report.html"
    run python3 -B - "$BATS_FILE_TMPDIR/$lang" 3<<<"$output" <<'END'
import csv, gettext, glob, json, os, sys
rows = json.load(os.fdopen(3))["rows"]
page = open(sys.argv[1] + "/report.html", encoding="utf-8").read()
# The record keeps a source as it was given; people read it in their language.
words = gettext.GNUTranslations(open("zh.mo", "rb")).gettext if sys.argv[1].endswith("/zh") else str
record = json.load(open(sys.argv[1] + "/run.json", encoding="utf-8"))
for given in record["inputs"]:
    for file in given["files"]:
        assert any(file["name"] + file["sha256"] in cell for row in rows for cell in row), file
    assert any(words(given["source"]) in row for row in rows), given["source"]
for step in record["steps"]:
    named = any(step["analysis"] + " " in cell for row in rows for cell in row)
    assert named == (words is str), step
for word in () if words is str else ("分区统计 zones: ", "判定为“符合”或“不符合”"):
    assert any(word in cell for row in rows for cell in row) or word in page, word
for word in (record["version"], record["libraries"]["GDAL"], record["libraries"]["PROJ"], record["plan_sha256"], "8844.79"):
    assert word in page, word
# The first cell of the first row of every table that has rows; a text stands there as it is.
for path in glob.glob(sys.argv[1] + "/statistics/*.csv"):
    for first in list(csv.reader(open(path, encoding="utf-8-sig")))[1:2]:
        # Codes such as "schematic" stand there in words.
        texts = [cell for cell in first if cell not in ("", "schematic") and not cell.replace(".", "").replace("-", "").isdigit()]
        assert not texts or any(texts[0] in row for row in rows), (path, texts)
END
    [ "$status" -eq 0 ] || show "something is not on the page in $lang"
  done
}

@test "page: maps and charts as pictures" {
  page "$BATS_FILE_TMPDIR/en/report.html"
  # A map of all, one each of park, protected areas, zone, new city, three routes, the network, access; six charts; swatches.
  assert_equal 16 "$(json 'd["tags"]["figure"]')"
  for word in 'class="place">Kaihua' 'class="place">Jiangshan' '>20 km<' 'Map 10. '; do
    grep -qF "$word" "$BATS_FILE_TMPDIR/en/report.html" || show "no $word"
  done
  grep -qF 'class="place">开化县' "$BATS_FILE_TMPDIR/zh/report.html"
}

@test "page: the same plan gives the same bytes, wherever and with however many threads" {
  mkdir -p elsewhere/layers
  cp "$ECOBELT_SOURCE/tests/support/small.yaml" elsewhere/layers/small.yaml
  sed -i "s|\.\./\.\./layers/|$LAYERS/|; s|formats: .*\]|formats: [html]|" elsewhere/layers/small.yaml
  cp elsewhere/layers/small.yaml small.yaml
  eb run small.yaml --out a -q -j 1
  assert_exit 0
  sleep 1.1 # a time in it would differ
  eb run elsewhere/layers/small.yaml --out b -q -j 2
  assert_exit 0
  cmp a/report.html b/report.html
}

@test "page: texts of plan and data stay texts" {
  python3 -B - <<'END'
import json
evil = ["<script>document.title='ran'</script>", "\"><img src=x onerror=alert(1)>", "a & b < c > d ' e", "</title></style></td>"]
square = lambda x: [[[x, 28.5], [x + .1, 28.5], [x + .1, 28.6], [x, 28.6], [x, 28.5]]]
features = [{"type": "Feature", "properties": {"name": text}, "geometry": {"type": "Polygon", "coordinates": square(118.5 + .1 * i)}}
            for i, text in enumerate(evil)]
json.dump({"type": "FeatureCollection", "features": features}, open("evil.geojson", "w"))
plan = {"title": evil[0], "region": {"layer": "evil", "title": evil[1], "control_area_km2": 500, "source": evil[3]},
        "layers": {"evil": {"path": "evil.geojson", "label": "name", "title": evil[0], "schematic": True}},
        "steps": [{"id": "sizes", "title": evil[3], "note": evil[1], "area": {"layer": "evil", "by": ["name"]},
                   "shares": [{"column": "area_m2", "of": "region"}], "charts": [{"category": "name", "value": "area_km2", "title": evil[1]}]}],
        "targets": [{"title": evil[0], "of": "sizes", "column": "area_km2", "sum": True, "expect_km2": 430, "within_pct": 20,
                     "source": evil[1], "note": evil[3]}],
        "outputs": {"formats": ["html"]}}
json.dump(plan, open("evil.yaml", "w"))
END
  eb run evil.yaml --out out -q
  assert_exit 0
  page out/report.html
  assert_equal '[[], [], []]' "$(json '[d["outside"], d["handlers"], d["lost"]]')"
  assert_equal '[false, false, 1, 1]' "$(json '["script" in d["tags"], "img" in d["tags"], d["tags"]["title"], d["tags"]["style"]]')"
  assert_equal true "$(json 'any("<script>document.title=\u0027ran\u0027</script>" in row for row in d["rows"])')"
  assert_equal true "$(json 'any("\"><img src=x onerror=alert(1)>" in row for row in d["rows"])')"
}
