#include "publish/session.h"
#include "cust360/base/date.h"

#include <stdlib.h>
#include <time.h>

enum { LOCK_WAIT_SECONDS = 10, LOCK_PAUSE_NS = 100 * 1000 * 1000, DECIMAL = 10 };

/* SQLite says so whatever is asked of it. */
static bool says_locked(const struct error *error)
{
    return strstr(error->message, "database is locked") != NULL;
}

bool session_fail(const struct session *session, const char *table, struct error *error)
{
    struct error cause = *error;
    if (says_locked(error))
        cause.exit_code = EXIT_LOCKED;
    error_set(error, cause.exit_code, "target %s%s%s: %s", session->target->name,
              table ? ", table " : "", table ? table : "", cause.message);
    return cause.hint[0] ? error_hint(error, "%s", cause.hint) : false;
}

bool session_open(struct session *session, struct arena *arena, const struct target *target,
                  const char *connection, struct error *error)
{
    *session =
        (struct session){.arena = arena, .target = target, .dialect = dialect_of(target->dialect)};
    session->connection = odbc_connect_writing(connection, error);
    bool open = session->connection != NULL;
    for (const char *const *sql = session->dialect->session; open && *sql; sql++)
        open = session_run(session, *sql, error);
    if (open)
        return true;
    session_close(session);
    return session_fail(session, NULL, error);
}

void session_close(struct session *session)
{
    struct error ignored;
    if (session->lock_name && session->dialect->unlock)
        session_run(session, session->lock_name, &ignored);
    odbc_disconnect(session->connection);
    session->connection = NULL;
    session->lock_name = NULL;
}

/* A statement with a name for its %s. */
static const char *with_name(const struct session *session, const char *sql, const char *name)
{
    const char *at = strstr(sql, "%s");
    return at ? arena_format(session->arena, "%.*s%s%s", (int)(at - sql), sql, name, at + 2) : sql;
}

static bool refuse_locked(struct error *error)
{
    error_set(error, EXIT_LOCKED, "another run is publishing there");
    return error_hint(error, "wait for its end and run again");
}

bool session_lock(struct session *session, struct error *error)
{
    const struct dialect *dialect = session->dialect;
    const char *name = arena_format(session->arena, "cust360 %s.%s",
                                    session->target->schema ? session->target->schema : "",
                                    session->target->prefix);
    double give_up = date_monotonic_seconds() + LOCK_WAIT_SECONDS;
    while (dialect->lock) {
        uint64_t got = 0;
        if (!session_number(session, with_name(session, dialect->lock, name), &got, error))
            return session_fail(session, NULL, error);
        if (got == 1)
            break;
        if (date_monotonic_seconds() > give_up) {
            refuse_locked(error);
            return session_fail(session, NULL, error);
        }
        nanosleep(&(struct timespec){.tv_nsec = LOCK_PAUSE_NS}, NULL);
    }
    session->lock_name = dialect->unlock ? with_name(session, dialect->unlock, name) : NULL;
    return true;
}

bool session_run(struct session *session, const char *sql, struct error *error)
{
    return !sql || odbc_run(session->connection, sql, error);
}

bool session_begin(struct session *session, struct error *error)
{
    if (session_run(session, session->dialect->begin, error))
        return true;
    if (says_locked(error))
        refuse_locked(error);
    return session_fail(session, NULL, error);
}

bool session_number(struct session *session, const char *sql, uint64_t *number, struct error *error)
{
    struct slice value;
    if (!odbc_value(session->connection, sql, session->arena, &value, error))
        return false;
    *number = value.data ? strtoull(value.data, NULL, DECIMAL) : 0;
    return true;
}

const char *session_table(const struct session *session, const char *table)
{
    struct buffer name = BUFFER_EMPTY;
    dialect_table(&name, session->target, table);
    const char *copy = arena_text(session->arena, buffer_slice(&name));
    buffer_release(&name);
    return copy;
}
