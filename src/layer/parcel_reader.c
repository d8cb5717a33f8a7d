#include "layer/parcel_reader.h"

#include "layer/file_check.h"

#include "base/text.h"
#include "base/translate.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

eb_status eb_parcel_fail(const eb_parcel_reader *self, int line, eb_error *err, const char *format, ...)
{
    char text[500];
    va_list args;
    va_start(args, format);
    eb_translate_into(text, sizeof text, format, args);
    va_end(args);
    eb_error_set(err, EB_INPUT, "line %d: %s", line, text);
    eb_error_where(err, self->file, NULL, EB_NO_FID);
    if (err) err->line = line;
    return EB_INPUT;
}

eb_status eb_parcel_refuse(const eb_parcel_reader *self, eb_error *err, const char *message, const char *hint)
{
    eb_error_set(err, EB_REFUSED, "%s", eb_translate(message));
    eb_error_where(err, self->file, NULL, EB_NO_FID);
    eb_error_hint(err, "%s", eb_translate(hint));
    return EB_REFUSED;
}

/* --- lines ------------------------------------------------------------------------------------------------------------------------- */

/* One raw line; *more false at the end. Too long a line is an error. */
static eb_status read_raw(eb_parcel_reader *self, bool *more, eb_error *err)
{
    eb_parcel_lines *reader = &self->reader;
    size_t used = 0;
    int c;
    *more = true;
    reader->number++;
    while ((c = getc(reader->file)) != EOF && c != '\n') {
        if (used + 1 >= sizeof reader->raw)
            return eb_parcel_fail(self, self->reader.number, err, "longer than %d bytes", EB_PARCEL_LINE - 1);
        reader->raw[used++] = (char)c;
    }
    if (ferror(reader->file)) return eb_parcel_fail(self, self->reader.number, err, "cannot be read: %s", eb_translate(strerror(errno)));
    reader->size = used;
    *more = c != EOF || used > 0;
    /* A return is the first half of an end. */
    if (c == EOF && used > 0) reader->broken_off = reader->raw[used - 1] != '\r';
    return EB_OK;
}

static eb_status read_line(eb_parcel_reader *self, bool *more, eb_error *err)
{
    eb_parcel_lines *reader = &self->reader;
    eb_status status = read_raw(self, more, err);
    if (status || !*more) return status;
    if (reader->conversion == (iconv_t)-1) {
        memcpy(reader->text, reader->raw, reader->size);
    } else {
        char *in = reader->raw, *out = reader->text;
        size_t left = reader->size, room = sizeof reader->text;
        iconv(reader->conversion, NULL, NULL, NULL, NULL);
        const bool text = iconv(reader->conversion, &in, &left, &out, &room) != (size_t)-1;
        /* The last character may be cut, which makes a line of what stands before it that is left out. */
        if (!text && !(reader->broken_off && self->allow_partial))
            return eb_parcel_fail(self, self->reader.number, err, "not text in %s", self->facts.encoding);
        reader->size = sizeof reader->text - room;
    }
    eb_parcel_line_parse(reader->text, reader->size, self->in_attributes, &self->line);
    if (self->line.kind == EB_PARCEL_BLANK) reader->broken_off = false;
    return EB_OK;
}

void eb_parcel_start(eb_parcel_reader *self)
{
    rewind(self->reader.file);
    self->reader.number = 0;
    self->reader.broken_off = false;
    self->in_attributes = self->in_points = self->ended = self->parcel.open = false;
    self->next_fid = 1;
    eb_parcel_rings_reset(&self->parcel.rings);
}

/* What the file is written in, from all its lines. */
eb_status eb_parcel_find_encoding(eb_parcel_reader *self, const char *wanted, eb_error *err)
{
    if (wanted) return eb_encoding_name(wanted, self->facts.encoding, sizeof self->facts.encoding, err);
    eb_encoding_evidence evidence = {0};
    bool more = true;
    eb_parcel_start(self);
    while (more) {
        eb_status status = read_raw(self, &more, err);
        if (status) return status;
        if (more) eb_encoding_look(&evidence, self->reader.raw, self->reader.size);
    }
    const char *guess = eb_encoding_guess(&evidence);
    /* The headings are Chinese, so what is not UTF-8 is GB18030. */
    eb_text_copy(self->facts.encoding, sizeof self->facts.encoding, strcmp(guess, "UTF-8") == 0 ? guess : "GB18030");
    return EB_OK;
}

/* --- parcels ----------------------------------------------------------------------------------------------------------------------- */

eb_shape_kind eb_parcel_kind(const eb_parcel *p)
{
    const char *text = p->header.field_count > EB_PARCEL_KIND ? p->header.field[EB_PARCEL_KIND] : "";
    if (strcmp(text, "点") == 0) return EB_SHAPE_POINT;
    return strcmp(text, "线") == 0 ? EB_SHAPE_LINE : EB_SHAPE_POLYGON;
}

