#include "base/wkb_build.h"

#include <stdint.h>

static void add_header(eb_string *out, uint32_t kind, size_t dims)
{
    const uint8_t little = 1;
    uint32_t code = kind + (dims == 3 ? 1000u : 0u);
    eb_string_add_bytes(out, &little, sizeof little);
    eb_string_add_bytes(out, &code, sizeof code);
}

void eb_wkb_build_point(eb_string *out, const double *coords, size_t dims)
{
    add_header(out, EB_SHAPE_POINT, dims);
    eb_string_add_bytes(out, coords, dims * sizeof *coords);
}

void eb_wkb_build_line(eb_string *out, const double *coords, size_t count, size_t dims)
{
    uint32_t number = (uint32_t)count;
    add_header(out, EB_SHAPE_LINE, dims);
    eb_string_add_bytes(out, &number, sizeof number);
    eb_string_add_bytes(out, coords, count * dims * sizeof *coords);
}

eb_wkb eb_wkb_built(const eb_string *out)
{
    return (eb_wkb){.data = (const uint8_t *)out->data, .size = out->failed ? 0 : out->size};
}
