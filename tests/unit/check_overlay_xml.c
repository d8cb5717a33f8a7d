/*
 * GEOS's own overlay cases, driven through the whole of overlay: every case of two polygonal shapes, every operation that its file
 * states a result for. The cases are data that do not ship: without them the test is skipped.
 */
#include <ecobelt/geom.h>

#include <dirent.h>
#include <stdio.h>
#include "test_shapes.h"
#include "test_workspace.h"

static eb_crs *crs;
static eb_geos *geos;
static int ops_run, ops_skipped;

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    char *text = calloc(1, 1 << 24);
    size_t size = text ? fread(text, 1, (1 << 24) - 1, file) : 0;
    fclose(file);
    if (size == 0) free(text), text = NULL;
    return text;
}

/* Content of the next <tag ...>…</tag> from *at up to @p end; NULL where there is none. *at moves behind it. */
static char *element(char **at, const char *end, const char *tag, char *head, size_t head_size)
{
    char open[32], close[32];
    snprintf(open, sizeof open, "<%s", tag);
    snprintf(close, sizeof close, "</%s>", tag);
    char *start = strstr(*at, open), *body = start ? strchr(start, '>') : NULL, *stop = body ? strstr(body, close) : NULL;
    if (!stop || (end && stop > end)) return NULL;
    if (head) snprintf(head, head_size, "%.*s", (int)(body - start), start);
    *at = stop + strlen(close);
    char *content = calloc(1, (size_t)(stop - body));
    memcpy(content, body + 1, (size_t)(stop - body - 1));
    return content;
}

static eb_shape *parse(const char *text)
{
    eb_shape *shape = NULL;
    while (*text == ' ' || *text == '\n' || *text == '\t' || *text == '\r') text++;
    return eb_shape_from_text(geos, text, &shape, NULL) == EB_OK ? shape : NULL; /* hex or a coordinate list: not a text of a shape */
}

/* How a case's numbers become metres about the origin. */
typedef struct frame {
    double x, y, scale;
} frame;

static eb_layer *layer_of(const char *name, const eb_shape *shape, const frame *f)
{
    uint8_t *data = NULL;
    size_t size = 0;
    eb_wkb_walk walk;
    eb_wkb_part part;
    ck_assert_int_eq(eb_shape_write(geos, shape, &data, &size, NULL), EB_OK);
    eb_wkb_begin(&walk, (eb_wkb){data, size});
    while (eb_wkb_next(&walk, &part))
        for (size_t i = 0; i < part.count; i++) {
            double xy[2];
            eb_wkb_xy(&part, i, &xy[0], &xy[1]);
            xy[0] = (xy[0] - f->x) * f->scale;
            xy[1] = (xy[1] - f->y) * f->scale;
            memcpy(data + (part.coords - data) + 16 * i, xy, sizeof xy);
        }
    eb_schema *schema = eb_schema_new(name, EB_SHAPE_MULTIPOLYGON, crs);
    eb_layer *layer = eb_layer_new(schema);
    ck_assert(eb_batch_add(eb_layer_tail(layer), 1, (eb_wkb){data, size}));
    eb_schema_free(schema);
    free(data);
    return layer;
}

static const struct {
    const char *xml, *op, *part[3]; /* parts of the table that make up the result */
} ops[] = {
    {"intersection", "intersection", {"both", NULL, NULL}},
    {"union", "union", {"both", "only first", "only second"}},
    {"difference", "difference", {"only first", NULL, NULL}},
    {"symdifference", "symdiff", {"only first", "only second", NULL}},
};

static double run_op(const eb_layer *a, const eb_layer *b, size_t k, const char *label)
{
    test_space s;
    eb_error err;
    double area = 0;
    test_space_init(&s);
    s.names[0] = "a", s.layers[0] = a, s.names[1] = "b", s.layers[1] = b, s.layer_count = 2;
    const char *const pairs[] = {"first", "a", "second", "b", "op", ops[k].op, NULL};
    eb_status status = test_run(&s, "overlay", pairs, 1, &err);
    ck_assert_msg(status == EB_OK, "%s: %s", label, err.message);
    for (int p = 0; p < 3 && ops[k].part[p]; p++) area += test_sum(s.tables[0], "area_m2", ops[k].part[p]);
    test_space_clear(&s);
    return area;
}

static frame frame_of(const eb_shape *a, const eb_shape *b)
{
    double p[4], q[4];
    eb_shape_bounds(geos, a, p);
    eb_shape_bounds(geos, b, q);
    double west = fmin(p[0], q[0]), south = fmin(p[1], q[1]), east = fmax(p[2], q[2]), north = fmax(p[3], q[3]);
    double size = fmax(east - west, north - south);
    return (frame){west, south, size > 0 && (size > 2000 || size < 10) ? 1000 / size : 1};
}

