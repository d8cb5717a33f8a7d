#include "report/heading.h"

#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

typedef struct word {
    const char *key, *en; /* the English is the key of the catalogue */
} word;

/** Unit words; the key is both the unit's code and the suffix of a column's name. */
static const word units[] = {
    {"m2", N_("m²")}, {"ha", N_("ha")}, {"mu", N_("mu")}, {"wanmu", N_("10⁴ mu")}, {"km2", N_("km²")}, {"m", N_("m")},   {"km", N_("km")},
    {"pct", N_("%")}, {"deg", N_("°")}, {"s", N_("s")},   {"min", N_("min")},      {"ppm", N_("ppm")}, {"m3", N_("m³")}, {"mm", N_("mm")},
};

/** Column names without their unit. Names that are not here are shown as they are: they come from the user's own fields. */
static const word names[] = {
    {"area", N_("Area")},
    {"official", N_("Official area")},
    {"geodesic", N_("Geodesic area")},
    {"planar", N_("Planar area")},
    {"rounded", N_("Rounded")},
    {"count", N_("Count")},
    {"share", N_("Share")},
    {"width", N_("Width a side")},
    {"length", N_("Length")},
    {"gross", N_("Gross area")},
    {"dissolved", N_("Dissolved area")},
    {"clipped", N_("Clipped area")},
    {"tolerance", N_("Tolerance")},
    {"audited_error", N_("Audited error")},
    {"side", N_("Side")},
    {"zone", N_("Zone")},
    {"class", N_("Class")},
    {"share_of_zone", N_("Share of zone")},
    {"share_of_class", N_("Share of class")},
    {"designation", N_("Designation")},
    {"designations", N_("Designations")},
    {"multiplicity", N_("Times designated")},
    {"effective", N_("Effective area")},
    {"exclusive", N_("Exclusive area")},
    {"union", N_("Union area")},
    {"overlap", N_("Overlap area")},
    {"gross_m", N_("Gross length")}, /* of lines: whole names go before their stems */
    {"overlap_m", N_("Overlap length")},
    {"distance", N_("Distance")},
    {"gap", N_("Gap")},
    {"reached", N_("Reached")},
    {"ascent", N_("Ascent")},
    {"descent", N_("Descent")},
    {"leg", N_("Leg")},
    {"route", N_("Route")},
    {"variant", N_("Variant")},
    {"time", N_("Time")},
    {"height", N_("Height")},
    {"lon", N_("Longitude")},
    {"lat", N_("Latitude")},
    {"to_lon", N_("Longitude across")},
    {"to_lat", N_("Latitude across")},
    {"to_name", N_("Road across")},
    {"to_class", N_("Class across")},
    {"road", N_("Road")},
    {"road_class", N_("Class of road")},
    {"spur", N_("Spur")},
    {"limit", N_("Limit")},
    {"inside", N_("Inside")},
    {"share_of_route", N_("Share of route")},
    {"component", N_("Component")},
    {"components", N_("Ties components")},
    {"nodes", N_("Nodes")},
    {"edges", N_("Edges")},
    {"from", N_("From")},
    {"to", N_("To")},
    {"order", N_("Order")},
    {"stop", N_("Stop")},
    {"airport", N_("Airport")},
    {"exit", N_("Expressway exit")},
    {"station", N_("Station")},
    {"wharf", N_("Wharf")},
    {"city", N_("City")},
    {"airport_points", N_("Points: airport")},
    {"exit_points", N_("Points: exit")},
    {"station_points", N_("Points: station")},
    {"wharf_points", N_("Points: wharf")},
    {"city_points", N_("Points: city")},
    {"road_points", N_("Points: road")},
    {"points", N_("Points")},
    {"of_points", N_("Out of")},
    {"reason", N_("Reason")},
    {"target", N_("Target")},
    {"of", N_("Of table")},
    {"column", N_("Column")},
    {"where", N_("Rows")},
    {"computed", N_("Computed")},
    {"published", N_("Published")},
    {"published_km2", N_("Published area")},
    {"unit", N_("Unit")},
    {"difference", N_("Difference")},
    {"within", N_("Allowed difference")},
    {"verdict", N_("Verdict")},
    {"source", N_("Source")},
    {"note", N_("Note")},
    {"name", N_("Name")},
    {"name_zh", N_("Name (zh)")},
    {"county", N_("County")},
    {"province", N_("Province")},
    {"grade", N_("Grade")},
    {"geometry", N_("Geometry")},
    {"features", N_("Features")},
    {"layer", N_("Layer")},
    {"status", N_("Status")},
    {"title", N_("Title")},
    {"file", N_("File")},
    {"bytes", N_("Bytes")},
    {"sha256", N_("SHA-256")},
    {"perimeter", N_("Perimeter")},
    {"faces", N_("Areas enclosed")},
    {"other", N_("Other")},
    {"share_of_union", N_("Share of union")},
    {"share_of_designation", N_("Share of designation")},
    {"share_of_clip", N_("Share of clip layer")},
    {"counted_again", N_("Counted again")},
    {"crs", N_("CRS")},
    {"density_km_per_100km2", N_("Density")},
    {"reference", N_("Reference area")},
    {"code", N_("Code")},
    {"prefecture", N_("Prefecture")},
    {"population_2020", N_("Population (2020)")},
    {"published_note", N_("Note on the published figure")},
    {"published_other", N_("Other published figures")},
    {"zone_published", N_("Published, whole zone")},
    {"kind", N_("Kind")},
    {"level", N_("Level")},
    {"scope", N_("Scope")},
    {"established", N_("Established")},
    {"membership", N_("Membership")},
    {"membership_source", N_("Source of the membership")},
    {"park", N_("Park")},
    {"part", N_("Part")},
    {"joins", N_("Flows into")},
    {"flow_order", N_("Order of flow")},
    {"belt", N_("River of the belt")},
    {"year", N_("Year")},
    {"group", N_("Group")},
    {"accuracy", N_("Accuracy")},
    {"inscribed", N_("Inscribed")},
    {"unesco_ref", N_("UNESCO number")},
    {"ref", N_("Road number")},
    {"speed_kmh", N_("Speed (km/h)")},
    {"class_rank", N_("Rank of the class")},
    {"from_node", N_("From node")},
    {"to_node", N_("To node")},
    {"datum", N_("Datum")},
    {"oneway", N_("One way")},
    {"snap", N_("Distance to the road")},
    {"number", N_("Number")},
    {"closed", N_("Closed")},
    {"region", N_("region")},
    {"step", N_("Step")},
    {"analysis", N_("Analysis")},
    {"parameters", N_("Parameters")},
    {"made_from", N_("Made from")},
    {"finding", N_("Finding")},
    {"sheet", N_("Sheet")},
    {"scale", N_("Scale 1:")},
    {"west", N_("West")},
    {"south", N_("South")},
    {"east", N_("East")},
    {"north", N_("North")},
};

