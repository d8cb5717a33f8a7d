/* GEOS's XML test files: cases of one or two shapes, with what is asked of them. */
#ifndef GEOS_CASES_H
#define GEOS_CASES_H

#include <ecobelt/geom.h>

#include <check.h>
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum geos_op {
    ASKED_INTERSECTION,
    ASKED_UNION,
    ASKED_DIFFERENCE,
    ASKED_SYMDIFF,
    ASKED_UNION_SIZE, /* a number: area or length of the union of one shape's parts */
    ASKED_AREAS,      /* that the areas of all operations agree with each other */
    ASKED_OTHER
} geos_op;

typedef struct geos_asked {
    geos_op op;
    bool swapped, on_grid; /* of B and A; on a grid of its own, so the answer is not that of the shapes as they stand */
    char *answer;
} geos_asked;

enum { GEOS_NOTHING = -1, GEOS_MIXED = -2, GEOS_UNREAD = -3 };

/* A case of overlays. Where there is no B it is A. */
typedef struct geos_case {
    char label[280];
    eb_shape *a, *b;
    int kind_a, kind_b; /* 0, 1, 2: points, lines, polygons, empty or not; or what there is instead */
    geos_asked ops[16];
    size_t count;
} geos_case;

typedef struct geos_cases {
    eb_geos *geos;
    geos_case *list;
    size_t count, capacity;
} geos_cases;

static inline char *geos_file(const char *path)
{
    const size_t most = 1 << 22;
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, most);
    ck_assert(file && text);
    ck_assert_uint_lt(fread(text, 1, most - 1, file), most - 1);
    fclose(file);
    for (char *at = text, *end; (at = strstr(at, "<!--")) != NULL && (end = strstr(at, "-->")) != NULL; at = end)
        memset(at, ' ', (size_t)(end + 3 - at)); /* nothing in a remark is asked */
    return text;
}

/* Content of the next <tag ...>…</tag> from *at; NULL where there is none. *at moves behind it. */
static inline char *geos_element(char **at, const char *tag, char *head, size_t head_size)
{
    char open[32], close[32];
    snprintf(open, sizeof open, "<%s", tag);
    snprintf(close, sizeof close, "</%s>", tag);
    char *start = strstr(*at, open), *body = start ? strchr(start, '>') : NULL, *stop = body ? strstr(body, close) : NULL;
    if (!stop) return NULL;
    if (head) snprintf(head, head_size, "%.*s", (int)(body - start), start);
    *at = stop + strlen(close);
    char *content = calloc(1, (size_t)(stop - body));
    ck_assert_ptr_nonnull(content);
    memcpy(content, body + 1, (size_t)(stop - body - 1));
    return content;
}

/* Value of an attribute in small letters, "" where there is none. */
static inline void geos_attribute(const char *head, const char *name, char *value, size_t size)
{
    char key[32];
    snprintf(key, sizeof key, " %s=", name);
    const char *found = strstr(head, key), *from = found ? found + strlen(key) + 1 : "", *end = found ? strchr(from, from[-1]) : from;
    snprintf(value, size, "%.*s", end ? (int)(end - from) : 0, from);
    for (; *value; value++) *value = (char)tolower((unsigned char)*value);
}

/* Turn @p count numbers of @p width bytes round; where they end. */
static inline uint8_t *geos_turn(uint8_t *at, size_t count, size_t width)
{
    for (size_t k = 0; k < count; k++, at += width)
        for (size_t i = 0; i < width / 2; i++) {
            const uint8_t byte = at[i];
            at[i] = at[width - 1 - i];
            at[width - 1 - i] = byte;
        }
    return at;
}

/* Big-endian well-known binary, without Z, to little-endian in place; where it ends, NULL where it is cut short. */
static inline uint8_t *geos_turn_shape(uint8_t *at, const uint8_t *end)
{
    uint32_t kind, count = 1;
    if (end - at < 9 || at[0] != 0) return NULL;
    at[0] = 1;
    at = geos_turn(at + 1, 1, 4);
    memcpy(&kind, at - 4, 4);
    if (kind > 1) memcpy(&count, geos_turn(at, 1, 4) - 4, 4);
    at += kind > 1 ? 4 : 0;
    for (uint32_t i = 0, points = 1; i < (kind < 3 ? 1 : count) && at; i++) {
        if (kind > 3) {
            at = geos_turn_shape(at, end);
            continue;
        }
        if (kind == 3 && end - at >= 4) memcpy(&points, geos_turn(at, 1, 4) - 4, 4), at += 4;
        if (kind == 2) points = count;
        at = (end - at) / 16 >= points ? geos_turn(at, 2 * (size_t)points, 8) : NULL;
    }
    return at;
}

/* Well-known text, or well-known binary in hexadecimal digits. */
static inline eb_shape *geos_shape(eb_geos *geos, const char *text)
{
    eb_shape *shape = NULL;
    while (isspace((unsigned char)*text)) text++;
    if (eb_shape_from_text(geos, text, &shape, NULL) == EB_OK) return shape;
    uint8_t *bytes = malloc(strlen(text) / 2 + 1);
    size_t digits = 0;
    for (; bytes && (isxdigit((unsigned char)*text) || isspace((unsigned char)*text)); text++) {
        if (isspace((unsigned char)*text)) continue;
        const int digit = isdigit((unsigned char)*text) ? *text - '0' : tolower((unsigned char)*text) - 'a' + 10;
        bytes[digits / 2] = (uint8_t)(digits % 2 ? bytes[digits / 2] << 4 | digit : digit);
        digits++;
    }
    if (digits > 18 && bytes[0] == 1 && bytes[4] == 0x20) { /* PostGIS's number of the CRS behind the kind is no part of a shape */
        bytes[4] = 0;
        memmove(bytes + 5, bytes + 9, digits / 2 - 9);
        digits -= 8;
    }
    const bool whole = digits > 18 && (bytes[0] == 1 || geos_turn_shape(bytes, bytes + digits / 2));
    const bool read = whole && eb_shape_read(geos, (eb_wkb){bytes, digits / 2}, &shape, NULL) == EB_OK;
    free(bytes);
    return read ? shape : NULL;
}

