/*
 * GEOS's own overlay cases, driven through the whole of overlay: every case of polygons, lines or points with polygons, in all operations
 * and both orders. All cases of a kind go together, each in a place of its own, so that a run costs what one case did; every piece says
 * which case it is of. Judged by the answers in the files and by areas added up without an overlay. What overlay cannot be asked is
 * counted by its reason. The cases are data that do not ship: without them the test is skipped.
 */
#include "geos_cases.h"
#include "slabs.h"
#include "test_workspace.h"

/* GEOS 3.11 loses some rings where it repairs a shape in several tries. A leak check, where there is one, asks this for what to pass over.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:PolygonBuilder\n";
}

static eb_crs *crs;
static eb_geos *geos;

/* Why an operation is none of overlay's. */
typedef enum reason { FITS, UNREAD, MIXED, NO_KIND, NO_POLYGON, LESS_THAN_POLYGON, REASONS } reason;
static const char *const reasons[REASONS] = {
    [UNREAD] = "have curved edges, which GEOS 3.11 does not read",
    [MIXED] = "are of a shape of several kinds, where overlay has layers of one",
    [NO_KIND] = "are of a collection of nothing",
    [NO_POLYGON] = "have no polygon",
    [LESS_THAN_POLYGON] = "take lines or points off polygons, which changes nothing",
};

/* How operations were judged; all of them have their pieces held against the areas (or lengths, numbers) of the shapes as well. */
typedef enum judge { BY_ANSWER, BY_AREAS, JUDGES } judge;

typedef struct tally {
    int judged[3][JUDGES]; /* by the dimension of the first layer */
    int skipped[REASONS];
} tally;
/* Each of the 1080 operations in the files is one of these, so that none is lost unnoticed. */
static const tally expected = {
    .judged = {{94, 4}, {85, 19}, {210, 168}},
    .skipped = {[UNREAD] = 47, [MIXED] = 8, [NO_KIND] = 21, [NO_POLYGON] = 389, [LESS_THAN_POLYGON] = 35},
};

enum { BOTH, ONLY_FIRST, ONLY_SECOND, PARTS };
enum { OPS = 5, SLOTS = 16 };
static const struct {
    const char *name;
    bool part[PARTS];
} ops[OPS] = {
    {"intersection", {true, false, false}}, {"union", {true, true, true}},     {"difference", {false, true, false}},
    {"symdiff", {false, true, true}},       {"identity", {true, true, false}},
};
/* The operation that gives the answer, in the order of geos_op: of lines and points a union has the part that a difference has. */
static const int op_for[2][ASKED_AREAS] = {{0, 2, 2, 2, 1}, {0, 1, 2, 3, 1}};

/* Two shapes on their way: the one of the lower dimension first. */
typedef struct pair {
    const geos_case *from;
    bool turned; /* first is the case's B */
    int dimension;
    double scale;
    struct {
        uint8_t *data;
        size_t size;
    } shape[2];
    double truth[2][PARTS], got[2][OPS][PARTS]; /* [1]: with the second layer given first */
} pair;

static reason fits(const geos_case *c)
{
    const int a = c->kind_a, b = c->kind_b;
    if (a == GEOS_UNREAD || b == GEOS_UNREAD) return UNREAD;
    if (a == GEOS_NOTHING || b == GEOS_NOTHING) return NO_KIND;
    if (a == GEOS_MIXED || b == GEOS_MIXED) return MIXED;
    return a < 2 && b < 2 ? NO_POLYGON : FITS;
}

static void bounds_of(const geos_case *c, double box[4])
{
    double other[4];
    const bool one = eb_shape_bounds(geos, c->a, box), two = eb_shape_bounds(geos, c->b, other);
    for (int i = 0; i < 4; i++)
        if (!one)
            box[i] = two ? other[i] : 0;
        else if (two)
            box[i] = i < 2 ? fmin(box[i], other[i]) : fmax(box[i], other[i]);
}

