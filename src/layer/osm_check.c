#include "layer/file_check.h"

#include "base/text.h"

#include <cpl_vsi.h>
#include <stdio.h>
#include <string.h>

eb_status eb_osm_check(const char *path, eb_error *err)
{
    char tail[513];
    size_t length = strlen(path);
    if (length < 5 || !eb_text_same(path + length - 4, ".osm")) return EB_OK;
    VSILFILE *file = VSIFOpenL(path, "rb");
    if (!file) return EB_OK;
    VSIFSeekL(file, 0, SEEK_END);
    vsi_l_offset size = VSIFTellL(file), look = size < sizeof tail - 1 ? size : sizeof tail - 1;
    VSIFSeekL(file, size - look, SEEK_SET);
    size_t n = VSIFReadL(tail, 1, (size_t)look, file);
    VSIFCloseL(file);
    if (n < look) return EB_OK; /* a folder: OGR says what is wrong with it */
    for (size_t i = 0; i < n; i++)
        if (tail[i] == '\0') tail[i] = ' ';
    tail[n] = '\0';
    if (strstr(tail, "</osm>") || strstr(tail, "</osmChange>")) return EB_OK;
    eb_error_set(err, EB_INPUT, "the file is cut short: its last element, </osm>, is missing");
    eb_error_where(err, path, NULL, EB_NO_FID);
    eb_error_hint(err, "copy the file again");
    return EB_INPUT;
}
