#include "report/heading.h"

#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

typedef struct word {
    const char *key, *en, *zh;
} word;

/** Unit words; the key is both the unit's code and the suffix of a column's name. */
static const word units[] = {
    {"m2", "m²", "平方米"}, {"ha", "ha", "公顷"},  {"mu", "mu", "亩"},     {"wanmu", "10⁴ mu", "万亩"}, {"km2", "km²", "平方公里"},
    {"m", "m", "米"},       {"km", "km", "公里"},  {"pct", "%", "%"},      {"deg", "°", "度"},          {"s", "s", "秒"},
    {"min", "min", "分钟"}, {"ppm", "ppm", "ppm"}, {"m3", "m³", "立方米"}, {"mm", "mm", "毫米"},
};

/** Column names without their unit. Names that are not here are shown as they are: they come from the user's own fields. */
static const word names[] = {
    {"official_km2", "Published area", "公布面积"}, /* of a layer; the analyses write official_m2 */
    {"area", "Area", "面积"},
    {"official", "Official area", "法定椭球面积"},
    {"geodesic", "Geodesic area", "测地面积"},
    {"planar", "Planar area", "平面面积"},
    {"rounded", "Rounded", "取整值"},
    {"count", "Count", "数量"},
    {"share", "Share", "占比"},
    {"width", "Width a side", "单侧宽度"},
    {"length", "Length", "长度"},
    {"gross", "Gross area", "毛面积"},
    {"dissolved", "Dissolved area", "合并面积"},
    {"clipped", "Clipped area", "裁剪后面积"},
    {"tolerance", "Tolerance", "容差"},
    {"audited_error", "Audited error", "检核误差"},
    {"side", "Side", "侧"},
    {"zone", "Zone", "分区"},
    {"class", "Class", "类别"},
    {"share_of_zone", "Share of zone", "占分区比例"},
    {"share_of_class", "Share of class", "占类别比例"},
    {"designation", "Designation", "保护地"},
    {"designations", "Designations", "所属保护地"},
    {"multiplicity", "Times designated", "重叠层数"},
    {"effective", "Effective area", "净面积"},
    {"exclusive", "Exclusive area", "独占面积"},
    {"union", "Union area", "并集面积"},
    {"overlap", "Overlap area", "重叠面积"},
    {"distance", "Distance", "距离"},
    {"gap", "Gap", "缺口"},
    {"reached", "Reached", "是否通达"},
    {"ascent", "Ascent", "累计上升"},
    {"descent", "Descent", "累计下降"},
    {"leg", "Leg", "路段"},
    {"route", "Route", "路线"},
    {"variant", "Variant", "方案"},
    {"time", "Time", "时间"},
    {"height", "Height", "高程"},
    {"lon", "Longitude", "经度"},
    {"lat", "Latitude", "纬度"},
    {"to_lon", "Longitude across", "对侧经度"},
    {"to_lat", "Latitude across", "对侧纬度"},
    {"to_name", "Road across", "对侧道路"},
    {"to_class", "Class across", "对侧等级"},
    {"road", "Road", "道路"},
    {"road_class", "Class of road", "道路等级"},
    {"spur", "Spur", "支线"},
    {"inside", "Inside", "在范围内"},
    {"share_of_route", "Share of route", "占路线比例"},
    {"component", "Component", "连通块"},
    {"components", "Ties components", "连接两个连通块"},
    {"nodes", "Nodes", "节点数"},
    {"edges", "Edges", "边数"},
    {"from", "From", "起点"},
    {"to", "To", "终点"},
    {"order", "Order", "次序"},
    {"stop", "Stop", "站点"},
    {"airport", "Airport", "机场"},
    {"exit", "Expressway exit", "高速出口"},
    {"station", "Station", "火车站"},
    {"wharf", "Wharf", "码头"},
    {"city", "City", "城市"},
    {"airport_points", "Points: airport", "机场得分"},
    {"exit_points", "Points: exit", "高速出口得分"},
    {"station_points", "Points: station", "火车站得分"},
    {"wharf_points", "Points: wharf", "码头得分"},
    {"city_points", "Points: city", "城市得分"},
    {"road_points", "Points: road", "公路得分"},
    {"points", "Points", "得分"},
    {"of_points", "Out of", "可得分"},
    {"reason", "Reason", "原因"},
    {"target", "Target", "目标"},
    {"of", "Table", "来源表"},
    {"column", "Column", "列"},
    {"where", "Rows", "条件"},
    {"computed", "Computed", "计算值"},
    {"published", "Published", "公布值"},
    {"unit", "Unit", "单位"},
    {"difference", "Difference", "差值"},
    {"within", "Tolerance", "允许偏差"},
    {"verdict", "Verdict", "结论"},
    {"source", "Source", "来源"},
    {"note", "Note", "说明"},
    {"name", "Name", "名称"},
    {"name_zh", "Name (zh)", "中文名"},
    {"county", "County", "县(市、区)"},
    {"province", "Province", "省"},
    {"grade", "Grade", "等级"},
    {"geometry", "Geometry", "几何类型"},
    {"features", "Features", "要素数"},
    {"layer", "Layer", "图层"},
    {"status", "Status", "性质"},
    {"title", "Title", "标题"},
    {"file", "File", "文件"},
    {"bytes", "Bytes", "字节"},
    {"sha256", "SHA-256", "SHA-256"},
    {"perimeter", "Perimeter", "周长"},
    {"faces", "Areas enclosed", "围合数"},
    {"other", "Other", "另一保护地"},
    {"share_of_union", "Share of union", "占并集比例"},
    {"share_of_designation", "Share of designation", "占保护地比例"},
    {"share_of_clip", "Share of clip layer", "占裁剪范围比例"},
    {"counted_again", "Counted again", "重复计算面积"},
    {"crs", "CRS", "坐标系"},
    {"density_km_per_100km2", "Density", "密度"},
    {"reference", "Reference area", "基准面积"},
    {"code", "Code", "行政区划代码"},
    {"prefecture", "Prefecture", "设区市"},
    {"population_2020", "Population (2020)", "人口(2020年普查)"},
    {"published", "Published", "公布值"},
    {"published_note", "Note on the published figure", "公布值说明"},
    {"published_other", "Other published figures", "其他公布值"},
    {"zone_published", "Published, whole zone", "全区公布值"},
    {"kind", "Kind", "类型"},
    {"level", "Level", "级别"},
    {"established", "Established", "设立时间"},
    {"membership", "Membership", "成员性质"},
    {"membership_source", "Source of the membership", "成员资格来源"},
    {"park", "Park", "公园"},
    {"joins", "Flows into", "汇入"},
    {"year", "Year", "年份"},
    {"group", "Group", "所属景区"},
    {"accuracy", "Accuracy", "精度"},
    {"inscribed", "Inscribed", "列入年份"},
    {"unesco_ref", "UNESCO number", "世界遗产编号"},
    {"ref", "Road number", "路线编号"},
    {"speed_kmh", "Speed (km/h)", "设计速度(公里/小时)"},
    {"oneway", "One way", "单行"},
    {"snap", "Distance to the road", "到公路的距离"},
    {"number", "Number", "编号"},
    {"closed", "Closed", "封闭"},
    {"perimeter", "Perimeter", "周长"},
    {"region", "region", "全区域"},
    {"step", "Step", "步骤"},
    {"analysis", "Analysis", "分析"},
    {"parameters", "Parameters", "参数"},
    {"made_from", "Made from", "数据来源"},
    {"finding", "Finding", "发现的问题"},
    {"airport", "Airport", "机场"},
    {"airport_points", "Airport, points", "机场得分"},
    {"exit", "Expressway exit", "高速出口"},
    {"exit_points", "Exit, points", "高速出口得分"},
    {"station", "Station", "车站"},
    {"station_points", "Station, points", "车站得分"},
    {"wharf", "Wharf", "码头"},
    {"wharf_points", "Wharf, points", "码头得分"},
    {"city", "City", "城镇"},
    {"city_points", "City, points", "城镇得分"},
    {"road_points", "Road, points", "道路得分"},
    {"points", "Points", "得分"},
    {"of_points", "Out of", "满分"},
    {"sheet", "Sheet", "图幅号"},
    {"scale", "Scale 1:", "比例尺分母"},
    {"west", "West", "西"},
    {"south", "South", "南"},
    {"east", "East", "东"},
    {"north", "North", "北"},
};

