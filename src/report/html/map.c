/* Maps as SVG. */
#include "report/html/picture.h"

#include "report/heading.h"
#include "report/html/ink.h"
#include "report/style.h"
#include "report/xml.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** What a layer is on a map. */
typedef enum role { ROLE_NONE, ROLE_BACKGROUND, ROLE_BESIDE, ROLE_SUBJECT } role;

typedef struct canvas {
    const eb_map *map;
    eb_string *out;
    double scale; /* pixels a unit of the view */
    double width, height;
    eb_transform *transform;
    eb_points points;
    uint8_t *seen;       /* one bit a pixel: a shape smaller than it stands there */
    double (*placed)[4]; /* boxes of the labels so far */
    size_t placed_count, placed_capacity;
    bool failed;
} canvas;

/* --- coordinates ------------------------------------------------------------------------------------------------------------------- */

static void to_pixels(const canvas *on, double x, double y, double *px, double *py)
{
    *px = (x - on->map->box[0]) * on->scale;
    *py = (on->map->box[3] - y) * on->scale;
}

/** A feature in the coordinates of the view; its box in @p box. False where it is not in the window. */
static bool bring(canvas *on, eb_wkb shape, uint8_t **bytes, double box[4])
{
    const double *window = on->map->box;

    *bytes = shape.size ? malloc(shape.size) : NULL;
    if (shape.size && !*bytes) on->failed = true;
    if (!*bytes) return false;
    memcpy(*bytes, shape.data, shape.size);
    if (eb_transform_wkb(on->transform, *bytes, shape.size, NULL) != EB_OK) return false;
    if (!eb_wkb_bounds((eb_wkb){*bytes, shape.size}, box)) return false;
    return box[0] <= window[2] && box[2] >= window[0] && box[1] <= window[3] && box[3] >= window[1];
}

/* --- shapes ------------------------------------------------------------------------------------------------------------------------ */

/** A run of coordinates as path commands: thinned to half a pixel, cut a little outside the picture. */
static void add_part(canvas *on, const eb_wkb_part *part)
{
    const double margin = 20, window[4] = {-margin, -margin, on->width + margin, on->height + margin};

    eb_points_reset(&on->points);
    for (size_t i = 0; i < part->count; i++) {
        double x, y, px, py;
        eb_wkb_xy(part, i, &x, &y);
        to_pixels(on, x, y, &px, &py);
        eb_points_add(&on->points, px, py);
    }
    eb_points_thin(&on->points, 0.5);
    if (part->kind == EB_SHAPE_POLYGON) {
        eb_points_clip_ring(&on->points, window);
        eb_ink_ring(on->out, &on->points);
    } else {
        eb_ink_line(on->out, &on->points, window);
    }
    on->failed = on->failed || on->points.failed;
}

/** Whether a shape is below a pixel, and then whether it is the first in its pixel. */
static bool is_speck(canvas *on, const double box[4], bool *first)
{
    const double w = (box[2] - box[0]) * on->scale, h = (box[3] - box[1]) * on->scale;
    double x, y;

    if (!(w < 0.7 && h < 0.7)) return false;
    to_pixels(on, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, &x, &y);
    *first = x >= 0 && y >= 0 && x < on->width && y < on->height;
    if (!*first) return true;
    const size_t bit = (size_t)y * (size_t)ceil(on->width) + (size_t)x;
    *first = !(on->seen[bit / 8] & 1 << bit % 8);
    on->seen[bit / 8] |= (uint8_t)(1 << bit % 8);
    return true;
}

/** @p scale: units a pixel of the group that they stand in. */
static void add_marks(const canvas *on, eb_wkb shape, const eb_symbol *symbol, double scale)
{
    eb_wkb_walk walk;
    eb_wkb_part part;

    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        double x, y, px, py;
        if (part.kind != EB_SHAPE_POINT) continue;
        eb_wkb_xy(&part, 0, &x, &y);
        to_pixels(on, x, y, &px, &py);
        for (size_t k = 0; k < symbol->ink_count; k++) eb_ink_mark(on->out, &symbol->inks[k], px, py, scale);
    }
}

