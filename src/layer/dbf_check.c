/* Rows of a dBASE table: what OGR passes over without a word. */
#include "layer/file_check.h"

#include <cpl_vsi.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FIELDS = 2048, PIECE_ROWS = 64 };

typedef struct number_field {
    size_t place, width;
    char name[12];
} number_field;

typedef struct table {
    int64_t records, start;
    size_t width, count;
    number_field *fields;
} table;

static bool read_head(VSILFILE *dbf, table *out)
{
    uint8_t head[32], field[32];
    if (VSIFReadL(head, 1, sizeof head, dbf) != sizeof head) return false;
    out->records = (int64_t)((uint32_t)head[4] | (uint32_t)head[5] << 8 | (uint32_t)head[6] << 16 | (uint32_t)head[7] << 24);
    out->start = head[8] | head[9] << 8;
    out->width = (size_t)(head[10] | head[11] << 8);
    size_t place = 1;
    for (int64_t at = 32; at + 32 <= out->start && out->count < MAX_FIELDS; at += 32) {
        if (VSIFReadL(field, 1, sizeof field, dbf) != sizeof field || field[0] == 0x0D) break;
        const bool number = field[11] == 'N' || field[11] == 'F';
        if (number && place + field[16] <= out->width) {
            number_field *own = &out->fields[out->count++];
            own->place = place;
            own->width = field[16];
            memcpy(own->name, field, 11);
            own->name[11] = '\0';
        }
        /* A width above 255 has its upper byte in the place of the decimals, for texts alone. */
        place += number || field[11] != 'C' ? field[16] : (size_t)(field[16] | field[17] << 8);
    }
    return out->width > 0;
}

/* Digits, signs, points and exponents between blanks; stars stand for a number that did not fit. */
static bool is_number_text(const uint8_t *text, size_t size)
{
    for (size_t i = 0; i < size && text[i]; i++)
        if (!strchr("0123456789+-.,eEdD* \t", text[i])) {
            /* "nan", "inf" and "NULL" are how programs write that there is none. */
            return strchr("nNiI", text[i]) != NULL;
        }
    return true;
}

static void look_at_row(const table *t, const uint8_t *row, int64_t number, eb_dbf_rows *out)
{
    if (row[0] == '*') out->deleted++;
    if (row[0] != ' ' && row[0] != '*' && out->bad_marks++ == 0) out->first_mark = number;
    if (row[0] != ' ') return;
    for (size_t f = 0; f < t->count; f++) {
        const number_field *field = &t->fields[f];
        if (is_number_text(row + field->place, field->width)) continue;
        if (out->bad_numbers++) continue;
        out->first_number = number;
        memcpy(out->field, field->name, sizeof field->name);
        for (char *p = out->field; *p; p++)
            if ((unsigned char)*p >= 0x80) *p = '?'; /* its character set is not known yet */
    }
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
    for (int64_t i = 0; rows && i < t.records;) {
        size_t wanted = t.records - i < PIECE_ROWS ? (size_t)(t.records - i) : PIECE_ROWS;
        size_t n = VSIFReadL(rows, t.width, wanted, dbf);
        for (size_t k = 0; k < n; k++) look_at_row(&t, rows + k * t.width, i + (int64_t)k, out);
        if (n < wanted) break;
        i += (int64_t)n;
    }
    bool fine = t.fields && (rows || !dbf || t.width == 0);
    free(rows);
    free(t.fields);
    if (dbf) VSIFCloseL(dbf);
    return fine;
}
