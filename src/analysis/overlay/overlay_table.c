/* The table of an overlay: number and size of the pieces by part, and how they were made. */
#include "analysis/empty.h"
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
    if (r->has_official) add_size(table, "official_m2", "m2");
}

static void add_row(const eb_overlay_run *r, eb_table *table, const char *name, const eb_overlay_part *part)
{
    size_t row = eb_table_add_row(table);
    eb_table_set_text(table, row, PART_COLUMN, name);
    eb_table_set_integer(table, row, COUNT_COLUMN, part->count);
    if (r->wish.dimension > 0) eb_table_set_real(table, row, SIZE_COLUMN, eb_sum_get(&part->size));
    /* The sum of some would pass for that of all. */
    if (r->has_official && part->official_none == 0) eb_table_set_real(table, row, OFFICIAL_COLUMN, (double)part->official_cents / 100);
}

static void note_official(const eb_overlay_run *r, eb_table *table)
{
    const double whole = (double)r->official_cents / 100, again = eb_sum_get(&r->again);
    eb_table_add_note(table, "official_m2: the %lld features of A that have pieces here hold %.2f m2, their pieces %.2f m2%s",
                      (long long)r->official_count, whole, (double)(r->shared.official_cents + r->only_first.official_cents) / 100,
                      r->wish.claims ? _("; pieces of B alone are measured in the plane of their own feature") : "");
    if (r->again_count)
        eb_table_add_note(table,
                          "pieces overlap: features of B lie over one another in %lld features of A, and their pieces count %.2f m2 "
                          "again; these pieces have what each measures, and do not add up to their feature",
                          (long long)r->again_count, again);
    const int64_t none = r->shared.official_none + r->only_first.official_none + r->only_second.official_none;
    if (none)
        eb_table_add_note(table, "%lld pieces have no official area: they are out of the formula's reach, and so is the sum of their part",
                          (long long)none);
}

/* Lines and points: what lies on borders, what lies in several polygons. */
static void note_borders(const eb_overlay_run *r, eb_table *table)
{
    const double border = eb_sum_get(&r->border), again = eb_sum_get(&r->again);
    if (border > 0 && r->wish.dimension == 1)
        eb_table_add_note(
            table, "%.2f m run along a border: they belong to the polygon, and to the first of B where several have that border", border);
    else if (border > 0)
        eb_table_add_note(
            table, "%.0f points lie on a border: they belong to the polygon, and to the first of B where several have that border", border);
    if (r->again_count && r->wish.dimension == 1)
        eb_table_add_note(table, "features of B lie over one another: pieces of %lld features of A count %.2f m again",
                          (long long)r->again_count, again);
    else if (r->again_count)
        eb_table_add_note(table, "features of B lie over one another: %.0f points lie in several and are there once for each", again);
}

static void set_method(const eb_overlay_run *r, eb_table *table)
{
    const eb_plane *plane = eb_projector_plane(r->projector);
    if (r->wish.dimension < 2) {
        eb_table_set_method(
            table,
            r->wish.dimension == 1
                ? "geodesic lengths on the ellipsoid (a %.0f m); cut, and pieces held against their whole, in a Lambert "
                  "azimuthal equal-area plane centred on %.4f E %.4f N, where what lies within %.0f mm of a border lies on it"
                : "points and borders in a Lambert azimuthal equal-area plane on the ellipsoid (a %.0f m) centred on %.4f E "
                  "%.4f N; what lies within %.0f mm of a border lies on it",
            plane->a, plane->lon0_deg, plane->lat0_deg, 1000 * EB_ON_BORDER_M);
        return;
    }
    const eb_area_account account = {
        .method = r->has_official ? EB_AREA_OFFICIAL : EB_AREA_AUTO,
        .plane = plane,
        .plane_columns = "area_m2",
        .how = r->has_official ? _("the official area of each feature of A shared out over its pieces, in proportion to the official area "
                                   "of each piece in the plane of its feature, levelled to 0.01 m2 so that pieces add up to the feature.")
                               : NULL,
        .chosen_m2 = eb_sum_get(&r->whole),
        .official_m2 = r->has_official ? (double)r->official_cents / 100 : NAN,
        .geodesic_m2 = eb_sum_get(&r->geodesic),
    };
    char line[1600];
    eb_measure_account(r->measure, &account, line, sizeof line);
    eb_table_set_method(table, "%s", line);
}

eb_status eb_overlay_table(const eb_overlay_run *r, eb_error *err)
{
    double whole = eb_sum_get(&r->whole);
    eb_table *table = eb_table_new("overlay", "Overlay");
    if (!table) return eb_error_memory(err);
    add_columns(r, table);
    if (r->wish.shared) add_row(r, table, "both", &r->shared);
    if (r->wish.rest) add_row(r, table, "only first", &r->only_first);
    if (r->wish.claims) add_row(r, table, "only second", &r->only_second);
    set_method(r, table);
    eb_empty_note(r->space->diagnosis, table);
    if (r->wish.dimension > 0)
        eb_table_add_note(table, "pieces and whole differ by %.1e of the whole (a run fails above 1e-9)",
                          whole > 0 ? eb_sum_get(&r->residual) / whole : 0);
    if (r->joined_count)
        eb_table_add_note(table, "%lld slivers of %.2f m2 in all joined the largest piece of their feature of A that they touch",
                          (long long)r->joined_count, eb_sum_get(&r->joined));
    if (r->has_official) note_official(r, table);
    if (r->wish.dimension < 2) note_borders(r, table);
    return r->space->add_table(r->space->self, table, err);
}
