/* Writing layers: what is written reads back the same in each format, nothing half is left behind. */
#include <check.h>
#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ecobelt/geom.h>
#include <ecobelt/layer.h>

static char folder[] = "/tmp/ecobelt-write-XXXXXX";

static void path_of(char *path, size_t size, const char *name)
{
    snprintf(path, size, "%s/%s", folder, name);
}

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

/* Shapes in hexadecimal, little-endian. */
static size_t unhex(const char *hex, uint8_t *bytes)
{
    size_t size = strlen(hex) / 2;
    for (size_t i = 0; i < size; i++) {
        char two[3] = {hex[2 * i], hex[2 * i + 1], 0};
        bytes[i] = (uint8_t)strtoul(two, NULL, 16);
    }
    return size;
}

static void put(uint8_t **at, const void *bytes, size_t size)
{
    memcpy(*at, bytes, size);
    *at += size;
}

static void put_head(uint8_t **at, uint32_t type, uint32_t count)
{
    uint8_t one = 1;
    put(at, &one, 1);
    put(at, &type, 4);
    if (type != 1) put(at, &count, 4);
}

static void put_ring(uint8_t **at, double x, double y, double size, bool clockwise)
{
    uint32_t count = 5;
    double ring[10] = {x, y, x + size, y, x + size, y + size, x, y + size, x, y};
    put(at, &count, 4);
    for (int i = 0; i < 5; i++) put(at, &ring[2 * (clockwise ? 4 - i : i)], 16);
}

/* A square with a hole, wound as neither RFC 7946 nor shapefiles want both rings. */
static size_t square(uint8_t *bytes, double x, double y, bool multi)
{
    uint8_t *at = bytes;
    if (multi) put_head(&at, 6, 2);
    put_head(&at, 3, 2);
    put_ring(&at, x, y, 0.01, true);
    put_ring(&at, x + 0.002, y + 0.002, 0.002, true);
    if (multi) {
        put_head(&at, 3, 1);
        put_ring(&at, x + 0.02, y, 0.005, false);
    }
    return (size_t)(at - bytes);
}

static size_t line(uint8_t *bytes, double x, double y)
{
    uint8_t *at = bytes;
    double xy[6] = {x, y, x + 0.1, y, x + 0.1, y + 0.1};
    put_head(&at, 2, 3);
    put(&at, xy, sizeof xy);
    return (size_t)(at - bytes);
}

static size_t make_shape(uint8_t *bytes, eb_shape_kind kind, int i)
{
    double x = 118.5 + i * 0.001, y = 28.9;
    uint8_t *at = bytes;
    if (kind == EB_SHAPE_LINE) return line(bytes, x, y);
    if (kind == EB_SHAPE_POLYGON) return square(bytes, x, y, i % 2);
    put_head(&at, 1, 0);
    put(&at, &x, 8);
    put(&at, &y, 8);
    return (size_t)(at - bytes);
}

static eb_layer *make_layer(eb_shape_kind kind, int count, const char *code)
{
    eb_error err;
    eb_crs *crs = NULL;
    ck_assert_int_eq(eb_crs_new(code, &crs, &err), EB_OK);
    eb_schema *schema = eb_schema_new("layer", kind, crs);
    eb_schema_add_field(schema, "名称", EB_FIELD_TEXT);
    eb_schema_add_field(schema, "生态保护红线编号", EB_FIELD_INTEGER);
    eb_schema_add_field(schema, "生态保护红线面积", EB_FIELD_REAL);
    eb_schema_add_field(schema, "day", EB_FIELD_DATE);
    eb_layer *layer = eb_layer_new(schema);
    eb_schema_free(schema);
    eb_crs_free(crs);
    for (int i = 0; i < count; i++) {
        uint8_t bytes[400];
        eb_batch *batch = eb_layer_tail(layer);
        char text[40];
        snprintf(text, sizeof text, "衢江区, \"第%d块\"", i);
        ck_assert(eb_batch_add(batch, i + 1, (eb_wkb){bytes, make_shape(bytes, kind, i)}));
        if (i == 3) continue; /* attributes all null */
        ck_assert(eb_batch_set_text(batch, 0, text));
        ck_assert(eb_batch_set_integer(batch, 1, 330800000000 + i));
        ck_assert(eb_batch_set_real(batch, 2, i / 7.0));
        ck_assert(eb_batch_set_text(batch, 3, "2020-05-08"));
    }
    return layer;
}

