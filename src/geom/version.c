#include <ecobelt/geom.h>

#include <geos_c.h>

const char *eb_geos_version(void)
{
    return GEOSversion();
}
