/* The page around a web map's data. */
#include "report/web/web.h"

#include "base/sha256.h"
#include "report/embedded.h"
#include "report/heading.h"
#include "report/xml.h"

#include <stdio.h>
#include <string.h>

static const eb_embedded *embedded(const char *name)
{
    for (size_t i = 0; eb_embedded_at(i); i++) {
        if (strcmp(eb_embedded_at(i)->name, name) == 0) return eb_embedded_at(i);
    }
    return NULL;
}

/** Words of the page's script, in the language of the run. */
static void add_words(eb_string *out, eb_lang lang)
{
    static const char *const words[][2] = {
        {"layers", N_("Layers")},
        {"close", N_("Close")},
        {"full", N_("Whole area")},
        {"zoom_in", N_("Zoom in")},
        {"zoom_out", N_("Zoom out")},
        {"zoom_to", N_("Show all of this layer")},
        {"method", N_("How it was made")},
        {"background", N_("Background map (from the network)")},
        {"more", N_("and more here")},
        {"left_out", N_("Too large for a web map, see the GeoPackage: ")},
        {"colours", N_("Colours are not official.")},
        {"hint", N_("Tap the map to see what lies there.")},
        {"library", N_("Map library: Leaflet (BSD 2-Clause)")},
        {"m", N_("m")},
        {"km", N_("km")},
    };
    char made[80];

    eb_string_add(out, ",\n\"words\":{");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        eb_string_addf(out, "%s\"%s\":", i ? "," : "", words[i][0]);
        eb_string_add_json(out, eb_word(lang, words[i][1]));
    }
    snprintf(made, sizeof made, eb_word(lang, "Made with ecobelt %s"), ECOBELT_VERSION);
    eb_string_add(out, ",\"made\":");
    eb_string_add_json(out, made);
    eb_string_add(out, "}");
}

/** What became of a layer's coordinates on their way to the map, which is in WGS 84. */
static void add_way(eb_string *out, const eb_crs *crs, eb_lang lang)
{
    eb_crs *wgs84 = NULL;
    eb_transform *way = NULL;

    switch (eb_crs_info_get(crs)->datum) {
    case EB_DATUM_WGS84:
        eb_string_add(out, eb_word(lang, "Coordinates: WGS 84."));
        return;
    case EB_DATUM_CGCS2000:
        eb_string_add(out, eb_word(lang, "CGCS2000, taken as WGS84 (they differ by less than a metre)."));
        return;
    case EB_DATUM_XIAN80:
    case EB_DATUM_BEIJING54:
    case EB_DATUM_OTHER:
        break;
    }
    if (eb_crs_new("EPSG:4326", &wgs84, NULL) == EB_OK && eb_transform_new(crs, wgs84, NULL, NULL, &way, NULL) == EB_OK)
        eb_string_addf(out, eb_word(lang, "Converted: %s."), eb_transform_text(way));
    eb_transform_free(way);
    eb_crs_free(wgs84);
}

/** Each way that some layer of the map went, once. */
static void add_datum(eb_string *out, const eb_report *report)
{
    eb_string all = {0}, one = {0};

    eb_string_add(&all, "");
    for (size_t i = 0; i < report->layer_count && !all.failed; i++) {
        if (!eb_web_is_drawn(&report->layers[i])) continue;
        add_way(&one, eb_layer_schema(report->layers[i].layer)->crs, report->lang);
        if (one.size && !strstr(all.data, one.data)) eb_string_addf(&all, "%s%s", all.size ? " " : "", one.data);
        all.failed = all.failed || one.failed;
        eb_string_clear(&one);
    }
    eb_string_add(out, ",\"datum\":");
    eb_string_add_json(out, eb_string_get(&all));
    out->failed = out->failed || all.failed;
    eb_string_clear(&all);
}

static void add_tiles(eb_string *out, const eb_report *report)
{
    eb_string_add(out, ",\n\"tiles\":[");
    for (size_t i = 0; i < report->tile_count; i++) {
        eb_string_add(out, i ? "," : "");
        eb_string_add_json(out, report->tiles[i]);
    }
    eb_string_addf(out, "],\"tiles_on\":%s,\"attribution\":", report->tiles_on ? "true" : "false");
    eb_string_add_json(out, report->tile_attribution);
}

static bool is_schematic(const eb_report *report)
{
    for (size_t i = 0; i < report->layer_count; i++) {
        if (report->layers[i].schematic) return true;
    }
    return false;
}

/** All that the script reads. */
static eb_status make_data(const eb_report *report, const eb_env *env, eb_string *out, eb_error *err)
{
    eb_string_add(out, "{\"title\":");
    eb_string_add_json(out, report->title);
    eb_string_add(out, ",\"note\":");
    eb_string_add_json(out, is_schematic(report) ? eb_word(report->lang, "Schematic: no official boundaries") : NULL);
    add_words(out, report->lang);
    add_datum(out, report);
    add_tiles(out, report);
    const eb_status status = eb_web_data(report, env, out, err);
    eb_string_add(out, "}");
    return status;
}

