/*
 * Rounded areas of the features, for the layer that is written: those of a row of the table add up to the row's rounded area, as the rows
 * add up to the total. That is known only after all have been measured, so the layer is read once more to be written.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/area/run.h"
#include "base/array.h"

void eb_area_rounded_clear(eb_area_rounded *r)
{
    free(r->values);
    free(r->groups);
    free(r->of_group);
    *r = (eb_area_rounded){0};
}

eb_status eb_area_rounded_add(eb_area_rounded *r, double value, size_t group, eb_error *err)
{
    if (!eb_array_reserve(&r->values, &r->capacity, r->count + 1, sizeof *r->values) ||
        !eb_array_reserve(&r->groups, &r->group_capacity, r->count + 1, sizeof *r->groups))
        return eb_error_memory(err);
    r->values[r->count] = value;
    r->groups[r->count++] = group;
    return EB_OK;
}

/* Positions of the features ordered by group, those of group g from starts[g] on; features without area are in none. */
static void sort_by_group(const eb_area_rounded *r, size_t group_count, size_t *starts, size_t *positions)
{
    memset(starts, 0, (group_count + 2) * sizeof *starts);
    for (size_t i = 0; i < r->count; i++)
        if (isfinite(r->values[i])) starts[r->groups[i] + 2]++;
    for (size_t g = 2; g < group_count + 2; g++) starts[g] += starts[g - 1];
    for (size_t i = 0; i < r->count; i++)
        if (isfinite(r->values[i])) positions[starts[r->groups[i] + 1]++] = i;
}

/* The features of one row, levelled to what the table has for it. */
static eb_status level_group(eb_area_rounded *r, const eb_area_request *ask, double control, const size_t *positions, size_t count,
                             double *scratch, eb_error *err)
{
    const eb_level_options options = {.decimals = ask->level.decimals, .control = control, .scale = true, .rule = ask->level.rule};
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += scratch[i] = r->values[positions[i]];
    if (!(sum > 0)) return EB_OK;
    eb_status status = eb_level_apply(scratch, count, &options, scratch, NULL, err);
    for (size_t i = 0; i < count && status == EB_OK; i++) r->values[positions[i]] = scratch[i];
    return status;
}

eb_status eb_area_rounded_level(eb_area_rounded *r, const eb_area_request *ask, size_t group_count, eb_error *err)
{
    size_t *starts = malloc((group_count + 2) * sizeof *starts), *positions = malloc((r->count + 1) * sizeof *positions);
    double *scratch = malloc((r->count + 1) * sizeof *scratch);
    eb_status status = starts && positions && scratch && r->of_group ? EB_OK : eb_error_memory(err);
    if (status == EB_OK) sort_by_group(r, group_count, starts, positions);
    for (size_t g = 0; g < group_count && status == EB_OK; g++)
        status = level_group(r, ask, r->of_group[g], positions + starts[g], starts[g + 1] - starts[g], scratch, err);
    free(starts);
    free(positions);
    free(scratch);
    return status;
}