static eb_status write_layer(const eb_layer *layer, const char *path, const eb_write_options *options, eb_error *err)
{
    eb_sink *sink = NULL;
    eb_status status = eb_sink_create(path, eb_layer_schema(layer), options, &sink, err);
    if (status) return status;
    for (size_t b = 0; !status && b < eb_layer_batch_count(layer); b++) status = eb_sink_write(sink, eb_layer_batch_at(layer, b), err);
    if (!status) return eb_sink_commit(sink, err);
    eb_sink_abort(sink);
    return status;
}

static eb_layer *read_layer(const char *path, const eb_read_options *options)
{
    eb_error err = {0};
    eb_source *source = NULL;
    eb_layer *layer = NULL;
    eb_read_options all = options ? *options : (eb_read_options){0};
    all.allow_table = true;
    ck_assert_msg(eb_source_open(path, &all, &source, &err) == EB_OK, "%s: %s", path, err.message);
    ck_assert_msg(eb_layer_read(source, NULL, &layer, &err) == EB_OK, "%s: %s", path, err.message);
    eb_source_free(source);
    return layer;
}

/* Sum of all ring areas, outer less holes, whatever the winding and the kind. */
static double area(eb_wkb shape)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    double sum = 0;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        double own = 0, ax, ay, bx, by, x0, y0;
        eb_wkb_xy(&part, 0, &x0, &y0);
        for (size_t i = 1; i < part.count; i++) {
            eb_wkb_xy(&part, i - 1, &ax, &ay);
            eb_wkb_xy(&part, i, &bx, &by);
            own += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
        }
        sum += (part.ring == 0 ? 1 : -1) * fabs(own) / 2;
    }
    return sum;
}

static int files_in_folder(void)
{
    int count = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; (entry = readdir(dir));) count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(dir);
    return count;
}

static const struct {
    const char *name;
    eb_shape_kind kind;
    const char *crs; /* to give when reading, NULL: the file knows */
    double tolerance;
    int files;
    bool names, typed;
} formats[] = {
    {"a.gpkg", EB_SHAPE_POLYGON, NULL, 1e-15, 1, true, true},    {"a.fgb", EB_SHAPE_POLYGON, NULL, 1e-15, 1, true, false},
    {"a.geojson", EB_SHAPE_POLYGON, NULL, 1e-11, 1, true, true}, {"a.geojsonl", EB_SHAPE_POLYGON, NULL, 1e-11, 1, true, true},
    {"a.shp", EB_SHAPE_POLYGON, NULL, 1e-15, 5, false, true},    {"a.csv", EB_SHAPE_POLYGON, "EPSG:4490", 1e-11, 1, true, false},
    {"a.kml", EB_SHAPE_POLYGON, NULL, 1e-11, 1, true, false},    {"l.gpkg", EB_SHAPE_LINE, NULL, 1e-15, 1, true, true},
    {"l.fgb", EB_SHAPE_LINE, NULL, 1e-15, 1, true, false},       {"l.geojson", EB_SHAPE_LINE, NULL, 1e-15, 1, true, true},
    {"l.shp", EB_SHAPE_LINE, NULL, 1e-15, 5, false, true},       {"p.gpkg", EB_SHAPE_POINT, NULL, 1e-15, 1, true, true},
    {"p.fgb", EB_SHAPE_POINT, NULL, 1e-15, 1, true, false},      {"p.geojson", EB_SHAPE_POINT, NULL, 1e-15, 1, true, true},
    {"p.shp", EB_SHAPE_POINT, NULL, 1e-15, 5, false, true},      {"p.csv", EB_SHAPE_POINT, "EPSG:4490", 1e-15, 1, true, false},
};

/* Feature with this text; formats may reorder. */
static size_t find_row(const eb_batch *batch, size_t field, const char *text)
{
    for (size_t i = 0; i < batch->count; i++)
        if (strcmp(eb_batch_text_at(batch, i, field), text) == 0) return i;
    ck_abort_msg("no feature \"%s\"", text);
    return 0;
}

