#include "analysis/empty.h"
#include "analysis/overlay/overlay.h"
#include "analysis/overlay/overlay_run.h"
#include "analysis/registry.h"
#include "base/text.h"
#include "base/translate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const eb_param params[] = {
    {.key = "first",
     .type = EB_PARAM_LAYER,
     .flags = EB_PARAM_REQUIRED | EB_PARAM_POSITIONAL,
     .metavar = "A",
     .help = "first layer, the larger one: it is streamed; polygons, lines or points"},
    {.key = "second",
     .type = EB_PARAM_LAYER,
     .shapes = EB_TAKES_POLYGONS,
     .flags = EB_PARAM_REQUIRED | EB_PARAM_POSITIONAL,
     .metavar = "B",
     .help = "second layer, held in memory; polygons"},
    {.key = "op",
     .type = EB_PARAM_CHOICE,
     .choices = "intersection|union|identity|difference|symdiff",
     .def = "intersection",
     .metavar = "OP",
     .help = "what to keep"},
    {.key = "min_area_m2",
     .option = "min-area",
     .type = EB_PARAM_AREA,
     .def = "1m2",
     .metavar = "AREA",
     .help = "polygons smaller than this are reported as slivers"},
    {.key = "merge_slivers",
     .type = EB_PARAM_FLAG,
     .help = "join each sliver to the largest piece of the same feature of A that it touches"},
    {.key = "where", .type = EB_PARAM_TEXT, .of = "first", .metavar = "SQL", .help = "attribute filter on A"},
    {.key = "second_where", .type = EB_PARAM_TEXT, .of = "second", .metavar = "SQL", .help = "attribute filter on B"},
};

/* The fields of both; what lies only in the first has nothing of the second. */
static bool layer_has(const eb_args *args, const char *name)
{
    return strcmp(name, "second") != 0 || strcmp(eb_args_text(args, "op"), "difference") != 0;
}

static const eb_yield yields[] = {
    {.role = "", .layer = true, .columns = "area_m2,official_m2", .from = "first,second", .has = layer_has},
    {.role = "rejects", .layer = true, .shapes = EB_TAKES_POINTS, .columns = "layer,source_fid,reason", .word = N_("not used")},
    {.role = "overlay", .layer = false, .columns = "part,count,area_m2,length_m,official_m2", .texts = "part"},
};

static bool name_taken(const eb_schema *schema, const char *name)
{
    for (size_t i = 0; i < schema->field_count; i++)
        if (eb_text_same(schema->fields[i].name, name)) return true;
    return false;
}

/* A field like @p from; a name that is there already gets _2, _3 … */
static bool add_field(eb_schema *schema, const eb_field *from)
{
    char name[512];
    snprintf(name, sizeof name, "%s", from->name);
    for (int n = 2; name_taken(schema, name); n++) snprintf(name, sizeof name, "%s_%d", from->name, n);
    int at = eb_schema_add_field(schema, name, from->type);
    if (at < 0) return false;
    schema->fields[at].width = from->width;
    schema->fields[at].precision = from->precision;
    schema->fields[at].alias = eb_text_dup(from->alias);
    return !from->alias || schema->fields[at].alias;
}

static eb_status result_schema(eb_overlay_run *r, const eb_schema *first, const eb_schema *second, eb_error *err)
{
    static const eb_shape_kind kinds[] = {EB_SHAPE_MULTIPOINT, EB_SHAPE_MULTILINE, EB_SHAPE_MULTIPOLYGON};
    static char area[] = "area_m2", official[] = "official_m2";
    static const eb_field sizes[] = {{.name = area, .type = EB_FIELD_REAL}, {.name = official, .type = EB_FIELD_REAL}};
    r->schema = eb_schema_new("overlay", kinds[r->wish.dimension], first->crs);
    bool ok = r->schema != NULL;
    for (size_t i = 0; ok && i < first->field_count; i++) ok = add_field(r->schema, &first->fields[i]);
    r->first_fields = first->field_count;
    for (size_t i = 0; ok && r->with_second && i < second->field_count; i++) ok = add_field(r->schema, &second->fields[i]);
    r->second_fields_end = ok ? r->schema->field_count : 0;
    for (size_t i = 0; ok && r->wish.dimension == 2 && i < (r->has_official ? 2u : 1u); i++) ok = add_field(r->schema, &sizes[i]);
    return ok ? EB_OK : eb_error_memory(err);
}

