#!/usr/bin/env bats
# ecobelt convert: formats, CRS, frames, character sets, repair.
load ../support/helper

# Two squares that share an edge; the first one's ring crosses itself near the shared edge.
coverage() {
    cat > cover.geojson <<'JSON'
{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},"features":[
{"type":"Feature","properties":{"name":"甲"},"geometry":{"type":"Polygon","coordinates":[[[118,29],[118.1,29],[118.1,29.04],[118.11,29.05],[118.11,29.045],[118.1,29.05],[118.1,29.1],[118,29.1],[118,29]]]}},
{"type":"Feature","properties":{"name":"乙"},"geometry":{"type":"Polygon","coordinates":[[[118.1,29],[118.2,29],[118.2,29.1],[118.1,29.1],[118.1,29]]]}}]}
JSON
}

points() {
    printf '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::%s"}},"features":[\n' "$1"
    printf '{"type":"Feature","properties":{"名称":"衢州","编号":330800},"geometry":{"type":"Point","coordinates":[%s]}}]}\n' "$2"
}

@test "Chinese names go through shapefile, GeoPackage, GeoJSON and back unchanged" {
  points 4490 118.87,28.94 > a.geojson
  for step in "a.geojson b.shp" "b.shp c.gpkg" "c.gpkg d.fgb" "d.fgb e.geojson" "e.geojson f.shp"; do
    # shellcheck disable=SC2086 # two words
    eb convert $step
    assert_exit 0
  done
  eb convert f.shp - -q
  assert_exit 0
  assert_out '"名称":"衢州"'
  assert_out '"编号":330800'
  assert_out '[118.87,28.94]'
  cmp b.dbf f.dbf
  assert_equal GBK "$(cat f.cpg)"
}

@test "Chinese text goes through shapefile, GeoPackage, GeoJSON, text file and shapefile unchanged" {
  eb convert "$LAYERS/counties.geojson" a.shp --fields code,name_zh,province_zh --to-crs EPSG:4528 -q
  assert_exit 0
  for step in "a.shp b.gpkg" "b.gpkg c.geojson" "c.geojson d.txt" "d.txt e.shp"; do
    # shellcheck disable=SC2086 # two words
    eb convert $step -q
    assert_exit 0
  done
  # the values of each feature, in an order of their own: the text file has its columns where the standard wants them
  values() { sed -n 's/.*"properties":{\([^}]*\)}.*/\1/p' | sed 's/"[^"]*"://g' | tr ',' '\n' | sort; }
  eb convert a.shp - --fields code,name_zh,province_z -q
  first=$(values <<< "$output")
  eb convert e.shp - --fields 地块编号,地块名称,province_z -q
  last=$(values <<< "$output")
  [[ $first == *'"330824"'*'"开化县"'* ]] || show "no names"
  assert_equal "$first" "$last"
}

@test "CGCS2000 to WGS84: taken as one, and said" {
  points 4490 118.85,28.95 > a.geojson
  eb convert a.geojson b.geojson --to-crs EPSG:4326
  assert_exit 0
  assert_err "CGCS2000 and WGS84 taken as one"
  grep -q '\[118.85,28.95\]' b.geojson
}

@test "GCJ-02 to CGCS2000, and back to the millimetre" {
  points 4490 118.87477665,28.93687579 > gcj.geojson
  eb convert gcj.geojson true.geojson --from-frame gcj02 --decimals 6
  assert_exit 0
  assert_err "declared to be in frame gcj02"
  grep -q '\[118.87,28.94\]' true.geojson
  eb convert gcj.geojson back.geojson --from-frame gcj02 --to-frame gcj02 --decimals 8
  assert_exit 0
  grep -q '\[118.87477665,28.93687579\]' back.geojson
}

