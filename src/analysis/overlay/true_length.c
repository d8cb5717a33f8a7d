#include "analysis/overlay/true_length.h"
#include "base/array.h"
#include "measure/direct.h"

#include <math.h>
#include <stdlib.h>

/*
 * The image of a geodesic in the plane bends by less than its distance from the centre over the square of the Earth's radius. An edge of
 * length L whose middle is h aside of its geodesic is longer by 2 (h / L)^2 of L, and h is the bend times L^2 / 8.
 */
static const double straight = 2.2e-5; /* h / L: longer by 1e-9 */
/* Of an edge that is bent, how far its parts may be aside: it moves the place of a cut by as much. */
static const double fine = 1e-8;
static const double radius_m = 6.37e6;
/* An edge longer than this is halved before its middle tells anything: it may bend one way and then the other. */
static const double tellable_m = 500e3;
enum { MOST_HALVINGS = 16 };
/* So short that the plane's scale is the same all along. */
static const double even_m = 1;

struct eb_truth {
    eb_plane plane;
    eb_geodetic *geodetic;
};

eb_status eb_truth_new(const eb_plane *plane, eb_truth **out, eb_error *err)
{
    eb_truth *truth = malloc(sizeof *truth);
    *out = NULL;
    if (!truth) return eb_error_memory(err);
    truth->plane = *plane;
    eb_status status = eb_geodetic_new(plane->a, plane->f, &truth->geodetic, err);
    if (status == EB_OK)
        *out = truth;
    else
        free(truth);
    return status;
}

void eb_truth_free(eb_truth *truth)
{
    if (!truth) return;
    eb_geodetic_free(truth->geodetic);
    free(truth);
}

eb_line_edge eb_line_edge_of(const double a[2], const double b[2], double true_m)
{
    const double length = hypot(b[0] - a[0], b[1] - a[1]);
    return (eb_line_edge){.x = {a[0], b[0]}, .y = {a[1], b[1]}, .length = length, .true_m = true_m > 0 ? true_m : length};
}

bool eb_line_edges_add(eb_line_edges *edges, const eb_line_edge *edge)
{
    if (!eb_array_reserve(&edges->list, &edges->capacity, edges->count + 1, sizeof *edges->list)) return false;
    edges->list[edges->count++] = *edge;
    return true;
}

bool eb_line_edge_along(const eb_line_edge *e, const double a[2], const double b[2])
{
    const double ux = (e->x[1] - e->x[0]) / e->length, uy = (e->y[1] - e->y[0]) / e->length;
    const double ax = a[0] - e->x[0], ay = a[1] - e->y[0], bx = b[0] - e->x[0], by = b[1] - e->y[0];
    if (fabs(ux * ay - uy * ax) > EB_ON_BORDER_M || fabs(ux * by - uy * bx) > EB_ON_BORDER_M) return false;
    const double from = ux * ax + uy * ay, to = ux * bx + uy * by;
    return fmin(fmax(from, to), e->length) - fmax(fmin(from, to), 0) > 2 * EB_ON_BORDER_M;
}

/* A place of both worlds. */
typedef struct place {
    double x, y, lon_deg, lat_deg;
} place;

static place place_at(const eb_truth *truth, double x, double y)
{
    place p = {.x = x, .y = y};
    eb_plane_inverse(&truth->plane, x, y, &p.lon_deg, &p.lat_deg);
    return p;
}

static double distance(const eb_truth *truth, const place *p, const place *q)
{
    return eb_geodetic_length(truth->geodetic, p->lon_deg, p->lat_deg, q->lon_deg, q->lat_deg);
}

static place middle_of(const eb_truth *truth, const place *p, const place *q)
{
    place m = {0};
    double azimuth_deg;
    const double length_m = eb_geodetic_inverse(truth->geodetic, p->lon_deg, p->lat_deg, q->lon_deg, q->lat_deg, &azimuth_deg, NULL);
    eb_geodetic_direct(truth->geodetic, p->lon_deg, p->lat_deg, azimuth_deg, length_m / 2, &m.lon_deg, &m.lat_deg);
    eb_plane_forward(&truth->plane, m.lon_deg, m.lat_deg, &m.x, &m.y);
    return m;
}

bool eb_truth_may_bend(const eb_truth *truth, const eb_line_edge *e)
{
    const double far = fmax(hypot(e->x[0], e->y[0]), hypot(e->x[1], e->y[1]));
    return truth && e->length * far > 8 * straight * radius_m * radius_m;
}

/* Append what lies between two places of a geodesic, halved until it is straight. The ends' own coordinates stay as they are. */
static bool bend(const eb_truth *truth, const place *p, const place *q, const eb_line_edge *whole, int halvings, eb_line_edges *out)
{
    eb_line_edge e = eb_line_edge_of((const double[2]){p->x, p->y}, (const double[2]){q->x, q->y}, ldexp(whole->true_m, -halvings));
    const place m = middle_of(truth, p, q);
    const double aside_m = e.length > 0 ? fabs((q->x - p->x) * (m.y - p->y) - (q->y - p->y) * (m.x - p->x)) / e.length : 0;
    const double enough_m = halvings == 0 ? straight * e.length : fine * whole->length;
    e.part = whole->part;
    if (halvings == MOST_HALVINGS || !isfinite(aside_m) || (e.length <= tellable_m && aside_m <= enough_m))
        return eb_line_edges_add(out, &e);
    return bend(truth, p, &m, whole, halvings + 1, out) && bend(truth, &m, q, whole, halvings + 1, out);
}

bool eb_truth_bend(const eb_truth *truth, const eb_line_edge *e, eb_line_edges *out)
{
    const place p = place_at(truth, e->x[0], e->y[0]), q = place_at(truth, e->x[1], e->y[1]);
    return bend(truth, &p, &q, e, 0, out);
}

eb_ruler eb_ruler_of(const eb_truth *truth, const eb_line_edge *edge)
{
    return (eb_ruler){.truth = truth, .edge = edge};
}

double eb_ruler_at(eb_ruler *r, double t)
{
    const eb_line_edge *e = r->edge;
    if (t <= 0) return 0;
    if (t >= 1) return e->true_m;
    if (!r->truth || e->length < even_m) return t * e->true_m;
    for (int i = 0; i < 2 && !r->known; i++) eb_plane_inverse(&r->truth->plane, e->x[i], e->y[i], &r->lon_deg[i], &r->lat_deg[i]);
    r->known = true;
    const place p = {.lon_deg = r->lon_deg[0], .lat_deg = r->lat_deg[0]}, q = {.lon_deg = r->lon_deg[1], .lat_deg = r->lat_deg[1]};
    const place cut = place_at(r->truth, e->x[0] + t * (e->x[1] - e->x[0]), e->y[0] + t * (e->y[1] - e->y[0]));
    const double before = distance(r->truth, &p, &cut), after = distance(r->truth, &cut, &q), share = before / (before + after);
    return isfinite(share) ? share * e->true_m : t * e->true_m;
}
