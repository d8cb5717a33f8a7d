#include "base/text.h"
#include "base/translate.h"
#include "report/file.h"
#include "report/html/page.h"
#include "report/project.h"
#include "report/stage.h"
#include "report/style.h"
#include "report/web/web.h"
#include "report/xlsx.h"
#include "report/zip.h"

#include <ecobelt/report.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** FOLDER/NAME.ENDING inside the stage. NULL out of memory. */
static char *path_in(const eb_stage *stage, const char *folder, const char *name, const char *ending)
{
    eb_string path = {0};

    eb_string_addf(&path, "%s%s%s%s", folder, *folder ? "/" : "", name, ending);
    char *full = path.failed ? NULL : eb_stage_path(stage, path.data);
    eb_string_clear(&path);
    return full;
}

static eb_status write_table(const eb_stage *stage, const eb_table *table, eb_lang lang, eb_error *err)
{
    const char *name = eb_table_name(table);
    char *csv = path_in(stage, "statistics", name, ".csv");
    char *types = path_in(stage, "statistics", name, ".csvt");
    char *about = path_in(stage, "statistics", name, ".txt");
    eb_status status = csv && types && about ? EB_OK : eb_error_memory(err);

    if (status == EB_OK) status = eb_table_write_csv(table, csv, err);
    if (status == EB_OK) status = eb_table_write_csvt(table, types, err);
    if (status == EB_OK) status = eb_table_write_about(table, lang, about, err);
    free(csv);
    free(types);
    free(about);
    return status;
}

static eb_status write_tables(const eb_stage *stage, const eb_report *report, const eb_env *env, eb_error *err)
{
    eb_status status = EB_OK;

    for (size_t i = 0; status == EB_OK && i < report->table_count; i++) {
        status = eb_env_check(env, err);
        if (status == EB_OK) status = write_table(stage, report->tables[i], report->lang, err);
    }
    if (status == EB_OK && report->targets) status = write_table(stage, report->targets, report->lang, err);
    return status;
}

static eb_status write_workbook(const eb_stage *stage, const eb_report *report, eb_error *err)
{
    char *path = eb_stage_path(stage, "statistics.xlsx");
    const eb_status status = path ? eb_report_write_xlsx(report, path, err) : eb_error_memory(err);

    free(path);
    return status;
}

/** All features of a layer into a file of its own. */
static eb_status write_file(const char *path, const eb_layer *layer, const eb_write_options *options, eb_error *err)
{
    eb_sink *sink = NULL;
    eb_status status = path ? eb_sink_create(path, eb_layer_schema(layer), options, &sink, err) : eb_error_memory(err);

    for (size_t i = 0; status == EB_OK && i < eb_layer_batch_count(layer); i++) {
        status = eb_sink_write(sink, eb_layer_batch_at(layer, i), err);
    }
    if (status == EB_OK) {
        status = eb_sink_commit(sink, err);
    } else {
        eb_sink_abort(sink);
    }
    return status;
}

static eb_status write_map(const eb_stage *stage, const eb_report *report, const eb_report_layer *layer, eb_error *err)
{
    const eb_write_options options = {.format = "GeoJSON",
                                      .decimals = report->decimals ? report->decimals : 9,
                                      .rfc7946 = true,
                                      .title = layer->title,
                                      .method = layer->method,
                                      .status = layer->schematic ? "schematic" : NULL};
    char *path = path_in(stage, "maps", layer->id, ".geojson");
    const eb_status status = write_file(path, layer->layer, &options, err);

    free(path);
    return status;
}

static eb_status write_guides(const eb_stage *stage, const eb_report *report, eb_error *err)
{
    eb_status status = EB_OK;

    for (size_t i = 0; status == EB_OK && i < report->guide_count; i++) {
        const eb_write_options options = {
            .format = "GPX", .decimals = -1, .title = report->guides[i].title, .status = report->guides[i].schematic ? "schematic" : NULL};
        char *path = path_in(stage, "gpx", report->guides[i].id, ".gpx");
        status = write_file(path, report->guides[i].layer, &options, err);
        free(path);
    }
    return status;
}

