/*
 * The corridor's table and layers.
 */
#include "analysis/corridor/run.h"
#include "analysis/key_column.h"
#include "base/translate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Columns after the --by fields. */
enum { SCOPE, INNER, WIDTH, LENGTH, GROSS, DISSOLVED, CLIPPED, SHARE, WEIGHT, WEIGHT_SHARE, TOLERANCE, AUDITED, COLUMNS };

struct eb_corridor_result {
    eb_corridor_run *run;
    eb_table *table;
    size_t columns[COLUMNS];
    size_t by_count;
    eb_sink *groups, *all; /* NULL where nobody wants them */
    eb_schema *group_schema, *all_schema;
    eb_batch *group_batch, *all_batch;
    int64_t written;
};

const eb_batch *eb_corridor_group_row(const eb_corridor_lines *lines, size_t group, size_t *row)
{
    for (size_t i = 0; i < eb_layer_batch_count(lines->groups); i++) {
        const eb_batch *batch = eb_layer_batch_at(lines->groups, i);
        if (group < batch->count) {
            *row = group;
            return batch;
        }
        group -= batch->count;
    }
    return NULL;
}

/* --- the table --------------------------------------------------------------------------------------------------------------------- */

static const eb_column columns[COLUMNS] = {
    [SCOPE] = {"scope", EB_COLUMN_TEXT, NULL, -1, EB_ROLE_KEY},
    [INNER] = {"inner_m", EB_COLUMN_REAL, "m", -1, EB_ROLE_KEY},
    [WIDTH] = {"width_m", EB_COLUMN_REAL, "m", -1, EB_ROLE_KEY},
    [LENGTH] = {"length_m", EB_COLUMN_REAL, "m", 1, EB_ROLE_SUMMED},
    [GROSS] = {"gross_m2", EB_COLUMN_REAL, "m2", 0, EB_ROLE_SUMMED},
    [DISSOLVED] = {"dissolved_m2", EB_COLUMN_REAL, "m2", 0, EB_ROLE_PLAIN},
    [CLIPPED] = {"clipped_m2", EB_COLUMN_REAL, "m2", 0, EB_ROLE_PLAIN},
    [SHARE] = {"share_of_clip_pct", EB_COLUMN_REAL, "%", 2, EB_ROLE_SHARE},
    [WEIGHT] = {"weight", EB_COLUMN_REAL, NULL, 0, EB_ROLE_PLAIN},
    [WEIGHT_SHARE] = {"weight_share_pct", EB_COLUMN_REAL, "%", 2, EB_ROLE_SHARE},
    [TOLERANCE] = {"tolerance_m", EB_COLUMN_REAL, "m", -1, EB_ROLE_PLAIN},
    [AUDITED] = {"audited_error_m", EB_COLUMN_REAL, "m", 4, EB_ROLE_PLAIN},
};

enum { FIELD_INNER, FIELD_WIDTH, FIELD_AREA, FIELD_TOLERANCE, FIELD_AUDITED, FIELDS };
static const char *const field_names[FIELDS] = {"inner_m", "width_m", "area_m2", "tolerance_m", "audited_error_m"};

/* The name of a --by field: where it is one of a column or field of our own, which scripts rely on, it gets _2. */
static void by_name(const char *name, char *text, size_t size)
{
    bool own = false;
    for (size_t c = 0; c < COLUMNS; c++) own = own || strcmp(name, columns[c].name) == 0;
    for (size_t f = 0; f < FIELDS; f++) own = own || strcmp(name, field_names[f]) == 0;
    snprintf(text, size, "%.150s%s", name, own ? "_2" : "");
}

static void add_columns(eb_corridor_result *r)
{
    const eb_schema *by = eb_layer_schema(r->run->lines.groups);
    for (size_t k = 0; k < by->field_count; k++) {
        char name[160];
        by_name(by->fields[k].name, name, sizeof name);
        eb_column column = {name, eb_key_column_type(by->fields[k].type), NULL, -1, EB_ROLE_KEY};
        eb_table_add_column(r->table, &column);
    }
    for (size_t c = 0; c < COLUMNS; c++) {
        if (c == SCOPE && r->by_count == 0) continue;
        if ((c == INNER && !r->run->ask.rings) || (c == SHARE && !r->run->clip)) continue;
        if ((c == WEIGHT || c == WEIGHT_SHARE) && !r->run->ask.weight) continue;
        r->columns[c] = eb_table_add_column(r->table, &columns[c]);
    }
}

