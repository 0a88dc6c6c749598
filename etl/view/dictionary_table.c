#include "view/dictionary_table.h"
#include "cust360/base/database.h"
#include "cust360/view_dictionary.h"

#include <string.h>

const char dictionary_table_sql[] =
    "-- What each table and column means: the data dictionary.\n"
    "CREATE TABLE dictionary (\n"
    "    table_name TEXT NOT NULL, -- whose meaning it is\n"
    "    column_name TEXT NOT NULL, -- empty: of the table itself\n"
    "    place INTEGER NOT NULL, -- of the column in the table, from 1; 0: the table\n"
    "    type TEXT NOT NULL, -- TEXT, INTEGER, REAL; of a table: table\n"
    "    meaning TEXT NOT NULL, -- empty: none is written down\n"
    "    made_by TEXT NOT NULL, -- the SQL file; empty: the program itself\n"
    "    PRIMARY KEY (table_name, column_name)\n"
    ") WITHOUT ROWID;\n";

static bool add_line(struct statement *insert, const struct dictionary_table *table, size_t place,
                     struct error *error)
{
    const struct dictionary_column *column = place ? &table->columns[place - 1] : NULL;
    statement_bind_text(insert, 1, slice_of(table->name));
    statement_bind_text(insert, 2, slice_of(column ? column->name : ""));
    statement_bind_integer(insert, 3, (int64_t)place);
    statement_bind_text(insert, 4, slice_of(column ? column->type : "table"));
    statement_bind_text(insert, 5, slice_of(column ? column->comment : table->comment));
    statement_bind_text(insert, 6, slice_of(table->file));
    return statement_run(insert, error);
}

static bool fill_table(struct database *database, const struct dictionary *dictionary,
                       struct error *error)
{
    /* A table that two files name is the group's own business: the first one's lines stay. */
    struct statement *insert = statement_prepare(
        database, "INSERT OR IGNORE INTO dictionary VALUES (?1, ?2, ?3, ?4, ?5, ?6)", error);
    bool filled = insert != NULL;
    for (size_t t = 0; filled && t < dictionary->table_count; t++)
        for (size_t i = 0; filled && i <= dictionary->tables[t].column_count; i++)
            filled = add_line(insert, &dictionary->tables[t], i, error);
    statement_destroy(insert);
    return filled;
}

bool dictionary_table_make(struct arena *arena, struct database *database, const char *folder,
                           struct error *error)
{
    struct dictionary dictionary;
    return dictionary_read(arena, folder, &dictionary, error) &&
           database_run(database, strstr(dictionary_table_sql, "CREATE TABLE"), error) &&
           fill_table(database, &dictionary, error);
}
