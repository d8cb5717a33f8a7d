/* What the CRS suites share: a CRS from a definition, definitions as ESRI writes them, random places. */
#ifndef CRS_TEST_H
#define CRS_TEST_H

#include <ecobelt/crs.h>

#include "eb_test.h"
#include "test_shapes.h"

/* Metres on the ground for small differences of degrees. */
static inline double test_metres(double dlon_deg, double dlat_deg, double lat_deg)
{
    return hypot(dlon_deg * cos(lat_deg * 0.017453292519943295), dlat_deg) * 111320;
}

/* A CRS; the test fails where it cannot be made. Free with eb_crs_free(). */
static inline eb_crs *test_crs(const char *definition)
{
    eb_crs *crs = NULL;
    eb_error err = {0};
    ck_assert_msg(eb_crs_new(definition, &crs, &err) == EB_OK, "%s: %s", definition, err.message);
    return crs;
}

/* A datum as ESRI names it. */
typedef struct test_datum {
    eb_datum datum;
    const char *label;                      /* "CGCS2000": how names of its planes begin */
    const char *geographic, *name, *sphere; /* ESRI names */
    double a, rf;
    const char *code;
} test_datum;

static const test_datum test_datums[] = {
    {EB_DATUM_CGCS2000, "CGCS2000", "GCS_China_Geodetic_Coordinate_System_2000", "D_China_2000", "CGCS2000", 6378137, 298.257222101,
     "EPSG:4490"},
    {EB_DATUM_XIAN80, "Xian_1980", "GCS_Xian_1980", "D_Xian_1980", "Xian_1980", 6378140, 298.257, "EPSG:4610"},
    {EB_DATUM_BEIJING54, "Beijing_1954", "GCS_Beijing_1954", "D_Beijing_1954", "Krasovsky_1940", 6378245, 298.3, "EPSG:4214"},
};
enum { TEST_DATUMS = sizeof test_datums / sizeof *test_datums };

static inline void test_esri_geographic(const test_datum *d, char *text, size_t size)
{
    snprintf(text, size,
             "GEOGCS[\"%s\",DATUM[\"%s\",SPHEROID[\"%s\",%.1f,%.9f]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]",
             d->geographic, d->name, d->sphere, d->a, d->rf);
}

/* A .prj of a Gauss-Krüger plane. @p name NULL: the name ESRI gives it. */
static inline void test_esri_zone(const test_datum *d, int zone, int width, bool prefixed, const char *name, char *text, size_t size)
{
    char geographic[400], own[100], degree[20] = "";
    const int meridian = width == 6 ? 6 * zone - 3 : 3 * zone;
    if (width == 3) snprintf(degree, sizeof degree, "3_Degree_");
    if (prefixed)
        snprintf(own, sizeof own, "%s_%sGK_Zone_%d", d->label, degree, zone);
    else
        snprintf(own, sizeof own, "%s_%sGK_CM_%dE", d->label, degree, meridian);
    test_esri_geographic(d, geographic, sizeof geographic);
    snprintf(
        text, size,
        "PROJCS[\"%s\",%s,PROJECTION[\"Gauss_Kruger\"],PARAMETER[\"False_Easting\",%.1f],PARAMETER[\"False_Northing\",0.0],"
        "PARAMETER[\"Central_Meridian\",%d.0],PARAMETER[\"Scale_Factor\",1.0],PARAMETER[\"Latitude_Of_Origin\",0.0],UNIT[\"Meter\",1.0]]",
        name ? name : own, geographic, (prefixed ? zone * 1e6 : 0) + 500000, meridian);
}

#endif
