/**
 * @file report.h
 * Finished results drawn: tables, maps, packages. Nothing is computed here.
 */
#ifndef ECOBELT_REPORT_H
#define ECOBELT_REPORT_H

#include <ecobelt/layer.h>

/** One result layer with what people need to read it. */
typedef struct eb_report_layer {
    const char *id;        /**< "belt" */
    const char *title;     /**< heading in the language of the run */
    const char *theme;     /**< style theme: a file of styles/ without its ending; an unknown one or NULL: plain */
    const char *label;     /**< field whose text stands on the map, NULL: none */
    bool hidden;           /**< not drawn when the project is opened */
    bool focus;            /**< the region that maps show; where no layer is it, they show the results */
    const char *step;      /**< id of the step that made it, NULL for an input */
    bool extra;            /**< beside the main result of its step: stops of a route, what was not reached */
    const char *method;    /**< how its figures were made, may be NULL */
    bool schematic;        /**< made from schematic layers */
    bool input;            /**< an input layer rather than a result */
    const eb_layer *layer; /**< lent */
} eb_report_layer;

/** How a chart is drawn. */
typedef enum eb_chart_kind { EB_CHART_BAR, EB_CHART_PIE } eb_chart_kind;
/** A chart: what is drawn stands in a small table of its own. */
typedef struct eb_chart {
    eb_chart_kind kind;
    const eb_table
        *data; /**< lent: the first column holds the categories (text), each other one a series (real); its title is the chart's */
} eb_chart;

/** Everything a run found, finished and immutable; all members are lent. */
typedef struct eb_report {
    const char *name;  /**< ASCII stem of the files: "quzhou" */
    const char *title; /**< heading in the language of the run */
    eb_lang lang;
    const eb_table *const *tables; /**< in the order of the plan */
    size_t table_count;
    const eb_report_layer *layers; /**< in drawing order, bottom first */
    size_t layer_count;
    const eb_report_layer *guides; /**< points and lines with names for phones, one file each; only where GPX is asked for */
    size_t guide_count;
    const eb_table *asked;    /**< the steps: what was asked of each and what it was made from; NULL: not known */
    const size_t *asked_rows; /**< for each of `tables` the row of its step in `asked` */
    const eb_table *targets;  /**< computed against published; NULL: none */
    const eb_chart *charts;
    size_t chart_count;
    const eb_table *inputs;   /**< the files that were read, with their digests; NULL: not known */
    const char *made;         /**< program, libraries and plan, some lines; NULL: not known */
    int decimals;             /**< of the degrees in maps/LAYER.geojson, 1 to 12; 0: 9 */
    const char *const *tiles; /**< background of the web map: URLs with {z}, {x}, {y}, the undermost first */
    size_t tile_count;
    const char *tile_attribution; /**< whose tiles they are, NULL: not said */
    bool tiles_on;                /**< asked for when the map is opened; else only when its reader switches them on */
    const eb_diagnosis *diagnosis;
    const char *run_json; /**< the provenance record, complete JSON text: an object that tells which step alone was run as "only" */
    const char *only;     /**< the step that alone was run, with what it needs; NULL: all */
} eb_report;

/**
 * Table as CSV: RFC 4180, UTF-8, CRLF, one line of column names, numbers in full precision, a null is an empty field.
 * Nothing but the table is in it, so that Excel, pandas and GDAL read every line as what it is: method and notes go into their
 * own file (eb_table_write_about()).
 * @param mark begin with a byte-order mark (Excel needs it to see that the text is UTF-8). @param[out] text from malloc().
 */
eb_status eb_table_to_csv(const eb_table *table, bool mark, char **text, eb_error *err);
/** eb_table_to_csv() with byte-order mark into a file that appears complete or not at all. EB_OUTPUT with what to do. */
eb_status eb_table_write_csv(const eb_table *table, const char *file, eb_error *err);
/** Column types for GDAL and QGIS ("String","Real",…), which otherwise take every CSV column for text: the .csvt beside a .csv. */
eb_status eb_table_write_csvt(const eb_table *table, const char *file, eb_error *err);
/** What a CSV cannot say, as text for people: title, what each column is, method, notes. UTF-8 with byte-order mark, CRLF. */
eb_status eb_table_write_about(const eb_table *table, eb_lang lang, const char *file, eb_error *err);
/**
 * Say that a table was made from schematic layers, in every way that survives copying: after its title, as a note that names the layers
 * (@p names: "rivers, park"), and as a last column `status` of "schematic" in every row, unless there is a column of that name.
 */
