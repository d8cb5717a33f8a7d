/* Layers made from schematic ones: the field `status` says so in every feature, whatever else the format has room for. */
#include "layer/batch.h"
#include "layer/sink_common.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char word[] = "schematic", joint[] = "schematic; ";

bool eb_status_schematic(const char *text)
{
    return text && (strcmp(text, word) == 0 || strncmp(text, joint, sizeof joint - 1) == 0);
}

char *eb_status_mark(const char *before)
{
    eb_string text = {0};
    /* "derived" is the catalogue's word for what it was before something schematic was added. */
    const bool own = before && *before && strcmp(before, "derived") != 0;
    if (!own || !eb_status_schematic(before)) eb_string_add(&text, own ? joint : word);
    if (own) eb_string_add(&text, before);
    return eb_string_take(&text);
}

/* Another name for a field that cannot say it, as overlays call repeated ones. */
static bool rename_field(eb_schema *schema, int field)
{
    char name[32];
    int n = 2;
    do snprintf(name, sizeof name, "status_%d", n++);
    while (eb_schema_find(schema, name) >= 0);
    free(schema->fields[field].name);
    return (schema->fields[field].name = eb_text_dup(name)) != NULL;
}

int eb_schema_mark(eb_schema *schema)
{
    const int field = eb_schema_find(schema, "status");
    if (field >= 0 && schema->fields[field].type == EB_FIELD_TEXT) {
        schema->fields[field].width = 0; /* the word may need more room */
        return field;
    }
    if (field >= 0 && !rename_field(schema, field)) return -1;
    return eb_schema_add_field(schema, "status", EB_FIELD_TEXT);
}
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

eb_status eb_sink_marked(const char *file, const eb_schema *schema, const eb_write_options *options, eb_sink **out, eb_error *err)
{
    static const eb_sink_ops ops = {marked_write, marked_commit, marked_free};
    marked_sink *sink = calloc(1, sizeof *sink);
    if (!sink) return eb_error_memory(err);
    sink->schema = eb_schema_copy(schema);
    sink->field = sink->schema ? eb_schema_mark(sink->schema) : -1;
    if (sink->field >= 0) sink->batch = eb_batch_new(sink->schema);
    eb_status status = sink->batch ? eb_sink_plain(file, sink->schema, options, &sink->inner, err) : eb_error_memory(err);
    if (status == EB_OK) return eb_sink_make(&ops, sink, out, err);
    marked_free(sink);
    return status;
}
