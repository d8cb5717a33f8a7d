/*
 * The pieces of a corridor: strips along geodesics, sectors at vertices, and their union. See corridor.h for why they suffice.
 */
#include "analysis/corridor/corridor.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_DEPTH = 40, MOST_RUN = 200 };

static const double degree = 0.017453292519943295;

/* A vertex of a line cut into geodesics: where, and the azimuths of the geodesics that arrive and leave. */
typedef struct node {
    double lon, lat, azimuth_in, azimuth_out, length_out;
} node;

/* A corridor in the making. */
typedef struct maker {
    const eb_corridor_lines *lines;
    const eb_corridor_spec *spec;
    eb_geos *geos;
    double line_m, chord_m, drop_m; /* shares of the tolerance */
    double step_rad;                /* of an arc, so that its chords keep their share */
    double glue_rad;                /* a turn too small to tell */
    node *nodes;                    /* of the chain in hand */
    size_t node_count, node_capacity;
    eb_shape **pieces;
    size_t piece_count, piece_capacity;
    eb_corridor_bytes bytes; /* of the piece in hand */
    size_t bytes_count;      /* its vertices so far */
    size_t count_at;
    double first_x, first_y;
} maker;

static void maker_init(maker *m, const eb_corridor_lines *lines, const eb_corridor_spec *spec, eb_geos *geos)
{
    /* A tolerance near the width itself asks for nothing; keep corridors round all the same. */
    double tolerance = fmin(spec->tolerance_m, spec->width_m / 20);
    *m = (maker){.lines = lines, .spec = spec, .geos = geos};
    m->line_m = tolerance * EB_CORRIDOR_SHARE_LINE;
    m->chord_m = tolerance * EB_CORRIDOR_SHARE_CHORD;
    m->drop_m = tolerance * EB_CORRIDOR_SHARE_DROP;
    m->step_rad = 2 * acos(1 - m->chord_m / spec->width_m);
    m->glue_rad = sqrt(0.1 * tolerance / spec->width_m);
}

static void maker_clear(maker *m)
{
    for (size_t i = 0; i < m->piece_count; i++) eb_shape_free(m->geos, m->pieces[i]);
    free(m->pieces);
    free(m->nodes);
    free(m->bytes.data);
}

/* The place at the corridor's width from a node in a direction, in the plane. */
static void offset(const maker *m, const node *n, double azimuth_deg, double *x, double *y)
{
    double lon, lat;
    eb_geodetic_direct(m->lines->geodesic, n->lon, n->lat, azimuth_deg, m->spec->width_m, &lon, &lat);
    eb_plane_forward(&m->lines->plane, lon, lat, x, y);
}

/* --- one piece -------------------------------------------------------------------------------------------------------------------- */

static void begin_piece(maker *m)
{
    m->bytes.size = 0;
    m->bytes_count = 0;
    eb_corridor_add_head(&m->bytes, EB_SHAPE_POLYGON, 1);
    m->count_at = eb_corridor_add_count(&m->bytes, 0);
}

static void add_corner(maker *m, double x, double y)
{
    if (m->bytes_count == 0) {
        m->first_x = x;
        m->first_y = y;
    }
    eb_corridor_add_xy(&m->bytes, x, y);
    m->bytes_count++;
}

static void add_node(maker *m, const node *n)
{
    double x, y;
    eb_plane_forward(&m->lines->plane, n->lon, n->lat, &x, &y);
    add_corner(m, x, y);
}

static void add_offset(maker *m, const node *n, double azimuth_deg)
{
    double x, y;
    offset(m, n, azimuth_deg, &x, &y);
    add_corner(m, x, y);
}

static eb_status end_piece(maker *m, eb_error *err)
{
    add_corner(m, m->first_x, m->first_y);
    eb_corridor_patch(&m->bytes, m->count_at, m->bytes_count);
    if (m->bytes.failed || !eb_array_reserve(&m->pieces, &m->piece_capacity, m->piece_count + 1, sizeof *m->pieces))
        return eb_error_memory(err);
    eb_status status = eb_shape_read(m->geos, (eb_wkb){m->bytes.data, m->bytes.size}, &m->pieces[m->piece_count], err);
    if (status == EB_OK) m->piece_count++;
    return status;
}

