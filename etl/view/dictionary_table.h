/* dictionary_table.h: the data dictionary as a table of the view, for whoever reads the view alone
 * and for the comments of other databases. */
#ifndef CUST360_VIEW_DICTIONARY_TABLE_H
#define CUST360_VIEW_DICTIONARY_TABLE_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"

struct database;

/* How the table is made, with its comments. */
extern const char dictionary_table_sql[];

/* Makes the table in the main database and fills it from the folder's SQL files. */
bool dictionary_table_make(struct arena *arena, struct database *database, const char *folder,
                           struct error *error);

#endif