START_TEST(reads_back)
{
    enum { COUNT = 10 };
    char path[300];
    eb_error err = {0};
    path_of(path, sizeof path, formats[_i].name);
    eb_layer *layer = make_layer(formats[_i].kind, COUNT, "EPSG:4490");
    ck_assert_msg(write_layer(layer, path, NULL, &err) == EB_OK, "%s: %s", formats[_i].name, err.message);
    ck_assert_int_eq(files_in_folder(), formats[_i].files);
    eb_read_options options = {.crs = formats[_i].crs};
    eb_layer *copy = read_layer(path, &options);
    ck_assert_uint_eq(eb_layer_count(copy), COUNT);
    const eb_schema *schema = eb_layer_schema(copy);
    int name = eb_schema_find(schema, "名称");
    if (name < 0) name = eb_schema_find(schema, "Name"); /* KML's own */
    int number = eb_schema_find(schema, formats[_i].names ? "生态保护红线编号" : "生态保护红");
    int real = eb_schema_find(schema, formats[_i].names ? "生态保护红线面积" : "生态保护_1");
    ck_assert_msg(name >= 0 && number >= 0 && real >= 0, "%s: fields", formats[_i].name);
    ck_assert_ptr_nonnull(schema->crs);
    const eb_batch *from = eb_layer_batch_at(layer, 0), *to = eb_layer_batch_at(copy, 0);
    for (size_t i = 0; i < COUNT; i++) {
        size_t k = find_row(to, (size_t)name, eb_batch_text_at(from, i, 0));
        double a[4], b[4];
        char was[64], is[64];
        ck_assert(eb_wkb_bounds(eb_batch_shape_at(from, i), a) && eb_wkb_bounds(eb_batch_shape_at(to, k), b));
        for (int d = 0; d < 4; d++) ck_assert_double_eq_tol(a[d], b[d], 1e-9);
        double before = area(eb_batch_shape_at(from, i)), after = area(eb_batch_shape_at(to, k));
        ck_assert_double_eq_tol(before, after, formats[_i].tolerance);
        eb_batch_format_at(from, i, 1, was, sizeof was);
        eb_batch_format_at(to, k, (size_t)number, is, sizeof is);
        ck_assert_str_eq(was, is);
        eb_batch_format_at(from, i, 2, was, sizeof was);
        eb_batch_format_at(to, k, (size_t)real, is, sizeof is);
        ck_assert_str_eq(was, is);
        if (!formats[_i].typed) continue;
        size_t day = (size_t)eb_schema_find(schema, "day");
        ck_assert_int_eq(schema->fields[day].type, EB_FIELD_DATE);
        ck_assert_str_eq(eb_batch_text_at(to, k, day), eb_batch_text_at(from, i, 3));
    }
    eb_layer_free(copy);
    eb_layer_free(layer);
}
END_TEST

START_TEST(gpx_and_kml_are_wgs84)
{
    char path[300];
    eb_error err = {0};
    eb_layer *layer = make_layer(_i ? EB_SHAPE_LINE : EB_SHAPE_POINT, 4, "EPSG:4490");
    path_of(path, sizeof path, "t.gpx");
    ck_assert_msg(write_layer(layer, path, NULL, &err) == EB_OK, "%s", err.message);
    path_of(path, sizeof path, _i ? "t.gpx|layername=tracks" : "t.gpx|layername=waypoints");
    eb_layer *copy = read_layer(path, NULL);
    ck_assert_uint_eq(eb_layer_count(copy), 4);
    ck_assert_str_eq(eb_crs_info_get(eb_layer_schema(copy)->crs)->code, "EPSG:4326");
    eb_layer_free(copy);
    eb_layer_free(layer);
    layer = make_layer(EB_SHAPE_POLYGON, 1, "EPSG:4490");
    path_of(path, sizeof path, "u.gpx");
    ck_assert_int_eq(write_layer(layer, path, NULL, &err), EB_REFUSED);
    eb_layer_free(layer);
}
END_TEST

