#include "layer/batch.h"
#include "layer/notes.h"
#include "layer/source.h"
#include "base/text.h"
#include "base/translate.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char eb_arcs_note[] = N_("arcs are read as chords of 0.1 degrees: a full circle loses 5e-7 of its area");

struct eb_source {
    const eb_source_ops *ops;
    void *self;
    eb_schema *schema;
    bool has_box;
    double box[4];
    eb_frame frame;
    size_t limit;
    bool guarded;                   /* numbers are held against the CRS */
    bool any_checked;               /* checked holds something */
    double checked[4];              /* what has been held against the CRS and found right */
    bool sift, blank;               /* features that are no place on Earth are handed out: see eb_read_options */
    bool as_is;                     /* its extent is that of all numbers, whether they are places or not: for who judges the CRS */
    bool distrusted;                /* the extent that the file declares is wrong */
    int64_t wrong;                  /* features of this pass that are no place on Earth */
    int64_t scanned, scanned_wrong; /* features in all, and of that kind, in a pass for the extent */
    double whole[4];                /* box of these and all others, for what to say of the layer if they are no exception */
    eb_notes notes;
    int64_t position; /* of the next feature in the layer */
    int64_t read;     /* features handed out in all, over all passes the most */
    eb_batch *raw;    /* what the reader gives, before the box filter */
};

/* A datum frame is a matter of degrees on the WGS84 ellipsoid: a layer in a plane cannot be in one. */
static eb_status check_frame(const eb_schema *schema, eb_frame frame, eb_error *err)
{
    if (frame == EB_FRAME_WGS84 || !schema->crs) return EB_OK;
    const eb_crs_info *info = eb_crs_info_get(schema->crs);
    if (info->kind == EB_CRS_GEOGRAPHIC) return EB_OK;
    eb_error_set(err, EB_REFUSED, "layer is declared to be in frame %s, but its CRS is the plane %s (%s)",
                 frame == EB_FRAME_GCJ02 ? "gcj02" : "bd09", info->name, info->code[0] ? info->code : _("no code"));
    eb_error_where(err, schema->file, schema->name, EB_NO_FID);
    eb_error_hint(err, "web-map frames are in degrees; bring the layer back to degrees with the tool that projected it, "
                       "then give --from-frame");
    return EB_REFUSED;
}

eb_status eb_source_make(const eb_source_ops *ops, void *self, eb_schema *schema, const eb_read_options *options, eb_source **out,
                         eb_error *err)
{
    static const eb_read_options everything;
    if (!options) options = &everything;
    eb_status status = check_frame(schema, options->frame, err);
    eb_source *source = status ? NULL : calloc(1, sizeof *source);
    if (!source) {
        ops->free(self);
        eb_schema_free(schema);
        return status ? status : eb_error_memory(err);
    }
    source->ops = ops;
    source->self = self;
    source->schema = schema;
    source->frame = options->frame;
    if (source->frame != EB_FRAME_WGS84)
        eb_notes_add(&source->notes, source->frame == EB_FRAME_GCJ02 ? "declared to be in frame gcj02; converted to WGS84 on reading"
                                                                     : "declared to be in frame bd09; converted to WGS84 on reading");
    source->sift = options->sift || options->blank;
    source->blank = options->blank;
    source->as_is = options->allow_no_crs;
    source->limit = options->batch_features ? options->batch_features : EB_BATCH_FEATURES;
    source->has_box = options->box && !options->no_shapes;
    if (source->has_box) {
        memcpy(source->box, options->box, sizeof source->box);
        source->raw = eb_batch_new(schema);
        if (!source->raw) {
            eb_source_free(source);
            return eb_error_memory(err);
        }
    }
    *out = source;
    return EB_OK;
}

const eb_schema *eb_source_schema(const eb_source *source)
{
    return source->schema;
}

void eb_source_free(eb_source *source)
{
    if (!source) return;
    source->ops->free(source->self);
    eb_batch_free(source->raw);
    eb_schema_free(source->schema);
    eb_notes_clear(&source->notes);
    free(source);
}

