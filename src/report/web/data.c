/* The layers of a web map as JSON. */
#include "report/heading.h"
#include "report/style.h"
#include "report/symbol.h"
#include "report/web/thin.h"
#include "report/web/web.h"

#include <ecobelt/measure.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A step of the grid is about a metre; what is written is that fine at best. */
static const double step_deg = 1e-5;
/* Bytes of all layers beyond which their lines are thinned more, and features beyond which a layer is left out: phones must open it. */
enum { MOST_BYTES = 4500000, MOST_FEATURES = 20000, MOST_THINNING = 1024 };

typedef struct writer {
    const eb_report *report;
    eb_string *out;
    double tolerance; /* of thinning, in steps */
    eb_trail trail;
    uint8_t *bytes; /* a shape on its way to degrees */
    size_t capacity;
    int32_t box[4]; /* of the layer at hand, in steps */
} writer;

/** A layer on its way into the data. */
typedef struct drawn {
    const eb_report_layer *layer;
    eb_transform *transform; /* NULL: in degrees already */
    eb_style style;
    eb_web_fields fields;
    eb_measure *measure; /* of a layer that does not say how large its shapes are; NULL: it does */
} drawn;

static void add_text(eb_string *out, const char *key, const char *text)
{
    eb_string_addf(out, "\"%s\":", key);
    eb_string_add_json(out, text);
}

/* --- shapes ------------------------------------------------------------------------------------------------------------------------ */

static bool to_grid(double degrees, int32_t *out)
{
    const double steps = floor(degrees / step_deg + 0.5);

    if (!(steps >= -36000000 && steps <= 36000000)) return false;
    *out = (int32_t)steps;
    return true;
}

/** A run of coordinates: "[x,y,dx,dy,…]". Nothing is written for one without a place. */
static bool add_part(writer *w, const eb_wkb_part *part)
{
    int32_t last[2] = {0, 0};

    eb_trail_reset(&w->trail);
    for (size_t i = 0; i < part->count; i++) {
        double lon, lat;
        int32_t x, y;
        eb_wkb_xy(part, i, &lon, &lat);
        if (to_grid(lon, &x) && to_grid(lat, &y)) eb_trail_add(&w->trail, x, y);
    }
    eb_trail_thin(&w->trail, w->tolerance, part->kind == EB_SHAPE_POLYGON);
    if (w->trail.count == 0 || (part->kind == EB_SHAPE_POLYGON && part->ring > 0 && w->trail.count < 4)) return false;
    for (size_t i = 0; i < w->trail.count; i++) {
        const int32_t *at = w->trail.xy[i];
        eb_string_addf(w->out, "%s%d,%d", i ? "," : "[", at[0] - last[0], at[1] - last[1]);
        for (int k = 0; k < 2; k++) {
            last[k] = at[k];
            if (at[k] < w->box[k]) w->box[k] = at[k];
            if (at[k] > w->box[k + 2]) w->box[k + 2] = at[k];
        }
    }
    eb_string_add(w->out, "]");
    return true;
}

/** The parts of one kind: ,"p":[…] points, ,"l":[…] lines, ,"a":[[ring,…],…] areas. */
static void add_parts(writer *w, eb_wkb shape, eb_shape_kind kind, const char *key)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    size_t count = 0, polygon = 0;

    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        if (part.kind != kind || part.count == 0) continue;
        if (part.ring > 0 && (!count || part.polygon != polygon)) continue; /* a hole in nothing */
        const size_t before = w->out->size;
        const bool ring = kind == EB_SHAPE_POLYGON, same = ring && count && part.polygon == polygon;
        if (!count) eb_string_addf(w->out, ",\"%s\":[", key);
        eb_string_add(w->out, !count ? (ring ? "[" : "") : same ? "," : ring ? "],[" : ",");
        if (add_part(w, &part)) {
            polygon = part.polygon;
            count++;
        } else {
            eb_string_cut(w->out, before);
        }
    }
    if (count) eb_string_add(w->out, kind == EB_SHAPE_POLYGON ? "]]" : "]");
}

/** The shape in degrees; lent until the next one. */
static eb_status in_degrees(writer *w, const drawn *d, eb_wkb *shape, eb_error *err)
{
    if (!d->transform || shape->size == 0) return EB_OK;
    if (w->capacity < shape->size) {
        uint8_t *more = realloc(w->bytes, shape->size);
        if (!more) return eb_error_memory(err);
        w->bytes = more;
        w->capacity = shape->size;
    }
    memcpy(w->bytes, shape->data, shape->size);
    shape->data = w->bytes;
    return eb_transform_wkb(d->transform, w->bytes, shape->size, err);
}

