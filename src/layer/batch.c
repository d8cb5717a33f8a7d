#include "layer/batch.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool eb_field_is_text(eb_field_type type)
{
    return type != EB_FIELD_INTEGER && type != EB_FIELD_REAL && type != EB_FIELD_BOOLEAN;
}

eb_batch *eb_batch_new(const eb_schema *schema)
{
    eb_batch *batch = calloc(1, sizeof *batch);
    if (!batch) return NULL;
    batch->schema = schema;
    /* One spare entry keeps calloc(0), which may return NULL, out of the way. */
    batch->values = calloc(schema->field_count + 1, sizeof *batch->values);
    batch->shape_offsets = calloc(1, sizeof *batch->shape_offsets);
    if (!batch->values || !batch->shape_offsets) {
        eb_batch_free(batch);
        return NULL;
    }
    for (size_t f = 0; f < schema->field_count; f++) batch->values[f].type = schema->fields[f].type;
    return batch;
}

void eb_batch_free(eb_batch *batch)
{
    if (!batch) return;
    for (size_t f = 0; batch->values && f < batch->schema->field_count; f++) {
        eb_values *values = &batch->values[f];
        free(values->valid);
        free(values->integers);
        free(values->reals);
        free(values->text);
        free(values->offsets);
    }
    free(batch->values);
    free(batch->fids);
    free(batch->shapes);
    free(batch->shape_offsets);
    free(batch);
}

void eb_batch_clear(eb_batch *batch)
{
    batch->first += (int64_t)batch->count;
    batch->count = 0;
    batch->chorded = false;
    for (size_t f = 0; f < batch->schema->field_count; f++) batch->values[f].text_size = 0;
}

void eb_batch_drop_shape(eb_batch *batch, size_t i)
{
    size_t *offsets = batch->shape_offsets;
    const size_t from = offsets[i], to = offsets[i + 1];
    memmove(batch->shapes + from, batch->shapes + to, offsets[batch->count] - to);
    for (size_t k = i + 1; k <= batch->count; k++) offsets[k] -= to - from;
}

/* Grow *array to @p count elements of @p size bytes. */
static bool grow(void *array, size_t count, size_t size)
{
    void *old;
    memcpy(&old, array, sizeof old);
    void *now = count <= SIZE_MAX / size ? realloc(old, count * size) : NULL;
    if (!now) return false;
    memcpy(array, &now, sizeof now);
    return true;
}

static bool grow_values(eb_values *values, size_t count)
{
    if (!grow(&values->valid, count, sizeof *values->valid)) return false;
    if (values->type == EB_FIELD_REAL) return grow(&values->reals, count, sizeof *values->reals);
    if (!eb_field_is_text(values->type)) return grow(&values->integers, count, sizeof *values->integers);
    return grow(&values->offsets, count, sizeof *values->offsets);
}

static bool make_room(eb_batch *batch)
{
    if (batch->count < batch->capacity) return true;
    size_t capacity = batch->capacity ? batch->capacity * 2 : 64;
    if (!grow(&batch->fids, capacity, sizeof *batch->fids)) return false;
    if (!grow(&batch->shape_offsets, capacity + 1, sizeof *batch->shape_offsets)) return false;
    for (size_t f = 0; f < batch->schema->field_count; f++)
        if (!grow_values(&batch->values[f], capacity)) return false;
    batch->capacity = capacity;
    return true;
}

static bool make_text_room(eb_values *values, size_t extra)
{
    if (values->text_capacity - values->text_size >= extra) return true;
    size_t capacity = values->text_capacity ? values->text_capacity * 2 : 256;
    while (capacity - values->text_size < extra) capacity *= 2;
    if (!grow(&values->text, capacity, 1)) return false;
    values->text_capacity = capacity;
    return true;
}

