#include "report/style.h"

#include "base/text.h"
#include "report/embedded.h"
#include "report/xml.h"

#include <stdlib.h>
#include <string.h>

typedef struct fitter {
    const eb_layer *layer;
    const char *label; /* field of the labels, NULL none */
    eb_lang lang;
    int field;            /* that the categories look at, -1: not there */
    const char *style;    /* the whole style as it is in the library */
    const char *labeling; /* lent from the plain style where the own one has no labels, NULL: not needed */
    size_t labeling_size;
    bool drop; /* the category at hand fits no feature */
    eb_string out;
} fitter;

int eb_report_dimension(const eb_layer *layer)
{
    int highest = -1;

    switch (eb_layer_schema(layer)->kind) {
    case EB_SHAPE_POINT:
    case EB_SHAPE_MULTIPOINT:
        return 0;
    case EB_SHAPE_LINE:
    case EB_SHAPE_MULTILINE:
        return 1;
    case EB_SHAPE_POLYGON:
    case EB_SHAPE_MULTIPOLYGON:
        return 2;
    case EB_SHAPE_UNKNOWN:
    case EB_SHAPE_COLLECTION:
        break;
    }
    for (size_t b = 0; b < eb_layer_batch_count(layer) && highest < 2; b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count && highest < 2; i++) {
            const int dimension = eb_wkb_dimension(eb_batch_shape_at(batch, i));
            if (dimension > highest) highest = dimension;
        }
    }
    return highest;
}

bool eb_report_is_drawn(const eb_report_layer *layer)
{
    return !layer->hidden && eb_layer_count(layer->layer) > 0;
}

static const eb_embedded *find_style(const char *theme)
{
    const size_t size = theme ? strlen(theme) : 0;

    for (size_t i = 0; theme && eb_embedded_at(i); i++) {
        const char *name = eb_embedded_at(i)->name;
        if (strncmp(name, theme, size) == 0 && strcmp(name + size, ".qml") == 0) return eb_embedded_at(i);
    }
    return NULL;
}

bool eb_style_is_known(const char *theme)
{
    return find_style(theme) != NULL;
}

void eb_style_add_themes(eb_string *out)
{
    for (size_t i = 0; eb_embedded_at(i); i++) {
        const char *name = eb_embedded_at(i)->name, *ending = strstr(name, ".qml");
        if (!ending || ending[strlen(".qml")]) continue;
        if (out->size) eb_string_add(out, ",");
        eb_string_add_bytes(out, name, (size_t)(ending - name));
    }
}

static const eb_embedded *plain_style(const eb_report_layer *layer)
{
    static const char *const plain[] = {"point", "line", "polygon"};
    const int dimension = eb_report_dimension(layer->layer);

    return find_style(plain[dimension < 0 ? 0 : dimension]);
}

static const eb_embedded *style_of(const eb_report_layer *layer)
{
    const eb_embedded *style = find_style(layer->theme);

    return style ? style : plain_style(layer);
}

/** Whether some feature has this value in the field, as a person would write it. */
static bool occurs(const eb_layer *layer, size_t field, const char *value)
{
    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            char text[256];
            if (eb_batch_is_null(batch, i, field)) continue;
            eb_batch_format_at(batch, i, field, text, sizeof text);
            if (strcmp(text, value) == 0) return true;
        }
    }
    return false;
}

typedef enum choice { BY_LANGUAGE, BY_FIELD, BY_VALUE } choice;

/** One of the two sides of "a|b"; a value without a bar is itself. Bars belong to the styles alone. */
static char *choose(const fitter *fit, const char *start, size_t size, choice how)
{
    const char *bar = memchr(start, '|', size);
    const size_t first = bar ? (size_t)(bar - start) : size;
    bool second = false;
    eb_string a = {0}, b = {0};

    eb_string_add_bytes(&a, start, first);
    if (bar) eb_string_add_bytes(&b, bar + 1, size - first - 1);
    if (bar && how == BY_LANGUAGE) second = fit->lang == EB_LANG_ZH;
    const eb_schema *schema = eb_layer_schema(fit->layer);
    if (bar && how == BY_FIELD) second = eb_schema_find(schema, eb_string_get(&a)) < 0 && eb_schema_find(schema, eb_string_get(&b)) >= 0;
    if (bar && how == BY_VALUE && fit->field >= 0) {
        second = !occurs(fit->layer, (size_t)fit->field, eb_string_get(&a)) && occurs(fit->layer, (size_t)fit->field, eb_string_get(&b));
    }
    eb_string *kept = second ? &b : &a;
    eb_string_add(kept, "");
    char *text = eb_string_take(kept);
    eb_string_clear(&a);
    eb_string_clear(&b);
    return text;
}

