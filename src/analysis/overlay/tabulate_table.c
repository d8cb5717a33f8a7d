/* The table of a tabulation: rows in order, what is left uncovered, shares both ways, notes on how the figures were made. */
#include "analysis/overlay/tabulate.h"
#include "analysis/key_column.h"
#include "base/translate.h"
#include "measure/small.h"

#include <ecobelt/measure.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One row to be; class_id SIZE_MAX: no class of the features. Of these the row with a name takes off what features cover again, the
 * one without is what none covers. */
typedef struct line {
    size_t zone, class_id;
    const char *class_name;
    double size;
    int64_t count;
} line;

typedef struct lines {
    line *list;
    size_t count;
    double again_m2; /* taken off in all zones */
    const eb_tabulation *t;
    eb_table *table;
    size_t columns[10];
} lines;

enum { ZONE_COLUMN, CLASS_COLUMN, COUNT_COLUMN, SIZE_COLUMN, OFFICIAL_COLUMN, OF_ZONE_COLUMN, OF_CLASS_COLUMN };

static int by_zone_and_class(const void *a, const void *b)
{
    const line *p = a, *q = b;
    if (p->zone != q->zone) return p->zone < q->zone ? -1 : 1;
    if (!p->class_name || !q->class_name) return (p->class_name == NULL) - (q->class_name == NULL);
    if (p->class_id == SIZE_MAX || q->class_id == SIZE_MAX) return (p->class_id == SIZE_MAX) - (q->class_id == SIZE_MAX);
    return strcmp(p->class_name, q->class_name);
}

/* Zone layers that share a border cross in specks of rounding there: not worth a row, and lost in the last digit of the zone. */
static bool speck(const eb_zones *z, size_t zone)
{
    return z->layer_count > 1 && z->key_area_m2[zone] < EB_TABULATE_LEAST_M2;
}

/* What features cover again in each zone, and what they leave of it. Less than a hundredth of a square metre is borders that do not fit
 * to the last digit. */
static void add_rest(lines *l, const eb_sum *covered)
{
    const eb_zones *z = l->t->zones;
    const eb_overlap *overlap = &l->t->overlap;
    for (size_t zone = 0; zone < z->key_count; zone++) {
        const double area = z->key_area_m2[zone], again = overlap->again ? eb_sum_get(&overlap->again[zone]) : 0;
        const double rest = area - (eb_sum_get(&covered[zone]) - again);
        if (speck(z, zone)) continue;
        if (again >= 0.01) {
            l->list[l->count++] = (line){.zone = zone, .class_id = SIZE_MAX, .class_name = _("(overlap)"), .size = -again};
            l->again_m2 += again;
        }
        l->list[l->count++] = (line){.zone = zone, .class_id = SIZE_MAX, .size = rest <= 1e-9 * area ? 0 : rest};
    }
}

static eb_status make_lines(lines *l, eb_error *err)
{
    const eb_tally *tally = &l->t->tally;
    eb_sum *covered = calloc(l->t->zones->key_count + 1, sizeof *covered);
    l->list = malloc((tally->count + 2 * l->t->zones->key_count + 1) * sizeof *l->list);
    if (!l->list || !covered) {
        free(covered);
        return eb_error_memory(err);
    }
    for (size_t i = 0; i < tally->count; i++) {
        const eb_tally_row *row = &tally->rows[i];
        if (speck(l->t->zones, row->zone)) continue;
        l->list[l->count++] = (line){row->zone, row->class_id, l->t->classes.texts[row->class_id], eb_sum_get(&row->size), row->count};
        eb_sum_add(&covered[row->zone], eb_sum_get(&row->size));
    }
    if (l->t->dimension == 2) add_rest(l, covered);
    free(covered);
    qsort(l->list, l->count, sizeof *l->list, by_zone_and_class);
    return EB_OK;
}

static bool has_official(const eb_zones *z)
{
    return isfinite(z->official_m2);
}

