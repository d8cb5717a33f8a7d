/* What is asked of the area analysis, taken from its parameters. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/area/run.h"
#include "base/text.h"
#include "base/translate.h"

/* "ha:2" */
static eb_status take_round(const char *text, eb_area_request *ask, eb_error *err)
{
    char unit[32];
    const char *colon = strchr(text, ':');
    int64_t decimals = -1;
    if (colon && (size_t)(colon - text) < sizeof unit) {
        eb_text_copy(unit, (size_t)(colon - text) + 1, text);
        if (eb_area_unit_parse(unit, &ask->unit, err) != EB_OK) return EB_USAGE;
        if (eb_text_to_integer(colon + 1, &decimals) && decimals >= 0 && decimals <= 9) {
            ask->round = true;
            ask->level.decimals = (int)decimals;
            return EB_OK;
        }
    }
    eb_error_set(err, EB_USAGE, "\"%s\" is no way to round", text);
    eb_error_hint(err, "give unit and decimals, 0 to 9: --round ha:2");
    return EB_USAGE;
}

/* A control in a unit of its own that is no whole number of what is rounded to: said with both units. */
static eb_status check_decimals(const char *text, const eb_area_request *ask, eb_error *err)
{
    const double scaled = ask->level.control * pow(10, ask->level.decimals);
    const char *unit = eb_area_unit_name(ask->unit);
    if (fabs(scaled - rint(scaled)) <= 8 * 0x1p-52 * fabs(scaled)) return EB_OK;
    eb_error_set(err, EB_USAGE, "--control %s is %.15g %s, which has more than the %d decimals of --round %s:%d", text, ask->level.control,
                 unit, ask->level.decimals, unit, ask->level.decimals);
    eb_error_hint(err, "round in the unit of the control, or give the control in %s with no more than %d decimals", unit,
                  ask->level.decimals);
    return EB_USAGE;
}

/* "252.38" in the unit of --round, or "252.38km2". */
static eb_status take_control(const char *text, eb_area_request *ask, eb_error *err)
{
    double value;
    if (!ask->round) {
        eb_error_set(err, EB_USAGE, "a control total is for rounded areas");
        eb_error_hint(err, "say how they are rounded: --round ha:2 --control %s", text);
        return EB_USAGE;
    }
    if (eb_text_to_real(text, &value)) {
        ask->level.control = value;
        return EB_OK;
    }
    const size_t digits = strspn(text, "+-.0123456789eE");
    char number[64];
    eb_area_unit unit;
    if (digits > 0 && digits < sizeof number && eb_area_unit_parse(text + digits, &unit, NULL) == EB_OK) {
        eb_text_copy(number, digits + 1, text);
        if (eb_text_to_real(number, &value)) {
            ask->level.control = unit == ask->unit ? value : eb_area_from_m2(value * eb_area_unit_m2(unit), ask->unit);
            return isfinite(ask->level.control) ? check_decimals(text, ask, err) : EB_OK;
        }
    }
    eb_error_set(err, EB_USAGE, "\"%s\" is no control total", text);
    eb_error_hint(err, "give a number in the unit of --round, or with its own unit: 252.38km2");
    return EB_USAGE;
}

static eb_status want_round(const char *option, eb_error *err)
{
    eb_error_set(err, EB_USAGE, "--%s is for rounded areas", option);
    eb_error_hint(err, "say how they are rounded, as in --round ha:2");
    return EB_USAGE;
}

/* A total of nothing would level every area away. */
static eb_status check_control(const eb_area_request *ask, eb_error *err)
{
    if (isnan(ask->level.control) || ask->level.control > 0) return EB_OK;
    eb_error_set(err, EB_USAGE, "a control total of %g leaves nothing of the areas", ask->level.control);
    eb_error_hint(err, "give the total that the areas must meet");
    return EB_USAGE;
}

eb_status eb_area_check_together(const eb_args *args, const eb_area_request *ask, eb_error *err)
{
    const char *why = NULL, *hint = NULL;
    if (eb_args_has(args, "datum")) {
        why = N_("--datum is for map sheets: a layer has its own");
        hint = N_("leave it out, or convert the layer first");
    } else if (ask->yes_planar && ask->method != EB_AREA_PLANAR) {
        why = N_("--yes-planar is for --method planar");
        hint = N_("leave it out");
    } else if (ask->zone && (ask->method == EB_AREA_GEODESIC || ask->method == EB_AREA_PLANAR)) {
        why = N_("--zone is for official areas");
        hint = N_("leave out either --zone or --method");
    }
    if (!why) return EB_OK;
    eb_error_set(err, EB_USAGE, "%s", eb_translate(why));
    eb_error_hint(err, "%s", eb_translate(hint));
    return EB_USAGE;
}

eb_status eb_area_take_request(const eb_args *args, eb_area_request *ask, eb_error *err)
{
    *ask = (eb_area_request){.layer = eb_args_text(args, "layer"),
                             .where = eb_args_text(args, "where"),
                             .inside = eb_args_text(args, "inside"),
                             .by_count = eb_args_count(args, "by"),
                             .zone = eb_args_has(args, "zone") ? (int)eb_args_integer(args, "zone") : 0,
                             .level = {.control = NAN, .scale = eb_args_flag(args, "scale")},
                             .per_m2 = eb_args_has(args, "per") ? eb_args_real(args, "per") : NAN,
                             .yes_planar = eb_args_flag(args, "yes_planar"),
                             .validity = !eb_args_flag(args, "skip_validity")};
    ask->by = calloc(ask->by_count + 1, sizeof *ask->by);
    if (!ask->by) return eb_error_memory(err);
    for (size_t i = 0; i < ask->by_count; i++) ask->by[i] = eb_args_text_at(args, "by", i);
    ask->level.rule =
        eb_args_has(args, "level") && strcmp(eb_args_text(args, "level"), "largest") == 0 ? EB_LEVEL_LARGEST : EB_LEVEL_REMAINDER;
    eb_status status = eb_area_method_parse(eb_args_text(args, "method"), &ask->method, err);
    if (status == EB_OK && eb_args_has(args, "round")) status = take_round(eb_args_text(args, "round"), ask, err);
    if (status == EB_OK && eb_args_has(args, "control")) status = take_control(eb_args_text(args, "control"), ask, err);
    if (status == EB_OK) status = check_control(ask, err);
    if (status == EB_OK && eb_args_has(args, "level") && !ask->round) status = want_round("level", err);
    if (status == EB_OK && ask->level.scale && isnan(ask->level.control)) {
        status = eb_error_set(err, EB_USAGE, "there is no control total to scale to");
        eb_error_hint(err, "give it: --round ha:2 --control 25238 --scale");
    }
    return status;
}
