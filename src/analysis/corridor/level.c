/*
 * The corridors of one width: lines, groups, all; each finished edge audited.
 */
#include "analysis/corridor/run.h"

#include <math.h>
#include <stdlib.h>

eb_corridor_spec eb_corridor_spec_of(const eb_corridor_run *run, double width_m)
{
    return (eb_corridor_spec){.width_m = width_m, .tolerance_m = run->ask.tolerance_m, .part = run->ask.part, .cap = run->ask.cap};
}

/* The group with this number, or all for the number after the last. */
static eb_corridor_choice choice_of(const eb_corridor_run *run, size_t group)
{
    return (eb_corridor_choice){group < run->lines.group_count ? group : EB_CORRIDOR_ALL, EB_CORRIDOR_ALL};
}

static double out_tolerance(const eb_corridor_run *run)
{
    return run->ask.tolerance_m * EB_CORRIDOR_SHARE_OUT;
}

eb_status eb_corridor_finish(eb_corridor_run *run, const eb_shape *shape, uint8_t **data, size_t *size, eb_error *err)
{
    eb_status status = eb_corridor_shape_out(&run->lines.frame, run->geos, shape, out_tolerance(run), data, size, err);
    if (status != EB_OK || !run->lines.degrees) return status;
    return eb_corridor_cut_meridian(run->geos, *data, *size, data, size, err);
}

static eb_status measure_finished(eb_corridor_run *run, const eb_shape *shape, unsigned want, eb_size *sizes, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    eb_status status = eb_corridor_finish(run, shape, &data, &size, err);
    if (status == EB_OK) status = eb_measure_area(run->measure, (eb_wkb){data, size}, want, sizes, err);
    free(data);
    return status;
}

static unsigned want_of(const eb_corridor_run *run)
{
    return run->method == EB_AREA_OFFICIAL ? EB_WANT_OFFICIAL : run->method == EB_AREA_PLANAR ? EB_WANT_PLANAR : EB_WANT_GEODESIC;
}

static double chosen(const eb_corridor_run *run, const eb_size *sizes)
{
    return run->method == EB_AREA_OFFICIAL ? sizes->official_m2 : run->method == EB_AREA_PLANAR ? sizes->planar_m2 : sizes->geodesic_m2;
}

eb_status eb_corridor_area(eb_corridor_run *run, const eb_shape *shape, double *area_m2, eb_error *err)
{
    eb_size sizes;
    *area_m2 = 0;
    if (eb_shape_empty(run->geos, shape)) return EB_OK; /* nothing is in no zone */
    eb_status status = measure_finished(run, shape, want_of(run), &sizes, err);
    *area_m2 = status == EB_OK ? chosen(run, &sizes) : 0;
    return status;
}

eb_status eb_corridor_checked_area(eb_corridor_run *run, const eb_shape *shape, double *area_m2, eb_error *err)
{
    eb_size sizes;
    const unsigned checks = EB_WANT_GEODESIC | (run->too_wide || !run->in_reach ? 0 : EB_WANT_OFFICIAL_TOO);
    *area_m2 = 0;
    if (eb_shape_empty(run->geos, shape)) return EB_OK;
    eb_status status = measure_finished(run, shape, want_of(run) | checks, &sizes, err);
    if (status != EB_OK) return status;
    *area_m2 = chosen(run, &sizes);
    run->chosen_m2 += *area_m2;
    run->geodesic_m2 += sizes.geodesic_m2;
    run->official_m2 += sizes.official_m2;
    return EB_OK;
}

