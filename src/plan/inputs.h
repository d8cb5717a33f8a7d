/**
 * @file plan/inputs.h
 * The files that a run read.
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

/** A table of the inputs: a row a file, at least one a layer. NULL out of memory. */
eb_table *eb_run_inputs(const eb_run *run);

#endif
