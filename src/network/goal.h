/**
 * @file network/goal.h
 * Costs bent towards a goal.
 *
 * A search that knows how far the goal is at least need not look behind its back (A*). igraph 0.10.2 has no such search, but it is
 * Dijkstra's on costs that are reduced by how much nearer an arc brings the goal: cost(a, b) + least(b) - least(a), with least() the
 * straight line through the earth. The line is never longer than a road, so that no reduced cost is below zero, and every way from one
 * node to the goal is reduced by the same amount, so that the cheapest stays the cheapest.
 */
#ifndef NETWORK_GOAL_H
#define NETWORK_GOAL_H

#include "network/network.h"

/** Every node's place in space, three metres each, from malloc(); NULL out of memory. */
double *network_places(const eb_network *network);
/** Least cost from every node to the goal, where a metre costs at least @p per_m. From malloc(); NULL out of memory. */
double *network_least_costs(const double *places, size_t count, size_t goal, double per_m);

#endif