static void add_paths(canvas *on, eb_wkb shape, const double box[4], const eb_symbol *symbol)
{
    const int dimension = eb_wkb_dimension(shape);
    bool first = true;
    const bool speck = is_speck(on, box, &first);

    for (size_t k = 0; first && k < symbol->ink_count; k++) {
        eb_wkb_walk walk;
        eb_wkb_part part;
        eb_string_addf(on->out, "<path d=\"");
        if (speck) {
            double x, y;
            to_pixels(on, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, &x, &y);
            eb_string_addf(on->out, "M%.0f %.0fh7v7h-7z", floor(x) * EB_TENTHS, floor(y) * EB_TENTHS);
        }
        eb_wkb_begin(&walk, shape);
        while (!speck && eb_wkb_next(&walk, &part)) {
            if (part.kind != EB_SHAPE_POINT) add_part(on, &part);
        }
        eb_string_add(on->out, "\"");
        eb_ink_attributes(on->out, &symbol->inks[k], dimension == 1, EB_TENTHS);
        eb_string_add(on->out, "/>");
    }
}

/* --- labels ------------------------------------------------------------------------------------------------------------------------ */

/** Whether there is room for a label; then it is taken. */
static bool take_room(canvas *on, const double box[4])
{
    if (box[0] < 0 || box[1] < 0 || box[2] > on->width || box[3] > on->height) return false;
    for (size_t i = 0; i < on->placed_count; i++) {
        const double *other = on->placed[i];
        if (box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]) return false;
    }
    if (on->placed_count == on->placed_capacity) {
        const size_t capacity = on->placed_capacity ? 2 * on->placed_capacity : 32;
        double(*more)[4] = realloc(on->placed, capacity * sizeof *more);
        if (!more) return !(on->failed = true);
        on->placed = more;
        on->placed_capacity = capacity;
    }
    memcpy(on->placed[on->placed_count++], box, sizeof on->placed[0]);
    return true;
}

/** A name in the middle of a shape, or beside a point: right of it, else left, above or below. */
static void add_label(canvas *on, const char *text, double x, double y, bool point)
{
    const double w = (point ? 6.4 : 7.4) * (double)eb_text_width(text), h = 13, air = 4;
    const double tries[4][2] = {{x + 6, y - 6}, {x - 6 - w, y - 6}, {x - w / 2, y - 19}, {x - w / 2, y + 6}};

    for (int k = 0; k < (point ? 4 : 1); k++) {
        const double left = point ? tries[k][0] : x - w / 2, top = point ? tries[k][1] : y - h / 2;
        const double box[4] = {left - air, top, left + w + air, top + h};
        if (!take_room(on, box)) continue;
        eb_string_addf(on->out, "<text x=\"%.0f\" y=\"%.0f\" class=\"%s\">", point ? left : x, top + 10, point ? "spot" : "place");
        eb_xml_add(on->out, text);
        eb_string_add(on->out, "</text>");
        return;
    }
}

/* --- layers ------------------------------------------------------------------------------------------------------------------------ */

/** Whether the layer reaches over this part of the window: a background, and no detail. */
static bool is_wide(const canvas *on, const eb_report_layer *layer, double part)
{
    const double *window = on->map->box;
    double box[4];

    if (!eb_view_box(on->map->view, layer->layer, box)) return false;
    const double w = fmin(box[2], window[2]) - fmax(box[0], window[0]), h = fmin(box[3], window[3]) - fmax(box[1], window[1]);
    return w > 0 && h > 0 && w * h > part * (window[2] - window[0]) * (window[3] - window[1]);
}

static role role_of(const canvas *on, const eb_report_layer *layer)
{
    const eb_report_layer *subject = on->map->subject;
    const int dimension = eb_report_dimension(layer->layer);

    if (layer == subject) return ROLE_SUBJECT;
    if (layer->hidden) return ROLE_NONE;
    if (!subject) return layer->input || (dimension == 2 && !layer->extra) ? ROLE_BACKGROUND : ROLE_NONE;
    if (layer->extra && layer->step && subject->step && strcmp(layer->step, subject->step) == 0) return ROLE_BESIDE;
    if (layer->focus) return ROLE_BACKGROUND;
    if (dimension == 1) return layer->input ? ROLE_BACKGROUND : ROLE_NONE;
    /* On a map about polygons others would pass for what it is about, unless they fill it. */
    return dimension == 2 && is_wide(on, layer, eb_report_dimension(subject->layer) < 2 ? 0.5 : 0.98) ? ROLE_BACKGROUND : ROLE_NONE;
}

