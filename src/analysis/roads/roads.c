/* A road network out of a line layer. */
#include "analysis/roads/roads.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/roads/road_fields.h"
#include "base/array.h"
#include "base/text.h"
#include "base/translate.h"

/* State of reading one layer. */
typedef struct reading {
    eb_roads *roads;
    eb_road_fields fields;
    const eb_schema *schema;
    eb_diagnosis *diagnosis;
    eb_transform *to_degrees; /* NULL: the layer is in degrees */
    double length_m, default_m;
    size_t default_speeds, odd_oneways, odd_levels, odd_closed, not_roads, classless, many_classes;
    struct unknown *unknown; /* of the classes that no list knows */
    size_t unknown_capacity;
} reading;

/* How often an unknown class is met, and where first. */
typedef struct unknown {
    size_t count;
    int64_t fid;
    double x, y;
} unknown;

/* A field of free texts is no field of classes: so many names are kept. */
enum { UNKNOWN_MOST = 100, UNKNOWN_TOLD = 3 };

void eb_roads_clear(eb_roads *roads)
{
    eb_network_free(roads->network);
    for (size_t i = 0; i < roads->name_count; i++) free(roads->names[i]);
    free(roads->names);
    for (size_t i = 0; i < roads->class_count; i++) free(roads->classes[i]);
    free(roads->classes);
    eb_crs_free(roads->crs);
    *roads = (eb_roads){0};
}

int eb_roads_rank(const eb_roads *roads, const char *name)
{
    for (size_t i = 0; i < roads->class_count; i++)
        if (strcmp(roads->classes[i], name) == 0) return (int)i;
    char word[200];
    eb_text_copy(word, sizeof word, name);
    eb_road_class_trim(word);
    const char *known = eb_road_class_known(word);
    for (size_t i = 0; i < roads->class_count; i++)
        if (eb_text_same(roads->classes[i], word) || (known && strcmp(roads->classes[i], known) == 0)) return (int)i;
    return -1;
}

const char *eb_roads_class(const eb_roads *roads, int rank)
{
    return rank >= 0 && (size_t)rank < roads->class_count ? roads->classes[rank] : "";
}

bool eb_roads_good(const eb_roads *roads, const eb_edge *edge, int worst_rank)
{
    const eb_road *road = eb_network_road_at(roads->network, edge->road);
    return edge->count > 0 && !road->closed && road->rank >= 0 && road->rank <= worst_rank;
}

const char *eb_roads_name(const eb_roads *roads, size_t road)
{
    return road < roads->name_count ? roads->names[road] : "";
}

void eb_roads_method(const eb_roads *roads, char *text, size_t size)
{
    snprintf(
        text, size,
        _("Lengths are geodesic on the ellipsoid of %s; shortest paths by Dijkstra's method; times from the roads' speeds, %.0f %% of the "
          "length with the default speed of its class"),
        eb_crs_datum_word(roads->crs), roads->default_speed_share);
}

static bool add_class(eb_roads *roads, const char *name)
{
    if (!eb_array_reserve(&roads->classes, &roads->class_capacity, roads->class_count + 1, sizeof *roads->classes)) return false;
    roads->classes[roads->class_count] = eb_text_dup(name);
    return roads->classes[roads->class_count] && ++roads->class_count;
}

/* The classes in order: the user's, or all that the tool knows. */
static eb_status take_classes(const eb_args *args, eb_roads *roads, eb_error *err)
{
    size_t given = eb_args_count(args, "class_order"), count = given ? given : eb_road_class_count();
    for (size_t i = 0; i < count; i++) {
        char word[200];
        eb_text_copy(word, sizeof word, given ? eb_args_text_at(args, "class_order", i) : eb_road_class_at(i));
        eb_road_class_trim(word);
        if (!add_class(roads, word)) return eb_error_memory(err);
    }
    roads->known_count = roads->class_count;
    return EB_OK;
}

