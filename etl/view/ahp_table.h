/* ahp_table.h: the weights of ahp.yaml, beside the SQL files, as the table ahp_weight. */
#ifndef CUST360_VIEW_AHP_TABLE_H
#define CUST360_VIEW_AHP_TABLE_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"

struct database;
struct view_options;

/* How it is made, with what its columns mean. */
extern const char ahp_table_sql[];

/* Makes and fills the table (is_work: a work table). A folder without an ahp.yaml gets no table:
 * its SQL files do not ask for it. */
bool ahp_table_make(struct arena *arena, struct database *database,
                    const struct view_options *options, bool is_work, struct error *error);

#endif
