-- The roads of table "lines" (OpenStreetMap, read by ogr2ogr) as the table "edges" that pgRouting takes, without any of ecobelt's code:
-- cut where lines share a vertex, geodesic lengths in metres, times in seconds, direction and speed by the tags.
CREATE FUNCTION tag(tags text, key text) RETURNS text IMMUTABLE LANGUAGE sql AS
$$ SELECT coalesce(substring(tags FROM '"' || key || '"=>"([^"]*)"'), '') $$;

CREATE TABLE speeds (highway text PRIMARY KEY, kmh double precision);
INSERT INTO speeds VALUES ('motorway', 100), ('motorway_link', 60), ('trunk', 80), ('trunk_link', 50), ('primary', 60), ('primary_link', 40),
  ('secondary', 50), ('secondary_link', 40), ('tertiary', 40), ('tertiary_link', 30), ('unclassified', 30), ('residential', 30),
  ('living_street', 15), ('service', 20), ('road', 30), ('track', 15);

CREATE TABLE roads AS
SELECT ogc_fid AS id, geom,
  CASE WHEN tag(other_tags, 'oneway') IN ('yes', 'true', '1') THEN 1
       WHEN tag(other_tags, 'oneway') IN ('-1', 'reverse') THEN -1
       WHEN tag(other_tags, 'oneway') = '' AND (tag(other_tags, 'junction') = 'roundabout' OR highway = 'motorway') THEN 1
       ELSE 0 END AS direction,
  CASE WHEN tag(other_tags, 'maxspeed') ~ '^[0-9]+$' AND tag(other_tags, 'maxspeed')::int > 0 THEN tag(other_tags, 'maxspeed')::double precision
       ELSE coalesce((SELECT kmh FROM speeds s WHERE s.highway = lines.highway), 30) END AS kmh
FROM lines
WHERE highway <> '' AND highway NOT IN ('footway', 'path', 'steps', 'cycleway', 'pedestrian', 'bridleway', 'corridor', 'construction', 'proposed',
                                        'platform', 'elevator', 'raceway', 'via_ferrata', 'abandoned');

-- The vertices of every road, those that follow one on the same spot left out.
CREATE TABLE vertices AS
SELECT id, row_number() OVER (PARTITION BY id ORDER BY i) AS i, x, y, count(*) OVER (PARTITION BY id) AS n
FROM (SELECT id, d.path[1] AS i, ST_X(d.geom) AS x, ST_Y(d.geom) AS y,
             lag(ST_X(d.geom)) OVER w AS last_x, lag(ST_Y(d.geom)) OVER w AS last_y
      FROM roads, ST_DumpPoints(geom) d WINDOW w AS (PARTITION BY id ORDER BY d.path[1])) p
WHERE last_x IS NULL OR last_x <> x OR last_y <> y;

CREATE TABLE nodes AS
SELECT row_number() OVER (ORDER BY x, y) AS node, x, y FROM vertices GROUP BY x, y HAVING count(*) > 1 OR bool_or(i = 1 OR i = n);
CREATE UNIQUE INDEX ON nodes (x, y);
ANALYZE nodes;

CREATE TABLE edges AS
WITH marked AS (
  SELECT v.id, v.i, v.x, v.y, node FROM vertices v LEFT JOIN nodes USING (x, y)
), ends AS (
  SELECT id, i AS first_i, lead(i) OVER w AS last_i, node AS source, lead(node) OVER w AS target
  FROM marked WHERE node IS NOT NULL WINDOW w AS (PARTITION BY id ORDER BY i)
), pieces AS (
  SELECT e.id, e.source, e.target, ST_Length(ST_MakeLine(ST_SetSRID(ST_MakePoint(m.x, m.y), 4326) ORDER BY m.i)::geography) AS length_m
  FROM ends e JOIN marked m ON m.id = e.id AND m.i BETWEEN e.first_i AND e.last_i
  WHERE e.last_i IS NOT NULL GROUP BY e.id, e.source, e.target, e.first_i
)
SELECT row_number() OVER () AS id, source, target,
  CASE WHEN direction >= 0 THEN length_m ELSE -1 END AS cost, CASE WHEN direction <= 0 THEN length_m ELSE -1 END AS reverse_cost,
  CASE WHEN direction >= 0 THEN length_m / kmh * 3.6 ELSE -1 END AS time, CASE WHEN direction <= 0 THEN length_m / kmh * 3.6 ELSE -1 END AS reverse_time
FROM pieces JOIN roads USING (id);
