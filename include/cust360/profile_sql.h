/* profile_sql.h: queries that a profile of a database leaves to the mapping. */
#ifndef CUST360_PROFILE_SQL_H
#define CUST360_PROFILE_SQL_H

#include "cust360/base/arena.h"

/* A table's or column's name as SQL has it: in the database's quote where it needs one (SQL would
 * read it otherwise, or as one of its own words). '\0' stands for ", and ' ' says that the database
 * has none. Of the arena, or the name itself. */
const char *profile_sql_name(struct arena *arena, const char *name, char quote);

#endif
