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
make_dbf_filled() { made a.shp; cut_to a.dbf 50; truncate -s 2466 a.dbf; echo a.shp; } # the rest of a broken copy filled with zeros
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
# MapInfo's interchange format: objects and a row of the table for each.
mapinfo() {
    printf 'Version 300\nCharset "Neutral"\nDelimiter ","\nCoordSys Earth Projection 1, 104\nColumns 1\n  n Integer\nData\n\n' > a.mif
    for i in 1 2 3; do
        printf 'Point 118.%d 28.9\n    Symbol (35,0,12)\n' "$i" >> a.mif
        printf '%d\n' "$i" >> a.mid
    done
}
make_mif_cut() { mapinfo; truncate -s -18 a.mif; echo a.mif; }
make_mif_lost_object() { mapinfo; head -n -2 a.mif > b; mv b a.mif; echo a.mif; }
make_mid_cut() { mapinfo; truncate -s -1 a.mid; echo a.mif; }
make_gmt() { printf '# @VGMT1.0 @GPOINT\n# @R118/119/28/29\n# FEATURE_DATA\n118.5 28.9\n' > a.gmt; echo a.gmt; }
make_csv_cut_in_record() { printf 'lon,lat,name\n118.5,28.9,a\n118.6,28' > a.csv; echo a.csv; }
make_csv_cut_in_quotes() { printf 'lon,lat,name\n118.5,28.9,a\n118.6,28.9,"b' > a.csv; echo a.csv; }
make_gpx_cut() { printf '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="28.9" lon="118.5"><name>a</name></wpt><wpt lat="28' > a.gpx; echo 'a.gpx|layername=waypoints'; }
make_fgb_cut_in_header() { made a.fgb; truncate -s 900 a.fgb; echo a.fgb; }
make_fgb_cut_in_fields() { made a.fgb; truncate -s 100 a.fgb; echo a.fgb; }
# Bytes of a FlatGeobuf's last feature: its length stands in the four bytes before it.
last_feature() {
    local size k
    size=$(stat -c %s "$1")
    for ((k = 8; k < size; k += 4)); do
        [ "$(od -An -tu4 -j$((size - k)) -N4 "$1" | tr -d ' ')" != $((k - 4)) ] || break
    done
    echo "$k"
}
make_fgb_cut_after_a_feature() { # nothing is broken but the count
    points 3 4490 118.5 28.9 > whole.geojson
    "$ECOBELT" convert whole.geojson a.fgb -q
    truncate -s -"$(last_feature a.fgb)" a.fgb
    echo a.fgb
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
make_osm_pbf_cut() { # a whole header block, and a block of which a part is missing
    printf '\0\0\0\r\n\tOSMHeader\030\002\020\000\0\0\0\013\n\007OSMData\030\144\020\000' > a.osm.pbf
    echo 'a.osm.pbf|layername=points'
}
# The same inside an archive.
zipped() { # FILE
    python3 -m zipfile -c a.zip "$1"*
    rm "$1"*
    echo "/vsizip/a.zip/$1"
}
make_zip_osm_cut() { make_osm_cut > layer; zipped a.osm; }
make_zip_csv_cut() { make_csv_cut_in_quotes > layer; zipped a.csv; }
make_zip_geojsonl_cut() { make_geojsonl_cut > layer; zipped a.geojsonl; }
make_zip_fgb_cut() { make_fgb_cut > layer; zipped a.fgb; }
make_zip_shp_cut() { make_shp_cut > layer; python3 -m zipfile -c a.zip a.shp a.shx a.dbf a.prj a.cpg; rm a.shp a.shx a.dbf a.prj a.cpg; echo a.zip; }
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
make_txt_half_prefixed() { { parcel ''; printf '4,1,B,x,面,,,,@\nJ1,1,3237000,615000\nJ2,1,3237100,615000\nJ3,1,3237100,615100\nJ1,1,3237000,615000\n'; } > a.txt; echo a.txt; }
make_txt_columns_change() { { parcel ''; printf '4,1,B,x,面,,,,@\nJ1,1,39615000,3237000\nJ2,1,39615000,3237100\nJ3,1,39615100,3237100\nJ1,1,39615000,3237000\n'; } > a.txt; echo a.txt; }
make_txt_degrees_and_metres() { { parcel ''; printf '4,1,B,x,面,,,,@\nJ1,1,29.1532,118.1156\nJ2,1,29.1540,118.1156\nJ3,1,29.1540,118.1210\nJ1,1,29.1532,118.1156\n'; } > a.txt; echo a.txt; }
make_txt_point_without_parcel() { parcel '' | grep -v @ > a.txt; echo a.txt; }
make_txt_last_short() { parcel '' | sed 's/^5,/9,/' > a.txt; echo a.txt; } # as where the ring of a hole is cut off
make_txt_ends_in_ring() { parcel '' | head -n -2 > a.txt; echo a.txt; }
# Two points, each a parcel; the last line has no end.
two_points() { { parcel '' | sed '/@/,$d'; printf '1,,A,衢州,点,,,,@\nJ1,1,3237000.000,39615000.000\n1,,B,x,点,,,,@\nJ1,1,3237100.000,39615100.789'; } > a.txt; }
make_txt_last_number() { two_points; truncate -s -2 a.txt; echo a.txt; }
make_txt_last_header() { parcel '' > a.txt; printf '5,1.0,B,y,面,' >> a.txt; echo a.txt; }
make_txt_no_section() { parcel '' | sed '/地块坐标/,$d' > a.txt; echo a.txt; }
make_txt_no_zone() { parcel '' | sed 's/,39615/,615/' > a.txt; echo a.txt; }
make_txt_no_system() { parcel '' | grep -v 坐标系 > a.txt; echo a.txt; }
make_txt_not_gbk() { parcel '' | iconv -t GBK > b; { cat b; printf '4,1,\377\377,x,\n'; } > a.txt; echo a.txt; }
make_txt_unit() { parcel $'计量单位=公里\n' > a.txt; echo a.txt; }
make_txt_unit_of_degrees() { parcel $'计量单位=度\n' > a.txt; echo a.txt; }
make_txt_projection() { parcel $'投影类型=兰伯特\n' > a.txt; echo a.txt; }
make_txt_bands() { parcel $'几度分带=1.5\n' > a.txt; echo a.txt; }
make_txt_shift() { parcel $'转换参数=-12.5,103.2,40.1,0,0,0,0\n' > a.txt; echo a.txt; }
make_txt_shift_wide() { parcel $'转换参数=0，；　０，5\n' > a.txt; echo a.txt; }
make_txt_degree_signs() { parcel '' | sed "s/^J1,.*/J1,1,28°51'30\",118°06'57\"/" > a.txt; echo a.txt; }
make_txt_letter() { parcel '' | sed 's/3237100.000,39615100/32371O0.000,39615100/' > a.txt; echo a.txt; }

# --- coordinates that are not what they should be ---
make_no_crs_prefixed() { printf 'x,y\n40387887.34,3204272.21\n' > a.csv; echo a.csv; }
make_no_crs_bare() { printf 'x,y\n387887.34,3204272.21\n' > a.csv; echo a.csv; }
make_no_crs_swapped() { printf 'x,y\n3204272.21,40387887.34\n' > a.csv; echo a.csv; }
make_no_crs_degrees() { printf 'lon,lat\n118.85,28.95\n' > a.csv; echo a.csv; }
make_no_crs_shapefile() { made a.shp; rm a.prj; echo a.shp; }
# What is asked for besides stands in a file `options`, a word a line.
asked() { printf '%s\n' "$@" > options; }
make_ballpark_xian() { points 3 4610 118.5 28.9 > a.geojson; asked --to-crs EPSG:4490; echo a.geojson; }
make_ballpark_xian_wgs() { points 3 4610 118.5 28.9 > a.geojson; asked --to-crs EPSG:4326; echo a.geojson; }
make_ballpark_xian_zone() { points 3 2364 40387887. 3204272 > a.geojson; asked --to-crs EPSG:4528; echo a.geojson; }
make_ballpark_beijing() { points 3 4214 118.5 28.9 > a.geojson; asked --to-crs EPSG:4490; echo a.geojson; }
make_made_elsewhere() { points 3 4214 118.5 28.9 > a.geojson; asked --to-crs EPSG:4326; echo a.geojson; }
make_made_for_one_of_two() { # Ordos, for which there is a shift, and Quzhou
    { printf '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4214"}},"features":['
      printf '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[108.5,38.5]}},'
      printf '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[118.5,28.9]}}]}\n'; } > a.geojson
    asked --to-crs EPSG:4326
    echo a.geojson
}
make_helmert_of_six() { points 3 4610 118.5 28.9 > a.geojson; asked --to-crs EPSG:4490 --helmert 1,2,3,4,5,6; echo a.geojson; }
make_helmert_of_radians() { points 3 4610 118.5 28.9 > a.geojson; asked --to-crs EPSG:4490 --helmert 1,2,3,4000,5,6,7; echo a.geojson; }
make_frame_of_a_plane() { points 3 4528 40387887. 3204272 > a.geojson; asked --from-frame gcj02; echo a.geojson; }
make_unknown_crs() { points 3 999999 118.5 28.9 > a.geojson; echo a.geojson; }
make_prj_junk() { made a.shp; echo 'PROJCS["x"' > a.prj; echo a.shp; }
make_one_far_away() { points 3 4490 118.5 28.9 | sed 's/118.5001/11850010/' > a.geojson; echo a.geojson; }
make_metres_called_degrees() { points 3 4490 40387.8 3204272 | sed 's/40387\.8/40387887./' > a.geojson; echo a.geojson; }
make_degrees_called_metres() { points 3 4528 118.5 28.9 > a.geojson; echo a.geojson; }
make_wrong_zone() { points 3 4527 40387887. 3204272 > a.geojson; echo a.geojson; }
make_no_prefix() { points 3 4528 387887. 3204272 > a.geojson; echo a.geojson; }
make_swapped_axes() { points 3 4490 28.9 118.5 > a.geojson; echo a.geojson; }

# --- what can be read, with a remark where something had to be found out ---
# read_NAME makes a layer that holds 衢州 in some text; what must be said stands in readable.txt.
names() { printf '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},"features":[{"type":"Feature","properties":{"name":"衢州市开化县"},"geometry":{"type":"Point","coordinates":[118.5,28.9]}}]}\n'; }
shapefile() { names > n.geojson; "$ECOBELT" convert n.geojson a.shp -q "$@"; }
read_shp_gbk_both() { shapefile; echo a.shp; }
read_shp_gbk_language_byte() { shapefile; rm a.cpg; echo a.shp; }
read_shp_gbk_found_out() { shapefile; rm a.cpg; poke a.dbf 29 '\000'; echo a.shp; }
read_shp_utf8_cpg() { shapefile --to-encoding UTF-8; echo a.shp; }
read_shp_utf8_found_out() { shapefile --to-encoding UTF-8; rm a.cpg; poke a.dbf 29 '\000'; echo a.shp; }
read_shp_cpg_wrong() { shapefile; echo UTF-8 > a.cpg; echo a.shp; }
read_shp_cpg_936() { shapefile; echo 936 > a.cpg; poke a.dbf 29 '\000'; echo a.shp; }
read_shp_overridden() { shapefile; echo Big5 > a.cpg; asked --encoding GBK; echo a.shp; }
read_csv_gbk() { printf 'lon,lat,name\n118.5,28.9,衢州市开化县\n' | iconv -t GBK > a.csv; asked --from-crs EPSG:4490; echo a.csv; }
read_csv_utf8_bom() { printf '\357\273\277lon,lat,name\n118.5,28.9,衢州市开化县\n' > a.csv; asked --from-crs EPSG:4490; echo a.csv; }
read_csv_big5_said() { printf 'lon,lat,name\n118.5,28.9,衢州市\n' | iconv -t BIG5 > a.csv; asked --from-crs EPSG:4490 --encoding Big5; echo a.csv; }
read_csv_no_line_end() { printf 'lon,lat,name\n118.5,28.9,a\n118.5,28.9,衢州' > a.csv; asked --from-crs EPSG:4490; echo a.csv; }
read_geojson_gbk() { names | iconv -t GBK > a.geojson; echo a.geojson; }
named() { parcel "$1" | sed 's/,A,x,/,A,衢州,/'; }
read_txt_utf8() { named '' > a.txt; echo a.txt; }
read_txt_utf8_bom() { { printf '\357\273\277'; named ''; } > a.txt; echo a.txt; }
read_txt_gbk_crlf() { named '' | sed 's/$/\r/' | iconv -t GBK > a.txt; echo a.txt; }
read_txt_full_width() { named '' | sed 's/\[/【/; s/\]/】/; s/,/,/g' > a.txt; echo a.txt; }
read_txt_braces() { named '' | sed 's/\[/{/; s/\]/}/' > a.txt; echo a.txt; }
read_txt_zone_apart() { named $'带号=39\n' | sed 's/,39615/,615/' > a.txt; echo a.txt; }
read_txt_swapped() { named '' | sed -E 's/^(J[0-9],1),([0-9.]+),([0-9.]+)/\1,\3,\2/' > a.txt; echo a.txt; }
read_txt_square_metres() { named '' | sed 's/^5,1.0,/5,10000,/' > a.txt; echo a.txt; }
read_txt_count_wrong() { named '' | sed 's/^5,/3,/' > a.txt; echo a.txt; }
read_txt_open_ring() { named '' | sed '$d' > a.txt; printf '4,1,B,y,面,,,,@\nJ1,1,3237000,39615200\nJ2,1,3237100,39615200\nJ3,1,3237100,39615300\nJ1,1,3237000,39615200\n' >> a.txt; echo a.txt; }
read_txt_packed_said() { named '' | sed -E 's/^J1,.*/J1,1,29.1532,118.1156/; s/^J2,.*/J2,1,29.1540,118.1156/; s/^J3,.*/J3,1,29.1540,118.1210/; s/^J4,.*/J4,1,29.1532,118.1210/' > a.txt; echo 'a.txt|option:DEGREES=packed'; }
read_txt_decimal() { named '' | sed -E 's/^J1,.*/J1,1,29.1582,118.1186/; s/^J2,.*/J2,1,29.1590,118.1186/; s/^J3,.*/J3,1,29.1590,118.1299/; s/^J4,.*/J4,1,29.1582,118.1299/' > a.txt; echo a.txt; }
read_txt_xian() { named '' | sed 's/2000国家大地坐标系/80国家大地坐标系/' > a.txt; echo a.txt; }
read_txt_extension() { { printf '[属性描述]\n坐标系=2000国家大地坐标系\n[扩展信息]\n备注=x\n'; named '' | sed -n '/地块坐标/,$p'; } > a.txt; echo a.txt; }
read_txt_shift_said() { named $'转换参数=-12.5,103.2,40.1,0,0,0,0\n' > a.txt; echo 'a.txt|option:SHIFT=done'; }
read_txt_shift_zero() { named $'投影类型=高斯-克吕格\n计量单位=米\n几度分带=3度带\n转换参数=,,,,,,\n' > a.txt; echo a.txt; }
read_txt_shift_zero_wide() { named $'转换参数=0，0；　0.0、0\n' > a.txt; echo a.txt; }
read_txt_unit_packed() { read_txt_packed_said > layer; sed -i 's/^\[地块坐标/计量单位=度分秒\n&/' a.txt; echo a.txt; }
read_txt_signs_in_names() { named '' | sed 's/,A,衢州,/,A,衢州,/; s/,,,,@/,,【一期】＝［］＠x,,@/' > a.txt; echo a.txt; }
read_txt_no_line_end() { two_points; echo a.txt; }
read_txt_end_said() { make_txt_last_number > layer; echo 'a.txt|option:END=whole'; }
read_txt_ring_no_line_end() { named '' > a.txt; truncate -s -1 a.txt; echo a.txt; }
read_txt_thirteen_fields() { named '' | sed 's/,,,,@/,,,,一,二,三,四,@/' > a.txt; echo a.txt; }
