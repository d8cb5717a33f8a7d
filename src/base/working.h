/**
 * @file base/working.h
 * Files and folders that are being made beside their place, under hidden names of their own: ".NAME.ecobelt-…". Whoever makes one holds
 * it, so that what nobody holds was left by a program that was killed, and goes when its target is written the next time.
 */
#ifndef BASE_WORKING_H
#define BASE_WORKING_H

#include <ecobelt/base.h>

/** "PARENT/.NAME.ecobelt-", to which a maker adds what tells its own from others'. From malloc(), NULL out of memory. */
char *eb_working_prefix(const char *target);
/**
 * Hold what was just made at @p path. False where it is gone or in the hands of somebody who tidies: make another one.
 * @param[out] held descriptor to close when it is done; -1 where this file system knows no holding (nobody tidies there either).
 */
bool eb_working_hold(const char *path, int *held);
/** Remove what nobody holds of the files and folders that were to become @p target. What cannot be removed stays. */
void eb_working_tidy(const char *target);
/**
 * Between these two, files that belong together are put in place one after the other. Neither nests nor fails.
 */
void eb_working_place_begin(void);
void eb_working_place_end(void);
/**
 * The process is about to end: wait until what was begun to be put in place is there, @p milliseconds at most, and let nobody begin any
 * more. False where the time ran out.
 */
bool eb_working_last(long milliseconds);
/** Remove a folder of ours and all in it; what cannot be removed stays. */
void eb_working_remove(const char *folder);

#endif
