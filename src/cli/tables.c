/* Tables for people and for programs: the screen, CSV, Markdown, JSON. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/out.h"

enum { NAME_SIZE = 128, SCREEN_ROWS = 40 };

/* True for "area_m2" in m2: a column that does not name its unit was asked for in that unit. */
static bool names_unit(const eb_column *column)
{
    size_t name = strlen(column->name), unit = strlen(column->unit);
    return name > unit + 1 && strcmp(column->name + name - unit, column->unit) == 0 && column->name[name - unit - 1] == '_';
}

/* The area unit a column is in, or false. */
static bool area_unit_of(const eb_column *column, eb_area_unit *unit)
{
    return column->type == EB_COLUMN_REAL && column->unit && eb_area_unit_parse(column->unit, unit, NULL) == EB_OK && names_unit(column);
}

/* "area_m2" without its unit: "area". */
static void stem_of(const eb_column *column, char *stem, size_t size)
{
    eb_text_copy(stem, size, column->name);
    if (names_unit(column)) stem[strlen(stem) - strlen(column->unit) - 1] = '\0';
}

/* First column that shows the same area in whatever unit. */
static size_t first_of_stem(const eb_table *table, size_t column)
{
    char stem[NAME_SIZE], other[NAME_SIZE];
    eb_area_unit unit;
    stem_of(eb_table_column_at(table, column), stem, sizeof stem);
    for (size_t c = 0; c < column; c++) {
        if (!area_unit_of(eb_table_column_at(table, c), &unit)) continue;
        stem_of(eb_table_column_at(table, c), other, sizeof other);
        if (strcmp(stem, other) == 0) return c;
    }
    return column;
}

static void copy_cell(eb_table *to, size_t row, size_t column, const eb_table *from, size_t source)
{
    if (eb_table_is_null(from, row, source)) return;
    switch (eb_table_column_at(from, source)->type) {
    case EB_COLUMN_TEXT:
        eb_table_set_text(to, row, column, eb_table_text_at(from, row, source));
        break;
    case EB_COLUMN_INTEGER:
        eb_table_set_integer(to, row, column, eb_table_integer_at(from, row, source));
        break;
    case EB_COLUMN_REAL:
        eb_table_set_real(to, row, column, eb_table_real_at(from, row, source));
        break;
    case EB_COLUMN_BOOLEAN:
        eb_table_set_boolean(to, row, column, eb_table_boolean_at(from, row, source));
        break;
    }
}

/* Digits that keep about what the column had: a square metre is 1e-6 km2. */
static int decimals_in(const eb_column *column, double factor)
{
    int decimals = column->decimals;
    if (decimals < 0) return decimals;
    for (; factor > 2 && decimals < 9; factor /= 10) decimals++;
    for (; factor < 0.5 && decimals > 0; factor *= 10) decimals--;
    return decimals;
}

static void convert_column(eb_table *out, const eb_table *table, size_t c, eb_area_unit unit)
{
    const eb_column *column = eb_table_column_at(table, c);
    char stem[NAME_SIZE], name[NAME_SIZE + 16];
    eb_area_unit from;
    eb_column fresh = *column;
    bool area = area_unit_of(column, &from);
    double factor = area ? eb_area_unit_m2(unit) / eb_area_unit_m2(from) : 1;
    if (area && first_of_stem(table, c) != c) return;
    if (area) {
        stem_of(column, stem, sizeof stem);
        snprintf(name, sizeof name, "%s_%s", stem, eb_area_unit_name(unit));
        fresh.name = name;
        fresh.unit = eb_area_unit_name(unit);
        fresh.decimals = decimals_in(column, factor);
    }
    size_t to = eb_table_add_column(out, &fresh);
    for (size_t row = 0; row < eb_table_row_count(table); row++) {
        if (!area)
            copy_cell(out, row, to, table, c);
        else if (!eb_table_is_null(table, row, c))
            eb_table_set_real(out, row, to, eb_table_real_at(table, row, c) / factor);
    }
}

eb_table *eb_out_in_unit(const eb_table *table, eb_area_unit unit)
{
    eb_table *out = eb_table_new(eb_table_name(table), eb_table_title(table));
    if (!out) return NULL;
    eb_table_set_method(out, "%s", eb_table_method(table));
    for (size_t i = 0; i < eb_table_note_count(table); i++) eb_table_add_note(out, "%s", eb_table_note_at(table, i));
    for (size_t row = 0; row < eb_table_row_count(table); row++) eb_table_add_row(out);
    for (size_t c = 0; c < eb_table_column_count(table); c++) convert_column(out, table, c, unit);
    if (eb_table_has_parts(table)) eb_table_mark_parts(out);
    if (eb_table_status(out) == EB_OK) return out;
    eb_table_free(out);
    return NULL;
}

eb_status eb_cli_print_table(const eb_cli *cli, const eb_table *table, eb_error *err)
{
    char *text = NULL;
    eb_table *converted = NULL;
    eb_status status = EB_OK;
    if (cli->has_unit && !cli->json) {
        converted = eb_out_in_unit(table, cli->unit);
        if (!converted) return eb_error_memory(err);
        table = converted;
    }
    /* A person at a screen wants to see what a table is like, and a program behind a pipe all of it. */
    const bool cut = !cli->json && isatty(STDOUT_FILENO) && eb_table_row_count(table) > SCREEN_ROWS;
    if (cli->json)
        status = eb_table_to_json(table, &text, err);
    else
        status = eb_table_to_text_head(table, cli->lang, cut ? SCREEN_ROWS : SIZE_MAX, &text, err);
    if (status == EB_OK) status = eb_cli_print(text, err);
    if (status == EB_OK && cut)
        eb_cli_note(cli, "all %zu rows go into a file (see --help) or through a pipe (| less)", eb_table_row_count(table));
    free(text);
    eb_table_free(converted);
    return status;
}

void eb_cli_diagnosis(const eb_cli *cli, const eb_diagnosis *diagnosis)
{
    char *text = NULL;
    bool say = !cli->quiet || eb_diagnosis_total(diagnosis, EB_EVENT_REJECTED) > 0;
    if (say && eb_diagnosis_to_text(diagnosis, cli->lang, &text, NULL) == EB_OK) eb_out_lines(cli, text);
    free(text);
}
