#include "analysis/overlay/dissolve.h"
#include "analysis/empty.h"
#include "analysis/key_column.h"
#include "analysis/registry.h"
#include "analysis/overlay/share_stream.h"
#include "base/translate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Groups written at a time, fewer where they are large. */
enum { BATCH_ROWS = 256, BATCH_BYTES = 1 << 22 };

static const eb_param params[] = {
    {.key = "layer",
     .type = EB_PARAM_LAYER,
     .flags = EB_PARAM_REQUIRED | EB_PARAM_POSITIONAL,
     .metavar = "LAYER",
     .help = "shapes to merge; polygons, lines or points"},
    {.key = "by",
     .type = EB_PARAM_FIELD,
     .flags = EB_PARAM_LIST,
     .metavar = "FIELD",
     .of = "layer",
     .help = "shapes with the same values become one; without it all do"},
    {.key = "sum",
     .type = EB_PARAM_FIELD,
     .flags = EB_PARAM_LIST,
     .metavar = "FIELD",
     .of = "layer",
     .help = "number fields to add up; one called like a column that is there anyway (count, area_m2 ...) gets _2"},
    {.key = "where", .type = EB_PARAM_TEXT, .of = "layer", .metavar = "SQL", .help = "attribute filter"},
};

static const eb_yield yields[] = {
    {.role = "", .layer = true, .columns = "count,area_m2,length_m,official_m2", .from = "by,sum"},
    {.role = "rejects", .layer = true, .shapes = EB_TAKES_POINTS, .columns = "layer,source_fid,reason", .word = N_("not used")},
    {.role = "dissolve",
     .layer = false,
     .columns = "count,gross_m2,gross_m,area_m2,length_m,overlap_m2,overlap_m,official_m2",
     .from = "by,sum"},
};

/* Numbers of the fields that a list parameter names. */
static eb_status find_fields(const eb_args *args, const char *key, const eb_schema *schema, size_t **fields, size_t *count, eb_error *err)
{
    *count = eb_args_count(args, key);
    *fields = calloc(*count + 1, sizeof **fields);
    if (!*fields) return eb_error_memory(err);
    for (size_t i = 0; i < *count; i++) {
        const char *name = eb_args_text_at(args, key, i);
        int at = eb_schema_find(schema, name);
        if (at < 0) return eb_error_set(err, EB_USAGE, "layer %s has no field %s", schema->name, name);
        (*fields)[i] = (size_t)at;
    }
    return EB_OK;
}

static eb_status check_sum(const char *layer, const char *field, eb_field_type type, eb_error *err)
{
    if (type == EB_FIELD_INTEGER || type == EB_FIELD_REAL) return EB_OK;
    return eb_error_set(err, EB_USAGE, "sum: field %s of layer %s holds no numbers", field, layer);
}

static eb_status check_layers(const eb_args *args, const eb_outlook *look, const char **key, eb_error *err)
{
    const char *layer = eb_args_text(args, "layer");
    eb_status status = EB_OK;
    *key = "sum";
    for (size_t k = 0; k < eb_args_count(args, "sum") && status == EB_OK; k++) {
        const char *field = eb_args_text_at(args, "sum", k);
        eb_field_type type;
        if (look->field(look->self, layer, field, &type)) status = check_sum(layer, field, type, err);
    }
    return status;
}

static eb_status refuse_texts(const eb_dissolve *d, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t k = 0; k < d->sum_count && status == EB_OK; k++) {
        const eb_field *field = &d->schema->fields[d->sum[k]];
        status = check_sum(d->schema->name, field->name, field->type, err);
    }
    return status;
}

/* Is there a column of official areas besides the fields that are added up? */
static bool own_official(const eb_dissolve *d)
{
    return d->has_official && !d->sums_official;
}

static eb_field_type sum_type(const eb_dissolve *d, size_t k)
{
    return d->schema->fields[d->sum[k]].type;
}

/* Columns behind those of the --by fields. */
enum { COUNT, BEFORE, AFTER, OVERLAP, OFFICIAL, FIRST_SUM };

