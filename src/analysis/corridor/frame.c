/*
 * Between a layer's coordinates and the plane, and shapes carried over with vertices added where straight is not straight.
 */
#include "analysis/corridor/corridor.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

eb_status eb_corridor_frame_init(eb_corridor_frame *frame, const eb_crs *crs, const eb_crs *geographic, const eb_plane *plane,
                                 const double area[4], eb_error *err)
{
    *frame = (eb_corridor_frame){.plane = plane, .unwrap_lon_deg = NAN};
    /* The lines' degrees are wanted before there is a plane, which is why no projector, made on a plane, stands here. */
    if (eb_crs_same(crs, geographic)) return EB_OK;
    return eb_transform_new(crs, geographic, area, NULL, &frame->to_degrees, err);
}

void eb_corridor_frame_clear(eb_corridor_frame *frame)
{
    eb_transform_free(frame->to_degrees);
    *frame = (eb_corridor_frame){0};
}

eb_status eb_corridor_to_degrees(const eb_corridor_frame *frame, double x, double y, double *lon_deg, double *lat_deg, eb_error *err)
{
    *lon_deg = x;
    *lat_deg = y;
    return frame->to_degrees ? eb_transform_points(frame->to_degrees, lon_deg, lat_deg, 1, 1, NULL, err) : EB_OK;
}

eb_status eb_corridor_to_plane(const eb_corridor_frame *frame, double x, double y, double *x_m, double *y_m, eb_error *err)
{
    double lon, lat;
    eb_status status = eb_corridor_to_degrees(frame, x, y, &lon, &lat, err);
    if (status == EB_OK) eb_plane_forward(frame->plane, lon, lat, x_m, y_m);
    return status;
}

eb_status eb_corridor_from_plane(const eb_corridor_frame *frame, double x_m, double y_m, double *x, double *y, eb_error *err)
{
    eb_plane_inverse(frame->plane, x_m, y_m, x, y);
    if (frame->to_degrees) return eb_transform_inverse(frame->to_degrees, x, y, 1, 1, NULL, err);
    if (isfinite(frame->unwrap_lon_deg)) *x -= 360 * round((*x - frame->unwrap_lon_deg) / 360);
    return EB_OK;
}

static void add_bytes(eb_corridor_bytes *bytes, const void *data, size_t size)
{
    if (!bytes->failed && !eb_array_reserve(&bytes->data, &bytes->capacity, bytes->size + size, 1)) bytes->failed = true;
    if (bytes->failed) return;
    memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
}

size_t eb_corridor_add_count(eb_corridor_bytes *bytes, size_t count)
{
    uint8_t four[4] = {(uint8_t)count, (uint8_t)(count >> 8), (uint8_t)(count >> 16), (uint8_t)(count >> 24)};
    if (count > UINT32_MAX) bytes->failed = true;
    add_bytes(bytes, four, sizeof four);
    return bytes->size - sizeof four;
}

void eb_corridor_patch(eb_corridor_bytes *bytes, size_t at, size_t count)
{
    if (count > UINT32_MAX) bytes->failed = true;
    if (bytes->failed) return;
    for (int i = 0; i < 4; i++) bytes->data[at + (size_t)i] = (uint8_t)(count >> (8 * i));
}

void eb_corridor_add_head(eb_corridor_bytes *bytes, eb_shape_kind kind, size_t count)
{
    uint8_t little = 1;
    add_bytes(bytes, &little, 1);
    eb_corridor_add_count(bytes, (size_t)kind);
    eb_corridor_add_count(bytes, count);
}

void eb_corridor_add_xy(eb_corridor_bytes *bytes, double x, double y)
{
    double xy[2] = {x, y};
    add_bytes(bytes, xy, sizeof xy);
}

void eb_corridor_add_point(eb_corridor_bytes *bytes, double x, double y)
{
    uint8_t little = 1;
    add_bytes(bytes, &little, 1);
    eb_corridor_add_count(bytes, EB_SHAPE_POINT);
    eb_corridor_add_xy(bytes, x, y);
}

