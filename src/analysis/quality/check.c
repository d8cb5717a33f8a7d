#include "analysis/quality/check.h"

#include <math.h>
#include <string.h>

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

/* Notes of the reader as findings that are nothing wrong by themselves. */
static eb_status look_at_notes(const eb_source *source, eb_findings *findings, eb_error *err)
{
    eb_diagnosis *diagnosis = eb_diagnosis_new();
    if (!diagnosis) return eb_error_memory(err);
    eb_source_report(source, diagnosis);
    for (size_t i = 0; i < eb_diagnosis_case_count(diagnosis); i++)
        eb_findings_add(findings, EB_FIND_NOTE, eb_source_schema(source)->name, EB_NO_FID, NAN, NAN, "%s",
                        eb_diagnosis_case_at(diagnosis, i)->reason);
    eb_diagnosis_free(diagnosis);
    return EB_OK;
}

static int dimension_of(const eb_layer *layer)
{
    int dimension = -1;
    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count && dimension < 2; i++) {
            int own = eb_wkb_dimension(eb_batch_shape_at(batch, i));
            if (own > dimension) dimension = own;
        }
    }
    return dimension;
}

static eb_status check_kinds(const eb_layer *layer, const eb_check_options *options, eb_error *err)
{
    int dimension = dimension_of(layer);
    bool wrong = (options->coverage && dimension >= 0 && dimension != 2) || (options->boundary_lines && dimension >= 0 && dimension != 1);
    if (!wrong) return EB_OK;
    eb_error_set(err, EB_USAGE,
                 options->coverage ? "--coverage is for polygons, and the layer has none" : "--lines is for lines, and the layer has none");
    eb_error_where(err, eb_layer_schema(layer)->file, eb_layer_schema(layer)->name, EB_NO_FID);
    return EB_USAGE;
}

eb_status eb_check_layer(const char *name, const eb_check_options *options, const eb_env *env, eb_findings *findings, eb_error *err)
{
    eb_read_options read = options->read;
    eb_source *source = NULL;
    eb_layer *layer = NULL;
    read.allow_no_crs = read.allow_table = true;
    eb_status status = eb_source_open(name, &read, &source, err);
    if (!status) look_at_crs(source, findings);
    if (!status) status = eb_layer_read(source, env, &layer, err);
    if (!status) status = look_at_notes(source, findings, err);
    if (!status) status = check_kinds(layer, options, err);
    if (!status) status = eb_check_features(layer, options, env, findings, err);
    if (!status) status = eb_check_duplicates(layer, findings, err);
    if (!status && options->coverage) status = eb_check_coverage(layer, findings, err);
    if (!status && options->boundary_lines) status = eb_check_lines(layer, findings, err);
    if (!status && options->region) status = eb_check_region(layer, options->region, findings, err);
    if (!status && options->reference) status = eb_check_frame(layer, options->reference, findings, err);
    eb_layer_free(layer);
    eb_source_free(source);
    return status;
}
