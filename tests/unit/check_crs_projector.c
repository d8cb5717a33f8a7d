/* The projector: from any CRS to one plane and back, several layers on one plane, several threads. */
#include <pthread.h>

#include "crs/series.h"
#include "crs_test.h"

static const double quzhou[4] = {118, 28.2, 119.4, 29.5};
static const eb_helmert made_up = {15.5, -120.25, -81, 0.3, -0.5, 1.1, -2.5};

static eb_projector *projector_of(const char *definition, const double box[4])
{
    eb_crs *crs = test_crs(definition);
    eb_projector *projector = NULL;
    eb_error err = {0};
    ck_assert_msg(eb_projector_new(crs, box, &projector, &err) == EB_OK, "%s: %s", definition, err.message);
    eb_crs_free(crs);
    return projector;
}

static eb_projector *projector_on(const char *definition, const eb_projector *first, const eb_helmert *helmert)
{
    eb_crs *crs = test_crs(definition);
    eb_projector *projector = NULL;
    eb_error err = {0};
    ck_assert_msg(eb_projector_new_on(crs, NULL, eb_projector_plane(first), eb_projector_geographic(first), helmert, &projector, &err) ==
                      EB_OK,
                  "%s: %s", definition, err.message);
    eb_crs_free(crs);
    return projector;
}

/* The same star in degrees of CGCS2000 and, brought there by a transform, in another CRS. */
static test_wkb star_in(const char *definition)
{
    test_wkb star = test_star(600, 0.4, 118.7, 28.9, true, 8);
    eb_crs *from = test_crs("EPSG:4490"), *to = test_crs(definition);
    eb_transform *transform = NULL;
    eb_error err = {0};
    EB_ASSERT_OK(eb_transform_new(from, to, quzhou, NULL, &transform, &err), &err);
    EB_ASSERT_OK(eb_transform_wkb(transform, star.data, star.size, &err), &err);
    eb_transform_free(transform);
    eb_crs_free(from);
    eb_crs_free(to);
    return star;
}

/* Largest distance between the vertices of two shapes of one form. */
static double apart(const test_wkb *a, const test_wkb *b)
{
    eb_wkb_walk wa, wb;
    eb_wkb_part pa, pb;
    double worst = 0;
    ck_assert_uint_eq(a->size, b->size);
    eb_wkb_begin(&wa, (eb_wkb){a->data, a->size});
    eb_wkb_begin(&wb, (eb_wkb){b->data, b->size});
    size_t seen = 0;
    while (eb_wkb_next(&wa, &pa) && eb_wkb_next(&wb, &pb))
        for (size_t i = 0; i < pa.count; i++, seen++) {
            double x1, y1, x2, y2;
            eb_wkb_xy(&pa, i, &x1, &y1);
            eb_wkb_xy(&pb, i, &x2, &y2);
            worst = fmax(worst, hypot(x1 - x2, y1 - y2));
        }
    ck_assert_uint_gt(seen, 600);
    return worst;
}

static test_wkb copy_of(const test_wkb *wkb)
{
    test_wkb copy = {malloc(wkb->size), wkb->size, wkb->size};
    memcpy(copy.data, wkb->data, wkb->size);
    return copy;
}

static const struct {
    const char *definition;
    double limit_m; /* what the numbers of the CRS are good to */
} layers[] = {
    {"EPSG:4490", 2e-9}, {"EPSG:4326", 2e-9}, {"EPSG:4528", 1e-8},  {"EPSG:4527", 1e-8},
    {"EPSG:4549", 5e-9}, {"EPSG:3857", 1e-8}, {"EPSG:32650", 5e-9}, {"+proj=lcc +lat_1=28 +lat_2=30 +lon_0=118 +datum=WGS84", 2e-8},
};

START_TEST(layers_share_a_plane)
{
    eb_projector *first = projector_of("EPSG:4490", quzhou), *other = projector_on(layers[_i].definition, first, NULL);
    test_wkb a = star_in("EPSG:4490"), b = star_in(layers[_i].definition), before = copy_of(&b);
    eb_error err = {0};
    EB_ASSERT_OK(eb_projector_wkb(first, a.data, a.size, &err), &err);
    EB_ASSERT_OK(eb_projector_wkb(other, b.data, b.size, &err), &err);
    ck_assert_msg(apart(&a, &b) < layers[_i].limit_m, "%s: %g m apart", layers[_i].definition, apart(&a, &b));
    EB_ASSERT_OK(eb_projector_inverse_wkb(other, b.data, b.size, &err), &err);
    ck_assert_msg(apart(&before, &b) < 2 * layers[_i].limit_m, "%s: %g back", layers[_i].definition, apart(&before, &b));
    EB_ASSERT_OK(eb_projector_degrees(other, b.data, b.size, &err), &err);
    EB_ASSERT_OK(eb_projector_inverse_wkb(first, a.data, a.size, &err), &err);
    ck_assert_msg(apart(&a, &b) < 1e-12, "%s: %g degrees apart", layers[_i].definition, apart(&a, &b));
    ck_assert_mem_eq(eb_projector_plane(first), eb_projector_plane(other), sizeof(eb_plane));
    free(a.data);
    free(b.data);
    free(before.data);
    eb_projector_free(other);
    eb_projector_free(first);
}
END_TEST