START_TEST(existing_files_stay)
{
    static const char *const names[] = {"x.gpkg", "x.geojson", "x.shp", "x.fgb", "x.csv"};
    char path[300];
    eb_error err = {0};
    path_of(path, sizeof path, names[_i]);
    eb_layer *layer = make_layer(EB_SHAPE_POINT, 5, "EPSG:4490"), *other = make_layer(EB_SHAPE_POINT, 2, "EPSG:4490");
    ck_assert_int_eq(write_layer(layer, path, NULL, &err), EB_OK);
    ck_assert_int_eq(write_layer(other, path, NULL, &err), EB_OUTPUT);
    ck_assert_ptr_nonnull(strstr(err.hint, "--overwrite"));
    eb_read_options read = {.crs = "EPSG:4490"};
    eb_layer *back = read_layer(path, &read);
    ck_assert_uint_eq(eb_layer_count(back), 5);
    eb_layer_free(back);
    eb_write_options options = {.overwrite = true, .decimals = -1};
    ck_assert_int_eq(write_layer(other, path, &options, &err), EB_OK);
    back = read_layer(path, &read);
    ck_assert_uint_eq(eb_layer_count(back), 2);
    eb_layer_free(back);
    eb_layer_free(other);
    eb_layer_free(layer);
}
END_TEST

START_TEST(abort_leaves_nothing)
{
    static const char *const names[] = {"x.gpkg", "x.geojson", "x.shp", "x.fgb", "x.csv", "x.kml"};
    char path[300];
    eb_error err = {0};
    path_of(path, sizeof path, names[_i]);
    eb_layer *layer = make_layer(EB_SHAPE_POINT, 5, "EPSG:4490");
    eb_sink *sink = NULL;
    ck_assert_int_eq(eb_sink_create(path, eb_layer_schema(layer), NULL, &sink, &err), EB_OK);
    ck_assert_int_eq(eb_sink_write(sink, eb_layer_batch_at(layer, 0), &err), EB_OK);
    eb_sink_abort(sink);
    ck_assert_int_eq(files_in_folder(), 0);
    eb_layer_free(layer);
}
END_TEST

/* A disk that is full: files may not grow beyond a limit, wherever in the file that falls. */
START_TEST(full_disk)
{
    static const char *const names[] = {"x.gpkg", "x.geojson", "x.shp", "x.fgb", "x.csv", "x.kml"};
    static const rlim_t limits[] = {0, 1000, 50000, 110000};
    char path[300];
    eb_error err = {0};
    path_of(path, sizeof path, names[_i % 6]);
    eb_layer *layer = make_layer(EB_SHAPE_POLYGON, 3000, "EPSG:4490");
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit old, limit;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
    limit = old;
    limit.rlim_cur = limits[_i / 6];
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    eb_status status = write_layer(layer, path, NULL, &err);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
    ck_assert_msg(status == EB_OUTPUT, "%s with room for %lu bytes: %s, %s", names[_i % 6], (unsigned long)limits[_i / 6],
                  eb_status_name(status), err.message);
    ck_assert_int_eq(files_in_folder(), 0);
    eb_layer_free(layer);
}
END_TEST

static const struct {
    const char *label, *path, *message;
} refused[] = {
    {"no folder", "/nonexistent/x.gpkg", "No such file or directory"},
    {"unknown ending", "x.xyz", "names no format"},
    {"a folder", "/tmp/", "is a folder"},
};

START_TEST(refuses_places)
{
    eb_error err = {0};
    eb_layer *layer = make_layer(EB_SHAPE_POINT, 1, "EPSG:4490");
    ck_assert_int_eq(write_layer(layer, refused[_i].path, NULL, &err), EB_OUTPUT);
    ck_assert_msg(strstr(err.message, refused[_i].message) != NULL || _i == 2, "%s: %s", refused[_i].label, err.message);
    eb_layer_free(layer);
}
END_TEST

static char *slurp(const char *path)
{
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = calloc(1, (size_t)size + 1);
    ck_assert_uint_eq(fread(text, 1, (size_t)size, file), (size_t)size);
    fclose(file);
    return text;
}

