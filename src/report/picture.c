/* Maps as SVG. */
#include "report/picture.h"

#include "report/clip.h"
#include "report/heading.h"
#include "report/style.h"
#include "report/symbol.h"
#include "report/xml.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Millimetres of a style in pixels: 96 a inch. */
static const double px_per_mm = 96 / 25.4;

typedef struct canvas {
    eb_string *out;
    const double *box;
    double scale; /* pixels a unit of the view */
    double width, height;
    eb_transform *transform;
} canvas;

static void to_pixels(const canvas *on, double x, double y, double *px, double *py)
{
    *px = (x - on->box[0]) * on->scale;
    *py = (on->box[3] - y) * on->scale;
}

/** Points as path commands. */
static void add_path(eb_string *out, const eb_points *points, bool closed)
{
    for (size_t i = 0; i < points->count; i++) eb_string_addf(out, "%c%.1f %.1f", i ? 'L' : 'M', points->xy[i][0], points->xy[i][1]);
    if (closed && points->count) eb_string_add(out, "Z");
}

/** The pieces of a line inside the window. */
static void add_line(eb_string *out, const eb_points *points, const double window[4])
{
    double last[2] = {NAN, NAN};

    for (size_t i = 1; i < points->count; i++) {
        double from[2] = {points->xy[i - 1][0], points->xy[i - 1][1]}, to[2] = {points->xy[i][0], points->xy[i][1]};
        if (!eb_clip_segment(from, to, window)) continue;
        if (from[0] != last[0] || from[1] != last[1]) eb_string_addf(out, "M%.1f %.1f", from[0], from[1]);
        eb_string_addf(out, "L%.1f %.1f", to[0], to[1]);
        last[0] = to[0];
        last[1] = to[1];
    }
}

/** A run of coordinates as path commands: thinned to half a pixel, cut a little outside the picture. */
static void add_part(const canvas *on, const eb_wkb_part *part)
{
    const double margin = 20, window[4] = {-margin, -margin, on->width + margin, on->height + margin};
    eb_points points = {0};

    for (size_t i = 0; i < part->count; i++) {
        double x, y, px, py;
        eb_wkb_xy(part, i, &x, &y);
        to_pixels(on, x, y, &px, &py);
        eb_points_add(&points, px, py);
    }
    eb_points_thin(&points, 0.5);
    if (part->kind == EB_SHAPE_POLYGON) {
        eb_points_clip_ring(&points, window);
        add_path(on->out, &points, true);
    } else {
        add_line(on->out, &points, window);
    }
    if (points.failed) on->out->failed = true;
    eb_points_clear(&points);
}

static void add_ink(eb_string *out, const eb_ink *ink, bool line)
{
    eb_string_addf(out, " fill=\"%s\"", line || !*ink->fill ? "none" : ink->fill);
    if (!line && *ink->fill && ink->fill_opacity < 1) eb_string_addf(out, " fill-opacity=\"%.2f\"", ink->fill_opacity);
    if (!*ink->stroke) return;
    eb_string_addf(out, " stroke=\"%s\" stroke-width=\"%.2f\"", ink->stroke, fmax(ink->stroke_mm * px_per_mm * 0.6, 0.4));
    if (ink->dashed) eb_string_add(out, " stroke-dasharray=\"5 3\"");
}

/** A mark around the origin, of one pixel's radius. */
static const char *mark_path(eb_mark mark)
{
    switch (mark) {
    case EB_MARK_SQUARE:
        return "M-.8-.8H.8V.8H-.8Z";
    case EB_MARK_DIAMOND:
        return "M0-1L1 0 0 1-1 0Z";
    case EB_MARK_TRIANGLE:
        return "M0-1L.9.7H-.9Z";
    case EB_MARK_STAR:
        return "M0-1L.24-.32.95-.31.38.12.59.81 0 .4-.59.81-.38.12-.95-.31-.24-.32Z";
    case EB_MARK_CIRCLE:
        break;
    }
    return "M-.9 0A.9.9 0 1 0 .9 0A.9.9 0 1 0-.9 0Z";
}

