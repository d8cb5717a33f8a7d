/**
 * @file params.h
 * Parameters declared once: command line, plan file, help and --json-usage all come from the same rows.
 */
#ifndef ECOBELT_PARAMS_H
#define ECOBELT_PARAMS_H

#include <ecobelt/base.h>

/** What a parameter's value is, and so how its text is read. */
typedef enum eb_param_type {
    EB_PARAM_FLAG,    /**< true or false; on the command line present or not */
    EB_PARAM_INTEGER, /**< whole number between min and max */
    EB_PARAM_REAL,    /**< finite number between min and max */
    EB_PARAM_TEXT,    /**< any text */
    EB_PARAM_CHOICE,  /**< one of `choices` */
    EB_PARAM_AREA,    /**< number with unit m2, ha, mu, km2 ("1000km2"), kept in square metres */
    EB_PARAM_LAYER,   /**< a layer: a file, file|layername=…, or in a plan a layer's or step's id */
    EB_PARAM_FIELD,   /**< a field of the layer parameter `of` */
    EB_PARAM_FILE,    /**< any other file to read */
    EB_PARAM_TYPE_END
} eb_param_type;

enum {
    EB_PARAM_REQUIRED = 1,   /**< must be given */
    EB_PARAM_POSITIONAL = 2, /**< an argument on the command line, not an option */
    EB_PARAM_LIST = 4,       /**< several values: comma-separated or repeated on the command line, a sequence in a plan */
    EB_PARAM_CLI_ONLY = 8,   /**< not a plan key */
    EB_PARAM_WHOLE = 16      /**< list values may hold commas: on the command line the option is repeated, never split */
};

/** Shapes that a layer parameter takes, or that a layer holds. */
enum { EB_TAKES_POINTS = 1, EB_TAKES_LINES = 2, EB_TAKES_POLYGONS = 4 };

/** One parameter: a row of a command's table. All text is static. */
typedef struct eb_param {
    const char *key;    /**< plan key and JSON name, with its unit: "width_m" */
    const char *option; /**< long option without dashes ("width"), NULL where the key with '-' for '_' serves; unused if positional */
    char letter;        /**< short option, or 0 */
    eb_param_type type;
    unsigned flags;      /**< EB_PARAM_… */
    unsigned shapes;     /**< for LAYER: EB_TAKES_… that it takes; 0: any */
    const char *metavar; /**< what the help shows for the value: "M", "LAYER" */
    const char *choices; /**< for CHOICE: "both|left|right" */
    const char *def;     /**< default as text, NULL: none */
    double min, max;     /**< inclusive bounds for numbers; both 0: none */
    const char *of;      /**< for FIELD: key of the layer parameter that has it; for TEXT: of the one that it is a filter on */
    const char *help;    /**< one line, with unit */
} eb_param;

/** Values for a parameter table. */
typedef struct eb_args eb_args;

/** Empty values for @p count rows of @p params (lent: it must outlive the args). NULL out of memory. */
eb_args *eb_args_new(const eb_param *params, size_t count);
/** Free the values; NULL is fine. */
void eb_args_free(eb_args *args);
/** The parameter table behind @p args, lent. @param[out] count rows in it; may be NULL. */
const eb_param *eb_args_params(const eb_args *args, size_t *count);
/** The row with this key, or NULL. */
const eb_param *eb_params_find(const eb_param *params, size_t count, const char *key);
/** The long option of a row (a static or caller's buffer of @p size). */
const char *eb_param_option(const eb_param *param, char *buffer, size_t size);

/**
 * Read @p text as the value of @p key; a LIST parameter gets it appended (commas split it where @p split is true).
 * Strict: trailing junk, NaN, infinities, out of range, empty text and unknown choices are EB_USAGE.
 * A second value for a parameter that takes one is EB_USAGE.
 */
eb_status eb_args_add(eb_args *args, const char *key, const char *text, bool split, eb_error *err);
/** Check that every required parameter has a value, and fill in defaults. */
eb_status eb_args_finish(eb_args *args, eb_error *err);

/** True when a value was given or a default filled in. */
bool eb_args_has(const eb_args *args, const char *key);
/** Number of values of @p key, counting defaults; 0 where it has none. */
size_t eb_args_count(const eb_args *args, const char *key);
/** Values by position in the list; the plain forms give the first. Asking for a key that the table has not is a bug: returns NULL/0/NaN. */
const char *eb_args_text(const eb_args *args, const char *key);
/** Value @p i of @p key as it was written; NULL past the end. Lent, valid as long as the args. */
const char *eb_args_text_at(const eb_args *args, const char *key, size_t i);
/** First value of a number, in square metres for an area; NaN where there is none. */
double eb_args_real(const eb_args *args, const char *key);
/** Value @p i of a number; NaN past the end. */
double eb_args_real_at(const eb_args *args, const char *key, size_t i);
/** First value of a whole number; 0 where there is none. */
int64_t eb_args_integer(const eb_args *args, const char *key);
/** True when the flag is set. */
bool eb_args_flag(const eb_args *args, const char *key);

#endif
