/**
 * @file network/noding.h
 * Crossings: the part of noding that adds vertices.
 */
#ifndef NETWORK_NODING_H
#define NETWORK_NODING_H

#include "network/network.h"

/** Add a vertex to both lines wherever lines of one level cross or touch without sharing one; bridges and tunnels cross nothing. */
eb_status network_add_crossings(eb_network *network, const eb_env *env, eb_error *err);

#endif
