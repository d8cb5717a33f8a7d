/**
 * @file recoder.h
 * Text in UTF-8 written in another character set, piece by piece.
 */
#ifndef ECOBELT_LAYER_RECODER_H
#define ECOBELT_LAYER_RECODER_H

#include "layer/sink_common.h"

/** A conversion; it keeps no text. */
typedef struct eb_recoder eb_recoder;

/** EB_USAGE where nothing can be written in the character set @p encoding, or lines of text would not be lines in it (UTF-16). */
eb_status eb_recoder_new(const char *encoding, eb_recoder **out, eb_error *err);
/** True where all of a text can be written in the character set. Looked at by itself, whatever has been written. */
bool eb_recoder_fits(eb_recoder *recoder, const char *text, size_t size);
/** Write the next piece, which ends with a whole character. False where some of it cannot be written in the character set. */
bool eb_recoder_write(eb_recoder *recoder, const char *text, size_t size, eb_writer *to);
/** Free it; NULL is fine. */
void eb_recoder_free(eb_recoder *recoder);

#endif