@test "a plane layer cannot be in a web-map frame" {
  points 4528 40387887.3427,3204272.2143 > p.geojson
  eb convert p.geojson q.geojson --from-frame gcj02
  assert_exit 4
  assert_err "declared to be in frame gcj02, but its CRS is the plane"
  refute_file q.geojson
  points 4490 118.87,28.94 > g.geojson
  eb convert g.geojson q.geojson --to-crs EPSG:4528 --to-frame gcj02
  assert_exit 2
}

@test "degrees to zone 40 and back" {
  points 4490 118.85,28.95 > a.geojson
  eb convert a.geojson b.geojson --to-crs EPSG:4528
  assert_exit 0
  grep -q '\[40387887.3427,3204272.2143\]' b.geojson
  eb convert b.geojson c.geojson --to-crs EPSG:4490 --decimals 8
  assert_exit 0
  grep -q '\[118.85,28.95\]' c.geojson
}

@test "an unknown datum shift is refused unless it is given" {
  points 4610 118.85,28.95 > x.geojson
  eb convert x.geojson y.geojson --to-crs EPSG:4490
  assert_exit 4
  assert_err "--helmert"
  refute_file y.geojson
  eb convert x.geojson y.geojson --to-crs EPSG:4490 --helmert=-15.4,-122.1,-78.2
  assert_exit 0
  assert_err "transformed by"
  # A file as an office writes it: a mark in front, remarks, blanks, the line end of Windows.
  for line in '-15.4,-122.1,-78.2\n' '\xef\xbb\xbf# Quzhou\r\n\r\n-15.4\t-122.1 , -78.2\r\n-1 2\n' ' -15.4 -122.1 -78.2 0 0 0 0'; do
    # shellcheck disable=SC2059 # the line is a format
    printf -- "$line" > shift.txt
    eb convert x.geojson z.geojson --to-crs EPSG:4490 --helmert shift.txt --overwrite
    assert_exit 0
    diff <(sed 's/"name":"y"//' y.geojson) <(sed 's/"name":"z"//' z.geojson)
  done
  printf '# nothing\n' > shift.txt
  for bad in 1,2 1,2,3,4 1,2,x nosuchfile 1,2,3,4,5,6,7,8 '1 0,2,3' 1,,2,3 1,2,3, shift.txt; do
    eb convert x.geojson w.geojson --to-crs EPSG:4490 --helmert "$bad"
    assert_exit 2
    assert_err "neither 3 nor 7 numbers"
  done
}

@test "--repair changes invalid shapes only, and says what it did" {
  coverage
  eb convert cover.geojson out.geojson --repair --record rec.csv
  assert_exit 0
  assert_err "1 repaired"
  assert_file rec.csv
  assert_equal 2 "$(wc -l < rec.csv)"
  grep -q "Self-intersection" rec.csv
  grep -q '"name":"乙"},"geometry":{"type":"Polygon","coordinates":\[\[\[118.1,29\],\[118.2,29\],\[118.2,29.1\],\[118.1,29.1\],\[118.1,29\]\]\]}' out.geojson
}

@test "--coverage: no overlap is left, and the shared edge stays shared" {
  coverage
  eb convert cover.geojson out.gpkg --coverage --json
  assert_exit 0
  assert_equal true "$(json 'len(d["tables"][0]["rows"]) >= 1')"
  need python3 ogr2ogr
  # The union has the area of the parts, so nothing overlaps and no gap has come between.
  run --separate-stderr ogr2ogr -f CSV /vsistdout/ out.gpkg -dialect SQLite \
    -sql 'SELECT round(sum(ST_Area(geom)), 12) AS a, round(ST_Area(ST_Union(geom)), 12) AS b FROM cover'
  [ "$status" -eq 0 ]
  [[ ${lines[1]} =~ ^(.*),(.*)$ ]] || show "no areas"
  assert_equal "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
}