static const struct {
    const char *label, *definition;
    const double *box;
    double lon, lat, a;
    const char *geographic;
} planes[] = {
    {"degrees", "EPSG:4490", quzhou, 118.7, 28.85, 6378137, "EPSG:4490"},
    {"zone", "EPSG:4528", (const double[4]){40387887, 3204272, 40387888, 3204273}, 118.85, 28.95, 6378137, "EPSG:4490"},
    {"ellipsoid of the data", "EPSG:2364", (const double[4]){40500000, 3320115, 40500000, 3320115}, 120, 30, 6378140, "EPSG:4610"},
    {"Web Mercator", "EPSG:3857", (const double[4]){13230322, 3369951, 13230322, 3369951}, 118.850005, 28.955245, 6378137, "EPSG:4326"},
    {"no box: middle of the zone's area", "EPSG:4528", NULL, 120, 32, 6378137, "EPSG:4490"},
    {"an empty box", "EPSG:4528", (const double[4]){INFINITY, INFINITY, -INFINITY, -INFINITY}, 120, 32, 6378137, "EPSG:4490"},
    {"grads", "EPSG:4807", (const double[4]){0, 50, 0, 50}, 0, 45, 6378249.2, ""},
};

START_TEST(own_plane)
{
    eb_projector *p = projector_of(planes[_i].definition, planes[_i].box);
    const eb_plane *plane = eb_projector_plane(p);
    const double limit = planes[_i].box && planes[_i].box[0] <= planes[_i].box[2] ? 2e-5 : 8;
    EB_ASSERT_NEAR(planes[_i].label, plane->lon0_deg, planes[_i].lon, limit);
    EB_ASSERT_NEAR(planes[_i].label, plane->lat0_deg, planes[_i].lat, limit);
    ck_assert_double_eq(plane->a, planes[_i].a);
    ck_assert_str_eq(eb_crs_info_get(eb_projector_geographic(p))->code, planes[_i].geographic);
    ck_assert(*eb_projector_text(p));
    eb_projector_free(p);
}
END_TEST

START_TEST(points)
{
    eb_projector *p = projector_of("EPSG:4528", (const double[4]){40304000, 3120000, 40440000, 3270000});
    eb_error err = {0};
    double x = 40387887.3427, y = 3204272.2143, px, py;
    EB_ASSERT_OK(eb_projector_point(p, &x, &y, &err), &err);
    eb_plane_forward(eb_projector_plane(p), 118.85, 28.95, &px, &py);
    EB_ASSERT_NEAR("as from degrees", hypot(x - px, y - py), 0, 6e-5);
    EB_ASSERT_OK(eb_projector_inverse_point(p, &x, &y, &err), &err);
    EB_ASSERT_NEAR("x back", x, 40387887.3427, 8e-9);
    EB_ASSERT_NEAR("y back", y, 3204272.2143, 8e-9);
    x = 118.85, y = 28.95;
    EB_ASSERT_STATUS(eb_projector_point(p, &x, &y, &err), EB_REFUSED, &err);
    EB_ASSERT_HAS(err.message, "no place in the analysis plane");
    EB_ASSERT_HAS(err.hint, "degrees");
    x = 2e7, y = 0;
    EB_ASSERT_STATUS(eb_projector_inverse_point(p, &x, &y, &err), EB_REFUSED, &err);
    EB_ASSERT_HAS(err.message, "of the analysis plane has no place in CGCS2000");
    eb_projector_free(p);
    eb_projector_free(NULL);
}
END_TEST

