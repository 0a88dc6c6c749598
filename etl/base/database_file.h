/* database_file.h: what of a database is about its file and its text, and how it is sealed.
 *
 * Keys are known to the process by SQLite's list of file layers, one a key: that list is SQLite's
 * own, guarded by its lock. */
#ifndef CUST360_BASE_DATABASE_FILE_H
#define CUST360_BASE_DATABASE_FILE_H

#include "cust360/base/database.h"
#include "cust360/base/seal.h"

enum { LAYER_NAME_BYTES = 32 };

/* The layer that a file is opened with; empty: the system's. Error: the file is sealed and its key
 * is not known (exit code 12), or it is to be sealed and is not (10). */
bool database_layer(const char *path, enum database_mode mode, char layer[LAYER_NAME_BYTES],
                    struct error *error);

bool database_layer_seals(const char *layer);

/* Error: something else than a file has the name. */
bool database_file_or_new(const char *path, struct error *error);

/* What to do about a file of which SQLite says that it is damaged. Returns false. */
bool database_hint_damage(struct error *error);

/* What SQLite is told when it opens a file so. */
const char *database_settings(enum database_mode mode);

/* What is made is its owner's alone. */
void database_make_private(const char *path, enum database_mode mode);

/* Deletes a database with what belongs to it. */
void database_remove_file(const char *path);

/* CPU time of this thread. */
double sql_cpu_seconds(void);

/* The line of a text that an offset is in, 1-based; where the next statement begins. */
uint64_t sql_line_at(struct slice text, size_t offset);
const char *sql_statement_start(const char *text);

/* ---- done by database.c ---- */

bool database_layer_there(const char *name);
/* `key` NULL: nothing is sealed, but pages are written without what is left of deleted rows. */
void database_layer_add(const struct seal_key *key, const char *name);

/* The system's own. */
const char *database_plain_layer(void);

/* The file's name as it was opened; lives as long as the database. */
const char *database_path(const struct database *database);

#endif
