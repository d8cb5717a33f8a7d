#include <ecobelt/crs.h>

#include <proj.h>

const char *eb_crs_proj_version(void)
{
    return proj_info().version;
}
