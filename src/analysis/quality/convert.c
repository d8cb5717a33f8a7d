#include "analysis/quality/convert.h"
#include "analysis/quality/mend_cover.h"

#include "base/pool.h"
#include "base/text.h"
#include "base/translate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS_A_WORKER = 3 };

/* A batch on its way. */
typedef struct slot {
    eb_batch *in, *out;
    eb_mend_log log;
} slot;

/* What one thread needs. */
typedef struct worker {
    eb_mender mender;
    eb_transform *transform;
} worker;

typedef struct conversion {
    const eb_convert_request *request;
    eb_source *source;
    eb_sink *sink;
    eb_schema *schema; /* of the output */
    eb_convert_result *result;
    const eb_env *env;
    eb_diagnosis *diagnosis;
    bool mend;          /* batch by batch */
    eb_patches patches; /* mended together */
    bool drops_m;
} conversion;

static eb_status produce(void *user, void *item, bool *more, eb_error *err)
{
    conversion *job = user;
    slot *s = item;
    eb_status status = eb_source_next(job->source, s->in, err);
    *more = s->in->count > 0;
    return status;
}

static eb_status move_shape(const conversion *job, worker *w, uint8_t *bytes, size_t size, eb_error *err)
{
    if (w->transform) {
        eb_status status = eb_transform_wkb(w->transform, bytes, size, err);
        if (status) return status;
    }
    if (job->request->to_frame != EB_FRAME_WGS84 && !eb_frame_convert_wkb(EB_FRAME_WGS84, job->request->to_frame, bytes, size))
        return eb_error_set(err, EB_INPUT, "the bytes of a shape are broken");
    return EB_OK;
}

static eb_status work(void *user, void *worker_state, void *item, eb_error *err)
{
    const conversion *job = user;
    worker *w = worker_state;
    slot *s = item;
    eb_batch *batch = s->in;
    s->log.count = 0;
    if (job->mend) {
        eb_batch_clear(s->out);
        eb_status status = eb_mend_batch(&w->mender, s->in, s->out, &s->log, err);
        if (status) return status;
        batch = s->out;
    }
    if (job->patches.count) {
        eb_status status = eb_patches_apply(&job->patches, s->in, s->out, err);
        if (status) return status;
        batch = s->out;
    }
    for (size_t i = 0; i < batch->count; i++) {
        size_t size = 0;
        uint8_t *bytes = eb_batch_shape_bytes(batch, i, &size);
        eb_wkb shape = {bytes, size};
        eb_status status = EB_OK;
        if (bytes && !eb_wkb_ok(shape)) status = eb_error_set(err, EB_REFUSED, "a coordinate is no number");
        if (bytes && !status) status = move_shape(job, w, bytes, size, err);
        if (!status) continue;
        eb_error_where(err, batch->schema->file, batch->schema->name, batch->fids[i]);
        if (status == EB_REFUSED && err && !err->hint[0])
            eb_error_hint(err, "ecobelt check lists such features; mend them, or leave them out with --where");
        return status;
    }
    return EB_OK;
}

/* Does the shape carry measures, which no writer but that of GeoPackage takes? */
static bool has_m(eb_wkb shape)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, shape);
    return eb_wkb_next(&walk, &part) && part.dims > (part.has_z ? 3 : 2);
}

static bool writes_m(const char *file)
{
    const size_t length = strlen(file);
    return length > 5 && eb_text_same(file + length - 5, ".gpkg");
}

static eb_status consume(void *user, void *item, eb_error *err)
{
    conversion *job = user;
    slot *s = item;
    const eb_batch *batch = job->mend || job->patches.count ? s->out : s->in;
    for (size_t i = 0; i < s->log.count; i++)
        if (!eb_mend_log_add(&job->result->log, &s->log.list[i])) return eb_error_memory(err);
    for (size_t i = 0; i < batch->count; i++)
        if (!batch->schema->tabular && eb_wkb_dimension(eb_batch_shape_at(batch, i)) < 0)
            eb_diagnosis_add(job->diagnosis, EB_EVENT_NULL, batch->schema->name, batch->fids[i], NAN, NAN, NAN, NAN, "there is no shape");
    for (size_t i = 0; i < batch->count && !job->drops_m; i++)
        job->drops_m = has_m(eb_batch_shape_at(batch, i)) && !writes_m(job->request->output);
    eb_status status = eb_sink_write(job->sink, batch, err);
    job->result->features += (int64_t)batch->count;
    int64_t total = eb_source_schema(job->source)->feature_count;
    eb_env_progress(job->env, "convert", (double)job->result->features, total > 0 ? (double)total : 0);
    return status;
}

