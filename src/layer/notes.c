#include "layer/notes.h"

#include "base/array.h"
#include "base/text.h"
#include "base/translate.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void eb_notes_add(eb_notes *notes, const char *format, ...)
{
    char text[640];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, eb_translate(format), args);
    va_end(args);
    eb_text_trim_utf8(text, sizeof text);
    for (size_t i = 0; i < notes->count; i++)
        if (strcmp(notes->texts[i], text) == 0) return;
    if (!eb_array_reserve(&notes->texts, &notes->capacity, notes->count + 1, sizeof *notes->texts)) return;
    char *copy = eb_text_dup(text);
    if (copy) notes->texts[notes->count++] = copy;
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
    for (size_t i = 0; i < notes->count; i++) free(notes->texts[i]);
    free(notes->texts);
    memset(notes, 0, sizeof *notes);
}
