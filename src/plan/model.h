/**
 * @file plan/model.h
 * A checked plan: what its text says, looked up and verified. Strings are lent from the tree unless said otherwise.
 */
#ifndef PLAN_MODEL_H
#define PLAN_MODEL_H

#include <ecobelt/plan.h>

#include <ecobelt/analysis.h>
#include <ecobelt/measure.h>

#include "plan/node.h"
#include "plan/where.h"

/** A title in one or two languages. */
typedef struct eb_words {
    const char *en, *zh; /**< either may be NULL */
} eb_words;
/** The words in @p lang, else in the other language, else @p otherwise. */
const char *eb_words_in(const eb_words *words, eb_lang lang, const char *otherwise);

/** Where the things of a plan come from. */
typedef enum eb_ref_kind { EB_REF_NONE, EB_REF_LAYER, EB_REF_STEP } eb_ref_kind;
/** What a name in a plan means: a layer of `layers:`, or a result of a step. */
typedef struct eb_ref {
    eb_ref_kind kind;
    size_t index;     /**< in plan->layers or plan->steps */
    const char *role; /**< of a step's result: "" for the main one; lent from the name */
} eb_ref;

/** A row of `layers:`. */
typedef struct eb_plan_layer {
    const eb_node *node;
    const char *id;
    char **names; /**< files, as eb_source_open() takes them; owned */
    size_t name_count;
    size_t *parts; /**< in plan->layers: layers of files that it is made from, in order; owned */
    size_t part_count;
    bool resolving; /**< its parts are being looked up: to meet it again is a circle */
    eb_words title, label;
    const eb_node *fields; /**< names of the layer: names in its files; NULL: as they are */
    const eb_node *values; /**< fields that its files have not: a text for all features; NULL: none */
    const char *where, *crs, *encoding, *source, *theme;
    eb_frame frame;
    bool allow_partial;
    bool schematic;    /**< the layer or the plan says so */
    bool hidden;       /**< not drawn when the project is opened */
    eb_schema *schema; /**< owned */
    bool unknown;      /**< something is wrong with it: what it holds is not known, and nothing that asks for it is to blame */
} eb_plan_layer;

/** A share that a step's table gets: column / denominator. */
typedef struct eb_plan_share {
    const eb_node *node;
    const char *table, *column; /**< role of the step's table ("" main) and its column */
    const char *of;             /**< "region", or a layer's or step's id */
    eb_ref ref;                 /**< NONE for the region */
} eb_plan_share;

/** A chart of a step's table. */
typedef struct eb_plan_chart {
    const eb_node *node;
    eb_words title, category;          /**< category: the column that names the bars */
    const char *table;                 /**< role of the step's table, "" main */
    const char *value, *series, *unit; /**< columns; series NULL: one series; unit NULL: the column's own */
    eb_where *where;                   /**< owned; NULL: all rows */
    eb_chart_kind kind;
} eb_plan_chart;

/** A row of `steps:`. */
typedef struct eb_plan_step {
    const eb_node *node, *params_node;
    const char *id;
    eb_words title, note;
    const char *theme;
    bool hidden;              /**< its layers are not drawn when the project is opened */
    const char *visible_role; /**< but this one is; NULL: none */
    const eb_analysis *analysis;
    eb_args *args;  /**< owned */
    eb_ref *inputs; /**< owned */
    size_t input_count, input_capacity;
    eb_plan_share *shares; /**< owned */
    size_t share_count;
    eb_plan_chart *charts; /**< owned */
    size_t chart_count;
    bool wanted;  /**< by --only */
    bool unknown; /**< something is wrong with it, or with what it is made from */
} eb_plan_step;

/** How a target is judged. */
typedef enum eb_sense { EB_SENSE_EQUAL, EB_SENSE_AT_LEAST, EB_SENSE_AT_MOST } eb_sense;

/** A row of `targets:`. */
typedef struct eb_plan_target {
    const eb_node *node;
    eb_words title, note, source;
    const char *of, *column, *where_text;
    size_t step;       /**< whose table it is */
    const char *role;  /**< of the table */
    eb_where *where;   /**< owned; NULL: all rows */
    bool sum;          /**< several rows are added */
    double expect;     /**< in `unit` */
    const char *unit;  /**< "km2", "km", "%", …; NULL: the column's own */
    double within_pct; /**< NaN: none */
    eb_sense sense;
} eb_plan_target;

