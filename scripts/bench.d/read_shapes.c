/*
 * Only read a layer's shapes: read_shapes FILE. The fastest way GDAL has, its Arrow stream, without attributes and without looking at
 * more than one byte a memory page: what any program must spend before it can measure anything.
 */
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_recordbatch.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    GDALAllRegister();
    GDALDatasetH file = argc == 2 ? GDALOpenEx(argv[1], GDAL_OF_VECTOR, NULL, NULL, NULL) : NULL;
    OGRLayerH layer = file ? GDALDatasetGetLayer(file, 0) : NULL;
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    long features = 0, sum = 0;
    if (!layer) return 1;
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
    for (int i = 0; i < OGR_FD_GetFieldCount(definition); i++) OGR_Fld_SetIgnored(OGR_FD_GetFieldDefn(definition, i), 1);
    if (!OGR_L_GetArrowStream(layer, &stream, NULL)) return 1;
    while (stream.get_next(&stream, &batch) == 0 && batch.release) {
        const struct ArrowArray *shapes = batch.children[batch.n_children - 1];
        const int32_t *offsets = shapes->buffers[1];
        const char *bytes = shapes->buffers[2];
        for (int32_t at = offsets[0]; at < offsets[shapes->length]; at += 4096) sum += bytes[at];
        features += shapes->length;
        batch.release(&batch);
    }
    stream.release(&stream);
    GDALClose(file);
    printf("%ld %ld\n", features, sum);
    return 0;
}