static void set_by(eb_corridor_result *r, size_t row, size_t group)
{
    size_t i;
    const eb_batch *batch = eb_corridor_group_row(&r->run->lines, group, &i);
    for (size_t k = 0; batch && k < r->by_count; k++) eb_key_column_set(r->table, row, k, batch, i, k);
}

static const char *part_text(const eb_corridor_run *run)
{
    static const char *const texts[] = {
        [EB_CORRIDOR_BOTH] = N_("on both sides"),
        [EB_CORRIDOR_LEFT] = N_("that see their nearest place of the lines from the left of the drawn direction"),
        [EB_CORRIDOR_RIGHT] = N_("that see their nearest place of the lines from the right of the drawn direction"),
        [EB_CORRIDOR_OUTWARD] = N_("outside the polygons"),
        [EB_CORRIDOR_INWARD] = N_("inside the polygons"),
        [EB_CORRIDOR_GROWN] = N_("with the polygons themselves"),
        [EB_CORRIDOR_CORE] = N_("left out of the polygons"),
    };
    return eb_translate(texts[run->ask.part]);
}

static const char *ends_text(const eb_corridor_run *run)
{
    if (run->lines.polygons) return "";
    return run->ask.cap == EB_CAP_ROUND ? _(", ends round") : _(", ends flat");
}

static void describe_method(eb_corridor_result *r)
{
    const eb_corridor_run *run = r->run;
    const eb_crs_info *info = eb_crs_info_get(run->lines.crs);
    const eb_area_account account = {
        .method = run->method, .chosen_m2 = run->chosen_m2, .official_m2 = run->official_m2, .geodesic_m2 = run->geodesic_m2};
    char area[1600];
    eb_measure_account(run->measure, &account, area, sizeof area);
    eb_table_set_method(
        r->table,
        "Places within the width of the %s, %s%s; geodesic distance on the ellipsoid of %s; edges straight between vertices in "
        "the coordinates of their layer (%s). Finished edges within %g m of the width, measured geodesically at every vertex "
        "and the middle of every edge, before clipping. %s",
        run->lines.polygons ? _("boundaries of the polygons") : _("lines"), part_text(run), ends_text(run),
        eb_crs_datum_word(run->lines.crs), info->code[0] ? info->code : info->name, run->ask.tolerance_m, area);
}

static const char *lengths_text(const eb_corridor_run *run)
{
    if (run->lines.polygons) return _("dissolved");
    return isnan(run->ask.once_m) ? _("every line added") : _("overlapping arcs counted once");
}

/* What a width that was given besides comes to, of the area that one was sought for. */
static void compare_with_solved(eb_corridor_result *r, size_t row)
{
    const eb_corridor_run *run = r->run;
    double width = eb_table_real_at(r->table, row, r->columns[WIDTH]), area = eb_table_real_at(r->table, row, r->columns[CLIPPED]);
    if (!eb_table_is_whole(r->table, row) || width == run->solved_m || run->ask.rings) return;
    if (run->ask.part == EB_CORRIDOR_BOTH)
        eb_table_add_note(r->table, "solve-area: %g m on each side gives %.6g km2, %.1f %% of the area asked for.", width, area / 1e6,
                          100 * area / run->ask.solve_m2);
    else
        eb_table_add_note(r->table, "solve-area: %g m gives %.6g km2, %.1f %% of the area asked for.", width, area / 1e6,
                          100 * area / run->ask.solve_m2);
}

/* Did the clip and erase layers take everything? */
static bool nothing_left(const eb_corridor_result *r)
{
    double left_m2 = 0;
    for (size_t row = 0; row < eb_table_row_count(r->table); row++) left_m2 += eb_table_real_at(r->table, row, r->columns[CLIPPED]);
    return (r->run->clip || r->run->erase) && !(left_m2 > 0);
}

