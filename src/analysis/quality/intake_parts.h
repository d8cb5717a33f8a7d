/* What the door of features asks of their parts. */
#ifndef EB_ANALYSIS_INTAKE_PARTS_H
#define EB_ANALYSIS_INTAKE_PARTS_H

#include <ecobelt/wkb.h>

/* A line with two places at least. */
bool eb_part_has_length(const eb_wkb_part *line);

#endif
