/* Schemas, batches, layers in memory, and sources and sinks over them. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ecobelt/layer.h>

/* A point as little-endian WKB. */
static eb_wkb point(uint8_t bytes[21], double x, double y)
{
    static const uint8_t head[5] = {1, 1, 0, 0, 0};
    memcpy(bytes, head, sizeof head);
    memcpy(bytes + 5, &x, 8);
    memcpy(bytes + 13, &y, 8);
    return (eb_wkb){bytes, 21};
}

static eb_schema *sample_schema(void)
{
    eb_schema *schema = eb_schema_new("样本", EB_SHAPE_POINT, NULL);
    ck_assert_ptr_nonnull(schema);
    ck_assert_int_eq(eb_schema_add_field(schema, "name", EB_FIELD_TEXT), 0);
    ck_assert_int_eq(eb_schema_add_field(schema, "n", EB_FIELD_INTEGER), 1);
    ck_assert_int_eq(eb_schema_add_field(schema, "面积", EB_FIELD_REAL), 2);
    ck_assert_int_eq(eb_schema_add_field(schema, "day", EB_FIELD_DATE), 3);
    ck_assert_int_eq(eb_schema_add_field(schema, "ok", EB_FIELD_BOOLEAN), 4);
    return schema;
}

/* Feature i lies at (i, -i); every third has null attributes, every fifth no shape. */
static eb_layer *sample_layer(size_t count)
{
    eb_schema *schema = sample_schema();
    eb_layer *layer = eb_layer_new(schema);
    eb_schema_free(schema);
    ck_assert_ptr_nonnull(layer);
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[21];
        eb_wkb shape = point(bytes, (double)i, -(double)i);
        if (i % 5 == 0) shape.size = 0;
        eb_batch *batch = eb_layer_tail(layer);
        ck_assert(eb_batch_add(batch, (int64_t)i + 100, shape));
        if (i % 3 == 0) continue;
        char name[32];
        snprintf(name, sizeof name, "第%zu号", i);
        ck_assert(eb_batch_set_text(batch, 0, name));
        ck_assert(eb_batch_set_integer(batch, 1, (int64_t)i));
        ck_assert(eb_batch_set_real(batch, 2, (double)i / 10));
        ck_assert(eb_batch_set_text(batch, 3, "2020-05-08"));
        ck_assert(eb_batch_set_integer(batch, 4, i % 2));
    }
    return layer;
}

START_TEST(schema_copies)
{
    eb_schema *schema = sample_schema();
    schema->fields[2].alias = strdup("Area");
    schema->fields[2].width = 12;
    schema->file = strdup("a.gpkg");
    eb_schema *copy = eb_schema_copy(schema);
    eb_schema_free(schema);
    ck_assert_str_eq(copy->name, "样本");
    ck_assert_str_eq(copy->file, "a.gpkg");
    ck_assert_uint_eq(copy->field_count, 5);
    ck_assert_str_eq(copy->fields[2].alias, "Area");
    ck_assert_int_eq(copy->fields[2].width, 12);
    ck_assert_int_eq(eb_schema_find(copy, "面积"), 2);
    ck_assert_int_eq(eb_schema_find(copy, "NAME"), 0);
    ck_assert_int_eq(eb_schema_find(copy, "nam"), -1);
    eb_schema_free(copy);
    eb_schema_free(NULL);
}
END_TEST

START_TEST(batch_holds_values)
{
    eb_layer *layer = sample_layer(7);
    const eb_batch *batch = eb_layer_batch_at(layer, 0);
    ck_assert_uint_eq(batch->count, 7);
    ck_assert(eb_batch_is_null(batch, 3, 0));
    ck_assert_str_eq(eb_batch_text_at(batch, 3, 0), "");
    ck_assert(isnan(eb_batch_real_at(batch, 3, 2)));
    ck_assert_str_eq(eb_batch_text_at(batch, 4, 0), "第4号");
    ck_assert_int_eq(eb_batch_integer_at(batch, 4, 1), 4);
    ck_assert_double_eq(eb_batch_real_at(batch, 4, 1), 4);
    ck_assert_double_eq(eb_batch_real_at(batch, 4, 2), 0.4);
    ck_assert_uint_eq(eb_batch_shape_at(batch, 5).size, 0);
    ck_assert_uint_eq(eb_batch_shape_at(batch, 6).size, 21);
    eb_layer_free(layer);
}
END_TEST

