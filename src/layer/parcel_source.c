#include "layer/batch.h"
#include "layer/file_check.h"
#include "layer/ogr.h"
#include "layer/parcel_text.h"

#include "base/text.h"
#include "base/translate.h"

#include <cpl_string.h>
#include <errno.h>
#include <iconv.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char driver_name[] = "[地块坐标]";
static const char *const field_names[EB_PARCEL_FIELDS] = {"界址点数", "地块面积", "地块编号", "地块名称",
                                                          "图形属性", "图幅号",   "地块用途", "地类编码"};
static const eb_field_type field_types[EB_PARCEL_FIELDS] = {EB_FIELD_INTEGER, EB_FIELD_REAL, EB_FIELD_TEXT, EB_FIELD_TEXT,
                                                            EB_FIELD_TEXT,    EB_FIELD_TEXT, EB_FIELD_TEXT, EB_FIELD_TEXT};
enum { FIELD_COUNT, FIELD_AREA, FIELD_ID, FIELD_NAME, FIELD_KIND };

/* Reads lines and turns them to UTF-8. */
typedef struct line_reader {
    FILE *file;
    iconv_t conversion; /* (iconv_t)-1: UTF-8 already */
    int number;
    char raw[EB_PARCEL_LINE];
    char text[EB_PARCEL_LINE * 2];
    size_t size;
    bool broken_off; /* the last line has no end */
} line_reader;

/* A parcel as it is being read: its header and rings. */
typedef struct parcel {
    eb_parcel_line header;
    bool open;
    int line; /* of the header */
    eb_parcel_rings rings;
} parcel;

typedef struct parcel_source {
    char *file;
    eb_schema *schema; /* of the batches; lent by the eb_source */
    size_t *map;
    eb_parcel_facts facts;
    eb_notes notes;
    line_reader reader;
    parcel parcel;
    eb_parcel_line line;
    bool in_attributes, in_points, no_shapes, allow_partial, ended;
    int64_t next_fid;
    /* gathered in the first pass */
    int64_t votes_plain, votes_swapped, degrees, unpacked, plane, prefixes, bare, as_ha, as_m2;
    int first_swapped, prefix_zone;
} parcel_source;

static eb_status fail_at(parcel_source *self, eb_status code, eb_error *err, const char *format, ...) EB_PRINTF(4, 5);
static eb_status fail_at(parcel_source *self, eb_status code, eb_error *err, const char *format, ...)
{
    char text[500];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, eb_translate(format), args);
    va_end(args);
    eb_text_trim_utf8(text, sizeof text);
    eb_error_set(err, code, "line %d: %s", self->reader.number, text);
    eb_error_where(err, self->file, NULL, EB_NO_FID);
    if (err) err->line = self->reader.number;
    return code;
}

/* --- lines ------------------------------------------------------------------------------------------------------------------------- */

/* One raw line; *more false at the end. Too long a line is an error. */
static eb_status read_raw(parcel_source *self, bool *more, eb_error *err)
{
    line_reader *reader = &self->reader;
    size_t used = 0;
    int c;
    *more = true;
    reader->number++;
    while ((c = getc(reader->file)) != EOF && c != '\n') {
        if (used + 1 >= sizeof reader->raw) return fail_at(self, EB_INPUT, err, "longer than %d bytes", EB_PARCEL_LINE - 1);
        reader->raw[used++] = (char)c;
    }
    if (ferror(reader->file)) return fail_at(self, EB_INPUT, err, "cannot be read: %s", eb_translate(strerror(errno)));
    reader->size = used;
    *more = c != EOF || used > 0;
    if (c == EOF && used > 0) reader->broken_off = true;
    return EB_OK;
}

