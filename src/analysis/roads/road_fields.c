/* What the fields of a road layer mean. */
#include "analysis/roads/road_fields.h"

#include <ecobelt/measure.h>

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* OpenStreetMap's ways that no car may use, or that are not there yet. */
static const char *const not_for_cars[] = {"footway",      "path",     "steps",    "cycleway", "pedestrian", "bridleway",   "corridor",
                                           "construction", "proposed", "platform", "elevator", "raceway",    "via_ferrata", "abandoned"};

double eb_road_part_length(double a, double f, const eb_wkb_part *part)
{
    double length_m = 0, x0, y0, x1, y1;
    for (size_t i = 1; i < part->count; i++) {
        eb_wkb_xy(part, i - 1, &x0, &y0);
        eb_wkb_xy(part, i, &x1, &y1);
        length_m += eb_distance_m(a, f, x0, y0, x1, y1);
    }
    return length_m;
}

/* The named field, else the first of the usual names (NULL-terminated) that is there, else the first as a tag. */
static eb_status find(const eb_args *args, const char *key, const char *const *usual, const eb_schema *schema, bool tags,
                      eb_road_lookup *out, eb_error *err)
{
    const char *named = key ? eb_args_text(args, key) : NULL;
    *out = (eb_road_lookup){.field = -1};
    if (named) {
        out->field = eb_schema_find(schema, named);
        if (out->field >= 0) return EB_OK;
        out->tag = tags ? named : NULL;
        if (tags) return EB_OK;
        eb_error_set(err, EB_USAGE, "the network has no field \"%s\"", named);
        eb_error_hint(err, "ecobelt info lists the fields of a layer");
        eb_error_where(err, schema->file, schema->name, EB_NO_FID);
        return EB_USAGE;
    }
    for (size_t i = 0; usual[i] && out->field < 0; i++) out->field = eb_schema_find(schema, usual[i]);
    if (out->field < 0 && tags) out->tag = usual[0];
    return EB_OK;
}

eb_status eb_road_fields_find(const eb_args *args, const eb_schema *schema, eb_road_fields *out, eb_error *err)
{
    *out = (eb_road_fields){.tags = eb_schema_find(schema, "other_tags")};
    bool tags = out->tags >= 0;
    out->osm = tags && eb_schema_find(schema, "highway") >= 0;
    const struct {
        const char *key;
        const char *usual[4];
        eb_road_lookup *lookup;
    } rows[] = {
        {"class", {out->osm ? "highway" : "class", "highway", "fclass"}, &out->class_name},
        {"speed", {"maxspeed", "speed_kmh"}, &out->speed},
        {"oneway", {"oneway"}, &out->oneway},
        {"level", {"layer", "level"}, &out->level},
        {"bridge", {"bridge"}, &out->bridge},
        {NULL, {"tunnel"}, &out->tunnel},
        {"closed", {"closed"}, &out->closed},
        {NULL, {"junction"}, &out->junction},
        {"road_name", {"name"}, &out->name},
        {NULL, {"ref"}, &out->ref},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        eb_status status = find(args, rows[i].key, rows[i].usual, schema, tags, rows[i].lookup, err);
        if (status != EB_OK) return status;
    }
    return EB_OK;
}

/* Value of a key in "key"=>"value" pairs; "" where it is not there. */
static void find_tag(const char *tags, const char *key, char *text, size_t size)
{
    size_t length = strlen(key);
    for (const char *at = strchr(tags, '"'); at; at = strchr(at, '"')) {
        bool match = strncmp(at + 1, key, length) == 0 && strncmp(at + 1 + length, "\"=>\"", 4) == 0;
        const char *value = match ? at + 1 + length + 4 : NULL;
        size_t used = 0;
        for (; value && *value && *value != '"' && used + 1 < size; value++) {
            if (*value == '\\' && value[1]) value++;
            text[used++] = *value;
        }
        if (match) {
            text[used] = '\0';
            return;
        }
        /* Over this quoted word to the next one. */
        for (at++; *at && *at != '"'; at++)
            if (*at == '\\' && at[1]) at++;
        if (!*at++) break;
    }
    text[0] = '\0';
}

static void look_up(const eb_road_fields *fields, const eb_road_lookup *where, const eb_batch *batch, size_t i, char *text, size_t size)
{
    text[0] = '\0';
    if (where->field >= 0)
        eb_batch_format_at(batch, i, (size_t)where->field, text, size);
    else if (where->tag && fields->tags >= 0)
        find_tag(eb_batch_text_at(batch, i, (size_t)fields->tags), where->tag, text, size);
}