static const struct {
    const char *label;
    size_t feature, field, size;
    const char *want;
} formats[] = {
    {"text", 4, 0, 64, "第4号"},
    {"cut at a character", 4, 0, 6, "第4"},
    {"cut inside the last one", 4, 0, 7, "第4"},
    {"integer", 4, 1, 64, "4"},
    {"shortest real", 4, 2, 64, "0.4"},
    {"date", 4, 3, 64, "2020-05-08"},
    {"false", 4, 4, 64, "false"},
    {"true", 1, 4, 64, "true"},
    {"null", 3, 1, 64, ""},
};

START_TEST(batch_formats)
{
    eb_layer *layer = sample_layer(7);
    char text[64];
    eb_batch_format_at(eb_layer_batch_at(layer, 0), formats[_i].feature, formats[_i].field, text, formats[_i].size);
    ck_assert_msg(strcmp(text, formats[_i].want) == 0, "%s: \"%s\", want \"%s\"", formats[_i].label, text, formats[_i].want);
    eb_layer_free(layer);
}
END_TEST

START_TEST(value_set_twice)
{
    eb_schema *schema = sample_schema();
    eb_batch *batch = eb_batch_new(schema);
    uint8_t bytes[21];
    ck_assert(eb_batch_add(batch, 1, point(bytes, 1, 2)));
    ck_assert(eb_batch_set_text(batch, 0, "first and long"));
    ck_assert(eb_batch_set_text(batch, 0, "second"));
    ck_assert(eb_batch_add(batch, 2, point(bytes, 3, 4)));
    ck_assert(eb_batch_set_text(batch, 0, "x"));
    ck_assert(eb_batch_set_text(batch, 0, NULL));
    ck_assert_str_eq(eb_batch_text_at(batch, 0, 0), "second");
    ck_assert(eb_batch_is_null(batch, 1, 0));
    ck_assert_str_eq(eb_batch_text_at(batch, 1, 0), "");
    eb_batch_clear(batch);
    ck_assert_uint_eq(batch->count, 0);
    ck_assert(eb_batch_add(batch, 3, point(bytes, 5, 6)));
    ck_assert_str_eq(eb_batch_text_at(batch, 0, 0), "");
    double x = 0, y = 0;
    memcpy(&x, eb_batch_shape_at(batch, 0).data + 5, 8);
    memcpy(&y, eb_batch_shape_at(batch, 0).data + 13, 8);
    ck_assert_double_eq(x, 5);
    ck_assert_double_eq(y, 6);
    eb_batch_free(batch);
    eb_schema_free(schema);
}
END_TEST

/* Read everything and compare with what sample_layer() wrote. */
static size_t check_read(eb_source *source, size_t name_field, size_t first)
{
    eb_error err;
    eb_batch *batch = eb_batch_new(eb_source_schema(source));
    size_t at = first;
    for (;;) {
        ck_assert_int_eq(eb_source_next(source, batch, &err), EB_OK);
        if (batch->count == 0) break;
        ck_assert_int_eq(batch->first, (int64_t)(at - first));
        for (size_t i = 0; i < batch->count; i++, at++) {
            char name[32];
            snprintf(name, sizeof name, "第%zu号", at);
            ck_assert_int_eq(batch->fids[i], (int64_t)at + 100);
            ck_assert_str_eq(eb_batch_text_at(batch, i, name_field), at % 3 ? name : "");
            ck_assert_uint_eq(eb_batch_shape_at(batch, i).size, at % 5 ? 21 : 0);
        }
    }
    eb_batch_free(batch);
    return at - first;
}

