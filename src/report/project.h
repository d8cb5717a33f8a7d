/**
 * @file report/project.h
 * A QGIS project over the report's GeoPackage, written without QGIS.
 */
#ifndef REPORT_PROJECT_H
#define REPORT_PROJECT_H

#include <ecobelt/report.h>

/**
 * The project as XML (.qgs): layers of NAME.gpkg by relative path, in groups in drawing order, with style and labels; CRS and ellipsoid
 * so that $area is the geodesic area; hectares; bookmarks; a map sheet. @p text from malloc().
 */
eb_status eb_project_xml(const eb_report *report, char **text, eb_error *err);

#endif
