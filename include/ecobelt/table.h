/**
 * @file table.h
 * Tables and the diagnosis: what an analysis hands to every writer.
 */
#ifndef ECOBELT_TABLE_H
#define ECOBELT_TABLE_H

#include <ecobelt/base.h>

/** Type of a table's column. */
typedef enum eb_column_type { EB_COLUMN_TEXT, EB_COLUMN_INTEGER, EB_COLUMN_REAL, EB_COLUMN_BOOLEAN } eb_column_type;

/** What a writer may do with a column beyond showing it. */
typedef enum eb_column_role {
    EB_ROLE_PLAIN,  /**< show it */
    EB_ROLE_KEY,    /**< names the row */
    EB_ROLE_SUMMED, /**< additive: a total under it makes sense */
    EB_ROLE_SHARE   /**< a share in per cent */
} eb_column_role;

/** A column's description. */
typedef struct eb_column {
    const char *name; /**< ASCII, as scripts rely on it ("area_m2"); the table copies it */
    eb_column_type type;
    const char *unit; /**< "m2", "ha", "%", … or NULL; the table copies it */
    int decimals;     /**< digits after the point that mean something, for people; -1: as many as needed (shortest that round-trips) */
    eb_column_role role;
} eb_column;

/**
 * Named, typed columns with a unit each, plus title, method line and notes.
 * A builder whose failures stick: after an allocation has failed every call is a no-op and eb_table_status() says EB_NO_MEMORY.
 */
typedef struct eb_table eb_table;

/** A new table without columns, or NULL out of memory. @param name ASCII id ("park_by_zone"). @param title heading for people in English,
 * shown in the language of eb_lang_get(); NULL: name.
 */
eb_table *eb_table_new(const char *name, const char *title);
/** Deep copy to be freed by the caller; NULL for NULL or out of memory. */
eb_table *eb_table_copy(const eb_table *table);
/** Free a table; NULL is fine. */
void eb_table_free(eb_table *table);
/** EB_OK or EB_NO_MEMORY. */
eb_status eb_table_status(const eb_table *table);

/** Its ASCII id; lent. */
const char *eb_table_name(const eb_table *table);
/** Give it another id, copied. */
void eb_table_set_name(eb_table *table, const char *name);
/** Heading for people, the name where none was given; lent. */
const char *eb_table_title(const eb_table *table);
/** Give it another heading, copied. */
void eb_table_set_title(eb_table *table, const char *title);
/** How the figures were made: formula, ellipsoid, zone, densification, rounding. Empty text where not set. */
const char *eb_table_method(const eb_table *table);
/** Say how the figures were made, replacing what was said before. Formats are written in English and shown in the language of the run. */
void eb_table_set_method(eb_table *table, const char *format, ...) EB_PRINTF(2, 3);
/** Add a note (denominator, warning, source). */
void eb_table_add_note(eb_table *table, const char *format, ...) EB_PRINTF(2, 3);
/** Number of notes. */
size_t eb_table_note_count(const eb_table *table);
/** Note @p i from 0; lent, NULL past the end. */
const char *eb_table_note_at(const eb_table *table, size_t i);

/** Append a column; rows already there get a null. Returns its index. */
size_t eb_table_add_column(eb_table *table, const eb_column *column);
/** Number of columns. */
size_t eb_table_column_count(const eb_table *table);
/** Description of column @p column from 0; lent, NULL past the end. */
const eb_column *eb_table_column_at(const eb_table *table, size_t column);
/** Index of the column called @p name, or -1. */
int eb_table_find(const eb_table *table, const char *name);

/** Append a row of nulls. Returns its index. */
size_t eb_table_add_row(eb_table *table);
/** Number of rows. */
size_t eb_table_row_count(const eb_table *table);

/** Set a cell. The type must be the column's (an integer may go into a real column); NULL text is a null. */
void eb_table_set_text(eb_table *table, size_t row, size_t column, const char *text);
/** Set a cell of an integer or real column. */
void eb_table_set_integer(eb_table *table, size_t row, size_t column, int64_t value);
/** Set a cell of a real column. */
void eb_table_set_real(eb_table *table, size_t row, size_t column, double value);
/** Set a cell of a boolean column. */
void eb_table_set_boolean(eb_table *table, size_t row, size_t column, bool value);
/** Make a cell null again. */
void eb_table_set_null(eb_table *table, size_t row, size_t column);

