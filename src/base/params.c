#include <ecobelt/params.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "base/translate.h"

/* The values of one parameter: the text as given and the number it means. */
typedef struct value {
    char **texts;
    double *numbers;
    size_t count, text_capacity, number_capacity;
    bool given; /* by the caller rather than by a default */
} value;

struct eb_args {
    const eb_param *params;
    size_t count;
    value *values;
};

eb_args *eb_args_new(const eb_param *params, size_t count)
{
    eb_args *args = calloc(1, sizeof *args);
    if (!args) return NULL;
    args->params = params;
    args->count = count;
    args->values = calloc(count ? count : 1, sizeof *args->values);
    if (args->values) return args;
    free(args);
    return NULL;
}

void eb_args_free(eb_args *args)
{
    if (!args) return;
    for (size_t p = 0; p < args->count; p++) {
        for (size_t i = 0; i < args->values[p].count; i++) free(args->values[p].texts[i]);
        free(args->values[p].texts);
        free(args->values[p].numbers);
    }
    free(args->values);
    free(args);
}

const eb_param *eb_args_params(const eb_args *args, size_t *count)
{
    if (count) *count = args->count;
    return args->params;
}

const eb_param *eb_params_find(const eb_param *params, size_t count, const char *key)
{
    for (size_t p = 0; p < count; p++)
        if (strcmp(params[p].key, key) == 0) return &params[p];
    return NULL;
}

const char *eb_param_option(const eb_param *param, char *buffer, size_t size)
{
    eb_text_copy(buffer, size, param->option ? param->option : param->key);
    for (char *p = buffer; *p; p++)
        if (*p == '_') *p = '-';
    return buffer;
}

static value *value_of(const eb_args *args, const char *key)
{
    const eb_param *param = eb_params_find(args->params, args->count, key);
    return param ? &args->values[param - args->params] : NULL;
}

/* What the user calls the parameter: its option, its metavar as an argument, in a plan its key. All three are close enough in words. */
static const char *name_of(const eb_param *param)
{
    return param->key;
}

static eb_status bad_value(const eb_param *param, const char *text, const char *want, eb_error *err)
{
    eb_error_set(err, EB_USAGE, "\"%s\" is no value for %s: %s", text, name_of(param), eb_translate(want));
    return EB_USAGE;
}

static eb_status check_range(const eb_param *param, const char *text, double number, eb_error *err)
{
    if (param->min == 0 && param->max == 0) return EB_OK;
    if (number >= param->min && number <= param->max) return EB_OK;
    char want[120], low[40], high[40];
    eb_text_from_real(low, sizeof low, param->min);
    eb_text_from_real(high, sizeof high, param->max);
    snprintf(want, sizeof want, _("it must lie between %s and %s"), low, high);
    return bad_value(param, text, want, err);
}

static eb_status read_choice(const eb_param *param, const char *text, eb_error *err)
{
    size_t length = strlen(text);
    for (const char *at = param->choices; at;) {
        const char *bar = strchr(at, '|');
        size_t size = bar ? (size_t)(bar - at) : strlen(at);
        if (length && size == length && strncmp(at, text, size) == 0) return EB_OK;
        at = bar ? bar + 1 : NULL;
    }
    char want[300];
    snprintf(want, sizeof want, _("choose one of %s"), param->choices);
    for (char *p = want; *p; p++)
        if (*p == '|') *p = ' ';
    return bad_value(param, text, want, err);
}

/* A plain number says nothing: which unit was meant is shown with it. */
static eb_status bad_area(const eb_param *param, const char *text, eb_error *err)
{
    double number;
    bad_value(param, text, "give a number with its unit: m2, ha, mu, wanmu or km2, as in 1000km2", err);
    if (eb_text_to_real(text, &number))
        eb_error_hint(err, "say which unit: %sm2, %sha, %smu or %skm2", text, text, text, text);
    else
        eb_error_hint(err, "for instance 100m2, 0.5ha, 30mu, 2wanmu, 1km2");
    return EB_USAGE;
}

static eb_status read_area(const eb_param *param, const char *text, double *number, eb_error *err)
{
    static const struct {
        const char *unit;
        double m2;
    } units[] = {{"km2", 1e6},  {"km²", 1e6},       {"平方公里", 1e6}, {"平方千米", 1e6},  {"ha", 1e4},
                 {"公顷", 1e4}, {"wanmu", 2e7 / 3}, {"万亩", 2e7 / 3}, {"mu", 2000.0 / 3}, {"亩", 2000.0 / 3},
                 {"m2", 1},     {"m²", 1},          {"平方米", 1}};
    size_t length = strlen(text);
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        size_t size = strlen(units[u].unit);
        if (length <= size || strcmp(text + length - size, units[u].unit) != 0) continue;
        char digits[64];
        const size_t figures = length - size - (length - size > 1 && text[length - size - 1] == ' ');
        snprintf(digits, sizeof digits, "%.*s", (int)figures, text);
        if (figures >= sizeof digits || !eb_text_to_real(digits, number)) break;
        *number *= units[u].m2;
        return check_range(param, text, *number, err);
    }
    return bad_area(param, text, err);
}

