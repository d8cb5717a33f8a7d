/**
 * @file layer.h
 * Features in batches, and where they come from and go to.
 */
#ifndef ECOBELT_LAYER_H
#define ECOBELT_LAYER_H

#include <ecobelt/crs.h>
#include <ecobelt/table.h>
#include <ecobelt/wkb.h>

/** Type of an attribute. Dates and times are ISO 8601 text that keeps its type for writers. */
typedef enum eb_field_type {
    EB_FIELD_TEXT,
    EB_FIELD_INTEGER,
    EB_FIELD_REAL,
    EB_FIELD_BOOLEAN,
    EB_FIELD_DATE,
    EB_FIELD_TIME,
    EB_FIELD_DATETIME
} eb_field_type;
/** An attribute's description. */
typedef struct eb_field {
    char *name;
    char *alias; /**< for people, or NULL */
    eb_field_type type;
    int width, precision; /**< as the format says, 0: not said */
} eb_field;

/** What a layer's features look like. */
typedef struct eb_schema {
    char *name;         /**< layer name */
    char *file;         /**< where it came from, for messages; may be NULL */
    char *driver;       /**< "GPKG", "ESRI Shapefile", "[地块坐标]", "memory"; may be NULL */
    char *encoding;     /**< of the attribute text in the file; may be NULL */
    eb_crs *crs;        /**< NULL: the layer has none */
    eb_shape_kind kind; /**< declared kind, EB_SHAPE_UNKNOWN for mixed */
    bool has_z;
    bool tabular; /**< a table: no feature has a shape, now or ever */
    size_t field_count;
    eb_field *fields;
    int64_t feature_count; /**< -1: not known */
    bool schematic;        /**< the layer says of itself that it is schematic (field or metadata "status") */
    char *source;          /**< the layer's own words on its origin; may be NULL */
} eb_schema;

/** A schema without fields; @p name and @p crs (may be NULL) are copied. NULL out of memory; free with eb_schema_free(). */
eb_schema *eb_schema_new(const char *name, eb_shape_kind kind, const eb_crs *crs);
/** Deep copy to be freed by the caller; NULL for NULL or out of memory. */
eb_schema *eb_schema_copy(const eb_schema *schema);
/** Free a schema and all it holds; NULL is fine. */
void eb_schema_free(eb_schema *schema);
/** Append a field; returns its index or -1 out of memory. */
int eb_schema_add_field(eb_schema *schema, const char *name, eb_field_type type);
/** Index of the field (exact name, else ASCII case folded), or -1. */
int eb_schema_find(const eb_schema *schema, const char *name);
/**
 * The text field `status` in which every feature that is made from something schematic says so: the one that is there, else a new last
 * one (a field of another type that is called so becomes status_2). Its index, or -1 out of memory.
 */
int eb_schema_mark(eb_schema *schema);
/**
 * What that field says of a feature: "schematic", and behind it what it said before where that is a word of its own: "schematic; planned".
 * @param before may be NULL or empty. From malloc(), NULL out of memory.
 */
char *eb_status_mark(const char *before);
/** Whether a value of `status` says that its feature is schematic. NULL does not. */
bool eb_status_schematic(const char *text);

/** Values of one field over a batch. */
typedef struct eb_values {
    eb_field_type type;
    uint8_t *valid;    /**< 1 or 0 a feature */
    int64_t *integers; /**< INTEGER, BOOLEAN */
    double *reals;     /**< REAL */
    char *text;        /**< all others: bytes, each value terminated by NUL */
    size_t *offsets;   /**< start of value i in text */
    size_t text_size, text_capacity;
} eb_values;

/** Some thousands of features in columns. Filled by a source or by the functions below. */
typedef struct eb_batch {
    const eb_schema *schema; /**< lent */
    size_t count, capacity;
    int64_t *fids;
    uint8_t *shapes;       /**< WKB bytes of all features */
    size_t *shape_offsets; /**< count+1 offsets; equal neighbours: null geometry */
    size_t shapes_capacity;
    eb_values *values; /**< one a field of the schema */
    int64_t first;     /**< position of the first feature in the layer, from 0 */
    bool chorded;      /**< shapes with arcs were among them, which have become chords */
} eb_batch;

