/* What can be told of a route before it runs: what goes together, and whether the classes and stops that are named are there. */
#include <stdio.h>
#include <string.h>

#include "analysis/outlook.h"
#include "analysis/roads/road_fields.h"
#include "analysis/roads/route_run.h"
#include "base/text.h"
#include "base/translate.h"

eb_status eb_route_check(const eb_args *args, eb_error *err)
{
    const char *start = eb_args_text(args, "start"), *end = eb_args_text(args, "end");
    if (end && eb_args_flag(args, "loop")) {
        eb_error_set(err, EB_USAGE, "a loop ends where it starts: it takes no end");
        eb_error_hint(err, "leave out either loop or end");
        return EB_USAGE;
    }
    if (start && end && strcmp(start, end) == 0) {
        eb_error_set(err, EB_USAGE, "start and end are the same stop");
        eb_error_hint(err, "to come back to the start, ask for a loop");
        return EB_USAGE;
    }
    return EB_OK;
}

eb_status eb_route_no_class(const char *name, eb_error *err)
{
    eb_error_set(err, EB_USAGE, "the class \"%s\" to avoid is not known", name);
    eb_error_hint(err, "write it as the network does, or list all classes with --class-order");
    return EB_USAGE;
}

eb_status eb_route_no_stop(const char *name, eb_error *err)
{
    eb_error_set(err, EB_USAGE, "no stop of the route is called \"%s\", or it cannot be reached", name);
    eb_error_hint(err, "start and end name stops as their name field does");
    return EB_USAGE;
}

/* --- classes ----------------------------------------------------------------------------------------------------------------------- */

typedef struct class_look {
    const eb_args *args;
    eb_road_fields fields;
} class_look;

static bool find_class(void *self, const eb_schema *schema)
{
    class_look *look = self;
    return eb_road_fields_find(look->args, schema, &look->fields, NULL) == EB_OK;
}

static bool is_of_class(const void *self, const eb_batch *batch, size_t i, const char *name)
{
    const class_look *look = self;
    eb_road_attributes road;
    eb_road_fields_read(&look->fields, batch, i, &road);
    return eb_text_same(road.class_name, name);
}

bool eb_route_next_class(const char **at, char *name, size_t size)
{
    const size_t length = strcspn(*at, "+");
    if (**at == '\0') return false;
    snprintf(name, size, "%.*s", (int)(length < size ? length : size - 1), *at);
    *at += length + ((*at)[length] == '+');
    return true;
}

/* Is the class listed, or, as far as it can be read, that of a road? */
static eb_status check_class(const eb_args *args, const eb_outlook *look, const char *text, eb_error *err)
{
    char name[EB_ROUTE_CLASS_SIZE];
    class_look in = {.args = args};
    const eb_outlook_names names = {.layer = eb_args_text(args, "network"),
                                    .where = eb_args_text(args, "network_where"),
                                    .prepare = find_class,
                                    .called = is_of_class,
                                    .self = &in};
    eb_text_copy(name, sizeof name, text);
    eb_road_class_trim(name);
    return eb_road_class_listed(args, name) || eb_outlook_has(look, &names, name) ? EB_OK : eb_route_no_class(name, err);
}

static eb_status check_classes(const eb_args *args, const eb_outlook *look, const char **key, eb_error *err)
{
    eb_status status = EB_OK;
    *key = "avoid";
    for (size_t i = 0; i < eb_args_count(args, "avoid") && status == EB_OK; i++)
        status = check_class(args, look, eb_args_text_at(args, "avoid", i), err);
    if (status == EB_OK) *key = "alternative";
    for (size_t i = 0; i < eb_args_count(args, "alternative") && status == EB_OK; i++) {
        const char *at = eb_args_text_at(args, "alternative", i);
        char name[EB_ROUTE_CLASS_SIZE];
        while (status == EB_OK && eb_route_next_class(&at, name, sizeof name)) status = check_class(args, look, name, err);
    }
    return status;
}

/* --- stops ------------------------------------------------------------------------------------------------------------------------- */

int eb_route_name_field(const eb_schema *schema, const char *named)
{
    static const char *const names[] = {"name", "name_zh", "NAME", "名称"}, *const chinese[] = {"name_zh", "名称", "name", "NAME"};
    const char *const *usual = eb_lang_get() == EB_LANG_ZH ? chinese : names;
    int field = named ? eb_schema_find(schema, named) : -1;
    for (size_t i = 0; !named && i < sizeof names / sizeof *names && field < 0; i++) field = eb_schema_find(schema, usual[i]);
    return field;
}

typedef struct stop_look {
    const char *named;
    int field;
} stop_look;

static bool find_name(void *self, const eb_schema *schema)
{
    stop_look *look = self;
    look->field = eb_route_name_field(schema, look->named);
    return look->field >= 0 || !look->named;
}

static bool is_called(const void *self, const eb_batch *batch, size_t i, const char *name)
{
    const stop_look *look = self;
    char text[400] = "";
    if (look->field >= 0) eb_batch_format_at(batch, i, (size_t)look->field, text, sizeof text);
    if (!text[0]) snprintf(text, sizeof text, "%lld", (long long)batch->fids[i]);
    return strcmp(text, name) == 0;
}

static eb_status check_stop(const eb_args *args, const eb_outlook *look, const char *key, eb_error *err)
{
    const char *name = eb_args_text(args, key);
    stop_look in = {.named = eb_args_text(args, "name")};
    const eb_outlook_names names = {
        .layer = eb_args_text(args, "stops"), .where = eb_args_text(args, "where"), .prepare = find_name, .called = is_called, .self = &in};
    return !name || eb_outlook_has(look, &names, name) ? EB_OK : eb_route_no_stop(name, err);
}

/* --- heights ----------------------------------------------------------------------------------------------------------------------- */

static eb_status check_heights(const eb_args *args, const eb_outlook *look, eb_error *err)
{
    const char *file = eb_args_text(args, "dem");
    const eb_crs *crs = file ? look->crs(look->self, eb_args_text(args, "network")) : NULL;
    eb_crs *places = NULL;
    eb_raster *raster = NULL;
    if (!crs) return EB_OK;
    eb_status status = eb_crs_geographic(crs, &places, err);
    if (status == EB_OK) status = eb_raster_open(file, places, &raster, err);
    eb_raster_free(raster);
    eb_crs_free(places);
    return status;
}

eb_status eb_route_check_layers(const eb_args *args, const eb_outlook *look, const char **key, eb_error *err)
{
    static const char *const ends[] = {"start", "end"};
    eb_status status = check_classes(args, look, key, err);
    for (size_t i = 0; i < 2 && status == EB_OK; i++) {
        *key = ends[i];
        status = check_stop(args, look, ends[i], err);
    }
    if (status == EB_OK) *key = "dem";
    return status == EB_OK ? check_heights(args, look, err) : status;
}
