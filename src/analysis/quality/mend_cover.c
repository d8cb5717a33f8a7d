/*
 * The survey (cover_survey.h) tells where a coverage has faults. A feature whose box meets none of the loose edges, nor a place covered
 * twice, shares all its edges with neighbours and is crossed by none: mending would leave it as it is. The others are held in memory
 * and mended together; among them are those of the outline.
 */
#include "analysis/quality/mend_cover.h"

#include "analysis/quality/cover_survey.h"
#include "analysis/quality/pass.h"
#include "base/array.h"
#include "base/translate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct mending {
    eb_geos *geos;
    eb_edge_book *book;
    int64_t *invalid;
    size_t invalid_count, invalid_capacity;
    eb_cover_survey survey;
    eb_index *faults;
    size_t *ids, ids_capacity;
    eb_layer *held;
    eb_patches *out;
} mending;

static eb_status refuse_kind(const eb_batch *batch, size_t i, eb_error *err)
{
    eb_error_set(err, EB_REFUSED, "a %s is no part of a coverage of polygons",
                 eb_shape_kind_name(eb_wkb_kind(eb_batch_shape_at(batch, i))));
    eb_error_where(err, batch->schema->file, batch->schema->name, batch->fids[i]);
    eb_error_hint(err, "repair without --coverage");
    return EB_REFUSED;
}

/* The first look: edges into the book, invalid features listed. */
static eb_status look(void *user, const eb_batch *batch, size_t i, eb_error *err)
{
    mending *m = user;
    const eb_wkb wkb = eb_batch_shape_at(batch, i);
    const int dimension = eb_wkb_dimension(wkb);
    eb_shape *shape = NULL;
    char reason[160];
    double x, y;
    if (dimension < 0) return EB_OK;
    if (dimension != 2) return refuse_kind(batch, i, err);
    eb_status status = eb_shape_read(m->geos, wkb, &shape, err);
    if (status) {
        eb_error_where(err, batch->schema->file, batch->schema->name, batch->fids[i]);
        return status;
    }
    const bool valid = !eb_geos_mended(m->geos) && eb_shape_valid(m->geos, shape, reason, sizeof reason, &x, &y);
    eb_shape_free(m->geos, shape);
    if (!valid) {
        if (!eb_array_reserve(&m->invalid, &m->invalid_capacity, m->invalid_count + 1, sizeof *m->invalid)) return eb_error_memory(err);
        m->invalid[m->invalid_count++] = batch->first + (int64_t)i;
    }
    return eb_edge_book_add(m->book, wkb) ? EB_OK : eb_error_memory(err);
}

/* Loose edges and places covered twice, as boxes in a tree. */
static eb_status index_faults(mending *m, eb_error *err)
{
    const eb_cover_survey *s = &m->survey;
    double *boxes = malloc((s->loose_count + s->face_count + 1) * 4 * sizeof *boxes);
    size_t count = s->loose_count;
    if (!boxes) return eb_error_memory(err);
    if (count) memcpy(boxes, s->loose, count * 4 * sizeof *boxes);
    for (size_t f = 0; f < s->face_count; f++)
        if (s->faces[f].hits > 1) memcpy(boxes + 4 * count++, s->faces[f].box, sizeof s->faces[f].box);
    eb_status status = eb_index_new(boxes, count, &m->faults, err);
    free(boxes);
    return status;
}

/* The second look: what touches a fault is held. */
static eb_status hold(void *user, const eb_batch *batch, size_t i, eb_error *err)
{
    mending *m = user;
    double box[4];
    size_t near = 0;
    if (!eb_wkb_bounds(eb_batch_shape_at(batch, i), box)) return EB_OK;
    eb_status status = eb_index_query(m->faults, box, &m->ids, &m->ids_capacity, &near, err);
    if (status || near == 0) return status;
    eb_patches *out = m->out;
    eb_batch *tail = eb_layer_tail(m->held);
    if (!tail || !eb_batch_add(tail, batch->fids[i], eb_batch_shape_at(batch, i)) ||
        !eb_array_reserve(&out->positions, &out->capacity, out->count + 1, sizeof *out->positions))
        return eb_error_memory(err);
    for (size_t f = 0; f < batch->schema->field_count; f++)
        if (!eb_batch_set_copy(tail, f, batch, i, f)) return eb_error_memory(err);
    out->positions[out->count++] = batch->first + (int64_t)i;
    return EB_OK;
}