static void add_columns(lines *l)
{
    const eb_tabulation *t = l->t;
    char name[32];
    for (size_t k = 0; k < t->zones->layer_count; k++) {
        snprintf(name, sizeof name, k ? "zone_%zu" : "zone", k + 1);
        eb_table_add_column(l->table, &(eb_column){.name = name, .type = EB_COLUMN_TEXT, .decimals = -1, .role = EB_ROLE_KEY});
    }
    const eb_column rest[] = {
        [CLASS_COLUMN] = {.name = "class", .type = EB_COLUMN_TEXT, .decimals = -1, .role = EB_ROLE_KEY},
        [COUNT_COLUMN] = {.name = "count", .type = EB_COLUMN_INTEGER, .decimals = 0, .role = EB_ROLE_PLAIN},
        [SIZE_COLUMN] = {.name = t->dimension == 2 ? "area_m2" : "length_m",
                         .type = EB_COLUMN_REAL,
                         .unit = t->dimension == 2 ? "m2" : "m",
                         .decimals = 2,
                         .role = EB_ROLE_SUMMED},
        [OFFICIAL_COLUMN] = {.name = "official_m2", .type = EB_COLUMN_REAL, .unit = "m2", .decimals = 2, .role = EB_ROLE_SUMMED},
        [OF_ZONE_COLUMN] = {.name = "share_of_zone_pct", .type = EB_COLUMN_REAL, .unit = "%", .decimals = 4, .role = EB_ROLE_SHARE},
        [OF_CLASS_COLUMN] = {.name = "share_of_class_pct", .type = EB_COLUMN_REAL, .unit = "%", .decimals = 4, .role = EB_ROLE_SHARE},
    };
    for (int c = CLASS_COLUMN; c <= OF_CLASS_COLUMN; c++) {
        bool wanted = c == SIZE_COLUMN ? t->dimension > 0 : c == OFFICIAL_COLUMN ? t->dimension == 2 && has_official(t->zones) : true;
        l->columns[c] = wanted ? eb_table_add_column(l->table, &rest[c]) : SIZE_MAX;
    }
}

static double amount(const eb_tabulation *t, const line *row)
{
    return t->dimension == 0 ? (double)row->count : row->size;
}

/* What the shares are of: areas of zones, else all there is in the zone; and each class over all rows. In whatever order rows come. */
static void denominators(const lines *l, eb_sum *zones, eb_sum *classes)
{
    for (size_t i = 0; i < l->count; i++) {
        const line *row = &l->list[i];
        if (row->class_id != SIZE_MAX) eb_sum_add(&classes[row->class_id], amount(l->t, row));
        if (l->t->dimension < 2)
            eb_sum_add(&zones[row->zone], amount(l->t, row));
        else
            zones[row->zone] = (eb_sum){.sum = l->t->zones->key_area_m2[row->zone]};
    }
}

/* All of it is 100, to the last digit. */
static void set_share(lines *l, size_t row, int column, double part, const eb_sum *of)
{
    const double whole = eb_sum_get(of);
    if (whole > 0) eb_table_set_real(l->table, row, l->columns[column], 100 * (part / whole));
}

static void fill_row(lines *l, const line *from, const eb_sum *zones, const eb_sum *classes)
{
    const eb_zones *z = l->t->zones;
    size_t row = eb_table_add_row(l->table);
    const size_t *key = z->keys + from->zone * z->layer_count;
    for (size_t k = 0; k < z->layer_count; k++)
        if (key[k] != SIZE_MAX) eb_table_set_text(l->table, row, k, z->shapes[key[k]].name);
    if (from->class_name) eb_table_set_text(l->table, row, l->columns[CLASS_COLUMN], from->class_name);
    if (from->class_id != SIZE_MAX) eb_table_set_integer(l->table, row, l->columns[COUNT_COLUMN], from->count);
    if (l->columns[SIZE_COLUMN] != SIZE_MAX) eb_table_set_real(l->table, row, l->columns[SIZE_COLUMN], from->size);
    set_share(l, row, OF_ZONE_COLUMN, amount(l->t, from), &zones[from->zone]);
    if (from->class_id != SIZE_MAX) set_share(l, row, OF_CLASS_COLUMN, amount(l->t, from), &classes[from->class_id]);
}

