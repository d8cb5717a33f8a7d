"""Command lines that satisfy the parser of every analysis, from --json-usage on stdin. Usage: calls.py [--numbers] LAYER

One line an analysis: its name, its required arguments (every layer is LAYER) and options. With --numbers one line for each number
option, which stands last and without a value.
"""
import json
import sys


def value_of(param, layer):
    """A value that the parser takes."""
    if param["type"] in ("layer", "file"):
        return layer
    if param["type"] in ("real", "integer"):
        return str(int(max(param.get("min", 1), min(100, param.get("max", 100)))))
    return {"choice": (param.get("choices") or ["x"])[0], "area": "1km2"}.get(param["type"], "name")


def main():
    numbers = sys.argv[1] == "--numbers"
    layer = sys.argv[-1]
    for command in json.load(sys.stdin)["commands"]:
        if not command["plan_step"]:
            continue
        words = [command["name"]] + [value_of(p, layer) for p in command["arguments"] if p["required"]]
        required = [p for p in command["options"] if p["required"]]
        number_options = [p for p in command["options"] if p["type"] in ("real", "integer")]
        for number in number_options if numbers else [None]:
            line = list(words)
            for param in required:
                if param is not number:
                    line += [param["option"], value_of(param, layer)]
            print(*line, *([number["option"]] if number else []))


main()
