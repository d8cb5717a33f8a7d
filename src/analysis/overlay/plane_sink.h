/**
 * @file analysis/plane_sink.h
 * Shapes of the plane written to a result layer in the CRS of an input layer.
 */
#ifndef EB_ANALYSIS_PLANE_SINK_H
#define EB_ANALYSIS_PLANE_SINK_H

#include <ecobelt/geom.h>
#include <ecobelt/layer.h>

/**
 * Drop repeated vertices of a shape's rings in place, then rings of fewer than three places, then polygons without an outer ring.
 * @param data bytes as eb_shape_write() gives them; what is no polygon stays as it is.
 * @return false where nothing is left (@p size then is that of no polygons).
 */
bool eb_plane_tidy(uint8_t *data, size_t *size);
/**
 * Mend a shape whose coordinates were just brought back from the plane: eb_plane_tidy(), and repair where it is not valid.
 * *size 0: nothing is left of it.
 */
eb_status eb_plane_mend(eb_geos *geos, uint8_t **data, size_t *size, eb_error *err);
/** A piece that is narrower than coordinates tell apart: it has no shape in layer @p layer, is counted, and its area is in the tables. */
void eb_plane_lost(eb_diagnosis *diagnosis, const char *layer, int64_t fid, double area_m2);
/**
 * Append @p shape to @p batch, its coordinates brought back from the plane. Set the attributes afterwards.
 * @param[out] there false where nothing is left of the shape, which is then told by eb_plane_lost(): nothing was appended.
 */
eb_status eb_plane_add(eb_geos *geos, eb_projector *projector, eb_batch *batch, int64_t fid, const eb_shape *shape, eb_diagnosis *diagnosis,
                       bool *there, eb_error *err);

#endif
