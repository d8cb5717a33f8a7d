/* What a command reads must not be what it writes: an output takes the place of its file, and whatever else is in that is gone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "cli/out.h"

enum { PATH_SIZE = 4096 };

static bool is_same(const char *a, const char *b)
{
    struct stat first, second;
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

/* The files that go by this name: itself, then the other parts of a shapefile. False past the last. */
static bool part_at(const char *file, size_t i, char *part, size_t size)
{
    static const char *const endings[] = {".shp", ".shx", ".dbf", ".prj", ".cpg"};
    const char *dot = strrchr(file, '.');
    const bool shapefile = dot && (eb_text_same(dot, ".shp") || eb_text_same(dot, ".dbf") || eb_text_same(dot, ".shx"));
    if (i == 0) eb_text_copy(part, size, file);
    if (i > 0 && shapefile && i <= sizeof endings / sizeof *endings)
        snprintf(part, size, "%.*s%s", (int)(dot - file), file, endings[i - 1]);
    return i == 0 || (shapefile && i <= sizeof endings / sizeof *endings);
}

static bool share_a_file(const char *output, const char *input)
{
    char out[PATH_SIZE], in[PATH_SIZE];
    for (size_t o = 0; part_at(output, o, out, sizeof out); o++)
        for (size_t i = 0; part_at(input, i, in, sizeof in); i++)
            if (is_same(out, in)) return true;
    return false;
}

/* "file.gpkg|layername=roads" and "name=file.gpkg" are read from file.gpkg. */
static bool reads(const char *value, const char *output)
{
    char path[PATH_SIZE];
    eb_text_copy(path, sizeof path, value);
    char *bar = strchr(path, '|'), *equals = strchr(path, '=');
    if (bar) *bar = '\0';
    return share_a_file(output, path) || (equals && (!bar || equals < bar) && share_a_file(output, equals + 1));
}

eb_status eb_out_refuse_input(const eb_args *args, const char *output, eb_error *err)
{
    size_t count = 0;
    const eb_param *params = args ? eb_args_params(args, &count) : NULL;
    for (size_t p = 0; p < count; p++) {
        if (params[p].type != EB_PARAM_LAYER && params[p].type != EB_PARAM_FILE) continue;
        for (size_t i = 0; i < eb_args_count(args, params[p].key); i++) {
            const char *value = eb_args_text_at(args, params[p].key, i);
            /* A file to write may itself be a parameter, as that of a record is. */
            if (!value || value == output || !reads(value, output)) continue;
            eb_error_set(err, EB_USAGE, "the output \"%s\" is what the command reads: \"%s\" would be lost", output, value);
            eb_error_hint(err, "write to another file; --overwrite does not replace an input");
            return EB_USAGE;
        }
    }
    return EB_OK;
}
