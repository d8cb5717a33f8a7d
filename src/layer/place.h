/**
 * @file place.h
 * Files that appear complete or not at all: written into a hidden folder beside their place, then renamed out of it.
 */
#ifndef ECOBELT_LAYER_PLACE_H
#define ECOBELT_LAYER_PLACE_H

#include <ecobelt/base.h>

/** Where an output is being written. */
typedef struct eb_place {
    char *target; /**< the file in the end */
    char *folder; /**< hidden folder beside it */
    char *file;   /**< the file in that folder, under its own name */
    int held;     /**< descriptor that holds the folder, and one; 0: none */
} eb_place;

/** Make the folder. EB_OUTPUT: the target exists and may not be replaced, or its folder is missing or not writable. */
eb_status eb_place_open(const char *target, bool overwrite, eb_place *out, eb_error *err);
/**
 * Bring all files of the folder to the disk and rename them into place, the target itself last; files of an older version that went with
 * the target are removed. EB_OUTPUT where that fails.
 */
eb_status eb_place_commit(eb_place *place, eb_error *err);
/** Remove what is left and free; fine after a commit, and for a place that was never opened (all zero). */
void eb_place_close(eb_place *place);
/**
 * Take away what this process is writing in a folder, from another thread and at any moment: what a commit has already renamed is taken
 * back, so that each file is as before or as it should be. For a process that ends itself in the middle of a library call.
 */
void eb_places_discard(const char *folder);
/**
 * Libraries tell a full disk in many ways, or of what came of it: where a write to @p target failed, and its disk has no room, say that
 * instead. The error stays as it is where there is room.
 */
void eb_place_blame(const char *target, eb_error *err);
/** EB_OUTPUT with the system's reason (errno) for not writing @p file. */
eb_status eb_place_failed(const char *file, const char *what, eb_error *err);

#endif