eb_status eb_corridor_clip(eb_corridor_run *run, const eb_shape *shape, eb_shape **out, eb_error *err)
{
    eb_shape *clipped = NULL, *left = NULL;
    *out = NULL;
    eb_status status = run->clip ? eb_shape_overlay(run->geos, shape, run->clip, EB_OP_INTERSECTION, &clipped, err)
                                 : eb_shape_copy(run->geos, shape, &clipped, err);
    if (status == EB_OK && run->erase) {
        status = eb_shape_overlay(run->geos, clipped, run->erase, EB_OP_DIFFERENCE, &left, err);
        eb_shape_free(run->geos, clipped);
        clipped = left;
    }
    if (status == EB_OK) return eb_shape_keep_dimension(run->geos, clipped, 2, out, err);
    eb_shape_free(run->geos, clipped);
    return status;
}

/* --- making ------------------------------------------------------------------------------------------------------------------------ */

static void free_shapes(eb_geos *geos, eb_shape **shapes, size_t count)
{
    for (size_t i = 0; shapes && i < count; i++) eb_shape_free(geos, shapes[i]);
    free(shapes);
}

void eb_corridor_level_clear(eb_corridor_run *run, eb_corridor_level *level)
{
    free_shapes(run->geos, level->shapes, run->lines.group_count + 1);
    free(level->gross_m2);
    free(level->audits);
    *level = (eb_corridor_level){0};
}

/* The plane is good for less than a hemisphere. */
static eb_status check_extent(const eb_corridor_run *run, double width_m, eb_error *err)
{
    const double most_rad = 1.5; /* 86 degrees */
    if (run->lines.radius_rad + width_m / run->lines.plane.rq < most_rad) return EB_OK;
    eb_error_set(err, EB_REFUSED, "the corridor would reach over a hemisphere; corridors are made for one region at a time");
    eb_error_hint(err, "use a smaller width, or fewer lines (--where)");
    return EB_REFUSED;
}

/* In degrees a shape round a pole has no proper outline. */
static eb_status check_pole(eb_corridor_run *run, const eb_shape *shape, eb_error *err)
{
    double x, y, pole = run->lines.plane.lat0_deg < 0 ? -90 : 90;
    bool inside = false;
    eb_corridor_bytes bytes = {0};
    eb_shape *point = NULL;
    if (!run->lines.degrees) return EB_OK;
    eb_plane_forward(&run->lines.plane, run->lines.plane.lon0_deg, pole, &x, &y);
    eb_corridor_add_point(&bytes, x, y);
    eb_status status = bytes.failed ? eb_error_memory(err) : eb_shape_read(run->geos, (eb_wkb){bytes.data, bytes.size}, &point, err);
    if (status == EB_OK) status = eb_shape_relate(run->geos, shape, point, EB_REL_INTERSECTS, &inside, err);
    eb_shape_free(run->geos, point);
    free(bytes.data);
    if (status != EB_OK || !inside) return status;
    eb_error_set(err, EB_REFUSED, "the corridor covers a pole, which degrees cannot hold");
    eb_error_hint(err, "bring the lines into a polar projection first: ecobelt convert --to-crs EPSG:%d", pole < 0 ? 3031 : 3995);
    return EB_REFUSED;
}

/* The corridor of a single feature as if it were alone, for the gross area. */
static eb_status measure_alone(eb_corridor_run *run, size_t line, const eb_corridor_spec *spec, const eb_shape *whole, double *gross,
                               eb_error *err)
{
    eb_shape *copy = NULL, *part = NULL;
    double area = 0;
    eb_corridor_choice choice = {EB_CORRIDOR_ALL, line};
    eb_status status = eb_shape_copy(run->geos, whole, &copy, err);
    if (status == EB_OK) status = eb_corridor_part_of(&run->lines, choice, spec, run->geos, run->env, copy, &part, err);
    if (status == EB_OK) status = eb_corridor_area(run, part, &area, err);
    eb_shape_free(run->geos, part);
    *gross += area;
    return status;
}

static eb_status make_line(eb_corridor_run *run, size_t line, const eb_corridor_spec *spec, eb_shape **out, eb_error *err)
{
    eb_status status = eb_env_check(run->env, err);
    if (status == EB_OK) status = eb_corridor_of_line(&run->lines, line, spec, run->geos, run->env, out, err);
    if (status != EB_OK) eb_error_where(err, NULL, NULL, run->lines.lines[line].fid);
    return status;
}

