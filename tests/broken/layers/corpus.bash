# shellcheck shell=bash
# Layers that are broken in one way each, made from small whole ones. make_NAME leaves its file(s) in the current folder and says the
# layer's name (as ecobelt takes it) on stdout. What must be said of each stands in expected.txt.

# N points with one text field, as GeoJSON; CODE is the EPSG code, "" for a file without a crs member.
points() { # N CODE X Y
    local n=$1 code=$2 x=$3 y=$4 i comma=
    printf '{"type":"FeatureCollection",'
    [ -z "$code" ] || printf '"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::%s"}},' "$code"
    printf '"features":[\n'
    for ((i = 0; i < n; i++)); do
        printf '%s{"type":"Feature","properties":{"名称":"衢州%d"},"geometry":{"type":"Point","coordinates":[%s%03d,%s]}}\n' "$comma" "$i" "$x" "$i" "$y"
        comma=,
    done
    printf ']}\n'
}
whole() { points 300 4490 118.5 28.9 > whole.geojson; }
# A whole file of this format, made by ecobelt itself.
made() { # FILE
    whole
    "$ECOBELT" convert whole.geojson "$1" -q
}
cut_to() { # FILE PER_CENT
    truncate -s $(($(stat -c %s "$1") * $2 / 100)) "$1"
}
# Overwrite bytes of a file: octal escapes as printf takes them.
poke() { # FILE OFFSET BYTES
    # shellcheck disable=SC2059 # the bytes are escapes
    printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# --- files cut short ---
make_shp_cut() { made a.shp; cut_to a.shp 50; echo a.shp; }
make_shx_cut() { made a.shp; cut_to a.shx 50; echo a.shp; }
make_dbf_cut() { made a.shp; cut_to a.dbf 50; echo a.shp; }
make_shp_of_header() { made a.shp; truncate -s 100 a.shp; echo a.shp; }
make_shx_missing() { made a.shp; rm a.shx; echo a.shp; }
make_dbf_missing() { made a.shp; rm a.dbf; echo a.shp; }
make_dbf_of_another() { made a.shp; points 5 4490 118.5 28.9 > b.geojson; "$ECOBELT" convert b.geojson b.shp -q; cp b.dbf a.dbf; echo a.shp; }
make_shp_record_damaged() { made a.shp; poke a.shp 3000 '\377\377\377\377\377\377\377\377\377\377\377\377\377\377\377\377'; echo a.shp; }
make_geojson_cut() { whole; cut_to whole.geojson 50; echo whole.geojson; }
make_geojsonl_cut() { made a.geojsonl; cut_to a.geojsonl 50; echo a.geojsonl; }
make_geojsonl_cut_in_number() { # what GDAL takes for a whole feature
    {
        printf '{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[118.5,28.9]}}\n'
        printf '{"type":"Feature","properties":{"a":2},"geometry":{"type":"LineString","coordinates":[[118.5,28.9]'
        yes ',[118.50123,28.90123]' | head -4000 | tr -d '\n'
        printf ',[118.5,28'
    } > a.geojsonl
    echo a.geojsonl
}
make_shx_shared() { made a.shp; poke a.shx 108 "$(printf '\\%03o' $(od -An -tu1 -j100 -N8 a.shx))"; echo a.shp; }
make_fgb_cut() { made a.fgb; cut_to a.fgb 50; echo a.fgb; }
make_gpkg_cut() { made a.gpkg; cut_to a.gpkg 50; echo a.gpkg; }
make_gpkg_page_lost() { made a.gpkg; truncate -s -4096 a.gpkg; echo a.gpkg; }
make_kml_cut() { made a.kml; cut_to a.kml 50; echo a.kml; }
make_gml_cut() {
    {
        echo '<?xml version="1.0" encoding="utf-8"?><ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml">'
        for i in 1 2 3; do
            echo "<gml:featureMember><ogr:t fid=\"t.$i\"><ogr:geometryProperty><gml:Point srsName=\"EPSG:4490\"><gml:coordinates>118,29</gml:coordinates></gml:Point></ogr:geometryProperty><ogr:n>$i</ogr:n></ogr:t></gml:featureMember>"
        done
        echo '</ogr:FeatureCollection>'
    } > a.gml
    cut_to a.gml 70
    echo a.gml
}
make_osm_cut() {
    {
        echo '<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">'
        for i in 1 2 3 4; do echo "<node id=\"$i\" lat=\"28.9\" lon=\"118.$i\" version=\"1\"><tag k=\"name\" v=\"n$i\"/></node>"; done
        echo '</osm>'
    } > a.osm
    cut_to a.osm 60
    echo 'a.osm|layername=points'
}
make_empty_file() { : > a.geojson; echo a.geojson; }
make_not_a_layer() { echo 'hello' > a.gpkg; echo a.gpkg; }
make_missing() { echo nothing.shp; }
make_pipe() { mkfifo a.geojson; echo a.geojson; }
make_device() { ln -s /dev/zero a.txt; echo a.txt; }
make_folder() { mkdir a.osm; echo a.osm; }
make_nested() { # collections in collections
    {
        printf '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":'
        yes '{"type":"GeometryCollection","geometries":[' | head -20 | tr -d '\n'
        printf '{"type":"Point","coordinates":[118.5,28.9]}'
        yes ']}' | head -20 | tr -d '\n'
        echo '}]}'
    } > a.geojson
    echo a.geojson
}
make_infinite() { points 3 4490 118.5 28.9 | sed 's/118.5001/1e999/' > a.geojson; echo a.geojson; }
make_several_layers() { printf '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="28.9" lon="118.5"><name>a</name></wpt></gpx>' > a.gpx; echo a.gpx; }

# --- boundary-point text ---
parcel() { # EXTRA_ATTRIBUTES
    printf '[属性描述]\n坐标系=2000国家大地坐标系\n%s[地块坐标]\n5,1.0,A,x,面,,,,@\n' "$1"
    printf 'J1,1,3237000.000,39615000.000\nJ2,1,3237100.000,39615000.000\nJ3,1,3237100.000,39615100.000\nJ4,1,3237000.000,39615100.000\nJ1,1,3237000.000,39615000.000\n'
}
make_txt_cut() { parcel '' | head -c 190 > a.txt; echo a.txt; }
make_txt_wrong_zone() { parcel $'带号=40\n' > a.txt; echo a.txt; }
make_txt_mixed_zones() { { parcel ''; printf '4,1,B,x,面,,,,@\nJ1,1,3237000,40315000\nJ2,1,3237100,40315000\nJ3,1,3237100,40315100\nJ1,1,3237000,40315000\n'; } > a.txt; echo a.txt; }
make_txt_packed() { printf '[属性描述]\n坐标系=2000国家大地坐标系\n[地块坐标]\n4,1,A,x,面,,,,@\nJ1,1,29.1532,118.1156\nJ2,1,29.1540,118.1156\nJ3,1,29.1540,118.1210\nJ1,1,29.1532,118.1156\n' > a.txt; echo a.txt; }
make_txt_letter() { parcel '' | sed 's/3237100.000,39615100/32371O0.000,39615100/' > a.txt; echo a.txt; }

# --- coordinates that are not what they should be ---
make_no_crs_prefixed() { printf 'x,y\n40387887.34,3204272.21\n' > a.csv; echo a.csv; }
make_no_crs_bare() { printf 'x,y\n387887.34,3204272.21\n' > a.csv; echo a.csv; }
make_no_crs_swapped() { printf 'x,y\n3204272.21,40387887.34\n' > a.csv; echo a.csv; }
make_no_crs_degrees() { printf 'lon,lat\n118.85,28.95\n' > a.csv; echo a.csv; }
make_unknown_crs() { points 3 999999 118.5 28.9 > a.geojson; echo a.geojson; }
make_prj_junk() { made a.shp; echo 'PROJCS["x"' > a.prj; echo a.shp; }
make_one_far_away() { points 3 4490 118.5 28.9 | sed 's/118.5001/11850010/' > a.geojson; echo a.geojson; }
make_metres_called_degrees() { points 3 4490 40387.8 3204272 | sed 's/40387\.8/40387887./' > a.geojson; echo a.geojson; }
make_degrees_called_metres() { points 3 4528 118.5 28.9 > a.geojson; echo a.geojson; }
make_wrong_zone() { points 3 4527 40387887. 3204272 > a.geojson; echo a.geojson; }
make_no_prefix() { points 3 4528 387887. 3204272 > a.geojson; echo a.geojson; }
make_swapped_axes() { points 3 4490 28.9 118.5 > a.geojson; echo a.geojson; }