/** JSON inside HTML: no text of the data can end the element it stands in. */
static void add_json_safely(eb_string *out, const char *json)
{
    while (*json) {
        const size_t plain = strcspn(json, "<");
        eb_string_add_bytes(out, json, plain);
        json += plain;
        if (*json) eb_string_add(out, "\\u003c");
        json += *json != '\0';
    }
}

/** A style sheet without what it would load: the pictures of controls that the page has not. */
static void add_sheet(eb_string *out, const char *css)
{
    for (const char *at = strstr(css, "url("); at; at = strstr(css, "url(")) {
        eb_string_add_bytes(out, css, (size_t)(at - css));
        eb_string_add(out, "none");
        css = at + strcspn(at, ")");
        css += *css == ')';
    }
    const char *end = strstr(css, "/*# sourceMappingURL");
    eb_string_add_bytes(out, css, end ? (size_t)(end - css) : strlen(css));
}

/** Length of a script without the line that names a file for debuggers. */
static size_t script_size(const eb_embedded *script)
{
    const char *end = strstr(script->text, "//# sourceMappingURL");

    return end ? (size_t)(end - script->text) : script->size;
}

/** 'sha256-…' of a script, as Content Security Policy 3 has it: base64 (RFC 4648) of the digest. */
static void add_digest(eb_string *out, const eb_embedded *script)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char hex[EB_SHA256_TEXT];
    unsigned bytes[33] = {0};

    eb_sha256_bytes(script->text, script_size(script), hex);
    for (size_t i = 0; i < 64; i++) {
        const unsigned digit = (unsigned)(hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10);
        bytes[i / 2] = bytes[i / 2] * 16 + digit;
    }
    eb_string_add(out, " 'sha256-");
    for (size_t i = 0; i < 33; i += 3) {
        const unsigned group = bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2];
        for (int k = 0; k < 4; k++) {
            const bool pad = i == 30 && k == 3; /* 32 bytes fill ten groups and two thirds */
            eb_string_add_bytes(out, pad ? "=" : &letters[group >> (18 - 6 * k) & 63], 1);
        }
    }
    eb_string_add(out, "'");
}

static void add_script(eb_string *out, const eb_embedded *script)
{
    eb_string_add(out, "<script>");
    eb_string_add_bytes(out, script->text, script_size(script));
    eb_string_add(out, "</script>\n");
}

static void add_head(eb_string *out, const eb_report *report, const eb_embedded *const parts[5])
{
    eb_string_addf(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
                   report->lang == EB_LANG_ZH ? "zh-CN" : "en");
    eb_string_add(out, "<!--\nThis page holds the map library Leaflet under the following licence.\n\n");
    eb_string_add(out, parts[4]->text);
    eb_string_add(out, "-->\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    /* Nothing but the two scripts below may run, and nothing but the background map (where there is one) may be loaded. */
    eb_string_add(out,
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    eb_string_add(out, report->tile_count ? " https: http:; script-src" : "; script-src");
    add_digest(out, parts[0]);
    add_digest(out, parts[1]);
    eb_string_addf(out, "\">\n<meta name=\"generator\" content=\"ecobelt %s\">\n<title>", ECOBELT_VERSION);
    eb_xml_add(out, report->title);
    eb_string_add(out, "</title>\n<style>\n");
    add_sheet(out, parts[2]->text);
    eb_string_add(out, "\n");
    add_sheet(out, parts[3]->text);
    eb_string_add(out, "</style>\n</head>\n");
}

eb_status eb_web_page(const eb_report *report, const eb_env *env, char **text, eb_error *err)
{
    const eb_embedded *const parts[5] = {embedded("leaflet.js"), embedded("map.js"), embedded("leaflet.css"), embedded("map.css"),
                                         embedded("leaflet-licence.txt")};
    eb_string out = {0}, data = {0};

    *text = NULL;
    for (size_t i = 0; i < 5; i++) {
        if (!parts[i]) return eb_error_set(err, EB_INTERNAL, "the library holds no map page");
    }
    eb_status status = make_data(report, env, &data, err);
    if (status == EB_OK) {
        add_head(&out, report, parts);
        eb_string_add(&out, "<body>\n<div id=\"map\"></div>\n<div id=\"panel\"></div>\n<script type=\"application/json\" id=\"data\">");
        add_json_safely(&out, eb_string_get(&data));
        eb_string_add(&out, "</script>\n");
        add_script(&out, parts[0]);
        add_script(&out, parts[1]);
        eb_string_add(&out, "</body>\n</html>\n");
        if (data.failed || out.failed) status = eb_error_memory(err);
    }
    eb_string_clear(&data);
    if (status == EB_OK) *text = eb_string_take(&out);
    eb_string_clear(&out);
    return status;
}
