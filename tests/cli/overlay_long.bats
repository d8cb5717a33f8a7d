#!/usr/bin/env bats
# Shapes of a hundred kilometres that are a metre wide: what is rounded along their edges is much for their area.
load ../support/helper

near() { awk -v a="$1" -v b="$2" -v t="$3" 'BEGIN {d = a - b; if (d < 0) d = -d; if (d > t * (b < 0 ? -b : b)) {print a, "is not", b; exit 1}}'; }

# strips N FILE: slanting strips of 100 km, 1 to 3 m wide, 5 m apart.
strips() {
    awk -v n="$1" 'BEGIN {
        printf "{\"type\":\"FeatureCollection\",\"features\":["
        for (i = 0; i < n; i++) {
            x = 118 - i * 0.0000257; y = 28.65 + i * 0.0000391; w = (1 + (i * 7 % 21) / 10) / 5
            printf "%s{\"type\":\"Feature\",\"properties\":{\"n\":%d},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%.9f,%.9f],[%.9f,%.9f],[%.9f,%.9f],[%.9f,%.9f],[%.9f,%.9f]]]}}", \
                (i ? "," : ""), i, x, y, x + 0.889487, y + 0.451062, x + 0.889487 - w * 0.0000257, y + 0.451062 + w * 0.0000391, \
                x - w * 0.0000257, y + w * 0.0000391, x, y
        }
        print "]}"
    }' > "$2"
}

# total TABLE PART: area_m2 of the row of a part, of all rows without one.
total() {
    awk -F, -v part="$2" 'NR == 1 {for (i = 1; i <= NF; i++) if ($i == "area_m2") c = i} NR > 1 && (part == "" || $1 == part) {sum += $c} END {printf "%.6f", sum}' "$1"
}

@test "a box is laid over long strips: what it has of them and what is left make them up, whichever comes first" {
    strips 400 strips.geojson
    printf '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"n":0},"geometry":{"type":"Polygon","coordinates":[[[118.205417547,28.6],[118.616252642,28.6],[118.616252642,29.231483987],[118.205417547,29.231483987],[118.205417547,28.6]]]}}]}' > box.geojson
    eb dissolve strips.geojson -o d.gpkg --table d.csv -q
    assert_exit 0
    local strips_m2
    strips_m2=$(total d.csv "")
    eb overlay box.geojson strips.geojson --op union -o u.gpkg --table u.csv -q
    assert_exit 0
    near "$(awk -v a="$(total u.csv both)" -v b="$(total u.csv 'only second')" 'BEGIN {printf "%.6f", a + b}')" "$strips_m2" 1e-8
    # Edges of 100 km are straight in a plane that lies over the second layer: another one here.
    eb overlay strips.geojson box.geojson --op union -o v.gpkg --table v.csv -q
    assert_exit 0
    near "$(total v.csv both)" "$(total u.csv both)" 1e-6
    near "$(total v.csv 'only first')" "$(total u.csv 'only second')" 1e-6
}
