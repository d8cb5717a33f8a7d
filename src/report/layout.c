/* The map sheet of a QGIS project, A3 landscape, in millimetres. */
#include "report/layout.h"

#include "report/heading.h"
#include "report/style.h"
#include "report/symbol.h"
#include "report/xml.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Types of QGIS's layout items. */
enum { ITEM_PAGE = 65638, ITEM_MAP = 65639, ITEM_PICTURE = 65640, ITEM_LABEL = 65641, ITEM_LEGEND = 65642, ITEM_SCALE_BAR = 65646 };

static const char map_id[] = "{ec0be170-0000-4000-8000-000000000001}";
enum {
    MAP_X = 10,
    MAP_Y = 24,
    MAP_W = 300,
    MAP_H = 244,
    SIDE_X = 314,
    SIDE_W = 100,
    SIDE_H = 264,
    NOTES_Y = 271,
    NOTES_H = 21,
    LEGEND_COLUMNS = 50
};

void eb_layout_layer_id(const eb_report_layer *layer, char *id, size_t size)
{
    snprintf(id, size, "%s_ecobelt_layer", layer->id);
}

/** The beginning of an item: what they all have. The tag stays open for more attributes. */
static void begin_item(eb_string *out, int type, int number, double x, double y, double w, double h, bool frame, bool ground)
{
    char n[4][40];
    const double values[4] = {x, y, w, h};

    for (int k = 0; k < 4; k++) eb_text_from_real(n[k], sizeof n[k], values[k]);
    eb_string_addf(out,
                   "<LayoutItem type=\"%d\" uuid=\"{ec0be170-0000-4000-8000-%012d}\" templateUuid=\"{ec0be170-0000-4000-8000-%012d}\" "
                   "position=\"%s,%s,mm\" positionOnPage=\"%s,%s,mm\" size=\"%s,%s,mm\" referencePoint=\"0\" itemRotation=\"0\" "
                   "zValue=\"%d\" visibility=\"1\" opacity=\"1\" blendMode=\"0\" excludeFromExports=\"0\" positionLock=\"false\" "
                   "frame=\"%s\" frameJoinStyle=\"miter\" outlineWidthM=\"0.2,mm\" background=\"%s\" groupUuid=\"\" id=\"\"",
                   type, number, number, n[0], n[1], n[0], n[1], n[2], n[3], number, frame ? "true" : "false", ground ? "true" : "false");
}

static void add_colours(eb_string *out)
{
    eb_string_add(out, "<FrameColor red=\"80\" green=\"80\" blue=\"80\" alpha=\"255\"/>"
                       "<BackgroundColor red=\"255\" green=\"255\" blue=\"255\" alpha=\"255\"/>\n");
}

/** A family that offices have; where it is missing the system's own takes its place. */
static void add_font(eb_string *out, const char *element, eb_lang lang, double points, bool bold)
{
    char size[40];

    eb_text_from_real(size, sizeof size, points);
    eb_string_addf(out, "<%s description=\"%s,%s,-1,5,%d,0,0,0,0,0\" style=\"\"/>", element,
                   lang == EB_LANG_ZH ? "Noto Sans CJK SC" : "Sans Serif", size, bold ? 75 : 50);
}

static void add_label(eb_string *out, int number, eb_lang lang, const char *text, const double box[4], double points, bool bold)
{
    begin_item(out, ITEM_LABEL, number, box[0], box[1], box[2], box[3], false, false);
    eb_string_add(out, " htmlState=\"0\" halign=\"1\" valign=\"32\" marginX=\"0\" marginY=\"0\" labelText=\"");
    eb_xml_add(out, text);
    eb_string_add(out, "\">\n");
    add_colours(out);
    add_font(out, "LabelFont", lang, points, bold);
    eb_string_add(out, "<FontColor red=\"0\" green=\"0\" blue=\"0\" alpha=\"255\"/>\n</LayoutItem>\n");
}

