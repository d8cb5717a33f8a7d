#include "analysis/quality/check.h"
#include "analysis/quality/mend.h"

#include "base/array.h"
#include "base/translate.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A feature in the coverage. */
typedef struct cell {
    const eb_batch *batch;
    size_t i;
    double area; /* before, by its own rings, in square metres */
    size_t *faces;
    size_t face_count, face_capacity;
    bool was_valid, changed;
    eb_mended change;
} cell;

typedef struct coverage {
    eb_mender mender;
    const eb_schema *schema; /* of the layer */
    cell *cells;
    size_t cell_count;
    eb_index *index;
    eb_shape *mesh; /* all faces, a multi polygon */
} coverage;

static eb_wkb cell_shape(const cell *c)
{
    return eb_batch_shape_at(c->batch, c->i);
}

static eb_status take_cells(coverage *cover, const eb_layer *layer, eb_error *err)
{
    cover->schema = eb_layer_schema(layer);
    cover->cells = calloc(eb_layer_count(layer) + 1, sizeof *cover->cells);
    if (!cover->cells) return eb_error_memory(err);
    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            cell *c = &cover->cells[cover->cell_count++];
            *c = (cell){.batch = batch, .i = i, .was_valid = true, .change = {.fid = batch->fids[i], .x = NAN, .y = NAN}};
            int dimension = eb_wkb_dimension(cell_shape(c));
            if (dimension < 0) continue;
            if (dimension != 2) {
                eb_error_set(err, EB_REFUSED, "a %s is no part of a coverage of polygons", eb_shape_kind_name(eb_wkb_kind(cell_shape(c))));
                eb_error_where(err, cover->schema->file, cover->schema->name, batch->fids[i]);
                eb_error_hint(err, "repair without --coverage");
                return EB_REFUSED;
            }
            c->area = eb_mender_area(&cover->mender, cell_shape(c));
        }
    }
    return EB_OK;
}

/* A ring as a line of its own, so that broken rings can be noded too. */
static eb_status add_ring(coverage *cover, const eb_wkb_part *part, eb_shape ***lines, size_t *count, size_t *capacity, eb_error *err)
{
    uint32_t type = 2, points = (uint32_t)part->count;
    size_t size = 9 + part->count * 16;
    uint8_t *bytes = malloc(size);
    if (!bytes || !eb_array_reserve(lines, capacity, *count + 1, sizeof **lines)) {
        free(bytes);
        return eb_error_memory(err);
    }
    bytes[0] = 1;
    memcpy(bytes + 1, &type, 4);
    memcpy(bytes + 5, &points, 4);
    for (size_t k = 0; k < part->count; k++) {
        double xy[2];
        eb_wkb_xy(part, k, &xy[0], &xy[1]);
        memcpy(bytes + 9 + 16 * k, xy, sizeof xy);
    }
    eb_status status = eb_shape_read(cover->mender.geos, (eb_wkb){bytes, size}, &(*lines)[*count], err);
    if (!status) ++*count;
    free(bytes);
    return status;
}

/* Validity of a feature as it came, for the record. */
static eb_status judge(coverage *cover, cell *c, eb_error *err)
{
    eb_shape *shape = NULL;
    eb_status status = eb_shape_read(cover->mender.geos, cell_shape(c), &shape, err);
    if (status) return status;
    c->was_valid = eb_shape_valid(cover->mender.geos, shape, c->change.reason, sizeof c->change.reason, &c->change.x, &c->change.y);
    eb_shape_free(cover->mender.geos, shape);
    return EB_OK;
}

static eb_status gather_lines(coverage *cover, eb_shape ***lines, size_t *count, eb_error *err)
{
    size_t capacity = 0;
    for (size_t k = 0; k < cover->cell_count; k++) {
        cell *c = &cover->cells[k];
        eb_wkb_walk walk;
        eb_wkb_part part;
        eb_status status = cell_shape(c).size ? judge(cover, c, err) : EB_OK;
        eb_wkb_begin(&walk, cell_shape(c));
        while (!status && eb_wkb_next(&walk, &part))
            if (part.count > 1) status = add_ring(cover, &part, lines, count, &capacity, err);
        if (status) {
            eb_error_where(err, cover->schema->file, cover->schema->name, c->change.fid);
            return status;
        }
    }
    return EB_OK;
}