/* --- features ---------------------------------------------------------------------------------------------------------------------- */

/** The size of a shape as the tool measures it, beside what was published. */
static void add_size(writer *w, const drawn *d, eb_wkb shape)
{
    const bool line = eb_report_dimension(d->layer->layer) == 1;
    char text[80] = "";
    eb_size size = {0};
    double length_m = 0;

    if (line && eb_measure_length(d->measure, shape, &length_m, NULL) == EB_OK)
        eb_web_measured(length_m, "m", w->report->lang, text, sizeof text);
    if (!line && eb_measure_area(d->measure, shape, EB_WANT_GEODESIC, &size, NULL) == EB_OK)
        eb_web_measured(size.geodesic_m2, "m2", w->report->lang, text, sizeof text);
    eb_string_add_json(w->out, text);
}

static void add_values(writer *w, const drawn *d, const eb_batch *batch, size_t i)
{
    char text[1024] = "";

    if (d->fields.heading >= 0) {
        eb_web_value(batch, i, (size_t)d->fields.heading, w->report->lang, text, sizeof text);
        if (*text) eb_string_add(w->out, ",");
        if (*text) add_text(w->out, "n", text);
    }
    const int label = *d->style.label ? eb_schema_find(batch->schema, d->style.label) : -1;
    if (label >= 0 && label != d->fields.heading) {
        eb_web_value(batch, i, (size_t)label, w->report->lang, text, sizeof text);
        if (*text) eb_string_add(w->out, ",");
        if (*text) add_text(w->out, "t", text);
    }
    eb_string_add(w->out, ",\"v\":[");
    if (d->measure) add_size(w, d, eb_batch_shape_at(batch, i));
    for (size_t f = 0; f < d->fields.count; f++) {
        eb_web_value(batch, i, d->fields.fields[f], w->report->lang, text, sizeof text);
        eb_string_add(w->out, f || d->measure ? "," : "");
        eb_string_add_json(w->out, text);
    }
    eb_string_add(w->out, "]");
}

static eb_status add_features(writer *w, const drawn *d, eb_error *err)
{
    const eb_layer *layer = d->layer->layer;
    bool first = true;

    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            const eb_symbol *symbol = eb_style_symbol(&d->style, batch, i);
            eb_wkb shape = eb_batch_shape_at(batch, i);
            const eb_status status = in_degrees(w, d, &shape, err);
            if (status != EB_OK) return status;
            if (!symbol || eb_wkb_dimension(shape) < 0) continue;
            eb_string_addf(w->out, "%s{\"s\":%zu", first ? "" : ",\n", (size_t)(symbol - d->style.symbols));
            add_values(w, d, batch, i);
            add_parts(w, shape, EB_SHAPE_POINT, "p");
            add_parts(w, shape, EB_SHAPE_LINE, "l");
            add_parts(w, shape, EB_SHAPE_POLYGON, "a");
            eb_string_add(w->out, "}");
            first = false;
        }
    }
    return EB_OK;
}

/* --- layers ------------------------------------------------------------------------------------------------------------------------ */

static void add_ink(eb_string *out, const eb_ink *ink)
{
    static const char *const marks[] = {"circle", "square", "diamond", "triangle", "star"};
    const struct {
        const char *key;
        double value;
    } numbers[] = {{"fo", ink->fill_opacity}, {"so", ink->stroke_opacity}, {"w", ink->stroke_mm}, {"r", ink->size_mm}};

    eb_string_add(out, "{");
    add_text(out, "f", ink->fill);
    eb_string_add(out, ",");
    add_text(out, "c", ink->stroke);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        eb_string_addf(out, ",\"%s\":", numbers[i].key);
        eb_string_add_number(out, floor(numbers[i].value * 1000 + 0.5) / 1000);
    }
    eb_string_addf(out, ",\"d\":%d,\"m\":\"%s\"}", ink->dashed, marks[ink->mark]);
}

