/* The way from one CRS to another. */
#include "crs/chain.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "crs/series.h"
#include "base/translate.h"

void eb_chain_close(eb_chain *chain)
{
    for (size_t i = 0; i < chain->count; i++)
        if (chain->legs[i].kind == EB_LEG_PROJ) proj_destroy(chain->legs[i].way.pj);
    chain->count = 0;
    eb_proj_close(&chain->proj);
}

/* PROJ's own conversion between a CRS and its degrees: one datum, so nothing uncertain is in it. */
static eb_status conversion_leg(eb_chain *chain, const eb_crs *crs, eb_leg *leg, eb_error *err)
{
    PJ_CONTEXT *context = chain->proj.context;
    PJ *from = proj_create(context, crs->definition), *to = proj_create(context, crs->geographic), *way = NULL;
    static const char *const options[] = {"ALLOW_BALLPARK=NO", NULL};
    if (from && to) way = proj_create_crs_to_crs_from_pj(context, from, to, NULL, options);
    leg->kind = EB_LEG_PROJ;
    leg->way.pj = way ? proj_normalize_for_visualization(context, way) : NULL;
    proj_destroy(way);
    proj_destroy(to);
    proj_destroy(from);
    if (leg->way.pj) return EB_OK;
    return eb_error_set(err, EB_REFUSED, "no way from %s to its own degrees: %s", crs->info.name, eb_proj_said(&chain->proj));
}

/* The leg between a CRS and longitude and latitude of its own datum; none where it is degrees already. */
static eb_status add_conversion(eb_chain *chain, const eb_crs *crs, bool reversed, eb_error *err)
{
    if (crs->degrees) return EB_OK;
    eb_leg *leg = &chain->legs[chain->count];
    *leg = (eb_leg){0};
    if (crs->tm.known) {
        /* Own formulas go from degrees to metres. */
        const eb_tm_params *t = &crs->tm;
        leg->kind = EB_LEG_TM;
        leg->reversed = !reversed;
        eb_tm_init(&leg->way.tm, crs->info.a, crs->info.f, t->lat0_deg, t->lon0_deg, t->k0, t->false_easting_m, t->false_northing_m);
    } else if (crs->web) {
        leg->kind = EB_LEG_WEB;
        leg->reversed = !reversed;
        leg->way.radius_m = crs->info.a;
    } else {
        const eb_status status = conversion_leg(chain, crs, leg, err);
        if (status) return status;
        leg->reversed = reversed;
    }
    chain->count++;
    return EB_OK;
}

eb_status eb_chain_open(eb_chain *chain, const eb_crs *from, const eb_crs *to, const double area[4], const eb_helmert *helmert,
                        eb_error *err)
{
    eb_status status = eb_proj_open(&chain->proj, err);
    if (status) return status;
    if (eb_crs_same(from, to)) {
        const bool taken = from->info.datum != to->info.datum;
        snprintf(chain->text, sizeof chain->text, "%s",
                 taken ? _("coordinates unchanged: CGCS2000 and WGS 84 are taken as one datum") : _("coordinates unchanged: the same CRS"));
        return EB_OK;
    }
    if (!(status = add_conversion(chain, from, false, err)) && !(status = eb_chain_add_datum(chain, from, to, area, helmert, err)))
        status = add_conversion(chain, to, true, err);
    if (status) eb_chain_close(chain);
    return status;
}

/* Points outside the area that a leg's figures hold for. */
static bool inside(const eb_leg *leg, const double *x, const double *y, size_t count, size_t *bad)
{
    const double margin = 0.01; /* areas are published to two decimals */
    const double west = leg->area[0] - margin, south = leg->area[1] - margin, north = leg->area[3] + margin;
    const double width = (leg->area[2] < leg->area[0] ? 360 : 0) + leg->area[2] + margin - west;
    for (size_t i = 0; i < count; i++) {
        double east = fmod(x[i] - west, 360);
        if (east < 0) east += 360;
        if (!(y[i] >= south && y[i] <= north && (east <= width || width >= 360))) return *bad = i, false;
    }
    return true;
}

