#include "analysis/registry.h"
#include "analysis/empty.h"
#include "analysis/key_column.h"
#include "analysis/overlay/tabulate.h"
#include "base/text.h"
#include "base/translate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const eb_param params[] = {
    {.key = "zones",
     .type = EB_PARAM_LAYER,
     .shapes = EB_TAKES_POLYGONS,
     .flags = EB_PARAM_REQUIRED | EB_PARAM_POSITIONAL,
     .metavar = "ZONES",
     .help = "polygons to sum by: counties, park zones"},
    {.key = "features",
     .type = EB_PARAM_LAYER,
     .flags = EB_PARAM_REQUIRED | EB_PARAM_POSITIONAL,
     .metavar = "FEATURES",
     .help = "polygons, lines or points to sum up"},
    {.key = "zone",
     .type = EB_PARAM_FIELD,
     .flags = EB_PARAM_REQUIRED,
     .metavar = "FIELD",
     .of = "zones",
     .help = "field that names the zones"},
    {.key = "class",
     .type = EB_PARAM_FIELD,
     .metavar = "FIELD",
     .of = "features",
     .help = "field of the features to sum by; without it they are one class, named like their layer"},
    {.key = "cross",
     .type = EB_PARAM_LAYER,
     .shapes = EB_TAKES_POLYGONS,
     .flags = EB_PARAM_LIST,
     .metavar = "LAYER",
     .help = "further zone layers to cross the zones with, each by an option of its own; their columns are zone_2, zone_3"},
    {.key = "cross_zone",
     .type = EB_PARAM_FIELD,
     .flags = EB_PARAM_LIST,
     .metavar = "FIELD",
     .of = "cross",
     .help = "the naming field of each further zone layer, in their order"},
    {.key = "zones_where", .type = EB_PARAM_TEXT, .of = "zones", .metavar = "SQL", .help = "attribute filter on the zones"},
    {.key = "where", .type = EB_PARAM_TEXT, .of = "features", .metavar = "SQL", .help = "attribute filter on the features"},
};

#define FURTHER_ZONES "zone_2,zone_3,zone_4,zone_5,zone_6,zone_7,zone_8,zone_9"

/* zone_2 is the first further layer's. */
static bool has(const eb_args *args, const char *name)
{
    static const char stem[] = "zone_";
    return strncmp(name, stem, sizeof stem - 1) != 0 || (size_t)(name[sizeof stem - 1] - '1') <= eb_args_count(args, "cross");
}

static const eb_yield yields[] = {
    {.role = "",
     .layer = false,
     .columns = "zone," FURTHER_ZONES ",class,count,area_m2,length_m,official_m2,share_of_zone_pct,share_of_class_pct",
     .texts = "zone," FURTHER_ZONES ",class",
     .has = has},
    {.role = "rejects", .layer = true, .shapes = EB_TAKES_POINTS, .columns = "layer,source_fid,reason", .word = N_("not used")},
};

static eb_status add_edges(eb_edge_net *net, const eb_feature_shares *feature, eb_error *err)
{
    const double *xy = feature->xy;
    eb_status status = EB_OK;
    for (size_t r = 0; r < feature->ring_count && status == EB_OK; xy += 2 * feature->rings[r++])
        status = eb_edge_net_add(net, xy, feature->rings[r], err);
    return status;
}

/* The cells a feature lies in, as zones: each zone gets the share of each of its cells. */
static eb_status use_feature(void *user, const eb_feature_shares *feature, eb_error *err)
{
    eb_tabulation *t = user;
    const eb_zones *z = t->zones;
    const char *name = t->features_name;
    bool touched = false;
    double least = t->dimension == 2 ? EB_TABULATE_LEAST_M2 : t->dimension == 1 ? EB_TABULATE_LEAST_M : 0;
    if (t->class_field >= 0) name = eb_key_name(feature->batch, feature->row, (size_t)t->class_field, &t->scratch);
    size_t class_id = name ? eb_intern_number(&t->classes, name) : SIZE_MAX;
    if (class_id == SIZE_MAX) return eb_error_memory(err);
    eb_sum_add(&t->whole, feature->whole);
    eb_sum_add(&t->residual, feature->residual);
    t->used++;
    for (size_t i = 0; i < feature->share_count; i++) {
        size_t cell = feature->shares[i].cell;
        double size = feature->shares[i].size;
        bool inside = cell < z->partition->count && z->cell_start[cell] < z->cell_start[cell + 1];
        if (!inside) eb_sum_add(&t->outside, size);
        touched = touched || (inside && size > least);
        for (size_t k = inside ? z->cell_start[cell] : 0; inside && k < z->cell_start[cell + 1]; k++)
            if (!eb_tally_add(&t->tally, z->cell_keys[k], class_id, feature->position, size, size > least)) return eb_error_memory(err);
    }
    t->outside_count += !touched;
    return t->net ? add_edges(t->net, feature, err) : EB_OK;
}

/*
 * The faces that the edges enclose, each as often as it is covered, must be what the pieces of the features add up to, and each once no
 * more than the zone.
 */
