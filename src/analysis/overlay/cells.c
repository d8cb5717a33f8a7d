#include "analysis/overlay/cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void eb_partition_free(eb_geos *geos, eb_partition *partition)
{
    if (!partition) return;
    for (size_t i = 0; i < partition->count; i++) {
        eb_shape_free(geos, partition->cells[i].shape);
        free(partition->cells[i].members);
    }
    free(partition->cells);
    free(partition);
}

bool eb_partition_box(const eb_partition *partition, double box[4])
{
    for (size_t c = 0; c < partition->count; c++) {
        const double *own = partition->cells[c].box;
        if (c == 0) memcpy(box, own, 4 * sizeof *box);
        for (int i = 0; i < 2; i++) {
            box[i] = fmin(box[i], own[i]);
            box[i + 2] = fmax(box[i + 2], own[i + 2]);
        }
    }
    return partition->count > 0;
}