/** `region:` */
typedef struct eb_plan_region {
    const eb_node *node; /**< NULL: none */
    eb_words title;
    size_t layer;
    double control_m2; /**< NaN: none published */
    eb_words source;
} eb_plan_region;

/** `map:`, the web map's background. */
typedef struct eb_plan_map {
    const char **tiles; /**< URLs, lent; the list is owned */
    size_t tile_count;
    eb_words attribution;
    bool visible; /**< when the map is opened */
} eb_plan_map;

/** What is wrong with a plan. */
typedef struct eb_problems {
    eb_error *items;
    size_t count, capacity;
} eb_problems;

struct eb_plan {
    char *file;   /**< as given */
    char *folder; /**< of the file, with a slash at the end, or "" */
    char *name;   /**< ASCII stem */
    char *sha256; /**< of the file's text */
    eb_node *root;
    eb_words title;
    eb_plan_region region;
    eb_plan_map map;
    eb_plan_layer *layers;
    size_t layer_count;
    eb_plan_step *steps;
    size_t step_count;
    eb_plan_target *targets;
    size_t target_count;
    unsigned formats;
    int decimals;          /**< of the degrees in GeoJSON */
    char *only;            /**< step to run with what it needs, NULL: all */
    eb_lang lang;          /**< which of two values the steps take */
    eb_problems *problems; /**< found while it is read; owned */
};

/**
 * Keep what is wrong with one part of the plan and go on with the next: true. False where there is no use in that (no memory, stopped).
 * @param now what reading the part came to. @param[in,out] all becomes it, unless it is EB_OK. @p err (never NULL) is empty again
 * afterwards.
 */
bool eb_plan_go_on(const eb_plan *plan, eb_status now, eb_status *all, eb_error *err);
/** Tell what was kept, which is something, as eb_plan_read() promises. */
eb_status eb_plan_tell_problems(const eb_plan *plan, const eb_plan_options *options, eb_error *err);

/* A key of a map and what its value must be. */
typedef enum eb_key_kind { EB_KEY_TEXT, EB_KEY_WORDS, EB_KEY_REAL, EB_KEY_FLAG, EB_KEY_LIST, EB_KEY_MAP, EB_KEY_ANY } eb_key_kind;
typedef struct eb_key {
    const char *name;
    eb_key_kind kind;
    bool required;
} eb_key;
/** Check that @p map is a map that has no other keys, all the required ones, and values of the right kind. @p what names it. */
eb_status eb_keys_check(const eb_plan *plan, const eb_node *map, const char *what, const eb_key *keys, size_t count, eb_error *err);
/** Check that a value is what its key wants. */
eb_status eb_key_check(const eb_plan *plan, const eb_node *node, const char *what, const eb_key *key, eb_error *err);
/** A text or {zh: …, en: …}; nothing for NULL. */
eb_words eb_words_of(const eb_node *node);
/**
 * Where @p node is {zh: …, en: …}, the value in @p lang, else in the other language; every other node is itself. So a step may read
 * another field in each language, and what it finds can be read by those it is for.
 */
const eb_node *eb_node_in(const eb_node *node, eb_lang lang);
/** A finite number; @p otherwise where @p node is NULL. The kind was checked before. */
double eb_node_real(const eb_node *node, double otherwise);
/** True or false. */
bool eb_node_flag(const eb_node *node, bool otherwise);
/** An id: ASCII letters, digits and _, beginning with a letter, at most 48. EB_USAGE else. */
eb_status eb_id_check(const eb_plan *plan, const eb_node *node, const char *id, bool at_key, eb_error *err);
/** Put "lead: " in front of an error's message: which part of the plan it is about. NULL is fine. */
void eb_error_lead(eb_error *err, const char *format, ...) EB_PRINTF(2, 3);
/** "did you mean" in the hint, where a candidate is near; else the list of what there is. */
void eb_hint_names(eb_error *err, const char *word, const char *const *names, size_t count);
/** The same of a list "a,b", which it takes apart. */
void eb_hint_list(eb_error *err, const char *word, char *list);
/** The `theme` of a layer or step; NULL: none. EB_USAGE: there is no such style. */
eb_status eb_plan_read_theme(const eb_plan *plan, const eb_node *node, const char **theme, eb_error *err);