static eb_status check_faces(const eb_tabulation *t, eb_error *err)
{
    eb_sum *pieces = calloc(t->zones->key_count + 1, sizeof *pieces);
    eb_status status = pieces ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; i < t->tally.count && status == EB_OK; i++)
        eb_sum_add(&pieces[t->tally.rows[i].zone], eb_sum_get(&t->tally.rows[i].size));
    for (size_t zone = 0; zone < t->zones->key_count && status == EB_OK; zone++) {
        const double sum = eb_sum_get(&pieces[zone]), faces = eb_sum_get(&t->overlap.pieces[zone]), area = t->zones->key_area_m2[zone];
        const double once = faces - eb_sum_get(&t->overlap.again[zone]), least = EB_TABULATE_LEAST_M2;
        if (!(fabs(sum - faces) <= 1e-9 * fmax(sum, area) + least) || !(once <= area * (1 + 1e-9) + least))
            status =
                eb_error_set(err, EB_INTERNAL, "zone %s, %.17g m2: the pieces hold %.17g m2, the faces they make %.17g, each once %.17g",
                             t->zones->shapes[t->zones->keys[zone * t->zones->layer_count]].name, area, sum, faces, once);
    }
    free(pieces);
    return status;
}

/* What features cover several times, which their pieces alone do not tell. */
static eb_status measure_overlap(eb_tabulation *t, const eb_env *env, eb_error *err)
{
    if (!t->net) return EB_OK;
    eb_status status = eb_overlap_begin(&t->overlap, t->zones, err);
    for (eb_net_strip strip = {0}; status == EB_OK && strip.high < INFINITY;) {
        status = eb_edge_net_next(t->net, &strip, env, err);
        if (status == EB_OK) status = eb_overlap_add(&t->overlap, t->zones, &strip, env, err);
    }
    if (status == EB_OK) eb_env_progress(env, "measure overlaps", 1, 1);
    return status == EB_OK ? check_faces(t, err) : status;
}

/*
 * The promise every run keeps: what was shared out adds up to what came in. The table's notes say by how much. Some nanometres a feature
 * are what its places are rounded to far from the middle of the plane, and more than 1e-9 of one of a few millimetres.
 */
static eb_status check_conservation(const eb_tabulation *t, eb_error *err)
{
    double whole = eb_sum_get(&t->whole), residual = eb_sum_get(&t->residual);
    if (residual <= 1e-9 * whole + 1e-8 * (double)t->used) return EB_OK;
    return eb_error_set(err, EB_INTERNAL, "the pieces of the features miss their whole by %.3g of %.17g", residual, whole);
}

/* What to type: each layer by itself with its field. Names that were joined by commas are taken apart, for layers never are. */
static void hint_further(const eb_args *args, eb_error *err)
{
    eb_string line = {0};
    size_t number = 0;
    for (size_t i = 0; i < eb_args_count(args, "cross"); i++) {
        for (const char *at = eb_args_text_at(args, "cross", i); at; number++) {
            const size_t length = strcspn(at, ",");
            const char *field = eb_args_text_at(args, "cross_zone", number);
            eb_string_addf(&line, " --cross %.*s --cross-zone %s", (int)length, at, field ? field : "FIELD");
            at = at[length] ? at + length + 1 : NULL;
        }
    }
    if (number == 0)
        eb_error_hint(err, "name the layers: --cross LAYER for each --cross-zone FIELD");
    else
        eb_error_hint(err, "give each layer by itself, with the field that names its zones:%s", eb_string_get(&line));
    eb_string_clear(&line);
}

static eb_status check_further(const eb_args *args, eb_error *err)
{
    const size_t further = eb_args_count(args, "cross"), fields = eb_args_count(args, "cross_zone");
    if (further == fields) return EB_OK;
    eb_error_set(err, EB_USAGE, "there are %zu layers in --cross and %zu fields in --cross-zone: each layer wants its own", further,
                 fields);
    hint_further(args, err);
    return EB_USAGE;
}

static eb_status collect_layers(const eb_args *args, eb_zone_layer **out, size_t *count, eb_error *err)
{
    const size_t further = eb_args_count(args, "cross");
    eb_status status = check_further(args, err);
    if (status != EB_OK) return status;
    eb_zone_layer *layers = calloc(further + 1, sizeof *layers);
    if (!layers) return eb_error_memory(err);
    layers[0] = (eb_zone_layer){.layer = eb_args_text(args, "zones"),
                                .field = eb_args_text(args, "zone"),
                                .where = eb_args_has(args, "zones_where") ? eb_args_text(args, "zones_where") : NULL};
    for (size_t i = 0; i < further; i++)
        layers[i + 1] = (eb_zone_layer){.layer = eb_args_text_at(args, "cross", i), .field = eb_args_text_at(args, "cross_zone", i)};
    *out = layers;
    *count = further + 1;
    return EB_OK;
}

