#include "analysis/overlay/designations.h"
#include "analysis/key_column.h"
#include "analysis/outlook.h"
#include "analysis/overlay/plane_sink.h"
#include "analysis/registry.h"
#include "base/text.h"
#include "base/translate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const eb_param params[] = {
    {.key = "layers",
     .type = EB_PARAM_LAYER,
     .shapes = EB_TAKES_POLYGONS,
     .flags = EB_PARAM_REQUIRED | EB_PARAM_POSITIONAL | EB_PARAM_LIST,
     .metavar = "[NAME=]LAYER",
     .help = "a designation each; without NAME it is named like its layer"},
    {.key = "by",
     .type = EB_PARAM_FIELD,
     .metavar = "FIELD",
     .of = "layers",
     .help = "field that names the designations in layers without NAME="},
    {.key = "priority",
     .type = EB_PARAM_TEXT,
     .flags = EB_PARAM_LIST,
     .metavar = "NAME",
     .help = "designations from the strictest on; the others follow in their order"},
    {.key = "priority_field",
     .type = EB_PARAM_FIELD,
     .metavar = "FIELD",
     .of = "layers",
     .help = "field that says how strict a designation is; numbers: the lowest is the strictest; those of --priority go before"},
    {.key = "priority_order",
     .type = EB_PARAM_TEXT,
     .flags = EB_PARAM_LIST,
     .metavar = "VALUE",
     .help = "values of --priority-field from the strictest on"},
};

static const eb_yield yields[] = {
    {.role = "",
     .layer = true,
     .shapes = EB_TAKES_POLYGONS,
     .columns = "designations,multiplicity,effective,area_m2,official_m2",
     .styles = {"overlaps"}},
    {.role = "rejects", .layer = true, .shapes = EB_TAKES_POINTS, .columns = "layer,source_fid,reason", .word = N_("not used")},
    {.role = "by_designation",
     .layer = false,
     .columns = "designation,gross_m2,exclusive_m2,effective_m2,official_m2,share_of_union_pct",
     .texts = "designation"},
    {.role = "matrix",
     .layer = false,
     .columns = "designation,other,area_m2,official_m2,share_of_designation_pct",
     .texts = "designation,other"},
    {.role = "by_multiplicity", .layer = false, .columns = "multiplicity,area_m2,official_m2,share_pct"},
    {.role = "union", .layer = false, .columns = "union_m2,gross_m2,counted_again_m2,official_m2"},
};

/* "NAME=LAYER" in two; a '=' after a '/' or '|' belongs to the layer's own name. *name is NULL where there is none. */
static eb_status split_name(const char *text, char **name, const char **layer, eb_error *err)
{
    size_t length = strcspn(text, "=/\\|:");
    *name = NULL;
    *layer = text;
    if (text[length] != '=') return EB_OK;
    if (length == 0 || text[length + 1] == '\0') return eb_error_set(err, EB_USAGE, "%s: a designation is given as NAME=LAYER", text);
    *name = eb_text_dup(text);
    if (!*name) return eb_error_memory(err);
    (*name)[length] = '\0';
    *layer = text + length + 1;
    return EB_OK;
}

/* The layers to read, and the names they were given (to be freed). */
static eb_status collect_layers(const eb_args *args, eb_zone_layer *layers, char **names, size_t count, eb_error *err)
{
    const char *by = eb_args_has(args, "by") ? eb_args_text(args, "by") : NULL;
    eb_status status = EB_OK;
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        status = split_name(eb_args_text_at(args, "layers", i), &names[i], &layers[i].layer, err);
        layers[i].name = names[i];
        layers[i].field = names[i] ? NULL : by;
    }
    return status;
}

static bool is_given(char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0) return true;
    return false;
}

/* Priorities name each designation once; which there are is known where every layer was given a name. */
static eb_status check_priority(const eb_args *args, char *const *names, size_t count, eb_error *err)
{
    bool all_named = true;
    for (size_t i = 0; i < count; i++) all_named = all_named && names[i];
    for (size_t p = 0; p < eb_args_count(args, "priority"); p++) {
        const char *name = eb_args_text_at(args, "priority", p);
        for (size_t q = 0; q < p; q++)
            if (strcmp(eb_args_text_at(args, "priority", q), name) == 0)
                return eb_error_set(err, EB_USAGE, "priority: \"%s\" is named twice", name);
        if (!all_named || is_given(names, count, name)) continue;
        eb_error_set(err, EB_USAGE, "priority: there is no designation called \"%s\"", name);
        eb_error_hint(err, "the first of %zu is called \"%s\"", count, names[0]);
        return EB_USAGE;
    }
    if (eb_args_count(args, "priority_order") == 0 || eb_args_has(args, "priority_field")) return EB_OK;
    return eb_error_set(err, EB_USAGE, "--priority-order says how strict the values of --priority-field are");
}

