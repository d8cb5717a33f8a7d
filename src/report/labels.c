/* Names on the map: each once. */
#include "report/style.h"
#include "report/symbol.h"
#include "report/xml.h"

#include <string.h>

/** The label of a feature into @p text; false where it has none. */
static bool label_at(const eb_batch *batch, size_t i, int field, char *text, size_t size)
{
    if (field < 0 || eb_batch_is_null(batch, i, (size_t)field)) return false;
    eb_batch_format_at(batch, i, (size_t)field, text, size);
    return *text != '\0';
}

/** The field of names that the map shows, and from which scale on; -1 where there is none: the numbers of stops are no names. */
static int label_field(const eb_report_layer *layer, eb_lang lang, double *scale)
{
    const eb_schema *schema = eb_layer_schema(layer->layer);
    eb_style style;
    int field = -1;

    if (!layer->label || eb_report_dimension(layer->layer) != 0 || eb_style_read(layer, lang, &style, NULL) != EB_OK) return -1;
    if (*style.label) field = eb_schema_find(schema, style.label);
    *scale = style.label_scale;
    eb_style_clear(&style);
    return field >= 0 && schema->fields[field].type == EB_FIELD_TEXT ? field : -1;
}

/** Each label with a line break behind it. */
static void add_names(eb_string *out, const eb_layer *layer, int field)
{
    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            char text[256];
            if (label_at(batch, i, field, text, sizeof text)) eb_string_addf(out, "%s\n", text);
        }
    }
}

static bool is_listed(const char *names, const char *name)
{
    eb_string line = {0};

    eb_string_addf(&line, "\n%s\n", name);
    const bool found = strstr(names, eb_string_get(&line)) != NULL;
    eb_string_clear(&line);
    return found;
}

/** 'text' of an expression: a mark inside is written twice. */
static void add_quoted(eb_string *out, const char *text)
{
    eb_string_add(out, "'");
    for (; *text; text++) eb_string_add_bytes(out, *text == '\'' ? "''" : text, *text == '\'' ? 2 : 1);
    eb_string_add(out, "'");
}

/** The names of a layer that stand among @p names too, as a list of an expression. */
static void add_shared(eb_string *out, const eb_layer *layer, int field, const char *names)
{
    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            char text[256];
            if (!label_at(batch, i, field, text, sizeof text) || !is_listed(names, text)) continue;
            eb_string_add(out, out->size ? ", " : "");
            add_quoted(out, text);
        }
    }
}

/** What a name must meet so that @p above does not show it as well: it is another one, or that layer shows none at this scale. */
static void add_condition(eb_string *out, eb_lang lang, const eb_report_layer *layer, int field, double scale, const eb_report_layer *above)
{
    double own = 0;
    const int shown = eb_report_is_drawn(above) ? label_field(above, lang, &own) : -1;
    eb_string names = {0}, shared = {0};

    if (shown < 0) return;
    eb_string_add(&names, "\n");
    add_names(&names, above->layer, shown);
    add_shared(&shared, layer->layer, field, eb_string_get(&names));
    if (shared.size) {
        const bool always = own <= 0 || (scale > 0 && own >= scale);
        eb_string_addf(out, "%s(", out->size ? " AND " : "");
        if (!always) eb_string_addf(out, "@map_scale > %.0f OR ", own);
        eb_string_addf(out, "\"%s\" NOT IN (%s))", layer->label, eb_string_get(&shared));
    }
    eb_string_clear(&names);
    eb_string_clear(&shared);
}

void eb_labels_once(eb_string *out, const eb_report *report, const eb_report_layer *layer)
{
    double scale = 0;
    const int field = eb_layer_count(layer->layer) > 2000 ? -1 : label_field(layer, report->lang, &scale);
    eb_string expression = {0};

    if (field < 0) return;
    for (const eb_report_layer *at = layer + 1; at < report->layers + report->layer_count; at++) /* they lie bottom first */
        add_condition(&expression, report->lang, layer, field, scale, at);
    if (expression.size) {
        eb_string_add(out, "<dd_properties><Option type=\"Map\"><Option name=\"name\" type=\"QString\" value=\"\"/>"
                           "<Option name=\"properties\" type=\"Map\"><Option name=\"Show\" type=\"Map\">"
                           "<Option name=\"active\" type=\"bool\" value=\"true\"/><Option name=\"expression\" type=\"QString\" value=\"");
        eb_xml_add(out, eb_string_get(&expression));
        eb_string_add(out, "\"/><Option name=\"type\" type=\"int\" value=\"3\"/></Option></Option>"
                           "<Option name=\"type\" type=\"QString\" value=\"collection\"/></Option></dd_properties>\n");
    }
    eb_string_clear(&expression);
}