void eb_table_mark_schematic(eb_table *table, const char *names, eb_lang lang);
/** eb_table_write_csv() and eb_table_write_about(), the two together or none of them. */
eb_status eb_table_write_csv_about(const eb_table *table, eb_lang lang, const char *file, const char *about, eb_error *err);
/** Table as text for a terminal, aligned (CJK characters count two columns), with title, method and notes. Text from malloc(). */
eb_status eb_table_to_text(const eb_table *table, eb_lang lang, char **text, eb_error *err);
/** eb_table_to_text() of the first @p most rows, and a line that says how many more there are. */
eb_status eb_table_to_text_head(const eb_table *table, eb_lang lang, size_t most, char **text, eb_error *err);
/** Table as a Markdown pipe table with title, method and notes. Text from malloc(). */
eb_status eb_table_to_markdown(const eb_table *table, eb_lang lang, char **text, eb_error *err);
/** Table as a JSON object {name, title, columns: [{name, type, unit}], rows: [{…}], method, notes}. Text from malloc(). */
eb_status eb_table_to_json(const eb_table *table, char **text, eb_error *err);
/**
 * Table as lines in SVG: a panel for every value of its text keys (their rows stand together), y over x, and names on the line.
 * @param columns "x,y" or "x,y,label": names of two real columns and a text column. @param[out] text from malloc().
 */
eb_status eb_table_to_svg(const eb_table *table, const char *columns, eb_lang lang, char **text, eb_error *err);
/** Heading of a column for people: "Area (km²)" / "面积(平方公里)". */
void eb_column_heading(const eb_column *column, eb_lang lang, char *text, size_t size);
/** Diagnosis as text for people; empty text where there is nothing to say. Text from malloc(). */
eb_status eb_diagnosis_to_text(const eb_diagnosis *diagnosis, eb_lang lang, char **text, eb_error *err);

/** Formats of a run's folder. */
enum {
    EB_FORMAT_CSV = 1,
    EB_FORMAT_GEOJSON = 2,
    EB_FORMAT_GPKG = 4,
    EB_FORMAT_QGZ = 8,
    EB_FORMAT_XLSX = 16,
    EB_FORMAT_HTML = 32,
    EB_FORMAT_GPX = 64,
    EB_FORMAT_MAP = 128
};
/** Name to flags ("html" is the report and the web map, "map" the latter alone); EB_USAGE for an unknown one, the known ones in the hint.
 */
eb_status eb_format_parse(const char *text, unsigned *flag, eb_error *err);
/**
 * Whether eb_report_write() may write @p folder, to know before hours of work: it is new (and its parent may be written to), empty,
 * or with @p overwrite an earlier run's, whose run.json tells which of its files are that run's. EB_OUTPUT else.
 * @param only the step that alone is run, NULL: all. It takes the place of no other's results.
 */
eb_status eb_report_check_folder(const char *folder, bool overwrite, const char *only, eb_error *err);
/**
 * Write a run's folder: statistics/TABLE.csv (with .csvt and .txt), statistics.xlsx, report.html, map.html, maps/LAYER.geojson, NAME.gpkg,
 * NAME.qgz (a project over the package, which is then written, too), gpx/STEP.gpx of routes, run.json.
 * Everything goes into a new folder beside @p folder first, which is then renamed into place (exchanged with an earlier run's where
 * the file system can), so that a killed run leaves nothing under the final name. What others put into an earlier run's folder, or
 * changed there, comes along: under its own name, or where the run has a file of that name as NAME.kept.ENDING.
 * EB_OUTPUT: see eb_report_check_folder(); disk full; EB_CANCELLED: nothing is left.
 */
eb_status eb_report_write(const eb_report *report, const char *folder, unsigned formats, bool overwrite, const eb_env *env, eb_error *err);

#endif
