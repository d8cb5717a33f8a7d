/* The reader of [地块坐标] text files, then the writer on whatever was read. */
#include <stdlib.h>

#include "fuzz.h"
#include "layer/parcel_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size, ".txt");
    eb_read_options options = {.allow_no_crs = true, .allow_partial = size % 2};
    eb_source *source = NULL;
    eb_error err;
    if (eb_parcel_source(path, &options, &source, &err) == EB_OK) {
        eb_layer *layer = NULL;
        if (eb_layer_read(source, NULL, &layer, &err) == EB_OK) {
            for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
                const eb_batch *batch = eb_layer_batch_at(layer, b);
                for (size_t i = 0; i < batch->count; i++) {
                    eb_wkb shape = eb_batch_shape_at(batch, i);
                    /* Whatever comes out is well-formed. */
                    if (shape.size && !eb_wkb_ok(shape)) abort();
                }
            }
        }
        eb_layer_free(layer);
        eb_source_free(source);
    }
    return 0;
}
