/**
 * @file failure.h
 * A walk over coordinates that failed, as an error.
 */
#ifndef CRS_FAILURE_H
#define CRS_FAILURE_H

#include <ecobelt/crs.h>
#include "crs/block.h"

/**
 * @param from what the coordinates were, NULL: the analysis plane. @param to name of what they should become.
 * @param outside the point is outside the area of the datum shift on the way.
 * EB_INPUT for broken bytes, EB_REFUSED for a point without an image, with a hint of what the numbers look like.
 */
eb_status eb_failure(const eb_block_result *result, const eb_crs *from, const char *to, bool outside, eb_error *err);

#endif
