/* The field `status` by which features say that they are made from something schematic. */
#include <ecobelt/layer.h>

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char word[] = "schematic", joint[] = "schematic; ";

bool eb_status_schematic(const char *text)
{
    return text && (strcmp(text, word) == 0 || strncmp(text, joint, sizeof joint - 1) == 0);
}

char *eb_status_mark(const char *before)
{
    eb_string text = {0};
    /* "derived" is the catalogue's word for what it was before something schematic was added. */
    const bool own = before && *before && strcmp(before, "derived") != 0;
    if (!own || !eb_status_schematic(before)) eb_string_add(&text, own ? joint : word);
    if (own) eb_string_add(&text, before);
    return eb_string_take(&text);
}

/* Another name for a field that cannot say it, as overlays call repeated ones. */
static bool rename_field(eb_schema *schema, int field)
{
    char name[32];
    int n = 2;
    do snprintf(name, sizeof name, "status_%d", n++);
    while (eb_schema_find(schema, name) >= 0);
    free(schema->fields[field].name);
    return (schema->fields[field].name = eb_text_dup(name)) != NULL;
}

int eb_schema_mark(eb_schema *schema)
{
    const int field = eb_schema_find(schema, "status");
    if (field >= 0 && schema->fields[field].type == EB_FIELD_TEXT) {
        schema->fields[field].width = 0; /* the word may need more room */
        return field;
    }
    if (field >= 0 && !rename_field(schema, field)) return -1;
    return eb_schema_add_field(schema, "status", EB_FIELD_TEXT);
}
