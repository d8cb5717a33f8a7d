/**
 * @file report/stage.h
 * A run's folder, which appears complete or not at all.
 */
#ifndef REPORT_STAGE_H
#define REPORT_STAGE_H

#include "report/former.h"

/** A folder being made beside the one it will become. */
typedef struct eb_stage eb_stage;
/**
 * Begin a folder that will become @p folder. EB_OUTPUT where @p folder may not be made or replaced: see eb_report_check_folder().
 */
eb_status eb_stage_new(const char *folder, bool overwrite, const char *only, eb_stage **out, eb_error *err);
/** The folder to write into; lent. */
const char *eb_stage_folder(const eb_stage *stage);
/** Path of @p name inside the folder, NULL out of memory; free() it. Folders in @p name ("maps/belt.geojson") are made. */
char *eb_stage_path(const eb_stage *stage, const char *name);
/**
 * Put the folder in place of an earlier run's, whose foreign files come along. Consumes the stage, also on failure (then nothing is left
 * of it). @param[out] carried what became of the earlier run's files; to be cleared.
 */
eb_status eb_stage_commit(eb_stage *stage_take, eb_carried *carried, eb_error *err);
/** Throw the folder away. NULL is fine. */
void eb_stage_abort(eb_stage *stage_take);

#endif