START_TEST(rfc7946)
{
    char path[300];
    eb_error err = {0};
    path_of(path, sizeof path, "r.geojson");
    eb_layer *layer = make_layer(EB_SHAPE_POLYGON, 1, "EPSG:4490");
    eb_write_options options = {.rfc7946 = true, .decimals = 7, .title = "红线", .status = "schematic"};
    ck_assert_int_eq(write_layer(layer, path, &options, &err), EB_OK);
    char *text = slurp(path);
    ck_assert_ptr_null(strstr(text, "\"crs\""));
    ck_assert_ptr_nonnull(strstr(text, "\"title\":\"红线\""));
    /* outer ring against the clock, hole with it */
    ck_assert_ptr_nonnull(strstr(text, "[[[118.5,28.9],[118.51,28.9],[118.51,28.91],[118.5,28.91],[118.5,28.9]],"
                                       "[[118.502,28.902],[118.502,28.904],[118.504,28.904],[118.504,28.902],[118.502,28.902]]]"));
    free(text);
    eb_source *source = NULL;
    ck_assert_int_eq(eb_source_open(path, NULL, &source, &err), EB_OK);
    ck_assert(eb_source_schema(source)->schematic);
    ck_assert_str_eq(eb_crs_info_get(eb_source_schema(source)->crs)->code, "EPSG:4326");
    eb_source_free(source);
    eb_layer_free(layer);
}
END_TEST

/* Parts and holes too thin for the decimals are no rings there; what is thin as a whole stays. */
START_TEST(geojson_slivers)
{
    static const struct {
        const char *wkt, *json;
    } shapes[] = {
        {"MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((2 2,3 2,3 2.00000001,2 2)))", "\"coordinates\":[[[[0,0],[1,0],[1,1],[0,0]]]]}"},
        {"MULTIPOLYGON(((2 2,3 2,3 2.00000001,2 2)),((0 0,1 0,1 1,0 0)))", "\"coordinates\":[[[[0,0],[1,0],[1,1],[0,0]]]]}"},
        {"POLYGON((0 0,9 0,9 9,0 0),(5 1,6 1.00000001,6 1,5 1),(7 1,8 2,8 1,7 1))",
         "\"coordinates\":[[[0,0],[9,0],[9,9],[0,0]],[[7,1],[8,2],[8,1],[7,1]]]}"},
        {"MULTIPOLYGON(((2 2,3 2,3 2.00000001,2 2)))", "\"coordinates\":[[[[2,2],[3,2],[3,2],[2,2]]]]}"},
        {"POLYGON((2 2,3 2,3 2.00000001,2 2))", "\"coordinates\":[[[2,2],[3,2],[3,2],[2,2]]]}"},
        {"MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((2 2,3 2,3 2.0000002,2 2)))",
         "\"coordinates\":[[[[0,0],[1,0],[1,1],[0,0]]],[[[2,2],[3,2],[3,2.0000002],[2,2]]]]}"},
    };
    char path[300];
    uint8_t *bytes = NULL;
    size_t size = 0;
    eb_error err = {0};
    eb_geos *geos = NULL;
    eb_shape *shape = NULL;
    path_of(path, sizeof path, "v.geojson");
    ck_assert_int_eq(eb_geos_new(&geos, &err), EB_OK);
    ck_assert_int_eq(eb_shape_from_text(geos, shapes[_i].wkt, &shape, &err), EB_OK);
    ck_assert_int_eq(eb_shape_write(geos, shape, &bytes, &size, &err), EB_OK);
    eb_crs *crs = NULL;
    ck_assert_int_eq(eb_crs_new("EPSG:4326", &crs, &err), EB_OK);
    eb_schema *schema = eb_schema_new("v", EB_SHAPE_UNKNOWN, crs);
    eb_layer *layer = eb_layer_new(schema);
    ck_assert(eb_batch_add(eb_layer_tail(layer), 1, (eb_wkb){bytes, size}));
    ck_assert_int_eq(write_layer(layer, path, &(eb_write_options){.rfc7946 = true, .decimals = 7}, &err), EB_OK);
    char *text = slurp(path);
    ck_assert_msg(strstr(text, shapes[_i].json) != NULL, "%s gave %s", shapes[_i].wkt, text);
    free(text);
    free(bytes);
    eb_layer_free(layer);
    eb_schema_free(schema);
    eb_crs_free(crs);
    eb_shape_free(geos, shape);
    eb_geos_free(geos);
}
END_TEST

