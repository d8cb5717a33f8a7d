#include "analysis/overlay/partition.h"
#include "analysis/overlay/partition_faces.h"
#include "analysis/overlay/partition_turn.h"

#include <math.h>
#include <stdlib.h>

/* Judged from the outside: the cells of each shape must add up to it. */
static eb_status check_sums(eb_geos *geos, eb_shape *const *shapes, size_t count, eb_partition *p, eb_error *err)
{
    double *sums = calloc(count ? count : 1, sizeof *sums);
    if (!sums) return eb_error_memory(err);
    for (size_t c = 0; c < p->count; c++)
        for (size_t m = 0; m < p->cells[c].member_count; m++) sums[p->cells[c].members[m]] += p->cells[c].area_m2;
    eb_status status = EB_OK;
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        double whole = eb_shape_area(geos, shapes[i]), gap = fabs(sums[i] - whole);
        p->residual_m2 = fmax(p->residual_m2, gap);
        if (!(gap <= 1e-9 * whole))
            status = eb_error_set(err, EB_INTERNAL, "the cells of shape %zu hold %.17g of its %.17g m2", i + 1, sums[i], whole);
    }
    free(sums);
    return status;
}

/* A cell that is no valid shape would go wrong in whatever is made of it next. Shapes are given valid. */
static eb_status check_cells(eb_geos *geos, const eb_partition *p, const eb_env *env, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t c = 0; c < p->count && status == EB_OK; c++) {
        if (c % 64 == 0) status = eb_env_check(env, err);
        if (status == EB_OK && !p->cells[c].whole && !eb_shape_valid(geos, p->cells[c].shape, NULL, 0, NULL, NULL))
            status = eb_error_set(err, EB_INTERNAL, "cell %zu of the shapes is no valid polygon", c + 1);
    }
    return status;
}

/* Shapes being cut into cells. */
typedef struct cutting {
    eb_geos *geos;
    eb_shape *const *shapes;
    size_t count;
    const eb_env *env;
    eb_partition **out;
} cutting;

/* In turn, and where that fails all at once on a grid: GEOS may lose slivers cut by slivers, and noded at once none is cut twice. */
static eb_status cut(void *self, double grid_m, eb_error *err)
{
    const cutting *c = self;
    eb_partition *p = NULL;
    eb_status status = grid_m > 0 ? eb_partition_faces(c->geos, c->shapes, c->count, grid_m, c->env, &p, err)
                                  : eb_partition_in_turn(c->geos, c->shapes, c->count, c->env, &p, err);
    if (status == EB_OK) status = check_sums(c->geos, c->shapes, c->count, p, err);
    if (status == EB_OK) status = check_cells(c->geos, p, c->env, err);
    if (status == EB_OK)
        *c->out = p;
    else
        eb_partition_free(c->geos, p);
    return status;
}

eb_status eb_partition_new(eb_geos *geos, eb_shape *const *shapes, size_t count, const eb_env *env, eb_partition **out, eb_error *err)
{
    cutting c = {.geos = geos, .shapes = shapes, .count = count, .env = env, .out = out};
    *out = NULL;
    return eb_try_on_grids(cut, &c, err);
}