static bool make_shape_room(eb_batch *batch, size_t start, size_t size)
{
    if (batch->shapes_capacity - start >= size && batch->shapes) return true;
    size_t capacity = batch->shapes_capacity ? batch->shapes_capacity * 2 : 4096;
    while (capacity - start < size) capacity *= 2;
    if (!grow(&batch->shapes, capacity, 1)) return false;
    batch->shapes_capacity = capacity;
    return true;
}

/* A null in every field, so that a text that is never set still reads as "". */
static bool add_nulls(eb_batch *batch)
{
    for (size_t f = 0; f < batch->schema->field_count; f++)
        if (batch->values[f].type != EB_FIELD_REAL && eb_field_is_text(batch->values[f].type) && !make_text_room(&batch->values[f], 1))
            return false;
    for (size_t f = 0; f < batch->schema->field_count; f++) {
        eb_values *values = &batch->values[f];
        values->valid[batch->count] = 0;
        if (values->type == EB_FIELD_REAL) {
            values->reals[batch->count] = NAN;
        } else if (!eb_field_is_text(values->type)) {
            values->integers[batch->count] = 0;
        } else {
            values->offsets[batch->count] = values->text_size;
            values->text[values->text_size++] = '\0';
        }
    }
    return true;
}

bool eb_batch_reserve(eb_batch *batch, int64_t fid, size_t size, uint8_t **shape)
{
    if (!make_room(batch)) return false;
    size_t start = batch->shape_offsets[batch->count];
    if (!make_shape_room(batch, start, size) || !add_nulls(batch)) return false;
    batch->fids[batch->count] = fid;
    batch->shape_offsets[batch->count + 1] = start + size;
    batch->count++;
    if (shape) *shape = batch->shapes + start;
    return true;
}

bool eb_batch_add(eb_batch *batch, int64_t fid, eb_wkb shape)
{
    uint8_t *bytes = NULL;
    if (!eb_batch_reserve(batch, fid, shape.size, &bytes)) return false;
    if (bytes && shape.data) memcpy(bytes, shape.data, shape.size);
    return true;
}

bool eb_batch_set_shape(eb_batch *batch, const uint8_t *shape, size_t size)
{
    size_t start = batch->shape_offsets[batch->count - 1];
    if (!make_shape_room(batch, start, size)) return false;
    if (size) memcpy(batch->shapes + start, shape, size);
    batch->shape_offsets[batch->count] = start + size;
    return true;
}

void eb_batch_drop_last(eb_batch *batch)
{
    batch->count--;
    for (size_t f = 0; f < batch->schema->field_count; f++)
        if (eb_field_is_text(batch->values[f].type)) batch->values[f].text_size = batch->values[f].offsets[batch->count];
}

bool eb_batch_set_bytes(eb_batch *batch, size_t field, const char *text, size_t length)
{
    eb_values *values = &batch->values[field];
    size_t last = batch->count - 1;
    values->text_size = values->offsets[last];
    if (!make_text_room(values, length + 1)) return false;
    if (length) memcpy(values->text + values->text_size, text, length);
    values->text[values->text_size + length] = '\0';
    values->text_size += length + 1;
    values->valid[last] = 1;
    return true;
}

bool eb_batch_set_text(eb_batch *batch, size_t field, const char *text)
{
    if (text) return eb_batch_set_bytes(batch, field, text, strlen(text));
    if (!eb_batch_set_bytes(batch, field, "", 0)) return false;
    batch->values[field].valid[batch->count - 1] = 0;
    return true;
}

bool eb_batch_set_integer(eb_batch *batch, size_t field, int64_t value)
{
    eb_values *values = &batch->values[field];
    if (values->type == EB_FIELD_REAL) return eb_batch_set_real(batch, field, (double)value);
    values->integers[batch->count - 1] = value;
    values->valid[batch->count - 1] = 1;
    return true;
}

bool eb_batch_set_real(eb_batch *batch, size_t field, double value)
{
    batch->values[field].reals[batch->count - 1] = value;
    batch->values[field].valid[batch->count - 1] = 1;
    return true;
}