static const word *find(const word *words, size_t count, const char *key, size_t size)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(words[i].key) == size && strncmp(words[i].key, key, size) == 0) return &words[i];
    }
    return NULL;
}

const char *eb_whole_word(const eb_table *table, size_t row, size_t column, eb_lang lang)
{
    size_t first = 0;
    if (!eb_table_is_whole(table, row) || !eb_table_is_null(table, row, column)) return NULL;
    while (first < column && eb_table_column_at(table, first)->role != EB_ROLE_KEY) first++;
    return first == column && eb_table_column_at(table, first)->role == EB_ROLE_KEY ? eb_word(lang, "all", "全部") : NULL;
}

const char *eb_unit_word(const char *unit, eb_lang lang)
{
    const word *found =
        unit ? find(units, sizeof units / sizeof units[0], strcmp(unit, "%") == 0 ? "pct" : unit, strcmp(unit, "%") == 0 ? 3 : strlen(unit))
             : NULL;
    return found ? eb_word(lang, found->en, found->zh) : unit;
}

/** Length of the name without a unit suffix; the unit word in *unit. */
static size_t split_unit(const eb_column *column, eb_lang lang, const char **unit)
{
    const char *mark = strrchr(column->name, '_');
    const word *suffix = mark ? find(units, sizeof units / sizeof units[0], mark + 1, strlen(mark + 1)) : NULL;

    *unit = column->unit ? eb_unit_word(column->unit, lang) : suffix ? eb_word(lang, suffix->en, suffix->zh) : NULL;
    return suffix ? (size_t)(mark - column->name) : strlen(column->name);
}