START_TEST(source_over_layer)
{
    eb_error err;
    eb_layer *layer = sample_layer(10000);
    ck_assert_uint_eq(eb_layer_count(layer), 10000);
    ck_assert_uint_gt(eb_layer_batch_count(layer), 1);
    static const size_t sizes[] = {0, 1, 7, 4096, 100000};
    eb_read_options options = {.batch_features = sizes[_i]};
    eb_source *source = NULL;
    ck_assert_int_eq(eb_source_from_layer(layer, &options, &source, &err), EB_OK);
    ck_assert_int_eq(eb_source_schema(source)->feature_count, 10000);
    ck_assert_uint_eq(check_read(source, 0, 0), 10000);
    ck_assert_int_eq(eb_source_rewind(source, &err), EB_OK);
    ck_assert_uint_eq(check_read(source, 0, 0), 10000);
    double box[4];
    ck_assert_int_eq(eb_source_extent(source, box, &err), EB_OK);
    ck_assert_double_eq(box[0], 1);
    ck_assert_double_eq(box[1], -9999);
    ck_assert_double_eq(box[2], 9999);
    ck_assert_double_eq(box[3], -1);
    eb_source_free(source);
    eb_layer_free(layer);
}
END_TEST

START_TEST(source_selects_fields)
{
    eb_error err;
    eb_layer *layer = sample_layer(10);
    const char *fields[] = {"NAME", "ok", NULL};
    eb_read_options options = {.fields = fields};
    eb_source *source = NULL;
    ck_assert_int_eq(eb_source_from_layer(layer, &options, &source, &err), EB_OK);
    ck_assert_uint_eq(eb_source_schema(source)->field_count, 2);
    ck_assert_str_eq(eb_source_schema(source)->fields[1].name, "ok");
    ck_assert_uint_eq(check_read(source, 0, 0), 10);
    eb_source_free(source);

    const char *wrong[] = {"name", "nmae", NULL};
    options.fields = wrong;
    ck_assert_int_eq(eb_source_from_layer(layer, &options, &source, &err), EB_USAGE);
    ck_assert_ptr_nonnull(strstr(err.message, "nmae"));
    ck_assert_str_eq(err.hint, "its fields are: name, n, 面积, day, ok");
    const char *none[] = {NULL};
    options.fields = none;
    ck_assert_int_eq(eb_source_from_layer(layer, &options, &source, &err), EB_OK);
    ck_assert_uint_eq(eb_source_schema(source)->field_count, 0);
    eb_source_free(source);
    eb_layer_free(layer);
}
END_TEST

START_TEST(source_refuses_where)
{
    eb_error err;
    eb_layer *layer = sample_layer(1);
    eb_read_options options = {.where = "n = 1"};
    eb_source *source = NULL;
    ck_assert_int_eq(eb_source_from_layer(layer, &options, &source, &err), EB_USAGE);
    eb_layer_free(layer);
}
END_TEST

START_TEST(source_filters_by_box)
{
    eb_error err;
    eb_layer *layer = sample_layer(10000);
    double box[4] = {5000, -5009, 5009, -5000};
    eb_read_options options = {.box = box, .batch_features = 3};
    eb_source *source = NULL;
    ck_assert_int_eq(eb_source_from_layer(layer, &options, &source, &err), EB_OK);
    eb_batch *batch = eb_batch_new(eb_source_schema(source));
    size_t seen = 0;
    for (;;) {
        ck_assert_int_eq(eb_source_next(source, batch, &err), EB_OK);
        if (batch->count == 0) break;
        for (size_t i = 0; i < batch->count; i++) ck_assert(batch->fids[i] >= 5100 && batch->fids[i] <= 5109);
        seen += batch->count;
    }
    ck_assert_uint_eq(seen, 8); /* ten places, two of them without a shape */
    eb_batch_free(batch);
    eb_source_free(source);
    eb_layer_free(layer);
}
END_TEST

START_TEST(empty_layer)
{
    eb_error err;
    eb_layer *layer = sample_layer(0);
    ck_assert_uint_eq(eb_layer_count(layer), 0);
    eb_source *source = NULL;
    ck_assert_int_eq(eb_source_from_layer(layer, NULL, &source, &err), EB_OK);
    double box[4];
    ck_assert_int_eq(eb_source_extent(source, box, &err), EB_INPUT);
    eb_layer *copy = NULL;
    ck_assert_int_eq(eb_layer_read(source, NULL, &copy, &err), EB_OK);
    ck_assert_uint_eq(eb_layer_batch_count(copy), 0);
    eb_layer_free(copy);
    eb_source_free(source);
    eb_layer_free(layer);
}
END_TEST

