/* Is a parcel of a [地块坐标] text file whole? Asked of the last one above all: the format has no end of its own. */
#include "layer/file_check.h"
#include "layer/parcel_reader.h"

#include "base/text.h"
#include "base/translate.h"

#include <inttypes.h>
#include <string.h>

/* Digits behind the point, -1 where the number has an exponent. */
static int decimals(const char *number)
{
    if (strpbrk(number, "eE")) return -1;
    const char *point = strchr(number, '.');
    return point ? (int)strlen(point + 1) : 0;
}

static void count_decimals(eb_parcel_end *end, const char *number)
{
    const int found = decimals(number);
    end->even = end->numbers == 0 ? found > 0 : end->even && found == end->decimals;
    end->decimals = found;
    end->numbers++;
}

void eb_parcel_end_look(eb_parcel_reader *self)
{
    const eb_parcel_lines *reader = &self->reader;
    const char last = reader->size > 0 ? reader->text[reader->size - 1] : ' ';
    eb_parcel_end *end = &self->end;
    count_decimals(end, self->line.field[2]);
    /* Anything behind the number, a brace or a blank, says that it is whole. */
    end->in_number = reader->broken_off && self->line.field_count == 4 && ((last >= '0' && last <= '9') || last == '.');
    if (end->in_number)
        end->as_others = end->even && decimals(self->line.field[3]) == end->decimals;
    else
        count_decimals(end, self->line.field[3]);
}

/* May the file end within its last number? The closing point of a ring proves itself. */
static bool is_doubtful(eb_parcel_reader *self, bool polygon)
{
    if (polygon || !self->ended || !self->end.in_number || self->end.said_whole) return false;
    if (!self->end.as_others) return true;
    eb_notes_add(&self->notes, "the last line has no end; its last number has as many decimals as all others and is taken for whole");
    return false;
}

static eb_status refuse_doubtful(const eb_parcel_reader *self, eb_error *err)
{
    eb_parcel_fail(self, self->reader.number - 1, err, "the last line has no end: its last number may be cut");
    eb_error_hint(err,
                  "copy the file again, or leave its last parcel out: --allow-partial of ecobelt convert; where the file is whole, end "
                  "its last line or say so: \"FILE.txt|option:END=whole\"");
    return EB_INPUT;
}

static eb_status refuse_cut(const eb_parcel_reader *self, int64_t found, int64_t declared, eb_error *err)
{
    eb_parcel_fail(self, self->reader.number, err, "the file ends inside a parcel (begun in line %d: %" PRId64 " of %" PRId64 " points)",
                   self->parcel.line, found, declared);
    eb_error_hint(err, "%s", eb_translate(eb_copy_or_part));
    return EB_INPUT;
}

eb_status eb_parcel_check_count(eb_parcel_reader *self, eb_error *err)
{
    eb_parcel *p = &self->parcel;
    int64_t declared = -1;
    if (p->header.field_count == 0 || !eb_text_to_integer(p->header.field[EB_PARCEL_COUNT], &declared)) declared = -1;
    const bool polygon = eb_parcel_kind(p) == EB_SHAPE_POLYGON, open_ring = polygon && p->rings.rings > 0 && !p->rings.closed;
    const int64_t found = (int64_t)p->rings.points, distinct = found - (int64_t)p->rings.rings;
    const bool complete = declared == found || (polygon && declared == distinct);
    const bool cut =
        self->ended && (found == 0 || declared > found || (open_ring && self->reader.broken_off) || (self->cut_line && !complete));
    const bool doubtful = !cut && is_doubtful(self, polygon);
    if ((cut || doubtful) && !self->allow_partial) return cut ? refuse_cut(self, found, declared, err) : refuse_doubtful(self, err);
    if (cut || doubtful) {
        self->drop_last = true;
        eb_notes_fault(&self->notes, EB_REMARK_DAMAGE, EB_NO_FID, "the file ends inside a parcel (begun in line %d), which is left out",
                       p->line);
        return EB_OK;
    }
    if (open_ring || p->rings.unclosed)
        eb_notes_fault(&self->notes, EB_REMARK_FORM, self->facts.parcels + 1,
                       "line %d: a ring of the parcel is not closed; closed on reading", p->line);
    if (declared >= 0 && declared != found && declared != distinct)
        eb_notes_fault(&self->notes, EB_REMARK_FORM, self->facts.parcels + 1,
                       "line %d: the header says %" PRId64 " points, %" PRId64 " are there", p->line, declared, found);
    return EB_OK;
}

eb_status eb_parcel_check_end(eb_parcel_reader *self, eb_error *err)
{
    if (self->cut_line) eb_notes_fault(&self->notes, EB_REMARK_DAMAGE, EB_NO_FID, "line %d breaks off and is left out", self->cut_line);
    if (self->has_points) return EB_OK;
    if (!self->allow_partial) {
        eb_parcel_fail(self, self->reader.number, err, "the file ends before its section [地块坐标]");
        eb_error_hint(err, "%s", eb_translate(eb_copy_again)); /* there is no parcel to take */
        return EB_INPUT;
    }
    eb_notes_fault(&self->notes, EB_REMARK_DAMAGE, EB_NO_FID, "the file ends before its section [地块坐标]");
    return EB_OK;
}