static const char *column_name(const eb_dissolve *d, size_t i)
{
    return d->columns->fields[d->by_count + i].name;
}

static bool has_figure(const eb_dissolve *d, int i)
{
    return i == COUNT || (i == OFFICIAL ? own_official(d) : d->dimension > 0);
}

/*
 * The names of all columns. Those of the analysis's own figures stay what they are whatever is added up: a field of the same name gets
 * _2, or _3 …; only the fields that groups are made by keep theirs before all others.
 */
static bool name_columns(eb_dissolve *d)
{
    static const char *const areas[] = {"count", "gross_m2", "area_m2", "overlap_m2", "official_m2"};
    static const char *const lengths[] = {"count", "gross_m", "length_m", "overlap_m", ""};
    const char *const *own = d->dimension == 2 ? areas : lengths;
    bool ok = (d->columns = eb_schema_new("dissolve", EB_SHAPE_UNKNOWN, NULL)) != NULL;
    for (size_t k = 0; k < d->by_count && ok; k++)
        ok = eb_key_column_add_figure(d->columns, d->schema->fields[d->by[k]].name, d->schema->fields[d->by[k]].type) >= 0;
    for (int i = COUNT; i < FIRST_SUM && ok; i++)
        ok = eb_key_column_add_figure(d->columns, has_figure(d, i) ? own[i] : "", EB_FIELD_REAL) >= 0;
    for (size_t k = 0; k < d->sum_count && ok; k++)
        ok = eb_key_column_add_figure(d->columns, d->schema->fields[d->sum[k]].name, sum_type(d, k)) >= 0;
    return ok;
}

static eb_status make_schema(eb_dissolve *d, eb_error *err)
{
    static const eb_shape_kind kinds[] = {EB_SHAPE_MULTIPOINT, EB_SHAPE_MULTILINE, EB_SHAPE_MULTIPOLYGON};
    d->result = eb_schema_new("dissolve", kinds[d->dimension], d->schema->crs);
    bool ok = d->result != NULL && name_columns(d);
    for (size_t k = 0; k < d->by_count && ok; k++)
        ok = eb_schema_add_field(d->result, d->columns->fields[k].name, d->columns->fields[k].type) >= 0;
    ok = ok && eb_schema_add_field(d->result, column_name(d, COUNT), EB_FIELD_INTEGER) >= 0;
    for (size_t k = 0; k < d->sum_count && ok; k++) ok = eb_schema_add_field(d->result, column_name(d, FIRST_SUM + k), sum_type(d, k)) >= 0;
    if (d->dimension > 0) ok = ok && eb_schema_add_field(d->result, column_name(d, AFTER), EB_FIELD_REAL) >= 0;
    if (own_official(d)) ok = ok && eb_schema_add_field(d->result, column_name(d, OFFICIAL), EB_FIELD_REAL) >= 0;
    if (ok) d->keys = eb_batch_new(d->result);
    return d->keys ? EB_OK : eb_error_memory(err);
}

static eb_status open_layer(eb_dissolve *d, const eb_args *args, eb_error *err)
{
    const eb_read_options options = {.where = eb_args_has(args, "where") ? eb_args_text(args, "where") : NULL, .sift = true};
    double box[4], degrees[4];
    bool any = false;
    eb_status status = d->space->open(d->space->self, eb_args_text(args, "layer"), &options, &d->source, err);
    if (status == EB_OK) status = eb_share_dimension(d->source, &d->dimension, err);
    if (status != EB_OK) return status;
    d->schema = eb_source_schema(d->source);
    status = find_fields(args, "by", d->schema, &d->by, &d->by_count, err);
    if (status == EB_OK) status = find_fields(args, "sum", d->schema, &d->sum, &d->sum_count, err);
    if (status == EB_OK) status = refuse_texts(d, err);
    for (size_t k = 0; k < d->sum_count; k++)
        d->sums_official = d->sums_official || strcmp(d->schema->fields[d->sum[k]].name, "official_m2") == 0;
    if (status == EB_OK) status = eb_source_extent_across(d->source, box, &any, err);
    if (status == EB_OK) status = eb_projector_new(d->schema->crs, any ? box : NULL, &d->projector, err);
    if (status == EB_OK && d->dimension == 2) status = eb_measure_new(d->schema->crs, 0, &d->measure, err);
    if (status == EB_OK && d->measure) {
        const bool known = any && eb_crs_box_degrees(d->schema->crs, box, degrees, NULL) == EB_OK;
        d->has_official = eb_measure_resolve(d->measure, EB_AREA_AUTO, known ? degrees : NULL) == EB_AREA_OFFICIAL;
    }
    return status == EB_OK ? make_schema(d, err) : status;
}

