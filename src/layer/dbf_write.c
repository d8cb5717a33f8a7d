/*
 * dBASE III tables as shapefiles have them. Rows wait in a spool file as: for each field one byte (1: a value follows), then eight bytes of
 * a number, or four bytes of length and UTF-8 text.
 */
#include "layer/dbf_write.h"
#include "layer/file_check.h"

#include "base/text.h"

#include <errno.h>
#include <iconv.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MAX_TEXT = 254, MAX_FIELDS = 255, NAME_BYTES = 10, LONGEST_REAL = 24, LDID_GBK = 0x4D };

/* What has been seen of a field. */
typedef struct column {
    size_t wanted_bytes, utf8_bytes, number_bytes; /* longest value: in the encoding tried first, in UTF-8, as a number */
    int64_t longest_fid;
    char type;
    int width, decimals;
    char name[NAME_BYTES + 1]; /* in the table's encoding */
} column;

struct eb_dbf {
    const eb_schema *schema; /* lent */
    char *spool;
    eb_writer writer;
    bool open;
    column *columns;
    int64_t rows;
    char encoding[40];  /* tried first */
    bool forced;        /* the user wants just that */
    bool fits;          /* all text so far fits it */
    int64_t misfit_fid; /* the first text that does not; EB_NO_FID: a field's name */
    size_t misfit_field;
    int64_t not_finite, no_dates; /* values that a table cannot hold */
    iconv_t conversion;
    char text[MAX_TEXT * 4 + 16];
};

/* Encode @p size bytes of UTF-8; the length in the other encoding, or -1 where a character is not in it. Longer text is counted to the end.
 */
static long encode(eb_dbf *dbf, const char *text, size_t size)
{
    char *in = (char *)(uintptr_t)text, *out = dbf->text;
    size_t left = size, room = sizeof dbf->text;
    iconv(dbf->conversion, NULL, NULL, NULL, NULL);
    if (iconv(dbf->conversion, &in, &left, &out, &room) != (size_t)-1) return (long)(sizeof dbf->text - room);
    return errno == E2BIG ? (long)sizeof dbf->text : -1;
}

eb_status eb_dbf_new(const eb_schema *schema, const char *spool, const char *encoding, eb_dbf **out, eb_error *err)
{
    if (schema->field_count > MAX_FIELDS)
        return eb_error_set(err, EB_REFUSED, "a shapefile holds at most %d fields, the layer has %zu", MAX_FIELDS, schema->field_count);
    eb_dbf *dbf = calloc(1, sizeof *dbf);
    if (!dbf) return eb_error_memory(err);
    dbf->schema = schema;
    dbf->fits = true;
    dbf->forced = encoding != NULL;
    dbf->conversion = (iconv_t)-1;
    eb_text_copy(dbf->encoding, sizeof dbf->encoding, "GBK");
    eb_status status = encoding ? eb_encoding_name(encoding, dbf->encoding, sizeof dbf->encoding, err) : EB_OK;
    /* Read as its superset, written as what other programs know. */
    if (strcmp(dbf->encoding, "GB18030") == 0) eb_text_copy(dbf->encoding, sizeof dbf->encoding, "GBK");
    if (!status) dbf->conversion = iconv_open(dbf->encoding, "UTF-8");
    if (!status && dbf->conversion == (iconv_t)-1)
        status = eb_error_set(err, EB_USAGE, "text cannot be written in the character set \"%s\"", dbf->encoding);
    dbf->spool = eb_text_dup(spool);
    dbf->columns = calloc(schema->field_count + 1, sizeof *dbf->columns);
    if (!status && (!dbf->spool || !dbf->columns)) status = eb_error_memory(err);
    if (!status) status = eb_writer_open(spool, &dbf->writer, err);
    if (status) {
        eb_dbf_free(dbf);
        return status;
    }
    dbf->open = true;
    *out = dbf;
    return EB_OK;
}

void eb_dbf_free(eb_dbf *dbf)
{
    if (!dbf) return;
    if (dbf->open) eb_writer_abort(&dbf->writer);
    if (dbf->spool) unlink(dbf->spool);
    if (dbf->conversion != (iconv_t)-1) iconv_close(dbf->conversion);
    free(dbf->spool);
    free(dbf->columns);
    free(dbf);
}