@test "--coverage: what touches no fault passes by as it is; a polygon stays a polygon; gaps are told" {
  # 7 x 7 squares; the last one laps over its neighbour, and the one in the middle is missing
  {
    echo '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},"features":['
    awk 'BEGIN { for (i = 0; i < 49; i++) { if (i == 24) continue; x = 118 + i % 7 / 100; y = 29 + int(i / 7) / 100; w = i == 48 ? x - 0.002 : x
      printf "%s{\"type\":\"Feature\",\"properties\":{\"n\":%d},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%.3f,%.2f],[%.2f,%.2f],[%.2f,%.2f],[%.3f,%.2f],[%.3f,%.2f]]]}}\n", i ? "," : "", i, w, y, x+0.01, y, x+0.01, y+0.01, w, y+0.01, w, y } }'
    echo ']}'
  } > grid.geojson
  eb convert grid.geojson out.geojson --coverage
  assert_exit 0
  assert_err "1 gaps between the polygons"
  assert_err "overlap left to a larger neighbour"
  refute_out MultiPolygon
  [ "$(grep -c MultiPolygon out.geojson)" -eq 0 ] || show "polygons have become multi polygons"
  assert_equal 48 "$(grep -c '"Feature"' out.geojson)"
  # feature 9 lies inside and touches neither the outline nor a fault
  number() { grep -o "\"n\":$1}.*" "$2" | sed 's/,$//'; }
  eb convert grid.geojson plain.geojson -q
  assert_equal "$(number 9 plain.geojson)" "$(number 9 out.geojson)"
  eb check out.geojson --coverage
  assert_exit 1
  refute_out "error overlap"
  assert_out "error gap"
}

@test "--coverage refuses lines" {
  echo '{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[118,29],[119,29]]}}' > l.geojson
  eb convert l.geojson out.gpkg --coverage
  assert_exit 4
  assert_err "is no part of a coverage"
}

@test "results do not depend on the number of threads" {
  eb convert "$LAYERS/counties.geojson" one.geojson --to-crs EPSG:4528 --repair -j 1
  assert_exit 0
  mkdir two
  eb convert "$LAYERS/counties.geojson" two/one.geojson --to-crs EPSG:4528 --repair -j 3
  assert_exit 0
  cmp one.geojson two/one.geojson
}

@test "outputs are not replaced without --overwrite, and unknown endings are refused" {
  points 4490 118.87,28.94 > a.geojson
  eb convert a.geojson b.gpkg
  assert_exit 0
  eb convert a.geojson b.gpkg
  assert_exit 5
  assert_err "--overwrite"
  eb convert a.geojson b.gpkg --overwrite
  assert_exit 0
  eb convert a.geojson b.xyz
  assert_exit 5
  assert_err "known are .gpkg"
  eb convert a.geojson nowhere/b.gpkg
  assert_exit 5
}

@test "a full disk is an error, and nothing is left" {
  mkdir full
  cd full
  points 4490 118.87,28.94 > a.geojson
  for out in x.gpkg x.shp x.geojson x.fgb x.csv x.txt; do
    run --separate-stderr bash -c "trap '' XFSZ; ulimit -f 0; exec \"$ECOBELT\" convert a.geojson $out 2>&1 | cat >&2; exit \${PIPESTATUS[0]}"
    assert_exit 5
    refute_file "$out"
  done
  assert_equal a.geojson "$(ls -A)"
}

# Lines of 250 points in zone 40, more than the writer of text files holds in memory; and the parcels they should become.
long_lines() {
    python3 -B - lines.geojson expected.txt <<'END'
import json, sys
layer, text = open(sys.argv[1], "w"), open(sys.argv[2], "w", newline="")
layer.write('{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4528"}},"features":[')
for i in range(3000):
    name = "末😀" if i == 2999 else "线%d" % i
    points = [[40450000 + i + k / 8, 3200000 + (i * 7 + k * k) % 1000] for k in range(250)]
    feature = {"type": "Feature", "properties": {"编号": str(i), "名称": name}, "geometry": {"type": "LineString", "coordinates": points}}
    layer.write(("," if i else "") + json.dumps(feature))
    text.write("250,,%d,%s,线,,,,@\r\n" % (i, name))
    text.writelines("J%d,1,%.3f,%.3f\r\n" % (k + 1, y, x) for k, (x, y) in enumerate(points))
layer.write("]}")
END
}

