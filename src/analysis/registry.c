#include "analysis/registry.h"

#include <string.h>

#define ROW(name) &eb_analysis_##name,
static const eb_analysis *const rows[] = {EB_ANALYSES(ROW) NULL};

size_t eb_analysis_count(void)
{
    return sizeof rows / sizeof rows[0] - 1;
}

const eb_analysis *eb_analysis_at(size_t i)
{
    return i < eb_analysis_count() ? rows[i] : NULL;
}

const eb_analysis *eb_analysis_find(const char *name)
{
    for (size_t i = 0; name && i < eb_analysis_count(); i++) {
        if (strcmp(rows[i]->name, name) == 0) return rows[i];
    }
    return NULL;
}
