/**
 * @file chain.h
 * The way from one CRS to another: up to three legs (to degrees, from datum to datum, to the other coordinates), each by own
 * formulas where there are some and through PROJ else. It can be gone both ways.
 */
#ifndef CRS_CHAIN_H
#define CRS_CHAIN_H

#include "crs/block.h"
#include "crs/identity.h"
#include "crs/shift.h"
#include "crs/tm.h"

enum { EB_CHAIN_LEGS = 3 };

/** How a leg is gone. */
typedef enum eb_leg_kind { EB_LEG_TM, EB_LEG_WEB, EB_LEG_PROJ, EB_LEG_SHIFT } eb_leg_kind;

/** One leg. */
typedef struct eb_leg {
    eb_leg_kind kind;
    bool reversed; /**< the chain's forward way is the leg's inverse */
    bool has_area;
    double area[4]; /**< degrees on the side where the leg starts: outside, its figures do not hold */
    union {
        eb_tm tm;
        double radius_m; /**< Web Mercator: of its sphere */
        PJ *pj;
        eb_shift shift;
    } way;
} eb_leg;

/** A way. Not thread-safe; must not be moved (PROJ holds the address of its context). */
typedef struct eb_chain {
    eb_proj proj;
    eb_leg legs[EB_CHAIN_LEGS];
    size_t count;
    bool outside;   /**< the last failure was a point outside the area of a datum shift */
    char text[400]; /**< one line for the report */
} eb_chain;

/**
 * Find the way. @p area, @p helmert as in eb_transform_new(). On failure nothing is left open.
 * @p chain is zeroed memory.
 */
eb_status eb_chain_open(eb_chain *chain, const eb_crs *from, const eb_crs *to, const double area[4], const eb_helmert *helmert,
                        eb_error *err);
void eb_chain_close(eb_chain *chain);
/** Go; false where a point has no image, its index in @p bad. */
bool eb_chain_forward(eb_chain *chain, double *x, double *y, size_t count, size_t *bad);
bool eb_chain_inverse(eb_chain *chain, double *x, double *y, size_t count, size_t *bad);

/**
 * The shift between two datums (datum.c): adds a leg, or none where they are one, and says so in the chain's text.
 * EB_REFUSED where no shift is known for the place.
 */
eb_status eb_chain_add_datum(eb_chain *chain, const eb_crs *from, const eb_crs *to, const double area[4], const eb_helmert *helmert,
                             eb_error *err);

#endif