static eb_status read_number(const eb_param *param, const char *text, double *number, eb_error *err)
{
    int64_t whole = 0;
    if (param->type == EB_PARAM_INTEGER) {
        if (!eb_text_to_integer(text, &whole)) return bad_value(param, text, "give a whole number", err);
        *number = (double)whole;
    } else if (!eb_text_to_real(text, number)) {
        return bad_value(param, text, "give a number", err);
    }
    return check_range(param, text, *number, err);
}

/* Check one value and give the number it means (NaN for text). */
static eb_status read_value(const eb_param *param, const char *text, double *number, eb_error *err)
{
    *number = NAN;
    switch (param->type) {
    case EB_PARAM_FLAG:
        if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0) return bad_value(param, text, "give true or false", err);
        *number = strcmp(text, "true") == 0;
        return EB_OK;
    case EB_PARAM_INTEGER:
    case EB_PARAM_REAL:
        return read_number(param, text, number, err);
    case EB_PARAM_CHOICE:
        return read_choice(param, text, err);
    case EB_PARAM_AREA:
        return read_area(param, text, number, err);
    default:
        return *text ? EB_OK : bad_value(param, text, "it must not be empty", err);
    }
}

static eb_status append(value *v, const eb_param *param, const char *text, eb_error *err)
{
    double number;
    eb_status status = read_value(param, text, &number, err);
    if (status != EB_OK) return status;
    char *copy = eb_text_dup(text);
    if (!copy || !eb_array_reserve(&v->texts, &v->text_capacity, v->count + 1, sizeof *v->texts) ||
        !eb_array_reserve(&v->numbers, &v->number_capacity, v->count + 1, sizeof *v->numbers)) {
        free(copy);
        return eb_error_memory(err);
    }
    v->texts[v->count] = copy;
    v->numbers[v->count++] = number;
    return EB_OK;
}

static eb_status append_split(value *v, const eb_param *param, const char *text, eb_error *err)
{
    char *copy = eb_text_dup(text);
    if (!copy) return eb_error_memory(err);
    eb_status status = EB_OK;
    for (char *at = copy; at && status == EB_OK;) {
        char *comma = strchr(at, ',');
        if (comma) *comma = '\0';
        status = append(v, param, at, err);
        at = comma ? comma + 1 : NULL;
    }
    free(copy);
    return status;
}

eb_status eb_args_add(eb_args *args, const char *key, const char *text, bool split, eb_error *err)
{
    const eb_param *param = eb_params_find(args->params, args->count, key);
    if (!param) return eb_error_set(err, EB_INTERNAL, "no parameter \"%s\"", key);
    value *v = value_of(args, key);
    bool list = (param->flags & EB_PARAM_LIST) != 0;
    if (v->given && !list) return eb_error_set(err, EB_USAGE, "%s is given twice", name_of(param));
    v->given = true;
    return list && split ? append_split(v, param, text, err) : append(v, param, text, err);
}

eb_status eb_args_finish(eb_args *args, eb_error *err)
{
    for (size_t p = 0; p < args->count; p++) {
        const eb_param *param = &args->params[p];
        if (args->values[p].given) continue;
        if (param->def) {
            bool list = (param->flags & EB_PARAM_LIST) != 0;
            eb_status status =
                list ? append_split(&args->values[p], param, param->def, err) : append(&args->values[p], param, param->def, err);
            if (status != EB_OK) return status;
        } else if (param->flags & EB_PARAM_REQUIRED) {
            eb_error_set(err, EB_USAGE, "%s is missing", name_of(param));
            eb_error_hint(err, "%s: %s", name_of(param), param->help ? eb_translate(param->help) : "");
            return EB_USAGE;
        }
    }
    return EB_OK;
}

bool eb_args_has(const eb_args *args, const char *key)
{
    return eb_args_count(args, key) > 0;
}

size_t eb_args_count(const eb_args *args, const char *key)
{
    const value *v = value_of(args, key);
    return v ? v->count : 0;
}

const char *eb_args_text_at(const eb_args *args, const char *key, size_t i)
{
    const value *v = value_of(args, key);
    return v && i < v->count ? v->texts[i] : NULL;
}

const char *eb_args_text(const eb_args *args, const char *key)
{
    return eb_args_text_at(args, key, 0);
}

double eb_args_real_at(const eb_args *args, const char *key, size_t i)
{
    const value *v = value_of(args, key);
    return v && i < v->count ? v->numbers[i] : NAN;
}

double eb_args_real(const eb_args *args, const char *key)
{
    return eb_args_real_at(args, key, 0);
}

int64_t eb_args_integer(const eb_args *args, const char *key)
{
    double number = eb_args_real(args, key);
    return isnan(number) ? 0 : (int64_t)number;
}

bool eb_args_flag(const eb_args *args, const char *key)
{
    return eb_args_real(args, key) == 1;
}