static eb_status open_features(const eb_args *args, const eb_workspace *space, eb_source **source, eb_error *err)
{
    const char *class_name = eb_args_has(args, "class") ? eb_args_text(args, "class") : NULL;
    const char *const fields[] = {class_name, NULL};
    const eb_read_options options = {
        .where = eb_args_has(args, "where") ? eb_args_text(args, "where") : NULL, .fields = fields, .sift = true};
    return space->open(space->self, eb_args_text(args, "features"), &options, source, err);
}

static eb_status tabulate(const eb_args *args, const eb_workspace *space, eb_zones *zones, const eb_env *env, eb_error *err)
{
    eb_source *source = NULL;
    eb_table *table = NULL;
    eb_rejects rejects = {0};
    eb_tabulation t = {.zones = zones, .class_field = -1};
    double box[4];
    eb_status status = open_features(args, space, &source, err);
    if (status == EB_OK) status = eb_share_dimension(source, &t.dimension, err);
    if (status == EB_OK) {
        const eb_schema *schema = eb_source_schema(source);
        t.features_name = schema->name;
        if (eb_args_has(args, "class")) t.class_field = eb_schema_find(schema, eb_args_text(args, "class"));
        if (eb_args_has(args, "class") && t.class_field < 0)
            status = eb_error_set(err, EB_USAGE, "layer %s has no field %s", schema->name, eb_args_text(args, "class"));
    }
    if (status == EB_OK && t.dimension == 2 && eb_partition_box(zones->partition, box) &&
        !(t.net = eb_edge_net_new(EB_OVERLAP_HELD, EB_OVERLAP_STRIP)))
        status = eb_error_memory(err);
    const int64_t before = source ? eb_empty_read(space->diagnosis, eb_source_schema(source)) : 0;
    if (status == EB_OK)
        status = eb_share_stream(zones, source, t.dimension, t.net ? box : NULL, env, space->diagnosis, &rejects, use_feature, &t, err);
    if (status == EB_OK) status = check_conservation(&t, err);
    if (status == EB_OK) status = measure_overlap(&t, env, err);
    if (status == EB_OK) status = eb_rejects_transform(&rejects, 0, eb_source_schema(source)->crs, zones->crs, err);
    if (status == EB_OK && !eb_rejects_move(&zones->rejects, &rejects)) status = eb_error_memory(err);
    if (status == EB_OK) status = eb_rejects_write(&zones->rejects, space, zones->crs, err);
    if (status == EB_OK) status = eb_tabulation_table(&t, &table, err);
    const bool empty = status == EB_OK && eb_empty_record(space->diagnosis, eb_source_schema(source), eb_args_text(args, "where"), before);
    if (status == EB_OK) eb_empty_note(space->diagnosis, table);
    if (status == EB_OK && t.used == 0 && !empty)
        eb_table_add_note(table, "no feature of layer %s%s could be counted", t.features_name,
                          eb_args_has(args, "where") ? _(" that --where lets through") : "");
    if (status == EB_OK) status = space->add_table(space->self, table, err);
    eb_intern_clear(&t.classes);
    eb_string_clear(&t.scratch);
    eb_tally_clear(&t.tally);
    eb_edge_net_free(t.net);
    eb_overlap_clear(&t.overlap);
    eb_rejects_clear(&rejects);
    eb_source_free(source);
    return status;
}

static eb_status run(const eb_args *args, const eb_workspace *space, const eb_env *env, eb_error *err)
{
    eb_zone_layer *layers = NULL;
    eb_zones *zones = NULL;
    size_t count = 0;
    eb_status status = collect_layers(args, &layers, &count, err);
    if (status == EB_OK) status = eb_zones_read(space, layers, count, env, &zones, err);
    if (status == EB_OK) status = eb_zones_prepare(zones, env, err);
    if (status == EB_OK) status = tabulate(args, space, zones, env, err);
    eb_zones_free(zones);
    free(layers);
    return status;
}

const eb_analysis eb_analysis_tabulate = {
    .name = "tabulate",
    .summary = "zone x class table of areas, lengths or counts",
    .detail =
        "Shares every feature out among the zones and sums by zone and class: areas of polygons, geodesic lengths of lines, counts of\n"
        "points. Areas are those of the data's ellipsoid, worked out in a local equal-area plane; official_m2 is the official area\n"
        "of each zone, shared out in proportion. What no feature covers is the row with an empty class. Where features overlap one\n"
        "another, their rows count that land several times: the row (overlap) takes off what is too much, so that the rows of a zone\n"
        "always add up to it. What has no value in the field that names it is called (null); a value that is itself such a word in\n"
        "brackets stands in quotation marks: \"(null)\". A feature is counted once in each zone and class it has at least 1 cm2 in.\n"
        "Invalid shapes are repaired and reported, what cannot be repaired goes to the layer rejects beside the table. A line within\n"
        "1 mm of a border belongs half to either side, and what a zone has of a line is as long as overlay's piece of it. The run fails\n"
        "if the pieces miss the whole by 1e-9.",
    .example = "ecobelt tabulate layers/counties.geojson layers/park.geojson --zone name --class name",
    .params = params,
    .param_count = sizeof params / sizeof params[0],
    .yields = yields,
    .yield_count = sizeof yields / sizeof yields[0],
    .check = check_further,
    .run = run,
};
