/**
 * @file plan/node.h
 * A plan's text as a tree that knows where each word stands. Only this module's yaml.c sees the YAML library.
 */
#ifndef PLAN_NODE_H
#define PLAN_NODE_H

#include <ecobelt/base.h>

#include "base/text.h"

/** What a node is. */
typedef enum eb_node_kind { EB_NODE_NULL, EB_NODE_TEXT, EB_NODE_LIST, EB_NODE_MAP } eb_node_kind;

/** One value: nothing, a text, a list or a map whose members carry their keys. */
typedef struct eb_node eb_node;
struct eb_node {
    eb_node_kind kind;
    bool quoted;      /**< the text stood in quotes, so it is no number and no true */
    int line, column; /**< of the value, from 1; 0 where it came from --set */
    char *key;        /**< as a member of a map, else NULL */
    int key_line, key_column;
    char *text;      /**< TEXT */
    eb_node **items; /**< LIST, MAP */
    size_t count, capacity;
    char *origin; /**< "--set a.b=c" where it came from there, else NULL */
};

/** Read YAML. EB_USAGE with line and column for what is not YAML or not fit for a plan. @p size bytes, no terminator needed. */
eb_status eb_yaml_parse(const char *text, size_t size, const char *file, eb_node **out, eb_error *err);
/** Read a YAML file of at most 1 MiB: EB_INPUT where it cannot be read, else as eb_yaml_parse(). *bytes and *size may be NULL. */
eb_status eb_yaml_read(const char *file, eb_node **out, char **bytes, size_t *size, eb_error *err);

eb_node *eb_node_new(eb_node_kind kind);
void eb_node_free(eb_node *node);
/** Append an item. Consumes it; false out of memory. */
bool eb_node_append(eb_node *parent, eb_node *item_take);
/** Member of a map, or NULL (also where @p node is NULL or no map). */
eb_node *eb_node_get(const eb_node *node, const char *key);
/** Text of a member, or NULL where it is missing or no text. */
const char *eb_node_text(const eb_node *node, const char *key);
/** "a text", "a list", "a map", "nothing". */
const char *eb_node_kind_name(eb_node_kind kind);
/** The tree as JSON; plain numbers, true and false as such. */
void eb_node_to_json(const eb_node *node, eb_string *out);
/** Fill @p err with @p status and the place of @p node (of its key with @p at_key); @p file is the plan's. Returns @p status. */
eb_status eb_node_error(eb_error *err, eb_status status, const char *file, const eb_node *node, bool at_key, const char *format, ...)
    EB_PRINTF(6, 7);
/** Give an error from elsewhere the place of @p node; the file it was about goes into its message, its hint stays. Returns @p status. */
eb_status eb_node_place(eb_error *err, eb_status status, const char *file, const eb_node *node);
/**
 * Change the tree: "steps.belt.width_m=[2000, 3000]". A list is addressed by the id of its members or by number from 1; a key of a
 * step that the step's own map has not is looked for under its analysis. The value is YAML.
 */
eb_status eb_node_set(eb_node *root, const char *assignment, eb_error *err);

#endif
