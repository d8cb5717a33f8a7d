/*
 * One side of lines that are small beside their corridor: hooks at the ends, crossings, rings and tangles of edges far shorter than the
 * width, where what counts as left is decided by a metre of line far away.
 */
#define PLACES       24
#define LEAST_WANTED (PLACES / 10)
#include "corridor_trio.h"

/* More of them, finer ones: compile with another range. */
#ifndef RANDOM_FROM
#define RANDOM_FROM 0
#define RANDOM_TO   100
#endif

enum { MOST = 16, TEXT = 2048 };

typedef enum walk_kind { WALK, HOOKS, LOOP, RING, TWO, KINDS } walk_kind;
static const char *const kind_names[KINDS] = {"walk", "hooks", "loop", "ring", "two"};

/* A walk in metres from a place. */
typedef struct walk {
    double xy[MOST][2];
    size_t count;
    double course;
} walk;

static void step(walk *w, double turn, double length)
{
    double *p = w->xy[w->count - 1];
    w->course += turn;
    w->xy[w->count][0] = p[0] + length * cos(w->course);
    w->xy[w->count++][1] = p[1] + length * sin(w->course);
}

/* Steps that turn either way; @p wild as sharply as may be. */
static void wander(walk *w, uint64_t *seed, size_t steps, double length, bool wild)
{
    for (size_t i = 0; i < steps; i++) {
        double turn = (wild ? 6 : 2) * (world_random(seed) - 0.5);
        step(w, turn, length * (0.05 + world_random(seed)));
    }
}

/* Back by nearly half a turn, and perhaps once more. */
static void hook(walk *w, uint64_t *seed, double length)
{
    size_t turns = world_random(seed) < 0.5 ? 1 : 2;
    double way = world_random(seed) < 0.5 ? 1 : -1;
    for (size_t i = 0; i < turns; i++) step(w, way * (1.7 + 1.3 * world_random(seed)), length * (0.05 + 0.3 * world_random(seed)));
}

static void turn_round(walk *w)
{
    for (size_t i = 0, j = w->count - 1; i < j; i++, j--) {
        for (int k = 0; k < 2; k++) {
            double kept = w->xy[i][k];
            w->xy[i][k] = w->xy[j][k];
            w->xy[j][k] = kept;
        }
    }
    const double *p = w->xy[w->count - 2], *q = w->xy[w->count - 1];
    w->course = atan2(q[1] - p[1], q[0] - p[0]);
}

static walk make_walk(walk_kind kind, uint64_t *seed, double length)
{
    walk w = {.count = 1, .course = 6.283 * world_random(seed)};
    wander(&w, seed, kind == HOOKS ? 2 : 3 + (size_t)(4 * world_random(seed)), length, kind == WALK);
    if (kind == HOOKS) {
        hook(&w, seed, length);
        turn_round(&w);
        hook(&w, seed, length);
    }
    if (kind == LOOP) {
        for (int k = 0; k < 3; k++) step(&w, 1.6 + 0.5 * world_random(seed), length * (0.5 + world_random(seed)));
    }
    if (kind == RING) {
        w.xy[w.count][0] = w.xy[0][0];
        w.xy[w.count][1] = w.xy[0][1];
        w.count++;
    }
    return w;
}

static void write_walk(const walk *w, double lon, double lat, char text[TEXT])
{
    int used = snprintf(text, TEXT, "LINESTRING(");
    for (size_t i = 0; i < w->count; i++) {
        double x = lon + w->xy[i][0] / (111320 * cos(lat * 0.017453292519943295)), y = lat + w->xy[i][1] / 110900;
        used += snprintf(text + used, TEXT - (size_t)used, "%s%.17g %.17g", i ? "," : "", x, y);
    }
    snprintf(text + used, TEXT - (size_t)used, ")");
}

/* Edges from a five-hundredth of the width to a third of it, widths from 2 to 2000 m. */
START_TEST(random_row)
{
    uint64_t seed = (uint64_t)_i + 1;
    char texts[2][TEXT], label[2 * TEXT + 128];
    world_row rows[2] = {{NULL, texts[0], 0}, {NULL, texts[1], 0}};
    eb_corridor_lines lines;
    walk_kind kind = (walk_kind)(_i % KINDS);
    for (int k = 0; k < 4; k++) world_random(&seed);
    double width_m = 2 * pow(10, 3 * world_random(&seed)), length_m = width_m * pow(10, -2.7 + 2.2 * world_random(&seed));
    double lat = -60 + 120 * world_random(&seed), tolerance_m = fmax(width_m * pow(10, -1.8 + 0.6 * world_random(&seed)), 0.01);
    size_t count = kind == TWO ? 2 : 1;
    for (size_t k = 0; k < count; k++) {
        walk w = make_walk(kind, &seed, length_m);
        write_walk(&w, 118.7 + (double)k * length_m * world_random(&seed) / 1e5, lat, texts[k]);
    }
    snprintf(label, sizeof label, "%s %d, width %g, tolerance %g: %s %s", kind_names[kind], _i, width_m, tolerance_m, texts[0],
             count > 1 ? texts[1] : "");
    ok(world_lines("EPSG:4326", rows, count, NULL, &lines, err));
    check_lines(label, &lines, width_m, tolerance_m, false);
    eb_corridor_lines_clear(&lines);
}
END_TEST

/* Lines that turn back sharply: where an edge comes nearer than its vertex by less than distances are known to, it still decides. */
static const struct {
    const char *wkt;
    double width_m;
} turn_backs[] = {
    {"LINESTRING(118.5 29, 118.5515024354898 29, 118.54120194839183 29.00018018018018)", 1500},
    {"LINESTRING(118.5 29, 118.5515024354898 29, 118.54120194839183 29.00018018018018)", 2500},
    {"LINESTRING(118.5 29, 118.5515024354898 29, 118.5412 29.003)", 2000},
    {"LINESTRING(118.5 29, 118.5515024354898 29, 118.551 28.9998)", 800},
};
START_TEST(turn_back)
{
    char label[64];
    world_row row = {NULL, turn_backs[_i].wkt, 0};
    eb_corridor_lines lines;
    snprintf(label, sizeof label, "turn back %d", _i);
    ok(world_lines("EPSG:4326", &row, 1, NULL, &lines, err));
    check_lines(label, &lines, turn_backs[_i].width_m, 0.5, false);
    eb_corridor_lines_clear(&lines);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("hooks");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, random_row, RANDOM_FROM, RANDOM_TO);
    tcase_add_loop_test(tcase, turn_back, 0, (int)(sizeof turn_backs / sizeof *turn_backs));
    return world_run("corridor_hooks", tcase);
}
