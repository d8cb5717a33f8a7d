/* Lines that run over one another, each place once: random chains over one path, against arithmetic of intervals along it. */
#include "corridor_world.h"

enum { BENDS = 12, CHAINS = 6, EXTRA = 4, MOST = BENDS + EXTRA + 2, TEXT = 2048, WORLDS = 150 };

/* A path, and the shares of it that chains cover. */
typedef struct path {
    double xy[BENDS][2], reach[BENDS]; /* reach: length up to the bend */
    double from[CHAINS], to[CHAINS];
} path;

static void wander(uint64_t *seed, path *p)
{
    double course = 6.283 * world_random(seed);
    p->xy[0][0] = 500000;
    p->xy[0][1] = 3200000;
    p->reach[0] = 0;
    for (int i = 1; i < BENDS; i++) {
        double step = 20 + 900 * world_random(seed);
        course += 2.5 * (world_random(seed) - 0.5);
        p->xy[i][0] = p->xy[i - 1][0] + step * cos(course);
        p->xy[i][1] = p->xy[i - 1][1] + step * sin(course);
        p->reach[i] = p->reach[i - 1] + step;
    }
}

static void at(const path *p, double s, double out[2])
{
    int i = 1;
    while (i + 1 < BENDS && p->reach[i] < s) i++;
    double t = (s - p->reach[i - 1]) / (p->reach[i] - p->reach[i - 1]);
    for (int k = 0; k < 2; k++) out[k] = p->xy[i - 1][k] + t * (p->xy[i][k] - p->xy[i - 1][k]);
}

