#include "layer/notes.h"

#include "base/array.h"
#include "base/text.h"
#include "base/translate.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Another pass over the layer says the same again: of features, those before the last one are known. */
static bool is_known(const eb_notes *notes, int64_t fid, const char *text)
{
    for (size_t i = notes->count; i-- > 0;) {
        const eb_note *note = &notes->list[i];
        if (fid != EB_NO_FID && note->fid != EB_NO_FID && fid < note->fid) return true;
        if (fid != EB_NO_FID && note->fid != EB_NO_FID && fid > note->fid) return false;
        if (note->fid == fid && strcmp(note->text, text) == 0) return true;
    }
    return false;
}

static void EB_PRINTF(4, 0) add(eb_notes *notes, eb_remark_kind kind, int64_t fid, const char *format, va_list args)
{
    char text[640];
    eb_translate_into(text, sizeof text, format, args);
    if (is_known(notes, fid, text)) return;
    if (!eb_array_reserve(&notes->list, &notes->capacity, notes->count + 1, sizeof *notes->list)) return;
    char *copy = eb_text_dup(text);
    if (copy) notes->list[notes->count++] = (eb_note){kind, fid, copy};
}

void eb_notes_add(eb_notes *notes, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(notes, EB_REMARK_PLAIN, EB_NO_FID, format, args);
    va_end(args);
}

void eb_notes_fault(eb_notes *notes, eb_remark_kind kind, int64_t fid, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(notes, kind, fid, format, args);
    va_end(args);
}

void eb_notes_unknown_crs(eb_notes *notes, const char *why)
{
    notes->unknown_crs = true;
    snprintf(notes->crs, sizeof notes->crs, _("the CRS that the file names is not understood: %s"), why);
    eb_text_trim_utf8(notes->crs, sizeof notes->crs);
    eb_notes_add(notes, "%s", notes->crs);
}

void eb_notes_clear(eb_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) free(notes->list[i].text);
    free(notes->list);
    memset(notes, 0, sizeof *notes);
}
