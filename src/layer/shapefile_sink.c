#include "layer/dbf_write.h"
#include "layer/file_check.h"
#include "layer/ogr.h"

#include "base/array.h"
#include "base/text.h"
#include "base/translate.h"

#include <cpl_conv.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <shapefil.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What a .shp holds, less what may wait in a buffer. */
static const double most_bytes = 4294967296.0 - 1048576.0;

typedef struct shapefile_sink {
    eb_place place;
    eb_schema *schema;
    eb_dbf *dbf;
    eb_diagnosis *diagnosis; /* lent; may be NULL */
    SHPHandle shp;
    int type;        /* SHPT_..., 0: not known yet */
    int64_t waiting; /* null shapes met before the type was known */
    int64_t written;
    double *x, *y, *z;
    size_t x_room, y_room, z_room, points;
    int *starts;
    size_t starts_room, parts;
} shapefile_sink;

static int shape_type(eb_shape_kind kind, bool has_z)
{
    switch (kind) {
    case EB_SHAPE_POINT:
        return has_z ? SHPT_POINTZ : SHPT_POINT;
    case EB_SHAPE_LINE:
    case EB_SHAPE_MULTILINE:
        return has_z ? SHPT_ARCZ : SHPT_ARC;
    case EB_SHAPE_POLYGON:
    case EB_SHAPE_MULTIPOLYGON:
        return has_z ? SHPT_POLYGONZ : SHPT_POLYGON;
    case EB_SHAPE_MULTIPOINT:
        return has_z ? SHPT_MULTIPOINTZ : SHPT_MULTIPOINT;
    default:
        return 0;
    }
}

/* Path of a part beside the .shp in the place's folder, in the case of its ending. */
static char *part_path(const shapefile_sink *sink, const char *ending)
{
    size_t length = strlen(sink->place.file), size = length + 1;
    char *path = eb_text_dup(sink->place.file);
    bool upper = path && path[length - 1] >= 'A' && path[length - 1] <= 'Z';
    for (size_t i = 0; path && i < 3; i++) path[size - 4 + i] = (char)(upper ? ending[i] - 'a' + 'A' : ending[i]);
    return path;
}

static eb_status write_null(shapefile_sink *sink, eb_error *err)
{
    SHPObject *object = SHPCreateObject(SHPT_NULL, -1, 0, NULL, NULL, 0, NULL, NULL, NULL, NULL);
    if (!object) return eb_error_memory(err);
    errno = 0;
    int place = SHPWriteObject(sink->shp, -1, object);
    SHPDestroyObject(object);
    return place >= 0 ? EB_OK : eb_place_failed(sink->place.target, "cannot be written", err);
}

/* shapelib would say on stderr what its return values say too. */
static void keep_quiet(const char *message)
{
    (void)message;
}

static eb_status create_shp(shapefile_sink *sink, int type, eb_error *err)
{
    SAHooks hooks;
    SASetupDefaultHooks(&hooks);
    hooks.Error = keep_quiet;
    errno = 0;
    sink->type = type;
    sink->shp = SHPCreateLL(sink->place.file, type, &hooks);
    if (!sink->shp) return eb_place_failed(sink->place.target, "cannot be written", err);
    eb_status status = EB_OK;
    for (; !status && sink->waiting > 0; sink->waiting--) status = write_null(sink, err);
    return status;
}

static bool add_point(shapefile_sink *sink, const eb_wkb_part *part, size_t i)
{
    size_t want = sink->points + 1;
    if (!eb_array_reserve(&sink->x, &sink->x_room, want, sizeof *sink->x)) return false;
    if (!eb_array_reserve(&sink->y, &sink->y_room, want, sizeof *sink->y)) return false;
    if (!eb_array_reserve(&sink->z, &sink->z_room, want, sizeof *sink->z)) return false;
    eb_wkb_xy(part, i, &sink->x[sink->points], &sink->y[sink->points]);
    sink->z[sink->points] = 0;
    if (part->has_z) memcpy(&sink->z[sink->points], part->coords + (i * part->dims + 2) * sizeof(double), sizeof(double));
    sink->points++;
    return true;
}

static double turn(const eb_wkb_part *part)
{
    double sum = 0, x0 = 0, y0 = 0, ax, ay, bx, by;
    if (part->count) eb_wkb_xy(part, 0, &x0, &y0);
    for (size_t i = 1; i < part->count; i++) {
        eb_wkb_xy(part, i - 1, &ax, &ay);
        eb_wkb_xy(part, i, &bx, &by);
        sum += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
    }
    return sum;
}

