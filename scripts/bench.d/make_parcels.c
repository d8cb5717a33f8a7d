/*
 * Parcels for benchmarks: make_parcels CELLS LEVELS FILE.gpkg [mixed | twice]
 * A coverage of about CELLS six-sided cells with fractal edges over the Quzhou box (EPSG:4490, fields pid and dlbm); each of the six
 * sides has 2^LEVELS edges, shared to the last bit with the neighbour. 300000 3 gives 14.7 million vertices. A few cells in a thousand
 * cross themselves, as parcels do. mixed: in an order that has nothing to do with where they lie; twice: so, too, and every fourth one
 * once more, a few sizes beside itself, so that it lies over its neighbours. The same arguments give the same parcels on every machine.
 */
#include <gdal.h>
#include <math.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double west = 118.0, east = 119.4, south = 28.2, north = 29.55;

typedef struct grid {
    long across, up; /* cells */
    int levels;
} grid;

/* Between -1 and 1, decided by three numbers (splitmix64). */
static double noise(uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t z = a * 0x9E3779B97F4A7C15u + b * 0xD1B54A32D192ED03u + c * 0x2545F4914F6CDD1Du + 0x1234567;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    return (double)(z >> 11) / 4503599627370496.0 - 1;
}

/* Corner k on line j of a brick wall, pushed about. */
static void corner(const grid *g, long k, long j, double *x, double *y)
{
    const double w = (east - west) / (2.0 * (double)g->across + 1), h = (north - south) / (double)g->up;
    *x = west + w * ((double)k + 0.3 * noise((uint64_t)k, (uint64_t)j, 1));
    *y = south + h * ((double)j + (j > 0 && j < g->up ? 0.3 * noise((uint64_t)k, (uint64_t)j, 2) : 0));
}

/* Points of the side from its lower to its higher corner, the last one left out, by pushing middles sideways. */
static size_t side(const grid *g, long k1, long j1, long k2, long j2, double *xy)
{
    const size_t edges = (size_t)1 << g->levels;
    const uint64_t id = (uint64_t)(j1 * 4 * (g->across + 2) + k1) * 2 + (j1 == j2);
    corner(g, k1, j1, &xy[0], &xy[1]);
    corner(g, k2, j2, &xy[2 * edges], &xy[2 * edges + 1]);
    for (size_t step = edges; step > 1; step /= 2) {
        for (size_t at = 0; at < edges; at += step) {
            const double *a = xy + 2 * at, *b = a + 2 * step, push = 0.1 * noise(id, at, step + 2);
            xy[2 * at + step] = (a[0] + b[0]) / 2 - push * (b[1] - a[1]);
            xy[2 * at + step + 1] = (a[1] + b[1]) / 2 + push * (b[0] - a[0]);
        }
    }
    for (size_t i = 0; i < 2 * edges + 2; i++) xy[i] = round(xy[i] * 1e9) / 1e9;
    return edges;
}

/* Put a side into the ring, in its own direction or against it. */
static size_t add_side(const grid *g, long k1, long j1, long k2, long j2, int back, double *ring, size_t count)
{
    double xy[2 * 1025];
    const size_t edges = side(g, k1, j1, k2, j2, xy);
    for (size_t i = 0; i < edges; i++) memcpy(ring + 2 * (count + i), xy + 2 * (back ? edges - i : i), 2 * sizeof(double));
    return count + edges;
}

static size_t cell(const grid *g, long i, long j, double *ring)
{
    const long k = 2 * i + j % 2;
    size_t n = add_side(g, k, j, k + 1, j, 0, ring, 0);
    n = add_side(g, k + 1, j, k + 2, j, 0, ring, n);
    n = add_side(g, k + 2, j, k + 2, j + 1, 0, ring, n);
    n = add_side(g, k + 1, j + 1, k + 2, j + 1, 1, ring, n);
    n = add_side(g, k, j + 1, k + 1, j + 1, 1, ring, n);
    n = add_side(g, k, j, k, j + 1, 1, ring, n);
    memcpy(ring + 2 * n, ring, 2 * sizeof(double));
    return n + 1;
}

