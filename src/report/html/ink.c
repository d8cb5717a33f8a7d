#include "report/html/ink.h"

#include <math.h>

/* Millimetres of a style in pixels (96 an inch), a little finer than on a sheet: the pictures are smaller. */
static const double px_per_mm = 96 / 25.4 * 0.7;

/** Relative moves from a place, whole tenths of a pixel: no drift, and half the bytes of coordinates. */
typedef struct pen {
    eb_string *out;
    long x, y;
    bool drawing; /* an "l" is open */
} pen;

static void move_to(pen *at, const double xy[2])
{
    at->x = lround(xy[0] * EB_TENTHS);
    at->y = lround(xy[1] * EB_TENTHS);
    at->drawing = false;
    eb_string_addf(at->out, "M%ld %ld", at->x, at->y);
}

static void line_to(pen *at, const double xy[2])
{
    const long x = lround(xy[0] * EB_TENTHS), y = lround(xy[1] * EB_TENTHS), dx = x - at->x, dy = y - at->y;

    if (dx == 0 && dy == 0) return;
    eb_string_addf(at->out, "%s%ld%s%ld", !at->drawing ? "l" : dx < 0 ? "" : " ", dx, dy < 0 ? "" : " ", dy);
    at->x = x;
    at->y = y;
    at->drawing = true;
}

void eb_ink_ring(eb_string *out, const eb_points *points)
{
    pen at = {.out = out};

    if (points->count < 3) return;
    move_to(&at, points->xy[0]);
    for (size_t i = 1; i < points->count; i++) line_to(&at, points->xy[i]);
    eb_string_add(out, "z");
}

void eb_ink_line(eb_string *out, const eb_points *points, const double window[4])
{
    pen at = {.out = out};
    double last[2] = {NAN, NAN};

    for (size_t i = 1; i < points->count; i++) {
        double from[2] = {points->xy[i - 1][0], points->xy[i - 1][1]}, to[2] = {points->xy[i][0], points->xy[i][1]};
        if (!eb_clip_segment(from, to, window)) continue;
        if (from[0] != last[0] || from[1] != last[1]) move_to(&at, from);
        line_to(&at, to);
        last[0] = to[0];
        last[1] = to[1];
    }
}

static void add_real(eb_string *out, const char *name, double value, int decimals)
{
    char number[40];

    eb_text_from_fixed(number, sizeof number, value, decimals);
    eb_string_addf(out, " %s=\"%s\"", name, number);
}

void eb_ink_attributes(eb_string *out, const eb_ink *ink, bool line, double scale)
{
    eb_string_addf(out, " fill=\"%s\"", line || !*ink->fill ? "none" : ink->fill);
    if (!line && *ink->fill && ink->fill_opacity < 1) add_real(out, "fill-opacity", ink->fill_opacity, 2);
    if (!*ink->stroke) return;
    eb_string_addf(out, " stroke=\"%s\"", ink->stroke);
    add_real(out, "stroke-width", fmax(ink->stroke_mm * px_per_mm, 0.4) * scale, 2);
    if (ink->stroke_opacity < 1) add_real(out, "stroke-opacity", ink->stroke_opacity, 2);
    if (ink->dashed) eb_string_addf(out, " stroke-dasharray=\"%.0f %.0f\"", 5 * scale, 3 * scale);
    eb_string_add(out, " stroke-linejoin=\"round\"");
}

double eb_ink_size(const eb_ink *ink)
{
    return (ink->size_mm + ink->stroke_mm) * px_per_mm;
}

/** A mark around the origin, of one unit's radius. */
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

void eb_ink_mark(eb_string *out, const eb_ink *ink, double x, double y, double scale)
{
    const double radius = fmax(ink->size_mm * px_per_mm / 2, 1), width = fmax(ink->stroke_mm * px_per_mm, 0.4) / radius;
    char px[40], py[40], size[40];

    eb_text_from_fixed(px, sizeof px, x * scale, 1);
    eb_text_from_fixed(py, sizeof py, y * scale, 1);
    eb_text_from_fixed(size, sizeof size, radius * scale, 2);
    eb_string_addf(out, "<path transform=\"translate(%s %s) scale(%s)\" d=\"%s\"", px, py, size, mark_path(ink->mark));
    eb_string_addf(out, " fill=\"%s\"", *ink->fill ? ink->fill : "none");
    if (*ink->stroke) {
        eb_string_addf(out, " stroke=\"%s\"", ink->stroke);
        add_real(out, "stroke-width", width, 2);
        if (ink->dashed) eb_string_addf(out, " stroke-dasharray=\"%.2f %.2f\"", 2.4 * width, 1.6 * width);
    }
    eb_string_add(out, "/>");
}

/** A mark in the middle of a swatch, no larger than it. */
static void add_small_mark(eb_string *out, const eb_ink *ink)
{
    eb_ink small = *ink;

    small.size_mm = fmin(small.size_mm, 13 / px_per_mm - ink->stroke_mm);
    eb_ink_mark(out, &small, 13, 7, 1);
}

void eb_ink_swatch(eb_string *out, const eb_symbol *symbol, int dimension)
{
    eb_string_add(out, "<svg viewBox=\"0 0 26 14\" class=\"swatch\" aria-hidden=\"true\">");
    for (size_t k = 0; k < symbol->ink_count; k++) {
        const eb_ink *ink = &symbol->inks[k];
        if (dimension <= 0) {
            add_small_mark(out, ink);
            continue;
        }
        eb_string_add(out, dimension == 1 ? "<path d=\"M1 7H25\"" : "<path d=\"M2 2H24V12H2Z\"");
        eb_ink_attributes(out, ink, dimension == 1, 1);
        eb_string_add(out, "/>");
    }
    eb_string_add(out, "</svg>");
}