/*
 * Official areas of the rows of one zone, in proportion to their areas: what features cover again first, rounded, then the other rows,
 * which make up the zone and that.
 */
static eb_status share_zone(const line *rows, size_t count, double ratio, double zone_m2, double *areas, double *shared, eb_error *err)
{
    double again = 0;
    size_t covers = 0;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].size < 0)
            again = eb_half_up(-ratio * rows[i].size * 100) / 100;
        else
            areas[covers++] = rows[i].size;
    }
    eb_status status = eb_share_official(eb_half_up(ratio * zone_m2 * 100) / 100 + again, areas, covers, areas, err);
    for (size_t i = 0, k = 0; i < count && status == EB_OK; i++) shared[i] = rows[i].size < 0 ? -again : areas[k++];
    return status;
}

/* The official area of each zone, shared out among its rows. */
static eb_status share_official(lines *l, eb_error *err)
{
    const eb_zones *z = l->t->zones;
    eb_status status = EB_OK;
    if (l->columns[OFFICIAL_COLUMN] == SIZE_MAX) return EB_OK;
    double *areas = calloc(l->count + 1, sizeof *areas), *shared = calloc(l->count + 1, sizeof *shared);
    if (!areas || !shared) status = eb_error_memory(err);
    for (size_t from = 0, to; from < l->count && status == EB_OK; from = to) {
        const size_t key = l->list[from].zone;
        const eb_zone_shape *zone = &z->shapes[z->keys[key * z->layer_count]];
        for (to = from; to < l->count && l->list[to].zone == key; to++) {
        }
        if (!isfinite(zone->official_m2)) continue;
        status = share_zone(l->list + from, to - from, zone->official_m2 / zone->area_m2, z->key_area_m2[key], areas, shared, err);
        for (size_t i = from; i < to && status == EB_OK; i++) eb_table_set_real(l->table, i, l->columns[OFFICIAL_COLUMN], shared[i - from]);
    }
    free(areas);
    free(shared);
    return status;
}

static bool has_null(const eb_tabulation *t)
{
    for (size_t i = 0; i < t->classes.count; i++)
        if (strcmp(t->classes.texts[i], EB_KEY_NULL) == 0) return true;
    for (size_t i = 0; i < t->zones->shape_count; i++)
        if (strcmp(t->zones->shapes[i].name, EB_KEY_NULL) == 0) return true;
    return false;
}

static void note_overlaps(const eb_tabulation *t, eb_table *table)
{
    const eb_zones *z = t->zones;
    for (size_t k = 0; k < z->layer_count; k++) {
        double area_m2 = 0;
        const char *pair[2] = {NULL, NULL};
        for (size_t c = 0; c < z->partition->count; c++) {
            const eb_cell *cell = &z->partition->cells[c];
            size_t own = 0, last[2] = {0, 0};
            for (size_t m = 0; m < cell->member_count; m++)
                if (cell->members[m] >= z->first[k] && cell->members[m] < z->first[k + 1] && own++ < 2) last[own - 1] = cell->members[m];
            if (own < 2) continue;
            area_m2 += cell->area_m2;
            if (!pair[0]) pair[0] = z->shapes[last[0]].name, pair[1] = z->shapes[last[1]].name;
        }
        if (area_m2 > 0.01)
            eb_table_add_note(table, "zones overlap one another by %.2f m2 (%s and %s, for one): what lies there is in each of them",
                              area_m2, pair[0], pair[1]);
    }
}