/** The window widened to the shape of the map's frame. */
static void add_map(eb_string *out, const eb_frame_view *view)
{
    static const char *const names[] = {"xmin", "ymin", "xmax", "ymax"};
    const double *b = view->box;
    double w = (b[2] - b[0]) * 1.06, h = (b[3] - b[1]) * 1.06;

    if (w * MAP_H < h * MAP_W) {
        w = h * MAP_W / MAP_H;
    } else {
        h = w * MAP_H / MAP_W;
    }
    const double x = (b[0] + b[2]) / 2, y = (b[1] + b[3]) / 2, extent[4] = {x - w / 2, y - h / 2, x + w / 2, y + h / 2};
    begin_item(out, ITEM_MAP, 1, MAP_X, MAP_Y, MAP_W, MAP_H, true, true);
    eb_string_add(out, " mapRotation=\"0\" followPreset=\"false\" followPresetName=\"\" keepLayerSet=\"false\" keepLayerStyles=\"false\" "
                       "drawCanvasItems=\"true\" labelMargin=\"0,mm\" mapFlags=\"0\" isTemporal=\"0\">\n");
    add_colours(out);
    eb_string_add(out, "<Extent");
    for (int k = 0; k < 4; k++) eb_xml_number(out, names[k], extent[k]);
    eb_string_add(out, "/><LayerSet/><AtlasMap atlasDriven=\"0\" scalingMode=\"2\" margin=\"0.1\"/>\n</LayoutItem>\n");
}

/** Rows of a layer in the legend: one, or one a category below its title. */
static size_t legend_rows(const eb_report_layer *layer, eb_lang lang)
{
    eb_style style;
    size_t rows = 1 + eb_text_width(layer->title) / LEGEND_COLUMNS;

    if (eb_style_read(layer, lang, &style, NULL) != EB_OK) return rows;
    if (*style.field) rows += style.count;
    eb_style_clear(&style);
    return rows;
}

/** A title in lines that the side of the sheet has room for; Chinese may be parted anywhere, other words between them. */
static void add_lines(eb_string *out, const char *title)
{
    size_t used = 0;

    for (const char *at = title; *at;) {
        const char *end = at;
        const bool wide = eb_text_next(&end) >= 0x2e80;
        for (; !wide && *end && *end != ' ' && (*end & 0x80) == 0;) end++;
        eb_string piece = {0};
        eb_string_add_bytes(&piece, at, (size_t)(end - at));
        const size_t width = eb_text_width(eb_string_get(&piece));
        if (used && used + width > LEGEND_COLUMNS) {
            eb_string_add(out, "\xe2\x86\xb5");
            used = 0;
        }
        const char *text = eb_string_get(&piece);
        eb_xml_add(out, text + (used == 0 && *text == ' '));
        used += width;
        eb_string_clear(&piece);
        at = end;
    }
}

static void add_legend_layer(eb_string *out, const eb_report *report, const eb_report_layer *layer)
{
    char id[128];

    eb_layout_layer_id(layer, id, sizeof id);
    eb_string_addf(out, "<layer-tree-layer id=\"%s\" checked=\"Qt::Checked\" expanded=\"1\" providerKey=\"ogr\" name=\"", id);
    eb_xml_add(out, layer->title);
    eb_string_addf(out, "\" source=\"./%s.gpkg|layername=%s\">\n<customproperties><Option type=\"Map\">", report->name, layer->id);
    eb_string_add(out, "<Option type=\"QString\" name=\"legend/title-label\" value=\"");
    add_lines(out, layer->title);
    eb_string_add(out, "\"/></Option></customproperties>\n</layer-tree-layer>\n");
}

/** Everything in one column; where there is much of it, smaller. */
static void add_legend(eb_string *out, const eb_report *report)
{
    static const struct {
        const char *name;
        double points;
        bool bold;
    } styles[] = {{"title", 12, true}, {"group", 10, true}, {"subgroup", 8.5, true}, {"symbol", 8, false}, {"symbolLabel", 8, false}};
    enum { ROWS = 48 };
    size_t rows = 1;

    for (size_t i = 0; i < report->layer_count; i++)
        rows += eb_report_is_drawn(&report->layers[i]) ? legend_rows(&report->layers[i], report->lang) : 0;
    const double part = rows > ROWS ? fmax((double)ROWS / (double)rows, 0.55) : 1;
    begin_item(out, ITEM_LEGEND, 2, SIDE_X, MAP_Y, SIDE_W, SIDE_H, false, true);
    eb_string_addf(out,
                   " map_uuid=\"%s\" title=\"%s\" symbolWidth=\"6\" resizeToContents=\"1\" columnCount=\"1\" boxSpace=\"1\" "
                   "columnSpace=\"2\" lineSpacing=\"0.5\" splitLayer=\"0\" equalColumnWidth=\"0\" symbolAlignment=\"1\" "
                   "titleAlignment=\"1\" wrapChar=\"\xe2\x86\xb5\" fontColor=\"#000000\" legendFilterByAtlas=\"0\"",
                   map_id, eb_word(report->lang, "Legend"));
    eb_xml_number(out, "symbolHeight", 3.2 * part);
    eb_string_add(out, ">\n");
    add_colours(out);
    eb_string_add(out, "<styles>");
    for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++) {
        eb_string_addf(out, "<style name=\"%s\" alignment=\"1\" indent=\"0\"", styles[i].name);
        eb_xml_number(out, "marginTop", (i == 4 ? 0 : 1.3) * part);
        eb_string_addf(out, " marginLeft=\"%d\" marginBottom=\"%d\">", i == 4 ? 2 : 0, i == 0 ? 2 : 0);
        add_font(out, "styleFont", report->lang, floor(styles[i].points * part * 2 + 0.5) / 2, styles[i].bold);
        eb_string_add(out, "</style>");
    }
    eb_string_add(out, "</styles>\n<layer-tree-group>\n");
    for (size_t i = report->layer_count; i-- > 0;) {
        if (eb_report_is_drawn(&report->layers[i])) add_legend_layer(out, report, &report->layers[i]);
    }
    eb_string_add(out, "</layer-tree-group>\n</LayoutItem>\n");
}