START_TEST(layer_to_layer)
{
    eb_error err;
    eb_layer *layer = sample_layer(9000);
    eb_source *source = NULL;
    eb_read_options options = {.batch_features = 1000};
    ck_assert_int_eq(eb_source_from_layer(layer, &options, &source, &err), EB_OK);
    eb_layer *copy = eb_layer_new(eb_layer_schema(layer));
    eb_sink *sink = NULL;
    ck_assert_int_eq(eb_sink_to_layer(copy, &sink, &err), EB_OK);
    eb_batch *batch = eb_batch_new(eb_source_schema(source));
    do {
        ck_assert_int_eq(eb_source_next(source, batch, &err), EB_OK);
        ck_assert_int_eq(eb_sink_write(sink, batch, &err), EB_OK);
    } while (batch->count);
    ck_assert_int_eq(eb_sink_commit(sink, &err), EB_OK);
    eb_batch_free(batch);
    eb_source_free(source);
    ck_assert_int_eq(eb_layer_schema(copy)->feature_count, 9000);
    ck_assert_int_eq(eb_source_from_layer(copy, NULL, &source, &err), EB_OK);
    ck_assert_uint_eq(check_read(source, 0, 0), 9000);
    ck_assert_int_eq(eb_source_rewind(source, &err), EB_OK);
    eb_layer *third = NULL;
    ck_assert_int_eq(eb_layer_read(source, NULL, &third, &err), EB_OK);
    ck_assert_uint_eq(eb_layer_count(third), 9000);
    eb_source_free(source);
    ck_assert_int_eq(eb_source_from_layer(third, NULL, &source, &err), EB_OK);
    ck_assert_uint_eq(check_read(source, 0, 0), 9000);
    eb_source_free(source);
    eb_layer_free(third);
    eb_layer_free(copy);
    eb_layer_free(layer);
}
END_TEST

static bool stop(void *user)
{
    (void)user;
    return true;
}

START_TEST(reading_can_be_cancelled)
{
    eb_error err;
    eb_layer *layer = sample_layer(10), *copy = NULL;
    eb_source *source = NULL;
    ck_assert_int_eq(eb_source_from_layer(layer, NULL, &source, &err), EB_OK);
    eb_env env = {.cancelled = stop};
    ck_assert_int_eq(eb_layer_read(source, &env, &copy, &err), EB_CANCELLED);
    ck_assert_ptr_null(copy);
    eb_source_free(source);
    eb_layer_free(layer);
}
END_TEST

START_TEST(frame_needs_degrees)
{
    eb_error err;
    eb_crs *crs = NULL;
    ck_assert_int_eq(eb_crs_new(_i ? "EPSG:4528" : "EPSG:4490", &crs, &err), EB_OK);
    eb_schema *schema = eb_schema_new("points", EB_SHAPE_POINT, crs);
    eb_layer *layer = eb_layer_new(schema);
    uint8_t bytes[21];
    ck_assert(eb_batch_add(eb_layer_tail(layer), 1, point(bytes, 118.87477665, 28.93687579)));
    eb_read_options options = {.frame = EB_FRAME_GCJ02};
    eb_source *source = NULL;
    ck_assert_int_eq(eb_source_from_layer(layer, &options, &source, &err), _i ? EB_REFUSED : EB_OK);
    if (!_i) {
        double box[4];
        ck_assert_int_eq(eb_source_extent(source, box, &err), EB_OK);
        ck_assert_double_eq_tol(box[0], 118.87, 2e-8);
        ck_assert_double_eq_tol(box[1], 28.94, 2e-8);
    }
    eb_source_free(_i ? NULL : source);
    eb_layer_free(layer);
    eb_schema_free(schema);
    eb_crs_free(crs);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("layer_memory");
    TCase *tcase = tcase_create("memory");
    tcase_add_test(tcase, schema_copies);
    tcase_add_test(tcase, batch_holds_values);
    tcase_add_loop_test(tcase, batch_formats, 0, (int)(sizeof formats / sizeof *formats));
    tcase_add_test(tcase, value_set_twice);
    tcase_add_loop_test(tcase, source_over_layer, 0, 5);
    tcase_add_test(tcase, source_selects_fields);
    tcase_add_test(tcase, source_refuses_where);
    tcase_add_test(tcase, source_filters_by_box);
    tcase_add_test(tcase, empty_layer);
    tcase_add_test(tcase, layer_to_layer);
    tcase_add_test(tcase, reading_can_be_cancelled);
    tcase_add_loop_test(tcase, frame_needs_degrees, 0, 2);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
