#include "analysis/quality/check.h"

#include "base/array.h"
#include "base/text.h"
#include "base/translate.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *severity, *remedy;
} kinds[EB_FIND_END] = {
    [EB_FIND_DAMAGE] = {"damage", N_("error"), N_("copy the file again, or export it anew where it comes from")},
    [EB_FIND_NO_CRS] = {"no-crs", N_("error"), N_("name the CRS with --from-crs")},
    [EB_FIND_CRS_CONTRADICTED] = {"crs-contradicted", N_("error"), N_("name the true CRS with --from-crs")},
    [EB_FIND_MIXED_ZONES] = {"mixed-zones", N_("error"), N_("bring all features to one zone, or to degrees")},
    [EB_FIND_FRAME] = {"frame", N_("error"), N_("convert with --from-frame, if the source says so too")},
    [EB_FIND_NULL] = {"null", N_("error"), N_("delete the feature or draw its shape")},
    [EB_FIND_INVALID] = {"invalid", N_("error"), N_("ecobelt convert --repair, or --coverage where neighbours share edges")},
    [EB_FIND_DUPLICATE] = {"duplicate", N_("error"), N_("delete one of the two")},
    [EB_FIND_OVERLAP] = {"overlap", N_("error"), N_("ecobelt convert --coverage leaves it to the larger one; or draw the edge anew")},
    [EB_FIND_GAP] = {"gap", N_("error"), N_("draw the edges anew so that they meet")},
    [EB_FIND_CROSSING] = {"crossing", N_("error"), N_("split both lines where they cross")},
    [EB_FIND_DANGLE] = {"dangle", N_("warning"), N_("draw the end to the line it is meant to meet")},
    [EB_FIND_OUTSIDE] = {"outside", N_("error"), N_("is the feature in the right layer, and its CRS the right one?")},
    [EB_FIND_SPIKE] = {"spike", N_("warning"), N_("remove the point at the tip")},
    [EB_FIND_SLIVER] = {"sliver", N_("warning"), N_("join it to the neighbour it was cut from")},
    [EB_FIND_AREA] = {"area", N_("warning"), N_("measure anew, or check that the shape is the one that was measured")},
    [EB_FIND_VALUE] = {"value", N_("error"), N_("enter the value anew, or make the field one of text")},
    [EB_FIND_ATTRIBUTE_NULL] = {"attribute-null", N_("warning"), N_("fill the field in")},
    [EB_FIND_FORM] = {"form", N_("warning"), N_("ecobelt convert writes the file as its format wants it")},
    [EB_FIND_NOTE] = {"note", N_("note"), ""},
};

const char *eb_finding_kind_name(eb_finding_kind kind)
{
    return kinds[kind].name;
}

const char *eb_finding_severity(eb_finding_kind kind)
{
    return kinds[kind].severity;
}

const char *eb_finding_remedy(eb_finding_kind kind)
{
    return eb_translate(kinds[kind].remedy);
}

eb_finding *eb_findings_add(eb_findings *findings, eb_finding_kind kind, const char *layer, int64_t fid, double x, double y,
                            const char *format, ...)
{
    if (!eb_array_reserve(&findings->list, &findings->capacity, findings->count + 1, sizeof *findings->list)) {
        findings->failed = true;
        return NULL;
    }
    eb_finding *finding = &findings->list[findings->count++];
    *finding = (eb_finding){.kind = kind, .fid = fid, .other_fid = EB_NO_FID, .x = x, .y = y, .area_m2 = NAN};
    eb_text_copy(finding->layer, sizeof finding->layer, layer);
    va_list args;
    va_start(args, format);
    eb_translate_into(finding->message, sizeof finding->message, format, args);
    va_end(args);
    eb_text_mend_utf8(finding->layer);
    return finding;
}

void eb_findings_clear(eb_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) free(findings->list[i].shape);
    free(findings->list);
    memset(findings, 0, sizeof *findings);
}

size_t eb_findings_wrong(const eb_findings *findings)
{
    size_t wrong = 0;
    for (size_t i = 0; i < findings->count; i++) wrong += findings->list[i].kind != EB_FIND_NOTE;
    return wrong;
}

static int compare(const void *a, const void *b)
{
    const eb_finding *p = a, *q = b;
    if (p->kind != q->kind) return p->kind < q->kind ? -1 : 1;
    const int layers = strcmp(p->layer, q->layer);
    if (layers) return layers;
    if (p->fid != q->fid) return p->fid < q->fid ? -1 : 1;
    if (p->other_fid != q->other_fid) return p->other_fid < q->other_fid ? -1 : 1;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    if (p->y != q->y) return p->y < q->y ? -1 : 1;
    return strcmp(p->message, q->message);
}

void eb_findings_sort(eb_findings *findings)
{
    if (findings->count) qsort(findings->list, findings->count, sizeof *findings->list, compare);
}
