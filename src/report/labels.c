/* Names on the map: each once. */
#include "report/style.h"
#include "report/xml.h"

#include <string.h>

/** The label of a feature into @p text; false where it has none. */
static bool label_at(const eb_batch *batch, size_t i, int field, char *text, size_t size)
{
    if (field < 0 || eb_batch_is_null(batch, i, (size_t)field)) return false;
    eb_batch_format_at(batch, i, (size_t)field, text, size);
    return *text != '\0';
}

/** The field of names, -1 where there is none: the numbers of stops are no names. */
static int label_field(const eb_report_layer *layer)
{
    const eb_schema *schema = eb_layer_schema(layer->layer);
    const int field = layer->label ? eb_schema_find(schema, layer->label) : -1;

    return field >= 0 && schema->fields[field].type == EB_FIELD_TEXT ? field : -1;
}

static bool shows(const eb_report_layer *layer, const char *label)
{
    const int field = label_field(layer);

    for (size_t b = 0; field >= 0 && b < eb_layer_batch_count(layer->layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer->layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            char text[256];
            if (label_at(batch, i, field, text, sizeof text) && strcmp(text, label) == 0) return true;
        }
    }
    return false;
}

/** Whether a layer of points above this one shows the name; the layers of a report lie bottom first. */
static bool shown_above(const eb_report *report, const eb_report_layer *layer, const char *label)
{
    for (const eb_report_layer *at = layer + 1; at < report->layers + report->layer_count; at++) {
        if (eb_report_is_drawn(at) && eb_report_dimension(at->layer) == 0 && shows(at, label)) return true;
    }
    return false;
}

/** 'text' of an expression: a mark inside is written twice. */
static void add_quoted(eb_string *out, const char *text)
{
    eb_string_add(out, "'");
    for (; *text; text++) eb_string_add_bytes(out, *text == '\'' ? "''" : text, *text == '\'' ? 2 : 1);
    eb_string_add(out, "'");
}

void eb_labels_once(eb_string *out, const eb_report *report, const eb_report_layer *layer)
{
    const int field = label_field(layer);
    eb_string names = {0};

    if (field < 0 || eb_report_dimension(layer->layer) != 0 || eb_layer_count(layer->layer) > 2000) return;
    for (size_t b = 0; b < eb_layer_batch_count(layer->layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer->layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            char text[256];
            if (!label_at(batch, i, field, text, sizeof text) || !shown_above(report, layer, text)) continue;
            eb_string_add(&names, names.size ? ", " : "");
            add_quoted(&names, text);
        }
    }
    if (names.size) {
        eb_string expression = {0};
        eb_string_addf(&expression, "\"%s\" NOT IN (%s)", layer->label, eb_string_get(&names));
        eb_string_add(out, "<dd_properties><Option type=\"Map\"><Option name=\"name\" type=\"QString\" value=\"\"/>"
                           "<Option name=\"properties\" type=\"Map\"><Option name=\"Show\" type=\"Map\">"
                           "<Option name=\"active\" type=\"bool\" value=\"true\"/><Option name=\"expression\" type=\"QString\" value=\"");
        eb_xml_add(out, eb_string_get(&expression));
        eb_string_add(out, "\"/><Option name=\"type\" type=\"int\" value=\"3\"/></Option></Option>"
                           "<Option name=\"type\" type=\"QString\" value=\"collection\"/></Option></dd_properties>\n");
        eb_string_clear(&expression);
    }
    eb_string_clear(&names);
}
