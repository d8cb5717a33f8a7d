#!/usr/bin/env bats
# Overlays against PostGIS and QGIS in the very same plane: every cell of the table to 1e-9 of its zone.
load ../support/helper

setup_file() {
  load ../support/helper
  load ../support/postgres
  cd "$BATS_FILE_TMPDIR"
  python3 -B "$ECOBELT_SOURCE/tests/support/cells.py" "$LAYERS/counties.geojson" cells.geojson >centre.txt
  read -r lon lat <centre.txt
  echo "+proj=laea +lat_0=$lat +lon_0=$lon +x_0=0 +y_0=0 +a=6378137 +rf=298.257222101 +units=m +no_defs" >plane.txt
  "$ECOBELT" tabulate "$LAYERS/counties.geojson" cells.geojson --zone name --class kind --json -q >table.json
  "$ECOBELT" overlay cells.geojson "$LAYERS/counties.geojson" --op union -o union.geojson --min-area 0m2 --json -q >union.json
  command -v ogr2ogr >/dev/null || return 0
  start_postgres postgis || return 0
  ogr2ogr -q -f PostgreSQL "PG:host=$PGHOST" "$LAYERS/counties.geojson" -nln zones -lco GEOMETRY_NAME=g
  ogr2ogr -q -f PostgreSQL "PG:host=$PGHOST" cells.geojson -nln cells -lco GEOMETRY_NAME=g
  psql -q -v ON_ERROR_STOP=1 <<SQL
INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, proj4text) VALUES (990001, 'test', 990001, '$(cat plane.txt)');
CREATE TABLE z AS SELECT name, st_makevalid(st_transform(g, 990001)) g FROM zones;
CREATE TABLE c AS SELECT id, kind, st_makevalid(st_transform(g, 990001)) g FROM cells;
CREATE INDEX ON z USING gist (g);
CREATE INDEX ON c USING gist (g);
SQL
  touch ready
}

teardown_file() {
  load ../support/postgres
  stop_postgres
}

need_server() { [ -e "$BATS_FILE_TMPDIR/ready" ] || skip "PostgreSQL with PostGIS and ogr2ogr are needed"; }

# compare WHAT THEIRS: the cells "zone|class|m2" of a file against those of our table or layer; what they say is kept for the report.
compare() {
  run python3 -B - "$BATS_FILE_TMPDIR" "$@" <<'END'
import json, os, sys
folder, what, theirs = sys.argv[1:]
rows = json.load(open(os.path.join(folder, "table.json")))["tables"][0]["rows"]
zones = {}
for row in rows:
    zones[row["zone"]] = zones.get(row["zone"], 0) + row["area_m2"]
if what == "table":
    ours = {(row["zone"], row["class"] or ""): row["area_m2"] for row in rows}
else:
    ours = {}
    for feature in json.load(open(os.path.join(folder, "union.geojson")))["features"]:
        p = feature["properties"]
        key = (p["name"] or "", p["kind"] or "")
        ours[key] = ours.get(key, 0) + p["area_m2"]
found = {}
for line in open(theirs, encoding="utf-8"):
    zone, kind, area = line.rstrip("\n").split("|")
    if zone or what != "table":
        found[zone, kind] = float(area)
scale = max(zones.values())
worst = 0
for key in ours.keys() | found.keys():
    off = abs(ours.get(key, 0) - found.get(key, 0)) / zones.get(key[0], scale)
    worst = max(worst, off)
    assert off <= 1e-9, (key, ours.get(key), found.get(key), off)
print(f"{len(found)} cells, largest difference {worst:.1e} of the zone")
assert len(found) > 30, found
END
  assert_exit 0
  echo "# $output" >&3
}

