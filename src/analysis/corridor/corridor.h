/**
 * @file analysis/corridor.h
 * Corridors along lines: what the files of the analysis share.
 *
 * What a corridor is. A line is what its layer says: vertices joined by edges that are straight in the layer's own coordinates. Its
 * corridor of width d is the set of places whose geodesic distance from the line is at most d.
 *
 * How it is made. Edges are cut into geodesics that stay within a share of the tolerance of them. The nearest place of the line is either
 * inside one of those geodesics (then the place lies on a perpendicular of it, at most d long) or one of their ends (then it lies in the
 * sector between the two perpendiculars there). So the corridor is the union of a strip a geodesic and a sector a vertex, and nothing
 * else is needed: no offset curves, no chunks, no seams. Every corner of a strip or sector is found by solving the direct geodesic
 * problem, so distances do not depend on the plane; the plane only has to keep the straight edge between two corners near the true
 * curve, which is measured for each edge, and the edge cut where it fails. The union is made in the equal-area plane of crs.h.
 *
 * One side, flat ends. Let q be the place of the lines nearest to a place p (where several are as near, p is on an edge of the parts and
 * may count with either).
 *   q within an edge: p is left where the way from q to p leaves the drawn direction of the edge at q to the left, else right.
 *   q a vertex, edges meet there: of all edges there the one whose way out of q makes the smallest angle with the way from q to p decides:
 *     p is left of that edge drawn on straight beyond q, or right of it.
 *   q an end, one edge there: p is left or right of that edge drawn on straight. Where the angle is more than a right one p lies beyond the
 *     end: round ends keep it with its side, flat ends leave it out.
 * An end is a place where one chain of the chosen lines has its first or last vertex and no vertex of theirs is besides. The edge at q is
 * taken as it is drawn, however short: a hook of a metre at an end turns what lies beyond it, out to the width. So left and right share no
 * area and add up to both, also where a bend is tighter than the width, and a corridor with flat ends is part of the one with round ends.
 *
 * Polygons. Their boundaries are the lines, with the interior on the left.
 *
 * The audit, and how far it is independent. It takes every vertex of the finished edge, as it will be written, and the middle of every
 * edge, and measures the geodesic distance to the layer's own edges (near.h, near.c).
 *   Both sides, round ends: nothing of near.h has a part in what is made (strips, sectors, their union). Shared are what was read
 * (chains.c, lines.c), the way between the layer's coordinates and degrees, and the geodesics (the direct problem in the one, the inverse
 * one in the other). That no piece is missing whole, which leaves no wrong edge, is asked of one place a chain (level.c). One side, flat
 * ends: of edges at the width the distance is as independent, but on which side of the lines a place is and what lies beyond an end is
 * asked of the same file, view.c over near.c, by what makes the corridor (eb_corridor_near_sides() where faces are divided,
 * eb_corridor_near_view() for faces as a whole, eb_corridor_near_wanted() round flat ends) and by the audit (eb_corridor_near_wanted()).
 * All of them take the nearest place of the lines and the direction of the lines there from near.c. So the audit finds a side that was
 * divided in the wrong place, a lost or doubled face that leaves an edge in the midst of land that is wanted, and a wrong end of a cut; it
 * would not notice
 *       - a wrong direction of an edge, a wrong rule at a vertex, or two vertices taken for one or one for two, where both ask view.c;
 *       - a wrong nearest place of the lines, but for edges at the width, where its distance shows it;
 *       - a piece of the side that is missing whole together with its edge: that the corridor holds its lines is asked of both sides only;
 *       - what is narrower than the tolerance.
 *     Against these stand tests/unit/check_corridor_sides.c and check_corridor_hooks.c: random places held against the definition by an
 *     oracle that uses neither file, and left and right against both.
 */
#ifndef EB_ANALYSIS_CORRIDOR_H
#define EB_ANALYSIS_CORRIDOR_H

#include "measure/direct.h"

