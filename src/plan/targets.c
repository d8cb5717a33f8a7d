/* `targets:`: read; judge.c compares. */
#include "plan/look.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const eb_key target_keys[] = {
    {"of", EB_KEY_TEXT, true},         {"column", EB_KEY_TEXT, true},      {"title", EB_KEY_WORDS, false},
    {"where", EB_KEY_TEXT, false},     {"sum", EB_KEY_FLAG, false},        {"within_pct", EB_KEY_REAL, false},
    {"compare", EB_KEY_TEXT, false},   {"source", EB_KEY_WORDS, true},     {"note", EB_KEY_WORDS, false},
    {"expect", EB_KEY_REAL, false},    {"expect_m2", EB_KEY_REAL, false},  {"expect_ha", EB_KEY_REAL, false},
    {"expect_mu", EB_KEY_REAL, false}, {"expect_km2", EB_KEY_REAL, false}, {"expect_m", EB_KEY_REAL, false},
    {"expect_km", EB_KEY_REAL, false}, {"expect_pct", EB_KEY_REAL, false},
};

/** The one expect… key. */
static eb_status read_expect(const eb_plan *plan, eb_plan_target *target, eb_error *err)
{
    static const char prefix[] = "expect";
    const eb_node *found = NULL;

    for (size_t i = 0; i < target->node->count; i++) {
        const eb_node *item = target->node->items[i];
        if (strncmp(item->key, prefix, sizeof prefix - 1) != 0) continue;
        if (found)
            return eb_node_error(err, EB_USAGE, plan->file, item, true, "the target expects two values, %s and %s", found->key, item->key);
        found = item;
    }
    if (!found) {
        eb_node_error(err, EB_USAGE, plan->file, target->node, false, "the target expects no value");
        eb_error_hint(err,
                      "give the published value as expect_km2, expect_ha, expect_mu, expect_m2, expect_km, expect_m, expect_pct or expect");
        return EB_USAGE;
    }
    target->expect = eb_node_real(found, NAN);
    const char *unit = found->key[sizeof prefix - 1] == '_' ? found->key + sizeof prefix : NULL;
    target->unit = unit && strcmp(unit, "pct") == 0 ? "%" : unit;
    char wanted, has;
    eb_unit_scale(target->unit, &wanted);
    eb_column_scale(NULL, target->column, &has);
    if (target->unit && wanted != has && !plan->steps[target->step].unknown) {
        return eb_node_error(err, EB_USAGE, plan->file, found, true, "the column '%s' is not in %s or a unit of that kind", target->column,
                             target->unit);
    }
    return EB_OK;
}

static eb_status read_compare(const eb_plan *plan, eb_plan_target *target, eb_error *err)
{
    static const char *const names[] = {[EB_SENSE_EQUAL] = "equal", [EB_SENSE_AT_LEAST] = "at_least", [EB_SENSE_AT_MOST] = "at_most"};
    const eb_node *within = eb_node_get(target->node, "within_pct"), *compare = eb_node_get(target->node, "compare");

    target->within_pct = eb_node_real(within, NAN);
    if (within && target->within_pct < 0) return eb_node_error(err, EB_USAGE, plan->file, within, false, "within_pct must not be negative");
    if (within && target->expect == 0)
        return eb_node_error(err, EB_USAGE, plan->file, within, false, "a per cent of an expected 0 is no tolerance");
    if (!compare || compare->kind != EB_NODE_TEXT) return EB_OK;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], compare->text) != 0) continue;
        target->sense = (eb_sense)i;
        return EB_OK;
    }
    eb_node_error(err, EB_USAGE, plan->file, compare, false, "compare must be equal, at_least or at_most, not '%.100s'", compare->text);
    eb_hint_names(err, compare->text, names, sizeof names / sizeof names[0]);
    return EB_USAGE;
}

static eb_status read_target(eb_plan *plan, const eb_node *node, eb_plan_target *target, eb_error *err)
{
    eb_status status = eb_keys_check(plan, node, "a target", target_keys, sizeof target_keys / sizeof target_keys[0], err);

    if (status != EB_OK) return status;
    target->node = node;
    target->title = eb_words_of(eb_node_get(node, "title"));
    target->note = eb_words_of(eb_node_get(node, "note"));
    target->of = eb_node_text(node, "of");
    target->column = eb_node_text(node, "column");
    target->source = eb_words_of(eb_node_get(node, "source"));
    target->sum = eb_node_flag(eb_node_get(node, "sum"), false);
    const eb_ref table = eb_plan_find(plan, target->of, true, plan->step_count);
    if (table.kind != EB_REF_STEP) return eb_plan_unknown(plan, eb_node_get(node, "of"), target->of, true, plan->step_count, err);
    target->step = table.index;
    target->role = table.role;
    status = eb_plan_check_column(plan, eb_node_get(node, "column"), &table, true, target->column, err);
    if (status == EB_OK) status = eb_plan_check_number(plan, eb_node_get(node, "column"), &table, target->column, err);
    target->where_text = eb_node_text(node, "where");
    if (status == EB_OK) status = eb_plan_read_where(plan, eb_node_get(node, "where"), &table, &target->where, err);
    if (status == EB_OK) status = read_expect(plan, target, err);
    return status == EB_OK ? read_compare(plan, target, err) : status;
}

eb_status eb_plan_read_targets(eb_plan *plan, eb_error *err)
{
    const eb_node *targets = eb_node_get(plan->root, "targets");
    eb_status status = EB_OK;

    if (!targets || targets->count == 0) return EB_OK;
    plan->targets = calloc(targets->count, sizeof *plan->targets);
    if (!plan->targets) return eb_error_memory(err);
    for (size_t i = 0; i < targets->count; i++) {
        plan->target_count = i + 1;
        if (!eb_plan_go_on(plan, read_target(plan, targets->items[i], &plan->targets[i], err), &status, err)) break;
    }
    return status;
}