/** A bar of about a fifth of the map's width, of 1, 2 or 5 times a power of ten kilometres in two pieces. */
static void add_scale_bar(eb_string *out, const eb_report *report, const eb_frame_view *view)
{
    const eb_crs_info *info = eb_crs_info_get(view->crs);
    const double middle = (view->box[1] + view->box[3]) / 2 * info->unit, wide = (view->box[2] - view->box[0]) * info->unit;
    const double width_km = fmax(info->kind == EB_CRS_GEOGRAPHIC ? wide * info->a * fmax(cos(middle), 0.01) : wide, 1) / 1000;
    const double power = pow(10, floor(log10(width_km / 8)));
    const double step = width_km / 8 >= 5 * power ? 5 * power : width_km / 8 >= 2 * power ? 2 * power : power;

    begin_item(out, ITEM_SCALE_BAR, 3, MAP_X + 6, MAP_Y + MAP_H - 18, 90, 14, false, true);
    eb_string_addf(
        out,
        " style=\"Single Box\" mapUuid=\"%s\" unitType=\"km\" unitLabel=\"%s\" numMapUnitsPerScaleBarUnit=\"1\" numSegments=\"2\" "
        "numSegmentsLeft=\"0\" segmentSizeMode=\"0\" minBarWidth=\"30\" maxBarWidth=\"90\" height=\"2.5\" alignment=\"0\" "
        "boxContentSpace=\"1\" labelBarSpace=\"2\" outlineWidth=\"0.3\" numSubdivisions=\"1\" subdivisionsHeight=\"1.5\" "
        "labelVerticalPlacement=\"0\" labelHorizontalPlacement=\"0\" lineJoinStyle=\"miter\" lineCapStyle=\"square\"",
        map_id, eb_word(report->lang, "km"));
    eb_xml_number(out, "numUnitsPerSegment", step);
    eb_string_add(out, ">\n");
    add_colours(out);
    eb_string_add(out, "<text-style fontSize=\"9\" fontSizeUnit=\"Point\" textColor=\"0,0,0,255\"/>\n</LayoutItem>\n");
}

static void add_north_arrow(eb_string *out)
{
    begin_item(out, ITEM_PICTURE, 4, MAP_X + MAP_W - 20, MAP_Y + 4, 16, 18, false, false);
    eb_string_addf(
        out,
        " file=\":/images/north_arrows/layout_default_north_arrow.svg\" mode=\"2\" resizeMode=\"0\" anchorPoint=\"4\" mapUuid=\"%s\" "
        "northMode=\"0\" northOffset=\"0\" pictureRotation=\"0\" pictureWidth=\"16\" pictureHeight=\"18\" "
        "svgFillColor=\"0,0,0,255\" svgBorderColor=\"0,0,0,255\" svgBorderWidth=\"0.2\">\n",
        map_id);
    add_colours(out);
    eb_string_add(out, "</LayoutItem>\n");
}

/** What the features of a layer say of their source: the first that does, lent. "" where none does. */
static const char *source_of(const eb_layer *layer)
{
    const int field = eb_schema_find(eb_layer_schema(layer), "source");

    if (field < 0 || eb_layer_schema(layer)->fields[field].type != EB_FIELD_TEXT) return "";
    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            const char *text = eb_batch_text_at(batch, i, (size_t)field);
            if (*text) return text;
        }
    }
    return "";
}