eb_status eb_source_rewind(eb_source *source, eb_error *err)
{
    source->position = 0;
    source->wrong = 0;
    return source->ops->rewind(source->self, err);
}

static bool touches(eb_wkb shape, const double box[4])
{
    double own[4];
    if (!eb_wkb_bounds(shape, own)) return false;
    return own[0] <= box[2] && own[2] >= box[0] && own[1] <= box[3] && own[3] >= box[1];
}

/* Readers may hand on more than the box asks for: keep what touches it. */
static eb_status next_in_box(eb_source *source, eb_batch *batch, eb_error *err)
{
    while (batch->count == 0) {
        eb_batch_clear(source->raw);
        eb_status status = source->ops->next(source->self, source->raw, source->limit, err);
        if (status || source->raw->count == 0) return status;
        for (size_t i = 0; i < source->raw->count; i++) {
            if (!touches(eb_batch_shape_at(source->raw, i), source->box)) continue;
            if (!eb_batch_append(batch, source->raw, i, NULL, false)) return eb_error_memory(err);
        }
    }
    return EB_OK;
}

static void widen(double box[4], const double own[4], bool *any)
{
    if (!*any) {
        memcpy(box, own, 4 * sizeof *box);
        *any = true;
        return;
    }
    if (own[0] < box[0]) box[0] = own[0];
    if (own[1] < box[1]) box[1] = own[1];
    if (own[2] > box[2]) box[2] = own[2];
    if (own[3] > box[3]) box[3] = own[3];
}

static void bounds_of(const eb_batch *batch, double box[4], bool *any)
{
    for (size_t i = 0; i < batch->count; i++) {
        double own[4];
        if (eb_wkb_bounds(eb_batch_shape_at(batch, i), own)) widen(box, own, any);
    }
}

static bool is_possible(const eb_source *source, const double box[4])
{
    return !source->schema->crs || eb_crs_is_possible(source->schema->crs, box);
}

/* The same of those alone that may be a place on Earth. Returns how many are none. */
static int64_t possible_bounds_of(const eb_source *source, const eb_batch *batch, double box[4], bool *any)
{
    int64_t wrong = 0;
    for (size_t i = 0; i < batch->count; i++) {
        double own[4];
        if (!eb_wkb_bounds(eb_batch_shape_at(batch, i), own)) continue;
        if (is_possible(source, own))
            widen(box, own, any);
        else
            wrong++;
    }
    return wrong;
}

static eb_status check_box(const eb_source *source, const double box[4], eb_error *err)
{
    eb_status status = eb_crs_check_box(source->schema->crs, box, err);
    if (status) eb_error_where(err, source->schema->file, source->schema->name, EB_NO_FID);
    return status;
}

static bool is_within(const double own[4], const double box[4])
{
    return own[0] >= box[0] && own[1] >= box[1] && own[2] <= box[2] && own[3] <= box[3];
}

/* The first feature that contradicts the CRS by itself, where others before it do not: then it is the feature that is wrong. */
static void name_feature(const eb_source *source, const eb_batch *batch, eb_error *err)
{
    bool fine_ones = source->any_checked;
    for (size_t i = 0; err && i < batch->count; i++) {
        double own[4];
        if (!eb_wkb_bounds(eb_batch_shape_at(batch, i), own)) continue;
        if (eb_crs_check_box(source->schema->crs, own, NULL) == EB_OK) {
            fine_ones = true;
            continue;
        }
        if (!fine_ones) return;
        err->fid = batch->fids[i];
        eb_error_at(err, (own[0] + own[2]) / 2, (own[1] + own[3]) / 2);
        return;
    }
}

/* Features that are no place on Earth are wrong themselves while they are the exception; else it is the CRS that is. */
static eb_status check_wrong(const eb_source *source, int64_t read, eb_error *err)
{
    if (2 * source->wrong < read) return EB_OK;
    return check_box(source, source->whole, err);
}

