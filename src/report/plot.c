/* A table as lines in SVG: one panel for every value of its text keys, such as the profile of every route. */
#include "report/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/heading.h"
#include "report/xml.h"

enum { NOTE = 16, WIDTH = 960, HEIGHT = 320, LEFT = 70, RIGHT = 24, TOP = 78, BOTTOM = 48, LEVELS = 3, LEVEL = 14 };

/* Which columns are drawn. */
typedef struct columns {
    const eb_table *table;
    size_t x, y, label; /* label SIZE_MAX: none */
    double x_unit;      /* what an x is divided by */
    char x_title[120], y_title[120];
} columns;

/* The rows of one line, and what they span. */
typedef struct panel {
    size_t first, count;
    double x0, x1, y0, y1, lowest, highest, step_x, step_y;
} panel;

/* 1, 2 or 5 times a power of ten, so that some @p count steps make the span. */
static double nice_step(double span, int count)
{
    double raw = span / count, power = pow(10, floor(log10(raw)));
    return raw <= power ? power : raw <= 2 * power ? 2 * power : raw <= 5 * power ? 5 * power : 10 * power;
}

static bool same_keys(const eb_table *t, size_t a, size_t b)
{
    for (size_t c = 0; c < eb_table_column_count(t); c++) {
        const eb_column *column = eb_table_column_at(t, c);
        if (column->type != EB_COLUMN_TEXT || column->role != EB_ROLE_KEY) continue;
        if (strcmp(eb_table_text_at(t, a, c), eb_table_text_at(t, b, c)) != 0) return false;
    }
    return true;
}

static void span_panel(const columns *c, size_t first, panel *p)
{
    size_t rows = eb_table_row_count(c->table);
    *p = (panel){.first = first, .x0 = INFINITY, .x1 = -INFINITY, .lowest = INFINITY, .highest = -INFINITY};
    for (size_t r = first; r < rows && same_keys(c->table, first, r); r++, p->count++) {
        double x = eb_table_real_at(c->table, r, c->x) / c->x_unit, y = eb_table_real_at(c->table, r, c->y);
        if (!isfinite(x) || !isfinite(y)) continue;
        p->x0 = fmin(p->x0, x);
        p->x1 = fmax(p->x1, x);
        p->lowest = fmin(p->lowest, y);
        p->highest = fmax(p->highest, y);
    }
    if (!(p->x1 > p->x0)) p->x1 = p->x0 + 1;
    /* A road that is nearly level should look so. */
    double middle = (p->lowest + p->highest) / 2, half = fmax((p->highest - p->lowest) / 2, 10);
    p->step_x = nice_step(p->x1 - p->x0, 10);
    p->step_y = nice_step(2 * half, 5);
    p->y0 = floor((middle - half) / p->step_y) * p->step_y;
    p->y1 = ceil((middle + half) / p->step_y) * p->step_y;
}

static double to_x(const panel *p, double x)
{
    return LEFT + (x - p->x0) / (p->x1 - p->x0) * (WIDTH - LEFT - RIGHT);
}

static double to_y(const panel *p, double y)
{
    return HEIGHT - BOTTOM - (y - p->y0) / (p->y1 - p->y0) * (HEIGHT - TOP - BOTTOM);
}

static void add_text(eb_string *out, double x, double y, const char *anchor, const char *kind, const char *text)
{
    eb_string_addf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">", x, y, anchor, kind);
    eb_xml_add(out, text);
    eb_string_add(out, "</text>\n");
}

static void add_number(eb_string *out, double x, double y, const char *anchor, double value, double step)
{
    char text[40];
    eb_text_from_fixed(text, sizeof text, value, step < 1 ? (int)ceil(-log10(step) - 1e-9) : 0);
    add_text(out, x, y, anchor, "tick", text);
}

static void add_axes(eb_string *out, const columns *c, const panel *p)
{
    const double bottom = HEIGHT - BOTTOM;
    for (int k = 0; p->y0 + k * p->step_y <= p->y1 + p->step_y / 2; k++) {
        const double y = p->y0 + k * p->step_y;
        eb_string_addf(out, "<path d=\"M%d %.1fH%d\" class=\"grid\"/>\n", LEFT, to_y(p, y), WIDTH - RIGHT);
        add_number(out, LEFT - 6, to_y(p, y) + 4, "end", y, p->step_y);
    }
    for (double k = ceil(p->x0 / p->step_x - 1e-9); k * p->step_x <= p->x1 * (1 + 1e-12); k++) {
        eb_string_addf(out, "<path d=\"M%.1f %.1fv5\" class=\"axis\"/>\n", to_x(p, k * p->step_x), bottom);
        add_number(out, to_x(p, k * p->step_x), bottom + 18, "middle", k * p->step_x, p->step_x);
    }
    eb_string_addf(out, "<path d=\"M%d %dV%.1fH%d\" class=\"axis\"/>\n", LEFT, TOP, bottom, WIDTH - RIGHT);
    add_text(out, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 10, "middle", "title", c->x_title);
    add_text(out, LEFT, TOP - 8, "end", "title", c->y_title);
}