/* Parts and points of a shape; outer rings run clockwise in shapefiles, holes against it. */
static eb_status gather(shapefile_sink *sink, eb_wkb shape, eb_error *err)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    sink->points = sink->parts = 0;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        if (part.count == 0) continue;
        if (!eb_array_reserve(&sink->starts, &sink->starts_room, sink->parts + 1, sizeof *sink->starts)) return eb_error_memory(err);
        sink->starts[sink->parts++] = (int)sink->points;
        bool back = part.kind == EB_SHAPE_POLYGON && (part.ring == 0 ? turn(&part) > 0 : turn(&part) < 0);
        for (size_t i = 0; i < part.count; i++)
            if (!add_point(sink, &part, back ? part.count - 1 - i : i)) return eb_error_memory(err);
    }
    if (eb_wkb_bad(&walk) || sink->points > INT32_MAX) return eb_error_set(err, EB_REFUSED, "the bytes of a shape are broken");
    for (size_t i = 0; i < sink->points; i++)
        if (!isfinite(sink->x[i]) || !isfinite(sink->y[i])) return eb_error_set(err, EB_REFUSED, "a coordinate is no number");
    return EB_OK;
}

static bool is_empty_point(eb_wkb shape)
{
    double box[4];
    return eb_wkb_kind(shape) == EB_SHAPE_POINT && !eb_wkb_bounds(shape, box);
}

static eb_status wrong_kind(const shapefile_sink *sink, eb_shape_kind kind, eb_error *err)
{
    if (kind == EB_SHAPE_COLLECTION || sink->type == 0)
        eb_error_set(err, EB_REFUSED, "a shapefile cannot hold a %s", eb_shape_kind_name(kind));
    else
        eb_error_set(err, EB_REFUSED, "a shapefile holds one kind of shape, and this one is a %s", eb_shape_kind_name(kind));
    eb_error_hint(err, "write a .gpkg or .geojson, or write each kind to a file of its own");
    return EB_REFUSED;
}

/*
 * The library gives no reason of its own: where the shape at hand is more than the format has room for, that is it (to the megabyte: what
 * the library holds back is not in the file yet), else the system's.
 */
static eb_status write_failed(const shapefile_sink *sink, eb_error *err)
{
    const int code = errno;
    struct stat file;
    const double bytes = 44 + 4.0 * (double)sink->parts + (sink->schema->has_z ? 24.0 : 16.0) * (double)sink->points;
    const bool full = stat(sink->place.file, &file) == 0 && (double)file.st_size + bytes > most_bytes;
    errno = code ? code : EIO;
    if (!full || code == ENOSPC || code == EDQUOT) {
        eb_place_failed(sink->place.target, "cannot be written", err);
        eb_place_blame(sink->place.target, err);
        return EB_OUTPUT;
    }
    eb_error_set(err, EB_OUTPUT, "cannot be written: a shapefile holds 4 GB at most");
    eb_error_where(err, sink->place.target, NULL, EB_NO_FID);
    eb_error_hint(err, "write a .gpkg, which has no such limit");
    return EB_OUTPUT;
}

static eb_status write_shape(shapefile_sink *sink, eb_wkb shape, eb_error *err)
{
    if (shape.size == 0 || is_empty_point(shape)) {
        if (sink->shp) return write_null(sink, err);
        sink->waiting++;
        return EB_OK;
    }
    eb_shape_kind kind = eb_wkb_kind(shape);
    int type = shape_type(kind, sink->schema->has_z);
    if (sink->type == 0 && type) {
        eb_status status = create_shp(sink, type, err);
        if (status) return status;
    }
    bool single = sink->type % 10 == SHPT_MULTIPOINT && kind == EB_SHAPE_POINT;
    if (type == 0 || (type != sink->type && !single)) return wrong_kind(sink, kind, err);
    eb_status status = gather(sink, shape, err);
    if (status) return status;
    if (sink->points == 0) return write_null(sink, err);
    bool plain = sink->type % 10 == SHPT_POINT || sink->type % 10 == SHPT_MULTIPOINT;
    SHPObject *object = SHPCreateObject(sink->type, -1, plain ? 0 : (int)sink->parts, plain ? NULL : sink->starts, NULL, (int)sink->points,
                                        sink->x, sink->y, sink->z, NULL);
    if (!object) return eb_error_memory(err);
    errno = 0;
    int place = SHPWriteObject(sink->shp, -1, object);
    SHPDestroyObject(object);
    return place >= 0 ? EB_OK : write_failed(sink, err);
}

static eb_status shapefile_write(void *self, const eb_batch *batch, eb_error *err)
{
    shapefile_sink *sink = self;
    for (size_t i = 0; i < batch->count; i++) {
        eb_status status = write_shape(sink, eb_batch_shape_at(batch, i), err);
        if (!status) status = eb_dbf_add(sink->dbf, batch, i, err);
        if (status) {
            eb_error_where(err, sink->place.target, sink->schema->name, batch->fids[i]);
            return status;
        }
        sink->written++;
    }
    return EB_OK;
}

