/**
 * @file analysis/quality/cover_survey.h
 * Where polygons that are meant to tile do not: the faces that are covered by none or by several.
 */
#ifndef EB_ANALYSIS_COVER_SURVEY_H
#define EB_ANALYSIS_COVER_SURVEY_H

#include <ecobelt/geom.h>
#include <ecobelt/layer.h>

#include "analysis/quality/edge_book.h"

/** Edges that wait for their partner while a layer passes by: 64 to 128 MB. */
#define EB_SURVEY_EDGES ((size_t)8 << 20)

/** A piece of the plane that loose edges enclose. */
typedef struct eb_cover_face {
    uint8_t *shape; /**< WKB, owned */
    size_t size;
    double box[4], x, y; /**< its box, and a place inside it */
    double area_m2;      /**< geodesic; NaN without CRS */
    size_t hits;         /**< features that wind around it */
    int64_t fids[2];     /**< the first two of them */
} eb_cover_face;

/** What the survey came to. Zero-initialise; free with eb_cover_survey_clear(). */
typedef struct eb_cover_survey {
    eb_cover_face *faces;
    size_t face_count;
    double *loose; /**< 4 a loose edge: its box */
    size_t loose_count, loose_capacity;
} eb_cover_survey;

/**
 * Survey a layer whose features have been entered in @p book in one pass.
 * @param invalid positions of the invalid features, ascending: all their edges count as loose.
 */
eb_status eb_cover_survey_run(eb_source *source, eb_edge_book *book, const int64_t *invalid, size_t invalid_count, const eb_env *env,
                              eb_cover_survey *out, eb_error *err);
void eb_cover_survey_clear(eb_cover_survey *survey);

#endif
