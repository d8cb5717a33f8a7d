/**
 * @file report/symbol.h
 * What a style says, for those who draw without QGIS: the web map and the pictures of the report. The same QML is the source.
 */
#ifndef REPORT_SYMBOL_H
#define REPORT_SYMBOL_H

#include <ecobelt/report.h>

/** Shapes of a point. */
typedef enum eb_mark { EB_MARK_CIRCLE, EB_MARK_SQUARE, EB_MARK_DIAMOND, EB_MARK_TRIANGLE, EB_MARK_STAR } eb_mark;

/** One layer of ink. */
typedef struct eb_ink {
    char fill[16], stroke[16];           /**< "#rrggbb", or "" for none */
    double fill_opacity, stroke_opacity; /**< 0 to 1 */
    double stroke_mm, size_mm;           /**< width of the outline or line; diameter of a point */
    bool dashed;
    eb_mark mark;
} eb_ink;

enum { EB_INKS = 2 };
/** How features of one value look. */
typedef struct eb_symbol {
    char value[128];      /**< of the field; "" for all others */
    char label[128];      /**< in the legend; "" where the style has one symbol */
    eb_ink inks[EB_INKS]; /**< drawn in this order */
    size_t ink_count;
} eb_symbol;

/** A style, fitted to a layer. */
typedef struct eb_style {
    char field[128]; /**< whose values the symbols stand for; "" for one symbol */
    char label[128]; /**< field whose text stands on the map; "" none */
    char label_colour[16];
    bool label_bold, has_badge;
    eb_ink badge;            /* the disc behind the label of a point */
    double badge_x, badge_y; /* on which side of the point it stands by itself: -1 or 1, right and down */
    double label_scale;      /* smallest scale that shows it, as its denominator; 0: all do */
    eb_symbol *symbols;
    size_t count;
} eb_style;

/** The style of a layer; clear it with eb_style_clear(). */
eb_status eb_style_read(const eb_report_layer *layer, eb_lang lang, eb_style *out, eb_error *err);
void eb_style_clear(eb_style *style);
/** The symbol of feature @p i, or NULL where the style has none for it. */
const eb_symbol *eb_style_symbol(const eb_style *style, const eb_batch *batch, size_t i);

#endif
