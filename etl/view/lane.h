/* lane.h: the two lanes in which the view is built at the same time, twice: first what the state
 * holds, then what is derived from it.
 *
 *   0NN-name.sql ─┬─► 1NN … first lane  ──► customer360.db.new ──────┬─► 3NN ──┐
 *                 └─► 2NN … second lane ──► customer360.db.new-lane ─┘         │
 *   ┌───────────────────────────────────────────────────────────────────────────┘
 *   └────► 4NN ───┬─► 5NN … first lane  ──► customer360.db.new ──────┬─► 7NN … 9NN ──► whole
 *                 └─► 6NN … second lane ──► customer360.db.new-lane ─┘
 *
 * A lane is a connection of its own to a file of its own, the state attached; the second round's
 * second lane also reads what the first round has made. Neither sees what the other makes, so that
 * what they make does not depend on which is faster. When both have ended the second lane's tables
 * are brought over into the first lane's file. A round without a file 2NN or 6NN has no second
 * lane. */
#ifndef CUST360_VIEW_LANE_H
#define CUST360_VIEW_LANE_H

#include "cust360/base/map.h"
#include "cust360/view.h"
#include "view/parameter.h"

struct database;

/* What one build works on. */
struct build {
    struct arena *arena;
    const struct view_options *options;
    const char *path;      /* the new file, beside the old; the first lane's */
    const char *lane_path; /* the second lane's */
    struct view_file *files;
    size_t file_count;
};

struct lane {
    const struct build *build;
    struct database *database; /* NULL: there is no such lane, or it has ended */
    struct map *made;          /* what stands in its file: name → the number of the SQL file */
};

/* One of the two rounds, by the first digits of the files that run in it. */
struct round {
    const char *first;           /* in the first lane */
    const char *second;          /* in the second */
    const char *own;             /* the digit that only the second lane has */
    const char *after;           /* in the first lane's connection, when both have ended */
    const char *rest;            /* where a file is told to go that needs both */
    const char *second_settings; /* SQL, for the second lane's connection */
    const char *after_settings;  /* SQL, before those that come after */
};

enum { ROUNDS = 2 };

extern const struct round lane_rounds[ROUNDS];

/* Whether a file's number begins with one of the digits. */
bool lane_has(const struct view_file *file, const char *digits);

/* Turns round the order of rows that no SQL asks for, if the options say so. */
bool lane_order_rows(struct database *database, const struct view_options *options,
                     struct error *error);

/* Opens the first lane with the state attached and the parameters as a table. */
bool lane_open(struct lane *lane, const struct build *build, struct error *error);

/* Opens the second lane of a round in the same way, in a transaction, if the round has one. From
 * the second round on what the first lane has made is committed, and read by both. */
bool lane_open_second(struct lane *second, struct lane *first, const struct round *round,
                      struct error *error);
void lane_close(struct lane *lane);

/* Fills the table parameter, which is there. */
bool lane_fill_parameters(const struct build *build, struct database *database,
                          struct error *error);

/* Runs both lanes, at the same time when options->threads allows it; the second one's file is whole
 * and closed then. When both fail the error is the first lane's: what is told does not depend on
 * which is faster. */
bool lanes_run(struct lane *first, struct lane *second, const struct round *round,
               struct error *error);

/* Brings the second lane's tables, indexes, views and triggers over into the first lane's file; a
 * table work_… stays where it is, to be read. What is made in both is an error that names both SQL
 * files. */
bool lane_bring_over(struct lane *first, const struct lane *second, const struct round *round,
                     struct error *error);

/* Runs the files that come after both lanes, in the first lane's connection, and commits. */
bool lane_run_after(struct lane *first, const struct round *round, struct error *error);

#endif
