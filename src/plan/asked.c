/* What a run was asked, step by step, and what each step was made from. */
#include "plan/inputs.h"

#include <stdlib.h>
#include <string.h>

static const eb_column columns[] = {
    [EB_ASKED_STEP] = {.name = "step", .type = EB_COLUMN_TEXT, .decimals = -1, .role = EB_ROLE_KEY},
    [EB_ASKED_TITLE] = {.name = "title", .type = EB_COLUMN_TEXT, .decimals = -1},
    [EB_ASKED_ANALYSIS] = {.name = "analysis", .type = EB_COLUMN_TEXT, .decimals = -1},
    [EB_ASKED_PARAMETERS] = {.name = "parameters", .type = EB_COLUMN_TEXT, .decimals = -1},
    [EB_ASKED_MADE_FROM] = {.name = "made_from", .type = EB_COLUMN_TEXT, .decimals = -1},
    [EB_ASKED_STATUS] = {.name = "status", .type = EB_COLUMN_TEXT, .decimals = -1},
    [EB_ASKED_FINDING] = {.name = "finding", .type = EB_COLUMN_TEXT, .decimals = -1},
};

/** A value as a person would write it: lists and maps without their brackets at the outside. */
static void add_value(eb_string *out, const eb_node *node, eb_lang lang, bool inside)
{
    node = eb_node_in(node, lang);
    if (node->kind == EB_NODE_TEXT) eb_string_add(out, node->text);
    if (node->kind != EB_NODE_LIST && node->kind != EB_NODE_MAP) return;
    if (inside) eb_string_add(out, node->kind == EB_NODE_LIST ? "[" : "{");
    for (size_t i = 0; i < node->count; i++) {
        const bool deeper = inside || node->kind == EB_NODE_MAP;
        eb_string_add(out, i == 0 ? "" : deeper && !inside ? "; " : ", ");
        if (node->kind == EB_NODE_MAP) eb_string_addf(out, "%s: ", node->items[i]->key);
        add_value(out, node->items[i], lang, deeper);
    }
    if (inside) eb_string_add(out, node->kind == EB_NODE_LIST ? "]" : "}");
}

static size_t add_step(eb_table *table, const eb_run *run, size_t index)
{
    const eb_plan_step *step = &run->plan->steps[index];
    const size_t row = eb_table_add_row(table);
    eb_string parameters = {0}, made_from = {0};

    add_value(&parameters, step->params_node, run->plan->lang, false);
    eb_table_set_text(table, row, EB_ASKED_STEP, step->id);
    eb_table_set_text(table, row, EB_ASKED_TITLE, eb_words_in(&step->title, run->lang, step->id));
    eb_table_set_text(table, row, EB_ASKED_ANALYSIS, step->analysis->name);
    eb_table_set_text(table, row, EB_ASKED_PARAMETERS, eb_string_get(&parameters));
    eb_string_clear(&parameters);
    eb_run_add_inputs(run, step, false, &made_from);
    if (made_from.size) eb_table_set_text(table, row, EB_ASKED_MADE_FROM, eb_string_get(&made_from));
    eb_string_clear(&made_from);
    if (run->records[index].schematic) eb_table_set_text(table, row, EB_ASKED_STATUS, eb_run_word(run, "schematic"));
    if (run->records[index].finding) eb_table_set_text(table, row, EB_ASKED_FINDING, run->records[index].finding);
    return row;
}

eb_table *eb_run_asked(const eb_run *run, size_t *table_rows)
{
    eb_table *table = eb_table_new("asked", eb_run_word(run, "What was asked"));

    for (size_t c = 0; table && c < sizeof columns / sizeof columns[0]; c++) eb_table_add_column(table, &columns[c]);
    for (size_t i = 0; table && i < run->plan->step_count; i++) {
        if (!run->records[i].done) continue;
        const size_t row = add_step(table, run, i);
        for (size_t k = 0; k < run->table_count; k++) {
            if (run->table_steps[k] == i) table_rows[k] = row;
        }
    }
    return table;
}
