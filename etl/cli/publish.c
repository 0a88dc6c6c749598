#include "cli/commands.h"
#include "cli/open.h"
#include "cli/roles.h"
#include "cli/streams.h"
#include "cli/targets.h"
#include "cli/views.h"
#include "cust360/base/log.h"
#include "cust360/base/text.h"
#include "cust360/store_operation.h"

#include <stdio.h>

/* Sending the view to databases; and going back: a view that was published before takes the place
 * of the present one, whose own is kept. The state is not touched but for a mark, so that the next
 * run publishes again. */

/* "12", or "N-1": the first kept view before the present one. */
static bool read_run(const struct invocation *invocation, const struct view_stand *stand,
                     const int64_t *runs, size_t count, int64_t *run_id, struct error *error)
{
    const char *text = invocation_option(invocation, "run");
    int64_t back = 0;
    if (text_to_integer(slice_of(text), run_id) && *run_id > 0)
        return true;
    bool is_relative = (text[0] == 'N' || text[0] == 'n') && text[1] == '-' &&
                       text_to_integer(slice_of(text + 2), &back) && back > 0;
    if (!is_relative) {
        error_set(error, EXIT_USAGE, "--run is a run's number or N-1, N-2 …, not %s", text);
        return error_hint(error, "`cust360 status` tells which views are kept");
    }
    for (size_t i = count; i-- > 0;)
        if (runs[i] < stand->run_id && --back == 0) {
            *run_id = runs[i];
            return true;
        }
    error_set(error, EXIT_FAILED, "there is no view %s to go back to from run %lld", text,
              (long long)stand->run_id);
    return error_hint(error, "`keep: {views: N}` in cust360.yaml keeps more");
}

static bool put_back(const struct project *project, const struct invocation *invocation,
                     struct store *store, struct arena *arena, struct error *error)
{
    struct view_stand stand;
    int64_t *runs = NULL;
    size_t count = 0;
    int64_t run_id = 0;
    view_stand(project, arena, &stand);
    if (!views_list(project, arena, &runs, &count, error) ||
        !read_run(invocation, &stand, runs, count, &run_id, error))
        return false;
    if (run_id == stand.run_id) {
        log_information("the view of run %lld is the published one", (long long)run_id);
        return true;
    }
    /* The mark first: should the view then not be put back, it is only published once more. */
    if (!views_keep(project, arena, project->operation.keep.views_runs + 1, error) ||
        !store_view_put_back(store, run_id, error) ||
        !views_put_back(project, arena, run_id, error) ||
        !roles_publish(project, arena, ROLES_ALL, error))
        return false;
    view_stand(project, arena, &stand);
    log_information("the view of run %lld, as of %s, is published again; the next run publishes "
                    "its own",
                    (long long)stand.run_id, stand.as_of);
    return true;
}

static void print_target(const struct report_target *report)
{
    if (!report->published)
        printf("target %s: not published: %s\n", report->name, report->message);
    else if (report->rows_upserted + report->rows_deleted == 0)
        printf("target %s: run %lld: nothing has changed (%llu rows in %zu tables)\n", report->name,
               (long long)report->run_id, (unsigned long long)report->rows, report->tables);
    else
        printf("target %s: run %lld: %llu rows sent, %llu deleted (%llu rows in %zu tables, "
               "%.1f s)\n",
               report->name, (long long)report->run_id, (unsigned long long)report->rows_upserted,
               (unsigned long long)report->rows_deleted, (unsigned long long)report->rows,
               report->tables, report->seconds);
}

static bool send(const struct project *project, const struct invocation *invocation,
                 struct arena *arena, int *exit_code, struct error *error)
{
    struct report_targets reports = {0};
    if (!targets_publish(project, invocation_option(invocation, "target"), arena, &reports,
                         exit_code, error))
        return false;
    for (size_t i = 0; i < reports.count; i++)
        print_target(&reports.targets[i]);
    return true;
}

/* The view first: a target that cannot be reached does not keep it from being put back. */
static bool publish_run(const struct project *project, const struct invocation *invocation,
                        struct arena *arena, int *exit_code, struct error *error)
{
    int64_t lock_wait_seconds = 0;
    if (!invocation_integer(invocation, "lock-wait", 0, 86400, &lock_wait_seconds, error))
        return false;
    struct store *store =
        store_open_existing(project->state, project->model, (unsigned)lock_wait_seconds, error);
    bool done = store && put_back(project, invocation, store, arena, error);
    store_close(store);
    return done && send(project, invocation, arena, exit_code, error);
}

static bool publish_project(const struct project *project, const struct invocation *invocation,
                            struct arena *arena, int *exit_code, struct error *error)
{
    if (invocation_option(invocation, "run"))
        return publish_run(project, invocation, arena, exit_code, error);
    if (project->target_count == 0) {
        error_set(error, EXIT_USAGE, "publish: say what: --run N; there are no targets to send to");
        return error_hint(error, "`publish` in cust360.yaml names targets; see publish --help");
    }
    if (invocation_flag(invocation, "init"))
        return targets_init(project, invocation_option(invocation, "target"), arena, error);
    return send(project, invocation, arena, exit_code, error);
}

static int publish(const struct invocation *invocation)
{
    struct error error;
    struct arena *arena = arena_create();
    int code = EXIT_DONE;
    streams_outlive_readers();
    const struct project *project = open_project_without_sources(invocation, arena, &error);
    if (!project || !publish_project(project, invocation, arena, &code, &error))
        code = command_failed(&error);
    arena_destroy(arena);
    return code;
}

static const struct option_rule options[] = {
    OPTION_CONFIG,
    OPTION_STATE,
    OPTION_OUT,
    {"init", 0, NULL, "make the tables that the targets lack, and send nothing"},
    {"target", 0, "NAME", "only this one (default: all targets of the project)"},
    {"run", 0, "N", "the run whose view is to be published again: its number, or N-1"},
    {"lock-wait", 0, "SECONDS", "how long --run waits for a run (default: 0)"},
    OPTION_END,
};

const struct command command_publish = {
    .name = "publish",
    .summary = "send the view to databases; publish that of a former run again",
    .options = options,
    .details =
        "Makes the tables of each target (`publish` in cust360.yaml) equal to those of\n"
        "OUT/customer360.db: the rows that have changed since the last time are sent in one\n"
        "transaction, read back and compared, and noted there in the table cust360_ledger. A\n"
        "run does the same at its end; this is for a target that was down then.\n"
        "\n"
        "--run puts a kept view (`keep: {views: N}` in cust360.yaml) in the place of the\n"
        "present one, atomically; the present one is kept as well. N-1 is the one before it.\n"
        "The state stays as it is, and the next run publishes a view of its own again.\n"
        "\n"
        "Exit code 11: another run is at it; 12: a target refused user or password.",
    .run = publish,
};
