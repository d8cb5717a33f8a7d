/* Tables of areas and of lengths from the groups. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/area/run.h"
#include "analysis/empty.h"
#include "analysis/key_column.h"
#include "base/text.h"
#include "base/translate.h"

/* A planar area farther off than this is no area of the ground: it is given only to who insists. */
static const double planar_limit = 0.01;

/* The table in the making: rows in the order of the groups' values, columns of numbers beside it. */
typedef struct maker {
    eb_area_run *run;
    eb_table *table;
    size_t *order;
    size_t rows;
    double *values;  /* what is shared out and rounded, a row each */
    double *scratch; /* rounded values */
} maker;

static const eb_area_group *group_at(const maker *m, size_t row)
{
    return eb_area_groups_at(m->run->groups, m->order[row]);
}

/* --- columns ----------------------------------------------------------------------------------------------------------------------- */

/* Names that the analysis gives to its own columns: a field of the same name makes way. */
static bool is_own_name(const char *name)
{
    static const char *const own[] = {
        "count",        "area_m2",   "official_m2", "geodesic_m2", "planar_m2", "area_ha",    "area_mu",
        "area_km2",     "share_pct", "rounded",     "length_m",    "length_km", "area_wanmu", "density_km_per_100km2",
        "reference_km2"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(own[i], name) == 0) return true;
    return false;
}

static void add_keys(maker *m)
{
    const eb_schema *schema = eb_area_groups_keys(m->run->groups)->schema;
    for (size_t row = 0; row < m->rows; row++) eb_table_add_row(m->table);
    for (size_t f = 0; f < schema->field_count; f++) {
        char name[160];
        snprintf(name, sizeof name, "%.150s%s", schema->fields[f].name, is_own_name(schema->fields[f].name) ? "_2" : "");
        const eb_column column = {.name = name, .type = eb_key_column_type(schema->fields[f].type), .decimals = -1, .role = EB_ROLE_KEY};
        const size_t c = eb_table_add_column(m->table, &column);
        for (size_t row = 0; row < m->rows; row++)
            eb_key_column_set(m->table, row, c, eb_area_groups_keys(m->run->groups), m->order[row], f);
    }
}

static size_t add_real(const maker *m, const char *name, const char *unit, int decimals, eb_column_role role)
{
    const eb_column column = {.name = name, .type = EB_COLUMN_REAL, .unit = unit, .decimals = decimals, .role = role};
    return eb_table_add_column(m->table, &column);
}

static void add_count(const maker *m, bool lines)
{
    const eb_column column = {.name = "count", .type = EB_COLUMN_INTEGER, .decimals = 0, .role = EB_ROLE_SUMMED};
    const size_t c = eb_table_add_column(m->table, &column);
    for (size_t row = 0; row < m->rows; row++)
        eb_table_set_integer(m->table, row, c, lines ? group_at(m, row)->counted : group_at(m, row)->polygons);
}

/* Shares of the total that add up to 100.00 (more digits where there are many rows); null where the total is nothing. */
static eb_status add_shares(maker *m, eb_error *err)
{
    const int decimals = m->rows > 100 ? 4 : 2;
    double total = 0;
    for (size_t row = 0; row < m->rows; row++) total += m->values[row];
    const bool known = total > 0 && isfinite(total) && isfinite(100 / total);
    const size_t c = add_real(m, "share_pct", "%", decimals, known ? EB_ROLE_SHARE : EB_ROLE_PLAIN);
    if (!known) return EB_OK;
    eb_status status = eb_level_values(m->values, m->rows, decimals, 100, EB_LEVEL_REMAINDER, m->scratch, NULL, err);
    for (size_t row = 0; row < m->rows && status == EB_OK; row++) eb_table_set_real(m->table, row, c, m->scratch[row]);
    return status;
}

/* --- areas ------------------------------------------------------------------------------------------------------------------------- */

/* NaN where a shape of the group has none: a part of an area is none. */
static double chosen_m2(const eb_area_run *run, const eb_area_group *group)
{
    if (group->lacking) return NAN;
    if (run->method == EB_AREA_OFFICIAL) return (double)group->official_cents / 100;
    return (double)(run->method == EB_AREA_PLANAR ? group->planar_m2 : group->geodesic_m2);
}

/* The chosen area in a unit. Official areas are whole cents, and from those each unit is one correctly rounded division. */
static double chosen_in(const eb_area_run *run, const eb_area_group *group, eb_area_unit unit)
{
    static const double cents[][2] = {
        [EB_UNIT_M2] = {1, 1e2}, [EB_UNIT_HA] = {1, 1e6}, [EB_UNIT_MU] = {3, 2e5}, [EB_UNIT_KM2] = {1, 1e8}, [EB_UNIT_WAN_MU] = {3, 2e9}};
    if (run->method != EB_AREA_OFFICIAL || group->lacking) return eb_area_from_m2(chosen_m2(run, group), unit);
    return cents[unit][0] * (double)group->official_cents / cents[unit][1];
}

