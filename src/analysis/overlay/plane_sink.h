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
 * Shapes of the plane before they go back to the layer: eb_shapes_knit() with what rounding leaves between them (0.1 micrometres), and
 * with the bend that edges of the plane have in the layer's coordinates.
 * @param all shapes that border on these are all among them; else edges that only one has are left as their neighbours have them.
 * @param[in,out] shapes those that change give way to what is made of them.
 */
eb_status eb_plane_knit(eb_geos *geos, eb_projector *projector, bool all, eb_shape **shapes, size_t count, eb_error *err);
/** The same of one shape, whose edges also get those vertices of its neighbours, @p corners (x, y), that lie on them. */
eb_status eb_plane_knit_corners(eb_geos *geos, eb_projector *projector, const double *corners, size_t count, eb_shape **shape,
                                eb_error *err);
/**
 * Mend a shape whose coordinates were just brought back from the plane: eb_plane_tidy(), and where it is not valid vertices on the way
 * of the edges that bend over others, which leaves its area in the plane alone; and where that is not enough, repair.
 * *size 0: nothing is left of it.
 * @param[out] areas_m2 before and after, in the plane, of one that had to be repaired, for eb_plane_mended(); else NaN.
 */
eb_status eb_plane_mend(eb_geos *geos, eb_projector *projector, uint8_t **data, size_t *size, double areas_m2[2], eb_error *err);
/** Put on record what eb_plane_mend() had to repair, if it had to. */
void eb_plane_mended(eb_diagnosis *diagnosis, const char *layer, int64_t fid, const double areas_m2[2]);
/** A piece that is narrower than coordinates tell apart: it has no shape in layer @p layer, is counted, and its area is in the tables. */
void eb_plane_lost(eb_diagnosis *diagnosis, const char *layer, int64_t fid, double area_m2);
/**
 * Append @p shape to @p batch, its coordinates brought back from the plane. Set the attributes afterwards.
 * @param[out] there false where nothing is left of the shape, which is then told by eb_plane_lost(): nothing was appended.
 */
eb_status eb_plane_add(eb_geos *geos, eb_projector *projector, eb_batch *batch, int64_t fid, const eb_shape *shape, eb_diagnosis *diagnosis,
                       bool *there, eb_error *err);

#endif