START_TEST(other_datum)
{
    eb_projector *first = projector_of("EPSG:4490", quzhou), *p = NULL;
    eb_crs *xian = test_crs("EPSG:2364");
    eb_error err = {0};
    const double box[4] = {40304000, 3120000, 40440000, 3270000};
    EB_ASSERT_STATUS(eb_projector_new_on(xian, box, eb_projector_plane(first), eb_projector_geographic(first), NULL, &p, &err), EB_REFUSED,
                     &err);
    ck_assert_ptr_null(p);
    EB_ASSERT_HAS(err.message, "ballpark");
    EB_ASSERT_HAS(err.hint, "--helmert");
    EB_ASSERT_OK(eb_projector_new_on(xian, box, eb_projector_plane(first), eb_projector_geographic(first), &made_up, &p, &err), &err);
    EB_ASSERT_HAS(eb_projector_text(p), "by the shift given");
    double x = 40387887, y = 3204272, px = x, py = y;
    EB_ASSERT_OK(eb_projector_point(p, &x, &y, &err), &err);
    /* The same by a transform and the plane. */
    eb_transform *transform = NULL;
    EB_ASSERT_OK(eb_transform_new(xian, eb_projector_geographic(first), quzhou, &made_up, &transform, &err), &err);
    EB_ASSERT_OK(eb_transform_points(transform, &px, &py, 1, 1, NULL, &err), &err);
    eb_plane_forward(eb_projector_plane(first), px, py, &px, &py);
    EB_ASSERT_NEAR("by the transform", hypot(px - x, py - y), 0, 1e-9);
    /* A clone keeps the shift. */
    eb_projector *clone = NULL;
    EB_ASSERT_OK(eb_projector_clone(p, &clone, &err), &err);
    double cx = 40387887, cy = 3204272;
    EB_ASSERT_OK(eb_projector_point(clone, &cx, &cy, &err), &err);
    ck_assert(cx == x && cy == y);
    eb_projector_free(clone);
    eb_transform_free(transform);
    eb_projector_free(p);
    eb_projector_free(first);
    eb_crs_free(xian);
}
END_TEST

START_TEST(refusals)
{
    eb_crs *zone = test_crs("EPSG:4528");
    eb_projector *p = NULL;
    eb_error err = {0};
    EB_ASSERT_STATUS(eb_projector_new(zone, quzhou, &p, &err), EB_REFUSED, &err);
    ck_assert_ptr_null(p);
    EB_ASSERT_HAS(err.hint, "longitude and latitude in degrees, in China");
    p = projector_of("EPSG:4490", quzhou);
    test_wkb star = star_in("EPSG:4490");
    EB_ASSERT_STATUS(eb_projector_wkb(p, star.data, star.size - 3, &err), EB_INPUT, &err);
    EB_ASSERT_HAS(err.message, "broken");
    free(star.data);
    star = star_in("EPSG:4490");
    const double nan = NAN;
    memcpy(star.data + 13 + 16 * 300, &nan, sizeof nan);
    EB_ASSERT_STATUS(eb_projector_wkb(p, star.data, star.size, &err), EB_REFUSED, &err);
    EB_ASSERT_HAS(err.message, "not a finite number");
    free(star.data);
    eb_projector_free(p);
    eb_crs_free(zone);
}
END_TEST

typedef struct job {
    eb_projector *projector;
    test_wkb shape;
    eb_status status;
} job;

static void *work(void *arg)
{
    job *j = arg;
    j->status = eb_projector_wkb(j->projector, j->shape.data, j->shape.size, NULL);
    return NULL;
}

START_TEST(threads)
{
    enum { THREADS = 4 };
    const char *const kinds[] = {"EPSG:4528", "+proj=lcc +lat_1=28 +lat_2=30 +lon_0=118 +datum=WGS84"};
    for (int k = 0; k < 2; k++) {
        eb_projector *first = projector_of("EPSG:4490", quzhou), *p = projector_on(kinds[k], first, NULL);
        job jobs[THREADS];
        pthread_t thread[THREADS];
        eb_error err = {0};
        for (int i = 0; i < THREADS; i++) {
            jobs[i] = (job){.shape = star_in(kinds[k])};
            EB_ASSERT_OK(eb_projector_clone(p, &jobs[i].projector, &err), &err);
        }
        for (int i = 0; i < THREADS; i++) ck_assert_int_eq(pthread_create(&thread[i], NULL, work, &jobs[i]), 0);
        for (int i = 0; i < THREADS; i++) pthread_join(thread[i], NULL);
        test_wkb alone = star_in(kinds[k]);
        EB_ASSERT_OK(eb_projector_wkb(p, alone.data, alone.size, &err), &err);
        for (int i = 0; i < THREADS; i++) {
            ck_assert_int_eq(jobs[i].status, EB_OK);
            ck_assert_mem_eq(jobs[i].shape.data, alone.data, alone.size);
            eb_projector_free(jobs[i].projector);
            free(jobs[i].shape.data);
        }
        free(alone.data);
        eb_projector_free(p);
        eb_projector_free(first);
    }
}
END_TEST

