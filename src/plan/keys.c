/* Words, keys and kinds of values in a plan, and the hints that errors give. */
#include "plan/model.h"

#include "base/translate.h"
#include "report/style.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *eb_words_in(const eb_words *words, eb_lang lang, const char *otherwise)
{
    const char *first = lang == EB_LANG_ZH ? words->zh : words->en;
    const char *second = lang == EB_LANG_ZH ? words->en : words->zh;

    return first ? first : second ? second : otherwise;
}

eb_words eb_words_of(const eb_node *node)
{
    if (!node || node->kind == EB_NODE_NULL) return (eb_words){NULL, NULL};
    if (node->kind == EB_NODE_TEXT) return (eb_words){node->text, node->text};
    return (eb_words){eb_node_text(node, "en"), eb_node_text(node, "zh")};
}

/** A map of nothing but values in languages. */
static bool is_words(const eb_node *node)
{
    if (!node || node->kind != EB_NODE_MAP || node->count == 0) return false;
    for (size_t i = 0; i < node->count; i++) {
        const eb_node *item = node->items[i];
        if (item->kind != EB_NODE_TEXT || (strcmp(item->key, "zh") != 0 && strcmp(item->key, "en") != 0)) return false;
    }
    return true;
}

const eb_node *eb_node_in(const eb_node *node, eb_lang lang)
{
    if (!is_words(node)) return node;
    const eb_node *own = eb_node_get(node, lang == EB_LANG_ZH ? "zh" : "en");
    return own ? own : node->items[0];
}

double eb_node_real(const eb_node *node, double otherwise)
{
    double value = otherwise;

    if (node && node->kind == EB_NODE_TEXT && !eb_text_to_real(node->text, &value)) value = otherwise;
    return value;
}

bool eb_node_flag(const eb_node *node, bool otherwise)
{
    return node && node->kind == EB_NODE_TEXT ? strcmp(node->text, "true") == 0 : otherwise;
}

void eb_hint_names(eb_error *err, const char *word, const char *const *names, size_t count)
{
    const char *near = eb_text_nearest(word, names, count);
    eb_string list = {0};

    if (!err) return;
    if (near) {
        eb_error_hint(err, "did you mean '%s'?", near);
        return;
    }
    for (size_t i = 0; i < count && list.size < 480; i++) eb_string_addf(&list, "%s%s", i ? ", " : "", names[i]);
    if (count) eb_error_hint(err, "there is: %s", eb_string_get(&list));
    eb_string_clear(&list);
}

void eb_hint_list(eb_error *err, const char *word, char *list)
{
    const char *names[128];
    size_t count = 0;

    for (char *at = list; at && *at && count < 128;) {
        char *comma = strchr(at, ',');
        if (comma) *comma = '\0';
        bool seen = false;
        for (size_t i = 0; i < count; i++) seen = seen || strcmp(names[i], at) == 0;
        if (!seen) names[count++] = at;
        at = comma ? comma + 1 : NULL;
    }
    eb_hint_names(err, word, names, count);
}

eb_status eb_plan_read_theme(const eb_plan *plan, const eb_node *node, const char **theme, eb_error *err)
{
    const char *name = eb_node_text(node, "theme");
    eb_string names = {0};

    *theme = name;
    if (!name || eb_style_is_known(name)) return EB_OK;
    eb_node_error(err, EB_USAGE, plan->file, eb_node_get(node, "theme"), false, "there is no theme '%.100s'", name);
    eb_style_add_themes(&names);
    if (!names.failed && names.data) eb_hint_list(err, name, names.data);
    eb_string_clear(&names);
    return EB_USAGE;
}

void eb_error_lead(eb_error *err, const char *format, ...)
{
    char lead[256];
    eb_string message = {0};
    va_list args;

    if (!err) return;
    va_start(args, format);
    eb_translate_into(lead, sizeof lead, format, args);
    va_end(args);
    eb_string_addf(&message, "%s: %s", lead, err->message);
    eb_text_copy(err->message, sizeof err->message, eb_string_get(&message));
    eb_string_clear(&message);
}

