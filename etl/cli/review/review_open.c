#include "cli/review/review_open.h"
#include "cli/open.h"
#include "cli/page/page.h"
#include "cli/roles.h"
#include "cli/views.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/pool.h"
#include "cust360/match_scene.h"
#include "cust360/store_reading.h"
#include "cust360/view.h"

#include <stdlib.h>

enum { LOCK_WAIT_MS = 60 };

/* ---- what review asks for ---- */

static bool lock(void *context, unsigned wait_seconds, struct error *error)
{
    struct review_desk *desk = context;
    return store_lock(desk->store, wait_seconds ? wait_seconds * 1000 : LOCK_WAIT_MS, error);
}

static bool unlock(void *context, bool commit, struct error *error)
{
    struct review_desk *desk = context;
    return store_unlock(desk->store, commit, error);
}

static const char *rule_in_words(const char *rule)
{
    return *rule ? survivorship_reason(rule) : "";
}

static bool page(void *context, const char *golden_id, struct buffer *json, struct error *error)
{
    struct review_desk *desk = context;
    struct arena *arena = arena_create();
    const char *path = view_path(desk->project, arena);
    bool done = true;
    if (file_exists(path)) {
        const struct page_options options = {
            .golden_id = golden_id, .all = true, .format = PAGE_JSON};
        struct database *view = database_open(path, DATABASE_READ, error);
        int64_t known = 0;
        const char *sql =
            arena_format(arena, "SELECT count(*) FROM customer WHERE golden_id = '%s'", golden_id);
        /* A customer that a decision has made since is not in the view yet. */
        done = view && database_integer(view, sql, 0, &known, error) &&
               (!known || page_write(view, &options, json, error));
        database_close(view);
    }
    arena_destroy(arena);
    return done;
}

/* ---- opening ---- */

static bool load(struct review_desk *desk, struct error *error)
{
    const struct project *project = desk->project;
    desk->rules = match_rules_load(desk->arena, project->match, project->model, error);
    if (!desk->rules)
        return false;
    desk->model = match_model_load(desk->arena, project->match_model, desk->rules, error);
    if (!desk->model)
        return false;
    desk->survivorship =
        survivorship_load(desk->arena, project->survivorship, project->model, error);
    if (!desk->survivorship)
        return false;
    desk->store = store_open_shared(project->state, project->model, error);
    return desk->store != NULL;
}

/* Golden records as the last run made them: others would be mixed with those. */
static bool compare_basis(struct review_desk *desk, struct error *error)
{
    int64_t same = 0;
    const char *sql = arena_format(
        desk->arena, "SELECT count(*) FROM meta WHERE name = 'golden_basis' AND value = '%016llx'",
        (unsigned long long)survivorship_hash(desk->survivorship));
    bool done = database_integer(store_database(desk->store), sql, 0, &same, error);
    desk->basis_differs = same == 0;
    return done;
}

bool review_desk_open(struct review_desk *desk, const struct invocation *invocation,
                      struct error *error)
{
    *desk = (struct review_desk){.arena = arena_create()};
    desk->project = open_project_without_sources(invocation, desk->arena, error);
    if (!desk->project || !load(desk, error) || !compare_basis(desk, error))
        return false;
    desk->engine = (struct review_engine){
        .context = desk,
        .state = store_database(desk->store),
        .entity = match_rules_entity(desk->rules),
        .merge_bits = (double)match_rules_thresholds(desk->rules).merge / WEIGHT_ONE,
        .lock = lock,
        .unlock = unlock,
        .apply = review_apply,
        .explain = review_explain,
        .rule_in_words = rule_in_words,
        .consents = review_consents,
        .page = page,
    };
    const struct review_setup setup = {desk->project, &desk->engine};
    desk->review = review_open(&setup, error);
    return desk->review != NULL;
}

void review_desk_close(struct review_desk *desk)
{
    review_close(desk->review);
    store_close(desk->store);
    arena_destroy(desk->arena);
    *desk = (struct review_desk){0};
}

/* ---- publishing what was decided ---- */

/* The lists of changes hold what the last run and the stewards since have changed: for the view of
 * that run, or one that stood through it, too much and never too little. Another view (one that was
 * gone back to) is made anew. */
static bool build_view(struct review_desk *desk, struct arena *arena, struct error *error)
{
    struct store_run run;
    struct view_result result;
    struct view_stand stand;
    const char *noted = NULL;
    int32_t as_of_days = 0;
    if (!store_former_run(desk->store, &run, error) ||
        !store_note_read(desk->store, "view_run", arena, &noted, error))
        return false;
    view_stand(desk->project, arena, &stand);
    bool is_noted = stand.run_id > 0 && stand.run_id == strtoll(noted, NULL, 10);
    if (!date_parse(slice_of(run.as_of), &as_of_days))
        as_of_days = 0;
    const struct view_options options = {.folder = desk->project->view,
                                         .reference = desk->project->reference,
                                         .state_path = state_path(desk->project, arena),
                                         .path = view_path(desk->project, arena),
                                         .run_id = run.run_id,
                                         .former_run_id = is_noted ? stand.run_id : 0,
                                         .as_of_days = as_of_days,
                                         .threads = (unsigned)pool_processors()};
    const char *now = arena_format(arena, "%lld", (long long)run.run_id);
    return view_build(arena, &options, &result, error) &&
           roles_publish(desk->project, arena, ROLES_ALL, error) &&
           database_run(store_database(desk->store), "BEGIN IMMEDIATE", error) &&
           store_note_write(desk->store, "view_run", now, error);
}

bool review_desk_publish(struct review_desk *desk, bool *published, struct error *error)
{
    int64_t touched = 0;
    struct error ignored;
    bool done = true;
    if (published)
        *published = false;
    if (!store_lock(desk->store, LOCK_WAIT_MS, error))
        return false;
    done = database_integer(store_database(desk->store), "SELECT count(*) FROM review_touched", 0,
                            &touched, error);
    /* The view is built from what is committed; the lock is kept, so that nothing changes on the
     * way. */
    done = done && touched > 0 && database_run(store_database(desk->store), "COMMIT", error);
    if (!done) {
        store_unlock(desk->store, false, &ignored);
        return touched == 0;
    }
    struct arena *arena = arena_create();
    done = build_view(desk, arena, error) &&
           database_run(store_database(desk->store), "DELETE FROM review_touched", error);
    arena_destroy(arena);
    if (published)
        *published = done;
    return store_unlock(desk->store, done, done ? error : &ignored) && done;
}
