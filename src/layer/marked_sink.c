/* Layers made from schematic ones: the field `status` says so in every feature, whatever else the format has room for. */
#include "layer/batch.h"
#include "layer/sink_common.h"

#include <stdlib.h>

typedef struct marked_sink {
    eb_sink *inner; /* NULL once it is committed */
    eb_schema *schema;
    eb_batch *batch;
    int field;
} marked_sink;

static bool add_marked(marked_sink *sink, const eb_batch *batch, size_t i)
{
    eb_batch *to = sink->batch;
    const size_t status = (size_t)sink->field;
    const bool had = status < batch->schema->field_count && !eb_batch_is_null(batch, i, status);
    char *text = eb_status_mark(had ? eb_batch_text_at(batch, i, status) : NULL);
    bool good = text && eb_batch_add(to, batch->fids[i], eb_batch_shape_at(batch, i));
    for (size_t f = 0; good && f < batch->schema->field_count; f++)
        good = f == status || eb_batch_is_null(batch, i, f) || eb_batch_set_copy(to, f, batch, i, f);
    good = good && eb_batch_set_text(to, status, text);
    free(text);
    return good;
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

eb_status eb_sink_marked(eb_sink *inner, eb_schema *schema, int field, eb_sink **out, eb_error *err)
{
    static const eb_sink_ops ops = {marked_write, marked_commit, marked_free};
    marked_sink *sink = calloc(1, sizeof *sink);
    eb_batch *batch = sink ? eb_batch_new(schema) : NULL;
    if (!batch) {
        free(sink);
        eb_sink_abort(inner);
        eb_schema_free(schema);
        return eb_error_memory(err);
    }
    *sink = (marked_sink){inner, schema, batch, field};
    return eb_sink_make(&ops, sink, out, err);
}