START_TEST(shapefile_is_gbk)
{
    char path[300];
    eb_error err = {0};
    eb_layer *layer = make_layer(EB_SHAPE_POINT, 2, "EPSG:4490");
    if (_i) ck_assert(eb_batch_set_text(eb_layer_tail(layer), 0, "衢州 😀")); /* not in GBK */
    path_of(path, sizeof path, "g.shp");
    ck_assert_int_eq(write_layer(layer, path, NULL, &err), EB_OK);
    path_of(path, sizeof path, "g.cpg");
    char *cpg = slurp(path);
    ck_assert_str_eq(cpg, _i ? "UTF-8" : "GBK");
    free(cpg);
    path_of(path, sizeof path, "g.dbf");
    FILE *dbf = fopen(path, "rb");
    uint8_t head[64];
    ck_assert_uint_eq(fread(head, 1, sizeof head, dbf), sizeof head);
    fclose(dbf);
    ck_assert_int_eq(head[29], _i ? 0 : 0x4D);
    path_of(path, sizeof path, "g.shp");
    eb_layer *copy = read_layer(path, NULL);
    ck_assert_str_eq(eb_batch_text_at(eb_layer_batch_at(copy, 0), 1, 0), _i ? "衢州 😀" : "衢江区, \"第1块\"");
    eb_layer_free(copy);
    eb_layer_free(layer);
}
END_TEST

START_TEST(shapefile_limits)
{
    char path[300], text[600] = "";
    eb_error err = {0};
    eb_layer *layer = make_layer(EB_SHAPE_POINT, 2, "EPSG:4490");
    for (int i = 0; i < 128; i++) strcat(text, "衢");
    path_of(path, sizeof path, "g.shp");
    ck_assert(eb_batch_set_text(eb_layer_tail(layer), 0, text));
    ck_assert_int_eq(write_layer(layer, path, NULL, &err), EB_REFUSED);
    ck_assert_ptr_nonnull(strstr(err.message, "256 bytes"));
    ck_assert_int_eq(err.fid, 2);
    text[strlen(text) - 3] = '\0';
    ck_assert(eb_batch_set_text(eb_layer_tail(layer), 0, text));
    ck_assert_msg(write_layer(layer, path, NULL, &err) == EB_OK, "%s", err.message);
    eb_layer *copy = read_layer(path, NULL);
    ck_assert_str_eq(eb_batch_text_at(eb_layer_batch_at(copy, 0), 1, 0), text);
    eb_layer_free(copy);
    ck_assert(eb_batch_set_text(eb_layer_tail(layer), 0, "😀"));
    eb_write_options options = {.encoding = "GBK", .overwrite = true, .decimals = -1};
    ck_assert_int_eq(write_layer(layer, path, &options, &err), EB_REFUSED);
    eb_layer_free(layer);
}
END_TEST

START_TEST(package_of_many)
{
    char path[300];
    eb_error err = {0};
    path_of(path, sizeof path, "all.gpkg");
    eb_layer *points = make_layer(EB_SHAPE_POINT, 5, "EPSG:4490"), *areas = make_layer(EB_SHAPE_POLYGON, 7, "EPSG:4490");
    eb_table *table = eb_table_new("sizes", "Sizes");
    eb_column column = {"area_m2", EB_COLUMN_REAL, "m2", 2, EB_ROLE_SUMMED};
    eb_table_add_column(table, &column);
    eb_table_set_real(table, eb_table_add_row(table), 0, 1234.5);
    eb_package *package = NULL;
    ck_assert_int_eq(eb_package_create(path, false, &package, &err), EB_OK);
    ck_assert_int_eq(eb_package_add_layer(package, points, "points", "点", &err), EB_OK);
    ck_assert_int_eq(eb_package_add_layer(package, areas, "areas", "面", &err), EB_OK);
    ck_assert_int_eq(eb_package_add_table(package, table, &err), EB_OK);
    ck_assert_int_eq(files_in_folder(), 1);
    ck_assert_int_eq(eb_package_commit(package, &err), EB_OK);
    ck_assert_int_eq(files_in_folder(), 1);
    eb_table *list = NULL;
    ck_assert_int_eq(eb_source_list(path, false, &list, &err), EB_OK);
    ck_assert_uint_eq(eb_table_row_count(list), 3);
    eb_table_free(list);
    eb_source *source = NULL;
    ck_assert_int_eq(eb_source_open(path, NULL, &source, &err), EB_INPUT);
    ck_assert_ptr_nonnull(strstr(err.hint, "points, areas"));
    char name[340];
    snprintf(name, sizeof name, "%s|layername=areas", path);
    eb_layer *copy = read_layer(name, NULL);
    ck_assert_uint_eq(eb_layer_count(copy), 7);
    eb_layer_free(copy);
    snprintf(name, sizeof name, "%s|layername=sizes", path);
    copy = read_layer(name, NULL);
    ck_assert(eb_layer_schema(copy)->tabular);
    ck_assert_double_eq(eb_batch_real_at(eb_layer_batch_at(copy, 0), 0, 0), 1234.5);
    eb_layer_free(copy);
    eb_table_free(table);
    eb_layer_free(points);
    eb_layer_free(areas);
}
END_TEST

