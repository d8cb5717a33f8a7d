/**
 * @file analysis/quality/edge_book.h
 * Which edges of many polygons have no partner that runs the other way. Shapes pass by one after another; what is kept is a hash of
 * each edge that waits for its partner, and of these no more than a limit: where they are too many, only a range of the hashes is
 * counted, and the shapes have to pass by again for the rest.
 */
#ifndef EB_ANALYSIS_EDGE_BOOK_H
#define EB_ANALYSIS_EDGE_BOOK_H

#include <ecobelt/wkb.h>

/** The book. */
typedef struct eb_edge_book eb_edge_book;

/** An empty book that holds @p limit waiting edges at most (8 to 16 bytes each); NULL out of memory. */
eb_edge_book *eb_edge_book_new(size_t limit);
/** Free it; NULL is fine. */
void eb_edge_book_free(eb_edge_book *book);
/** Enter the edges of a polygonal shape. False out of memory. */
bool eb_edge_book_add(eb_edge_book *book, eb_wkb shape);
/** All shapes have passed by. @p again: they have to pass by once more, in any order. False out of memory. */
bool eb_edge_book_turn(eb_edge_book *book, bool *again);
/** When eb_edge_book_turn() wants no more: does the edge lack a partner? */
bool eb_edge_book_loose(const eb_edge_book *book, const double a[2], const double b[2]);

/** Is called with the ends of an edge, the polygon to its left; false stops. */
typedef bool (*eb_edge_visit)(void *user, const double a[2], const double b[2]);
/** Visit the edges of a polygonal shape, whichever way its rings run in the file. False where a visit said so. */
bool eb_each_edge(eb_wkb shape, eb_edge_visit visit, void *user);

#endif