static const word *find(const word *words, size_t count, const char *key, size_t size)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(words[i].key) == size && strncmp(words[i].key, key, size) == 0) return &words[i];
    }
    return NULL;
}

/** The class of what is left of a zone. */
static bool is_rest(const eb_table *table, size_t column)
{
    return strcmp(eb_table_column_at(table, column)->name, "class") == 0 && eb_table_find(table, "zone") >= 0 &&
           eb_table_find(table, "share_of_zone_pct") >= 0;
}

const char *eb_null_word(const eb_table *table, size_t row, size_t column, eb_lang lang)
{
    size_t first = 0;
    if (!eb_table_is_null(table, row, column)) return NULL;
    if (is_rest(table, column)) return eb_word(lang, "(the rest)");
    if (!eb_table_is_whole(table, row)) return NULL;
    while (first < column && eb_table_column_at(table, first)->role != EB_ROLE_KEY) first++;
    return first == column && eb_table_column_at(table, first)->role == EB_ROLE_KEY ? eb_word(lang, "all") : NULL;
}

const char *eb_unit_word(const char *unit, eb_lang lang)
{
    const word *found =
        unit ? find(units, sizeof units / sizeof units[0], strcmp(unit, "%") == 0 ? "pct" : unit, strcmp(unit, "%") == 0 ? 3 : strlen(unit))
             : NULL;
    return found ? eb_word(lang, found->en) : unit;
}

/** Length of the name without a unit suffix; the unit word in *unit. */
static size_t split_unit(const eb_column *column, eb_lang lang, const char **unit)
{
    const char *mark = strrchr(column->name, '_');
    const word *suffix = mark ? find(units, sizeof units / sizeof units[0], mark + 1, strlen(mark + 1)) : NULL;

    *unit = column->unit ? eb_unit_word(column->unit, lang) : suffix ? eb_word(lang, suffix->en) : NULL;
    return suffix ? (size_t)(mark - column->name) : strlen(column->name);
}

