#include <ecobelt/table.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "base/translate.h"

/* One cell; which member counts is the column's type. */
typedef struct cell {
    bool valid;
    union {
        char *text;
        int64_t integer;
        double real;
    } as;
} cell;

typedef struct column {
    eb_column description;
    char *name, *unit;
    cell *cells;
    size_t capacity;
} column;

struct eb_table {
    char *name, *title, *method;
    column *columns;
    size_t column_count, column_capacity, row_count;
    char **notes;
    size_t note_count, note_capacity;
    bool *whole; /* rows that were marked */
    size_t whole_count;
    bool parts; /* of one total */
    bool failed;
};

/* Replace a text member; NULL text clears it. */
static void set_member(eb_table *table, char **member, const char *text)
{
    char *copy = eb_text_dup(text);
    if (text && !copy) {
        table->failed = true;
        return;
    }
    free(*member);
    *member = copy;
}

eb_table *eb_table_new(const char *name, const char *title)
{
    eb_table *table = calloc(1, sizeof *table);
    if (!table) return NULL;
    set_member(table, &table->name, name);
    set_member(table, &table->title, eb_translate(title));
    if (!table->failed) return table;
    eb_table_free(table);
    return NULL;
}

static void free_column(column *c, size_t rows)
{
    if (c->description.type == EB_COLUMN_TEXT)
        for (size_t r = 0; r < rows; r++)
            if (c->cells[r].valid) free(c->cells[r].as.text);
    free(c->cells);
    free(c->name);
    free(c->unit);
}

void eb_table_free(eb_table *table)
{
    if (!table) return;
    for (size_t c = 0; c < table->column_count; c++) free_column(&table->columns[c], table->row_count);
    for (size_t n = 0; n < table->note_count; n++) free(table->notes[n]);
    free(table->columns);
    free(table->notes);
    free(table->whole);
    free(table->name);
    free(table->title);
    free(table->method);
    free(table);
}

static void copy_cell(eb_table *to, const eb_table *from, size_t row, size_t c)
{
    const cell *source = &from->columns[c].cells[row];
    if (!source->valid) return;
    if (from->columns[c].description.type == EB_COLUMN_TEXT)
        eb_table_set_text(to, row, c, source->as.text);
    else
        to->columns[c].cells[row] = *source;
}

eb_table *eb_table_copy(const eb_table *table)
{
    eb_table *copy = eb_table_new(table->name, table->title);
    if (!copy) return NULL;
    set_member(copy, &copy->method, table->method);
    for (size_t n = 0; n < table->note_count; n++) eb_table_add_note(copy, "%s", table->notes[n]);
    for (size_t c = 0; c < table->column_count; c++) eb_table_add_column(copy, &table->columns[c].description);
    for (size_t r = 0; r < table->row_count && !copy->failed; r++) {
        eb_table_add_row(copy);
        for (size_t c = 0; c < table->column_count && !copy->failed; c++) copy_cell(copy, table, r, c);
        if (eb_table_is_whole(table, r)) eb_table_mark_whole(copy, r);
    }
    copy->parts = table->parts;
    if (!copy->failed && !table->failed) return copy;
    eb_table_free(copy);
    return NULL;
}

eb_status eb_table_status(const eb_table *table)
{
    return !table || table->failed ? EB_NO_MEMORY : EB_OK;
}

const char *eb_table_name(const eb_table *table)
{
    return table->name;
}

void eb_table_set_name(eb_table *table, const char *name)
{
    set_member(table, &table->name, name);
}

const char *eb_table_title(const eb_table *table)
{
    return table->title ? table->title : table->name;
}

void eb_table_set_title(eb_table *table, const char *title)
{
    set_member(table, &table->title, eb_translate(title));
}

const char *eb_table_method(const eb_table *table)
{
    return table->method ? table->method : "";
}

/* Formatted text from malloc(), in the language of the run, or NULL with the table marked failed. */
static char *format_text(eb_table *table, const char *english, va_list args)
{
    const char *format = eb_translate(english);
    va_list again;
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    char *text = size < 0 ? NULL : malloc((size_t)size + 1);
    if (text)
        vsnprintf(text, (size_t)size + 1, format, again);
    else
        table->failed = true;
    va_end(again);
    return text;
}

void eb_table_set_method(eb_table *table, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = format_text(table, format, args);
    va_end(args);
    if (!text) return;
    free(table->method);
    table->method = text;
}

