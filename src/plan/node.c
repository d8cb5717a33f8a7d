/* A plan's text as a tree. */
#include "plan/node.h"

#include "base/array.h"
#include "base/translate.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

eb_node *eb_node_new(eb_node_kind kind)
{
    eb_node *node = calloc(1, sizeof *node);

    if (node) node->kind = kind;
    return node;
}

void eb_node_free(eb_node *node)
{
    if (!node) return;
    for (size_t i = 0; i < node->count; i++) eb_node_free(node->items[i]);
    free(node->items);
    free(node->key);
    free(node->text);
    free(node->origin);
    free(node);
}

bool eb_node_append(eb_node *parent, eb_node *item)
{
    if (!item) return false;
    if (!eb_array_reserve(&parent->items, &parent->capacity, parent->count + 1, sizeof *parent->items)) {
        eb_node_free(item);
        return false;
    }
    parent->items[parent->count++] = item;
    return true;
}

eb_node *eb_node_get(const eb_node *node, const char *key)
{
    if (!node || node->kind != EB_NODE_MAP) return NULL;
    for (size_t i = 0; i < node->count; i++) {
        if (strcmp(node->items[i]->key, key) == 0) return node->items[i];
    }
    return NULL;
}

const char *eb_node_text(const eb_node *node, const char *key)
{
    const eb_node *member = eb_node_get(node, key);
    return member && member->kind == EB_NODE_TEXT ? member->text : NULL;
}

const char *eb_node_kind_name(eb_node_kind kind)
{
    static const char *const names[] = {
        [EB_NODE_NULL] = N_("nothing"), [EB_NODE_TEXT] = N_("a text"), [EB_NODE_LIST] = N_("a list"), [EB_NODE_MAP] = N_("a map")};
    return eb_translate(names[kind]);
}

static void text_to_json(const eb_node *node, eb_string *out)
{
    double number;

    if (!node->quoted && (strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0)) {
        eb_string_add(out, node->text);
    } else if (!node->quoted && eb_text_to_real(node->text, &number)) {
        eb_string_add_number(out, number);
    } else {
        eb_string_add_json(out, node->text);
    }
}

void eb_node_to_json(const eb_node *node, eb_string *out)
{
    const bool map = node->kind == EB_NODE_MAP;

    switch (node->kind) {
    case EB_NODE_NULL:
        eb_string_add(out, "null");
        return;
    case EB_NODE_TEXT:
        text_to_json(node, out);
        return;
    case EB_NODE_LIST:
    case EB_NODE_MAP:
        break;
    }
    eb_string_add(out, map ? "{" : "[");
    for (size_t i = 0; i < node->count; i++) {
        if (i) eb_string_add(out, ",");
        if (map) {
            eb_string_add_json(out, node->items[i]->key);
            eb_string_add(out, ":");
        }
        eb_node_to_json(node->items[i], out);
    }
    eb_string_add(out, map ? "}" : "]");
}

eb_status eb_node_error(eb_error *err, eb_status status, const char *file, const eb_node *node, bool at_key, const char *format, ...)
{
    char message[640];
    va_list args;

    va_start(args, format);
    eb_translate_into(message, sizeof message, format, args);
    va_end(args);
    eb_error_set(err, status, "%s", message);
    if (!err) return status;
    if (node && node->origin) {
        eb_error_where(err, node->origin, NULL, EB_NO_FID);
        return status;
    }
    eb_error_where(err, file, NULL, EB_NO_FID);
    if (node) {
        err->line = at_key && node->key ? node->key_line : node->line;
        err->column = at_key && node->key ? node->key_column : node->column;
    }
    return status;
}

eb_status eb_node_place(eb_error *err, eb_status status, const char *file, const eb_node *node)
{
    if (!err) return status;
    const eb_error about = *err;
    const char *slash = strrchr(about.file, '/'), *name = slash ? slash + 1 : about.file;

    if (*name)
        eb_node_error(err, status, file, node, false, "%s (%s)", about.message, name);
    else
        eb_node_error(err, status, file, node, false, "%s", about.message);
    eb_text_copy(err->hint, sizeof err->hint, about.hint);
    return status;
}
