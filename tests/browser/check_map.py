#!/usr/bin/env python3
"""A run's web map in a headless browser: drawn, switched, asked, without a complaint or a request.

Usage: check_map.py MAP.html PICTURE_STEM
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from browser import Browser

source, stem = os.path.abspath(sys.argv[1]), sys.argv[2]
problems = []


def expect(good, text):
    if not good:
        problems.append(text)


# What a layer has put on the map, as the document has it.
DRAWN = "(document.querySelector('.leaflet-pane[data-layer=\"%s\"]') || {querySelectorAll: () => []}).querySelectorAll('path').length"


def check_layers(page):
    layers = page.run("Array.from(document.querySelectorAll('.layer[data-layer]')).map(row => [row.dataset.layer, row.querySelector('input').checked])")
    expect(len(layers) >= 15, f"{len(layers)} layers in the list")
    for name, on in layers:
        count = page.run(DRAWN % name)
        expect((count > 0) == on, f"{name} is {'on' if on else 'off'} and has {count} paths")
    for name, on in layers:
        box = f"document.querySelector('.layer[data-layer=\"{name}\"] input').click()"
        page.run(box)
        count = page.run(DRAWN % name)
        expect((count > 0) != on, f"{name} was switched {'off' if on else 'on'} and has {count} paths")
        page.run(box)
        expect((page.run(DRAWN % name) > 0) == on, f"{name} did not come back")
    titles = page.run("Array.from(document.querySelectorAll('.layer .title')).map(title => title.textContent)")
    expect(all(titles), "a layer without a title")


def check_group(page):
    """The box of a group switches all of its layers."""
    state = "Array.from(document.querySelectorAll('section:first-child .layer input')).map(box => box.checked)"
    for _ in range(2):
        page.run("document.querySelector('section label input').click()")
        whole = page.run("document.querySelector('section label input').checked")
        expect(all(on == whole for on in page.run(state)), "the box of a group does not switch its layers")


def check_legend(page):
    for row in page.run("Array.from(document.querySelectorAll('.layer')).map(row => [row.dataset.layer, row.querySelectorAll('.swatch svg').length])"):
        expect(row[1] > 0, f"{row[0]} has no symbol in the legend")


def check_names(page):
    names = page.run("Array.from(document.querySelectorAll('.name')).map(name => { const b = name.getBoundingClientRect();"
                     " return [name.textContent, b.left, b.top, b.right, b.bottom]; })")
    expect(len(names) >= 10, f"{len(names)} names on the map")
    words = [name for name in names if not name[0].isdigit()]
    for i, one in enumerate(words):
        for other in words[:i]:
            apart = one[1] >= other[3] - 1 or other[1] >= one[3] - 1 or one[2] >= other[4] - 1 or other[2] >= one[4] - 1
            expect(apart, f"{one[0]} lies over {other[0]}")


def check_popup(page):
    """Ask the places of the scenic areas until one answers with its attributes."""
    size = page.run("(box => [box.left + box.width / 2, box.top + box.height / 2])(document.querySelector('#map').getBoundingClientRect())")
    page.click(*size)
    page.still()
    rows = page.run("Array.from(document.querySelectorAll('.leaflet-popup .card tr')).map(row => row.textContent)")
    heads = page.run("Array.from(document.querySelectorAll('.leaflet-popup summary')).map(head => head.textContent)")
    expect(len(heads) >= 1 and len(rows) >= 3, f"the popup in the middle says {heads} {rows}")
    inside = page.run("(b => b.top >= 0 && b.left >= 0 && b.bottom <= innerHeight && b.right <= innerWidth)"
                      "(document.querySelector('.leaflet-popup').getBoundingClientRect())")
    expect(inside, "the popup is cut by the edge of the map")


def check_controls(page):
    expect(page.run("document.querySelector('.leaflet-control-scale-line').textContent.length") > 2, "no scale")
    expect(page.run("document.querySelector('.heading h1').textContent === document.title"), "the map has another title than the page")
    before = page.run("document.querySelector('.leaflet-control-scale-line').textContent")
    for _ in range(3):
        page.run("document.querySelector('a.zoom-in').click()")
        page.still()
    expect(page.run("document.querySelector('.leaflet-control-scale-line').textContent") != before, "zooming in does not change the scale")
    page.run("document.querySelector('a.full').click()")
    page.still()
    expect(page.run("document.querySelector('.leaflet-control-scale-line').textContent") == before, "the whole area is not what the map began with")


def check_phone(browser):
    page = browser.open("file://" + source, 390, 800, phone=True)
    page.still()
    expect(not page.run("!!document.querySelector('#panel').offsetHeight"), "the list hides the map of a phone at first")
    expect(page.run("document.documentElement.scrollWidth <= innerWidth"), "a phone has to scroll sideways")
    page.picture(stem + "_phone.png")
    page.run("document.querySelector('.open-panel a').click()")
    page.still()
    expect(page.run("!!document.querySelector('#panel').offsetHeight"), "the list does not open on a phone")
    page.picture(stem + "_phone_list.png")
    page.run("document.querySelector('#panel .close').click()")
    page.tap(200, 420)
    page.wait("!!document.querySelector('.sheet .card')")
    page.still()
    expect(page.run("document.querySelector('.sheet').getBoundingClientRect().bottom <= innerHeight"), "what is there is cut by the edge of the phone")
    page.picture(stem + "_phone_popup.png")
    return page


with Browser() as chromium:
    desk = chromium.open("file://" + source, 1400, 900)
    desk.still()
    desk.picture(stem + ".png")
    check_legend(desk)
    check_layers(desk)
    check_names(desk)
    check_controls(desk)
    check_popup(desk)
    desk.picture(stem + "_popup.png")
    check_group(desk)
    phone = check_phone(chromium)
    for seen in (desk, phone):
        asked = [url for url in seen.requests if not url.startswith(("file://" + source.replace(" ", "%20"), "data:"))]
        expect(not asked, f"the page asked for {asked}")
        expect(not seen.complaints, f"the console says {seen.complaints}")
for problem in problems:
    print(problem)
print(f"{os.path.basename(source)}: {len(problems)} problems")
sys.exit(1 if problems else 0)
