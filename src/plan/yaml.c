/* YAML by libfyaml, with the place of every word. */
#include "plan/node.h"
#include "base/translate.h"

#include <errno.h>
#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/** A plan is written by people: more than this is no plan. */
enum { MAX_BYTES = 1 << 20, MAX_DEPTH = 16, MAX_NODES = 100000 };

typedef struct reader {
    struct fy_parser *parser;
    const char *file;
    size_t nodes;
    eb_error *err;
} reader;

static eb_status refuse(const reader *in, int line, int column, const char *message)
{
    eb_error_set(in->err, EB_USAGE, "%s", eb_translate(message));
    eb_error_where(in->err, in->file, NULL, EB_NO_FID);
    if (in->err) {
        in->err->line = line;
        in->err->column = column;
    }
    return EB_USAGE;
}

static eb_status refuse_at(const reader *in, const struct fy_event *event, const char *message)
{
    const struct fy_mark *mark = fy_event_start_mark((struct fy_event *)event);
    return refuse(in, mark ? mark->line + 1 : 0, mark ? mark->column + 1 : 0, message);
}

/** What the library says went wrong, in its words, with its place. */
static eb_status refuse_syntax(const reader *in)
{
    struct fy_diag *diag = fy_parser_get_diag(in->parser);
    void *state = NULL;
    const struct fy_diag_error *first = diag ? fy_diag_errors_iterate(diag, &state) : NULL;
    char message[256];
    int line = 0, column = 0;
    bool tab = false, twice = false;

    snprintf(message, sizeof message, "%s", _("this is not YAML"));
    if (first) {
        snprintf(message, sizeof message, _("this is not YAML: %s"), first->msg);
        eb_text_trim_utf8(message, sizeof message);
        line = first->line;
        column = first->column;
        tab = strstr(first->msg, "tab");
        twice = strstr(first->msg, "duplicate");
    }
    if (diag) fy_diag_unref(diag);
    refuse(in, line, column, message);
    if (tab)
        eb_error_hint(in->err, "indent with blanks, not with the tab key");
    else if (twice)
        eb_error_hint(in->err, "each key may stand once");
    else
        eb_error_hint(in->err, "check the indentation and the quotes on this line and the one above");
    return EB_USAGE;
}

/** Next event, NULL with the error set in *status. Anchors, aliases and tags are refused here: a plan has no use for them. */
static struct fy_event *next_event(reader *in, eb_status *status)
{
    struct fy_event *event = fy_parser_parse(in->parser);
    const char *why = NULL;

    if (!event || fy_parser_get_stream_error(in->parser)) {
        if (event) fy_parser_event_free(in->parser, event);
        *status = refuse_syntax(in);
        return NULL;
    }
    if (event->type == FYET_ALIAS) why = N_("aliases (*name) are not used in a plan");
    if (event->type == FYET_SCALAR && event->scalar.anchor) why = N_("anchors (&name) are not used in a plan");
    if (event->type == FYET_SCALAR && event->scalar.tag) why = N_("tags (!name) are not used in a plan");
    if (event->type == FYET_SEQUENCE_START && event->sequence_start.anchor) why = N_("anchors (&name) are not used in a plan");
    if (event->type == FYET_SEQUENCE_START && event->sequence_start.tag) why = N_("tags (!name) are not used in a plan");
    if (event->type == FYET_MAPPING_START && event->mapping_start.anchor) why = N_("anchors (&name) are not used in a plan");
    if (event->type == FYET_MAPPING_START && event->mapping_start.tag) why = N_("tags (!name) are not used in a plan");
    if (!why) return event;
    *status = refuse_at(in, event, why);
    eb_error_hint(in->err, "write the value out where it is needed; a text that begins with this character needs quotes");
    fy_parser_event_free(in->parser, event);
    return NULL;
}

static eb_status read_scalar(reader *in, const struct fy_event *event, eb_node *node)
{
    size_t size = 0;
    const char *text = fy_token_get_text(event->scalar.value, &size);
    if (!text) size = 0;

    const enum fy_scalar_style style = fy_token_scalar_style(event->scalar.value);
    node->quoted = style != FYSS_PLAIN;
    /* The library's mark stands behind the opening quote. */
    if ((style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED) && node->column > 1) node->column--;
    if (size && memchr(text, '\0', size)) return refuse(in, node->line, node->column, "a text holds a zero byte");
    node->kind = EB_NODE_TEXT;
    node->text = malloc(size + 1);
    if (!node->text) return eb_error_memory(in->err);
    if (size) memcpy(node->text, text, size);
    node->text[size] = '\0';
    if (!node->quoted && (!size || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0)) node->kind = EB_NODE_NULL;
    return EB_OK;
}

static eb_status read_node(reader *in, struct fy_event *event_take, int depth, eb_node **out);