static eb_status write_prj(const shapefile_sink *sink, eb_error *err)
{
    OGRSpatialReferenceH srs = eb_ogr_srs(sink->schema->crs);
    if (!srs) return EB_OK;
    const char *const options[] = {"FORMAT=WKT1_ESRI", NULL};
    char *wkt = NULL, *path = part_path(sink, "prj");
    eb_writer out;
    eb_trap trap = {0};
    eb_trap_set(&trap);
    OGRErr bad = OSRExportToWktEx(srs, &wkt, options);
    eb_trap_end();
    eb_status status = path ? EB_OK : eb_error_memory(err);
    if (!status && bad != OGRERR_NONE)
        status = eb_error_set(err, EB_REFUSED, "the CRS \"%s\" cannot be written to a .prj", eb_crs_info_get(sink->schema->crs)->name);
    if (!status) status = eb_writer_open(path, &out, err);
    if (!status) {
        eb_writer_text(&out, wkt);
        status = eb_writer_close(&out, sink->place.target, err);
    }
    CPLFree(wkt);
    free(path);
    OSRRelease(srs);
    return status;
}

/* shapelib does not say when closing failed: look at the finished files as a reader would. */
static eb_status check_written(const shapefile_sink *sink, eb_error *err)
{
    eb_shapefile *file = malloc(sizeof *file);
    eb_notes notes = {0};
    eb_error why = {0};
    if (!file) return eb_error_memory(err);
    eb_status status = eb_shapefile_find(sink->place.file, file) ? eb_shapefile_check(file, false, &notes, &why) : EB_INTERNAL;
    if (!status && file->records != sink->written) status = EB_OUTPUT;
    if (status) {
        eb_error_set(err, EB_OUTPUT, "what was written does not read back: %s", why.message[0] ? why.message : _("features are missing"));
        eb_error_where(err, sink->place.target, NULL, EB_NO_FID);
        eb_error_hint(err, "is there room on the disk?");
        eb_place_blame(sink->place.target, err);
        status = EB_OUTPUT;
    }
    eb_notes_clear(&notes);
    eb_shapefile_clear(file);
    free(file);
    return status;
}

static eb_status shapefile_commit(void *self, eb_error *err)
{
    shapefile_sink *sink = self;
    eb_status status = EB_OK;
    if (!sink->shp) {
        int type = shape_type(sink->schema->kind, sink->schema->has_z);
        status = create_shp(sink, type ? type : SHPT_NULL, err);
    }
    if (sink->shp) SHPClose(sink->shp);
    sink->shp = NULL;
    char *dbf = part_path(sink, "dbf"), *cpg = part_path(sink, "cpg");
    if (!status && (!dbf || !cpg)) status = eb_error_memory(err);
    if (!status) status = eb_dbf_write(sink->dbf, dbf, cpg, sink->place.target, sink->diagnosis, err);
    eb_dbf_free(sink->dbf);
    sink->dbf = NULL;
    free(dbf);
    free(cpg);
    if (!status) status = write_prj(sink, err);
    if (!status) status = check_written(sink, err);
    return status ? status : eb_place_commit(&sink->place, err);
}

static void shapefile_free(void *self)
{
    shapefile_sink *sink = self;
    if (sink->shp) SHPClose(sink->shp);
    eb_dbf_free(sink->dbf);
    eb_place_close(&sink->place);
    eb_schema_free(sink->schema);
    free(sink->x);
    free(sink->y);
    free(sink->z);
    free(sink->starts);
    free(sink);
}

eb_status eb_sink_shapefile(const char *file, const eb_schema *schema, const eb_write_options *options, eb_sink **out, eb_error *err)
{
    static const eb_sink_ops ops = {shapefile_write, shapefile_commit, shapefile_free};
    if (schema->tabular) {
        eb_error_set(err, EB_REFUSED, "a shapefile holds shapes, and \"%s\" is a table without any", schema->name);
        eb_error_where(err, file, NULL, EB_NO_FID);
        eb_error_hint(err, "write a .csv or .gpkg");
        return EB_REFUSED;
    }
    eb_ogr_register();
    shapefile_sink *sink = calloc(1, sizeof *sink);
    if (!sink) return eb_error_memory(err);
    sink->diagnosis = options->diagnosis;
    sink->schema = eb_schema_copy(schema);
    eb_status status = sink->schema ? eb_place_open(file, options->overwrite, &sink->place, err) : eb_error_memory(err);
    char *spool = status ? NULL : part_path(sink, "tmp");
    if (!status && !spool) status = eb_error_memory(err);
    if (!status) status = eb_dbf_new(sink->schema, spool, options->encoding, &sink->dbf, err);
    free(spool);
    if (!status && schema->kind == EB_SHAPE_COLLECTION) status = wrong_kind(sink, schema->kind, err);
    int type = shape_type(schema->kind, schema->has_z);
    if (!status && type) status = create_shp(sink, type, err);
    if (status) {
        shapefile_free(sink);
        return status;
    }
    return eb_sink_make(&ops, sink, out, err);
}