/* The attributes of a group after those it was made by. */
static bool set_attributes(const eb_dissolve *d, eb_batch *batch, const eb_group *group)
{
    size_t at = d->by_count;
    bool ok = eb_batch_set_integer(batch, at++, group->count);
    for (size_t k = 0; k < d->sum_count && ok; k++, at++) {
        const eb_total *total = &group->sums[k];
        if (total->count == 0) continue;
        ok = sum_type(d, k) == EB_FIELD_INTEGER ? eb_batch_set_integer(batch, at, total->integer)
                                                : eb_batch_set_real(batch, at, eb_sum_get(&total->real));
    }
    if (d->dimension > 0) ok = ok && eb_batch_set_real(batch, at++, group->after);
    return ok && (!own_official(d) || isnan(group->official_m2) || eb_batch_set_real(batch, at, group->official_m2));
}

/* The layer in the making. */
typedef struct writer {
    const eb_dissolve *d;
    eb_sink *sink;
    eb_batch *batch;
    size_t bytes;
} writer;

static eb_status flush(writer *w, eb_error *err)
{
    eb_status status = w->batch->count > 0 ? eb_sink_write(w->sink, w->batch, err) : EB_OK;
    eb_batch_clear(w->batch);
    w->bytes = 0;
    return status;
}

static eb_status write_group(void *self, size_t i, eb_wkb shape, eb_error *err)
{
    writer *w = self;
    const eb_dissolve *d = w->d;
    if (!w->sink) return EB_OK;
    bool ok = eb_batch_add(w->batch, (int64_t)i + 1, shape);
    for (size_t k = 0; k < d->by_count && ok; k++) ok = eb_batch_set_copy(w->batch, k, d->keys, i, k);
    if (!ok || !set_attributes(d, w->batch, &d->groups[i])) return eb_error_memory(err);
    w->bytes += shape.size;
    return w->batch->count == BATCH_ROWS || w->bytes >= BATCH_BYTES ? flush(w, err) : EB_OK;
}

/* Each group is written as soon as it is united. */
static eb_status unite_into_layer(eb_dissolve *d, eb_error *err)
{
    writer w = {.d = d, .batch = eb_batch_new(d->result)};
    const eb_dissolve_out out = {.self = &w, .take = write_group};
    eb_status status = w.batch ? d->space->create(d->space->self, "", d->result, &w.sink, err) : eb_error_memory(err);
    if (status == EB_OK) status = eb_dissolve_unite(d, &out, err);
    if (status == EB_OK && w.sink) status = flush(&w, err);
    eb_batch_free(w.batch);
    if (status == EB_OK && w.sink) return eb_sink_commit(w.sink, err);
    if (w.sink) eb_sink_abort(w.sink);
    return status;
}

static void add_figure(const eb_dissolve *d, eb_table *table, size_t i, eb_column_type type, const char *unit, int decimals)
{
    eb_table_add_column(table,
                        &(eb_column){.name = column_name(d, i), .type = type, .unit = unit, .decimals = decimals, .role = EB_ROLE_SUMMED});
}