void eb_table_add_note(eb_table *table, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = format_text(table, format, args);
    va_end(args);
    if (!text) return;
    if (!eb_array_reserve(&table->notes, &table->note_capacity, table->note_count + 1, sizeof *table->notes)) {
        table->failed = true;
        free(text);
        return;
    }
    table->notes[table->note_count++] = text;
}

size_t eb_table_note_count(const eb_table *table)
{
    return table->note_count;
}

const char *eb_table_note_at(const eb_table *table, size_t i)
{
    return i < table->note_count ? table->notes[i] : "";
}

/* Give a column cells for all rows, the new ones null. */
static bool stretch(eb_table *table, column *c, size_t rows, size_t old_rows)
{
    if (!eb_array_reserve(&c->cells, &c->capacity, rows, sizeof *c->cells)) {
        table->failed = true;
        return false;
    }
    if (rows > old_rows) memset(c->cells + old_rows, 0, (rows - old_rows) * sizeof *c->cells);
    return true;
}

size_t eb_table_add_column(eb_table *table, const eb_column *description)
{
    if (table->failed || !eb_array_reserve(&table->columns, &table->column_capacity, table->column_count + 1, sizeof *table->columns)) {
        table->failed = true;
        return 0;
    }
    column fresh = {.description = *description, .name = eb_text_dup(description->name), .unit = eb_text_dup(description->unit)};
    fresh.description.name = fresh.name;
    fresh.description.unit = fresh.unit;
    bool good = fresh.name && (fresh.unit || !description->unit) && stretch(table, &fresh, table->row_count ? table->row_count : 1, 0);
    if (!good) {
        table->failed = true;
        free(fresh.name);
        free(fresh.unit);
        return 0;
    }
    table->columns[table->column_count] = fresh;
    return table->column_count++;
}

size_t eb_table_column_count(const eb_table *table)
{
    return table->column_count;
}

const eb_column *eb_table_column_at(const eb_table *table, size_t c)
{
    return c < table->column_count ? &table->columns[c].description : NULL;
}

int eb_table_find(const eb_table *table, const char *name)
{
    for (size_t c = 0; c < table->column_count; c++)
        if (strcmp(table->columns[c].name, name) == 0) return (int)c;
    return -1;
}

size_t eb_table_add_row(eb_table *table)
{
    if (table->failed) return 0;
    for (size_t c = 0; c < table->column_count; c++)
        if (!stretch(table, &table->columns[c], table->row_count + 1, table->row_count)) return 0;
    return table->row_count++;
}

size_t eb_table_row_count(const eb_table *table)
{
    return table->row_count;
}

/* The cell, or NULL where there is none (a bug of the caller, or a table that has failed). */
static cell *cell_at(const eb_table *table, size_t row, size_t c)
{
    return c < table->column_count && row < table->row_count ? &table->columns[c].cells[row] : NULL;
}

void eb_table_set_null(eb_table *table, size_t row, size_t c)
{
    cell *at = cell_at(table, row, c);
    if (!at) return;
    if (at->valid && table->columns[c].description.type == EB_COLUMN_TEXT) free(at->as.text);
    *at = (cell){0};
}

void eb_table_set_text(eb_table *table, size_t row, size_t c, const char *text)
{
    if (!cell_at(table, row, c) || table->columns[c].description.type != EB_COLUMN_TEXT) return;
    char *copy = eb_text_dup(text);
    if (text && !copy) {
        table->failed = true;
        return;
    }
    eb_table_set_null(table, row, c);
    if (copy) *cell_at(table, row, c) = (cell){.valid = true, .as.text = copy};
}

void eb_table_set_integer(eb_table *table, size_t row, size_t c, int64_t value)
{
    cell *at = cell_at(table, row, c);
    if (!at) return;
    if (table->columns[c].description.type == EB_COLUMN_REAL)
        *at = (cell){.valid = true, .as.real = (double)value};
    else if (table->columns[c].description.type == EB_COLUMN_INTEGER)
        *at = (cell){.valid = true, .as.integer = value};
}

void eb_table_set_real(eb_table *table, size_t row, size_t c, double value)
{
    cell *at = cell_at(table, row, c);
    if (!at || table->columns[c].description.type != EB_COLUMN_REAL) return;
    *at = isnan(value) ? (cell){0} : (cell){.valid = true, .as.real = value};
}