/* Count those of a batch. The first thousand tell a layer that is wrong as a whole, which is then not read to its end. */
static eb_status count_wrong(eb_source *source, const eb_batch *batch, eb_error *err)
{
    const int64_t enough = 1000;
    eb_status status = EB_OK;
    for (size_t i = 0; i < batch->count && status == EB_OK; i++) {
        const int64_t read = source->position + (int64_t)i + 1;
        double own[4];
        bool any = source->wrong > 0;
        if (!eb_wkb_bounds(eb_batch_shape_at(batch, i), own)) continue;
        if (!is_possible(source, own)) {
            if (!any && source->any_checked) memcpy(source->whole, source->checked, sizeof source->whole), any = true;
            widen(source->whole, own, &any);
            source->wrong++;
        }
        if (read == enough && source->wrong > 0) status = check_wrong(source, read, err);
    }
    return status;
}

/* Formats know no extent, or a wrong one: whatever reaches beyond what has been held against the CRS is held against it too. */
static eb_status check_batch(eb_source *source, const eb_batch *batch, eb_error *err)
{
    double box[4];
    bool any = false, possible = false;
    bounds_of(batch, box, &any);
    if (source->sift && any && (source->wrong > 0 || !is_possible(source, box))) {
        eb_status status = count_wrong(source, batch, err);
        if (status) return status;
        possible_bounds_of(source, batch, box, &possible);
        any = possible;
    }
    if (!any || (source->any_checked && is_within(box, source->checked))) return EB_OK;
    if (source->any_checked) widen(box, source->checked, &any);
    eb_status status = check_box(source, box, err);
    if (status) {
        name_feature(source, batch, err);
        return status;
    }
    memcpy(source->checked, box, sizeof box);
    source->any_checked = true;
    return EB_OK;
}

static eb_status convert_frame(const eb_source *source, eb_batch *batch, eb_error *err)
{
    for (size_t i = 0; i < batch->count; i++) {
        size_t size = 0;
        uint8_t *bytes = eb_batch_shape_bytes(batch, i, &size);
        if (!bytes || eb_frame_convert_wkb(source->frame, EB_FRAME_WGS84, bytes, size)) continue;
        eb_error_set(err, EB_INPUT, "the bytes of a shape are broken");
        eb_error_where(err, source->schema->file, source->schema->name, batch->fids[i]);
        return EB_INPUT;
    }
    return EB_OK;
}

static void blank_wrong(const eb_source *source, eb_batch *batch)
{
    double own[4];
    for (size_t i = 0; i < batch->count; i++)
        if (eb_wkb_bounds(eb_batch_shape_at(batch, i), own) && !is_possible(source, own)) eb_batch_drop_shape(batch, i);
}

eb_status eb_source_next(eb_source *source, eb_batch *batch, eb_error *err)
{
    eb_batch_clear(batch);
    batch->first = source->position;
    eb_status status = source->has_box ? next_in_box(source, batch, err) : source->ops->next(source->self, batch, source->limit, err);
    if (batch->chorded || (source->raw && source->raw->chorded)) eb_notes_add(&source->notes, "%s", eb_translate(eb_arcs_note));
    if (!status && source->guarded && batch->count) status = check_batch(source, batch, err);
    if (!status && batch->count == 0 && source->wrong > 0) status = check_wrong(source, source->position, err);
    if (!status && source->blank && source->wrong > 0) blank_wrong(source, batch);
    if (!status && source->frame != EB_FRAME_WGS84) status = convert_frame(source, batch, err);
    if (status) {
        eb_batch_clear(batch);
        return status;
    }
    source->position += (int64_t)batch->count;
    if (source->position > source->read) source->read = source->position;
    return EB_OK;
}

static const eb_notes *reader_notes(const eb_source *source)
{
    static const eb_notes none;
    const eb_notes *notes = source->ops->notes ? source->ops->notes(source->self) : NULL;
    return notes ? notes : &none;
}

