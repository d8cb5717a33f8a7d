#include "layer/text_file.h"

#include "layer/file_check.h"

#include "base/scratch.h"
#include "base/text.h"

#include <cpl_vsi.h>
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 1 << 16 };

/* --- tables -------------------------------------------------------------------------------------------------------------------------- */

/* Where a scan over records stands. */
typedef struct scan {
    char separator; /* 0: still in the header's first value */
    bool quoted, blank;
    size_t columns;
    char word[16]; /* the header's value in hand */
    size_t word_size;
} scan;

static bool is_shape_column(const scan *s)
{
    char word[17];
    eb_text_copy(word, sizeof word, s->word);
    return eb_text_same(word, "WKT") || eb_text_same(word, "geometry") || eb_text_same(word, "geom");
}

static void end_value(scan *s, eb_text_table *out)
{
    s->word[s->word_size < sizeof s->word ? s->word_size : sizeof s->word - 1] = '\0';
    if (out->records == 0 && is_shape_column(s)) out->has_wkt = true;
    s->word_size = 0;
}

static void end_record(scan *s, eb_text_table *out)
{
    end_value(s, out);
    if (!s->blank) {
        if (out->records == 0) out->columns = s->columns;
        out->last = s->columns;
        out->records++;
    }
    s->columns = 1;
    s->blank = true;
}

static void take_byte(scan *s, char c, eb_text_table *out)
{
    if (c == '"') s->quoted = !s->quoted;
    if (!s->quoted && c == '\n') {
        end_record(s, out);
        return;
    }
    if (c != '\r') s->blank = false;
    if (!s->quoted && !s->separator && out->records == 0 && (c == ',' || c == ';' || c == '\t' || c == '|')) s->separator = c;
    if (!s->quoted && s->separator && c == s->separator) {
        end_value(s, out);
        s->columns++;
    } else if (out->records == 0 && c != '"' && c != '\r' && s->word_size < sizeof s->word) {
        s->word[s->word_size++] = c;
    }
}

eb_status eb_text_table_look(const char *path, eb_text_table *out, eb_error *err)
{
    scan s = {.columns = 1, .blank = true};
    memset(out, 0, sizeof *out);
    VSILFILE *file = VSIFOpenL(path, "rb");
    if (!file) return EB_OK;
    char *piece = malloc(PIECE), last = '\n';
    for (size_t n; piece && (n = VSIFReadL(piece, 1, PIECE, file)) > 0; last = piece[n - 1])
        for (size_t i = 0; i < n; i++) take_byte(&s, piece[i], out);
    VSIFCloseL(file);
    if (!piece) return eb_error_memory(err);
    free(piece);
    out->open_quote = s.quoted;
    out->no_line_end = last != '\n';
    if (!s.blank) end_record(&s, out);
    return EB_OK;
}

eb_status eb_text_table_check(const char *path, const eb_text_table *table, bool allow_partial, eb_notes *notes, eb_error *err)
{
    const bool short_of = table->records > 1 && table->no_line_end && table->last < table->columns;
    if (table->open_quote || short_of) {
        if (allow_partial) {
            eb_notes_fault(notes, EB_REMARK_DAMAGE, EB_NO_FID, "the file is cut short: its last record breaks off");
            return EB_OK;
        }
        return eb_file_fault(path, "the file is cut short: its last record breaks off", eb_copy_or_part, err);
    }
    if (table->records > 1 && table->no_line_end)
        eb_notes_add(notes, "the last line has no end; text tables do not tell whether they are whole: count the %lld records",
                     (long long)table->records - 1);
    return EB_OK;
}

/* --- character sets ------------------------------------------------------------------------------------------------------------------ */

/* Bytes at the end of a piece that may belong to a character of the next one. */
static size_t cut_tail(const char *bytes, size_t size)
{
    size_t back = 0;
    while (back < 3 && back < size && ((unsigned char)bytes[size - 1 - back] & 0xC0) == 0x80) back++;
    if (back == size) return 0;
    const unsigned char lead = (unsigned char)bytes[size - 1 - back];
    const size_t want = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : 0;
    return want > back ? back + 1 : 0;
}