/* The sector at a node between two directions; @p sweep_deg says which way round, and @p to_deg is what a neighbour uses for its corner. */
static eb_status add_sector(maker *m, const node *n, double apex_x, double apex_y, double from_deg, double sweep_deg, double to_deg,
                            eb_error *err)
{
    size_t steps = (size_t)ceil(fabs(sweep_deg) * degree / m->step_rad);
    begin_piece(m);
    add_corner(m, apex_x, apex_y);
    add_offset(m, n, from_deg);
    for (size_t k = 1; k < steps; k++) add_offset(m, n, from_deg + sweep_deg * (double)k / (double)steps);
    add_offset(m, n, to_deg);
    return end_piece(m, err);
}

/*
 * Where a sector is drawn from. The node would do, but then the sector only shares edges with the strips before and after, which rounding
 * could part: it is drawn from behind the node, opposite to its middle in the plane, so that its edges run into both strips. (Where the
 * strips' other edges leave the node would not do: over hundreds of kilometres they bow by more than a small turn.)
 */
static void find_apex(const maker *m, const node *n, double middle_deg, double *x, double *y)
{
    double ax, ay;
    eb_plane_forward(&m->lines->plane, n->lon, n->lat, x, y);
    offset(m, n, middle_deg, &ax, &ay);
    *x -= (ax - *x) / 4;
    *y -= (ay - *y) / 4;
}

/* The sector at a node between two geodesics, on the outer side of the turn. */
static eb_status add_turn(maker *m, const node *n, eb_error *err)
{
    double turn = remainder(n->azimuth_out - n->azimuth_in, 360), outer = turn > 0 ? -90 : 90, x, y;
    if (turn == 0) return EB_OK;
    find_apex(m, n, n->azimuth_in + outer + turn / 2, &x, &y);
    return add_sector(m, n, x, y, n->azimuth_in + outer, turn, n->azimuth_out + outer, err);
}

/* The round end at a node: what lies behind a line that leaves it (start), or before a line that arrives, with the azimuth given. */
static eb_status add_cap(maker *m, const node *n, double azimuth_deg, bool start, eb_error *err)
{
    double back = start ? azimuth_deg : azimuth_deg + 180, x, y; /* into the line */
    node inside = {0};
    eb_geodetic_direct(m->lines->geodesic, n->lon, n->lat, back, m->spec->width_m / 4, &inside.lon, &inside.lat);
    eb_plane_forward(&m->lines->plane, inside.lon, inside.lat, &x, &y);
    return add_sector(m, n, x, y, azimuth_deg - 90, start ? -180 : 180, azimuth_deg + 90, err);
}

/* --- a chain ---------------------------------------------------------------------------------------------------------------------- */

static eb_status push_node(maker *m, double lon, double lat, eb_error *err)
{
    if (!eb_array_reserve(&m->nodes, &m->node_capacity, m->node_count + 1, sizeof *m->nodes)) return eb_error_memory(err);
    m->nodes[m->node_count++] = (node){.lon = lon, .lat = lat};
    return EB_OK;
}