static bool one_of(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (eb_text_same(text, words[i])) return true;
    return false;
}

static bool says_no(const char *text)
{
    static const char *const words[] = {"", "no", "false", "0", "n", "f", "否", "双向"};
    return one_of(text, words, sizeof words / sizeof *words);
}

static bool says_closed(const char *text)
{
    static const char *const words[] = {"yes", "true", "1", "y", "t", "是", "closed", "封闭", "关闭", "停用", "禁行", "断交", "中断"};
    return one_of(text, words, sizeof words / sizeof *words);
}

/* Names a tunnel in a field for bridges and tunnels. */
static bool says_tunnel(const char *text)
{
    static const char *const words[] = {"tunnel", "隧道", "隧洞", "culvert", "building_passage"};
    return one_of(text, words, sizeof words / sizeof *words);
}

static eb_oneway read_oneway(const char *text, bool *odd)
{
    static const char *const forward[] = {"yes", "true", "1", "y", "t", "ft", "forward", "是", "单向"};
    static const char *const backward[] = {"-1", "reverse", "tf", "backward", "反向"};
    if (one_of(text, forward, sizeof forward / sizeof *forward)) return EB_ONEWAY_FORWARD;
    if (one_of(text, backward, sizeof backward / sizeof *backward)) return EB_ONEWAY_BACKWARD;
    *odd = !says_no(text) && !eb_text_same(text, "reversible") && !eb_text_same(text, "alternating") && !eb_text_same(text, "b");
    return EB_ONEWAY_NO;
}

/* "50", "50 km/h" or "30 mph"; 0 for all else. */
static double read_speed(const char *text)
{
    static const struct {
        const char *unit;
        double kmh;
    } units[] = {{" km/h", 1}, {"km/h", 1}, {" kmh", 1}, {"kmh", 1}, {" mph", 1.609344}, {"mph", 1.609344}, {"", 1}};
    size_t length = strlen(text);
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        size_t size = strlen(units[u].unit);
        char digits[40];
        double value;
        if (length < size || length - size >= sizeof digits || strcmp(text + length - size, units[u].unit) != 0) continue;
        memcpy(digits, text, length - size);
        digits[length - size] = '\0';
        if (eb_text_to_real(digits, &value)) return value > 0 && value <= 400 ? value * units[u].kmh : 0;
    }
    return 0;
}

void eb_road_fields_read(const eb_road_fields *fields, const eb_batch *batch, size_t i, eb_road_attributes *out)
{
    char text[200];
    *out = (eb_road_attributes){.class_name = ""};
    look_up(fields, &fields->class_name, batch, i, out->class_name, sizeof out->class_name);
    eb_road_class_trim(out->class_name);
    out->not_for_cars =
        (fields->osm && !out->class_name[0]) || one_of(out->class_name, not_for_cars, sizeof not_for_cars / sizeof *not_for_cars);
    look_up(fields, &fields->speed, batch, i, text, sizeof text);
    out->speed_kmh = read_speed(text);
    look_up(fields, &fields->oneway, batch, i, text, sizeof text);
    out->oneway = read_oneway(text, &out->odd_oneway);
    if (!text[0]) {
        /* OpenStreetMap leaves the direction of roundabouts and motorways unsaid. */
        look_up(fields, &fields->junction, batch, i, text, sizeof text);
        bool implied = fields->osm && (strcmp(text, "roundabout") == 0 || strcmp(out->class_name, "motorway") == 0);
        if (implied) out->oneway = EB_ONEWAY_FORWARD;
    }
    int64_t level = 0;
    look_up(fields, &fields->level, batch, i, text, sizeof text);
    out->odd_level = text[0] && (!eb_text_to_integer(text, &level) || level < -100 || level > 100);
    out->level = out->odd_level ? 0 : (int)level;
    look_up(fields, &fields->bridge, batch, i, text, sizeof text);
    out->structure = !says_no(text);
    out->tunnel = says_tunnel(text);
    look_up(fields, &fields->tunnel, batch, i, text, sizeof text);
    out->tunnel = out->tunnel || !says_no(text);
    out->structure = out->structure || out->tunnel;
    look_up(fields, &fields->closed, batch, i, text, sizeof text);
    out->closed = !says_no(text);
    out->odd_closed = out->closed && !says_closed(text);
}

void eb_road_fields_name(const eb_road_fields *fields, const eb_batch *batch, size_t i, char *text, size_t size)
{
    look_up(fields, &fields->name, batch, i, text, size);
    if (!text[0]) look_up(fields, &fields->ref, batch, i, text, size);
}
