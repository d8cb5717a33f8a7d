/* [地块坐标] text files: dialects, traps, and the way back. */
#include <check.h>
#include <iconv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layer/parcel_text.h"

static char folder[] = "/tmp/ecobelt-parcel-XXXXXX";

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static void path_of(char *path, size_t size, const char *name)
{
    snprintf(path, size, "%s/%s", folder, name);
}

static void write_file(const char *name, const char *text, bool gbk)
{
    char path[300], *copy = NULL;
    size_t size = strlen(text);
    path_of(path, sizeof path, name);
    if (gbk) {
        char *in = (char *)(uintptr_t)text, *out = copy = malloc(size + 1);
        size_t left = size, room = size;
        iconv_t conversion = iconv_open("GBK", "UTF-8");
        ck_assert(iconv(conversion, &in, &left, &out, &room) != (size_t)-1);
        iconv_close(conversion);
        size -= room;
    }
    FILE *file = fopen(path, "wb");
    ck_assert_uint_eq(fwrite(copy ? copy : text, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
    free(copy);
}

static eb_status read_file(const char *name, const eb_read_options *options, eb_layer **layer, eb_diagnosis *diagnosis, eb_error *err)
{
    char path[300];
    eb_source *source = NULL;
    path_of(path, sizeof path, name);
    *layer = NULL;
    eb_status status = eb_source_open(path, options, &source, err);
    if (!status) status = eb_layer_read(source, NULL, layer, err);
    if (!status && diagnosis) eb_source_report(source, diagnosis);
    eb_source_free(source);
    return status;
}

#define HEAD "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n带号=39\n"
#define SQUARE                                                                                                                             \
    "J1,1,3237000.000,39615000.000\nJ2,1,3237100.000,39615000.000\nJ3,1,3237100.000,39615100.000\nJ4,1,3237000.000,39615100.000\n"         \
    "J1,1,3237000.000,39615000.000\n"
#define HEADER "5,1.0000,A-1,双桥乡地块1,面,,公共基础设施,0101,@\n"

/* One parcel, the square of a hectare, in each dialect. */
static const struct {
    const char *label, *text;
    bool gbk;
    const char *code, *note;
} dialects[] = {
    {"standard, UTF-8", HEAD "[地块坐标]\n" HEADER SQUARE, false, "EPSG:4527", NULL},
    {"standard, GBK", HEAD "[地块坐标]\n" HEADER SQUARE, true, "EPSG:4527", NULL},
    {"UTF-8 with a mark", "\xEF\xBB\xBF" HEAD "[地块坐标]\n" HEADER SQUARE, false, "EPSG:4527", NULL},
    {"carriage returns",
     "[属性描述]\r\n坐标系=2000国家大地坐标系\r\n带号=39\r\n[地块坐标]\r\n5,1,A-1,x,面,,,,@\r\nJ1,1,3237000,39615000\r\n"
     "J2,1,3237100,39615000\r\nJ3,1,3237100,39615100\r\nJ4,1,3237000,39615100\r\nJ1,1,3237000,39615000\r\n",
     true, "EPSG:4527", NULL},
    {"full-width brackets and commas",
     "【属性描述】\n坐标系＝2000国家大地坐标系\n带号＝39\n【地块坐标】\n5，1.0，A-1，双桥乡，面，，，，＠\nJ1，1，3237000.000，39615000."
     "000\n"
     "J2，1，3237100.000，39615000.000\nJ3，1，3237100.000，39615100.000\nJ4，1，3237000.000，39615100.000\nJ1，1，3237000.000，39615000."
     "000\n",
     true, "EPSG:4527", NULL},
    {"a full-width comma in a value", HEAD "[地块坐标]\n5,1.0,A-1,甲，乙,面,,,,@\n" SQUARE, false, "EPSG:4527", NULL},
    {"braces", HEAD "[地块坐标]\n{\n" HEADER SQUARE "}\n", false, "EPSG:4527", NULL},
    {"extended section", HEAD "[扩展信息]\n甲=乙\n无等号的行\n[地块坐标]\n" HEADER SQUARE, false, "EPSG:4527", NULL},
    {"no zone: taken from the eastings", "[属性描述]\n坐标系=2000国家大地坐标系\n[地块坐标]\n" HEADER SQUARE, false, "EPSG:4527", NULL},
    {"no zone prefix",
     HEAD "[地块坐标]\n" HEADER "1,1,3237000,615000\n2,1,3237100,615000\n3,1,3237100,615100\n4,1,3237000,615100\n1,1,3237000,615000\n",
     false, "EPSG:4548", NULL},
    {"Xi'an 80", "[属性描述]\n坐标系=80国家大地坐标系\n带号=39\n[地块坐标]\n" HEADER SQUARE, true, "EPSG:2363", NULL},
    {"east before north",
     HEAD "[地块坐标]\n" HEADER
          "J1,1,39615000,3237000\nJ2,1,39615000,3237100\nJ3,1,39615100,3237100\nJ4,1,39615100,3237000\nJ1,1,39615000,3237000\n",
     false, "EPSG:4527", "the columns are east, north"},
    {"area in square metres", HEAD "[地块坐标]\n5,10000.00,A-1,x,面,,,,@\n" SQUARE, false, "EPSG:4527", "square metres"},
    {"ring left open",
     HEAD "[地块坐标]\n4,1.0,A-1,x,面,,,,@\nJ1,1,3237000,39615000\nJ2,1,3237100,39615000\nJ3,1,3237100,39615100\nJ4,1,3237000,39615100\n",
     false, "EPSG:4527", "is not closed"},
    {"points counted without the closing one", HEAD "[地块坐标]\n4,1.0,A-1,x,面,,,,@\n" SQUARE, false, "EPSG:4527", NULL},
    {"wrong count", HEAD "[地块坐标]\n3,1.0,A-1,x,面,,,,@\n" SQUARE, false, "EPSG:4527", "the header says 3 points, 5 are there"},
    {"short header", HEAD "[地块坐标]\n5,1.0,A-1,x,面,@\n" SQUARE, false, "EPSG:4527", NULL},
    {"long header", HEAD "[地块坐标]\n5,1.0,A-1,x,面,,,,甲,乙,丙,@\n" SQUARE, false, "EPSG:4527", NULL},
    {"blanks and empty lines", HEAD "\n[地块坐标]\n\n 5 , 1.0 , A-1 , x , 面 , , , , @ \n\n" SQUARE "\n\n", false, "EPSG:4527", NULL},
    {"empty conversion parameters", HEAD "转换参数=,,,,,,\n[地块坐标]\n" HEADER SQUARE, false, "EPSG:4527", NULL},
};

START_TEST(reads_dialects)
{
    eb_error err = {0};
    eb_layer *layer = NULL;
    eb_diagnosis *diagnosis = eb_diagnosis_new();
    write_file("d.txt", dialects[_i].text, dialects[_i].gbk);
    ck_assert_msg(read_file("d.txt", NULL, &layer, diagnosis, &err) == EB_OK, "%s: %s", dialects[_i].label, err.message);
    ck_assert_msg(eb_layer_count(layer) == 1, "%s: %zu parcels", dialects[_i].label, eb_layer_count(layer));
    const eb_schema *schema = eb_layer_schema(layer);
    ck_assert_msg(strcmp(eb_crs_info_get(schema->crs)->code, dialects[_i].code) == 0, "%s: %s", dialects[_i].label,
                  eb_crs_info_get(schema->crs)->code);
    const eb_batch *batch = eb_layer_batch_at(layer, 0);
    double box[4];
    ck_assert(eb_wkb_bounds(eb_batch_shape_at(batch, 0), box));
    double prefix = schema->crs && eb_crs_info_get(schema->crs)->prefixed ? 39e6 : 0;
    ck_assert_double_eq_tol(box[0], prefix + 615000, 1e-6);
    ck_assert_double_eq_tol(box[1], 3237000, 1e-6);
    ck_assert_double_eq_tol(box[2], prefix + 615100, 1e-6);
    ck_assert_msg(eb_wkb_vertices(eb_batch_shape_at(batch, 0)) == 5, "%s: not closed", dialects[_i].label);
    ck_assert_double_eq_tol(eb_batch_real_at(batch, 0, 1), 1, 1e-9);
    ck_assert_str_eq(eb_batch_text_at(batch, 0, 2), "A-1");
    size_t notes = eb_diagnosis_case_count(diagnosis);
    ck_assert_msg((notes > 0) == (dialects[_i].note != NULL), "%s: %zu notes", dialects[_i].label, notes);
    if (notes) ck_assert_ptr_nonnull(strstr(eb_diagnosis_case_at(diagnosis, 0)->reason, dialects[_i].note));
    eb_diagnosis_free(diagnosis);
    eb_layer_free(layer);
}
END_TEST

static const struct {
    const char *label, *text;
    eb_status status;
    int line;
    const char *message;
} refusals[] = {
    {"cut in a parcel", HEAD "[地块坐标]\n5,1.0,A-1,x,面,,,,@\nJ1,1,3237000,39615000\nJ2,1,3237100,39615000\nJ3,1,3237100,39615100\n",
     EB_INPUT, 10, "ends inside a parcel"},
    {"cut after the header", HEAD "[地块坐标]\n5,1.0,A-1,x,面,,,,@\n", EB_INPUT, 7, "ends inside a parcel"},
    {"cut in a line", HEAD "[地块坐标]\n5,1.0,A-1,x,面,,,,@\nJ1,1,3237000,39615000\nJ2,1,323", EB_INPUT, 8, "neither a parcel's header"},
    {"no number", HEAD "[地块坐标]\n" HEADER "J1,1,3237000,3961500O\n", EB_INPUT, 7, "the coordinate 3961500O is no number"},
    {"point without a parcel", HEAD "[地块坐标]\nJ1,1,3237000,39615000\n", EB_INPUT, 6, "belongs to no parcel"},
    {"mixed zones",
     HEAD "[地块坐标]\n" HEADER SQUARE "3,1,B,x,面,,,,@\nJ1,1,3237000,40315000\nJ2,1,3237100,40315000\nJ1,1,3237000,40315000\n", EB_REFUSED,
     0, "mixes zones"},
    {"zone contradicts the eastings", "[属性描述]\n坐标系=2000国家大地坐标系\n带号=40\n[地块坐标]\n" HEADER SQUARE, EB_REFUSED, 0,
     "带号=40, but the eastings begin with 39"},
    {"prefix for some only",
     HEAD "[地块坐标]\n"
          "4,1.0000,A-1,双桥乡地块1,面,,公共基础设施,0101,@\n"
          "J1,1,3237000,39615000\nJ2,1,3237100,615000\nJ3,1,3237100,615100\nJ1,1,3237000,39615000\n",
     EB_REFUSED, 0, "and some do not"},
    {"columns change places",
     HEAD "[地块坐标]\n"
          "4,1.0000,A-1,双桥乡地块1,面,,公共基础设施,0101,@\n"
          "J1,1,3237000,39615000\nJ2,1,39615000,3237100\nJ3,1,3237100,39615100\nJ1,1,3237000,39615000\n",
     EB_REFUSED, 0, "change places within the file, first in line 8"},
    {"degrees that may be packed",
     "[属性描述]\n坐标系=2000国家大地坐标系\n[地块坐标]\n4,1,A,x,面,,,,@\nJ1,1,29.1532,118.1156\nJ2,1,29.1540,118.1156\nJ3,1,29.1540,118."
     "1210\n"
     "J1,1,29.1532,118.1156\n",
     EB_REFUSED, 0, "packed (ddd.mmss) or decimal"},
    {"no system, no zone",
     "[地块坐标]\n"
     "4,1.0000,A-1,双桥乡地块1,面,,公共基础设施,0101,@\n"
     "J1,1,3237000,615000\nJ2,1,3237100,615000\nJ3,1,3237100,615100\nJ1,1,3237000,615000\n",
     EB_REFUSED, 0, "no CRS"},
};

START_TEST(refuses)
{
    eb_error err = {0};
    eb_layer *layer = NULL;
    write_file("r.txt", refusals[_i].text, false);
    eb_status status = read_file("r.txt", NULL, &layer, NULL, &err);
    ck_assert_msg(status == refusals[_i].status, "%s: %s, %s", refusals[_i].label, eb_status_name(status), err.message);
    ck_assert_msg(strstr(err.message, refusals[_i].message) != NULL, "%s: %s", refusals[_i].label, err.message);
    if (refusals[_i].line) ck_assert_msg(err.line == refusals[_i].line, "%s: line %d", refusals[_i].label, err.line);
}
END_TEST

/* Every cut that loses a point must be noticed. */
START_TEST(cut_anywhere)
{
    static const char text[] = HEAD "[地块坐标]\n" HEADER SQUARE;
    size_t whole = strlen(text), first = (size_t)(strstr(text, "[地块坐标]") - text) + strlen("[地块坐标]");
    for (size_t size = first + 2; size < whole - 5; size++) {
        eb_error err = {0};
        eb_layer *layer = NULL;
        char *cut = strndup(text, size);
        write_file("c.txt", cut, false);
        free(cut);
        eb_status status = read_file("c.txt", NULL, &layer, NULL, &err);
        ck_assert_msg(status == EB_INPUT || (status != EB_OK && size < first + 30), "cut at %zu of %zu is taken for whole", size, whole);
    }
}
END_TEST

/* Wherever a file is cut, the parcels before the cut are given as they are, on request; no other. */
START_TEST(part_of_a_cut_file)
{
    static const char text[] = HEAD "[地块坐标]\n" HEADER SQUARE HEADER SQUARE HEADER SQUARE;
    const size_t parcel = strlen(HEADER SQUARE), start = strlen(HEAD "[地块坐标]\n");
    const eb_read_options options = {.allow_partial = true};
    for (size_t size = start + parcel; size < start + 3 * parcel; size++) {
        eb_error err = {0};
        eb_layer *layer = NULL;
        char *cut = strndup(text, size);
        write_file("p.txt", cut, false);
        free(cut);
        ck_assert_msg(read_file("p.txt", &options, &layer, NULL, &err) == EB_OK, "cut at %zu: %s", size, err.message);
        /* A parcel that lacks but the end of its last line, and zeros behind the point, is whole: its ring is closed. */
        const size_t whole = (size - start + strlen(".000\n")) / parcel;
        ck_assert_msg(eb_layer_count(layer) == whole, "cut at %zu: %zu of %zu", size, eb_layer_count(layer), whole);
        eb_layer_free(layer);
    }
}
END_TEST

/* Degrees packed as ddd.mmss or decimal, as the user says, or as the digits prove. */
START_TEST(degrees)
{
    static const struct {
        const char *option, *points;
        double lon, lat;
    } cases[] = {
        {"packed", "J1,1,29.1532,118.1156\nJ2,1,29.1540,118.1156\nJ3,1,29.1540,118.1210\nJ1,1,29.1532,118.1156\n",
         118 + 11 / 60.0 + 56 / 3600.0, 29 + 15 / 60.0 + 32 / 3600.0},
        {"decimal", "J1,1,29.1532,118.1156\nJ2,1,29.1540,118.1156\nJ3,1,29.1540,118.1210\nJ1,1,29.1532,118.1156\n", 118.1156, 29.1532},
        {NULL, "J1,1,29.1972,118.1156\nJ2,1,29.2540,118.1156\nJ3,1,29.2540,118.1290\nJ1,1,29.1972,118.1156\n", 118.1156, 29.1972},
        {NULL, "J1,1,118.1156,29.1972\nJ2,1,118.1156,29.2540\nJ3,1,118.1290,29.2540\nJ1,1,118.1156,29.1972\n", 118.1156, 29.1972},
    };
    char text[600], name[80] = "g.txt";
    eb_error err = {0};
    eb_layer *layer = NULL;
    snprintf(text, sizeof text, "[属性描述]\n坐标系=2000国家大地坐标系\n[地块坐标]\n4,1,A,x,面,,,,@\n%s", cases[_i].points);
    write_file("g.txt", text, false);
    if (cases[_i].option) snprintf(name, sizeof name, "g.txt|option:DEGREES=%s", cases[_i].option);
    ck_assert_msg(read_file(name, NULL, &layer, NULL, &err) == EB_OK, "%d: %s", _i, err.message);
    ck_assert_str_eq(eb_crs_info_get(eb_layer_schema(layer)->crs)->code, "EPSG:4490");
    double box[4];
    ck_assert(eb_wkb_bounds(eb_batch_shape_at(eb_layer_batch_at(layer, 0), 0), box));
    ck_assert_double_eq_tol(box[0], cases[_i].lon, 1e-9);
    ck_assert_double_eq_tol(box[1], cases[_i].lat, 1e-9);
    eb_layer_free(layer);
}
END_TEST

/* Rings by containment: an island in a hole, two outer rings under one number, a hole named before its shell. */
START_TEST(rings_by_containment)
{
    static const struct {
        const char *label;
        double squares[4][4]; /* ring number, x, y, size */
        size_t count;
        eb_shape_kind kind;
        double area;
    } cases[] = {
        {"hole", {{1, 0, 0, 10}, {2, 2, 2, 4}}, 2, EB_SHAPE_POLYGON, 84},
        {"hole first", {{2, 2, 2, 4}, {1, 0, 0, 10}}, 2, EB_SHAPE_POLYGON, 84},
        {"two outer rings of one number", {{1, 0, 0, 10}, {1, 20, 0, 5}}, 2, EB_SHAPE_MULTIPOLYGON, 125},
        {"two outer rings, the second called a hole", {{1, 0, 0, 10}, {2, 20, 0, 5}}, 2, EB_SHAPE_MULTIPOLYGON, 125},
        {"island in a hole", {{1, 0, 0, 10}, {2, 1, 1, 8}, {3, 3, 3, 2}}, 3, EB_SHAPE_MULTIPOLYGON, 40},
        {"hole that touches the shell", {{1, 0, 0, 10}, {2, 0, 2, 4}}, 2, EB_SHAPE_POLYGON, 84},
        {"holes in two shells", {{1, 0, 0, 10}, {2, 2, 2, 4}, {3, 20, 0, 10}, {4, 22, 2, 4}}, 4, EB_SHAPE_MULTIPOLYGON, 168},
    };
    eb_parcel_rings rings = {0};
    eb_parcel_rings_reset(&rings);
    for (size_t r = 0; r < cases[_i].count; r++) {
        const double *s = cases[_i].squares[r];
        const double corners[5][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}};
        for (int k = 0; k < 5; k++)
            ck_assert(eb_parcel_rings_add(&rings, (int64_t)s[0], s[1] + corners[k][0] * s[3], s[2] + corners[k][1] * s[3]));
    }
    ck_assert_msg(fabs(eb_parcel_rings_area(&rings) - cases[_i].area) < 1e-9, "%s: %g", cases[_i].label, eb_parcel_rings_area(&rings));
    uint8_t *data = NULL;
    size_t size = 0;
    ck_assert(eb_parcel_rings_shape(&rings, EB_SHAPE_POLYGON, &data, &size));
    eb_wkb shape = {data, size};
    ck_assert_msg(eb_wkb_ok(shape), "%s: bytes", cases[_i].label);
    ck_assert_msg(eb_wkb_kind(shape) == cases[_i].kind, "%s: %s", cases[_i].label, eb_shape_kind_name(eb_wkb_kind(shape)));
    ck_assert_uint_eq(eb_wkb_vertices(shape), 5 * cases[_i].count);
    free(data);
    eb_parcel_rings_clear(&rings);
}
END_TEST

/* What is written reads back: values, rings to the millimetre, areas by the official formula. */
START_TEST(writes_and_reads_back)
{
    eb_error err = {0};
    eb_layer *layer = NULL, *copy = NULL;
    char path[300];
    write_file("w.txt",
               HEAD "[地块坐标]\n5,9,A-1,\"甲\"; 乙，丙,面,I－50,公共设施,0101,x1,x2,@\n" SQUARE "10,1,B,带洞,面,,,,@\n"
                    "J1,1,3238000,39615000\nJ2,1,3238100,39615000\nJ3,1,3238100,39615100\nJ4,1,3238000,39615100\nJ1,1,3238000,39615000\n"
                    "J5,2,3238020,39615020\nJ6,2,3238040,39615020\nJ7,2,3238040,39615040\nJ8,2,3238020,39615040\nJ5,2,3238020,39615020\n"
                    "3,,L,线,线,,,,@\nJ1,1,3238000,39615000\nJ2,1,3238100,39615000\nJ3,1,3238100,39615100\n",
               _i == 1);
    ck_assert_msg(read_file("w.txt", NULL, &layer, NULL, &err) == EB_OK, "%s", err.message);
    path_of(path, sizeof path, "v.txt");
    eb_sink *sink = NULL;
    ck_assert_msg(eb_sink_create(path, eb_layer_schema(layer), NULL, &sink, &err) == EB_OK, "%s", err.message);
    ck_assert_int_eq(eb_sink_write(sink, eb_layer_batch_at(layer, 0), &err), EB_OK);
    ck_assert_msg(eb_sink_commit(sink, &err) == EB_OK, "%s", err.message);
    ck_assert_msg(read_file("v.txt", NULL, &copy, NULL, &err) == EB_OK, "%s", err.message);
    ck_assert_uint_eq(eb_layer_count(copy), 3);
    ck_assert_uint_eq(eb_layer_schema(copy)->field_count, 10);
    ck_assert_str_eq(eb_layer_schema(copy)->encoding, "GB18030");
    const eb_batch *a = eb_layer_batch_at(layer, 0), *b = eb_layer_batch_at(copy, 0);
    for (size_t i = 0; i < 3; i++) {
        for (size_t f = 2; f < 10; f++) ck_assert_str_eq(eb_batch_text_at(a, i, f), eb_batch_text_at(b, i, f));
        ck_assert_int_eq(eb_wkb_kind(eb_batch_shape_at(a, i)), eb_wkb_kind(eb_batch_shape_at(b, i)));
        ck_assert_uint_eq(eb_wkb_vertices(eb_batch_shape_at(a, i)), eb_wkb_vertices(eb_batch_shape_at(b, i)));
        double p[4], q[4];
        ck_assert(eb_wkb_bounds(eb_batch_shape_at(a, i), p) && eb_wkb_bounds(eb_batch_shape_at(b, i), q));
        for (int d = 0; d < 4; d++) ck_assert_double_eq_tol(p[d], q[d], 5e-4);
    }
    /* 9996.74 m2: the published test value for this square */
    ck_assert_double_eq_tol(eb_batch_real_at(b, 0, 1), 0.9997, 1e-9);
    ck_assert_double_eq_tol(eb_batch_real_at(b, 1, 1), 0.9597, 1e-9);
    ck_assert(eb_batch_is_null(b, 2, 1));
    eb_layer_free(copy);
    eb_layer_free(layer);
}
END_TEST

START_TEST(numbering_starts_in_the_north_west)
{
    eb_error err = {0};
    eb_layer *layer = NULL;
    char path[300], text[2000];
    write_file("n.txt", HEAD "[地块坐标]\n" HEADER SQUARE, false);
    ck_assert_int_eq(read_file("n.txt", NULL, &layer, NULL, &err), EB_OK);
    path_of(path, sizeof path, "m.txt");
    eb_sink *sink = NULL;
    eb_write_options options = {.encoding = "UTF-8", .decimals = -1};
    ck_assert_int_eq(eb_sink_create(path, eb_layer_schema(layer), &options, &sink, &err), EB_OK);
    ck_assert_int_eq(eb_sink_write(sink, eb_layer_batch_at(layer, 0), &err), EB_OK);
    ck_assert_int_eq(eb_sink_commit(sink, &err), EB_OK);
    FILE *file = fopen(path, "rb");
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    const char *points = strstr(text, "J1,");
    ck_assert_ptr_nonnull(points);
    ck_assert_str_eq(points, "J1,1,3237100.000,39615000.000\r\nJ2,1,3237100.000,39615100.000\r\nJ3,1,3237000.000,39615100.000\r\n"
                             "J4,1,3237000.000,39615000.000\r\nJ1,1,3237100.000,39615000.000\r\n");
    ck_assert_ptr_nonnull(strstr(text, "带号=39\r\n"));
    eb_layer_free(layer);
}
END_TEST

#define ROWS(array) (int)(sizeof array / sizeof *array)

int main(void)
{
    Suite *suite = suite_create("layer_parcel");
    TCase *tcase = tcase_create("parcel");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, reads_dialects, 0, ROWS(dialects));
    tcase_add_loop_test(tcase, refuses, 0, ROWS(refusals));
    tcase_add_test(tcase, cut_anywhere);
    tcase_add_test(tcase, part_of_a_cut_file);
    tcase_add_loop_test(tcase, degrees, 0, 4);
    tcase_add_loop_test(tcase, rings_by_containment, 0, 7);
    tcase_add_loop_test(tcase, writes_and_reads_back, 0, 2);
    tcase_add_test(tcase, numbering_starts_in_the_north_west);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