/* How far the plane's straight line between two offset places leaves the true offset curve half-way. */
static double chord_error(const maker *m, const node *a, const node *b, double length, double azimuth_a, double azimuth_b, double side)
{
    node middle = {0};
    double ax, ay, bx, by, x, y, out, back;
    eb_geodetic_direct(m->lines->geodesic, a->lon, a->lat, azimuth_a, length / 2, &middle.lon, &middle.lat);
    eb_geodetic_inverse(m->lines->geodesic, middle.lon, middle.lat, b->lon, b->lat, &out, &back);
    offset(m, a, azimuth_a + side, &ax, &ay);
    offset(m, b, azimuth_b + side, &bx, &by);
    offset(m, &middle, out + side, &x, &y);
    double chord = hypot(bx - ax, by - ay);
    if (!(chord > 0)) return hypot(x - ax, y - ay);
    return fabs((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / chord;
}

/* Does a geodesic stand for the layer's edge from t0 to t1, on both counts? */
static eb_status edge_holds(const maker *m, const double *edge, double t0, double t1, const node *a, const node *b, bool *holds,
                            eb_error *err)
{
    double out, back, length = eb_geodetic_inverse(m->lines->geodesic, a->lon, a->lat, b->lon, b->lat, &out, &back);
    *holds = true;
    if (length <= m->drop_m) return EB_OK; /* too short for its direction to mean anything; it will be dropped */
    for (int k = 1; *holds && k < 4; k++) {
        double t = t0 + (t1 - t0) * k / 4, lon, lat, azimuth;
        eb_status status =
            eb_corridor_to_degrees(&m->lines->frame, edge[0] + t * (edge[2] - edge[0]), edge[1] + t * (edge[3] - edge[1]), &lon, &lat, err);
        if (status != EB_OK) return status;
        double s = eb_geodetic_inverse(m->lines->geodesic, a->lon, a->lat, lon, lat, &azimuth, NULL);
        *holds = fabs(s * sin((azimuth - out) * degree)) <= m->line_m && s <= length + m->line_m;
    }
    if (*holds) *holds = chord_error(m, a, b, length, out, back, -90) <= m->chord_m;
    if (*holds) *holds = chord_error(m, a, b, length, out, back, 90) <= m->chord_m;
    return EB_OK;
}

/* Nodes for the layer's edge after its first place: halved until every piece holds. */
static eb_status cut_edge(maker *m, const double *edge, double t0, double t1, node a, int depth, eb_error *err)
{
    node b = {0};
    bool holds = true;
    eb_status status = eb_corridor_to_degrees(&m->lines->frame, t1 < 1 ? edge[0] + t1 * (edge[2] - edge[0]) : edge[2],
                                              t1 < 1 ? edge[1] + t1 * (edge[3] - edge[1]) : edge[3], &b.lon, &b.lat, err);
    if (status == EB_OK) status = edge_holds(m, edge, t0, t1, &a, &b, &holds, err);
    if (status != EB_OK) return status;
    if (holds) return push_node(m, b.lon, b.lat, err);
    if (depth == 0) return eb_error_set(err, EB_REFUSED, "an edge could not be followed within the tolerance");
    double half = (t0 + t1) / 2;
    status = cut_edge(m, edge, t0, half, a, depth - 1, err);
    if (status != EB_OK) return status;
    node middle = m->nodes[m->node_count - 1];
    return cut_edge(m, edge, half, t1, middle, depth - 1, err);
}

/* Leave out vertices that are nearer to the one kept before than the tolerance can tell; the last one stays. */
static void drop_short(maker *m)
{
    size_t kept = 1;
    for (size_t i = 1; i < m->node_count; i++) {
        const node *last = &m->nodes[kept - 1], *n = &m->nodes[i];
        double s = eb_geodetic_inverse(m->lines->geodesic, last->lon, last->lat, n->lon, n->lat, NULL, NULL);
        if (s >= m->drop_m)
            m->nodes[kept++] = *n;
        else if (i + 1 == m->node_count && kept > 1)
            m->nodes[kept - 1] = *n;
    }
    m->node_count = kept;
}

static void find_azimuths(maker *m)
{
    for (size_t i = 0; i + 1 < m->node_count; i++) {
        node *a = &m->nodes[i], *b = &m->nodes[i + 1];
        a->length_out = eb_geodetic_inverse(m->lines->geodesic, a->lon, a->lat, b->lon, b->lat, &a->azimuth_out, &b->azimuth_in);
    }
}

/* The chain's vertices as nodes of geodesics. */
static eb_status follow(maker *m, const eb_corridor_chain *chain, eb_error *err)
{
    const double *xy = m->lines->xy + 2 * chain->first;
    double lon, lat;
    m->node_count = 0;
    eb_status status = eb_corridor_to_degrees(&m->lines->frame, xy[0], xy[1], &lon, &lat, err);
    if (status == EB_OK) status = push_node(m, lon, lat, err);
    for (size_t i = 0; status == EB_OK && i + 1 < chain->count; i++)
        status = cut_edge(m, xy + 2 * i, 0, 1, m->nodes[m->node_count - 1], MOST_DEPTH, err);
    if (status != EB_OK) return status;
    drop_short(m);
    /* A closed chain goes on along its first geodesic once more: then its first node is one as the others. */
    if (chain->closed && m->node_count > 2) status = push_node(m, m->nodes[1].lon, m->nodes[1].lat, err);
    find_azimuths(m);
    return status;
}

/* May the strips before and after a node share their corners there? The turn must be too small to tell, and must not fold a strip. */
static bool glued(const maker *m, size_t i)
{
    const node *n = &m->nodes[i], *before = n - 1;
    double turn = fabs(remainder(n->azimuth_out - n->azimuth_in, 360)) * degree;
    double room = 0.5 * fmin(n->length_out, before->length_out);
    return turn <= m->glue_rad && turn * m->spec->width_m < room;
}

/* Direction from which the sides of a strip are taken at node i of the run first..last. */
static double strip_azimuth(const maker *m, size_t i, size_t first, size_t last)
{
    const node *n = &m->nodes[i];
    if (i == first) return n->azimuth_out;
    if (i == last) return n->azimuth_in;
    return n->azimuth_in + remainder(n->azimuth_out - n->azimuth_in, 360) / 2;
}

/* One polygon along the geodesics from one node to another, whose turns in between are too small to tell. */
static eb_status add_strip(maker *m, size_t first, size_t last, eb_error *err)
{
    begin_piece(m);
    for (size_t i = first; i <= last; i++) add_offset(m, &m->nodes[i], strip_azimuth(m, i, first, last) - 90);
    add_node(m, &m->nodes[last]);
    for (size_t i = last + 1; i-- > first;) add_offset(m, &m->nodes[i], strip_azimuth(m, i, first, last) + 90);
    add_node(m, &m->nodes[first]);
    return end_piece(m, err);
}

/*
 * Strips of runs of geodesics. Where a run only ends because it has become long, the next one begins a geodesic earlier: strips that merely
 * share an edge there would be parted by rounding, from the outside right to the line.
 */
static eb_status add_strips(maker *m, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0, j; status == EB_OK && i + 1 < m->node_count;) {
        double turned = 0;
        for (j = i + 1; j + 1 < m->node_count && j - i < MOST_RUN && glued(m, j) && turned < 0.5; j++)
            turned += fabs(remainder(m->nodes[j].azimuth_out - m->nodes[j].azimuth_in, 360)) * degree;
        status = add_strip(m, i, j, err);
        bool goes_on = j + 1 < m->node_count && j > i + 1 && glued(m, j);
        if (status == EB_OK && j + 1 < m->node_count && !goes_on) status = add_turn(m, &m->nodes[j], err);
        i = goes_on ? j - 1 : j;
    }
    return status;
}

static eb_status add_ends(maker *m, eb_error *err)
{
    node *first = &m->nodes[0], *last = &m->nodes[m->node_count - 1];
    eb_status status = add_cap(m, first, first->azimuth_out, true, err);
    return status == EB_OK ? add_cap(m, last, last->azimuth_in, false, err) : status;
}

/* A chain shorter than the tolerance can tell is a place, its corridor a disc. */
static eb_status add_place(maker *m, eb_error *err)
{
    eb_status status = add_cap(m, &m->nodes[0], 0, true, err);
    return status == EB_OK ? add_cap(m, &m->nodes[0], 0, false, err) : status;
}

static eb_status add_chain(maker *m, const eb_corridor_chain *chain, eb_error *err)
{
    eb_status status = follow(m, chain, err);
    if (status != EB_OK) return status;
    if (m->node_count < 2) return add_place(m, err);
    status = add_strips(m, err);
    /* A ring too small to be one (there and back: two nodes, and both again) has ends as a line has. */
    bool ring = chain->closed && m->node_count > 4;
    return status == EB_OK && !ring ? add_ends(m, err) : status;
}

static eb_status unite(maker *m, const eb_env *env, eb_shape **out, eb_error *err)
{
    size_t count = m->piece_count;
    m->piece_count = 0;
    return eb_corridor_union(m->geos, m->pieces, count, eb_corridor_least_hole(m->spec), env, out, err);
}

eb_status eb_corridor_of_line(const eb_corridor_lines *lines, size_t line, const eb_corridor_spec *spec, eb_geos *geos, const eb_env *env,
                              eb_shape **out, eb_error *err)
{
    maker m;
    maker_init(&m, lines, spec, geos);
    *out = NULL;
    const eb_corridor_line *l = &lines->lines[line];
    eb_status status = EB_OK;
    for (size_t c = l->chain_first; status == EB_OK && c < l->chain_first + l->chain_count; c++)
        status = add_chain(&m, &lines->chains[c], err);
    if (status == EB_OK) status = unite(&m, env, out, err);
    maker_clear(&m);
    return status;
}