static void names_free(char **names, size_t count)
{
    for (size_t i = 0; names && i < count; i++) free(names[i]);
    free(names);
}

static eb_status check_designations(const eb_args *args, eb_error *err)
{
    const size_t count = eb_args_count(args, "layers");
    eb_zone_layer *layers = calloc(count + 1, sizeof *layers);
    char **names = calloc(count + 1, sizeof *names);
    eb_status status = layers && names ? collect_layers(args, layers, names, count, err) : eb_error_memory(err);
    if (status == EB_OK) status = check_priority(args, names, count, err);
    names_free(names, count);
    free(layers);
    return status;
}

/* Does a feature name its designation so? Without a field its layer does. */
static bool is_called(const void *self, const eb_batch *batch, size_t i, const char *name)
{
    const eb_zone_layer *layer = self;
    eb_string scratch = {0};
    const int field = layer->field ? eb_schema_find(batch->schema, layer->field) : -1;
    if (layer->name) return strcmp(layer->name, name) == 0;
    if (!layer->field) return !batch->schema->name || strcmp(batch->schema->name, name) == 0;
    const char *own = field < 0 ? NULL : eb_key_name(batch, i, (size_t)field, &scratch);
    const bool called = !own || strcmp(own, name) == 0;
    eb_string_clear(&scratch);
    return called;
}

/* Priorities that neither a NAME= nor, as far as they can be read, a feature of the layers has. */
static eb_status look_for_priority(const eb_args *args, const eb_outlook *look, eb_zone_layer *layers, size_t count, eb_error *err)
{
    for (size_t p = 0; p < eb_args_count(args, "priority"); p++) {
        const char *name = eb_args_text_at(args, "priority", p);
        bool found = false;
        for (size_t i = 0; i < count && !found; i++) {
            const eb_outlook_names names = {.layer = layers[i].layer, .called = is_called, .self = &layers[i]};
            found = layers[i].name ? strcmp(layers[i].name, name) == 0 : eb_outlook_has(look, &names, name);
        }
        if (found) continue;
        eb_error_set(err, EB_USAGE, "priority: there is no designation called \"%s\"", name);
        if (eb_args_has(args, "by"))
            eb_error_hint(err, "designations are called as the field %s says", eb_args_text(args, "by"));
        else
            eb_error_hint(err, "a designation is called like its layer, or as NAME=LAYER says");
        return EB_USAGE;
    }
    return EB_OK;
}

static eb_status check_layers(const eb_args *args, const eb_outlook *look, const char **key, eb_error *err)
{
    const size_t count = eb_args_count(args, "layers");
    eb_zone_layer *layers = calloc(count + 1, sizeof *layers);
    char **names = calloc(count + 1, sizeof *names);
    eb_status status = layers && names ? collect_layers(args, layers, names, count, err) : eb_error_memory(err);
    *key = "priority";
    if (status == EB_OK) status = look_for_priority(args, look, layers, count, err);
    names_free(names, count);
    free(layers);
    return status;
}

static eb_status refuse_twins(const eb_zones *z, eb_error *err)
{
    for (size_t i = 0; i < z->shape_count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(z->shapes[i].name, z->shapes[j].name) == 0) {
                eb_error_set(err, EB_USAGE, "two layers hold a designation called \"%s\"", z->shapes[i].name);
                eb_error_hint(err, "tell them apart with NAME=LAYER");
                return EB_USAGE;
            }
    return EB_OK;
}

static void find_effective(eb_designations *d)
{
    for (size_t c = 0; c < d->zones->partition->count; c++) {
        const eb_cell *cell = &d->zones->partition->cells[c];
        size_t best = cell->members[0];
        for (size_t m = 1; m < cell->member_count; m++)
            if (d->rank[cell->members[m]] < d->rank[best]) best = cell->members[m];
        d->effective[c] = best;
    }
}

/* The cells held against the union of all shapes. */
typedef struct union_proof {
    eb_designations *d;
    eb_shape **shapes; /* lent by the zones */
    double pieces_m2;
} union_proof;