/*
 * The plane lies over the second layer: both meet there, and its extent is cheaper to find than that of a long first one. Where the
 * coordinate systems differ it must lie over the first, whose projector makes it.
 */
static eb_status make_plane(eb_overlay_run *r, eb_source *second, eb_error *err)
{
    const eb_schema *schema = eb_source_schema(r->source);
    double box[4];
    bool any = false;
    eb_status status = EB_OK;
    if (eb_crs_same(schema->crs, eb_source_schema(second)->crs)) status = eb_source_extent_across(second, box, &any, err);
    if (status == EB_OK && !any) status = eb_source_extent_across(r->source, box, &any, err);
    return status == EB_OK ? eb_projector_new(schema->crs, any ? box : NULL, &r->projector, err) : status;
}

/* Official areas where `area` would give them by itself: CGCS2000, Xi'an 80, WGS84 in China. The pieces lie where the second layer is. */
static eb_status choose_official(eb_overlay_run *r, eb_source *second, eb_error *err)
{
    double box[4], degrees[4];
    if (r->wish.dimension == 0) return EB_OK;
    eb_status status = eb_measure_new(eb_source_schema(r->source)->crs, 0, &r->measure, err);
    if (status != EB_OK || r->wish.dimension == 1) return status;
    bool any = false;
    eb_source *there = second;
    status = eb_source_extent_any(there, box, &any, err);
    if (status == EB_OK && !any) status = eb_source_extent_any(there = r->source, box, &any, err);
    if (status != EB_OK) return status;
    const bool known = any && eb_crs_box_degrees(eb_source_schema(there)->crs, box, degrees, NULL) == EB_OK;
    r->has_official = eb_measure_resolve(r->measure, EB_AREA_AUTO, known ? degrees : NULL) == EB_AREA_OFFICIAL;
    return EB_OK;
}

static void read_wish(const eb_args *args, eb_overlay_run *r)
{
    const char *op = eb_args_text(args, "op");
    bool both = strcmp(op, "union") == 0 || strcmp(op, "symdiff") == 0;
    r->wish.shared = strcmp(op, "difference") != 0 && strcmp(op, "symdiff") != 0;
    r->wish.rest = strcmp(op, "intersection") != 0;
    r->wish.claims = both;
    r->with_second = strcmp(op, "difference") != 0;
    r->min_area_m2 = eb_args_real(args, "min_area_m2");
    r->wish.merge_below_m2 = eb_args_flag(args, "merge_slivers") ? r->min_area_m2 : 0;
}

/* What the kinds of the layers leave undone; 0: not known. */
static eb_status check_shapes(const eb_args *args, unsigned first, unsigned second, const char *second_name, const char **key,
                              eb_error *err)
{
    const char *op = eb_args_text(args, "op");
    if (second && second != EB_TAKES_POLYGONS) {
        *key = "second";
        eb_error_set(err, EB_USAGE, "layer %s holds no polygons; the second layer of an overlay must", second_name);
        eb_error_hint(err, "give the lines or points first");
        return EB_USAGE;
    }
    if (!first || first == EB_TAKES_POLYGONS || (strcmp(op, "union") != 0 && strcmp(op, "symdiff") != 0)) return EB_OK;
    *key = "op";
    return eb_error_set(err, EB_USAGE,
                        "%s is for two layers of polygons; for lines and points there are intersection, identity, difference", op);
}

static eb_status check_layers(const eb_args *args, const eb_outlook *look, const char **key, eb_error *err)
{
    const char *second = eb_args_text(args, "second");
    return check_shapes(args, look->shapes(look->self, eb_args_text(args, "first")), look->shapes(look->self, second), second, key, err);
}

