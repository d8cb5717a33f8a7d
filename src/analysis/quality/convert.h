/**
 * @file convert.h
 * A layer from one format, CRS, frame and character set to another, repaired on request.
 */
#ifndef EB_ANALYSIS_CONVERT_H
#define EB_ANALYSIS_CONVERT_H

#include "analysis/quality/mend.h"

/** What to convert, and how. */
typedef struct eb_convert_request {
    const char *input, *output;
    eb_read_options read;
    eb_write_options write;
    const char *to_crs;        /**< NULL: stays */
    eb_frame to_frame;         /**< of the numbers written; WGS84: stays */
    const eb_helmert *helmert; /**< NULL: none given */
    bool repair, coverage;     /**< mend invalid shapes; all together, as a coverage */
} eb_convert_request;

/** What it came to. */
typedef struct eb_convert_result {
    int64_t features;
    eb_mend_log log;
    eb_coverage_report coverage;
    char transform[300]; /**< the operation between the CRS, empty: none */
} eb_convert_result;

/** Convert. The result's log is freed by the caller also on failure. */
eb_status eb_convert(const eb_convert_request *request, const eb_env *env, eb_diagnosis *diagnosis, eb_convert_result *result,
                     eb_error *err);
/**
 * "dx,dy,dz" in metres, or with "rx,ry,rz" in arc seconds and "s" in ppm after them, commas or blanks between; or the name of a file
 * whose first line says so, empty lines and those that begin with # left out.
 */
eb_status eb_helmert_parse(const char *text, eb_helmert *out, eb_error *err);

#endif