#include <ecobelt/analysis.h>
#include <ecobelt/geom.h>

/** How the tolerance is shared out; the rest is for the union's rounding. */
#define EB_CORRIDOR_SHARE_LINE  0.2  /**< edges straight in the layer against the geodesics that stand for them */
#define EB_CORRIDOR_SHARE_CHORD 0.5  /**< arcs and offset curves against their chords in the plane */
#define EB_CORRIDOR_SHARE_OUT   0.2  /**< edges straight in the plane against edges straight in the layer written */
#define EB_CORRIDOR_SHARE_DROP  0.02 /**< vertices nearer to the one before than this are left out */

/** Between a layer's coordinates, degrees of the lines' datum, and the plane. Not thread-safe: one a thread. */
typedef struct eb_corridor_frame {
    eb_transform *to_degrees; /**< NULL: the coordinates are degrees already; owned */
    const eb_plane *plane;    /**< lent */
    double unwrap_lon_deg;    /**< longitudes written are within 180 degrees of it; NaN: leave them */
} eb_corridor_frame;

/** A frame for coordinates in @p crs, over degrees of @p geographic. @p area {west, south, east, north} or NULL. */
eb_status eb_corridor_frame_init(eb_corridor_frame *frame, const eb_crs *crs, const eb_crs *geographic, const eb_plane *plane,
                                 const double area[4], eb_error *err);
/** Release what the frame owns. */
void eb_corridor_frame_clear(eb_corridor_frame *frame);
/** Layer coordinates to degrees. EB_REFUSED where there is no image. */
eb_status eb_corridor_to_degrees(const eb_corridor_frame *frame, double x, double y, double *lon_deg, double *lat_deg, eb_error *err);
/** Layer coordinates to plane metres. */
eb_status eb_corridor_to_plane(const eb_corridor_frame *frame, double x, double y, double *x_m, double *y_m, eb_error *err);
/** Plane metres to layer coordinates. */
eb_status eb_corridor_from_plane(const eb_corridor_frame *frame, double x_m, double y_m, double *x, double *y, eb_error *err);

/** A growing WKB geometry. Zero-initialise; failures stick in `failed`; free bytes.data. */
typedef struct eb_corridor_bytes {
    uint8_t *data;
    size_t size, capacity;
    bool failed;
} eb_corridor_bytes;
/** Append the head of a geometry: kind and number of parts or coordinates (may be patched later with eb_corridor_patch()). */
void eb_corridor_add_head(eb_corridor_bytes *bytes, eb_shape_kind kind, size_t count);
/** Append a 32-bit count (of a ring). Returns where it stands. */
size_t eb_corridor_add_count(eb_corridor_bytes *bytes, size_t count);
/** Change a count that stands at @p at. */
void eb_corridor_patch(eb_corridor_bytes *bytes, size_t at, size_t count);
/** Append a coordinate. */
void eb_corridor_add_xy(eb_corridor_bytes *bytes, double x, double y);
/** Append a whole point. */
void eb_corridor_add_point(eb_corridor_bytes *bytes, double x, double y);

/** Which way a shape goes. */
typedef enum eb_corridor_way { EB_CORRIDOR_INTO_PLANE, EB_CORRIDOR_OUT_OF_PLANE } eb_corridor_way;
/**
 * Bring a polygonal or linear shape into the plane or out of it, adding vertices so that straight edges on one side stay within @p
 * tolerance_m of straight edges on the other. The result is a multipolygon or a multilinestring, in memory from malloc() (empty shapes give
 * one without parts).
 */
eb_status eb_corridor_carry(const eb_corridor_frame *frame, eb_corridor_way way, eb_wkb shape, double tolerance_m, uint8_t **data,
                            size_t *size, eb_error *err);
/** The same from and to shapes. */
eb_status eb_corridor_shape_in(const eb_corridor_frame *frame, eb_geos *geos, eb_wkb shape, double tolerance_m, eb_shape **out,
                               eb_error *err);
