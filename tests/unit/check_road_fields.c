/* What the fields of a road layer mean: speeds, directions, levels, bridges, closed roads, names; in fields and in OSM's tags. */
#include "analysis/roads/road_fields.h"
#include "eb_test.h"

#include "analysis/roads/roads.h"

static const eb_param PARAMS[] = {{.key = "network", .type = EB_PARAM_LAYER, .flags = EB_PARAM_POSITIONAL}, EB_ROADS_PARAMS};
enum { PARAM_COUNT = sizeof PARAMS / sizeof *PARAMS };

/* A layer with one feature, and where its attributes are found. */
typedef struct world {
    eb_schema *schema;
    eb_batch *batch;
    eb_args *args;
    eb_road_fields fields;
} world;

/* Text fields "name=value", NULL-terminated; the parameters named before are kept. */
static void make(world *w, const char *const *fields)
{
    w->schema = eb_schema_new("roads", EB_SHAPE_LINE, NULL);
    for (size_t i = 0; fields[i]; i++) {
        char name[40];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(fields[i], "="), fields[i]);
        ck_assert_int_ge(eb_schema_add_field(w->schema, name, EB_FIELD_TEXT), 0);
    }
    w->batch = eb_batch_new(w->schema);
    ck_assert(eb_batch_add(w->batch, 1, (eb_wkb){0}));
    for (size_t i = 0; fields[i]; i++) ck_assert(eb_batch_set_text(w->batch, i, strchr(fields[i], '=') + 1));
    w->args = eb_args_new(PARAMS, PARAM_COUNT);
}

static void unmake(world *w)
{
    eb_batch_free(w->batch);
    eb_schema_free(w->schema);
    eb_args_free(w->args);
}

static eb_road_attributes read_fields(const char *const *fields)
{
    world w;
    eb_error err = {0};
    eb_road_attributes a;
    make(&w, fields);
    EB_ASSERT_OK(eb_road_fields_find(w.args, w.schema, &w.fields, &err), &err);
    eb_road_fields_read(&w.fields, w.batch, 0, &a);
    unmake(&w);
    return a;
}
#define READ(...) read_fields((const char *const[]){__VA_ARGS__, NULL})

