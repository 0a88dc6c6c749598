#include "publish/rights.h"
#include "publish/ledger.h"
#include "publish/structure.h"

enum { NO_PUBLICATION = 0 }; /* the number of none: it never counts as the last */

/* ---- the tables ---- */

/* What a publication does, with no row: databases ask for the right all the same. */
static bool try_works(struct session *session, const struct sent_table *table, struct error *error)
{
    struct buffer insert = BUFFER_EMPTY;
    struct buffer update = BUFFER_EMPTY;
    struct buffer delete = BUFFER_EMPTY;
    buffer_format(&insert, "INSERT INTO %s (", table->name);
    statement_names(&insert, table->columns, table->column_count, "");
    buffer_append_text(&insert, ") SELECT ");
    statement_names(&insert, table->columns, table->column_count, "");
    buffer_format(&insert, " FROM %s WHERE 1 = 0", table->name);
    buffer_format(&update, "UPDATE %s SET ", table->name);
    statement_names(&update, table->columns, 1, "");
    buffer_append_text(&update, " = ");
    statement_names(&update, table->columns, 1, "");
    buffer_append_text(&update, " WHERE 1 = 0");
    buffer_format(&delete, "DELETE FROM %s WHERE 1 = 0", table->name);
    bool done = session_run(session, insert.data, error) &&
                session_run(session, update.data, error) &&
                session_run(session, delete.data, error);
    buffer_release(&insert);
    buffer_release(&update);
    buffer_release(&delete);
    return done || session_fail(session, table->shape->name, error);
}

/* All of them are tried, so that what is to be granted is granted once. */
static bool try_tables(struct session *session, struct sent_table *const *tables, size_t count,
                       struct error *error)
{
    struct error first = {0};
    size_t refused = 0;
    for (size_t i = 0; i < count; i++) {
        struct error next;
        struct error ignored;
        if (!session_run(session, session->dialect->savepoint, error))
            return session_fail(session, NULL, error);
        if (structure_check(session, tables[i], &next) && try_works(session, tables[i], &next)) {
            session_run(session, session->dialect->release, &ignored);
            continue;
        }
        session_run(session, session->dialect->rollback_to, &ignored);
        if (refused++ == 0)
            first = next;
    }
    if (refused == 0)
        return true;
    error_set(error, first.exit_code, "%s", first.message);
    if (refused > 1)
        error_set(error, first.exit_code, "%s; %zu other tables of %zu refuse, too", first.message,
                  refused - 1, count);
    return first.hint[0] ? error_hint(error, "%s", first.hint) : false;
}

/* ---- the ledger ---- */

static bool count_canaries(struct session *session, uint64_t expected, struct error *error)
{
    const char *sql =
        arena_format(session->arena, "SELECT count(*) FROM %s WHERE \"publication\" = %d",
                     session_table(session, LEDGER_NAME), NO_PUBLICATION);
    uint64_t count = 0;
    if (!session_number(session, sql, &count, error))
        return session_fail(session, LEDGER_NAME, error);
    if (count == expected)
        return true;
    error_set(error, EXIT_FAILED,
              expected ? "the row that was written is not there"
                       : "the row that was written could not be taken back");
    error_hint(error, "the table has to be one with transactions, and without triggers");
    return session_fail(session, LEDGER_NAME, error);
}

static bool write_canary(struct session *session, struct error *error)
{
    static const struct ledger canary = {.publication = NO_PUBLICATION, .token = "canary"};
    const struct ledger_entry entry = {&canary, {"cust360_canary", {0, 0, 0}}, 0, 0};
    return ledger_add(session, &entry, error) && count_canaries(session, 1, error);
}

/* Only where no transaction could do it. */
static void remove_canary(struct session *session)
{
    struct error ignored;
    session_run(session,
                arena_format(session->arena, "DELETE FROM %s WHERE \"publication\" = %d",
                             session_table(session, LEDGER_NAME), NO_PUBLICATION),
                &ignored);
}

static bool try_all(struct session *session, struct sent_table *const *tables, size_t count,
                    struct error *error)
{
    struct error ignored;
    if (!session_begin(session, error))
        return false;
    bool tried = write_canary(session, error) && try_tables(session, tables, count, error);
    session_run(session, session->dialect->rollback, &ignored);
    if (tried && !count_canaries(session, 0, error)) {
        remove_canary(session);
        return false;
    }
    return tried;
}

bool rights_check(struct session *session, struct sent_table *const *tables, size_t count,
                  struct error *warning, struct error *error)
{
    struct slice *names = NULL;
    size_t name_count = 0;
    bool there = false;
    if (!structure_columns(session, session_table(session, LEDGER_NAME), session->arena, &names,
                           &name_count, &there, error))
        return session_fail(session, LEDGER_NAME, error);
    if (there)
        return try_all(session, tables, count, error);
    error_set(warning, EXIT_FAILED, "its tables are not made yet");
    error_hint(warning,
               "`cust360 publish --init --target %s` makes them, once a run has made the"
               " view",
               session->target->name);
    session_fail(session, NULL, warning);
    return true;
}