static eb_status write_maps(const eb_stage *stage, const eb_report *report, const eb_env *env, eb_error *err)
{
    eb_status status = EB_OK;

    for (size_t i = 0; status == EB_OK && i < report->layer_count; i++) {
        if (report->layers[i].input) continue;
        eb_env_progress(env, "maps", (double)i, (double)report->layer_count);
        status = eb_env_check(env, err);
        if (status == EB_OK) status = write_map(stage, report, &report->layers[i], err);
    }
    return status;
}

/** A table may be called and titled like a layer; in a package they live side by side and must differ in both. */
static eb_status add_table(eb_package *package, const eb_table *table, eb_error *err)
{
    eb_table *copy = eb_table_copy(table);
    eb_string name = {0}, title = {0};

    eb_string_addf(&name, "statistics_%s", eb_table_name(table));
    eb_string_addf(&title, "%s (%s)", eb_table_title(table), eb_string_get(&name));
    if (copy) eb_table_set_name(copy, eb_string_get(&name));
    if (copy && !title.failed) eb_table_set_title(copy, eb_string_get(&title));
    eb_string_clear(&title);
    const eb_status status = copy && !name.failed ? eb_package_add_table(package, copy, err) : eb_error_memory(err);
    eb_string_clear(&name);
    eb_table_free(copy);
    return status;
}

/** A layer, with its id in the title where another one has the same title (but for capitals, which a GeoPackage takes for the same). */
static eb_status add_layer(eb_package *package, const eb_report *report, size_t index, eb_error *err)
{
    const eb_report_layer *layer = &report->layers[index];
    eb_string title = {0};
    bool twice = false;

    for (size_t i = 0; i < report->layer_count; i++) twice = twice || (i != index && eb_text_same(report->layers[i].title, layer->title));
    eb_string_add(&title, layer->title);
    if (twice) eb_string_addf(&title, " (%s)", layer->id);
    eb_status status = title.failed ? eb_error_memory(err) : eb_package_add_layer(package, layer->layer, layer->id, title.data, err);
    char *qml = NULL;
    if (status == EB_OK) status = eb_style_qml(layer, report->lang, &qml, err);
    if (status == EB_OK) status = eb_package_add_style(package, layer->id, qml, err);
    free(qml);
    eb_string_clear(&title);
    return status;
}

/** What a format could not hold as it is becomes known when the diagnosis of the run is written already. */
static void log_remarks(const eb_diagnosis *remarks, const eb_env *env)
{
    for (size_t i = 0; i < eb_diagnosis_case_count(remarks); i++) {
        const eb_case *found = eb_diagnosis_case_at(remarks, i);
        eb_env_log(env, EB_LOG_WARNING, "%s: %s", found->layer, found->reason);
    }
}

static eb_status write_package(const eb_stage *stage, const eb_report *report, const eb_env *env, eb_error *err)
{
    char *path = path_in(stage, "", report->name, ".gpkg");
    eb_package *package = NULL;
    eb_diagnosis *remarks = eb_diagnosis_new();
    eb_status status = path && remarks ? eb_package_create(path, false, &package, err) : eb_error_memory(err);

    if (status == EB_OK) eb_package_tell(package, remarks);

    for (size_t i = 0; status == EB_OK && i < report->layer_count; i++) {
        eb_env_progress(env, "GeoPackage", (double)i, (double)report->layer_count);
        status = eb_env_check(env, err);
        if (status == EB_OK) status = add_layer(package, report, i, err);
    }
    for (size_t i = 0; status == EB_OK && i < report->table_count; i++) status = add_table(package, report->tables[i], err);
    if (status == EB_OK && report->targets) status = add_table(package, report->targets, err);
    if (status == EB_OK) {
        status = eb_package_commit(package, err);
    } else {
        eb_package_abort(package);
    }
    if (status == EB_OK) log_remarks(remarks, env);
    eb_diagnosis_free(remarks);
    free(path);
    return status;
}

static eb_status write_project(const eb_stage *stage, const eb_report *report, const eb_env *env, eb_error *err)
{
    char *path = path_in(stage, "", report->name, ".qgz"), *xml = NULL;
    eb_string archive = {0}, name = {0};
    eb_status status = path ? eb_project_xml(report, &xml, err) : eb_error_memory(err);

    if (status == EB_OK) {
        eb_string_addf(&name, "%s.qgs", report->name);
        eb_zip_one(&archive, eb_string_get(&name), xml, strlen(xml));
        status = archive.failed || name.failed ? eb_error_memory(err) : eb_file_write(path, archive.data, archive.size, err);
    }
    eb_string_clear(&archive);
    eb_string_clear(&name);
    free(xml);
    free(path);
    if (status != EB_REFUSED) return status;
    /* Tables alone are a result, too. */
    eb_env_log(env, EB_LOG_WARNING, "no project is written: no layer has a place to show");
    return EB_OK;
}