/* The points of one pixel's width: only how far they reach. */
typedef struct stroke {
    double x, low, high, last;
    bool any, low_first;
} stroke;

static void end_stroke(eb_string *out, const stroke *s, char *command)
{
    if (!s->any) return;
    const double ys[] = {s->low_first ? s->low : s->high, s->low_first ? s->high : s->low, s->last};
    for (int k = 0; k < 3; k++) {
        if (k > 0 && fabs(ys[k] - ys[k - 1]) < 0.05) continue;
        eb_string_addf(out, "%c%.1f %.1f", *command, s->x, ys[k]);
        *command = 'L';
    }
}

/* The line without what no eye could see; points without a value are passed over. */
static void add_line(eb_string *out, const columns *c, const panel *p)
{
    stroke s = {.any = false};
    char command = 'M';
    for (size_t r = p->first; r < p->first + p->count; r++) {
        double x = eb_table_real_at(c->table, r, c->x) / c->x_unit, y = eb_table_real_at(c->table, r, c->y);
        if (!isfinite(x) || !isfinite(y)) continue;
        x = to_x(p, x);
        y = to_y(p, y);
        if (s.any && x - s.x < 0.5) {
            if (y < s.low) s.low_first = false;
            if (y > s.high) s.low_first = true;
            s.low = fmin(s.low, y);
            s.high = fmax(s.high, y);
            s.last = y;
            continue;
        }
        end_stroke(out, &s, &command);
        s = (stroke){.x = x, .low = y, .high = y, .last = y, .any = true};
    }
    end_stroke(out, &s, &command);
}

/* Names above the line, on the first of some levels where they do not run into another. */
static void add_labels(eb_string *out, const columns *c, const panel *p)
{
    double taken[LEVELS] = {0};
    if (c->label == SIZE_MAX) return;
    for (size_t r = p->first; r < p->first + p->count; r++) {
        const char *text = eb_table_text_at(c->table, r, c->label);
        double y = eb_table_real_at(c->table, r, c->y);
        if (!text || !*text || !isfinite(y)) continue;
        double x = to_x(p, eb_table_real_at(c->table, r, c->x) / c->x_unit), width = 6.6 * (double)eb_text_width(text) + 8;
        double left = fmin(fmax(x - width / 2, LEFT), WIDTH - RIGHT - width);
        int level = 0;
        while (level + 1 < LEVELS && taken[level] > left) level++;
        taken[level] = left + width;
        double top = TOP - 14 - LEVEL * level;
        eb_string_addf(out, "<path d=\"M%.1f %.1fV%.1f\" class=\"stop\"/>\n", x, top + 3, to_y(p, y));
        eb_string_addf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" class=\"dot\"/>\n", x, to_y(p, y));
        add_text(out, left + width / 2, top, "middle", "label", text);
    }
}

/* The keys' values as a heading, and between which heights the line runs. */
static void add_heading(eb_string *out, const columns *c, const panel *p)
{
    eb_string text = {0};
    for (size_t k = 0; k < eb_table_column_count(c->table); k++) {
        const eb_column *column = eb_table_column_at(c->table, k);
        const char *value = eb_table_text_at(c->table, p->first, k);
        if (column->type == EB_COLUMN_TEXT && column->role == EB_ROLE_KEY && value && *value)
            eb_string_addf(&text, "%s%s", text.size ? ", " : "", value);
    }
    const char *unit = eb_table_column_at(c->table, c->y)->unit;
    eb_string_addf(&text, "%s%.0f - %.0f %s", text.size ? ": " : "", p->lowest, p->highest, unit ? unit : "");
    add_text(out, LEFT, 18, "start", "head", eb_string_get(&text));
    eb_string_clear(&text);
}