START_TEST(test_speeds)
{
    static const struct {
        const char *field;
        double kmh;
    } rows[] = {
        {"speed_kmh=60", 60},          {"maxspeed=50", 50},      {"maxspeed=50 km/h", 50},
        {"maxspeed=30 mph", 48.28032}, {"maxspeed=80kmh", 80},   {"maxspeed=80 kmh", 80},
        {"maxspeed=33.5", 33.5},       {"maxspeed=", 0},         {"maxspeed=0", 0},
        {"maxspeed=-50", 0},           {"maxspeed=none", 0},     {"maxspeed=nan", 0},
        {"maxspeed=inf", 0},           {"maxspeed=1e9", 0},      {"maxspeed=401", 0},
        {"maxspeed=400", 400},         {"maxspeed=50;30", 0},    {"maxspeed=mph", 0},
        {"maxspeed=walk", 0},          {"maxspeed=50 mph x", 0}, {"speed_kmh=12345678901234567890123456789012345678901234567890", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) EB_ASSERT_NEAR(rows[i].field, READ(rows[i].field).speed_kmh, rows[i].kmh, 1e-9);
}
END_TEST

START_TEST(test_directions)
{
    static const struct {
        const char *value;
        eb_oneway oneway;
        bool odd;
    } rows[] = {
        {"yes", EB_ONEWAY_FORWARD, false},   {"true", EB_ONEWAY_FORWARD, false},
        {"1", EB_ONEWAY_FORWARD, false},     {"FT", EB_ONEWAY_FORWARD, false},
        {"单向", EB_ONEWAY_FORWARD, false},  {"-1", EB_ONEWAY_BACKWARD, false},
        {"TF", EB_ONEWAY_BACKWARD, false},   {"reverse", EB_ONEWAY_BACKWARD, false},
        {"no", EB_ONEWAY_NO, false},         {"0", EB_ONEWAY_NO, false},
        {"", EB_ONEWAY_NO, false},           {"B", EB_ONEWAY_NO, false},
        {"reversible", EB_ONEWAY_NO, false}, {"2", EB_ONEWAY_NO, true},
        {"perhaps", EB_ONEWAY_NO, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char field[60];
        snprintf(field, sizeof field, "oneway=%s", rows[i].value);
        eb_road_attributes a = READ(field);
        ck_assert_msg(a.oneway == rows[i].oneway && a.odd_oneway == rows[i].odd, "%s: %d, odd %d", field, (int)a.oneway, a.odd_oneway);
    }
}
END_TEST

START_TEST(test_levels_and_structures)
{
    static const struct {
        const char *field;
        int level;
        bool odd, structure, closed;
    } rows[] = {
        {"layer=1", 1, false, false, false},   {"layer=-2", -2, false, false, false},
        {"level=3", 3, false, false, false},   {"layer=", 0, false, false, false},
        {"layer=1;2", 0, true, false, false},  {"layer=1.5", 0, true, false, false},
        {"layer=101", 0, true, false, false},  {"layer=-100", -100, false, false, false},
        {"bridge=yes", 0, false, true, false}, {"bridge=viaduct", 0, false, true, false},
        {"bridge=no", 0, false, false, false}, {"tunnel=building_passage", 0, false, true, false},
        {"bridge=否", 0, false, false, false}, {"closed=1", 0, false, false, true},
        {"closed=0", 0, false, false, false},  {"closed=yes", 0, false, false, true},
        {"closed=", 0, false, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        eb_road_attributes a = READ(rows[i].field);
        ck_assert_msg(a.level == rows[i].level && a.odd_level == rows[i].odd && a.structure == rows[i].structure &&
                          a.closed == rows[i].closed,
                      "%s: level %d, odd %d, structure %d, closed %d", rows[i].field, a.level, a.odd_level, a.structure, a.closed);
    }
}
END_TEST

START_TEST(test_osm_tags)
{
    eb_road_attributes a =
        READ("highway=primary", "other_tags=\"maxspeed\"=>\"90\",\"oneway\"=>\"-1\",\"layer\"=>\"-1\",\"tunnel\"=>\"yes\"");
    ck_assert_str_eq(a.class_name, "primary");
    ck_assert(a.speed_kmh == 90 && a.oneway == EB_ONEWAY_BACKWARD && a.level == -1 && a.structure && !a.not_for_cars);
    /* A value that looks like a key, quotes in a value, a key that begins like another. */
    a = READ("highway=primary",
             "other_tags=\"note\"=>\"maxspeed\",\"source\"=>\"say \\\"layer\\\"=>\\\"5\\\"\",\"maxspeed:hgv\"=>\"30\",\"layer\"=>\"2\"");
    ck_assert(a.speed_kmh == 0 && a.level == 2);
    a = READ("highway=motorway", "other_tags=");
    ck_assert_int_eq(a.oneway, EB_ONEWAY_FORWARD);
    a = READ("highway=motorway", "other_tags=\"oneway\"=>\"no\"");
    ck_assert_int_eq(a.oneway, EB_ONEWAY_NO);
    a = READ("highway=tertiary", "other_tags=\"junction\"=>\"roundabout\"");
    ck_assert_int_eq(a.oneway, EB_ONEWAY_FORWARD);
    ck_assert(READ("highway=", "other_tags=\"waterway\"=>\"river\"").not_for_cars);
    ck_assert(READ("highway=footway", "other_tags=").not_for_cars);
    ck_assert(!READ("highway=track", "other_tags=").not_for_cars);
    /* Outside OpenStreetMap files a road without class is a road. */
    ck_assert(!READ("class=").not_for_cars);
    /* Tags cut short at every byte: nothing is read that is not there, nothing outside the text is touched. */
    const char *whole = "other_tags=\"a\\\"b\"=>\"c\\\\\",\"layer\"=>\"3\"";
    for (size_t n = strlen("other_tags="); n <= strlen(whole); n++) {
        char cut[80];
        snprintf(cut, sizeof cut, "%.*s", (int)n, whole);
        a = READ("highway=primary", cut);
        ck_assert_msg(a.level == 0 || a.level == 3, "cut after %zu bytes: level %d", n, a.level);
    }
}
END_TEST

START_TEST(test_names)
{
    static const struct {
        const char *fields[3];
        const char *name;
    } rows[] = {
        {{"name=Main Street", "ref=G1"}, "Main Street"}, {{"name=", "ref=G1"}, "G1"}, {{"class=x", "ref=G2"}, "G2"}, {{"class=x"}, ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world w;
        eb_error err = {0};
        char text[40];
        make(&w, rows[i].fields);
        EB_ASSERT_OK(eb_road_fields_find(w.args, w.schema, &w.fields, &err), &err);
        eb_road_fields_name(&w.fields, w.batch, 0, text, sizeof text);
        ck_assert_str_eq(text, rows[i].name);
        unmake(&w);
    }
}
END_TEST

START_TEST(test_named_fields)
{
    world w;
    eb_error err = {0};
    eb_road_attributes a;
    make(&w, (const char *const[]){"DJ=二级", "XS=70", "class=wrong", NULL});
    EB_ASSERT_OK(eb_args_add(w.args, "class", "DJ", false, &err), &err);
    EB_ASSERT_OK(eb_args_add(w.args, "speed", "XS", false, &err), &err);
    EB_ASSERT_OK(eb_road_fields_find(w.args, w.schema, &w.fields, &err), &err);
    eb_road_fields_read(&w.fields, w.batch, 0, &a);
    ck_assert_str_eq(a.class_name, "二级");
    ck_assert(a.speed_kmh == 70);
    EB_ASSERT_OK(eb_args_add(w.args, "level", "none", false, &err), &err);
    EB_ASSERT_STATUS(eb_road_fields_find(w.args, w.schema, &w.fields, &err), EB_USAGE, &err);
    EB_ASSERT_HAS(err.message, "no field \"none\"");
    unmake(&w);
}
END_TEST

START_TEST(test_class_speeds)
{
    EB_ASSERT_NEAR("known", eb_road_class_speed("高速", 0, 5), 100, 0);
    EB_ASSERT_NEAR("known, whatever its rank", eb_road_class_speed("二级", -1, 5), 60, 0);
    EB_ASSERT_NEAR("own, best", eb_road_class_speed("A", 0, 5), 100, 0);
    EB_ASSERT_NEAR("own, middle", eb_road_class_speed("C", 2, 5), 60, 0);
    EB_ASSERT_NEAR("own, worst", eb_road_class_speed("E", 4, 5), 20, 0);
    EB_ASSERT_NEAR("own, only", eb_road_class_speed("A", 0, 1), 60, 0);
    EB_ASSERT_NEAR("unknown", eb_road_class_speed("Z", -1, 5), 30, 0);
    /* The list goes from good to bad within each of its two languages. */
    ck_assert_str_eq(eb_road_class_at(eb_road_class_count()), "");
    for (size_t i = 0; i < eb_road_class_count(); i++) ck_assert(eb_road_class_speed(eb_road_class_at(i), (int)i, 3) > 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("road_fields");
    TCase *c = tcase_create("road_fields");
    tcase_add_test(c, test_speeds);
    tcase_add_test(c, test_directions);
    tcase_add_test(c, test_levels_and_structures);
    tcase_add_test(c, test_osm_tags);
    tcase_add_test(c, test_names);
    tcase_add_test(c, test_named_fields);
    tcase_add_test(c, test_class_speeds);
    suite_add_tcase(suite, c);
    return eb_test_run(suite);
}
