/* parameter.h: what view.yaml leaves to the group.
 *
 * SQL files ask for a parameter in one way only, so that one can see in the text which there are:
 *     (SELECT value FROM parameter WHERE name = 'contact_shared_from')
 * A name that stands in view.yaml and in no file, or in a file and not in view.yaml, is an error.
 */
#ifndef CUST360_VIEW_PARAMETER_H
#define CUST360_VIEW_PARAMETER_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"
#include "view/axis.h"

struct database;

/* Fills the table parameter(name, value) with the parameters of `folder`/view.yaml, a list being
 * several rows and a number a number, and checks the names against the files. */
bool parameter_table_fill(struct arena *arena, struct database *database, const char *folder,
                          const struct view_file *files, size_t file_count, struct error *error);

/* Adds a row. */
bool parameter_add(struct database *database, const char *name, struct slice value,
                   struct error *error);

#endif