/* How often a ring goes round a place: the angles under which its edges are seen, added up. */
static int times_around(double (*ring)[2], int count, double x, double y)
{
    double turn = 0;
    for (int i = 0; i < count; i++) {
        const double *a = ring[i], *b = ring[(i + 1) % count];
        turn += remainder(atan2(b[1] - y, b[0] - x) - atan2(a[1] - y, a[0] - x), 2 * acos(-1));
    }
    return (int)lround(turn / (2 * acos(-1)));
}

/* Degrees from a place to the nearest edge; those of longitude count as much as they are long there. */
static double nearest(double (*ring)[2], int count, double x, double y)
{
    const double shrink = cos(y * EB_RAD);
    double best = INFINITY;
    for (int i = 0; i < count; i++)
        for (int k = 0; k <= 100; k++) {
            const double *a = ring[i], *b = ring[(i + 1) % count], t = k / 100.;
            best = fmin(best, hypot((a[0] + t * (b[0] - a[0]) - x) * shrink, a[1] + t * (b[1] - a[1]) - y));
        }
    return best;
}

/* A ring of degrees as a shape of EPSG:4490, or of EPSG:3857 (points along its edges, which are straight in degrees only). */
static test_wkb ring_as(double (*ring)[2], int count, bool mercator)
{
    enum { STEPS = 40 };
    const double r = 6378137;
    double xy[24 * STEPS][2];
    test_wkb wkb = {0};
    for (int i = 0; i < count; i++)
        for (int k = 0; k < STEPS; k++) {
            const double *a = ring[i], *b = ring[(i + 1) % count], t = (double)k / STEPS;
            const double lon = a[0] + t * (b[0] - a[0]), lat = a[1] + t * (b[1] - a[1]);
            xy[i * STEPS + k][0] = mercator ? r * lon * EB_RAD : lon;
            xy[i * STEPS + k][1] = mercator ? r * log(tan((45 + lat / 2) * EB_RAD)) : lat;
        }
    test_wkb_header(&wkb, 3, 1);
    test_wkb_ring(&wkb, &xy[0][0], (uint32_t)(count * STEPS));
    return wkb;
}

START_TEST(far_side)
{
    enum { CORNERS = 24 };
    uint64_t state = 5;
    int held = 0, beside = 0;
    for (int n = 0; n < 300; n++) {
        const double lon0 = 360 * test_random(&state) - 180, lat0 = 160 * test_random(&state) - 80, x = lon0 > 0 ? lon0 - 180 : lon0 + 180;
        const double box[4] = {lon0, lat0, lon0, lat0}, size = 1 + 80 * test_random(&state);
        /* Near the place opposite the centre, or anywhere. */
        const double at_x = n % 2 ? x : 300 * test_random(&state) - 150, at_y = n % 2 ? -lat0 : 140 * test_random(&state) - 70;
        double ring[CORNERS][2];
        for (int i = 0; i < CORNERS; i++) {
            const double angle = 2 * acos(-1) * i / CORNERS, radius = size * test_random(&state);
            ring[i][0] = fmin(fmax(at_x + radius * cos(angle), -180), 180);
            ring[i][1] = fmin(fmax(at_y + radius * sin(angle), -85), 85);
        }
        const bool want = times_around(ring, CORNERS, x, -lat0) != 0;
        /* Beside a polygon, as near as four of its edges are long, either will do. */
        if (!want && nearest(ring, CORNERS, x, -lat0) < 10) continue;
        for (int k = 0; k < 2; k++) {
            test_wkb shape = ring_as(ring, CORNERS, k == 1);
            eb_projector *first = projector_of("EPSG:4326", box), *p = projector_on(k ? "EPSG:3857" : "EPSG:4326", first, NULL);
            ck_assert_msg(eb_projector_holds_far_side(p, (eb_wkb){shape.data, shape.size}) == want, "%d: %g %g, in %s", n, x, -lat0,
                          k ? "metres" : "degrees");
            eb_projector_free(p);
            eb_projector_free(first);
            free(shape.data);
        }
        held += want;
        beside += !want;
    }
    ck_assert_int_gt(held, 50);
    ck_assert_int_gt(beside, 50);
}
END_TEST

#define LOOP(function, rows) tcase_add_loop_test(tests, function, 0, (int)(sizeof(rows) / sizeof *(rows)))

int main(void)
{
    Suite *suite = suite_create("crs_projector");
    TCase *tests = tcase_create("projector");
    LOOP(layers_share_a_plane, layers);
    LOOP(own_plane, planes);
    tcase_add_test(tests, points);
    tcase_add_test(tests, other_datum);
    tcase_add_test(tests, refusals);
    tcase_add_test(tests, threads);
    tcase_add_test(tests, far_side);
    suite_add_tcase(suite, tests);
    return eb_test_run(suite);
}
