/* Features by the values of their --by fields: a hash table over the values as text. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/area/run.h"
#include "base/array.h"
#include "base/text.h"

struct eb_area_groups {
    eb_schema *schema; /* of the keys */
    eb_batch *keys;
    size_t *fields; /* of the source, a --by field each */
    size_t field_count;
    eb_area_group *groups;
    size_t count, capacity;
    uint64_t *hashes; /* of the groups' texts */
    size_t hash_capacity;
    char **texts; /* values as one text, a group each */
    size_t text_capacity;
    size_t *slots; /* group + 1, 0: free; a power of two of them */
    size_t slot_count;
    eb_string text; /* scratch */
};

static eb_status find_fields(eb_area_groups *g, const eb_schema *source, const char *const *by, eb_error *err)
{
    for (size_t i = 0; by[i]; i++) {
        const int field = eb_schema_find(source, by[i]);
        if (field < 0) return eb_error_set(err, EB_USAGE, "layer has no field \"%s\"", by[i]);
        if (eb_schema_add_field(g->schema, source->fields[field].name, source->fields[field].type) < 0) return eb_error_memory(err);
        g->fields[g->field_count++] = (size_t)field;
    }
    return EB_OK;
}

eb_status eb_area_groups_new(const eb_schema *source, const char *const *by, eb_area_groups **out, eb_error *err)
{
    size_t count = 0;
    while (by[count]) count++;
    eb_area_groups *g = calloc(1, sizeof *g);
    *out = NULL;
    if (!g) return eb_error_memory(err);
    g->slot_count = 64;
    g->slots = calloc(g->slot_count, sizeof *g->slots);
    g->fields = calloc(count + 1, sizeof *g->fields);
    g->schema = eb_schema_new("groups", EB_SHAPE_UNKNOWN, NULL);
    eb_status status = g->slots && g->fields && g->schema ? find_fields(g, source, by, err) : eb_error_memory(err);
    if (status == EB_OK) g->keys = eb_batch_new(g->schema);
    if (status == EB_OK && !g->keys) status = eb_error_memory(err);
    if (status == EB_OK)
        *out = g;
    else
        eb_area_groups_free(g);
    return status;
}

void eb_area_groups_free(eb_area_groups *groups)
{
    if (!groups) return;
    for (size_t i = 0; i < groups->count; i++) free(groups->texts[i]);
    eb_string_clear(&groups->text);
    eb_batch_free(groups->keys);
    eb_schema_free(groups->schema);
    free(groups->fields);
    free(groups->groups);
    free(groups->hashes);
    free(groups->texts);
    free(groups->slots);
    free(groups);
}

/* The values of a feature as one text: a control character before each, another one where it is null. */
static const char *text_of(eb_area_groups *g, const eb_batch *batch, size_t i)
{
    g->text.size = 0;
    for (size_t f = 0; f < g->field_count; f++) {
        const size_t field = g->fields[f];
        const eb_field_type type = batch->schema->fields[field].type;
        if (eb_batch_is_null(batch, i, field)) {
            eb_string_add(&g->text, "\x02");
            continue;
        }
        eb_string_add(&g->text, "\x01");
        if (type == EB_FIELD_INTEGER || type == EB_FIELD_REAL || type == EB_FIELD_BOOLEAN) {
            char number[64];
            eb_batch_format_at(batch, i, field, number, sizeof number);
            eb_string_add(&g->text, number);
        } else {
            eb_string_add(&g->text, eb_batch_text_at(batch, i, field));
        }
    }
    return g->text.failed ? NULL : eb_string_get(&g->text);
}

/* FNV-1a. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = 14695981039346656037u;
    for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash ^ hash >> 29;
}

/* The slot that holds this text, or the free one where it belongs. */
static size_t slot_for(const eb_area_groups *g, uint64_t hash, const char *text)
{
    size_t slot = (size_t)hash & (g->slot_count - 1);
    while (g->slots[slot]) {
        const size_t group = g->slots[slot] - 1;
        if (g->hashes[group] == hash && strcmp(g->texts[group], text) == 0) break;
        slot = (slot + 1) & (g->slot_count - 1);
    }
    return slot;
}