static void run_case(char *text, const char *file)
{
    char *at = text, head[256], label[600], *body;
    char *ta = element(&at, NULL, "a", NULL, 0), *tb = ta ? element(&at, NULL, "b", NULL, 0) : NULL;
    eb_shape *a = ta ? parse(ta) : NULL, *b = tb ? parse(tb) : NULL;
    bool fit = a && b && eb_shape_dimension(geos, a) == 2 && eb_shape_dimension(geos, b) == 2 &&
               eb_shape_valid(geos, a, NULL, 0, NULL, NULL) && eb_shape_valid(geos, b, NULL, 0, NULL, NULL);
    frame f = {0};
    eb_layer *la = NULL, *lb = NULL;
    if (fit) f = frame_of(a, b), la = layer_of("a", a, &f), lb = layer_of("b", b, &f);
    for (at = text; (body = element(&at, NULL, "op", head, sizeof head)) != NULL; free(body)) {
        for (size_t k = 0; k < sizeof ops / sizeof ops[0] && fit; k++) {
            char name[40];
            snprintf(name, sizeof name, "name=\"%s", ops[k].xml);
            const char *found = strstr(head, name), *after = found ? found + strlen(name) : NULL;
            /* A third argument is a precision grid: another result by design. */
            if (!after || (strncmp(after, "\"", 1) != 0 && strncmp(after, "NG\"", 3) != 0) || strstr(head, "arg3")) continue;
            eb_shape *want = parse(body);
            if (!want) {
                ops_skipped++;
                continue;
            }
            snprintf(label, sizeof label, "%s: %.200s", file, head);
            bool swapped = strstr(head, "arg1=\"B\"") != NULL;
            double got = swapped ? run_op(lb, la, k, label) : run_op(la, lb, k, label),
                   area = eb_shape_area(geos, want) * f.scale * f.scale;
            double whole = (eb_shape_area(geos, a) + eb_shape_area(geos, b)) * f.scale * f.scale;
            /* Results in the files are rounded to some digits; PROJ's and our plane differ by 5e-10. */
            ck_assert_msg(fabs(got - area) <= 1e-6 * whole, "%s: %.12g, wanted %.12g", label, got, area);
            ops_run++;
            eb_shape_free(geos, want);
        }
    }
    eb_layer_free(la);
    eb_layer_free(lb);
    eb_shape_free(geos, a);
    eb_shape_free(geos, b);
    free(ta);
    free(tb);
}

/* Files whose numbers are to be snapped to a grid of their own state results of that grid. */
static bool fixed_precision(const char *text)
{
    return strstr(text, "<precisionModel scale") || strstr(text, "FIXED") || strstr(text, "<precisionModel type=\"FIXED\"");
}

static void run_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        char *text = strstr(entry->d_name, ".xml") ? read_file(path) : NULL, *at = text, *body;
        if (text && !fixed_precision(text))
            for (; (body = element(&at, NULL, "case", NULL, 0)) != NULL; free(body)) run_case(body, entry->d_name);
        free(text);
    }
    if (dir) closedir(dir);
}

static const char *data_folder(char *buffer, size_t size)
{
    const char *data = getenv("ECOBELT_DATA");
    if (data)
        snprintf(buffer, size, "%s/vectors/geos_xml", data);
    else
        snprintf(buffer, size, "%s/../shared/data/vectors/geos_xml", TEST_SOURCE_DIR);
    return buffer;
}

START_TEST(geos_cases)
{
    static const char *const folders[] = {"general", "issue", "misc", "robust"};
    char base[600], folder[700];
    ck_assert_int_eq(eb_crs_new("+proj=laea +lat_0=29 +lon_0=118 +x_0=-20000 +ellps=GRS80 +units=m", &crs, NULL), EB_OK);
    ck_assert_int_eq(eb_geos_new(&geos, NULL), EB_OK);
    for (size_t i = 0; i < 4; i++) {
        snprintf(folder, sizeof folder, "%s/%s", data_folder(base, sizeof base), folders[i]);
        run_folder(folder);
    }
    printf("%d operations of GEOS's cases agree, %d have results in another notation\n", ops_run, ops_skipped);
    ck_assert_int_gt(ops_run, 100);
    eb_geos_free(geos);
    eb_crs_free(crs);
}
END_TEST

int main(void)
{
    char base[600];
    DIR *dir = opendir(data_folder(base, sizeof base));
    if (!dir) {
        printf("skipped: no GEOS cases (ECOBELT_DATA)\n");
        return 77;
    }
    closedir(dir);
    Suite *suite = suite_create("overlay xml");
    TCase *tests = tcase_create("geos");
    tcase_add_test(tests, geos_cases);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
