/**
 * @file report/embedded.h
 * Files that are part of the library: styles/NAME.qml, the web map's script and sheet, Leaflet. Made by scripts/embed.cmake.
 */
#ifndef REPORT_EMBEDDED_H
#define REPORT_EMBEDDED_H

#include <stddef.h>

/** One file; the text ends with a zero byte beyond its size. */
typedef struct eb_embedded {
    const char *name; /**< "park.qml" */
    const char *text;
    size_t size;
} eb_embedded;

/** File @p i from 0, NULL beyond the last. A function: an array's size would be part of the programs that link to it. */
const eb_embedded *eb_embedded_at(size_t i);

#endif