bool eb_batch_set_copy(eb_batch *batch, size_t to, const eb_batch *src, size_t i, size_t from)
{
    const eb_values *values = &src->values[from];
    if (!values->valid[i]) return true;
    if (values->type == EB_FIELD_REAL) return eb_batch_set_real(batch, to, values->reals[i]);
    if (!eb_field_is_text(values->type)) return eb_batch_set_integer(batch, to, values->integers[i]);
    return eb_batch_set_text(batch, to, values->text + values->offsets[i]);
}

bool eb_batch_append(eb_batch *dst, const eb_batch *src, size_t i, const size_t *map, bool no_shape)
{
    eb_wkb none = {NULL, 0};
    if (!eb_batch_add(dst, src->fids[i], no_shape ? none : eb_batch_shape_at(src, i))) return false;
    for (size_t f = 0; f < dst->schema->field_count; f++) {
        if (eb_batch_set_copy(dst, f, src, i, map ? map[f] : f)) continue;
        eb_batch_drop_last(dst);
        return false;
    }
    return true;
}

eb_wkb eb_batch_shape_at(const eb_batch *batch, size_t i)
{
    size_t start = batch->shape_offsets[i];
    eb_wkb shape = {batch->shapes ? batch->shapes + start : NULL, batch->shape_offsets[i + 1] - start};
    return shape;
}

uint8_t *eb_batch_shape_bytes(eb_batch *batch, size_t i, size_t *size)
{
    *size = batch->shape_offsets[i + 1] - batch->shape_offsets[i];
    return *size ? batch->shapes + batch->shape_offsets[i] : NULL;
}

void eb_batch_shrink_shapes(eb_batch *batch, eb_shape_shrink shrink, void *user)
{
    size_t from = batch->count ? batch->shape_offsets[0] : 0, to = from;
    for (size_t i = 0; i < batch->count; i++) {
        const size_t size = batch->shape_offsets[i + 1] - from;
        const size_t left = size ? shrink(user, i, batch->shapes + from, size) : 0;
        if (left && to != from) memmove(batch->shapes + to, batch->shapes + from, left);
        from += size;
        to += left;
        batch->shape_offsets[i + 1] = to;
    }
}

bool eb_batch_is_null(const eb_batch *batch, size_t i, size_t field)
{
    return !batch->values[field].valid[i];
}

const char *eb_batch_text_at(const eb_batch *batch, size_t i, size_t field)
{
    const eb_values *values = &batch->values[field];
    if (!eb_field_is_text(values->type) || !values->valid[i]) return "";
    return values->text + values->offsets[i];
}

int64_t eb_batch_integer_at(const eb_batch *batch, size_t i, size_t field)
{
    const eb_values *values = &batch->values[field];
    return values->integers && values->valid[i] ? values->integers[i] : 0;
}

double eb_batch_real_at(const eb_batch *batch, size_t i, size_t field)
{
    const eb_values *values = &batch->values[field];
    if (!values->valid[i] || eb_field_is_text(values->type)) return NAN;
    return values->reals ? values->reals[i] : (double)values->integers[i];
}

void eb_batch_format_at(const eb_batch *batch, size_t i, size_t field, char *text, size_t size)
{
    const eb_values *values = &batch->values[field];
    if (size == 0) return;
    text[0] = '\0';
    if (!values->valid[i]) return;
    if (values->type == EB_FIELD_REAL) {
        eb_text_from_real(text, size, values->reals[i]);
    } else if (values->type == EB_FIELD_BOOLEAN) {
        eb_text_copy(text, size, values->integers[i] ? "true" : "false");
    } else if (values->type == EB_FIELD_INTEGER) {
        snprintf(text, size, "%" PRId64, values->integers[i]);
    } else {
        eb_text_copy(text, size, values->text + values->offsets[i]);
    }
}
