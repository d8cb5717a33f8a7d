/* Charts of a run, made from its tables. */
#include "plan/run.h"
#include "report/heading.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** Row of @p data with this category, made where there is none. */
static size_t row_for(eb_table *data, const char *category)
{
    for (size_t r = 0; r < eb_table_row_count(data); r++) {
        if (strcmp(eb_table_text_at(data, r, 0), category) == 0) return r;
    }
    const size_t row = eb_table_add_row(data);
    eb_table_set_text(data, row, 0, category);
    return row;
}

static size_t column_for(eb_table *data, const char *name, const char *unit)
{
    const int found = eb_table_find(data, name);

    if (found > 0) return (size_t)found;
    return eb_table_add_column(data, &(eb_column){.name = name, .type = EB_COLUMN_REAL, .unit = unit, .decimals = 2});
}

/** Any cell as people read it. */
static void cell_text(const eb_table *table, size_t row, size_t column, char *text, size_t size)
{
    if (eb_table_column_at(table, column)->type == EB_COLUMN_TEXT) {
        const char *cell = eb_table_text_at(table, row, column);
        eb_text_copy(text, size, cell ? cell : "");
    } else {
        eb_table_format_cell(table, row, column, -1, text, size);
    }
}

/** The name of a series: its own word, or "2000 m" for a column in metres; with one series the value's column. */
static void series_name(const eb_table *table, size_t row, int series, const char *value, eb_lang lang, char *text, size_t size)
{
    char cell[128];

    if (series < 0) {
        eb_text_copy(text, size, value);
        return;
    }
    const char *unit = eb_table_column_at(table, (size_t)series)->unit;
    cell_text(table, row, (size_t)series, cell, sizeof cell);
    snprintf(text, size, "%s%s%s", cell, unit ? " " : "", unit ? eb_unit_word(unit, lang) : "");
    eb_text_trim_utf8(text, size);
}

static eb_status fill(const eb_run *run, const eb_plan_chart *chart, const eb_table *table, eb_table *data, eb_error *err)
{
    const int category = eb_table_find(table, eb_words_in(&chart->category, run->lang, "")), value = eb_table_find(table, chart->value);
    const int series = chart->series ? eb_table_find(table, chart->series) : -1;
    char has = 0, wants = 0;

    if (category < 0 || value < 0 || (chart->series && series < 0)) {
        return eb_node_error(err, EB_USAGE, run->plan->file, chart->node, false, "the table '%s' has not the columns of this chart",
                             eb_table_name(table));
    }
    const char *own = eb_table_column_at(table, (size_t)value)->unit, *unit = chart->unit ? chart->unit : own;
    const double from = eb_unit_scale(own, &has), to = eb_unit_scale(chart->unit, &wants);
    const double scale = chart->unit && has == wants ? from / to : 1;
    eb_status status = eb_where_check(chart->where, table, err);
    for (size_t r = 0; status == EB_OK && r < eb_table_row_count(table); r++) {
        char name[256], bar[256];
        if (!eb_where_holds(chart->where, table, r) || eb_table_is_null(table, r, (size_t)value)) continue;
        cell_text(table, r, (size_t)category, name, sizeof name);
        series_name(table, r, series, chart->value, run->lang, bar, sizeof bar);
        const size_t row = row_for(data, name), column = column_for(data, bar, unit);
        const double before = eb_table_is_null(data, row, column) ? 0 : eb_table_real_at(data, row, column);
        eb_table_set_real(data, row, column, before + scale * eb_table_real_at(table, r, (size_t)value));
    }
    return status;
}

static eb_table *new_data(const char *title)
{
    eb_table *data = eb_table_new("chart", title);

    if (data) eb_table_add_column(data, &(eb_column){.name = "name", .type = EB_COLUMN_TEXT, .decimals = -1, .role = EB_ROLE_KEY});
    return data;
}

/** Keep a chart's table, unless there is nothing in it. */
static eb_status keep(eb_run *run, eb_chart_kind kind, eb_table *data_take, eb_status status, eb_error *err)
{
    if (status == EB_OK && eb_table_status(data_take) != EB_OK) status = eb_error_memory(err);
    if (status == EB_OK && eb_table_row_count(data_take) > 0) {
        run->charts[run->chart_count++] = (eb_chart){kind, data_take};
        return EB_OK;
    }
    eb_table_free(data_take);
    return status;
}

static eb_status draw(eb_run *run, const eb_plan_step *step, const eb_plan_chart *chart, eb_error *err)
{
    const size_t index = (size_t)(step - run->plan->steps);
    const eb_table *table = eb_run_table(run, index, chart->table);

    if (!table) return EB_OK; /* the step had nothing to say */
    char *title = eb_run_title(run, eb_words_in(&chart->title, run->lang, eb_table_title(table)), "", run->records[index].schematic);
    eb_table *data = title ? new_data(title) : NULL;
    free(title);
    if (!data) return eb_error_memory(err);
    return keep(run, chart->kind, data, fill(run, chart, table, data, err), err);
}

/** How far each published figure was reached, in per cent. */
static eb_status draw_targets(eb_run *run, eb_error *err)
{
    const eb_table *targets = run->targets;
    const int status = eb_table_find(targets, "status");
    bool schematic = false;

    for (size_t r = 0; status >= 0 && r < eb_table_row_count(targets); r++)
        schematic = schematic || !eb_table_is_null(targets, r, (size_t)status);
    eb_table *data =
        new_data(eb_run_word(run, schematic ? "Computed, per cent of published (partly schematic)" : "Computed, per cent of published"));
    if (!data) return eb_error_memory(err);
    eb_table_set_name(data, "targets");
    const size_t column = column_for(data, "computed", "%");
    for (size_t r = 0; r < eb_table_row_count(targets); r++) {
        const double computed = eb_table_real_at(targets, r, (size_t)eb_table_find(targets, "computed"));
        const double published = eb_table_real_at(targets, r, (size_t)eb_table_find(targets, "published"));
        if (!isfinite(computed) || published == 0) continue;
        const size_t row = eb_table_add_row(data);
        eb_table_set_text(data, row, 0, eb_table_text_at(targets, r, (size_t)eb_table_find(targets, "target")));
        eb_table_set_real(data, row, column, computed / published * 100);
    }
    return keep(run, EB_CHART_BAR, data, EB_OK, err);
}

eb_status eb_run_draw(eb_run *run, eb_error *err)
{
    size_t wanted = 1;
    eb_status status = EB_OK;

    for (size_t i = 0; i < run->plan->step_count; i++) wanted += run->plan->steps[i].chart_count;
    run->charts = calloc(wanted, sizeof *run->charts);
    if (!run->charts) return eb_error_memory(err);
    for (size_t i = 0; i < run->plan->step_count; i++) {
        const eb_plan_step *step = &run->plan->steps[i];
        for (size_t k = 0; status == EB_OK && run->records[i].done && k < step->chart_count; k++)
            status = draw(run, step, &step->charts[k], err);
    }
    return status == EB_OK && run->targets ? draw_targets(run, err) : status;
}
