"""Whether the symbols of a style can be told apart, by colour-blind readers too. Usage: colours.py [--together] STYLE.qml...

Two symbols of one style must differ in form (mark, size, width, dashes) or, for readers of every kind, in colour: by more than 12 in CIE 1976 L*a*b*
(2 is just seen by most). With --together all symbols of all styles are compared, as on one map; there a width is no form, as a thin line beside a
thicker one of its colour is seen, and alone it is not: only the mark and dashes are. What stands for "all others" (grey) is left out then. Colour blindness as in Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113, severity 1.
"""
import itertools
import math
import os
import re
import sys

ENOUGH = 12
READERS = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "other": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector)) for row in matrix]


def linear(value):
    value /= 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def lab(colour, reader):
    seen = [min(1, max(0, v)) for v in times(READERS[reader], [linear(v) for v in colour])]
    x, y, z = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (a / b for a, b in zip(times(TO_XYZ, seen), WHITE)))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def colour_of(text):
    """On white paper."""
    *rgb, alpha = (int(v) for v in text.split(","))
    return [255 + (v - 255) * alpha / 255 for v in rgb]


def symbol_of(text):
    """Colours and form of the topmost layer of a symbol."""
    option = dict(re.findall(r'<Option name="([^"]+)" type="QString" value="([^"]*)"', re.findall(r"<layer .*?</layer>", text, re.S)[-1]))
    ground = option.get("line_color") or option["color"]
    form = [option.get(name) for name in ("name", "size", "line_width", "line_style", "outline_style", "outline_width")]
    return colour_of(ground), colour_of(option.get("outline_color", ground)), form


def symbols_of(path):
    """(name, fill and outline, form) of each symbol of a style but, in a style with categories, of all others."""
    with open(path, encoding="utf-8") as style:
        text = style.read()
    rest = re.findall(r'<category value="" [^>]*symbol="(\d+)"', text)
    found = [(f"{os.path.basename(path)}: symbol {i}", str(i) in rest, *symbol_of(symbol))
             for i, symbol in enumerate(re.findall(r"<symbol .*?</symbol>", text, re.S))]
    return found


def least_apart(a, b):
    return min(max(math.dist(lab(a[k], reader), lab(b[k], reader)) for k in (2, 3)) for reader in READERS)


def form_of(symbol, together):
    mark, size, width, line, outline, outline_width = symbol[4]
    dashed = (line or outline) in ("dash", "dot")
    return (mark, dashed) if together else symbol[4]


def check(symbols, together):
    return [f"{a[0]} and {b[0]} are {least_apart(a, b):.1f} apart" for a, b in itertools.combinations(symbols, 2)
            if form_of(a, together) == form_of(b, together) and least_apart(a, b) <= ENOUGH]


count, findings, all_symbols, together = 0, [], [], sys.argv[1] == "--together"
for name in sys.argv[1 + together:]:
    own = symbols_of(name)
    count += len(own)
    findings += [] if together else check(own, False)
    all_symbols += [symbol for symbol in own if not symbol[1]]
if together:
    findings = check(all_symbols, True)
print("\n".join(findings + [f"{count} symbols, {len(findings)} pairs too near"]))
sys.exit(1 if findings else 0)
