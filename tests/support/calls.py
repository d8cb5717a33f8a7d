"""A command line that works of every analysis, from --json-usage on stdin: its example, with other layers. Usage: calls.py [--numbers] LAYER

One line an analysis: its name and the words of its example, in which every layer is LAYER and no output is named (LAYERS: they keep
their names, in the folder LAYERS). With --numbers one line for each number option, which stands last and without a value.
"""
import json
import re
import shlex
import sys


def without(words, options):
    """The words without these options and their values."""
    kept, skip = [], False
    for word in words:
        if not skip and word not in options:
            kept.append(word)
        skip = word in options and not skip
    return kept


def main():
    numbers = sys.argv[1] == "--numbers"
    layer = sys.argv[-1]
    for command in json.load(sys.stdin)["commands"]:
        if not command["plan_step"]:
            continue
        words = without(shlex.split(command["example"])[1:], {"-o", "--output", "--table"})
        words = [re.sub(r"(^|=)layers/(\S+)", lambda m: m[1] + (f"LAYERS/{m[2]}" if layer == "LAYERS" else layer), w) for w in words]
        if not numbers:
            print(shlex.join(words))
            continue
        for param in command["options"]:
            if param["type"] in ("real", "integer"):
                print(shlex.join(without(words, {param["option"], param.get("letter")})), param["option"])


main()
