/**
 * @file report/embedded.h
 * Files of the source tree that are part of the library: styles/NAME.qml. Made by cmake/embed.cmake.
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

extern const eb_embedded eb_embedded_files[];
extern const size_t eb_embedded_count;

#endif
