#include <ecobelt/layer.h>

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* strdup() that takes NULL for NULL and reports failure through *ok. */
static char *copy_text(const char *text, bool *ok)
{
    if (!text) return NULL;
    char *copy = eb_text_dup(text);
    if (!copy) *ok = false;
    return copy;
}

eb_schema *eb_schema_new(const char *name, eb_shape_kind kind, const eb_crs *crs)
{
    eb_schema *schema = calloc(1, sizeof *schema);
    if (!schema) return NULL;
    bool ok = true;
    schema->name = copy_text(name ? name : "", &ok);
    schema->kind = kind;
    schema->feature_count = -1;
    if (crs) {
        schema->crs = eb_crs_copy(crs);
        ok = ok && schema->crs;
    }
    if (!ok) {
        eb_schema_free(schema);
        return NULL;
    }
    return schema;
}

static bool copy_fields(eb_schema *to, const eb_schema *from)
{
    for (size_t i = 0; i < from->field_count; i++) {
        const eb_field *field = &from->fields[i];
        if (eb_schema_add_field(to, field->name, field->type) < 0) return false;
        eb_field *copy = &to->fields[i];
        bool ok = true;
        copy->alias = copy_text(field->alias, &ok);
        copy->width = field->width;
        copy->precision = field->precision;
        if (!ok) return false;
    }
    return true;
}

eb_schema *eb_schema_copy(const eb_schema *schema)
{
    eb_schema *copy = eb_schema_new(schema->name, schema->kind, schema->crs);
    if (!copy) return NULL;
    bool ok = true;
    copy->file = copy_text(schema->file, &ok);
    copy->driver = copy_text(schema->driver, &ok);
    copy->encoding = copy_text(schema->encoding, &ok);
    copy->source = copy_text(schema->source, &ok);
    copy->has_z = schema->has_z;
    copy->tabular = schema->tabular;
    copy->feature_count = schema->feature_count;
    copy->schematic = schema->schematic;
    if (!ok || !copy_fields(copy, schema)) {
        eb_schema_free(copy);
        return NULL;
    }
    return copy;
}

void eb_schema_free(eb_schema *schema)
{
    if (!schema) return;
    for (size_t i = 0; i < schema->field_count; i++) {
        free(schema->fields[i].name);
        free(schema->fields[i].alias);
    }
    free(schema->fields);
    free(schema->name);
    free(schema->file);
    free(schema->driver);
    free(schema->encoding);
    free(schema->source);
    eb_crs_free(schema->crs);
    free(schema);
}

int eb_schema_add_field(eb_schema *schema, const char *name, eb_field_type type)
{
    eb_field *fields = realloc(schema->fields, (schema->field_count + 1) * sizeof *fields);
    if (!fields) return -1;
    schema->fields = fields;
    eb_field *field = &fields[schema->field_count];
    memset(field, 0, sizeof *field);
    field->name = eb_text_dup(name);
    field->type = type;
    if (!field->name) return -1;
    return (int)schema->field_count++;
}

int eb_schema_find(const eb_schema *schema, const char *name)
{
    for (size_t i = 0; i < schema->field_count; i++)
        if (strcmp(schema->fields[i].name, name) == 0) return (int)i;
    for (size_t i = 0; i < schema->field_count; i++)
        if (eb_text_same(schema->fields[i].name, name)) return (int)i;
    return -1;
}
