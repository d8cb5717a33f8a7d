"""Reads text from standard input that should be Chinese, and prints the lines in which English is left: two English words in a row, beyond what stays as it is
in every language (what stands in quotes, options, file names, commands that can be typed, the names of things)."""
import re
import sys

KEPT = re.compile("|".join((
    r"“[^”]*”", r"'[^']*'", r'"[^"]*"', r"`[^`]*`", r"\{[^}]*\}",       # quoted, or a piece of a plan
    r"ecobelt( [\w./=:,-]+)*",                                           # a command line
    r"--?[\w-]+(=\S+)?( [A-Z][\w.\[\],]*)?",                             # an option and its value
    r"\S*[/\\_|=.:@]\S*",                                                # files, keys, codes, URLs
    r"\b[A-Z][\w.\[\]+-]*(?: [A-Z0-9][\w.]*)*",                           # names: GeoPackage, Karney 2013, LAYER
    r"\d[\w%]*")))
# Words that scripts rely on and help has to list.
CODES = re.compile(r"\b(auto|official|geodesic|planar|both|left|right|outward|inward|grown|core|intersection|union|identity|difference|"
                   r"symdiff|kind|name|ref|class|highway|fclass|bridge|tunnel|layer|level|closed|oneway|yes|no|speed|maxspeed|map|report|"
                   r"gcj02|bd09|wgs84|largest remainder|route|access|tabulate|and|is null|km|or-opt|true|false|unreached|islands|joins|"
                   r"airport|station|wharf|city|packed|decimal|crs|ecobelt|json|csv|xlsx|md|shapefile|ha|mu|path|fields|given|best)\b")
SENTENCE = re.compile(r"[a-z]{2,} [a-z]{2,}")


def main():
    text = sys.stdin.read()
    if not re.search("[\u4e00-\u9fff]", text):
        print("(no Chinese at all)")
    for line in text.splitlines():
        left = CODES.sub("§", KEPT.sub("§", line))
        if SENTENCE.search(left):
            print(line)


main()
