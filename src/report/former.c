/* The files that a run wrote: their list in run.json. */
#include "report/former.h"

#include "base/array.h"
#include "report/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char list_begins[] = ",\n\"files\":[", list_ends[] = "]}\n";
static const char plain_key[] = "sha256", package_key[] = "sha256_from_byte_100";

void eb_former_clear(eb_former *former)
{
    for (size_t i = 0; i < former->count; i++) free(former->files[i].name);
    free(former->files);
    free(former->only);
    *former = (eb_former){0};
}

static bool is_package(const char *name)
{
    const size_t size = strlen(name);
    return size > 5 && strcmp(name + size - 5, ".gpkg") == 0;
}

static bool add_file(eb_former *former, const char *name, size_t size, const char *digest)
{
    if (!eb_array_reserve(&former->files, &former->capacity, former->count + 1, sizeof *former->files)) return false;
    eb_written *file = &former->files[former->count];
    file->name = strndup(name, size);
    if (!file->name) return false;
    eb_text_copy(file->digest, sizeof file->digest, digest);
    former->count++;
    return true;
}

static eb_status digest_file(const char *path, char digest[EB_SHA256_TEXT], eb_error *err)
{
    enum { CHUNK = 1 << 16, HEADER = 100 };
    if (!is_package(path)) return eb_sha256_file(path, digest, NULL, err);
    FILE *in = fopen(path, "rb");
    uint8_t *chunk = malloc(CHUNK);
    eb_sha256 sum;
    eb_status status = chunk ? EB_OK : eb_error_memory(err);
    eb_sha256_begin(&sum);
    if (status == EB_OK && (!in || fseek(in, HEADER, SEEK_SET) != 0)) status = EB_INPUT;
    for (size_t got = 0; status == EB_OK && (got = fread(chunk, 1, CHUNK, in)) > 0;) eb_sha256_add(&sum, chunk, got);
    if (status == EB_INPUT || (status == EB_OK && ferror(in))) {
        status = eb_error_set(err, EB_INPUT, "cannot be read");
        eb_error_where(err, path, NULL, EB_NO_FID);
    }
    eb_sha256_end(&sum, digest);
    if (in) fclose(in);
    free(chunk);
    return status;
}

static eb_status survey_entry(const char *folder, const char *name, eb_former *former, eb_error *err);

/* All of a folder inside the run's: "" is that itself. */
static eb_status survey_folder(const char *folder, const char *inside, eb_former *former, eb_error *err)
{
    char *path = eb_file_path(folder, inside);
    DIR *dir = path ? opendir(path) : NULL;
    eb_status status = path ? EB_OK : eb_error_memory(err);

    for (struct dirent *entry = dir ? readdir(dir) : NULL; entry && status == EB_OK; entry = readdir(dir)) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        char *name = eb_file_path(inside, entry->d_name);
        status = name ? survey_entry(folder, name, former, err) : eb_error_memory(err);
        free(name);
    }
    if (dir) closedir(dir);
    free(path);
    return status;
}

static eb_status survey_entry(const char *folder, const char *name, eb_former *former, eb_error *err)
{
    char digest[EB_SHA256_TEXT];
    struct stat info;
    char *path = eb_file_path(folder, name);
    eb_status status = path ? EB_OK : eb_error_memory(err);

    if (path && lstat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        status = survey_folder(folder, name, former, err);
    } else if (path) {
        status = digest_file(path, digest, err);
        if (status == EB_OK && !add_file(former, name, strlen(name), digest)) status = eb_error_memory(err);
    }
    free(path);
    return status;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const eb_written *)a)->name, ((const eb_written *)b)->name);
}

eb_status eb_former_survey(const char *folder, eb_former *former, eb_error *err)
{
    const eb_status status = survey_folder(folder, "", former, err);
    if (former->count) qsort(former->files, former->count, sizeof *former->files, by_name);
    return status;
}

const eb_written *eb_former_find(const eb_former *former, const char *name)
{
    const eb_written wanted = {.name = (char *)(uintptr_t)name};
    return former->count ? bsearch(&wanted, former->files, former->count, sizeof *former->files, by_name) : NULL;
}