static void add_symbols(eb_string *out, const eb_style *style)
{
    eb_string_add(out, ",\"symbols\":[");
    for (size_t i = 0; i < style->count; i++) {
        const eb_symbol *symbol = &style->symbols[i];
        eb_string_add(out, i ? ",{" : "{");
        add_text(out, "label", symbol->label);
        eb_string_add(out, ",\"inks\":[");
        for (size_t k = 0; k < symbol->ink_count; k++) {
            eb_string_add(out, k ? "," : "");
            add_ink(out, &symbol->inks[k]);
        }
        eb_string_add(out, "]}");
    }
    eb_string_add(out, "]");
}

static void add_headings(writer *w, const drawn *d)
{
    const eb_schema *schema = eb_layer_schema(d->layer->layer);
    char text[256];

    eb_string_add(w->out, ",\"fields\":[");
    if (d->measure)
        eb_string_add_json(w->out, eb_report_dimension(d->layer->layer) == 1 ? eb_word(w->report->lang, "Computed length")
                                                                             : eb_word(w->report->lang, "Computed area"));
    for (size_t f = 0; f < d->fields.count; f++) {
        eb_web_field_heading(&schema->fields[d->fields.fields[f]], w->report->lang, text, sizeof text);
        eb_string_add(w->out, f || d->measure ? "," : "");
        eb_string_add_json(w->out, text);
    }
    eb_string_add(w->out, "]");
}

static void close_drawn(drawn *d)
{
    eb_transform_free(d->transform);
    eb_style_clear(&d->style);
    eb_web_fields_clear(&d->fields);
    eb_measure_free(d->measure);
}

/** Whether the attributes leave open how large a shape is. */
static bool lacks_size(const eb_report_layer *layer)
{
    static const char *const areas[] = {"area_m2", "official_m2", "geodesic_m2"};
    const eb_schema *schema = eb_layer_schema(layer->layer);
    const int dimension = eb_report_dimension(layer->layer);
    bool said = false;

    for (size_t i = 0; i < 3; i++) said = said || eb_schema_find(schema, areas[i]) >= 0;
    return (dimension == 2 && !said) || (dimension == 1 && eb_schema_find(schema, "length_m") < 0);
}

static eb_status open_drawn(const writer *w, const eb_report_layer *layer, drawn *d, eb_error *err)
{
    const eb_crs *crs = eb_layer_schema(layer->layer)->crs;
    eb_crs *wgs84 = NULL;
    eb_status status = eb_crs_new("EPSG:4326", &wgs84, err);

    *d = (drawn){.layer = layer, .fields.heading = -1};
    if (status == EB_OK && !eb_crs_same(crs, wgs84)) status = eb_transform_new(crs, wgs84, NULL, NULL, &d->transform, err);
    eb_crs_free(wgs84);
    if (status == EB_OK) status = eb_style_read(layer, w->report->lang, &d->style, err);
    if (status == EB_OK && lacks_size(layer)) status = eb_measure_new(crs, 0, &d->measure, err);
    if (status == EB_OK &&
        !eb_web_fields_choose(layer->layer, *d->style.label ? d->style.label : layer->label, w->report->lang, &d->fields))
        status = eb_error_memory(err);
    if (status != EB_OK) close_drawn(d);
    return status;
}

static eb_status add_layer(writer *w, const eb_report_layer *layer, eb_error *err)
{
    const int dimension = eb_report_dimension(layer->layer);
    drawn d;
    eb_status status = open_drawn(w, layer, &d, err);

    if (status != EB_OK) return status;
    for (int k = 0; k < 4; k++) w->box[k] = k < 2 ? INT32_MAX : INT32_MIN;
    eb_string_add(w->out, "{");
    add_text(w->out, "id", layer->id);
    eb_string_add(w->out, ",");
    add_text(w->out, "title", layer->title);
    eb_string_addf(w->out, ",\"kind\":%d,\"on\":%s,\"focus\":%s,\"input\":%s,\"labels\":%s", dimension, layer->hidden ? "false" : "true",
                   layer->focus ? "true" : "false", layer->input ? "true" : "false", *d.style.label ? "true" : "false");
    eb_string_add(w->out, ",");
    add_text(w->out, "ink", d.style.label_colour);
    eb_string_addf(w->out, ",\"bold\":%s,", d.style.label_bold ? "true" : "false");
    if (d.style.has_badge && dimension == 0) {
        eb_string_addf(w->out, "\"badge_x\":%.0f,\"badge_y\":%.0f,\"badge\":", d.style.badge_x, d.style.badge_y);
        add_ink(w->out, &d.style.badge);
        eb_string_add(w->out, ",");
    }
    eb_string_add(w->out, "\"names_from\":");
    eb_string_add_number(w->out, d.style.label_scale);
    eb_string_add(w->out, ",");
    char *method = layer->method ? eb_prose(NULL, layer->method, w->report->lang) : NULL;
    add_text(w->out, "method", method);
    free(method);
    add_symbols(w->out, &d.style);
    add_headings(w, &d);
    eb_string_add(w->out, ",\n\"features\":[");
    status = add_features(w, &d, err);
    eb_string_add(w->out, "]");
    if (w->box[0] <= w->box[2]) eb_string_addf(w->out, ",\"box\":[%d,%d,%d,%d]", w->box[0], w->box[1], w->box[2], w->box[3]);
    eb_string_add(w->out, "}");
    close_drawn(&d);
    return status;
}

