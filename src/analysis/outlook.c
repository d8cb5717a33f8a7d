#include "analysis/outlook.h"

static bool look_through(eb_source *source, eb_batch *batch, const eb_outlook_names *names, const char *name)
{
    for (;;) {
        if (eb_source_next(source, batch, NULL) != EB_OK) return true;
        if (batch->count == 0) return false;
        for (size_t i = 0; i < batch->count; i++)
            if (names->called(names->self, batch, i, name)) return true;
    }
}

bool eb_outlook_has(const eb_outlook *look, const eb_outlook_names *names, const char *name)
{
    const eb_read_options options = {.where = names->where, .no_shapes = true};
    eb_source *source = NULL;
    bool found = true;
    if (look->open(look->self, names->layer, &options, &source, NULL) != EB_OK || !source) return true;
    if (!names->prepare || names->prepare(names->self, eb_source_schema(source))) {
        eb_batch *batch = eb_batch_new(eb_source_schema(source));
        found = !batch || look_through(source, batch, names, name);
        eb_batch_free(batch);
    }
    eb_source_free(source);
    return found;
}