/** Read a cell. */
bool eb_table_is_null(const eb_table *table, size_t row, size_t column);
/** Cell of a text column; NULL for a null. Lent until the cell changes. */
const char *eb_table_text_at(const eb_table *table, size_t row, size_t column);
/** Cell of an integer column; 0 for a null. */
int64_t eb_table_integer_at(const eb_table *table, size_t row, size_t column);
/** Cell of a real or integer column; NaN for a null. */
double eb_table_real_at(const eb_table *table, size_t row, size_t column);
/** Cell of a boolean column; false for a null. */
bool eb_table_boolean_at(const eb_table *table, size_t row, size_t column);
/**
 * The cell as text for a file: shortest round-trip number, or fixed @p decimals where >= 0; "true"/"false"; empty for a null.
 * @param[out] text at most @p size bytes, terminated. Text cells longer than that: use eb_table_text_at().
 */
void eb_table_format_cell(const eb_table *table, size_t row, size_t column, int decimals, char *text, size_t size);
/** Say that a row is about all that the other rows are parts of: where its first key is null, tables for people say "all". */
void eb_table_mark_whole(eb_table *table, size_t row);
/** Say that the rows are parts of one total: tables for people show it below them where there are several. Files hold the rows only. */
void eb_table_mark_parts(eb_table *table);
/** Was the table marked so? */
bool eb_table_has_parts(const eb_table *table);
/** Was the row marked so? */
bool eb_table_is_whole(const eb_table *table, size_t row);
/** Order the rows by a permutation: new row i is old row order[i]. */
void eb_table_reorder(eb_table *table, const size_t *order);

/** What happened to one feature, worth a line in the report. */
typedef enum eb_event {
    EB_EVENT_NULL,     /**< no geometry, or an empty one */
    EB_EVENT_INVALID,  /**< invalid, used as it is */
    EB_EVENT_REPAIRED, /**< repaired; area before and after on record */
    EB_EVENT_REJECTED, /**< not used; the reason is in the text */
    EB_EVENT_SLIVER,   /**< an overlay piece below the sliver limit */
    EB_EVENT_NOTE,     /**< anything else a reader should know */
    EB_EVENT_END
} eb_event;

/** One event on record. */
typedef struct eb_case {
    eb_event event;
    char *layer; /**< layer name */
    int64_t fid;
    double x, y;                          /**< coordinate in the layer's CRS, NaN unknown */
    double area_before_m2, area_after_m2; /**< NaN where it does not apply */
    char *reason;
} eb_case;

/** Counts of one layer. */
typedef struct eb_layer_counts {
    char *layer;
    int64_t read, written;
    int64_t events[EB_EVENT_END];
    double repaired_before_m2, repaired_after_m2;
} eb_layer_counts;

/** What happened to the input of a run. Failures stick as in eb_table. Not thread-safe: workers keep their own, then merge in order. */
typedef struct eb_diagnosis eb_diagnosis;

/** An empty diagnosis, NULL out of memory; free with eb_diagnosis_free(). */
eb_diagnosis *eb_diagnosis_new(void);
/** Free a diagnosis; NULL is fine. */
void eb_diagnosis_free(eb_diagnosis *diagnosis);
/** EB_OK, or EB_NO_MEMORY once something could not be recorded. */
eb_status eb_diagnosis_status(const eb_diagnosis *diagnosis);
/** Count features read from / written to @p layer. */
void eb_diagnosis_count(eb_diagnosis *diagnosis, const char *layer, int64_t read, int64_t written);
/** Record an event; the first 100 a layer and kind are kept as cases, all are counted. @p area_* NaN where unknown. */
void eb_diagnosis_add(eb_diagnosis *diagnosis, eb_event event, const char *layer, int64_t fid, double x, double y, double area_before_m2,
                      double area_after_m2, const char *reason);
/** Record a remark on a layer as a whole; nothing where @p diagnosis is NULL. */
void eb_diagnosis_note(eb_diagnosis *diagnosis, const char *layer, const char *format, ...) EB_PRINTF(3, 4);
/** Append what @p other holds. */
void eb_diagnosis_merge(eb_diagnosis *diagnosis, const eb_diagnosis *other);
/** Number of layers that were counted. */
size_t eb_diagnosis_layer_count(const eb_diagnosis *diagnosis);
/** Counts of layer @p i from 0 in order of appearance; lent, NULL past the end. */
const eb_layer_counts *eb_diagnosis_layer_at(const eb_diagnosis *diagnosis, size_t i);
/** Number of cases kept. */
size_t eb_diagnosis_case_count(const eb_diagnosis *diagnosis);
/** Case @p i from 0 in order of appearance; lent, NULL past the end. */
const eb_case *eb_diagnosis_case_at(const eb_diagnosis *diagnosis, size_t i);
/** All events of one kind, over all layers. */
int64_t eb_diagnosis_total(const eb_diagnosis *diagnosis, eb_event event);
/** Short English name of an event ("repaired"), for files and tests; static, never NULL. */
const char *eb_event_name(eb_event event);

#endif
