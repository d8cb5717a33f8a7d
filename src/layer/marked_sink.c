/* Layers made from schematic ones: a last field `status` says so in every feature, whatever the format has room for. */
#include "layer/batch.h"
#include "layer/sink_common.h"

#include <stdlib.h>
#include <string.h>

typedef struct marked_sink {
    eb_sink *inner; /* NULL once it is committed */
    eb_schema *schema;
    eb_batch *batch;
    int field;
} marked_sink;

static bool add_marked(marked_sink *sink, const eb_batch *batch, size_t i)
{
    eb_batch *to = sink->batch;
    bool good = eb_batch_add(to, batch->fids[i], eb_batch_shape_at(batch, i));
    for (size_t f = 0; good && f < batch->schema->field_count; f++)
        good = eb_batch_is_null(batch, i, f) || eb_batch_set_copy(to, f, batch, i, f);
    return good && eb_batch_set_text(to, (size_t)sink->field, "schematic");
}

static eb_status marked_write(void *self, const eb_batch *batch, eb_error *err)
{
    marked_sink *sink = self;
    eb_batch_clear(sink->batch);
    for (size_t i = 0; i < batch->count; i++)
        if (!add_marked(sink, batch, i)) return eb_error_memory(err);
    return eb_sink_write(sink->inner, sink->batch, err);
}

static eb_status marked_commit(void *self, eb_error *err)
{
    marked_sink *sink = self;
    eb_sink *inner = sink->inner;
    sink->inner = NULL;
    return eb_sink_commit(inner, err);
}

static void marked_free(void *self)
{
    marked_sink *sink = self;
    eb_sink_abort(sink->inner);
    eb_batch_free(sink->batch);
    eb_schema_free(sink->schema);
    free(sink);
}

eb_status eb_sink_marked(const char *file, const eb_schema *schema, const eb_write_options *options, eb_sink **out, eb_error *err)
{
    static const eb_sink_ops ops = {marked_write, marked_commit, marked_free};
    marked_sink *sink = calloc(1, sizeof *sink);
    if (!sink) return eb_error_memory(err);
    sink->schema = eb_schema_copy(schema);
    sink->field = sink->schema ? eb_schema_add_field(sink->schema, "status", EB_FIELD_TEXT) : -1;
    if (sink->field >= 0) sink->batch = eb_batch_new(sink->schema);
    eb_status status = sink->batch ? eb_sink_create(file, sink->schema, options, &sink->inner, err) : eb_error_memory(err);
    if (status == EB_OK) return eb_sink_make(&ops, sink, out, err);
    marked_free(sink);
    return status;
}
