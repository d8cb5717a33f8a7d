/**
 * @file ogr.h
 * What the OGR reader and writers share.
 */
#ifndef ECOBELT_LAYER_OGR_H
#define ECOBELT_LAYER_OGR_H

#include <gdal.h>
#include <ogr_api.h>

#include "layer/notes.h"
#include "layer/source.h"

/** Counts what GDAL reports while it is set; its messages go nowhere else. */
typedef struct eb_trap {
    int failures;      /**< CE_Failure and worse */
    char message[400]; /**< the first failure's text */
    char crs[200];     /**< a CRS that could not be understood: no damage, but the layer has none */
    int warnings;
    char warning[400]; /**< the first warning's text */
} eb_trap;

/** Register the drivers, once a process, and silence GDAL's own reports to stderr unless the host program has its own handler. */
void eb_ogr_register(void);
/** Catch reports of this thread; calls nest. */
void eb_trap_set(eb_trap *trap);
void eb_trap_end(void);

/** A layer's name taken apart. All owned. */
typedef struct eb_ogr_name {
    char *file;     /**< file or connection string */
    char *layer;    /**< layer name or NULL */
    int layer_id;   /**< position or -1 */
    char *subset;   /**< attribute filter or NULL */
    char **options; /**< open options, a CSL list, or NULL */
} eb_ogr_name;
eb_status eb_ogr_name_parse(const char *text, eb_ogr_name *out, eb_error *err);
void eb_ogr_name_clear(eb_ogr_name *name);

/** An open layer. */
typedef struct eb_ogr_layer {
    GDALDatasetH dataset;
    OGRLayerH layer;
    eb_schema *schema; /**< all fields of the layer */
    eb_trap trap;      /**< what has been reported since before opening */
    eb_notes notes;
    char *file;
    char *scratch;     /**< temporary file that goes with the dataset, or NULL */
    eb_bad_values bad; /**< values that are none of their field's type; fields as in the file, until they are selected */
    int64_t declared;  /**< features the file says it has, deleted ones not counted; -1: it does not say */
    bool allow_partial;
} eb_ogr_layer;

/** Open the dataset alone: existence, integrity of the files, encoding (*encoding from malloc(), NULL where not ours to say). */
eb_status eb_ogr_open_dataset(const eb_ogr_name *name, const eb_read_options *options, eb_ogr_layer *out, char **encoding, eb_error *err);
/** Open a dataset's layer and describe it. On failure *out holds nothing. */
eb_status eb_ogr_open(const eb_ogr_name *name, const eb_read_options *options, eb_ogr_layer *out, eb_error *err);
void eb_ogr_close(eb_ogr_layer *layer);
/** EB_INPUT with GDAL's words where something has been reported since opening and the layer may not be partial; else EB_OK. */
eb_status eb_ogr_check_trap(eb_ogr_layer *layer, eb_error *err);

/** Type of OGR's shape codes as ours, curves as what they become; *has_z may be NULL. */
eb_shape_kind eb_ogr_kind(OGRwkbGeometryType type, bool *has_z);
/** A CRS of ours for OGR's; NULL in *out where there is none. */
eb_status eb_ogr_crs(OGRSpatialReferenceH srs, eb_crs **out, eb_error *err);
/** OGR's for ours: traditional axis order; NULL out of memory or for NULL. Release with OSRRelease(). */
OGRSpatialReferenceH eb_ogr_srs(const eb_crs *crs);

/**
 * Append a feature with an OGR shape: curves straightened, surfaces as multipolygons, little-endian ISO WKB.
 * @param geometry lent; NULL: null.
 */
eb_status eb_ogr_add_shape(eb_batch *batch, int64_t fid, OGRGeometryH geometry, eb_error *err);
/** Bring foreign WKB (big-endian, curves) of the feature added last into the batch's form. EB_INPUT where the bytes are broken. */
eb_status eb_ogr_fix_shape(eb_batch *batch, const uint8_t *data, size_t size, eb_error *err);

/** Reading by Arrow arrays, for the drivers that make them themselves. */
typedef struct eb_ogr_arrow eb_ogr_arrow;
/**
 * Start a stream over @p layer with its filters and ignored fields as set.
 * @param map   field of the full schema for each field of the batches.
 * @param wanted for each field of the full schema whether OGR gives it (false: ignored).
 * *out NULL where the layer cannot be read this way.
 */
eb_status eb_ogr_arrow_new(eb_ogr_layer *layer, const eb_schema *batch_schema, const size_t *map, const bool *wanted, bool shapes,
                           size_t batch_features, eb_ogr_arrow **out, eb_error *err);
eb_status eb_ogr_arrow_next(eb_ogr_arrow *arrow, eb_batch *batch, eb_error *err);
void eb_ogr_arrow_free(eb_ogr_arrow *arrow);

/** Gather the values of a GeoPackage's layer that are none of their field's type, by one pass over it. */
eb_status eb_ogr_look_at_values(eb_ogr_layer *layer, const bool *wanted, eb_error *err);

/** The OGR reader. */
eb_status eb_ogr_source(const char *name, const eb_read_options *options, eb_source **out, eb_error *err);

#endif