static eb_status hold_against_union(void *self, double grid_m, eb_error *err)
{
    const union_proof *p = self;
    eb_designations *d = p->d;
    eb_shape *all = NULL;
    eb_status status = eb_shape_union_on_grid(d->zones->geos, p->shapes, d->zones->shape_count, grid_m, &all, err);
    if (status != EB_OK) return status;
    d->union_m2 = eb_shape_area(d->zones->geos, all);
    eb_shape_free(d->zones->geos, all);
    d->residual_m2 = fabs(p->pieces_m2 - d->union_m2);
    if (d->residual_m2 <= 1e-9 * d->union_m2) return EB_OK;
    return eb_error_set(err, EB_INTERNAL, "the pieces hold %.17g m2, the union of the designations %.17g", p->pieces_m2, d->union_m2);
}

/*
 * The union by another way than the cells. What is reported must add up to it. Where edges lie a hair apart the union in floating
 * precision may lose some of it, so it is made again on grids; pieces that are wrong agree with none of them.
 */
static eb_status prove(eb_designations *d, eb_error *err)
{
    const eb_zones *z = d->zones;
    union_proof p = {.d = d, .shapes = malloc((z->shape_count + 1) * sizeof *p.shapes)};
    if (!p.shapes) return eb_error_memory(err);
    eb_sum pieces = {0};
    for (size_t i = 0; i < z->shape_count; i++) p.shapes[i] = z->shapes[i].shape;
    for (size_t c = 0; c < z->partition->count; c++) eb_sum_add(&pieces, z->partition->cells[c].area_m2);
    p.pieces_m2 = eb_sum_get(&pieces);
    eb_status status = eb_try_on_grids(hold_against_union, &p, err);
    free(p.shapes);
    return status;
}

/* Names of a cell's designations, strictest first. Returns NULL out of memory. */
static char *list_names(const eb_designations *d, const eb_cell *cell)
{
    eb_string text = {0};
    size_t last = 0;
    for (size_t n = 0; n < cell->member_count; n++) {
        size_t next = SIZE_MAX;
        for (size_t m = 0; m < cell->member_count; m++) {
            size_t i = cell->members[m];
            if ((n == 0 || d->rank[i] > last) && (next == SIZE_MAX || d->rank[i] < d->rank[next])) next = i;
        }
        last = d->rank[next];
        if (n > 0) eb_string_add(&text, "; ");
        eb_string_add(&text, d->zones->shapes[next].name);
    }
    return eb_string_take(&text);
}

static eb_status add_piece(const eb_designations *d, eb_batch *batch, size_t c, const eb_shape *shape, eb_diagnosis *diagnosis,
                           eb_error *err)
{
    const eb_cell *cell = &d->zones->partition->cells[c];
    const double official_m2 = d->official_m2 ? d->official_m2[c] : NAN;
    char *names = list_names(d, cell);
    bool there = false;
    eb_status status = names ? EB_OK : eb_error_memory(err);
    if (status == EB_OK) status = eb_plane_add(d->zones->geos, d->zones->projector, batch, (int64_t)c + 1, shape, diagnosis, &there, err);
    if (status == EB_OK && there &&
        !(eb_batch_set_text(batch, 0, names) && eb_batch_set_integer(batch, 1, (int64_t)cell->member_count) &&
          eb_batch_set_text(batch, 2, d->zones->shapes[d->effective[c]].name) && eb_batch_set_real(batch, 3, cell->area_m2) &&
          (isnan(official_m2) || eb_batch_set_real(batch, 4, official_m2))))
        status = eb_error_memory(err);
    free(names);
    return status;
}

/* Copies of the cells knitted together, so that what borders on one another in the plane does so in the layer. */
static eb_status knit_cells(const eb_designations *d, eb_shape **shapes, eb_error *err)
{
    const eb_zones *z = d->zones;
    eb_status status = EB_OK;
    for (size_t c = 0; c < z->partition->count && status == EB_OK; c++)
        status = eb_shape_copy(z->geos, z->partition->cells[c].shape, &shapes[c], err);
    return status == EB_OK ? eb_plane_knit(z->geos, z->projector, true, shapes, z->partition->count, err) : status;
}

static eb_status write_pieces(const eb_designations *d, eb_sink *sink, const eb_schema *schema, eb_diagnosis *diagnosis, eb_error *err)
{
    const size_t count = d->zones->partition->count;
    eb_batch *batch = eb_batch_new(schema);
    eb_shape **shapes = calloc(count + 1, sizeof *shapes);
    eb_status status = batch && shapes ? knit_cells(d, shapes, err) : eb_error_memory(err);
    for (size_t c = 0; c < count && status == EB_OK; c++) {
        status = add_piece(d, batch, c, shapes[c], diagnosis, err);
        if (status == EB_OK && (batch->count == 1000 || c + 1 == count)) {
            status = eb_sink_write(sink, batch, err);
            eb_batch_clear(batch);
        }
    }
    for (size_t c = 0; shapes && c < count; c++) eb_shape_free(d->zones->geos, shapes[c]);
    free(shapes);
    eb_batch_free(batch);
    return status;
}