static void add_columns(const eb_dissolve *d, eb_table *table)
{
    const char *unit = d->dimension == 2 ? "m2" : "m";
    for (size_t k = 0; k < d->by_count; k++)
        eb_table_add_column(table, &(eb_column){.name = d->columns->fields[k].name,
                                                .type = eb_key_column_type(d->columns->fields[k].type),
                                                .decimals = -1,
                                                .role = EB_ROLE_KEY});
    add_figure(d, table, COUNT, EB_COLUMN_INTEGER, NULL, 0);
    for (size_t k = 0; k < d->sum_count; k++)
        add_figure(d, table, FIRST_SUM + k, sum_type(d, k) == EB_FIELD_INTEGER ? EB_COLUMN_INTEGER : EB_COLUMN_REAL, NULL, -1);
    for (size_t i = BEFORE; d->dimension > 0 && i <= OVERLAP; i++) add_figure(d, table, i, EB_COLUMN_REAL, unit, 2);
    if (own_official(d)) add_figure(d, table, OFFICIAL, EB_COLUMN_REAL, unit, 2);
}

static void fill_row(const eb_dissolve *d, eb_table *table, size_t i)
{
    const eb_group *group = &d->groups[i];
    size_t row = eb_table_add_row(table), column = d->by_count;
    const double before = eb_sum_get(&group->before), overlap = d->dimension == 1 ? group->overlap : before - group->after;
    for (size_t k = 0; k < d->by_count; k++) eb_key_column_set(table, row, k, d->keys, i, k);
    eb_table_set_integer(table, row, column++, group->count);
    for (size_t k = 0; k < d->sum_count; k++, column++) {
        const eb_total *total = &group->sums[k];
        if (total->count == 0) continue;
        if (sum_type(d, k) == EB_FIELD_INTEGER)
            eb_table_set_integer(table, row, column, total->integer);
        else
            eb_table_set_real(table, row, column, eb_sum_get(&total->real));
    }
    if (d->dimension == 0) return;
    eb_table_set_real(table, row, column++, before);
    eb_table_set_real(table, row, column++, group->after);
    eb_table_set_real(table, row, column++, fabs(overlap) <= 1e-9 * before ? 0 : overlap);
    if (own_official(d) && isfinite(group->official_m2)) eb_table_set_real(table, row, column, group->official_m2);
}

static void set_method(const eb_dissolve *d, eb_table *table)
{
    const eb_plane *plane = eb_projector_plane(d->projector);
    eb_area_account account = {.method = d->has_official ? EB_AREA_OFFICIAL : EB_AREA_AUTO,
                               .plane = plane,
                               .plane_columns = "gross_m2, area_m2, overlap_m2",
                               .how = !d->has_official   ? NULL
                                      : d->sums_official ? _("the sum of the field of that name. For the check, each merged shape:")
                                                         : _("of the merged shape, as `area` measures it."),
                               .chosen_m2 = NAN,
                               .official_m2 = d->has_official ? 0 : NAN};
    char line[1600];
    if (d->dimension < 2) {
        eb_table_set_method(table,
                            d->dimension == 1
                                ? "geodesic lengths on the ellipsoid (a %.0f m); what lies within 1 mm of one another, in a Lambert "
                                  "azimuthal equal-area plane centred on %.4f E %.4f N, counts once"
                                : "points in a Lambert azimuthal equal-area plane on the ellipsoid (a %.0f m) centred on %.4f E "
                                  "%.4f N",
                            plane->a, plane->lon0_deg, plane->lat0_deg);
        return;
    }
    for (size_t i = 0; d->has_official && i < d->group_count; i++) {
        account.official_m2 += d->groups[i].official_m2;
        account.geodesic_m2 += d->groups[i].geodesic_m2;
    }
    eb_measure_account(d->measure, &account, line, sizeof line);
    eb_table_set_method(table, "%s", line);
}

