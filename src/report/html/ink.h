/**
 * @file report/html/ink.h
 * Shapes as SVG paths, and the inks they are drawn with. Paths are in tenths of a pixel.
 */
#ifndef REPORT_HTML_INK_H
#define REPORT_HTML_INK_H

#include "report/clip.h"
#include "report/symbol.h"

#include "base/text.h"

enum { EB_TENTHS = 10 };

/** A closed ring, in pixels. */
void eb_ink_ring(eb_string *out, const eb_points *points);
/** The pieces of a line inside the window, in pixels. */
void eb_ink_line(eb_string *out, const eb_points *points, const double window[4]);
/** Attributes of a path: fill and stroke, @p scale units a pixel. */
void eb_ink_attributes(eb_string *out, const eb_ink *ink, bool line, double scale);
/** Diameter of a mark in pixels. */
double eb_ink_size(const eb_ink *ink);
/** A mark at a place, in pixels; @p scale units a pixel. */
void eb_ink_mark(eb_string *out, const eb_ink *ink, double x, double y, double scale);
/** A small picture of a symbol for a legend. */
void eb_ink_swatch(eb_string *out, const eb_symbol *symbol, int dimension);

#endif
