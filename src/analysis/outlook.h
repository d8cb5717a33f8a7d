/**
 * @file analysis/outlook.h
 * Looks at the values of layers before a plan runs: what parameters call by name must be in them.
 */
#ifndef EB_ANALYSIS_OUTLOOK_H
#define EB_ANALYSIS_OUTLOOK_H

#include <ecobelt/analysis.h>

/** A layer whose features have names. */
typedef struct eb_outlook_names {
    const char *layer, *where;                            /**< as the parameters have them; where may be NULL */
    bool (*prepare)(void *self, const eb_schema *schema); /**< called when the layer is open; false: names cannot be told. NULL: nothing */
    bool (*called)(const void *self, const eb_batch *batch, size_t i, const char *name); /**< whether feature @p i is called so */
    void *self;
} eb_outlook_names;

/**
 * Whether a feature is called @p name, as far as it can be told: true as well where the layer is not there yet or cannot be read, which
 * the run says.
 */
bool eb_outlook_has(const eb_outlook *look, const eb_outlook_names *names, const char *name);

#endif
