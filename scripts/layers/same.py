"""same.py A B: are two layers the same? Properties exactly, coordinates to 2e-9 degree (0.2 mm).

Another processor's sine may differ in its last bit, and a coordinate then round the other way.
"""
import json
import sys

TOLERANCE_DEG = 2e-9


def differ(a, b):
    if isinstance(a, list) and isinstance(b, list):
        return len(a) != len(b) or any(differ(x, y) for x, y in zip(a, b))
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return abs(a - b) > TOLERANCE_DEG
    return a != b


def main(path_a, path_b):
    with open(path_a, encoding="utf-8") as fa, open(path_b, encoding="utf-8") as fb:
        a, b = json.load(fa), json.load(fb)
    if len(a["features"]) != len(b["features"]):
        sys.exit(f"{path_a} has {len(a['features'])} features, {path_b} has {len(b['features'])}")
    for x, y in zip(a["features"], b["features"]):
        gx, gy = x["geometry"] or {}, y["geometry"] or {}
        if x["properties"] != y["properties"] or gx.get("type") != gy.get("type") or differ(gx.get("coordinates"), gy.get("coordinates")):
            sys.exit(f"{path_a}: feature {x['id']} ({x['properties'].get('name')}) differs")


if __name__ == "__main__":
    main(*sys.argv[1:])
