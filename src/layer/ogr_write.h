/**
 * @file ogr_write.h
 * Writing features through OGR: for the sinks and for packages.
 */
#ifndef ECOBELT_LAYER_OGR_WRITE_H
#define ECOBELT_LAYER_OGR_WRITE_H

#include "layer/ogr.h"

/** A layer being written. */
typedef struct eb_ogr_writer {
    GDALDatasetH dataset;
    OGRLayerH layer;
    const eb_schema *schema; /**< lent */
    eb_shape_kind kind;      /**< all shapes are brought to this kind where they are its single form; UNKNOWN: as they are */
    const char *file;        /**< for messages, lent */
    eb_trap trap;
    uint8_t *bytes; /**< scratch */
    size_t capacity;
    int *fields;       /**< OGR's index of each field: some drivers have fields of their own before them */
    bool needs_shapes; /**< the format holds no feature without a shape */
    bool as_text;      /**< numbers are written as text: the format cuts them otherwise */
    bool keep_ids;     /**< the ids of the features are kept as long as they rise */
    int64_t last_id, written;
} eb_ogr_writer;

/** What a layer is to be called and how it is described. */
typedef struct eb_ogr_layer_options {
    const char *name, *title, *description;
    char **creation;         /**< layer creation options, a CSL list, lent */
    eb_diagnosis *diagnosis; /**< is told of fields that need another name; may be NULL */
} eb_ogr_layer_options;

/** Make a layer in an open dataset, with its fields and their aliases. */
eb_status eb_ogr_writer_open(GDALDatasetH dataset, const char *file, const eb_schema *schema, const eb_ogr_layer_options *options,
                             eb_ogr_writer *out, eb_error *err);
/** Append feature @p i of a batch with @p shape instead of its own. */
eb_status eb_ogr_writer_add(eb_ogr_writer *writer, const eb_batch *batch, size_t i, eb_wkb shape, eb_error *err);
/** EB_OUTPUT where GDAL has reported a failure. */
eb_status eb_ogr_writer_check(eb_ogr_writer *writer, eb_error *err);
void eb_ogr_writer_close(eb_ogr_writer *writer);

/** Layer creation options that every layer in a GeoPackage gets. Release with CSLDestroy(). */
char **eb_gpkg_layer_options(const eb_schema *schema, const char *title, const char *description);
/**
 * Let GeoPackages written from now on carry the date of the environment variable SOURCE_DATE_EPOCH (seconds since 1970), where it is set;
 * EB_USAGE where it is no such number. Call before eb_gpkg_create().
 */
eb_status eb_gpkg_date(eb_error *err);
/** Create a GeoPackage: journal mode DELETE; syncing is left to the place it is written in. */
GDALDatasetH eb_gpkg_create(const char *file);
/** Close a dataset; EB_OUTPUT where anything is reported at that. */
eb_status eb_ogr_finish(GDALDatasetH dataset, const char *file, eb_error *err);

#endif
