/* Theoretical areas of map sheets and of boxes between parallels and meridians. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/area/run.h"
#include "measure/small.h"

enum { SHEET, SCALE, WEST, SOUTH, EAST, NORTH, M2, HA, MU, KM2, COLUMNS };

static const eb_column columns[COLUMNS] = {
    [SHEET] = {.name = "sheet", .type = EB_COLUMN_TEXT, .decimals = -1, .role = EB_ROLE_KEY},
    [SCALE] = {.name = "scale", .type = EB_COLUMN_INTEGER, .decimals = 0},
    [WEST] = {.name = "west_deg", .type = EB_COLUMN_REAL, .unit = "deg", .decimals = 8},
    [SOUTH] = {.name = "south_deg", .type = EB_COLUMN_REAL, .unit = "deg", .decimals = 8},
    [EAST] = {.name = "east_deg", .type = EB_COLUMN_REAL, .unit = "deg", .decimals = 8},
    [NORTH] = {.name = "north_deg", .type = EB_COLUMN_REAL, .unit = "deg", .decimals = 8},
    [M2] = {.name = "area_m2", .type = EB_COLUMN_REAL, .unit = "m2", .decimals = 2, .role = EB_ROLE_SUMMED},
    [HA] = {.name = "area_ha", .type = EB_COLUMN_REAL, .unit = "ha", .decimals = 4, .role = EB_ROLE_SUMMED},
    [MU] = {.name = "area_mu", .type = EB_COLUMN_REAL, .unit = "mu", .decimals = 2, .role = EB_ROLE_SUMMED},
    [KM2] = {.name = "area_km2", .type = EB_COLUMN_REAL, .unit = "km2", .decimals = 6, .role = EB_ROLE_SUMMED},
};

/* The table in the making, with the sum by the circular's series and by the integral that it stands for. */
typedef struct maker {
    eb_table *table;
    eb_datum datum;
    double sum_m2, exact_m2;
} maker;

/* Half of what lies between the equator and a latitude, a unit of b2 and a radian of longitude: the integral in closed form. */
static double zone_of(double lat_deg, double e2)
{
    const double e = sqrt(e2), s = sin(lat_deg * EB_RADIAN);
    return s / (1 - e2 * s * s) + atanh(e * s) / e;
}

/* The same box by the closed form; between meridians and parallels the geodesic area of ever denser edges comes to it. */
static double exact_m2(eb_datum datum, const eb_sheet *sheet)
{
    const double a = datum == EB_DATUM_XIAN80 ? 6378140 : 6378137, f = 1 / (datum == EB_DATUM_XIAN80 ? 298.257 : 298.257222101);
    const double e2 = f * (2 - f), b = a * (1 - f);
    return b * b / 2 * (sheet->east_deg - sheet->west_deg) * EB_RADIAN * (zone_of(sheet->north_deg, e2) - zone_of(sheet->south_deg, e2));
}

static eb_status add_sheet(maker *m, const eb_sheet *sheet, eb_error *err)
{
    eb_table *table = m->table;
    double m2;
    eb_status status = eb_sheet_area(m->datum, sheet->west_deg, sheet->south_deg, sheet->east_deg, sheet->north_deg, &m2, err);
    if (status != EB_OK) return status;
    const size_t row = eb_table_add_row(table);
    if (sheet->scale) {
        eb_table_set_text(table, row, SHEET, sheet->number);
        eb_table_set_integer(table, row, SCALE, sheet->scale);
    }
    const double places[] = {sheet->west_deg, sheet->south_deg, sheet->east_deg, sheet->north_deg};
    for (size_t i = 0; i < 4; i++) eb_table_set_real(table, row, WEST + i, places[i]);
    eb_table_set_real(table, row, M2, m2);
    eb_table_set_real(table, row, HA, eb_area_from_m2(m2, EB_UNIT_HA));
    eb_table_set_real(table, row, MU, eb_area_from_m2(m2, EB_UNIT_MU));
    eb_table_set_real(table, row, KM2, eb_area_from_m2(m2, EB_UNIT_KM2));
    m->sum_m2 += m2;
    m->exact_m2 += exact_m2(m->datum, sheet);
    return EB_OK;
}

eb_status eb_area_sheets_check(const eb_args *args, eb_error *err)
{
    const size_t count = eb_args_count(args, "sheet_box");
    eb_status status = EB_OK;
    if (count != 0 && count != 4) {
        eb_error_set(err, EB_USAGE, "--sheet-box needs four numbers, not %zu", count);
        eb_error_hint(err, "give west, south, east and north in degrees: --sheet-box 118.0625,28,118.125,28.0416666667");
        return EB_USAGE;
    }
    for (size_t i = 0; i < eb_args_count(args, "sheet") && status == EB_OK; i++) {
        eb_sheet sheet;
        status = eb_sheet_parse(eb_args_text_at(args, "sheet", i), &sheet, err);
    }
    return status;
}

static eb_status add_box(maker *m, const eb_args *args, eb_error *err)
{
    if (eb_args_count(args, "sheet_box") == 0) return EB_OK;
    const eb_sheet box = {.west_deg = eb_args_real_at(args, "sheet_box", 0),
                          .south_deg = eb_args_real_at(args, "sheet_box", 1),
                          .east_deg = eb_args_real_at(args, "sheet_box", 2),
                          .north_deg = eb_args_real_at(args, "sheet_box", 3)};
    return add_sheet(m, &box, err);
}

eb_status eb_area_sheets(const eb_args *args, const eb_workspace *space, eb_error *err)
{
    const bool xian = eb_args_has(args, "datum") && strcmp(eb_args_text(args, "datum"), "xian80") == 0;
    const eb_datum datum = xian ? EB_DATUM_XIAN80 : EB_DATUM_CGCS2000;
    eb_table *table = eb_table_new("sheets", "Theoretical areas of map sheets");
    maker m = {.table = table, .datum = datum};
    if (!table) return eb_error_memory(err);
    for (size_t c = 0; c < COLUMNS; c++) eb_table_add_column(table, &columns[c]);
    eb_status status = eb_area_sheets_check(args, err);
    if (status == EB_OK) status = add_box(&m, args, err);
    for (size_t i = 0; i < eb_args_count(args, "sheet") && status == EB_OK; i++) {
        eb_sheet sheet;
        status = eb_sheet_parse(eb_args_text_at(args, "sheet", i), &sheet, err);
        if (status == EB_OK) status = add_sheet(&m, &sheet, err);
    }
    if (status == EB_OK && m.exact_m2 > 0)
        eb_table_set_method(table,
                            "Theoretical area of map sheets (circular 国土调查办发〔2008〕32号) on the %s ellipsoid, with the constants it "
                            "prints; not rounded; numbers by GB/T 13989-2012. Check: official minus the integral over the ellipsoid %+.2f "
                            "m2 (%+.1e of the total).",
                            xian ? "Xi'an 80" : "CGCS2000", m.sum_m2 - m.exact_m2, (m.sum_m2 - m.exact_m2) / m.exact_m2);
    if (status == EB_OK) return space->add_table(space->self, table, err);
    eb_table_free(table);
    return status;
}