static void add_panel(eb_string *out, const columns *c, const panel *p, size_t number)
{
    eb_string_addf(out, "<g transform=\"translate(0 %zu)\">\n", number * HEIGHT);
    if (!(p->highest >= p->lowest)) {
        add_text(out, LEFT, TOP, "start", "head", "-");
    } else {
        double bottom = HEIGHT - BOTTOM;
        add_heading(out, c, p);
        eb_string_add(out, "<path class=\"land\" d=\"");
        add_line(out, c, p);
        eb_string_addf(out, "V%.1fH%.1fZ\"/>\n", bottom, to_x(p, p->x0));
        add_axes(out, c, p);
        eb_string_add(out, "<path class=\"line\" d=\"");
        add_line(out, c, p);
        eb_string_add(out, "\"/>\n");
        add_labels(out, c, p);
    }
    eb_string_add(out, "</g>\n");
}

static size_t find_column(const eb_table *t, const char *name, size_t size)
{
    for (size_t i = 0; i < eb_table_column_count(t); i++) {
        const char *here = eb_table_column_at(t, i)->name;
        if (strlen(here) == size && strncmp(here, name, size) == 0) return i;
    }
    return SIZE_MAX;
}

/* "x,y,label": distances of some kilometres are drawn in kilometres. */
static eb_status choose_columns(const eb_table *table, const char *names, eb_lang lang, columns *c, eb_error *err)
{
    size_t found[3] = {SIZE_MAX, SIZE_MAX, SIZE_MAX};
    for (size_t k = 0; k < 3 && *names; k++) {
        size_t size = strcspn(names, ",");
        found[k] = find_column(table, names, size);
        if (found[k] == SIZE_MAX)
            return eb_error_set(err, EB_INTERNAL, "the table %s has no column %s to draw", eb_table_name(table), names);
        names += size + (names[size] == ',');
    }
    if (found[1] == SIZE_MAX) return eb_error_set(err, EB_INTERNAL, "a line needs two columns");
    *c = (columns){.table = table, .x = found[0], .y = found[1], .label = found[2], .x_unit = 1};
    eb_column x = *eb_table_column_at(table, c->x);
    double most = 0;
    for (size_t r = 0; r < eb_table_row_count(table); r++) most = fmax(most, eb_table_real_at(table, r, c->x));
    if (x.unit && strcmp(x.unit, "m") == 0 && most > 3000) {
        c->x_unit = 1000;
        x.unit = "km";
    }
    eb_column_heading(&x, lang, c->x_title, sizeof c->x_title);
    eb_column_heading(eb_table_column_at(table, c->y), lang, c->y_title, sizeof c->y_title);
    return EB_OK;
}

eb_status eb_plot_add(eb_string *out, const eb_table *table, const char *names, eb_lang lang, eb_error *err)
{
    columns c;
    panel p;
    size_t panels = 0, rows = eb_table_row_count(table);
    eb_status status = choose_columns(table, names, lang, &c, err);
    if (status != EB_OK) return status;
    for (size_t r = 0; r < rows; r += p.count, panels++) span_panel(&c, r, &p);
    size_t height = (panels ? panels : 1) * HEIGHT, notes = eb_table_note_count(table);
    eb_string_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %zu\" class=\"plot\" role=\"img\">\n", WIDTH,
                   height + notes * NOTE + (notes ? 8 : 0));
    /* Everything below its own class: a page that embeds the drawing has styles, too. */
    eb_string_add(out, "<style>.plot text{font:12px 'Noto Sans','Noto Sans CJK SC',sans-serif;fill:#333}.plot .head{font-weight:bold}"
                       ".plot .tick{fill:#555}.plot .grid{stroke:#ddd}.plot .axis{stroke:#555;fill:none}"
                       ".plot .stop{stroke:#999;stroke-dasharray:3 2}.plot .dot{fill:#d55e00}.plot .land{fill:#009e73;fill-opacity:.18}"
                       ".plot .line{fill:none;stroke:#00664b;stroke-width:1.5}</style>\n");
    eb_string_add(out, "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<title>");
    eb_xml_add(out, eb_table_title(table));
    eb_string_add(out, "</title>\n");
    panels = 0;
    for (size_t r = 0; r < rows; r += p.count, panels++) {
        span_panel(&c, r, &p);
        add_panel(out, &c, &p, panels);
    }
    for (size_t i = 0; i < notes; i++)
        add_text(out, LEFT, (double)(height + (i + 1) * NOTE - 4), "start", "tick", eb_table_note_at(table, i));
    eb_string_add(out, "</svg>\n");
    return out->failed ? eb_error_memory(err) : EB_OK;
}

eb_status eb_table_to_svg(const eb_table *table, const char *names, eb_lang lang, char **text, eb_error *err)
{
    eb_string out = {0};
    *text = NULL;
    eb_status status = eb_plot_add(&out, table, names, lang, err);
    if (status == EB_OK && !(*text = eb_string_take(&out))) status = eb_error_memory(err);
    eb_string_clear(&out);
    return status;
}
