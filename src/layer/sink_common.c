#include "layer/sink_common.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER = 1 << 18 };

static const double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};

eb_status eb_to_wgs84_open(const eb_schema *schema, eb_to_wgs84 *out, eb_error *err)
{
    memset(out, 0, sizeof *out);
    if (schema->tabular) return EB_OK;
    if (!schema->crs) {
        eb_error_set(err, EB_REFUSED, "the format wants longitude and latitude, but the layer does not say what its coordinates are");
        eb_error_where(err, schema->file, schema->name, EB_NO_FID);
        eb_error_hint(err, "name the CRS with --from-crs");
        return EB_REFUSED;
    }
    eb_crs *wgs84 = NULL;
    eb_status status = eb_crs_new("EPSG:4326", &wgs84, err);
    if (!status && !eb_crs_same(schema->crs, wgs84)) status = eb_transform_new(schema->crs, wgs84, NULL, NULL, &out->transform, err);
    eb_crs_free(wgs84);
    if (status) eb_error_where(err, schema->file, schema->name, EB_NO_FID);
    return status;
}

eb_status eb_to_wgs84_shape(eb_to_wgs84 *self, eb_wkb shape, eb_wkb *out, eb_error *err)
{
    *out = shape;
    if (!self->transform || shape.size == 0) return EB_OK;
    if (self->capacity < shape.size) {
        uint8_t *bytes = realloc(self->bytes, shape.size);
        if (!bytes) return eb_error_memory(err);
        self->bytes = bytes;
        self->capacity = shape.size;
    }
    memcpy(self->bytes, shape.data, shape.size);
    out->data = self->bytes;
    return eb_transform_wkb(self->transform, self->bytes, shape.size, err);
}

void eb_to_wgs84_close(eb_to_wgs84 *self)
{
    eb_transform_free(self->transform);
    free(self->bytes);
    memset(self, 0, sizeof *self);
}

eb_status eb_writer_open(const char *file, eb_writer *out, eb_error *err)
{
    memset(out, 0, sizeof *out);
    out->buffer = malloc(BUFFER);
    if (!out->buffer) return eb_error_memory(err);
    out->file = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (out->file >= 0) return EB_OK;
    eb_status status = eb_place_failed(file, "cannot be written", err);
    free(out->buffer);
    memset(out, 0, sizeof *out);
    return status;
}

static void flush(eb_writer *writer)
{
    for (size_t done = 0; done < writer->used && !writer->failed;) {
        ssize_t n = write(writer->file, writer->buffer + done, writer->used - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            writer->failed = errno;
    }
    writer->used = 0;
}

void eb_writer_add(eb_writer *writer, const void *bytes, size_t size)
{
    const char *from = bytes;
    while (size > 0) {
        if (writer->used == BUFFER) flush(writer);
        size_t n = size < BUFFER - writer->used ? size : BUFFER - writer->used;
        memcpy(writer->buffer + writer->used, from, n);
        writer->used += n;
        from += n;
        size -= n;
    }
}

void eb_writer_text(eb_writer *writer, const char *text)
{
    eb_writer_add(writer, text, strlen(text));
}

eb_status eb_writer_check(const eb_writer *writer, const char *name, eb_error *err)
{
    if (!writer->failed) return EB_OK;
    errno = writer->failed;
    return eb_place_failed(name, "cannot be written", err);
}

eb_status eb_writer_close(eb_writer *writer, const char *name, eb_error *err)
{
    flush(writer);
    if (close(writer->file) != 0 && !writer->failed) writer->failed = errno;
    free(writer->buffer);
    writer->buffer = NULL;
    return eb_writer_check(writer, name, err);
}

void eb_writer_abort(eb_writer *writer)
{
    if (!writer->buffer) return;
    close(writer->file);
    free(writer->buffer);
    writer->buffer = NULL;
}

/* Fixed-point digits by integer arithmetic: coordinates are the bulk of a text format, and printf is slow at them. */
static size_t fixed(char *text, double value, int decimals)
{
    double scaled = fabs(value) * powers[decimals];
    uint64_t n = (uint64_t)(scaled + 0.5);
    size_t used = 0;
    char digits[32];
    int count = 0, point = decimals;
    while (point > 0 && n % 10 == 0) {
        n /= 10;
        point--;
    }
    if (value < 0 && n > 0) text[used++] = '-';
    do {
        digits[count++] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0 || count <= point);
    while (count > 0) {
        if (count == point) text[used++] = '.';
        text[used++] = digits[--count];
    }
    return used;
}

void eb_writer_number(eb_writer *writer, double value, int decimals)
{
    char text[64];
    /* Up to 2^53 / 10 the scaled number is exact to its last digit. */
    if (decimals >= 0 && decimals <= 12 && fabs(value) * powers[decimals] < 9e14) {
        eb_writer_add(writer, text, fixed(text, value, decimals));
        return;
    }
    eb_text_from_real(text, sizeof text, value);
    eb_writer_text(writer, text);
}