/** Lines and points that no style speaks of must stand out from their background all the same. NULL: as the style says. */
static const eb_symbol *bold_symbol(const eb_report_layer *layer, role is)
{
    static const eb_symbol line = {.inks = {{.stroke = "#ffffff", .stroke_opacity = 0.9, .stroke_mm = 2.2},
                                            {.stroke = "#a3006d", .stroke_opacity = 1, .stroke_mm = 1.2}},
                                   .ink_count = 2};
    static const eb_symbol point = {
        .inks = {{.fill = "#a3006d", .fill_opacity = 1, .stroke = "#ffffff", .stroke_opacity = 1, .stroke_mm = 0.3, .size_mm = 3}},
        .ink_count = 1};
    static const eb_symbol beside = {
        .inks = {{.fill = "#ffffff", .fill_opacity = 1, .stroke = "#1b1f23", .stroke_opacity = 1, .stroke_mm = 0.4, .size_mm = 2.4}},
        .ink_count = 1};

    const int dimension = eb_report_dimension(layer->layer);

    if (eb_style_is_known(layer->theme)) return NULL;
    if (is == ROLE_SUBJECT && dimension == 1) return &line;
    if (is == ROLE_SUBJECT && dimension == 0) return &point;
    return is == ROLE_BESIDE && dimension == 0 ? &beside : NULL;
}

/** Field whose text names features: the style's or the plan's; what stands beside a result is called by its name. */
static const char *label_field(const eb_style *style, const eb_report_layer *layer, role is)
{
    if (*style->label) return style->label;
    if (layer->label) return layer->label;
    return is == ROLE_BESIDE ? "name" : "";
}

/** What is seen of a layer for the legend. */
static void add_legend(const canvas *on, eb_string *legend, const eb_report_layer *layer, const eb_style *style, const bool *used, role is)
{
    const int dimension = eb_report_dimension(layer->layer);
    const eb_symbol *bold = bold_symbol(layer, is);
    eb_string own = {0};
    size_t shown = 0;

    for (size_t k = 0; k < style->count; k++) shown += used[k];
    if (shown == 0 || (on->map->subject && is == ROLE_BACKGROUND)) return;
    if (is != ROLE_SUBJECT && (shown > 1 || (*style->field && style->count > 1))) {
        eb_string_add(&own, "<li class=\"group\">");
        eb_xml_add(&own, layer->title);
        eb_string_add(&own, "</li>\n");
    }
    for (size_t k = 0; k < style->count; k++) {
        if (!used[k]) continue;
        eb_string_add(&own, "<li>");
        eb_ink_swatch(&own, bold ? bold : &style->symbols[k], dimension);
        eb_xml_add(&own, *style->symbols[k].label ? style->symbols[k].label : layer->title);
        eb_string_add(&own, "</li>\n");
    }
    eb_string_add(&own, eb_string_get(legend)); /* what is drawn last stands first */
    own.failed = own.failed || legend->failed;
    eb_string_clear(legend);
    *legend = own;
}

/** A layer while it is drawn. */
typedef struct pass {
    const eb_report_layer *layer;
    role is;
    bool names;            /* its names, and not its shapes */
    const eb_symbol *bold; /* in place of the style's; NULL: none */
    eb_style style;
    bool *used; /* one a symbol */
} pass;

/** A number on its disc beside a point: at the side that the style names, else around the point where there is room. */
static void add_number(canvas *on, const eb_style *style, const char *text, double x, double y)
{
    const double size = fmax(eb_ink_size(&style->badge), 13), reach = size / 2 + 4, start = atan2(style->badge_y, style->badge_x);
    double at[2] = {x, y};

    for (int k = 0; k < 9; k++) { /* to either side by turns; where there is no room the first again */
        const double turn = start + (k % 2 ? -1 : 1) * (k < 8 ? (k + 1) / 2 : 0) * atan(1.0);
        at[0] = x + reach * cos(turn);
        at[1] = y + reach * sin(turn);
        if (take_room(on, (const double[4]){at[0] - size / 2, at[1] - size / 2, at[0] + size / 2, at[1] + size / 2})) break;
    }
    eb_string_addf(on->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"", at[0], at[1], size / 2);
    eb_ink_attributes(on->out, &style->badge, false, 1);
    eb_string_addf(on->out, "/><text x=\"%.1f\" y=\"%.1f\" class=\"number\" style=\"fill:%s\">", at[0], at[1] + 3, style->label_colour);
    eb_xml_add(on->out, text);
    eb_string_add(on->out, "</text>");
}