static eb_status write_layer(const eb_designations *d, const eb_workspace *space, eb_error *err)
{
    eb_sink *sink = NULL;
    eb_schema *schema = eb_schema_new("designations", EB_SHAPE_MULTIPOLYGON, d->zones->crs);
    bool ok = schema && eb_schema_add_field(schema, "designations", EB_FIELD_TEXT) == 0 &&
              eb_schema_add_field(schema, "multiplicity", EB_FIELD_INTEGER) == 1 &&
              eb_schema_add_field(schema, "effective", EB_FIELD_TEXT) == 2 && eb_schema_add_field(schema, "area_m2", EB_FIELD_REAL) == 3 &&
              (!d->official_m2 || eb_schema_add_field(schema, "official_m2", EB_FIELD_REAL) == 4);
    eb_status status = ok ? space->create(space->self, "", schema, &sink, err) : eb_error_memory(err);
    if (status == EB_OK && sink) {
        status = write_pieces(d, sink, schema, space->diagnosis, err);
        if (status == EB_OK)
            status = eb_sink_commit(sink, err);
        else
            eb_sink_abort(sink);
    }
    eb_schema_free(schema);
    return status;
}

static eb_status work(const eb_args *args, const eb_workspace *space, const eb_zone_layer *layers, const eb_zones *zones, eb_error *err)
{
    eb_designations d = {.zones = zones};
    d.rank = calloc(zones->shape_count + 1, sizeof *d.rank);
    d.effective = calloc(zones->partition->count + 1, sizeof *d.effective);
    eb_status status = d.rank && d.effective ? refuse_twins(zones, err) : eb_error_memory(err);
    if (status == EB_OK) status = eb_designations_rank(args, space, layers, &d, err);
    if (status == EB_OK) {
        find_effective(&d);
        status = prove(&d, err);
    }
    if (status == EB_OK) status = eb_designations_official(&d, err);
    if (status == EB_OK) status = eb_designations_tables(&d, space, err);
    if (status == EB_OK) status = write_layer(&d, space, err);
    free(d.rank);
    free(d.effective);
    free(d.official_m2);
    return status;
}

static eb_status run(const eb_args *args, const eb_workspace *space, const eb_env *env, eb_error *err)
{
    size_t count = eb_args_count(args, "layers");
    eb_zone_layer *layers = calloc(count + 1, sizeof *layers);
    char **names = calloc(count + 1, sizeof *names);
    eb_zones *zones = NULL;
    eb_status status = layers && names ? collect_layers(args, layers, names, count, err) : eb_error_memory(err);
    if (status == EB_OK) status = check_priority(args, names, count, err);
    for (size_t i = 0; i < count; i++) layers[i].to_layer = true;
    if (status == EB_OK) status = eb_zones_read(space, layers, count, env, &zones, err);
    if (status == EB_OK) status = work(args, space, layers, zones, err);
    if (status == EB_OK) status = eb_rejects_write(&zones->rejects, space, zones->crs, err);
    eb_zones_free(zones);
    names_free(names, count);
    free(layers);
    return status;
}

const eb_analysis eb_analysis_designations = {
    .name = "designations",
    .summary = "protected areas that overlap, each place counted once",
    .detail =
        "Cuts any number of designations into pieces that do not overlap. Each piece knows its designations, how many they are\n"
        "(multiplicity) and which one is in force (effective: the first by --priority or --priority-field, else as given). Tables: gross,\n"
        "exclusive and effective area of each designation, what each shares with each other, area by multiplicity, the union.\n"
        "What has no value in the field of --by is the designation (null); one that is called (null) stands in quotation marks: "
        "\"(null)\".\n"
        "Areas are those of the data's ellipsoid; official_m2 adds up the official areas of the pieces, where there are such areas. The\n"
        "run fails if pieces and union differ by 1e-9.",
    .example = "ecobelt designations reserve=layers/designations.geojson park=layers/park.geojson",
    .params = params,
    .param_count = sizeof params / sizeof params[0],
    .yields = yields,
    .yield_count = sizeof yields / sizeof yields[0],
    .check = check_designations,
    .check_layers = check_layers,
    .run = run,
};
