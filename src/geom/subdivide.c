#include "geom/cut_tree.h"
#include "geom/geos.h"

#include <math.h>
#include <stdlib.h>

eb_status eb_shape_subdivide(eb_geos *geos, const eb_shape *shape, size_t max_vertices, eb_shape ***pieces, size_t *count, eb_error *err)
{
    eb_cut_tree tree = {0};
    *pieces = NULL;
    *count = 0;
    eb_status status = eb_cut_tree_new(geos, shape, max_vertices, &tree, err);
    if (status != EB_OK) return status;
    eb_shape **list = malloc((tree.count ? tree.count : 1) * sizeof *list);
    for (size_t i = 0; list && i < tree.count; i++) {
        if (!eb_cut_is_leaf(&tree.nodes[i])) continue;
        list[(*count)++] = tree.nodes[i].shape;
        tree.nodes[i].shape = NULL;
    }
    eb_cut_tree_clear(geos, &tree);
    if (!list) return eb_error_memory(err);
    if (*count == 0) {
        free(list);
        list = NULL;
    }
    *pieces = list;
    return EB_OK;
}