/* A carried shape in the making. */
typedef struct carrier {
    const eb_corridor_frame *frame;
    eb_corridor_way way;
    double tolerance;
    eb_corridor_bytes out;
    size_t parts_at, parts; /* polygons or lines: where the count stands, and how many */
    size_t rings_at, rings; /* of the polygon */
    size_t polygon;         /* its number in the input */
} carrier;

typedef struct place {
    double x, y;   /* layer */
    double px, py; /* plane */
} place;

static eb_status place_of(const carrier *c, double x, double y, place *p, eb_error *err)
{
    if (c->way == EB_CORRIDOR_INTO_PLANE) {
        p->x = x;
        p->y = y;
        return eb_corridor_to_plane(c->frame, x, y, &p->px, &p->py, err);
    }
    p->px = x;
    p->py = y;
    return eb_corridor_from_plane(c->frame, x, y, &p->x, &p->y, err);
}

/* How far "straight in the layer" is from "straight in the plane", to the left, a share t along an edge. */
static eb_status apart(const carrier *c, const place *a, const place *b, double t, double *left, eb_error *err)
{
    double mx, my;
    eb_status status = eb_corridor_to_plane(c->frame, a->x + t * (b->x - a->x), a->y + t * (b->y - a->y), &mx, &my, err);
    /* Along the edge a difference is harmless: only what is across it counts. */
    double dx = b->px - a->px, dy = b->py - a->py, length = hypot(dx, dy);
    *left = status == EB_OK && length > 0 ? ((my - a->py) * dx - (mx - a->px) * dy) / length : 0;
    return status;
}

/*
 * Into how many pieces must an edge be cut? A bow of height h in the middle is h/n^2 high over n pieces; an S of height s at the quarters
 * has a bow of 8 s/n^2 over its worst piece.
 */
static eb_status pieces_of(const carrier *c, const place *a, const place *b, size_t *pieces, eb_error *err)
{
    double quarter = 0, middle = 0, last = 0;
    eb_status status = apart(c, a, b, 0.5, &middle, err);
    if (status == EB_OK) status = apart(c, a, b, 0.25, &quarter, err);
    if (status == EB_OK) status = apart(c, a, b, 0.75, &last, err);
    if (status != EB_OK) return status;
    double n = ceil(sqrt((fabs(middle) + 4 * fabs(quarter - last)) / c->tolerance));
    if (!(n < 1e6))
        return eb_error_set(err, EB_REFUSED, "an edge would need more than a million vertices to stay within %g m", c->tolerance);
    *pieces = n < 1 ? 1 : (size_t)n;
    return EB_OK;
}

static void add_place(carrier *c, const place *p)
{
    if (c->way == EB_CORRIDOR_INTO_PLANE)
        eb_corridor_add_xy(&c->out, p->px, p->py);
    else
        eb_corridor_add_xy(&c->out, p->x, p->y);
}

/* The vertices after the first of one edge. Returns how many in *added. */
static eb_status add_edge(carrier *c, const place *a, const place *b, size_t *added, eb_error *err)
{
    size_t n = 1;
    eb_status status = pieces_of(c, a, b, &n, err);
    bool in = c->way == EB_CORRIDOR_INTO_PLANE;
    for (size_t k = 1; status == EB_OK && k < n; k++) {
        double t = (double)k / (double)n;
        double x = in ? a->x + t * (b->x - a->x) : a->px + t * (b->px - a->px);
        double y = in ? a->y + t * (b->y - a->y) : a->py + t * (b->py - a->py);
        place p;
        status = place_of(c, x, y, &p, err);
        if (status == EB_OK) add_place(c, &p);
    }
    if (status == EB_OK) add_place(c, b);
    *added += n;
    return status;
}