static eb_status read_line(parcel_source *self, bool *more, eb_error *err)
{
    line_reader *reader = &self->reader;
    eb_status status = read_raw(self, more, err);
    if (status || !*more) return status;
    if (reader->conversion == (iconv_t)-1) {
        memcpy(reader->text, reader->raw, reader->size);
    } else {
        char *in = reader->raw, *out = reader->text;
        size_t left = reader->size, room = sizeof reader->text;
        iconv(reader->conversion, NULL, NULL, NULL, NULL);
        if (iconv(reader->conversion, &in, &left, &out, &room) == (size_t)-1)
            return fail_at(self, EB_INPUT, err, "not text in %s", self->facts.encoding);
        reader->size = sizeof reader->text - room;
    }
    eb_parcel_line_parse(reader->text, reader->size, self->in_attributes, &self->line);
    return EB_OK;
}

static void start_pass(parcel_source *self)
{
    rewind(self->reader.file);
    self->reader.number = 0;
    self->reader.broken_off = false;
    self->in_attributes = self->in_points = self->ended = self->parcel.open = false;
    self->next_fid = 1;
    eb_parcel_rings_reset(&self->parcel.rings);
}

/* What the file is written in, from all its lines. */
static eb_status find_encoding(parcel_source *self, const char *wanted, eb_error *err)
{
    if (wanted) return eb_encoding_name(wanted, self->facts.encoding, sizeof self->facts.encoding, err);
    eb_encoding_evidence evidence = {0};
    bool more = true;
    start_pass(self);
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

static eb_shape_kind parcel_kind(const parcel *p)
{
    const char *text = p->header.field_count > FIELD_KIND ? p->header.field[FIELD_KIND] : "";
    if (strcmp(text, "点") == 0) return EB_SHAPE_POINT;
    return strcmp(text, "线") == 0 ? EB_SHAPE_LINE : EB_SHAPE_POLYGON;
}

static void note_attribute(parcel_source *self, const char *key, const char *value)
{
    int64_t number = 0;
    eb_parcel_facts *facts = &self->facts;
    if (strcmp(key, "坐标系") == 0)
        eb_text_copy(facts->system, sizeof facts->system, value);
    else if (strcmp(key, "带号") == 0 && eb_text_to_integer(value, &number) && number > 0 && number < 121)
        facts->zone = (int)number;
    else if (strcmp(key, "几度分带") == 0 && eb_text_to_integer(value, &number) && (number == 3 || number == 6))
        facts->width = (int)number;
    else if (strcmp(key, "扩展字段") == 0)
        eb_text_copy(facts->extra_names, sizeof facts->extra_names, value);
}

static void enter_section(parcel_source *self, const char *name)
{
    self->in_points = strcmp(name, "地块坐标") == 0;
    self->in_attributes = !self->in_points;
}

/* Step to the next line that matters. A parcel is complete (*done) when the next one's header or the end has come. */
static eb_status step(parcel_source *self, bool *done, eb_error *err)
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
    switch (self->line.kind) {
    case EB_PARCEL_SECTION:
        enter_section(self, self->line.field[0]);
        *done = self->parcel.open;
        return EB_OK;
    case EB_PARCEL_ATTRIBUTE:
        note_attribute(self, self->line.field[0], self->line.field[1]);
        return EB_OK;
    case EB_PARCEL_HEADER:
        if (!self->in_points) return fail_at(self, EB_INPUT, err, "a parcel before the section [地块坐标]");
        *done = self->parcel.open;
        return EB_OK;
    case EB_PARCEL_POINT:
        if (!self->in_points || !self->parcel.open) return fail_at(self, EB_INPUT, err, "a point that belongs to no parcel");
        return EB_OK;
    case EB_PARCEL_STRANGE:
        if (self->in_attributes) return EB_OK;
        return fail_at(self, EB_INPUT, err, "neither a parcel's header (it ends with @) nor a point (name, ring, X, Y)");
    default:
        return EB_OK;
    }
}

/* Keep a header: its strings move with it. */
static void open_parcel(parcel_source *self)
{
    parcel *p = &self->parcel;
    memcpy(&p->header, &self->line, sizeof p->header);
    for (size_t f = 0; f < p->header.field_count; f++) p->header.field[f] = p->header.text + (self->line.field[f] - self->line.text);
    p->open = true;
    p->line = self->reader.number;
    eb_parcel_rings_reset(&p->rings);
}

