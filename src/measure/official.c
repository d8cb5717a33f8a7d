#include "measure/official.h"

/* Constants as printed: the 2008 text for Xi'an 80, the survey's published code for CGCS2000. Their last digits are part of the rule. */
static const struct constants {
    eb_datum datum;
    double a, inverse_f, b, e2, ep2, c, k[5];
} printed[] = {
    {EB_DATUM_CGCS2000,
     6378137,
     298.257222101,
     6356752.31414036,
     0.0066943800229,
     0.00673949677548,
     6399593.62586,
     {1.57048761144159E-07, 5.05250178820567E-03, 2.98472900956587E-05, 2.41626669230084E-07, 2.22241238938534E-09}},
    {EB_DATUM_XIAN80,
     6378140,
     298.257,
     6356755.29,
     6.69438499958795E-03,
     6.73950181947292E-03,
     6399596.65198801,
     {1.57048687472752E-07, 5.05250559291393E-03, 2.98473350966158E-05, 2.41627215981336E-07, 2.22241909461273E-09}},
};

/* Seconds a radian, as printed. */
static const double rho = 206264.8062471;
/* Plane coordinates are held as whole numbers of 0.1 mm, points on edges of micrometres, angles of a millionth of a second. */
static const double per_metre = 1e4, per_second = 1e6;
static const double micro_a_tenth = 100;
static const double longest_edge = 70 * 1e4;

bool eb_official_init(eb_official *official, eb_datum datum)
{
    const struct constants *p = &printed[datum == EB_DATUM_XIAN80];
    if (datum != EB_DATUM_XIAN80 && datum != EB_DATUM_CGCS2000 && datum != EB_DATUM_WGS84) return false;
    *official = (eb_official){.a = p->a, .inverse_f = p->inverse_f, .k0 = p->k[0], .b2 = p->b * p->b, .ep2 = p->ep2, .inverse_c = 1 / p->c};
    for (int i = 0; i < 4; i++) official->k[i] = p->k[i + 1];
    const double e2 = p->e2, e4 = e2 * e2, e6 = e4 * e2, e8 = e4 * e4;
    const double A = 1 + 3 * e2 / 6 + 30 * e4 / 80 + 35 * e6 / 112 + 630 * e8 / 2304;
    const double B = e2 / 6 + 15 * e4 / 80 + 21 * e6 / 112 + 420 * e8 / 2304;
    const double C = 3 * e4 / 80 + 7 * e6 / 112 + 180 * e8 / 2304;
    const double D = e6 / 112 + 45 * e8 / 2304;
    const double E = 5 * e8 / 2304;
    const double letters[5] = {A, B, C, D, E};
    /* A sin B - B sin 3B + C sin 5B - D sin 7B + E sin 9B, each sin kB written out in powers of sin B. */
    const double sines[5] = {A - 3 * B + 5 * C - 7 * D + 9 * E, 4 * B - 20 * C + 56 * D - 120 * E, 16 * C - 112 * D + 432 * E,
                             64 * D - 576 * E, 256 * E};
    for (int i = 0; i < 5; i++) {
        official->letters[i] = letters[i];
        official->sines[i] = sines[i];
    }
    eb_gauss_init(&official->gauss, p->a, 1 / p->inverse_f);
    eb_tm_init(&official->wide, p->a, 1 / p->inverse_f, 0, 0, 1, 0, 0);
    return true;
}

double eb_official_box(const eb_official *official, double south_rad, double north_rad, double width_rad)
{
    const double half = (north_rad - south_rad) / 2, middle = (north_rad + south_rad) / 2;
    double sum = 0;
    for (int i = 4; i >= 0; i--) {
        const int k = 2 * i + 1;
        const double term = official->letters[i] * sin(k * half) * cos(k * middle);
        sum += i % 2 ? -term : term;
    }
    return 2 * official->b2 * width_rad * sum;
}

