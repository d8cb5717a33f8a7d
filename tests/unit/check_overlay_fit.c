/*
 * Edges of many kilometres are another line in degrees than in the plane they are cut in. Pieces of random layers, read back as they are
 * written: each has the area it states, and all pieces of a feature fit together, also where features of the second layer overlap.
 */
#include <ecobelt/geom.h>

#include "overlay_world.h"

enum { MOST = 400, CELLS = 3 };

static void setup_degrees(void)
{
    ck_assert_int_eq(eb_crs_new("EPSG:4490", &crs, NULL), EB_OK);
}

/* Cells of some thirty kilometres that share their shaken corners. */
static void add_cells(eb_layer *layer, uint64_t *state)
{
    static const char *const names[] = {"p", "q", "r", "s", "t", "u", "v", "w", "x"};
    double at[CELLS + 1][CELLS + 1][2];
    for (int i = 0; i <= CELLS; i++)
        for (int k = 0; k <= CELLS; k++) {
            at[i][k][0] = 118 + 0.33 * i + 0.2 * (test_random(state) - 0.5);
            at[i][k][1] = 28.5 + 0.3 * k + 0.2 * (test_random(state) - 0.5);
        }
    for (int i = 0; i < CELLS; i++)
        for (int k = 0; k < CELLS; k++) {
            const double *c[4] = {at[i][k], at[i + 1][k], at[i + 1][k + 1], at[i][k + 1]};
            double xy[8];
            for (int v = 0; v < 4; v++) xy[2 * v] = c[v][0], xy[2 * v + 1] = c[v][1];
            add_ring(layer, xy, 4, names[CELLS * i + k]);
        }
}

/* Two to five rectangles turned anyhow, which overlap. Their box goes into @p box. */
static int add_rectangles(eb_layer *layer, uint64_t *state, double box[4])
{
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    const int count = 2 + (int)(4 * test_random(state));
    box[0] = box[1] = INFINITY, box[2] = box[3] = -INFINITY;
    for (int i = 0; i < count; i++) {
        const double x = 118.2 + 0.6 * test_random(state), y = 28.7 + 0.4 * test_random(state), turn = 3 * test_random(state);
        const double w = 0.1 + 0.4 * test_random(state), h = 0.05 + 0.3 * test_random(state), c = cos(turn), s = sin(turn);
        const double corners[4][2] = {{-w, -h}, {w, -h}, {w, h}, {-w, h}};
        double xy[8];
        for (int v = 0; v < 4; v++) {
            xy[2 * v] = x + c * corners[v][0] - s * corners[v][1];
            xy[2 * v + 1] = y + s * corners[v][0] + c * corners[v][1];
            box[0] = fmin(box[0], xy[2 * v]), box[1] = fmin(box[1], xy[2 * v + 1]);
            box[2] = fmax(box[2], xy[2 * v]), box[3] = fmax(box[3], xy[2 * v + 1]);
        }
        add_ring(layer, xy, 4, names[i]);
    }
    return count;
}

/* Pieces as they are written, and with the same vertices in the plane. */
typedef struct pieces {
    eb_geos *geos;
    eb_projector *plane;
    eb_shape *degrees[MOST], *metres[MOST];
    char first[MOST], second[MOST]; /* names, 0: none */
    int count;
} pieces;

static char letter(const eb_batch *batch, size_t i, size_t field)
{
    const char *text = eb_batch_text_at(batch, i, field);
    return text ? text[0] : 0;
}

static void read_piece(pieces *p, const eb_batch *batch, size_t i, int seed)
{
    const eb_wkb wkb = eb_batch_shape_at(batch, i);
    const int n = p->count++;
    ck_assert_int_lt(n, MOST);
    p->first[n] = letter(batch, i, 0);
    p->second[n] = letter(batch, i, 1);
    ck_assert_int_eq(eb_shape_read(p->geos, wkb, &p->degrees[n], NULL), EB_OK);
    uint8_t *copy = malloc(wkb.size);
    memcpy(copy, wkb.data, wkb.size);
    ck_assert_int_eq(eb_projector_wkb(p->plane, copy, wkb.size, NULL), EB_OK);
    ck_assert_int_eq(eb_shape_read(p->geos, (eb_wkb){copy, wkb.size}, &p->metres[n], NULL), EB_OK);
    free(copy);
    const double got = eb_shape_area(p->geos, p->metres[n]), want = eb_batch_real_at(batch, i, 2);
    const double slack = 1e-9 * want + 1e-7 * eb_shape_length(p->geos, p->metres[n]);
    ck_assert_msg(fabs(got - want) <= slack, "seed %d: piece %d has %.17g m2 and says %.17g", seed, n, got, want);
}

