#!/usr/bin/env python3
"""Totals of a workbook, as another program computes them.

totals.py strip IN.xlsx OUT.xlsx: take the remembered values of all formulas away, so that the program must compute.
totals.py compare FOLDER: in each sheet's CSV the row Total holds the sums of the rows above it.
"""
import csv
import glob
import os
import re
import sys
import zipfile


def strip(source, target):
    taken = 0
    with zipfile.ZipFile(source) as book, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bare:
        for name in book.namelist():
            text = book.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text, count = re.subn(rb"</f><v>[^<]*</v>", b"</f>", text)
                taken += count
            bare.writestr(name, text)
    print(f"{taken} formulas")


def number(text):
    try:
        return float(text)
    except ValueError:
        return 0.0


def compare(folder):
    totals, wrong = 0, 0
    for file in sorted(glob.glob(os.path.join(folder, "*.csv"))):
        with open(file, encoding="utf-8-sig", newline="") as text:
            rows = list(csv.reader(text))
        for at, row in enumerate(rows):
            if not row or row[0] != "Total":
                continue
            for column in range(1, len(row)):
                if not row[column]:
                    continue
                # Title and headings hold no numbers.
                own = sum(number(above[column]) for above in rows[:at] if column < len(above))
                totals += 1
                if abs(own - number(row[column])) > 1e-9 * abs(own):
                    wrong += 1
                    print(f"{file}, column {column + 1}: {row[column]} is not {own!r}")
    print(f"{totals} totals, {wrong} wrong")


{"strip": strip, "compare": compare}[sys.argv[1]](*sys.argv[2:])
