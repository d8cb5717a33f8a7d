/* Which columns a table and which fields a layer can have, and which of them hold texts, as far as it is known before anything runs. */
#include "plan/model.h"

#include "base/translate.h"

#include <stdlib.h>
#include <string.h>

/** A search for one column; it meets all that there are. */
typedef struct search {
    const char *column;
    size_t stem;               /**< size of the column's name without "_2", 0: it has no such ending */
    long number;               /**< that 2 */
    long stems;                /**< how many columns are called like the stem */
    bool found;                /**< the column is there … */
    const eb_field_type *type; /**< … and of this type; lent, NULL: not known */
    eb_string *names;          /**< all of them, for a hint; may be NULL */
} search;

static const eb_field_type text_type = EB_FIELD_TEXT;

/** @p numbered: where a name is there already the next gets _2, then _3 …: the n-th of a name is there if it comes n times. */
static search new_search(const char *column, bool numbered, eb_string *names)
{
    const char *mark = strrchr(column, '_');
    search s = {.column = column, .names = names};

    if (!numbered || !mark || mark == column || !mark[1] || strspn(mark + 1, "0123456789") != strlen(mark + 1)) return s;
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

/** Whether this is the column that is searched for: the first that is called like it. */
static bool meet_part(search *s, const char *name, size_t size)
{
    if (s->names && s->names->size) eb_string_add(s->names, ",");
    if (s->names) eb_string_add_bytes(s->names, name, size);
    s->stems += s->stem == size && same_start(s->column, name, size);
    const bool met = (s->stem && s->stems == s->number) || (strlen(s->column) == size && strncmp(s->column, name, size) == 0);
    if (s->found || !met) return false;
    s->found = true;
    return true;
}

static bool meet(search *s, const char *name)
{
    return meet_part(s, name, strlen(name));
}

static bool is_listed(const char *list, const char *name, size_t size)
{
    for (const char *at = list; at && *at; at += strspn(at, ",")) {
        if (strcspn(at, ",") == size && strncmp(at, name, size) == 0) return true;
        at += strcspn(at, ",");
    }
    return false;
}

/** The columns that an analysis says its result has. */
static void meet_own(search *s, const eb_plan_step *step, const char *role, bool table)
{
    for (size_t i = 0; i < step->analysis->yield_count; i++) {
        const eb_yield *yield = &step->analysis->yields[i];
        if (yield->layer == table || strcmp(yield->role, role) != 0) continue;
        for (const char *at = yield->columns; at && *at; at += strspn(at, ",")) {
            const size_t size = strcspn(at, ",");
            if (meet_part(s, at, size) && is_listed(yield->texts, at, size)) s->type = &text_type;
            at += size;
        }
    }
}

static void meet_in_layer(search *s, const eb_plan *plan, const eb_ref *ref);

/** The fields that a parameter of the step names; they are of the type that they have in its layer. */
static void meet_named(search *s, const eb_plan *plan, const eb_plan_step *step, const eb_param *param)
{
    for (size_t k = 0; k < eb_args_count(step->args, param->key); k++) {
        const char *name = eb_args_text_at(step->args, param->key, k);
        if (!meet(s, name) || !param->of || eb_args_count(step->args, param->of) == 0) continue;
        const eb_ref ref = eb_plan_find_input(plan, eb_args_text_at(step->args, param->of, 0), (size_t)(step - plan->steps));
        s->type = eb_plan_field_type(plan, &ref, name);
    }
}

/** Tables have the fields that rows are made by, and shares. */
static void meet_in_table(search *s, const eb_plan *plan, const eb_ref *ref)
{
    const eb_plan_step *step = &plan->steps[ref->index];

    meet_own(s, step, ref->role, true);
    for (size_t i = 0; i < step->analysis->param_count; i++) {
        if (step->analysis->params[i].type == EB_PARAM_FIELD) meet_named(s, plan, step, &step->analysis->params[i]);
    }
    for (size_t i = 0; i < step->share_count; i++) {
        char *name = strcmp(step->shares[i].table, ref->role) == 0 ? eb_share_column(&step->shares[i]) : NULL;
        if (name) meet(s, name);
        free(name);
    }
}

/** What a step's layer hands on of what a parameter means, and what it has of its own. */
static void meet_in_result(search *s, const eb_plan *plan, const eb_ref *ref)
{
    const eb_plan_step *step = &plan->steps[ref->index];
    const eb_analysis *analysis = step->analysis;

    for (size_t i = 0; i < analysis->param_count; i++) {
        const eb_param *param = &analysis->params[i];
        if (!analysis->hands_on || !analysis->hands_on(step->args, ref->role, param->key)) continue;
        if (param->type == EB_PARAM_FIELD) meet_named(s, plan, step, param);
        for (size_t k = 0; param->type == EB_PARAM_LAYER && k < eb_args_count(step->args, param->key); k++) {
            const eb_ref from = eb_plan_find_input(plan, eb_args_text_at(step->args, param->key, k), ref->index);
            meet_in_layer(s, plan, &from);
        }
    }
    meet_own(s, step, ref->role, false);
}

static void meet_in_layer(search *s, const eb_plan *plan, const eb_ref *ref)
{
    const eb_schema *schema = ref->kind == EB_REF_LAYER ? plan->layers[ref->index].schema : NULL;

    for (size_t i = 0; schema && i < schema->field_count; i++) {
        if (meet(s, schema->fields[i].name)) s->type = &schema->fields[i].type;
    }
    if (ref->kind == EB_REF_STEP) meet_in_result(s, plan, ref);
}

static search look_for(const eb_plan *plan, const eb_ref *ref, bool table, const char *column, eb_string *names)
{
    search s = new_search(column, ref->kind == EB_REF_STEP, names);

    if (!table) meet_in_layer(&s, plan, ref);
    if (table && ref->kind == EB_REF_STEP) meet_in_table(&s, plan, ref);
    return s;
}

const eb_field_type *eb_plan_field_type(const eb_plan *plan, const eb_ref *ref, const char *field)
{
    return look_for(plan, ref, false, field, NULL).type;
}

char *eb_share_column(const eb_plan_share *share)
{
    const char *mark = strrchr(share->column, '_');
    eb_string name = {0};

    eb_string_addf(&name, "%.*s_share_of_%s_pct", mark ? (int)(mark - share->column) : (int)strlen(share->column), share->column,
                   share->of);
    return eb_string_take(&name);
}

/** EB_USAGE: the layer or table cannot have this column. */
static eb_status no_column(const eb_plan *plan, const eb_node *node, const eb_ref *ref, bool table, const char *column, eb_error *err)
{
    eb_string names = {0};

    look_for(plan, ref, table, column, &names);
    eb_node_error(err, EB_USAGE, plan->file, node, false, "%s '%s%s%s' has no %s '%.100s'", table ? _("the table") : _("the layer"),
                  eb_plan_ref_id(plan, ref), *ref->role ? "_" : "", ref->role, table ? _("column") : _("field"), column);
    if (!names.failed && names.data) eb_hint_list(err, column, names.data);
    eb_string_clear(&names);
    return EB_USAGE;
}

eb_status eb_plan_check_column(const eb_plan *plan, const eb_node *node, const eb_ref *ref, bool table, const char *column, eb_error *err)
{
    const eb_plan_layer *layer = ref->kind == EB_REF_LAYER ? &plan->layers[ref->index] : NULL;

    if (!look_for(plan, ref, table, column, NULL).found) return no_column(plan, node, ref, table, column, err);
    /* A part without the field would come to nothing in silence. */
    for (size_t i = 0; layer && i < layer->part_count; i++) {
        const eb_plan_layer *part = &plan->layers[layer->parts[i]];
        if (eb_schema_find(part->schema, column) >= 0) continue;
        eb_node_error(err, EB_USAGE, plan->file, node, false, "the layer '%s', of which '%s' is made, has no field '%.100s'", part->id,
                      layer->id, column);
        eb_error_hint(
            err, "under '%s' name the field of its file (fields: {%.60s: FIELD}), or give a text for all of it (values: {%.60s: TEXT})",
            part->id, column, column);
        return EB_USAGE;
    }
    return EB_OK;
}

eb_status eb_plan_check_number(const eb_plan *plan, const eb_node *node, const eb_ref *table, const char *column, eb_error *err)
{
    const eb_field_type *type = look_for(plan, table, true, column, NULL).type;

    if (!type || *type != EB_FIELD_TEXT) return EB_OK;
    return eb_node_error(err, EB_USAGE, plan->file, node, false, "the column '%s' holds no numbers", column);
}

eb_status eb_plan_read_where(const eb_plan *plan, const eb_node *node, const eb_ref *table, eb_where **out, eb_error *err)
{
    if (!node || node->kind != EB_NODE_TEXT) return EB_OK;
    eb_status status = eb_where_parse(node->text, out, err);
    if (status != EB_OK) return eb_node_place(err, status, plan->file, node);
    for (size_t i = 0; status == EB_OK && i < eb_where_count(*out); i++)
        status = eb_plan_check_column(plan, node, table, true, eb_where_column_at(*out, i), err);
    return status;
}
