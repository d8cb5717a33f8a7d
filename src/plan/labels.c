/* What a run writes on its tables: the plan's titles and notes, findings, denominators, schematic inputs. */
#include "plan/run.h"

#include <stdlib.h>
#include <string.h>

/** "Made from schematic layers: The six rivers; Park". */
static void note_schematic(const eb_run *run, const eb_plan_step *step, eb_table *table)
{
    eb_string names = {0};

    eb_run_add_inputs(run, step, true, &names);
    if (names.size) eb_table_mark_schematic(table, names.data, run->lang);
    eb_string_clear(&names);
}

/** The plan's title, for a further table with its own after it. */
static void set_title(const eb_run *run, const eb_plan_step *step, eb_table *table, bool schematic)
{
    const char *title = eb_words_in(&step->title, run->lang, NULL), *own = eb_table_title(table);
    const bool main = strcmp(eb_table_name(table), step->id) == 0;
    char *text = title ? eb_run_title(run, title, main ? "" : own, schematic) : eb_run_title(run, own, "", schematic);

    if (text) eb_table_set_title(table, text);
    free(text);
}

static bool mentioned(const eb_table *table, const char *column)
{
    for (size_t i = 0; i < eb_table_note_count(table); i++) {
        if (strstr(eb_table_note_at(table, i), column)) return true;
    }
    return false;
}

/** Every share names its denominator. One that its analysis leaves without a word is of the total of its table. */
static void note_shares(const eb_run *run, eb_table *table)
{
    for (size_t c = 0; c < eb_table_column_count(table); c++) {
        const eb_column *column = eb_table_column_at(table, c);
        if (column->role != EB_ROLE_SHARE || mentioned(table, column->name)) continue;
        eb_table_add_note(table, eb_run_word(run, "%s: of the total of this table"), column->name);
    }
}

void eb_run_label_tables(eb_run *run, size_t index)
{
    const eb_plan_step *step = &run->plan->steps[index];
    const char *note = eb_words_in(&step->note, run->lang, NULL);

    for (size_t i = 0; i < run->table_count; i++) {
        eb_table *table = run->tables[i];
        if (run->table_steps[i] != index) continue;
        set_title(run, step, table, run->records[index].schematic);
        if (note) eb_table_add_note(table, "%s", note);
        if (run->records[index].finding) eb_table_add_note(table, eb_run_word(run, "finding: %s"), run->records[index].finding);
        note_shares(run, table);
        note_schematic(run, step, table);
    }
}
