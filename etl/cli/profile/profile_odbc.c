#include "cli/profile/profiling.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"
#include "cust360/base/odbc.h"
#include "cust360/base/text.h"
#include "cust360/profile_sql.h"

#include <string.h>
#include <strings.h>

/* Every table of a database, read whole (or its first rows) over one connection. */

/* What a database keeps for itself. */
static bool is_system_table(const char *name)
{
    static const char *const prefixes[] = {"sqlite_", "pg_", "sys.", "MSys", "sql_", "DBA_", "SYS"};
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return name[0] == '\0';
}

static void begin_table(struct profiling *profiling, struct profile_table *table,
                        const struct odbc_cursor *cursor, struct tally **tallies)
{
    struct arena *arena = profiling->arena;
    const struct slice *names = odbc_column_names(cursor);
    table->column_count = odbc_column_count(cursor);
    table->columns = arena_allocate_array(arena, table->column_count, sizeof(*table->columns));
    struct buffer list = BUFFER_EMPTY;
    for (size_t i = 0; i < table->column_count; i++) {
        table->columns[i].name = arena_text(arena, names[i]);
        table->columns[i].heading = table->columns[i].name;
        tallies[i] = tally_create(PROFILE_DISTINCT_MOST);
        buffer_format(&list, "%s%s", i ? ", " : "",
                      profile_sql_name(arena, table->columns[i].name, table->quote));
    }
    table->query = arena_format(arena, "select %.*s from %s", SLICE_ARGUMENTS(buffer_slice(&list)),
                                profile_sql_name(arena, table->name, table->quote));
    buffer_release(&list);
}

static bool count_rows(struct profiling *profiling, struct profile_table *table,
                       struct odbc_cursor *cursor, struct tally **tallies, struct error *error)
{
    const struct slice *values;
    while (!profiling->sample_rows || table->rows < profiling->sample_rows) {
        enum outcome outcome = odbc_next(cursor, &values, error);
        if (outcome == ENDED)
            return true;
        if (outcome == FAILED)
            return false;
        table->rows++;
        for (size_t i = 0; i < table->column_count; i++)
            tally_add(tallies[i], text_is_valid(values[i], NULL) ? values[i] : slice_make(NULL, 0));
        profile_keep_row(table, profiling->arena, values);
    }
    return true;
}

/* The primary key goes before what only looks like one; profile_judge adds the rest. */
static void note_primary_key(struct profiling *profiling, struct odbc_connection *connection,
                             struct profile_table *table)
{
    const char **names;
    size_t count = odbc_primary_key(connection, table->name, profiling->arena, &names);
    for (size_t i = 0; i < table->column_count; i++)
        for (size_t k = 0; k < count; k++)
            if (strcasecmp(names[k], table->columns[i].name) == 0)
                table->columns[i].is_primary = true;
}

/* What the database itself says that columns refer to. */
static void note_references(struct profiling *profiling, struct odbc_connection *connection,
                            struct profile_table *table)
{
    struct odbc_reference *references;
    size_t count = odbc_references(connection, table->name, profiling->arena, &references);
    for (size_t i = 0; i < table->column_count; i++)
        for (size_t k = 0; k < count; k++)
            if (strcasecmp(references[k].column, table->columns[i].name) == 0) {
                table->columns[i].refers_table = references[k].table;
                table->columns[i].refers_column = references[k].to;
            }
}

static bool profile_table(struct profiling *profiling, struct odbc_connection *connection,
                          struct profile_table *table, struct error *error)
{
    const char *query = arena_format(profiling->arena, "select * from %s",
                                     profile_sql_name(profiling->arena, table->name, table->quote));
    struct odbc_cursor *cursor = odbc_query(connection, query, error);
    if (!cursor)
        return false;
    size_t count = odbc_column_count(cursor);
    struct tally **tallies = memory_allocate_array(count + 1, sizeof(*tallies));
    begin_table(profiling, table, cursor, tallies);
    bool read = count_rows(profiling, table, cursor, tallies, error);
    odbc_close(cursor);
    for (size_t i = 0; i < count; i++) {
        tally_finish(tallies[i], profiling->arena, &table->columns[i]);
        tally_destroy(tallies[i]);
    }
    memory_free(tallies);
    if (read) {
        note_primary_key(profiling, connection, table);
        note_references(profiling, connection, table);
    }
    return read;
}

bool profile_database(struct profiling *profiling, const char *connection_string,
                      struct profile *profile, struct error *error)
{
    const char **names = NULL;
    size_t count = 0;
    struct odbc_connection *connection = odbc_connect(connection_string, error);
    if (!connection)
        return false;
    profile->source = PROFILE_ODBC;
    profile->quote = odbc_name_quote(connection);
    bool done = odbc_list_tables(connection, profiling->arena, &names, &count, error);
    for (size_t i = 0; done && i < count; i++) {
        if (is_system_table(names[i]))
            continue;
        log_progress("counting", i, count);
        struct profile_table *table = profile_add_table(profile, profiling->arena);
        table->name = names[i];
        table->quote = profile->quote;
        done = profile_table(profiling, connection, table, error);
    }
    log_progress_end();
    odbc_disconnect(connection);
    if (done && profile->table_count == 0)
        return error_set(error, EXIT_FAILED, "the database has no tables that may be read");
    return done;
}