static eb_status open_layers(const eb_args *args, const eb_workspace *space, eb_overlay_run *r, eb_source **second, eb_error *err)
{
    const eb_read_options first_options = {.where = eb_args_has(args, "where") ? eb_args_text(args, "where") : NULL, .sift = true};
    const eb_read_options second_options = {.where = eb_args_has(args, "second_where") ? eb_args_text(args, "second_where") : NULL,
                                            .sift = true};
    int dimension = 2;
    eb_status status = space->open(space->self, eb_args_text(args, "first"), &first_options, &r->source, err);
    if (status == EB_OK) status = eb_share_dimension(r->source, &r->wish.dimension, err);
    if (status == EB_OK) status = space->open(space->self, eb_args_text(args, "second"), &second_options, second, err);
    if (status == EB_OK) status = eb_share_dimension(*second, &dimension, err);
    if (status != EB_OK) return status;
    static const unsigned held[] = {EB_TAKES_POINTS, EB_TAKES_LINES, EB_TAKES_POLYGONS};
    const char *key;
    return check_shapes(args, held[r->wish.dimension], held[dimension], eb_source_schema(*second)->name, &key, err);
}

static eb_status run(const eb_args *args, const eb_workspace *space, const eb_env *env, eb_error *err)
{
    eb_overlay_run r = {.space = space, .env = env, .where = eb_args_text(args, "where")};
    eb_source *second = NULL;
    read_wish(args, &r);
    eb_status status = open_layers(args, space, &r, &second, err);
    if (status == EB_OK) status = choose_official(&r, second, err);
    if (status == EB_OK) status = result_schema(&r, eb_source_schema(r.source), eb_source_schema(second), err);
    if (status == EB_OK) status = make_plane(&r, second, err);
    if (status == EB_OK) {
        status = eb_held_read(space, second, r.projector, r.schema, &r.rejects, env, &r.held, err);
        second = NULL;
    }
    r.wish.held = r.held;
    if (status == EB_OK) status = eb_rejects_transform(&r.rejects, 0, eb_source_schema(r.held->source)->crs, r.schema->crs, err);
    if (status == EB_OK) eb_empty_record(space->diagnosis, eb_source_schema(r.held->source), eb_args_text(args, "second_where"), 0);
    if (status == EB_OK) status = eb_overlay_stream(&r, err);
    eb_source_free(second);
    eb_overlay_run_clear(&r);
    return status;
}

const eb_analysis eb_analysis_overlay = {
    .name = "overlay",
    .summary = "two layers over one another, with the attributes of both",
    .detail = "Keeps what lies in both layers (intersection), in the first with what lies in both cut out along the second (identity), in\n"
              "either (union), only in the first (difference), or in one of the two only (symdiff). Every result has the attributes of A,\n"
              "then those of B; a name that is there already gets _2. Attributes of a layer that has no part in a piece are null.\n"
              "Pieces have their area_m2, and official_m2 where `area` gives it: the feature of A's, shared out so that its pieces add up\n"
              "(where features of B overlap they cannot: each piece then has its own, and a note says by how much they count land again).\n"
              "Lines and points: what lies within 1 mm of a border lies on it and belongs to the polygon, and to the first one in B where\n"
              "several have that border; so intersection and difference make up each line, and a line is there twice only where polygons\n"
              "lie over one another. (tabulate, which makes no pieces, gives either side of a border half the length.)\n"
              "Edges are straight in a plane laid over B (over A where the two have different coordinate systems), so A over B and B\n"
              "over A may differ by some 1e-8 of an area. An edge of a line that is so long that its geodesic is another one (by 2e-5 of\n"
              "its length) is bent along the geodesic, unless it runs along a border.\n"
              "The first layer is streamed, so it may be of any size. Features no border runs through keep their coordinates to the\n"
              "last digit, and so do the vertices of the others. Invalid shapes are repaired, what cannot be goes to the layer rejects.",
    .example = "ecobelt overlay layers/counties.geojson layers/park.geojson --op identity -o county_parks.gpkg",
    .params = params,
    .param_count = sizeof params / sizeof params[0],
    .yields = yields,
    .yield_count = sizeof yields / sizeof yields[0],
    .check_layers = check_layers,
    .run = run,
};
