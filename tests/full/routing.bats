#!/usr/bin/env bats
# Ways through a real network against pgRouting and QGIS: the same 1,000 pairs of places, the same lengths and times.
load ../support/helper

setup_file() {
  load ../support/helper
  load ../support/postgres
  DATA=${ECOBELT_DATA:-$ECOBELT_SOURCE/../shared/data}
  export OSM=$DATA/network/andorra.osm.pbf
  [ -e "$OSM" ] && command -v ogr2ogr >/dev/null || return 0
  start_postgres postgis pgrouting || return 0
  ogr2ogr -q -f PostgreSQL "PG:host=$PGHOST" "$OSM" lines -nln lines -lco GEOMETRY_NAME=geom
  psql -q -v ON_ERROR_STOP=1 -f "$ECOBELT_SOURCE/tests/support/osm_network.sql"
  # The same pairs in every run, and as stops two by two.
  psql -qAtF, -c "SELECT node, x, y FROM nodes ORDER BY node" >"$BATS_FILE_TMPDIR/nodes.csv"
  python3 -B - "$BATS_FILE_TMPDIR" <<'END'
import json, os, random, sys
os.chdir(sys.argv[1])
nodes = [line.rstrip("\n").split(",") for line in open("nodes.csv")]
rng = random.Random(8)
pairs = [rng.sample(nodes, 2) for _ in range(1000)]
with open("pairs.csv", "w") as out:
    for k, (a, b) in enumerate(pairs):
        out.write(f"{k},{a[0]},{b[0]},{a[1]},{a[2]},{b[1]},{b[2]}\n")
with open("stops.geojson", "w") as out:
    out.write('{"type":"FeatureCollection","features":[\n')
    out.write(",\n".join('{"type":"Feature","properties":{"pair":%d,"name":"%s"},"geometry":{"type":"Point","coordinates":[%s,%s]}}' % (k, n[0], n[1], n[2])
                         for k, pair in enumerate(pairs) for n in pair))
    out.write("\n]}\n")
END
  psql -q -c "CREATE TABLE pairs (k int, source bigint, target bigint, ax float8, ay float8, bx float8, by float8)" \
    -c "\\copy pairs FROM '$BATS_FILE_TMPDIR/pairs.csv' CSV"
  touch "$BATS_FILE_TMPDIR/ready"
}

teardown_file() {
  load ../support/postgres
  stop_postgres
}

need_server() { [ -e "$BATS_FILE_TMPDIR/ready" ] || skip "PostgreSQL with PostGIS and pgRouting, ogr2ogr and the data of ECOBELT_DATA are needed"; }

# ours COST: "pair|value" of the pairs between which there is a way, metres or seconds.
ours() {
  eb route "$OSM|layername=lines" "$BATS_FILE_TMPDIR/stops.geojson" --by pair --cost "$1" --snap 0.01 --json --quiet
  # 1: some pairs lie on different islands.
  [ "$status" -le 1 ] || show "route failed"
  local column=length_m factor=1
  [ "$1" = shortest ] || { column=time_min factor=60; }
  json "'\\n'.join(r['route'] + '|' + repr(r['$column'] * $factor) for r in d['tables'][0]['rows'])"
}

# same FILE FILE: as many pairs, all but few of the thousand, each equal to one part in a million.
same() {
  python3 -B - "$@" <<'END'
import sys
a, b = (dict(line.rstrip("\n").split("|") for line in open(name)) for name in sys.argv[1:3])
assert len(a) > 900 and a.keys() == b.keys(), (len(a), len(b), sorted(a.keys() ^ b.keys())[:10])
worst = max(abs(float(a[k]) - float(b[k])) / float(b[k]) for k in a)
print(f"{len(a)} pairs, largest difference {worst:.2e}")
assert worst < 1e-6, max((abs(float(a[k]) - float(b[k])) / float(b[k]), k, a[k], b[k]) for k in a)
END
}

@test "lengths of 1,000 shortest ways are pgRouting's to 1e-6" {
  need_server
  ours shortest >ours.txt
  psql -qAt -c "SELECT k, agg_cost FROM pgr_dijkstraCost('SELECT id, source, target, cost, reverse_cost FROM edges',
    'SELECT source, target FROM pairs') d JOIN pairs p ON p.source = d.start_vid AND p.target = d.end_vid" >theirs.txt
  run same ours.txt theirs.txt
  [ "$status" -eq 0 ] || show "other lengths"
  echo "# shortest, pgRouting: $output" >&3
}

@test "times of 1,000 fastest ways are pgRouting's to 1e-6" {
  need_server
  ours fastest >ours.txt
  psql -qAt -c "SELECT k, agg_cost FROM pgr_dijkstraCost('SELECT id, source, target, time AS cost, reverse_time AS reverse_cost FROM edges',
    'SELECT source, target FROM pairs') d JOIN pairs p ON p.source = d.start_vid AND p.target = d.end_vid" >theirs.txt
  run same ours.txt theirs.txt
  [ "$status" -eq 0 ] || show "other times"
  echo "# fastest, pgRouting: $output" >&3
}

@test "lengths of 1,000 shortest ways are QGIS's to 1e-6" {
  need_server
  /usr/bin/python3 -c 'import qgis.analysis' 2>/dev/null || skip "QGIS's Python bindings are not installed"
  ours shortest >ours.txt
  ogr2ogr -q -f GPKG roads.gpkg "PG:host=$PGHOST" roads
  HOME=$BATS_TEST_TMPDIR QT_QPA_PLATFORM=offscreen /usr/bin/python3 -B "$ECOBELT_SOURCE/tests/support/qgis_paths.py" roads.gpkg "$BATS_FILE_TMPDIR/pairs.csv" >theirs.txt
  run same ours.txt theirs.txt
  [ "$status" -eq 0 ] || show "other lengths"
  echo "# shortest, QGIS: $output" >&3
}
