/*
 * GEOS's own overlay cases, driven through the whole of overlay: every case of polygons, lines or points with polygons, every operation
 * that its file states a result for. What overlay cannot be asked is counted by its reason. The cases are data that do not ship:
 * without them the test is skipped.
 */
#include <ecobelt/geom.h>

#include <dirent.h>
#include <stdio.h>
#include "test_shapes.h"
#include "test_workspace.h"

static eb_crs *crs;
static eb_geos *geos;
static int ops_run[3]; /* by the dimension of the first layer */

/* Why an operation is none of overlay's. */
typedef enum reason { FITS, NOTATION, GRID, BROKEN, MIXED, NO_POLYGON, LESS_THAN_POLYGON, NOT_OF_LINES, REASONS } reason;
static const char *const reasons[REASONS] = {
    [NOTATION] = "have a shape or a result in another notation than WKT",
    [GRID] = "are to be snapped to a grid",
    [BROKEN] = "are of a shape that is empty or not valid, which overlay repairs or rejects",
    [MIXED] = "are of a collection of several kinds",
    [NO_POLYGON] = "have no polygon",
    [LESS_THAN_POLYGON] = "take lines or points off polygons, which changes nothing",
    [NOT_OF_LINES] = "unite lines or points with polygons, which overlay refuses",
};
static int ops_skipped[REASONS];

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
    eb_shape *copy = NULL, *once = NULL;
    ck_assert_int_eq(eb_shape_copy(geos, shape, &copy, NULL), EB_OK);
    /* What is there twice, a point or a stretch, counts once for GEOS; overlay loses neither. */
    ck_assert_int_eq(eb_shape_dimension(geos, shape) == 2 ? EB_OK : eb_shape_union_all(geos, &copy, 1, &once, NULL), EB_OK);
    ck_assert_int_eq(eb_shape_write(geos, once ? once : copy, &data, &size, NULL), EB_OK);
    eb_shape_free(geos, copy);
    eb_shape_free(geos, once);
    eb_wkb_begin(&walk, (eb_wkb){data, size});
    while (eb_wkb_next(&walk, &part))
        for (size_t i = 0; i < part.count; i++) {
            double xy[2];
            eb_wkb_xy(&part, i, &xy[0], &xy[1]);
            xy[0] = (xy[0] - f->x) * f->scale;
            xy[1] = (xy[1] - f->y) * f->scale;
            memcpy(data + (part.coords - data) + 16 * i, xy, sizeof xy);
        }
    static const eb_shape_kind kinds[] = {EB_SHAPE_MULTIPOINT, EB_SHAPE_MULTILINE, EB_SHAPE_MULTIPOLYGON};
    eb_schema *schema = eb_schema_new(name, kinds[eb_shape_dimension(geos, shape)], crs);
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