@test "zone and class: areas are those of PostGIS, with what no cell covers" {
  need_server
  psql -qAt >theirs.txt <<'SQL'
SELECT z.name, c.kind, sum(st_area(st_intersection(z.g, c.g))) FROM z JOIN c ON st_intersects(z.g, c.g) GROUP BY 1, 2
UNION ALL SELECT z.name, '', st_area(st_difference(z.g, (SELECT st_union(c.g) FROM c))) FROM z;
SQL
  compare table theirs.txt
}

@test "union: every part is that of PostGIS" {
  need_server
  psql -qAt >theirs.txt <<'SQL'
SELECT z.name, c.kind, sum(st_area(st_intersection(z.g, c.g))) FROM z JOIN c ON st_intersects(z.g, c.g) GROUP BY 1, 2
UNION ALL SELECT z.name, '', st_area(st_difference(z.g, (SELECT st_union(c.g) FROM c))) FROM z
UNION ALL SELECT '', c.kind, sum(st_area(st_difference(c.g, (SELECT st_union(z.g) FROM z)))) FROM c GROUP BY 2;
SQL
  compare union theirs.txt
}

@test "counts of cells in each zone are those of PostGIS" {
  need_server
  psql -qAt >theirs.txt <<'SQL'
SELECT z.name, c.kind, count(*) FROM z JOIN c ON st_intersects(z.g, c.g) WHERE st_area(st_intersection(z.g, c.g)) > 1e-4 GROUP BY 1, 2;
SQL
  output=$(cat "$BATS_FILE_TMPDIR/table.json")
  assert_equal "$(LC_ALL=C sort theirs.txt)" "$(json "'\\n'.join(r['zone'] + '|' + r['class'] + '|' + str(r['count']) for r in d['tables'][0]['rows'] if r['class'])" | LC_ALL=C sort)"
}

@test "zone and class: areas are those of QGIS" {
  need qgis_process ogr2ogr
  export QT_QPA_PLATFORM=offscreen HOME=$BATS_TEST_TMPDIR
  # Debian's wrapper passes on an option for the desktop that this program does not know.
  process=$(command -v qgis_process.bin || command -v qgis_process)
  for layer in "$LAYERS/counties.geojson" "$BATS_FILE_TMPDIR/cells.geojson"; do
    name=$(basename "$layer" .geojson)
    "$process" run native:reprojectlayer --INPUT="$layer" --TARGET_CRS="PROJ:$(cat "$BATS_FILE_TMPDIR/plane.txt")" --OUTPUT="$PWD/$name.gpkg" >>log.txt 2>&1
    "$process" run native:fixgeometries --INPUT="$PWD/$name.gpkg" --OUTPUT="$PWD/${name}_fixed.gpkg" >>log.txt 2>&1
  done
  "$process" run native:intersection --INPUT="$PWD/cells_fixed.gpkg" --OVERLAY="$PWD/counties_fixed.gpkg" --INPUT_FIELDS=kind --OVERLAY_FIELDS=name --OUTPUT="$PWD/both.gpkg" >>log.txt 2>&1
  "$process" run native:difference --INPUT="$PWD/counties_fixed.gpkg" --OVERLAY="$PWD/cells_fixed.gpkg" --OUTPUT="$PWD/rest.gpkg" >>log.txt 2>&1
  for file in both rest; do
    [ -s $file.gpkg ] || show "$(cat log.txt)"
    ogr2ogr -f CSV $file.csv $file.gpkg -dialect OGRSQL -sql "SELECT name, $([ $file = both ] && echo kind || echo "'' AS kind"), OGR_GEOM_AREA AS m2 FROM $file" -lco STRING_QUOTING=IF_NEEDED
  done
  python3 - >theirs.txt <<'END'
import csv
sums = {}
for file in ("both", "rest"):
    for row in csv.DictReader(open(file + ".csv", encoding="utf-8")):
        key = row["name"], row["kind"] or ""
        sums[key] = sums.get(key, 0) + float(row["m2"])
for (zone, kind), area in sums.items():
    print(zone, kind, repr(area), sep="|")
END
  compare table theirs.txt
}
