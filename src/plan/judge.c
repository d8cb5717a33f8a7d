/* Computed against published. */
#include "plan/run.h"
#include "base/translate.h"

#include <math.h>
#include <string.h>

enum {
    COL_TARGET,
    COL_OF,
    COL_COLUMN,
    COL_WHERE,
    COL_COMPUTED,
    COL_PUBLISHED,
    COL_UNIT,
    COL_DIFFERENCE,
    COL_DIFFERENCE_PCT,
    COL_WITHIN,
    COL_VERDICT,
    COL_SOURCE,
    COL_STATUS,
    COL_NOTE
};

static const eb_column columns[] = {
    [COL_TARGET] = {.name = "target", .type = EB_COLUMN_TEXT, .decimals = -1, .role = EB_ROLE_KEY},
    [COL_OF] = {.name = "of", .type = EB_COLUMN_TEXT, .decimals = -1},
    [COL_COLUMN] = {.name = "column", .type = EB_COLUMN_TEXT, .decimals = -1},
    [COL_WHERE] = {.name = "where", .type = EB_COLUMN_TEXT, .decimals = -1},
    [COL_COMPUTED] = {.name = "computed", .type = EB_COLUMN_REAL, .decimals = 2},
    [COL_PUBLISHED] = {.name = "published", .type = EB_COLUMN_REAL, .decimals = 2},
    [COL_UNIT] = {.name = "unit", .type = EB_COLUMN_TEXT, .decimals = -1},
    [COL_DIFFERENCE] = {.name = "difference", .type = EB_COLUMN_REAL, .decimals = 2},
    [COL_DIFFERENCE_PCT] = {.name = "difference_pct", .type = EB_COLUMN_REAL, .unit = "%", .decimals = 2},
    [COL_WITHIN] = {.name = "within_pct", .type = EB_COLUMN_REAL, .unit = "%", .decimals = 2},
    [COL_VERDICT] = {.name = "verdict", .type = EB_COLUMN_TEXT, .decimals = -1},
    [COL_SOURCE] = {.name = "source", .type = EB_COLUMN_TEXT, .decimals = -1},
    [COL_STATUS] = {.name = "status", .type = EB_COLUMN_TEXT, .decimals = -1},
    [COL_NOTE] = {.name = "note", .type = EB_COLUMN_TEXT, .decimals = -1},
};

/** What a target's table gives: the value in the target's unit, NaN with the reason in @p why where there is none. */
static double compute(const eb_plan_target *target, const eb_table *table, eb_string *why)
{
    const int column = table ? eb_table_find(table, target->column) : -1;
    eb_error problem = {0};
    size_t rows = 0;
    double sum = 0;

    if (column < 0) {
        eb_string_addf(why, _("the table has no column '%s'"), target->column);
        return NAN;
    }
    const eb_column_type type = eb_table_column_at(table, (size_t)column)->type;
    if (type != EB_COLUMN_INTEGER && type != EB_COLUMN_REAL) {
        eb_string_addf(why, _("the column '%s' holds no numbers"), target->column);
        return NAN;
    }
    if (eb_where_check(target->where, table, &problem) != EB_OK) {
        eb_string_add(why, problem.message);
        return NAN;
    }
    for (size_t r = 0; r < eb_table_row_count(table); r++) {
        if (!eb_where_holds(target->where, table, r) || eb_table_is_null(table, r, (size_t)column)) continue;
        sum += eb_table_real_at(table, r, (size_t)column);
        rows++;
    }
    if (rows == 0) eb_string_add(why, _("no row of the table fulfils the condition"));
    if (rows > 1 && !target->sum) eb_string_addf(why, _("%zu rows fulfil the condition; say sum: true to add them"), rows);
    if (rows == 0 || (rows > 1 && !target->sum)) return NAN;
    char has = 0, wants = 0;
    const double from = eb_column_scale(eb_table_column_at(table, (size_t)column)->unit, target->column, &has);
    const double to = eb_unit_scale(target->unit, &wants);
    if (!target->unit) return sum;
    if (has == wants && has) return sum * from / to;
    eb_string_addf(why, _("the column '%s' is not in %s"), target->column, target->unit);
    return NAN;
}

