#include "analysis/overlay/designations.h"
#include "analysis/empty.h"
#include "analysis/key_column.h"
#include "base/translate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const eb_column name_column = {.name = "designation", .type = EB_COLUMN_TEXT, .decimals = -1, .role = EB_ROLE_KEY};

static size_t add_area(eb_table *table, const char *name, eb_column_role role)
{
    return eb_table_add_column(table, &(eb_column){.name = name, .type = EB_COLUMN_REAL, .unit = "m2", .decimals = 2, .role = role});
}

static size_t add_share(eb_table *table, const char *name)
{
    return eb_table_add_column(table,
                               &(eb_column){.name = name, .type = EB_COLUMN_REAL, .unit = "%", .decimals = 4, .role = EB_ROLE_SHARE});
}

/* The column of official areas, where there are such. */
static size_t add_official(const eb_designations *d, eb_table *table, eb_column_role role)
{
    return d->official_m2 ? add_area(table, "official_m2", role) : SIZE_MAX;
}

static double official_of(const eb_designations *d, size_t cell)
{
    return d->official_m2 ? d->official_m2[cell] : 0;
}

/* A sum of pieces is whole hundredths. */
static void set_official(const eb_designations *d, eb_table *table, size_t row, size_t column, double m2)
{
    if (d->official_m2) eb_table_set_real(table, row, column, rint(100 * m2) / 100);
}

static bool is_member(const eb_cell *cell, size_t i)
{
    for (size_t m = 0; m < cell->member_count; m++)
        if (cell->members[m] == i) return true;
    return false;
}

/* Every table leaves through here, with the line that says how its areas were made. */
static eb_status hand_over(const eb_designations *d, const eb_workspace *space, eb_table *table, eb_error *err)
{
    const bool official = d->official_m2 != NULL;
    const eb_area_account account = {
        .method = official ? EB_AREA_OFFICIAL : EB_AREA_AUTO,
        .plane = eb_projector_plane(d->zones->projector),
        .plane_columns = official ? _("areas other than official_m2") : _("all areas"),
        .how = official
                   ? _("the sum of the official areas of the pieces, each in the plane of the designation in force; a piece of several "
                       "designations cannot be levelled to them all.")
                   : NULL,
        .chosen_m2 = NAN,
        .official_m2 = official ? d->official_sum_m2 : NAN,
        .geodesic_m2 = d->geodesic_sum_m2,
    };
    char line[1600];
    if (!table) return eb_error_memory(err);
    eb_measure_account(d->zones->measure, &account, line, sizeof line);
    eb_table_set_method(table, "%s", line);
    if (official)
        eb_table_add_note(table, "official_m2: pieces and what their designations measure as a whole differ by no more than %.2f m2",
                          d->official_gap_m2);
    return space->add_table(space->self, table, err);
}

static eb_status by_designation(const eb_designations *d, const eb_workspace *space, eb_error *err)
{
    const eb_zones *z = d->zones;
    eb_table *table = eb_table_new("by_designation", "Area by designation");
    bool null = false;
    if (!table) return eb_error_memory(err);
    eb_table_add_column(table, &name_column);
    add_area(table, "gross_m2", EB_ROLE_PLAIN);
    add_area(table, "exclusive_m2", EB_ROLE_PLAIN);
    add_area(table, "effective_m2", EB_ROLE_SUMMED);
    const size_t share = add_share(table, "share_of_union_pct"), official = add_official(d, table, EB_ROLE_SUMMED);
    for (size_t i = 0; i < z->shape_count; i++) {
        eb_sum gross = {0}, exclusive = {0}, effective = {0}, booked = {0};
        for (size_t c = 0; c < z->partition->count; c++) {
            const eb_cell *cell = &z->partition->cells[c];
            if (is_member(cell, i)) eb_sum_add(&gross, cell->area_m2);
            if (is_member(cell, i) && cell->member_count == 1) eb_sum_add(&exclusive, cell->area_m2);
            if (d->effective[c] == i) eb_sum_add(&effective, cell->area_m2);
            if (d->effective[c] == i) eb_sum_add(&booked, official_of(d, c));
        }
        size_t row = eb_table_add_row(table);
        null = null || strcmp(z->shapes[i].name, EB_KEY_NULL) == 0;
        eb_table_set_text(table, row, 0, z->shapes[i].name);
        eb_table_set_real(table, row, 1, eb_sum_get(&gross));
        eb_table_set_real(table, row, 2, eb_sum_get(&exclusive));
        eb_table_set_real(table, row, 3, eb_sum_get(&effective));
        if (d->union_m2 > 0) eb_table_set_real(table, row, share, 100 * eb_sum_get(&effective) / d->union_m2);
        set_official(d, table, row, official, eb_sum_get(&booked));
    }
    if (null) eb_table_add_note(table, EB_KEY_NULL_NOTE);
    eb_table_add_note(table, "effective areas add up to the union; they and the union differ by %.1e of it (a run fails above 1e-9)",
                      d->union_m2 > 0 ? d->residual_m2 / d->union_m2 : 0);
    eb_empty_note(space->diagnosis, table);
    eb_table_add_note(table, "share_of_union_pct: of effective_m2 in the union of all designations");
    if (d->official_m2) eb_table_add_note(table, "official_m2: of effective_m2, so that its column adds up to the union");
    return hand_over(d, space, table, err);
}

