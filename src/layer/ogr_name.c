#include "layer/ogr.h"

#include "base/text.h"

#include <cpl_string.h>
#include <stdlib.h>
#include <string.h>

static const char *const parts[] = {"|layername=", "|layerid=", "|subset=", "|option:"};

/* Start of the next part of a QGIS layer name, or its end. */
static const char *next_part(const char *text)
{
    for (const char *at = strchr(text, '|'); at; at = strchr(at + 1, '|'))
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
            if (strncmp(at, parts[i], strlen(parts[i])) == 0) return at;
    return text + strlen(text);
}

static char *copy_range(const char *from, const char *to)
{
    size_t size = (size_t)(to - from);
    char *copy = malloc(size + 1);
    if (!copy) return NULL;
    memcpy(copy, from, size);
    copy[size] = '\0';
    return copy;
}

static eb_status take_layer_id(const char *from, const char *to, eb_ogr_name *out, eb_error *err)
{
    char *text = copy_range(from, to);
    if (!text) return eb_error_memory(err);
    int64_t id = -1;
    bool fine = eb_text_to_integer(text, &id) && id >= 0 && id < 1000000;
    if (fine)
        out->layer_id = (int)id;
    else
        eb_error_set(err, EB_USAGE, "layerid \"%s\" is not a number from 0", text);
    free(text);
    return fine ? EB_OK : EB_USAGE;
}

/* One part; *end is moved where the part runs to the end of the text. */
static eb_status take_part(const char *at, const char **end, eb_ogr_name *out, eb_error *err)
{
    const char *value = NULL;
    char **slot = NULL;
    if (strncmp(at, parts[0], strlen(parts[0])) == 0) {
        value = at + strlen(parts[0]);
        slot = &out->layer;
    } else if (strncmp(at, parts[1], strlen(parts[1])) == 0) {
        return take_layer_id(at + strlen(parts[1]), *end, out, err);
    } else if (strncmp(at, parts[2], strlen(parts[2])) == 0) {
        /* A filter may hold '|' itself (||), and QGIS writes it last. */
        *end = at + strlen(at);
        value = at + strlen(parts[2]);
        slot = &out->subset;
    } else {
        char *option = copy_range(at + strlen(parts[3]), *end);
        if (!option) return eb_error_memory(err);
        out->options = CSLAddString(out->options, option);
        free(option);
        return EB_OK;
    }
    free(*slot);
    *slot = copy_range(value, *end);
    return *slot ? EB_OK : eb_error_memory(err);
}

eb_status eb_ogr_name_parse(const char *text, eb_ogr_name *out, eb_error *err)
{
    memset(out, 0, sizeof *out);
    out->layer_id = -1;
    const char *at = next_part(text);
    out->file = copy_range(text, at);
    if (!out->file) return eb_error_memory(err);
    eb_status status = EB_OK;
    if (out->file[0] == '\0') status = eb_error_set(err, EB_USAGE, "layer name \"%s\" names no file", text);
    while (!status && *at) {
        const char *end = next_part(at + 1);
        status = take_part(at, &end, out, err);
        at = end;
    }
    if (status) eb_ogr_name_clear(out);
    return status;
}

void eb_ogr_name_clear(eb_ogr_name *name)
{
    free(name->file);
    free(name->layer);
    free(name->subset);
    CSLDestroy(name->options);
    memset(name, 0, sizeof *name);
    name->layer_id = -1;
}