static eb_status add_table(const eb_dissolve *d, eb_error *err)
{
    size_t coverages = 0;
    eb_sum before = {0}, after = {0}, overlap = {0};
    eb_table *table = eb_table_new("dissolve", "Merged shapes");
    if (!table) return eb_error_memory(err);
    add_columns(d, table);
    for (size_t i = 0; i < d->group_count; i++) {
        fill_row(d, table, i);
        coverages += d->groups[i].coverage;
        eb_sum_add(&before, eb_sum_get(&d->groups[i].before));
        eb_sum_add(&after, d->groups[i].after);
        eb_sum_add(&overlap, d->groups[i].overlap);
    }
    set_method(d, table);
    eb_empty_note(d->space->diagnosis, table);
    if (d->dimension == 2) {
        eb_table_add_note(table,
                          "%zu of %zu groups are coverages: their shapes meet without overlap, and their areas before and after agree",
                          coverages, d->group_count);
        const size_t others = d->group_count - coverages;
        if (others > 0)
            eb_table_add_note(
                table,
                "the other %zu groups are proven to lose nothing: they are merged neighbour by neighbour, and what two shapes "
                "have together is what they have by themselves less what they share (a run fails else)",
                others);
        double whole = eb_sum_get(&before);
        eb_table_add_note(table, "area before and after differ by %.1e of the whole",
                          whole > 0 ? fabs(whole - eb_sum_get(&after)) / whole : 0);
    }
    if (d->dimension == 1) {
        const double whole = eb_sum_get(&before), rest = whole - eb_sum_get(&after) - eb_sum_get(&overlap);
        eb_table_add_note(table,
                          "length and overlap together differ from the lengths before by %.1e of the whole: by the vertices that lines get "
                          "where they meet or lie on one another, at most 2 mm aside. Nothing but what is there again is lost: that is "
                          "proven (a run fails else)",
                          whole > 0 ? fabs(rest) / whole : 0);
    }
    return d->space->add_table(d->space->self, table, err);
}

static void dissolve_clear(eb_dissolve *d)
{
    for (size_t i = 0; i < d->group_count; i++) free(d->groups[i].sums);
    free(d->groups);
    eb_sorter_free(d->shapes);
    free(d->by);
    free(d->sum);
    eb_batch_free(d->keys);
    eb_schema_free(d->columns);
    eb_schema_free(d->result);
    eb_intern_clear(&d->names);
    eb_rejects_clear(&d->rejects);
    eb_projector_free(d->projector);
    eb_measure_free(d->measure);
    eb_source_free(d->source);
}

static eb_status run(const eb_args *args, const eb_workspace *space, const eb_env *env, eb_error *err)
{
    eb_dissolve d = {.space = space, .env = env};
    eb_status status = open_layer(&d, args, err);
    if (status == EB_OK) status = eb_dissolve_read(&d, err);
    if (status == EB_OK) eb_empty_record(space->diagnosis, d.schema, eb_args_text(args, "where"), 0);
    if (status == EB_OK) status = unite_into_layer(&d, err);
    if (status == EB_OK) status = eb_rejects_write(&d.rejects, space, d.result->crs, err);
    if (status == EB_OK) status = add_table(&d, err);
    dissolve_clear(&d);
    return status;
}

const eb_analysis eb_analysis_dissolve = {
    .name = "dissolve",
    .summary = "merge shapes",
    .detail =
        "Shapes with the same values of the --by fields become one multi shape with their count, the sums of the --sum fields and the\n"
        "area (official_m2 too, where `area` gives it). Where the shapes of a group share their edges exactly (a coverage) they are\n"
        "merged by their edges, many times faster than by union, and area before and after prove it; else by union, and the table\n"
        "says how much overlapped. Lines that lie within 1 mm of one another count once, whatever vertices they have, and the table\n"
        "says how much that was. Sums pass nulls over, and of nothing but nulls are null; sums of integers are exact integers.",
    .example = "ecobelt dissolve layers/park.geojson -o park_outline.gpkg",
    .params = params,
    .param_count = sizeof params / sizeof params[0],
    .yields = yields,
    .yield_count = sizeof yields / sizeof yields[0],
    .check_layers = check_layers,
    .run = run,
};