/* Gaps are those of the whole layer: among the held features alone, what others cover looks like one too. */
static void report_gaps(const eb_cover_survey *survey, eb_coverage_report *report)
{
    report->gaps = 0;
    report->gap_m2 = report->largest_gap_m2 = 0;
    for (size_t f = 0; f < survey->face_count; f++) {
        const eb_cover_face *face = &survey->faces[f];
        if (face->hits > 0) continue;
        report->gap_m2 += face->area_m2;
        if (report->gaps++ > 0 && face->area_m2 <= report->largest_gap_m2) continue;
        report->largest_gap_m2 = face->area_m2;
        report->gap_x = face->x;
        report->gap_y = face->y;
    }
}

static void close_mending(mending *m)
{
    eb_index_free(m->faults);
    eb_cover_survey_clear(&m->survey);
    eb_edge_book_free(m->book);
    eb_layer_free(m->held);
    eb_geos_free(m->geos);
    free(m->invalid);
    free(m->ids);
}

eb_status eb_mend_cover(eb_source *source, const eb_env *env, eb_patches *out, eb_mend_log *log, eb_coverage_report *report, eb_error *err)
{
    mending m = {.out = out};
    memset(report, 0, sizeof *report);
    eb_status status = eb_geos_new(&m.geos, err);
    m.book = eb_edge_book_new(EB_SURVEY_EDGES);
    m.held = eb_layer_new(eb_source_schema(source));
    if (!status && (!m.book || !m.held)) status = eb_error_memory(err);
    if (!status) status = eb_pass(source, env, N_("look for faults"), look, &m, err);
    if (!status) status = eb_cover_survey_run(source, m.book, m.invalid, m.invalid_count, env, &m.survey, err);
    if (!status) status = index_faults(&m, err);
    if (!status) status = eb_pass(source, env, N_("gather what touches faults"), hold, &m, err);
    if (!status && out->count) status = eb_mend_coverage(m.held, env, &out->mended, log, report, err);
    if (!status) report_gaps(&m.survey, report);
    if (!status) status = eb_source_rewind(source, err);
    close_mending(&m);
    return status;
}

/* The batch of the mended layer that holds its feature @p n. */
static const eb_batch *mended_at(const eb_layer *layer, size_t n, size_t *i)
{
    size_t low = 0, high = eb_layer_batch_count(layer) - 1;
    while (low < high) {
        const size_t mid = (low + high + 1) / 2;
        if ((size_t)eb_layer_batch_at(layer, mid)->first <= n)
            low = mid;
        else
            high = mid - 1;
    }
    const eb_batch *batch = eb_layer_batch_at(layer, low);
    *i = n - (size_t)batch->first;
    return batch;
}

static int compare(const void *a, const void *b)
{
    const int64_t p = *(const int64_t *)a, q = *(const int64_t *)b;
    return p < q ? -1 : p > q;
}

eb_status eb_patches_apply(const eb_patches *patches, const eb_batch *in, eb_batch *out, eb_error *err)
{
    eb_batch_clear(out);
    for (size_t i = 0; i < in->count; i++) {
        const int64_t position = in->first + (int64_t)i;
        const int64_t *found =
            patches->count ? bsearch(&position, patches->positions, patches->count, sizeof *patches->positions, compare) : NULL;
        eb_wkb shape = eb_batch_shape_at(in, i);
        if (found) {
            size_t k;
            const eb_batch *mended = mended_at(patches->mended, (size_t)(found - patches->positions), &k);
            shape = eb_batch_shape_at(mended, k);
        }
        if (!eb_batch_add(out, in->fids[i], shape)) return eb_error_memory(err);
        for (size_t f = 0; f < in->schema->field_count; f++)
            if (!eb_batch_set_copy(out, f, in, i, f)) return eb_error_memory(err);
    }
    return EB_OK;
}

void eb_patches_clear(eb_patches *patches)
{
    eb_layer_free(patches->mended);
    free(patches->positions);
    memset(patches, 0, sizeof *patches);
}
