/* `map:`: the background of the web map. */
#include "plan/model.h"

#include <stdlib.h>
#include <string.h>

static const eb_key map_keys[] = {{"tiles", EB_KEY_ANY, true}, {"attribution", EB_KEY_WORDS, false}, {"visible", EB_KEY_FLAG, false}};

/** Services whose tiles lie hundreds of metres beside their coordinates: the layers would not fit them, and nobody would know why. */
static const char *shifted_frame(const char *url)
{
    static const char *const services[][2] = {{"autonavi.com", "GCJ-02"}, {"amap.com", "GCJ-02"}, {"gtimg.com", "GCJ-02"},
                                              {"map.qq.com", "GCJ-02"},   {"baidu.com", "BD-09"}, {"bdimg.com", "BD-09"},
                                              {"bdstatic.com", "BD-09"},  {"google.cn", "GCJ-02"}};

    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        if (strstr(url, services[i][0])) return services[i][1];
    }
    return NULL;
}

/** The first {word} that the map cannot fill in, or NULL. */
static const char *unknown_place(const char *url)
{
    static const char *const known[] = {"{z}", "{x}", "{y}", "{-y}", "{s}", "{r}"};

    for (const char *at = strchr(url, '{'); at; at = strchr(at + 1, '{')) {
        bool good = false;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) good = good || strncmp(at, known[i], strlen(known[i])) == 0;
        if (!good) return at;
    }
    return NULL;
}

static eb_status check_url(const eb_plan *plan, const eb_node *node, eb_error *err)
{
    const char *url = node->text;

    if (node->kind != EB_NODE_TEXT || !*url) return eb_node_error(err, EB_USAGE, plan->file, node, false, "tiles of the map must be a URL");
    const char *place = unknown_place(url), *frame = shifted_frame(url);
    const bool whole = strstr(url, "{z}") && strstr(url, "{x}") && (strstr(url, "{y}") || strstr(url, "{-y}"));
    if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0) {
        eb_node_error(err, EB_USAGE, plan->file, node, false, "tiles of the map must be a URL that begins with https:// or http://");
    } else if (!whole) {
        eb_node_error(err, EB_USAGE, plan->file, node, false, "tiles of the map must say where zoom, column and row go: {z}, {x}, {y}");
    } else if (place) {
        eb_node_error(err, EB_USAGE, plan->file, node, false, "tiles of the map: nothing is known for '%.*s'", (int)strcspn(place, "}") + 1,
                      place);
        eb_error_hint(err, "{z}, {x}, {y} are filled in; write a key out in full");
        return EB_USAGE;
    } else if (frame) {
        eb_node_error(err, EB_USAGE, plan->file, node, false,
                      "these tiles are drawn in %s: the layers would lie some hundred metres beside them", frame);
        eb_error_hint(err, "take tiles in WGS84 or CGCS2000, such as Tianditu's");
        return EB_USAGE;
    } else {
        return EB_OK;
    }
    eb_error_hint(err, "for example https://tiles.example/{z}/{x}/{y}.png");
    return EB_USAGE;
}

eb_status eb_plan_read_map(eb_plan *plan, eb_error *err)
{
    const eb_node *node = eb_node_get(plan->root, "map");
    eb_plan_map *map = &plan->map;

    if (!node || node->kind == EB_NODE_NULL) return EB_OK;
    eb_status status = eb_keys_check(plan, node, "the map", map_keys, sizeof map_keys / sizeof map_keys[0], err);
    if (status != EB_OK) return status;
    const eb_node *tiles = eb_node_get(node, "tiles");
    const bool list = tiles->kind == EB_NODE_LIST;
    const size_t count = list ? tiles->count : 1;
    map->tiles = calloc(count + 1, sizeof *map->tiles);
    if (!map->tiles) return eb_error_memory(err);
    for (size_t i = 0; status == EB_OK && i < count; i++) {
        const eb_node *item = list ? tiles->items[i] : tiles;
        status = check_url(plan, item, err);
        if (status == EB_OK) map->tiles[map->tile_count++] = item->text;
    }
    map->attribution = eb_words_of(eb_node_get(node, "attribution"));
    map->visible = eb_node_flag(eb_node_get(node, "visible"), false);
    return status;
}