eb_status eb_corridor_shape_out(const eb_corridor_frame *frame, eb_geos *geos, const eb_shape *shape, double tolerance_m, uint8_t **data,
                                size_t *size, eb_error *err);

/** A run of vertices. */
typedef struct eb_corridor_chain {
    size_t first, count; /**< vertices in eb_corridor_lines.xy; a closed chain repeats its first vertex */
    bool closed;
    /** Nothing else begins or ends there: of the feature [0], of its group [1], of all lines [2]. */
    bool free_start[3], free_end[3];
} eb_corridor_chain;

/** What a line stands for. */
typedef enum eb_corridor_rank {
    EB_CORRIDOR_FEATURE, /**< a feature */
    EB_CORRIDOR_GROUP,   /**< the dissolved polygons of a group */
    EB_CORRIDOR_WHOLE    /**< the dissolved polygons of all groups */
} eb_corridor_rank;

/** One feature, or what polygons dissolve to. */
typedef struct eb_corridor_line {
    int64_t fid;
    size_t group;
    eb_corridor_rank rank;
    size_t chain_first, chain_count;
    uint8_t *area; /**< polygons: the shape in the layer's coordinates; owned */
    size_t area_size;
} eb_corridor_line;

/** The lines of a run, in memory. */
typedef struct eb_corridor_lines {
    double *xy; /**< vertices in the layer's coordinates, longitudes running on over 180 degrees */
    size_t vertex_count, vertex_capacity;
    eb_corridor_chain *chains;
    size_t chain_count, chain_capacity;
    eb_corridor_line *lines;
    size_t line_count, line_capacity;
    eb_layer *groups; /**< one feature a group with the --by fields, no shapes */
    size_t group_count;
    eb_crs *crs, *geographic; /**< of the layer, and its degrees */
    eb_geodetic *geodesic;
    eb_plane plane;
    double radius_rad; /**< farthest vertex from the middle of the plane, as an angle on the sphere */
    double box_deg[4]; /**< west, south, east, north of the vertices in degrees; west > east never, it may run past 180 */
    eb_corridor_frame frame;
    bool degrees;  /**< the layer's coordinates are degrees */
    bool polygons; /**< the lines are boundaries of polygons */
} eb_corridor_lines;

/** Which lines: those of a group, or a single one, or with EB_CORRIDOR_ALL for both all of them. */
typedef struct eb_corridor_choice {
    size_t group, line;
} eb_corridor_choice;
/** Any. */
#define EB_CORRIDOR_ALL SIZE_MAX
/** True where the line counts. With polygons, groups and all are what they dissolve to. */
bool eb_corridor_chosen(const eb_corridor_lines *lines, eb_corridor_choice choice, size_t line);
/** True where an end of a chain is an end of the chosen lines too, not a place where one feature stops and the next goes on. */
bool eb_corridor_end_free(const eb_corridor_chain *chain, eb_corridor_choice choice, bool start);

/**
 * Read lines (polygons: their rings, interior on the left). Features that cannot be used are recorded in the diagnosis.
 * @param by fields to group by, NULL-terminated; NULL: one group.
 * EB_REFUSED where nothing usable is left.
 */
eb_status eb_corridor_lines_read(eb_source *source, const char *const *by, eb_diagnosis *diagnosis, const eb_env *env,
                                 eb_corridor_lines *out, eb_error *err);
/** Release what the lines own. */
void eb_corridor_lines_clear(eb_corridor_lines *lines);

/** Which part of the places within the width. */
typedef enum eb_corridor_part {
    EB_CORRIDOR_BOTH,    /**< both sides of lines or boundaries */
    EB_CORRIDOR_LEFT,    /**< left of the drawn direction */
    EB_CORRIDOR_RIGHT,   /**< right of it */
    EB_CORRIDOR_OUTWARD, /**< round polygons */
    EB_CORRIDOR_INWARD,  /**< inside polygons, along the boundary */
    EB_CORRIDOR_GROWN,   /**< polygons with what is round them */
    EB_CORRIDOR_CORE     /**< polygons without what is along their boundary */
} eb_corridor_part;