/* Look at a text file line by line: what is it written in? Lines longer than a piece count as several. */
static eb_status guess_lines(const char *path, bool *plain, const char **guess, eb_error *err)
{
    eb_encoding_evidence evidence = {0};
    VSILFILE *file = VSIFOpenL(path, "rb");
    char *piece = malloc(PIECE);
    size_t kept = 0;
    *plain = true;
    for (size_t n; file && piece && (n = VSIFReadL(piece + kept, 1, PIECE - kept, file)) > 0;) {
        size_t size = kept + n, at = 0;
        for (char *end; (end = memchr(piece + at, '\n', size - at)); at = (size_t)(end - piece) + 1) {
            if (*plain && !eb_text_is_utf8(piece + at, (size_t)(end - piece) - at)) *plain = false;
            eb_encoding_look(&evidence, piece + at, (size_t)(end - piece) - at);
        }
        if (at == 0 && size == PIECE) {
            at = size - cut_tail(piece, size);
            if (*plain && !eb_text_is_utf8(piece, at)) *plain = false;
            eb_encoding_look(&evidence, piece, at);
        }
        kept = size - at;
        memmove(piece, piece + at, kept);
    }
    if (piece && kept) {
        if (!eb_text_is_utf8(piece, kept)) *plain = false;
        eb_encoding_look(&evidence, piece, kept);
    }
    if (file) VSIFCloseL(file);
    if (!piece) return eb_error_memory(err);
    free(piece);
    *guess = eb_encoding_guess(&evidence);
    return EB_OK;
}

static eb_status not_that_text(const char *path, const char *from, vsi_l_offset at, eb_error *err)
{
    eb_error_set(err, EB_INPUT, "the text is not %s: byte %llu cannot be read as that", from, (unsigned long long)at + 1);
    eb_error_where(err, path, NULL, EB_NO_FID);
    eb_error_hint(err, "name the character set with --encoding");
    return EB_INPUT;
}

/* Copy @p in to @p out as UTF-8, piece by piece; a character may lie across two. */
static eb_status recode_stream(VSILFILE *in, VSILFILE *out, iconv_t conversion, const char *from, const char *path, eb_error *err)
{
    char *piece = malloc(PIECE), *text = malloc(4 * (size_t)PIECE);
    size_t kept = 0;
    vsi_l_offset done = 0;
    eb_status status = piece && text ? EB_OK : eb_error_memory(err);
    while (!status) {
        const size_t n = VSIFReadL(piece + kept, 1, PIECE - kept, in);
        char *at = piece, *to = text;
        size_t left = kept + n, room = 4 * (size_t)PIECE;
        if (left == 0) break;
        const bool failed = iconv(conversion, &at, &left, &to, &room) == (size_t)-1;
        done += (vsi_l_offset)(at - piece);
        if (failed && (errno != EINVAL || n == 0)) status = not_that_text(path, from, done, err);
        const size_t made = 4 * (size_t)PIECE - room;
        if (!status && VSIFWriteL(text, 1, made, out) != made)
            status = eb_error_set(err, EB_OUTPUT, "no room for a temporary copy of the text in UTF-8");
        memmove(piece, at, left);
        kept = left;
    }
    free(piece);
    free(text);
    return status;
}

static eb_status recode(const char *path, const char *from, char **scratch, eb_error *err)
{
    const char *slash = strrchr(path, '/');
    iconv_t conversion = iconv_open("UTF-8", from);
    if (conversion == (iconv_t)-1) return eb_error_set(err, EB_USAGE, "unknown character set \"%s\"", from);
    VSILFILE *in = VSIFOpenL(path, "rb");
    eb_status status = in ? eb_scratch_name(slash ? slash + 1 : path, scratch, err) : EB_OK; /* it keeps its name */
    VSILFILE *out = *scratch ? VSIFOpenL(*scratch, "wb") : NULL;
    if (!in) {
        status = eb_error_set(err, EB_INPUT, "cannot read the file");
        eb_error_where(err, path, NULL, EB_NO_FID);
    } else if (!status && !out) {
        status = eb_error_set(err, EB_OUTPUT, "no room for a temporary copy of the text in UTF-8");
    }
    if (!status) status = recode_stream(in, out, conversion, from, path, err);
    if (in) VSIFCloseL(in);
    if (out && VSIFCloseL(out) != 0 && !status) status = eb_error_set(err, EB_OUTPUT, "no room for a temporary copy of the text in UTF-8");
    iconv_close(conversion);
    return status;
}

eb_status eb_text_recode(const char *path, const char *wanted, bool always, char **scratch, char **encoding, eb_notes *notes, eb_error *err)
{
    char name[40] = "UTF-8";
    const char *guess = name;
    bool plain = false;
    eb_status status = guess_lines(path, &plain, &guess, err);
    if (!status && wanted) status = eb_encoding_name(wanted, name, sizeof name, err);
    if (status) return status;
    if (!wanted && !plain) eb_text_copy(name, sizeof name, guess);
    /* Text that is said to be UTF-8 and is not is found out on the way. */
    if (strcmp(name, "UTF-8") != 0 || (wanted && !plain)) status = recode(path, name, scratch, err);
    if (!status && *scratch && !wanted) eb_notes_add(notes, "character set not declared; read as %s by the look of the bytes", name);
    if (!status && (always || wanted || !plain)) *encoding = eb_text_dup(name);
    return status;
}
