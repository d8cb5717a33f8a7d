/* The files that a run read, with their digests. */
#include "plan/inputs.h"

#include "base/sha256.h"
#include "base/translate.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static const eb_column columns[] = {
    [EB_INPUT_LAYER] = {.name = "layer", .type = EB_COLUMN_TEXT, .decimals = -1, .role = EB_ROLE_KEY},
    [EB_INPUT_TITLE] = {.name = "title", .type = EB_COLUMN_TEXT, .decimals = -1},
    [EB_INPUT_FEATURES] = {.name = "features", .type = EB_COLUMN_INTEGER, .decimals = 0},
    [EB_INPUT_CRS] = {.name = "crs", .type = EB_COLUMN_TEXT, .decimals = -1},
    [EB_INPUT_STATUS] = {.name = "status", .type = EB_COLUMN_TEXT, .decimals = -1},
    [EB_INPUT_SOURCE] = {.name = "source", .type = EB_COLUMN_TEXT, .decimals = -1},
    [EB_INPUT_FILE] = {.name = "file", .type = EB_COLUMN_TEXT, .decimals = -1},
    [EB_INPUT_BYTES] = {.name = "bytes", .type = EB_COLUMN_INTEGER, .decimals = 0},
    [EB_INPUT_SHA256] = {.name = "sha256", .type = EB_COLUMN_TEXT, .decimals = -1},
};

/** One layer's files on their way into the table. */
typedef struct lister {
    eb_table *table;
    const eb_run *run;
    size_t layer;
} lister;

/** A row for another file of the layer. */
static size_t add_row(lister *list)
{
    const eb_plan_layer *layer = &list->run->plan->layers[list->layer];
    const eb_layer *read = list->run->inputs[list->layer];
    const size_t row = eb_table_add_row(list->table);

    eb_table_set_text(list->table, row, EB_INPUT_LAYER, layer->id);
    eb_table_set_text(list->table, row, EB_INPUT_TITLE, eb_words_in(&layer->title, list->run->lang, layer->id));
    if (read) eb_table_set_integer(list->table, row, EB_INPUT_FEATURES, (int64_t)eb_layer_count(read));
    eb_table_set_text(list->table, row, EB_INPUT_CRS, layer->schema->crs ? eb_crs_info_get(layer->schema->crs)->code : NULL);
    if (layer->schematic) eb_table_set_text(list->table, row, EB_INPUT_STATUS, eb_run_word(list->run, "schematic"));
    eb_table_set_text(list->table, row, EB_INPUT_SOURCE, eb_translate(layer->source));
    return row;
}

/** One file with its digest. A file that has gone since is said to be unreadable: the record must not fail for it. */
static void add_file(lister *list, const char *path)
{
    const char *slash = strrchr(path, '/');
    char digest[EB_SHA256_TEXT];
    uint64_t size = 0;
    const size_t row = add_row(list);

    eb_table_set_text(list->table, row, EB_INPUT_FILE, slash ? slash + 1 : path);
    if (eb_sha256_file(path, digest, &size, NULL) != EB_OK) return;
    eb_table_set_integer(list->table, row, EB_INPUT_BYTES, (int64_t)size);
    eb_table_set_text(list->table, row, EB_INPUT_SHA256, digest);
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
static void add_folder(lister *list, const char *folder, const char *stem)
{
    struct dirent **entries = NULL;
    const int count = scandir(*folder ? folder : ".", &entries, NULL, by_name);

    for (int i = 0; i < count; i++) {
        struct stat info;
        eb_string path = {0};
        eb_string_addf(&path, "%s%s%s", folder, *folder && folder[strlen(folder) - 1] != '/' ? "/" : "", entries[i]->d_name);
        const bool wanted = !stem || is_shapefile_part(entries[i]->d_name, stem);
        if (wanted && !path.failed && stat(path.data, &info) == 0 && S_ISREG(info.st_mode)) add_file(list, path.data);
        eb_string_clear(&path);
        free(entries[i]);
    }
    free(entries);
}

/** Every file behind one name. Nothing for a database or a file inside an archive: they have no path of their own. */
static void add_files(lister *list, const char *name)
{
    char *path = eb_text_dup(name);
    char *bar = path ? strchr(path, '|') : NULL;
    struct stat info;

    if (bar) *bar = '\0';
    if (path && stat(path, &info) == 0) {
        char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
        if (S_ISDIR(info.st_mode)) {
            add_folder(list, path, NULL);
        } else if (dot && strcasecmp(dot, ".shp") == 0) {
            char *stem = eb_text_dup(slash ? slash + 1 : path);
            if (stem) stem[strlen(stem) - 4] = '\0';
            if (slash) {
                slash[1] = '\0';
            } else {
                path[0] = '\0';
            }
            if (stem) add_folder(list, path, stem);
            free(stem);
        } else {
            add_file(list, path);
        }
    }
    free(path);
}

eb_table *eb_run_inputs(const eb_run *run)
{
    eb_table *table = eb_table_new("inputs", eb_run_word(run, "Inputs"));

    for (size_t c = 0; table && c < sizeof columns / sizeof columns[0]; c++) eb_table_add_column(table, &columns[c]);
    for (size_t i = 0; table && i < run->plan->layer_count; i++) {
        const eb_plan_layer *layer = &run->plan->layers[i];
        lister list = {table, run, i};
        const size_t before = eb_table_row_count(table);
        if (!run->used[i]) continue;
        for (size_t k = 0; k < layer->name_count; k++) add_files(&list, layer->names[k]);
        if (eb_table_row_count(table) == before) add_row(&list); /* a database: no file of its own */
    }
    return table;
}