START_TEST(mixed_kinds_are_refused)
{
    static const char *const names[] = {"m.gpkg", "m.fgb", "m.shp"};
    char path[300];
    uint8_t bytes[100];
    eb_error err = {0};
    path_of(path, sizeof path, names[_i]);
    eb_layer *layer = make_layer(EB_SHAPE_POLYGON, 2, "EPSG:4490");
    ck_assert(eb_batch_add(eb_layer_tail(layer), 77, (eb_wkb){bytes, line(bytes, 118, 29)}));
    ck_assert_int_eq(write_layer(layer, path, NULL, &err), EB_REFUSED);
    ck_assert_int_eq(err.fid, 77);
    ck_assert_int_eq(files_in_folder(), 0);
    eb_layer_free(layer);
}
END_TEST

/* Big-endian bytes, Z, and an empty polygon pass through GeoJSON. */
START_TEST(geojson_shapes)
{
    static const struct {
        const char *hex, *json;
    } shapes[] = {
        {"01E9030000000000000000F03F00000000000000400000000000000840", "{\"type\":\"Point\",\"coordinates\":[1,2,3]}"},
        {"0101000080000000000000F03F00000000000000400000000000000840", "{\"type\":\"Point\",\"coordinates\":[1,2,3]}"},
        {"010300000000000000", "{\"type\":\"Polygon\",\"coordinates\":[]}"},
        {"0107000000010000000101000000000000000000F03F0000000000000040",
         "{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"Point\",\"coordinates\":[1,2]}]}"},
        {"", "\"geometry\":null"},
    };
    char path[300];
    uint8_t bytes[200];
    eb_error err = {0};
    path_of(path, sizeof path, "s.geojson");
    eb_schema *schema = eb_schema_new("s", EB_SHAPE_UNKNOWN, NULL);
    eb_layer *layer = eb_layer_new(schema);
    ck_assert(eb_batch_add(eb_layer_tail(layer), 1, (eb_wkb){bytes, unhex(shapes[_i].hex, bytes)}));
    ck_assert_int_eq(write_layer(layer, path, NULL, &err), EB_OK);
    char *text = slurp(path);
    ck_assert_msg(strstr(text, shapes[_i].json) != NULL, "%s", text);
    free(text);
    eb_layer_free(layer);
    eb_schema_free(schema);
}
END_TEST

#define ROWS(array) (int)(sizeof array / sizeof *array)

int main(void)
{
    Suite *suite = suite_create("layer_write");
    TCase *tcase = tcase_create("write");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, reads_back, 0, ROWS(formats));
    tcase_add_loop_test(tcase, gpx_and_kml_are_wgs84, 0, 2);
    tcase_add_loop_test(tcase, existing_files_stay, 0, 5);
    tcase_add_loop_test(tcase, abort_leaves_nothing, 0, 6);
    tcase_add_loop_test(tcase, full_disk, 0, 24);
    tcase_add_loop_test(tcase, refuses_places, 0, ROWS(refused));
    tcase_add_test(tcase, rfc7946);
    tcase_add_loop_test(tcase, shapefile_is_gbk, 0, 2);
    tcase_add_test(tcase, shapefile_limits);
    tcase_add_test(tcase, package_of_many);
    tcase_add_loop_test(tcase, mixed_kinds_are_refused, 0, 3);
    tcase_add_loop_test(tcase, geojson_shapes, 0, 5);
    tcase_add_loop_test(tcase, geojson_slivers, 0, 6);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
