/* config_connection.h: a database's connection string as somebody types it.
 *
 *   Driver={PostgreSQL Unicode};Server=db1;Uid={env: DMS_USER};Pwd={file: secrets/dms}
 *     ──► what is connected with (secrets fetched; never to be printed)
 *     ──► for a mapping:  Driver={PostgreSQL Unicode};Server={server};Uid={user};Pwd={password}
 *     ──► for a source:   server: db1, user: {env: DMS_USER}, password: {file: secrets/dms}
 *
 * A user or a password typed as it is goes into neither: a reference stands in its place. */
#ifndef CUST360_CONFIG_CONNECTION_H
#define CUST360_CONFIG_CONNECTION_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/base/error.h"

struct connection_argument {
    const char *connection;
    const char *in_mapping;
    const char *in_source; /* a line a value, "server: db1"; may be empty */
};

/* Takes a connection string apart. `name` is what references to secrets are named after. False: a
 * secret could not be had (12), or a reference is written wrong (78). */
bool connection_read_argument(const char *text, const char *name, struct arena *arena,
                              struct connection_argument *argument, struct error *error);

/* Appends a value as a connection string has it: in braces where ODBC would cut it. */
void connection_append_value(struct buffer *text, const char *value);

#endif
