/* Changes to a plan from the command line. */
#include "plan/node.h"

#include <stdlib.h>
#include <string.h>

/** Keys that a step has beside its analysis. */
static bool is_own_key(const char *key)
{
    static const char *const keys[] = {"id", "title", "note", "theme", "shares", "visible", "charts"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(keys[i], key) == 0) return true;
    }
    return false;
}

/** The member of a list that has this id, or this number from 1. */
static eb_node **find_item(eb_node *list, const char *name)
{
    int64_t number;

    for (size_t i = 0; i < list->count; i++) {
        const char *id = eb_node_text(list->items[i], "id");
        if (id && strcmp(id, name) == 0) return &list->items[i];
    }
    if (eb_text_to_integer(name, &number) && number >= 1 && (uint64_t)number <= list->count) return &list->items[number - 1];
    return NULL;
}

static eb_node **find_member(eb_node *map, const char *name)
{
    for (size_t i = 0; i < map->count; i++) {
        if (strcmp(map->items[i]->key, name) == 0) return &map->items[i];
    }
    return NULL;
}

static eb_node **find(eb_node *node, const char *name)
{
    if (node->kind == EB_NODE_LIST) return find_item(node, name);
    return node->kind == EB_NODE_MAP ? find_member(node, name) : NULL;
}

/** A step's one map that is not among its own keys: the parameters of its analysis. NULL where @p node is no step. */
static eb_node *analysis_of(const eb_node *node)
{
    eb_node *found = NULL;

    if (node->kind != EB_NODE_MAP || !eb_node_get(node, "id")) return NULL;
    for (size_t i = 0; i < node->count; i++) {
        if (is_own_key(node->items[i]->key)) continue;
        if (found) return NULL;
        found = node->items[i];
    }
    return found && found->kind == EB_NODE_MAP ? found : NULL;
}

/** Put @p value in the place of *slot, keeping the key. */
static void replace(eb_node **slot, eb_node *value_take)
{
    value_take->key = (*slot)->key;
    value_take->key_line = (*slot)->key_line;
    value_take->key_column = (*slot)->key_column;
    (*slot)->key = NULL;
    eb_node_free(*slot);
    *slot = value_take;
}

static eb_status place(eb_node *parent, const char *key, eb_node *value_take, eb_error *err)
{
    eb_node **slot = find(parent, key);
    eb_node *analysis = slot ? NULL : analysis_of(parent);

    if (!slot && analysis && !is_own_key(key)) {
        parent = analysis;
        slot = find(parent, key);
    }
    if (slot) {
        replace(slot, value_take);
        return EB_OK;
    }
    if (parent->kind != EB_NODE_MAP) {
        eb_node_free(value_take);
        return EB_USAGE;
    }
    value_take->key = eb_text_dup(key);
    if (!value_take->key) {
        eb_node_free(value_take);
        return eb_error_memory(err);
    }
    return eb_node_append(parent, value_take) ? EB_OK : eb_error_memory(err);
}

static bool mark_origin(eb_node *node, const char *origin)
{
    bool good = (node->origin = eb_text_dup(origin)) != NULL;

    for (size_t i = 0; i < node->count; i++) good = mark_origin(node->items[i], origin) && good;
    return good;
}

/** The node that all but the last word of the path lead to; *last is the last word. */
static eb_node *walk(eb_node *root, char *path, const char **last)
{
    eb_node *at = root;
    char *word = path;

    for (char *dot = strchr(word, '.'); dot; dot = strchr(word, '.')) {
        *dot = '\0';
        eb_node **next = find(at, word);
        eb_node *analysis = next ? NULL : analysis_of(at);
        if (analysis) next = find(analysis, word);
        if (!next) {
            *last = word;
            return NULL;
        }
        at = *next;
        word = dot + 1;
    }
    *last = word;
    return at;
}

eb_status eb_node_set(eb_node *root, const char *assignment, eb_error *err)
{
    const char *equals = strchr(assignment, '=');
    eb_string origin = {0};
    eb_node *value = NULL;
    const char *word = "";
    eb_status status;

    if (!equals || equals == assignment) {
        eb_error_set(err, EB_USAGE, "--set wants PATH=VALUE, not '%.100s'", assignment);
        eb_error_hint(err, "for example --set steps.belt.width_m=2500");
        return EB_USAGE;
    }
    char *path = eb_text_dup(assignment);
    eb_string_addf(&origin, "--set %s", assignment);
    if (!path || origin.failed) {
        status = eb_error_memory(err);
        goto done;
    }
    path[equals - assignment] = '\0';
    status = eb_yaml_parse(equals + 1, strlen(equals + 1), origin.data, &value, err);
    if (status != EB_OK) goto done;
    if (!mark_origin(value, origin.data)) {
        status = eb_error_memory(err);
        goto done;
    }
    eb_node *parent = walk(root, path, &word);
    if (parent) {
        status = place(parent, word, value, err);
        value = NULL;
    }
    if (!parent || status == EB_USAGE) {
        eb_error_set(err, EB_USAGE, "the plan has no '%.100s'", word);
        eb_error_where(err, origin.data, NULL, EB_NO_FID);
        eb_error_hint(err, "the path names keys of the plan, ids of steps, or numbers in a list: steps.belt.width_m, targets.1.within_pct");
        status = EB_USAGE;
    }
done:
    eb_node_free(value);
    eb_string_clear(&origin);
    free(path);
    return status;
}
