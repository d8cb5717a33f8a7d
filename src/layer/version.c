#include <ecobelt/layer.h>

#include <gdal.h>

const char *eb_layer_gdal_version(void)
{
    return GDALVersionInfo("RELEASE_NAME");
}
