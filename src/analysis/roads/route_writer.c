/* A result layer of an analysis on roads, filled feature by feature. */
#include "analysis/roads/route_run.h"

enum { BATCH_FEATURES = 4096 };

eb_status eb_route_writer_open(eb_route_writer *w, const eb_route_run *run, const char *role, eb_shape_kind kind,
                               const eb_route_field *fields, size_t count, eb_error *err)
{
    *w = (eb_route_writer){.schema = eb_schema_new(*role ? role : run->name, kind, run->roads.crs)};
    if (!w->schema) return eb_error_memory(err);
    for (size_t i = 0; i < count; i++)
        if (eb_schema_add_field(w->schema, fields[i].name, fields[i].type) < 0) return eb_error_memory(err);
    w->schema->has_z = (kind == EB_SHAPE_LINE || kind == EB_SHAPE_UNKNOWN) && run->heights;
    w->schema->schematic = run->roads.schematic;
    w->batch = eb_batch_new(w->schema);
    if (!w->batch) return eb_error_memory(err);
    return run->space->create(run->space->self, role, w->schema, &w->sink, err);
}

eb_status eb_route_writer_flush(eb_route_writer *w, eb_error *err)
{
    eb_status status = EB_OK;
    if (w->batch->count < BATCH_FEATURES) return EB_OK;
    if (w->sink) status = eb_sink_write(w->sink, w->batch, err);
    eb_batch_clear(w->batch);
    return status;
}

eb_status eb_route_writer_close(eb_route_writer *w, eb_status status, eb_error *err)
{
    if (status == EB_OK && w->sink && w->batch->count) status = eb_sink_write(w->sink, w->batch, err);
    if (status == EB_OK && w->sink)
        status = eb_sink_commit(w->sink, err);
    else
        eb_sink_abort(w->sink);
    eb_batch_free(w->batch);
    eb_schema_free(w->schema);
    *w = (eb_route_writer){0};
    return status;
}
