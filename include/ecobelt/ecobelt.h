/**
 * @file ecobelt.h
 * The whole library: boundary layers in, figures and maps out.
 */
#ifndef ECOBELT_ECOBELT_H
#define ECOBELT_ECOBELT_H

#include <ecobelt/analysis.h>
#include <ecobelt/base.h>
#include <ecobelt/crs.h>
#include <ecobelt/geom.h>
#include <ecobelt/layer.h>
#include <ecobelt/measure.h>
#include <ecobelt/network.h>
#include <ecobelt/params.h>
#include <ecobelt/plan.h>
#include <ecobelt/raster.h>
#include <ecobelt/report.h>
#include <ecobelt/table.h>
#include <ecobelt/wkb.h>

#endif