static bool grow_slots(eb_area_groups *g)
{
    size_t *slots = calloc(g->slot_count * 2, sizeof *slots);
    if (!slots) return false;
    free(g->slots);
    g->slots = slots;
    g->slot_count *= 2;
    for (size_t i = 0; i < g->count; i++) g->slots[slot_for(g, g->hashes[i], g->texts[i])] = i + 1;
    return true;
}

static bool add_group(eb_area_groups *g, const eb_batch *batch, size_t i, uint64_t hash, const char *text)
{
    if (!eb_array_reserve(&g->groups, &g->capacity, g->count + 1, sizeof *g->groups) ||
        !eb_array_reserve(&g->hashes, &g->hash_capacity, g->count + 1, sizeof *g->hashes) ||
        !eb_array_reserve(&g->texts, &g->text_capacity, g->count + 1, sizeof *g->texts) ||
        !eb_batch_add(g->keys, (int64_t)g->count, (eb_wkb){.data = NULL, .size = 0}))
        return false;
    for (size_t f = 0; f < g->field_count; f++)
        if (!eb_batch_set_copy(g->keys, f, batch, i, g->fields[f])) return false;
    g->texts[g->count] = eb_text_dup(text);
    if (!g->texts[g->count]) return false;
    g->hashes[g->count] = hash;
    g->groups[g->count] = (eb_area_group){.polygons = 0};
    g->count++;
    return true;
}

eb_area_group *eb_area_groups_of(eb_area_groups *groups, const eb_batch *batch, size_t i)
{
    if (groups->count * 2 >= groups->slot_count && !grow_slots(groups)) return NULL;
    const char *text = text_of(groups, batch, i);
    if (!text) return NULL;
    const uint64_t hash = hash_of(text);
    const size_t slot = slot_for(groups, hash, text);
    if (!groups->slots[slot]) {
        if (!add_group(groups, batch, i, hash, text)) return NULL;
        groups->slots[slot] = groups->count;
    }
    return &groups->groups[groups->slots[slot] - 1];
}

size_t eb_area_groups_count(const eb_area_groups *groups)
{
    return groups->count;
}

const eb_area_group *eb_area_groups_at(const eb_area_groups *groups, size_t i)
{
    return &groups->groups[i];
}

const eb_batch *eb_area_groups_keys(const eb_area_groups *groups)
{
    return groups->keys;
}

static int compare_values(const eb_batch *keys, size_t a, size_t b, size_t field)
{
    const bool null_a = eb_batch_is_null(keys, a, field), null_b = eb_batch_is_null(keys, b, field);
    if (null_a || null_b) return null_a - null_b;
    switch (keys->schema->fields[field].type) {
    case EB_FIELD_INTEGER:
    case EB_FIELD_BOOLEAN: {
        const int64_t p = eb_batch_integer_at(keys, a, field), q = eb_batch_integer_at(keys, b, field);
        return (p > q) - (p < q);
    }
    case EB_FIELD_REAL: {
        const double p = eb_batch_real_at(keys, a, field), q = eb_batch_real_at(keys, b, field);
        return (p > q) - (p < q);
    }
    default:
        return strcmp(eb_batch_text_at(keys, a, field), eb_batch_text_at(keys, b, field));
    }
}

static int compare_groups(const eb_batch *keys, size_t a, size_t b)
{
    for (size_t f = 0; f < keys->schema->field_count; f++) {
        const int order = compare_values(keys, a, b, f);
        if (order != 0) return order;
    }
    return (a > b) - (a < b);
}

/* Merge sort: the standard library's has no place for what to compare by. */
static void sort_part(const eb_batch *keys, size_t *order, size_t *spare, size_t count)
{
    if (count < 2) return;
    const size_t half = count / 2;
    sort_part(keys, order, spare, half);
    sort_part(keys, order + half, spare, count - half);
    memcpy(spare, order, half * sizeof *order);
    for (size_t left = 0, right = half, to = 0; left < half; to++)
        order[to] = right < count && compare_groups(keys, order[right], spare[left]) < 0 ? order[right++] : spare[left++];
}

size_t *eb_area_groups_order(const eb_area_groups *groups)
{
    size_t *order = malloc((groups->count * 2 + 1) * sizeof *order);
    if (!order) return NULL;
    for (size_t i = 0; i < groups->count; i++) order[i] = i;
    sort_part(groups->keys, order, order + groups->count, groups->count);
    return order;
}
