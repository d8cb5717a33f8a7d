#include "report/project.h"

#include "report/frame.h"
#include "report/heading.h"
#include "report/layout.h"
#include "report/style.h"
#include "report/xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_attribute(eb_string *out, const char *name, const char *value)
{
    eb_string_addf(out, " %s=\"", name);
    eb_xml_add(out, value);
    eb_string_add(out, "\"");
}

static void add_element(eb_string *out, const char *name, const char *value)
{
    eb_string_addf(out, "<%s>", name);
    eb_xml_add(out, value);
    eb_string_addf(out, "</%s>\n", name);
}

/** QGIS looks the authority's code up; the text is for CRS without one. A code counts only beside a number that is not 0. */
static void add_crs(eb_string *out, const eb_crs *crs, const char *code)
{
    const eb_crs_info *info = eb_crs_info_get(crs);

    eb_string_add(out, "<spatialrefsys nativeFormat=\"Wkt\">");
    if (!*code) add_element(out, "wkt", eb_crs_wkt(crs));
    eb_string_add(out, "<srsid>1</srsid>");
    if (*code) add_element(out, "authid", code);
    add_element(out, "description", info->name);
    eb_string_addf(out, "<geographicflag>%s</geographicflag></spatialrefsys>\n", info->kind == EB_CRS_GEOGRAPHIC ? "true" : "false");
}

static void add_source(eb_string *out, const eb_report *report, const char *layer)
{
    eb_string_addf(out, "./%s.gpkg|layername=%s", report->name, layer);
}

/* --- the tree ---------------------------------------------------------------------------------------------------------------------- */

static void add_tree_layer(eb_string *out, const eb_report *report, const char *id, const char *table, const char *title, bool checked)
{
    eb_string_addf(out, "<layer-tree-layer id=\"%s\"", id);
    add_attribute(out, "name", title);
    eb_string_addf(out, " checked=\"%s\" expanded=\"0\" providerKey=\"ogr\" source=\"", checked ? "Qt::Checked" : "Qt::Unchecked");
    add_source(out, report, table);
    eb_string_add(out, "\"/>\n");
}

static void begin_group(eb_string *out, const char *name, bool expanded)
{
    eb_string_add(out, "<layer-tree-group");
    add_attribute(out, "name", name);
    eb_string_addf(out, " checked=\"Qt::Checked\" expanded=\"%d\">\n", expanded);
}

/** Layers of one dimension, the topmost first, as the tree has them. */
static void add_group(eb_string *out, const eb_report *report, int dimension, const char *name)
{
    begin_group(out, name, true);
    for (size_t i = report->layer_count; i-- > 0;) {
        const eb_report_layer *layer = &report->layers[i];
        const int own = eb_report_dimension(layer->layer);
        char id[128];
        if ((own < 0 ? 0 : own) != dimension) continue;
        eb_layout_layer_id(layer, id, sizeof id);
        add_tree_layer(out, report, id, layer->id, layer->title, eb_report_is_drawn(layer));
    }
    eb_string_add(out, "</layer-tree-group>\n");
}

static void add_table_row(eb_string *out, const eb_report *report, const eb_table *table)
{
    char id[160], name[128];

    snprintf(id, sizeof id, "%s_ecobelt_table", eb_table_name(table));
    snprintf(name, sizeof name, "statistics_%s", eb_table_name(table));
    add_tree_layer(out, report, id, name, eb_table_title(table), true);
}

static void add_tree(eb_string *out, const eb_report *report)
{
    eb_string_add(out, "<layer-tree-group>\n");
    add_group(out, report, 0, eb_word(report->lang, "Places"));
    add_group(out, report, 1, eb_word(report->lang, "Lines"));
    add_group(out, report, 2, eb_word(report->lang, "Areas"));
    begin_group(out, eb_word(report->lang, "Statistics"), false);
    if (report->targets) add_table_row(out, report, report->targets);
    for (size_t i = 0; i < report->table_count; i++) add_table_row(out, report, report->tables[i]);
    eb_string_add(out, "</layer-tree-group>\n</layer-tree-group>\n");
}

/* --- the layers -------------------------------------------------------------------------------------------------------------------- */

