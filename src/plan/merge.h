/**
 * @file plan/merge.h
 * One layer out of several files, as when each county hands in its own, or out of other layers of the plan; and fields under the names
 * that the steps use.
 */
#ifndef PLAN_MERGE_H
#define PLAN_MERGE_H

#include "plan/model.h"

/** Whether the layer must be brought together in memory: it has several files, is made from layers, or its fields have other names. */
static inline bool eb_merge_needed(const eb_plan_layer *layer)
{
    return layer->name_count > 1 || layer->part_count || layer->fields || layer->values;
}
/** Open file @p file of @p layer, as the plan says to read it and @p options say (NULL: nothing more); both filters hold. */
eb_status eb_plan_open(const eb_plan_layer *layer, size_t file, const eb_read_options *options, eb_source **out, eb_error *err);
/**
 * Schema of the layer: that of its file, or of all its files together: fields by name, whole numbers and other numbers become numbers,
 * single and multi shapes become multi. EB_REFUSED where files differ in CRS or in the type of a field; layers in several CRS are brought
 * to that of the first, and refused where that cannot be done. @param[out] at for an error: which of the files, or which of the parts.
 */
eb_status eb_merge_schema(const eb_plan *plan, const eb_plan_layer *layer, eb_schema **out, size_t *at, eb_error *err);
/** All features of all files of @p layer in one memory layer, numbered from 1. */
eb_status eb_merge_read(const eb_plan *plan, const eb_plan_layer *layer, const eb_env *env, eb_layer **out, eb_error *err);

#endif
