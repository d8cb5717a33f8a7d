/* Conditions: read, checked, held against rows and features. */
#include "plan/where.h"

#include "base/array.h"
#include "base/text.h"
#include "base/translate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_NULL, OP_NOT_NULL } op;
typedef enum value_kind { VALUE_NONE, VALUE_NUMBER, VALUE_TEXT, VALUE_BOOLEAN } value_kind;

typedef struct condition {
    char *column;
    op op;
    value_kind kind;
    double number;
    char *text;
    bool flag;
} condition;

struct eb_where {
    condition *conditions;
    size_t count, capacity;
};

/** One word of the expression. */
typedef enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_QUOTED_NAME, TOKEN_TEXT, TOKEN_NUMBER, TOKEN_OP, TOKEN_BAD } token_kind;
typedef struct token {
    token_kind kind;
    const char *start;
    size_t size;
    char *text; /* quotes taken off; owned */
} token;

typedef struct scanner {
    const char *text, *at;
    token token;
    bool failed; /* out of memory */
} scanner;

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
}

/** Text between quotes, doubled quotes inside taken as one. NULL out of memory. */
static char *unquote(const char *start, size_t size, char quote)
{
    char *text = malloc(size + 1);
    size_t used = 0;

    for (size_t i = 0; text && i < size; i++) {
        text[used++] = start[i];
        if (start[i] == quote) i++;
    }
    if (text) text[used] = '\0';
    return text;
}

static void scan_quoted(scanner *in, char quote)
{
    const char *end = in->at + 1;

    while (*end && (*end != quote || end[1] == quote)) end += *end == quote ? 2 : 1;
    in->token.kind = *end ? (quote == '"' ? TOKEN_QUOTED_NAME : TOKEN_TEXT) : TOKEN_BAD;
    in->token.text = unquote(in->at + 1, (size_t)(end - in->at - 1), quote);
    if (!in->token.text) in->failed = true;
    in->at = *end ? end + 1 : end;
}

static void scan_word(scanner *in)
{
    const char *end = in->at;
    double number;

    if (*end == '+' || *end == '-') end++;
    while (is_name(*end) || *end == '.' || ((*end == '+' || *end == '-') && (end[-1] == 'e' || end[-1] == 'E'))) end++;
    if (end == in->at) end++;
    in->token.text = malloc((size_t)(end - in->at) + 1);
    if (!in->token.text) {
        in->failed = true;
        return;
    }
    memcpy(in->token.text, in->at, (size_t)(end - in->at));
    in->token.text[end - in->at] = '\0';
    if (eb_text_to_real(in->token.text, &number)) {
        in->token.kind = TOKEN_NUMBER;
    } else {
        bool name = is_name(*in->at);
        for (const char *c = in->at; c < end; c++) name = name && is_name(*c);
        in->token.kind = name ? TOKEN_NAME : TOKEN_BAD;
    }
    in->at = end;
}

static void next(scanner *in)
{
    free(in->token.text);
    in->token = (token){.kind = TOKEN_END};
    while (*in->at == ' ' || *in->at == '\t' || *in->at == '\n' || *in->at == '\r') in->at++;
    in->token.start = in->at;
    if (*in->at == '\0') return;
    if (*in->at == '\'' || *in->at == '"') {
        scan_quoted(in, *in->at);
    } else if (strchr("=!<>", *in->at)) {
        in->token.kind = TOKEN_OP;
        in->at += in->at[1] == '=' || (in->at[0] == '<' && in->at[1] == '>') ? 2 : 1;
    } else {
        scan_word(in);
    }
    in->token.size = (size_t)(in->at - in->token.start);
}

static bool is_word(const scanner *in, const char *word)
{
    return in->token.kind == TOKEN_NAME && eb_text_same(in->token.text, word);
}

static eb_status expected(const scanner *in, const char *what, eb_error *err)
{
    if (in->failed) return eb_error_memory(err);
    if (in->token.kind == TOKEN_END) {
        eb_error_set(err, EB_USAGE, "the condition \"%.200s\" ends where %s should stand", in->text, eb_translate(what));
    } else {
        eb_error_set(err, EB_USAGE, "the condition \"%.200s\" has '%.*s' where %s should stand", in->text, (int)in->token.size,
                     in->token.start, eb_translate(what));
    }
    eb_error_hint(err, "a condition looks like: width_m = 2000 and name = 'Qu Jiang'");
    return EB_USAGE;
}