/* Put an unknown class under its own name behind the others. -1: none, or too many of them. */
static eb_status name_unknown(reading *r, const char *name, int *number, eb_error *err)
{
    eb_roads *roads = r->roads;
    size_t k = roads->class_count - roads->known_count;
    *number = -1;
    if (!*name || k >= UNKNOWN_MOST) return EB_OK;
    if (!eb_array_reserve(&r->unknown, &r->unknown_capacity, k + 1, sizeof *r->unknown) || !add_class(roads, name))
        return eb_error_memory(err);
    r->unknown[k] = (unknown){.fid = EB_NO_FID};
    *number = (int)(roads->class_count - 1);
    return EB_OK;
}

/* Count a road whose class has no rank. */
static void count_class(reading *r, const eb_road *road, bool named, const eb_wkb_part *part)
{
    r->classless += road->rank < 0 && !named;
    r->many_classes += road->rank < 0 && named;
    if (road->rank < (int)r->roads->known_count) return;
    unknown *u = &r->unknown[(size_t)road->rank - r->roads->known_count];
    if (u->count++ > 0) return;
    u->fid = road->fid;
    eb_wkb_xy(part, 0, &u->x, &u->y);
}

static bool add_name(eb_roads *roads, const char *name)
{
    if (!eb_array_reserve(&roads->names, &roads->name_capacity, roads->name_count + 1, sizeof *roads->names)) return false;
    roads->names[roads->name_count] = eb_text_dup(name);
    return roads->names[roads->name_count] && ++roads->name_count;
}

static void note_fate(reading *r, eb_line_fate fate, int64_t fid, const eb_wkb_part *part)
{
    static const char *const reasons[] = {[EB_LINE_POINT] = N_("a line without length"),
                                          [EB_LINE_DUPLICATE] = N_("the same road a second time"),
                                          [EB_LINE_BROKEN] = N_("a coordinate that is no number or not on the globe")};
    if (fate == EB_LINE_TAKEN) return;
    double x = NAN, y = NAN;
    if (part->count) eb_wkb_xy(part, 0, &x, &y);
    eb_diagnosis_add(r->diagnosis, EB_EVENT_REJECTED, r->schema->name, fid, x, y, NAN, NAN, reasons[fate]);
}

/* What one feature comes to. */
typedef struct described {
    eb_road road;
    bool drive; /* false: no road for cars, left out */
    bool default_speed, has_class;
} described;

/* What the attributes say of a road. */
static eb_status describe(reading *r, const eb_batch *batch, size_t i, described *out, eb_error *err)
{
    eb_road_attributes a;
    eb_road_fields_read(&r->fields, batch, i, &a);
    int number = eb_roads_rank(r->roads, a.class_name);
    *out = (described){.drive = !a.not_for_cars || number >= 0, .default_speed = !(a.speed_kmh > 0), .has_class = a.class_name[0] != '\0'};
    eb_status status = out->drive && number < 0 ? name_unknown(r, a.class_name, &number, err) : EB_OK;
    bool ranked = number >= 0 && (size_t)number < r->roads->known_count;
    double usual_kmh = eb_road_class_speed(eb_roads_class(r->roads, number), ranked ? number : -1, r->roads->known_count);
    out->road = (eb_road){.fid = batch->fids[i],
                          .rank = number,
                          .speed_kmh = out->default_speed ? usual_kmh : a.speed_kmh,
                          .oneway = a.oneway,
                          .level = a.level,
                          .structure = a.structure,
                          .tunnel = a.tunnel,
                          .closed = a.closed};
    r->odd_oneways += a.odd_oneway;
    r->odd_levels += a.odd_level;
    r->odd_closed += a.odd_closed;
    return status;
}

static eb_status add_part(reading *r, const eb_batch *batch, size_t i, const described *what, const eb_wkb_part *part, eb_error *err)
{
    eb_line_fate fate;
    char name[200];
    eb_status status = eb_network_add(r->roads->network, part, &what->road, &fate, err);
    if (status != EB_OK) return status;
    note_fate(r, fate, what->road.fid, part);
    if (fate != EB_LINE_TAKEN) return EB_OK;
    eb_road_fields_name(&r->fields, batch, i, name, sizeof name);
    if (!add_name(r->roads, name)) return eb_error_memory(err);
    const eb_crs_info *info = eb_crs_info_get(r->roads->crs);
    double length_m = eb_road_part_length(info->a, info->f, part);
    r->length_m += length_m;
    r->default_m += what->default_speed ? length_m : 0;
    r->default_speeds += what->default_speed;
    count_class(r, &what->road, what->has_class, part);
    r->roads->taken++;
    return EB_OK;
}

