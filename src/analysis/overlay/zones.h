/**
 * @file analysis/overlay/zones.h
 * Zone layers held in memory in one plane: repaired, named, cut into cells, ready to share features out.
 * Several layers are crossed: a zone is then a combination of one zone of each (or none of the later ones).
 */
#ifndef EB_ANALYSIS_ZONES_H
#define EB_ANALYSIS_ZONES_H

#include <ecobelt/analysis.h>
#include <ecobelt/measure.h>

#include "analysis/overlay/locator.h"
#include "analysis/quality/rejects.h"

/** One zone layer to read. */
typedef struct eb_zone_layer {
    const char *layer; /**< as the workspace knows it */
    const char *field; /**< names the zones; features of one name are one zone. NULL: the whole layer is one */
    const char *name;  /**< where field is NULL: name of the one zone; NULL: the layer's */
    const char *where; /**< attribute filter, NULL: all */
    bool to_layer;     /**< a result layer is made of its shapes, not only a table */
} eb_zone_layer;

/** A named shape of a zone layer. */
typedef struct eb_zone_shape {
    char *name;
    eb_shape *shape; /**< in the plane */
    double area_m2;
    double official_m2; /**< NaN where there is no official area; those of the first layer only */
    int zone;           /**< that it was measured in */
} eb_zone_shape;

/** The zones. */
typedef struct eb_zones {
    eb_geos *geos;
    eb_projector *projector; /**< of the first layer; its plane is everybody's */
    eb_crs *crs;             /**< of the first layer */
    size_t layer_count;
    size_t *first; /**< shapes of layer k: first[k] … first[k+1]-1 */
    eb_zone_shape *shapes;
    size_t shape_count, shape_capacity;
    eb_partition *partition;
    eb_locator *locator;
    double box_deg[4];               /**< of the first layer */
    eb_measure *measure;             /**< of the first layer's CRS */
    double official_m2, geodesic_m2; /**< sums over the shapes of the first layer that have an official area; NaN: none has */
    size_t *keys;                    /**< key_count x layer_count shape numbers, SIZE_MAX: in none of that layer */
    double *key_area_m2;
    size_t key_count;
    eb_rejects rejects;             /**< of all layers, places in the CRS of the first */
    size_t *cell_start, *cell_keys; /**< keys of cell c: cell_keys[cell_start[c]] … */
} eb_zones;

/** Read, repair, cut into cells. EB_INPUT where a layer is empty, EB_REFUSED where none of its features is a polygon. */
eb_status eb_zones_read(const eb_workspace *space, const eb_zone_layer *layers, size_t layer_count, const eb_env *env, eb_zones **out,
                        eb_error *err);
/** Make the locator, to share features out. */
eb_status eb_zones_prepare(eb_zones *zones, const eb_env *env, eb_error *err);
void eb_zones_free(eb_zones *zones);
/** A projector for another layer on the plane of the zones. @p source is asked for its extent only where the datums differ. */
eb_status eb_zones_projector(const eb_zones *zones, eb_source *source, eb_projector **out, eb_error *err);

#endif