static eb_status read_items(reader *in, eb_node *list, int depth)
{
    eb_status status = EB_OK;

    while (status == EB_OK) {
        eb_node *item = NULL;
        struct fy_event *event = next_event(in, &status);
        if (!event) break;
        if (event->type == FYET_SEQUENCE_END) {
            fy_parser_event_free(in->parser, event);
            break;
        }
        status = read_node(in, event, depth + 1, &item);
        if (status == EB_OK && !eb_node_append(list, item)) status = eb_error_memory(in->err);
    }
    return status;
}

/** A key: a plain text that the map has not yet. */
static eb_status check_key(const reader *in, const eb_node *map, const eb_node *key)
{
    char message[256];

    if (key->kind != EB_NODE_TEXT || !*key->text) return refuse(in, key->line, key->column, "a key must be a text");
    const eb_node *earlier = eb_node_get(map, key->text);
    if (!earlier) return EB_OK;
    snprintf(message, sizeof message, _("the key '%.100s' stands here twice; the first one is on line %d"), key->text, earlier->key_line);
    return refuse(in, key->line, key->column, message);
}

static eb_status read_member(reader *in, eb_node *map, struct fy_event *event_take, int depth)
{
    eb_node *key = NULL, *value = NULL;
    eb_status status = read_node(in, event_take, depth + 1, &key);

    if (status == EB_OK) status = check_key(in, map, key);
    if (status == EB_OK) {
        struct fy_event *event = next_event(in, &status);
        if (event) status = read_node(in, event, depth + 1, &value);
    }
    if (status == EB_OK && value) {
        value->key = key->text;
        value->key_line = key->line;
        value->key_column = key->column;
        key->text = NULL;
        if (value->line == 0) {
            value->line = key->line;
            value->column = key->column;
        }
        if (!eb_node_append(map, value)) status = eb_error_memory(in->err);
        value = NULL;
    }
    eb_node_free(key);
    eb_node_free(value);
    return status;
}

static eb_status read_members(reader *in, eb_node *map, int depth)
{
    eb_status status = EB_OK;

    while (status == EB_OK) {
        struct fy_event *event = next_event(in, &status);
        if (!event) break;
        if (event->type == FYET_MAPPING_END) {
            fy_parser_event_free(in->parser, event);
            break;
        }
        status = read_member(in, map, event, depth);
    }
    return status;
}

static eb_status read_node(reader *in, struct fy_event *event, int depth, eb_node **out)
{
    const enum fy_event_type type = event->type;
    eb_status status = EB_OK;
    eb_node *node = NULL;

    if (depth > MAX_DEPTH) status = refuse_at(in, event, "nested too deeply for a plan");
    if (status == EB_OK && ++in->nodes > MAX_NODES) status = refuse_at(in, event, "too many values for a plan");
    if (status == EB_OK && !(node = eb_node_new(EB_NODE_NULL))) status = eb_error_memory(in->err);
    if (status == EB_OK) {
        const struct fy_mark *mark = fy_event_start_mark(event);
        node->line = mark ? mark->line + 1 : 0;
        node->column = mark ? mark->column + 1 : 0;
        if (type == FYET_SCALAR) status = read_scalar(in, event, node);
    }
    fy_parser_event_free(in->parser, event);
    if (status == EB_OK && type == FYET_SEQUENCE_START) {
        node->kind = EB_NODE_LIST;
        status = read_items(in, node, depth);
    } else if (status == EB_OK && type == FYET_MAPPING_START) {
        node->kind = EB_NODE_MAP;
        status = read_members(in, node, depth);
    }
    if (status != EB_OK) {
        eb_node_free(node);
        return status;
    }
    *out = node;
    return EB_OK;
}

/** The one document of the stream. */
static eb_status read_document(reader *in, eb_node **out)
{
    eb_status status = EB_OK;
    bool ended = false;

    while (status == EB_OK && !ended) {
        struct fy_event *event = next_event(in, &status);
        if (!event) break;
        switch (event->type) {
        case FYET_STREAM_END:
            ended = true; /* fall through */
        case FYET_STREAM_START:
        case FYET_DOCUMENT_START:
        case FYET_DOCUMENT_END:
            fy_parser_event_free(in->parser, event);
            continue;
        default:
            break;
        }
        if (*out) {
            status = refuse_at(in, event, "a second document begins here; a plan is one document");
            fy_parser_event_free(in->parser, event);
        } else {
            status = read_node(in, event, 0, out);
        }
    }
    if (status == EB_OK && !*out) *out = eb_node_new(EB_NODE_NULL);
    return status == EB_OK && !*out ? eb_error_memory(in->err) : status;
}

/** Line and column (in characters) of a byte. */
static void place_of(const char *text, size_t at, int *line, int *column)
{
    *line = *column = 1;
    for (size_t i = 0; i < at; i++) {
        if (text[i] == '\n') {
            ++*line;
            *column = 1;
        } else if (((unsigned char)text[i] & 0xc0) != 0x80) {
            ++*column;
        }
    }
}

