"""Whether every field of every layer of a GeoPackage has a heading in its default style, in one language. Usage: aliases.py PACKAGE en/zh"""
import re
import sqlite3
import sys
from xml.etree import ElementTree

file, lang = sys.argv[1:]
bad, fields = [], 0
with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as package:
    styles = dict(package.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
    for layer, geometry in package.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchall():
        style = ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", styles[layer]))
        named = {alias.get("field"): alias.get("name") for alias in style.iter("alias")}
        for row in package.execute(f'PRAGMA table_info("{layer}")'):
            if row[1] in (geometry, "fid"):
                continue
            fields += 1
            heading = named.get(row[1])
            # A heading is no code: no underscore, and Chinese where that is asked for.
            if not heading or "_" in heading or (re.search("[\u3400-\u9fff]", heading) is None) == (lang == "zh"):
                bad.append(f"{layer}.{row[1]}: {heading}")
print("\n".join(bad + [f"{fields} fields, {len(bad)} without a heading"]))
sys.exit(1 if bad else 0)
