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
static bool meet(search *s, const char *name)
{
    if (s->names) eb_string_addf(s->names, "%s%s", s->names->size ? "," : "", name);
    s->stems += s->stem && s->stem == strlen(name) && same_start(s->column, name, s->stem);
    const bool met = (s->stem && s->stems == s->number) || strcmp(s->column, name) == 0;
    if (s->found || !met) return false;
    s->found = true;
    return true;
}

/** Take the next word of a list "a,b". False at its end. */
static bool next_word(const char **list, char *word, size_t size)
{
    const size_t length = *list ? strcspn(*list, ",") : 0;

    if (length == 0) return false;
    eb_text_copy(word, length < size ? length + 1 : size, *list);
    *list += length + ((*list)[length] == ',');
    return true;
}

static bool is_listed(const char *list, const char *word)
{
    char other[64];

    while (next_word(&list, other, sizeof other)) {
        if (strcmp(other, word) == 0) return true;
    }
    return false;
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

/** All fields of the layers that a parameter of the step names. */
static void meet_all(search *s, const eb_plan *plan, const eb_plan_step *step, const char *key)
{
    for (size_t k = 0; k < eb_args_count(step->args, key); k++) {
        const eb_ref from = eb_plan_find_input(plan, eb_args_text_at(step->args, key, k), (size_t)(step - plan->steps));
        meet_in_layer(s, plan, &from);
    }
}

/** The fields that come into a result by a parameter. */
static void meet_from(search *s, const eb_plan *plan, const eb_plan_step *step, const char *key)
{
    const eb_param *param = eb_params_find(step->analysis->params, step->analysis->param_count, key);

    if (param->type == EB_PARAM_FIELD) meet_named(s, plan, step, param);
    if (param->type == EB_PARAM_LAYER) meet_all(s, plan, step, key);
}

static void meet_yield(search *s, const eb_plan *plan, const eb_plan_step *step, const eb_yield *yield)
{
    const char *from = yield->from, *columns = yield->columns;
    char name[64];

    while (next_word(&from, name, sizeof name)) {
        if (!yield->has || yield->has(step->args, name)) meet_from(s, plan, step, name);
    }
    while (next_word(&columns, name, sizeof name)) {
        if (yield->has && !yield->has(step->args, name)) continue;
        if (meet(s, name) && is_listed(yield->texts, name)) s->type = &text_type;
    }
}

/** What a step's layer or table has by its analysis, and the shares of a table. */
static void meet_in_result(search *s, const eb_plan *plan, const eb_ref *ref, bool table)
{
    const eb_plan_step *step = &plan->steps[ref->index];

    for (size_t i = 0; i < step->analysis->yield_count; i++) {
        const eb_yield *yield = &step->analysis->yields[i];
        if (yield->layer == !table && strcmp(yield->role, ref->role) == 0) meet_yield(s, plan, step, yield);
    }
    for (size_t i = 0; table && i < step->share_count; i++) {
        char *name = strcmp(step->shares[i].table, ref->role) == 0 ? eb_share_column(&step->shares[i]) : NULL;
        if (name) meet(s, name);
        free(name);
    }
}

static void meet_in_layer(search *s, const eb_plan *plan, const eb_ref *ref)
{
    const eb_schema *schema = ref->kind == EB_REF_LAYER ? plan->layers[ref->index].schema : NULL;

    for (size_t i = 0; schema && i < schema->field_count; i++) {
        if (meet(s, schema->fields[i].name)) s->type = &schema->fields[i].type;
    }
    if (ref->kind == EB_REF_STEP) meet_in_result(s, plan, ref, false);
}

static search look_for(const eb_plan *plan, const eb_ref *ref, bool table, const char *column, eb_string *names)
{
    search s = new_search(column, ref->kind == EB_REF_STEP, names);

    s.found = eb_plan_is_unknown(plan, ref);
    if (s.found) return s;
    if (!table) meet_in_layer(&s, plan, ref);
    if (table && ref->kind == EB_REF_STEP) meet_in_result(&s, plan, ref, true);
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

    if (eb_plan_is_unknown(plan, ref)) return EB_OK;
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
