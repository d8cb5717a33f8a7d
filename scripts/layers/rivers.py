"""rivers: smooth lines through the control points, digitised in the direction of flow."""
from shapely.geometry import LineString

import common

SOURCE = "drawn for ecobelt from the published courses and the towns they pass"


def draw(control, row):
    """The line through the control points; with bends where the source table asks for a length."""
    if not row["bends_km"]:
        return common.curve(control, 250.0)
    seed = int(row["flow_order"])
    metres = 1000 * float(row["bends_km"])
    size = common.solve(lambda a: common.line_length_m(common.bends(control, a, seed)), metres, 0.0, 600.0)
    print(f"rivers: {row['name']} gets bends of {size:.0f} m")
    return common.bends(control, size, seed)


def main():
    points = common.read_csv("river_points.csv")
    features = []
    for row in common.read_csv("rivers.csv"):
        control = [(float(p["lon"]), float(p["lat"])) for p in points if p["river"] == row["id"]]
        line = [common.rounded(p) for p in draw(control, row)]
        length = common.line_length_m(line) / 1000
        published = float(row["published_km"]) if row["published_km"] else None
        print(f"rivers: {row['name']:18s} {length:7.2f} km, published {published}")
        features.append(({
            "name": row["name"], "name_zh": row["name_zh"], "flow_order": int(row["flow_order"]), "belt": int(row["belt"]),
            "joins": row["joins"] or None, "published_km": published, "published_note": row["published_note"] or None,
            "status": "schematic", "source": SOURCE}, LineString(line)))
    common.write_layer("rivers", "一江两港三溪 / Rivers of Quzhou", features)


if __name__ == "__main__":
    main()
