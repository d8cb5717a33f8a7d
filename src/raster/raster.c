#include <ecobelt/raster.h>

#include <gdal.h>
#include <ogr_srs_api.h>
#include <cpl_conv.h>
#include <cpl_error.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct eb_raster {
    GDALDatasetH dataset;
    GDALRasterBandH band;
    double origin_x, origin_y, step_x, step_y; /* of the first cell's outer corner, and a cell's sides (step_y mostly negative) */
    int width, height;
    bool has_void;
    double void_value, scale, offset;
    double cell_m;
    eb_transform *to_raster;
    char *file;
};

/* GDAL prints errors unless told not to; the last one is worth having in ours. */
static void keep_quiet(CPLErr level, CPLErrorNum number, const char *text)
{
    (void)level;
    (void)number;
    (void)text;
}

static eb_status open_dataset(eb_raster *r, const char *file, eb_error *err)
{
    GDALAllRegister();
    CPLErrorReset();
    CPLPushErrorHandler(keep_quiet);
    r->dataset = GDALOpenEx(file, GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, NULL, NULL, NULL);
    CPLPopErrorHandler();
    if (!r->dataset) {
        eb_error_set(err, EB_INPUT, "cannot read the raster: %s", CPLGetLastErrorMsg());
        eb_error_hint(err, "give a raster that GDAL reads, such as .tif or .hgt");
        eb_error_where(err, file, NULL, EB_NO_FID);
        return EB_INPUT;
    }
    r->band = GDALGetRasterBand(r->dataset, 1);
    if (r->band) return EB_OK;
    eb_error_set(err, EB_INPUT, "the raster has no band");
    eb_error_where(err, file, NULL, EB_NO_FID);
    return EB_INPUT;
}

static eb_status read_place(eb_raster *r, const char *file, eb_error *err)
{
    double t[6];
    r->width = GDALGetRasterXSize(r->dataset);
    r->height = GDALGetRasterYSize(r->dataset);
    bool placed = GDALGetGeoTransform(r->dataset, t) == CE_None;
    if (!placed || t[2] != 0 || t[4] != 0 || t[1] == 0 || t[5] == 0) {
        eb_error_set(err, EB_REFUSED, placed ? "the raster is rotated" : "the raster does not say where it lies");
        eb_error_hint(err, "warp it first, for example with gdalwarp");
        eb_error_where(err, file, NULL, EB_NO_FID);
        return EB_REFUSED;
    }
    r->origin_x = t[0];
    r->step_x = t[1];
    r->origin_y = t[3];
    r->step_y = t[5];
    int found = 0;
    r->void_value = GDALGetRasterNoDataValue(r->band, &found);
    r->has_void = found != 0;
    r->scale = GDALGetRasterScale(r->band, &found);
    if (!found || r->scale == 0) r->scale = 1;
    r->offset = GDALGetRasterOffset(r->band, &found);
    if (!found) r->offset = 0;
    return EB_OK;
}

static eb_status connect_crs(eb_raster *r, const eb_crs *places, const char *file, eb_error *err)
{
    const char *wkt = GDALGetProjectionRef(r->dataset);
    if (!wkt || !*wkt) {
        eb_error_set(err, EB_REFUSED, "the raster has no coordinate reference system");
        eb_error_hint(err, "give it one, for example with gdal_edit.py -a_srs");
        eb_error_where(err, file, NULL, EB_NO_FID);
        return EB_REFUSED;
    }
    eb_crs *crs = NULL;
    eb_status status = eb_crs_new(wkt, &crs, err);
    if (status == EB_OK) status = eb_transform_new(places, crs, NULL, NULL, &r->to_raster, err);
    if (status == EB_OK) {
        const eb_crs_info *info = eb_crs_info_get(crs);
        double side = fmax(fabs(r->step_x), fabs(r->step_y)) * info->unit;
        r->cell_m = info->kind == EB_CRS_GEOGRAPHIC ? side * info->a : side;
    }
    eb_crs_free(crs);
    if (status != EB_OK) eb_error_where(err, file, NULL, EB_NO_FID);
    return status;
}

eb_status eb_raster_open(const char *file, const eb_crs *places, eb_raster **out, eb_error *err)
{
    *out = NULL;
    eb_raster *r = calloc(1, sizeof *r);
    if (!r) return eb_error_memory(err);
    r->file = strdup(file);
    eb_status status = r->file ? open_dataset(r, file, err) : eb_error_memory(err);
    if (status == EB_OK) status = read_place(r, file, err);
    if (status == EB_OK) status = connect_crs(r, places, file, err);
    if (status == EB_OK)
        *out = r;
    else
        eb_raster_free(r);
    return status;
}

void eb_raster_free(eb_raster *raster)
{
    if (!raster) return;
    if (raster->dataset) GDALClose(raster->dataset);
    eb_transform_free(raster->to_raster);
    free(raster->file);
    free(raster);
}

double eb_raster_cell_m(const eb_raster *raster)
{
    return raster->cell_m;
}

/* Heights of the two by two cells from (column, row); cells beyond the edge repeat the edge's. */
static eb_status read_four(eb_raster *r, int column, int row, double four[4], eb_error *err)
{
    for (int k = 0; k < 4; k++) {
        int c = column + k % 2, l = row + k / 2;
        c = c < 0 ? 0 : c >= r->width ? r->width - 1 : c;
        l = l < 0 ? 0 : l >= r->height ? r->height - 1 : l;
        CPLPushErrorHandler(keep_quiet);
        CPLErr failed = GDALRasterIO(r->band, GF_Read, c, l, 1, 1, &four[k], 1, 1, GDT_Float64, 0, 0);
        CPLPopErrorHandler();
        if (failed != CE_None) {
            eb_error_set(err, EB_INPUT, "cannot read cell %d %d of the raster: %s", c, l, CPLGetLastErrorMsg());
            eb_error_hint(err, "the file may be cut short; copy it again");
            eb_error_where(err, r->file, NULL, EB_NO_FID);
            return EB_INPUT;
        }
        if (r->has_void && four[k] == r->void_value)
            four[k] = NAN;
        else
            four[k] = four[k] * r->scale + r->offset;
    }
    return EB_OK;
}

eb_status eb_raster_sample(eb_raster *raster, double lon_deg, double lat_deg, double *value, eb_error *err)
{
    *value = NAN;
    double x = lon_deg, y = lat_deg;
    eb_status status = eb_transform_points(raster->to_raster, &x, &y, 1, 1, NULL, err);
    if (status != EB_OK) return status;
    double u = (x - raster->origin_x) / raster->step_x, v = (y - raster->origin_y) / raster->step_y;
    if (!(u >= 0 && v >= 0 && u <= raster->width && v <= raster->height)) return EB_OK;
    double column = floor(u - 0.5), row = floor(v - 0.5), fu = u - 0.5 - column, fv = v - 0.5 - row, four[4];
    status = read_four(raster, (int)column, (int)row, four, err);
    if (status != EB_OK) return status;
    const double weights[4] = {(1 - fu) * (1 - fv), fu * (1 - fv), (1 - fu) * fv, fu * fv};
    double sum = 0;
    for (int k = 0; k < 4; k++) sum += weights[k] > 1e-9 ? weights[k] * four[k] : 0; /* NaN of a cell that counts goes through */
    *value = sum;
    return EB_OK;
}
