# shellcheck shell=bash
# Small road networks for the tests of route, access and network. In a .bats file, after helper:  load ../support/roads

# collect FILE FEATURE...: write a GeoJSON file.
collect() {
    local file=$1 IFS=,
    shift
    printf '{"type":"FeatureCollection","features":[%s]}\n' "$*" >"$file"
}

# road NAME CLASS COORDINATES [MEMBERS]: a line; COORDINATES as "0,0 0.01,0", MEMBERS as '"oneway":"yes"'.
road() {
    printf '{"type":"Feature","properties":{"name":"%s","class":"%s"%s},"geometry":{"type":"LineString","coordinates":[[%s]]}}' \
        "$1" "$2" "${4:+,$4}" "${3// /],[}"
}

# stop NAME LON,LAT [MEMBERS]: a point.
stop() {
    printf '{"type":"Feature","properties":{"name":"%s"%s},"geometry":{"type":"Point","coordinates":[%s]}}' "$1" "${3:+,$3}" "$2"
}

# One degree on the equator of WGS84, and one of its meridian between 0 and 1 degree north, in metres.
export EQUATOR=111319.49079327358

# A ladder: two streets along the equator and 0.01 degrees north of it, rungs at 0, 0.01 and 0.02; class 二级 below, 三级 above.
ladder() {
    collect "${1:-roads.geojson}" "$(road south 二级 '0,0 0.01,0 0.02,0')" "$(road north 三级 '0,0.01 0.01,0.01 0.02,0.01')" \
        "$(road west 四级 '0,0 0,0.01')" "$(road middle 四级 '0.01,0 0.01,0.01')" "$(road east 四级 '0.02,0 0.02,0.01')"
}

# cell TABLE ROW COLUMN of the JSON summary in $output.
cell() { json "[t for t in d['tables'] if t['name'] == '$1'][0]['rows'][$2]['$3']"; }
# column TABLE COLUMN: its values, space-separated.
column() { json "' '.join(str(r['$2']) for t in d['tables'] if t['name'] == '$1' for r in t['rows'])"; }
# near A B RELATIVE
near() { awk -v a="$1" -v b="$2" -v t="$3" 'BEGIN {d = a - b; if (d < 0) d = -d; if (!(d <= t * (b < 0 ? -b : b))) {print a, "is not", b; exit 1}}' >&2; }
