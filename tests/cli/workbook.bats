#!/usr/bin/env bats
# The workbook: what Excel and LibreOffice find in it.
load ../support/helper

# read_book FILE PYTHON: run PYTHON with `sheets` = {name: {cell: (type, value, formula)}} and `charts` = chart parts.
read_book() {
  run python3 -B - "$1" "$2" <<'END'
import re, sys, zipfile
from xml.etree import ElementTree as ET
book = zipfile.ZipFile(sys.argv[1])
assert book.testzip() is None
main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
rel = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
shared = ["".join(t.text or "" for t in si.iter(main + "t")) for si in ET.fromstring(book.read("xl/sharedStrings.xml"))]
targets = {r.get("Id"): r.get("Target") for r in ET.fromstring(book.read("xl/_rels/workbook.xml.rels"))}
sheets, roots = {}, {}
for sheet in ET.fromstring(book.read("xl/workbook.xml")).iter(main + "sheet"):
    root = ET.fromstring(book.read("xl/" + targets[sheet.get(rel)]))
    cells = {}
    for c in root.iter(main + "c"):
        v, f = c.find(main + "v"), c.find(main + "f")
        if v is None:
            continue
        value = shared[int(v.text)] if c.get("t") == "s" else v.text if c.get("t") == "str" else float(v.text)
        cells[c.get("r")] = (c.get("t", "n"), value, f.text if f is not None else None)
    sheets[sheet.get("name")], roots[sheet.get("name")] = cells, root
charts = [book.read(n).decode() for n in book.namelist() if n.startswith("xl/charts/")]
exec(sys.argv[2])
END
  [ "$status" -eq 0 ] || show "the workbook is not what it should be"
}

@test "workbook: contents, a sheet a table, charts, method, data quality" {
  eb run "$LAYERS/quzhou.yaml" --out out -q
  assert_exit 0
  read_book out/statistics.xlsx '
names = list(sheets)
assert names[0] == "Contents" and names[1] == "Computed and published figures", names[:3]
assert names[-5:] == ["Charts", "Method", "Data quality", "What was asked", "Inputs"], names[-5:]
import os
tables = [f for f in os.listdir("out/statistics") if f.endswith(".csv")]
assert len(names) == len(tables) + 6, (len(names), len(tables))
assert all(len(n) <= 31 and not set(n) & set("[]:*?/\\") for n in names)
assert not [n for n in names if n != n.strip() or re.search(r" \d+$", n)], names
assert {"Riverside belt by…2 km a side", "Riverside belt by…3 km a side"} <= set(names), names
links = {h.get("location") for h in roots["Contents"].iter(main + "hyperlink")}
assert len(links) == len(names) - 1 and all(l.split("!")[0].strip("\x27") in sheets for l in links), links
assert len(charts) == 6, len(charts)
assert any("barChart" in c for c in charts) and any("pieChart" in c for c in charts)
'
}

@test "workbook: numbers are numbers, totals are formulas with their value, headings are frozen" {
  eb run "$LAYERS/quzhou.yaml" --out out -q
  assert_exit 0
  read_book out/statistics.xlsx '
park = sheets["Park by zone (schematic)"]
assert park["A1"][1] == "Park by zone (schematic)"
heads = {v[1]: k for k, v in park.items() if re.fullmatch("[A-Z]+3", k)}
column = heads["Area (km²)"][:-1]
values = [park[column + str(r)] for r in range(4, 8)]
assert all(t == "n" and f is None for t, v, f in values), values
total = park[column + "8"]
assert total[2] == f"SUM({column}4:{column}7)", total
assert abs(total[1] - sum(v[1] for v in values)) < 1e-9 and abs(total[1] - 252.38) < 0.01, total
pane = next(roots["Park by zone (schematic)"].iter(main + "pane"))
assert pane.get("state") == "frozen" and pane.get("ySplit") == "3", pane.attrib
assert any("share of region" in v[1] for k, v in park.items() if k.endswith("3"))
assert any("8844.79" in str(v[1]) for v in park.values()), "the denominator is not named"
assert any("schematic" in str(v[1]) for v in park.values())
'
}

@test "workbook: in Chinese with --lang zh, the same figures" {
  eb run "$LAYERS/quzhou.yaml" --out out -q --lang zh
  assert_exit 0
  read_book out/statistics.xlsx '
names = list(sheets)
assert names[0] == "目录" and names[-4:] == ["方法", "数据质量", "计算内容", "输入数据"], names
park = sheets["国家公园各功能区面积(示意)"]
assert "面积(平方公里)" in [v[1] for v in park.values()]
assert "合计" in [v[1] for v in park.values()]
reached = {v[1] for k, v in sheets["4A级以上景区通达二级以上公路(示意)"].items() if v[1] in ("是", "否")}
assert reached == {"是", "否"} and not [k for cells in sheets.values() for k, v in cells.items() if v[0] == "b"]
targets = [v[1] for v in sheets["计算值与公布值对照"].values()]
assert "符合" in targets and "示意" in targets and not {"met", "compared", "schematic", "km2"} & set(targets), targets
'
}
