/**
 * @file sink_common.h
 * What the writers share.
 */
#ifndef ECOBELT_LAYER_SINK_COMMON_H
#define ECOBELT_LAYER_SINK_COMMON_H

#include "layer/place.h"
#include "layer/source.h"

/** Brings shapes to longitude and latitude of WGS84, for formats that know nothing else. */
typedef struct eb_to_wgs84 {
    eb_transform *transform; /**< NULL: they are that already */
    uint8_t *bytes;
    size_t capacity;
} eb_to_wgs84;
/** EB_REFUSED without a CRS, or where the datum shift is not known. */
eb_status eb_to_wgs84_open(const eb_schema *schema, eb_to_wgs84 *out, eb_error *err);
/** @p out is lent until the next call. */
eb_status eb_to_wgs84_shape(eb_to_wgs84 *self, eb_wkb shape, eb_wkb *out, eb_error *err);
void eb_to_wgs84_close(eb_to_wgs84 *self);

/** A file written through a buffer; the first failure sticks. */
typedef struct eb_writer {
    int file;
    char *buffer;
    size_t used;
    int failed; /**< errno of the first failure, 0: none */
} eb_writer;
/** Open @p file anew. EB_OUTPUT. */
eb_status eb_writer_open(const char *file, eb_writer *out, eb_error *err);
void eb_writer_add(eb_writer *writer, const void *bytes, size_t size);
void eb_writer_text(eb_writer *writer, const char *text);
/** Flush and close; EB_OUTPUT where anything has failed since opening. @p name: what to call the file in the error. */
eb_status eb_writer_close(eb_writer *writer, const char *name, eb_error *err);
/** EB_OUTPUT where something has failed, without waiting for the end. */
eb_status eb_writer_check(const eb_writer *writer, const char *name, eb_error *err);
/** Close without looking, for a file that is thrown away. */
void eb_writer_abort(eb_writer *writer);
/** Number with at most @p decimals after the point, trailing zeros dropped; @p decimals < 0: shortest that reads back the same. */
void eb_writer_number(eb_writer *writer, double value, int decimals);

/** The writers. The file's format is known, its options are not NULL. */
eb_status eb_sink_ogr(const char *driver, const char *file, const eb_schema *schema, const eb_write_options *options, eb_sink **out,
                      eb_error *err);
eb_status eb_sink_geojson(const char *file, const eb_schema *schema, const eb_write_options *options, bool lines, eb_sink **out,
                          eb_error *err);
eb_status eb_sink_csv(const char *file, const eb_schema *schema, const eb_write_options *options, eb_sink **out, eb_error *err);
eb_status eb_sink_gpx(const char *file, const eb_schema *schema, const eb_write_options *options, eb_sink **out, eb_error *err);
eb_status eb_sink_shapefile(const char *file, const eb_schema *schema, const eb_write_options *options, eb_sink **out, eb_error *err);
/**
 * Before another writer: says "schematic" of every feature in the text field @p field of @p schema, that of @p inner, see
 * eb_schema_mark(). Consumes both, also on failure.
 */
eb_status eb_sink_marked(eb_sink *inner, eb_schema *schema, int field, eb_sink **out, eb_error *err);

#endif