/* All boundaries noded together, and the faces they make. */
static eb_status make_mesh(coverage *cover, eb_error *err)
{
    eb_shape **lines = NULL, *noded = NULL;
    size_t count = 0;
    eb_status status = gather_lines(cover, &lines, &count, err);
    if (!status) status = eb_shape_union_all(cover->mender.geos, lines, count, &noded, err);
    if (!status) status = eb_shape_polygonize(cover->mender.geos, noded, &cover->mesh, err);
    eb_shape_free(cover->mender.geos, noded);
    for (size_t i = 0; i < count; i++) eb_shape_free(cover->mender.geos, lines[i]);
    free(lines);
    return status;
}

static eb_status index_cells(coverage *cover, eb_error *err)
{
    double *boxes = calloc(cover->cell_count + 1, 4 * sizeof *boxes);
    if (!boxes) return eb_error_memory(err);
    for (size_t k = 0; k < cover->cell_count; k++) {
        /* A feature without a shape gets a box that touches nothing. */
        static const double nowhere[4] = {1e300, 1e300, 1e300, 1e300};
        if (!eb_wkb_bounds(cell_shape(&cover->cells[k]), boxes + 4 * k)) memcpy(boxes + 4 * k, nowhere, sizeof nowhere);
    }
    eb_status status = eb_index_new(boxes, cover->cell_count, &cover->index, err);
    free(boxes);
    return status;
}

static double face_area(coverage *cover, const eb_shape *face)
{
    uint8_t *data = NULL;
    size_t size = 0;
    if (eb_shape_write(cover->mender.geos, face, &data, &size, NULL)) return NAN;
    double area = eb_mender_area(&cover->mender, (eb_wkb){data, size});
    free(data);
    return area;
}

static void report_gap(coverage *cover, const eb_shape *face, double x, double y, eb_coverage_report *report)
{
    double area = face_area(cover, face);
    report->gaps++;
    report->gap_m2 += area;
    if (report->gaps > 1 && area <= report->largest_gap_m2) return;
    report->largest_gap_m2 = area;
    report->gap_x = x;
    report->gap_y = y;
}

/* The feature a face goes to; *hits receives how many claim it. */
static cell *owner(coverage *cover, double x, double y, size_t **ids, size_t *capacity, size_t *hits, eb_status *status, eb_error *err)
{
    const double box[4] = {x, y, x, y};
    size_t count = 0;
    cell *best = NULL;
    *hits = 0;
    *status = eb_index_query(cover->index, box, ids, capacity, &count, err);
    for (size_t n = 0; !*status && n < count; n++) {
        cell *c = &cover->cells[(*ids)[n]];
        if (!eb_winds_around(cell_shape(c), x, y)) continue;
        ++*hits;
        /* Equal up to what the distortion of a plane or a last digit makes: then the first keeps it. */
        if (!best || c->area > best->area * (1 + 1e-6)) best = c;
    }
    for (size_t n = 0; *hits > 1 && n < count; n++) {
        cell *c = &cover->cells[(*ids)[n]];
        if (c != best && eb_winds_around(cell_shape(c), x, y)) c->changed = true;
    }
    return best;
}

static eb_status hand_out(coverage *cover, const eb_env *env, eb_coverage_report *report, eb_error *err)
{
    size_t *ids = NULL, capacity = 0, faces = eb_shape_part_count(cover->mender.geos, cover->mesh);
    eb_status status = EB_OK;
    report->faces = (int64_t)faces;
    for (size_t f = 0; !status && f < faces; f++) {
        const eb_shape *face = eb_shape_part_at(cover->mender.geos, cover->mesh, f);
        double x, y;
        size_t hits = 0;
        if (f % 1000 == 0 && (status = eb_env_check(env, err))) break;
        status = eb_shape_point_inside(cover->mender.geos, face, &x, &y, err);
        cell *best = status ? NULL : owner(cover, x, y, &ids, &capacity, &hits, &status, err);
        if (status) break;
        if (hits > 1) {
            report->overlaps++;
            report->overlap_m2 += face_area(cover, face);
        }
        if (!best) {
            report_gap(cover, face, x, y, report);
        } else if (eb_array_reserve(&best->faces, &best->face_capacity, best->face_count + 1, sizeof *best->faces)) {
            best->faces[best->face_count++] = f;
        } else {
            status = eb_error_memory(err);
        }
    }
    free(ids);
    return status;
}

