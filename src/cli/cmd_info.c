/* ecobelt info LAYER */
#include "base/text.h"
#include "base/translate.h"
#include "cli/out.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const eb_param params[] = {
    {.key = "layer",
     .type = EB_PARAM_LAYER,
     .flags = EB_PARAM_POSITIONAL | EB_PARAM_REQUIRED,
     .metavar = "LAYER",
     .help = "layer to describe; for a file of several layers all are listed"},
    {.key = "encoding", .type = EB_PARAM_TEXT, .metavar = "NAME", .help = "character set of the text, where it is found out wrong"},
    {.key = "allow_partial", .type = EB_PARAM_FLAG, .def = "false", .help = "describe what can be read of a damaged file"},
};

static const char *const type_names[] = {N_("text"), N_("integer"), N_("real"), N_("boolean"), N_("date"), N_("time"), N_("datetime")};
static const char *const kind_names[] = {N_("geographic"), N_("gauss-krueger"), N_("web-mercator"), N_("projected")};
static const char *const datum_names[] = {N_("other"), "CGCS2000", "WGS84", N_("Xi'an 80"), N_("Beijing 54")};

/* What is known of the layer beyond its schema. */
typedef struct facts {
    const eb_schema *schema;
    bool has_box;
    double box[4];
    char guess[400]; /* of the CRS, or what contradicts it */
    eb_diagnosis *notes;
} facts;

static eb_status look(eb_source *source, facts *out, eb_error *err)
{
    out->schema = eb_source_schema(source);
    out->notes = eb_diagnosis_new();
    if (!out->notes) return eb_error_memory(err);
    if (!out->schema->tabular) {
        eb_error why = {0};
        out->has_box = eb_source_extent(source, out->box, &why) == EB_OK;
        /* An empty layer has no extent; a damaged one is an error. */
        if (!out->has_box && out->schema->feature_count != 0 && strcmp(why.message, _("the layer has no shapes")) != 0) {
            if (err) *err = why;
            return why.code;
        }
    }
    eb_error wrong = {0};
    if (out->has_box && !out->schema->crs) eb_crs_guess(out->box, out->guess, sizeof out->guess);
    if (out->has_box && out->schema->crs && eb_crs_check_box(out->schema->crs, out->box, &wrong))
        eb_text_copy(out->guess, sizeof out->guess, wrong.message);
    eb_source_report(source, out->notes);
    return EB_OK;
}

static const char *or_none(const char *text)
{
    return text && *text ? text : "-";
}

/* --- for people ------------------------------------------------------------------------------------------------------------------------
 */

static void say_crs(eb_string *out, const facts *f)
{
    if (!f->schema->crs) {
        eb_string_addf(out, _("CRS:       none%s%s\n"), f->guess[0] ? "; " : "", f->guess);
        return;
    }
    const eb_crs_info *info = eb_crs_info_get(f->schema->crs);
    eb_string_addf(out, _("CRS:       %s %s (%s, %s)\n"), info->code, info->name, eb_translate(kind_names[info->kind]),
                   eb_translate(datum_names[info->datum]));
    if (info->zone)
        eb_string_addf(out, _("zone:      %d of %d degrees, central meridian %g, %s\n"), info->zone, info->zone_width,
                       info->central_meridian_deg, info->prefixed ? _("with zone prefix") : _("without zone prefix"));
    if (f->guess[0]) eb_string_addf(out, _("but:       %s\n"), f->guess);
}

static void say_fields(eb_string *out, const eb_schema *schema)
{
    eb_string_addf(out, _("fields:    %zu\n"), schema->field_count);
    for (size_t i = 0; i < schema->field_count; i++) {
        const eb_field *field = &schema->fields[i];
        eb_string_addf(out, "  %s  %s", field->name, eb_translate(type_names[field->type]));
        if (field->width) eb_string_addf(out, " (%d%s%.0d)", field->width, field->precision ? "." : "", field->precision);
        eb_string_addf(out, "%s%s\n", field->alias ? "  " : "", field->alias ? field->alias : "");
    }
}

static void say(eb_string *out, const facts *f)
{
    const eb_schema *schema = f->schema;
    char box[4][40];
    eb_string_addf(out, _("layer:     %s\nfile:      %s\nformat:    %s\n"), schema->name, or_none(schema->file), or_none(schema->driver));
    if (schema->encoding) eb_string_addf(out, _("encoding:  %s\n"), schema->encoding);
    eb_string_addf(out, _("geometry:  %s%s\n"), schema->tabular ? _("none") : eb_translate(eb_shape_kind_name(schema->kind)),
                   schema->has_z ? _(" with heights") : "");
    if (schema->feature_count >= 0)
        eb_string_addf(out, _("features:  %lld\n"), (long long)schema->feature_count);
    else
        eb_string_add(out, _("features:  not counted by the format\n"));
    if (f->has_box) {
        for (int d = 0; d < 4; d++) eb_text_from_real(box[d], sizeof box[d], f->box[d]);
        eb_string_addf(out, _("extent:    %s %s to %s %s\n"), box[0], box[1], box[2], box[3]);
    }
    if (!schema->tabular) say_crs(out, f);
    if (schema->schematic) eb_string_add(out, _("status:    schematic\n"));
    if (schema->source) eb_string_addf(out, _("source:    %s\n"), eb_translate(schema->source));
    say_fields(out, schema);
    for (size_t i = 0; i < eb_diagnosis_case_count(f->notes); i++)
        eb_string_addf(out, _("note:      %s\n"), eb_diagnosis_case_at(f->notes, i)->reason);
}

