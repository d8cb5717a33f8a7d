/**
 * @file geom/cut_tree.h
 * A polygonal shape and its halves, quarters and so on: what lies near a place is found in a piece of a few hundred vertices, and
 * away from the cuts that piece is as good as the whole.
 */
#ifndef EB_GEOM_CUT_TREE_H
#define EB_GEOM_CUT_TREE_H

#include <ecobelt/geom.h>

/** A piece of the shape: all of it that lies in the cell. */
typedef struct eb_cut_node {
    eb_shape *shape;
    double cell[4]; /**< bounded by cuts only; infinite on sides without one */
    size_t vertices;
    int depth;       /**< halvings that made it */
    size_t child[2]; /**< SIZE_MAX: none, or nothing of the shape on that side */
} eb_cut_node;

/** The pieces; node 0 is the whole. */
typedef struct eb_cut_tree {
    eb_cut_node *nodes;
    size_t count, capacity;
} eb_cut_tree;

/**
 * Halve a valid polygonal shape (the caller's) until pieces have at most @p max_vertices, or have sixteen times as many together as
 * the whole: long edges side by side are cut by every halving. The halves of each piece add up to it.
 * EB_INTERNAL where they do not. An empty shape gives a tree without nodes.
 */
eb_status eb_cut_tree_new(eb_geos *geos, const eb_shape *shape, size_t max_vertices, eb_cut_tree *tree, eb_error *err);
void eb_cut_tree_clear(eb_geos *geos, eb_cut_tree *tree);
/** True where the piece has no halves. */
bool eb_cut_is_leaf(const eb_cut_node *node);
/** The smallest piece whose cell holds the box without touching a cut; SIZE_MAX where the shape has nothing there. */
size_t eb_cut_tree_find(const eb_cut_tree *tree, const double box[4]);

#endif