static eb_status carry_part(carrier *c, const eb_wkb_part *part, eb_error *err)
{
    size_t at = part->kind == EB_SHAPE_POLYGON ? eb_corridor_add_count(&c->out, 0) : 0;
    if (part->kind == EB_SHAPE_LINE) {
        eb_corridor_add_head(&c->out, EB_SHAPE_LINE, 0);
        at = c->out.size - 4;
    }
    place last, next;
    double x, y;
    eb_wkb_xy(part, 0, &x, &y);
    eb_status status = place_of(c, x, y, &last, err);
    if (status == EB_OK) add_place(c, &last);
    size_t count = 1;
    for (size_t i = 1; status == EB_OK && i < part->count; i++) {
        eb_wkb_xy(part, i, &x, &y);
        status = place_of(c, x, y, &next, err);
        if (status == EB_OK) status = add_edge(c, &last, &next, &count, err);
        last = next;
    }
    eb_corridor_patch(&c->out, at, count);
    return status;
}

/* A ring opens a polygon where it is of another one than the ring before. */
static void open_polygon(carrier *c, const eb_wkb_part *ring)
{
    if (c->parts == 0 || ring->polygon != c->polygon) {
        if (c->parts) eb_corridor_patch(&c->out, c->rings_at, c->rings);
        eb_corridor_add_head(&c->out, EB_SHAPE_POLYGON, 0);
        c->rings_at = c->out.size - 4;
        c->rings = 0;
        c->parts++;
        c->polygon = ring->polygon;
    }
    c->rings++;
}

eb_status eb_corridor_carry(const eb_corridor_frame *frame, eb_corridor_way way, eb_wkb shape, double tolerance_m, uint8_t **data,
                            size_t *size, eb_error *err)
{
    *data = NULL;
    *size = 0;
    carrier c = {.frame = frame, .way = way, .tolerance = tolerance_m};
    bool lines = eb_wkb_dimension(shape) == 1;
    eb_corridor_add_head(&c.out, lines ? EB_SHAPE_MULTILINE : EB_SHAPE_MULTIPOLYGON, 0);
    c.parts_at = c.out.size - 4;
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_status status = EB_OK;
    for (eb_wkb_begin(&walk, shape); status == EB_OK && eb_wkb_next(&walk, &part);) {
        if (part.count == 0 || part.kind != (lines ? EB_SHAPE_LINE : EB_SHAPE_POLYGON)) continue;
        if (lines)
            c.parts++;
        else
            open_polygon(&c, &part);
        status = carry_part(&c, &part, err);
    }
    if (status == EB_OK && eb_wkb_bad(&walk)) status = eb_error_set(err, EB_INPUT, "the shape's bytes are broken");
    if (!lines && c.parts) eb_corridor_patch(&c.out, c.rings_at, c.rings);
    eb_corridor_patch(&c.out, c.parts_at, c.parts);
    if (status == EB_OK && c.out.failed) status = eb_error_memory(err);
    if (status != EB_OK) {
        free(c.out.data);
        return status;
    }
    *data = c.out.data;
    *size = c.out.size;
    return EB_OK;
}

eb_status eb_corridor_shape_in(const eb_corridor_frame *frame, eb_geos *geos, eb_wkb shape, double tolerance_m, eb_shape **out,
                               eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    *out = NULL;
    eb_status status = eb_corridor_carry(frame, EB_CORRIDOR_INTO_PLANE, shape, tolerance_m, &data, &size, err);
    if (status == EB_OK) status = eb_shape_read(geos, (eb_wkb){data, size}, out, err);
    free(data);
    return status;
}

eb_status eb_corridor_shape_out(const eb_corridor_frame *frame, eb_geos *geos, const eb_shape *shape, double tolerance_m, uint8_t **data,
                                size_t *size, eb_error *err)
{
    uint8_t *plane = NULL;
    size_t plane_size = 0;
    *data = NULL;
    *size = 0;
    eb_status status = eb_shape_write(geos, shape, &plane, &plane_size, err);
    if (status == EB_OK)
        status = eb_corridor_carry(frame, EB_CORRIDOR_OUT_OF_PLANE, (eb_wkb){plane, plane_size}, tolerance_m, data, size, err);
    free(plane);
    return status;
}
