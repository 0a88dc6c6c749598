/* each.h: the views each_… , through which one SQL text makes the whole published view and brings
 * it up to date.
 *
 *                          in a full build     when the view is brought up to date
 *   each_record_ENTITY,
 *   each_golden,
 *   each_golden_choice,
 *   each_crosswalk         all of the state's  what touched.sql makes of them, else all
 *   each_TABLE             all rows            those whose column is in touched_COLUMN
 *   each_TABLE_by_COLUMN   all rows            those whose COLUMN is in touched_COLUMN
 *
 * TABLE is every table that a file lists with its column (see axis.h), or that a file asks for by
 * another column. */
#ifndef CUST360_VIEW_EACH_H
#define CUST360_VIEW_EACH_H

#include "view/lane.h"

bool each_make(const struct build *build, struct database *database, bool only_touched,
               struct error *error);

#endif
