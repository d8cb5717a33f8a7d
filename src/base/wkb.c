#include <ecobelt/wkb.h>

#include <math.h>
#include <string.h>

enum { HEADER = 5, MOST_DEPTH = 16 };

static uint32_t read_u32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Kind and dimensions behind a type code, ISO thousands or EWKB flags; false for curves, SRIDs and nonsense. */
static bool decode_type(uint32_t code, eb_shape_kind *kind, size_t *dims, bool *has_z)
{
    bool z = (code & 0x80000000u) != 0, m = (code & 0x40000000u) != 0;
    if (code & 0x20000000u) return false;
    code &= 0x0FFFFFFFu;
    uint32_t thousands = code / 1000;
    if (thousands > 3) return false;
    z = z || thousands == 1 || thousands == 3;
    m = m || thousands == 2 || thousands == 3;
    code %= 1000;
    if (code < EB_SHAPE_POINT || code > EB_SHAPE_COLLECTION) return false;
    *kind = (eb_shape_kind)code;
    *dims = 2u + (z ? 1u : 0u) + (m ? 1u : 0u);
    *has_z = z;
    return true;
}

void eb_wkb_begin(eb_wkb_walk *walk, eb_wkb shape)
{
    *walk = (eb_wkb_walk){.at = shape.data, .end = shape.data ? shape.data + shape.size : NULL};
}

static bool fail(eb_wkb_walk *walk)
{
    walk->bad = true;
    return false;
}

static bool take_count(eb_wkb_walk *walk, uint32_t *count)
{
    if (walk->end - walk->at < 4) return fail(walk);
    *count = read_u32(walk->at);
    walk->at += 4;
    return true;
}

static bool take_coords(eb_wkb_walk *walk, uint32_t count, eb_wkb_part *part)
{
    size_t width = walk->dims * sizeof(double);
    if ((size_t)(walk->end - walk->at) / width < count) return fail(walk);
    part->count = count;
    part->dims = walk->dims;
    part->has_z = walk->has_z;
    part->coords = walk->at;
    walk->at += (size_t)count * width;
    return true;
}

static bool next_ring(eb_wkb_walk *walk, eb_wkb_part *part)
{
    uint32_t count = 0;
    if (!take_count(walk, &count) || !take_coords(walk, count, part)) return false;
    part->kind = EB_SHAPE_POLYGON;
    part->polygon = walk->polygons;
    part->ring = walk->ring++;
    walk->rings_left--;
    if (walk->rings_left == 0) walk->polygons++;
    return true;
}

/* Open the shape at the cursor. True: a part is ready; false: nothing yet (or bad). */
static bool open_shape(eb_wkb_walk *walk, eb_wkb_part *part)
{
    eb_shape_kind kind;
    uint32_t count = 0;
    if (walk->end - walk->at < HEADER || walk->at[0] != 1 || !decode_type(read_u32(walk->at + 1), &kind, &walk->dims, &walk->has_z))
        return fail(walk);
    walk->at += HEADER;
    if (kind == EB_SHAPE_POINT) {
        if (!take_coords(walk, 1, part)) return false;
        double x, y;
        eb_wkb_xy(part, 0, &x, &y);
        if (isnan(x) && isnan(y)) part->count = 0; /* how WKB writes an empty point */
    } else {
        if (!take_count(walk, &count)) return false;
        if (kind == EB_SHAPE_POLYGON) {
            walk->rings_left = count;
            walk->ring = 0;
            if (count == 0) walk->polygons++;
            return false;
        }
        if (kind >= EB_SHAPE_MULTIPOINT) {
            if (walk->depth == MOST_DEPTH) return fail(walk);
            walk->stack[walk->depth++].left = count;
            return false;
        }
        if (!take_coords(walk, count, part)) return false;
    }
    part->kind = kind;
    part->ring = 0;
    part->polygon = walk->polygons++;
    return true;
}

bool eb_wkb_next(eb_wkb_walk *walk, eb_wkb_part *part)
{
    bool started = walk->depth > 0 || walk->polygons > 0 || walk->rings_left > 0;
    while (!walk->bad) {
        if (walk->rings_left > 0) return next_ring(walk, part);
        while (walk->depth > 0 && walk->stack[walk->depth - 1].left == 0) walk->depth--;
        if (walk->depth == 0 && (started || walk->at == walk->end)) return false;
        if (walk->depth > 0) walk->stack[walk->depth - 1].left--;
        started = true;
        if (open_shape(walk, part)) return true;
    }
    return false;
}

eb_shape_kind eb_wkb_kind(eb_wkb shape)
{
    eb_shape_kind kind;
    size_t dims;
    bool has_z;
    if (shape.size < HEADER || shape.data[0] != 1 || !decode_type(read_u32(shape.data + 1), &kind, &dims, &has_z)) return EB_SHAPE_UNKNOWN;
    return kind;
}

int eb_wkb_dimension(eb_wkb shape)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    int dimension = -1;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        int here = part.count == 0 ? -1 : part.kind == EB_SHAPE_POINT ? 0 : part.kind == EB_SHAPE_LINE ? 1 : 2;
        if (here > dimension) dimension = here;
    }
    return eb_wkb_bad(&walk) ? -1 : dimension;
}

bool eb_wkb_bounds(eb_wkb shape, double box[4])
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    double west = INFINITY, south = INFINITY, east = -INFINITY, north = -INFINITY;
    bool finite = true;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        for (size_t i = 0; i < part.count; i++) {
            double x, y;
            eb_wkb_xy(&part, i, &x, &y);
            finite = finite && isfinite(x) && isfinite(y);
            west = x < west ? x : west;
            east = x > east ? x : east;
            south = y < south ? y : south;
            north = y > north ? y : north;
        }
    }
    if (eb_wkb_bad(&walk) || !finite || west > east) return false;
    box[0] = west;
    box[1] = south;
    box[2] = east;
    box[3] = north;
    return true;
}

size_t eb_wkb_vertices(eb_wkb shape)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    size_t count = 0;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) count += part.count;
    return count;
}

bool eb_wkb_ok(eb_wkb shape)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    bool finite = true;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        for (size_t i = 0; i < part.count; i++) {
            double x, y;
            eb_wkb_xy(&part, i, &x, &y);
            finite = finite && isfinite(x) && isfinite(y);
        }
    }
    return finite && !eb_wkb_bad(&walk) && walk.at == walk.end;
}

const char *eb_shape_kind_name(eb_shape_kind kind)
{
    static const char *const names[] = {"unknown", "point", "line", "polygon", "multipoint", "multiline", "multipolygon", "collection"};
    return (unsigned)kind < sizeof names / sizeof *names ? names[kind] : names[0];
}