/* Does a line take part: is it chosen, or only counted in the gross area? */
static bool takes_part(const eb_corridor_run *run, eb_corridor_choice choice, size_t i, bool gross, bool *mine)
{
    const eb_corridor_line *line = &run->lines.lines[i];
    *mine = gross && line->rank == EB_CORRIDOR_FEATURE && line->group == choice.group;
    return *mine || eb_corridor_chosen(&run->lines, choice, i);
}

/* How many do. */
static size_t count_parts(const eb_corridor_run *run, eb_corridor_choice choice, bool gross)
{
    size_t count = 0;
    bool mine;
    for (size_t i = 0; i < run->lines.line_count; i++) count += takes_part(run, choice, i, gross, &mine);
    return count;
}

/* All places within the width of the chosen lines; @p gross (may be NULL) is counted up by each feature's own corridor. */
static eb_status make_whole(eb_corridor_run *run, eb_corridor_choice choice, const eb_corridor_spec *spec, eb_shape **out, double *gross,
                            eb_error *err)
{
    const double lines_share = 0.8; /* of the work; the rest is the union of lines */
    eb_shape **shapes = calloc(run->lines.line_count + 1, sizeof(eb_shape *));
    if (!shapes) return eb_error_memory(err);
    size_t count = 0, done = 0;
    double step = lines_share / (double)(count_parts(run, choice, gross != NULL) + 1);
    eb_corridor_stage stage;
    eb_status status = EB_OK;
    for (size_t i = 0; status == EB_OK && i < run->lines.line_count; i++) {
        bool mine;
        if (!takes_part(run, choice, i, gross != NULL, &mine)) continue;
        eb_corridor_stage_enter(run, step * (double)done, step * (double)(done + 1), &stage);
        status = make_line(run, i, spec, &shapes[count], err);
        if (status == EB_OK && mine) status = measure_alone(run, i, spec, shapes[count], gross, err);
        eb_corridor_stage_leave(run, &stage);
        done++;
        if (eb_corridor_chosen(&run->lines, choice, i))
            count++;
        else
            eb_shape_free(run->geos, shapes[count]);
    }
    eb_corridor_stage_enter(run, lines_share, 1, &stage);
    if (status == EB_OK)
        status = eb_corridor_union(run->geos, shapes, count, eb_corridor_least_hole(spec), run->env, out, err);
    else
        for (size_t i = 0; i < count; i++) eb_shape_free(run->geos, shapes[i]);
    eb_corridor_stage_leave(run, &stage);
    free(shapes);
    return status;
}

/* All groups: the union of what they have; polygons are dissolved before, so that no boundary inside counts. */
static eb_status make_all(eb_corridor_run *run, eb_shape *const *groups, const eb_corridor_spec *spec, eb_shape **out, eb_error *err)
{
    size_t count = run->lines.group_count;
    if (run->lines.polygons) return make_whole(run, choice_of(run, count), spec, out, NULL, err);
    eb_shape **copies = calloc(count + 1, sizeof(eb_shape *));
    if (!copies) return eb_error_memory(err);
    eb_status status = EB_OK;
    size_t made = 0;
    for (; status == EB_OK && made < count; made += status == EB_OK) status = eb_shape_copy(run->geos, groups[made], &copies[made], err);
    if (status == EB_OK)
        status = eb_corridor_union(run->geos, copies, count, eb_corridor_least_hole(spec), run->env, out, err);
    else
        for (size_t i = 0; i < made; i++) eb_shape_free(run->geos, copies[i]);
    free(copies);
    return status;
}

static bool one_side(const eb_corridor_spec *spec)
{
    return spec->part == EB_CORRIDOR_LEFT || spec->part == EB_CORRIDOR_RIGHT;
}