/** Square metres, metres or per cent in one @p unit, and what it measures: A, L, % or 0 where it is none (then NaN). */
double eb_unit_scale(const char *unit, char *dimension);
/** The same of a column: by its @p unit, else (NULL or none of these) by the ending of its @p name, "area_m2". */
double eb_column_scale(const char *unit, const char *name, char *dimension);

/** EB_USAGE where a layer's id is an earlier layer's, whatever the case of its letters. */
eb_status eb_plan_check_layer_free(const eb_plan *plan, size_t index, eb_error *err);
/** The same for a step's id and the names of its results: earlier layers, steps and their results. */
eb_status eb_plan_check_free(const eb_plan *plan, const eb_plan_step *step, eb_error *err);
/** EB_USAGE where the step's analysis makes no such table; @p node is what asks for it, with or without a key `table`. */
eb_status eb_plan_check_table(const eb_plan *plan, const eb_plan_step *step, const eb_node *node, const char *role, eb_error *err);
/** Shares of a step. */
eb_status eb_plan_read_shares(eb_plan *plan, eb_plan_step *step, eb_error *err);
/** Charts of a step. */
eb_status eb_plan_read_charts(eb_plan *plan, eb_plan_step *step, eb_error *err);
/** A condition of the plan: read, and its columns are in the table. Nothing for NULL. */
eb_status eb_plan_read_where(const eb_plan *plan, const eb_node *node, const eb_ref *table, eb_where **out, eb_error *err);

/** The steps of reading. */
eb_status eb_plan_read_map(eb_plan *plan, eb_error *err);
eb_status eb_plan_read_layers(eb_plan *plan, eb_error *err);
/** Which layers of files layer @p index is made from, by its `merge`. EB_USAGE: no such layer, a circle, one that would be in it twice. */
eb_status eb_plan_resolve(eb_plan *plan, size_t index, eb_error *err);
eb_status eb_plan_read_steps(eb_plan *plan, eb_error *err);
eb_status eb_plan_read_targets(eb_plan *plan, eb_error *err);

/**
 * What a name means: a layer, "STEP" or "STEP_ROLE" of a layer (@p table false) or table (@p table true) among the first
 * @p step_limit steps. NONE where there is no such thing.
 */
eb_ref eb_plan_find(const eb_plan *plan, const char *name, bool table, size_t step_limit);
/** Whether what a layer or step holds is not known, because something is wrong with it. */
bool eb_plan_is_unknown(const eb_plan *plan, const eb_ref *ref);
/** EB_USAGE: there is no such layer or table; says whether a later step would have it, and what there is. */
eb_status eb_plan_unknown(const eb_plan *plan, const eb_node *node, const char *name, bool table, size_t step_limit, eb_error *err);
/** What a LAYER parameter of step @p step means: "LAYER", or "NAME=LAYER". */
eb_ref eb_plan_find_input(const eb_plan *plan, const char *text, size_t step);
/** The "LAYER" in it; lent. */
const char *eb_plan_input_name(const char *text);
/** Append "STEP" or "STEP_ROLE". */
void eb_add_result_id(eb_string *out, const char *step, const char *role);

/** Type of a layer's field, as far as it is known before anything runs; lent. NULL: not known. */
const eb_field_type *eb_plan_field_type(const eb_plan *plan, const eb_ref *ref, const char *field);
/** EB_USAGE where the layer or table cannot have the column, with the near names. */
eb_status eb_plan_check_column(const eb_plan *plan, const eb_node *node, const eb_ref *ref, bool table, const char *column, eb_error *err);
/** EB_USAGE where a column of a step's table holds texts, as far as it is known. */
eb_status eb_plan_check_number(const eb_plan *plan, const eb_node *node, const eb_ref *table, const char *column, eb_error *err);
/** Name of a share's column, "clipped_share_of_region_pct"; free() it. NULL out of memory. */
char *eb_share_column(const eb_plan_share *share);
/** The id of what @p ref means; lent. */
const char *eb_plan_ref_id(const eb_plan *plan, const eb_ref *ref);

/** An analysis's message and hint name options; name the keys of its step instead: "--width 5,6" becomes "width_m: [5,6]". */
void eb_plan_speak(const eb_analysis *analysis, eb_error *err);

#endif
