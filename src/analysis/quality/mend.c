#include "analysis/quality/mend.h"

#include "base/array.h"
#include "base/text.h"
#include "base/translate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool eb_mend_log_add(eb_mend_log *log, const eb_mended *change)
{
    if (!eb_array_reserve(&log->list, &log->capacity, log->count + 1, sizeof *log->list)) return false;
    log->list[log->count++] = *change;
    return true;
}

eb_status eb_mender_open(const eb_crs *crs, eb_mender *out, eb_error *err)
{
    memset(out, 0, sizeof *out);
    eb_status status = eb_geos_new(&out->geos, err);
    if (!status && crs) status = eb_measure_new(crs, 0, &out->measure, err);
    if (status) eb_mender_close(out);
    return status;
}

void eb_mender_close(eb_mender *mender)
{
    eb_measure_free(mender->measure);
    eb_geos_free(mender->geos);
    memset(mender, 0, sizeof *mender);
}

double eb_mender_area(eb_mender *mender, eb_wkb shape)
{
    eb_size size;
    if (!mender->measure || eb_measure_area(mender->measure, shape, EB_WANT_GEODESIC, &size, NULL)) return NAN;
    return size.geodesic_m2;
}

/* Repair one shape; its new bytes go to *data (malloc), NULL where it may stay as it is. */
static eb_status mend_shape(eb_mender *mender, eb_wkb wkb, uint8_t **data, size_t *size, eb_mended *change, eb_error *err)
{
    eb_shape *shape = NULL, *fixed = NULL;
    *data = NULL;
    eb_status status = eb_shape_read(mender->geos, wkb, &shape, err);
    if (status) return status;
    bool mended = eb_geos_mended(mender->geos);
    bool valid = eb_shape_valid(mender->geos, shape, change->reason, sizeof change->reason, &change->x, &change->y);
    if (valid && mended) snprintf(change->reason, sizeof change->reason, _("a ring or line is not closed or too short"));
    if (!valid || mended) {
        status = eb_shape_repair(mender->geos, shape, &fixed, err);
        if (!status) status = eb_shape_write(mender->geos, fixed, data, size, err);
        if (status) eb_error_at(err, change->x, change->y);
    }
    eb_shape_free(mender->geos, fixed);
    eb_shape_free(mender->geos, shape);
    return status;
}

static bool copy_values(eb_batch *out, const eb_batch *in, size_t i)
{
    for (size_t f = 0; f < in->schema->field_count; f++)
        if (!eb_batch_set_copy(out, f, in, i, f)) return false;
    return true;
}

eb_status eb_mend_batch(eb_mender *mender, const eb_batch *in, eb_batch *out, eb_mend_log *log, eb_error *err)
{
    for (size_t i = 0; i < in->count; i++) {
        eb_wkb shape = eb_batch_shape_at(in, i), result = shape;
        eb_mended change = {.fid = in->fids[i], .x = NAN, .y = NAN};
        uint8_t *data = NULL;
        size_t size = 0;
        eb_status status = shape.size ? mend_shape(mender, shape, &data, &size, &change, err) : EB_OK;
        if (!status && data) {
            result = (eb_wkb){data, size};
            change.before_m2 = eb_mender_area(mender, shape);
            change.after_m2 = eb_mender_area(mender, result);
            if (!eb_mend_log_add(log, &change)) status = eb_error_memory(err);
        }
        if (!status && (!eb_batch_add(out, in->fids[i], result) || !copy_values(out, in, i))) status = eb_error_memory(err);
        free(data);
        if (status) {
            eb_error_where(err, in->schema->file, in->schema->name, in->fids[i]);
            if (status == EB_REFUSED)
                eb_error_hint(err, "ecobelt check lists such features; draw them anew, or leave them out with --where");
            return status;
        }
    }
    return EB_OK;
}

eb_table *eb_mend_table(const eb_mend_log *log)
{
    static const eb_column columns[] = {{"fid", EB_COLUMN_INTEGER, NULL, 0, EB_ROLE_KEY},
                                        {"reason", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN},
                                        {"x", EB_COLUMN_REAL, NULL, -1, EB_ROLE_PLAIN},
                                        {"y", EB_COLUMN_REAL, NULL, -1, EB_ROLE_PLAIN},
                                        {"area_before_m2", EB_COLUMN_REAL, "m2", 2, EB_ROLE_SUMMED},
                                        {"area_after_m2", EB_COLUMN_REAL, "m2", 2, EB_ROLE_SUMMED},
                                        {"change_m2", EB_COLUMN_REAL, "m2", 2, EB_ROLE_SUMMED}};
    eb_table *table = eb_table_new("repairs", "Repaired shapes");
    if (!table) return NULL;
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) eb_table_add_column(table, &columns[c]);
    for (size_t i = 0; i < log->count; i++) {
        const eb_mended *change = &log->list[i];
        size_t row = eb_table_add_row(table);
        eb_table_set_integer(table, row, 0, change->fid);
        eb_table_set_text(table, row, 1, change->reason);
        const double values[] = {change->x, change->y, change->before_m2, change->after_m2, change->after_m2 - change->before_m2};
        for (size_t c = 0; c < 5; c++)
            if (!isnan(values[c])) eb_table_set_real(table, row, 2 + c, values[c]);
    }
    eb_table_set_method(
        table, "areas geodesic (Karney 2013) on the layer's own ellipsoid, edges geodesics, not rounded, a log and nothing to book; the "
               "shape after repair is the area once covered, lower-dimensional leftovers dropped");
    if (eb_table_status(table) == EB_OK) return table;
    eb_table_free(table);
    return NULL;
}

void eb_mend_report(const eb_mend_log *log, const char *layer, eb_diagnosis *diagnosis)
{
    for (size_t i = 0; i < log->count; i++) {
        const eb_mended *change = &log->list[i];
        eb_diagnosis_add(diagnosis, EB_EVENT_REPAIRED, layer, change->fid, change->x, change->y, change->before_m2, change->after_m2,
                         change->reason);
    }
}