/** What a diagnosis says of them, in English. */
extern const char eb_arcs_note[];

/** An empty batch for features of @p schema (lent: it must outlive the batch). NULL out of memory; free with eb_batch_free(). */
eb_batch *eb_batch_new(const eb_schema *schema);
/** Free a batch; NULL is fine. */
void eb_batch_free(eb_batch *batch);
/** Forget the features, keep the memory. */
void eb_batch_clear(eb_batch *batch);
/** Shape of feature @p i, lent until the batch changes; empty span for a null geometry. */
eb_wkb eb_batch_shape_at(const eb_batch *batch, size_t i);
/** Make the geometry of feature @p i null. */
void eb_batch_drop_shape(eb_batch *batch, size_t i);
/** True when the value of @p field of feature @p i is null. */
bool eb_batch_is_null(const eb_batch *batch, size_t i, size_t field);
/** Text of a text-like field (text, date, time), lent until the batch changes; "" for a null. */
const char *eb_batch_text_at(const eb_batch *batch, size_t i, size_t field);
/** Value of an integer or boolean field; 0 for a null. */
int64_t eb_batch_integer_at(const eb_batch *batch, size_t i, size_t field);
/** Value of a number field, integers too; NaN for a null. */
double eb_batch_real_at(const eb_batch *batch, size_t i, size_t field);
/** Any field as text, as a person would write it; "" for null. */
void eb_batch_format_at(const eb_batch *batch, size_t i, size_t field, char *text, size_t size);
/** Append a feature with null attributes; @p shape copied. Returns false out of memory. */
bool eb_batch_add(eb_batch *batch, int64_t fid, eb_wkb shape);
/** Set a value of the feature added last. */
bool eb_batch_set_text(eb_batch *batch, size_t field, const char *text);
/** Set an integer or boolean value of the feature added last. False for another type of field. */
bool eb_batch_set_integer(eb_batch *batch, size_t field, int64_t value);
/** Set a number of the feature added last. False for another type of field. */
bool eb_batch_set_real(eb_batch *batch, size_t field, double value);
/** Copy field @p from of feature @p i of @p src into field @p to of the feature added last (types must agree). */
bool eb_batch_set_copy(eb_batch *batch, size_t to, const eb_batch *src, size_t i, size_t from);
/** A writable view of feature i's shape bytes (coordinates may be changed in place, size not). */
uint8_t *eb_batch_shape_bytes(eb_batch *batch, size_t i, size_t *size);

/** How to read a layer. All zero: everything, as it is. */
typedef struct eb_read_options {
    const char *where;         /**< OGR attribute filter, NULL: all */
    const char *const *fields; /**< names wanted, NULL-terminated; NULL: all; an empty list: none */
    bool no_shapes;            /**< attributes only */
    const double *box;         /**< {xmin, ymin, xmax, ymax} in the layer's CRS: what touches it and, in some formats, what only
                                    its own box makes touch it; NULL: all */
    const char *encoding;      /**< of the attribute text; NULL: found out */
    const char *crs;           /**< CRS to assume where the file has none (or to override); NULL: the file's */
    eb_frame frame;            /**< datum frame of the numbers; converted to WGS84 on reading */
    bool allow_partial;        /**< take what can be read of a damaged file; recorded in the diagnosis */
    bool allow_no_crs;         /**< do not refuse a layer without CRS (info, check) */
    bool allow_table;          /**< do not refuse a table, which has no shapes (info, check, convert); no_shapes allows it too */
    size_t batch_features;     /**< features a batch, 0: 4096, fewer where shapes are large */
    /**
     * Hand out features with coordinates that are no place on Earth, too, where they are the exception: whoever asks for it rejects them
     * one by one, as projecting or measuring them fails. Else the first of them refuses the layer.
     */
    bool sift;
    bool blank; /**< the same without their shapes, for whoever shows features and does not compute */
} eb_read_options;

/** A stream of batches. Not thread-safe; batches may be handed to other threads. */
typedef struct eb_source eb_source;
/**
 * Open "file.gpkg|layername=roads", a plain file with one layer, or an OGR connection string.
 * EB_INPUT: missing, not a layer, damaged, several layers and none named (they are listed). EB_REFUSED: no CRS (with a guess in the hint),
 * a table without shapes. EB_USAGE: unknown field in options or bad filter.
 */
