/**
 * @file analysis/road_fields.h
 * What the fields of a road layer mean, in the bureau's words and in OpenStreetMap's.
 */
#ifndef ANALYSIS_ROAD_FIELDS_H
#define ANALYSIS_ROAD_FIELDS_H

#include <ecobelt/analysis.h>
#include <ecobelt/network.h>

/** Where one attribute is found: a field, or a tag in OpenStreetMap's other_tags; both missing: nowhere. */
typedef struct eb_road_lookup {
    int field;       /**< -1: none */
    const char *tag; /**< NULL: none */
} eb_road_lookup;

/** Where everything is found in one layer. */
typedef struct eb_road_fields {
    eb_road_lookup class_name, speed, oneway, level, bridge, tunnel, closed, junction, name, ref;
    int tags; /**< field other_tags, -1: none */
    bool osm; /**< an OpenStreetMap file: lines without a class are no roads */
} eb_road_fields;

/** What one feature says. */
typedef struct eb_road_attributes {
    char class_name[80];
    double speed_kmh; /**< 0: not said, or not usable */
    eb_oneway oneway;
    int level;
    bool structure, tunnel, closed, not_for_cars, odd_oneway, odd_level, odd_closed;
} eb_road_attributes;

/** Find the fields that the parameters name, else those usually called so. EB_USAGE where a named field is not there. */
eb_status eb_road_fields_find(const eb_args *args, const eb_schema *schema, eb_road_fields *out, eb_error *err);
/** Read one feature's attributes. */
void eb_road_fields_read(const eb_road_fields *fields, const eb_batch *batch, size_t i, eb_road_attributes *out);
/** Name of the road, else its number, else "". */
void eb_road_fields_name(const eb_road_fields *fields, const eb_batch *batch, size_t i, char *text, size_t size);

/** The classes that the tool knows, from the best to the worst. */
size_t eb_road_class_count(void);
/** Class @p i of them. */
const char *eb_road_class_at(size_t i);
/** The class that a word means, in any case and in other usual words such as 高速公路; NULL where it is none. Static. */
const char *eb_road_class_known(const char *word);
/** Whether @p name, in any case and usual wording, is one of the classes that class_order lists; without a list, of the tool's. */
bool eb_road_class_listed(const eb_args *args, const char *name);
/** Take the blanks off both ends. */
void eb_road_class_trim(char *text);
/** Usual speed of a class in km/h: the tool's own for a class it knows, else by its rank among @p count classes; 30 for no rank. */
double eb_road_class_speed(const char *name, int rank, size_t count);
/** Geodesic length in metres of a part in degrees. */
double eb_road_part_length(double a, double f, const eb_wkb_part *part);

#endif
