/**
 * @file summary.h
 * What a command came to, as one JSON document.
 */
#ifndef EB_CLI_SUMMARY_H
#define EB_CLI_SUMMARY_H

#include <ecobelt/ecobelt.h>

/** A layer that was written. */
typedef struct eb_summary_layer {
    char *role, *file; /**< owned */
} eb_summary_layer;

/** Results of a command. Zero-initialise; free with eb_summary_clear(). */
typedef struct eb_summary {
    const char *command; /**< lent */
    eb_table **tables;   /**< owned, as the members below */
    size_t table_count;
    eb_summary_layer *layers;
    size_t layer_count;
    eb_diagnosis *diagnosis;
} eb_summary;

/**
 * {"command","version","status","tables":[…],"layers":[{"role","file"}],"diagnosis":{"layers":[…],"cases":[…]}}
 * @param[out] text from malloc().
 */
eb_status eb_summary_json(const eb_summary *summary, eb_status outcome, char **text, eb_error *err);
/** Free what it owns. */
void eb_summary_clear(eb_summary *summary);

#endif