static bool is(const char *start, size_t size, const char *word)
{
    return strlen(word) == size && strncmp(start, word, size) == 0;
}

/** Whether some feature has a value in the field that no category of the style names. */
static bool others_occur(const fitter *fit)
{
    for (size_t b = 0; b < eb_layer_batch_count(fit->layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(fit->layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            char text[256];
            bool named = false;
            if (eb_batch_is_null(batch, i, (size_t)fit->field)) return true;
            eb_batch_format_at(batch, i, (size_t)fit->field, text, sizeof text);
            /* value="text", value="text|…", value="…|text": marks in the text itself would have to be written as entities. */
            static const char *const forms[3][2] = {{"<category value=\"", "\""}, {"<category value=\"", "|"}, {"|", "\" label"}};
            for (int k = 0; k < 3; k++) {
                eb_string quoted = {0};
                eb_string_add(&quoted, forms[k][0]);
                eb_xml_add(&quoted, text);
                eb_string_add(&quoted, forms[k][1]);
                named = named || strstr(fit->style, eb_string_get(&quoted));
                eb_string_clear(&quoted);
            }
            if (!named) return true;
        }
    }
    return false;
}

/** An attribute as it goes into the style of this layer. */
static void add_attribute(fitter *fit, const char *tag, size_t tag_size, const char *name, size_t name_size, const char *value, size_t size)
{
    char *text = NULL;

    if (is(tag, tag_size, "category") && is(name, name_size, "value")) {
        text = choose(fit, value, size, BY_VALUE);
        /* A legend shows what is on the map, and nothing else. */
        if (text && fit->field >= 0) fit->drop = *text ? !occurs(fit->layer, (size_t)fit->field, text) : !others_occur(fit);
    }
    if (is(tag, tag_size, "category") && is(name, name_size, "label")) text = choose(fit, value, size, BY_LANGUAGE);
    if (is(tag, tag_size, "renderer-v2") && is(name, name_size, "attr")) {
        text = choose(fit, value, size, BY_FIELD);
        if (text) fit->field = eb_schema_find(eb_layer_schema(fit->layer), text);
    }
    eb_string_add_bytes(&fit->out, name, name_size);
    eb_string_add(&fit->out, "=\"");
    if (is(tag, tag_size, "text-style") && is(name, name_size, "fieldName")) {
        eb_xml_add(&fit->out, fit->label ? fit->label : "");
    } else if (is(name, name_size, "labelsEnabled")) {
        eb_string_add(&fit->out, fit->label && (fit->labeling || (size == 1 && *value == '1')) ? "1" : "0");
    } else if (text) {
        eb_string_add(&fit->out, text);
    } else {
        eb_string_add_bytes(&fit->out, value, size);
    }
    eb_string_add(&fit->out, "\"");
    free(text);
}

/** A tag with its attributes. @p at stands behind '<'; returns where the tag ends. The styles are our own: no odd XML is in them. */
static const char *fit_tag(fitter *fit, const char *at)
{
    const char *tag = at;
    const size_t tag_size = strcspn(at, " \t\r\n/>");

    at += tag_size;
    eb_string_add(&fit->out, "<");
    eb_string_add_bytes(&fit->out, tag, tag_size);
    while (*at && *at != '>') {
        const size_t blanks = strspn(at, " \t\r\n");
        eb_string_add_bytes(&fit->out, at, blanks);
        at += blanks;
        const size_t name_size = strcspn(at, "= \t\r\n/>");
        if (name_size == 0 || at[name_size] != '=' || (at[name_size + 1] != '"' && at[name_size + 1] != '\'')) {
            const size_t rest = name_size ? name_size : (*at && *at != '>');
            eb_string_add_bytes(&fit->out, at, rest);
            at += rest;
            continue;
        }
        const char quote = at[name_size + 1], *value = at + name_size + 2, *end = strchr(value, quote);
        if (!end) break;
        add_attribute(fit, tag, tag_size, at, name_size, value, (size_t)(end - value));
        at = end + 1;
    }
    return at;
}

void eb_style_add_alias(eb_string *out, const char *name, const char *heading, size_t index)
{
    if (strcmp(name, heading) == 0) return;
    eb_string_addf(out, "<alias index=\"%zu\" field=\"", index);
    eb_xml_add(out, name);
    eb_string_add(out, "\" name=\"");
    eb_xml_add(out, heading);
    eb_string_add(out, "\"/>\n");
}

void eb_style_add_aliases(eb_string *out, const eb_schema *schema, eb_lang lang)
{
    eb_string_add(out, "<aliases>\n");
    for (size_t f = 0; f < schema->field_count; f++) {
        const eb_field *field = &schema->fields[f];
        const eb_column column = {.name = field->name, .type = EB_COLUMN_TEXT};
        char heading[256];
        eb_column_heading(&column, lang, heading, sizeof heading);
        eb_style_add_alias(out, field->name, field->alias ? field->alias : heading, f + 1); /* the package's own id comes first */
    }
    eb_string_add(out, "</aliases>\n");
}

/** @p size bytes of a style, tag by tag. */
static void fit_text(fitter *fit, const char *text, size_t size)
{
    for (const char *at = text, *end = text + size; at < end;) {
        const char *tag = memchr(at, '<', (size_t)(end - at));
        eb_string_add_bytes(&fit->out, at, (size_t)((tag ? tag : end) - at));
        if (!tag) return;
        at = tag;
        if (at[1] == '!' || at[1] == '?' || at[1] == '/') {
            const size_t plain = strcspn(at, ">");
            eb_string_add_bytes(&fit->out, at, plain);
            at += plain;
            continue;
        }
        const size_t before = fit->out.size;
        fit->drop = false;
        at = fit_tag(fit, at + 1);
        if (fit->drop && *at == '>') {
            eb_string_cut(&fit->out, before);
            at++;
        }
    }
}

/** The end of the style, with what only the layer knows. */
static void add_end(fitter *fit)
{
    static const char end[] = "</qgis>";
    const char *at = fit->out.data ? strstr(fit->out.data, end) : NULL;

    if (!at) return;
    eb_string_cut(&fit->out, (size_t)(at - fit->out.data));
    if (fit->labeling) fit_text(fit, fit->labeling, fit->labeling_size);
    eb_style_add_aliases(&fit->out, eb_layer_schema(fit->layer), fit->lang);
    eb_string_addf(&fit->out, "%s\n", end);
}

eb_status eb_style_qml(const eb_report_layer *layer, eb_lang lang, char **qml, eb_error *err)
{
    const eb_embedded *style = style_of(layer), *plain = plain_style(layer);
    fitter fit = {.layer = layer->layer, .label = layer->label, .lang = lang, .field = -1, .style = style ? style->text : ""};

    *qml = NULL;
    if (!style || !plain) return eb_error_set(err, EB_INTERNAL, "the library holds no styles");
    /* A layer of the plan with a theme that shows no names: its label is what the plan asks for. */
    if (layer->input && layer->label && !strstr(style->text, "<labeling")) {
        fit.labeling = eb_style_element(plain->text, "labeling", &fit.labeling_size);
    }
    fit_text(&fit, style->text, strlen(style->text));
    add_end(&fit);
    *qml = eb_string_take(&fit.out);
    return *qml ? EB_OK : eb_error_memory(err);
}

const char *eb_style_element(const char *qml, const char *name, size_t *size)
{
    eb_string open = {0}, close = {0};
    const char *start = NULL;

    eb_string_addf(&open, "<%s", name);
    eb_string_addf(&close, "</%s>", name);
    if (!open.failed && !close.failed) start = strstr(qml, open.data);
    while (start && !strchr(" >", start[open.size])) start = strstr(start + 1, open.data); /* a longer name */
    const char *end = start ? strstr(start, close.data) : NULL;
    *size = end ? (size_t)(end - start) + close.size : 0;
    eb_string_clear(&open);
    eb_string_clear(&close);
    return end ? start : NULL;
}