/** "met", "missed", "compared" (no tolerance given) or "not computed". */
static const char *verdict_of(const eb_plan_target *target, double computed)
{
    const double slack = isfinite(target->within_pct) ? fabs(target->expect) * target->within_pct / 100 : 0;
    const double rounding = 1e-12 * fabs(target->expect);

    if (!isfinite(computed)) return "not computed";
    switch (target->sense) {
    case EB_SENSE_AT_LEAST:
        return computed >= target->expect - slack - rounding ? "met" : "missed";
    case EB_SENSE_AT_MOST:
        return computed <= target->expect + slack + rounding ? "met" : "missed";
    case EB_SENSE_EQUAL:
        break;
    }
    if (!isfinite(target->within_pct)) return "compared";
    return fabs(computed - target->expect) <= slack + rounding ? "met" : "missed";
}

static void add_row(eb_run *run, const eb_plan_target *target)
{
    eb_table *table = run->targets;
    const size_t row = eb_table_add_row(table);
    eb_string why = {0};
    const double computed = compute(target, eb_run_table(run, target->step, target->role), &why);
    const char *verdict = verdict_of(target, computed), *note = eb_words_in(&target->note, run->lang, NULL);

    eb_table_set_text(table, row, COL_TARGET, eb_words_in(&target->title, run->lang, target->column));
    eb_table_set_text(table, row, COL_OF, target->of);
    eb_table_set_text(table, row, COL_COLUMN, target->column);
    eb_table_set_text(table, row, COL_WHERE, target->where_text);
    eb_table_set_real(table, row, COL_COMPUTED, computed);
    eb_table_set_real(table, row, COL_PUBLISHED, target->expect);
    eb_table_set_text(table, row, COL_UNIT, target->unit);
    eb_table_set_real(table, row, COL_DIFFERENCE, computed - target->expect);
    if (target->expect != 0) eb_table_set_real(table, row, COL_DIFFERENCE_PCT, (computed - target->expect) / target->expect * 100);
    eb_table_set_real(table, row, COL_WITHIN, target->within_pct);
    eb_table_set_text(table, row, COL_VERDICT, verdict);
    eb_table_set_text(table, row, COL_SOURCE, eb_words_in(&target->source, run->lang, NULL));
    if (run->records[target->step].schematic) eb_table_set_text(table, row, COL_STATUS, "schematic");
    if (why.size && note) eb_string_add(&why, "; ");
    if (note) eb_string_add(&why, note);
    if (why.size) eb_table_set_text(table, row, COL_NOTE, eb_string_get(&why));
    if (strcmp(verdict, "missed") == 0 || strcmp(verdict, "not computed") == 0) run->missed = true;
    eb_string_clear(&why);
}

/** Which published figures were held against schematic layers. */
static bool is_schematic(const eb_run *run)
{
    for (size_t i = 0; i < run->plan->target_count; i++) {
        const size_t step = run->plan->targets[i].step;
        if (run->records[step].done && run->records[step].schematic) return true;
    }
    return false;
}

eb_status eb_run_judge(eb_run *run, eb_error *err)
{
    size_t wanted = 0;

    for (size_t i = 0; i < run->plan->target_count; i++) wanted += run->records[run->plan->targets[i].step].done;
    if (wanted == 0) return EB_OK;
    run->targets = eb_table_new("targets", eb_run_word(run, "Computed and published figures"));
    if (!run->targets) return eb_error_memory(err);
    for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++) eb_table_add_column(run->targets, &columns[c]);
    for (size_t i = 0; i < run->plan->target_count; i++) {
        if (run->records[run->plan->targets[i].step].done) add_row(run, &run->plan->targets[i]);
    }
    eb_table_set_method(
        run->targets, "%s",
        eb_run_word(run, "difference = computed - published; met and missed by the tolerance within_pct, compared where none is given"));
    if (is_schematic(run)) {
        eb_table_add_note(run->targets, "%s",
                          eb_run_word(run, "status schematic: computed from schematic layers, which show no official boundary"));
    }
    return eb_table_status(run->targets) == EB_OK ? EB_OK : eb_error_memory(err);
}
