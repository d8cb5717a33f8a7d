"""layers/catalogue.yaml: what each shipped file is, with its checksum, from layers/sources/catalogue.csv and the files."""
import hashlib
import json
import os

import common

HEAD = """# The layers that ship with ecobelt. Made by scripts/make-layers; do not edit by hand.
# status: schematic = drawn for this project from published facts, no official boundary is public; derived = computed from a
# published data set that is named. None of them is an official boundary.
layers:
"""


def text(value):
    return json.dumps(value, ensure_ascii=False)


def entry(row):
    path = os.path.join(common.LAYERS, row["file"] + ".geojson")
    with open(path, "rb") as f:
        data = f.read()
    features = json.loads(data)["features"]
    empty = sum(f["geometry"] is None for f in features)
    kinds = sorted({f["geometry"]["type"] for f in features if f["geometry"]})
    lines = [f"  - file: {row['file']}.geojson", f"    layer: {row['file']}"]
    for key in ("title", "title_zh", "status", "source", "date", "datum", "accuracy", "licence", "note"):
        if row[key]:
            lines.append(f"    {key}: {text(row[key])}")
    lines += ["    crs: EPSG:4490", f"    geometry: {'/'.join(kinds)}", f"    features: {len(features)}",
              f"    without_geometry: {empty}", f"    fields: [{', '.join(features[0]['properties'])}]",
              f"    sha256: {hashlib.sha256(data).hexdigest()}"]
    return "\n".join(lines) + "\n"


def main():
    rows = common.read_csv("catalogue.csv")
    with open(os.path.join(common.LAYERS, "catalogue.yaml"), "w", encoding="utf-8", newline="\n") as f:
        f.write(HEAD + "\n".join(entry(r) for r in rows))


if __name__ == "__main__":
    main()
