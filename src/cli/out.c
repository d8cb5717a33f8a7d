#include "cli/out.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scratch.h"
#include "base/text.h"
#include "base/translate.h"
#include "cli/context.h"
#include "cli/signals.h"
#include "report/file.h"

static eb_status stdout_failed(eb_error *err)
{
    /* The reader (head, less) has seen enough: that is its right, and nothing went wrong. */
    if (errno == EPIPE) return EB_OK;
    eb_error_set(err, EB_OUTPUT, "standard output cannot be written: %s", eb_translate(strerror(errno)));
    eb_error_hint(err, "the result is incomplete; free some space or write it elsewhere with -o FILE");
    return EB_OUTPUT;
}

eb_status eb_cli_print(const char *text, eb_error *err)
{
    size_t size = strlen(text);
    errno = 0;
    return fwrite(text, 1, size, stdout) == size ? EB_OK : stdout_failed(err);
}

eb_status eb_cli_printf(eb_error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    errno = 0;
    int written = vprintf(eb_translate(format), args);
    va_end(args);
    return written >= 0 ? EB_OK : stdout_failed(err);
}

eb_status eb_out_finish(eb_error *err)
{
    errno = 0;
    bool failed = fflush(stdout) != 0;
    /* Some file systems tell of a full disk only on close. */
    if (!failed) failed = fclose(stdout) != 0;
    return failed ? stdout_failed(err) : EB_OK;
}

void eb_cli_note(const eb_cli *cli, const char *format, ...)
{
    if (cli->quiet) return;
    char line[1024];
    va_list args;
    va_start(args, format);
    eb_translate_into(line, sizeof line, format, args);
    va_end(args);
    eb_context_say(cli->env.user, line);
}

void eb_cli_tell(void *context, const eb_error *problem)
{
    eb_context_error(context, problem->code, problem);
}

void eb_out_lines(const eb_cli *cli, const char *text)
{
    eb_context *context = cli->env.user;
    if (!*text) return;
    eb_progress_clear(&context->progress);
    fputs(text, stderr);
    if (text[strlen(text) - 1] != '\n') fputc('\n', stderr);
}

static const char *extension(const char *file)
{
    const char *slash = strrchr(file, '/'), *dot = strrchr(slash ? slash + 1 : file, '.');
    return dot ? dot + 1 : "";
}

eb_table_format eb_out_table_format(const char *file)
{
    static const struct {
        const char *extension;
        eb_table_format format;
    } formats[] = {{"csv", EB_TABLE_CSV}, {"json", EB_TABLE_JSON}, {"md", EB_TABLE_MARKDOWN}};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (eb_text_same(extension(file), formats[i].extension)) return formats[i].format;
    }
    return EB_TABLE_NONE;
}

const char *eb_out_table_extensions(void)
{
    return ".csv, .json or .md";
}

char *eb_out_file_for(const char *file, const char *suffix)
{
    const char *dot = extension(file);
    size_t stem = *dot ? (size_t)(dot - 1 - file) : strlen(file);
    eb_string out = {0};
    eb_string_add_bytes(&out, file, stem);
    if (*suffix) eb_string_addf(&out, "_%s", suffix);
    eb_string_add(&out, file + stem);
    return eb_string_take(&out);
}

/* The folder a file stands in, "." where it says none. */
static void folder_of(const char *file, char *folder, size_t size)
{
    const char *slash = strrchr(file, '/');
    if (!slash)
        eb_text_copy(folder, size, ".");
    else
        snprintf(folder, size, "%.*s", slash == file ? 1 : (int)(slash - file), file);
}

eb_status eb_cli_check_output(const eb_cli *cli, const char *file, eb_error *err)
{
    char folder[4096];
    struct stat info;
    if (strcmp(file, "-") == 0) return EB_OK;
    if (!*file) return eb_error_set(err, EB_USAGE, "the output has no name");
    folder_of(file, folder, sizeof folder);
    eb_status status = EB_OK;
    if (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode)) {
        status = eb_error_set(err, EB_OUTPUT, "the folder \"%s\" does not exist", folder);
        eb_error_hint(err, "make it first: mkdir -p \"%s\"", folder);
    } else if (access(folder, W_OK | X_OK) != 0) {
        status = eb_error_set(err, EB_OUTPUT, "the folder \"%s\" cannot be written: %s", folder, eb_translate(strerror(errno)));
    } else if (stat(file, &info) == 0 && S_ISDIR(info.st_mode)) {
        status = eb_error_set(err, EB_OUTPUT, "\"%s\" is a folder", file);
    } else if ((status = eb_out_refuse_input(cli->own, file, err)) != EB_OK) {
        return status;
    } else if (!cli->overwrite && lstat(file, &info) == 0) {
        status = eb_error_set(err, EB_OUTPUT, "\"%s\" exists already", file);
        eb_error_hint(err, "give --overwrite to replace it");
    }
    if (status != EB_OK) eb_error_where(err, file, NULL, EB_NO_FID);
    return status;
}

eb_status eb_out_write_text(const eb_cli *cli, const char *file, const char *text, eb_error *err)
{
    eb_status status = eb_cli_check_output(cli, file, err);
    if (status != EB_OK) return status;
    if (strcmp(file, "-") == 0) return eb_cli_print(text, err);
    return eb_file_write(file, text, strlen(text), err);
}

char *eb_out_about_file(const char *csv)
{
    eb_string out = {0};
    eb_string_addf(&out, "%s.txt", csv);
    return eb_string_take(&out);
}

eb_status eb_out_check_csv(const eb_cli *cli, const char *file, eb_error *err)
{
    char *about = eb_out_about_file(file);
    eb_status status = about ? eb_cli_check_output(cli, file, err) : eb_error_memory(err);
    if (status == EB_OK) status = eb_cli_check_output(cli, about, err);
    free(about);
    return status;
}

eb_status eb_out_write_csv(const eb_cli *cli, const char *file, const eb_table *table, eb_error *err)
{
    char *about = eb_out_about_file(file);
    eb_status status = about ? eb_out_check_csv(cli, file, err) : eb_error_memory(err);
    if (status == EB_OK) status = eb_table_write_csv_about(table, cli->lang, file, about, err);
    free(about);
    return status;
}

eb_status eb_out_stream_open(const char *name, char **file, eb_error *err)
{
    eb_string whole = {0};
    *file = NULL;
    eb_string_addf(&whole, "%s.geojson", name);
    eb_status status = whole.failed ? eb_error_memory(err) : eb_scratch_name(eb_string_get(&whole), file, err);
    eb_string_clear(&whole);
    eb_signals_temporary(*file);
    return status;
}

void eb_out_stream_close(char *file)
{
    eb_signals_temporary(NULL);
    eb_scratch_remove(file);
}

eb_status eb_out_copy_to_stdout(const char *file, eb_error *err)
{
    char block[65536];
    eb_status status = EB_OK;
    FILE *in = fopen(file, "rb");
    size_t size = 0;
    while (in && status == EB_OK && (size = fread(block, 1, sizeof block, in)) > 0) {
        errno = 0;
        if (fwrite(block, 1, size, stdout) == size) continue;
        status = stdout_failed(err);
        break;
    }
    if (status == EB_OK && (!in || ferror(in)))
        status = eb_error_set(err, EB_OUTPUT, "the temporary result cannot be read: %s", eb_translate(strerror(errno)));
    if (in) fclose(in);
    return status;
}