eb_status eb_source_open(const char *name, const eb_read_options *options, eb_source **out, eb_error *err);
/** Lent, valid until the source is freed. */
const eb_schema *eb_source_schema(const eb_source *source);
/** Fill @p batch (made with eb_batch_new(eb_source_schema())); count 0 at the end. At the end completeness is checked: EB_INPUT where
 * something is missing. */
eb_status eb_source_next(eb_source *source, eb_batch *batch, eb_error *err);
/** Back to the first feature, with the same options. EB_INPUT where the source cannot be read again. */
eb_status eb_source_rewind(eb_source *source, eb_error *err);
/** Extent {xmin, ymin, xmax, ymax} in the layer's CRS, cheap where the format knows it, else by a pass over the data. EB_INPUT when empty.
 */
eb_status eb_source_extent(eb_source *source, double box[4], eb_error *err);
/** The same for a layer that may be empty: where it has no shape at all, @p any is false and @p box is untouched. */
eb_status eb_source_extent_any(eb_source *source, double box[4], bool *any, eb_error *err);
/**
 * The same to lay a plane over: where a layer in degrees is wider than 180, and narrower across 180 degrees than the other way, that is
 * its extent (to half a degree; xmax is then beyond 180). It takes a pass over such a layer.
 */
eb_status eb_source_extent_across(eb_source *source, double box[4], bool *any, eb_error *err);
/** Close a source; NULL is fine. */
void eb_source_free(eb_source *source);
/**
 * Tell a diagnosis what was read: the count of features so far, and as notes what the reader met (character set found out, damaged
 * file read in part, datum frame converted). Call it once, at the end.
 */
void eb_source_report(const eb_source *source, eb_diagnosis *diagnosis);
/** What a remark of a reader is about. */
typedef enum eb_remark_kind {
    EB_REMARK_PLAIN,  /**< nothing wrong: what was found out, what was done */
    EB_REMARK_FORM,   /**< the file breaks the rules of its format, and was understood all the same */
    EB_REMARK_DAMAGE, /**< something is missing or lost */
    EB_REMARK_VALUE   /**< a value that is none of its field's type, "none" in a field for numbers: it is handed out as null */
} eb_remark_kind;
/** A remark. */
typedef struct eb_remark {
    eb_remark_kind kind;
    int64_t fid; /**< EB_NO_FID where it is about no single feature */
    char text[640];
} eb_remark;
/**
 * The remarks on what has been read so far, one by one: what eb_source_report() tells, each value by itself. Values are told of whether a
 * filter lets their features through or not. False behind the last.
 */
bool eb_source_remark_at(const eb_source *source, size_t i, eb_remark *out);
/** Layers of a file: number and names by a table with columns name, geometry, features, crs. EB_INPUT for a file that is cut short,
 * unless @p allow_partial. */
eb_status eb_source_list(const char *file, bool allow_partial, eb_table **out, eb_error *err);

/** A layer held in memory. */
typedef struct eb_layer eb_layer;
/** An empty layer in memory; @p schema is copied. NULL out of memory; free with eb_layer_free(). */
eb_layer *eb_layer_new(const eb_schema *schema);
/** Free a layer; NULL is fine. */
void eb_layer_free(eb_layer *layer);
/** Its schema: lent, valid as long as the layer. */
const eb_schema *eb_layer_schema(const eb_layer *layer);
/** Number of features. */
size_t eb_layer_count(const eb_layer *layer);
/** Number of batches that hold them. */
size_t eb_layer_batch_count(const eb_layer *layer);
/** Batch @p i from 0, lent until the layer changes. */
const eb_batch *eb_layer_batch_at(const eb_layer *layer, size_t i);
/** Batch @p i to change in place: values and coordinates, not the number of features. */
eb_batch *eb_layer_batch_edit(eb_layer *layer, size_t i);
/** Batch to append to: call eb_batch_add() on it. NULL out of memory. */
eb_batch *eb_layer_tail(eb_layer *layer);
/** Read all of a source. */
eb_status eb_layer_read(eb_source *source, const eb_env *env, eb_layer **out, eb_error *err);
/** A source over a layer (lent). options: fields, box, batch_features count; where is refused with EB_USAGE unless it is NULL. */
eb_status eb_source_from_layer(const eb_layer *layer, const eb_read_options *options, eb_source **out, eb_error *err);