/** A share of the work, with an env through which progress within it counts as progress of the whole. */
typedef struct eb_corridor_stage {
    const eb_env *outer;
    const char *task;
    double from, to; /**< shares of the outer work, 0 to 1 */
    double units;    /**< whole units of that work; 0: shares will do */
    double told;     /**< what was last told, so that nothing is told twice */
    eb_env env;
} eb_corridor_stage;
/** Begin a share of the work of @p outer; progress told to @p stage->env counts as progress of the whole. The stage must not move. */
void eb_corridor_stage_begin(const eb_env *outer, double from, double to, eb_corridor_stage *stage);

/** What is asked of a corridor. */
typedef struct eb_corridor_spec {
    double width_m, tolerance_m;
    eb_corridor_part part;
    eb_cap cap;
} eb_corridor_spec;

/** All places within the width of one line, both sides, round ends, in the plane. */
eb_status eb_corridor_of_line(const eb_corridor_lines *lines, size_t line, const eb_corridor_spec *spec, eb_geos *geos, const eb_env *env,
                              eb_shape **out, eb_error *err);
/**
 * From all places within the width of the chosen lines, the part asked for.
 * @param whole the union of eb_corridor_of_line() over the chosen lines; consumed, also on failure.
 */
eb_status eb_corridor_part_of(const eb_corridor_lines *lines, eb_corridor_choice choice, const eb_corridor_spec *spec, eb_geos *geos,
                              const eb_env *env, eb_shape *whole_take, eb_shape **out, eb_error *err);

/**
 * Union of many shapes in blocks, so that a wish to stop is heard. Consumes the shapes (not the array), also on failure.
 *
 * Holes in which no disc of radius @p least_hole_m has room are filled: rounding leaves some where edges nearly coincide, as long as the
 * edges are. Distance from a line grows by at most a metre a metre, so a place r farther than the width has a disc of radius r of such
 * places round it: without room for one a hole is nowhere farther than r beyond the width.
 */
eb_status eb_corridor_union(eb_geos *geos, eb_shape **shapes_take, size_t count, double least_hole_m, const eb_env *env, eb_shape **out,
                            eb_error *err);
/** Radius of the largest disc that a hole may hold to be filled without leaving the tolerance. */
double eb_corridor_least_hole(const eb_corridor_spec *spec);

/** Is a shape nowhere wider than twice @p most_m? */
eb_status eb_corridor_is_thin(eb_geos *geos, const eb_shape *shape, double most_m, bool *out, eb_error *err);

/** What the audit found. */
typedef struct eb_corridor_audit {
    double worst_m;          /**< largest deviation from the width, at least 0 */
    double worst_x, worst_y; /**< where, in the layer's coordinates */
    size_t points;           /**< points measured */
    size_t excused;          /**< of them on edges that are not meant to be at the width: flat ends, the line itself, between both sides */
} eb_corridor_audit;
/** Measures finished edges against the lines; how independently of what made them, see above. */
typedef struct eb_corridor_auditor eb_corridor_auditor;
/** An auditor for the chosen lines. @p tolerance_m smallest tolerance it will be asked about. */
eb_status eb_corridor_auditor_new(const eb_corridor_lines *lines, eb_corridor_choice choice, double tolerance_m, eb_corridor_auditor **out,
                                  eb_error *err);
/** Free; NULL is fine. */
void eb_corridor_auditor_free(eb_corridor_auditor *auditor);
/**
 * Measure every vertex and the middle of every edge of a corridor.
 * @param edge the corridor in the layer's coordinates, as it will be written, before clipping.
 */
eb_status eb_corridor_auditor_run(eb_corridor_auditor *auditor, eb_wkb edge, const eb_corridor_spec *spec, const eb_env *env,
                                  eb_corridor_audit *out, eb_error *err);

#endif
