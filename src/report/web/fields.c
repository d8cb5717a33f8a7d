/* Attributes as people read them in a popup. */
#include "report/heading.h"
#include "report/web/web.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** What programs need and people do not. */
static bool is_internal(const char *name)
{
    static const char *const names[] = {"id",         "fid",     "ogc_fid",    "gid",          "objectid",   "uuid",       "guid",
                                        "globalid",   "osm_id",  "osm_way_id", "source_fid",   "from_node",  "to_node",    "class_rank",
                                        "flow_order", "belt",    "component",  "shape_length", "shape_leng", "shape_area", "shape_le_1",
                                        "variant",    "z_order", "other_tags", "tolerance_m",  "datum",      "oneway"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (eb_text_same(name, names[i])) return true;
    }
    return false;
}

static bool ends_in(const char *name, const char *end)
{
    const size_t size = strlen(name), own = strlen(end);
    return size > own && strcmp(name + size - own, end) == 0;
}

/** Length of a name without its language: "name_zh" is "name" in Chinese, "class_en" is "class" in English. */
static size_t stem_of(const char *name)
{
    return strlen(name) - (ends_in(name, "_zh") || ends_in(name, "_en") ? 3 : 0);
}

/** Whether the same thing stands in another field in the language of the run. */
static bool said_better(const eb_schema *schema, size_t field, eb_lang lang)
{
    char other[128];
    const char *name = schema->fields[field].name, *own = lang == EB_LANG_ZH ? "_zh" : "_en";
    const int stem = (int)stem_of(name);

    if (ends_in(name, own)) return false;
    snprintf(other, sizeof other, "%.*s%s", stem, name, own);
    if (eb_schema_find(schema, other) >= 0) return true;
    snprintf(other, sizeof other, "%.*s", stem, name);
    return strcmp(other, name) != 0 && eb_schema_find(schema, other) >= 0;
}

static bool has_values(const eb_layer *layer, size_t field)
{
    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            char text[64];
            if (eb_batch_is_null(batch, i, field)) continue;
            eb_batch_format_at(batch, i, field, text, sizeof text);
            if (*text) return true;
        }
    }
    return false;
}

static int heading_of(const eb_layer *layer, const char *label, eb_lang lang)
{
    const char *const names[] = {label, lang == EB_LANG_ZH ? "name_zh" : "name", "name", "name_zh", "designations"};
    const eb_schema *schema = eb_layer_schema(layer);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const int field = names[i] ? eb_schema_find(schema, names[i]) : -1;
        if (field >= 0 && has_values(layer, (size_t)field)) return field;
    }
    return -1;
}

bool eb_web_fields_choose(const eb_layer *layer, const char *label, eb_lang lang, eb_web_fields *out)
{
    const eb_schema *schema = eb_layer_schema(layer);

    *out = (eb_web_fields){.heading = heading_of(layer, label, lang)};
    out->fields = calloc(schema->field_count + 1, sizeof *out->fields);
    if (!out->fields) return false;
    for (int last = 0; last < 2; last++) { /* what others say of it comes last */
        for (size_t f = 0; f < schema->field_count; f++) {
            const char *name = schema->fields[f].name;
            const bool tail = strcmp(name, "source") == 0 || strcmp(name, "status") == 0;
            if (tail != (last == 1) || (int)f == out->heading || is_internal(name) || said_better(schema, f, lang)) continue;
            if (has_values(layer, f)) out->fields[out->count++] = f;
        }
    }
    return true;
}

void eb_web_fields_clear(eb_web_fields *fields)
{
    free(fields->fields);
    *fields = (eb_web_fields){.heading = -1};
}

/** The unit at the end of a name ("area_m2"), and the length of the name without it; NULL where there is none. */
static const char *unit_of(const char *name, size_t *stem)
{
    const char *mark = strrchr(name, '_');
    const bool known = mark && mark > name && eb_unit_word(mark + 1, EB_LANG_ZH) != mark + 1;

    *stem = known ? (size_t)(mark - name) : stem_of(name);
    return known ? mark + 1 : NULL;
}

void eb_web_field_heading(const eb_field *field, eb_lang lang, char *text, size_t size)
{
    char name[128], heading[256], tail[64];
    size_t stem;
    const char *unit = unit_of(field->name, &stem);
    const eb_column whole = {.name = field->name, .type = EB_COLUMN_TEXT}, column = {.name = name, .type = EB_COLUMN_TEXT};

    eb_column_heading(&whole, lang, heading, sizeof heading);
    snprintf(tail, sizeof tail, lang == EB_LANG_ZH ? "(%s)" : " (%s)", unit ? eb_unit_word(unit, lang) : "");
    if (field->alias && strcmp(field->alias, heading) != 0) {
        eb_text_copy(text, size, field->alias);
        return;
    }
    const size_t length = strlen(heading), cut = strlen(tail);
    if (unit && length > cut && strcmp(heading + length - cut, tail) == 0) {
        heading[length - cut] = '\0';
        eb_text_copy(text, size, heading);
    } else {
        snprintf(name, sizeof name, "%.*s", (int)stem, field->name);
        eb_column_heading(&column, lang, text, size);
    }
    for (char *at = text; *at; at++) {
        if (*at == '_') *at = ' ';
    }
}