/** Words for "clipped_share_of_region": what was shared and of what. */
static bool share_heading(const char *name, size_t size, eb_lang lang, char *text, size_t text_size)
{
    static const char middle[] = "_share_of_";
    const char *at = strstr(name, middle);
    if (!at || at >= name + size) return false;
    const char *of = at + sizeof middle - 1;
    const word *what = find(names, sizeof names / sizeof names[0], name, (size_t)(at - name));
    const int what_size = what ? (int)strlen(eb_word(lang, what->en, what->zh)) : (int)(at - name);
    const char *what_text = what ? eb_word(lang, what->en, what->zh) : name;
    const word *whole = find(names, sizeof names / sizeof names[0], of, (size_t)(name + size - of));
    const char *of_text = whole ? eb_word(lang, whole->en, whole->zh) : of;
    const int of_size = whole ? (int)strlen(of_text) : (int)(name + size - of);

    snprintf(text, text_size, lang == EB_LANG_ZH ? "%.*s占%.*s比例" : "%.*s, share of %.*s", what_size, what_text, of_size, of_text);
    return true;
}

/** Words for "kind_zh": the same in Chinese. */
static bool chinese_heading(const char *name, eb_lang lang, char *text, size_t size)
{
    const size_t length = strlen(name);
    const bool marked = length > 3 && strcmp(name + length - 3, "_zh") == 0;
    const word *known = marked ? find(names, sizeof names / sizeof names[0], name, length - 3) : NULL;

    if (known) snprintf(text, size, lang == EB_LANG_ZH ? "%s(中文)" : "%s (zh)", eb_word(lang, known->en, known->zh));
    return known != NULL;
}

void eb_column_heading(const eb_column *column, eb_lang lang, char *text, size_t size)
{
    const char *unit;
    const size_t stem = split_unit(column, lang, &unit);
    char words[256];
    const word *whole = find(names, sizeof names / sizeof names[0], column->name, strlen(column->name));
    const word *known = whole ? whole : find(names, sizeof names / sizeof names[0], column->name, stem);

    if (known) {
        snprintf(words, sizeof words, "%s", eb_word(lang, known->en, known->zh));
    } else if (!share_heading(column->name, stem, lang, words, sizeof words) && !chinese_heading(column->name, lang, words, sizeof words)) {
        snprintf(words, sizeof words, "%.*s", (int)stem, column->name);
    }
    if (unit) {
        snprintf(text, size, lang == EB_LANG_ZH ? "%s(%s)" : "%s (%s)", words, unit);
    } else {
        snprintf(text, size, "%s", words);
    }
    eb_text_trim_utf8(text, size);
}

size_t eb_heading_in(const eb_table *table, const char *text, eb_lang lang, char *heading, size_t size)
{
    char name[128];
    size_t length = 0;

    heading[0] = '\0';
    while (length < sizeof name - 1 && (isalnum((unsigned char)text[length]) || text[length] == '_')) {
        name[length] = text[length];
        length++;
    }
    name[length] = '\0';
    const int column = strchr(name, '_') ? eb_table_find(table, name) : -1;
    if (column >= 0) eb_column_heading(eb_table_column_at(table, (size_t)column), lang, heading, size);
    return length ? length : 1;
}

const char *eb_cell_word(const eb_column *column, const char *text, eb_lang lang)
{
    static const struct {
        const char *column, *code;
    } codes[] = {{"verdict", N_("met")},
                 {"verdict", N_("missed")},
                 {"verdict", N_("compared")},
                 {"verdict", N_("not computed")},
                 {"status", N_("schematic")}};

    if (strcmp(column->name, "unit") == 0) return eb_unit_word(text, lang);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (strcmp(column->name, codes[i].column) == 0 && strcmp(text, codes[i].code) == 0) return eb_word(lang, codes[i].code);
    }
    return text;
}