/* A shape as one feature, scaled and moved. */
static void place(pair *p, int at, const eb_shape *shape, int kind, const double corner[2], double x0, double y0)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_shape *copy = NULL, *flat = NULL;
    uint8_t **data = &p->shape[at].data;
    /* What is there twice, a point or a stretch, counts once for GEOS; overlay loses neither. */
    ck_assert_int_eq(kind == 2 ? eb_shape_copy(geos, shape, &copy, NULL)
                               : eb_shape_union_all(geos, &(eb_shape *){(eb_shape *)(uintptr_t)shape}, 1, &copy, NULL),
                     EB_OK);
    ck_assert_int_eq(eb_shape_keep_dimension(geos, copy, kind, &flat, NULL), EB_OK);
    ck_assert_int_eq(eb_shape_write(geos, flat, data, &p->shape[at].size, NULL), EB_OK);
    eb_shape_free(geos, flat);
    eb_wkb_begin(&walk, (eb_wkb){*data, p->shape[at].size});
    while (eb_wkb_next(&walk, &part))
        for (size_t i = 0; i < part.count; i++) {
            double xy[2];
            eb_wkb_xy(&part, i, &xy[0], &xy[1]);
            xy[0] = (xy[0] - corner[0]) * p->scale + x0;
            xy[1] = (xy[1] - corner[1]) * p->scale + y0;
            memcpy(*data + (part.coords - *data) + 16 * i, xy, sizeof xy);
        }
}

/* In metres, and each pair where no other is. */
static void take_pair(pair *p, const geos_case *c, size_t number)
{
    double box[4];
    bounds_of(c, box);
    const double size = fmax(box[2] - box[0], box[3] - box[1]);
    *p = (pair){.from = c,
                .turned = c->kind_b < c->kind_a,
                .dimension = c->kind_a < c->kind_b ? c->kind_a : c->kind_b,
                .scale = size > 0 && (size > 2000 || size < 10) ? 1000 / size : 1};
    const size_t row = number / SLOTS;
    const double x0 = 2500.0 * (double)(number % SLOTS), y0 = 2500.0 * (double)row;
    place(p, p->turned, c->a, c->kind_a, box, x0, y0);
    place(p, !p->turned, c->b, c->kind_b, box, x0, y0);
}

static eb_layer *layer_of(const pair *pairs, size_t count, int dimension, int at)
{
    static const eb_shape_kind kinds[] = {EB_SHAPE_MULTIPOINT, EB_SHAPE_MULTILINE, EB_SHAPE_MULTIPOLYGON};
    eb_schema *schema = eb_schema_new(at ? "b" : "a", kinds[at ? 2 : dimension], crs);
    ck_assert_int_eq(eb_schema_add_field(schema, "pair", EB_FIELD_INTEGER), 0);
    eb_layer *layer = eb_layer_new(schema);
    eb_schema_free(schema);
    for (size_t i = 0; i < count; i++) {
        if (pairs[i].dimension != dimension) continue;
        eb_batch *batch = eb_layer_tail(layer);
        ck_assert(eb_batch_add(batch, (int64_t)i + 1, (eb_wkb){pairs[i].shape[at].data, pairs[i].shape[at].size}));
        ck_assert(eb_batch_set_integer(batch, 0, (int64_t)i));
    }
    return layer;
}

/* Area, length or number of points. */
static double size_of(eb_wkb wkb, int dimension)
{
    eb_shape *shape = NULL;
    ck_assert_int_eq(eb_shape_read(geos, wkb, &shape, NULL), EB_OK);
    const double size = dimension == 2   ? eb_shape_area(geos, shape)
                        : dimension == 1 ? eb_shape_length(geos, shape)
                                         : (double)eb_wkb_vertices(wkb);
    eb_shape_free(geos, shape);
    return size;
}