/** How to write a layer. */
typedef struct eb_write_options {
    const char *format;         /**< OGR driver name; NULL: by the file's extension */
    const char *encoding;       /**< shapefile text, NULL: GBK where the text fits, else UTF-8 */
    bool overwrite;             /**< replace an existing file */
    int decimals;               /**< coordinate digits (GeoJSON), -1: format's default; slivers and holes without area in
                                     them are left out of a shape that has area elsewhere */
    bool rfc7946;               /**< GeoJSON: WGS84, right-hand rule, no crs member */
    const char *title, *method; /**< metadata where the format can hold them (GeoJSON: members beside "features") */
    const char *status;         /**< metadata as well: "schematic"; NULL: what the schema says */
    eb_diagnosis *diagnosis;    /**< is told what the format cannot hold as it is (names of fields, signs, a character set), at the latest
                                     when the sink is committed; NULL: nobody. Outlives the sink */
} eb_write_options;

/** Takes batches and writes them under a temporary name; commit renames it into place. */
typedef struct eb_sink eb_sink;
/** EB_OUTPUT: exists and not overwrite, folder missing or not writable, unknown extension (the known ones are listed). */
eb_status eb_sink_create(const char *file, const eb_schema *schema, const eb_write_options *options, eb_sink **out, eb_error *err);
/** A sink that fills a layer in memory (lent). */
eb_status eb_sink_to_layer(eb_layer *layer, eb_sink **out, eb_error *err);
/** Append the features of @p batch, whose schema is the sink's. EB_OUTPUT where they cannot be written (disk full). */
eb_status eb_sink_write(eb_sink *sink, const eb_batch *batch, eb_error *err);
/** Finish: flush, check what was written, rename into place. Consumes the sink, also on failure (then nothing is left). */
eb_status eb_sink_commit(eb_sink *sink_take, eb_error *err);
/** From now on the sink refuses to commit once the run is cancelled (EB_CANCELLED); @p env is lent. NULL sink: nothing to do. */
void eb_sink_guard(eb_sink *sink, const eb_env *env);
/** Throw away what was written. NULL is fine. */
void eb_sink_abort(eb_sink *sink_take);
/** A GeoPackage of many layers: written under a temporary name, each with its own spatial index, journal mode DELETE, committed as one. */
typedef struct eb_package eb_package;
/** Begin a GeoPackage at @p file. EB_OUTPUT: exists and not @p overwrite, folder missing or not writable. */
eb_status eb_package_create(const char *file, bool overwrite, eb_package **out, eb_error *err);
/** From now on @p diagnosis (lent) is told what a GeoPackage cannot hold as it is: names of fields that differ only in case. */
void eb_package_tell(eb_package *package, eb_diagnosis *diagnosis);
/**
 * Add a layer called @p name, with a title for people (the identifier; may be NULL). The description is the schema's `source`, led by
 * "schematic: " where the schema says so; fields keep their aliases. EB_OUTPUT where it cannot be written.
 */
eb_status eb_package_add_layer(eb_package *package, const eb_layer *layer, const char *name, const char *title, eb_error *err);
/** Add a table without geometry. EB_OUTPUT where it cannot be written. */
eb_status eb_package_add_table(eb_package *package, const eb_table *table, eb_error *err);
/**
 * Make a QML the default style of layer @p name (added before): QGIS loads it with the layer. In the table layer_styles as QGIS makes it.
 * EB_OUTPUT where it cannot be written.
 */
eb_status eb_package_add_style(eb_package *package, const char *name, const char *qml, eb_error *err);
/** Finish and rename into place. Consumes the package, also on failure (then nothing is left). */
eb_status eb_package_commit(eb_package *package_take, eb_error *err);
/** Throw away what was written. NULL is fine. */
void eb_package_abort(eb_package *package_take);

/** Version of GDAL at work, "3.6.2"; static. */
const char *eb_layer_gdal_version(void);

#endif