static void label_feature(canvas *on, const eb_batch *batch, size_t i, const pass *with, const double box[4])
{
    const char *field = label_field(&with->style, with->layer, with->is);
    const bool point = eb_wkb_dimension(eb_batch_shape_at(batch, i)) == 0;
    const int found = eb_schema_find(batch->schema, field);
    const double *window = on->map->box;
    char text[128];
    double x, y;

    if (found < 0 || eb_batch_is_null(batch, i, (size_t)found)) return;
    eb_batch_format_at(batch, i, (size_t)found, text, sizeof text);
    /* The middle of what is in the window. */
    to_pixels(on, (fmax(box[0], window[0]) + fmin(box[2], window[2])) / 2, (fmax(box[1], window[1]) + fmin(box[3], window[3])) / 2, &x, &y);
    if (*text && point && with->style.has_badge) {
        add_number(on, &with->style, text, x, y);
    } else if (*text) {
        add_label(on, text, x, y, point);
    }
}

static void draw_feature(canvas *on, const pass *with, const eb_batch *batch, size_t i)
{
    const eb_wkb shape = eb_batch_shape_at(batch, i);
    const eb_symbol *symbol = eb_style_symbol(&with->style, batch, i);
    uint8_t *bytes = NULL;
    double box[4];

    if (symbol && bring(on, shape, &bytes, box)) {
        const bool point = eb_wkb_dimension(shape) == 0;
        const eb_wkb own = {bytes, shape.size};
        with->used[symbol - with->style.symbols] = true;
        if (with->bold) symbol = with->bold;
        if (with->names) {
            label_feature(on, batch, i, with, box);
        } else if (point) {
            add_marks(on, own, symbol, eb_report_dimension(with->layer->layer) > 0 ? EB_TENTHS : 1);
        } else {
            add_paths(on, own, box, symbol);
        }
    }
    free(bytes);
}

/** Where each feature has a symbol of its own the legend says its name. */
static bool names_itself(const pass *with)
{
    return with->is == ROLE_SUBJECT && with->style.count >= eb_layer_count(with->layer->layer);
}

