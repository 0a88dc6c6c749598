#include "cli/check.h"
#include "cli/roles.h"
#include "cust360/base/file.h"
#include "cust360/store_golden.h"
#include "cust360/view.h"

static const char trial_day[] = "2026-01-01";
enum { TRIAL_DAYS = 20454 /* the same, since 1970 */ };

/* Nobody is there: the roster is complete at once. */
static bool scan_nobody(struct store *store, const char *entity, struct error *error)
{
    struct store_member member;
    struct store_scan *scan = store_scan_open(store, entity, NULL, 0, error);
    if (!scan)
        return false;
    enum outcome outcome = store_scan_next(scan, &member, error);
    store_scan_close(scan);
    return outcome == ENDED;
}

/* A run without sources, which makes all tables of the state. */
static bool run_nothing(struct store *store, const struct project *project,
                        const struct survivorship *survivorship, struct arena *arena,
                        struct error *error)
{
    static const uint32_t nobody[1] = {0};
    struct golden_basis basis = {.hash = survivorship_hash(survivorship)};
    struct store_golden_state state;
    size_t entity = survivorship_entity(survivorship);
    basis.column_count = survivorship_columns(survivorship, &basis.columns);
    if (!store_run_begin(store, trial_day, 0, error) ||
        !scan_nobody(store, project->model->entities[entity].name, error) ||
        !store_golden_begin(store, &basis, nobody, &state, error))
        return false;
    const struct golden_assignment *assignment =
        golden_assign(arena, &state.ids, &state.members, state.all_touched);
    return store_golden_assign(store, assignment, error) && store_run_commit(store, "done", error);
}

static bool build(const struct project *project, const char *folder, int64_t run_id,
                  struct arena *arena, struct error *error)
{
    struct view_result result;
    struct view_options options = {
        .folder = project->view,
        .reference = project->reference,
        .state_path = file_join(arena, folder, "state.db"),
        .path = file_join(arena, folder, "customer360.db"),
        .run_id = run_id,
        .as_of_days = TRIAL_DAYS,
    };
    return view_build(arena, &options, &result, error) && roles_try(project, folder, arena, error);
}

bool check_view(const struct project *project, const struct survivorship *survivorship,
                struct arena *arena, struct error *error)
{
    enum { WAIT_SECONDS = 0 };
    struct error ignored;
    const char *folder = file_make_scratch(arena, "cust360-check", error);
    if (!folder)
        return false;
    struct store *store = store_open(folder, project->model, STORE_WRITE, WAIT_SECONDS, error);
    bool done = store && run_nothing(store, project, survivorship, arena, error);
    int64_t run_id = done ? store_run_id(store) : 0;
    store_close(store);
    done = done && build(project, folder, run_id, arena, error);
    file_remove_folder(folder, &ignored);
    return done;
}