/* What the pieces of a run have of each pair. */
static void add_pieces(const eb_layer *result, pair *pairs, int dimension, int order, int op)
{
    const eb_schema *schema = eb_layer_schema(result);
    const int second = eb_schema_find(schema, "pair_2"), area = eb_schema_find(schema, "area_m2");
    for (size_t k = 0; k < eb_layer_batch_count(result); k++) {
        const eb_batch *batch = eb_layer_batch_at(result, k);
        for (size_t i = 0; i < batch->count; i++) {
            const bool one = !eb_batch_is_null(batch, i, 0), two = second >= 0 && !eb_batch_is_null(batch, i, (size_t)second);
            const int64_t n = eb_batch_integer_at(batch, i, one ? 0 : (size_t)second);
            ck_assert(one || two);
            if (one && two) ck_assert_int_eq(eb_batch_integer_at(batch, i, (size_t)second), n);
            pairs[n].got[order][op][one && two ? BOTH
                                    : one      ? ONLY_FIRST
                                               : ONLY_SECOND] +=
                dimension == 2 ? eb_batch_real_at(batch, i, (size_t)area) : size_of(eb_batch_shape_at(batch, i), dimension);
        }
    }
}

static eb_status run(const eb_layer *a, const eb_layer *b, pair *pairs, int dimension, int order, int op, eb_error *err)
{
    test_space s;
    test_space_init(&s);
    s.names[0] = "a", s.layers[0] = a, s.names[1] = "b", s.layers[1] = b, s.layer_count = 2;
    const char *const args[] = {"first", order ? "b" : "a", "second", order ? "a" : "b", "op", ops[op].name, NULL};
    eb_status status = test_run(&s, "overlay", args, 1, err);
    if (status == EB_OK) add_pieces(s.results[0], pairs, dimension, order, op);
    test_space_clear(&s);
    return status;
}

/* Which of many pairs it was that a run failed at. */
static void name_failures(const pair *pairs, size_t count, int dimension, int order, int op)
{
    for (size_t i = 0; i < count; i++) {
        pair one = pairs[i];
        eb_error err;
        if (one.dimension != dimension) continue;
        eb_layer *a = layer_of(&one, 1, dimension, 0), *b = layer_of(&one, 1, dimension, 1);
        if (run(a, b, &one, dimension, order, op, &err) != EB_OK) printf("%s, %s: %s\n", one.from->label, ops[op].name, err.message);
        eb_layer_free(a);
        eb_layer_free(b);
    }
    fflush(stdout);
}

/* A shape's place in the plane that overlay works in, repaired. */
static eb_wkb in_plane(eb_projector *projector, const pair *p, int at, uint8_t **data)
{
    eb_shape *raw = NULL, *valid = NULL;
    size_t size = p->shape[at].size;
    uint8_t *moved = malloc(size);
    ck_assert_ptr_nonnull(moved);
    memcpy(moved, p->shape[at].data, size);
    ck_assert_int_eq(eb_projector_wkb(projector, moved, size, NULL), EB_OK);
    ck_assert_int_eq(eb_shape_read(geos, (eb_wkb){moved, size}, &raw, NULL), EB_OK);
    if (!eb_shape_empty(geos, raw)) ck_assert_int_eq(eb_shape_repair(geos, raw, &valid, NULL), EB_OK);
    ck_assert_int_eq(eb_shape_write(geos, valid ? valid : raw, data, &size, NULL), EB_OK);
    eb_shape_free(geos, raw);
    eb_shape_free(geos, valid);
    free(moved);
    return (eb_wkb){*data, size};
}