static eb_status read_op(scanner *in, op *out, eb_error *err)
{
    static const struct {
        const char *text;
        op op;
    } ops[] = {{"=", OP_EQ}, {"==", OP_EQ}, {"!=", OP_NE}, {"<>", OP_NE}, {"<", OP_LT}, {"<=", OP_LE}, {">", OP_GT}, {">=", OP_GE}};

    if (is_word(in, "is")) {
        next(in);
        *out = OP_NULL;
        if (is_word(in, "not")) {
            *out = OP_NOT_NULL;
            next(in);
        }
        return is_word(in, "null") ? EB_OK : expected(in, "'null'", err);
    }
    for (size_t i = 0; in->token.kind == TOKEN_OP && i < sizeof ops / sizeof ops[0]; i++) {
        if (strlen(ops[i].text) == in->token.size && strncmp(ops[i].text, in->token.start, in->token.size) == 0) {
            *out = ops[i].op;
            return EB_OK;
        }
    }
    return expected(in, "=, <>, <, <=, >, >= or 'is null'", err);
}

static eb_status read_value(scanner *in, condition *found, eb_error *err)
{
    if (in->token.kind == TOKEN_NUMBER) {
        found->kind = VALUE_NUMBER;
        return eb_text_to_real(in->token.text, &found->number) ? EB_OK : expected(in, "a number", err);
    }
    if (in->token.kind == TOKEN_TEXT) {
        found->kind = VALUE_TEXT;
        found->text = in->token.text;
        in->token.text = NULL;
        return EB_OK;
    }
    if (is_word(in, "true") || is_word(in, "false")) {
        found->kind = VALUE_BOOLEAN;
        found->flag = is_word(in, "true");
        return found->op == OP_EQ || found->op == OP_NE ? EB_OK : expected(in, "a number or a text", err);
    }
    return expected(in, "a number, a text in single quotes, true or false", err);
}

static eb_status read_condition(scanner *in, condition *found, eb_error *err)
{
    if (in->token.kind != TOKEN_NAME && in->token.kind != TOKEN_QUOTED_NAME) return expected(in, "a column", err);
    found->column = in->token.text;
    in->token.text = NULL;
    next(in);
    eb_status status = read_op(in, &found->op, err);
    if (status != EB_OK) return status;
    next(in);
    if (found->op == OP_NULL || found->op == OP_NOT_NULL) return EB_OK;
    status = read_value(in, found, err);
    if (status == EB_OK) next(in);
    return status;
}

eb_status eb_where_parse(const char *text, eb_where **out, eb_error *err)
{
    scanner in = {.text = text, .at = text};
    eb_where *where = calloc(1, sizeof *where);
    eb_status status = where ? EB_OK : eb_error_memory(err);

    *out = NULL;
    next(&in);
    while (status == EB_OK) {
        if (!eb_array_reserve(&where->conditions, &where->capacity, where->count + 1, sizeof *where->conditions)) {
            status = eb_error_memory(err);
            break;
        }
        where->conditions[where->count] = (condition){0};
        status = read_condition(&in, &where->conditions[where->count++], err);
        if (status != EB_OK || in.token.kind == TOKEN_END) break;
        if (!is_word(&in, "and")) status = expected(&in, "'and' or the end", err);
        next(&in);
    }
    free(in.token.text);
    if (status == EB_OK && in.failed) status = eb_error_memory(err);
    if (status == EB_OK) {
        *out = where;
    } else {
        eb_where_free(where);
    }
    return status;
}

void eb_where_free(eb_where *where)
{
    if (!where) return;
    for (size_t i = 0; i < where->count; i++) {
        free(where->conditions[i].column);
        free(where->conditions[i].text);
    }
    free(where->conditions);
    free(where);
}

size_t eb_where_count(const eb_where *where)
{
    return where ? where->count : 0;
}

const char *eb_where_column_at(const eb_where *where, size_t i)
{
    return where->conditions[i].column;
}

/** What a condition is held against: one cell of a table or one attribute of a feature. */
typedef struct value {
    bool null, flag;
    double number;
    const char *text;
} value;

/** Whether a value of this kind can be compared with the column. */
static bool comparable(eb_column_type type, value_kind kind)
{
    if (kind == VALUE_NONE) return true;
    if (kind == VALUE_TEXT) return type == EB_COLUMN_TEXT;
    if (kind == VALUE_BOOLEAN) return type == EB_COLUMN_BOOLEAN;
    return type == EB_COLUMN_INTEGER || type == EB_COLUMN_REAL;
}

static eb_status check_kind(const condition *c, eb_column_type type, eb_error *err)
{
    static const char *const kinds[] = {[EB_COLUMN_TEXT] = N_("text"),
                                        [EB_COLUMN_INTEGER] = N_("whole numbers"),
                                        [EB_COLUMN_REAL] = N_("numbers"),
                                        [EB_COLUMN_BOOLEAN] = N_("true or false")};

    if (comparable(type, c->kind)) return EB_OK;
    eb_error_set(err, EB_USAGE, "the column '%s' holds %s and is compared with something else", c->column, eb_translate(kinds[type]));
    eb_error_hint(err, "a text stands in single quotes, a number does not");
    return EB_USAGE;
}

