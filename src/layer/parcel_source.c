/* [地块坐标] text files as a source: the second pass makes the features. */
#include "layer/batch.h"
#include "layer/ogr.h"
#include "layer/parcel_reader.h"

#include "base/text.h"
#include "base/translate.h"

#include <cpl_string.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ddd.mmss to degrees. */
static double unpack(double value)
{
    double degrees = trunc(value), rest = (value - degrees) * 100, minutes = trunc(rest + 1e-7);
    return degrees + minutes / 60 + (rest - minutes) * 100 / 3600;
}

static bool add_point(eb_parcel_reader *self)
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

static bool set_field(eb_parcel_reader *self, eb_batch *batch, size_t to, size_t from)
{
    const eb_parcel_line *header = &self->parcel.header;
    const char *text = from < header->field_count ? header->field[from] : "";
    int64_t integer;
    double real;
    if (text[0] == '\0') return true;
    if (from == EB_PARCEL_COUNT && eb_text_to_integer(text, &integer)) return eb_batch_set_integer(batch, to, integer);
    if (from == EB_PARCEL_AREA && eb_text_to_real(text, &real))
        return eb_batch_set_real(batch, to, self->facts.area_in_m2 ? real / 1e4 : real);
    if (from != EB_PARCEL_COUNT && from != EB_PARCEL_AREA) return eb_batch_set_text(batch, to, text);
    eb_notes_fault(&self->notes, EB_REMARK_VALUE, self->next_fid - 1,
                   "line %d: field \"%s\" holds \"%s\", which is no number; it reads as null", self->parcel.line,
                   self->schema->fields[to].name, text);
    return true;
}

static eb_status emit(eb_parcel_reader *self, eb_batch *batch, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    bool fine = self->no_shapes || eb_parcel_rings_shape(&self->parcel.rings, eb_parcel_kind(&self->parcel), &data, &size);
    fine = fine && eb_batch_add(batch, self->next_fid++, (eb_wkb){data, size});
    for (size_t f = 0; fine && f < self->schema->field_count; f++) fine = set_field(self, batch, f, self->map[f]);
    free(data);
    self->parcel.open = false;
    return fine ? EB_OK : eb_error_memory(err);
}

static eb_status parcel_next(void *source, eb_batch *batch, size_t limit, eb_error *err)
{
    eb_parcel_reader *self = source;
    while (!self->ended && batch->count < limit) {
        bool done = false;
        eb_status status = eb_parcel_step(self, &done, err);
        if (!status && done && !(self->ended && self->drop_last)) status = emit(self, batch, err);
        if (status) return status;
        if (self->ended) break;
        if (self->line.kind == EB_PARCEL_HEADER)
            eb_parcel_open(self);
        else if (self->line.kind == EB_PARCEL_POINT && !add_point(self))
            return eb_error_memory(err);
    }
    return EB_OK;
}

static eb_status parcel_rewind(void *source, eb_error *err)
{
    (void)err;
    eb_parcel_start(source);
    return EB_OK;
}

static const eb_notes *parcel_notes(void *source)
{
    return &((eb_parcel_reader *)source)->notes;
}

static void parcel_free(void *source)
{
    eb_parcel_reader *self = source;
    if (self->reader.file) fclose(self->reader.file);
    if (self->reader.conversion != (iconv_t)-1) iconv_close(self->reader.conversion);
    eb_parcel_rings_clear(&self->parcel.rings);
    eb_notes_clear(&self->notes);
    free(self->file);
    free(self->map);
    free(self);
}

static eb_status open_file(eb_parcel_reader *self, const eb_read_options *options, char **said, eb_error *err)
{
    self->reader.file = fopen(self->file, "rb");
    if (!self->reader.file) {
        eb_error_set(err, EB_INPUT, "cannot be opened: %s", eb_translate(strerror(errno)));
        eb_error_where(err, self->file, NULL, EB_NO_FID);
        return EB_INPUT;
    }
    eb_status status = eb_parcel_find_encoding(self, options->encoding, err);
    if (!status && strcmp(self->facts.encoding, "UTF-8") != 0) self->reader.conversion = iconv_open("UTF-8", self->facts.encoding);
    const eb_parcel_words words = {.degrees = CSLFetchNameValue(said, "DEGREES"),
                                   .shift = CSLFetchNameValue(said, "SHIFT"),
                                   .end = CSLFetchNameValue(said, "END"),
                                   .crs = options->crs};
    return status ? status : eb_parcel_survey(self, &words, err);
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
    static const eb_source_ops ops = {parcel_next, parcel_rewind, NULL, parcel_notes, parcel_free, NULL};
    eb_ogr_name name;
    eb_schema *full = NULL;
    eb_selection selection = {NULL, NULL};
    eb_status status = eb_ogr_name_parse(text, &name, err);
    if (status) return status;
    eb_parcel_reader *self = calloc(1, sizeof *self);
    if (self) self->reader.conversion = (iconv_t)-1;
    if (self) self->file = eb_text_dup(name.file);
    status = self && self->file ? check_options(&name, options, err) : eb_error_memory(err);
    if (!status) {
        self->no_shapes = options->no_shapes;
        self->allow_partial = options->allow_partial;
        status = open_file(self, options, name.options, err);
    }
    eb_ogr_name_clear(&name);
    if (!status) status = eb_parcel_schema(self, options->crs, &full, err);
    if (!status) status = eb_selection_make(full, options, &selection, err);
    eb_schema_free(full);
    if (status) {
        if (self) parcel_free(self);
        return status;
    }
    self->schema = selection.schema;
    self->map = selection.map;
    eb_parcel_start(self);
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
