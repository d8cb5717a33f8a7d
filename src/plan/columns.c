/* Which columns a table and which fields a layer can have, as far as it is known before anything runs. */
#include "plan/model.h"

#include <stdlib.h>
#include <string.h>

/** A search for one column; it meets all that there are. */
typedef struct search {
    const char *column;
    size_t stem;      /**< size of the column's name without "_2", 0: it has no such ending */
    long number;      /**< that 2 */
    size_t stems;     /**< how many columns are called like the stem */
    bool found;       /**< one is called like the column itself */
    eb_string *names; /**< all of them, for a hint; may be NULL */
} search;

static search new_search(const char *column, eb_string *names)
{
    const char *mark = strrchr(column, '_');
    search s = {.column = column, .names = names};

    if (!mark || mark == column || !mark[1] || strspn(mark + 1, "0123456789") != strlen(mark + 1)) return s;
    s.number = strtol(mark + 1, NULL, 10);
    s.stem = s.number > 1 ? (size_t)(mark - column) : 0;
    return s;
}

static bool same_start(const char *a, const char *b, size_t size)
{
    char *first = strndup(a, size), *second = strndup(b, size);
    const bool same = first && second && eb_text_same(first, second);

    free(first);
    free(second);
    return same;
}

static void meet(search *s, const char *name, size_t size)
{
    if (s->names && s->names->size) eb_string_add(s->names, ",");
    if (s->names) eb_string_add_bytes(s->names, name, size);
    s->found = s->found || (strlen(s->column) == size && strncmp(s->column, name, size) == 0);
    s->stems += s->stem == size && same_start(s->column, name, size);
}

/** Where a name is there already the next gets _2, then _3 …: the n-th of a name is there if it comes n times. */
static bool is_found(const search *s)
{
    return s->found || (s->stem && s->stems >= (size_t)s->number);
}

/** The columns that an analysis says its result has. */
static void meet_own(search *s, const eb_plan_step *step, const char *role, bool table)
{
    for (size_t i = 0; i < step->analysis->yield_count; i++) {
        const eb_yield *yield = &step->analysis->yields[i];
        if (yield->layer == table || strcmp(yield->role, role) != 0) continue;
        for (const char *at = yield->columns; at && *at; at += strspn(at, ",")) {
            const size_t size = strcspn(at, ",");
            meet(s, at, size);
            at += size;
        }
    }
}

/** The fields that a parameter of the step names. */
static void meet_named(search *s, const eb_plan_step *step, const char *key)
{
    for (size_t k = 0; k < eb_args_count(step->args, key); k++) {
        const char *name = eb_args_text_at(step->args, key, k);
        meet(s, name, strlen(name));
    }
}

/** Tables have the fields that rows are made by, and shares. */
static void meet_in_table(search *s, const eb_plan_step *step, const char *role)
{
    size_t count;
    const eb_param *params = eb_args_params(step->args, &count);

    for (size_t i = 0; i < count; i++) {
        if (params[i].type == EB_PARAM_FIELD) meet_named(s, step, params[i].key);
    }
    for (size_t i = 0; i < step->share_count; i++) {
        char *name = strcmp(step->shares[i].table, role) == 0 ? eb_share_column(&step->shares[i]) : NULL;
        if (name) meet(s, name, strlen(name));
        free(name);
    }
}

/** Fields of a layer: those of its files, or what the step that makes it says it hands on, and its own. */
static void meet_in_layer(search *s, const eb_plan *plan, const eb_ref *ref)
{
    if (ref->kind == EB_REF_LAYER) {
        const eb_schema *schema = plan->layers[ref->index].schema;
        for (size_t i = 0; i < schema->field_count; i++) meet(s, schema->fields[i].name, strlen(schema->fields[i].name));
    }
    if (ref->kind != EB_REF_STEP) return;
    const eb_plan_step *step = &plan->steps[ref->index];
    const eb_analysis *analysis = step->analysis;
    for (size_t i = 0; i < analysis->param_count; i++) {
        const eb_param *param = &analysis->params[i];
        if (!analysis->hands_on || !analysis->hands_on(step->args, ref->role, param->key)) continue;
        if (param->type == EB_PARAM_FIELD) meet_named(s, step, param->key);
        for (size_t k = 0; param->type == EB_PARAM_LAYER && k < eb_args_count(step->args, param->key); k++) {
            const eb_ref from = eb_plan_find(plan, eb_args_text_at(step->args, param->key, k), false, ref->index);
            meet_in_layer(s, plan, &from);
        }
    }
    meet_own(s, step, ref->role, false);
}

bool eb_plan_may_have(const eb_plan *plan, const eb_ref *ref, bool table, const char *column, eb_string *names)
{
    search s = new_search(column, names);

    if (!table) {
        meet_in_layer(&s, plan, ref);
        return ref->kind == EB_REF_LAYER ? s.found : is_found(&s);
    }
    if (ref->kind != EB_REF_STEP) return false;
    meet_own(&s, &plan->steps[ref->index], ref->role, true);
    meet_in_table(&s, &plan->steps[ref->index], ref->role);
    return is_found(&s);
}