static eb_status add_parts(reading *r, const eb_batch *batch, size_t i, const described *what, eb_error *err)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_status status = EB_OK;
    eb_wkb_begin(&walk, eb_batch_shape_at(batch, i));
    while (status == EB_OK && eb_wkb_next(&walk, &part)) status = add_part(r, batch, i, what, &part, err);
    if (status == EB_OK && eb_wkb_bad(&walk))
        eb_diagnosis_add(r->diagnosis, EB_EVENT_REJECTED, r->schema->name, what->road.fid, NAN, NAN, NAN, NAN, _("a broken shape"));
    return status;
}

static eb_status add_feature(reading *r, eb_batch *batch, size_t i, eb_error *err)
{
    eb_wkb shape = eb_batch_shape_at(batch, i);
    int dimension = eb_wkb_dimension(shape);
    if (dimension < 0) {
        eb_diagnosis_add(r->diagnosis, EB_EVENT_NULL, r->schema->name, batch->fids[i], NAN, NAN, NAN, NAN, "no geometry");
        return EB_OK;
    }
    if (dimension != 1) {
        eb_error_set(err, EB_REFUSED, "a network is made of lines, and this is a %s", dimension == 0 ? _("point") : _("polygon"));
        eb_error_hint(err, "give a line layer as the network");
        eb_error_where(err, r->schema->file, r->schema->name, batch->fids[i]);
        return EB_REFUSED;
    }
    described what;
    eb_status status = describe(r, batch, i, &what, err);
    if (status != EB_OK || !what.drive) {
        r->not_roads += status == EB_OK;
        return status;
    }
    size_t size;
    uint8_t *bytes = eb_batch_shape_bytes(batch, i, &size);
    status = r->to_degrees ? eb_transform_wkb(r->to_degrees, bytes, size, err) : EB_OK;
    return status == EB_OK ? add_parts(r, batch, i, &what, err) : status;
}

static eb_status read_all(reading *r, eb_source *source, const eb_env *env, eb_error *err)
{
    eb_batch *batch = eb_batch_new(r->schema);
    if (!batch) return eb_error_memory(err);
    eb_status status = EB_OK;
    double done = 0;
    while (status == EB_OK) {
        status = eb_env_check(env, err);
        if (status == EB_OK) status = eb_source_next(source, batch, err);
        if (status != EB_OK || batch->count == 0) break;
        for (size_t i = 0; i < batch->count && status == EB_OK; i++) status = add_feature(r, batch, i, err);
        eb_diagnosis_count(r->diagnosis, r->schema->name, (int64_t)batch->count, 0);
        done += (double)batch->count;
        eb_env_progress(env, "reading roads", done, r->schema->feature_count > 0 ? (double)r->schema->feature_count : 0);
    }
    eb_batch_free(batch);
    return status;
}

static void note_guesses(reading *r)
{
    const struct {
        size_t count;
        const char *text;
    } notes[] = {
        {r->not_roads, N_("lines that are no roads for cars (paths, footways, no class in an OpenStreetMap file) were left out")},
        {r->default_speeds, N_("roads without a usable speed got the default of their class")},
        {r->odd_oneways, N_("roads with a direction that is not understood count as two-way")},
        {r->odd_levels, N_("roads with a level that is no whole number count as level 0")},
        {r->odd_closed, N_("roads whose closure is told in words that are not understood count as closed")},
        {r->classless, N_("roads without a class never count as good enough, and go at 30 km/h where they have no speed")},
        {r->many_classes, N_("roads are of further unknown classes: is this the field with the classes?")},
    };
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        if (notes[i].count) eb_diagnosis_note(r->diagnosis, r->schema->name, "%zu %s", notes[i].count, eb_translate(notes[i].text));
    }
}

