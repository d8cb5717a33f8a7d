#include "analysis/quality/rejects.h"
#include "base/array.h"
#include "base/text.h"

#include <ecobelt/crs.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool eb_rejects_add(eb_rejects *rejects, const char *layer, int64_t fid, double x, double y, const char *reason)
{
    if (!eb_array_reserve(&rejects->list, &rejects->capacity, rejects->count + 1, sizeof *rejects->list)) return false;
    eb_reject *one = &rejects->list[rejects->count];
    *one = (eb_reject){.fid = fid, .x = x, .y = y, .layer = eb_text_dup(layer), .reason = eb_text_dup(reason)};
    rejects->count++;
    return one->layer && one->reason;
}

bool eb_rejects_move(eb_rejects *to, eb_rejects *from)
{
    if (!eb_array_reserve(&to->list, &to->capacity, to->count + from->count, sizeof *to->list)) return false;
    for (size_t i = 0; i < from->count; i++) to->list[to->count++] = from->list[i];
    from->count = 0;
    return true;
}

eb_status eb_rejects_transform(eb_rejects *rejects, size_t first, const eb_crs *from, const eb_crs *to, eb_error *err)
{
    eb_transform *transform = NULL;
    eb_error why;
    if (first >= rejects->count || eb_crs_same(from, to)) return EB_OK;
    const eb_status status = eb_transform_new(from, to, NULL, NULL, &transform, &why);
    if (status == EB_NO_MEMORY) return eb_error_memory(err);
    for (size_t i = first; i < rejects->count; i++) {
        eb_reject *one = &rejects->list[i];
        const bool placed = status == EB_OK && isfinite(one->x) && isfinite(one->y);
        if (!placed || eb_transform_points(transform, &one->x, &one->y, 1, 1, NULL, &why) != EB_OK) one->x = one->y = NAN;
    }
    eb_transform_free(transform);
    return EB_OK;
}

void eb_rejects_clear(eb_rejects *rejects)
{
    for (size_t i = 0; i < rejects->count; i++) {
        free(rejects->list[i].layer);
        free(rejects->list[i].reason);
    }
    free(rejects->list);
    *rejects = (eb_rejects){0};
}

static bool add_feature(eb_batch *batch, const eb_reject *one, int64_t fid)
{
    uint8_t bytes[21] = {1, EB_SHAPE_POINT};
    memcpy(bytes + 5, &one->x, sizeof one->x);
    memcpy(bytes + 13, &one->y, sizeof one->y);
    bool placed = isfinite(one->x) && isfinite(one->y);
    return eb_batch_add(batch, fid, (eb_wkb){bytes, placed ? sizeof bytes : 0}) && eb_batch_set_text(batch, 0, one->layer) &&
           eb_batch_set_integer(batch, 1, one->fid) && eb_batch_set_text(batch, 2, one->reason);
}

static eb_status write_all(const eb_rejects *rejects, eb_sink *sink, const eb_schema *schema, eb_error *err)
{
    eb_batch *batch = eb_batch_new(schema);
    eb_status status = batch ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; i < rejects->count && status == EB_OK; i++) {
        if (!add_feature(batch, &rejects->list[i], (int64_t)i + 1)) status = eb_error_memory(err);
        if (status == EB_OK && (batch->count == 4096 || i + 1 == rejects->count)) {
            status = eb_sink_write(sink, batch, err);
            eb_batch_clear(batch);
        }
    }
    eb_batch_free(batch);
    return status;
}

eb_status eb_rejects_write(const eb_rejects *rejects, const eb_workspace *space, const eb_crs *crs, eb_error *err)
{
    if (rejects->count == 0) return EB_OK;
    eb_sink *sink = NULL;
    eb_schema *schema = eb_schema_new("rejects", EB_SHAPE_POINT, crs);
    bool ok = schema && eb_schema_add_field(schema, "layer", EB_FIELD_TEXT) == 0 &&
              eb_schema_add_field(schema, "source_fid", EB_FIELD_INTEGER) == 1 && eb_schema_add_field(schema, "reason", EB_FIELD_TEXT) == 2;
    eb_status status = ok ? space->create(space->self, "rejects", schema, &sink, err) : eb_error_memory(err);
    if (status == EB_OK && sink) {
        status = write_all(rejects, sink, schema, err);
        if (status == EB_OK)
            status = eb_sink_commit(sink, err);
        else
            eb_sink_abort(sink);
    }
    eb_schema_free(schema);
    return status;
}
