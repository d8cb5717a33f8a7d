/* Does a FlatGeobuf end where it should? Layout: flatgeobuf.org, specification 3.0; its header is a FlatBuffers table. */
#include "layer/file_check.h"

#include "base/translate.h"

#include <cpl_vsi.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { START = 12, NODE = 40, MAX_HEADER = 10 << 20, FEATURES_COUNT = 8, INDEX_NODE_SIZE = 9 };

static uint64_t number_at(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

/* A number in the root table of a FlatBuffers message: through its list of places; @p other where the table has none. */
static uint64_t field(const uint8_t *message, size_t size, size_t id, size_t width, uint64_t other)
{
    const uint64_t table = size < 4 ? size : number_at(message, 4);
    if (table + 4 > size) return other;
    const int64_t places = (int64_t)table - (int32_t)(uint32_t)number_at(message + table, 4);
    if (places < 0 || (uint64_t)places + 4 > size) return other;
    const size_t entry = 4 + 2 * id;
    if (entry + 2 > number_at(message + places, 2) || (uint64_t)places + entry + 2 > size) return other;
    const uint64_t place = number_at(message + places + entry, 2);
    return place && table + place + width <= size ? number_at(message + table + place, width) : other;
}

static bool read_at(VSILFILE *file, uint64_t place, uint8_t *bytes, size_t size)
{
    return VSIFSeekL(file, place, SEEK_SET) == 0 && VSIFReadL(bytes, 1, size, file) == size;
}

/* Nodes of the index: its leaves, one a feature, are the last. */
static uint64_t index_nodes(uint64_t features, uint64_t node_size)
{
    uint64_t nodes = features;
    for (uint64_t level = features; level > 1;) {
        level = (level + node_size - 1) / node_size;
        nodes += level;
    }
    return features == 1 ? 2 : nodes;
}

/* Where the feature that begins at @p place ends; 0 where not even its length is there. */
static uint64_t end_of(VSILFILE *file, uint64_t place)
{
    uint8_t length[4];
    return read_at(file, place, length, sizeof length) ? place + 4 + number_at(length, 4) : 0;
}

/* Where the last feature ends by what the file says of itself; UINT64_MAX where that lies beyond what is there. */
static uint64_t wanted_end(VSILFILE *file, uint64_t size, const uint8_t *header, size_t header_size)
{
    const uint64_t count = field(header, header_size, FEATURES_COUNT, 8, 0), node_size = field(header, header_size, INDEX_NODE_SIZE, 2, 16);
    uint64_t place = START + header_size;
    if (count > size) return UINT64_MAX; /* every feature takes a byte and more */
    if (count > 0 && node_size > 1) {
        uint8_t leaf[NODE];
        place += index_nodes(count, node_size) * NODE;
        if (!read_at(file, place - NODE, leaf, NODE)) return UINT64_MAX;
        const uint64_t offset = number_at(leaf + 32, 8), end = offset < size ? end_of(file, place + offset) : 0;
        return end ? end : UINT64_MAX;
    }
    for (uint64_t n = 0; count > 0 ? n < count : place < size; n++) {
        place = end_of(file, place);
        if (place == 0 || place > size) return UINT64_MAX;
    }
    return place;
}

eb_status eb_fgb_check(const char *path, eb_error *err)
{
    uint8_t head[START];
    VSILFILE *file = VSIFOpenL(path, "rb");
    if (!file) return EB_OK;
    const char *wrong = NULL, *advice = eb_copy_or_part;
    if (VSIFReadL(head, 1, sizeof head, file) == sizeof head && memcmp(head, "fgb\3fgb", 7) == 0) {
        const size_t header_size = (size_t)number_at(head + 8, 4);
        uint8_t *header = header_size <= MAX_HEADER ? malloc(header_size + 1) : NULL;
        VSIFSeekL(file, 0, SEEK_END);
        const uint64_t size = VSIFTellL(file);
        if (header && !read_at(file, START, header, header_size)) {
            wrong = N_("the file is cut short: it ends within its header");
            advice = eb_copy_again;
        } else if (header && wanted_end(file, size, header, header_size) > size) {
            wrong = N_("the file is cut short: its last feature is not there, or not whole");
        }
        free(header);
    }
    VSIFCloseL(file);
    return wrong ? eb_file_fault(path, wrong, advice, err) : EB_OK;
}