/** The sources of what is drawn, each once, as many as there is room for. */
static void add_sources(eb_string *out, const eb_report *report)
{
    enum { COLUMNS = 520 };
    const size_t before = out->size;
    bool more = false;

    eb_string_add(out, eb_word(report->lang, "Sources: "));
    const size_t start = out->size;
    for (size_t i = 0; i < report->layer_count; i++) {
        const char *source = eb_translate_to(report->lang, source_of(report->layers[i].layer));
        if (!report->layers[i].input || !eb_report_is_drawn(&report->layers[i]) || !*source || out->failed) continue;
        if (strstr(out->data + start, source)) continue;
        if (eb_text_width(out->data + start) + eb_text_width(source) > COLUMNS) {
            more = true;
            continue;
        }
        eb_string_addf(out, "%s%s", out->size > start ? "; " : "", source);
    }
    if (out->size > start) {
        eb_string_addf(out, "%s%s\n", more ? eb_word(report->lang, "; all of them in ") : "", more ? "run.json" : "");
    } else {
        eb_string_cut(out, before); /* no layer says where it comes from */
    }
}

/** The CRS of the sheet in its language: the registry's names are English. */
static void add_crs(eb_string *out, const eb_crs *crs, eb_lang lang)
{
    const eb_crs_info *info = eb_crs_info_get(crs);
    const char *datum = eb_translate_to(lang, eb_crs_datum_word(crs));
    char meridian[32];

    if (lang == EB_LANG_EN || info->kind != EB_CRS_GAUSS_KRUGER || !info->zone_width) {
        eb_string_add(out, info->name);
    } else if (info->prefixed) {
        eb_string_addf(out, eb_word(lang, "%s %d-degree Gauss-Krüger zone %d"), datum, info->zone_width, info->zone);
    } else {
        eb_text_from_real(meridian, sizeof meridian, info->central_meridian_deg);
        eb_string_addf(out, eb_word(lang, "%s %d-degree Gauss-Krüger, central meridian %s°E"), datum, info->zone_width, meridian);
    }
}

/** What a reader of the sheet must know: what is schematic, where it comes from, which coordinates. */
static void add_notes(eb_string *out, const eb_report *report, const eb_frame_view *view)
{
    const double box[4] = {MAP_X, NOTES_Y, MAP_W, NOTES_H};
    eb_string text = {0};
    bool schematic = false;

    for (size_t i = 0; i < report->layer_count; i++)
        schematic = schematic || (report->layers[i].schematic && eb_report_is_drawn(&report->layers[i]));
    if (schematic)
        eb_string_addf(
            &text, "%s\n",
            eb_word(
                report->lang,
                "Layers marked schematic were drawn from published figures and made from such layers: they show no official boundary."));
    add_sources(&text, report);
    eb_string_add(&text, eb_word(report->lang, "Coordinates: "));
    add_crs(&text, view->crs, report->lang);
    eb_string_addf(&text, "%s%s%s. %s", *view->code ? " (" : "", view->code, *view->code ? ")" : "",
                   eb_word(report->lang, "Colours are not official. Made with ecobelt."));
    add_label(out, 6, report->lang, eb_string_get(&text), box, 6.5, false);
    eb_string_clear(&text);
}

void eb_layout_add(eb_string *out, const eb_report *report, const eb_frame_view *view)
{
    eb_string_addf(out, "<Layout name=\"%s\" units=\"mm\" printResolution=\"300\" worldFileMap=\"\">\n",
                   eb_word(report->lang, "Map sheet A3"));
    eb_string_add(out, "<Snapper snapToItems=\"1\" snapToGuides=\"1\" snapToGrid=\"0\" tolerance=\"5\"/>"
                       "<Grid resUnits=\"mm\" offsetUnits=\"mm\" resolution=\"10\" offsetX=\"0\" offsetY=\"0\"/>\n<PageCollection>\n");
    begin_item(out, ITEM_PAGE, 0, 0, 0, 420, 297, false, true);
    eb_string_add(out, ">\n");
    add_colours(out);
    eb_string_add(out, "</LayoutItem>\n<GuideCollection visible=\"1\"/>\n</PageCollection>\n");
    add_map(out, view);
    add_legend(out, report);
    add_scale_bar(out, report, view);
    add_north_arrow(out);
    add_label(out, 5, report->lang, report->title, (const double[4]){MAP_X, 7, 400, 14}, 22, true);
    add_notes(out, report, view);
    eb_string_add(out, "</Layout>\n");
}
