#include "report/symbol.h"

#include "base/text.h"
#include "report/style.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** Text of an attribute in the tag that begins at @p tag; entities are resolved. "" where it is not there. */
static void attribute(const char *tag, const char *name, char *text, size_t size)
{
    static const struct {
        const char *entity;
        char mark;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#10;", '\n'}};
    const char *end = strchr(tag, '>');
    char wanted[64];
    size_t used = 0;

    text[0] = '\0';
    snprintf(wanted, sizeof wanted, " %s=\"", name);
    const char *at = strstr(tag, wanted);
    if (!at || !end || at > end) return;
    at += strlen(wanted);
    while (*at && *at != '"' && used + 1 < size) {
        size_t step = 1;
        char mark = *at;
        for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
            if (strncmp(at, entities[i].entity, strlen(entities[i].entity)) != 0) continue;
            mark = entities[i].mark;
            step = strlen(entities[i].entity);
        }
        text[used++] = mark;
        at += step;
    }
    text[used] = '\0';
    eb_text_trim_utf8(text, size);
}

/** Value of an option of a symbol layer: <Option name="color" … value="…"/> between @p from and @p to. */
static bool option(const char *from, const char *to, const char *name, char *text, size_t size)
{
    char wanted[64];

    snprintf(wanted, sizeof wanted, "<Option name=\"%s\"", name);
    const char *at = strstr(from, wanted);
    if (!at || at >= to) return false;
    attribute(at, "value", text, size);
    return *text != '\0';
}

static double option_number(const char *from, const char *to, const char *name, double otherwise)
{
    char text[64];
    double value;

    return option(from, to, name, text, sizeof text) && eb_text_to_real(text, &value) ? value : otherwise;
}

/** "r,g,b,a" to "#rrggbb" and an opacity. */
static void to_hex(const char *text, char *hex, size_t size, double *opacity)
{
    long parts[4] = {0, 0, 0, 255};
    const char *at = text;

    for (int i = 0; i < 4 && *at; i++) {
        char *end;
        parts[i] = strtol(at, &end, 10);
        at = *end == ',' ? end + 1 : end;
    }
    *opacity = (double)parts[3] / 255;
    if (parts[3] > 0) snprintf(hex, size, "#%02lx%02lx%02lx", parts[0] & 255, parts[1] & 255, parts[2] & 255);
}

static void colour(const char *from, const char *to, const char *name, char *hex, size_t size, double *opacity)
{
    char text[64];

    hex[0] = '\0';
    *opacity = 0;
    if (option(from, to, name, text, sizeof text)) to_hex(text, hex, size, opacity);
}

static eb_mark mark_of(const char *from, const char *to)
{
    static const char *const names[] = {"circle", "square", "diamond", "triangle", "star"};
    char text[64] = "";

    option(from, to, "name", text, sizeof text);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], text) == 0) return (eb_mark)i;
    }
    return EB_MARK_CIRCLE;
}

/** One <layer class="Simple…">…</layer>. */
static void read_ink(const char *from, const char *to, eb_ink *ink)
{
    char kind[64], dash[64] = "";
    const bool line = (attribute(from, "class", kind, sizeof kind), strcmp(kind, "SimpleLine") == 0);

    *ink = (eb_ink){0};
    if (line) {
        colour(from, to, "line_color", ink->stroke, sizeof ink->stroke, &ink->stroke_opacity);
        ink->stroke_mm = option_number(from, to, "line_width", 0.26);
        option(from, to, "line_style", dash, sizeof dash);
    } else {
        colour(from, to, "color", ink->fill, sizeof ink->fill, &ink->fill_opacity);
        colour(from, to, "outline_color", ink->stroke, sizeof ink->stroke, &ink->stroke_opacity);
        ink->stroke_mm = option_number(from, to, "outline_width", 0.26);
        option(from, to, "outline_style", dash, sizeof dash);
        ink->size_mm = option_number(from, to, "size", 2);
        ink->mark = mark_of(from, to);
    }
    ink->dashed = strcmp(dash, "dash") == 0 || strcmp(dash, "dot") == 0;
}

/** The inks of <symbol name="NUMBER">. */
static void read_inks(const char *qml, const char *number, eb_symbol *symbol)
{
    char wanted[96];

    snprintf(wanted, sizeof wanted, "<symbol name=\"%.40s\"", number);
    const char *at = strstr(qml, wanted), *end = at ? strstr(at, "</symbol>") : NULL;
    for (at = at ? strstr(at, "<layer ") : NULL; at && end && at < end && symbol->ink_count < EB_INKS; at = strstr(at + 1, "<layer ")) {
        const char *stop = strstr(at, "</layer>");
        if (!stop) break;
        read_ink(at, stop, &symbol->inks[symbol->ink_count++]);
    }
}