static void add_areas(maker *m)
{
    const eb_area_run *run = m->run;
    const bool by_circular = run->method == EB_AREA_OFFICIAL;
    /* A sum that lacks a part is no total. */
    const eb_column_role role = run->method == EB_AREA_OFFICIAL && run->no_official ? EB_ROLE_PLAIN : EB_ROLE_SUMMED;
    const size_t area = add_real(m, "area_m2", "m2", 2, role);
    const size_t official = by_circular ? add_real(m, "official_m2", "m2", 2, role) : 0;
    const size_t geodesic = add_real(m, "geodesic_m2", "m2", 2, EB_ROLE_SUMMED);
    const size_t planar = run->method == EB_AREA_PLANAR ? add_real(m, "planar_m2", "m2", 2, EB_ROLE_SUMMED) : 0;
    const size_t ha = add_real(m, "area_ha", "ha", 4, role), mu = add_real(m, "area_mu", "mu", 2, role);
    const size_t km2 = add_real(m, "area_km2", "km2", 4, role);
    for (size_t row = 0; row < m->rows; row++) {
        const eb_area_group *group = group_at(m, row);
        const double m2 = chosen_m2(run, group);
        m->values[row] = m2;
        eb_table_set_real(m->table, row, geodesic, (double)group->geodesic_m2);
        if (group->lacking) continue;
        eb_table_set_real(m->table, row, area, m2);
        if (by_circular) eb_table_set_real(m->table, row, official, (double)group->official_cents / 100);
        if (planar) eb_table_set_real(m->table, row, planar, (double)group->planar_m2);
        eb_table_set_real(m->table, row, ha, chosen_in(run, group, EB_UNIT_HA));
        eb_table_set_real(m->table, row, mu, chosen_in(run, group, EB_UNIT_MU));
        eb_table_set_real(m->table, row, km2, chosen_in(run, group, EB_UNIT_KM2));
    }
}

/* A unit as people write it, in their language. */
static const char *unit_word(eb_area_unit unit)
{
    static const char *const words[] = {[EB_UNIT_M2] = N_("m²"),
                                        [EB_UNIT_HA] = N_("ha"),
                                        [EB_UNIT_MU] = N_("mu"),
                                        [EB_UNIT_KM2] = N_("km²"),
                                        [EB_UNIT_WAN_MU] = N_("10⁴ mu")};
    return eb_translate(words[unit]);
}

static void note_level(const maker *m, const eb_level *level)
{
    const eb_area_request *ask = &m->run->ask;
    const char *unit = unit_word(ask->unit), *rule = ask->level.rule == EB_LEVEL_LARGEST ? _("the largest first") : _("largest remainder");
    const int d = ask->level.decimals;
    char factor[64] = "";
    if (level->factor != 1) snprintf(factor, sizeof factor, _(", scaled by %.9f first"), level->factor);
    eb_table_add_note(m->table,
                      "Column rounded: %s to %d decimals, sum of the parts %.*f, %s %.*f%s; residual %.*f before levelling, %.*f after; "
                      "%zu of %zu rows moved (%s).",
                      unit, d, d + 2 > 9 ? 9 : d + 2, level->sum, isnan(ask->level.control) ? _("rounded total") : _("control"), d,
                      level->control, factor, d, level->residual_before, d, level->residual_after, level->moved, m->rows, rule);
}

/* What the features of each row have to add up to. */
static eb_status keep_rounded(const maker *m, eb_error *err)
{
    eb_area_rounded *rounded = &m->run->rounded;
    rounded->of_group = calloc(eb_area_groups_count(m->run->groups) + 1, sizeof *rounded->of_group);
    if (!rounded->of_group) return eb_error_memory(err);
    for (size_t row = 0; row < m->rows; row++) rounded->of_group[m->order[row]] = m->scratch[row];
    return EB_OK;
}

/* What is not known cannot be rounded to add up to a total. */
static eb_status refuse_lacking(const eb_area_run *run, eb_error *err)
{
    eb_error_set(err, EB_REFUSED, "%lld shapes have no official area, so there is no total to round to (the first: %s)",
                 (long long)run->no_official, run->first_no_official.message);
    eb_error_where(err, run->schema->file, run->schema->name, EB_NO_FID);
    eb_error_at(err, run->first_no_official.x, run->first_no_official.y);
    eb_error_hint(err, "round geodesic areas (--method geodesic), or split those shapes at zone borders");
    return EB_REFUSED;
}

