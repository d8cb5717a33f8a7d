/**
 * @file plan/inputs.h
 * What a run was asked and the files that it read.
 */
#ifndef PLAN_INPUTS_H
#define PLAN_INPUTS_H

#include "plan/run.h"

/** Columns of the table of inputs. */
enum {
    EB_INPUT_LAYER,
    EB_INPUT_TITLE,
    EB_INPUT_FEATURES,
    EB_INPUT_CRS,
    EB_INPUT_STATUS,
    EB_INPUT_SOURCE,
    EB_INPUT_FILE,
    EB_INPUT_BYTES,
    EB_INPUT_SHA256
};

/** Columns of the table of what was asked. */
enum { EB_ASKED_STEP, EB_ASKED_TITLE, EB_ASKED_ANALYSIS, EB_ASKED_PARAMETERS, EB_ASKED_MADE_FROM, EB_ASKED_STATUS, EB_ASKED_FINDING };

/** A table of the inputs: a row a file, at least one a layer. NULL out of memory. */
eb_table *eb_run_inputs(const eb_run *run);
/** A table of the steps that ran: a row a step; @p table_rows gets the row of each of the run's tables. NULL out of memory. */
eb_table *eb_run_asked(const eb_run *run, size_t *table_rows);

#endif
