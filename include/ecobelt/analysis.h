/**
 * @file analysis.h
 * The analyses: each is one registry row that drives its command, its plan step and its documentation.
 */
#ifndef ECOBELT_ANALYSIS_H
#define ECOBELT_ANALYSIS_H

#include <ecobelt/layer.h>
#include <ecobelt/params.h>

/** Where an analysis finds its layers and puts its results: files for a command, a plan's layers and steps for a run. */
typedef struct eb_workspace {
    /** Open the layer that a LAYER parameter names. Each call gives a fresh source at the first feature. */
    eb_status (*open)(void *self, const char *name, const eb_read_options *options, eb_source **out, eb_error *err);
    /**
     * Begin a result layer. @p role names it among the results of the analysis: "" for the main one, else e.g. "rejects".
     * NULL in *out where nobody wants it. The analysis owns the sink: eb_sink_commit() as its last act, eb_sink_abort() when it fails.
     */
    eb_status (*create)(void *self, const char *role, const eb_schema *schema, eb_sink **out, eb_error *err);
    /** Take a result table. The first one is the main one. */
    eb_status (*add_table)(void *self, eb_table *table_take, eb_error *err);
    void *self;
    eb_diagnosis *diagnosis; /**< lent; never NULL */
} eb_workspace;

/** What an analysis yields, for checks before a run and for --json-usage. */
typedef struct eb_yield {
    const char *role;    /**< "" main table or layer */
    const char *columns; /**< all that it can have of its own, comma-separated: names that scripts may rely on */
    const char *texts;   /**< table: which of these hold texts, comma-separated; NULL: none */
    /**
     * Parameters whose fields it has besides, comma-separated: those that a FIELD names; a layer all those of a LAYER. They keep their
     * types; where a name comes twice the next is NAME_2. NULL: none.
     */
    const char *from;
    /**
     * Whether, with these parameters, it has one of `columns` or what one of `from` means. What the layers decide counts as there. NULL: it
     * has all.
     */
    bool (*has)(const eb_args *args, const char *name);
    unsigned shapes; /**< of a layer: EB_TAKES_… that it holds; 0: the same as the first input */
    bool layer;      /**< a layer, else a table */
    /** Points and lines with names in one layer, for what phones open: written to .gpx and .kml in place of all others, and only there. */
    bool guide;
    /** Table: columns that are also drawn as lines, "x,y,label"; NULL: none. A command writes NAME_ROLE.svg beside its output. */
    const char *plot;
    /**
     * Layer: the style (of styles/) it has in the maps of a run. A main layer has that of the plan's step instead where one is named.
     * Several are for the first step of this analysis in a plan, the second and so on, as their layers are drawn over one another; the last
     * is for all others. None: that of the main layer, and for that one the name of the analysis.
     */
    const char *styles[4];
    bool like_input;   /**< layer: it looks like the plan's layer it is made from */
    const char *label; /**< layer: the field whose values stand beside its features; NULL: that of the layer it is made from */
    const char *word;  /**< layer beside the main one: what it holds, in the title of the layer; NULL: its role */
} eb_yield;

/**
 * What is known of the layers of a plan's step before anything runs. @p layer is what the parameter names; what an earlier step makes is
 * known only as far as its inputs tell.
 */
typedef struct eb_outlook {
    /** What the layer holds, one EB_TAKES_…; 0: not known. */
    unsigned (*shapes)(void *self, const char *layer);
    /** Type of a field. False: not known. */
    bool (*field)(void *self, const char *layer, const char *field, eb_field_type *type);
    /** Its CRS, lent. NULL: not known. */
    const eb_crs *(*crs)(void *self, const char *layer);
    /** Open it for a look at its values. NULL in *out: it is not there yet. */
    eb_status (*open)(void *self, const char *layer, const eb_read_options *options, eb_source **out, eb_error *err);
    void *self;
} eb_outlook;

/**
 * One analysis. Its row drives the command, the step of a plan, the help and --json-usage; src/analysis/registry.h says where it goes.
 *
 * run() alone computes. The rest tells a plan, before anything runs and with line and column, what would go wrong hours later; a command
 * goes straight to run(), which therefore finds the same by the same rules. What is not known (a hook that is NULL, values of a layer that
 * an earlier step makes) is not refused. In the order in which a plan asks:
 *
 *  - `params`: kinds, limits, and that fields and conditions fit the layer that `of` names; of what an earlier step makes its `yields`
 * tell;
 *  - check(): parameters alone;
 *  - check_layers(): parameters together with what the layers hold;
 *  - `yields`: tables, columns and numbers that shares, charts and targets name.
 */
typedef struct eb_analysis {
    const char *name;    /**< command and plan step */
    const char *summary; /**< one line */
    const char *detail;  /**< some lines for --help: what is computed and how, units, accuracy */
    const char *example; /**< a command line that works */
    const eb_param *params;
    size_t param_count;
    const eb_yield *yields;
    size_t yield_count;
    /** What is wrong with the parameters alone, before any layer is read: EB_USAGE. */
    eb_status (*check)(const eb_args *args, eb_error *err);
    /** What is wrong with the parameters and their layers together. @p key (never NULL) gets the parameter that is to blame, if it is one.
     */
    eb_status (*check_layers)(const eb_args *args, const eb_outlook *look, const char **key, eb_error *err);
    /** Run. EB_FINDINGS: done and something was found wrong. */
    eb_status (*run)(const eb_args *args, const eb_workspace *space, const eb_env *env, eb_error *err);
} eb_analysis;

/** Number of analyses in the registry. */
size_t eb_analysis_count(void);
/** The analysis at position @p i in the order of the help, lent and static; NULL past the end. */
const eb_analysis *eb_analysis_at(size_t i);
/** The analysis called @p name (exactly), lent and static; NULL where there is none, or for a NULL name. */
const eb_analysis *eb_analysis_find(const char *name);

#endif
