/* Bridges and tunnels: where they come to the ground, who may be snapped to them; places on roads drawn over one another. */
#include <check.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include <ecobelt/network.h>

/* A degree of the equator of the ellipsoid below. */
static const double DEGREE_M = 111319.49079327358;

static void add(eb_network *n, double from, double to, eb_road road)
{
    const double coords[4] = {from, 0, to, 0};
    const eb_wkb_part part = {.kind = EB_SHAPE_LINE, .count = 2, .dims = 2, .coords = (const uint8_t *)coords};
    eb_line_fate fate;
    road.speed_kmh = 60;
    ck_assert_int_eq(eb_network_add(n, &part, &road, &fate, NULL), EB_OK);
    ck_assert_int_eq(fate, EB_LINE_TAKEN);
}

static eb_network *fresh(void)
{
    eb_network *n = NULL;
    ck_assert_int_eq(eb_network_new(6378137, 1 / 298.257223563, &n, NULL), EB_OK);
    return n;
}

static size_t node_at(const eb_network *n, double lon)
{
    for (size_t i = 0; i < eb_network_node_count(n); i++) {
        double x, y;
        eb_network_node_at(n, i, &x, &y);
        if (fabs(x - lon) < 1e-9) return i;
    }
    ck_abort_msg("no node at %g", lon);
    return 0;
}

/* Ground from 0 to 1, a bridge in three pieces from 1 to 4, ground to 5, a tunnel that ends at 6 (hundredths of a degree). */
START_TEST(test_ends)
{
    const eb_road ground = {.rank = 1}, bridge = {.rank = 1, .structure = true}, tunnel = {.rank = 1, .structure = true, .tunnel = true};
    eb_network *n = fresh();
    add(n, 0, 0.01, ground);
    add(n, 0.01, 0.02, bridge);
    add(n, 0.03, 0.02, bridge);
    add(n, 0.03, 0.04, bridge);
    add(n, 0.04, 0.05, ground);
    add(n, 0.05, 0.06, tunnel);
    ck_assert_int_eq(eb_network_node(n, false, NULL, NULL), EB_OK);
    const struct {
        double at;
        size_t count;
        double near, far; /* hundredths of a degree */
    } rows[] = {{0, 0, 0, 0}, {0.01, 0, 0, 0}, {0.02, 2, 1, 2}, {0.03, 2, 1, 2}, {0.04, 0, 0, 0}, {0.05, 0, 0, 0}, {0.06, 0, 0, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        eb_portal ends[2];
        size_t count = 9;
        ck_assert_int_eq(eb_network_portals(n, node_at(n, rows[i].at), ends, &count, NULL), EB_OK);
        ck_assert_msg(count == rows[i].count, "%zu ends seen from %g", count, rows[i].at);
        if (count < 2) continue;
        ck_assert_double_eq_tol(fmin(ends[0].distance_m, ends[1].distance_m), rows[i].near * DEGREE_M / 100, 1e-6);
        ck_assert_double_eq_tol(fmax(ends[0].distance_m, ends[1].distance_m), rows[i].far * DEGREE_M / 100, 1e-6);
        ck_assert_double_eq_tol(fmin(ends[0].lon_deg, ends[1].lon_deg), 0.01, 1e-12);
        ck_assert_double_eq_tol(fmax(ends[0].lon_deg, ends[1].lon_deg), 0.04, 1e-12);
    }
    bool *grounded = eb_network_grounded(n);
    for (int k = 0; k <= 6; k++) ck_assert_int_eq(grounded[node_at(n, k / 100.0)], k != 2 && k != 3 && k != 6);
    free(grounded);
    eb_network_free(n);
}
END_TEST

/* Neither in a tunnel nor of another component where the rule says so. */
START_TEST(test_rule)
{
    const eb_road ground = {.rank = 1}, tunnel = {.rank = 1, .structure = true, .tunnel = true};
    eb_network *n = fresh();
    add(n, 0, 0.01, ground);
    add(n, 0.01, 0.02, tunnel);
    add(n, 0.03, 0.04, ground);
    ck_assert_int_eq(eb_network_node(n, false, NULL, NULL), EB_OK);
    size_t *of_node, count;
    eb_component *components;
    ck_assert_int_eq(eb_network_components(n, NULL, 0, &of_node, &components, &count, NULL), EB_OK);
    ck_assert_uint_eq(count, 2);
    const bool second[] = {false, true};
    eb_snap snap;
    ck_assert_int_eq(eb_network_snap(n, 0.018, 0, &(eb_snap_rule){.most_m = 1e5, .worst_rank = INT_MAX}, &snap, NULL), EB_OK);
    ck_assert(snap.found && snap.distance_m < 1e-6);
    ck_assert_int_eq(eb_network_snap(n, 0.018, 0, &(eb_snap_rule){.most_m = 1e5, .worst_rank = INT_MAX, .no_tunnels = true}, &snap, NULL),
                     EB_OK);
    ck_assert_double_eq_tol(snap.distance_m, 0.008 * DEGREE_M, 1e-6);
    const eb_snap_rule island = {.most_m = 1e5, .worst_rank = INT_MAX, .of_node = of_node, .components = second};
    ck_assert_int_eq(eb_network_snap(n, 0.018, 0, &island, &snap, NULL), EB_OK);
    ck_assert_double_eq_tol(snap.distance_m, 0.012 * DEGREE_M, 1e-6);
    free(of_node);
    free(components);
    eb_network_free(n);
}
END_TEST

/* A place on one of two lines drawn over one another is a node of both, unless they are of different levels. */
START_TEST(test_drawn_twice)
{
    for (int level = 0; level < 2; level++) {
        const eb_road there = {.rank = 1, .oneway = EB_ONEWAY_FORWARD}, back = {.rank = 1, .oneway = EB_ONEWAY_FORWARD, .level = level};
        eb_network *n = fresh();
        add(n, 0, 0.02, there);
        add(n, 0.02, 0, back);
        ck_assert_int_eq(eb_network_node(n, false, NULL, NULL), EB_OK);
        eb_snap snaps[2];
        size_t nodes[2];
        for (int k = 0; k < 2; k++)
            ck_assert_int_eq(eb_network_snap(n, 0.005 + 0.01 * k, 0, &(eb_snap_rule){.most_m = 10, .worst_rank = INT_MAX}, &snaps[k], NULL),
                             EB_OK);
        ck_assert_int_eq(eb_network_insert(n, snaps, 2, nodes, NULL), EB_OK);
        eb_graph *g = NULL;
        double costs[4];
        ck_assert_int_eq(eb_graph_new(n, EB_COST_LENGTH, NULL, 0, true, &g, NULL), EB_OK);
        ck_assert_int_eq(eb_graph_matrix(g, nodes, 2, costs, NULL), EB_OK);
        /* There and back: the distance twice, or once round both lines. */
        ck_assert_double_eq_tol(costs[1] + costs[2], (level ? 0.04 : 0.02) * DEGREE_M, 1e-6);
        eb_graph_free(g);
        eb_network_free(n);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("portals");
    TCase *cases = tcase_create("portals");
    tcase_add_test(cases, test_ends);
    tcase_add_test(cases, test_rule);
    tcase_add_test(cases, test_drawn_twice);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