/** The disc behind the number of a stop, and where it stands: in the first of the places that the style names. */
static void read_badge(const char *qml, eb_style *out)
{
    const char *tag = strstr(qml, "<background "), *placement = strstr(qml, "<placement ");
    char text[64];

    if (!tag || !placement) return;
    attribute(tag, "shapeDraw", text, sizeof text);
    out->has_badge = strcmp(text, "1") == 0;
    if (!out->has_badge) return;
    attribute(tag, "shapeFillColor", text, sizeof text);
    to_hex(text, out->badge.fill, sizeof out->badge.fill, &out->badge.fill_opacity);
    attribute(tag, "shapeBorderColor", text, sizeof text);
    to_hex(text, out->badge.stroke, sizeof out->badge.stroke, &out->badge.stroke_opacity);
    attribute(tag, "shapeBorderWidth", text, sizeof text);
    if (!eb_text_to_real(text, &out->badge.stroke_mm)) out->badge.stroke_mm = 0.3;
    attribute(tag, "shapeSizeX", text, sizeof text);
    if (!eb_text_to_real(text, &out->badge.size_mm)) out->badge.size_mm = 4;
    attribute(placement, "predefinedPositionOrder", text, sizeof text);
    out->badge_x = text[0] && text[1] == 'R' ? 1 : -1;
    out->badge_y = text[0] == 'B' ? 1 : -1;
}

/** Which field's text stands on the map, and how. */
static void read_label(const char *qml, eb_style *out)
{
    const char *tag = strstr(qml, "<text-style ");
    char text[64];
    double opacity, weight = 50;

    if (!tag || !strstr(qml, "labelsEnabled=\"1\"")) return;
    attribute(tag, "fieldName", out->label, sizeof out->label);
    attribute(tag, "textColor", text, sizeof text);
    to_hex(text, out->label_colour, sizeof out->label_colour, &opacity);
    read_badge(qml, out);
    const char *rendering = strstr(qml, "<rendering ");
    if (rendering) attribute(rendering, "scaleMax", text, sizeof text);
    if (!rendering || !strstr(rendering, "scaleVisibility=\"1\"") || !eb_text_to_real(text, &out->label_scale)) out->label_scale = 0;
    attribute(tag, "fontWeight", text, sizeof text);
    out->label_bold = eb_text_to_real(text, &weight) && weight > 60;
}

static eb_symbol *add_symbol(eb_style *style)
{
    eb_symbol *more = realloc(style->symbols, (style->count + 1) * sizeof *more);
    if (!more) return NULL;
    style->symbols = more;
    more[style->count] = (eb_symbol){0};
    return &more[style->count++];
}

eb_status eb_style_read(const eb_report_layer *layer, eb_lang lang, eb_style *out, eb_error *err)
{
    char *qml = NULL;
    eb_status status = eb_style_qml(layer, lang, &qml, err);

    *out = (eb_style){0};
    if (status != EB_OK) return status;
    const char *renderer = strstr(qml, "<renderer-v2 ");
    if (renderer) attribute(renderer, "attr", out->field, sizeof out->field);
    read_label(qml, out);
    for (const char *at = strstr(qml, "<category "); at && status == EB_OK; at = strstr(at + 1, "<category ")) {
        eb_symbol *symbol = add_symbol(out);
        char number[48];
        if (!symbol) {
            status = eb_error_memory(err);
            break;
        }
        attribute(at, "value", symbol->value, sizeof symbol->value);
        attribute(at, "label", symbol->label, sizeof symbol->label);
        attribute(at, "symbol", number, sizeof number);
        read_inks(qml, number, symbol);
    }
    if (status == EB_OK && !*out->field) {
        eb_symbol *symbol = add_symbol(out);
        if (symbol) read_inks(qml, "0", symbol);
        if (!symbol) status = eb_error_memory(err);
    }
    free(qml);
    if (status != EB_OK) eb_style_clear(out);
    return status;
}

void eb_style_clear(eb_style *style)
{
    free(style->symbols);
    *style = (eb_style){0};
}

const eb_symbol *eb_style_symbol(const eb_style *style, const eb_batch *batch, size_t i)
{
    const int field = *style->field ? eb_schema_find(batch->schema, style->field) : -1;
    const eb_symbol *other = NULL;
    char text[128] = "";

    if (!*style->field) return style->count ? &style->symbols[0] : NULL;
    if (field >= 0 && !eb_batch_is_null(batch, i, (size_t)field)) eb_batch_format_at(batch, i, (size_t)field, text, sizeof text);
    for (size_t k = 0; k < style->count; k++) {
        if (!*style->symbols[k].value) other = &style->symbols[k];
        if (*text && strcmp(style->symbols[k].value, text) == 0) return &style->symbols[k];
    }
    return other;
}
