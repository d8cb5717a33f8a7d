/* What the files behind zones.h share. */
#ifndef EB_ANALYSIS_ZONES_PRIV_H
#define EB_ANALYSIS_ZONES_PRIV_H

#include "analysis/overlay/zones.h"

/* Work out keys, key_area_m2 and cell_keys from the partition. */
eb_status eb_zones_combine(eb_zones *zones, eb_error *err);
/* Official areas of the shapes read so far, those of the first layer; they stay NaN where there is none. */
eb_status eb_zones_official(eb_zones *zones, eb_error *err);

#endif