eb_status eb_corridor_level_sketch(eb_corridor_run *run, double width_m, double tolerance_m, eb_shape **out, eb_error *err)
{
    eb_corridor_spec spec = eb_corridor_spec_of(run, width_m);
    size_t groups = run->lines.group_count;
    eb_shape **parts = calloc(groups + 1, sizeof(eb_shape *)), *whole = NULL;
    eb_status status = parts ? check_extent(run, width_m, err) : eb_error_memory(err);
    spec.tolerance_m = tolerance_m;
    if (status == EB_OK && !one_side(&spec)) {
        status = make_whole(run, choice_of(run, groups), &spec, &whole, NULL, err);
        if (status == EB_OK) status = eb_corridor_part_of(&run->lines, choice_of(run, groups), &spec, run->geos, run->env, whole, out, err);
    } else {
        for (size_t g = 0; status == EB_OK && g < groups; g++) {
            status = make_whole(run, choice_of(run, g), &spec, &whole, NULL, err);
            if (status == EB_OK)
                status = eb_corridor_part_of(&run->lines, choice_of(run, g), &spec, run->geos, run->env, whole, &parts[g], err);
        }
        if (status == EB_OK) status = make_all(run, parts, &spec, out, err);
    }
    free_shapes(run->geos, parts, groups);
    return status;
}

/* --- auditing ---------------------------------------------------------------------------------------------------------------------- */

/* Does a shape hold a place, or what is within some metres of it? */
static eb_status holds_place(eb_corridor_run *run, const eb_prepared *prepared, double x, double y, double within_m, bool *out,
                             eb_error *err)
{
    eb_corridor_bytes bytes = {0};
    eb_shape *point = NULL, *disc = NULL;
    eb_corridor_add_point(&bytes, x, y);
    eb_status status = bytes.failed ? eb_error_memory(err) : eb_shape_read(run->geos, (eb_wkb){bytes.data, bytes.size}, &point, err);
    if (status == EB_OK && within_m > 0) status = eb_shape_buffer(run->geos, point, within_m, 8, EB_CAP_ROUND, EB_SIDE_BOTH, &disc, err);
    if (status == EB_OK) status = eb_prepared_relate(run->geos, prepared, disc ? disc : point, EB_REL_INTERSECTS, out, err);
    eb_shape_free(run->geos, point);
    eb_shape_free(run->geos, disc);
    free(bytes.data);
    return status;
}

/*
 * A corridor that lost a piece whole would have no wrong edge; but a line would lie outside it. Between flat ends what is thinner than the
 * tolerance may be missing.
 */
static eb_status check_line_inside(eb_corridor_run *run, const eb_corridor_line *line, const eb_prepared *prepared,
                                   const eb_corridor_spec *spec, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t c = 0; status == EB_OK && c < line->chain_count; c++) {
        const eb_corridor_chain *chain = &run->lines.chains[line->chain_first + c];
        const double *a = run->lines.xy + 2 * (chain->first + (chain->count - 1) / 2), *b = a + 2;
        double x, y, lon = (a[0] + b[0]) / 2, lat = (a[1] + b[1]) / 2;
        bool inside = false;
        status = eb_corridor_to_plane(&run->lines.frame, lon, lat, &x, &y, err);
        if (status == EB_OK) status = holds_place(run, prepared, x, y, spec->cap == EB_CAP_FLAT ? spec->tolerance_m : 0, &inside, err);
        if (status != EB_OK || inside) continue;
        status = eb_error_set(err, EB_INTERNAL, "the corridor does not hold its own line");
        eb_error_where(err, NULL, NULL, line->fid);
        eb_error_at(err, lon, lat);
    }
    return status;
}

