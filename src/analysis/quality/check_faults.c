/* What the reader of the file remarked, as findings: damage, broken rules of the format, values that are none; and its plain notes. */
#include "analysis/quality/check_run.h"

#include "base/array.h"
#include "base/translate.h"

#include <math.h>
#include <stdlib.h>

/* A remark on a feature, which has to be found again for its place. */
typedef struct fault {
    size_t remark;
    int64_t fid;
    bool seen; /* a filter lets it through */
    double x, y;
} fault;

typedef struct faults {
    fault *list; /* ascending by feature */
    size_t count, capacity;
} faults;

static int by_feature(const void *a, const void *b)
{
    const fault *p = a, *q = b;
    if (p->fid != q->fid) return p->fid < q->fid ? -1 : 1;
    return p->remark < q->remark ? -1 : 1;
}

static eb_status gather(const eb_source *source, faults *out, eb_error *err)
{
    eb_remark remark;
    for (size_t i = 0; eb_source_remark_at(source, i, &remark); i++) {
        if (remark.fid == EB_NO_FID) continue;
        if (!eb_array_reserve(&out->list, &out->capacity, out->count + 1, sizeof *out->list)) return eb_error_memory(err);
        out->list[out->count++] = (fault){.remark = i, .fid = remark.fid, .x = NAN, .y = NAN};
    }
    if (out->count) qsort(out->list, out->count, sizeof *out->list, by_feature);
    return EB_OK;
}

static eb_status look(void *user, const eb_batch *batch, size_t i, eb_error *err)
{
    faults *all = user;
    size_t low = 0, high = all->count;
    (void)err;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (all->list[middle].fid < batch->fids[i])
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < all->count && all->list[low].fid == batch->fids[i]; low++) {
        all->list[low].seen = true;
        eb_shape_middle(eb_batch_shape_at(batch, i), &all->list[low].x, &all->list[low].y);
    }
    return EB_OK;
}

static bool add(eb_check_run *run, const eb_remark *remark, double x, double y)
{
    static const eb_finding_kind kinds[] = {
        [EB_REMARK_PLAIN] = EB_FIND_NOTE,
        [EB_REMARK_FORM] = EB_FIND_FORM,
        [EB_REMARK_DAMAGE] = EB_FIND_DAMAGE,
        [EB_REMARK_VALUE] = EB_FIND_VALUE,
    };
    return eb_findings_add(run->findings, kinds[remark->kind], run->schema->name, remark->fid, x, y, "%s", remark->text) != NULL;
}

eb_status eb_check_faults(eb_check_run *run, eb_error *err)
{
    faults all = {0};
    eb_remark remark;
    eb_status status = gather(run->source, &all, err);
    if (!status && all.count) status = eb_pass(run->source, run->env, N_("look up findings"), look, &all, err);
    for (size_t i = 0; !status && eb_source_remark_at(run->source, i, &remark); i++)
        if (remark.fid == EB_NO_FID && !add(run, &remark, NAN, NAN)) status = eb_error_memory(err);
    for (size_t k = 0; !status && k < all.count; k++) {
        const fault *own = &all.list[k];
        if (own->seen && eb_source_remark_at(run->source, own->remark, &remark) && !add(run, &remark, own->x, own->y))
            status = eb_error_memory(err);
    }
    free(all.list);
    return status;
}
