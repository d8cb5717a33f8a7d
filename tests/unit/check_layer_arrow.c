/* The Arrow way of reading gives just what the row way gives: every type, nulls, filters, selections, in both formats that have it. */
#include <check.h>
#include <math.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layer/ogr.h"

static char folder[] = "/tmp/ecobelt-arrow-XXXXXX";

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

enum { COUNT = 5000 };

static void set_values(OGRFeatureH feature, int i)
{
    char text[40];
    if (i % 7 == 3) return; /* all null */
    snprintf(text, sizeof text, "%s%d", i % 2 ? "衢江" : "", i);
    OGR_F_SetFieldString(feature, 0, i % 11 == 1 ? "" : text);
    OGR_F_SetFieldInteger(feature, 1, i - 2500);
    OGR_F_SetFieldInteger64(feature, 2, (GIntBig)i * 10000000019);
    OGR_F_SetFieldDouble(feature, 3, i / 7.0);
    OGR_F_SetFieldInteger(feature, 4, i % 3 == 0);
    OGR_F_SetFieldDateTime(feature, 5, 1900 + i % 200, 1 + i % 12, 1 + i % 28, 0, 0, 0, 0);
}

/* A file that GDAL writes, so that the reader is not held against our own writer. */
static void write_with_gdal(const char *driver, const char *path)
{
    static const char *const names[] = {"名称", "i", "i64", "r", "ok", "day"};
    static const OGRFieldType types[] = {OFTString, OFTInteger, OFTInteger64, OFTReal, OFTInteger, OFTDate};
    eb_ogr_register();
    GDALDatasetH dataset = GDALCreate(GDALGetDriverByName(driver), path, 0, 0, 0, GDT_Unknown, NULL);
    ck_assert_ptr_nonnull(dataset);
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    OSRImportFromEPSG(srs, 4490);
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    OGRLayerH layer = GDALDatasetCreateLayer(dataset, "t", srs, wkbUnknown, NULL);
    OSRRelease(srs);
    bool dates = strcmp(driver, "GPKG") == 0; /* FlatGeobuf has no plain dates */
    for (int f = 0; f < (dates ? 6 : 5); f++) {
        OGRFieldDefnH field = OGR_Fld_Create(names[f], types[f]);
        if (f == 4) OGR_Fld_SetSubType(field, OFSTBoolean);
        ck_assert_int_eq(OGR_L_CreateField(layer, field, TRUE), OGRERR_NONE);
        OGR_Fld_Destroy(field);
    }
    GDALDatasetStartTransaction(dataset, FALSE);
    for (int i = 0; i < COUNT; i++) {
        char wkt[200];
        double x = 118 + i * 1e-4;
        static const char *const shapes[] = {"POINT (%f 29)", "LINESTRING (%f 29,118 28)", "POLYGON ((%f 29,118 28,119 28,%f 29))",
                                             "POINT Z (%f 29 12)", "CIRCULARSTRING (%f 29,118 28.5,117 28)"};
        OGRGeometryH geometry = NULL;
        OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
        snprintf(wkt, sizeof wkt, shapes[i % 5], x, x);
        char *at = wkt;
        if (i % 13 != 5) ck_assert_int_eq(OGR_G_CreateFromWkt(&at, NULL, &geometry), OGRERR_NONE);
        if (geometry) OGR_F_SetGeometryDirectly(feature, geometry);
        if (dates || i % 7 != 3) set_values(feature, i);
        ck_assert_int_eq(OGR_L_CreateFeature(layer, feature), OGRERR_NONE);
        OGR_F_Destroy(feature);
    }
    GDALDatasetCommitTransaction(dataset);
    GDALClose(dataset);
}

