/* Reading files through OGR: names, filters, fields, character sets, half files. The files are written here, byte by byte or by GDAL. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ecobelt/layer.h>

static char folder[] = "/tmp/ecobelt-read-XXXXXX";

static void path_of(char *path, size_t size, const char *name)
{
    snprintf(path, size, "%s/%s", folder, name);
}

static void write_bytes(const char *name, const void *bytes, size_t size)
{
    char path[300];
    path_of(path, sizeof path, name);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

static void write_text(const char *name, const char *text)
{
    write_bytes(name, text, strlen(text));
}

static void put32(uint8_t *at, uint32_t value, bool big)
{
    for (int i = 0; i < 4; i++) at[big ? 3 - i : i] = (uint8_t)(value >> 8 * i);
}

enum { POINTS = 10, RECORD = 28 };

/* A shapefile of ten points (118+i/100, 29) with one text field of 20 bytes. */
static void write_shapefile(const char *stem, const char *field, const char *value, uint8_t language, const char *cpg)
{
    char name[80];
    uint8_t shp[100 + POINTS * RECORD] = {0}, shx[100 + POINTS * 8] = {0}, dbf[65 + POINTS * 21] = {0};
    put32(shp, 9994, true);
    put32(shp + 24, sizeof shp / 2, true);
    put32(shp + 28, 1000, false);
    put32(shp + 32, 1, false);
    double box[4] = {118, 29, 118.09, 29};
    memcpy(shp + 36, box, sizeof box);
    memcpy(shx, shp, 100);
    put32(shx + 24, sizeof shx / 2, true);
    dbf[0] = 3;
    dbf[1] = 120;
    dbf[2] = dbf[3] = 1;
    put32(dbf + 4, POINTS, false);
    dbf[8] = 65;
    dbf[10] = 21;
    dbf[29] = language;
    memcpy(dbf + 32, field, strlen(field));
    dbf[32 + 11] = 'C';
    dbf[32 + 16] = 20;
    dbf[64] = 0x0D;
    for (int i = 0; i < POINTS; i++) {
        uint8_t *record = shp + 100 + i * RECORD;
        double x = 118 + i / 100.0, y = 29;
        put32(record, (uint32_t)i + 1, true);
        put32(record + 4, 10, true);
        put32(record + 8, 1, false);
        memcpy(record + 12, &x, 8);
        memcpy(record + 20, &y, 8);
        put32(shx + 100 + i * 8, (uint32_t)(100 + i * RECORD) / 2, true);
        put32(shx + 104 + i * 8, 10, true);
        memset(dbf + 65 + i * 21, ' ', 21);
        memcpy(dbf + 66 + i * 21, value, strlen(value));
    }
    snprintf(name, sizeof name, "%s.shp", stem);
    write_bytes(name, shp, sizeof shp);
    snprintf(name, sizeof name, "%s.shx", stem);
    write_bytes(name, shx, sizeof shx);
    snprintf(name, sizeof name, "%s.dbf", stem);
    write_bytes(name, dbf, sizeof dbf);
    snprintf(name, sizeof name, "%s.prj", stem);
    write_text(name, "GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\",DATUM[\"D_China_2000\",SPHEROID[\"CGCS2000\",6378137.0,"
                     "298.257222101]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]");
    snprintf(name, sizeof name, "%s.cpg", stem);
    if (cpg) write_text(name, cpg);
}

static const char geojson[] =
    "{\"type\":\"FeatureCollection\",\"name\":\"zones\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::4490\"}"
    "},"
    "\"features\":[\n"
    "{\"type\":\"Feature\",\"id\":7,\"properties\":{\"名称\":\"核心区\",\"n\":1,\"a\":0.1,\"ok\":true,\"day\":\"2020-05-08\"},\"geometry\":"
    "{\"type\":\"Polygon\",\"coordinates\":[[[118,29],[118.1,29],[118.1,29.1],[118,29]]]}},\n"
    "{\"type\":\"Feature\",\"id\":9,\"properties\":{\"名称\":null,\"n\":2,\"a\":2.5,\"ok\":false,\"day\":null},\"geometry\":null},\n"
    "{\"type\":\"Feature\",\"id\":11,\"properties\":{\"名称\":\"缓冲区\",\"n\":3,\"a\":1e10,\"ok\":true,\"day\":\"1969-12-31\"},"
    "\"geometry\":"
    "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[119,29],[119.1,29],[119.1,29.1],[119,29]]]]}}\n]}\n";

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    write_text("zones.geojson", geojson);
}

