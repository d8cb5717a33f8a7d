/**
 * @file parcel_reader.h
 * What the passes over a [地块坐标] text file share: its lines, the parcel in hand, and what the first pass found out.
 */
#ifndef ECOBELT_LAYER_PARCEL_READER_H
#define ECOBELT_LAYER_PARCEL_READER_H

#include "layer/parcel_text.h"

#include <iconv.h>
#include <stdio.h>

/** Places of the standard header's fields. */
enum { EB_PARCEL_COUNT, EB_PARCEL_AREA, EB_PARCEL_ID, EB_PARCEL_NAME, EB_PARCEL_KIND };

/** Reads lines and turns them to UTF-8. */
typedef struct eb_parcel_lines {
    FILE *file;
    iconv_t conversion; /**< (iconv_t)-1: UTF-8 already */
    int number;
    char raw[EB_PARCEL_LINE];
    char text[EB_PARCEL_LINE * 2];
    size_t size;
    bool broken_off; /**< the last line has no end */
} eb_parcel_lines;

/** A parcel as it is being read: its header and rings. */
typedef struct eb_parcel {
    eb_parcel_line header;
    bool open;
    int line; /**< of the header */
    eb_parcel_rings rings;
} eb_parcel;

/** What tells of the end of a file whose last line has none. */
typedef struct eb_parcel_end {
    int64_t numbers; /**< coordinates known to be whole */
    int decimals;    /**< of them */
    bool even;       /**< all have the same number of decimals, one at least */
    bool in_number;  /**< the file ends with a digit of a coordinate */
    bool as_others;  /**< which has as many decimals as all others */
    bool said_whole; /**< the user says that the file is whole */
} eb_parcel_end;

/** A file on its way. */
typedef struct eb_parcel_reader {
    char *file;
    eb_schema *schema; /**< of the batches; lent by the eb_source */
    size_t *map;
    eb_parcel_facts facts;
    eb_notes notes;
    eb_parcel_lines reader;
    eb_parcel parcel;
    eb_parcel_line line;
    bool in_attributes, in_points, no_shapes, allow_partial, ended;
    bool has_points; /**< a section of parcels has been met */
    int cut_line;    /**< the last line, cut so that it is nothing; 0: there is none */
    bool drop_last;  /**< the last parcel is cut and not given */
    eb_parcel_end end;
    int64_t next_fid;
    /* gathered in the first pass */
    int64_t votes_plain, votes_swapped, degrees, unpacked, plane, prefixes, bare, as_ha, as_m2;
    int first_swapped, prefix_zone;
} eb_parcel_reader;

/** EB_INPUT at a line of the file: "line N: " and what is wrong with it. */
eb_status eb_parcel_fail(const eb_parcel_reader *self, int line, eb_error *err, const char *format, ...) EB_PRINTF(4, 5);
/** EB_REFUSED with a message and a hint, both translated. */
eb_status eb_parcel_refuse(const eb_parcel_reader *self, eb_error *err, const char *message, const char *hint);
/** Back to the first line. */
void eb_parcel_start(eb_parcel_reader *self);
/** What the file is written in, from all its lines, or the user's word. */
eb_status eb_parcel_find_encoding(eb_parcel_reader *self, const char *wanted, eb_error *err);
/** Step to the next line that matters. A parcel is complete (*done) when the next one's header or the end has come. */
eb_status eb_parcel_step(eb_parcel_reader *self, bool *done, eb_error *err);
/** Keep the header in hand as that of a new parcel. */
void eb_parcel_open(eb_parcel_reader *self);
/** What the parcel in hand says it is. */
eb_shape_kind eb_parcel_kind(const eb_parcel *parcel);
/** Look at the point in hand: what it tells of the end of the file. In the first pass. */
void eb_parcel_end_look(eb_parcel_reader *self);
/**
 * Declared count against the points read; a file that ends inside a ring, or perhaps inside the last number of a point or a line, is cut:
 * EB_INPUT, or where a part will do drop_last and a note.
 */
eb_status eb_parcel_check_count(eb_parcel_reader *self, eb_error *err);
/** At the end of the first pass: a last line left out is noted; a file without a section of parcels is cut. */
eb_status eb_parcel_check_end(eb_parcel_reader *self, eb_error *err);
/** What the user says of a file that does not say it, or says it in doubt. */
typedef struct eb_parcel_words {
    const char *degrees; /**< "packed" or "decimal"; NULL: not said */
    const char *shift;   /**< "done": the parameters of 转换参数 are in the coordinates already */
    const char *end;     /**< "whole": the file is whole though its last line has no end */
    const char *crs;     /**< the CRS; NULL: the file's */
} eb_parcel_words;
/** The first pass: all parcels counted, and what their numbers are. */
eb_status eb_parcel_survey(eb_parcel_reader *self, const eb_parcel_words *words, eb_error *err);
/** Are the attributes that the file gives its coordinates ones that can be read as they say? EB_REFUSED where not. */
eb_status eb_parcel_judge_attributes(eb_parcel_reader *self, const eb_parcel_words *words, eb_error *err);
/** All fields and the CRS (@p wanted: the user's, or NULL) of a file that has been surveyed. */
eb_status eb_parcel_schema(const eb_parcel_reader *self, const char *wanted, eb_schema **out, eb_error *err);

#endif
