/* The fields that a reader is asked for. */
#include "layer/source.h"

#include "base/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names of all fields, for the hint after a wrong one. */
static void list_fields(const eb_schema *schema, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t f = 0; f < schema->field_count && used + 4 < size; f++) {
        int n = snprintf(text + used, size - used, "%s%s", f ? ", " : "", schema->fields[f].name);
        if (n < 0 || (size_t)n >= size - used) {
            snprintf(text + used, size - used, " …");
            return;
        }
        used += (size_t)n;
    }
}

static eb_status check_fields(const eb_schema *full, const char *const *fields, eb_error *err)
{
    for (size_t i = 0; fields[i]; i++) {
        if (eb_schema_find(full, fields[i]) >= 0) continue;
        char names[400];
        list_fields(full, names, sizeof names);
        eb_error_set(err, EB_USAGE, "layer has no field \"%s\"", fields[i]);
        eb_error_where(err, full->file, full->name, EB_NO_FID);
        eb_error_hint(err, "%s%s", full->field_count ? _("its fields are: ") : _("it has no fields at all"),
                      full->field_count ? names : "");
        return EB_USAGE;
    }
    return EB_OK;
}

static bool is_wanted(const eb_schema *full, size_t f, const char *const *fields)
{
    if (!fields) return true;
    for (size_t i = 0; fields[i]; i++)
        if (eb_schema_find(full, fields[i]) == (int)f) return true;
    return false;
}

static void remove_field(eb_schema *schema, size_t f)
{
    free(schema->fields[f].name);
    free(schema->fields[f].alias);
    memmove(&schema->fields[f], &schema->fields[f + 1], (schema->field_count - f - 1) * sizeof *schema->fields);
    schema->field_count--;
}

eb_status eb_selection_make(const eb_schema *full, const eb_read_options *options, eb_selection *out, eb_error *err)
{
    const char *const *fields = options ? options->fields : NULL;
    if (fields) {
        eb_status status = check_fields(full, fields, err);
        if (status) return status;
    }
    out->schema = eb_schema_copy(full);
    out->map = calloc(full->field_count + 1, sizeof *out->map);
    if (!out->schema || !out->map) {
        eb_schema_free(out->schema);
        free(out->map);
        return eb_error_memory(err);
    }
    size_t kept = 0;
    for (size_t f = 0; f < full->field_count; f++) {
        if (is_wanted(full, f, fields))
            out->map[kept++] = f;
        else
            remove_field(out->schema, kept);
    }
    return EB_OK;
}
