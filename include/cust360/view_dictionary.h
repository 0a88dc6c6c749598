/* view_dictionary.h: what the published tables and their columns mean, as the SQL files say.
 *
 * A table's meaning stands in the comment above its CREATE TABLE, a column's behind or below it;
 * keys are the primary key, else the first unique index. Work tables are left out. What a column
 * means that has no comment may stand in the folder's columns.sql, once for all tables. */
#ifndef CUST360_VIEW_DICTIONARY_H
#define CUST360_VIEW_DICTIONARY_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"

#define DICTIONARY_COLUMNS_FILE "columns.sql"

struct dictionary_column {
    const char *name;
    const char *type;    /* TEXT, INTEGER, REAL; "" when none is declared */
    const char *comment; /* "" when there is none; its lines parted by line feeds */
};

struct dictionary_table {
    const char *name;
    const char *file;    /* of the SQL; "" for what the program itself makes */
    const char *comment; /* as a column's */
    const char *key;     /* columns, parted by ", "; "" when there is none */
    struct dictionary_column *columns;
    size_t column_count;
};

struct dictionary {
    struct dictionary_table *tables; /* by name */
    size_t table_count;
};

/* Reads the SQL files (NNN-name.sql) of a folder; all texts are in the arena. */
bool dictionary_read(struct arena *arena, const char *folder, struct dictionary *dictionary,
                     struct error *error);

#endif
