/* Shares: read from the plan; shares.c makes them. */
#include "plan/look.h"
#include "base/translate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const eb_key share_keys[] = {{"column", EB_KEY_TEXT, true}, {"of", EB_KEY_TEXT, true}, {"table", EB_KEY_TEXT, false}};

/** The column is an area or a length, and what it is held against has such a size: an area none of lines, a length none of points. */
static eb_status check_sizes(const eb_plan *plan, const eb_plan_share *share, eb_error *err)
{
    const eb_ref region = {EB_REF_LAYER, plan->region.layer, ""};
    const eb_ref *of = share->ref.kind == EB_REF_NONE ? &region : &share->ref;
    char dimension = 0;

    eb_column_scale(NULL, share->column, &dimension);
    if (dimension != 'A' && dimension != 'L')
        return eb_node_error(err, EB_USAGE, plan->file, eb_node_get(share->node, "column"), false,
                             "the column '%s' is neither an area nor a length", share->column);
    if (of == &region && dimension == 'A' && isfinite(plan->region.control_m2)) return EB_OK;
    return eb_plan_check_shapes(plan, eb_node_get(share->node, "of"), of, EB_TAKES_POLYGONS | (dimension == 'L' ? EB_TAKES_LINES : 0), "of",
                                err);
}

static eb_status read_share(eb_plan *plan, eb_plan_step *step, const eb_node *node, eb_plan_share *share, eb_error *err)
{
    const size_t index = (size_t)(step - plan->steps);
    eb_status status = eb_keys_check(plan, node, "a share", share_keys, sizeof share_keys / sizeof share_keys[0], err);

    if (status != EB_OK) return status;
    const char *table = eb_node_text(node, "table");
    *share =
        (eb_plan_share){.node = node, .table = table ? table : "", .column = eb_node_text(node, "column"), .of = eb_node_text(node, "of")};
    if (strcmp(share->of, "region") != 0) {
        share->ref = eb_plan_find(plan, share->of, false, index);
        if (share->ref.kind == EB_REF_NONE) return eb_plan_unknown(plan, eb_node_get(node, "of"), share->of, false, index, err);
    } else if (!eb_node_get(plan->root, "region")) {
        eb_node_error(err, EB_USAGE, plan->file, eb_node_get(node, "of"), false, "a share of the region, but the plan has no region");
        eb_error_hint(err, "add for example region: {layer: counties, control_area_km2: 8844.79, source: …}");
        return EB_USAGE;
    }
    status = eb_plan_check_table(plan, step, node, share->table, err);
    if (status != EB_OK) return status;
    const eb_ref own = {EB_REF_STEP, index, share->table};
    status = eb_plan_check_column(plan, eb_node_get(node, "column"), &own, true, share->column, err);
    return status == EB_OK ? check_sizes(plan, share, err) : status;
}

eb_status eb_plan_read_shares(eb_plan *plan, eb_plan_step *step, eb_error *err)
{
    const eb_node *shares = eb_node_get(step->node, "shares");
    eb_status status = EB_OK;

    if (!shares || shares->count == 0) return EB_OK;
    step->shares = calloc(shares->count, sizeof *step->shares);
    if (!step->shares) return eb_error_memory(err);
    for (size_t i = 0; i < shares->count; i++) {
        const eb_status now = read_share(plan, step, shares->items[i], &step->shares[step->share_count], err);
        step->share_count += now == EB_OK;
        if (!eb_plan_go_on(plan, now, &status, err)) break;
    }
    return status;
}