/* Where the data lie, in degrees, so that a datum shift is chosen for the place; false where that cannot be known. */
static bool data_area(eb_source *source, const eb_crs *crs, double area[4])
{
    double box[4];
    return eb_source_extent(source, box, NULL) == EB_OK && eb_crs_box_degrees(crs, box, area, NULL) == EB_OK;
}

static eb_status open_worker(const conversion *job, worker *w, const double *area, eb_error *err)
{
    const eb_schema *from = eb_source_schema(job->source);
    eb_status status = job->mend ? eb_mender_open(from->crs, &w->mender, err) : EB_OK;
    if (status || !job->request->to_crs || !from->crs) return status;
    if (eb_crs_same(from->crs, job->schema->crs)) {
        if (eb_crs_info_get(from->crs)->datum != eb_crs_info_get(job->schema->crs)->datum)
            eb_text_copy(job->result->transform, sizeof job->result->transform, _("CGCS2000 and WGS84 taken as one, the numbers stay"));
        return EB_OK;
    }
    status = eb_transform_new(from->crs, job->schema->crs, area, job->request->helmert, &w->transform, err);
    if (status)
        eb_error_where(err, from->file, from->name, EB_NO_FID);
    else
        eb_text_copy(job->result->transform, sizeof job->result->transform, eb_transform_text(w->transform));
    return status;
}

static eb_status open_slot(const conversion *job, slot *s, eb_error *err)
{
    s->in = eb_batch_new(eb_source_schema(job->source));
    s->out = eb_batch_new(eb_source_schema(job->source));
    return s->in && s->out ? EB_OK : eb_error_memory(err);
}

static eb_status run_pool(conversion *job, eb_error *err)
{
    int threads = eb_env_threads(job->env);
    size_t slot_count = threads > 1 ? (size_t)threads * SLOTS_A_WORKER : 1;
    slot *slots = calloc(slot_count, sizeof *slots);
    worker *workers = calloc((size_t)threads, sizeof *workers);
    void **items = calloc(slot_count, sizeof *items), **states = calloc((size_t)threads, sizeof *states);
    double area[4];
    bool known = job->request->to_crs && data_area(job->source, eb_source_schema(job->source)->crs, area);
    eb_status status = slots && workers && items && states ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; !status && i < slot_count; i++) {
        status = open_slot(job, &slots[i], err);
        items[i] = &slots[i];
    }
    for (int i = 0; !status && i < threads; i++) {
        status = open_worker(job, &workers[i], known ? area : NULL, err);
        states[i] = &workers[i];
    }
    eb_pool_job pool = {job, produce, work, consume, NULL, items, slot_count, states, threads};
    if (!status) status = eb_pool_run(&pool, job->env, err);
    for (size_t i = 0; slots && i < slot_count; i++) {
        eb_batch_free(slots[i].in);
        eb_batch_free(slots[i].out);
        free(slots[i].log.list);
    }
    for (int i = 0; workers && i < threads; i++) {
        eb_mender_close(&workers[i].mender);
        eb_transform_free(workers[i].transform);
    }
    free(slots);
    free(workers);
    free(items);
    free(states);
    return status;
}

/* The output's description: the input's, in the CRS asked for. */
static eb_status describe_output(conversion *job, eb_error *err)
{
    job->schema = eb_schema_copy(eb_source_schema(job->source));
    if (!job->schema) return eb_error_memory(err);
    if (job->request->to_crs && !job->schema->tabular) {
        eb_crs *crs = NULL;
        eb_status status = eb_crs_new(job->request->to_crs, &crs, err);
        if (status) return status;
        eb_crs_free(job->schema->crs);
        job->schema->crs = crs;
    }
    if (job->request->to_frame == EB_FRAME_WGS84 || !job->schema->crs) return EB_OK;
    if (eb_crs_info_get(job->schema->crs)->kind == EB_CRS_GEOGRAPHIC) return EB_OK;
    eb_error_set(err, EB_USAGE, "web-map frames are in degrees, and the output is in %s", eb_crs_info_get(job->schema->crs)->name);
    eb_error_hint(err, "give --to-crs EPSG:4326 with --to-frame");
    return EB_USAGE;
}

