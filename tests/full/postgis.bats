#!/usr/bin/env bats
# A layer in PostGIS is a layer as any other. A server of its own is started for the test, reached by a socket in a temporary folder.
load ../support/helper

setup_file() {
  load ../support/helper
  local bin
  bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
  [ -n "$bin" ] && command -v ogr2ogr >/dev/null || return 0
  export PGBIN=$bin PGDATA=$BATS_FILE_TMPDIR/pg PGHOST=$BATS_FILE_TMPDIR PGUSER=ecobelt PGDATABASE=postgres
  # The server refuses to run as root.
  as_user=()
  if [ "$(id -u)" -eq 0 ]; then
    id postgres >/dev/null 2>&1 || return 0
    as_user=(runuser -u postgres --)
    chown postgres "$BATS_FILE_TMPDIR"
    local folder=$BATS_FILE_TMPDIR
    while [ "$folder" != / ]; do chmod a+x "$folder"; folder=$(dirname "$folder"); done
  fi
  (
    cd /
    "${as_user[@]}" "$PGBIN/initdb" -D "$PGDATA" -U ecobelt -A trust -E UTF8 --locale=C >/dev/null &&
      "${as_user[@]}" "$PGBIN/pg_ctl" -D "$PGDATA" -w -o "-k '$PGHOST' -c listen_addresses= -c fsync=off" -l "$PGDATA/log" start >/dev/null
  ) 3>&- || return 0
  psql -qc 'CREATE EXTENSION postgis' 2>/dev/null || return 0
  ogr2ogr -f PostgreSQL "PG:host=$PGHOST" "$LAYERS/park.geojson" -nln park -lco GEOMETRY_NAME=geom || return 0
  touch "$BATS_FILE_TMPDIR/ready"
}

teardown_file() {
  [ -d "${PGDATA:-/nowhere}" ] || return 0
  local as_user=()
  [ "$(id -u)" -eq 0 ] && as_user=(runuser -u postgres --)
  (cd / && "${as_user[@]}" "$PGBIN/pg_ctl" -D "$PGDATA" -m immediate stop >/dev/null) || true
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
