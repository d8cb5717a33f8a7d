/* The first pass over a [地块坐标] text file: what its numbers are. */
#include "layer/parcel_reader.h"

#include "base/text.h"
#include "base/translate.h"

#include <math.h>
#include <string.h>

static bool packed_like(double value)
{
    double rest = (fabs(value) - trunc(fabs(value))) * 100, minutes = trunc(rest + 1e-7), seconds = (rest - minutes) * 100;
    return minutes < 60 && seconds < 60;
}

static bool is_northing(double v)
{
    return v >= 1.5e6 && v < 6.5e6;
}

/* Easting with (13 000 000 to 46 000 000) or without zone prefix. */
static bool is_easting(double v)
{
    return (v >= 1e5 && v < 1e6) || (v >= 1.3e7 && v < 4.6e7);
}

static void vote(eb_parcel_reader *self)
{
    double a = self->line.a, b = self->line.b;
    if (fabs(a) <= 180 && fabs(b) <= 180) {
        self->degrees++;
        if (!packed_like(a) || !packed_like(b)) self->unpacked++;
        if (a > 70 && a < 140 && b < 60) self->votes_swapped++;
        if (b > 70 && b < 140 && a < 60) self->votes_plain++;
        return;
    }
    self->plane++;
    bool plain = is_northing(a) && is_easting(b), swapped = is_easting(a) && is_northing(b);
    double east = swapped ? a : b;
    self->votes_plain += plain;
    self->votes_swapped += swapped;
    if (swapped && self->first_swapped == 0) self->first_swapped = self->reader.number;
    if (!plain && !swapped) return;
    if (east < 1e6) {
        self->bare++;
        return;
    }
    int zone = (int)(east / 1e6);
    self->prefixes++;
    if (self->prefix_zone == 0) self->prefix_zone = zone;
    if (self->prefix_zone != zone) self->prefix_zone = -1;
}

/* Is the header's area in hectares or in square metres? */
static void vote_area(eb_parcel_reader *self)
{
    eb_parcel *p = &self->parcel;
    double said = 0;
    if (p->header.field_count <= EB_PARCEL_AREA || !eb_text_to_real(p->header.field[EB_PARCEL_AREA], &said) || said <= 0) return;
    double area = eb_parcel_rings_area(&p->rings);
    if (fabs(said * 1e4 - area) < 0.05 * area) self->as_ha++;
    if (fabs(said - area) < 0.05 * area) self->as_m2++;
}

/* The value of the further field `status`, or NULL. */
static const char *status_of(const eb_parcel_reader *self, const eb_parcel_line *header)
{
    size_t place = EB_PARCEL_FIELDS;
    for (const char *at = self->facts.extra_names; *at; place++) {
        const size_t size = strcspn(at, ",");
        if (size == 6 && strncmp(at, "status", 6) == 0) return place < header->field_count ? header->field[place] : NULL;
        at += size + (at[size] == ',');
    }
    return NULL;
}

/* The parcel in hand is whole. */
static void count_parcel(eb_parcel_reader *self)
{
    if (self->ended && self->end.in_number) vote(self);
    if (eb_parcel_kind(&self->parcel) == EB_SHAPE_POLYGON) vote_area(self);
    self->facts.schematic += eb_status_schematic(status_of(self, &self->parcel.header));
    self->facts.parcels++;
}

static eb_status read_all(eb_parcel_reader *self, eb_error *err)
{
    eb_parcel_start(self);
    eb_parcel_facts *facts = &self->facts;
    while (!self->ended) {
        bool done = false;
        eb_status status = eb_parcel_step(self, &done, err);
        if (!status && done) {
            status = eb_parcel_check_count(self, err);
            self->parcel.open = false;
            if (!status && !self->drop_last) count_parcel(self);
        }
        if (status) return status;
        if (self->ended) break;
        if (self->line.kind == EB_PARCEL_HEADER) {
            eb_parcel_open(self);
            size_t extra = self->line.field_count > EB_PARCEL_FIELDS ? self->line.field_count - EB_PARCEL_FIELDS : 0;
            if (extra > facts->extra_fields) facts->extra_fields = extra;
        } else if (self->line.kind == EB_PARCEL_POINT) {
            eb_parcel_end_look(self);
            /* A number that may be cut has no say before it is known that it is not. */
            if (!self->end.in_number) vote(self);
            if (!eb_parcel_rings_add(&self->parcel.rings, self->line.ring, self->line.b, self->line.a)) return eb_error_memory(err);
        }
    }
    return eb_parcel_check_end(self, err);
}