static void describe(eb_corridor_result *r)
{
    const eb_corridor_run *run = r->run;
    describe_method(r);
    eb_table_add_note(r->table, "length_m: geodesic length of the %s%s, %s.", run->lines.polygons ? _("boundaries") : _("lines"),
                      run->clip ? _(" inside the clip layer") : "", lengths_text(run));
    if (run->ask.once_m > 0)
        eb_table_add_note(r->table,
                          "length_m: arcs between two meetings of lines that stay within %g m of longer ones count once, as the longest.",
                          run->ask.once_m);
    eb_table_add_note(r->table, "gross_m2: each feature's own corridor, added; dissolved_m2: every place once; clipped_m2: dissolved%s%s.",
                      run->clip ? _(", inside the clip layer") : "", run->erase ? _(", without the erase layer") : "");
    if (run->too_wide)
        eb_table_add_note(r->table, "Areas are geodesic: the official formula does not reach over so many degrees of longitude.");
    if (run->clip)
        eb_table_add_note(r->table, "share_of_clip_pct: clipped_m2 of the area of the clip layer, %.6f km2.", run->clip_m2 / 1e6);
    if (run->ask.weight)
        eb_table_add_note(
            r->table,
            "weight: %s of %s in clipped_m2, shared out by area as if spread evenly over each polygon; weight_share_pct: of the "
            "%.10g that its polygons count together.",
            run->ask.weight_field, run->ask.weight, run->counts.total);
    if (run->counts.pairs > 0)
        eb_table_add_note(
            r->table,
            "weight: polygons of %s overlap (pairs: %zu, %.6f km2 together); both of a pair count there, %.6g of the %.10g in "
            "all. Sharing out by area takes each place to be counted by one polygon.",
            run->ask.weight, run->counts.pairs, run->counts.overlap_m2 / 1e6, run->counts.overlap_sum, run->counts.total);
    if (nothing_left(r))
        eb_table_add_note(r->table, "clipped_m2: nothing is left: no corridor reaches a place that the clip and erase layers leave.");
    if (run->solved[0]) eb_table_add_note(r->table, "%s", run->solved);
    for (size_t row = 0; run->solved[0] && row < eb_table_row_count(r->table); row++) compare_with_solved(r, row);
    if (r->by_count)
        eb_table_add_note(r->table, "scope: group, the lines with the values in front of it; all, all groups dissolved, so that no place "
                                    "counts twice. Lines without values are a group of their own.");
}

/* --- the layers -------------------------------------------------------------------------------------------------------------------- */

static eb_schema *make_schema(eb_corridor_result *r, const char *name, bool with_by)
{
    eb_schema *schema = eb_schema_new(name, EB_SHAPE_MULTIPOLYGON, r->run->lines.crs);
    const eb_schema *by = eb_layer_schema(r->run->lines.groups);
    bool good = schema != NULL;
    for (size_t k = 0; good && with_by && k < by->field_count; k++) {
        char key[160];
        by_name(by->fields[k].name, key, sizeof key);
        good = eb_schema_add_field(schema, key, by->fields[k].type) >= 0;
    }
    for (size_t f = r->run->ask.rings ? 0 : 1; good && f < FIELDS; f++)
        good = eb_schema_add_field(schema, field_names[f], EB_FIELD_REAL) >= 0;
    if (good) return schema;
    eb_schema_free(schema);
    return NULL;
}

static eb_status begin_layer(eb_corridor_result *r, const char *role, bool with_by, eb_schema **schema, eb_batch **batch, eb_sink **sink,
                             eb_error *err)
{
    *schema = make_schema(r, *role ? role : "corridor", with_by);
    *batch = *schema ? eb_batch_new(*schema) : NULL;
    if (!*batch) return eb_error_memory(err);
    return r->run->space->create(r->run->space->self, role, *schema, sink, err);
}