static int write_cell(OGRLayerH layer, long id, const double *ring, size_t count, uint8_t *wkb)
{
    static const char *const codes[] = {"0101", "0103", "0201", "0301", "0305", "0307", "0401",
                                        "0601", "0702", "1003", "1006", "1101", "1104"};
    const uint32_t head[] = {3, 1, (uint32_t)count};
    OGRGeometryH geometry = NULL;
    wkb[0] = 1;
    memcpy(wkb + 1, head, sizeof head);
    memcpy(wkb + 1 + sizeof head, ring, count * 2 * sizeof(double));
    if (OGR_G_CreateFromWkb(wkb, NULL, &geometry, (int)(1 + sizeof head + count * 16)) != OGRERR_NONE) return 1;
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    OGR_F_SetFieldInteger64(feature, 0, id);
    OGR_F_SetFieldString(feature, 1, codes[(size_t)((noise((uint64_t)id, 7, 7) + 1) / 2 * 13) % 13]);
    OGR_F_SetGeometryDirectly(feature, geometry);
    const OGRErr bad = OGR_L_CreateFeature(layer, feature);
    OGR_F_Destroy(feature);
    return bad != OGRERR_NONE;
}

static long divisor(long a, long b)
{
    return b ? divisor(b, a % b) : a;
}

/* Steps through 0 … count - 1 that come to each once, all over the place. */
static long wide_step(long count)
{
    long step = (long)(0.618 * (double)count) + 1;
    while (divisor(step, count) != 1) step++;
    return step;
}

/* Two or three cells away. */
static void push_aside(const grid *g, long id, double *ring, size_t count)
{
    const double dx = 3 * (east - west) / (double)g->across * noise((uint64_t)id, 8, 8);
    const double dy = 3 * (north - south) / (double)g->up * noise((uint64_t)id, 9, 9);
    for (size_t i = 0; i < count; i++) {
        ring[2 * i] = round((ring[2 * i] + dx) * 1e9) / 1e9;
        ring[2 * i + 1] = round((ring[2 * i + 1] + dy) * 1e9) / 1e9;
    }
}

/* Cell number @p at of a list in which those after the last are every fourth one once more. */
static int write_number(OGRLayerH layer, const grid *g, long at, double *ring, uint8_t *wkb)
{
    const long cells = g->across * g->up, again = at < cells ? at : 4 * (at - cells);
    const size_t count = cell(g, again % g->across, again / g->across, ring);
    if (at >= cells) push_aside(g, at, ring, count);
    return write_cell(layer, at + 1, ring, count, wkb);
}

int main(int argc, char **argv)
{
    grid g = {.levels = argc >= 4 ? (int)strtol(argv[2], NULL, 10) : -1};
    const double cells = argc >= 4 ? strtod(argv[1], NULL) : 0;
    const int twice = argc == 5 && strcmp(argv[4], "twice") == 0, mixed = twice || (argc == 5 && strcmp(argv[4], "mixed") == 0);
    if (!(cells >= 1 && cells <= 1e8) || g.levels < 0 || g.levels > 10 || argc > 5 || (argc == 5 && !mixed)) {
        fprintf(stderr, "usage: make_parcels CELLS LEVELS FILE.gpkg [mixed | twice]\n");
        return 2;
    }
    g.across = lround(sqrt(cells * (east - west) / (north - south)));
    g.up = lround(cells / (double)g.across);
    const size_t most = 6 * ((size_t)1 << g.levels) + 1;
    double *ring = malloc(most * 2 * sizeof *ring);
    uint8_t *wkb = malloc(most * 16 + 16);
    GDALAllRegister();
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    OSRImportFromEPSG(srs, 4490);
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    GDALDatasetH file = GDALCreate(GDALGetDriverByName("GPKG"), argv[3], 0, 0, 0, GDT_Unknown, NULL);
    OGRLayerH layer = file ? GDALDatasetCreateLayer(file, "parcels", srs, wkbPolygon, NULL) : NULL;
    int bad = !layer || !ring || !wkb;
    if (!bad) {
        OGRFieldDefnH pid = OGR_Fld_Create("pid", OFTInteger64), dlbm = OGR_Fld_Create("dlbm", OFTString);
        OGR_L_CreateField(layer, pid, 1);
        OGR_L_CreateField(layer, dlbm, 1);
        OGR_Fld_Destroy(pid);
        OGR_Fld_Destroy(dlbm);
        GDALDatasetStartTransaction(file, 0);
    }
    const long count = g.across * g.up, all = twice ? count + (count + 3) / 4 : count, step = mixed ? wide_step(all) : 1;
    for (long i = 0, at = 0; i < all && !bad; i++, at = (at + step) % all) bad = write_number(layer, &g, at, ring, wkb);
    if (!bad) bad = GDALDatasetCommitTransaction(file) != OGRERR_NONE;
    if (file) GDALClose(file);
    OSRDestroySpatialReference(srs);
    free(ring);
    free(wkb);
    if (bad) fprintf(stderr, "make_parcels: %s could not be written\n", argv[3]);
    return bad;
}
