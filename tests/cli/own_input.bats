#!/usr/bin/env bats
# An output that is one of the command's inputs is refused, whatever --overwrite says: nobody loses data to a slip of the hand.
load ../support/helper

# refused ARGS...: exit 2 with the reason, and every file in the folder is what it was.
refused() {
    local before
    before=$(find . -type f ! -name 'separate-std*' -exec sha256sum {} + | sort)
    eb "$@" --overwrite
    assert_exit 2
    assert_err "would be lost"
    assert_err "--overwrite does not replace an input"
    assert_equal "$before" "$(find . -type f ! -name 'separate-std*' -exec sha256sum {} + | sort)"
}

@test "a layer is not replaced by what is made of it, under any of its names" {
    cp "$LAYERS/park.geojson" a.geojson
    "$ECOBELT" convert a.geojson a.gpkg -q
    ln -s a.gpkg b.gpkg
    mkdir sub
    for to in a.gpkg ./a.gpkg sub/../a.gpkg "$PWD/a.gpkg" b.gpkg; do
        refused area a.gpkg -o "$to"
        refused area 'a.gpkg|layername=a' -o "$to"
        refused convert a.gpkg "$to"
    done
    refused designations park=a.gpkg --by name -o a.gpkg
    refused overlay a.geojson a.gpkg -o a.gpkg
    refused check a.geojson --report a.geojson
}

@test "nor a part of a shapefile" {
    "$ECOBELT" convert "$LAYERS/park.geojson" p.shp -q
    refused area p.shp -o p.shp
    refused convert p.dbf p.shp
    refused convert p.shp q.gpkg --record p.dbf
}

@test "what is no input is still replaced" {
    cp "$LAYERS/park.geojson" a.geojson
    for round in 1 2; do
        eb area a.geojson -o b.gpkg --table t.csv --overwrite -q
        assert_exit 0
        eb convert a.geojson c.gpkg --record r.csv --overwrite -q
        assert_exit 0
    done
}

@test "the folder of a run is not replaced while a plan reads from it" {
    cp "$LAYERS/park.geojson" a.geojson
    printf 'title: t\nlayers:\n  zones: {path: a.geojson}\nsteps:\n  - {id: sizes, area: {layer: zones, by: name}}\n' >first.yaml
    eb run first.yaml -o out -q
    assert_exit 0
    sed "s|a.geojson|$(find out -name '*.geojson' | head -1)|" first.yaml >second.yaml
    refused run second.yaml -o out
    eb run second.yaml -o other -q
    assert_exit 0
    eb run first.yaml -o out --overwrite -q
    assert_exit 0
}