static void find_truth(pair *pairs, size_t count, const eb_layer *second, int order)
{
    double box[4];
    eb_source *source = NULL;
    eb_projector *projector = NULL;
    ck_assert_int_eq(eb_source_from_layer(second, &(eb_read_options){0}, &source, NULL), EB_OK);
    ck_assert_int_eq(eb_source_extent(source, box, NULL), EB_OK);
    ck_assert_int_eq(eb_projector_new(crs, box, &projector, NULL), EB_OK);
    for (size_t i = 0; i < count; i++) {
        uint8_t *data[2] = {NULL, NULL};
        if (pairs[i].dimension < 2) continue;
        const eb_wkb one = in_plane(projector, &pairs[i], order, &data[0]), other = in_plane(projector, &pairs[i], !order, &data[1]);
        slab_areas(one, other, pairs[i].truth[order]);
        free(data[0]);
        free(data[1]);
    }
    eb_projector_free(projector);
    eb_source_free(source);
}

static double whole_of(const pair *p, int order)
{
    if (p->dimension == 2) return p->truth[order][BOTH] + p->truth[order][ONLY_FIRST] + p->truth[order][ONLY_SECOND];
    return size_of((eb_wkb){p->shape[0].data, p->shape[0].size}, p->dimension);
}

static void check_areas(const pair *p, int order, int op)
{
    const double whole = whole_of(p, order);
    for (int part = 0; part < PARTS; part++) {
        const double want = ops[op].part[part] ? p->truth[order][part] : 0, got = p->got[order][op][part];
        ck_assert_msg(fabs(got - want) <= 1e-9 * whole + 1e-6, "%s, %s, order %d, part %d: %.12g, wanted %.12g of %.12g", p->from->label,
                      ops[op].name, order, part, got, want, whole);
    }
}

/* Of lines and points: what lies inside and what does not make up the whole, and identity has both. */
static void check_whole(const pair *p)
{
    const double in = p->got[0][0][BOTH], out = p->got[0][2][ONLY_FIRST], whole = whole_of(p, 0),
                 slack = p->dimension ? 1e-9 * whole + 2e-6 : 0;
    ck_assert_msg(fabs(in + out - whole) <= slack, "%s: %.12g inside, %.12g outside of %.12g", p->from->label, in, out, whole);
    ck_assert_double_eq(p->got[0][4][BOTH], in);
    ck_assert_double_eq(p->got[0][4][ONLY_FIRST], out);
}

static void run_all(pair *pairs, size_t count, int dimension)
{
    eb_layer *a = layer_of(pairs, count, dimension, 0), *b = layer_of(pairs, count, dimension, 1);
    for (int order = 0; order < (dimension == 2 ? 2 : 1); order++) {
        if (dimension == 2) find_truth(pairs, count, order ? a : b, order);
        for (int op = 0; op < OPS; op++) {
            eb_error err;
            if (dimension < 2 && ops[op].part[ONLY_SECOND]) continue;
            if (run(a, b, pairs, dimension, order, op, &err) != EB_OK) {
                name_failures(pairs, count, dimension, order, op);
                ck_abort_msg("%s of all: %s", ops[op].name, err.message);
            }
            for (size_t i = 0; dimension == 2 && i < count; i++)
                if (pairs[i].dimension == 2) check_areas(&pairs[i], order, op);
        }
    }
    for (size_t i = 0; i < count; i++)
        if (pairs[i].dimension == dimension && dimension < 2) check_whole(&pairs[i]);
    eb_layer_free(a);
    eb_layer_free(b);
}

/* The answer in a file, in the dimension of the first layer; NaN: none that is a size. */
static double answer_of(const pair *p, const geos_asked *asked)
{
    const double unit = p->dimension == 2 ? p->scale * p->scale : p->dimension == 1 ? p->scale : 1;
    if (asked->op == ASKED_AREAS || asked->on_grid) return NAN;
    if (asked->op == ASKED_UNION_SIZE) return strtod(asked->answer, NULL) * unit;
    eb_shape *answer = geos_shape(geos, asked->answer), *kept = NULL;
    ck_assert_msg(answer != NULL, "%s: %.200s", p->from->label, asked->answer);
    ck_assert_int_eq(eb_shape_keep_dimension(geos, answer, p->dimension, &kept, NULL), EB_OK);
    uint8_t *data = NULL;
    size_t size = 0;
    ck_assert_int_eq(eb_shape_write(geos, kept, &data, &size, NULL), EB_OK);
    const double found = size_of((eb_wkb){data, size}, p->dimension) * unit;
    eb_shape_free(geos, kept);
    free(data);
    return found;
}

