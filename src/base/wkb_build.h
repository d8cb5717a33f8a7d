/**
 * @file base/wkb_build.h
 * Shapes written as WKB: the few that analyses make themselves.
 */
#ifndef BASE_WKB_BUILD_H
#define BASE_WKB_BUILD_H

#include <ecobelt/wkb.h>

#include "base/text.h"

/** Append a point; @p dims 2 or 3 doubles at @p coords. Failures stick in the string. */
void eb_wkb_build_point(eb_string *out, const double *coords, size_t dims);
/** Append a line of @p count coordinates of @p dims doubles. */
void eb_wkb_build_line(eb_string *out, const double *coords, size_t count, size_t dims);
/** The string's bytes as a shape, lent until the string changes. */
eb_wkb eb_wkb_built(const eb_string *out);

#endif
