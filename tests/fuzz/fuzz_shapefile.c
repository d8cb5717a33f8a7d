/* The integrity check of shapefiles and the search for their character set. An input is the three parts behind one another, the first four
 * bytes telling where they end, so that one part can grow without the others. */
#include <cpl_vsi.h>
#include <string.h>

#include "fuzz.h"
#include "layer/file_check.h"

static void put(const char *path, const uint8_t *data, size_t size)
{
    VSILFILE *file = VSIFOpenL(path, "wb");
    if (!file) return;
    VSIFWriteL(data, 1, size, file);
    VSIFCloseL(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const paths[] = {"/vsimem/fuzz/a.shp", "/vsimem/fuzz/a.shx", "/vsimem/fuzz/a.dbf", "/vsimem/fuzz/a.cpg"};
    static eb_shapefile file;
    if (size < 4) return 0;
    size_t first = (size_t)(data[0] | data[1] << 8), second = (size_t)(data[2] | data[3] << 8);
    data += 4;
    size -= 4;
    if (first > size) first = size;
    if (second > size - first) second = size - first;
    size_t third = size - first - second, name = third > 8 ? 8 : 0;
    put(paths[0], data, first);
    put(paths[1], data + first, second);
    put(paths[2], data + first + second, third - name);
    put(paths[3], data + first + second + third - name, name);
    for (int partial = 0; partial < 2; partial++) {
        eb_notes notes = {0};
        eb_error err;
        char encoding[40];
        if (eb_shapefile_find(paths[0], &file) && eb_shapefile_check(&file, partial, &notes, &err) == EB_OK)
            eb_shapefile_encoding(&file, NULL, encoding, sizeof encoding, &notes, &err);
        eb_bad_values_decode(&file.bad, "GB18030");
        eb_shapefile_clear(&file);
        eb_notes_clear(&notes);
    }
    for (int i = 0; i < 4; i++) VSIUnlink(paths[i]);
    return 0;
}