static eb_status too_long(const eb_dbf *dbf, size_t f, int64_t fid, size_t bytes, eb_error *err)
{
    eb_error_set(err, EB_REFUSED, "the text in field \"%s\" takes %zu bytes; a shapefile holds at most %d", dbf->schema->fields[f].name,
                 bytes, MAX_TEXT);
    eb_error_where(err, NULL, dbf->schema->name, fid);
    eb_error_hint(err, "write a .gpkg, which has no such limit");
    return EB_REFUSED;
}

static eb_status add_text(eb_dbf *dbf, size_t f, const char *text, int64_t fid, eb_error *err)
{
    column *own = &dbf->columns[f];
    size_t size = strlen(text);
    uint32_t length = (uint32_t)size;
    long bytes = dbf->fits ? encode(dbf, text, size) : -1;
    if (bytes < 0 && dbf->forced) {
        eb_error_set(err, EB_REFUSED, "the text \"%s\" in field \"%s\" cannot be written in %s", text, dbf->schema->fields[f].name,
                     dbf->encoding);
        eb_error_where(err, NULL, dbf->schema->name, fid);
        eb_error_hint(err, "give --to-encoding UTF-8");
        return EB_REFUSED;
    }
    if (bytes < 0 && dbf->fits) {
        dbf->misfit_fid = fid;
        dbf->misfit_field = f;
    }
    if (bytes < 0) dbf->fits = false;
    if (bytes > (long)own->wanted_bytes) {
        own->wanted_bytes = (size_t)bytes;
        own->longest_fid = fid;
    }
    if (size > own->utf8_bytes) own->utf8_bytes = size;
    if (dbf->fits && bytes > MAX_TEXT) return too_long(dbf, f, fid, (size_t)bytes, err);
    if (!dbf->fits && size > MAX_TEXT) return too_long(dbf, f, fid, size, err);
    eb_writer_add(&dbf->writer, &length, sizeof length);
    eb_writer_add(&dbf->writer, text, size);
    return EB_OK;
}

static void format_number(eb_field_type type, const void *value, char *text, size_t size)
{
    int64_t integer;
    double real;
    memcpy(&integer, value, sizeof integer);
    memcpy(&real, value, sizeof real);
    if (type == EB_FIELD_REAL)
        eb_text_from_real(text, size, real);
    else
        snprintf(text, size, "%" PRId64, integer);
}

static bool is_number(eb_field_type type)
{
    return type == EB_FIELD_INTEGER || type == EB_FIELD_REAL || type == EB_FIELD_BOOLEAN;
}

static eb_status add_value(eb_dbf *dbf, size_t f, const eb_batch *batch, size_t i, eb_error *err)
{
    eb_field_type type = dbf->schema->fields[f].type;
    uint8_t valid = !eb_batch_is_null(batch, i, f);
    if (valid && type == EB_FIELD_REAL && !isfinite(eb_batch_real_at(batch, i, f))) {
        valid = 0;
        dbf->not_finite++;
    }
    eb_writer_add(&dbf->writer, &valid, 1);
    if (!valid) return EB_OK;
    if (!is_number(type)) return add_text(dbf, f, eb_batch_text_at(batch, i, f), batch->fids[i], err);
    char text[64], bytes[8];
    double real = eb_batch_real_at(batch, i, f);
    int64_t integer = type == EB_FIELD_REAL ? 0 : eb_batch_integer_at(batch, i, f);
    memcpy(bytes, type == EB_FIELD_REAL ? (const void *)&real : (const void *)&integer, sizeof bytes);
    format_number(type, bytes, text, sizeof text);
    if (strlen(text) > dbf->columns[f].number_bytes) dbf->columns[f].number_bytes = strlen(text);
    eb_writer_add(&dbf->writer, bytes, sizeof bytes);
    return EB_OK;
}

eb_status eb_dbf_add(eb_dbf *dbf, const eb_batch *batch, size_t i, eb_error *err)
{
    for (size_t f = 0; f < dbf->schema->field_count; f++) {
        eb_status status = add_value(dbf, f, batch, i, err);
        if (status) return status;
    }
    dbf->rows++;
    return EB_OK;
}

