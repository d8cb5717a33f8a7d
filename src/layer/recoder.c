#include "layer/recoder.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 1 << 12 };

struct eb_recoder {
    iconv_t conversion;
};

/* No reader finds commas and line ends in sets like UTF-16, which do not keep the bytes of ASCII. */
static bool keeps_ascii(iconv_t conversion)
{
    char text[] = "0,@\r\n", piece[16], *from = text, *at = piece;
    size_t size = sizeof text - 1, room = sizeof piece;
    if (iconv(conversion, &from, &size, &at, &room) == (size_t)-1) return false;
    return at - piece == sizeof text - 1 && memcmp(piece, text, sizeof text - 1) == 0;
}

eb_status eb_recoder_new(const char *encoding, eb_recoder **out, eb_error *err)
{
    *out = NULL;
    iconv_t conversion = iconv_open(encoding, "UTF-8");
    const bool known = conversion != (iconv_t)-1, fine = known && keeps_ascii(conversion);
    if (!fine) {
        if (known) iconv_close(conversion);
        eb_error_set(err, EB_USAGE, "text cannot be written in the character set \"%s\"", encoding);
        eb_error_hint(err, "give --to-encoding UTF-8");
        return EB_USAGE;
    }
    *out = malloc(sizeof **out);
    if (!*out) {
        iconv_close(conversion);
        return eb_error_memory(err);
    }
    (*out)->conversion = conversion;
    return EB_OK;
}

void eb_recoder_free(eb_recoder *recoder)
{
    if (!recoder) return;
    iconv_close(recoder->conversion);
    free(recoder);
}

bool eb_recoder_write(eb_recoder *recoder, const char *text, size_t size, eb_writer *to)
{
    char piece[PIECE], *from = (char *)(uintptr_t)text;
    while (size > 0) {
        char *at = piece;
        size_t room = sizeof piece;
        const bool failed = iconv(recoder->conversion, &from, &size, &at, &room) == (size_t)-1;
        const bool full = failed && errno == E2BIG;
        if (to) eb_writer_add(to, piece, (size_t)(at - piece));
        if (failed && !full) return false;
    }
    return true;
}

bool eb_recoder_fits(eb_recoder *recoder, const char *text, size_t size)
{
    iconv(recoder->conversion, NULL, NULL, NULL, NULL);
    const bool fits = eb_recoder_write(recoder, text, size, NULL);
    iconv(recoder->conversion, NULL, NULL, NULL, NULL);
    return fits;
}