/* Degrees may be decimal or packed; where the digits do not tell, the user must. */
static eb_status judge_degrees(eb_parcel_reader *self, const char *said, eb_error *err)
{
    /* 度分秒: degrees, minutes, seconds */
    const bool packed = said ? eb_text_same(said, "packed") : strstr(self->facts.unit, "度分秒") != NULL;
    if (packed) {
        self->facts.numbers = EB_PARCEL_PACKED;
        return EB_OK;
    }
    self->facts.numbers = EB_PARCEL_DEGREES;
    if (said && eb_text_same(said, "decimal")) return EB_OK;
    if (said) return eb_error_set(err, EB_USAGE, "DEGREES is packed or decimal, not \"%s\"", said);
    if (self->unpacked > 0) {
        eb_notes_add(&self->notes, "coordinates are decimal degrees (minutes or seconds of 60 and more if they were ddd.mmss)");
        return EB_OK;
    }
    return eb_parcel_refuse(self, err, "the coordinates are degrees, and by their digits they may be packed (ddd.mmss) or decimal",
                            "say which: \"FILE.txt|option:DEGREES=packed\" or \"FILE.txt|option:DEGREES=decimal\"");
}

static eb_status judge_numbers(eb_parcel_reader *self, const eb_parcel_words *words, eb_error *err)
{
    eb_parcel_facts *facts = &self->facts;
    if (self->degrees && self->plane)
        return eb_parcel_refuse(self, err, "some coordinates are degrees and some are metres", "split the file");
    if (self->votes_plain && self->votes_swapped) {
        char text[200];
        snprintf(text, sizeof text, _("X (north) and Y (east) change places within the file, first in line %d"), self->first_swapped);
        return eb_parcel_refuse(self, err, text, "bring the columns into one order: X north, then Y east");
    }
    facts->swapped = self->votes_swapped > 0;
    if (facts->swapped)
        eb_notes_fault(&self->notes, EB_REMARK_FORM, EB_NO_FID,
                       "the columns are east, north instead of north, east; read in their true sense");
    if (self->as_m2 > 0 && self->as_ha == 0) {
        facts->area_in_m2 = true;
        eb_notes_fault(&self->notes, EB_REMARK_FORM, EB_NO_FID,
                       "the headers give areas in square metres, not hectares; brought to hectares");
    }
    if (self->degrees) return judge_degrees(self, words->degrees, err);
    if (self->prefix_zone < 0)
        return eb_parcel_refuse(self, err, "the eastings begin with several zone numbers: the file mixes zones",
                                "split the file by zone, or bring all to one");
    if (self->prefixes && self->bare)
        return eb_parcel_refuse(self, err, "some eastings carry a zone number (8 digits) and some do not (6 digits)",
                                "bring all to one form");
    facts->prefixed = self->prefixes > 0;
    if (facts->prefixed && facts->zone && facts->zone != self->prefix_zone) {
        char text[200];
        snprintf(text, sizeof text, "带号=%d, but the eastings begin with %d", facts->zone, self->prefix_zone);
        return eb_parcel_refuse(self, err, text, "correct the file, or name the CRS: --from-crs of ecobelt convert, or crs: in a plan");
    }
    if (facts->prefixed) facts->zone = self->prefix_zone;
    if (!facts->width) facts->width = facts->zone && facts->zone < 24 ? 6 : 3;
    return EB_OK;
}

eb_status eb_parcel_survey(eb_parcel_reader *self, const eb_parcel_words *words, eb_error *err)
{
    if (words->end && !eb_text_same(words->end, "whole")) return eb_error_set(err, EB_USAGE, "END is whole, not \"%s\"", words->end);
    self->end.said_whole = words->end != NULL;
    eb_status status = read_all(self, err);
    if (!status) status = eb_parcel_judge_attributes(self, words, err);
    return status ? status : judge_numbers(self, words, err);
}
