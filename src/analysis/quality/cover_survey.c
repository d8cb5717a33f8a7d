/*
 * In a sound coverage each edge belongs to two neighbours that run it in opposite directions, or lies on the outline. Crossing an edge
 * that is run as often one way as the other leaves the sum of all winding numbers as it is, and a valid polygon winds 0 or 1 times. So
 * the other edges, and all edges of invalid polygons, bound every overlap and every gap. They are few: they alone are held in memory
 * and noded, and the faces they make are counted by how many polygons wind around them.
 */
#include "analysis/quality/cover_survey.h"

#include <ecobelt/measure.h>

#include "analysis/quality/check.h"
#include "analysis/quality/pass.h"
#include "base/array.h"
#include "base/translate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct surveyor {
    eb_edge_book *book;
    const int64_t *invalid;
    size_t invalid_count, invalid_at;
    eb_cover_survey *out;
    eb_geos *geos;
    eb_shape **lines;
    size_t line_count, line_capacity;
    bool all_edges; /* of the feature in hand */
    eb_index *index;
    size_t *ids, ids_capacity;
    eb_error *err;
} surveyor;

static eb_status enter(void *user, const eb_batch *batch, size_t i, eb_error *err)
{
    return eb_edge_book_add(user, eb_batch_shape_at(batch, i)) ? EB_OK : eb_error_memory(err);
}

static eb_status finish_book(eb_source *source, eb_edge_book *book, const eb_env *env, eb_error *err)
{
    for (bool again = true; again;) {
        if (!eb_edge_book_turn(book, &again)) return eb_error_memory(err);
        eb_status status = again ? eb_pass(source, env, N_("compare edges"), enter, book, err) : EB_OK;
        if (status) return status;
    }
    return EB_OK;
}

static bool take_loose(void *user, const double a[2], const double b[2])
{
    surveyor *s = user;
    eb_cover_survey *out = s->out;
    if (!s->all_edges && !eb_edge_book_loose(s->book, a, b)) return true;
    uint8_t bytes[41] = {1, 2, 0, 0, 0, 2, 0, 0, 0};
    memcpy(bytes + 9, a, 16);
    memcpy(bytes + 25, b, 16);
    if (!eb_array_reserve(&s->lines, &s->line_capacity, s->line_count + 1, sizeof *s->lines) ||
        !eb_array_reserve(&out->loose, &out->loose_capacity, out->loose_count + 1, 4 * sizeof *out->loose))
        return false;
    if (eb_shape_read(s->geos, (eb_wkb){bytes, sizeof bytes}, &s->lines[s->line_count], s->err)) return false;
    const double box[4] = {fmin(a[0], b[0]), fmin(a[1], b[1]), fmax(a[0], b[0]), fmax(a[1], b[1])};
    memcpy(out->loose + 4 * out->loose_count++, box, sizeof box);
    s->line_count++;
    return true;
}

static eb_status take_feature(void *user, const eb_batch *batch, size_t i, eb_error *err)
{
    surveyor *s = user;
    eb_error why = {0};
    s->err = &why;
    while (s->invalid_at < s->invalid_count && s->invalid[s->invalid_at] < batch->first + (int64_t)i) s->invalid_at++;
    s->all_edges = s->invalid_at < s->invalid_count && s->invalid[s->invalid_at] == batch->first + (int64_t)i;
    if (eb_each_edge(eb_batch_shape_at(batch, i), take_loose, s)) return EB_OK;
    if (!why.code) return eb_error_memory(err);
    if (err) *err = why;
    return why.code;
}

static eb_status describe_face(surveyor *s, eb_measure *measure, const eb_shape *face, eb_cover_face *out, eb_error *err)
{
    *out = (eb_cover_face){.area_m2 = NAN, .fids = {EB_NO_FID, EB_NO_FID}};
    eb_size area;
    eb_status status = eb_shape_point_inside(s->geos, face, &out->x, &out->y, err);
    if (!status) status = eb_shape_write(s->geos, face, &out->shape, &out->size, err);
    if (status) return status;
    eb_shape_bounds(s->geos, face, out->box);
    if (measure && !eb_measure_area(measure, (eb_wkb){out->shape, out->size}, EB_WANT_GEODESIC, &area, NULL))
        out->area_m2 = area.geodesic_m2;
    return EB_OK;
}

