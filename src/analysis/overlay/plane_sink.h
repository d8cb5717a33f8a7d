/**
 * @file analysis/plane_sink.h
 * Shapes of the plane written to a result layer in the CRS of an input layer.
 */
#ifndef EB_ANALYSIS_PLANE_SINK_H
#define EB_ANALYSIS_PLANE_SINK_H

#include <ecobelt/geom.h>
#include <ecobelt/layer.h>

/** Append @p shape to @p batch, its coordinates brought back from the plane. Set the attributes afterwards. */
eb_status eb_plane_add(eb_geos *geos, eb_projector *projector, eb_batch *batch, int64_t fid, const eb_shape *shape, eb_error *err);

#endif