/* ddd.mmss to degrees. */
static double unpack(double value)
{
    double degrees = trunc(value), rest = (value - degrees) * 100, minutes = trunc(rest + 1e-7);
    return degrees + minutes / 60 + (rest - minutes) * 100 / 3600;
}

static bool add_point(parcel_source *self)
{
    double north = self->line.a, east = self->line.b;
    if (self->facts.swapped) {
        north = self->line.b;
        east = self->line.a;
    }
    if (self->facts.numbers == EB_PARCEL_PACKED) {
        north = unpack(north);
        east = unpack(east);
    }
    return eb_parcel_rings_add(&self->parcel.rings, self->line.ring, east, north);
}

/* Declared count against the points read; a file that ends inside a ring is cut. */
static eb_status check_count(parcel_source *self, eb_error *err)
{
    parcel *p = &self->parcel;
    int64_t declared = -1;
    if (p->header.field_count == 0 || !eb_text_to_integer(p->header.field[FIELD_COUNT], &declared)) declared = -1;
    bool open_ring = parcel_kind(p) == EB_SHAPE_POLYGON && p->rings.rings > 0 && !p->rings.closed;
    int64_t found = (int64_t)p->rings.points, distinct = found - (int64_t)p->rings.rings;
    if (self->ended && (found == 0 || (open_ring && (declared > found || self->reader.broken_off)))) {
        if (!self->allow_partial) {
            fail_at(self, EB_INPUT, err, "the file ends inside a parcel (begun in line %d: %" PRId64 " of %" PRId64 " points)", p->line,
                    found, declared);
            eb_error_hint(err,
                          "copy the file again, or take what can be read: --allow-partial of ecobelt convert, allow_partial: in a plan");
            return EB_INPUT;
        }
        eb_notes_add(&self->notes, "the file ends inside a parcel (begun in line %d)", p->line);
    }
    if (open_ring || p->rings.unclosed)
        eb_notes_add(&self->notes, "line %d: a ring of the parcel is not closed; closed on reading", p->line);
    if (declared >= 0 && declared != found && declared != distinct)
        eb_notes_add(&self->notes, "line %d: the header says %" PRId64 " points, %" PRId64 " are there", p->line, declared, found);
    return EB_OK;
}

/* --- the first pass ------------------------------------------------------------------------------------------------------------------ */

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

static void vote(parcel_source *self)
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
static void vote_area(parcel_source *self)
{
    parcel *p = &self->parcel;
    double said = 0;
    if (p->header.field_count <= FIELD_AREA || !eb_text_to_real(p->header.field[FIELD_AREA], &said) || said <= 0) return;
    double area = eb_parcel_rings_area(&p->rings);
    if (fabs(said * 1e4 - area) < 0.05 * area) self->as_ha++;
    if (fabs(said - area) < 0.05 * area) self->as_m2++;
}

static eb_status survey(parcel_source *self, eb_error *err)
{
    start_pass(self);
    eb_parcel_facts *facts = &self->facts;
    while (!self->ended) {
        bool done = false;
        eb_status status = step(self, &done, err);
        if (!status && done) {
            status = check_count(self, err);
            if (parcel_kind(&self->parcel) == EB_SHAPE_POLYGON) vote_area(self);
            self->parcel.open = false;
            facts->parcels++;
        }
        if (status) return status;
        if (self->ended) break;
        if (self->line.kind == EB_PARCEL_HEADER) {
            open_parcel(self);
            size_t extra = self->line.field_count > EB_PARCEL_FIELDS ? self->line.field_count - EB_PARCEL_FIELDS : 0;
            if (extra > facts->extra_fields) facts->extra_fields = extra;
        } else if (self->line.kind == EB_PARCEL_POINT) {
            vote(self);
            if (!eb_parcel_rings_add(&self->parcel.rings, self->line.ring, self->line.b, self->line.a)) return eb_error_memory(err);
        }
    }
    return EB_OK;
}