/* Size of the result in the dimension of the first layer; of points their number. */
static double run_op(const eb_layer *a, const eb_layer *b, size_t k, int dimension, const char *label)
{
    test_space s;
    eb_error err;
    double size = 0;
    test_space_init(&s);
    s.names[0] = "a", s.layers[0] = a, s.names[1] = "b", s.layers[1] = b, s.layer_count = 2;
    const char *const pairs[] = {"first", "a", "second", "b", "op", ops[k].op, NULL};
    eb_status status = test_run(&s, "overlay", pairs, 1, &err);
    ck_assert_msg(status == EB_OK, "%s: %s", label, err.message);
    for (int p = 0; p < 3 && ops[k].part[p] && dimension > 0; p++)
        size += test_sum(s.tables[0], dimension == 2 ? "area_m2" : "length_m", ops[k].part[p]);
    for (size_t i = 0; i < eb_layer_batch_count(s.results[0]) && dimension == 0; i++)
        for (size_t row = 0; row < eb_layer_batch_at(s.results[0], i)->count; row++)
            size += (double)eb_wkb_vertices(eb_batch_shape_at(eb_layer_batch_at(s.results[0], i), row));
    test_space_clear(&s);
    return size;
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

/* Which of overlay's operations an <op> asks for; -1 none. *grid: to be snapped. */
static int op_of(const char *head, bool *grid)
{
    for (size_t k = 0; k < sizeof ops / sizeof ops[0]; k++) {
        char name[40];
        snprintf(name, sizeof name, "name=\"%s", ops[k].xml);
        const char *found = strstr(head, name), *after = found ? found + strlen(name) : NULL;
        if (!after || (strncmp(after, "\"", 1) != 0 && strncmp(after, "NG\"", 3) != 0 && strncmp(after, "SR\"", 3) != 0)) continue;
        *grid = strncmp(after, "SR\"", 3) == 0 || strstr(head, "arg3") != NULL; /* a third argument is a precision grid */
        return (int)k;
    }
    return -1;
}

static reason unfit(const eb_shape *shape)
{
    if (!shape) return NOTATION;
    const int dimension = eb_shape_dimension(geos, shape);
    if (dimension < 0 || eb_shape_empty(geos, shape) || !eb_shape_valid(geos, shape, NULL, 0, NULL, NULL)) return BROKEN;
    for (size_t i = 0; i < eb_shape_part_count(geos, shape); i++)
        if (eb_shape_dimension(geos, eb_shape_part_at(geos, shape, i)) != dimension) return MIXED;
    return FITS;
}

/* Can overlay be asked for @p first OP @p second? */
static reason fits(const eb_shape *first, const eb_shape *second, int k)
{
    reason why = unfit(first);
    if (why == FITS) why = unfit(second);
    if (why != FITS) return why;
    const int d = eb_shape_dimension(geos, first), e = eb_shape_dimension(geos, second);
    if (d < 2 && e < 2) return NO_POLYGON;
    if (d == 2 && e < 2 && strcmp(ops[k].op, "difference") == 0) return LESS_THAN_POLYGON;
    return d + e < 4 && ops[k].part[1] ? NOT_OF_LINES : FITS;
}

static double size_of(const eb_shape *shape, int dimension, double scale)
{
    if (dimension == 0) return eb_shape_empty(geos, shape) ? 0 : (double)eb_shape_vertices(geos, shape);
    return dimension == 2 ? eb_shape_area(geos, shape) * scale * scale : eb_shape_length(geos, shape) * scale;
}

/* The part of a result that has the dimension of the first layer. */
static double size_wanted(const char *text, int dimension, double scale)
{
    eb_shape *want = parse(text), *kept = NULL;
    ck_assert_int_eq(eb_shape_keep_dimension(geos, want, dimension, &kept, NULL), EB_OK);
    const double size = size_of(kept, dimension, scale);
    eb_shape_free(geos, kept);
    return size;
}

static void run_fit(const eb_shape *a, const eb_shape *b, int k, const char *text, const char *label)
{
    /* The polygons come second: intersection is the same either way. */
    const bool turn = eb_shape_dimension(geos, b) < 2;
    const eb_shape *first = turn ? b : a, *second = turn ? a : b;
    const int dimension = eb_shape_dimension(geos, first);
    const frame f = frame_of(a, b);
    eb_layer *la = layer_of("a", first, &f), *lb = layer_of("b", second, &f);
    const double got = run_op(la, lb, (size_t)k, dimension, label), want = size_wanted(text, dimension, f.scale);
    double whole = size_of(first, dimension, f.scale);
    if (dimension == 2) whole += size_of(second, 2, f.scale);
    /* Results in the files are rounded to some digits; PROJ's and our plane differ by 5e-10, lengths in the equal-area plane from those
     * in the file's by its scale. */
    ck_assert_msg(fabs(got - want) <= (dimension == 2   ? 1e-6
                                       : dimension == 1 ? 1e-5
                                                        : 0) *
                                          whole,
                  "%s: %.12g, wanted %.12g", label, got, want);
    ops_run[dimension]++;
    eb_layer_free(la);
    eb_layer_free(lb);
}

static void run_case(char *text, const char *file, bool snapped)
{
    char *at = text, head[256], label[600], *body;
    char *ta = element(&at, NULL, "a", NULL, 0), *tb = ta ? element(&at, NULL, "b", NULL, 0) : NULL;
    eb_shape *a = ta ? parse(ta) : NULL, *b = tb ? parse(tb) : NULL;
    for (at = text; tb && (body = element(&at, NULL, "op", head, sizeof head)) != NULL; free(body)) {
        bool grid = false;
        const int k = op_of(head, &grid);
        if (k < 0) continue;
        const bool swapped = strstr(head, "arg1=\"B\"") != NULL;
        const eb_shape *first = swapped ? b : a, *second = swapped ? a : b;
        eb_shape *want = parse(body);
        const reason why = grid || snapped ? GRID : want ? fits(first, second, k) : NOTATION;
        eb_shape_free(geos, want);
        snprintf(label, sizeof label, "%s: %.200s", file, head);
        if (why == FITS)
            run_fit(first, second, k, body, label);
        else
            ops_skipped[why]++;
    }
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
        const bool snapped = text && fixed_precision(text);
        for (; text && (body = element(&at, NULL, "case", NULL, 0)) != NULL; free(body)) run_case(body, entry->d_name, snapped);
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
    printf("operations of GEOS's cases that agree: %d of polygons, %d of lines, %d of points\n", ops_run[2], ops_run[1], ops_run[0]);
    for (size_t i = FITS + 1; i < REASONS; i++) printf("%d %s\n", ops_skipped[i], reasons[i]);
    ck_assert_int_gt(ops_run[2], 100);
    ck_assert_int_gt(ops_run[1], 5);
    ck_assert_int_gt(ops_run[0], 5);
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
