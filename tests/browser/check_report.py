#!/usr/bin/env python3
"""A run's report on a desk and on a phone: nothing is wider than the screen, no complaint, no request.

Usage: check_report.py REPORT.html
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from browser import Browser

source = os.path.abspath(sys.argv[1])
problems = []
with Browser() as chromium:
    for width, phone in ((1280, False), (390, True), (320, True)):
        page = chromium.open("file://" + source, width, 800, phone=phone)
        needed = page.run("document.documentElement.scrollWidth")
        if needed > width or page.run("innerWidth") > width:
            problems.append(f"on a screen of {width} pixels the page is {needed} wide")
        asked = [url for url in page.requests if not url.startswith(("file://", "data:"))]
        if asked or page.complaints:
            problems.append(f"the page asks for {asked} and says {page.complaints}")
print("\n".join(problems + [f"{os.path.basename(source)}: {len(problems)} problems"]))
sys.exit(1 if problems else 0)