/** @p labels 1 or 0; -1 for a table, which has none. */
static void add_map_head(eb_string *out, const eb_report *report, const char *geometry, int labels, const char *id, const char *table,
                         const char *title)
{
    eb_string_addf(out, "<maplayer type=\"vector\" geometry=\"%s\" autoRefreshEnabled=\"0\" styleCategories=\"AllStyleCategories\"",
                   geometry);
    if (labels >= 0) eb_string_addf(out, " labelsEnabled=\"%d\"", labels);
    eb_string_add(out, ">\n");
    add_element(out, "id", id);
    eb_string_add(out, "<datasource>");
    add_source(out, report, table);
    eb_string_add(out, "</datasource>\n");
    add_element(out, "layername", title);
    eb_string_add(out, "<provider encoding=\"UTF-8\">ogr</provider>\n");
}

/** The labels of a layer, among those of the others. */
static void add_labeling(eb_string *out, const eb_report *report, const eb_report_layer *layer, const char *labeling, size_t size)
{
    const char *end = strstr(labeling, "</settings>");
    const size_t head = end && (size_t)(end - labeling) < size ? (size_t)(end - labeling) : size;

    eb_string_add_bytes(out, labeling, head);
    eb_labels_once(out, report, layer);
    eb_string_add_bytes(out, labeling + head, size - head);
}

static eb_status add_layer(eb_string *out, const eb_report *report, const eb_report_layer *layer, eb_error *err)
{
    static const char *const kinds[] = {"Point", "Line", "Polygon"};
    const int dimension = eb_report_dimension(layer->layer);
    const eb_schema *schema = eb_layer_schema(layer->layer);
    char *qml = NULL, id[128];
    size_t size = 0;
    eb_status status = eb_style_qml(layer, report->lang, &qml, err);

    if (status != EB_OK) return status;
    eb_layout_layer_id(layer, id, sizeof id);
    const bool labels = strstr(qml, "labelsEnabled=\"1\"") != NULL;
    add_map_head(out, report, kinds[dimension < 0 ? 0 : dimension], labels, id, layer->id, layer->title);
    if (schema->crs) {
        eb_string_add(out, "<srs>");
        add_crs(out, schema->crs, eb_crs_info_get(schema->crs)->code);
        eb_string_add(out, "</srs>\n");
    }
    char *method = layer->method ? eb_prose(NULL, layer->method, report->lang) : NULL;
    if (method) add_element(out, "abstract", method);
    free(method);
    const char *renderer = eb_style_element(qml, "renderer-v2", &size);
    if (renderer) eb_string_add_bytes(out, renderer, size);
    const char *labeling = eb_style_element(qml, "labeling", &size);
    if (labeling && labels) add_labeling(out, report, layer, labeling, size);
    const char *aliases = eb_style_element(qml, "aliases", &size);
    if (aliases) eb_string_add_bytes(out, aliases, size);
    eb_string_add(out, "\n<layerOpacity>1</layerOpacity>\n</maplayer>\n");
    free(qml);
    return EB_OK;
}

static void add_table_layer(eb_string *out, const eb_report *report, const eb_table *table)
{
    char id[160], name[128];

    snprintf(id, sizeof id, "%s_ecobelt_table", eb_table_name(table));
    snprintf(name, sizeof name, "statistics_%s", eb_table_name(table));
    add_map_head(out, report, "No geometry", -1, id, name, eb_table_title(table));
    eb_string_add(out, "<aliases>\n");
    for (size_t c = 0; c < eb_table_column_count(table); c++) {
        const eb_column *column = eb_table_column_at(table, c);
        char heading[256];
        eb_column_heading(column, report->lang, heading, sizeof heading);
        eb_style_add_alias(out, column->name, heading, c + 1);
    }
    eb_string_add(out, "</aliases>\n");
    eb_string_add(out, "</maplayer>\n");
}

static eb_status add_layers(eb_string *out, const eb_report *report, eb_error *err)
{
    eb_status status = EB_OK;

    eb_string_add(out, "<projectlayers>\n");
    for (size_t i = 0; status == EB_OK && i < report->layer_count; i++) status = add_layer(out, report, &report->layers[i], err);
    if (report->targets) add_table_layer(out, report, report->targets);
    for (size_t i = 0; i < report->table_count; i++) add_table_layer(out, report, report->tables[i]);
    eb_string_add(out, "</projectlayers>\n<layerorder>\n");
    for (size_t i = report->layer_count; i-- > 0;) {
        char id[128];
        eb_layout_layer_id(&report->layers[i], id, sizeof id);
        eb_string_addf(out, "<layer id=\"%s\"/>\n", id);
    }
    eb_string_add(out, "</layerorder>\n");
    return status;
}