static eb_status write_feature(eb_corridor_result *r, eb_sink *sink, eb_batch *batch, size_t group, const double values[FIELDS],
                               const eb_shape *shape, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0, row = 0;
    const eb_corridor_lines *lines = &r->run->lines;
    bool with_by = group < lines->group_count;
    if (eb_shape_empty(r->run->geos, shape)) return EB_OK; /* the table has its zero */
    eb_status status = eb_corridor_finish(r->run, shape, &data, &size, err);
    if (status != EB_OK) return status;
    eb_batch_clear(batch);
    bool good = eb_batch_add(batch, r->written++, (eb_wkb){data, size});
    const eb_batch *by = with_by ? eb_corridor_group_row(lines, group, &row) : NULL;
    for (size_t k = 0; good && by && k < r->by_count; k++) {
        if (!eb_batch_is_null(by, row, k)) good = eb_batch_set_copy(batch, k, by, row, k);
    }
    size_t field = by ? r->by_count : 0;
    for (size_t f = r->run->ask.rings ? 0 : 1; good && f < FIELDS; f++) good = eb_batch_set_real(batch, field++, values[f]);
    status = good ? eb_sink_write(sink, batch, err) : eb_error_memory(err);
    free(data);
    return status;
}

/* --- adding ------------------------------------------------------------------------------------------------------------------------ */

/* The shape that a row is about: the corridor, or the ring between it and the next narrower one. */
static eb_status shape_of(eb_corridor_result *r, const eb_corridor_level *level, const eb_corridor_level *inner, size_t group,
                          eb_shape **out, eb_error *err)
{
    eb_shape *ring = NULL;
    if (!inner) return eb_shape_copy(r->run->geos, level->shapes[group], out, err);
    eb_status status = eb_shape_overlay(r->run->geos, level->shapes[group], inner->shapes[group], EB_OP_DIFFERENCE, &ring, err);
    return status == EB_OK ? eb_shape_keep_dimension(r->run->geos, ring, 2, out, err) : status;
}

/* What a row says besides what its width and group say. */
typedef struct row_values {
    double dissolved_m2, clipped_m2, weight;
} row_values;

static void set_row(eb_corridor_result *r, const eb_corridor_level *level, const eb_corridor_level *inner, size_t group,
                    const row_values *values)
{
    eb_table *t = r->table;
    const eb_corridor_run *run = r->run;
    size_t row = eb_table_add_row(t);
    if (group < run->lines.group_count)
        set_by(r, row, group);
    else
        eb_table_mark_whole(t, row);
    if (r->by_count) eb_table_set_text(t, row, r->columns[SCOPE], group < run->lines.group_count ? "group" : "all");
    if (run->ask.rings) eb_table_set_real(t, row, r->columns[INNER], inner ? inner->width_m : 0);
    eb_table_set_real(t, row, r->columns[WIDTH], level->width_m);
    eb_table_set_real(t, row, r->columns[LENGTH], run->lengths_m[group]);
    eb_table_set_real(t, row, r->columns[GROSS], level->gross_m2[group] - (inner ? inner->gross_m2[group] : 0));
    eb_table_set_real(t, row, r->columns[DISSOLVED], values->dissolved_m2);
    eb_table_set_real(t, row, r->columns[CLIPPED], values->clipped_m2);
    if (run->clip) eb_table_set_real(t, row, r->columns[SHARE], 100 * values->clipped_m2 / run->clip_m2);
    if (run->ask.weight) {
        eb_table_set_real(t, row, r->columns[WEIGHT], values->weight);
        if (run->counts.total > 0) eb_table_set_real(t, row, r->columns[WEIGHT_SHARE], 100 * values->weight / run->counts.total);
    }
    eb_table_set_real(t, row, r->columns[TOLERANCE], run->ask.tolerance_m);
    eb_table_set_real(t, row, r->columns[AUDITED], level->audits[group].worst_m);
}

/* Sizes of a row's shape, and the shape as it is written. */
static eb_status measure_row(eb_corridor_run *run, const eb_shape *shape, eb_shape **clipped, row_values *values, eb_error *err)
{
    const bool whole = !run->clip && !run->erase;
    eb_status status = whole ? EB_OK : eb_corridor_area(run, shape, &values->dissolved_m2, err);
    if (status == EB_OK) status = eb_corridor_clip(run, shape, clipped, err);
    if (status == EB_OK) status = eb_corridor_checked_area(run, *clipped, &values->clipped_m2, err);
    if (whole) values->dissolved_m2 = values->clipped_m2;
    if (status == EB_OK && run->ask.weight) status = eb_corridor_counts_in(run, *clipped, &values->weight, err);
    return status;
}

