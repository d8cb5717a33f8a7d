/* The record of a run: what was run, on what, with what, and what came of it. */
#include "plan/run.h"

#include <ecobelt/geom.h>

#include "plan/inputs.h"
#include "report/json.h"

#include <inttypes.h>
#include <string.h>

static void add_text(eb_string *out, const char *key, const char *value)
{
    eb_string_addf(out, "\"%s\":", key);
    eb_string_add_json(out, value);
}

static void add_flag(eb_string *out, const char *key, bool value)
{
    eb_string_addf(out, "\"%s\":%s", key, value ? "true" : "false");
}

/** The files of a layer, as the table of inputs has them. */
static void add_files(eb_string *out, const eb_table *inputs, const char *id)
{
    bool first = true;

    for (size_t r = 0; r < eb_table_row_count(inputs); r++) {
        if (strcmp(eb_table_text_at(inputs, r, EB_INPUT_LAYER), id) != 0 || eb_table_is_null(inputs, r, EB_INPUT_FILE)) continue;
        eb_string_add(out, first ? "{" : ",{");
        first = false;
        add_text(out, "name", eb_table_text_at(inputs, r, EB_INPUT_FILE));
        if (eb_table_is_null(inputs, r, EB_INPUT_SHA256)) {
            eb_string_add(out, ",\"bytes\":null,");
        } else {
            eb_string_addf(out, ",\"bytes\":%" PRId64 ",", eb_table_integer_at(inputs, r, EB_INPUT_BYTES));
        }
        add_text(out, "sha256", eb_table_text_at(inputs, r, EB_INPUT_SHA256));
        eb_string_add(out, "}");
    }
}

static void add_input(eb_string *out, const eb_run *run, size_t index)
{
    const eb_plan_layer *layer = &run->plan->layers[index];

    eb_string_add(out, "{");
    add_text(out, "id", layer->id);
    eb_string_add(out, layer->part_count ? ",\"merge\":" : ",\"path\":");
    eb_node_to_json(eb_node_get(layer->node, layer->part_count ? "merge" : "path"), out);
    eb_string_add(out, ",");
    add_text(out, "driver", layer->schema->driver);
    eb_string_add(out, ",");
    add_text(out, "crs", layer->schema->crs ? eb_crs_info_get(layer->schema->crs)->code : NULL);
    eb_string_add(out, ",");
    add_text(out, "encoding", layer->schema->encoding);
    eb_string_addf(out, ",\"features\":%zu,", run->inputs[index] ? eb_layer_count(run->inputs[index]) : (size_t)0);
    add_flag(out, "schematic", layer->schematic);
    eb_string_add(out, ",");
    add_text(out, "source", layer->source);
    eb_string_add(out, ",\"files\":[");
    add_files(out, run->inputs_table, layer->id);
    eb_string_add(out, "]}");
}

static void add_step(eb_string *out, const eb_run *run, size_t index)
{
    const eb_plan_step *step = &run->plan->steps[index];
    bool first = true;

    eb_string_add(out, "{");
    add_text(out, "id", step->id);
    eb_string_add(out, ",");
    add_text(out, "analysis", step->analysis->name);
    eb_string_add(out, ",\"seconds\":");
    eb_string_add_number(out, run->records[index].seconds);
    eb_string_add(out, ",");
    add_text(out, "finding", run->records[index].finding);
    eb_string_add(out, ",");
    add_flag(out, "schematic", run->records[index].schematic);
    eb_string_add(out, ",\"inputs\":[");
    for (size_t i = 0; i < step->input_count; i++) {
        if (i) eb_string_add(out, ",");
        eb_string_add_json(out, eb_plan_ref_id(run->plan, &step->inputs[i]));
    }
    eb_string_add(out, "],\"tables\":[");
    for (size_t i = 0; i < run->table_count; i++) {
        if (run->table_steps[i] != index) continue;
        eb_string_add(out, first ? "{" : ",{");
        add_text(out, "name", eb_table_name(run->tables[i]));
        eb_string_addf(out, ",\"rows\":%zu}", eb_table_row_count(run->tables[i]));
        first = false;
    }
    first = true;
    eb_string_add(out, "],\"layers\":[");
    for (size_t i = 0; i < run->result_count; i++) {
        if (run->results[i].step != index) continue;
        eb_string_add(out, first ? "{" : ",{");
        add_text(out, "name", run->results[i].id);
        eb_string_addf(out, ",\"features\":%zu}", eb_layer_count(run->results[i].layer));
        first = false;
    }
    eb_string_add(out, "]}");
}

static void add_lists(eb_string *out, const eb_run *run)
{
    bool first = true;

    eb_string_add(out, ",\n\"inputs\":[");
    for (size_t i = 0; i < run->plan->layer_count; i++) {
        if (!run->used[i]) continue;
        eb_string_add(out, first ? "\n" : ",\n");
        add_input(out, run, i);
        first = false;
    }
    first = true;
    eb_string_add(out, "],\n\"steps\":[");
    for (size_t i = 0; i < run->plan->step_count; i++) {
        if (!run->records[i].done) continue;
        eb_string_add(out, first ? "\n" : ",\n");
        add_step(out, run, i);
        first = false;
    }
    eb_string_add(out, "]");
}

/* The first member names the program: a later run knows by it which folder it may replace. */
eb_status eb_run_record(const eb_run *run, int threads, char **json, eb_error *err)
{
    const eb_plan *plan = run->plan;
    const char *slash = strrchr(plan->file, '/');
    eb_string out = {0};

    eb_string_add(&out, "{\"program\":\"ecobelt\",");
    add_text(&out, "version", eb_version());
    eb_string_add(&out, ",\n\"libraries\":{");
    add_text(&out, "GDAL", eb_layer_gdal_version());
    eb_string_add(&out, ",");
    add_text(&out, "GEOS", eb_geos_version());
    eb_string_add(&out, ",");
    add_text(&out, "PROJ", eb_crs_proj_version());
    eb_string_add(&out, "},\n");
    add_text(&out, "started", run->started);
    eb_string_add(&out, ",\"seconds\":");
    eb_string_add_number(&out, run->seconds);
    eb_string_addf(&out, ",\"threads\":%d,", threads);
    add_text(&out, "language", run->lang == EB_LANG_ZH ? "zh" : "en");
    eb_string_add(&out, ",\n");
    add_text(&out, "plan_file", slash ? slash + 1 : plan->file);
    eb_string_add(&out, ",");
    add_text(&out, "plan_sha256", plan->sha256);
    eb_string_add(&out, ",");
    add_text(&out, "only", plan->only);
    eb_string_add(&out, ",\n\"plan\":");
    eb_node_to_json(plan->root, &out);
    add_lists(&out, run);
    eb_string_add(&out, ",\n");
    add_flag(&out, "targets_missed", run->missed);
    eb_string_add(&out, ",\"targets\":");
    if (run->targets) {
        eb_json_add_table(&out, run->targets);
    } else {
        eb_string_add(&out, "null");
    }
    eb_string_add(&out, ",\n\"diagnosis\":");
    eb_json_add_diagnosis(&out, run->diagnosis);
    eb_string_add(&out, "}\n");
    *json = eb_string_take(&out);
    return *json ? EB_OK : eb_error_memory(err);
}