static eb_status check_lines_inside(eb_corridor_run *run, size_t group, const eb_shape *shape, const eb_corridor_spec *spec, eb_error *err)
{
    eb_prepared *prepared = NULL;
    if (spec->cap == EB_CAP_FLAT && eb_shape_empty(run->geos, shape)) {
        eb_error_set(err, EB_REFUSED, "between the flat ends nothing of the %.10g m corridor is wider than the tolerance of %g m",
                     spec->width_m, spec->tolerance_m);
        eb_error_hint(err, "use round ends, or a smaller --tolerance");
        return EB_REFUSED;
    }
    eb_status status = eb_prepared_new(run->geos, shape, &prepared, err);
    for (size_t i = 0; status == EB_OK && i < run->lines.line_count; i++) {
        if (eb_corridor_chosen(&run->lines, choice_of(run, group), i))
            status = check_line_inside(run, &run->lines.lines[i], prepared, spec, err);
    }
    eb_prepared_free(run->geos, prepared);
    return status;
}

static eb_status auditor_for(eb_corridor_run *run, size_t group, eb_corridor_auditor **out, eb_error *err)
{
    eb_status status = EB_OK;
    if (!run->auditors[group])
        status = eb_corridor_auditor_new(&run->lines, choice_of(run, group), run->ask.tolerance_m, &run->auditors[group], err);
    *out = run->auditors[group];
    return status;
}

static eb_status audit(eb_corridor_run *run, size_t group, const eb_shape *shape, const eb_corridor_spec *spec, eb_corridor_audit *out,
                       eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    eb_corridor_auditor *auditor = NULL;
    eb_status status = check_pole(run, shape, err);
    if (status == EB_OK) status = auditor_for(run, group, &auditor, err);
    if (status == EB_OK) status = eb_corridor_shape_out(&run->lines.frame, run->geos, shape, out_tolerance(run), &data, &size, err);
    if (status == EB_OK) status = eb_corridor_auditor_run(auditor, (eb_wkb){data, size}, spec, run->env, out, err);
    free(data);
    if (status == EB_OK && spec->part == EB_CORRIDOR_BOTH) status = check_lines_inside(run, group, shape, spec, err);
    if (status != EB_OK || out->worst_m <= spec->tolerance_m) return status;
    eb_error_set(err, EB_INTERNAL, "the audit found the edge of the %.10g m corridor %.6g m off, more than the tolerance of %g m",
                 spec->width_m, out->worst_m, spec->tolerance_m);
    eb_error_at(err, out->worst_x, out->worst_y);
    eb_error_hint(err, "this is a bug: please report it with the lines; a larger --tolerance may pass meanwhile");
    return EB_INTERNAL;
}

/* The part asked for of a group, or of all; @p whole is consumed. */
static eb_status finish(eb_corridor_run *run, size_t group, const eb_corridor_spec *spec, eb_shape *whole_take, eb_corridor_level *level,
                        eb_error *err)
{
    eb_corridor_stage stage;
    double cut = spec->part == EB_CORRIDOR_BOTH && spec->cap == EB_CAP_ROUND ? 0 : 0.5; /* of the work */
    eb_corridor_stage_enter(run, 0, cut, &stage);
    eb_status status =
        eb_corridor_part_of(&run->lines, choice_of(run, group), spec, run->geos, run->env, whole_take, &level->shapes[group], err);
    eb_corridor_stage_leave(run, &stage);
    eb_corridor_stage_enter(run, cut, 1, &stage);
    if (status == EB_OK) status = audit(run, group, level->shapes[group], spec, &level->audits[group], err);
    eb_corridor_stage_leave(run, &stage);
    return status;
}

/* For one side "all" is the union of the groups: it has no edge that is not a group's, and each of those is audited. */
static eb_status join_sides(eb_corridor_run *run, const eb_corridor_spec *spec, eb_corridor_level *level, eb_error *err)
{
    size_t groups = run->lines.group_count;
    for (size_t g = 0; g < groups; g++) {
        if (level->audits[g].worst_m > level->audits[groups].worst_m) level->audits[groups] = level->audits[g];
    }
    return make_all(run, level->shapes, spec, &level->shapes[groups], err);
}