static eb_status add_group(eb_corridor_result *r, const eb_corridor_level *level, const eb_corridor_level *inner, size_t group,
                           eb_error *err)
{
    eb_corridor_run *run = r->run;
    eb_shape *shape = NULL, *clipped = NULL;
    row_values row = {0};
    bool total = group == run->lines.group_count;
    eb_status status = shape_of(r, level, inner, group, &shape, err);
    if (status == EB_OK) status = measure_row(run, shape, &clipped, &row, err);
    if (status == EB_OK) {
        double values[FIELDS] = {inner ? inner->width_m : 0, level->width_m, row.clipped_m2, run->ask.tolerance_m,
                                 level->audits[group].worst_m};
        bool main_layer = total == (r->by_count == 0 || run->ask.dissolve);
        set_row(r, level, inner, group, &row);
        if (main_layer && r->groups) status = write_feature(r, r->groups, r->group_batch, group, values, clipped, err);
        if (!main_layer && total && r->all) status = write_feature(r, r->all, r->all_batch, group, values, clipped, err);
    }
    eb_shape_free(run->geos, shape);
    eb_shape_free(run->geos, clipped);
    return status;
}

eb_status eb_corridor_result_add(eb_corridor_result *r, const eb_corridor_level *level, const eb_corridor_level *inner, eb_error *err)
{
    size_t groups = r->run->lines.group_count;
    eb_status status = EB_OK;
    for (size_t g = 0; status == EB_OK && r->by_count && g < groups; g++) status = add_group(r, level, inner, g, err);
    return status == EB_OK ? add_group(r, level, inner, groups, err) : status;
}

/* --- beginning and end ------------------------------------------------------------------------------------------------------------- */

eb_status eb_corridor_result_new(eb_corridor_run *run, eb_corridor_result **out, eb_error *err)
{
    eb_corridor_result *r = *out = calloc(1, sizeof **out);
    if (!r) return eb_error_memory(err);
    r->run = run;
    r->by_count = eb_layer_schema(run->lines.groups)->field_count;
    r->table = eb_table_new("corridor", "Corridors");
    if (!r->table) return eb_error_memory(err);
    add_columns(r);
    bool dissolved = r->by_count == 0 || run->ask.dissolve;
    eb_status status = begin_layer(r, "", !dissolved, &r->group_schema, &r->group_batch, &r->groups, err);
    if (status == EB_OK && !dissolved) status = begin_layer(r, "dissolved", false, &r->all_schema, &r->all_batch, &r->all, err);
    return status;
}

void eb_corridor_result_free(eb_corridor_result *r)
{
    if (!r) return;
    eb_sink_abort(r->groups);
    eb_sink_abort(r->all);
    eb_batch_free(r->group_batch);
    eb_batch_free(r->all_batch);
    eb_schema_free(r->group_schema);
    eb_schema_free(r->all_schema);
    eb_table_free(r->table);
    free(r);
}

eb_status eb_corridor_result_finish(eb_corridor_result *result_take, eb_error *err)
{
    eb_corridor_result *r = result_take;
    eb_sink *groups = r->groups, *all = r->all;
    eb_table *table = r->table;
    describe(r);
    r->groups = r->all = NULL;
    r->table = NULL;
    eb_status status = eb_table_status(table) == EB_OK ? EB_OK : eb_error_memory(err);
    if (status == EB_OK)
        status = r->run->space->add_table(r->run->space->self, table, err);
    else
        eb_table_free(table);
    if (status == EB_OK && groups) {
        status = eb_sink_commit(groups, err);
        groups = NULL;
    }
    if (status == EB_OK && all) {
        status = eb_sink_commit(all, err);
        all = NULL;
    }
    eb_sink_abort(groups);
    eb_sink_abort(all);
    eb_corridor_result_free(r);
    return status;
}
