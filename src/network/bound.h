/**
 * @file network/bound.h
 * What no order of stops can cost less than.
 */
#ifndef NETWORK_BOUND_H
#define NETWORK_BOUND_H

#include <ecobelt/network.h>

/**
 * Bound of Held and Karp (1970, 1971): a tour is a tree over all stops but one, and two edges to that one; the cheapest such thing costs
 * no more, and penalties on stops with too many or too few edges bring it near to a tour. Directions are dropped: an edge costs what the
 * cheaper of both does. Tours of symmetric costs are mostly within a few per cent of it.
 * @param total cost of a known order.
 */
eb_status network_order_bound(const double *costs, size_t count, eb_order rule, double total, double *bound, eb_error *err);

#endif