/* A group: made, in full for all groups (@p whole) and as the part asked for. */
static eb_status make_group(eb_corridor_run *run, size_t g, const eb_corridor_spec *spec, eb_shape **whole, eb_corridor_level *level,
                            eb_error *err)
{
    const double made = 0.5; /* of the work; the other half is the audit */
    eb_corridor_stage stage;
    eb_shape *copy = NULL;
    eb_corridor_stage_enter(run, 0, made, &stage);
    eb_status status = make_whole(run, choice_of(run, g), spec, whole, &level->gross_m2[g], err);
    eb_corridor_stage_leave(run, &stage);
    eb_corridor_stage_enter(run, made, 1, &stage);
    if (status == EB_OK) status = eb_shape_copy(run->geos, *whole, &copy, err);
    if (status == EB_OK) status = finish(run, g, spec, copy, level, err);
    eb_corridor_stage_leave(run, &stage);
    level->gross_m2[run->lines.group_count] += level->gross_m2[g];
    return status;
}

/* All groups dissolved. A single group is all of them. */
static eb_status finish_all(eb_corridor_run *run, eb_shape *const *wholes, const eb_corridor_spec *spec, eb_corridor_level *level,
                            eb_error *err)
{
    size_t groups = run->lines.group_count;
    eb_shape *whole = NULL;
    if (groups == 1) {
        level->audits[1] = level->audits[0];
        return eb_shape_copy(run->geos, level->shapes[0], &level->shapes[1], err);
    }
    if (one_side(spec)) return join_sides(run, spec, level, err);
    eb_status status = make_all(run, wholes, spec, &whole, err);
    return status == EB_OK ? finish(run, groups, spec, whole, level, err) : status;
}

/* Vertices of a group. */
static double weight_of(const eb_corridor_run *run, size_t group)
{
    double weight = 0;
    for (size_t i = 0; i < run->lines.line_count; i++) {
        const eb_corridor_line *line = &run->lines.lines[i];
        for (size_t c = 0; line->group == group && c < line->chain_count; c++)
            weight += (double)run->lines.chains[line->chain_first + c].count;
    }
    return weight;
}

eb_status eb_corridor_level_make(eb_corridor_run *run, double width_m, eb_corridor_level *out, eb_error *err)
{
    size_t groups = run->lines.group_count;
    eb_corridor_spec spec = eb_corridor_spec_of(run, width_m);
    *out = (eb_corridor_level){.width_m = width_m, .shapes = calloc(groups + 1, sizeof(eb_shape *))};
    out->gross_m2 = calloc(groups + 1, sizeof *out->gross_m2);
    out->audits = calloc(groups + 1, sizeof *out->audits);
    eb_shape **wholes = calloc(groups + 1, sizeof(eb_shape *));
    eb_status status = out->shapes && out->gross_m2 && out->audits && wholes ? check_extent(run, width_m, err) : eb_error_memory(err);
    /* Each vertex is worked on for its group, then for all. */
    double done = 0, each = (groups > 1 ? 0.6 : 1) / (double)run->lines.vertex_count;
    eb_corridor_stage stage;
    for (size_t g = 0; status == EB_OK && g < groups; g++) {
        double next = fmin(done + each * weight_of(run, g), 1);
        eb_corridor_stage_enter(run, done, next, &stage);
        status = make_group(run, g, &spec, &wholes[g], out, err);
        eb_corridor_stage_leave(run, &stage);
        done = next;
    }
    eb_corridor_stage_enter(run, done, 1, &stage);
    if (status == EB_OK) status = finish_all(run, wholes, &spec, out, err);
    eb_corridor_stage_leave(run, &stage);
    free_shapes(run->geos, wholes, groups + 1);
    return status;
}