void eb_table_set_boolean(eb_table *table, size_t row, size_t c, bool value)
{
    cell *at = cell_at(table, row, c);
    if (at && table->columns[c].description.type == EB_COLUMN_BOOLEAN) *at = (cell){.valid = true, .as.integer = value};
}

bool eb_table_is_null(const eb_table *table, size_t row, size_t c)
{
    const cell *at = cell_at(table, row, c);
    return !at || !at->valid;
}

const char *eb_table_text_at(const eb_table *table, size_t row, size_t c)
{
    if (eb_table_is_null(table, row, c) || table->columns[c].description.type != EB_COLUMN_TEXT) return NULL;
    return cell_at(table, row, c)->as.text;
}

int64_t eb_table_integer_at(const eb_table *table, size_t row, size_t c)
{
    if (eb_table_is_null(table, row, c) || table->columns[c].description.type != EB_COLUMN_INTEGER) return 0;
    return cell_at(table, row, c)->as.integer;
}

double eb_table_real_at(const eb_table *table, size_t row, size_t c)
{
    if (eb_table_is_null(table, row, c)) return NAN;
    const cell *at = cell_at(table, row, c);
    if (table->columns[c].description.type == EB_COLUMN_REAL) return at->as.real;
    return table->columns[c].description.type == EB_COLUMN_INTEGER ? (double)at->as.integer : NAN;
}

bool eb_table_boolean_at(const eb_table *table, size_t row, size_t c)
{
    if (eb_table_is_null(table, row, c) || table->columns[c].description.type != EB_COLUMN_BOOLEAN) return false;
    return cell_at(table, row, c)->as.integer != 0;
}

void eb_table_format_cell(const eb_table *table, size_t row, size_t c, int decimals, char *text, size_t size)
{
    if (size == 0) return;
    text[0] = '\0';
    if (eb_table_is_null(table, row, c)) return;
    const cell *at = cell_at(table, row, c);
    switch (table->columns[c].description.type) {
    case EB_COLUMN_TEXT:
        eb_text_copy(text, size, at->as.text);
        break;
    case EB_COLUMN_INTEGER:
        snprintf(text, size, "%lld", (long long)at->as.integer);
        break;
    case EB_COLUMN_BOOLEAN:
        eb_text_copy(text, size, at->as.integer ? "true" : "false");
        break;
    case EB_COLUMN_REAL:
        if (decimals >= 0)
            eb_text_from_fixed(text, size, at->as.real, decimals);
        else
            eb_text_from_real(text, size, at->as.real);
        break;
    }
}

void eb_table_mark_parts(eb_table *table)
{
    table->parts = true;
}

bool eb_table_has_parts(const eb_table *table)
{
    return table->parts;
}

void eb_table_mark_whole(eb_table *table, size_t row)
{
    if (table->failed || row >= table->row_count) return;
    if (row >= table->whole_count) {
        bool *grown = realloc(table->whole, table->row_count * sizeof *grown);
        if (!grown) {
            table->failed = true;
            return;
        }
        memset(grown + table->whole_count, 0, (table->row_count - table->whole_count) * sizeof *grown);
        table->whole = grown;
        table->whole_count = table->row_count;
    }
    table->whole[row] = true;
}

bool eb_table_is_whole(const eb_table *table, size_t row)
{
    return row < table->whole_count && table->whole[row];
}

/* Marks go with their rows. */
static void reorder_whole(eb_table *table, const size_t *order)
{
    bool *moved = calloc(table->row_count + 1, sizeof *moved);
    if (!moved) {
        table->failed = true;
        return;
    }
    for (size_t r = 0; r < table->row_count; r++) moved[r] = eb_table_is_whole(table, order[r]);
    free(table->whole);
    table->whole = moved;
    table->whole_count = table->row_count;
}

void eb_table_reorder(eb_table *table, const size_t *order)
{
    cell *moved = calloc(table->row_count ? table->row_count : 1, sizeof *moved);
    if (!moved) {
        table->failed = true;
        return;
    }
    for (size_t c = 0; c < table->column_count; c++) {
        for (size_t r = 0; r < table->row_count; r++) moved[r] = table->columns[c].cells[order[r]];
        memcpy(table->columns[c].cells, moved, table->row_count * sizeof *moved);
    }
    free(moved);
    if (table->whole_count) reorder_whole(table, order);
}