/* Kind of a shape: of an empty one its text tells it, of a collection its parts. */
static inline int geos_kind(eb_geos *geos, const eb_shape *shape, const char *text)
{
    static const char *const words[] = {"point", "line", "polygon"};
    char word[24];
    if (!shape) return GEOS_UNREAD;
    int kind = eb_shape_dimension(geos, shape);
    for (size_t i = 0; kind >= 0 && i < eb_shape_part_count(geos, shape); i++) {
        const eb_shape *part = eb_shape_part_at(geos, shape, i);
        if (!eb_shape_empty(geos, part) && eb_shape_dimension(geos, part) != kind) return GEOS_MIXED;
    }
    if (kind >= 0) return kind;
    while (isspace((unsigned char)*text)) text++;
    snprintf(word, sizeof word, "%s", text);
    for (char *at = word; *at; at++) *at = (char)tolower((unsigned char)*at);
    for (int k = 0; k < 3; k++)
        if (strncmp(strncmp(word, "multi", 5) == 0 ? word + 5 : word, words[k], strlen(words[k])) == 0) return k;
    return GEOS_NOTHING;
}

/* Which overlay an <op> asks for. "ng" and "sr" behind a name are GEOS's newer engine and its snapping one. */
static inline geos_op geos_op_of(const char *head, bool *on_grid)
{
    static const struct {
        const char *name;
        geos_op op;
    } names[] = {
        {"intersection", ASKED_INTERSECTION},
        {"union", ASKED_UNION},
        {"difference", ASKED_DIFFERENCE},
        {"symdifference", ASKED_SYMDIFF},
        {"areatest", ASKED_AREAS},
        {"overlayareatest", ASKED_AREAS},
        {"unionarea", ASKED_UNION_SIZE},
        {"unionlength", ASKED_UNION_SIZE},
    };
    char name[64], grid[64];
    geos_attribute(head, "name", name, sizeof name);
    geos_attribute(head, "arg3", grid, sizeof grid);
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        const size_t length = strlen(names[k].name);
        const char *rest = name + length;
        if (strncmp(name, names[k].name, length) != 0 || (*rest && strcmp(rest, "ng") != 0 && strcmp(rest, "sr") != 0)) continue;
        *on_grid = *grid || strcmp(rest, "sr") == 0;
        return names[k].op;
    }
    return ASKED_OTHER;
}

static inline void geos_take_case(geos_cases *all, char *text, const char *file, int number, bool snapped)
{
    geos_case c = {.count = 0};
    char *at = text, head[256], first[8], *body;
    snprintf(c.label, sizeof c.label, "%.250s, case %d", file, number);
    while ((body = geos_element(&at, "op", head, sizeof head)) != NULL) {
        bool on_grid = false;
        const geos_op op = geos_op_of(head, &on_grid);
        geos_attribute(head, "arg1", first, sizeof first);
        if (op == ASKED_OTHER) {
            free(body);
            continue;
        }
        ck_assert_uint_lt(c.count, sizeof c.ops / sizeof c.ops[0]);
        c.ops[c.count++] = (geos_asked){.op = op, .swapped = strcmp(first, "b") == 0, .on_grid = on_grid || snapped, .answer = body};
    }
    if (c.count == 0) return;
    at = text;
    char *a = geos_element(&at, "a", NULL, 0), *b = a ? geos_element(&at, "b", NULL, 0) : NULL;
    ck_assert_msg(a != NULL, "%s has no shape", c.label);
    c.a = geos_shape(all->geos, a);
    c.b = geos_shape(all->geos, b ? b : a);
    c.kind_a = geos_kind(all->geos, c.a, a);
    c.kind_b = geos_kind(all->geos, c.b, b ? b : a);
    free(a);
    free(b);
    if (all->count == all->capacity) all->list = realloc(all->list, (all->capacity = 2 * all->capacity + 64) * sizeof *all->list);
    ck_assert_ptr_nonnull(all->list);
    all->list[all->count++] = c;
}

static inline void geos_take_file(geos_cases *all, const char *path, const char *name)
{
    char *text = geos_file(path), *at = text, *body;
    const bool snapped = strstr(text, "<precisionModel scale") || strstr(text, "<precisionModel offsetx");
    for (int number = 0; (body = geos_element(&at, "case", NULL, 0)) != NULL; free(body))
        geos_take_case(all, body, name, number++, snapped);
    free(text);
}

/* Every case of overlays in a folder and the folders in it, in the order of their names. */
static inline void geos_take_folder(geos_cases *all, const char *folder)
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name, *end = strrchr(name, '.');
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", folder, name);
        if (end && strcmp(end, ".xml") == 0)
            geos_take_file(all, path, name);
        else if (!end)
            geos_take_folder(all, path);
        free(entries[i]);
    }
    free(entries);
}

static inline void geos_cases_free(geos_cases *all)
{
    for (size_t i = 0; i < all->count; i++) {
        geos_case *c = &all->list[i];
        for (size_t k = 0; k < c->count; k++) free(c->ops[k].answer);
        eb_shape_free(all->geos, c->a);
        eb_shape_free(all->geos, c->b);
    }
    free(all->list);
}

#endif