/* The most frequent of the unknown classes that are not told yet; SIZE_MAX where all are. Telling one sets its count to 0. */
static size_t most_frequent(const reading *r)
{
    size_t best = SIZE_MAX;
    for (size_t k = 0; k < r->roads->class_count - r->roads->known_count; k++)
        if (r->unknown[k].count > 0 && (best == SIZE_MAX || r->unknown[k].count > r->unknown[best].count)) best = k;
    return best;
}

/* The classes that no list knows: the most frequent with their first roads, the others in one line. */
static void note_classes(const reading *r)
{
    size_t k;
    for (int told = 0; told < UNKNOWN_TOLD && (k = most_frequent(r)) != SIZE_MAX; told++) {
        unknown *u = &r->unknown[k];
        char text[400];
        snprintf(
            text, sizeof text,
            _("%zu roads of the unknown class \"%.80s\" never count as good enough, and go at 30 km/h where they have no speed; this is "
              "the first"),
            u->count, r->roads->classes[r->roads->known_count + k]);
        eb_diagnosis_add(r->diagnosis, EB_EVENT_NOTE, r->schema->name, u->fid, u->x, u->y, NAN, NAN, text);
        u->count = 0;
    }
    eb_string rest = {0};
    for (; (k = most_frequent(r)) != SIZE_MAX; r->unknown[k].count = 0)
        eb_string_addf(&rest, "%s\"%s\" %zu", rest.size ? ", " : _("and of further unknown classes: "),
                       r->roads->classes[r->roads->known_count + k], r->unknown[k].count);
    if (rest.size) eb_diagnosis_add(r->diagnosis, EB_EVENT_NOTE, r->schema->name, EB_NO_FID, NAN, NAN, NAN, NAN, eb_string_get(&rest));
    eb_string_clear(&rest);
}

/* Prepare for a source: degrees, an empty network on its ellipsoid. */
static eb_status prepare(reading *r, eb_error *err)
{
    eb_status status = eb_crs_geographic(r->schema->crs, &r->roads->crs, err);
    if (status != EB_OK) return status;
    const eb_crs_info *info = eb_crs_info_get(r->roads->crs);
    if (eb_crs_info_get(r->schema->crs)->kind != EB_CRS_GEOGRAPHIC)
        status = eb_transform_new(r->schema->crs, r->roads->crs, NULL, NULL, &r->to_degrees, err);
    if (status == EB_OK) status = eb_network_new(info->a, info->f, &r->roads->network, err);
    return status;
}

static eb_status refuse_empty(const reading *r, eb_error *err)
{
    eb_error_set(err, EB_INPUT, "there is no road in the network layer");
    eb_error_hint(err, "look at it with ecobelt info, and at --network-where if you gave one");
    eb_error_where(err, r->schema->file, r->schema->name, EB_NO_FID);
    return EB_INPUT;
}

eb_status eb_roads_read(const eb_args *args, const eb_workspace *space, const eb_env *env, eb_roads *out, eb_error *err)
{
    *out = (eb_roads){0};
    reading r = {.roads = out, .diagnosis = space->diagnosis};
    eb_source *source = NULL;
    const eb_read_options options = {.where = eb_args_text(args, "network_where")};
    eb_status status = space->open(space->self, eb_args_text(args, "network"), &options, &source, err);
    if (status != EB_OK) return status;
    r.schema = eb_source_schema(source);
    out->schematic = r.schema->schematic;
    status = take_classes(args, out, err);
    if (status == EB_OK) status = eb_road_fields_find(args, r.schema, &r.fields, err);
    if (status == EB_OK) status = prepare(&r, err);
    if (status == EB_OK) status = read_all(&r, source, env, err);
    if (status == EB_OK && out->taken == 0) status = refuse_empty(&r, err);
    if (status == EB_OK) status = eb_network_node(out->network, eb_args_flag(args, "cross"), env, err);
    out->default_speed_share = r.length_m > 0 ? 100 * r.default_m / r.length_m : 0;
    if (status == EB_OK) note_classes(&r);
    if (status == EB_OK) note_guesses(&r);
    free(r.unknown);
    eb_transform_free(r.to_degrees);
    eb_source_free(source);
    if (status != EB_OK) eb_roads_clear(out);
    return status;
}