static eb_status refuse(parcel_source *self, eb_error *err, const char *message, const char *hint)
{
    eb_error_set(err, EB_REFUSED, "%s", eb_translate(message));
    eb_error_where(err, self->file, NULL, EB_NO_FID);
    eb_error_hint(err, "%s", eb_translate(hint));
    return EB_REFUSED;
}

/* Degrees may be decimal or packed; where the digits do not tell, the user must. */
static eb_status judge_degrees(parcel_source *self, const char *said, eb_error *err)
{
    if (said && eb_text_same(said, "packed")) {
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
    return refuse(self, err, "the coordinates are degrees, and by their digits they may be packed (ddd.mmss) or decimal",
                  "say which: \"FILE.txt|option:DEGREES=packed\" or \"FILE.txt|option:DEGREES=decimal\"");
}

static eb_status judge_numbers(parcel_source *self, const char *degrees, eb_error *err)
{
    eb_parcel_facts *facts = &self->facts;
    if (self->degrees && self->plane) return refuse(self, err, "some coordinates are degrees and some are metres", "split the file");
    if (self->votes_plain && self->votes_swapped) {
        char text[200];
        snprintf(text, sizeof text, _("X (north) and Y (east) change places within the file, first in line %d"), self->first_swapped);
        return refuse(self, err, text, "bring the columns into one order: X north, then Y east");
    }
    facts->swapped = self->votes_swapped > 0;
    if (facts->swapped) eb_notes_add(&self->notes, "the columns are east, north instead of north, east; read in their true sense");
    if (self->as_m2 > 0 && self->as_ha == 0) {
        facts->area_in_m2 = true;
        eb_notes_add(&self->notes, "the headers give areas in square metres, not hectares; brought to hectares");
    }
    if (self->degrees) return judge_degrees(self, degrees, err);
    if (self->prefix_zone < 0)
        return refuse(self, err, "the eastings begin with several zone numbers: the file mixes zones",
                      "split the file by zone, or bring all to one");
    if (self->prefixes && self->bare)
        return refuse(self, err, "some eastings carry a zone number (8 digits) and some do not (6 digits)", "bring all to one form");
    facts->prefixed = self->prefixes > 0;
    if (facts->prefixed && facts->zone && facts->zone != self->prefix_zone) {
        char text[200];
        snprintf(text, sizeof text, "带号=%d, but the eastings begin with %d", facts->zone, self->prefix_zone);
        return refuse(self, err, text, "correct the file, or name the CRS: --from-crs of ecobelt convert, or crs: in a plan");
    }
    if (facts->prefixed) facts->zone = self->prefix_zone;
    if (!facts->width) facts->width = facts->zone && facts->zone < 24 ? 6 : 3;
    return EB_OK;
}

/* --- the CRS and the fields ---------------------------------------------------------------------------------------------------------- */

static eb_datum datum_of(const char *system)
{
    if (strstr(system, "2000") || strstr(system, "CGCS")) return EB_DATUM_CGCS2000;
    if (strstr(system, "80") || strstr(system, "西安")) return EB_DATUM_XIAN80;
    if (strstr(system, "54") || strstr(system, "北京")) return EB_DATUM_BEIJING54;
    return strstr(system, "84") ? EB_DATUM_WGS84 : EB_DATUM_OTHER;
}

/* EPSG code of the file's coordinates, 0 where the file does not say enough. */
static int crs_code(const eb_parcel_facts *facts)
{
    eb_datum datum = datum_of(facts->system);
    if (facts->numbers == EB_PARCEL_PLANE) return facts->zone ? eb_zone_epsg(datum, facts->zone, facts->width, facts->prefixed) : 0;
    switch (datum) {
    case EB_DATUM_CGCS2000:
        return 4490;
    case EB_DATUM_XIAN80:
        return 4610;
    case EB_DATUM_BEIJING54:
        return 4214;
    case EB_DATUM_WGS84:
        return 4326;
    default:
        return 0;
    }
}

static eb_status find_crs(parcel_source *self, const char *wanted, eb_crs **out, eb_error *err)
{
    char code[32];
    int number = crs_code(&self->facts);
    *out = NULL;
    if (wanted) return eb_crs_new(wanted, out, err);
    if (number == 0) return EB_OK;
    snprintf(code, sizeof code, "EPSG:%d", number);
    return eb_crs_new(code, out, err);
}

/* Names of the fields beyond the standard eight: as the file says, else 扩展1, 扩展2 … */
static void extra_name(const eb_parcel_facts *facts, size_t n, char *out, size_t size)
{
    const char *at = facts->extra_names;
    for (size_t k = 0; k < n && at; k++) {
        at = strchr(at, ',');
        if (at) at++;
    }
    size_t length = at ? strcspn(at, ",") : 0;
    if (length > 0 && length < size) {
        memcpy(out, at, length);
        out[length] = '\0';
    } else {
        snprintf(out, size, "扩展%zu", n + 1);
    }
}

static eb_status make_schema(parcel_source *self, const eb_read_options *options, eb_schema **out, eb_error *err)
{
    eb_crs *crs = NULL;
    eb_status status = find_crs(self, options->crs, &crs, err);
    if (status) return status;
    const char *slash = strrchr(self->file, '/'), *base = slash ? slash + 1 : self->file, *dot = strrchr(base, '.');
    char name[256];
    snprintf(name, sizeof name, "%.*s", (int)(dot ? dot - base : (long)strlen(base)), base);
    eb_schema *schema = eb_schema_new(name, EB_SHAPE_UNKNOWN, crs);
    eb_crs_free(crs);
    if (!schema) return eb_error_memory(err);
    bool fine = true;
    for (size_t f = 0; f < EB_PARCEL_FIELDS; f++) fine = fine && eb_schema_add_field(schema, field_names[f], field_types[f]) >= 0;
    for (size_t n = 0; n < self->facts.extra_fields; n++) {
        char extra[128];
        extra_name(&self->facts, n, extra, sizeof extra);
        fine = fine && eb_schema_add_field(schema, extra, EB_FIELD_TEXT) >= 0;
    }
    schema->file = eb_text_dup(self->file);
    schema->driver = eb_text_dup(driver_name);
    schema->encoding = eb_text_dup(self->facts.encoding);
    schema->feature_count = self->facts.parcels;
    *out = schema;
    if (fine && schema->file && schema->driver && schema->encoding) return EB_OK;
    eb_schema_free(schema);
    return eb_error_memory(err);
}

/* --- the second pass ----------------------------------------------------------------------------------------------------------------- */

static bool set_field(parcel_source *self, eb_batch *batch, size_t to, size_t from)
{
    const eb_parcel_line *header = &self->parcel.header;
    const char *text = from < header->field_count ? header->field[from] : "";
    int64_t integer;
    double real;
    if (text[0] == '\0') return true;
    if (from == FIELD_COUNT) return !eb_text_to_integer(text, &integer) || eb_batch_set_integer(batch, to, integer);
    if (from == FIELD_AREA)
        return !eb_text_to_real(text, &real) || eb_batch_set_real(batch, to, self->facts.area_in_m2 ? real / 1e4 : real);
    return eb_batch_set_text(batch, to, text);
}

static eb_status emit(parcel_source *self, eb_batch *batch, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    bool fine = self->no_shapes || eb_parcel_rings_shape(&self->parcel.rings, parcel_kind(&self->parcel), &data, &size);
    fine = fine && eb_batch_add(batch, self->next_fid++, (eb_wkb){data, size});
    for (size_t f = 0; fine && f < self->schema->field_count; f++) fine = set_field(self, batch, f, self->map[f]);
    free(data);
    self->parcel.open = false;
    return fine ? EB_OK : eb_error_memory(err);
}

static eb_status parcel_next(void *source, eb_batch *batch, size_t limit, eb_error *err)
{
    parcel_source *self = source;
    while (!self->ended && batch->count < limit) {
        bool done = false;
        eb_status status = step(self, &done, err);
        if (!status && done) status = emit(self, batch, err);
        if (status) return status;
        if (self->ended) break;
        if (self->line.kind == EB_PARCEL_HEADER)
            open_parcel(self);
        else if (self->line.kind == EB_PARCEL_POINT && !add_point(self))
            return eb_error_memory(err);
    }
    return EB_OK;
}

static eb_status parcel_rewind(void *source, eb_error *err)
{
    (void)err;
    start_pass(source);
    return EB_OK;
}

static const eb_notes *parcel_notes(void *source)
{
    return &((parcel_source *)source)->notes;
}

static void parcel_free(void *source)
{
    parcel_source *self = source;
    if (self->reader.file) fclose(self->reader.file);
    if (self->reader.conversion != (iconv_t)-1) iconv_close(self->reader.conversion);
    eb_parcel_rings_clear(&self->parcel.rings);
    eb_notes_clear(&self->notes);
    free(self->file);
    free(self->map);
    free(self);
}

static eb_status open_file(parcel_source *self, const eb_read_options *options, const char *degrees, eb_error *err)
{
    self->reader.file = fopen(self->file, "rb");
    if (!self->reader.file) {
        eb_error_set(err, EB_INPUT, "cannot be opened: %s", eb_translate(strerror(errno)));
        eb_error_where(err, self->file, NULL, EB_NO_FID);
        return EB_INPUT;
    }
    eb_status status = find_encoding(self, options->encoding, err);
    if (!status && strcmp(self->facts.encoding, "UTF-8") != 0) self->reader.conversion = iconv_open("UTF-8", self->facts.encoding);
    if (!status) status = survey(self, err);
    return status ? status : judge_numbers(self, degrees, err);
}

static eb_status check_options(const eb_ogr_name *name, const eb_read_options *options, eb_error *err)
{
    if ((!options->where || !options->where[0]) && (!name->subset || !name->subset[0])) return EB_OK;
    eb_error_set(err, EB_USAGE, "a [地块坐标] text file takes no attribute filter");
    eb_error_where(err, name->file, NULL, EB_NO_FID);
    eb_error_hint(err, "convert it to a .gpkg first, and filter that");
    return EB_USAGE;
}

eb_status eb_parcel_source(const char *text, const eb_read_options *options, eb_source **out, eb_error *err)
{
    static const eb_source_ops ops = {parcel_next, parcel_rewind, NULL, parcel_notes, parcel_free};
    eb_ogr_name name;
    eb_schema *full = NULL;
    eb_selection selection = {NULL, NULL};
    eb_status status = eb_ogr_name_parse(text, &name, err);
    if (status) return status;
    parcel_source *self = calloc(1, sizeof *self);
    if (self) self->reader.conversion = (iconv_t)-1;
    if (self) self->file = eb_text_dup(name.file);
    status = self && self->file ? check_options(&name, options, err) : eb_error_memory(err);
    if (!status) {
        self->no_shapes = options->no_shapes;
        self->allow_partial = options->allow_partial;
        status = open_file(self, options, CSLFetchNameValue(name.options, "DEGREES"), err);
    }
    eb_ogr_name_clear(&name);
    if (!status) status = make_schema(self, options, &full, err);
    if (!status) status = eb_selection_make(full, options, &selection, err);
    eb_schema_free(full);
    if (status) {
        if (self) parcel_free(self);
        return status;
    }
    self->schema = selection.schema;
    self->map = selection.map;
    start_pass(self);
    return eb_source_make(&ops, self, selection.schema, options, out, err);
}

bool eb_parcel_sniff(const char *path)
{
    /* "地块坐标" and "属性描述" in UTF-8 and in GBK. */
    static const char *const words[] = {"地块坐标", "属性描述", "\xB5\xD8\xBF\xE9\xD7\xF8\xB1\xEA", "\xCA\xF4\xD0\xD4\xC3\xE8\xCA\xF6"};
    char head[4097];
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    size_t size = fread(head, 1, sizeof head - 1, file);
    fclose(file);
    for (size_t i = 0; i < size; i++)
        if (head[i] == '\0') head[i] = ' ';
    head[size] = '\0';
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(head, words[i])) return true;
    return false;
}