bool eb_former_unchanged(const char *folder, const eb_written *file)
{
    char digest[EB_SHA256_TEXT];
    struct stat info;
    char *path = eb_file_path(folder, file->name);
    const bool same = path && lstat(path, &info) == 0 && S_ISREG(info.st_mode) && digest_file(path, digest, NULL) == EB_OK &&
                      strcmp(digest, file->digest) == 0;
    free(path);
    return same;
}

char *eb_former_to_json(const eb_former *former, const char *run_json)
{
    const char *end = strrchr(run_json, '}');
    eb_string out = {0};

    eb_string_add_bytes(&out, run_json, end ? (size_t)(end - run_json) : strlen(run_json));
    eb_string_add(&out, list_begins);
    for (size_t i = 0; i < former->count; i++) {
        eb_string_add(&out, i ? ",\n{\"name\":" : "\n{\"name\":");
        eb_string_add_json(&out, former->files[i].name);
        eb_string_addf(&out, ",\"%s\":\"%s\"}", is_package(former->files[i].name) ? package_key : plain_key, former->files[i].digest);
    }
    eb_string_add(&out, list_ends);
    return eb_string_take(&out);
}

/* --- reading it --------------------------------------------------------------------------------------------------------------------- */

/* Step over @p text; false where it is not there. */
static bool skip(const char **at, const char *text)
{
    const size_t size = strlen(text);
    if (strncmp(*at, text, size) != 0) return false;
    *at += size;
    return true;
}

/* A text without escapes, as the names of files and steps are. */
static bool take_text(const char **at, const char **text, size_t *size)
{
    if (**at != '"') return false;
    *text = *at + 1;
    *size = strcspn(*text, "\"\\\n");
    *at = *text + *size;
    return skip(at, "\"");
}

static bool take_file(const char **at, eb_former *former)
{
    const char *name, *digest;
    size_t name_size, digest_size;
    if (!skip(at, "\n{\"name\":") || !take_text(at, &name, &name_size) || !skip(at, ",\"sha256")) return false;
    skip(at, "_from_byte_100");
    if (!skip(at, "\":") || !take_text(at, &digest, &digest_size) || !skip(at, "}")) return false;
    char text[EB_SHA256_TEXT] = "";
    if (digest_size != sizeof text - 1) return false;
    memcpy(text, digest, digest_size);
    return add_file(former, name, name_size, text);
}

static bool parse(const char *text, eb_former *former)
{
    const char *only = strstr(text, ",\"only\":"), *at = NULL, *value;
    size_t size;
    /* Quotes inside a value are escaped: what looks like the list is the list; the last one is the run's own. */
    for (const char *next = strstr(text, list_begins); next; next = strstr(next + 1, list_begins)) at = next;
    if (!only || !at || !skip(&only, ",\"only\":") || !skip(&at, list_begins)) return false;
    if (!skip(&only, "null")) {
        if (!take_text(&only, &value, &size) || !(former->only = strndup(value, size))) return false;
    }
    do {
        if (!take_file(&at, former)) return false;
    } while (skip(&at, ","));
    return strcmp(at, list_ends) == 0;
}

static char *read_text(const char *path)
{
    eb_string text = {0};
    char chunk[8192];
    FILE *in = fopen(path, "rb");

    for (size_t got = in ? fread(chunk, 1, sizeof chunk, in) : 0; got > 0; got = fread(chunk, 1, sizeof chunk, in))
        eb_string_add_bytes(&text, chunk, got);
    const bool bad = !in || ferror(in) || (text.data && strlen(text.data) != text.size);
    if (in) fclose(in);
    if (!bad) return eb_string_take(&text);
    eb_string_clear(&text);
    return NULL;
}

eb_status eb_former_read(const char *folder, eb_former *former, eb_error *err)
{
    char *path = eb_file_path(folder, "run.json"), *text = path ? read_text(path) : NULL;
    const bool good = text && parse(text, former);

    if (good && former->count) qsort(former->files, former->count, sizeof *former->files, by_name);
    free(text);
    free(path);
    if (good) return EB_OK;
    eb_former_clear(former);
    eb_error_set(err, EB_OUTPUT,
                 "run.json of the earlier run does not say which files that run wrote, so that nothing here may be replaced");
    eb_error_where(err, folder, NULL, EB_NO_FID);
    eb_error_hint(err, "name another folder with --out, or move this one away");
    return EB_OUTPUT;
}