static void report_notes(const eb_source *source, const eb_notes *notes, eb_diagnosis *diagnosis)
{
    for (size_t i = 0; i < notes->count; i++) eb_diagnosis_note(diagnosis, source->schema->name, "%s", notes->list[i].text);
}

static const eb_bad_values *bad_values(const eb_source *source)
{
    static const eb_bad_values none;
    return source->ops->bad_values ? source->ops->bad_values(source->self) : &none;
}

void eb_source_report(const eb_source *source, eb_diagnosis *diagnosis)
{
    const eb_bad_values *bad = bad_values(source);
    eb_diagnosis_count(diagnosis, source->schema->name, source->read, 0);
    report_notes(source, reader_notes(source), diagnosis);
    report_notes(source, &source->notes, diagnosis);
    if (bad->count == 0) return;
    eb_diagnosis_note(diagnosis, source->schema->name,
                      "%zu values are none of their field's type and are read as null; the first, of feature %" PRId64
                      ", field \"%s\": \"%s\"",
                      bad->count, bad->list[0].fid, source->schema->fields[bad->list[0].field].name, bad->list[0].text);
}

static void describe_value(const eb_field *field, const char *held, char *text, size_t size)
{
    const char *format = N_("field \"%s\" holds \"%s\", which is no number; it reads as null");
    if (field->type == EB_FIELD_INTEGER) format = N_("field \"%s\" holds \"%s\", which is no whole number; it reads as null");
    if (field->type == EB_FIELD_DATE || field->type == EB_FIELD_DATETIME)
        format = N_("field \"%s\" holds \"%s\", which is no date; it reads as null");
    int64_t number = 0;
    const bool whole = field->type == EB_FIELD_INTEGER || field->type == EB_FIELD_BOOLEAN;
    if (whole && eb_text_to_integer(held, &number))
        format = N_("field \"%s\" holds \"%s\", which is beyond what its type holds; it reads as null");
    snprintf(text, size, eb_translate(format), field->name, held);
    eb_text_trim_utf8(text, size);
}

bool eb_source_remark_at(const eb_source *source, size_t i, eb_remark *out)
{
    const eb_notes *groups[] = {reader_notes(source), &source->notes};
    const eb_bad_values *bad = bad_values(source);
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        if (i < groups[g]->count) {
            const eb_note *note = &groups[g]->list[i];
            *out = (eb_remark){.kind = note->kind, .fid = note->fid};
            eb_text_copy(out->text, sizeof out->text, note->text);
            return true;
        }
        i -= groups[g]->count;
    }
    if (i >= bad->count) return false;
    const eb_bad_value *value = &bad->list[i];
    *out = (eb_remark){.kind = EB_REMARK_VALUE, .fid = value->fid};
    describe_value(&source->schema->fields[value->field], value->text, out->text, sizeof out->text);
    return true;
}

/* Extent by a pass over the data; the source stands at the first feature again afterwards. */
static eb_status scan_extent(eb_source *source, double box[4], bool *any, eb_error *err)
{
    eb_batch *batch = eb_batch_new(source->schema);
    if (!batch) return eb_error_memory(err);
    *any = false;
    source->scanned = source->scanned_wrong = 0;
    eb_status status = eb_source_rewind(source, err);
    while (!status) {
        status = eb_source_next(source, batch, err);
        if (status || batch->count == 0) break;
        if (source->as_is)
            bounds_of(batch, box, any);
        else
            source->scanned_wrong += possible_bounds_of(source, batch, box, any);
        source->scanned += (int64_t)batch->count;
    }
    eb_batch_free(batch);
    /* Also after a failure: whoever reads on must meet it too, not the rest behind it. */
    const eb_status rewound = eb_source_rewind(source, status ? NULL : err);
    return status ? status : rewound;
}

