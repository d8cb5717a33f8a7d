/**
 * @file analysis/rejects.h
 * Features that could not be used, each with its reason and place: a result layer of its own, so that nothing disappears.
 */
#ifndef EB_ANALYSIS_REJECTS_H
#define EB_ANALYSIS_REJECTS_H

#include <ecobelt/analysis.h>

/** One feature that was not used. */
typedef struct eb_reject {
    int64_t fid;
    double x, y; /**< in the layer's CRS, NaN unknown */
    char *layer, *reason;
} eb_reject;

/** A list of them. Zero-initialise; free with eb_rejects_clear(). */
typedef struct eb_rejects {
    eb_reject *list;
    size_t count, capacity;
} eb_rejects;

/** Add one; false out of memory. */
bool eb_rejects_add(eb_rejects *rejects, const char *layer, int64_t fid, double x, double y, const char *reason);
/** Move all of @p from to the end of @p to; false out of memory. */
bool eb_rejects_move(eb_rejects *to, eb_rejects *from);
/**
 * Bring the places of those from @p first on into another CRS, where layers of different CRS end in one list. A place that has no image
 * there becomes unknown; the reject stays.
 */
eb_status eb_rejects_transform(eb_rejects *rejects, size_t first, const eb_crs *from, const eb_crs *to, eb_error *err);
/** Write the layer "rejects" (points with layer, fid, reason) where there is one at all. */
eb_status eb_rejects_write(const eb_rejects *rejects, const eb_workspace *space, const eb_crs *crs, eb_error *err);
void eb_rejects_clear(eb_rejects *rejects);

#endif
