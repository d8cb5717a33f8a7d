/*
 * A grid of streets as a network, and ways on it: grid_paths SIDE PAIRS [EDGES.csv]. Prints what each step took, one a line: name and
 * processor seconds, which other programs on the machine do not lengthen much; then the length of the way from corner to corner.
 * The nodes are pulled off the grid at random, so that no two ways are equally long.
 * EDGES.csv takes the edges for other programs: id, source, target, metres.
 */
#define _DEFAULT_SOURCE
#include <ecobelt/network.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static unsigned long long state = 42;

/* From 0 to 1, the same on every machine. */
static double random_share(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 33) / 2147483648.0;
}

static void fail(const char *what, const eb_error *err)
{
    fprintf(stderr, "grid_paths: %s: %s\n", what, err->message);
    exit(1);
}

static void add_street(eb_network *n, const double *a, const double *b, int rank)
{
    const double coords[4] = {a[0], a[1], b[0], b[1]};
    const eb_wkb_part part = {.kind = EB_SHAPE_LINE, .count = 2, .dims = 2, .coords = (const uint8_t *)coords};
    const eb_road road = {.rank = rank, .speed_kmh = 100 - 20 * rank};
    eb_line_fate fate;
    eb_error err = {0};
    if (eb_network_add(n, &part, &road, &fate, &err) != EB_OK) fail("a street", &err);
}

/* Some 100 m between junctions; every tenth street is a better one. */
static eb_network *build(size_t side)
{
    eb_network *n = NULL;
    eb_error err = {0};
    double *places = malloc(side * side * 2 * sizeof *places);
    if (!places || eb_network_new(6378137, 1 / 298.257222101, &n, &err) != EB_OK) fail("no memory", &err);
    for (size_t i = 0; i < side * side; i++) {
        places[2 * i] = 118 + 0.001 * ((double)(i % side) + 0.4 * random_share());
        places[2 * i + 1] = 28 + 0.001 * ((double)(i / side) + 0.4 * random_share());
    }
    for (size_t y = 0; y < side; y++) {
        for (size_t x = 0; x < side; x++) {
            const double *here = places + 2 * (y * side + x);
            if (x + 1 < side) add_street(n, here, here + 2, y % 10 == 0 ? 1 : 3);
            if (y + 1 < side) add_street(n, here, here + 2 * side, x % 10 == 0 ? 1 : 3);
        }
    }
    free(places);
    if (eb_network_node(n, false, NULL, &err) != EB_OK) fail("noding", &err);
    return n;
}

/* The edges for other programs, numbered from 1. */
static void write_edges(const eb_network *n, const char *name)
{
    FILE *out = fopen(name, "w");
    if (!out) exit(1);
    for (size_t e = 0; e < eb_network_edge_count(n); e++) {
        const eb_edge *edge = eb_network_edge_at(n, e);
        fprintf(out, "%zu,%zu,%zu,%.9f\n", e + 1, edge->from + 1, edge->to + 1, edge->length_m);
    }
    fclose(out);
}

/* One way, and what it took; its length. */
static double find(const eb_graph *g, const char *name, size_t from, size_t to)
{
    eb_path path;
    eb_error err = {0};
    double start_s = now_s();
    if (eb_graph_path(g, from, to, &path, &err) != EB_OK) fail("a way", &err);
    printf("%s %.4f\n", name, now_s() - start_s);
    double length_m = path.length_m;
    eb_path_clear(&path);
    return length_m;
}

int main(int count, char **words)
{
    size_t side = count > 1 ? (size_t)atol(words[1]) : 708, pairs = count > 2 ? (size_t)atol(words[2]) : 5;
    double start_s = now_s(), length_m[2];
    eb_network *n = build(side);
    printf("network %.4f\n", now_s() - start_s);
    size_t nodes = eb_network_node_count(n);
    for (int cost = 0; cost < 2; cost++) {
        eb_graph *g = NULL;
        eb_error err = {0};
        start_s = now_s();
        if (eb_graph_new(n, cost ? EB_COST_TIME : EB_COST_LENGTH, NULL, 0, true, &g, &err) != EB_OK) fail("the graph", &err);
        printf("graph %.4f\n", now_s() - start_s);
        length_m[cost] = find(g, cost ? "fastest-corners" : "shortest-corners", 0, nodes - 1);
        for (size_t i = 0; i < pairs; i++) {
            size_t from = (size_t)(random_share() * (double)nodes), to = (size_t)(random_share() * (double)nodes);
            find(g, cost ? "fastest" : "shortest", from, to);
        }
        eb_graph_free(g);
    }
    printf("edges %zu\nmetres %.6f\nnodes %zu\n", eb_network_edge_count(n), length_m[0], nodes);
    if (count > 3) write_edges(n, words[3]);
    eb_network_free(n);
    return 0;
}