/* The same features one by one, by the plain OGR interface. */
static eb_layer *read_rows(const char *path, const eb_schema *schema, const char *where, const double *box, bool shapes)
{
    GDALDatasetH dataset = GDALOpenEx(path, GDAL_OF_VECTOR, NULL, NULL, NULL);
    ck_assert_ptr_nonnull(dataset);
    OGRLayerH source = GDALDatasetGetLayer(dataset, 0);
    if (where) OGR_L_SetAttributeFilter(source, where);
    /* A GeoPackage's Arrow stream goes by the boxes of its index alone, everything else by the shapes. */
    bool by_index = strstr(path, ".gpkg") && eb_schema_find(schema, "ok") < 0;
    if (box && !by_index) OGR_L_SetSpatialFilterRect(source, box[0], box[1], box[2], box[3]);
    eb_layer *layer = eb_layer_new(schema);
    for (OGRFeatureH feature; (feature = OGR_L_GetNextFeature(source)); OGR_F_Destroy(feature)) {
        OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
        OGREnvelope own;
        if (box) {
            if (!geometry) continue;
            OGRGeometryH linear = OGR_G_GetLinearGeometry(geometry, 0, NULL);
            OGR_G_GetEnvelope(linear, &own);
            OGR_G_DestroyGeometry(linear);
            if (own.MinX > box[2] || own.MaxX < box[0] || own.MinY > box[3] || own.MaxY < box[1]) continue;
        }
        eb_batch *batch = eb_layer_tail(layer);
        ck_assert_int_eq(eb_ogr_add_shape(batch, OGR_F_GetFID(feature), shapes ? geometry : NULL, NULL), EB_OK);
        for (size_t f = 0; f < schema->field_count; f++) {
            int k = OGR_F_GetFieldIndex(feature, schema->fields[f].name);
            if (!OGR_F_IsFieldSetAndNotNull(feature, k)) continue;
            switch (schema->fields[f].type) {
            case EB_FIELD_INTEGER:
            case EB_FIELD_BOOLEAN:
                eb_batch_set_integer(batch, f, OGR_F_GetFieldAsInteger64(feature, k));
                break;
            case EB_FIELD_REAL:
                eb_batch_set_real(batch, f, OGR_F_GetFieldAsDouble(feature, k));
                break;
            case EB_FIELD_DATE: {
                int y, m, d, h, n, s, z;
                char day[40];
                OGR_F_GetFieldAsDateTime(feature, k, &y, &m, &d, &h, &n, &s, &z);
                snprintf(day, sizeof day, "%04d-%02d-%02d", y, m, d);
                eb_batch_set_text(batch, f, day);
                break;
            }
            default:
                eb_batch_set_text(batch, f, OGR_F_GetFieldAsString(feature, k));
            }
        }
    }
    GDALClose(dataset);
    return layer;
}

/* The feature with this id; a box makes a GeoPackage hand features out in the order of its index. */
static const eb_batch *find_feature(const eb_layer *layer, int64_t fid, size_t *i)
{
    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (*i = 0; *i < batch->count; ++*i)
            if (batch->fids[*i] == fid) return batch;
    }
    ck_abort_msg("no feature %lld", (long long)fid);
    return NULL;
}

static void compare_features(const char *label, const eb_batch *x, size_t i, const eb_batch *y, size_t j)
{
    eb_wkb s = eb_batch_shape_at(x, i), t = eb_batch_shape_at(y, j);
    long long fid = (long long)x->fids[i];
    ck_assert_msg(s.size == t.size && (s.size == 0 || memcmp(s.data, t.data, s.size) == 0), "%s: shape of %lld", label, fid);
    for (size_t f = 0; f < x->schema->field_count; f++) {
        char v[80], w[80];
        eb_batch_format_at(x, i, f, v, sizeof v);
        eb_batch_format_at(y, j, f, w, sizeof w);
        ck_assert_msg(eb_batch_is_null(x, i, f) == eb_batch_is_null(y, j, f) && strcmp(v, w) == 0, "%s: field %zu of %lld: %s, want %s",
                      label, f, fid, v, w);
    }
}

static void compare_layers(const char *label, const eb_layer *a, const eb_layer *b)
{
    ck_assert_msg(eb_layer_count(a) == eb_layer_count(b), "%s: %zu features, want %zu", label, eb_layer_count(a), eb_layer_count(b));
    for (size_t p = 0; p < eb_layer_batch_count(a); p++) {
        const eb_batch *x = eb_layer_batch_at(a, p);
        for (size_t i = 0; i < x->count; i++) {
            size_t j;
            const eb_batch *y = find_feature(b, x->fids[i], &j);
            compare_features(label, x, i, y, j);
        }
    }
}

static const char *const formats[] = {"GPKG", "FlatGeobuf"};
static const char *const some[] = {"r", "名称", NULL};
static const char *const none[] = {NULL};
/* Without the boolean, which sends the reader to the row way: everything that comes by Arrow in both formats. */
static const char *const most[] = {"名称", "i", "i64", "r", NULL};
static const char *const dated[] = {"day", "i", NULL};
static const double box[4] = {118.1, 28.9, 118.11, 29.1};
static const struct {
    const char *label;
    eb_read_options options;
} reads[] = {
    {"all", {0}},
    {"some fields", {.fields = some}},
    {"no fields", {.fields = none}},
    {"what Arrow gives", {.fields = most}},
    {"what Arrow gives, filtered", {.fields = most, .where = "i > 2000 OR i < -2400"}},
    {"what Arrow gives, in a box", {.fields = most, .box = box}},
    {"what Arrow gives, in small batches", {.fields = most, .batch_features = 7}},
    {"what Arrow gives, without shapes", {.fields = most, .no_shapes = true}},
    {"no shapes", {.no_shapes = true}},
    {"filter", {.where = "i > 2000 OR i < -2400"}},
    {"filter on a field that is not read", {.where = "i > 2000", .fields = some}},
    {"filter that takes nothing", {.where = "i > 1000000"}},
    {"box", {.box = box}},
    {"box and filter", {.box = box, .where = "r > 145"}},
    {"small batches", {.batch_features = 7}},
    {"one by one", {.batch_features = 1, .where = "i > 2400"}},
    {"large batches", {.batch_features = 1000000}},
};