static void clear_pieces(pieces *p)
{
    for (int i = 0; i < p->count; i++) {
        eb_shape_free(p->geos, p->degrees[i]);
        eb_shape_free(p->geos, p->metres[i]);
    }
    eb_projector_free(p->plane);
    eb_geos_free(p->geos);
}

/* Area in square degrees of what shapes of the plane make up together. */
static double outline_area(const pieces *p, eb_shape **metres, size_t count)
{
    eb_shape *all = NULL, *back = NULL;
    uint8_t *data = NULL;
    size_t size = 0;
    ck_assert_int_eq(eb_shape_union_all(p->geos, metres, count, &all, NULL), EB_OK);
    ck_assert_int_eq(eb_shape_write(p->geos, all, &data, &size, NULL), EB_OK);
    ck_assert_int_eq(eb_projector_inverse_wkb(p->plane, data, size, NULL), EB_OK);
    ck_assert_int_eq(eb_shape_read(p->geos, (eb_wkb){data, size}, &back, NULL), EB_OK);
    const double area = eb_shape_area(p->geos, back);
    eb_shape_free(p->geos, all);
    eb_shape_free(p->geos, back);
    free(data);
    return area;
}

/* Pieces of one feature, @p names[…] == @p name, that lie side by side in the plane: in degrees they do, too, without a gap. */
static void check_fit(const pieces *p, const char *names, char name, int seed)
{
    eb_shape *degrees[MOST], *metres[MOST], *all = NULL;
    size_t count = 0;
    double sum = 0;
    for (int i = 0; i < p->count; i++) {
        if (names[i] != name) continue;
        degrees[count] = p->degrees[i];
        metres[count++] = p->metres[i];
        sum += eb_shape_area(p->geos, p->degrees[i]);
    }
    if (count < 2) return;
    ck_assert_int_eq(eb_shape_union_all(p->geos, degrees, count, &all, NULL), EB_OK);
    const double together = eb_shape_area(p->geos, all), outline = outline_area(p, metres, count);
    ck_assert_msg(fabs(sum - together) <= 1e-9 * sum, "seed %d: %zu pieces of %c overlap by %.3g of them", seed, count, name,
                  (sum - together) / sum);
    ck_assert_msg(fabs(sum - outline) <= 1e-9 * sum, "seed %d: %zu pieces of %c leave %.3g of them uncovered", seed, count, name,
                  (outline - sum) / sum);
    eb_shape_free(p->geos, all);
}

enum { SETS = 40, SETS_A_TEST = 10 };

START_TEST(pieces_fit)
{
    size_t checked = 0;
    for (int seed = _i * SETS_A_TEST; seed < (_i + 1) * SETS_A_TEST; seed++) {
        uint64_t state = 99 + 77 * (uint64_t)seed;
        for (int k = 0; k < 8; k++) test_random(&state);
        eb_layer *a = new_layer("a"), *b = new_layer("b"), *result = NULL;
        pieces p = {0};
        double box[4];
        const eb_env env = {.threads = 1 + seed % 3};
        add_cells(a, &state);
        const int count = add_rectangles(b, &state, box);
        ck_assert_int_eq(eb_geos_new(&p.geos, NULL), EB_OK);
        ck_assert_int_eq(eb_projector_new(crs, box, &p.plane, NULL), EB_OK);
        run_overlay_as(a, b, "union", &env, 0, &result, "pieces with long edges");
        for (size_t k = 0; k < eb_layer_batch_count(result); k++)
            for (size_t i = 0; i < eb_layer_batch_at(result, k)->count; i++) read_piece(&p, eb_layer_batch_at(result, k), i, seed);
        for (int k = 0; k < count; k++) check_fit(&p, p.second, (char)('a' + k), seed);
        checked += (size_t)p.count;
        clear_pieces(&p);
        eb_layer_free(result);
        eb_layer_free(a);
        eb_layer_free(b);
    }
    ck_assert_uint_gt(checked, 10 * SETS_A_TEST);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("overlay pieces that fit together");
    TCase *tests = tcase_create("fit");
    tcase_add_checked_fixture(tests, setup_degrees, teardown);
    tcase_add_loop_test(tests, pieces_fit, 0, SETS / SETS_A_TEST);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
