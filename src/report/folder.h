/**
 * @file report/folder.h
 * Which folder a run may replace.
 */
#ifndef REPORT_FOLDER_H
#define REPORT_FOLDER_H

#include <ecobelt/report.h>

/**
 * True when everything in @p folder is what a run writes (or what viewers leave beside it).
 * @param[out] foreign receives the first file that is not, relative to the folder.
 */
bool eb_folder_is_a_run(const char *folder, char *foreign, size_t size);

#endif