static void judge_op(const pair *p, const geos_asked *asked, tally *t)
{
    const bool swapped = asked->swapped != p->turned;
    if (p->dimension < 2 && swapped && asked->op == ASKED_DIFFERENCE) {
        t->skipped[LESS_THAN_POLYGON]++;
        return;
    }
    const double want = answer_of(p, asked);
    t->judged[p->dimension][isnan(want) ? BY_AREAS : BY_ANSWER]++;
    if (isnan(want)) return;
    const int order = p->dimension == 2 && swapped, op = op_for[p->dimension == 2][asked->op];
    const double *parts = p->got[order][op], got = parts[BOTH] + parts[ONLY_FIRST] + parts[ONLY_SECOND];
    /* Answers are rounded to some digits, and for lines a border is a millimetre wide on either side. */
    const double slack = p->dimension ? 1e-6 * whole_of(p, order) + (p->dimension == 1 ? 0.01 : 0) : 0;
    ck_assert_msg(fabs(got - want) <= slack, "%s, operation %d%s: %.12g, wanted %.12g", p->from->label, (int)asked->op,
                  asked->swapped ? " swapped" : "", got, want);
}

static void check_cases(const geos_cases *all, tally *t)
{
    pair *pairs = calloc(all->count + 1, sizeof *pairs);
    size_t count = 0;
    ck_assert_ptr_nonnull(pairs);
    for (size_t i = 0; i < all->count; i++) {
        const geos_case *c = &all->list[i];
        const reason why = fits(c);
        if (why == FITS)
            take_pair(&pairs[count], c, count), count++;
        else
            t->skipped[why] += (int)c->count;
    }
    for (int dimension = 0; dimension < 3; dimension++) run_all(pairs, count, dimension);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < pairs[i].from->count; k++) judge_op(&pairs[i], &pairs[i].from->ops[k], t);
        free(pairs[i].shape[0].data);
        free(pairs[i].shape[1].data);
    }
    printf("%zu pairs of shapes\n", count);
    free(pairs);
}

static void check_tally(const tally *t)
{
    static const char *const names[] = {"points", "lines", "polygons"};
    for (int d = 0; d < 3; d++)
        printf("operations with %s first: %d agree with GEOS's answer, %d have one of a grid or none and agree with the areas\n", names[d],
               t->judged[d][BY_ANSWER], t->judged[d][BY_AREAS]);
    for (int i = FITS + 1; i < REASONS; i++) printf("%d %s\n", t->skipped[i], reasons[i]);
    fflush(stdout); /* a failed test ends without */
    for (int i = 0; i < 3 * JUDGES; i++) ck_assert_int_eq(t->judged[i / JUDGES][i % JUDGES], expected.judged[i / JUDGES][i % JUDGES]);
    for (int i = FITS + 1; i < REASONS; i++) ck_assert_msg(t->skipped[i] == expected.skipped[i], "%d %s", t->skipped[i], reasons[i]);
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

START_TEST(geos_overlays)
{
    char base[600];
    tally t = {0};
    ck_assert_int_eq(eb_crs_new("+proj=laea +lat_0=29 +lon_0=118 +x_0=-20000 +ellps=GRS80 +units=m", &crs, NULL), EB_OK);
    ck_assert_int_eq(eb_geos_new(&geos, NULL), EB_OK);
    geos_cases all = {.geos = geos};
    geos_take_folder(&all, data_folder(base, sizeof base));
    check_cases(&all, &t);
    check_tally(&t);
    geos_cases_free(&all);
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
    tcase_add_test(tests, geos_overlays);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
