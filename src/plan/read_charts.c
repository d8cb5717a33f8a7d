/* Charts: read from the plan; charts.c makes them. */
#include "plan/look.h"

#include <stdlib.h>
#include <string.h>

static const eb_key chart_keys[] = {
    {"category", EB_KEY_WORDS, true}, {"value", EB_KEY_TEXT, true}, {"series", EB_KEY_TEXT, false}, {"unit", EB_KEY_TEXT, false},
    {"where", EB_KEY_TEXT, false},    {"kind", EB_KEY_TEXT, false}, {"title", EB_KEY_WORDS, false}, {"table", EB_KEY_TEXT, false},
};

static eb_status read_columns(const eb_plan *plan, const eb_plan_chart *chart, const eb_ref *table, eb_error *err)
{
    const eb_node *category = eb_node_in(eb_node_get(chart->node, "category"), plan->lang), *value = eb_node_get(chart->node, "value");
    const eb_node *series = eb_node_get(chart->node, "series");
    eb_status status = eb_plan_check_column(plan, category, table, true, category->text, err);
    if (status == EB_OK) status = eb_plan_check_column(plan, value, table, true, chart->value, err);
    if (status == EB_OK) status = eb_plan_check_number(plan, value, table, chart->value, err);
    if (status == EB_OK && chart->series) status = eb_plan_check_column(plan, series, table, true, chart->series, err);
    return status;
}

/** Words of a chart that must be one of a few. */
static eb_status read_choices(const eb_plan *plan, eb_plan_chart *chart, eb_error *err)
{
    const char *kind = eb_node_text(chart->node, "kind");
    char dimension = 0;

    if (kind && strcmp(kind, "pie") == 0) chart->kind = EB_CHART_PIE;
    if (kind && strcmp(kind, "pie") != 0 && strcmp(kind, "bar") != 0) {
        return eb_node_error(err, EB_USAGE, plan->file, eb_node_get(chart->node, "kind"), false, "kind must be bar or pie, not '%.100s'",
                             kind);
    }
    if (chart->kind == EB_CHART_PIE && chart->series) {
        return eb_node_error(err, EB_USAGE, plan->file, eb_node_get(chart->node, "series"), true, "a pie has one series");
    }
    eb_unit_scale(chart->unit, &dimension);
    if (!chart->unit || dimension == 'A' || dimension == 'L') return EB_OK;
    return eb_node_error(err, EB_USAGE, plan->file, eb_node_get(chart->node, "unit"), false,
                         "unit must be m2, ha, mu, km2, m or km, not '%.100s'", chart->unit);
}

static eb_status read_chart(eb_plan *plan, eb_plan_step *step, const eb_node *node, eb_plan_chart *chart, eb_error *err)
{
    eb_status status = eb_keys_check(plan, node, "a chart", chart_keys, sizeof chart_keys / sizeof chart_keys[0], err);

    if (status != EB_OK) return status;
    const char *table = eb_node_text(node, "table");
    *chart = (eb_plan_chart){.node = node,
                             .title = eb_words_of(eb_node_get(node, "title")),
                             .category = eb_words_of(eb_node_get(node, "category")),
                             .table = table ? table : "",
                             .value = eb_node_text(node, "value"),
                             .series = eb_node_text(node, "series"),
                             .unit = eb_node_text(node, "unit")};
    const eb_ref ref = {EB_REF_STEP, (size_t)(step - plan->steps), chart->table};
    status = eb_plan_check_table(plan, step, node, chart->table, err);
    if (status == EB_OK) status = read_choices(plan, chart, err);
    if (status == EB_OK) status = read_columns(plan, chart, &ref, err);
    return status == EB_OK ? eb_plan_read_where(plan, eb_node_get(node, "where"), &ref, &chart->where, err) : status;
}

eb_status eb_plan_read_charts(eb_plan *plan, eb_plan_step *step, eb_error *err)
{
    const eb_node *charts = eb_node_get(step->node, "charts");
    eb_status status = EB_OK;

    if (!charts || charts->count == 0) return EB_OK;
    step->charts = calloc(charts->count, sizeof *step->charts);
    if (!step->charts) return eb_error_memory(err);
    for (size_t i = 0; i < charts->count; i++) {
        step->chart_count = i + 1;
        if (!eb_plan_go_on(plan, read_chart(plan, step, charts->items[i], &step->charts[i], err), &status, err)) break;
    }
    return status;
}
