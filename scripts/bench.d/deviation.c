/*
 * How far is the edge of a corridor from the width, really? deviation LINES CORRIDOR WIDTH_M
 *
 * Both layers in degrees, edges straight between their vertices. Every vertex of the corridor and the middle of every edge is measured: the
 * least geodesic distance to any edge of the lines, found by brute force (all edges whose chord in space could hold the nearest place,
 * golden section along each). Prints the points, the worst deviations inwards (negative) and outwards. It shares nothing with ecobelt but
 * PROJ's geodesics.
 */
#include <geodesic.h>
#include <math.h>
#include <ogr_api.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct edge {
    double p[4], a[3], b[3], bow;
} edge;

static struct geod_geodesic earth;
static edge *edges;
static size_t edge_count, edge_capacity, points;
static double inside, outside;

static void to_space(double lon, double lat, double v[3])
{
    const double deg = 0.017453292519943295, f = 1 / 298.257223563, e2 = f * (2 - f);
    double n = 6378137 / sqrt(1 - e2 * sin(lat * deg) * sin(lat * deg));
    v[0] = n * cos(lat * deg) * cos(lon * deg);
    v[1] = n * cos(lat * deg) * sin(lon * deg);
    v[2] = n * (1 - e2) * sin(lat * deg);
}

static double to_chord(const edge *e, const double v[3], double *share)
{
    double dot = 0, ab2 = 0, d2 = 0;
    for (int k = 0; k < 3; k++) {
        dot += (v[k] - e->a[k]) * (e->b[k] - e->a[k]);
        ab2 += (e->b[k] - e->a[k]) * (e->b[k] - e->a[k]);
    }
    *share = ab2 > 0 ? fmin(fmax(dot / ab2, 0), 1) : 0;
    for (int k = 0; k < 3; k++) d2 += pow(v[k] - e->a[k] - *share * (e->b[k] - e->a[k]), 2);
    return sqrt(d2);
}

static double at_share(const edge *e, double t, double lon, double lat)
{
    double metres;
    geod_inverse(&earth, lat, lon, e->p[1] + t * (e->p[3] - e->p[1]), e->p[0] + t * (e->p[2] - e->p[0]), &metres, NULL, NULL);
    return metres;
}

static double to_edge(const edge *e, double lon, double lat)
{
    const double golden = 0.6180339887498949;
    double low = 0, high = 1, s = high - golden, t = low + golden, at_s = at_share(e, s, lon, lat), at_t = at_share(e, t, lon, lat);
    double least = fmin(at_share(e, 0, lon, lat), at_share(e, 1, lon, lat));
    for (int i = 0; i < 24; i++) {
        if (at_s < at_t) {
            high = t, t = s, at_t = at_s;
            s = high - golden * (high - low);
            at_s = at_share(e, s, lon, lat);
        } else {
            low = s, s = t, at_s = at_t;
            t = low + golden * (high - low);
            at_t = at_share(e, t, lon, lat);
        }
    }
    return fmin(least, fmin(at_s, at_t));
}

static double distance(double lon, double lat)
{
    double v[3], share, bound = INFINITY, least = INFINITY;
    to_space(lon, lat, v);
    for (size_t i = 0; i < edge_count; i++) bound = fmin(bound, to_chord(&edges[i], v, &share) + edges[i].bow);
    bound += 1e-12 * bound * bound * bound; /* a chord may be shorter than another while its geodesic is longer */
    for (size_t i = 0; i < edge_count; i++) {
        if (to_chord(&edges[i], v, &share) - edges[i].bow <= bound) least = fmin(least, to_edge(&edges[i], lon, lat));
    }
    return least;
}

static void add_edge(double ax, double ay, double bx, double by, int depth)
{
    double middle[3], share;
    edge e = {.p = {ax, ay, bx, by}};
    to_space(ax, ay, e.a);
    to_space(bx, by, e.b);
    to_space((ax + bx) / 2, (ay + by) / 2, middle);
    e.bow = 1.1 * to_chord(&e, middle, &share) + 1e-6;
    if (e.bow > 0.05 && depth > 0) {
        add_edge(ax, ay, (ax + bx) / 2, (ay + by) / 2, depth - 1);
        add_edge((ax + bx) / 2, (ay + by) / 2, bx, by, depth - 1);
        return;
    }
    if (edge_count == edge_capacity) edges = realloc(edges, (edge_capacity = 2 * edge_capacity + 64) * sizeof *edges);
    if (!edges) abort();
    edges[edge_count++] = e;
}

static void measure(double lon, double lat, double width)
{
    double off = distance(lon, lat) - width;
    points++;
    inside = fmin(inside, off);
    outside = fmax(outside, off);
}

static void each_part(OGRGeometryH shape, double width)
{
    int count = OGR_G_GetPointCount(shape);
    for (int i = 0; i < OGR_G_GetGeometryCount(shape); i++) each_part(OGR_G_GetGeometryRef(shape, i), width);
    for (int i = 0; i + 1 < count; i++) {
        double x = OGR_G_GetX(shape, i), y = OGR_G_GetY(shape, i), nx = OGR_G_GetX(shape, i + 1), ny = OGR_G_GetY(shape, i + 1);
        if (width <= 0) {
            add_edge(x, y, nx, ny, 30);
            continue;
        }
        measure(x, y, width);
        measure((x + nx) / 2, (y + ny) / 2, width);
    }
}

static int each_feature(const char *name, double width)
{
    OGRDataSourceH file = OGROpen(name, 0, NULL);
    OGRLayerH layer = file ? OGR_DS_GetLayer(file, 0) : NULL;
    OGRFeatureH feature;
    if (!layer) return 0;
    while ((feature = OGR_L_GetNextFeature(layer))) {
        OGRGeometryH shape = OGR_F_GetGeometryRef(feature);
        if (shape) each_part(shape, width);
        OGR_F_Destroy(feature);
    }
    OGR_DS_Destroy(file);
    return 1;
}

int main(int argc, char **argv)
{
    double width = argc == 4 ? strtod(argv[3], NULL) : 0;
    geod_init(&earth, 6378137, 1 / 298.257223563);
    OGRRegisterAll();
    if (!(width > 0) || !each_feature(argv[1], 0) || !each_feature(argv[2], width) || points == 0) return 1;
    printf("%zu %.6f %.6f\n", points, inside, outside);
    return 0;
}
