"""Whether the symbols of a style can be told apart, by colour-blind readers too. Usage: colours.py STYLE.qml...

Two symbols of one style must differ in form (mark, size, width, dashes) or, for readers of every kind, in colour: by more than 12 in CIE 1976 L*a*b*
(2 is just seen by most). Colour blindness as in Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113, severity 1.
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


def check(path):
    with open(path, encoding="utf-8") as style:
        symbols = [symbol_of(text) for text in re.findall(r"<symbol .*?</symbol>", style.read(), re.S)]
    bad = []
    for (i, a), (j, b) in itertools.combinations(enumerate(symbols), 2):
        least = min(max(math.dist(lab(a[k], reader), lab(b[k], reader)) for k in (0, 1)) for reader in READERS)
        if a[2] == b[2] and least <= ENOUGH:
            bad.append(f"{os.path.basename(path)}: symbols {i} and {j} are {least:.1f} apart")
    return len(symbols), bad


count, findings = 0, []
for name in sys.argv[1:]:
    found, bad = check(name)
    count += found
    findings += bad
print("\n".join(findings + [f"{count} symbols, {len(findings)} pairs too near"]))
sys.exit(1 if findings else 0)
