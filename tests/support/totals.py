#!/usr/bin/env python3
"""Totals of a workbook, as another program computes them.

totals.py strip IN.xlsx OUT.xlsx KEPT.json: take the remembered values of all formulas away, so that the program must compute.
totals.py compare FOLDER KEPT.json: each cell with a formula holds what was taken away from it, and the row Total of each sheet's CSV the
sums of the rows above it.
"""
import csv
import glob
import json
import os
import re
import sys
import xml.etree.ElementTree as tree
import zipfile

CELL = re.compile(r'<c r="([A-Z]+)([0-9]+)"[^>]*><f>[^<]*</f><v>([^<]*)</v>')
NAME = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"


def column_of(letters):
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def strip(source, target, kept):
    cells = []
    with zipfile.ZipFile(source) as book, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bare:
        titles = [sheet.get("name") for sheet in tree.fromstring(book.read("xl/workbook.xml")).iter(NAME)]
        for name in book.namelist():
            text = book.read(name)
            sheet = re.fullmatch(r"xl/worksheets/sheet([0-9]+)\.xml", name)
            if sheet:
                found = CELL.findall(text.decode())
                cells += [(titles[int(sheet[1]) - 1], int(row) - 1, column_of(letters), float(value)) for letters, row, value in found]
                text = re.sub(rb"</f><v>[^<]*</v>", b"</f>", text)
            bare.writestr(name, text)
    with open(kept, "w", encoding="utf-8") as out:
        json.dump(cells, out)
    print(f"{len(cells)} formulas")


def number(text):
    try:
        return float(text)
    except ValueError:
        return 0.0


def sums_of(file, rows):
    """Faults of the rows Total."""
    for at, row in enumerate(rows):
        for column in range(1, len(row) if row and row[0] == "Total" else 0):
            # Title and headings hold no numbers.
            own = sum(number(above[column]) for above in rows[:at] if column < len(above))
            if row[column] and abs(own - number(row[column])) > 1e-9 * abs(own):
                yield f"{file}, column {column + 1}: {row[column]} is not {own!r}"


def compare(folder, kept):
    sheets, faults = {}, []
    for file in sorted(glob.glob(os.path.join(folder, "*.csv"))):
        with open(file, encoding="utf-8-sig", newline="") as text:
            rows = list(csv.reader(text))
        sheets[os.path.basename(file)[:-len(".csv")].split("-", 1)[1]] = rows
        faults += sums_of(file, rows)
    with open(kept, encoding="utf-8") as text:
        cells = json.load(text)
    for title, row, column, value in cells:
        computed = sheets[title][row][column]
        if not computed or abs(number(computed) - value) > 1e-9 * abs(value):
            faults.append(f"{title}, row {row + 1}, column {column + 1}: {computed} instead of {value!r}")
    print("\n".join(faults))
    print(f"{len(cells)} totals, {len(faults)} wrong")


{"strip": strip, "compare": compare}[sys.argv[1]](*sys.argv[2:])