static int ascending(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

/* A chain over part of the path: all bends of it, some vertices of its own between, drawn either way, rounded to millimetres. */
static void draw(uint64_t *seed, path *p, int chain, bool degrees, char text[TEXT])
{
    double whole = p->reach[BENDS - 1], a = whole * world_random(seed), b = whole * world_random(seed), stops[MOST];
    int count = 0;
    p->from[chain] = fmin(a, b);
    p->to[chain] = fmax(a, b);
    stops[count++] = p->from[chain];
    stops[count++] = p->to[chain];
    for (int i = 0; i < BENDS; i++)
        if (p->reach[i] > p->from[chain] && p->reach[i] < p->to[chain]) stops[count++] = p->reach[i];
    for (int i = 0; i < EXTRA; i++) stops[count++] = p->from[chain] + world_random(seed) * (p->to[chain] - p->from[chain]);
    qsort(stops, (size_t)count, sizeof *stops, ascending);
    bool back = world_random(seed) < 0.5;
    int used = snprintf(text, TEXT, "LINESTRING(");
    for (int i = 0; i < count; i++) {
        double xy[2];
        at(p, stops[back ? count - 1 - i : i], xy);
        if (degrees)
            used += snprintf(text + used, TEXT - (size_t)used, "%s%.9f %.9f", i ? "," : "", xy[0] / 1e5 + 113, xy[1] / 1e5 - 3);
        else
            used += snprintf(text + used, TEXT - (size_t)used, "%s%.3f %.3f", i ? "," : "", xy[0], xy[1]);
    }
    snprintf(text + used, TEXT - (size_t)used, ")");
}

/* Length of the path that any chain covers. */
static double covered(const path *p)
{
    double sum = 0, ends[2 * CHAINS];
    for (int i = 0; i < CHAINS; i++) {
        ends[2 * i] = p->from[i];
        ends[2 * i + 1] = p->to[i];
    }
    qsort(ends, 2 * CHAINS, sizeof *ends, ascending);
    for (int i = 0; i + 1 < 2 * CHAINS; i++) {
        double middle = (ends[i] + ends[i + 1]) / 2;
        bool in = false;
        for (int k = 0; k < CHAINS; k++) in = in || (p->from[k] < middle && middle < p->to[k]);
        if (in) sum += ends[i + 1] - ends[i];
    }
    return sum;
}

/* Length of lines in the plane of their coordinates. */
static double length_of(eb_wkb lines)
{
    double sum = 0;
    eb_wkb_walk walk;
    eb_wkb_part part;
    for (eb_wkb_begin(&walk, lines); eb_wkb_next(&walk, &part);) {
        for (size_t i = 0; i + 1 < part.count; i++) {
            double x, y, nx, ny;
            eb_wkb_xy(&part, i, &x, &y);
            eb_wkb_xy(&part, i + 1, &nx, &ny);
            sum += hypot(nx - x, ny - y);
        }
    }
    return sum;
}

START_TEST(random_chains)
{
    bool degrees = _i % 2 == 1;
    uint64_t seed = (uint64_t)_i;
    path p;
    char texts[CHAINS][TEXT];
    world_row rows[CHAINS];
    eb_corridor_lines lines;
    eb_corridor_bytes bytes = {0};
    world_random(&seed);
    wander(&seed, &p);
    for (int i = 0; i < CHAINS; i++) {
        draw(&seed, &p, i, degrees, texts[i]);
        rows[i] = (world_row){NULL, texts[i], 0};
    }
    ok(world_lines(degrees ? "EPSG:4490" : "EPSG:4549", rows, CHAINS, NULL, &lines, err));
    ok(eb_corridor_distinct_lines(&lines, world_all, 0.01, &bytes, err));
    double length = length_of((eb_wkb){bytes.data, bytes.size}) * (degrees ? 1e5 : 1), wanted = covered(&p);
    /* Each end of an overlap is known to the centimetre. */
    ck_assert_msg(fabs(length - wanted) < 0.02 * 2 * CHAINS, "world %d: %.4f, covered %.4f", _i, length, wanted);
    free(bytes.data);
    eb_corridor_lines_clear(&lines);
}
END_TEST

/* Crossing is not overlapping; a line drawn there and back is one. */
START_TEST(other_lines)
{
    static const struct {
        const char *label;
        world_row rows[2];
        size_t count;
        double length_m;
    } table[] = {
        {"crossing", {{NULL, "LINESTRING(0 0,100 0)", 0}, {NULL, "LINESTRING(50 -50,50 50)", 0}}, 2, 200},
        {"at a small angle", {{NULL, "LINESTRING(0 0,100 0)", 0}, {NULL, "LINESTRING(0 -1,100 1)", 0}}, 2, 200.02},
        {"side by side", {{NULL, "LINESTRING(0 0,100 0)", 0}, {NULL, "LINESTRING(0 0.1,100 0.1)", 0}}, 2, 200},
        {"there and back", {{NULL, "LINESTRING(0 0,100 0,30 0)", 0}}, 1, 100},
        {"one within another", {{NULL, "LINESTRING(0 0,100 0)", 0}, {NULL, "LINESTRING(70 0,20 0)", 0}}, 2, 100},
        {"two rings that share an edge",
         {{NULL, "LINESTRING(0 0,100 0,100 100,0 100,0 0)", 0}, {NULL, "LINESTRING(100 20,200 20,200 80,100 80,100 20)", 0}},
         2,
         400 + 320 - 60},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        eb_corridor_lines lines;
        eb_corridor_bytes bytes = {0};
        ok(world_lines("EPSG:4549", table[i].rows, table[i].count, NULL, &lines, err));
        ok(eb_corridor_distinct_lines(&lines, world_all, 0.01, &bytes, err));
        double length = length_of((eb_wkb){bytes.data, bytes.size});
        ck_assert_msg(fabs(length - table[i].length_m) < 0.01, "%s: %.4f", table[i].label, length);
        free(bytes.data);
        eb_corridor_lines_clear(&lines);
    }
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("once");
    tcase_add_loop_test(tcase, random_chains, 0, WORLDS);
    tcase_add_test(tcase, other_lines);
    return world_run("corridor_once", tcase);
}