/** "1234567.5" to "1,234,567.5". */
static void group_digits(char *text, size_t size)
{
    const size_t start = strspn(text, "-"), digits = strspn(text + start, "0123456789");

    for (size_t left = digits; left > 3; left -= 3) {
        const size_t length = strlen(text), at = start + left - 3;
        if (length + 2 > size) return;
        memmove(text + at + 1, text + at, length - at + 1);
        text[at] = ',';
    }
}

static void number(char *text, size_t size, double value, int decimals)
{
    eb_text_from_fixed(text, size, value, decimals);
    group_digits(text, size);
}

/** Decimals that leave three figures, two at most where the number is large. */
static int decimals_for(double value)
{
    const double size = fabs(value);

    return size >= 1 || size == 0 ? 2 : size >= 0.01 ? 3 : 6;
}

void eb_web_measured(double value, const char *unit, eb_lang lang, char *text, size_t size)
{
    static const struct {
        const char *unit, *larger;
        double from, scale;
    } steps[] = {{"m2", "km2", 1e6, 1e-6}, {"m2", "ha", 1e4, 1e-4}, {"m", "km", 1e3, 1e-3}, {"ha", "km2", 1e4, 1e-2}};
    char figure[64];

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (strcmp(unit, steps[i].unit) != 0 || fabs(value) < steps[i].from) continue;
        value *= steps[i].scale;
        unit = steps[i].larger;
        break;
    }
    const bool coarse = strcmp(unit, "m") == 0 || strcmp(unit, "m2") == 0 || strcmp(unit, "min") == 0 || strcmp(unit, "s") == 0;
    number(figure, sizeof figure, value, coarse && fabs(value) >= 10 ? 0 : decimals_for(value));
    snprintf(text, size, strcmp(unit, "pct") == 0 ? "%s%s" : "%s %s", figure, eb_unit_word(unit, lang));
}

/** Words that the tool itself writes. */
static const char *word_of(const char *text, eb_lang lang)
{
    static const char *const words[][2] = {{"schematic", N_("schematic, no official boundary")},
                                           {"derived", N_("derived from published data")},
                                           {"official", N_("official")},
                                           {"unknown", N_("unknown")}};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(text, words[i][0]) == 0) return eb_word(lang, words[i][1]);
    }
    return text;
}

/** Fields in which the layers that ship say where and what, in words that the catalogue knows. */
static bool is_told(const char *name)
{
    static const char *const names[] = {"source",
                                        "membership_source",
                                        "membership",
                                        "published_note",
                                        "published_other",
                                        "county",
                                        "prefecture",
                                        "province",
                                        "joins",
                                        "group",
                                        "kind",
                                        "side",
                                        "zone"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) return true;
    }
    return false;
}

void eb_web_value(const eb_batch *batch, size_t feature, size_t field, eb_lang lang, char *text, size_t size)
{
    const eb_field *about = &batch->schema->fields[field];
    char plain[1024];
    size_t stem;
    const char *unit = unit_of(about->name, &stem);

    text[0] = '\0';
    if (eb_batch_is_null(batch, feature, field)) return;
    if (about->type == EB_FIELD_BOOLEAN) {
        eb_text_copy(text, size, eb_batch_integer_at(batch, feature, field) ? eb_word(lang, "yes") : eb_word(lang, "no"));
    } else if ((about->type == EB_FIELD_REAL || about->type == EB_FIELD_INTEGER) && unit) {
        eb_web_measured(eb_batch_real_at(batch, feature, field), unit, lang, text, size);
    } else if (about->type == EB_FIELD_INTEGER) {
        snprintf(plain, sizeof plain, "%" PRId64, eb_batch_integer_at(batch, feature, field));
        if (strlen(plain) > 4) group_digits(plain, sizeof plain); /* years stay as they are */
        eb_text_copy(text, size, plain);
    } else if (about->type == EB_FIELD_REAL) {
        const double value = eb_batch_real_at(batch, feature, field);
        number(text, size, value, value == floor(value) ? 0 : decimals_for(value));
    } else {
        eb_batch_format_at(batch, feature, field, plain, sizeof plain);
        eb_text_copy(text, size, is_told(about->name) ? eb_translate_to(lang, plain) : word_of(plain, lang));
    }
}