START_TEST(arrow_is_rows)
{
    size_t format = (size_t)_i % 2, row = (size_t)_i / 2;
    char path[300];
    eb_error err = {0};
    eb_source *source = NULL;
    eb_layer *layer = NULL, *again = NULL;
    snprintf(path, sizeof path, "%s/t.%s", folder, format ? "fgb" : "gpkg");
    write_with_gdal(formats[format], path);
    ck_assert_msg(eb_source_open(path, &reads[row].options, &source, &err) == EB_OK, "%s: %s", reads[row].label, err.message);
    ck_assert_msg(eb_layer_read(source, NULL, &layer, &err) == EB_OK, "%s: %s", reads[row].label, err.message);
    eb_layer *want =
        read_rows(path, eb_source_schema(source), reads[row].options.where, reads[row].options.box, !reads[row].options.no_shapes);
    compare_layers(reads[row].label, layer, want);
    ck_assert_int_eq(eb_source_rewind(source, &err), EB_OK);
    ck_assert_int_eq(eb_layer_read(source, NULL, &again, &err), EB_OK);
    compare_layers("after rewinding", again, want);
    eb_layer_free(again);
    eb_layer_free(want);
    eb_layer_free(layer);
    eb_source_free(source);
}
END_TEST

START_TEST(dates_by_arrow)
{
    char path[300];
    eb_error err = {0};
    eb_source *source = NULL;
    eb_layer *layer = NULL;
    eb_read_options options = {.fields = dated};
    snprintf(path, sizeof path, "%s/t.gpkg", folder);
    write_with_gdal("GPKG", path);
    ck_assert_int_eq(eb_source_open(path, &options, &source, &err), EB_OK);
    ck_assert_int_eq(eb_layer_read(source, NULL, &layer, &err), EB_OK);
    eb_layer *want = read_rows(path, eb_source_schema(source), NULL, NULL, true);
    compare_layers("dates from 1900 to 2099", layer, want);
    eb_layer_free(want);
    eb_layer_free(layer);
    eb_source_free(source);
}
END_TEST

/* In SQLite a quoted name that is no column is a text: it must not select nothing in silence. */
START_TEST(wrong_names_in_filters)
{
    static const char *const wrong[] = {"\"nmae\" = 1", "nmae = 1", "i >", "i = 1; DROP TABLE t"};
    char path[300];
    eb_error err = {0};
    eb_source *source = NULL;
    snprintf(path, sizeof path, "%s/t.gpkg", folder);
    write_with_gdal("GPKG", path);
    eb_read_options options = {.where = wrong[_i]};
    ck_assert_msg(eb_source_open(path, &options, &source, &err) == EB_USAGE, "%s is taken", wrong[_i]);
    ck_assert_ptr_nonnull(strstr(err.message, "bad filter"));
}
END_TEST

/* A page of zeros in the middle of the database. */
START_TEST(damaged_in_the_middle)
{
    char path[300], zeros[4096] = {0};
    eb_error err = {0};
    eb_source *source = NULL;
    eb_layer *layer = NULL;
    snprintf(path, sizeof path, "%s/t.gpkg", folder);
    write_with_gdal("GPKG", path);
    FILE *file = fopen(path, "r+b");
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    long pages = ftell(file) / 4096;
    for (long page = pages / 3; page < pages / 3 + 8; page++) {
        ck_assert_int_eq(fseek(file, page * 4096, SEEK_SET), 0);
        ck_assert_uint_eq(fwrite(zeros, 1, sizeof zeros, file), sizeof zeros);
    }
    fclose(file);
    eb_status status = eb_source_open(path, NULL, &source, &err);
    if (!status) status = eb_layer_read(source, NULL, &layer, &err);
    ck_assert_msg(status == EB_INPUT, "%s: %s", eb_status_name(status), err.message);
    eb_source_free(source);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("layer_arrow");
    TCase *tcase = tcase_create("arrow");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, arrow_is_rows, 0, 2 * (int)(sizeof reads / sizeof *reads));
    tcase_add_test(tcase, dates_by_arrow);
    tcase_add_loop_test(tcase, wrong_names_in_filters, 0, 4);
    tcase_add_test(tcase, damaged_in_the_middle);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
