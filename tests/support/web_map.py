"""What a map.html shows, for the tests."""
import json
import re


def data_of(file):
    """The map's data."""
    with open(file, encoding="utf-8") as page:
        blocks = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page.read(), re.S)
    assert len(blocks) == 1, len(blocks)
    return json.loads(blocks[0])


def layers_of(file):
    """Its layers by id."""
    return {layer["id"]: layer for group in data_of(file)["groups"] for layer in group["layers"]}
