/**
 * @file plan/look.h
 * What is known of a plan's layers by opening them: said with the place in the plan, before anything runs.
 */
#ifndef PLAN_LOOK_H
#define PLAN_LOOK_H

#include "plan/model.h"

/**
 * Open the files of a layer: they are there, they are layers, they fit one another, the filter can be read and lets something through,
 * renamed and label fields are there. Fills schema, schematic and source.
 */
eb_status eb_plan_look(const eb_plan *plan, eb_plan_layer *layer, eb_error *err);
/**
 * Whether a condition of a step on a layer or an earlier result can be read and, where that can be known, lets something through.
 * @param node the condition, for its place.
 */
eb_status eb_plan_check_where(const eb_plan *plan, const eb_node *node, const eb_ref *ref, eb_error *err);
/** Whether the shapes of what @p ref means are among @p shapes (EB_TAKES_…, 0: any), where it is known. @p what names the parameter. */
eb_status eb_plan_check_shapes(const eb_plan *plan, const eb_node *node, const eb_ref *ref, unsigned shapes, const char *what,
                               eb_error *err);
/**
 * Whether a step's parameters go with its layers, as far as these are known before anything runs.
 * @param[out] blame what of the step is to blame, where one of its keys is; else left as it is.
 */
eb_status eb_plan_check_layers(const eb_plan *plan, const eb_plan_step *step, const eb_node **blame, eb_error *err);

#endif