/* Gauss inverse where the sine and cosine of E = K0 x are known already. */
static inline void invert(const eb_official *o, double e, double s, double c, double east_m, double *lat_rad, double *lon_rad)
{
    const double s2 = s * s;
    const double d = c * s * (o->k[0] - s2 * (o->k[1] - s2 * (o->k[2] - s2 * o->k[3]))); /* Bf - E, at most 0.0026 */
    const double d2 = d * d;
    const double sd = d * (1 - d2 * (1. / 6 - d2 * (1. / 120))), cd = d2 * (0.5 - d2 * (1. / 24));
    const double sf = s + (c * sd - s * cd), cf = c - (s * sd + c * cd);
    const double secant = 1 / cf, t = sf * secant, t2 = t * t;
    const double h = o->ep2 * cf * cf, v2 = 1 + h;
    const double u = east_m * sqrt(v2) * o->inverse_c, u2 = u * u;
    const double lat4 = 5 + 3 * t2 + h - 9 * h * t2, lat6 = 61 + t2 * (90 + 45 * t2);
    *lat_rad = e + d - v2 * t * u2 * (0.5 - u2 * (lat4 * (1. / 24) - u2 * (lat6 * (1. / 720))));
    const double lon3 = 1 + 2 * t2 + h, lon5 = 5 + t2 * (28 + 24 * t2) + h * (6 + 8 * t2);
    *lon_rad = secant * u * (1 - u2 * (lon3 * (1. / 6) - u2 * (lon5 * (1. / 120))));
}

void eb_official_inverse(const eb_official *official, double north_m, double east_m, double *lat_rad, double *lon_rad)
{
    const double e = official->k0 * north_m;
    invert(official, e, sin(e), cos(e), east_m, lat_rad, lon_rad);
}

/* A ring on its way: bases to reckon from, points waiting to be inverted, and the sum so far. */
enum { BLOCK = 128 };
typedef struct ring_sum {
    const eb_official *official;
    const eb_official_frame *frame;
    bool started;
    eb_base plane_base;  /* E of the first point */
    eb_base lat_base;    /* rounded latitude of the first point */
    eb_base degree_base; /* latitude of the first point as given */
    double degree_lat;
    double shifted[EB_SHIFT_TERMS];
    double first_lat, first_lon;      /* of the first point, millionths of a second */
    double last_lon, last_rise;       /* of the point before, from the first */
    double last_north, last_east;     /* in 0.1 mm */
    double length;                    /* in 0.1 mm */
    double sum;                       /* twice the area over b^2, longitudes in millionths of a second */
    size_t count;                     /* points waiting */
    double north[BLOCK], east[BLOCK]; /* in micrometres */
} ring_sum;

static const double radian_a_micro = 1 / (206264.8062471 * 1e6);

/* The first point fixes the bases. */
static void start(ring_sum *r, double lat, double lon)
{
    r->started = true;
    r->first_lat = lat;
    r->first_lon = lon;
    r->lat_base = eb_base_at(lat * radian_a_micro);
    eb_shift_odd(r->official->sines, 5, r->lat_base.sine, r->shifted);
}

/* Add the trapezoid from the last point to this one; both counted from the first point of the ring. */
static inline void add_edge(ring_sum *r, double lat, double lon)
{
    double sine, versine;
    eb_small_angle((lat - r->first_lat) * radian_a_micro, &sine, &versine);
    const double rise = eb_shifted(r->shifted, r->lat_base.cosine * sine - r->lat_base.sine * versine);
    const double from_first = lon - r->first_lon;
    r->sum += (from_first + r->last_lon) * (rise - r->last_rise);
    r->last_lon = from_first;
    r->last_rise = rise;
}

/* Points waiting: to latitude and longitude, rounded, and into the sum. */
static void flush(ring_sum *r)
{
    const eb_official *o = r->official;
    double lat[BLOCK], lon[BLOCK];
    if (!r->started && r->count > 0) r->plane_base = eb_base_at(o->k0 * (r->north[0] * 1e-6));
    for (size_t i = 0; i < r->count; i++) {
        double s, c, rise, b, l;
        const double e = o->k0 * (r->north[i] * 1e-6);
        eb_near_base(&r->plane_base, e - r->plane_base.angle, &s, &c, &rise);
        invert(o, e, s, c, r->east[i] * 1e-6, &b, &l);
        lat[i] = eb_nearest(b * rho * per_second);
        lon[i] = eb_nearest(l * rho * per_second);
    }
    if (!r->started && r->count > 0) start(r, lat[0], lon[0]);
    for (size_t i = 0; i < r->count; i++) add_edge(r, lat[i], lon[i]);
    r->count = 0;
}

static inline void push(ring_sum *r, double north, double east)
{
    r->north[r->count] = north;
    r->east[r->count] = east;
    if (++r->count == BLOCK) flush(r);
}