static void draw_features(canvas *on, const pass *with)
{
    if (with->names && names_itself(with)) return;
    memset(on->seen, 0, (size_t)(ceil(on->width) * ceil(on->height)) / 8 + 1);
    for (size_t b = 0; b < eb_layer_batch_count(with->layer->layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(with->layer->layer, b);
        for (size_t i = 0; i < batch->count; i++) draw_feature(on, with, batch, i);
    }
}

/** The shapes of a layer, or its names: they stand above everything. */
static eb_status draw_layer(canvas *on, const eb_report_layer *layer, role is, bool names, eb_string *legend, eb_error *err)
{
    const eb_crs *crs = eb_layer_schema(layer->layer)->crs;
    const bool pale = on->map->subject && is == ROLE_BACKGROUND && !layer->focus;
    pass with = {.layer = layer, .is = is, .names = names, .bold = bold_symbol(layer, is)};

    if (!crs || eb_transform_new(crs, on->map->view->crs, NULL, NULL, &on->transform, NULL) != EB_OK) return EB_OK; /* no place here */
    eb_status status = eb_style_read(layer, on->map->report->lang, &with.style, err);
    if (status == EB_OK) {
        with.used = calloc(with.style.count + 1, sizeof *with.used);
        if (!with.used) status = eb_error_memory(err);
    }
    if (status == EB_OK) {
        if (!names)
            eb_string_addf(on->out, "<g%s%s>", eb_report_dimension(layer->layer) > 0 ? " transform=\"scale(.1)\"" : "",
                           pale ? " opacity=\".55\"" : "");
        draw_features(on, &with);
        if (!names) eb_string_add(on->out, "</g>\n");
        if (!names) add_legend(on, legend, layer, &with.style, with.used, is);
    }
    free(with.used);
    eb_style_clear(&with.style);
    eb_transform_free(on->transform);
    return status;
}

/** Whether names of this layer stand on the map: those of the subject and of what stands beside it, else those of the region. */
static bool is_named(const eb_map *map, const eb_report_layer *layer, role is)
{
    if (is == ROLE_SUBJECT) return eb_report_dimension(layer->layer) != 1;
    return is == ROLE_BESIDE || (is == ROLE_BACKGROUND && layer->focus && (!map->subject || eb_report_dimension(map->subject->layer) < 2));
}

/** No name stands where the scale bar and the arrow will. */
static void reserve_room(canvas *on)
{
    take_room(on, (const double[4]){0, on->height - 28, on->width / 5 + 80, on->height});
    take_room(on, (const double[4]){on->width - 34, 0, on->width, 50});
}

static eb_status draw_layers(canvas *on, eb_string *legend, eb_error *err)
{
    const eb_report *report = on->map->report;
    eb_status status = EB_OK;

    for (int is = ROLE_BACKGROUND; is <= ROLE_SUBJECT; is++) { /* the subject above all else */
        for (size_t i = 0; status == EB_OK && i < report->layer_count; i++) {
            if (is != ROLE_BESIDE && role_of(on, &report->layers[i]) == (role)is)
                status = draw_layer(on, &report->layers[i], (role)is, false, legend, err);
        }
    }
    for (size_t i = 0; status == EB_OK && i < report->layer_count; i++) { /* stops on their route */
        if (role_of(on, &report->layers[i]) == ROLE_BESIDE) status = draw_layer(on, &report->layers[i], ROLE_BESIDE, false, legend, err);
    }
    reserve_room(on);
    for (int is = ROLE_SUBJECT; is >= ROLE_BACKGROUND; is--) { /* names of the subject take room first */
        for (size_t i = 0; status == EB_OK && i < report->layer_count; i++) {
            const eb_report_layer *layer = &report->layers[i];
            if (role_of(on, layer) == (role)is && is_named(on->map, layer, (role)is))
                status = draw_layer(on, layer, (role)is, true, legend, err);
        }
    }
    return status;
}

/* --- the frame --------------------------------------------------------------------------------------------------------------------- */

/** 1, 2 or 5 times a power of ten metres, about a fifth of the width. */
static void add_scale_bar(const canvas *on)
{
    const eb_lang lang = on->map->report->lang;
    const double wide = on->width / on->scale / 5, power = pow(10, floor(log10(wide)));
    const double length = wide >= 5 * power ? 5 * power : wide >= 2 * power ? 2 * power : power;
    const double px = length * on->scale, y = on->height - 14;
    char number[40];

    eb_text_from_real(number, sizeof number, length >= 1000 ? length / 1000 : length);
    eb_string_addf(on->out, "<rect x=\"6\" y=\"%.0f\" width=\"%.0f\" height=\"24\" fill=\"#fff\" fill-opacity=\".85\"/>", y - 12, px + 66);
    eb_string_addf(
        on->out,
        "<path d=\"M12 %.0fv6h%.0fv-6\" fill=\"none\" stroke=\"#000\" stroke-width=\"1.3\"/><text x=\"%.0f\" y=\"%.0f\">%s %s</text>", y,
        px, px + 18, y + 7, number, length >= 1000 ? eb_word(lang, "km") : eb_word(lang, "m"));
}

static void add_north(const canvas *on)
{
    eb_string_addf(
        on->out, "<path d=\"M%.0f 12l7 20-7-5-7 5z\" stroke=\"#fff\" fill=\"#1b1f23\"/><text x=\"%.0f\" y=\"46\" class=\"place\">%s</text>",
        on->width - 20, on->width - 20, eb_word(on->map->report->lang, "N"));
}

eb_status eb_picture_map(eb_string *out, eb_string *legend, const eb_map *map, eb_error *err)
{
    const double w = fmax(map->box[2] - map->box[0], 1e-9), h = fmax(map->box[3] - map->box[1], 1e-9);
    canvas on = {.map = map, .out = out, .scale = map->width_px / w, .width = map->width_px, .height = h * map->width_px / w};

    on.seen = malloc((size_t)(ceil(on.width) * ceil(on.height)) / 8 + 1);
    if (!on.seen) return eb_error_memory(err);
    eb_string_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" role=\"img\">\n", map->width_px, on.height);
    eb_status status = draw_layers(&on, legend, err);
    if (eb_crs_info_get(map->view->crs)->kind != EB_CRS_GEOGRAPHIC) {
        add_scale_bar(&on);
        add_north(&on);
    }
    eb_string_add(out, "</svg>\n");
    eb_points_clear(&on.points);
    free(on.placed);
    free(on.seen);
    return status == EB_OK && on.failed ? eb_error_memory(err) : status;
}
