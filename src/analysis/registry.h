/**
 * @file registry.h
 * The list of analyses. An analysis is added here and nowhere else: command, plan step, help and documentation follow from its row.
 *
 * To add one: write src/analysis/ROOM/NAME.c that defines `const eb_analysis eb_analysis_NAME`, and put X(NAME) into the list below, which
 * is the order of the help.
 */
#ifndef EB_ANALYSIS_REGISTRY_H
#define EB_ANALYSIS_REGISTRY_H

#include <ecobelt/analysis.h>

#define EB_ANALYSES(X) X(area) X(corridor) X(tabulate) X(designations) X(overlay) X(dissolve) X(enclose) X(route) X(access) X(network)

#define EB_ANALYSIS_DECLARE(name) extern const eb_analysis eb_analysis_##name;
EB_ANALYSES(EB_ANALYSIS_DECLARE)

#endif