/* The loose edges noded, and the faces they make. */
static eb_status make_faces(surveyor *s, const eb_crs *crs, eb_error *err)
{
    eb_shape *noded = NULL, *mesh = NULL;
    eb_measure *measure = NULL;
    eb_status status = crs ? eb_measure_new(crs, 0, &measure, err) : EB_OK;
    if (!status) status = eb_shape_union_all(s->geos, s->lines, s->line_count, &noded, err);
    if (!status) status = eb_shape_polygonize(s->geos, noded, &mesh, err);
    const size_t count = status ? 0 : eb_shape_part_count(s->geos, mesh);
    s->out->faces = calloc(count + 1, sizeof *s->out->faces);
    if (!status && !s->out->faces) status = eb_error_memory(err);
    for (size_t f = 0; !status && f < count; f++)
        status = describe_face(s, measure, eb_shape_part_at(s->geos, mesh, f), &s->out->faces[s->out->face_count++], err);
    eb_shape_free(s->geos, noded);
    eb_shape_free(s->geos, mesh);
    eb_measure_free(measure);
    return status;
}

static eb_status index_faces(surveyor *s, eb_error *err)
{
    double *boxes = malloc((s->out->face_count + 1) * 4 * sizeof *boxes);
    if (!boxes) return eb_error_memory(err);
    for (size_t f = 0; f < s->out->face_count; f++) {
        const eb_cover_face *face = &s->out->faces[f];
        const double box[4] = {face->x, face->y, face->x, face->y};
        memcpy(boxes + 4 * f, box, sizeof box);
    }
    eb_status status = eb_index_new(boxes, s->out->face_count, &s->index, err);
    free(boxes);
    return status;
}

static eb_status count_hits(void *user, const eb_batch *batch, size_t i, eb_error *err)
{
    surveyor *s = user;
    size_t count = 0;
    double box[4];
    const eb_wkb shape = eb_batch_shape_at(batch, i);
    if (!eb_wkb_bounds(shape, box)) return EB_OK;
    eb_status status = eb_index_query(s->index, box, &s->ids, &s->ids_capacity, &count, err);
    for (size_t k = 0; !status && k < count; k++) {
        eb_cover_face *face = &s->out->faces[s->ids[k]];
        if (!eb_winds_around(shape, face->x, face->y)) continue;
        if (face->hits < 2) face->fids[face->hits] = batch->fids[i];
        face->hits++;
    }
    return status;
}

static void free_lines(surveyor *s)
{
    for (size_t i = 0; i < s->line_count; i++) eb_shape_free(s->geos, s->lines[i]);
    free(s->lines);
    s->lines = NULL;
    s->line_count = 0;
}

eb_status eb_cover_survey_run(eb_source *source, eb_edge_book *book, const int64_t *invalid, size_t invalid_count, const eb_env *env,
                              eb_cover_survey *out, eb_error *err)
{
    surveyor s = {.book = book, .invalid = invalid, .invalid_count = invalid_count, .out = out};
    eb_status status = eb_geos_new(&s.geos, err);
    if (!status) status = finish_book(source, book, env, err);
    if (!status) status = eb_pass(source, env, N_("gather loose edges"), take_feature, &s, err);
    if (!status && s.line_count) status = make_faces(&s, eb_source_schema(source)->crs, err);
    free_lines(&s);
    if (!status && out->face_count) status = index_faces(&s, err);
    if (!status && out->face_count) status = eb_pass(source, env, N_("count what covers"), count_hits, &s, err);
    eb_index_free(s.index);
    free(s.ids);
    eb_geos_free(s.geos);
    return status;
}

void eb_cover_survey_clear(eb_cover_survey *survey)
{
    for (size_t f = 0; f < survey->face_count; f++) free(survey->faces[f].shape);
    free(survey->faces);
    free(survey->loose);
    memset(survey, 0, sizeof *survey);
}
