/**
 * @file report/zip.h
 * A zip archive of texts, stored as they are (APPNOTE 6.3, method 0): a .qgz holds one.
 */
#ifndef REPORT_ZIP_H
#define REPORT_ZIP_H

#include "base/text.h"

/** CRC-32 of ISO 3309, as zip has it. */
uint32_t eb_zip_crc(const void *bytes, size_t size);
/** An archive with one entry. @p name ASCII. The archive is appended to @p out; at most 4 GiB. */
void eb_zip_one(eb_string *out, const char *name, const void *bytes, size_t size);

#endif
