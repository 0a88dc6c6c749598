#include "cli/status.h"
#include "cli/commands.h"
#include "cli/open.h"
#include "cli/run/rehearsal.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/memory.h"
#include "cust360/store_operation.h"

/* Reads, and is in nobody's way: it takes no lock and waits for none. */

struct looking {
    struct arena *arena;
    struct database *state;
    int32_t today_days;
    struct status *status;
};

static const char *text_at(const struct looking *looking, const struct statement *row, int column)
{
    return statement_is_null(row, column) ? NULL
                                          : arena_text(looking->arena, statement_text(row, column));
}

static bool look_at_run(const struct looking *looking, const char *condition,
                        struct status_run *run, struct error *error)
{
    const char *sql = arena_format(looking->arena,
                                   "SELECT run_id, as_of, status, finished_at FROM run %s"
                                   " ORDER BY run_id DESC LIMIT 1",
                                   condition);
    struct statement *row = statement_prepare(looking->state, sql, error);
    if (!row)
        return false;
    enum outcome outcome = statement_step(row, error);
    if (outcome == ACCEPTED)
        *run = (struct status_run){statement_integer(row, 0), text_at(looking, row, 1),
                                   text_at(looking, row, 2), text_at(looking, row, 3)};
    statement_destroy(row);
    return outcome != FAILED;
}

static int32_t days_since(const struct looking *looking, const char *day)
{
    int32_t days = 0;
    if (!day || !date_parse(slice_of(day), &days))
        return -1;
    return looking->today_days > days ? looking->today_days - days : 0;
}

static bool count_rows(const struct looking *looking, const char *table, size_t *count,
                       struct error *error)
{
    int64_t rows = 0;
    const char *sql = arena_format(looking->arena, "SELECT count(*) FROM %s", table);
    bool done = database_integer(looking->state, sql, 0, &rows, error);
    *count = (size_t)rows;
    return done;
}

static bool look_at_sources(const struct looking *looking, struct error *error)
{
    size_t most = 0;
    if (!count_rows(looking, "source", &most, error))
        return false;
    struct status_source *sources = arena_allocate_array(looking->arena, most, sizeof(*sources));
    struct statement *row = statement_prepare(
        looking->state,
        "SELECT s.name, coalesce(s.status, 'ok'), s.last_good_as_of, s.message,"
        " (SELECT sum(r.rows_read) FROM run_source r WHERE r.source_id = s.source_id"
        "  AND r.run_id = s.last_good_run) FROM source s ORDER BY s.name",
        error);
    enum outcome outcome = row ? ACCEPTED : FAILED;
    size_t count = 0;
    while (row && count < most && (outcome = statement_step(row, error)) == ACCEPTED) {
        const char *day = text_at(looking, row, 2);
        sources[count++] = (struct status_source){
            text_at(looking, row, 0), text_at(looking, row, 1),  day,
            days_since(looking, day), statement_integer(row, 4), text_at(looking, row, 3)};
    }
    statement_destroy(row);
    looking->status->sources = sources;
    looking->status->source_count = count;
    return outcome != FAILED;
}

static bool look_at_gates(const struct looking *looking, struct error *error)
{
    size_t most = 0;
    if (!count_rows(looking, "run_gate", &most, error))
        return false;
    struct status_gate *gates = arena_allocate_array(looking->arena, most, sizeof(*gates));
    struct statement *row =
        statement_prepare(looking->state,
                          "SELECT gate, source, outcome, text FROM run_gate WHERE run_id ="
                          " (SELECT max(run_id) FROM run) AND outcome <> 'accepted'"
                          " ORDER BY outcome = 'stopped' DESC, outcome, gate, source",
                          error);
    enum outcome outcome = row ? ACCEPTED : FAILED;
    size_t count = 0;
    while (row && count < most && (outcome = statement_step(row, error)) == ACCEPTED)
        gates[count++] = (struct status_gate){text_at(looking, row, 0), text_at(looking, row, 1),
                                              text_at(looking, row, 2), text_at(looking, row, 3)};
    statement_destroy(row);
    looking->status->gates = gates;
    looking->status->gate_count = count;
    return outcome != FAILED;
}

static bool look_at_state(const struct looking *looking, struct error *error)
{
    return look_at_run(looking, "", &looking->status->last, error) &&
           look_at_run(looking, "WHERE status IN ('done','incomplete')", &looking->status->good,
                       error) &&
           look_at_sources(looking, error) && look_at_gates(looking, error);
}

static bool look(const struct invocation *invocation, struct arena *arena, struct status *status,
                 struct error *error)
{
    struct looking looking = {.arena = arena, .status = status};
    int64_t *views = NULL;
    char holder[STORE_HOLDER_BYTES];
    if (!invocation_as_of(invocation, &looking.today_days, error))
        return false;
    const struct project *project = open_project_without_sources(invocation, arena, error);
    if (!project)
        return false;
    if (store_lock_holder(project->state, holder))
        status->holder = arena_text(arena, slice_of(holder));
    view_stand(project, arena, &status->view);
    if (!views_list(project, arena, &views, &status->view_count, error))
        return false;
    status->views = views;
    struct store *store = store_open(project->state, project->model, STORE_READ, 0, error);
    if (store)
        looking.state = store_database(store);
    status->readable = store && look_at_state(&looking, error);
    store_close(store);
    /* While a run writes its pages nobody can read them: that it is running is the answer then. */
    return status->readable || (error->exit_code == EXIT_LOCKED && status->holder);
}

static bool show_rehearsals(const struct invocation *invocation, struct arena *arena, bool json,
                            struct buffer *text, struct error *error)
{
    const struct project *project = open_project_without_sources(invocation, arena, error);
    return project && rehearsal_list(project, arena, json, text, error);
}

static bool show(const struct invocation *invocation, struct arena *arena, struct buffer *text,
                 struct error *error)
{
    struct status status = {0};
    bool json = false;
    if (!invocation_json(invocation, &json, error))
        return false;
    if (invocation_flag(invocation, "rehearsals"))
        return show_rehearsals(invocation, arena, json, text, error);
    if (!look(invocation, arena, &status, error))
        return false;
    (json ? status_write_json : status_write_text)(&status, text);
    return true;
}

static int show_status(const struct invocation *invocation)
{
    struct error error;
    struct arena *arena = arena_create();
    struct buffer text = BUFFER_EMPTY;
    int code = EXIT_DONE;
    if (show(invocation, arena, &text, &error))
        command_print(buffer_slice(&text));
    else
        code = command_failed(&error);
    buffer_release(&text);
    arena_destroy(arena);
    return code;
}

static const struct option_rule options[] = {
    OPTION_CONFIG,
    OPTION_STATE,
    OPTION_OUT,
    OPTION_AS_OF,
    {"rehearsals", 0, NULL, "instead: the rehearsals so far (run --dry-run), one a line"},
    {"format", 0, "FORMAT", "text or json (default: text)"},
    OPTION_END,
};

const struct command command_status = {
    .name = "status",
    .summary = "the last run, how old each source's data are, open gates, the lock",
    .options = options,
    .details =
        "Tells who holds the state, how the last run ended, of which run the published view\n"
        "is and which former views are kept, what gates said, and for each source how it\n"
        "stands and how many days old its data are today (--as-of). With --rehearsals: what each\n"
        "rehearsal would have changed, and whether its rejects were fewer than before.",
    .run = show_status,
};