static eb_status add_rounded(maker *m, eb_error *err)
{
    const eb_area_request *ask = &m->run->ask;
    if (!ask->round) return EB_OK;
    if (m->run->no_official) return refuse_lacking(m->run, err);
    eb_level level;
    const size_t c = add_real(m, "rounded", eb_area_unit_name(ask->unit), ask->level.decimals, EB_ROLE_SUMMED);
    for (size_t row = 0; row < m->rows; row++) m->scratch[row] = chosen_in(m->run, group_at(m, row), ask->unit);
    eb_status status = eb_level_apply(m->scratch, m->rows, &ask->level, m->scratch, &level, err);
    if (status == EB_REFUSED && !isnan(ask->level.control) && !ask->level.scale)
        eb_error_hint(err, "check --control and its unit, or add --scale");
    if (status != EB_OK) return status;
    for (size_t row = 0; row < m->rows; row++) eb_table_set_real(m->table, row, c, m->scratch[row]);
    note_level(m, &level);
    return m->run->pass == EB_AREA_FIRST_PASS ? keep_rounded(m, err) : EB_OK;
}

/* The method line, with what the figures come to by another method. */
static void set_area_method(const maker *m)
{
    const eb_area_run *run = m->run;
    const bool checked = run->checked > 0;
    const eb_area_account account = {.method = run->method,
                                     .chosen_m2 = (double)run->check_chosen_m2,
                                     .official_m2 = checked ? (double)run->check_official_m2 : NAN,
                                     .geodesic_m2 = (double)run->check_geodesic_m2,
                                     .checked = run->checked,
                                     .shapes = run->areas};
    char line[1600];
    eb_measure_account(run->measure, &account, line, sizeof line);
    eb_table_set_method(m->table, "%s", line);
}

/* A planar area says by how much it is off, and is not given away where that is gross. */
static eb_status warn_planar(const maker *m, double planar, double geodesic, eb_error *err)
{
    const eb_area_run *run = m->run;
    if (run->method != EB_AREA_PLANAR || !(geodesic > 0)) return EB_OK;
    const double off = planar / geodesic - 1;
    const bool gross = fabs(off) > planar_limit || eb_crs_info_get(run->schema->crs)->kind == EB_CRS_WEB_MERCATOR;
    if (gross && !run->ask.yes_planar) {
        eb_error_set(err, EB_REFUSED, "planar area in this projection is %+.3g %% off here: %.0f m2 instead of %.0f m2 on the ellipsoid",
                     100 * off, planar, geodesic);
        eb_error_where(err, run->schema->file, run->schema->name, EB_NO_FID);
        eb_error_hint(err, "leave --method out for the official or geodesic area, or insist with --yes-planar");
        return EB_REFUSED;
    }
    eb_table_add_note(m->table, "Planar areas are %+.4f %% off here (%+.2f m2): they are not areas of the ground.", 100 * off,
                      planar - geodesic);
    eb_env_log(run->env, EB_LOG_WARNING, "planar areas are %+.4f %% off here (%+.2f m2 in all)", 100 * off, planar - geodesic);
    return EB_OK;
}

/* Rows with a shape that has no official area have none either. */
static void note_no_official(const maker *m)
{
    const eb_area_run *run = m->run;
    const long long count = (long long)run->no_official;
    eb_table_add_note(m->table,
                      "%lld shapes have no official area (%s): their rows have geodesic_m2 only, and the other columns no total; "
                      "--method geodesic gives areas of all.",
                      count, run->first_no_official.message);
    eb_env_log(run->env, EB_LOG_WARNING, "%lld shapes have no official area: their rows have geodesic_m2 only (--method geodesic: all)",
               count);
}

static void note_rest(const maker *m, bool lines)
{
    const eb_area_run *run = m->run;
    int64_t other = run->other;
    for (size_t row = 0; row < m->rows; row++) other += lines ? group_at(m, row)->polygons : group_at(m, row)->lines;
    if (run->rejected)
        eb_table_add_note(m->table, "%lld features could not be measured and are in no figure here.", (long long)run->rejected);
    if (run->no_official && !lines) note_no_official(m);
    if (run->invalid)
        eb_table_add_note(m->table,
                          "%lld shapes are not valid: they are measured as they are drawn, and a repair would change their areas.",
                          (long long)run->invalid);
    if (other)
        eb_table_add_note(m->table, "%lld features have no %s and are in no figure here.", (long long)other,
                          lines ? _("length") : _("area"));
}

