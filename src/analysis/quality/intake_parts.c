/* Shapes of mixed parts: what an analysis works on stays, the rest is left out in the open. */
#include "analysis/quality/intake.h"
#include "analysis/quality/intake_parts.h"
#include "base/translate.h"
#include "layer/batch.h"

#include <math.h>
#include <string.h>

/* Bytes before the coordinates of a part: order and type, then the numbers of rings and of coordinates. */
enum { POINT_HEAD = 5, LINE_HEAD = 9, POLYGON_HEAD = 13, MULTI_HEAD = 9 };

bool eb_part_has_length(const eb_wkb_part *line)
{
    double a[2], b[2];
    if (line->kind != EB_SHAPE_LINE || line->count == 0) return false;
    eb_wkb_xy(line, 0, &a[0], &a[1]);
    for (size_t i = 1; i < line->count; i++) {
        eb_wkb_xy(line, i, &b[0], &b[1]);
        if (a[0] != b[0] || a[1] != b[1]) return true;
    }
    return false;
}

static int dimension_of(const eb_wkb_part *part)
{
    return part->kind == EB_SHAPE_POINT ? 0 : part->kind == EB_SHAPE_LINE ? 1 : 2;
}

/* Parts of a shape, and the first place of those of a lower dimension and of those without length. */
typedef struct survey {
    uint32_t kept;
    size_t lower, flat;
    double lower_place[2], flat_place[2];
} survey;

static void count_part(survey *s, const eb_wkb_part *part, int dimension)
{
    if (part->count == 0 || part->ring > 0 || dimension_of(part) > dimension) return;
    if (dimension_of(part) < dimension) {
        if (s->lower++ == 0) eb_wkb_xy(part, 0, &s->lower_place[0], &s->lower_place[1]);
    } else if (dimension == 1 && !eb_part_has_length(part)) {
        if (s->flat++ == 0) eb_wkb_xy(part, 0, &s->flat_place[0], &s->flat_place[1]);
    } else {
        s->kept++;
    }
}

static survey look_at(eb_wkb shape, int dimension)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    survey s = {0};
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) count_part(&s, &part, dimension);
    return s;
}

/* A single shape being moved towards the front, behind those already there. */
typedef struct mover {
    uint8_t *bytes;
    size_t to, from, end; /* from == end: none */
} mover;

static void move(mover *m)
{
    if (m->end > m->from) memmove(m->bytes + m->to, m->bytes + m->from, m->end - m->from);
    m->to += m->end - m->from;
    m->from = m->end = 0;
}

/* The parts that stay as a multi shape in the same bytes: its head is no longer than that of a collection or multi shape. */
static size_t rewrite(uint8_t *bytes, size_t size, int dimension, uint32_t kept)
{
    static const uint32_t kinds[] = {EB_SHAPE_MULTIPOINT, EB_SHAPE_MULTILINE, EB_SHAPE_MULTIPOLYGON};
    static const size_t heads[] = {POINT_HEAD, LINE_HEAD, POLYGON_HEAD};
    eb_wkb_walk walk;
    eb_wkb_part part;
    uint32_t code;
    mover m = {.bytes = bytes, .to = MULTI_HEAD};
    memcpy(&code, bytes + 1, sizeof code);
    code = code - (uint32_t)eb_wkb_kind((eb_wkb){bytes, size}) + kinds[dimension];
    eb_wkb_begin(&walk, (eb_wkb){bytes, size});
    while (eb_wkb_next(&walk, &part)) {
        const size_t at = (size_t)(part.coords - bytes);
        if (part.ring == 0) {
            move(&m);
            if (dimension_of(&part) != dimension || part.count == 0 || (dimension == 1 && !eb_part_has_length(&part))) continue;
            m.from = at - heads[dimension];
        }
        if (m.from > 0) m.end = at + part.count * part.dims * sizeof(double);
    }
    move(&m);
    memcpy(bytes + 1, &code, sizeof code);
    memcpy(bytes + 5, &kept, sizeof kept);
    return m.to;
}

typedef struct sorting {
    eb_intake *intake;
    const eb_batch *batch;
    int dimension;
} sorting;

static size_t keep_parts(void *user, size_t i, uint8_t *bytes, size_t size)
{
    static const char *const lower[] = {"", N_("a collection: its lines are used, its points are left out"),
                                        N_("a collection: its polygons are used, its lines and points are left out")};
    const sorting *s = user;
    const eb_wkb shape = {bytes, size};
    const eb_shape_kind kind = eb_wkb_kind(shape);
    if (kind != EB_SHAPE_COLLECTION && !(kind == EB_SHAPE_MULTILINE && s->dimension == 1)) return size;
    if (!eb_wkb_ok(shape) || eb_wkb_dimension(shape) != s->dimension) return size;
    const survey found = look_at(shape, s->dimension);
    const char *layer = s->intake->schema->name;
    if (found.kept == 0 || (kind == EB_SHAPE_MULTILINE && found.flat == 0)) return size;
    if (found.lower)
        eb_diagnosis_add(s->intake->diagnosis, EB_EVENT_NOTE, layer, s->batch->fids[i], found.lower_place[0], found.lower_place[1], NAN,
                         NAN, lower[s->dimension]);
    if (found.flat)
        eb_diagnosis_add(s->intake->diagnosis, EB_EVENT_NOTE, layer, s->batch->fids[i], found.flat_place[0], found.flat_place[1], NAN, NAN,
                         "parts of the line without length are left out");
    return rewrite(bytes, size, s->dimension, found.kept);
}

void eb_intake_sort(eb_intake *intake, eb_batch *batch, int dimension)
{
    sorting s = {intake, batch, dimension};
    eb_batch_shrink_shapes(batch, keep_parts, &s);
}
