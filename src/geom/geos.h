/* What the files of this module share: the context behind eb_geos and how GEOS's answers become a status. */
#ifndef EB_GEOM_GEOS_H
#define EB_GEOM_GEOS_H

#include <ecobelt/geom.h>
#include <geos_c.h>

/* The coarsest grid a shape is ever put on, in metres of the plane: ten times finer than any survey. */
#define EB_GEOM_GRID_M 1e-4

struct eb_geos {
    GEOSContextHandle_t handle;
    GEOSWKBReader *reader;
    GEOSWKBWriter *writer;
    char message[400]; /* GEOS's last words in this context */
    bool mended;
};

struct eb_prepared {
    const GEOSPreparedGeometry *geometry;
};

/* Forget the last message: call before a GEOS function whose failure is reported. */
static inline void eb_geos_clear(eb_geos *geos)
{
    geos->message[0] = '\0';
}

/* The error for a GEOS function that gave up in the middle of @p doing. */
eb_status eb_geos_failed(eb_geos *geos, const char *doing, eb_error *err);
/* Hand @p shape over through @p out, or report the failure where it is NULL. */
eb_status eb_geos_result(eb_geos *geos, GEOSGeometry *shape, const char *doing, eb_shape **out, eb_error *err);

#endif
