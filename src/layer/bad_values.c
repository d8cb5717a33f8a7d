#include "layer/bad_values.h"

#include "base/array.h"
#include "base/text.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

bool eb_bad_values_add(eb_bad_values *bad, int64_t fid, size_t field, const void *text, size_t size)
{
    if (!eb_array_reserve(&bad->list, &bad->capacity, bad->count + 1, sizeof *bad->list)) return false;
    eb_bad_value *value = &bad->list[bad->count++];
    *value = (eb_bad_value){.fid = fid, .field = field};
    const char *from = text;
    while (size > 0 && (*from == ' ' || *from == '\0')) from++, size--;
    while (size > 0 && (from[size - 1] == ' ' || from[size - 1] == '\0')) size--;
    if (size >= sizeof value->text) size = sizeof value->text - 1;
    if (size > 0) memcpy(value->text, from, size);
    return true;
}

/* Printable UTF-8, whatever the bytes are. */
static void make_readable(char *text, size_t size)
{
    eb_text_trim_utf8(text, size);
    eb_text_mend_utf8(text);
    for (char *p = text; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7F) *p = '?';
}

void eb_bad_values_decode(eb_bad_values *bad, const char *encoding)
{
    iconv_t conversion = iconv_open("UTF-8", encoding);
    for (size_t i = 0; i < bad->count; i++) {
        eb_bad_value *value = &bad->list[i];
        char text[4 * sizeof value->text], *in = value->text, *out = text;
        size_t left = strlen(in), room = sizeof text - 1;
        if (conversion != (iconv_t)-1) {
            iconv(conversion, NULL, NULL, NULL, NULL);
            iconv(conversion, &in, &left, &out, &room); /* a last character may be cut in half */
            *out = '\0';
            if (out > text) eb_text_copy(value->text, sizeof value->text, text);
        }
        make_readable(value->text, sizeof value->text);
    }
    if (conversion != (iconv_t)-1) iconv_close(conversion);
}

void eb_bad_values_select(eb_bad_values *bad, const size_t *map, size_t field_count)
{
    size_t kept = 0;
    for (size_t i = 0; i < bad->count; i++) {
        for (size_t f = 0; f < field_count; f++) {
            if (map[f] != bad->list[i].field) continue;
            bad->list[kept] = bad->list[i];
            bad->list[kept++].field = f;
            break;
        }
    }
    bad->count = kept;
}

/* The first of the list that belongs to a feature at or behind @p fid. */
static size_t first_of(const eb_bad_values *bad, int64_t fid)
{
    size_t low = 0, high = bad->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (bad->list[middle].fid < fid)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void eb_bad_values_apply(const eb_bad_values *bad, eb_batch *batch)
{
    for (size_t i = 0; bad->count && i < batch->count; i++)
        for (size_t k = first_of(bad, batch->fids[i]); k < bad->count && bad->list[k].fid == batch->fids[i]; k++)
            batch->values[bad->list[k].field].valid[i] = 0;
}

void eb_bad_values_clear(eb_bad_values *bad)
{
    free(bad->list);
    memset(bad, 0, sizeof *bad);
}
