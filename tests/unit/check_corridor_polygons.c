/* Belts outside and inside polygons: which places they hold, against crossing numbers and tried distances. */
#include "corridor_world.h"

static eb_geos *geos;

static void setup(void)
{
    ok(eb_geos_new(&geos, err));
}

static void teardown(void)
{
    eb_geos_free(geos);
}

static const struct {
    const char *label;
    world_row rows[3];
    size_t count;
    double width_m;
} polygons[] = {
    {"square", {{NULL, "POLYGON((118 28,118.04 28,118.04 28.04,118 28.04,118 28))", 0}}, 1, 800},
    {"clockwise", {{NULL, "POLYGON((118 28,118 28.04,118.04 28.04,118.04 28,118 28))", 0}}, 1, 800},
    {"with a hole",
     {{NULL, "POLYGON((118 28,118.04 28,118.04 28.04,118 28.04,118 28),(118.01 28.01,118.03 28.01,118.03 28.03,118.01 28.03,118.01 28.01))",
       0}},
     1,
     500},
    {"with a hole that the belt fills",
     {{NULL,
       "POLYGON((118 28,118.04 28,118.04 28.04,118 28.04,118 28),(118.018 28.018,118.022 28.018,118.022 28.022,118.018 28.022,118.018 "
       "28.018))",
       0}},
     1,
     800},
    {"with a slit",
     {{NULL, "POLYGON((118 28,118.04 28,118.04 28.04,118.0205 28.04,118.02 28.01,118.0195 28.04,118 28.04,118 28))", 0}},
     1,
     300},
    {"too narrow for a core", {{NULL, "POLYGON((118 28,118.1 28,118.1 28.005,118 28.005,118 28))", 0}}, 1, 600},
    {"two that share an edge",
     {{NULL, "POLYGON((118 28,118.02 28,118.02 28.04,118 28.04,118 28))", 0},
      {NULL, "POLYGON((118.02 28,118.04 28,118.04 28.04,118.02 28.04,118.02 28))", 0}},
     2,
     800},
    {"two that overlap",
     {{NULL, "POLYGON((118 28,118.03 28,118.03 28.03,118 28.03,118 28))", 0},
      {NULL, "POLYGON((118.02 28.02,118.05 28.02,118.05 28.05,118.02 28.05,118.02 28.02))", 0}},
     2,
     700},
    {"a part each",
     {{NULL, "MULTIPOLYGON(((118 28,118.02 28,118.02 28.02,118 28.02,118 28)),((118.03 28,118.05 28,118.05 28.02,118.03 28.02,118.03 28)))",
       0}},
     1,
     700},
    {"bow-tie, repaired", {{NULL, "POLYGON((118 28,118.04 28.04,118.04 28,118 28.04,118 28))", 0}}, 1, 400},
};

/* Inside the polygons by counting the boundary's crossings of a ray; boundaries inside a dissolved whole are not in the chosen line. */
static bool inside_polygons(const eb_corridor_lines *lines, size_t line, double lon, double lat)
{
    bool inside = false;
    const eb_corridor_line *l = &lines->lines[line];
    for (size_t c = l->chain_first; c < l->chain_first + l->chain_count; c++) {
        const eb_corridor_chain *chain = &lines->chains[c];
        for (size_t i = chain->first; i + 1 < chain->first + chain->count; i++) {
            const double *p = lines->xy + 2 * i;
            if ((p[1] > lat) == (p[3] > lat)) continue;
            if (lon < p[0] + (lat - p[1]) / (p[3] - p[1]) * (p[2] - p[0])) inside = !inside;
        }
    }
    return inside;
}

static size_t whole_of(const eb_corridor_lines *lines)
{
    for (size_t i = 0; i < lines->line_count; i++) {
        if (lines->lines[i].rank == EB_CORRIDOR_WHOLE) return i;
    }
    ck_abort_msg("no dissolved whole");
}

/* A copy of the lines with only the dissolved boundary, for the oracle. */
static eb_corridor_lines only(const eb_corridor_lines *lines, size_t line)
{
    eb_corridor_lines some = *lines;
    some.chains = lines->chains + lines->lines[line].chain_first;
    some.chain_count = lines->lines[line].chain_count;
    return some;
}

