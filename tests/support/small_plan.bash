# shellcheck shell=bash
# A small plan and its layer, for the tests of runs. In a .bats file, after helper:  load ../support/small_plan

small_plan() {
  cp "$ECOBELT_SOURCE/tests/broken/plan/zones.geojson" .
  cat >plan.yaml <<'END'
title: {zh: 小计划, en: A small plan}
name: small
region: {layer: zones, control_area_km2: 60, source: a book}
layers:
  zones: {path: zones.geojson, label: zone, title: {zh: 分区, en: Zones}}
  lines: {path: lines.geojson, schematic: true}
steps:
  - id: by_zone
    title: {zh: 分区面积, en: Area by zone}
    area: {layer: zones, by: zone}
    shares: [{column: area_m2, of: region}]
  - id: belt
    title: {zh: 带, en: Belt}
    corridor: {lines: lines, by: name, width_m: [500, 1000], clip: zones}
targets:
  - {of: by_zone, column: area_km2, where: "zone = 'core'", expect_km2: 27, within_pct: 1, source: {zh: 书, en: a book}}
END
  cat >lines.geojson <<'END'
{"type":"FeatureCollection","name":"lines",
"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},
"features":[{"type":"Feature","id":1,"properties":{"name":"一江"},"geometry":{"type":"LineString","coordinates":[[118.21,29.22],[118.29,29.23]]}}]}
END
}

# Folders of a writer that was stopped; they never have a final name.
leftovers() { find . -maxdepth "${1:-1}" -name '.*.ecobelt-*' | wc -l; }