@test "a text file of more parcels than are held in memory: all there, in order; what the last one is called decides the character set" {
  long_lines
  eb convert lines.geojson a.txt
  assert_exit 0
  assert_err "the file is in UTF-8: some of its text cannot be written in GBK"
  [[ $(head -c 3 a.txt) == $'\xEF\xBB\xBF' ]] || show "no mark"
  sed '1,/^\[地块坐标\]/d' a.txt | cmp - expected.txt
  eb convert lines.geojson b.txt --to-encoding GBK
  assert_exit 4
  assert_err 'some of the text cannot be written in GBK (b.txt, layer "lines", feature 2999)'
  refute_file b.txt
  eb convert lines.geojson c.txt --where "\"编号\" <> '2999'" -q
  assert_exit 0
  iconv -f GBK -t UTF-8 c.txt | sed '1,/^\[地块坐标\]/d' | cmp - <(head -n $((2999 * 251)) expected.txt)
}

@test "a text file of more parcels than are held in memory: no room for those that wait" {
  long_lines
  TMPDIR=$PWD/nowhere eb convert lines.geojson a.txt
  assert_exit 5
  assert_err "let TMPDIR name a folder that can be written"
  run --separate-stderr bash -c "trap '' XFSZ; ulimit -f 1000; exec \"$ECOBELT\" convert lines.geojson a.txt"
  assert_exit 5
  assert_err "the temporary file cannot be written"
  refute_file a.txt
  assert_equal "" "$(find . -name '.*' -mindepth 1)"
}

@test "a text file in a character set that does not keep lines is a usage error" {
  points 4490 118.87,28.94 > a.geojson
  for set in UTF-16LE UTF-16; do
    eb convert a.geojson a.txt --to-encoding "$set"
    assert_exit 2
    assert_err "text cannot be written in the character set \"$set\""
  done
  refute_file a.txt
}

@test "fields, filter and usage errors" {
  eb convert "$LAYERS/counties.geojson" - --fields name_zh --where "name = 'Kaihua'" -q
  assert_exit 0
  assert_out '"properties":{"name_zh":"开化县"}'
  refute_out Kecheng
  eb convert "$LAYERS/counties.geojson" - --fields nmae
  assert_exit 2
  assert_err "its fields are: name"
  eb convert "$LAYERS/counties.geojson" - --where "name ="
  assert_exit 2
  eb convert "$LAYERS/counties.geojson"
  assert_exit 2
  eb convert nothing.shp out.gpkg
  assert_exit 3
  assert_err "no such file"
}

