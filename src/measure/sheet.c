#include <ecobelt/measure.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "measure/official.h"
#include "base/translate.h"

/* Scales of GB/T 13989-2012: how many rows and columns divide a sheet of 1:1,000,000 (4 by 6 degrees), and digits of their numbers. */
static const struct series {
    char letter;
    int scale, parts, digits;
} series[] = {
    {'B', 500000, 2, 3}, {'C', 250000, 4, 3}, {'D', 100000, 12, 3}, {'E', 50000, 24, 3},  {'F', 25000, 48, 3},
    {'G', 10000, 96, 3}, {'H', 5000, 192, 3}, {'I', 2000, 576, 3},  {'J', 1000, 1152, 4}, {'K', 500, 2304, 4},
};

static eb_status bad_number(const char *number, const char *why, eb_error *err)
{
    eb_error_set(err, EB_USAGE, "\"%s\" is no sheet number: %s", number, eb_translate(why));
    eb_error_hint(err, "as in H50 (1:1,000,000) or H50G001001 (1:10,000): row letter, column, scale letter, row, column");
    return EB_USAGE;
}

/* The next @p digits characters as a number, or -1. */
static int take_digits(const char **at, int digits)
{
    int value = 0;
    for (int i = 0; i < digits; i++, (*at)++) {
        if (**at < '0' || **at > '9') return -1;
        value = value * 10 + (**at - '0');
    }
    return value;
}

eb_status eb_sheet_parse(const char *number, eb_sheet *out, eb_error *err)
{
    const char *at = number;
    if (*at < 'A' || *at > 'N') return bad_number(number, "the row letter must lie between A and N", err);
    const double south = 4.0 * (*at++ - 'A');
    const int column = take_digits(&at, 2);
    if (column < 1 || column > 60) return bad_number(number, "the column must be two digits, 01 to 60", err);
    const double west = 6.0 * column - 186;
    *out = (eb_sheet){.scale = 1000000, .west_deg = west, .south_deg = south, .east_deg = west + 6, .north_deg = south + 4};
    if (strlen(number) < sizeof out->number) snprintf(out->number, sizeof out->number, "%s", number);
    if (*at == '\0') return EB_OK;
    const struct series *s = NULL;
    for (size_t i = 0; i < sizeof series / sizeof *series; i++)
        if (series[i].letter == *at) s = &series[i];
    if (!s) return bad_number(number, "the scale letter must lie between B and K", err);
    at++;
    const int row = take_digits(&at, s->digits), col = row < 0 ? -1 : take_digits(&at, s->digits);
    if (row < 1 || row > s->parts || col < 1 || col > s->parts || *at != '\0') {
        char why[96];
        snprintf(why, sizeof why, _("after %c come row and column, %d digits each, 1 to %d"), s->letter, s->digits, s->parts);
        return bad_number(number, why, err);
    }
    out->scale = s->scale;
    /* Rows count from the north. Products before quotients, so that equal edges of neighbours are equal doubles. */
    out->north_deg = south + 4.0 * (s->parts - row + 1) / s->parts;
    out->south_deg = south + 4.0 * (s->parts - row) / s->parts;
    out->west_deg = west + 6.0 * (col - 1) / s->parts;
    out->east_deg = west + 6.0 * col / s->parts;
    return EB_OK;
}

eb_status eb_sheet_area(eb_datum datum, double west_deg, double south_deg, double east_deg, double north_deg, double *area_m2,
                        eb_error *err)
{
    eb_official official;
    *area_m2 = NAN;
    if (!eb_official_init(&official, datum))
        return eb_error_set(err, EB_USAGE, "theoretical areas of sheets are defined for CGCS2000 and Xi'an 80 only");
    if (!(west_deg < east_deg && east_deg - west_deg <= 360 && south_deg < north_deg && south_deg >= -90 && north_deg <= 90)) {
        eb_error_set(err, EB_USAGE, "the box %g, %g, %g, %g is empty or not on Earth", west_deg, south_deg, east_deg, north_deg);
        eb_error_hint(err, "give west, south, east and north in degrees");
        return EB_USAGE;
    }
    *area_m2 = eb_official_box(&official, south_deg * EB_RADIAN, north_deg * EB_RADIAN, (east_deg - west_deg) * EB_RADIAN);
    return EB_OK;
}