/** Words for "clipped_share_of_region": what was shared and of what. */
static bool share_heading(const char *name, size_t size, eb_lang lang, char *text, size_t text_size)
{
    static const char middle[] = "_share_of_";
    const char *at = strstr(name, middle);
    if (!at || at >= name + size) return false;
    const char *of = at + sizeof middle - 1;
    const word *what = find(names, sizeof names / sizeof names[0], name, (size_t)(at - name));
    const int what_size = what ? (int)strlen(eb_word(lang, what->en)) : (int)(at - name);
    const char *what_text = what ? eb_word(lang, what->en) : name;
    const word *whole = find(names, sizeof names / sizeof names[0], of, (size_t)(name + size - of));
    const char *of_text = whole ? eb_word(lang, whole->en) : of;
    const int of_size = whole ? (int)strlen(of_text) : (int)(name + size - of);

    snprintf(text, text_size, eb_translate_to(lang, "%.*s, share of %.*s"), what_size, what_text, of_size, of_text);
    return true;
}

/** Words for "kind_zh": the same in Chinese; for "class_en": in English. */
static bool language_heading(const char *name, eb_lang lang, char *text, size_t size)
{
    const size_t length = strlen(name);
    const char *end = length > 3 ? name + length - 3 : "";
    const bool chinese = strcmp(end, "_zh") == 0;
    const word *known = chinese || strcmp(end, "_en") == 0 ? find(names, sizeof names / sizeof names[0], name, length - 3) : NULL;

    if (known)
        snprintf(text, size, chinese ? eb_translate_to(lang, "%s (zh)") : eb_translate_to(lang, "%s (en)"), eb_word(lang, known->en));
    return known != NULL;
}

/** Words for "zone_2", the second of its kind. */
static bool numbered_heading(const char *name, eb_lang lang, char *text, size_t size)
{
    const char *mark = strrchr(name, '_');
    const word *known = mark && isdigit((unsigned char)mark[1]) && !mark[2]
                            ? find(names, sizeof names / sizeof names[0], name, (size_t)(mark - name))
                            : NULL;

    if (known) snprintf(text, size, "%s %c", eb_word(lang, known->en), mark[1]);
    return known != NULL;
}

void eb_column_heading(const eb_column *column, eb_lang lang, char *text, size_t size)
{
    const char *unit;
    const size_t stem = split_unit(column, lang, &unit);
    char words[256];
    const word *whole = find(names, sizeof names / sizeof names[0], column->name, strlen(column->name));
    const word *known = whole ? whole : find(names, sizeof names / sizeof names[0], column->name, stem);

    if (known) {
        snprintf(words, sizeof words, "%s", eb_word(lang, known->en));
    } else if (!share_heading(column->name, stem, lang, words, sizeof words) &&
               !language_heading(column->name, lang, words, sizeof words) && !numbered_heading(column->name, lang, words, sizeof words)) {
        snprintf(words, sizeof words, "%.*s", (int)stem, column->name);
    }
    if (unit) {
        snprintf(text, size, lang == EB_LANG_ZH ? "%s(%s)" : "%s (%s)", words, unit);
    } else {
        snprintf(text, size, "%s", words);
    }
    eb_text_trim_utf8(text, size);
}

size_t eb_heading_in(const eb_table *table, const char *text, eb_lang lang, char *heading, size_t size)
{
    char name[128];
    size_t length = 0;

    heading[0] = '\0';
    while (length < sizeof name - 1 && (isalnum((unsigned char)text[length]) || text[length] == '_')) {
        name[length] = text[length];
        length++;
    }
    name[length] = '\0';
    const eb_column plain = {.name = name, .type = EB_COLUMN_TEXT};
    const int column = strchr(name, '_') && table ? eb_table_find(table, name) : -1;
    if (column >= 0) eb_column_heading(eb_table_column_at(table, (size_t)column), lang, heading, size);
    if (strchr(name, '_') && !table) eb_column_heading(&plain, lang, heading, size);
    return length ? length : 1;
}

char *eb_prose(const eb_table *table, const char *text, eb_lang lang)
{
    eb_string out = {0};

    eb_string_add(&out, "");
    while (*text) {
        char heading[256];
        const size_t size = eb_heading_in(table, text, lang, heading, sizeof heading);
        if (*heading) {
            eb_string_add(&out, heading);
        } else {
            eb_string_add_bytes(&out, text, size);
        }
        text += size;
    }
    return eb_string_take(&out);
}
