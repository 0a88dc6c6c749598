#include "cli/commands.h"
#include "cli/open.h"
#include "cli/views.h"
#include "cust360/base/log.h"
#include "cust360/base/text.h"
#include "cust360/store_operation.h"

/* Going back: a view that was published before takes the place of the present one, whose own is
 * kept. The state is not touched but for a mark, so that the next run publishes again. */

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
        !views_put_back(project, arena, run_id, error))
        return false;
    view_stand(project, arena, &stand);
    log_information("the view of run %lld, as of %s, is published again; the next run publishes "
                    "its own",
                    (long long)stand.run_id, stand.as_of);
    return true;
}

static int publish(const struct invocation *invocation)
{
    struct error error;
    struct arena *arena = arena_create();
    struct store *store = NULL;
    int64_t lock_wait_seconds = 0;
    bool done = invocation_integer(invocation, "lock-wait", 0, 86400, &lock_wait_seconds, &error);
    if (done && !invocation_option(invocation, "run")) {
        error_set(&error, EXIT_USAGE, "publish: say what: --run N");
        done = error_hint(&error, "see cust360 publish --help");
    }
    struct project *project = done ? open_project_without_sources(invocation, arena, &error) : NULL;
    if (project)
        store = store_open_existing(project->state, project->model, (unsigned)lock_wait_seconds,
                                    &error);
    done = store && put_back(project, invocation, store, arena, &error);
    int code = done ? EXIT_DONE : command_failed(&error);
    store_close(store);
    arena_destroy(arena);
    return code;
}

static const struct option_rule options[] = {
    OPTION_CONFIG,
    OPTION_STATE,
    OPTION_OUT,
    {"run", 0, "N", "the run whose view is to be published again: its number, or N-1"},
    {"lock-wait", 0, "SECONDS", "how long to wait for a run (default: 0)"},
    OPTION_END,
};

const struct command command_publish = {
    .name = "publish",
    .summary = "publish the view of a former run again",
    .options = options,
    .details = "Puts a kept view (`keep: {views: N}` in cust360.yaml) in the place of the present\n"
               "one, atomically; the present one is kept as well. N-1 is the one before it. The\n"
               "state stays as it is, and the next run publishes a view of its own again.",
    .run = publish,
};
