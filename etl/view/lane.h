/* lane.h: the two lanes in which the view is built at the same time.
 *
 *   0NN-name.sql ─┬─► 1NN … first lane  ──► customer360.db.new ──────┬─► 3NN … 9NN ──► whole
 *                 └─► 2NN … second lane ──► customer360.db.new-lane ─┘
 *
 * A lane is a connection of its own to a new file of its own, the state attached. Neither sees
 * what the other makes, so that what they make does not depend on which is faster. When both have
 * ended the second lane's tables are brought over into the first lane's file. Without a file 2NN
 * there is no second lane. */
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

/* Whether there is a file 2NN. */
bool lane_second_needed(const struct build *build);

/* Opens a lane with the state attached and the parameters as a table, in a transaction. */
bool lane_open(struct lane *lane, const struct build *build, bool is_second, struct error *error);
void lane_close(struct lane *lane);

/* Fills the table parameter, which is there. */
bool lane_fill_parameters(const struct build *build, struct database *database,
                          struct error *error);

/* Runs both lanes, at the same time when options->threads allows it; the second one's file is whole
 * and closed then. When both fail the error is the first lane's: what is told does not depend on
 * which is faster. */
bool lanes_run(struct lane *first, struct lane *second, struct error *error);

/* Brings the second lane's tables, indexes, views and triggers over into the first lane's file; a
 * table work_… stays where it is, to be read. What is made in both is an error that names both SQL
 * files. */
bool lane_bring_over(struct lane *first, const struct lane *second, struct error *error);

/* Runs the files from 300 on, in the first lane's connection, and commits. */
bool lane_run_after(struct lane *first, struct error *error);

#endif