/* --- as JSON ---------------------------------------------------------------------------------------------------------------------------
 */

static void put_member(eb_string *out, const char *name, const char *value)
{
    eb_string_addf(out, ",\"%s\":", name);
    eb_string_add_json(out, value);
}

static void put_crs(eb_string *out, const facts *f)
{
    eb_string_add(out, ",\"crs\":");
    if (!f->schema->crs) {
        eb_string_add(out, "null");
    } else {
        const eb_crs_info *info = eb_crs_info_get(f->schema->crs);
        eb_string_add(out, "{\"code\":");
        eb_string_add_json(out, info->code[0] ? info->code : NULL);
        put_member(out, "name", info->name);
        put_member(out, "kind", kind_names[info->kind]);
        put_member(out, "datum", datum_names[info->datum]);
        if (info->zone)
            eb_string_addf(out, ",\"zone\":%d,\"zone_width\":%d,\"prefixed\":%s", info->zone, info->zone_width,
                           info->prefixed ? "true" : "false");
        eb_string_add(out, "}");
    }
    put_member(out, f->schema->crs ? "crs_contradicted" : "crs_guess", f->guess[0] ? f->guess : NULL);
}

static void put_json(eb_string *out, const facts *f)
{
    const eb_schema *schema = f->schema;
    eb_string_add(out, "{\"layer\":");
    eb_string_add_json(out, schema->name);
    put_member(out, "file", schema->file);
    put_member(out, "driver", schema->driver);
    put_member(out, "encoding", schema->encoding);
    put_member(out, "geometry", schema->tabular ? "none" : eb_shape_kind_name(schema->kind));
    eb_string_addf(out, ",\"has_z\":%s,\"features\":", schema->has_z ? "true" : "false");
    if (schema->feature_count >= 0)
        eb_string_addf(out, "%" PRId64, schema->feature_count);
    else
        eb_string_add(out, "null");
    eb_string_add(out, ",\"extent\":");
    for (int d = 0; f->has_box && d < 4; d++) {
        eb_string_add(out, d ? "," : "[");
        eb_string_add_number(out, f->box[d]);
    }
    eb_string_add(out, f->has_box ? "]" : "null");
    put_crs(out, f);
    eb_string_addf(out, ",\"schematic\":%s", schema->schematic ? "true" : "false");
    put_member(out, "source", schema->source);
    eb_string_add(out, ",\"fields\":[");
    for (size_t i = 0; i < schema->field_count; i++) {
        const eb_field *field = &schema->fields[i];
        eb_string_add(out, i ? ",{\"name\":" : "{\"name\":");
        eb_string_add_json(out, field->name);
        put_member(out, "type", type_names[field->type]);
        eb_string_addf(out, ",\"width\":%d,\"precision\":%d", field->width, field->precision);
        put_member(out, "alias", field->alias);
        eb_string_add(out, "}");
    }
    eb_string_add(out, "],\"notes\":[");
    for (size_t i = 0; i < eb_diagnosis_case_count(f->notes); i++) {
        if (i) eb_string_add(out, ",");
        eb_string_add_json(out, eb_diagnosis_case_at(f->notes, i)->reason);
    }
    eb_string_add(out, "]}\n");
}

/* --- the command -----------------------------------------------------------------------------------------------------------------------
 */

/* A file of several layers, none named: list them. The error of opening stands where it is not that. */
static eb_status list_layers(const eb_cli *cli, const char *file, bool allow_partial, const eb_error *failed, eb_error *err)
{
    eb_table *table = NULL;
    const bool whole = failed->code == EB_INPUT && !strstr(file, "|layername=");
    eb_status status = whole ? eb_source_list(file, allow_partial, &table, NULL) : failed->code;
    if (status == EB_OK && eb_table_row_count(table) < 2) status = failed->code;
    if (status == EB_OK)
        status = eb_cli_print_table(cli, table, err);
    else if (err)
        *err = *failed;
    eb_table_free(table);
    return status;
}

static eb_status run(const eb_cli *cli, const eb_args *args, eb_error *err)
{
    const char *name = eb_args_text(args, "layer");
    eb_read_options options = {.encoding = eb_args_text(args, "encoding"),
                               .allow_partial = eb_args_flag(args, "allow_partial"),
                               .allow_no_crs = true,
                               .allow_table = true};
    eb_source *source = NULL;
    eb_error failed = {0};
    eb_string text = {0};
    facts f = {0};
    eb_status status = eb_source_open(name, &options, &source, &failed);
    if (status) return list_layers(cli, name, options.allow_partial, &failed, err);
    status = look(source, &f, err);
    if (!status) (cli->json ? put_json : say)(&text, &f);
    if (!status) status = text.failed ? eb_error_memory(err) : eb_cli_print(eb_string_get(&text), err);
    eb_string_clear(&text);
    eb_diagnosis_free(f.notes);
    eb_source_free(source);
    return status;
}

const eb_command eb_cmd_info = {
    .name = "info",
    .summary = "Say what a layer is: format, character set, CRS and zone, count, extent, fields",
    .detail = "A layer without a CRS is described too, with a guess at what its numbers are.",
    .example = "ecobelt info layers/counties.geojson",
    .params = params,
    .param_count = sizeof params / sizeof params[0],
    .common = EB_COMMON_LOOK,
    .run = run,
};