/* The sphere of Web Mercator (EPSG method 1024). Half a turn beyond 180 is still the place on the other side, more is a mistake. */
static bool web_forward(double radius_m, double *x, double *y, size_t count, size_t *bad)
{
    for (size_t i = 0; i < count; i++) {
        if (!(fabs(x[i]) <= 360) || !(fabs(y[i]) < 90)) return *bad = i, false;
        x[i] *= EB_RAD * radius_m;
        y[i] = radius_m * asinh(tan(y[i] * EB_RAD));
    }
    return true;
}

static bool web_inverse(double radius_m, double *x, double *y, size_t count, size_t *bad)
{
    for (size_t i = 0; i < count; i++) {
        const double lon = x[i] / radius_m * EB_DEG, lat = atan(sinh(y[i] / radius_m)) * EB_DEG;
        if (!(fabs(lon) <= 270) || !(fabs(lat) < 90)) return *bad = i, false;
        x[i] = lon;
        y[i] = lat;
    }
    return true;
}

static bool run_proj(PJ *pj, PJ_DIRECTION direction, double *x, double *y, size_t count, size_t *bad)
{
    proj_errno_reset(pj);
    proj_trans_generic(pj, direction, x, sizeof *x, count, y, sizeof *y, count, NULL, 0, 0, NULL, 0, 0);
    for (size_t i = 0; i < count; i++)
        if (!isfinite(x[i]) || !isfinite(y[i])) return *bad = i, false;
    return true;
}

static bool run_way(const eb_leg *leg, bool back, double *x, double *y, size_t count, size_t *bad)
{
    switch (leg->kind) {
    case EB_LEG_TM:
        return back ? eb_tm_inverse(&leg->way.tm, x, y, count, bad) : eb_tm_forward(&leg->way.tm, x, y, count, bad);
    case EB_LEG_WEB:
        return back ? web_inverse(leg->way.radius_m, x, y, count, bad) : web_forward(leg->way.radius_m, x, y, count, bad);
    case EB_LEG_SHIFT:
        return back ? eb_shift_inverse(&leg->way.shift, x, y, count, bad) : eb_shift_forward(&leg->way.shift, x, y, count, bad);
    case EB_LEG_PROJ:
        return run_proj(leg->way.pj, back ? PJ_INV : PJ_FWD, x, y, count, bad);
    }
    return false;
}

/* The area holds on the side where the leg starts: checked before the forward way, after the way back. */
static bool run_leg(eb_chain *chain, const eb_leg *leg, bool inverse, double *x, double *y, size_t count, size_t *bad)
{
    chain->outside = leg->has_area && !inverse && !inside(leg, x, y, count, bad);
    if (chain->outside || !run_way(leg, inverse != leg->reversed, x, y, count, bad)) return false;
    chain->outside = leg->has_area && inverse && !inside(leg, x, y, count, bad);
    return !chain->outside;
}

static bool finite_all(const double *x, const double *y, size_t count, size_t *bad)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(x[i]) || !isfinite(y[i])) return *bad = i, false;
    return true;
}

bool eb_chain_forward(eb_chain *chain, double *x, double *y, size_t count, size_t *bad)
{
    chain->outside = false;
    if (!finite_all(x, y, count, bad)) return false;
    for (size_t i = 0; i < chain->count; i++)
        if (!run_leg(chain, &chain->legs[i], false, x, y, count, bad)) return false;
    return true;
}

bool eb_chain_inverse(eb_chain *chain, double *x, double *y, size_t count, size_t *bad)
{
    chain->outside = false;
    if (!finite_all(x, y, count, bad)) return false;
    for (size_t i = chain->count; i-- > 0;)
        if (!run_leg(chain, &chain->legs[i], true, x, y, count, bad)) return false;
    return true;
}
