/**
 * @file fuzz.h
 * What the fuzz targets share.
 */
#ifndef ECOBELT_FUZZ_H
#define ECOBELT_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/** The target: libFuzzer calls it with each input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/** Put bytes into a file NAME beside those of fuzz_file(), once, for what an input refers to. */
void fuzz_companion(const char *name, const char *text);
/** Put bytes into a file of this process, in memory where there is a place for that; returns its name. The process ends where it cannot. */
const char *fuzz_file(const uint8_t *data, size_t size, const char *ending);

#endif
