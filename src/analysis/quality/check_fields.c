/* Attributes: null values, and areas that disagree with the shapes. */
#include "analysis/quality/check_run.h"

#include "base/array.h"
#include "base/translate.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

/* --- null values --------------------------------------------------------------------------------------------------------------------- */

struct eb_check_nulls {
    struct field {
        size_t field;
        int64_t count, fid; /* the first one's */
        double x, y;
    } * fields;
    size_t field_count;
    bool each; /* the fields are required: every feature that lacks one is named */
};

static eb_status no_field(const eb_check_run *run, const char *what, const char *name, eb_error *err)
{
    eb_error_set(err, EB_USAGE, "layer has no %s \"%s\"", what, name);
    eb_error_where(err, run->schema->file, run->schema->name, EB_NO_FID);
    return EB_USAGE;
}

eb_status eb_check_nulls_open(const eb_check_run *run, eb_check_nulls **out, eb_error *err)
{
    const char *const *required = run->options->required;
    size_t count = run->schema->field_count;
    if (required)
        for (count = 0; required[count];) count++;
    *out = calloc(1, sizeof **out);
    struct field *fields = calloc(count + 1, sizeof *fields);
    if (!*out || !fields) {
        free(fields);
        return eb_error_memory(err);
    }
    **out = (eb_check_nulls){.fields = fields, .field_count = count, .each = required != NULL};
    for (size_t k = 0; k < count; k++) {
        const int f = required ? eb_schema_find(run->schema, required[k]) : (int)k;
        if (f < 0) return no_field(run, _("field"), required[k], err);
        fields[k].field = (size_t)f;
    }
    return EB_OK;
}

static bool is_blank(const eb_batch *batch, size_t i, size_t f)
{
    if (eb_batch_is_null(batch, i, f)) return true;
    return batch->schema->fields[f].type == EB_FIELD_TEXT && eb_batch_text_at(batch, i, f)[0] == '\0';
}

eb_status eb_check_nulls_take(eb_check_nulls *nulls, eb_check_run *run, const eb_batch *batch, size_t i, eb_error *err)
{
    for (size_t k = 0; k < nulls->field_count; k++) {
        struct field *field = &nulls->fields[k];
        double x, y;
        if (!is_blank(batch, i, field->field)) continue;
        eb_shape_middle(eb_batch_shape_at(batch, i), &x, &y);
        if (field->count++ == 0) {
            field->fid = batch->fids[i];
            field->x = x;
            field->y = y;
        }
        if (nulls->each && !eb_findings_add(run->findings, EB_FIND_ATTRIBUTE_NULL, run->schema->name, batch->fids[i], x, y,
                                            "field \"%s\" is null", run->schema->fields[field->field].name))
            return eb_error_memory(err);
    }
    return EB_OK;
}

/* A field that nobody requires is one finding, at the first feature that lacks it. */
eb_status eb_check_nulls_finish(const eb_check_nulls *nulls, eb_check_run *run, eb_error *err)
{
    for (size_t k = 0; !nulls->each && k < nulls->field_count; k++) {
        const struct field *field = &nulls->fields[k];
        if (field->count == 0) continue;
        if (!eb_findings_add(run->findings, EB_FIND_ATTRIBUTE_NULL, run->schema->name, field->fid, field->x, field->y,
                             "field \"%s\" is null in %" PRId64 " of %" PRId64 " features, first in this one",
                             run->schema->fields[field->field].name, field->count, run->count))
            return eb_error_memory(err);
    }
    return EB_OK;
}

void eb_check_nulls_free(eb_check_nulls *nulls)
{
    if (nulls) free(nulls->fields);
    free(nulls);
}

/* --- areas --------------------------------------------------------------------------------------------------------------------------- */

eb_status eb_check_areas_open(eb_check_run *run, eb_error *err)
{
    const eb_schema *schema = run->schema;
    const char *name = run->options->area_field;
    if (!name) return EB_OK;
    if (!schema->crs) {
        eb_error_set(err, EB_USAGE, "areas cannot be compared: the layer has no CRS");
        eb_error_where(err, schema->file, schema->name, EB_NO_FID);
        return EB_USAGE;
    }
    const int field = eb_schema_find(schema, name);
    if (field < 0) return no_field(run, _("field"), name, err);
    if (schema->fields[field].type != EB_FIELD_REAL && schema->fields[field].type != EB_FIELD_INTEGER)
        return no_field(run, _("number in field"), name, err);
    run->area_field = field;
    return EB_OK;
}

eb_status eb_check_areas_take(eb_check_areas *areas, const eb_check_run *run, const eb_batch *batch, size_t i, double area_m2,
                              eb_error *err)
{
    if (!eb_array_reserve(&areas->pairs, &areas->capacity, areas->count + 1, sizeof *areas->pairs)) return eb_error_memory(err);
    areas->pairs[areas->count][0] = area_m2;
    areas->pairs[areas->count++][1] = eb_batch_real_at(batch, i, (size_t)run->area_field);
    return EB_OK;
}

/* Square metres in the unit that most of the field's values agree with. */
static double area_unit(const eb_check_areas *areas)
{
    static const double units[] = {1, 1e4, 2000.0 / 3, 1e6};
    double best = 1;
    int64_t most = -1;
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        int64_t agree = 0;
        for (size_t n = 0; n < areas->count; n++)
            agree += fabs(areas->pairs[n][1] * units[u] - areas->pairs[n][0]) <= 0.2 * areas->pairs[n][0];
        if (agree <= most) continue;
        most = agree;
        best = units[u];
    }
    return best;
}

/* Wrong beyond 0.1 %, or the rounding of the value. */
static bool disagrees(const eb_check_areas *areas, size_t n, double *said)
{
    const double unit = areas->unit, rounding = unit == 1 ? 0.51 : unit == 1e6 ? 5100 : 0.00051 * unit, area = areas->pairs[n][0];
    *said = areas->pairs[n][1] * unit;
    return !isnan(area) && !isnan(*said) && fabs(*said - area) > fmax(rounding, 1e-3 * area);
}

eb_status eb_check_areas_want(eb_check_areas *areas, eb_places *places, eb_error *err)
{
    double said;
    areas->unit = area_unit(areas);
    for (size_t n = 0; n < areas->count; n++)
        if (disagrees(areas, n, &said) && !eb_places_want(places, (int64_t)n)) return eb_error_memory(err);
    return EB_OK;
}

eb_status eb_check_areas_finish(const eb_check_areas *areas, const eb_places *places, eb_check_run *run, eb_error *err)
{
    for (size_t n = 0; n < areas->count; n++) {
        double said, area = areas->pairs[n][0];
        if (!disagrees(areas, n, &said)) continue;
        const eb_place *place = eb_places_at(places, (int64_t)n);
        eb_finding *found =
            eb_findings_add(run->findings, EB_FIND_AREA, run->schema->name, place->fid, place->x, place->y,
                            "the table says %.2f m2, the shape has %.2f m2 (%+.3f %%)", said, area, (said - area) / area * 100);
        if (!found) return eb_error_memory(err);
        found->area_m2 = area;
    }
    return EB_OK;
}
