# shellcheck shell=bash
# A PostgreSQL server of a test's own, reached by a socket in a temporary folder. In setup_file, after helper:
#   load ../support/postgres; start_postgres postgis; ... ; touch "$BATS_FILE_TMPDIR/ready"
# and in teardown_file: stop_postgres.

# start_postgres EXTENSION...: false where the server or an extension is not installed. PGHOST, PGUSER and PGDATABASE then name it.
start_postgres() {
  local bin extension folder=$BATS_FILE_TMPDIR
  bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)
  [ -n "$bin" ] || return 1
  export PGBIN=$bin PGDATA=$BATS_FILE_TMPDIR/pg PGHOST=$BATS_FILE_TMPDIR PGUSER=ecobelt PGDATABASE=postgres
  # The server refuses to run as root.
  as_user=()
  if [ "$(id -u)" -eq 0 ]; then
    id postgres >/dev/null 2>&1 || return 1
    as_user=(runuser -u postgres --)
    chown postgres "$BATS_FILE_TMPDIR"
    while [ "$folder" != / ]; do chmod a+x "$folder"; folder=$(dirname "$folder"); done
  fi
  (
    cd / || exit 1
    "${as_user[@]}" "$PGBIN/initdb" -D "$PGDATA" -U ecobelt -A trust -E UTF8 --locale=C >/dev/null &&
      "${as_user[@]}" "$PGBIN/pg_ctl" -D "$PGDATA" -w -o "-k '$PGHOST' -c listen_addresses= -c fsync=off" -l "$PGDATA/log" start >/dev/null
  ) 3>&- || return 1
  for extension; do psql -qc "CREATE EXTENSION $extension" 2>/dev/null || return 1; done
}

stop_postgres() {
  [ -d "${PGDATA:-/nowhere}" ] || return 0
  local as_user=()
  [ "$(id -u)" -eq 0 ] && as_user=(runuser -u postgres --)
  (cd / && "${as_user[@]}" "$PGBIN/pg_ctl" -D "$PGDATA" -m immediate stop >/dev/null) || true
}