eb_status eb_where_check(const eb_where *where, const eb_table *table, eb_error *err)
{
    eb_status status = EB_OK;

    for (size_t i = 0; status == EB_OK && i < eb_where_count(where); i++) {
        const condition *c = &where->conditions[i];
        const int column = eb_table_find(table, c->column);
        if (column < 0) return eb_error_set(err, EB_USAGE, "the table '%s' has no column '%s'", eb_table_name(table), c->column);
        status = check_kind(c, eb_table_column_at(table, (size_t)column)->type, err);
    }
    return status;
}

static eb_column_type column_type_of(eb_field_type type)
{
    switch (type) {
    case EB_FIELD_INTEGER:
        return EB_COLUMN_INTEGER;
    case EB_FIELD_REAL:
        return EB_COLUMN_REAL;
    case EB_FIELD_BOOLEAN:
        return EB_COLUMN_BOOLEAN;
    case EB_FIELD_TEXT:
    case EB_FIELD_DATE:
    case EB_FIELD_TIME:
    case EB_FIELD_DATETIME:
        break;
    }
    return EB_COLUMN_TEXT;
}

eb_status eb_where_check_schema(const eb_where *where, const eb_schema *schema, eb_error *err)
{
    eb_status status = EB_OK;

    for (size_t i = 0; status == EB_OK && i < eb_where_count(where); i++) {
        const condition *c = &where->conditions[i];
        const int field = eb_schema_find(schema, c->column);
        if (field < 0) return eb_error_set(err, EB_USAGE, "the layer '%s' has no field '%s'", schema->name, c->column);
        status = check_kind(c, column_type_of(schema->fields[field].type), err);
    }
    return status;
}

/** Numbers that differ by rounding alone are equal. */
static int compare_numbers(double a, double b)
{
    if (fabs(a - b) <= 1e-12 * fmax(fabs(a), fabs(b))) return 0;
    return a < b ? -1 : 1;
}

static bool holds(const condition *c, const value *v)
{
    int order = 0;

    if (c->op == OP_NULL || c->op == OP_NOT_NULL) return v->null == (c->op == OP_NULL);
    if (v->null) return false;
    if (c->kind == VALUE_TEXT) order = strcmp(v->text, c->text);
    if (c->kind == VALUE_NUMBER) order = compare_numbers(v->number, c->number);
    if (c->kind == VALUE_BOOLEAN) order = v->flag != c->flag;
    switch (c->op) {
    case OP_EQ:
        return order == 0;
    case OP_NE:
        return order != 0;
    case OP_LT:
        return order < 0;
    case OP_LE:
        return order <= 0;
    case OP_GT:
        return order > 0;
    case OP_GE:
        return order >= 0;
    case OP_NULL:
    case OP_NOT_NULL:
        break;
    }
    return false;
}

bool eb_where_holds(const eb_where *where, const eb_table *table, size_t row)
{
    for (size_t i = 0; i < eb_where_count(where); i++) {
        const condition *c = &where->conditions[i];
        const int found = eb_table_find(table, c->column);
        if (found < 0) return false;
        const size_t column = (size_t)found;
        value v = {.null = eb_table_is_null(table, row, column)};
        if (!v.null && c->kind == VALUE_TEXT) v.text = eb_table_text_at(table, row, column);
        if (!v.null && c->kind == VALUE_NUMBER) v.number = eb_table_real_at(table, row, column);
        if (!v.null && c->kind == VALUE_BOOLEAN) v.flag = eb_table_boolean_at(table, row, column);
        if (!holds(c, &v)) return false;
    }
    return true;
}

bool eb_where_holds_feature(const eb_where *where, const eb_batch *batch, size_t i)
{
    for (size_t k = 0; k < eb_where_count(where); k++) {
        const condition *c = &where->conditions[k];
        const int found = eb_schema_find(batch->schema, c->column);
        if (found < 0) return false;
        const size_t field = (size_t)found;
        value v = {.null = eb_batch_is_null(batch, i, field)};
        if (!v.null && c->kind == VALUE_TEXT) v.text = eb_batch_text_at(batch, i, field);
        if (!v.null && c->kind == VALUE_NUMBER) v.number = eb_batch_real_at(batch, i, field);
        if (!v.null && c->kind == VALUE_BOOLEAN) v.flag = eb_batch_integer_at(batch, i, field) != 0;
        if (!holds(c, &v)) return false;
    }
    return true;
}
