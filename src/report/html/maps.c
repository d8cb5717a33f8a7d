/* Which maps a report shows. */
#include "report/html/parts.h"
#include "report/html/picture.h"

#include "report/style.h"

#include <math.h>
#include <string.h>

/* Small maps at most: a report is no atlas. */
enum { SMALL_MAPS = 12, WIDE_PX = 900, SMALL_PX = 440 };

/** A square around a box, a little wider: as high as what fits on a sheet above its legend. */
static void window_around(const double box[4], double margin, double window[4])
{
    const double x = (box[0] + box[2]) / 2, y = (box[1] + box[3]) / 2;
    const double half = fmax(fmax(box[2] - box[0], box[3] - box[1]), 1e-4) * (1 + margin) / 2;

    window[0] = x - half;
    window[1] = y - half;
    window[2] = x + half;
    window[3] = y + half;
}

static bool has_features(const eb_layer *layer)
{
    return eb_layer_count(layer) > 0;
}

/** Whether a layer gets a map of its own: lines and points that a step made, polygons too small for the large map. */
static bool wants_map(const eb_report_layer *layer, const eb_frame_view *view, double box[4])
{
    const double whole = fmax(view->box[2] - view->box[0], view->box[3] - view->box[1]);

    if (layer->hidden || layer->focus || layer->extra || !has_features(layer->layer) || !eb_view_box(view, layer->layer, box)) return false;
    if (eb_report_dimension(layer->layer) < 2) return !layer->input;
    return fmax(box[2] - box[0], box[3] - box[1]) < 0.5 * whole;
}

static eb_status add_map(eb_page *page, const eb_frame_view *view, const eb_report_layer *subject, const double box[4], eb_error *err)
{
    eb_map map = {.report = page->report, .view = view, .width_px = subject ? SMALL_PX : WIDE_PX, .subject = subject};
    eb_string legend = {0};

    /* Marks and numbers of points at the edge have room. */
    window_around(box, !subject ? 0.05 : eb_report_dimension(subject->layer) == 2 ? 0.15 : 0.22, map.box);
    eb_string_addf(&page->out, "<figure class=\"map%s\"><figcaption>", subject ? "" : " whole");
    eb_string_addf(&page->out, eb_page_word(page, "Map %d. "), ++page->figure);
    eb_xml_add(&page->out, subject ? subject->title : page->report->title);
    eb_string_add(&page->out, "</figcaption>\n");
    const eb_status status = eb_picture_map(&page->out, &legend, &map, err);
    if (legend.size) eb_string_addf(&page->out, "<ul class=\"legend\">\n%s</ul>\n", eb_string_get(&legend));
    eb_string_add(&page->out, "</figure>\n");
    page->out.failed = page->out.failed || legend.failed;
    eb_string_clear(&legend);
    return status;
}

eb_status eb_page_maps(eb_page *page, eb_error *err)
{
    const eb_report *report = page->report;
    eb_frame_view view;
    double box[4];
    int small = 0;

    if (eb_view_new(report, &view, NULL) != EB_OK) return EB_OK; /* tables alone */
    eb_page_section(page, "maps", eb_page_word(page, "Maps"));
    eb_status status = add_map(page, &view, NULL, view.box, err);
    eb_string_add(&page->out, "<div class=\"pair\">\n");
    for (size_t i = 0; status == EB_OK && i < report->layer_count && small < SMALL_MAPS; i++) {
        if (!wants_map(&report->layers[i], &view, box)) continue;
        status = add_map(page, &view, &report->layers[i], box, err);
        small++;
    }
    eb_string_add(&page->out, "</div>\n");
    eb_view_clear(&view);
    return status;
}