@test "names of fields that differ only in case: each keeps its value, the new name is told" {
  printf '%s' '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"NAME":1,"name":2},"geometry":{"type":"Point","coordinates":[118,29]}}]}' > in.geojson
  local out
  for out in a.gpkg a.fgb a.kml; do
    eb convert in.geojson "$out"
    assert_exit 0
    assert_err 'the field "name" is called "name_2"'
    eb convert "$out" - -q
    assert_exit 0
    [[ $output =~ \"name_2\":\"?2 ]] || show "name_2 is not 2 in $out"
  done
}

@test "what a format cannot hold as it is, is told by every command that writes" {
  printf '%s' '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},"features":[{"type":"Feature","properties":{"数据产生单位一":"a,b","数据产生单位二":"@"},"geometry":{"type":"Polygon","coordinates":[[[118.5,28.9],[118.501,28.9],[118.501,28.901],[118.5,28.901],[118.5,28.9]]]}}]}' > in.geojson
  eb convert in.geojson a.shp
  assert_exit 0
  assert_err "at most 10 bytes in a shapefile, and must differ; 2 are cut: 数据产生单位一 -> 数据产生单, 数据产生单位二 -> 数据产生_1"
  refute_err UTF-8
  eb dissolve in.geojson --by 数据产生单位一 -o d.shp
  assert_exit 0
  assert_err "数据产生单位一 -> 数据产生单"
  eb convert in.geojson a.txt
  assert_exit 0
  assert_err '2 texts hold commas, @, line ends or blanks at an end'
  assert_err 'the first, field "数据产生单位一" of feature 0'
  sed 's/"@"/"💧"/' in.geojson > drop.geojson
  eb convert drop.geojson b.shp
  assert_exit 0
  assert_err 'the table is in UTF-8: field "数据产生单位二" of feature 0 cannot be written in GBK'
  assert_equal UTF-8 "$(cat b.cpg)"
  eb convert drop.geojson c.shp --to-encoding GBK
  assert_exit 4
  assert_err "give --to-encoding UTF-8"
  eb convert drop.geojson b.txt
  assert_exit 0
  assert_err "the file is in UTF-8"
}

@test "a .fgb without features is read, and what is whole of a cut one is taken on request" {
  printf '{"type":"FeatureCollection","features":[' > in.geojson
  for i in $(seq 1 60); do
    printf '%s{"type":"Feature","properties":{"n":%d},"geometry":{"type":"Point","coordinates":[118.%03d,29]}}' "${comma:-}" "$i" "$i" >> in.geojson
    comma=,
  done
  printf ']}' >> in.geojson
  eb convert in.geojson none.fgb --where "n > 60" -q
  assert_exit 0
  run --separate-stderr timeout -s KILL 300 "$ECOBELT" convert none.fgb - -q
  assert_exit 0
  assert_out '"features":['
  eb convert in.geojson all.fgb -q
  local last
  last=$(python3 - << 'PY'
import struct
data = open("all.fgb", "rb").read()
# Features fill the end of the file, each with its length before it: count those that a cut leaves whole.
cut = len(data) - (len(data) * 3) // 10
for start in range(len(data)):
    at, ends = start, []
    while at + 4 <= len(data):
        at += 4 + struct.unpack_from("<I", data, at)[0]
        ends.append(at)
    if at == len(data) and len(ends) == 60:
        print(cut, sum(end <= cut for end in ends))
        break
PY
  )
  truncate -s "${last% *}" all.fgb
  eb convert all.fgb -
  assert_exit 3
  eb info all.fgb
  assert_exit 3
  assert_err "its last feature is not there, or not whole"
  eb convert all.fgb part.geojsonl --allow-partial
  assert_exit 0
  assert_err "60 features, ${last#* } could be read"
  assert_equal "${last#* }" "$(grep -c Feature part.geojsonl)"
  [ "${last#* }" -gt 10 ]
}

@test "a feature without a shape in a .fgb is refused by its name; values that are no numbers are found" {
  printf '%s' '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[118,29]}},{"type":"Feature","properties":{"a":2},"geometry":null}]}' > in.geojson
  eb convert in.geojson out.fgb
  assert_exit 4
  assert_err "without a shape"
  assert_err "feature 1"
  refute_file out.fgb
  sed 's/null}]/{"type":"Point","coordinates":[118,30]}}]/' in.geojson > both.geojson
  eb convert both.geojson t.shp -q
  eb check t.shp
  assert_exit 0
  # The last value of the last row, before the end mark.
  printf '#!x' | dd of=t.dbf bs=1 seek=$(($(stat -c %s t.dbf) - 4)) conv=notrunc status=none
  eb check t.shp
  assert_exit 1
  assert_out 'error value: t feature 1 at 118 30: field "a" holds "#!x", which is no whole number; it reads as null'
  eb convert t.shp -
  assert_exit 0
  assert_out '"properties":{"a":1}'
  assert_out '"properties":{"a":null}'
  assert_err '1 values are none of their field'"'"'s type and are read as null; the first, of feature 1, field "a": "#!x"'
}