/** Whether the map has a place for it; what is too large for a browser is said to be left out. */
typedef enum fate { FATE_NOTHING, FATE_DRAWN, FATE_LEFT_OUT } fate;

static fate fate_of(const eb_report_layer *layer)
{
    if (!eb_layer_schema(layer->layer)->crs || eb_report_dimension(layer->layer) < 0 || eb_layer_count(layer->layer) == 0)
        return FATE_NOTHING;
    return eb_layer_count(layer->layer) > MOST_FEATURES ? FATE_LEFT_OUT : FATE_DRAWN;
}

bool eb_web_is_drawn(const eb_report_layer *layer)
{
    return fate_of(layer) == FATE_DRAWN;
}

/** Layers of one dimension, the topmost first, as the QGIS project has them. */
static eb_status add_group(writer *w, int dimension, const char *name, bool *first, const eb_env *env, eb_error *err)
{
    eb_status status = EB_OK;
    bool none = true;

    for (size_t i = w->report->layer_count; status == EB_OK && i-- > 0;) {
        const eb_report_layer *layer = &w->report->layers[i];
        if (eb_report_dimension(layer->layer) != dimension || fate_of(layer) != FATE_DRAWN) continue;
        status = eb_env_check(env, err);
        if (none) {
            eb_string_add(w->out, *first ? "{" : ",{");
            add_text(w->out, "name", name);
            eb_string_add(w->out, ",\"layers\":[\n");
        } else {
            eb_string_add(w->out, ",\n");
        }
        *first = none = false;
        if (status == EB_OK) status = add_layer(w, layer, err);
    }
    if (!none) eb_string_add(w->out, "]}");
    return status;
}

static void add_left_out(writer *w)
{
    bool first = true;

    eb_string_add(w->out, "],\n\"left_out\":[");
    for (size_t i = 0; i < w->report->layer_count; i++) {
        if (fate_of(&w->report->layers[i]) != FATE_LEFT_OUT) continue;
        eb_string_add(w->out, first ? "" : ",");
        eb_string_add_json(w->out, w->report->layers[i].title);
        first = false;
    }
    eb_string_add(w->out, "]");
}

static eb_status add_groups(writer *w, const eb_env *env, eb_error *err)
{
    const eb_lang lang = w->report->lang;
    bool first = true;

    eb_string_add(w->out, ",\n\"groups\":[");
    eb_status status = add_group(w, 0, eb_word(lang, "Places"), &first, env, err);
    if (status == EB_OK) status = add_group(w, 1, eb_word(lang, "Lines"), &first, env, err);
    if (status == EB_OK) status = add_group(w, 2, eb_word(lang, "Areas"), &first, env, err);
    if (status == EB_OK && first) return eb_error_set(err, EB_REFUSED, "no layer of the run has a place to show");
    add_left_out(w);
    return status;
}

eb_status eb_web_data(const eb_report *report, const eb_env *env, eb_string *out, eb_error *err)
{
    writer w = {.report = report, .out = out, .tolerance = 1};
    const size_t start = out->size;
    eb_status status = add_groups(&w, env, err);

    while (status == EB_OK && !out->failed && out->size - start > MOST_BYTES && w.tolerance < MOST_THINNING) {
        w.tolerance *= 2;
        out->size = start;
        status = add_groups(&w, env, err);
    }
    eb_string_add(out, ",\n\"step\":");
    eb_string_add_number(out, step_deg);
    eb_string_add(out, ",\"thinned\":");
    eb_string_add_number(out, w.tolerance * step_deg);
    if (status == EB_OK && (w.trail.failed || out->failed)) status = eb_error_memory(err);
    eb_trail_clear(&w.trail);
    free(w.bytes);
    return status;
}