static bool expected(eb_corridor_part part, bool inside, bool near)
{
    switch (part) {
    case EB_CORRIDOR_OUTWARD:
        return near && !inside;
    case EB_CORRIDOR_INWARD:
        return near && inside;
    case EB_CORRIDOR_GROWN:
        return near || inside;
    case EB_CORRIDOR_CORE:
        return inside && !near;
    default:
        return near;
    }
}

START_TEST(polygon_row)
{
    const char *label = polygons[_i].label;
    double width = polygons[_i].width_m;
    eb_corridor_lines lines;
    ok(world_lines("EPSG:4490", polygons[_i].rows, polygons[_i].count, NULL, &lines, err));
    ck_assert_msg(lines.polygons, "%s", label);
    size_t whole = whole_of(&lines);
    eb_corridor_lines boundary = only(&lines, whole);
    static const eb_corridor_part parts[] = {EB_CORRIDOR_BOTH, EB_CORRIDOR_OUTWARD, EB_CORRIDOR_INWARD, EB_CORRIDOR_GROWN,
                                             EB_CORRIDOR_CORE};
    eb_shape *shapes[5];
    eb_prepared *prepared[5];
    for (int k = 0; k < 5; k++) {
        eb_corridor_spec spec = {width, 0.1, parts[k], EB_CAP_ROUND};
        shapes[k] = world_corridor(&lines, geos, &spec);
        ok(eb_prepared_new(geos, shapes[k], &prepared[k], err));
    }
    double box[4];
    uint64_t seed = 3;
    ck_assert(eb_shape_bounds(geos, shapes[3], box));
    for (int i = 0; i < 150; i++) {
        double x = box[0] + world_random(&seed) * (box[2] - box[0]), y = box[1] + world_random(&seed) * (box[3] - box[1]), lon, lat;
        eb_plane_inverse(&lines.plane, x, y, &lon, &lat);
        double d = world_distance(&boundary, lon, lat);
        if (fabs(d - width) < 0.1 || d < 0.1) continue;
        for (int k = 0; k < 5; k++) {
            bool in = world_holds(geos, prepared[k], x, y);
            bool want = expected(parts[k], inside_polygons(&lines, whole, lon, lat), d < width);
            ck_assert_msg(in == want, "%s: part %d at %.7f %.7f, %.3f m from the boundary: %d, expected %d", label, k, lon, lat, d, in,
                          want);
        }
    }
    for (int k = 0; k < 5; k++) {
        eb_prepared_free(geos, prepared[k]);
        eb_shape_free(geos, shapes[k]);
    }
    eb_corridor_lines_clear(&lines);
}
END_TEST

/* The belts add up: outside and inside are both; the polygon is its core and its inner belt; grown is the polygon and its outer belt. */
START_TEST(belts_add_up)
{
    const char *label = polygons[_i].label;
    eb_corridor_lines lines;
    ok(world_lines("EPSG:4490", polygons[_i].rows, polygons[_i].count, NULL, &lines, err));
    double areas[EB_CORRIDOR_CORE + 1] = {0};
    for (int part = 0; part <= EB_CORRIDOR_CORE; part++) {
        if (part == EB_CORRIDOR_LEFT || part == EB_CORRIDOR_RIGHT) continue;
        eb_corridor_spec spec = {polygons[_i].width_m, 0.1, (eb_corridor_part)part, EB_CAP_ROUND};
        eb_shape *shape = world_corridor(&lines, geos, &spec);
        areas[part] = eb_shape_area(geos, shape);
        eb_corridor_audit audit = world_audit(&lines, geos, &spec, shape);
        ck_assert_msg(audit.worst_m <= 0.1, "%s: part %d: %g", label, part, audit.worst_m);
        eb_shape_free(geos, shape);
    }
    double area = areas[EB_CORRIDOR_GROWN] - areas[EB_CORRIDOR_OUTWARD];
    ck_assert_msg(fabs(areas[EB_CORRIDOR_OUTWARD] + areas[EB_CORRIDOR_INWARD] - areas[EB_CORRIDOR_BOTH]) < 1e-3, "%s", label);
    ck_assert_msg(fabs(areas[EB_CORRIDOR_CORE] + areas[EB_CORRIDOR_INWARD] - area) < 1e-3, "%s", label);
    eb_corridor_lines_clear(&lines);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("polygons");
    int rows = (int)(sizeof polygons / sizeof polygons[0]);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, polygon_row, 0, rows);
    tcase_add_loop_test(tcase, belts_add_up, 0, rows);
    return world_run("corridor_polygons", tcase);
}
