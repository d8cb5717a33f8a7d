/**
 * @file report/project.h
 * A QGIS project over the report's GeoPackage, written without QGIS.
 */
#ifndef REPORT_PROJECT_H
#define REPORT_PROJECT_H

#include "report/frame.h"

#include "base/text.h"

/**
 * The project as XML (.qgs): layers of NAME.gpkg by relative path, in groups in drawing order, with style and labels; CRS and ellipsoid
 * so that $area is the geodesic area; hectares; bookmarks; a map sheet. @p text from malloc().
 */
eb_status eb_project_xml(const eb_report *report, char **text, eb_error *err);

/** The map sheet, A3 landscape: map, title, legend, scale bar, north arrow, sources and status. */
void eb_layout_add(eb_string *out, const eb_report *report, const eb_frame_view *view);
/** Id of a layer in the project; QGIS wants more than ten characters. */
void eb_project_id(const eb_report_layer *layer, char *id, size_t size);
/** Numbers as attributes. */
void eb_xml_number(eb_string *out, const char *name, double value);

#endif