static double shared_area(const eb_designations *d, size_t i, size_t j, double *official_m2)
{
    const eb_partition *partition = d->zones->partition;
    eb_sum sum = {0}, official = {0};
    for (size_t c = 0; c < partition->count; c++) {
        if (!is_member(&partition->cells[c], i) || !is_member(&partition->cells[c], j)) continue;
        eb_sum_add(&sum, partition->cells[c].area_m2);
        eb_sum_add(&official, official_of(d, c));
    }
    *official_m2 = eb_sum_get(&official);
    return eb_sum_get(&sum);
}

static eb_status matrix(const eb_designations *d, const eb_workspace *space, eb_error *err)
{
    const eb_zones *z = d->zones;
    eb_table *table = eb_table_new("matrix", "What designations share with one another");
    if (!table) return eb_error_memory(err);
    eb_table_add_column(table, &name_column);
    eb_table_add_column(table, &(eb_column){.name = "other", .type = EB_COLUMN_TEXT, .decimals = -1, .role = EB_ROLE_KEY});
    add_area(table, "area_m2", EB_ROLE_PLAIN);
    const size_t share = add_share(table, "share_of_designation_pct"), official = add_official(d, table, EB_ROLE_PLAIN);
    for (size_t i = 0; i < z->shape_count; i++) {
        double official_m2, own = shared_area(d, i, i, &official_m2);
        for (size_t j = 0; j < z->shape_count; j++) {
            double area = shared_area(d, i, j, &official_m2);
            if (i == j || area <= 0) continue;
            size_t row = eb_table_add_row(table);
            eb_table_set_text(table, row, 0, z->shapes[i].name);
            eb_table_set_text(table, row, 1, z->shapes[j].name);
            eb_table_set_real(table, row, 2, area);
            eb_table_set_real(table, row, share, 100 * area / own);
            set_official(d, table, row, official, official_m2);
        }
    }
    eb_table_add_note(table, "pairs that share nothing are left out; share_of_designation_pct: of the gross area of the first");
    return hand_over(d, space, table, err);
}

static eb_status by_multiplicity(const eb_designations *d, const eb_workspace *space, eb_error *err)
{
    const eb_zones *z = d->zones;
    eb_table *table = eb_table_new("by_multiplicity", "Area by number of designations");
    if (!table) return eb_error_memory(err);
    eb_table_add_column(table, &(eb_column){.name = "multiplicity", .type = EB_COLUMN_INTEGER, .decimals = 0, .role = EB_ROLE_KEY});
    add_area(table, "area_m2", EB_ROLE_SUMMED);
    const size_t share = add_share(table, "share_pct"), official = add_official(d, table, EB_ROLE_SUMMED);
    for (size_t n = 1; n <= z->shape_count; n++) {
        eb_sum sum = {0}, booked = {0};
        for (size_t c = 0; c < z->partition->count; c++) {
            if (z->partition->cells[c].member_count != n) continue;
            eb_sum_add(&sum, z->partition->cells[c].area_m2);
            eb_sum_add(&booked, official_of(d, c));
        }
        if (eb_sum_get(&sum) <= 0) continue;
        size_t row = eb_table_add_row(table);
        eb_table_set_integer(table, row, 0, (int64_t)n);
        eb_table_set_real(table, row, 1, eb_sum_get(&sum));
        eb_table_set_real(table, row, share, 100 * eb_sum_get(&sum) / d->union_m2);
        set_official(d, table, row, official, eb_sum_get(&booked));
    }
    eb_table_add_note(table, "share_pct: of the union of all designations");
    return hand_over(d, space, table, err);
}

static eb_status union_total(const eb_designations *d, const eb_workspace *space, eb_error *err)
{
    eb_table *table = eb_table_new("union", "All designations together");
    eb_sum gross = {0};
    if (!table) return eb_error_memory(err);
    for (size_t i = 0; i < d->zones->shape_count; i++) eb_sum_add(&gross, d->zones->shapes[i].area_m2);
    add_area(table, "union_m2", EB_ROLE_PLAIN);
    add_area(table, "gross_m2", EB_ROLE_PLAIN);
    add_area(table, "counted_again_m2", EB_ROLE_PLAIN);
    const size_t official = add_official(d, table, EB_ROLE_PLAIN);
    size_t row = eb_table_add_row(table);
    eb_table_set_real(table, row, 0, d->union_m2);
    eb_table_set_real(table, row, 1, eb_sum_get(&gross));
    eb_table_set_real(table, row, 2, eb_sum_get(&gross) - d->union_m2);
    set_official(d, table, row, official, d->official_sum_m2);
    return hand_over(d, space, table, err);
}

eb_status eb_designations_tables(const eb_designations *d, const eb_workspace *space, eb_error *err)
{
    eb_status status = by_designation(d, space, err);
    if (status == EB_OK) status = matrix(d, space, err);
    if (status == EB_OK) status = by_multiplicity(d, space, err);
    return status == EB_OK ? union_total(d, space, err) : status;
}
