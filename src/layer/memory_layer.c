#include "layer/batch.h"
#include "layer/source.h"

#include <stdlib.h>
#include <string.h>

struct eb_layer {
    eb_schema *schema;
    eb_batch **batches;
    size_t batch_count, batch_capacity;
};

eb_layer *eb_layer_new(const eb_schema *schema)
{
    eb_layer *layer = calloc(1, sizeof *layer);
    if (!layer) return NULL;
    layer->schema = eb_schema_copy(schema);
    if (layer->schema) return layer;
    free(layer);
    return NULL;
}

void eb_layer_free(eb_layer *layer)
{
    if (!layer) return;
    for (size_t i = 0; i < layer->batch_count; i++) eb_batch_free(layer->batches[i]);
    free(layer->batches);
    eb_schema_free(layer->schema);
    free(layer);
}

const eb_schema *eb_layer_schema(const eb_layer *layer)
{
    return layer->schema;
}

size_t eb_layer_count(const eb_layer *layer)
{
    if (layer->batch_count == 0) return 0;
    const eb_batch *last = layer->batches[layer->batch_count - 1];
    return (size_t)last->first + last->count;
}

size_t eb_layer_batch_count(const eb_layer *layer)
{
    return layer->batch_count;
}

const eb_batch *eb_layer_batch_at(const eb_layer *layer, size_t i)
{
    return layer->batches[i];
}

eb_batch *eb_layer_batch_edit(eb_layer *layer, size_t i)
{
    return layer->batches[i];
}

static eb_batch *add_batch(eb_layer *layer)
{
    if (layer->batch_count == layer->batch_capacity) {
        size_t capacity = layer->batch_capacity ? layer->batch_capacity * 2 : 8;
        eb_batch **batches = realloc(layer->batches, capacity * sizeof *batches);
        if (!batches) return NULL;
        layer->batches = batches;
        layer->batch_capacity = capacity;
    }
    eb_batch *batch = eb_batch_new(layer->schema);
    if (!batch) return NULL;
    batch->first = (int64_t)eb_layer_count(layer);
    layer->batches[layer->batch_count++] = batch;
    return batch;
}

eb_batch *eb_layer_tail(eb_layer *layer)
{
    eb_batch *last = layer->batch_count ? layer->batches[layer->batch_count - 1] : NULL;
    return last && last->count < EB_BATCH_FEATURES ? last : add_batch(layer);
}

/* Sources number batches by their own count; the layer goes by its own. */
static eb_status next_into(eb_source *source, eb_batch *batch, eb_error *err)
{
    int64_t first = batch->first;
    eb_status status = eb_source_next(source, batch, err);
    batch->first = first;
    return status;
}

eb_status eb_layer_read(eb_source *source, const eb_env *env, eb_layer **out, eb_error *err)
{
    const eb_schema *schema = eb_source_schema(source);
    eb_layer *layer = eb_layer_new(schema);
    if (!layer) return eb_error_memory(err);
    eb_status status = EB_OK;
    for (;;) {
        status = eb_env_check(env, err);
        if (status) break;
        eb_batch *batch = add_batch(layer);
        status = batch ? next_into(source, batch, err) : eb_error_memory(err);
        if (status || batch->count == 0) break;
        eb_env_progress(env, "read", (double)eb_layer_count(layer), schema->feature_count > 0 ? (double)schema->feature_count : 0);
    }
    if (status) {
        eb_layer_free(layer);
        return status;
    }
    eb_batch_free(layer->batches[--layer->batch_count]);
    layer->schema->feature_count = (int64_t)eb_layer_count(layer);
    *out = layer;
    return EB_OK;
}

/* A source over a layer. */
typedef struct memory_source {
    const eb_layer *layer;
    size_t *map;
    size_t batch, feature;
    bool no_shapes;
} memory_source;

static eb_status memory_next(void *self, eb_batch *batch, size_t limit, eb_error *err)
{
    memory_source *source = self;
    while (batch->count < limit && source->batch < source->layer->batch_count) {
        const eb_batch *from = source->layer->batches[source->batch];
        if (source->feature == from->count) {
            source->batch++;
            source->feature = 0;
            continue;
        }
        if (!eb_batch_append(batch, from, source->feature, source->map, source->no_shapes)) return eb_error_memory(err);
        source->feature++;
    }
    return EB_OK;
}

static eb_status memory_rewind(void *self, eb_error *err)
{
    (void)err;
    memory_source *source = self;
    source->batch = 0;
    source->feature = 0;
    return EB_OK;
}

static void memory_free(void *self)
{
    memory_source *source = self;
    free(source->map);
    free(source);
}

eb_status eb_source_from_layer(const eb_layer *layer, const eb_read_options *options, eb_source **out, eb_error *err)
{
    static const eb_source_ops ops = {memory_next, memory_rewind, NULL, NULL, memory_free, NULL};
    if (options && options->where) {
        eb_error_set(err, EB_USAGE, "a layer in memory takes no attribute filter (\"%s\")", options->where);
        eb_error_where(err, layer->schema->file, layer->schema->name, EB_NO_FID);
        eb_error_hint(err, "filter where the layer is read from its file");
        return EB_USAGE;
    }
    eb_selection selection;
    eb_status status = eb_selection_make(layer->schema, options, &selection, err);
    if (status) return status;
    selection.schema->feature_count = (int64_t)eb_layer_count(layer);
    memory_source *source = calloc(1, sizeof *source);
    if (!source) {
        eb_schema_free(selection.schema);
        free(selection.map);
        return eb_error_memory(err);
    }
    source->layer = layer;
    source->map = selection.map;
    source->no_shapes = options && options->no_shapes;
    return eb_source_make(&ops, source, selection.schema, options, out, err);
}

/* A sink into a layer. */
static eb_status layer_write(void *self, const eb_batch *batch, eb_error *err)
{
    eb_layer *layer = self;
    if (batch->schema->field_count != layer->schema->field_count)
        return eb_error_set(err, EB_INTERNAL, "batch of %zu fields for a layer of %zu", batch->schema->field_count,
                            layer->schema->field_count);
    for (size_t i = 0; i < batch->count; i++) {
        eb_batch *tail = eb_layer_tail(layer);
        if (!tail || !eb_batch_append(tail, batch, i, NULL, false)) return eb_error_memory(err);
    }
    return EB_OK;
}

static eb_status layer_commit(void *self, eb_error *err)
{
    (void)err;
    eb_layer *layer = self;
    layer->schema->feature_count = (int64_t)eb_layer_count(layer);
    return EB_OK;
}

static void layer_release(void *self)
{
    (void)self; /* the layer stays its owner's */
}

eb_status eb_sink_to_layer(eb_layer *layer, eb_sink **out, eb_error *err)
{
    static const eb_sink_ops ops = {layer_write, layer_commit, layer_release};
    return eb_sink_make(&ops, layer, out, err);
}