/* Groups that hold no shape of the kind the table is about would be rows of nothing. */
static void drop_empty_rows(maker *m, bool lines)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->rows; i++) {
        const eb_area_group *group = group_at(m, i);
        if (lines ? group->lines > 0 : group->polygons > 0) m->order[kept++] = m->order[i];
    }
    m->rows = kept;
}

static eb_status make_areas(maker *m, eb_error *err)
{
    double planar = 0, geodesic = 0;
    add_keys(m);
    add_count(m, false);
    add_areas(m);
    for (size_t row = 0; row < m->rows; row++) {
        planar += (double)group_at(m, row)->planar_m2;
        geodesic += (double)group_at(m, row)->geodesic_m2;
    }
    set_area_method(m);
    eb_status status = warn_planar(m, planar, geodesic, err);
    if (status == EB_OK) status = add_shares(m, err);
    if (status == EB_OK) status = add_rounded(m, err);
    return status;
}

/* --- lengths ----------------------------------------------------------------------------------------------------------------------- */

/* What the densities are divided by, in m2; NaN where nothing was given. */
static double denominator(const maker *m)
{
    const eb_area_run *run = m->run;
    const char *method = NULL;
    if (!isnan(run->ask.per_m2)) {
        eb_table_add_note(m->table, "Density: kilometres a hundred square kilometres of %.4f km2, as given.", run->ask.per_m2 / 1e6);
        return run->ask.per_m2;
    }
    if (!run->inside) return NAN;
    const double m2 = eb_area_inside_m2(run->inside, &method);
    eb_table_add_note(m->table, "Density: kilometres a hundred square kilometres of %.4f km2, the area of %s. %s", m2 / 1e6,
                      run->ask.inside, method);
    return m2;
}

static void add_lengths(maker *m)
{
    const size_t metres = add_real(m, "length_m", "m", 2, EB_ROLE_SUMMED), km = add_real(m, "length_km", "km", 3, EB_ROLE_SUMMED);
    for (size_t row = 0; row < m->rows; row++) {
        const double length = (double)group_at(m, row)->length_m;
        m->values[row] = length;
        eb_table_set_real(m->table, row, metres, length);
        eb_table_set_real(m->table, row, km, length / 1000);
    }
}

static void add_densities(maker *m)
{
    const double m2 = denominator(m);
    if (isnan(m2)) return;
    const size_t density = add_real(m, "density_km_per_100km2", "km/100 km2", 4, EB_ROLE_SUMMED);
    const size_t reference = add_real(m, "reference_km2", "km2", 4, EB_ROLE_PLAIN);
    for (size_t row = 0; row < m->rows; row++) {
        if (m2 > 0) eb_table_set_real(m->table, row, density, m->values[row] / 1000 / (m2 / 1e6) * 100);
        eb_table_set_real(m->table, row, reference, m2 / 1e6);
    }
}

static eb_status make_lengths(maker *m, eb_error *err)
{
    const eb_crs_info *info = eb_crs_info_get(m->run->schema->crs);
    add_keys(m);
    add_count(m, true);
    add_lengths(m);
    eb_status status = add_shares(m, err);
    add_densities(m);
    eb_table_set_method(m->table, "Geodesic length (Karney 2013, within 1e-10) on the ellipsoid a %.10g m, 1/f %.12g%s%s.", info->a,
                        info->f > 0 ? 1 / info->f : 0, m->run->inside ? _(", only what lies inside ") : "",
                        m->run->inside ? m->run->ask.inside : "");
    return status;
}

eb_status eb_area_table(eb_area_run *run, eb_error *err)
{
    const bool lines = eb_area_is_lines(run);
    maker m = {.run = run,
               .table = eb_table_new(lines ? "length" : "area", lines ? "Lengths" : "Areas"),
               .rows = eb_area_groups_count(run->groups)};
    m.order = eb_area_groups_order(run->groups);
    m.values = calloc(m.rows + 1, sizeof *m.values);
    m.scratch = calloc(m.rows + 1, sizeof *m.scratch);
    eb_status status = EB_OK;
    if (!m.table || !m.order || !m.values || !m.scratch) {
        status = eb_error_memory(err);
    } else {
        drop_empty_rows(&m, lines);
        status = lines ? make_lengths(&m, err) : make_areas(&m, err);
        eb_table_mark_parts(m.table);
        note_rest(&m, lines);
        eb_empty_note(run->space->diagnosis, m.table);
    }
    if (status == EB_OK) status = eb_table_status(m.table) == EB_OK ? EB_OK : eb_error_memory(err);
    if (status == EB_OK)
        status = run->space->add_table(run->space->self, m.table, err);
    else
        eb_table_free(m.table);
    free(m.order);
    free(m.values);
    free(m.scratch);
    return status;
}