static void describe_areas(const eb_tabulation *t, eb_table *table)
{
    const eb_zones *z = t->zones;
    const eb_area_account account = {
        .method = has_official(z) ? EB_AREA_OFFICIAL : EB_AREA_AUTO,
        .plane = eb_projector_plane(z->projector),
        .plane_columns = "area_m2",
        .how = has_official(z) ? _("the official area of each zone shared out over its rows in proportion to area_m2, levelled to 0.01 m2 "
                                   "so that rows add up to the zone; `overlay` shares out that of each feature. A row is thus a share "
                                   "of its zone, not measured by itself: where a feature lies whole in a zone, `area` may give it a "
                                   "slightly different official area, as long edges run straight in another plane there.")
                               : NULL,
        .chosen_m2 = NAN,
        .official_m2 = z->official_m2,
        .geodesic_m2 = z->geodesic_m2,
    };
    char text[1600];
    eb_measure_account(z->measure, &account, text, sizeof text);
    eb_table_set_method(table, "%s", text);
}

static void describe(const eb_tabulation *t, eb_table *table, double again_m2)
{
    const eb_plane *plane = eb_projector_plane(t->zones->projector);
    const double whole = eb_sum_get(&t->whole), outside = eb_sum_get(&t->outside);
    const char *unit = t->dimension == 2 ? _("m²") : _("m");
    if (t->dimension == 2)
        describe_areas(t, table);
    else if (t->dimension == 1)
        eb_table_set_method(table, "geodesic lengths on the ellipsoid (a %.0f m)", plane->a);
    else
        eb_table_set_method(table, "points; one on a border counts in the first zone that has it");
    eb_table_add_note(table, "share_of_zone_pct: of %s; share_of_class_pct: of the class over all rows of this table",
                      t->dimension == 2 ? _("the zone's area") : _("all that lies in the zone"));
    eb_table_add_note(table, "pieces and whole differ by %.1e of the whole (a run fails above 1e-9)",
                      whole > 0 ? eb_sum_get(&t->residual) / whole : 0);
    if (t->dimension == 0 && outside > 0)
        eb_table_add_note(table, "%lld of %lld features lie in no zone; %.0f of %.0f points lie in no zone", (long long)t->outside_count,
                          (long long)t->used, outside, whole);
    else if (t->outside_count > 0 || outside > 0.01)
        eb_table_add_note(table, "%lld of %lld features lie in no zone; %.2f of %.2f %s lie in no zone", (long long)t->outside_count,
                          (long long)t->used, outside, whole, unit);
    if (t->dimension == 2) eb_table_add_note(table, "rows without a class: what no feature covers");
    if (has_null(t)) eb_table_add_note(table, EB_KEY_NULL_NOTE);
    if (again_m2 > 0)
        eb_table_add_note(table,
                          "features overlap one another: rows (overlap) take off what is counted more than once, %.2f m2 in all, so that "
                          "the rows of a zone add up to it",
                          again_m2);
    note_overlaps(t, table);
}

eb_status eb_tabulation_table(const eb_tabulation *t, eb_table **out, eb_error *err)
{
    lines l = {.t = t,
               .table = eb_table_new("tabulate", t->dimension == 2   ? "Area by zone and class"
                                                 : t->dimension == 1 ? "Length by zone and class"
                                                                     : "Count by zone and class")};
    eb_sum *zones = calloc(t->zones->key_count + 1, sizeof *zones), *classes = calloc(t->classes.count + 1, sizeof *classes);
    *out = NULL;
    eb_status status = l.table && zones && classes ? make_lines(&l, err) : eb_error_memory(err);
    if (status == EB_OK) {
        add_columns(&l);
        denominators(&l, zones, classes);
        for (size_t i = 0; i < l.count; i++) fill_row(&l, &l.list[i], zones, classes);
        status = share_official(&l, err);
        describe(t, l.table, l.again_m2);
    }
    if (status == EB_OK && eb_table_status(l.table) != EB_OK) status = eb_error_memory(err);
    if (status == EB_OK)
        *out = l.table;
    else
        eb_table_free(l.table);
    free(l.list);
    free(zones);
    free(classes);
    return status;
}