static void tell(const conversion *job, eb_diagnosis *diagnosis)
{
    const eb_schema *schema = eb_source_schema(job->source);
    eb_mend_report(&job->result->log, schema->name, diagnosis);
    eb_source_report(job->source, diagnosis);
    eb_diagnosis_count(diagnosis, schema->name, 0, job->result->features);
    if (job->result->transform[0]) eb_diagnosis_note(diagnosis, schema->name, "transformed by: %s", job->result->transform);
    if (job->drops_m) eb_diagnosis_note(diagnosis, schema->name, "the shapes carry measures (M), which are left out; a .gpkg keeps them");
    const eb_coverage_report *cover = &job->result->coverage;
    if (cover->gaps == 0) return;
    char text[400];
    snprintf(text, sizeof text, _("%lld gaps between the polygons, %.2f m2 in all; the largest, %.2f m2, is left open"),
             (long long)cover->gaps, cover->gap_m2, cover->largest_gap_m2);
    eb_diagnosis_add(diagnosis, EB_EVENT_NOTE, schema->name, EB_NO_FID, cover->gap_x, cover->gap_y, NAN, NAN, text);
}

eb_status eb_convert(const eb_convert_request *request, const eb_env *env, eb_diagnosis *diagnosis, eb_convert_result *result,
                     eb_error *err)
{
    conversion job = {
        .request = request, .result = result, .env = env, .diagnosis = diagnosis, .mend = request->repair && !request->coverage};
    memset(result, 0, sizeof *result);
    eb_read_options read = request->read;
    read.allow_table = true; /* it is converted like any layer, to formats that hold tables */
    eb_status status = eb_source_open(request->input, &read, &job.source, err);
    if (!status) status = describe_output(&job, err);
    if (!status && request->coverage) status = eb_mend_cover(job.source, env, &job.patches, &result->log, &result->coverage, err);
    eb_write_options write = request->write;
    write.diagnosis = diagnosis;
    if (!status) status = eb_sink_create(request->output, job.schema, &write, &job.sink, err);
    if (!status) status = run_pool(&job, err);
    if (!status) {
        status = eb_sink_commit(job.sink, err);
        job.sink = NULL;
    }
    if (!status) tell(&job, diagnosis);
    eb_sink_abort(job.sink);
    eb_source_free(job.source);
    eb_patches_clear(&job.patches);
    eb_schema_free(job.schema);
    return status;
}

static bool is_blank(char c)
{
    return c && strchr(" \t\r\n", c);
}

/* Numbers with a comma or blanks between them, 7 at most. */
static bool take_numbers(const char *text, double *values, size_t *count)
{
    *count = 0;
    for (const char *at = text;;) {
        char word[64];
        size_t size = 0;
        while (is_blank(*at)) at++;
        while (at[size] && at[size] != ',' && !is_blank(at[size])) size++;
        if (size == 0 || size >= sizeof word || *count == 7) return false;
        memcpy(word, at, size);
        word[size] = '\0';
        if (!eb_text_to_real(word, &values[(*count)++])) return false;
        at += size;
        while (is_blank(*at)) at++;
        if (!*at) return true;
        if (*at == ',') at++;
    }
}

/* The first line that is neither empty nor a remark (#). */
static bool take_file(const char *name, double *values, size_t *count)
{
    static const char mark[] = "\xEF\xBB\xBF";
    char line[512];
    bool found = false, fine = false;
    FILE *file = fopen(name, "r");
    if (!file) return false;
    while (!found && fgets(line, sizeof line, file)) {
        const char *at = strncmp(line, mark, 3) == 0 ? line + 3 : line;
        while (is_blank(*at)) at++;
        found = *at && *at != '#';
        fine = found && take_numbers(at, values, count);
    }
    fclose(file);
    return fine;
}

eb_status eb_helmert_parse(const char *text, eb_helmert *out, eb_error *err)
{
    double values[7] = {0};
    size_t count = 0;
    const bool fine = take_numbers(text, values, &count) || take_file(text, values, &count);
    if (!fine || (count != 3 && count != 7)) {
        eb_error_set(err, EB_USAGE, "--helmert \"%s\" is neither 3 nor 7 numbers, nor a file that holds them", text);
        eb_error_hint(err, "give dx,dy,dz in metres, and after them if need be rx,ry,rz in arc seconds and the scale in ppm");
        return EB_USAGE;
    }
    *out = (eb_helmert){values[0], values[1], values[2], values[3], values[4], values[5], values[6]};
    return EB_OK;
}
