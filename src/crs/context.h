/**
 * @file context.h
 * PROJ's context: silent, off the network, one a thread of work.
 */
#ifndef CRS_CONTEXT_H
#define CRS_CONTEXT_H

#include <ecobelt/base.h>
#include <proj.h>
#include <proj_experimental.h> /* proj_crs_demote_to_2D, proj_crs_alter_cs_angular_unit; in PROJ since 6 */

/** A context and the last thing PROJ said in it. Must not be moved while in use: PROJ holds its address. */
typedef struct eb_proj {
    PJ_CONTEXT *context;
    char said[256];
} eb_proj;

/**
 * Open. PROJ's messages are kept instead of printed, and its network access is off whatever the environment says, so that the
 * same input gives the same output everywhere.
 */
eb_status eb_proj_open(eb_proj *proj, eb_error *err);
void eb_proj_close(eb_proj *proj);
/** What PROJ said last, or "no reason given". */
const char *eb_proj_said(const eb_proj *proj);

#endif
