/* config_target.h: the databases that the view is sent to (`publish` of cust360.yaml). */
#ifndef CUST360_CONFIG_TARGET_H
#define CUST360_CONFIG_TARGET_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"

struct project;

enum target_dialect { TARGET_POSTGRESQL, TARGET_MARIADB, TARGET_SQLITE, TARGET_SQLSERVER };

struct target {
    const char *name;
    enum target_dialect dialect;
    const char *role;    /* whose part of the view it gets; NULL: the whole view */
    const char *schema;  /* that its tables stand in; NULL: the connection's own */
    const char *prefix;  /* of its tables' names; "": none */
    const char **tables; /* of the view that are sent */
    size_t table_count;  /* 0: all of them */
    size_t entry;        /* which of `publish` it is */
};

/* The connection string of a target with its secrets, which are fetched now and not before: a
 * command that sends nothing has no business with them. Never to be printed. Exit code 12 when a
 * secret could not be had, else 78. */
bool target_connection(const struct project *project, const struct target *target,
                       struct arena *arena, const char **connection, struct error *error);

#endif
