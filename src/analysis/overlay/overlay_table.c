/* The table of an overlay: number and size of the pieces by part, and how they were made. */
#include "analysis/overlay/overlay_run.h"
#include "base/translate.h"

#include <math.h>
#include <stdio.h>

enum { PART_COLUMN, COUNT_COLUMN, SIZE_COLUMN, OFFICIAL_COLUMN };

static void add_size(eb_table *table, const char *name, const char *unit)
{
    eb_table_add_column(table, &(eb_column){.name = name, .type = EB_COLUMN_REAL, .unit = unit, .decimals = 2, .role = EB_ROLE_SUMMED});
}

static void add_columns(const eb_overlay_run *r, eb_table *table)
{
    eb_table_add_column(table, &(eb_column){.name = "part", .type = EB_COLUMN_TEXT, .decimals = -1, .role = EB_ROLE_KEY});
    eb_table_add_column(table, &(eb_column){.name = "count", .type = EB_COLUMN_INTEGER, .role = EB_ROLE_SUMMED});
    if (r->wish.dimension == 2) add_size(table, "area_m2", "m2");
    if (r->wish.dimension == 1) add_size(table, "length_m", "m");
    if (r->measure) add_size(table, "official_m2", "m2");
}

static void add_row(const eb_overlay_run *r, eb_table *table, const char *name, const eb_overlay_part *part)
{
    size_t row = eb_table_add_row(table);
    eb_table_set_text(table, row, PART_COLUMN, name);
    eb_table_set_integer(table, row, COUNT_COLUMN, part->count);
    if (r->wish.dimension > 0) eb_table_set_real(table, row, SIZE_COLUMN, eb_sum_get(&part->size));
    if (r->measure) eb_table_set_real(table, row, OFFICIAL_COLUMN, (double)part->official_cents / 100);
}

static void note_official(const eb_overlay_run *r, eb_table *table)
{
    const double whole = (double)r->official_cents / 100;
    eb_table_add_note(table,
                      "official_m2: the official area of each feature of A shared out over its pieces in proportion and levelled to "
                      "0.01 m2, so that they add up to it; those %lld features have %.2f m2, %.2f m2 of it in pieces%s",
                      (long long)r->official_count, whole, (double)(r->shared.official_cents + r->only_first.official_cents) / 100,
                      r->second_rest ? _("; pieces of B alone have their part of its features' official area") : "");
    if (r->official_none)
        eb_table_add_note(table, "%lld pieces have no official area: they are out of the formula's reach", (long long)r->official_none);
}

static void set_method(const eb_overlay_run *r, eb_table *table)
{
    const eb_plane *plane = eb_projector_plane(r->projector);
    const double official = (double)r->official_cents / 100, geodesic = eb_sum_get(&r->geodesic);
    char line[800] = "", check[120] = "";
    if (r->measure) eb_measure_method(r->measure, EB_AREA_OFFICIAL, line, sizeof line);
    if (r->measure && geodesic > 0)
        snprintf(check, sizeof check, _(" Check: official minus geodesic %+.2f m2 (%+.1e of the total)."), official - geodesic,
                 (official - geodesic) / geodesic);
    eb_table_set_method(table, "%s in a Lambert azimuthal equal-area plane on the ellipsoid (a %.0f m) centred on %.4f E %.4f N%s%s%s",
                        r->wish.dimension == 2 ? _("areas") : _("lengths"), plane->a, plane->lon0_deg, plane->lat0_deg,
                        r->measure ? _("; official_m2: ") : "", line, check);
}

eb_status eb_overlay_table(const eb_overlay_run *r, eb_error *err)
{
    double whole = eb_sum_get(&r->whole);
    eb_table *table = eb_table_new("overlay", "Overlay");
    if (!table) return eb_error_memory(err);
    add_columns(r, table);
    if (r->wants_shared) add_row(r, table, "both", &r->shared);
    if (r->wish.rest) add_row(r, table, "only first", &r->only_first);
    if (r->second_rest) add_row(r, table, "only second", &r->only_second);
    set_method(r, table);
    if (r->wish.dimension > 0)
        eb_table_add_note(table, "pieces and whole differ by %.1e of the whole (a run fails above 1e-9)",
                          whole > 0 ? eb_sum_get(&r->residual) / whole : 0);
    if (r->measure) note_official(r, table);
    return r->space->add_table(r->space->self, table, err);
}
