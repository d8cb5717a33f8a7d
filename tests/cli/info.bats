#!/usr/bin/env bats
# ecobelt info: what a layer is, for people and programs.
load ../support/helper

@test "a GeoJSON layer: format, CRS, count, extent, fields" {
  eb info "$LAYERS/counties.geojson"
  assert_exit 0
  assert_out "format:    GeoJSON"
  assert_out "CRS:       EPSG:4490"
  assert_out "features:  6"
  assert_out "name_zh  text"
}

@test "the same as JSON" {
  eb info "$LAYERS/counties.geojson" --json
  assert_exit 0
  assert_equal EPSG:4490 "$(json 'd["crs"]["code"]' | tr -d '"')"
  assert_equal 6 "$(json 'd["features"]')"
  assert_equal text "$(json 'd["fields"][0]["type"]' | tr -d '"')"
}

@test "character set, zone and prefix of a shapefile" {
  eb convert "$LAYERS/counties.geojson" c.shp --to-crs EPSG:4528 -q
  assert_exit 0
  eb info c.shp
  assert_exit 0
  assert_out "encoding:  GB18030"
  assert_out "zone:      40 of 3 degrees, central meridian 120, with zone prefix"
}

@test "a layer without CRS is described, with a guess" {
  printf 'x,y\n40387887.34,3204272.21\n' > p.csv
  eb info p.csv
  assert_exit 0
  assert_out "CRS:       none; eastings with the number of 3-degree zone 40 in front"
  eb info p.csv --json
  assert_equal null "$(json 'd["crs"]')"
}

@test "a CRS that the numbers contradict is named as such" {
  printf '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4528"}},"features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[118.5,28.9]}}]}' > w.geojson
  eb info w.geojson
  assert_exit 0
  assert_out "but:       the declared CRS"
}

@test "a file of several layers lists them" {
  printf '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="28.9" lon="118.5"><name>a</name></wpt></gpx>' > a.gpx
  eb info a.gpx
  assert_exit 0
  assert_out waypoints
  assert_out tracks
  eb info 'a.gpx|layername=waypoints'
  assert_exit 0
  assert_out "geometry:  point"
}

@test "missing and damaged files" {
  eb info nothing.gpkg
  assert_exit 3
  eb convert "$LAYERS/counties.geojson" c.fgb -q
  truncate -s 5000 c.fgb
  eb info c.fgb
  [ "$status" -eq 0 ] || [ "$status" -eq 3 ] || show "neither described nor refused"
  eb convert c.fgb d.gpkg
  assert_exit 3
}

@test "a file of several layers that is cut short is not listed" {
  printf '\0\0\0\r\n\tOSMHeader\030\002\020\000\0\0\0\013\n\007OSMData\030\144\020\000' > a.osm.pbf
  eb info a.osm.pbf
  assert_exit 3
  assert_err "the file is cut short or damaged"
  eb info a.osm.pbf --allow-partial
  assert_exit 0
  assert_out multipolygons
}

@test "a plan can be checked: its text and its layers" {
  printf 'title: t\nlayers:\n  c: {path: %s}\nsteps:\n  - id: a\n    area: {layer: c}\n' "$LAYERS/counties.geojson" > plan.yaml
  eb check plan.yaml
  assert_exit 0
  assert_out "nothing wrong was found"
  sed -i 's/steps:/stepz:/' plan.yaml
  eb check plan.yaml
  assert_exit 2
}

@test "info: where a layer comes from is said in Chinese where that is known, else as it was delivered" {
  eb info "$LAYERS/park.geojson" --lang zh
  assert_exit 0
  assert_out "来源:    为 ecobelt 按公布的面积"
  refute_out "drawn for ecobelt"
  sed 's/drawn for ecobelt/surveyed by hand/' "$LAYERS/park.geojson" >other.geojson
  eb info other.geojson --lang zh
  assert_out "来源:    surveyed by hand from published areas"
  eb info "$LAYERS/park.geojson"
  assert_out "source:    drawn for ecobelt"
}
