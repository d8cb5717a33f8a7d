#include <ecobelt/base.h>

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "base/translate.h"

static const struct {
    const char *name;
    int exit_code;
} statuses[EB_STATUS_END] = {
    [EB_OK] = {"ok", 0},
    [EB_FINDINGS] = {"findings", 1},
    [EB_USAGE] = {"usage", 2},
    [EB_INPUT] = {"input", 3},
    [EB_REFUSED] = {"refused", 4},
    [EB_OUTPUT] = {"output", 5},
    [EB_INTERNAL] = {"internal", 70},
    [EB_NO_MEMORY] = {"no memory", 70},
    [EB_CANCELLED] = {"cancelled", 130},
};

int eb_status_exit_code(eb_status status)
{
    return (unsigned)status < EB_STATUS_END ? statuses[status].exit_code : 70;
}

const char *eb_status_name(eb_status status)
{
    return (unsigned)status < EB_STATUS_END ? statuses[status].name : "unknown";
}

/* Names in brackets: for an analyser, base.h has macros of these names. */
eb_status(eb_error_set)(eb_error *err, eb_status code, const char *format, ...)
{
    if (!err) return code;
    eb_error fresh = {.code = code, .fid = EB_NO_FID, .x = NAN, .y = NAN};
    va_list args;
    va_start(args, format);
    eb_translate_into(fresh.message, sizeof fresh.message, format, args);
    va_end(args);
    *err = fresh;
    return code;
}

void eb_error_hint(eb_error *err, const char *format, ...)
{
    if (!err || err->code == EB_OK) return;
    va_list args;
    va_start(args, format);
    eb_translate_into(err->hint, sizeof err->hint, format, args);
    va_end(args);
}

void eb_error_where(eb_error *err, const char *file, const char *layer, int64_t fid)
{
    if (!err) return;
    if (file) eb_text_copy(err->file, sizeof err->file, file);
    if (layer) eb_text_copy(err->layer, sizeof err->layer, layer);
    if (file) eb_text_mend_utf8(err->file);
    if (layer) eb_text_mend_utf8(err->layer);
    if (fid != EB_NO_FID) err->fid = fid;
}

void eb_error_at(eb_error *err, double x, double y)
{
    if (!err) return;
    err->x = x;
    err->y = y;
}

eb_status(eb_error_memory)(eb_error *err)
{
    eb_error_set(err, EB_NO_MEMORY, "out of memory");
    eb_error_hint(err, "free some memory, or give fewer threads with -j");
    return EB_NO_MEMORY;
}

/* The places of an error, each once, as "file:line:column, layer "x", feature 7, at 118.1 29.2". */
static void add_where(eb_string *out, const eb_error *err)
{
    const char *gap = " (";
    if (err->file[0]) {
        eb_string_addf(out, "%s%s", gap, err->file);
        if (err->line > 0) eb_string_addf(out, ":%d", err->line);
        if (err->line > 0 && err->column > 0) eb_string_addf(out, ":%d", err->column);
        gap = ", ";
    }
    if (err->layer[0]) {
        eb_string_add(out, gap);
        eb_string_addf(out, _("layer \"%s\""), err->layer);
        gap = ", ";
    }
    if (err->fid != EB_NO_FID) {
        eb_string_add(out, gap);
        eb_string_addf(out, _("feature %lld"), (long long)err->fid);
        gap = ", ";
    }
    if (isfinite(err->x) && isfinite(err->y)) {
        eb_string_add(out, gap);
        eb_string_addf(out, _("at %.9g %.9g"), err->x, err->y);
        gap = ", ";
    }
    if (gap[0] == ',') eb_string_add(out, ")");
}

void eb_error_text(const eb_error *err, char *text, size_t size)
{
    if (!text || size == 0) return;
    text[0] = '\0';
    if (!err || err->code == EB_OK) return;
    eb_string out = {0};
    eb_string_add(&out, err->message);
    add_where(&out, err);
    if (err->hint[0]) eb_string_addf(&out, "\n%s", err->hint);
    eb_text_copy(text, size, out.failed ? err->message : eb_string_get(&out));
    eb_string_clear(&out);
}