static eb_status write_page(const eb_stage *stage, const eb_report *report, eb_error *err)
{
    char *path = eb_stage_path(stage, "report.html"), *text = NULL;
    eb_status status = path ? eb_report_to_html(report, &text, err) : eb_error_memory(err);

    if (status == EB_OK) status = eb_file_write(path, text, strlen(text), err);
    free(text);
    free(path);
    return status;
}

static eb_status write_web_map(const eb_stage *stage, const eb_report *report, const eb_env *env, eb_error *err)
{
    char *path = eb_stage_path(stage, "map.html"), *text = NULL;
    eb_status status = path ? eb_web_page(report, env, &text, err) : eb_error_memory(err);

    if (status == EB_OK) status = eb_file_write(path, text, strlen(text), err);
    free(text);
    free(path);
    if (status != EB_REFUSED) return status;
    /* Nothing to show, or coordinates that cannot be brought to degrees: the other files say as much and more. */
    eb_env_log(env, EB_LOG_WARNING, "no web map is written: %s", err && err->message[0] ? err->message : _("no layer has a place to show"));
    return EB_OK;
}

/** With the list of the files, by which a later run knows what of the folder it may replace. */
static eb_status write_record(const eb_stage *stage, const eb_report *report, eb_error *err)
{
    eb_former files = {0};
    eb_status status = eb_former_survey(eb_stage_folder(stage), &files, err);
    char *json = status == EB_OK ? eb_former_to_json(&files, report->run_json) : NULL;
    char *path = eb_stage_path(stage, "run.json");

    if (status == EB_OK) status = path && json ? eb_file_write(path, json, strlen(json), err) : eb_error_memory(err);
    eb_former_clear(&files);
    free(json);
    free(path);
    return status;
}

static eb_status commit(eb_stage *stage, const eb_env *env, eb_error *err)
{
    eb_carried carried = {0};
    const eb_status status = eb_stage_commit(stage, &carried, err);

    if (status == EB_OK && carried.kept)
        eb_env_log(env, EB_LOG_WARNING, "%zu files in the folder were not made by the earlier run, or changed since, and are kept: %s",
                   carried.kept, eb_string_get(&carried.names));
    if (status == EB_OK && carried.gone)
        eb_env_log(env, EB_LOG_WARNING, "%zu files of the earlier run are gone, for this one does not make them: %s", carried.gone,
                   eb_string_get(&carried.losses));
    eb_carried_clear(&carried);
    return status;
}

eb_status eb_report_write(const eb_report *report, const char *folder, unsigned formats, bool overwrite, const eb_env *env, eb_error *err)
{
    eb_stage *stage = NULL;
    eb_status status = eb_stage_new(folder, overwrite, report->only, &stage, err);

    if (status == EB_OK && (formats & EB_FORMAT_CSV)) status = write_tables(stage, report, env, err);
    if (status == EB_OK && (formats & EB_FORMAT_XLSX)) status = write_workbook(stage, report, err);
    if (status == EB_OK && (formats & EB_FORMAT_GEOJSON)) status = write_maps(stage, report, env, err);
    if (status == EB_OK && (formats & EB_FORMAT_GPX)) status = write_guides(stage, report, err);
    if (status == EB_OK && (formats & (EB_FORMAT_GPKG | EB_FORMAT_QGZ))) status = write_package(stage, report, env, err);
    if (status == EB_OK && (formats & EB_FORMAT_QGZ)) status = write_project(stage, report, env, err);
    if (status == EB_OK && (formats & EB_FORMAT_HTML)) status = write_page(stage, report, err);
    if (status == EB_OK && (formats & EB_FORMAT_MAP)) status = write_web_map(stage, report, env, err);
    if (status == EB_OK) status = write_record(stage, report, err);
    if (status == EB_OK) status = eb_env_check(env, err);
    if (status != EB_OK) {
        eb_stage_abort(stage);
        return status;
    }
    return commit(stage, env, err);
}
