#!/usr/bin/env bats
# A layer in PostGIS is a layer as any other. A server of its own is started for the test.
load ../support/helper

setup_file() {
  load ../support/helper
  load ../support/postgres
  command -v ogr2ogr >/dev/null || return 0
  start_postgres postgis || return 0
  ogr2ogr -f PostgreSQL "PG:host=$PGHOST" "$LAYERS/park.geojson" -nln park -lco GEOMETRY_NAME=geom || return 0
  touch "$BATS_FILE_TMPDIR/ready"
}

teardown_file() {
  load ../support/postgres
  stop_postgres
}

need_server() { [ -e "$BATS_FILE_TMPDIR/ready" ] || skip "PostgreSQL with PostGIS and ogr2ogr are needed"; }

@test "areas of a PostGIS layer are those of its file" {
  need_server
  eb area "$LAYERS/park.geojson" --by name -o - --quiet
  assert_exit 0
  file=$output
  eb area "PG:host=$PGHOST|layername=park" --by name -o - --quiet
  assert_exit 0
  assert_equal "$file" "$output"
}

@test "geodesic areas are those of PostGIS, to a square metre a zone" {
  need_server
  eb area "$LAYERS/park.geojson" --by name --method geodesic --json --quiet
  assert_exit 0
  output=$output json '"\n".join(r["name"] + "|" + repr(r["geodesic_m2"]) for r in d["tables"][0]["rows"])' | LC_ALL=C sort >ours.txt
  psql -qAtc "SELECT name, sum(ST_Area(geom::geography)) FROM park GROUP BY name" | LC_ALL=C sort >theirs.txt
  python3 - <<'END'
ours, theirs = ([line.rstrip("\n").split("|") for line in open(name)] for name in ("ours.txt", "theirs.txt"))
assert len(ours) == len(theirs) == 4, (ours, theirs)
for (name, a), (other, b) in zip(ours, theirs):
    assert name == other and abs(float(a) - float(b)) < 1, (name, a, b)
END
}
