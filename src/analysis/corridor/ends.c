/*
 * Which lines count, where they end, and the plane they are worked on in.
 */
#include "analysis/corridor/lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A vertex: the start or the end of a chain, or one between. */
typedef enum end_kind { AT_START, AT_END, BETWEEN } end_kind;
typedef struct end {
    double x, y;
    size_t line, group, chain;
    end_kind kind;
} end;

static int by_place(const void *a, const void *b)
{
    const end *p = a, *q = b;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    if (p->y != q->y) return p->y < q->y ? -1 : 1;
    if (p->group != q->group) return p->group < q->group ? -1 : 1;
    return p->chain != q->chain ? (p->chain < q->chain ? -1 : 1) : (int)p->kind - (int)q->kind;
}

/* Is end i of some in one place the only one of its feature (or of its group)? They are in order of groups and features. */
static bool only_one(const end *ends, size_t count, size_t i, bool of_group)
{
    for (size_t k = 0; k < 2; k++) {
        size_t j = k ? i + 1 : i - 1;
        if (k ? j >= count : i == 0) continue;
        if (of_group ? ends[j].group == ends[i].group : ends[j].line == ends[i].line) return false;
    }
    return true;
}

/* Ends in one place: is each alone among those of its feature, of its group, of all? */
static void mark_ends(eb_corridor_lines *lines, const end *ends, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        eb_corridor_chain *chain = &lines->chains[ends[i].chain];
        if (ends[i].kind == BETWEEN) continue;
        bool *flags = ends[i].kind == AT_START ? chain->free_start : chain->free_end;
        flags[0] = only_one(ends, count, i, false);
        flags[1] = only_one(ends, count, i, true);
        flags[2] = count == 1;
    }
}

bool eb_corridor_end_free(const eb_corridor_chain *chain, eb_corridor_choice choice, bool start)
{
    int scope = choice.line != EB_CORRIDOR_ALL ? 0 : choice.group != EB_CORRIDOR_ALL ? 1 : 2;
    return !chain->closed && (start ? chain->free_start : chain->free_end)[scope];
}

bool eb_corridor_chosen(const eb_corridor_lines *lines, eb_corridor_choice choice, size_t line)
{
    const eb_corridor_line *l = &lines->lines[line];
    if (choice.line != EB_CORRIDOR_ALL) return choice.line == line;
    if (choice.group != EB_CORRIDOR_ALL)
        return l->group == choice.group && l->rank == (lines->polygons ? EB_CORRIDOR_GROUP : EB_CORRIDOR_FEATURE);
    return l->rank == (lines->polygons ? EB_CORRIDOR_WHOLE : EB_CORRIDOR_FEATURE);
}

/* All vertices of a chain; a closed one has no ends. */
static size_t add_vertices(const eb_corridor_lines *lines, size_t line, size_t chain, end *ends)
{
    const eb_corridor_chain *c = &lines->chains[chain];
    for (size_t i = 0; i < c->count; i++) {
        const double *p = lines->xy + 2 * (c->first + i);
        end_kind kind = c->closed ? BETWEEN : i == 0 ? AT_START : i + 1 == c->count ? AT_END : BETWEEN;
        ends[i] = (end){p[0], p[1], line, lines->lines[line].group, chain, kind};
    }
    return c->count;
}

/* Which ends of chains are ends of the river, and which are only where one feature stops and the next goes on, or where it flows in? */
eb_status eb_corridor_find_ends(eb_corridor_lines *lines, eb_error *err)
{
    end *ends = calloc(lines->vertex_count + 1, sizeof *ends);
    if (!ends) return eb_error_memory(err);
    size_t count = 0;
    for (size_t l = 0; l < lines->line_count; l++) {
        const eb_corridor_line *line = &lines->lines[l];
        for (size_t c = line->chain_first; c < line->chain_first + line->chain_count; c++) count += add_vertices(lines, l, c, ends + count);
    }
    qsort(ends, count, sizeof *ends, by_place);
    for (size_t i = 0, j; i < count; i = j) {
        for (j = i + 1; j < count && ends[j].x == ends[i].x && ends[j].y == ends[i].y;) j++;
        mark_ends(lines, ends + i, j - i);
    }
    free(ends);
    return EB_OK;
}

/* --- the plane ------------------------------------------------------------------------------------------------------------------- */

/* In the equal-area plane a place at the angle c from the middle is 2 R sin(c/2) away. */
static eb_status find_radius(eb_corridor_lines *lines, eb_error *err)
{
    double farthest = 0;
    for (size_t i = 0; i < lines->vertex_count; i++) {
        double x, y;
        eb_status status = eb_corridor_to_plane(&lines->frame, lines->xy[2 * i], lines->xy[2 * i + 1], &x, &y, err);
        if (status != EB_OK) return status;
        farthest = fmax(farthest, hypot(x, y));
    }
    lines->radius_rad = 2 * asin(fmin(farthest / (2 * lines->plane.rq), 1));
    return EB_OK;
}

/* Middle of the lines on the sphere: the mean direction of the corners of their box in space, so that 180 degrees is no border. */
eb_status eb_corridor_place_plane(eb_corridor_lines *lines, eb_error *err)
{
    const double deg = 0.017453292519943295;
    double low[3] = {1, 1, 1}, high[3] = {-1, -1, -1}, box[4] = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (size_t i = 0; i < lines->vertex_count; i++) {
        double lon, lat;
        eb_status status = eb_corridor_to_degrees(&lines->frame, lines->xy[2 * i], lines->xy[2 * i + 1], &lon, &lat, err);
        if (status != EB_OK) return status;
        box[0] = fmin(box[0], lon);
        box[1] = fmin(box[1], lat);
        box[2] = fmax(box[2], lon);
        box[3] = fmax(box[3], lat);
        double v[3] = {cos(lat * deg) * cos(lon * deg), cos(lat * deg) * sin(lon * deg), sin(lat * deg)};
        for (int k = 0; k < 3; k++) {
            low[k] = fmin(low[k], v[k]);
            high[k] = fmax(high[k], v[k]);
        }
    }
    double m[3] = {low[0] + high[0], low[1] + high[1], low[2] + high[2]};
    if (hypot(hypot(m[0], m[1]), m[2]) < 0.2)
        return eb_error_set(err, EB_REFUSED, "the lines span more than a hemisphere; corridors are made for one region at a time");
    const eb_crs_info *info = eb_crs_info_get(lines->crs);
    double lon0 = atan2(m[1], m[0]) / deg;
    eb_plane_init(&lines->plane, info->a, info->f, lon0, atan2(m[2], hypot(m[0], m[1])) / deg);
    memcpy(lines->box_deg, box, sizeof box);
    lines->frame.unwrap_lon_deg = lines->degrees ? lon0 : NAN;
    return find_radius(lines, err);
}