static void teardown(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static eb_status open_file(const char *name, const eb_read_options *options, eb_source **source, eb_error *err)
{
    char path[400];
    path_of(path, sizeof path, name);
    *source = NULL;
    return eb_source_open(path, options, source, err);
}

/* Read to the end; the number of features, or -1 with the error. */
static int64_t count_features(const char *name, const eb_read_options *options, eb_error *err)
{
    eb_source *source = NULL;
    if (open_file(name, options, &source, err)) return -1;
    eb_batch *batch = eb_batch_new(eb_source_schema(source));
    int64_t count = 0;
    eb_status status;
    while ((status = eb_source_next(source, batch, err)) == EB_OK && batch->count) count += (int64_t)batch->count;
    eb_batch_free(batch);
    eb_source_free(source);
    return status ? -1 : count;
}

START_TEST(reads_geojson)
{
    eb_error err;
    eb_source *source = NULL;
    ck_assert_int_eq(open_file("zones.geojson", NULL, &source, &err), EB_OK);
    const eb_schema *schema = eb_source_schema(source);
    ck_assert_str_eq(schema->name, "zones");
    ck_assert_str_eq(schema->driver, "GeoJSON");
    ck_assert_str_eq(eb_crs_info_get(schema->crs)->code, "EPSG:4490");
    static const eb_field_type types[] = {EB_FIELD_TEXT, EB_FIELD_INTEGER, EB_FIELD_REAL, EB_FIELD_BOOLEAN, EB_FIELD_DATE};
    ck_assert_uint_eq(schema->field_count, 5);
    for (size_t f = 0; f < 5; f++) ck_assert_int_eq(schema->fields[f].type, types[f]);
    eb_batch *batch = eb_batch_new(schema);
    ck_assert_int_eq(eb_source_next(source, batch, &err), EB_OK);
    ck_assert_uint_eq(batch->count, 3);
    ck_assert_int_eq(batch->fids[0], 7);
    ck_assert_int_eq(batch->fids[2], 11);
    ck_assert_str_eq(eb_batch_text_at(batch, 0, 0), "核心区");
    ck_assert(eb_batch_is_null(batch, 1, 0));
    ck_assert_double_eq(eb_batch_real_at(batch, 2, 2), 1e10);
    ck_assert_int_eq(eb_batch_integer_at(batch, 0, 3), 1);
    ck_assert_str_eq(eb_batch_text_at(batch, 2, 4), "1969-12-31");
    ck_assert_int_eq(eb_wkb_kind(eb_batch_shape_at(batch, 0)), EB_SHAPE_POLYGON);
    ck_assert_uint_eq(eb_batch_shape_at(batch, 1).size, 0);
    ck_assert_int_eq(eb_wkb_kind(eb_batch_shape_at(batch, 2)), EB_SHAPE_MULTIPOLYGON);
    double box[4];
    ck_assert_int_eq(eb_source_extent(source, box, &err), EB_OK);
    ck_assert_double_eq(box[0], 118);
    ck_assert_double_eq(box[2], 119.1);
    eb_batch_free(batch);
    eb_source_free(source);
}
END_TEST

static const char *const only_n[] = {"n", NULL};
static const double east[4] = {118.5, 28, 120, 30};
static const struct {
    const char *label, *name;
    eb_read_options options;
    int64_t count;
    eb_status status;
    const char *message;
} reads[] = {
    {"all", "zones.geojson", {0}, 3, EB_OK, NULL},
    {"where", "zones.geojson", {.where = "n > 1"}, 2, EB_OK, NULL},
    {"where in Chinese", "zones.geojson", {.where = "\"名称\" = '缓冲区'"}, 1, EB_OK, NULL},
    {"where on a field that is not read", "zones.geojson", {.where = "a > 1", .fields = only_n}, 2, EB_OK, NULL},
    {"subset in the name", "zones.geojson|subset=n = 1 OR n = 3", {0}, 2, EB_OK, NULL},
    {"subset and where", "zones.geojson|subset=n = 1 OR n = 3", {.where = "n > 1"}, 1, EB_OK, NULL},
    {"layer by name", "zones.geojson|layername=zones", {0}, 3, EB_OK, NULL},
    {"layer by number", "zones.geojson|layerid=0", {0}, 3, EB_OK, NULL},
    {"box", "zones.geojson", {.box = east}, 1, EB_OK, NULL},
    {"no shapes", "zones.geojson", {.no_shapes = true}, 3, EB_OK, NULL},
    {"small batches", "zones.geojson", {.batch_features = 1}, 3, EB_OK, NULL},
    {"wrong field", "zones.geojson|subset=nmae = 1", {0}, -1, EB_USAGE, "bad filter \"nmae = 1\""},
    {"wrong where", "zones.geojson", {.where = "n >"}, -1, EB_USAGE, "bad filter \"n >\""},
    {"wrong layer", "zones.geojson|layername=zone", {0}, -1, EB_INPUT, "no layer \"zone\""},
    {"wrong layer number", "zones.geojson|layerid=3", {0}, -1, EB_INPUT, "no layer number 3"},
    {"bad layer number", "zones.geojson|layerid=x", {0}, -1, EB_USAGE, "layerid \"x\""},
    {"missing", "nothing.gpkg", {0}, -1, EB_INPUT, "no such file"},
};

START_TEST(reads_with_options)
{
    eb_error err = {0};
    int64_t count = count_features(reads[_i].name, &reads[_i].options, &err);
    ck_assert_msg(count == reads[_i].count, "%s: %lld features (%s)", reads[_i].label, (long long)count, err.message);
    if (!reads[_i].message) return;
    ck_assert_msg(err.code == reads[_i].status, "%s: %s", reads[_i].label, err.message);
    ck_assert_msg(strstr(err.message, reads[_i].message) != NULL, "%s: %s", reads[_i].label, err.message);
}
END_TEST

START_TEST(shapefile_whole)
{
    eb_error err = {0};
    write_shapefile("whole", "NAME", "x", 0, NULL);
    ck_assert_msg(count_features("whole.shp", NULL, &err) == POINTS, "%s", err.message);
    ck_assert_msg(count_features("whole.dbf", NULL, &err) == POINTS, "%s", err.message);
}
END_TEST

/* Every place at which a part may be cut must be found out, whatever the length. */
static const struct {
    const char *part;
    size_t size;
} parts[] = {{"shp", 100 + POINTS *RECORD}, {"shx", 100 + POINTS * 8}, {"dbf", 65 + POINTS * 21}};

START_TEST(shapefile_cut_anywhere)
{
    char path[300];
    snprintf(path, sizeof path, "%s/cut.%s", folder, parts[_i].part);
    for (size_t size = 0; size < parts[_i].size; size++) {
        eb_error err = {0};
        write_shapefile("cut", "NAME", "x", 0, NULL);
        ck_assert_int_eq(truncate(path, (off_t)size), 0);
        ck_assert_msg(count_features("cut.shp", NULL, &err) == -1, ".%s cut at %zu is taken for whole", parts[_i].part, size);
        ck_assert_int_eq(err.code, EB_INPUT);
    }
}
END_TEST

static const struct {
    const char *label, *part;
    long at;
    uint8_t byte;
    const char *message;
} damages[] = {
    {"record length", "shp", 107, 11, "the index says"},       {"record type", "shp", 108, 3, "has shape type 3"},
    {"index beyond the end", "shx", 101, 1, "beyond the end"}, {"row count", "dbf", 4, 11, "is cut short"},
    {"fewer rows", "dbf", 4, 9, "10 shapes, 9 rows"},          {"magic number", "shp", 3, 0, "no shapefile part"},
};

START_TEST(shapefile_damaged)
{
    char path[300];
    eb_error err = {0};
    write_shapefile("bad", "NAME", "x", 0, NULL);
    snprintf(path, sizeof path, "%s/bad.%s", folder, damages[_i].part);
    FILE *file = fopen(path, "r+b");
    ck_assert(file && fseek(file, damages[_i].at, SEEK_SET) == 0 && fputc(damages[_i].byte, file) != EOF && fclose(file) == 0);
    ck_assert_msg(count_features("bad.shp", NULL, &err) == -1, "%s is taken for whole", damages[_i].label);
    ck_assert_int_eq(err.code, EB_INPUT);
    ck_assert_msg(strstr(err.message, damages[_i].message) != NULL, "%s: %s", damages[_i].label, err.message);
}
END_TEST

START_TEST(shapefile_part_missing)
{
    static const char *const missing[] = {"shx", "dbf"};
    char path[300];
    eb_error err = {0};
    write_shapefile("part", "NAME", "x", 0, NULL);
    snprintf(path, sizeof path, "%s/part.%s", folder, missing[_i]);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(count_features("part.shp", NULL, &err), -1);
    ck_assert_int_eq(err.code, EB_INPUT);
    ck_assert_ptr_nonnull(strstr(err.message, missing[_i]));
}
END_TEST

START_TEST(shapefile_deleted_rows)
{
    char path[300];
    eb_error err = {0};
    write_shapefile("gone", "NAME", "x", 0, NULL);
    snprintf(path, sizeof path, "%s/gone.dbf", folder);
    FILE *file = fopen(path, "r+b");
    ck_assert(file && fseek(file, 65 + 3 * 21, SEEK_SET) == 0 && fputc('*', file) != EOF && fclose(file) == 0);
    ck_assert_msg(count_features("gone.shp", NULL, &err) == POINTS - 1, "%s", err.message);
}
END_TEST

START_TEST(shapefile_partial)
{
    char path[300];
    eb_error err = {0};
    eb_source *source = NULL;
    write_shapefile("half", "NAME", "x", 0, NULL);
    snprintf(path, sizeof path, "%s/half.dbf", folder);
    ck_assert_int_eq(truncate(path, 65 + 5 * 21), 0);
    eb_read_options options = {.allow_partial = true};
    ck_assert_int_eq(open_file("half.shp", &options, &source, &err), EB_OK);
    eb_layer *layer = NULL;
    ck_assert_int_eq(eb_layer_read(source, NULL, &layer, &err), EB_OK);
    ck_assert_uint_gt(eb_layer_count(layer), 0);
    eb_diagnosis *diagnosis = eb_diagnosis_new();
    eb_source_report(source, diagnosis);
    ck_assert_int_ge(eb_diagnosis_total(diagnosis, EB_EVENT_NOTE), 1);
    ck_assert_ptr_nonnull(strstr(eb_diagnosis_case_at(diagnosis, 0)->reason, "half.dbf is cut short"));
    eb_diagnosis_free(diagnosis);
    eb_layer_free(layer);
    eb_source_free(source);
}
END_TEST

/* "地类名称" and "衢州" in GBK and in UTF-8. */
#define GBK_FIELD "\xB5\xD8\xC0\xE0"
#define GBK_VALUE "\xE1\xE9\xD6\xDD"
static const struct {
    const char *label, *field, *value;
    uint8_t language;
    const char *cpg, *wanted, *encoding, *name, *text;
} encodings[] = {
    {"GBK, nothing said", GBK_FIELD, GBK_VALUE, 0, NULL, NULL, "GB18030", "地类", "衢州"},
    {"GBK, language byte", GBK_FIELD, GBK_VALUE, 0x4D, NULL, NULL, "GB18030", "地类", "衢州"},
    {"GBK, language byte of any system", GBK_FIELD, GBK_VALUE, 0x57, NULL, NULL, "GB18030", "地类", "衢州"},
    {"GBK, .cpg", GBK_FIELD, GBK_VALUE, 0, "GBK", NULL, "GB18030", "地类", "衢州"},
    {"GBK, .cpg by number", GBK_FIELD, GBK_VALUE, 0, "936\r\n", NULL, "GB18030", "地类", "衢州"},
    {"GBK, .cpg lies", GBK_FIELD, GBK_VALUE, 0, "UTF-8", NULL, "GB18030", "地类", "衢州"},
    {"UTF-8, nothing said", "地类", "衢州", 0, NULL, NULL, "UTF-8", "地类", "衢州"},
    {"UTF-8, .cpg", "地类", "衢州", 0, "UTF-8", NULL, "UTF-8", "地类", "衢州"},
    {"UTF-8, language byte lies", "地类", "衢州", 0x4D, NULL, NULL, "UTF-8", "地类", "衢州"},
    {"UTF-8, cut in the last character", "地类", "衢江区衢江区\xE8\xA1", 0, NULL, NULL, "UTF-8", "地类", NULL},
    {"Western", "NOM",
     "Orl\xE9"
     "ans",
     0x57, NULL, NULL, "CP1252", "NOM", "Orléans"},
    {"the user says", "NOM",
     "Orl\xE9"
     "ans",
     0, NULL, "latin1", "ISO-8859-1", "NOM", "Orléans"},
    {"Big5, the user says", "A", "\xB0\xAA\xB6\xAF", 0, NULL, "Big5", "CP950", "A", "高雄"},
    {"ASCII", "A", "plain", 0, NULL, NULL, "UTF-8", "A", "plain"},
};

START_TEST(shapefile_encodings)
{
    eb_error err = {0};
    eb_source *source = NULL;
    char stem[20], file[24];
    snprintf(stem, sizeof stem, "enc%d", _i);
    snprintf(file, sizeof file, "%s.shp", stem);
    write_shapefile(stem, encodings[_i].field, encodings[_i].value, encodings[_i].language, encodings[_i].cpg);
    eb_read_options options = {.encoding = encodings[_i].wanted};
    ck_assert_msg(open_file(file, &options, &source, &err) == EB_OK, "%s: %s", encodings[_i].label, err.message);
    const eb_schema *schema = eb_source_schema(source);
    ck_assert_msg(strcmp(schema->encoding, encodings[_i].encoding) == 0, "%s: %s", encodings[_i].label, schema->encoding);
    ck_assert_msg(strcmp(schema->fields[0].name, encodings[_i].name) == 0, "%s: %s", encodings[_i].label, schema->fields[0].name);
    eb_batch *batch = eb_batch_new(schema);
    ck_assert_msg(eb_source_next(source, batch, &err) == EB_OK, "%s: %s", encodings[_i].label, err.message);
    const char *text = eb_batch_text_at(batch, 0, 0);
    if (encodings[_i].text) ck_assert_msg(strcmp(text, encodings[_i].text) == 0, "%s: %s", encodings[_i].label, text);
    eb_batch_free(batch);
    eb_source_free(source);
}
END_TEST

START_TEST(unknown_encoding)
{
    eb_error err = {0};
    write_shapefile("unk", "A", "x", 0, NULL);
    eb_read_options options = {.encoding = "klingon"};
    ck_assert_int_eq(count_features("unk.shp", &options, &err), -1);
    ck_assert_int_eq(err.code, EB_USAGE);
}
END_TEST

START_TEST(where_sees_recoded_text)
{
    eb_error err = {0};
    write_shapefile("flt", GBK_FIELD, GBK_VALUE, 0, NULL);
    eb_read_options options = {.where = "\"地类\" = '衢州'"};
    ck_assert_msg(count_features("flt.shp", &options, &err) == POINTS, "%s", err.message);
    options.where = "\"地类\" = '江山'";
    ck_assert_msg(count_features("flt.shp", &options, &err) == 0, "%s", err.message);
}
END_TEST

static const struct {
    const char *label, *name, *text;
} halves[] = {
    {"GeoJSON", "half.geojson", geojson},
    {"GeoJSON lines", "half.geojsonl",
     "{\"type\":\"Feature\",\"properties\":{\"n\":1},\"geometry\":{\"type\":\"Point\",\"coordinates\":[118,29]}}\n"
     "{\"type\":\"Feature\",\"properties\":{\"n\":2},\"geometry\":{\"type\":\"Point\",\"coordinates\":[118,2"},
    {"GML", "half.gml",
     "<?xml version=\"1.0\"?>\n<ogr:FeatureCollection xmlns:ogr=\"http://ogr.maptools.org/\" xmlns:gml=\"http://www.opengis.net/gml\">\n"
     "<gml:featureMember><ogr:t fid=\"t.0\"><ogr:geometryProperty><gml:Point "
     "srsName=\"EPSG:4490\"><gml:coordinates>118,29</gml:coordinates>"
     "</gml:Point></ogr:geometryProperty><ogr:n>1</ogr:n></ogr:t></gml:featureMember>\n<gml:featureMember><ogr:t fid=\"t.1\"><ogr:n>"},
};

START_TEST(half_files)
{
    eb_error err = {0};
    size_t size = strlen(halves[_i].text);
    write_bytes(halves[_i].name, halves[_i].text, _i == 0 ? size / 2 : size);
    ck_assert_msg(count_features(halves[_i].name, NULL, &err) == -1, "%s is taken for whole", halves[_i].label);
    ck_assert_msg(err.code == EB_INPUT, "%s: %s", halves[_i].label, err.message);
}
END_TEST

START_TEST(csv_points)
{
    eb_error err = {0};
    eb_source *source = NULL;
    /* GBK heading and values */
    write_text("p.csv", "\xC3\xFB\xB3\xC6,\xBE\xAD\xB6\xC8,\xCE\xB3\xB6\xC8\n\xE1\xE9\xD6\xDD,118.87,28.94\n");
    ck_assert_int_eq(open_file("p.csv", NULL, &source, &err), EB_REFUSED);
    ck_assert_ptr_nonnull(strstr(err.message, "no CRS"));
    eb_read_options options = {.crs = "EPSG:4490"};
    ck_assert_msg(open_file("p.csv", &options, &source, &err) == EB_OK, "%s", err.message);
    eb_batch *batch = eb_batch_new(eb_source_schema(source));
    ck_assert_int_eq(eb_source_next(source, batch, &err), EB_OK);
    ck_assert_uint_eq(batch->count, 1);
    ck_assert_str_eq(eb_source_schema(source)->fields[0].name, "名称");
    ck_assert_str_eq(eb_batch_text_at(batch, 0, 0), "衢州");
    double box[4];
    ck_assert(eb_wkb_bounds(eb_batch_shape_at(batch, 0), box));
    ck_assert_double_eq(box[0], 118.87);
    ck_assert_double_eq(box[1], 28.94);
    eb_batch_free(batch);
    eb_source_free(source);
}
END_TEST

START_TEST(schematic_is_seen)
{
    eb_error err = {0};
    eb_source *source = NULL;
    char text[600];
    for (int k = 0; k < 2; k++) {
        snprintf(
            text, sizeof text,
            "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"status\":\"schematic\",\"source\":\"a "
            "drawing\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[118,29]}},{\"type\":\"Feature\",\"properties\":{\"status\":\"%"
            "s\"},"
            "\"geometry\":{\"type\":\"Point\",\"coordinates\":[118,29]}}]}",
            k ? "surveyed" : "schematic");
        write_text("s.geojson", text);
        ck_assert_int_eq(open_file("s.geojson", NULL, &source, &err), EB_OK);
        ck_assert_int_eq(eb_source_schema(source)->schematic, k == 0);
        ck_assert_str_eq(eb_source_schema(source)->source, "a drawing");
        eb_source_free(source);
    }
}
END_TEST

START_TEST(lists_layers)
{
    eb_error err = {0};
    char path[300];
    path_of(path, sizeof path, "zones.geojson");
    eb_table *table = NULL;
    ck_assert_int_eq(eb_source_list(path, true, &table, &err), EB_OK);
    ck_assert_uint_eq(eb_table_row_count(table), 1);
    ck_assert_str_eq(eb_table_text_at(table, 0, 0), "zones");
    ck_assert_int_eq(eb_table_integer_at(table, 0, 2), 3);
    ck_assert_str_eq(eb_table_text_at(table, 0, 3), "EPSG:4490");
    eb_table_free(table);
}
END_TEST

#define ROWS(array) (int)(sizeof array / sizeof *array)

int main(void)
{
    Suite *suite = suite_create("layer_read");
    TCase *tcase = tcase_create("read");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, reads_geojson);
    tcase_add_loop_test(tcase, reads_with_options, 0, ROWS(reads));
    tcase_add_test(tcase, shapefile_whole);
    tcase_add_loop_test(tcase, shapefile_cut_anywhere, 0, ROWS(parts));
    tcase_add_loop_test(tcase, shapefile_damaged, 0, ROWS(damages));
    tcase_add_loop_test(tcase, shapefile_part_missing, 0, 2);
    tcase_add_test(tcase, shapefile_deleted_rows);
    tcase_add_test(tcase, shapefile_partial);
    tcase_add_loop_test(tcase, shapefile_encodings, 0, ROWS(encodings));
    tcase_add_test(tcase, unknown_encoding);
    tcase_add_test(tcase, where_sees_recoded_text);
    tcase_add_loop_test(tcase, half_files, 0, ROWS(halves));
    tcase_add_test(tcase, csv_points);
    tcase_add_test(tcase, schematic_is_seen);
    tcase_add_test(tcase, lists_layers);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