/* --- the rest ---------------------------------------------------------------------------------------------------------------------- */

/** A window on each area layer. */
static void add_bookmarks(eb_string *out, const eb_report *report, const eb_frame_view *view)
{
    eb_string_add(out, "<Bookmarks>\n");
    for (size_t i = 0; i < report->layer_count; i++) {
        const eb_report_layer *layer = &report->layers[i];
        double b[4];
        if (layer->hidden || eb_report_dimension(layer->layer) != 2 || !eb_view_box(view, layer->layer, b)) continue;
        eb_string_addf(out, "<Bookmark id=\"%s\"", layer->id);
        add_attribute(out, "name", layer->title);
        add_attribute(out, "group", report->title);
        char n[4][40];
        for (int k = 0; k < 4; k++) eb_text_from_real(n[k], sizeof n[k], b[k]);
        eb_string_addf(out, " extent=\"Polygon ((%s %s, %s %s, %s %s, %s %s, %s %s))\">", n[0], n[1], n[2], n[1], n[2], n[3], n[0], n[3],
                       n[0], n[1]);
        add_crs(out, view->crs, view->code);
        eb_string_add(out, "</Bookmark>\n");
    }
    eb_string_add(out, "</Bookmarks>\n");
}

static void add_properties(eb_string *out, const eb_frame_view *view)
{
    eb_string_addf(
        out,
        "<properties>\n<Measure><Ellipsoid type=\"QString\">%s</Ellipsoid></Measure>\n"
        "<Measurement><AreaUnits type=\"QString\">ha</AreaUnits><DistanceUnits type=\"QString\">meters</DistanceUnits></Measurement>\n"
        "<Paths><Absolute type=\"bool\">false</Absolute></Paths>\n"
        "<SpatialRefSys><ProjectionsEnabled type=\"int\">1</ProjectionsEnabled></SpatialRefSys>\n</properties>\n",
        view->ellipsoid);
}

static void add_canvas(eb_string *out, const eb_frame_view *view)
{
    static const char *const names[] = {"xmin", "ymin", "xmax", "ymax"};
    const double margin = 0.03 * (view->box[2] - view->box[0] + view->box[3] - view->box[1]) / 2;

    eb_string_addf(out, "<mapcanvas name=\"theMapCanvas\"><units>%s</units><extent>",
                   eb_crs_info_get(view->crs)->kind == EB_CRS_GEOGRAPHIC ? "degrees" : "meters");
    for (int k = 0; k < 4; k++) {
        char number[40];
        eb_text_from_real(number, sizeof number, view->box[k] + (k < 2 ? -margin : margin));
        eb_string_addf(out, "<%s>%s</%s>", names[k], number, names[k]);
    }
    eb_string_add(out, "</extent><rotation>0</rotation><destinationsrs>");
    add_crs(out, view->crs, view->code);
    eb_string_add(out, "</destinationsrs></mapcanvas>\n");
}

eb_status eb_project_xml(const eb_report *report, char **text, eb_error *err)
{
    eb_frame_view view;
    eb_string out = {0};
    eb_status status = eb_view_new(report, &view, err);

    *text = NULL;
    if (status != EB_OK) return status;
    eb_string_add(&out, "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22.0\"");
    add_attribute(&out, "projectname", report->title);
    eb_string_add(&out, ">\n<homePath path=\"\"/>\n");
    add_element(&out, "title", report->title);
    eb_string_add(&out, "<projectCrs>");
    add_crs(&out, view.crs, view.code);
    eb_string_add(&out, "</projectCrs>\n");
    add_tree(&out, report);
    add_canvas(&out, &view);
    status = add_layers(&out, report, err);
    add_properties(&out, &view);
    add_bookmarks(&out, report, &view);
    eb_string_add(&out, "<Layouts>\n");
    eb_layout_add(&out, report, &view);
    eb_string_add(&out, "</Layouts>\n</qgis>\n");
    eb_view_clear(&view);
    if (status == EB_OK) *text = eb_string_take(&out);
    eb_string_clear(&out);
    if (status == EB_OK && !*text) status = eb_error_memory(err);
    return status;
}