eb_status eb_source_extent_any(eb_source *source, double box[4], bool *any, eb_error *err)
{
    *any = false;
    if (source->ops->extent && source->frame == EB_FRAME_WGS84 && !source->has_box && !source->distrusted) {
        eb_status status = source->ops->extent(source->self, box, any, err);
        if (status) return status;
    }
    return *any ? EB_OK : scan_extent(source, box, any, err);
}

eb_status eb_source_extent(eb_source *source, double box[4], eb_error *err)
{
    bool any = false;
    const eb_status status = eb_source_extent_any(source, box, &any, err);
    if (status || any) return status;
    eb_error_set(err, EB_INPUT, "the layer has no shapes");
    eb_error_where(err, source->schema->file, source->schema->name, EB_NO_FID);
    return EB_INPUT;
}

/* No CRS: refuse, and say what the numbers look like. */
static eb_status refuse_without_crs(eb_source *source, eb_error *err)
{
    double box[4];
    char guess[400] = "";
    eb_error ignored;
    if (eb_source_extent(source, box, &ignored) == EB_OK) eb_crs_guess(box, guess, sizeof guess);
    const eb_notes *notes = reader_notes(source);
    eb_error_set(err, EB_REFUSED, "the layer does not say what its coordinates are (no CRS)");
    if (notes->unknown_crs) eb_error_set(err, EB_REFUSED, "%s", notes->crs);
    eb_error_where(err, source->schema->file, source->schema->name, EB_NO_FID);
    eb_error_hint(err, "%s%sname the CRS: --from-crs of ecobelt convert, or crs: in a plan", guess, guess[0] ? "; " : "");
    return EB_REFUSED;
}

/* Whoever works on shapes would meet a layer without kind, CRS or extent. */
static eb_status guard_table(const eb_source *source, const eb_read_options *options, eb_error *err)
{
    if (!source->schema->tabular || options->no_shapes || options->allow_table) return EB_OK;
    eb_error_set(err, EB_REFUSED, "the layer is a table: it has no shapes");
    eb_error_where(err, source->schema->file, source->schema->name, EB_NO_FID);
    eb_error_hint(err, "name a layer of points, lines or polygons; ecobelt info FILE lists the layers of a file");
    return EB_REFUSED;
}

/* The extent that the file declares contradicts the CRS. Where the features themselves do not, it is the extent that is wrong. */
static eb_status check_declared(eb_source *source, eb_status declared, eb_error *err)
{
    double box[4];
    eb_error found = {0};
    const bool guarded = source->guarded;
    source->guarded = false;
    bool any = false;
    eb_status status = scan_extent(source, box, &any, &found);
    source->guarded = guarded;
    if (status || !any || 2 * source->scanned_wrong >= source->scanned || check_box(source, box, &found)) return declared;
    if (err) memset(err, 0, sizeof *err);
    source->distrusted = true;
    if (source->scanned_wrong == 0)
        eb_notes_fault(&source->notes, EB_REMARK_FORM, EB_NO_FID,
                       "the extent that the file declares is not that of its features; it was not used");
    memcpy(source->checked, box, sizeof box);
    source->any_checked = true;
    return EB_OK;
}

static eb_status guard_crs(eb_source *source, const eb_read_options *options, eb_error *err)
{
    if (source->schema->tabular || options->no_shapes || options->allow_no_crs) return EB_OK;
    if (!source->schema->crs) return refuse_without_crs(source, err);
    double box[4];
    bool known = false;
    if (source->ops->extent) {
        eb_status status = source->ops->extent(source->self, box, &known, err);
        if (status) return status;
    }
    source->guarded = true;
    if (!known || source->schema->feature_count == 0) return EB_OK;
    eb_status status = check_box(source, box, err);
    if (status) return check_declared(source, status, err);
    memcpy(source->checked, box, sizeof box);
    source->any_checked = true;
    return EB_OK;
}

eb_status eb_source_guard(eb_source *source, const eb_read_options *options, eb_error *err)
{
    eb_status status = guard_table(source, options, err);
    return status ? status : guard_crs(source, options, err);
}
