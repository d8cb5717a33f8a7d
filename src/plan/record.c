/* The record of a run: what was run, on what, with what, and what came of it. */
#include "plan/run.h"

#include <ecobelt/geom.h>

#include "base/sha256.h"
#include "report/json.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static void add_text(eb_string *out, const char *key, const char *value)
{
    eb_string_addf(out, "\"%s\":", key);
    eb_string_add_json(out, value);
}

static void add_flag(eb_string *out, const char *key, bool value)
{
    eb_string_addf(out, "\"%s\":%s", key, value ? "true" : "false");
}

/** One file with its digest. A file that has gone since is said to be unreadable: the record must not fail for it. */
static void add_file(eb_string *out, const char *path, bool *first)
{
    const char *slash = strrchr(path, '/');
    char digest[EB_SHA256_TEXT];
    uint64_t size = 0;

    eb_string_add(out, *first ? "{" : ",{");
    *first = false;
    add_text(out, "name", slash ? slash + 1 : path);
    if (eb_sha256_file(path, digest, &size, NULL) == EB_OK) {
        eb_string_addf(out, ",\"bytes\":%" PRIu64 ",\"sha256\":\"%s\"}", size, digest);
    } else {
        eb_string_add(out, ",\"bytes\":null,\"sha256\":null}");
    }
}

/** Whether @p name belongs to the shapefile with stem @p stem. */
static bool is_shapefile_part(const char *name, const char *stem)
{
    static const char *const endings[] = {".shp", ".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx"};
    const size_t size = strlen(stem);

    if (strncmp(name, stem, size) != 0) return false;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (strcasecmp(name + size, endings[i]) == 0) return true;
    }
    return false;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/** Files of a folder that are parts of a shapefile (@p stem) or all of them (NULL, a .gdb). */
static void add_folder(eb_string *out, const char *folder, const char *stem, bool *first)
{
    struct dirent **entries = NULL;
    const int count = scandir(*folder ? folder : ".", &entries, NULL, by_name);

    for (int i = 0; i < count; i++) {
        struct stat info;
        eb_string path = {0};
        eb_string_addf(&path, "%s%s%s", folder, *folder && folder[strlen(folder) - 1] != '/' ? "/" : "", entries[i]->d_name);
        const bool wanted = !stem || is_shapefile_part(entries[i]->d_name, stem);
        if (wanted && !path.failed && stat(path.data, &info) == 0 && S_ISREG(info.st_mode)) add_file(out, path.data, first);
        eb_string_clear(&path);
        free(entries[i]);
    }
    free(entries);
}

/** Every file behind one name. Nothing for a database or a file inside an archive: they have no path of their own. */
static void add_files(eb_string *out, const char *name, bool *first)
{
    char *path = eb_text_dup(name);
    char *bar = path ? strchr(path, '|') : NULL;
    struct stat info;

    if (bar) *bar = '\0';
    if (path && stat(path, &info) == 0) {
        char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
        if (S_ISDIR(info.st_mode)) {
            add_folder(out, path, NULL, first);
        } else if (dot && strcasecmp(dot, ".shp") == 0) {
            char *stem = eb_text_dup(slash ? slash + 1 : path);
            if (stem) stem[strlen(stem) - 4] = '\0';
            if (slash) {
                slash[1] = '\0';
            } else {
                path[0] = '\0';
            }
            if (stem) add_folder(out, path, stem, first);
            free(stem);
        } else {
            add_file(out, path, first);
        }
    }
    free(path);
}

static void add_input(eb_string *out, const eb_run *run, size_t index)
{
    const eb_plan_layer *layer = &run->plan->layers[index];
    bool first = true;

    eb_string_add(out, "{");
    add_text(out, "id", layer->id);
    eb_string_add(out, ",\"path\":");
    eb_node_to_json(eb_node_get(layer->node, "path"), out);
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
    for (size_t i = 0; i < layer->name_count; i++) add_files(out, layer->names[i], &first);
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
