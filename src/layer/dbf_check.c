/* Rows of a dBASE table: what OGR passes over without a word. */
#include "layer/file_check.h"

#include <cpl_vsi.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FIELDS = 2048, PIECE_ROWS = 64, INTEGER_WIDTH = 19 };

typedef struct typed_field {
    size_t place, width, number; /* in the row, in the table */
    enum { TYPE_INTEGER, TYPE_REAL, TYPE_DATE } type;
} typed_field;

typedef struct table {
    int64_t records, start;
    size_t width, count;
    typed_field *fields;
} table;

/* Numbers without decimals are integers for OGR while they fit in 64 bits. */
static void take_field(table *t, const uint8_t *field, size_t place, size_t number)
{
    const bool date = field[11] == 'D', figures = field[11] == 'N' || field[11] == 'F';
    if (!(date || figures) || place + field[16] > t->width) return;
    typed_field *own = &t->fields[t->count++];
    *own = (typed_field){.place = place, .width = field[16], .number = number, .type = TYPE_REAL};
    if (date)
        own->type = TYPE_DATE;
    else if (field[17] == 0 && field[16] < INTEGER_WIDTH)
        own->type = TYPE_INTEGER;
}

static bool read_head(VSILFILE *dbf, table *out)
{
    uint8_t head[32], field[32];
    if (VSIFReadL(head, 1, sizeof head, dbf) != sizeof head) return false;
    out->records = (int64_t)((uint32_t)head[4] | (uint32_t)head[5] << 8 | (uint32_t)head[6] << 16 | (uint32_t)head[7] << 24);
    out->start = head[8] | head[9] << 8;
    out->width = (size_t)(head[10] | head[11] << 8);
    size_t place = 1;
    for (size_t number = 0; 64 + 32 * (int64_t)number <= out->start && number < MAX_FIELDS; number++) {
        if (VSIFReadL(field, 1, sizeof field, dbf) != sizeof field || field[0] == 0x0D) break;
        take_field(out, field, place, number);
        place += field[16];
    }
    return out->width > 0;
}

static size_t digits(const uint8_t *text, size_t size)
{
    size_t n = 0;
    while (n < size && text[n] >= '0' && text[n] <= '9') n++;
    return n;
}

static size_t sign(const uint8_t *text, size_t size)
{
    return size > 0 && (text[0] == '+' || text[0] == '-');
}

/* Is all of it a number? An integer may have decimals that are zero. */
static bool is_number(const uint8_t *text, size_t size, bool integer)
{
    size_t at = sign(text, size), whole = digits(text + at, size - at), decimals = 0;
    at += whole;
    if (at < size && text[at] == '.') {
        decimals = digits(text + at + 1, size - at - 1);
        for (size_t i = 0; integer && i < decimals; i++)
            if (text[at + 1 + i] != '0') return false;
        at += 1 + decimals;
    }
    if (whole + decimals == 0) return false;
    if (at < size && !integer && strchr("eEdD", text[at])) {
        at++;
        at += sign(text + at, size - at);
        const size_t power = digits(text + at, size - at);
        if (power == 0) return false;
        at += power;
    }
    return at == size;
}

/* YYYYMMDD, a day that there is; nothing but zeros is none at all. */
static bool is_date(const uint8_t *text, size_t size)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (size != 8 || digits(text, size) != 8) return false;
    if (memcmp(text, "00000000", 8) == 0) return true;
    int number = 0;
    for (size_t i = 0; i < 8; i++) number = 10 * number + (text[i] - '0');
    const int year = number / 10000, month = number / 100 % 100, day = number % 100;
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] + (month == 2 && leap);
}

/* Blank is null; stars stand for a number that did not fit, and OGR takes them for null, too. */
static bool is_value(const typed_field *field, const uint8_t *text)
{
    size_t size = field->width;
    while (size > 0 && (*text == ' ' || *text == '\t' || *text == '\0')) text++, size--;
    while (size > 0 && (text[size - 1] == ' ' || text[size - 1] == '\t' || text[size - 1] == '\0')) size--;
    if (size == 0 || (field->type != TYPE_DATE && text[0] == '*')) return true;
    return field->type == TYPE_DATE ? is_date(text, size) : is_number(text, size, field->type == TYPE_INTEGER);
}

static bool look_at_row(const table *t, const uint8_t *row, int64_t number, eb_dbf_rows *out)
{
    if (row[0] == '*') out->deleted++;
    if (row[0] != ' ' && row[0] != '*' && out->bad_marks++ == 0) out->first_mark = number;
    if (row[0] != ' ') return true;
    for (size_t f = 0; f < t->count; f++) {
        const typed_field *field = &t->fields[f];
        const uint8_t *text = row + field->place;
        if (!is_value(field, text) && !eb_bad_values_add(&out->bad, number, field->number, text, field->width)) return false;
    }
    return true;
}

bool eb_dbf_look(const char *path, eb_dbf_rows *out)
{
    memset(out, 0, sizeof *out);
    table t = {.fields = calloc(MAX_FIELDS, sizeof *t.fields)};
    VSILFILE *dbf = t.fields ? VSIFOpenL(path, "rb") : NULL;
    uint8_t *rows = NULL;
    if (dbf && read_head(dbf, &t)) {
        rows = malloc(t.width * PIECE_ROWS);
        VSIFSeekL(dbf, (vsi_l_offset)t.start, SEEK_SET);
    }
    bool fine = t.fields && (rows || !dbf || t.width == 0);
    for (int64_t i = 0; fine && rows && i < t.records;) {
        size_t wanted = t.records - i < PIECE_ROWS ? (size_t)(t.records - i) : PIECE_ROWS;
        size_t n = VSIFReadL(rows, t.width, wanted, dbf);
        for (size_t k = 0; fine && k < n; k++) fine = look_at_row(&t, rows + k * t.width, i + (int64_t)k, out);
        if (n < wanted) break;
        i += (int64_t)n;
    }
    free(rows);
    free(t.fields);
    if (dbf) VSIFCloseL(dbf);
    return fine;
}
