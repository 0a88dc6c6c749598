/* axis.h: by what a SQL file of the view is brought up to date, instead of being run anew.
 *
 * A file says so in a line of its own among the comments it begins with:
 *
 *     -- touched: contact_point.golden_id          its table, and the column that tells whose a
 *                                                  row is
 *     -- touched: vehicle.vin, ownership.golden_id several tables
 *     -- touched: event                            it only adds to a table of a file before it
 *     -- full builds only                          not run when the view is brought up to date
 *     -- nights only                               run only then; it may touch more
 *
 * The rows of a table whose column is in the work table touched_COLUMN(COLUMN) are deleted, and the
 * file's statements make them again; those that create what is published are passed over, not so
 * work tables and their indexes. A file that says nothing is run anew, its tables dropped before.
 */
#ifndef CUST360_VIEW_AXIS_H
#define CUST360_VIEW_AXIS_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"

struct axis {
    const char *table;
    const char *column; /* NULL: rows are added only */
};

enum refresh {
    REFRESH_ANEW, /* the file is run again */
    REFRESH_TOUCHED,
    REFRESH_NOT, /* the file is for full builds only */
    REFRESH_ONLY /* it is run only to bring a view up to date */
};

/* A SQL file of the view, read whole. */
struct view_file {
    const char *path;
    struct slice sql; /* with a NUL behind it */
    enum refresh refresh;
    struct axis *axes; /* of REFRESH_TOUCHED */
    size_t axis_count;
};

/* Reads what the file says of itself; a line that cannot be understood is an error. */
bool axis_read(struct arena *arena, struct view_file *file, struct error *error);

/* The file's statements as they are to be run to bring the view up to date, with the same line
 * numbers: of REFRESH_TOUCHED without those that create what is published, of REFRESH_ANEW with a
 * DROP before each; the second lane's work_… tables become temporary ones. */
struct slice axis_refresh_sql(struct arena *arena, const struct view_file *file);

#endif
