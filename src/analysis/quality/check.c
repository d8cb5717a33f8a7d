#include "analysis/quality/check_run.h"
#include "analysis/quality/cover_survey.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The parts that take features as they pass by. */
typedef struct parts {
    eb_check_run run;
    eb_check_region *region;
    eb_check_nulls *nulls;
    eb_check_areas areas;
    eb_check_twins twins;
    eb_check_net net;
    eb_check_samples samples;
    eb_edge_book *book;
    int64_t *invalid; /* positions */
    size_t invalid_count, invalid_capacity;
    eb_places places;
} parts;

/* What the numbers say about the CRS; the reader was told not to refuse. */
static void look_at_crs(eb_source *source, eb_findings *findings)
{
    const eb_schema *schema = eb_source_schema(source);
    double box[4];
    char guess[200] = "";
    eb_error err = {0};
    if (schema->tabular || eb_source_extent(source, box, NULL)) return;
    double x = (box[0] + box[2]) / 2, y = (box[1] + box[3]) / 2;
    if (!schema->crs) {
        eb_crs_guess(box, guess, sizeof guess);
        eb_findings_add(findings, EB_FIND_NO_CRS, schema->name, EB_NO_FID, x, y, "the layer does not say what its coordinates are; %s",
                        guess);
    } else if (eb_crs_check_box(schema->crs, box, &err)) {
        eb_findings_add(findings, EB_FIND_CRS_CONTRADICTED, schema->name, EB_NO_FID, x, y, "%s", err.message);
    }
}

static eb_status check_kinds(const eb_check_run *run, eb_error *err)
{
    const int dimension = run->dimension;
    const bool coverage = run->options->coverage;
    bool wrong = (coverage && dimension >= 0 && dimension != 2) || (run->options->boundary_lines && dimension >= 0 && dimension != 1);
    if (!wrong) return EB_OK;
    eb_error_set(err, EB_USAGE,
                 coverage ? "--coverage is for polygons, and the layer has none" : "--lines is for lines, and the layer has none");
    eb_error_where(err, run->schema->file, run->schema->name, EB_NO_FID);
    return EB_USAGE;
}

static eb_status keep_invalid(parts *p, int64_t position, eb_error *err)
{
    if (!eb_array_reserve(&p->invalid, &p->invalid_capacity, p->invalid_count + 1, sizeof *p->invalid)) return eb_error_memory(err);
    p->invalid[p->invalid_count++] = position;
    return EB_OK;
}

static eb_status take(void *user, const eb_batch *batch, size_t i, const eb_check_seen *seen, eb_error *err)
{
    parts *p = user;
    const eb_check_options *options = p->run.options;
    eb_status status = eb_check_nulls_take(p->nulls, &p->run, batch, i, err);
    if (!status && p->run.area_field >= 0) status = eb_check_areas_take(&p->areas, &p->run, batch, i, seen->area_m2, err);
    if (!status) status = eb_check_twins_take(&p->twins, batch, i, err);
    if (!status && options->boundary_lines) status = eb_check_net_take(&p->net, batch, i, err);
    if (!status && options->reference) status = eb_check_samples_take(&p->samples, batch, i, err);
    if (!status && p->book && !eb_edge_book_add(p->book, eb_batch_shape_at(batch, i))) status = eb_error_memory(err);
    if (!status && p->book && seen->invalid) status = keep_invalid(p, batch->first + (int64_t)i, err);
    return status;
}

static eb_status open_parts(parts *p, eb_error *err)
{
    const eb_check_options *options = p->run.options;
    eb_status status = eb_check_nulls_open(&p->run, &p->nulls, err);
    if (!status) status = eb_check_areas_open(&p->run, err);
    if (!status && options->region) status = eb_check_region_open(options->region, p->run.schema->crs, &p->region, err);
    if (!status && options->coverage && !(p->book = eb_edge_book_new(EB_SURVEY_EDGES))) status = eb_error_memory(err);
    return status;
}

/* What can be said when all features have passed by. */
static eb_status finish_parts(parts *p, eb_error *err)
{
    eb_check_run *run = &p->run;
    eb_status status = eb_check_nulls_finish(p->nulls, run, err);
    if (!status) status = eb_check_twins_want(&p->twins, &p->places, err);
    if (!status) status = eb_check_areas_want(&p->areas, &p->places, err);
    if (!status) status = eb_places_find(&p->places, run->source, run->env, err);
    if (!status) status = eb_check_twins_finish(&p->twins, &p->places, run, err);
    if (!status) status = eb_check_areas_finish(&p->areas, &p->places, run, err);
    if (!status && p->book) status = eb_check_coverage(run, p->book, p->invalid, p->invalid_count, err);
    if (!status && run->options->boundary_lines) status = eb_check_net_finish(&p->net, run, err);
    if (!status && run->options->reference) status = eb_check_frame(&p->samples, run, err);
    return status;
}

static void close_parts(parts *p)
{
    eb_check_region_free(p->region);
    eb_check_nulls_free(p->nulls);
    eb_check_net_clear(&p->net);
    eb_edge_book_free(p->book);
    eb_places_clear(&p->places);
    free(p->areas.pairs);
    eb_sorter_free(p->twins.prints);
    free(p->twins.list);
    free(p->samples.list);
    free(p->invalid);
}

eb_status eb_check_layer(const char *name, const eb_check_options *options, const eb_env *env, eb_findings *findings, eb_error *err)
{
    eb_read_options read = options->read;
    parts p = {.run = {.options = options, .env = env, .findings = findings, .dimension = -1, .area_field = -1}};
    read.allow_no_crs = read.allow_table = true;
    eb_status status = eb_source_open(name, &read, &p.run.source, err);
    if (status) return status;
    p.run.schema = eb_source_schema(p.run.source);
    look_at_crs(p.run.source, findings);
    status = open_parts(&p, err);
    if (!status) status = eb_check_features(&p.run, p.region, take, &p, err);
    if (!status) status = eb_check_faults(&p.run, err);
    if (!status) status = check_kinds(&p.run, err);
    if (!status) status = finish_parts(&p, err);
    if (!status && findings->failed) status = eb_error_memory(err);
    close_parts(&p);
    eb_source_free(p.run.source);
    return status;
}
