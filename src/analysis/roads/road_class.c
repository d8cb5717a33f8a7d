/* The classes of roads that the tool knows. */
#include <string.h>

#include "analysis/roads/road_fields.h"
#include "base/text.h"

/*
 * Technical grades of the Chinese highway network (JTG B01), in English too, OpenStreetMap's highway values, and the administrative grades
 * of Chinese highways, from the best to the worst, with usual speeds. An administrative grade says who keeps a road, not how it is built:
 * it stands below the technical grade that such roads mostly have, so that it never counts as that.
 */
static const struct {
    const char *name;
    double speed_kmh;
} classes[] = {
    {"高速", 100},          {"expressway", 100}, {"motorway", 100},     {"motorway_link", 60}, {"快速路", 80},       {"一级", 80},
    {"first class", 80},    {"trunk", 80},       {"trunk_link", 50},    {"二级", 60},          {"second class", 60}, {"primary", 60},
    {"primary_link", 40},   {"国道", 60},        {"主干路", 50},        {"三级", 40},          {"third class", 40},  {"secondary", 50},
    {"secondary_link", 40}, {"省道", 50},        {"次干路", 40},        {"四级", 30},          {"fourth class", 30}, {"tertiary", 40},
    {"tertiary_link", 30},  {"县道", 40},        {"等外", 20},          {"unclassified", 30},  {"乡道", 30},         {"residential", 30},
    {"支路", 30},           {"村道", 20},        {"living_street", 15}, {"service", 20},       {"road", 30},         {"track", 15},
};

/* Other words for them. */
static const struct {
    const char *word, *name;
} aliases[] = {
    {"高速公路", "高速"},      {"高速路", "高速"},        {"城市快速路", "快速路"},  {"快速道路", "快速路"},    {"一级公路", "一级"},
    {"1级", "一级"},           {"I级", "一级"},           {"Ⅰ级", "一级"},           {"二级公路", "二级"},      {"2级", "二级"},
    {"II级", "二级"},          {"Ⅱ级", "二级"},           {"三级公路", "三级"},      {"3级", "三级"},           {"III级", "三级"},
    {"Ⅲ级", "三级"},           {"四级公路", "四级"},      {"4级", "四级"},           {"IV级", "四级"},          {"Ⅳ级", "四级"},
    {"等外公路", "等外"},      {"等外级", "等外"},        {"国道公路", "国道"},      {"普通国道", "国道"},      {"国家公路", "国道"},
    {"省道公路", "省道"},      {"普通省道", "省道"},      {"县级公路", "县道"},      {"县乡道", "乡道"},        {"乡镇道路", "乡道"},
    {"乡村道路", "村道"},      {"主干道", "主干路"},      {"城市主干路", "主干路"},  {"次干道", "次干路"},      {"城市次干路", "次干路"},
    {"城市支路", "支路"},      {"freeway", "motorway"},   {"track_grade1", "track"}, {"track_grade2", "track"}, {"track_grade3", "track"},
    {"track_grade4", "track"}, {"track_grade5", "track"},
};

size_t eb_road_class_count(void)
{
    return sizeof classes / sizeof *classes;
}

const char *eb_road_class_at(size_t i)
{
    return i < eb_road_class_count() ? classes[i].name : "";
}

const char *eb_road_class_known(const char *word)
{
    for (size_t i = 0; i < eb_road_class_count(); i++)
        if (eb_text_same(classes[i].name, word)) return classes[i].name;
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (eb_text_same(aliases[i].word, word)) return aliases[i].name;
    return NULL;
}

/* Bytes of the blank that @p text begins with, 0 where it begins with none: also those of Chinese texts and of web pages. */
static size_t blank_at(const char *text)
{
    if (*text && strchr(" \t\r\n", *text)) return 1;
    if (strncmp(text, "\xC2\xA0", 2) == 0) return 2;
    return strncmp(text, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

void eb_road_class_trim(char *text)
{
    char *from = text, *end = text;
    for (size_t size; (size = blank_at(from)) > 0;) from += size;
    memmove(text, from, strlen(from) + 1);
    for (char *at = text; *at;) {
        size_t size = blank_at(at);
        at += size ? size : 1;
        if (size == 0) end = at;
    }
    *end = '\0';
}

double eb_road_class_speed(const char *name, int rank, size_t count)
{
    for (size_t i = 0; i < eb_road_class_count(); i++)
        if (strcmp(classes[i].name, name) == 0) return classes[i].speed_kmh;
    /* A class of the user's own: from 100 for the best down to 20 for the worst. */
    if (rank < 0 || count == 0) return 30;
    return count == 1 ? 60 : 100 - 80.0 * rank / (double)(count - 1);
}

bool eb_road_class_listed(const eb_args *args, const char *name)
{
    const size_t given = eb_args_count(args, "class_order");
    char word[200], listed[200];
    eb_text_copy(word, sizeof word, name);
    eb_road_class_trim(word);
    const char *known = eb_road_class_known(word);
    if (given == 0) return known != NULL;
    for (size_t i = 0; i < given; i++) {
        eb_text_copy(listed, sizeof listed, eb_args_text_at(args, "class_order", i));
        eb_road_class_trim(listed);
        if (eb_text_same(listed, word) || (known && strcmp(listed, known) == 0)) return true;
    }
    return false;
}
