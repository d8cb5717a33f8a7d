/* The first way to cut shapes into cells: one after the other, by the cells so far. */
#ifndef EB_ANALYSIS_PARTITION_TURN_H
#define EB_ANALYSIS_PARTITION_TURN_H

#include "analysis/overlay/cells.h"

/** Quick where few shapes meet. Every cut is proven by its areas: EB_INTERNAL where one loses a sliver or makes one twice. */
eb_status eb_partition_in_turn(eb_geos *geos, eb_shape *const *shapes, size_t count, const eb_env *env, eb_partition **out, eb_error *err);

#endif