/* Points between the last vertex and the next one, in exact rational arithmetic as far as doubles reach. */
static void densify(ring_sum *r, double north, double east, double length)
{
    const double dn = (north - r->last_north) * micro_a_tenth, de = (east - r->last_east) * micro_a_tenth;
    const double n0 = r->last_north * micro_a_tenth, e0 = r->last_east * micro_a_tenth;
    const size_t between = (size_t)(length / longest_edge);
    for (size_t i = 1; i <= between; i++) {
        push(r, n0 + eb_half_up(dn * (double)i / (double)(between + 1)), e0 + eb_half_up(de * (double)i / (double)(between + 1)));
    }
}

/* Next vertex of the ring, in 0.1 mm from equator and central meridian. */
static inline void add_vertex(ring_sum *r, bool first, double north, double east)
{
    if (!first) {
        const double dn = north - r->last_north, de = east - r->last_east;
        const double length = sqrt(dn * dn + de * de);
        r->length += length;
        if (length > longest_edge) densify(r, north, east, length);
    }
    r->last_north = north;
    r->last_east = east;
    push(r, north * micro_a_tenth, east * micro_a_tenth);
}

/* A vertex as it stands in the layer, to whole 0.1 mm of the Gauss plane; false where it is out of reach. */
static inline bool to_plane(ring_sum *r, bool first, double x, double y, double *north, double *east)
{
    const eb_official_frame *frame = r->frame;
    if (frame->plane) {
        *north = eb_half_up(y * per_metre);
        *east = eb_half_up(x * per_metre) - frame->false_easting_m * per_metre;
        return fabs(y) <= 1.0002e7 && fabs(x - frame->false_easting_m) <= EB_OFFICIAL_REACH_M;
    }
    const double l = (x - frame->meridian_deg) * EB_RADIAN;
    double s, c, rise, n, e;
    if (!(fabs(l) <= EB_OFFICIAL_REACH_DEG * EB_RADIAN && fabs(y) <= 89)) return false;
    if (first) {
        r->degree_lat = y;
        r->degree_base = eb_base_at(y * EB_RADIAN);
    }
    if (fabs(l) <= EB_GAUSS_NEAR_RAD) {
        eb_near_base(&r->degree_base, (y - r->degree_lat) * EB_RADIAN, &s, &c, &rise);
        eb_gauss_near(&r->official->gauss, y * EB_RADIAN, s, c, l, &n, &e);
    } else {
        size_t bad;
        e = x - frame->meridian_deg;
        n = y;
        if (!eb_tm_forward(&r->official->wide, &e, &n, 1, &bad)) return false;
    }
    *north = eb_nearest(n * per_metre);
    *east = eb_nearest(e * per_metre);
    return true;
}

static eb_status refuse_vertex(const eb_official_frame *frame, double x, double y, eb_error *err)
{
    if (!isfinite(x) || !isfinite(y)) {
        eb_error_set(err, EB_REFUSED, "a coordinate is not a finite number");
        eb_error_hint(err, "ecobelt check lists such features");
    } else {
        eb_error_set(err, EB_REFUSED,
                     "out of reach of the official area formula, which holds within %g degrees of the central meridian (%g)",
                     EB_OFFICIAL_REACH_DEG, frame->meridian_deg);
        eb_error_hint(err, "use the geodesic method, or give the zone that the shape lies in");
    }
    eb_error_at(err, x, y);
    return EB_REFUSED;
}

eb_status eb_official_ring(const eb_official *official, const eb_official_frame *frame, const eb_wkb_part *ring, double *area_m2,
                           eb_error *err)
{
    ring_sum r = {.official = official, .frame = frame};
    *area_m2 = 0;
    double first_north = 0, first_east = 0;
    for (size_t i = 0; i < ring->count; i++) {
        double x, y, north, east;
        eb_wkb_xy(ring, i, &x, &y);
        if (!to_plane(&r, i == 0, x, y, &north, &east)) return refuse_vertex(frame, x, y, err);
        if (i == 0) {
            first_north = north;
            first_east = east;
        }
        add_vertex(&r, i == 0, north, east);
        if (r.length > EB_OFFICIAL_LONGEST_M * per_metre)
            return eb_error_set(err, EB_REFUSED, "a ring longer than %g km is no boundary", EB_OFFICIAL_LONGEST_M / 1000);
    }
    if (ring->count == 0) return EB_OK;
    add_vertex(&r, false, first_north, first_east);
    flush(&r);
    *area_m2 = fabs(official->b2 * (r.sum / 2) * radian_a_micro);
    return EB_OK;
}