/* The faces of a feature put together. */
static eb_status merge_faces(coverage *cover, const cell *c, uint8_t **data, size_t *size, eb_error *err)
{
    eb_shape **faces = malloc((c->face_count + 1) * sizeof *faces), *merged = NULL;
    bool proven = false;
    if (!faces) return eb_error_memory(err);
    for (size_t n = 0; n < c->face_count; n++) {
        /* Lent parts of the mesh; the union only reads them. */
        const eb_shape *face = eb_shape_part_at(cover->mender.geos, cover->mesh, c->faces[n]);
        memcpy(&faces[n], &face, sizeof face);
    }
    eb_status status = eb_shape_union_coverage(cover->mender.geos, faces, c->face_count, &merged, &proven, err);
    /* A single polygon stays one. */
    const bool single = !status && eb_shape_part_count(cover->mender.geos, merged) == 1;
    if (!status)
        status = eb_shape_write(cover->mender.geos, single ? eb_shape_part_at(cover->mender.geos, merged, 0) : merged, data, size, err);
    eb_shape_free(cover->mender.geos, merged);
    free(faces);
    return status;
}

static eb_status finish_cell(coverage *cover, cell *c, eb_layer *out, eb_mend_log *log, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    bool had_shape = cell_shape(c).size > 0 && eb_wkb_dimension(cell_shape(c)) == 2;
    if (had_shape && c->face_count == 0)
        return eb_error_set(err, EB_REFUSED, "nothing is left of the polygon: it has no area, or others cover all of it");
    eb_status status = had_shape ? merge_faces(cover, c, &data, &size, err) : EB_OK;
    eb_batch *tail = status ? NULL : eb_layer_tail(out);
    eb_wkb shape = had_shape ? (eb_wkb){data, size} : cell_shape(c);
    if (!status && (!tail || !eb_batch_add(tail, c->change.fid, shape))) status = eb_error_memory(err);
    for (size_t f = 0; !status && f < c->batch->schema->field_count; f++)
        if (!eb_batch_set_copy(tail, f, c->batch, c->i, f)) status = eb_error_memory(err);
    if (!status && had_shape && (!c->was_valid || c->changed)) {
        c->change.before_m2 = c->area;
        c->change.after_m2 = eb_mender_area(&cover->mender, shape);
        size_t used = strlen(c->change.reason);
        if (c->changed)
            snprintf(c->change.reason + used, sizeof c->change.reason - used, _("%soverlap left to a larger neighbour"), used ? "; " : "");
        if (!eb_mend_log_add(log, &c->change)) status = eb_error_memory(err);
    }
    free(data);
    return status;
}

static void close_coverage(coverage *cover)
{
    eb_shape_free(cover->mender.geos, cover->mesh);
    eb_index_free(cover->index);
    for (size_t k = 0; k < cover->cell_count; k++) free(cover->cells[k].faces);
    free(cover->cells);
    eb_mender_close(&cover->mender);
}

eb_status eb_mend_coverage(const eb_layer *layer, const eb_env *env, eb_layer **out, eb_mend_log *log, eb_coverage_report *report,
                           eb_error *err)
{
    coverage cover = {0};
    memset(report, 0, sizeof *report);
    eb_status status = eb_mender_open(eb_layer_schema(layer)->crs, &cover.mender, err);
    if (status) return status;
    *out = eb_layer_new(eb_layer_schema(layer));
    if (!*out) status = eb_error_memory(err);
    if (!status) status = take_cells(&cover, layer, err);
    eb_env_progress(env, "node the boundaries", 0, 0);
    if (!status) status = make_mesh(&cover, err);
    if (!status) status = index_cells(&cover, err);
    if (!status) status = hand_out(&cover, env, report, err);
    for (size_t k = 0; !status && k < cover.cell_count; k++) {
        status = finish_cell(&cover, &cover.cells[k], *out, log, err);
        if (status) eb_error_where(err, eb_layer_schema(layer)->file, eb_layer_schema(layer)->name, cover.cells[k].change.fid);
    }
    close_coverage(&cover);
    if (status) {
        eb_layer_free(*out);
        *out = NULL;
    }
    return status;
}
