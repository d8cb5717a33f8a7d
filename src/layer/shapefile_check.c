/* Layout of the files: ESRI Shapefile Technical Description, July 1998; dBASE III table header. */
#define _LARGEFILE64_SOURCE 1 /* GDAL's VSIStatBufL is struct stat64 */

#include "layer/file_check.h"

#include "base/text.h"
#include "base/translate.h"

#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 100, WINDOW = 1 << 20 };

static uint32_t big32(const uint8_t *p)
{
    return ((uint32_t)p[0] << 24) | ((uint32_t)p[1] << 16) | ((uint32_t)p[2] << 8) | p[3];
}

static uint32_t little32(const uint8_t *p)
{
    return ((uint32_t)p[3] << 24) | ((uint32_t)p[2] << 16) | ((uint32_t)p[1] << 8) | p[0];
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is_file(const char *path)
{
    VSIStatBufL info;
    return VSIStatExL(path, &info, VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG) == 0 && !VSI_ISDIR(info.st_mode);
}

/* The file beside @p path with another ending, in lower or upper case; "" where there is none. */
static void find_beside(const char *path, const char *lower, const char *upper, char *out, size_t size)
{
    size_t stem = strlen(path) - 3;
    bool is_upper = path[stem] >= 'A' && path[stem] <= 'Z';
    for (int try = 0; try < 2; try++) {
        snprintf(out, size, "%.*s%s", (int)stem, path, (try == 0) == is_upper ? upper : lower);
        if (is_file(out)) return;
    }
    out[0] = '\0';
}

bool eb_shapefile_find(const char *path, eb_shapefile *out)
{
    memset(out, 0, sizeof *out);
    out->records = out->dbf_records = -1;
    size_t length = strlen(path);
    if (length < 5 || length >= sizeof out->shp) return false;
    if (!eb_text_same(path + length - 4, ".shp") && !eb_text_same(path + length - 4, ".dbf") && !eb_text_same(path + length - 4, ".shx"))
        return false;
    find_beside(path, "shp", "SHP", out->shp, sizeof out->shp);
    find_beside(path, "shx", "SHX", out->shx, sizeof out->shx);
    find_beside(path, "dbf", "DBF", out->dbf, sizeof out->dbf);
    find_beside(path, "cpg", "CPG", out->cpg, sizeof out->cpg);
    return true;
}

void eb_shapefile_clear(eb_shapefile *file)
{
    eb_bad_values_clear(&file->bad);
}

/* What is wrong: an error, or with allow_partial a note. */
typedef struct finding {
    bool allow_partial;
    eb_notes *notes;
    eb_error *err;
    const char *file, *advice;
} finding;

static const char again_or_part[] =
    N_("copy all parts of the shapefile again, or take what can be read: --allow-partial of ecobelt convert, allow_partial: in a plan");

/* Of what GDAL does not open no part can be taken: a .shp whose header is none, and an index that is not whole. */
static finding unreadable(const finding *f)
{
    finding own = *f;
    own.advice = N_("copy all parts of the shapefile again");
    return own;
}

static eb_status EB_PRINTF(2, 3) wrong(const finding *f, const char *format, ...)
{
    char text[640];
    va_list args;
    va_start(args, format);
    eb_translate_into(text, sizeof text, format, args);
    va_end(args);
    if (!f->allow_partial) return eb_file_fault(f->file, text, f->advice, f->err);
    eb_notes_fault(f->notes, EB_REMARK_DAMAGE, EB_NO_FID, "%s", text);
    return EB_OK;
}

static int64_t file_size(VSILFILE *file)
{
    VSIFSeekL(file, 0, SEEK_END);
    int64_t size = (int64_t)VSIFTellL(file);
    VSIFSeekL(file, 0, SEEK_SET);
    return size;
}

/* Header of .shp or .shx: magic number and length. *type receives the shape type. */
static eb_status check_header(const finding *f, const char *path, VSILFILE *file, int64_t *size, uint32_t *type)
{
    uint8_t head[HEADER];
    *size = file_size(file);
    if (VSIFReadL(head, 1, HEADER, file) != HEADER || big32(head) != 9994 || little32(head + 28) != 1000) {
        const bool cut = *size < HEADER;
        const finding closed = unreadable(f);
        *size = 0;
        return wrong(&closed, "%s is no shapefile part: its header is %s", base_name(path), cut ? _("cut short") : _("not one"));
    }
    *type = little32(head + 32);
    int64_t declared = (int64_t)big32(head + 24) * 2;
    if (declared <= *size) return EB_OK;
    return wrong(f, "%s is cut short: it holds %" PRId64 " bytes, its header says %" PRId64, base_name(path), *size, declared);
}

/* Reads small pieces at rising places through one large buffer. */
typedef struct window {
    VSILFILE *file;
    uint8_t *bytes;
    int64_t start, size;
} window;

static const uint8_t *window_at(window *w, int64_t place, int64_t size)
{
    if (place < w->start || place + size > w->start + w->size) {
        w->start = place;
        w->size = 0;
        if (VSIFSeekL(w->file, (vsi_l_offset)place, SEEK_SET) == 0) w->size = (int64_t)VSIFReadL(w->bytes, 1, WINDOW, w->file);
    }
    return place + size <= w->start + w->size ? w->bytes + (place - w->start) : NULL;
}

/* Bytes that a record's counts of parts and points ask for, 0 where the type is not one we know the layout of. */
static uint64_t wanted_bytes(const uint8_t *content, uint64_t have)
{
    uint32_t type = little32(content);
    uint32_t plain = type % 10, extra = type / 10; /* 0: x y, 1: z (and m), 2: m */
    uint64_t points = have >= 44 ? little32(content + 40) : 0, parts = have >= 44 ? little32(content + 36) : 0;
    if (type == 0) return 4;
    if (extra > 2) return 0;
    if (plain == 1) return extra == 0 ? 20 : 28;
    uint64_t more = extra == 1 ? 16 + 8 * points : 0; /* measures may be left out */
    if (plain == 3 || plain == 5) return 44 + 4 * parts + 16 * points + more;
    if (plain == 8) return 40 + 16 * (have >= 40 ? (uint64_t)little32(content + 36) : 0);
    return 0;
}

/* The point, or the box of the other shapes, must be numbers: shorn coordinates read as NaN, which OGR takes for an empty shape. */
static bool has_numbers(const uint8_t *content, uint64_t have)
{
    uint32_t type = little32(content);
    if (type == 0) return true;
    size_t count = type % 10 == 1 ? 2 : 4;
    for (size_t k = 0; k < count && 4 + 8 * (k + 1) <= have; k++) {
        double value;
        memcpy(&value, content + 4 + 8 * k, sizeof value);
        if (!isfinite(value)) return false;
    }
    return true;
}

/* One index entry and its record; *text says what is wrong with it. */
static bool record_ok(window *shp, int64_t shp_size, const uint8_t *entry, uint32_t type, char *text, size_t size)
{
    int64_t place = (int64_t)big32(entry) * 2, length = (int64_t)big32(entry + 4) * 2;
    if (place < HEADER || length < 4 || place + 8 + length > shp_size) {
        snprintf(text, size, _("lies at byte %" PRId64 " with %" PRId64 " bytes, beyond the end of the file"), place, length);
        return false;
    }
    int64_t look = length < 48 ? length : 48;
    const uint8_t *record = window_at(shp, place, 8 + look);
    if (!record) {
        snprintf(text, size, _("cannot be read"));
        return false;
    }
    if ((int64_t)big32(record + 4) * 2 != length) {
        snprintf(text, size, _("is %" PRId64 " bytes long, the index says %" PRId64), (int64_t)big32(record + 4) * 2, length);
        return false;
    }
    uint32_t own = little32(record + 8);
    if (own != 0 && own != type) {
        snprintf(text, size, _("has shape type %" PRIu32 ", the file says %" PRIu32), own, type);
        return false;
    }
    uint64_t wanted = wanted_bytes(record + 8, (uint64_t)length);
    if (wanted > (uint64_t)length) {
        snprintf(text, size, _("is %" PRId64 " bytes long, its counts of parts and points need %" PRIu64), length, wanted);
        return false;
    }
    if (!has_numbers(record + 8, (uint64_t)look)) {
        snprintf(text, size, _("has a coordinate that is no number"));
        return false;
    }
    return true;
}

static int by_place(const void *a, const void *b)
{
    const uint32_t p = *(const uint32_t *)a, q = *(const uint32_t *)b;
    return (p > q) - (p < q);
}

/* Entries of the index that lead to a record to which another one leads: a feature would come twice and another never. */
static int64_t count_shared(VSILFILE *shx, int64_t records)
{
    uint32_t *places = malloc(((size_t)records + 1) * sizeof *places), before = 0;
    int64_t shared = 0, read = 0;
    bool rising = true;
    uint8_t entry[8];
    VSIFSeekL(shx, HEADER, SEEK_SET);
    for (; places && read < records && VSIFReadL(entry, 1, 8, shx) == 8; read++) {
        places[read] = big32(entry);
        rising = rising && places[read] > before;
        before = places[read];
    }
    if (!rising) {
        qsort(places, (size_t)read, sizeof *places, by_place);
        for (int64_t i = 1; i < read; i++) shared += places[i] == places[i - 1];
    }
    free(places);
    return shared;
}

static eb_status check_records(const finding *f, eb_shapefile *file, VSILFILE *shx, window *shp, int64_t shp_size, uint32_t type)
{
    char why[300];
    int64_t bad = 0, first = -1;
    for (int64_t i = 0; i < file->records; i++) {
        uint8_t entry[8];
        char reason[300];
        if (VSIFReadL(entry, 1, 8, shx) != 8)
            snprintf(reason, sizeof reason, _("is missing from the index"));
        else if (record_ok(shp, shp_size, entry, type, reason, sizeof reason))
            continue;
        if (bad++ == 0) {
            first = i;
            eb_text_copy(why, sizeof why, reason);
        }
    }
    if (bad == 0) {
        int64_t shared = count_shared(shx, file->records);
        if (shared == 0) return EB_OK;
        return wrong(f, "%s: %" PRId64 " of %" PRId64 " entries lead to a shape to which another one leads", base_name(file->shx), shared,
                     file->records);
    }
    return wrong(f, "%s: %" PRId64 " of %" PRId64 " records are damaged; the first, number %" PRId64 ", %s", base_name(file->shp), bad,
                 file->records, first, why);
}

static eb_status check_shapes(const finding *f, eb_shapefile *file)
{
    VSILFILE *shp = VSIFOpenL(file->shp, "rb"), *shx = VSIFOpenL(file->shx, "rb");
    window w = {.file = shp, .bytes = calloc(1, WINDOW)};
    eb_status status = w.bytes ? EB_OK : eb_error_memory(f->err);
    int64_t shp_size = 0, shx_size = 0;
    uint32_t shp_type = 0, shx_type = 0;
    const finding index = unreadable(f);
    if (!status && (!shp || !shx)) status = wrong(f, "a part of the shapefile cannot be opened");
    if (!status && shp) status = check_header(f, file->shp, shp, &shp_size, &shp_type);
    if (!status && shx) status = check_header(&index, file->shx, shx, &shx_size, &shx_type);
    if (!status) file->records = shx_size < HEADER ? 0 : (shx_size - HEADER) / 8;
    if (!status && (shx_size - HEADER) % 8 != 0 && shx_size) status = wrong(&index, "the shapefile's index (.shx) ends inside an entry");
    if (!status && shp_size && shx_size) status = check_records(f, file, shx, &w, shp_size, shp_type);
    free(w.bytes);
    if (shp) VSIFCloseL(shp);
    if (shx) VSIFCloseL(shx);
    return status;
}

/* Rows that are no rows are a file filled up after a break. */
static eb_status check_rows(const finding *f, eb_shapefile *file, int64_t records)
{
    eb_dbf_rows rows;
    const bool looked = eb_dbf_look(file->dbf, &rows);
    file->bad = rows.bad;
    if (!looked) return eb_error_memory(f->err);
    file->deleted = rows.deleted;
    if (rows.bad_marks == 0) return EB_OK;
    return wrong(f, "%s: %" PRId64 " of %" PRId64 " rows are damaged; the first is number %" PRId64, base_name(file->dbf), rows.bad_marks,
                 records, rows.first_mark);
}

static eb_status check_table(const finding *f, eb_shapefile *file)
{
    VSILFILE *dbf = VSIFOpenL(file->dbf, "rb");
    uint8_t head[32];
    if (!dbf) return wrong(f, "the shapefile's table (.dbf) cannot be opened");
    int64_t size = file_size(dbf);
    eb_status status = EB_OK;
    if (VSIFReadL(head, 1, sizeof head, dbf) != sizeof head) {
        status = wrong(f, "%s is cut short: %" PRId64 " bytes are no table", base_name(file->dbf), size);
    } else {
        int64_t records = little32(head + 4), start = head[8] | head[9] << 8, width = head[10] | head[11] << 8;
        int64_t declared = start + records * width;
        file->dbf_records = records;
        if (start < 33 || width < 1) {
            status = wrong(f, "%s is no table: its header is not one", base_name(file->dbf));
        } else if (size < declared) {
            status = wrong(f,
                           "%s is cut short: it holds %" PRId64 " bytes, its header says %" PRId64 " rows of %" PRId64
                           " bytes after %" PRId64 " of header",
                           base_name(file->dbf), size, records, width, start);
        } else {
            status = check_rows(f, file, records);
        }
    }
    VSIFCloseL(dbf);
    return status;
}

static eb_status check_parts(const finding *f, const eb_shapefile *file)
{
    const char *there = file->shp[0] ? file->shp : file->dbf;
    const finding index = unreadable(f);
    if (file->shp[0] && !file->shx[0]) return wrong(&index, "the index (.shx) beside %s is missing", base_name(there));
    if (file->shp[0] && !file->dbf[0])
        return wrong(f, "the table (.dbf) beside %s is missing: its features have no attributes", base_name(there));
    return EB_OK;
}

eb_status eb_shapefile_check(eb_shapefile *file, bool allow_partial, eb_notes *notes, eb_error *err)
{
    const finding f = {allow_partial, notes, err, file->shp[0] ? file->shp : file->dbf, again_or_part};
    eb_status status = check_parts(&f, file);
    if (!status && file->shp[0] && file->shx[0]) status = check_shapes(&f, file);
    if (!status && file->dbf[0]) status = check_table(&f, file);
    if (!status && file->records >= 0 && file->dbf_records >= 0 && file->records != file->dbf_records) {
        status =
            wrong(&f, "shapes and table do not belong together: %" PRId64 " shapes, %" PRId64 " rows", file->records, file->dbf_records);
    }
    return status;
}

/* Language driver byte of a dBASE table as a character set; NULL where it says nothing certain. */
static const char *language(uint8_t id)
{
    static const struct {
        uint8_t id;
        const char *name;
    } known[] = {{0x4D, "GB18030"}, {0x7A, "GB18030"}, {0x78, "CP950"},  {0x79, "CP949"}, {0x7B, "CP932"}, {0x13, "CP932"},
                 {0x4E, "CP949"},   {0x4F, "CP950"},   {0x01, "CP437"},  {0x02, "CP850"}, {0x64, "CP852"}, {0x65, "CP866"},
                 {0xC8, "CP1250"},  {0xC9, "CP1251"},  {0xCA, "CP1254"}, {0xCB, "CP1253"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].id == id) return known[i].name;
    return NULL; /* 0x57 and 0x03 ("the system's") stand in GBK files as often as in Western ones */
}

/* Text fields of a table: place in the row and width. */
typedef struct text_field {
    int64_t place, width;
} text_field;

static void look_at_row(const uint8_t *row, const text_field *fields, size_t count, eb_encoding_evidence *evidence)
{
    for (size_t i = 0; i < count; i++) {
        const char *value = (const char *)row + fields[i].place;
        size_t size = strnlen(value, (size_t)fields[i].width);
        while (size > 0 && value[size - 1] == ' ') size--;
        eb_encoding_look(evidence, value, size);
    }
}

/* All names and texts of a table; *id receives the language byte. */
static eb_status look_at_table(const char *path, uint8_t *id, eb_encoding_evidence *evidence, eb_error *err)
{
    uint8_t head[32], field[32];
    text_field texts[2048];
    size_t count = 0;
    VSILFILE *dbf = VSIFOpenL(path, "rb");
    window w = {.file = dbf, .bytes = calloc(1, WINDOW)};
    eb_status status = w.bytes ? EB_OK : eb_error_memory(err);
    if (!status && dbf && VSIFReadL(head, 1, sizeof head, dbf) == sizeof head) {
        int64_t records = little32(head + 4), start = head[8] | head[9] << 8, width = head[10] | head[11] << 8, place = 1;
        *id = head[29];
        while (count < sizeof texts / sizeof *texts && VSIFReadL(field, 1, sizeof field, dbf) == sizeof field && field[0] != 0x0D) {
            eb_encoding_look(evidence, (const char *)field, strnlen((const char *)field, 11));
            if (field[11] == 'C' && place + field[16] <= width) texts[count++] = (text_field){place, field[16]};
            place += field[16];
        }
        for (int64_t i = 0; count && i < records; i++) {
            const uint8_t *row = window_at(&w, start + i * width, width);
            if (!row) break;
            look_at_row(row, texts, count, evidence);
        }
    }
    free(w.bytes);
    if (dbf) VSIFCloseL(dbf);
    return status;
}

static void read_cpg(const char *path, char *text, size_t size)
{
    text[0] = '\0';
    VSILFILE *file = path[0] ? VSIFOpenL(path, "rb") : NULL;
    if (!file) return;
    size_t n = VSIFReadL(text, 1, size - 1, file);
    VSIFCloseL(file);
    text[n] = '\0';
    char *word = text;
    if (memcmp(word, "\xEF\xBB\xBF", n < 3 ? n : 3) == 0 && n >= 3) word += 3;
    memmove(text, word, strlen(word) + 1);
    text[strcspn(text, "\r\n\t")] = '\0';
    while (text[0] && text[strlen(text) - 1] == ' ') text[strlen(text) - 1] = '\0';
}

static bool contradicts(const char *name, const eb_encoding_evidence *evidence)
{
    if (strcmp(name, "UTF-8") == 0) return eb_encoding_many(evidence->not_utf8, evidence);
    if (strcmp(name, "GB18030") == 0)
        return eb_encoding_many(evidence->not_gb, evidence) || (evidence->not_utf8 == 0 && evidence->common_pairs * 2 < evidence->pairs);
    return false;
}

/* A few damaged texts do not make the others another language's; they are told of. */
static void note_unreadable(const char *name, const eb_encoding_evidence *evidence, eb_notes *notes)
{
    int64_t bad = strcmp(name, "UTF-8") == 0 ? evidence->not_utf8 : strcmp(name, "GB18030") == 0 ? evidence->not_gb : 0;
    if (bad > 0)
        eb_notes_fault(notes, EB_REMARK_DAMAGE, EB_NO_FID,
                       "%" PRId64 " of %" PRId64 " texts hold bytes that are not %s; those bytes are lost", bad, evidence->values, name);
}

eb_status eb_shapefile_encoding(const eb_shapefile *file, const char *wanted, char *name, size_t size, eb_notes *notes, eb_error *err)
{
    if (wanted) return eb_encoding_name(wanted, name, size, err);
    eb_encoding_evidence evidence = {0};
    uint8_t id = 0;
    char cpg[64] = "", declared[40] = "";
    eb_status status = file->dbf[0] ? look_at_table(file->dbf, &id, &evidence, err) : EB_OK;
    if (status) return status;
    read_cpg(file->cpg, cpg, sizeof cpg);
    const char *who = ".cpg";
    if (cpg[0] && eb_encoding_name(cpg, declared, sizeof declared, NULL)) {
        eb_notes_fault(notes, EB_REMARK_FORM, EB_NO_FID, "the .cpg names an unknown character set, \"%s\"", cpg);
        declared[0] = '\0';
    } else if (!cpg[0] && language(id)) {
        eb_text_copy(declared, sizeof declared, language(id));
        who = _("language byte of the .dbf");
    }
    eb_text_copy(name, size, declared[0] ? declared : eb_encoding_guess(&evidence));
    if (evidence.values == 0) return EB_OK;
    if (declared[0] && contradicts(declared, &evidence)) {
        eb_text_copy(name, size, eb_encoding_guess(&evidence));
        eb_notes_fault(notes, EB_REMARK_FORM, EB_NO_FID, "the %s says %s, but the bytes of the text are not; read as %s", who,
                       cpg[0] ? cpg : declared, name);
    } else if (!declared[0]) {
        eb_notes_add(notes, "character set not declared; read as %s by the look of the bytes", name);
    }
    note_unreadable(name, &evidence, notes);
    return EB_OK;
}