/* Length of the character that starts here in the table's encoding: GBK lead bytes are 0x81 and up, a trail byte follows. */
static size_t character(const eb_dbf *dbf, const char *text)
{
    unsigned char c = (unsigned char)*text;
    if (dbf->fits) return c >= 0x81 && strcmp(dbf->encoding, "GBK") == 0 ? 2 : 1;
    return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

static void cut_name(const eb_dbf *dbf, const char *text, size_t room, char *out)
{
    size_t used = 0;
    while (text[used] && used + character(dbf, text + used) <= room) used += character(dbf, text + used);
    memcpy(out, text, used);
    out[used] = '\0';
}

static bool name_taken(const eb_dbf *dbf, size_t f, const char *name)
{
    for (size_t k = 0; k < f; k++)
        if (eb_text_same(dbf->columns[k].name, name)) return true;
    return false;
}

/* Ten bytes of the name, cut between characters, with a number at the end where another field has them already. */
static void make_name(eb_dbf *dbf, size_t f)
{
    const char *full = dbf->schema->fields[f].name;
    char encoded[512], ending[12] = "";
    size_t size = strlen(full);
    long bytes = dbf->fits ? encode(dbf, full, size) : -1;
    if (bytes >= 0 && bytes < (long)sizeof encoded) {
        memcpy(encoded, dbf->text, (size_t)bytes);
        encoded[bytes] = '\0';
    } else {
        eb_text_copy(encoded, sizeof encoded, full);
    }
    char *name = dbf->columns[f].name;
    for (int n = 0; n == 0 || name_taken(dbf, f, name); n++) {
        if (n) snprintf(ending, sizeof ending, "_%d", n);
        cut_name(dbf, encoded, NAME_BYTES - strlen(ending), name);
        memcpy(name + strlen(name), ending, strlen(ending) + 1);
    }
    if (name[0] == '\0') memcpy(name, "field", sizeof "field");
}

static int larger(int a, size_t b)
{
    return (size_t)(a > 0 ? a : 0) > b ? a : (int)b;
}

static void make_column(eb_dbf *dbf, size_t f)
{
    const eb_field *field = &dbf->schema->fields[f];
    column *own = &dbf->columns[f];
    int needed = (int)own->number_bytes;
    own->decimals = 0;
    own->type = 'N';
    switch (field->type) {
    case EB_FIELD_INTEGER:
        own->width = needed <= 9 ? 9 : needed <= 18 ? 18 : 20;
        break;
    case EB_FIELD_BOOLEAN:
        own->width = 1;
        break;
    case EB_FIELD_REAL: {
        /* As the layer came, where every number still fits as it is. */
        bool keep = field->width > 0 && field->width <= LONGEST_REAL && field->precision > 0 && needed <= field->width;
        own->width = keep ? field->width : LONGEST_REAL;
        own->decimals = keep ? field->precision : 15;
        break;
    }
    case EB_FIELD_DATE:
        own->type = 'D', own->width = 8;
        break;
    default: {
        size_t bytes = dbf->fits ? own->wanted_bytes : own->utf8_bytes;
        own->type = 'C';
        own->width = larger(field->width <= MAX_TEXT ? field->width : 0, bytes ? bytes : 1);
        if (own->width > MAX_TEXT) own->width = MAX_TEXT;
    }
    }
}

static void put_header(const eb_dbf *dbf, eb_writer *out)
{
    uint8_t head[32] = {0x03};
    size_t start = 33 + 32 * dbf->schema->field_count, width = 1;
    for (size_t f = 0; f < dbf->schema->field_count; f++) width += (size_t)dbf->columns[f].width;
    /* A fixed day: the same input gives the same bytes. */
    head[1] = 100;
    head[2] = head[3] = 1;
    for (int k = 0; k < 4; k++) head[4 + k] = (uint8_t)((uint64_t)dbf->rows >> 8 * k);
    head[8] = (uint8_t)start;
    head[9] = (uint8_t)(start >> 8);
    head[10] = (uint8_t)width;
    head[11] = (uint8_t)(width >> 8);
    head[29] = dbf->fits && strcmp(dbf->encoding, "GBK") == 0 ? LDID_GBK : 0;
    eb_writer_add(out, head, sizeof head);
    for (size_t f = 0; f < dbf->schema->field_count; f++) {
        uint8_t field[32] = {0};
        memcpy(field, dbf->columns[f].name, strlen(dbf->columns[f].name));
        field[11] = (uint8_t)dbf->columns[f].type;
        field[16] = (uint8_t)dbf->columns[f].width;
        field[17] = (uint8_t)dbf->columns[f].decimals;
        eb_writer_add(out, field, sizeof field);
    }
    eb_writer_add(out, "\r", 1);
}

static void put_padded(eb_writer *out, const char *text, size_t size, int width, bool right)
{
    static const char blanks[MAX_TEXT + 1] =
        "                                                                                                    "
        "                                                                                                    "
        "                                                      ";
    size_t room = (size_t)width;
    if (size > room) size = room;
    if (right) eb_writer_add(out, blanks, room - size);
    eb_writer_add(out, text, size);
    if (!right) eb_writer_add(out, blanks, room - size);
}

/* "2020-05-08" as "20200508"; anything else is no date. */
static bool put_date(eb_writer *out, const char *text, size_t size)
{
    char digits[9] = "";
    if (size >= 10 && text[4] == '-' && text[7] == '-') snprintf(digits, sizeof digits, "%.4s%.2s%.2s", text, text + 5, text + 8);
    put_padded(out, digits, strlen(digits), 8, false);
    return digits[0] || size == 0;
}

static bool put_text(eb_dbf *dbf, FILE *spool, size_t f, eb_writer *out)
{
    char text[MAX_TEXT * 4 + 16];
    uint32_t length = 0;
    const column *own = &dbf->columns[f];
    if (fread(&length, sizeof length, 1, spool) != 1 || length > sizeof text || fread(text, 1, length, spool) != length) return false;
    if (own->type == 'D') {
        if (!put_date(out, text, length)) dbf->no_dates++;
        return true;
    }
    long bytes = dbf->fits ? encode(dbf, text, length) : (long)length;
    if (bytes < 0 || bytes > own->width) return false;
    put_padded(out, dbf->fits ? dbf->text : text, (size_t)bytes, own->width, false);
    return true;
}

static bool put_row(eb_dbf *dbf, FILE *spool, eb_writer *out)
{
    eb_writer_add(out, " ", 1);
    for (size_t f = 0; f < dbf->schema->field_count; f++) {
        const column *own = &dbf->columns[f];
        eb_field_type type = dbf->schema->fields[f].type;
        uint8_t valid = 0;
        if (fread(&valid, 1, 1, spool) != 1) return false;
        if (!valid) {
            put_padded(out, "", 0, own->width, false);
        } else if (is_number(type)) {
            char bytes[8], text[64];
            if (fread(bytes, 1, sizeof bytes, spool) != sizeof bytes) return false;
            format_number(type, bytes, text, sizeof text);
            put_padded(out, text, strlen(text), own->width, true);
        } else if (!put_text(dbf, spool, f, out)) {
            return false;
        }
    }
    return true;
}

static eb_status put_rows(eb_dbf *dbf, eb_writer *out, const char *name, eb_error *err)
{
    FILE *spool = fopen(dbf->spool, "rb");
    if (!spool) return eb_place_failed(name, "cannot be written", err);
    bool fine = true;
    for (int64_t i = 0; fine && i < dbf->rows; i++) fine = put_row(dbf, spool, out);
    fclose(spool);
    eb_writer_add(out, "\x1A", 1);
    return fine ? EB_OK : eb_error_set(err, EB_INTERNAL, "the rows kept aside for the table do not read back");
}

/* Is the name in the table the field's own? */
static bool is_whole_name(eb_dbf *dbf, size_t f)
{
    const char *full = dbf->schema->fields[f].name, *name = dbf->columns[f].name;
    const size_t size = strlen(full);
    const long bytes = dbf->fits ? encode(dbf, full, size) : (long)size;
    return bytes == (long)strlen(name) && memcmp(dbf->fits ? dbf->text : full, name, (size_t)bytes) == 0;
}

/* The name in the table, for people. */
static void decode_name(const eb_dbf *dbf, size_t f, char *out, size_t size)
{
    char *in = (char *)(uintptr_t)dbf->columns[f].name, *at = out;
    size_t left = strlen(in), room = size - 1;
    iconv_t back = dbf->fits ? iconv_open("UTF-8", dbf->encoding) : (iconv_t)-1;
    eb_text_copy(out, size, in);
    if (back == (iconv_t)-1) return;
    iconv(back, &in, &left, &at, &room);
    *at = '\0';
    iconv_close(back);
}

static void tell_names(eb_dbf *dbf, eb_diagnosis *diagnosis)
{
    eb_string names = {0};
    size_t count = 0;
    for (size_t f = 0; f < dbf->schema->field_count; f++) {
        char name[4 * (NAME_BYTES + 1)];
        if (is_whole_name(dbf, f)) continue;
        decode_name(dbf, f, name, sizeof name);
        if (names.size < 300) eb_string_addf(&names, "%s%s -> %s", count ? ", " : "", dbf->schema->fields[f].name, name);
        count++;
    }
    if (count)
        eb_diagnosis_note(diagnosis, dbf->schema->name,
                          "names of fields take at most 10 bytes in a shapefile, and must differ; %zu are cut: %s", count,
                          eb_string_get(&names));
    eb_string_clear(&names);
}

/* What is not as it was in the layer. */
static void tell(eb_dbf *dbf, eb_diagnosis *diagnosis)
{
    if (!diagnosis) return;
    tell_names(dbf, diagnosis);
    if (!dbf->fits && dbf->misfit_fid == EB_NO_FID)
        eb_diagnosis_note(diagnosis, dbf->schema->name, "the table is in UTF-8: the name of field \"%s\" cannot be written in GBK",
                          dbf->schema->fields[dbf->misfit_field].name);
    else if (!dbf->fits)
        eb_diagnosis_note(diagnosis, dbf->schema->name,
                          "the table is in UTF-8: field \"%s\" of feature %" PRId64 " cannot be written in GBK",
                          dbf->schema->fields[dbf->misfit_field].name, dbf->misfit_fid);
    if (dbf->not_finite)
        eb_diagnosis_note(diagnosis, dbf->schema->name, "%" PRId64 " numbers that are not finite are left empty", dbf->not_finite);
    if (dbf->no_dates)
        eb_diagnosis_note(diagnosis, dbf->schema->name, "%" PRId64 " values that are no dates are left empty", dbf->no_dates);
}

static eb_status write_cpg(const eb_dbf *dbf, const char *file, const char *name, eb_error *err)
{
    eb_writer out;
    eb_status status = eb_writer_open(file, &out, err);
    if (status) return status;
    eb_writer_text(&out, dbf->fits ? dbf->encoding : "UTF-8");
    return eb_writer_close(&out, name, err);
}

eb_status eb_dbf_write(eb_dbf *dbf, const char *dbf_file, const char *cpg_file, const char *name, eb_diagnosis *diagnosis, eb_error *err)
{
    dbf->open = false;
    eb_status status = eb_writer_close(&dbf->writer, name, err);
    if (status) return status;
    for (size_t f = 0; f < dbf->schema->field_count; f++) {
        const char *field = dbf->schema->fields[f].name;
        if (!dbf->fits || dbf->forced || encode(dbf, field, strlen(field)) >= 0) continue;
        dbf->fits = false;
        dbf->misfit_fid = EB_NO_FID;
        dbf->misfit_field = f;
    }
    for (size_t f = 0; f < dbf->schema->field_count; f++) {
        make_column(dbf, f);
        make_name(dbf, f);
        if (!dbf->fits && dbf->columns[f].utf8_bytes > MAX_TEXT)
            return too_long(dbf, f, dbf->columns[f].longest_fid, dbf->columns[f].utf8_bytes, err);
    }
    eb_writer out;
    status = eb_writer_open(dbf_file, &out, err);
    if (status) return status;
    put_header(dbf, &out);
    status = put_rows(dbf, &out, name, err);
    if (status) {
        eb_writer_abort(&out);
        return status;
    }
    status = eb_writer_close(&out, name, err);
    if (!status) status = write_cpg(dbf, cpg_file, name, err);
    if (!status) tell(dbf, diagnosis);
    return status;
}