/** Bytes that no plan has: zeros, text in another encoding. The library would stop at them with less to say. */
static eb_status check_bytes(const reader *in, const char *text, size_t size)
{
    int line, column;
    const char *odd = NULL;

    for (size_t i = 0; i < size && !odd; i++) {
        if ((unsigned char)text[i] < 0x20 && text[i] != '\t' && text[i] != '\n' && text[i] != '\r') odd = &text[i];
    }
    if (size >= 2 && ((text[0] == '\xFF' && text[1] == '\xFE') || (text[0] == '\xFE' && text[1] == '\xFF'))) {
        refuse(in, 1, 1, "the file is UTF-16");
        eb_error_hint(in->err, "save it as UTF-8");
        return EB_USAGE;
    }
    if (odd) {
        place_of(text, (size_t)(odd - text), &line, &column);
        return refuse(in, line, column,
                      *odd ? "there is a control character here; a plan is text" : "there is a zero byte here; a plan is text");
    }
    if (eb_text_is_utf8(text, size)) return EB_OK;
    size_t good = 0;
    for (size_t step = size; step > 0; step /= 2) { /* the longest good beginning, up to a cut character */
        while (good + step <= size && eb_text_is_utf8(text, good + step)) good += step;
    }
    place_of(text, good, &line, &column);
    refuse(in, line, column, "the text is not UTF-8 from here on");
    eb_error_hint(in->err, "save the plan as UTF-8 (in Notepad: Save as, Encoding UTF-8); it is probably GBK now");
    return EB_USAGE;
}

eb_status eb_yaml_parse(const char *text, size_t size, const char *file, eb_node **out, eb_error *err)
{
    const struct fy_diag_cfg quiet = {.level = FYET_ERROR, .module_mask = ~0U};
    struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_ALLOW_DUPLICATE_KEYS | FYPCF_JSON_NONE};
    reader in = {.file = file, .err = err};
    eb_status status;

    *out = NULL;
    status = check_bytes(&in, text, size);
    if (status != EB_OK) return status;
    cfg.diag = fy_diag_create(&quiet);
    if (!cfg.diag) return eb_error_memory(err);
    fy_diag_set_collect_errors(cfg.diag, true);
    in.parser = fy_parser_create(&cfg);
    if (!in.parser || fy_parser_set_string(in.parser, text, size) != 0) {
        status = eb_error_memory(err);
    } else {
        status = read_document(&in, out);
    }
    if (in.parser) fy_parser_destroy(in.parser);
    fy_diag_destroy(cfg.diag); /* fy_diag_unref() would leave the collected errors behind */
    if (status != EB_OK) {
        eb_node_free(*out);
        *out = NULL;
    }
    return status;
}

static eb_status cannot_read(const char *file, int code, eb_error *err)
{
    char reason[128] = "";

    if (strerror_r(code, reason, sizeof reason) != 0) snprintf(reason, sizeof reason, _("error %d"), code);
    eb_error_set(err, EB_INPUT, "cannot read the plan: %s", eb_translate(reason));
    eb_error_where(err, file, NULL, EB_NO_FID);
    if (code == ENOENT || code == ENOTDIR)
        eb_error_hint(err, "check the name and the folder; layers/quzhou.yaml in the source is a complete plan to start from");
    else if (code == EISDIR)
        eb_error_hint(err, "name the plan file in this folder");
    else
        eb_error_hint(err, "make the file readable for your account");
    return EB_INPUT;
}

eb_status eb_yaml_read(const char *file, eb_node **out, char **bytes, size_t *size, eb_error *err)
{
    struct stat info;
    eb_status status;

    *out = NULL;
    FILE *in = fopen(file, "rb");
    if (!in) return cannot_read(file, errno, err);
    char *text = malloc(MAX_BYTES + 1);
    const bool folder = fstat(fileno(in), &info) == 0 && S_ISDIR(info.st_mode);
    const size_t got = text && !folder ? fread(text, 1, MAX_BYTES + 1, in) : 0;
    if (!text) {
        status = eb_error_memory(err);
    } else if (folder || ferror(in)) {
        status = cannot_read(file, folder ? EISDIR : EIO, err);
    } else if (got > MAX_BYTES) {
        eb_error_set(err, EB_USAGE, "this is larger than 1 MiB, so it is no plan");
        eb_error_where(err, file, NULL, EB_NO_FID);
        status = EB_USAGE;
    } else {
        status = eb_yaml_parse(text, got, file, out, err);
    }
    fclose(in);
    if (status == EB_OK && bytes) {
        *bytes = text;
        *size = got;
        text = NULL;
    }
    free(text);
    return status;
}