static void add_mark(eb_string *out, const eb_ink *ink, double x, double y)
{
    const double radius = ink->size_mm * px_per_mm * 0.4;

    eb_string_addf(out, "<path transform=\"translate(%.1f %.1f) scale(%.2f)\" d=\"%s\"", x, y, radius, mark_path(ink->mark));
    eb_string_addf(out, " fill=\"%s\"", *ink->fill ? ink->fill : "none");
    if (*ink->stroke)
        eb_string_addf(out, " stroke=\"%s\" stroke-width=\"%.2f\"", ink->stroke, fmax(ink->stroke_mm * px_per_mm * 0.5, 0.3) / radius);
    eb_string_add(out, "/>");
}

static bool in_window(const canvas *on, const double box[4])
{
    return box[0] <= on->box[2] && box[2] >= on->box[0] && box[1] <= on->box[3] && box[3] >= on->box[1];
}

static void add_shape(const canvas *on, eb_wkb shape, const eb_symbol *symbol)
{
    const int dimension = eb_wkb_dimension(shape);
    eb_wkb_walk walk;
    eb_wkb_part part;

    for (size_t k = 0; k < symbol->ink_count; k++) {
        if (dimension > 0) eb_string_add(on->out, "<path d=\"");
        eb_wkb_begin(&walk, shape);
        while (eb_wkb_next(&walk, &part)) {
            double x, y, px, py;
            if (part.kind != EB_SHAPE_POINT) {
                add_part(on, &part);
                continue;
            }
            eb_wkb_xy(&part, 0, &x, &y);
            to_pixels(on, x, y, &px, &py);
            add_mark(on->out, &symbol->inks[k], px, py);
        }
        if (dimension <= 0) continue;
        eb_string_add(on->out, "\"");
        add_ink(on->out, &symbol->inks[k], dimension == 1);
        eb_string_add(on->out, " fill-rule=\"evenodd\"/>");
    }
}

/** A feature in the coordinates of the view; its box in @p box. False where it is not in the window. */
static bool bring(const canvas *on, eb_wkb shape, uint8_t **bytes, double box[4], bool *failed)
{
    *bytes = shape.size ? malloc(shape.size) : NULL;
    if (shape.size && !*bytes) *failed = true;
    if (!*bytes) return false;
    memcpy(*bytes, shape.data, shape.size);
    const eb_wkb own = {*bytes, shape.size};
    return eb_transform_wkb(on->transform, *bytes, shape.size, NULL) == EB_OK && eb_wkb_bounds(own, box) && in_window(on, box);
}

static void add_label(const canvas *on, const eb_batch *batch, size_t i, const char *field, const double box[4])
{
    const int found = eb_schema_find(batch->schema, field);
    char text[128];
    double x, y;

    if (found < 0 || eb_batch_is_null(batch, i, (size_t)found)) return;
    eb_batch_format_at(batch, i, (size_t)found, text, sizeof text);
    to_pixels(on, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, &x, &y);
    eb_string_addf(on->out, "<text x=\"%.0f\" y=\"%.0f\" class=\"place\">", x, y);
    eb_xml_add(on->out, text);
    eb_string_add(on->out, "</text>");
}

/** The shapes of a layer, or its labels alone: they stand above everything. */
static eb_status add_layer(canvas *on, const eb_report *report, const eb_frame_view *view, const eb_report_layer *layer, bool labels,
                           eb_error *err)
{
    const eb_crs *crs = eb_layer_schema(layer->layer)->crs;
    eb_style style;
    bool failed = false;

    if (!crs || eb_transform_new(crs, view->crs, NULL, NULL, &on->transform, NULL) != EB_OK) return EB_OK; /* it has no place here */
    eb_status status = eb_style_read(layer, report->lang, &style, err);
    eb_string_add(on->out, "<g>");
    for (size_t b = 0; status == EB_OK && b < eb_layer_batch_count(layer->layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer->layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            const eb_wkb shape = eb_batch_shape_at(batch, i);
            const eb_symbol *symbol = eb_style_symbol(&style, batch, i);
            uint8_t *bytes = NULL;
            double box[4];
            const bool here = symbol && bring(on, shape, &bytes, box, &failed);
            if (here && !labels) add_shape(on, (eb_wkb){bytes, shape.size}, symbol);
            if (here && labels && *style.label) add_label(on, batch, i, style.label, box);
            free(bytes);
        }
    }
    eb_string_add(on->out, "</g>\n");
    eb_style_clear(&style);
    eb_transform_free(on->transform);
    return status == EB_OK && failed ? eb_error_memory(err) : status;
}

