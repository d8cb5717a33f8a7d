/*
 * Shapes that overlap have a union smaller than their sum: a place under k of them counts k - 1 times too often in the sum, and lies in
 * k (k - 1) / 2 pairs. So what is missing is at most what the pairs have in common, and at least 2 / m of it where no shape overlaps more
 * than m - 1 others; where shapes overlap in twos both are the same. What is missing beyond that was lost, what is not was made up.
 */
#include "analysis/overlay/dissolve.h"
#include "base/translate.h"

#include <math.h>
#include <stdlib.h>

/* Pairs of edges looked at before a group counts as too large for it: some seconds. */
static const double most_work = 3e8;

/* What pairs that only touch may seem to share. */
static const double noise_m2 = 1e-9;

typedef struct proof {
    const eb_dissolve *d;
    const eb_group *group;
    eb_rings own, other;
    eb_common memory;
    eb_index *index;
    double *boxes;
    size_t *ids, id_capacity;
    size_t *met; /* shapes that each one overlaps */
    double work, shared_m2;
} proof;

static eb_status read_shape(const proof *p, size_t i, eb_rings *rings, eb_error *err)
{
    return eb_rings_read(rings, (eb_wkb){p->d->store + p->group->offsets[i], p->group->sizes[i]}, err);
}

static eb_status make_index(proof *p, eb_error *err)
{
    const size_t count = p->group->count;
    eb_status status = EB_OK;
    p->boxes = malloc(4 * count * sizeof *p->boxes);
    p->met = calloc(count, sizeof *p->met);
    if (!p->boxes || !p->met) return eb_error_memory(err);
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        status = read_shape(p, i, &p->own, err);
        for (size_t k = 0; k < 4; k++) p->boxes[4 * i + k] = p->own.count ? p->own.box[k] : k < 2 ? 1 : 0;
    }
    return status == EB_OK ? eb_index_new(p->boxes, count, &p->index, err) : status;
}

/* What shape i has in common with those after it. */
static eb_status add_pairs(proof *p, size_t i, eb_error *err)
{
    size_t count = 0;
    eb_status status = read_shape(p, i, &p->own, err);
    if (status == EB_OK && p->own.count) status = eb_index_query(p->index, p->own.box, &p->ids, &p->id_capacity, &count, err);
    for (size_t k = 0; k < count && status == EB_OK && p->work <= most_work; k++) {
        if (p->ids[k] <= i) continue;
        status = read_shape(p, p->ids[k], &p->other, err);
        if (status != EB_OK) break;
        const double area = eb_rings_common_area(&p->memory, &p->own, &p->other);
        if (isnan(area)) return eb_error_memory(err);
        p->work += (double)p->own.points * (double)p->other.points;
        p->shared_m2 += area;
        if (area <= noise_m2) continue;
        p->met[i]++;
        p->met[p->ids[k]]++;
    }
    return status;
}

static eb_status judge(const proof *p, double before, bool *proven, eb_error *err)
{
    const double missing = before - p->group->after, slack = 1e-9 * before + 1e-6;
    size_t most = 1;
    *proven = p->work <= most_work;
    for (size_t i = 0; i < p->group->count; i++) most = p->met[i] > most ? p->met[i] : most;
    if (!*proven || (missing <= p->shared_m2 + slack && missing >= 2 * p->shared_m2 / (double)(most + 1) - slack)) return EB_OK;
    return eb_error_set(err, EB_INTERNAL, _("the union of %zu shapes holds %.17g m2, they themselves %.17g, of which pairs share %.17g"),
                        p->group->count, p->group->after, before, p->shared_m2);
}

eb_status eb_dissolve_prove(const eb_dissolve *d, const eb_group *group, bool *proven, eb_error *err)
{
    const double before = eb_sum_get(&group->before);
    proof p = {.d = d, .group = group};
    *proven = true;
    if (group->coverage || fabs(before - group->after) <= 1e-9 * before + 1e-6) return EB_OK;
    eb_status status = make_index(&p, err);
    for (size_t i = 0; i < group->count && status == EB_OK && p.work <= most_work; i++) {
        if (i % 16 == 0) status = eb_env_check(d->env, err);
        if (status == EB_OK) status = add_pairs(&p, i, err);
    }
    if (status == EB_OK) status = judge(&p, before, proven, err);
    eb_rings_clear(&p.own);
    eb_rings_clear(&p.other);
    eb_common_clear(&p.memory);
    eb_index_free(p.index);
    free(p.boxes);
    free(p.ids);
    free(p.met);
    return status;
}