static void note_attribute(eb_parcel_reader *self, const char *key, const char *value)
{
    int64_t number = 0;
    eb_parcel_facts *facts = &self->facts;
    if (strcmp(key, "坐标系") == 0)
        eb_text_copy(facts->system, sizeof facts->system, value);
    else if (strcmp(key, "带号") == 0 && eb_text_to_integer(value, &number) && number > 0 && number < 121)
        facts->zone = (int)number;
    else if (strcmp(key, "几度分带") == 0)
        eb_text_copy(facts->bands, sizeof facts->bands, value);
    else if (strcmp(key, "计量单位") == 0)
        eb_text_copy(facts->unit, sizeof facts->unit, value);
    else if (strcmp(key, "投影类型") == 0)
        eb_text_copy(facts->projection, sizeof facts->projection, value);
    else if (strcmp(key, "转换参数") == 0)
        eb_text_copy(facts->shift, sizeof facts->shift, value);
    else if (strcmp(key, "扩展字段") == 0)
        eb_text_copy(facts->extra_names, sizeof facts->extra_names, value);
}

static void enter_section(eb_parcel_reader *self, const char *name)
{
    self->in_points = strcmp(name, "地块坐标") == 0;
    self->has_points = self->has_points || self->in_points;
    self->in_attributes = !self->in_points;
}

/* Is the line in hand the last one, cut so that it is nothing? */
static bool is_cut(const eb_parcel_reader *self)
{
    const bool lost_point = self->line.kind == EB_PARCEL_POINT && (!self->in_points || !self->parcel.open);
    const bool strange = self->line.kind == EB_PARCEL_STRANGE && !self->in_attributes;
    return self->reader.broken_off && (lost_point || strange);
}

/* A line that is neither header nor point, but would be a point with numbers for coordinates. */
static eb_status refuse_coordinate(const eb_parcel_reader *self, eb_error *err)
{
    static const char *const angles[] = {"°", "′", "″", "\'", "\"", "度", "分", "秒"};
    double value;
    const char *number = self->line.field[eb_text_to_real(self->line.field[2], &value) ? 3 : 2];
    eb_parcel_fail(self, self->reader.number, err, "the coordinate %s is no number", number);
    for (size_t i = 0; i < sizeof angles / sizeof *angles; i++)
        if (strstr(number, angles[i]))
            eb_error_hint(err, "write degrees, minutes and seconds as ddd.mmss (28.5130), or as decimal degrees (28.858333)");
    return EB_INPUT;
}

static eb_status refuse_strange(const eb_parcel_reader *self, eb_error *err)
{
    const eb_parcel_line *line = &self->line;
    int64_t ring;
    if (line->field_count >= 4 && line->field_count <= 6 && eb_text_to_integer(line->field[1], &ring)) return refuse_coordinate(self, err);
    return eb_parcel_fail(self, self->reader.number, err, "neither a parcel's header (it ends with @) nor a point (name, ring, X, Y)");
}

static eb_status take_line(eb_parcel_reader *self, bool *done, eb_error *err)
{
    switch (self->line.kind) {
    case EB_PARCEL_SECTION:
        enter_section(self, self->line.field[0]);
        *done = self->parcel.open;
        return EB_OK;
    case EB_PARCEL_ATTRIBUTE:
        note_attribute(self, self->line.field[0], self->line.field[1]);
        return EB_OK;
    case EB_PARCEL_HEADER:
        if (!self->in_points) return eb_parcel_fail(self, self->reader.number, err, "a parcel before the section [地块坐标]");
        *done = self->parcel.open;
        return EB_OK;
    case EB_PARCEL_POINT:
        if (!self->in_points || !self->parcel.open)
            return eb_parcel_fail(self, self->reader.number, err, "a point that belongs to no parcel");
        return EB_OK;
    case EB_PARCEL_STRANGE:
        if (self->in_attributes) return EB_OK;
        return refuse_strange(self, err);
    default:
        return EB_OK;
    }
}

/* Step to the next line that matters. A parcel is complete (*done) when the next one's header or the end has come. */
eb_status eb_parcel_step(eb_parcel_reader *self, bool *done, eb_error *err)
{
    bool more = true;
    *done = false;
    eb_status status = read_line(self, &more, err);
    if (status) return status;
    if (!more) {
        self->ended = true;
        *done = self->parcel.open;
        return EB_OK;
    }
    if (is_cut(self) && self->allow_partial) {
        self->cut_line = self->reader.number;
        self->line.kind = EB_PARCEL_BLANK;
        return EB_OK;
    }
    status = take_line(self, done, err);
    if (status && is_cut(self)) eb_error_hint(err, "%s", eb_translate(eb_copy_or_part));
    return status;
}
/* Keep a header: its strings move with it. */
void eb_parcel_open(eb_parcel_reader *self)
{
    eb_parcel *p = &self->parcel;
    memcpy(&p->header, &self->line, sizeof p->header);
    for (size_t f = 0; f < p->header.field_count; f++) p->header.field[f] = p->header.text + (self->line.field[f] - self->line.text);
    p->open = true;
    p->line = self->reader.number;
    eb_parcel_rings_reset(&p->rings);
}