/** 1, 2 or 5 times a power of ten metres, about a fifth of the width. */
static void add_scale_bar(const canvas *on, eb_lang lang)
{
    const double wide = on->width / on->scale / 5, power = pow(10, floor(log10(wide)));
    const double length = wide >= 5 * power ? 5 * power : wide >= 2 * power ? 2 * power : power;
    const double px = length * on->scale, y = on->height - 14;
    char number[40];

    eb_text_from_real(number, sizeof number, length >= 1000 ? length / 1000 : length);
    eb_string_addf(on->out,
                   "<path d=\"M12 %.0fv6h%.1fv-6\" fill=\"none\" stroke=\"#000\"/><text x=\"%.0f\" y=\"%.0f\" class=\"scale\">%s %s</text>",
                   y, px, px + 18, y + 7, number, length >= 1000 ? eb_word(lang, "km", "公里") : eb_word(lang, "m", "米"));
}

eb_status eb_picture_map(eb_string *out, const eb_report *report, const eb_frame_view *view, const double box[4], int width_px, bool labels,
                         eb_error *err)
{
    const double w = fmax(box[2] - box[0], 1e-9), h = fmax(box[3] - box[1], 1e-9);
    canvas on = {.out = out, .box = box, .scale = width_px / w, .width = width_px, .height = h * width_px / w};
    eb_status status = EB_OK;

    eb_string_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" role=\"img\">\n", width_px, on.height);
    for (size_t i = 0; status == EB_OK && i < report->layer_count; i++) {
        if (!report->layers[i].hidden) status = add_layer(&on, report, view, &report->layers[i], false, err);
    }
    for (size_t i = 0; status == EB_OK && labels && i < report->layer_count; i++) {
        if (report->layers[i].focus && !report->layers[i].hidden) status = add_layer(&on, report, view, &report->layers[i], true, err);
    }
    if (eb_crs_info_get(view->crs)->kind != EB_CRS_GEOGRAPHIC) add_scale_bar(&on, report->lang);
    eb_string_add(out, "</svg>\n");
    return status;
}

static void add_swatch(eb_string *out, const eb_symbol *symbol, int dimension)
{
    eb_string_add(out, "<svg viewBox=\"0 0 24 14\" class=\"swatch\">");
    for (size_t k = 0; k < symbol->ink_count; k++) {
        const eb_ink *ink = &symbol->inks[k];
        if (dimension <= 0) {
            add_mark(out, ink, 12, 7);
            continue;
        }
        eb_string_add(out, dimension == 1 ? "<path d=\"M1 7H23\"" : "<path d=\"M2 2H22V12H2Z\"");
        add_ink(out, ink, dimension == 1);
        eb_string_add(out, "/>");
    }
    eb_string_add(out, "</svg>");
}

eb_status eb_picture_legend(eb_string *out, const eb_report *report, eb_error *err)
{
    eb_string_add(out, "<ul class=\"legend\">\n");
    for (size_t i = report->layer_count; i-- > 0;) {
        const eb_report_layer *layer = &report->layers[i];
        const int dimension = eb_report_dimension(layer->layer);
        eb_style style;
        if (layer->hidden) continue;
        const eb_status status = eb_style_read(layer, report->lang, &style, err);
        if (status != EB_OK) return status;
        for (size_t k = 0; k < style.count; k++) {
            eb_string_add(out, "<li>");
            add_swatch(out, &style.symbols[k], dimension);
            eb_xml_add(out, layer->title);
            if (*style.symbols[k].label) {
                eb_string_add(out, ": ");
                eb_xml_add(out, style.symbols[k].label);
            }
            eb_string_add(out, "</li>\n");
        }
        eb_style_clear(&style);
    }
    eb_string_add(out, "</ul>\n");
    return EB_OK;
}
