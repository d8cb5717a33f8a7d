#include "geom/geos.h"

#include <stdlib.h>
#include <string.h>

/* Bytes being rewritten as plain 2D WKB that GEOS accepts. */
typedef struct mend {
    const uint8_t *at, *end;
    uint8_t *out; /* NULL while counting */
    size_t size;  /* bytes written, or that would be */
    bool mended;
} mend;

static bool take(mend *m, void *to, size_t size)
{
    if ((size_t)(m->end - m->at) < size) return false;
    memcpy(to, m->at, size);
    m->at += size;
    return true;
}

static void put(mend *m, const void *from, size_t size)
{
    if (m->out) memcpy(m->out + m->size, from, size);
    m->size += size;
}

static void put_count(mend *m, uint32_t count)
{
    put(m, &count, sizeof count);
}

/*
 * A run of coordinates without Z and M. A ring left open is closed; one too short for GEOS to hold gets its last point again, and so
 * stays what it was, a shape without area, until validity or repair deals with it in the open.
 */
static bool mend_run(mend *m, size_t dims, bool ring)
{
    uint32_t count;
    if (!take(m, &count, sizeof count)) return false;
    size_t step = dims * sizeof(double);
    if ((size_t)(m->end - m->at) / step < count) return false;
    const uint8_t *run = m->at;
    m->at += count * step;
    const uint8_t *last = count ? run + (count - 1) * step : run;
    bool open = ring && count > 0 && memcmp(run, last, 2 * sizeof(double)) != 0;
    uint32_t total = count + (open ? 1u : 0u);
    uint32_t least = count == 0 ? 0 : ring ? 4u : 2u;
    uint32_t pad = total < least ? least - total : 0;
    m->mended = m->mended || open || pad > 0;
    put_count(m, total + pad);
    for (uint32_t i = 0; i < count; i++) put(m, run + i * step, 2 * sizeof(double));
    for (uint32_t i = 0; i < total + pad - count; i++) put(m, ring ? run : last, 2 * sizeof(double));
    return true;
}

static bool mend_shape(mend *m, int depth);

static bool mend_children(mend *m, int depth)
{
    uint32_t count;
    if (!take(m, &count, sizeof count)) return false;
    put_count(m, count);
    for (uint32_t i = 0; i < count; i++)
        if (!mend_shape(m, depth + 1)) return false;
    return true;
}

static bool mend_rings(mend *m, size_t dims)
{
    uint32_t count;
    if (!take(m, &count, sizeof count)) return false;
    put_count(m, count);
    for (uint32_t i = 0; i < count; i++)
        if (!mend_run(m, dims, true)) return false;
    return true;
}

static bool mend_point(mend *m, size_t dims)
{
    double coords[4];
    if (!take(m, coords, dims * sizeof(double))) return false;
    put(m, coords, 2 * sizeof(double));
    return true;
}

static bool mend_shape(mend *m, int depth)
{
    uint8_t order;
    uint32_t code;
    if (depth > 15 || !take(m, &order, 1) || order != 1 || !take(m, &code, sizeof code)) return false;
    bool z = (code & 0x80000000u) != 0, measured = (code & 0x40000000u) != 0;
    code &= 0x0FFFFFFFu;
    uint32_t range = code / 1000;
    if (range > 3) return false;
    z = z || range == 1 || range == 3;
    measured = measured || range >= 2;
    uint32_t kind = code % 1000;
    size_t dims = 2 + (z ? 1u : 0u) + (measured ? 1u : 0u);
    put(m, &order, 1);
    put_count(m, kind);
    if (kind == EB_SHAPE_POINT) return mend_point(m, dims);
    if (kind == EB_SHAPE_LINE) return mend_run(m, dims, false);
    if (kind == EB_SHAPE_POLYGON) return mend_rings(m, dims);
    return kind >= EB_SHAPE_MULTIPOINT && kind <= EB_SHAPE_COLLECTION && mend_children(m, depth);
}

static eb_status read_mended(eb_geos *geos, eb_wkb wkb, eb_shape **out, eb_error *err)
{
    mend count = {.at = wkb.data, .end = wkb.data + wkb.size};
    if (!mend_shape(&count, 0)) return eb_error_set(err, EB_REFUSED, "the bytes of the shape are no well-known binary");
    mend write = {.at = wkb.data, .end = wkb.data + wkb.size, .out = malloc(count.size)};
    if (!write.out) return eb_error_memory(err);
    mend_shape(&write, 0);
    geos->mended = write.mended;
    eb_geos_clear(geos);
    GEOSGeometry *shape = GEOSWKBReader_read_r(geos->handle, geos->reader, write.out, write.size);
    free(write.out);
    return eb_geos_result(geos, shape, "reading a shape", out, err);
}

bool eb_geos_mended(const eb_geos *geos)
{
    return geos->mended;
}

static bool is_flat(eb_wkb wkb)
{
    uint32_t code;
    memcpy(&code, wkb.data + 1, sizeof code);
    return code <= EB_SHAPE_COLLECTION;
}

eb_status eb_shape_read(eb_geos *geos, eb_wkb wkb, eb_shape **out, eb_error *err)
{
    *out = NULL;
    geos->mended = false;
    eb_geos_clear(geos);
    if (wkb.size == 0)
        return eb_geos_result(geos, GEOSGeom_createEmptyCollection_r(geos->handle, GEOS_GEOMETRYCOLLECTION), "making an empty shape", out,
                              err);
    if (!eb_wkb_ok(wkb)) return eb_error_set(err, EB_REFUSED, "the shape is broken: cut short, or a coordinate is not a finite number");
    if (is_flat(wkb)) {
        *out = GEOSWKBReader_read_r(geos->handle, geos->reader, wkb.data, wkb.size);
        if (*out) return EB_OK;
    }
    return read_mended(geos, wkb, out, err);
}