/** NULL where the value is what the key wants, else what it wants. */
static const char *wanted_kind(const eb_node *node, eb_key_kind kind)
{
    double number;
    bool plain = node->kind == EB_NODE_TEXT;

    switch (kind) {
    case EB_KEY_TEXT:
        return plain && *node->text ? NULL : N_("a text");
    case EB_KEY_REAL:
        return plain && !node->quoted && eb_text_to_real(node->text, &number) ? NULL : N_("a number");
    case EB_KEY_FLAG:
        return plain && (strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0) ? NULL : N_("true or false");
    case EB_KEY_LIST:
        return node->kind == EB_NODE_LIST ? NULL : N_("a list");
    case EB_KEY_MAP:
        return node->kind == EB_NODE_MAP ? NULL : N_("a map");
    case EB_KEY_WORDS:
        if (plain) return *node->text ? NULL : N_("a text");
        return is_words(node) ? NULL : N_("a text, or {zh: …, en: …}");
    case EB_KEY_ANY:
        break;
    }
    return NULL;
}

static eb_status unknown_key(const eb_plan *plan, const eb_node *node, const char *what, const eb_key *keys, size_t count, eb_error *err)
{
    const char *names[64];

    for (size_t i = 0; i < count && i < sizeof names / sizeof names[0]; i++) names[i] = keys[i].name;
    eb_node_error(err, EB_USAGE, plan->file, node, true, "unknown key '%.100s' in %s", node->key, eb_translate(what));
    eb_hint_names(err, node->key, names, count);
    return EB_USAGE;
}

eb_status eb_key_check(const eb_plan *plan, const eb_node *node, const char *what, const eb_key *key, eb_error *err)
{
    if (node->kind == EB_NODE_NULL && !key->required) return EB_OK;
    const char *wanted = wanted_kind(node, key->kind);
    if (!wanted) return EB_OK;
    const char *found = node->kind == EB_NODE_TEXT ? node->text : eb_node_kind_name(node->kind);
    const char *mark = node->kind == EB_NODE_TEXT ? "'" : "";
    return eb_node_error(err, EB_USAGE, plan->file, node, false, "%s of %s must be %s, not %s%.100s%s", key->name, eb_translate(what),
                         eb_translate(wanted), mark, found, mark);
}

eb_status eb_keys_check(const eb_plan *plan, const eb_node *map, const char *what, const eb_key *keys, size_t count, eb_error *err)
{
    if (map->kind != EB_NODE_MAP) {
        return eb_node_error(err, EB_USAGE, plan->file, map, false, "%s must be a map of keys and values, not %s", eb_translate(what),
                             eb_node_kind_name(map->kind));
    }
    eb_status status = EB_OK;
    for (size_t i = 0; i < map->count; i++) {
        const eb_node *item = map->items[i];
        const eb_key *key = NULL;
        for (size_t k = 0; k < count; k++) {
            if (strcmp(keys[k].name, item->key) == 0) key = &keys[k];
        }
        const eb_status now = key ? eb_key_check(plan, item, what, key, err) : unknown_key(plan, item, what, keys, count, err);
        if (!eb_plan_go_on(plan, now, &status, err)) return status;
    }
    for (size_t k = 0; k < count; k++) {
        if (!keys[k].required || eb_node_get(map, keys[k].name)) continue;
        eb_node_error(err, EB_USAGE, plan->file, map, true, "%s has no '%s'", eb_translate(what), keys[k].name);
        if (!eb_plan_go_on(plan, EB_USAGE, &status, err)) return status;
    }
    return status;
}

eb_status eb_id_check(const eb_plan *plan, const eb_node *node, const char *id, bool at_key, eb_error *err)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const size_t size = strlen(id);
    bool good = size > 0 && size <= 48 && strchr(letters, id[0]);

    for (size_t i = 0; i < size; i++) good = good && (strchr(letters, id[i]) || strchr("0123456789_", id[i]));
    if (good && strcmp(id, "region") != 0 && strcmp(id, "targets") != 0) return EB_OK;
    if (good) return eb_node_error(err, EB_USAGE, plan->file, node, at_key, "the id '%s' is taken by the plan itself", id);
    eb_node_error(err, EB_USAGE, plan->file, node, at_key, "'%.100s' cannot be an id", id);
    eb_error_hint(err, "ids name files and tables: ASCII letters, digits and _, a letter first, at most 48; titles may be in any language");
    return EB_USAGE;
}
