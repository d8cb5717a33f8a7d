"""roads: a schematic main network. Stretches meet in the junctions of road_nodes.csv and nowhere else."""
import sys

from shapely.geometry import LineString

import common

SOURCE = "drawn for ecobelt: towns, interchanges and road numbers as published, lines between them schematic"

RANK = {"高速": 5, "一级": 4, "二级": 3, "三级": 2, "四级": 1}  # a higher number is a better road

ENGLISH = ["", "fourth class", "third class", "second class", "first class", "expressway"]  # by rank


def main():
    nodes = {r["id"]: (float(r["lon"]), float(r["lat"])) for r in common.read_csv("road_nodes.csv")}
    stretches = common.read_csv("roads.csv")
    features, total = [], {}
    for row in stretches:
        a, b = row["ends"].split(">")
        via = [tuple(float(v) for v in p.split()) for p in row["via"].split(";") if p.strip()]
        line = [common.rounded(p) for p in common.curve([nodes[a], *via, nodes[b]], 400.0)]
        total[row["class"]] = total.get(row["class"], 0.0) + common.line_length_m(line) / 1000
        features.append(({"name": row["name"], "name_zh": row["name_zh"], "ref": row["ref"] or None, "class": row["class"], "class_en": ENGLISH[RANK[row["class"]]],
                          "class_rank": RANK[row["class"]],
                          "speed_kmh": int(row["speed_kmh"]), "oneway": 0, "from_node": a, "to_node": b,
                          "status": "schematic", "source": SOURCE}, LineString(line)))
    unused = set(nodes) - {n for r in stretches for n in r["ends"].split(">")}
    loose = set(nodes) - _component([r["ends"].split(">") for r in stretches])
    if unused or loose:
        sys.exit(f"make-layers: roads: junctions not reached: {sorted(unused | loose)}")
    ends = {}
    for r in stretches:
        for n in r["ends"].split(">"):
            ends[n] = ends.get(n, 0) + 1
    print("roads: " + ", ".join(f"{k} {v:.0f} km" for k, v in total.items()))
    print("roads: dead ends: " + " ".join(sorted(n for n in ends if ends[n] == 1)))
    common.write_layer("roads", "主要公路网(示意) / Main road network (schematic)", features)


def _component(pairs):
    """The junctions that can be reached from the first one."""
    reached, grown = {pairs[0][0]}, True
    while grown:
        more = {n for pair in pairs if reached & set(pair) for n in pair} - reached
        reached |= more
        grown = bool(more)
    return reached


if __name__ == "__main__":
    main()
