#include "view/lane.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "view/ahp_table.h"
#include "view/dictionary_table.h"
#include "view/each.h"
#include "view/function.h"

#include <pthread.h>
#include <stdio.h>

/* The work tables and sorts of millions of rows go to temporary files (unlinked at once) when they
 * outgrow their caches. Sorts may use the second core. What is dropped need not be overwritten
 * with zeros: the file is new, and the work tables' files have no name. */
static const char lane_settings[] = "PRAGMA secure_delete=OFF;PRAGMA cache_size=-131072;"
                                    "PRAGMA temp_store=FILE;PRAGMA temp.cache_size=-98304;"
                                    "PRAGMA state.cache_size=-65536;PRAGMA threads=1;";

/* After the first round's lanes an index's sort has the second core: in pieces as large as the
 * cache, and so small enough for a core's own, it is done there while the table is being read here.
 * The pages that a small cache does not keep are read through memory mapping. After the second
 * round's, customers' cars, contacts and visits are looked up one by one: what the first core
 * needs of them is to stay. */
static const char sorting_settings[] = "PRAGMA main.cache_size=-4096;"
                                       "PRAGMA main.mmap_size=402653184;";
static const char looking_settings[] = "PRAGMA main.cache_size=-524288;"
                                       "PRAGMA main.cache_spill=ON;";

/* In the second round both lanes read the first one's file, which it is also writing to: it must
 * not write before the other one has ended, and so keeps what it makes in memory until then. The
 * events' indexes were made last and lie behind what is mapped: they need a cache, which has to be
 * larger than what is kept: no page that is read would stay in it otherwise, be it asked for every
 * time. */
static const char shared_settings[] = "PRAGMA main.locking_mode=NORMAL;"
                                      "PRAGMA main.cache_size=-655360;"
                                      "PRAGMA main.cache_spill=OFF;"
                                      "SELECT count(*) FROM main.sqlite_master";

/* In the first round cars, their owners and customers of the second lane are looked up one by one,
 * in the second those of the file that the first has made. */
static const char own_settings[] = "PRAGMA main.cache_size=-393216;";
static const char base_settings[] = "PRAGMA base.cache_size=-131072;";

const struct round lane_rounds[ROUNDS] = {
    {.first = "01",
     .second = "02",
     .own = "2",
     .after = "3",
     .rest = "300",
     .second_settings = own_settings,
     .after_settings = sorting_settings},
    {.first = "45",
     .second = "46",
     .own = "6",
     .after = "789",
     .rest = "700",
     .second_settings = base_settings,
     .after_settings = looking_settings},
};

bool lane_order_rows(struct database *database, const struct view_options *options,
                     struct error *error)
{
    return !options->reversed ||
           database_run(database, "PRAGMA reverse_unordered_selects=ON", error);
}

bool lane_has(const struct view_file *file, const char *digits)
{
    return strchr(digits, file_name(file->path)[0]) != NULL;
}

static bool is_needed(const struct build *build, const char *digits)
{
    for (size_t i = 0; i < build->file_count; i++)
        if (lane_has(&build->files[i], digits))
            return true;
    return false;
}

static bool add_run_parameters(struct database *database, const struct view_options *options,
                               struct error *error)
{
    char as_of[DATE_TEXT_BYTES];
    char run_id[24];
    date_format(options->as_of_days, as_of);
    snprintf(run_id, sizeof(run_id), "%lld", (long long)options->run_id);
    return parameter_add(database, "as_of", slice_of(as_of), error) &&
           parameter_add(database, "run_id", slice_of(run_id), error);
}

bool lane_fill_parameters(const struct build *build, struct database *database, struct error *error)
{
    return parameter_table_fill(build->arena, database, build->options->folder, build->files,
                                build->file_count, error) &&
           add_run_parameters(database, build->options, error);
}

/* The parameters are published once: in the second lane they are a work table. */
static bool make_parameters(const struct lane *lane, bool is_second, struct error *error)
{
    const char *sql = is_second ? "CREATE TEMP TABLE parameter (name TEXT NOT NULL, value)"
                                : "CREATE TABLE parameter (name TEXT NOT NULL, value)";
    return database_run(lane->database, sql, error) &&
           lane_fill_parameters(lane->build, lane->database, error);
}

/* `base`: the file that the first round has made, NULL in that round. */
static bool open_lane(struct lane *lane, const struct build *build, bool is_second,
                      const char *base, struct error *error)
{
    const char *path = is_second ? build->lane_path : build->path;
    *lane = (struct lane){.build = build};
    lane->database = database_open(path, DATABASE_SCRATCH, error);
    if (!lane->database)
        return false;
    if (build->options->stop)
        database_stop_when(lane->database, build->options->stop);
    lane->made = map_create();
    map_intern(lane->made, SLICE("parameter"));
    map_intern(lane->made, SLICE("ahp_weight"));
    map_intern(lane->made, SLICE("dictionary"));
    /* A name is looked up in the order in which files were attached. */
    return functions_add(lane->database, error) &&
           lane_order_rows(lane->database, build->options, error) &&
           (!base || database_attach(lane->database, base, "base", error)) &&
           database_attach(lane->database, build->options->state_path, "state", error) &&
           database_run(lane->database, lane_settings, error) &&
           database_run(lane->database, "BEGIN", error) &&
           make_parameters(lane, is_second, error) &&
           ahp_table_make(build->arena, lane->database, build->options, is_second, error) &&
           each_make(build, lane->database, false, error);
}

bool lane_open(struct lane *lane, const struct build *build, struct error *error)
{
    return open_lane(lane, build, false, NULL, error) &&
           dictionary_table_make(build->arena, lane->database, build->options->folder, error) &&
           database_run(lane->database, "COMMIT", error);
}

bool lane_open_second(struct lane *second, struct lane *first, const struct round *round,
                      struct error *error)
{
    const struct build *build = first->build;
    if (!is_needed(build, round->own))
        return true;
    bool shares = round != lane_rounds;
    return (!shares || database_run(first->database, shared_settings, error)) &&
           open_lane(second, build, true, shares ? build->path : NULL, error) &&
           database_run(second->database, round->second_settings, error);
}

void lane_close(struct lane *lane)
{
    database_close(lane->database);
    map_destroy(lane->made);
    *lane = (struct lane){0};
}

static bool refuse_permanent(const struct view_file *file, struct slice name, struct error *error)
{
    error_set(error, EXIT_CONFIGURATION, "%.*s would be made in both lanes", SLICE_ARGUMENTS(name));
    error_place(error, file->path, 0, 0);
    return error_hint(error, "a file 0NN or 4NN makes work tables only (CREATE TEMP TABLE); give a "
                             "file that publishes another number");
}

/* Notes which SQL file made what, so that an error can name it. */
static bool note_made(struct lane *lane, size_t number, struct error *error)
{
    const struct view_file *file = &lane->build->files[number];
    struct statement *names = statement_prepare(
        lane->database, "SELECT name FROM main.sqlite_master WHERE sql IS NOT NULL ORDER BY rowid",
        error);
    if (!names)
        return false;
    enum outcome outcome;
    while ((outcome = statement_step(names, error)) == ACCEPTED) {
        struct slice name = statement_text(names, 0);
        if (map_number(lane->made, name) != MAP_NONE)
            continue;
        if (lane_has(file, "04")) {
            refuse_permanent(file, name, error);
            outcome = FAILED;
            break;
        }
        map_put(lane->made, name, (uint32_t)number);
    }
    statement_destroy(names);
    return outcome == ENDED;
}

/* Runs the SQL files whose number begins with one of the digits, in their order. */
static bool lane_run(struct lane *lane, const char *digits, struct error *error)
{
    const struct build *build = lane->build;
    for (size_t i = 0; i < build->file_count; i++) {
        const struct view_file *file = &build->files[i];
        if (!lane_has(file, digits) || file->refresh == REFRESH_ONLY)
            continue;
        log_progress("view", i, build->file_count);
        if (!database_run_file(lane->database, file->path, file->sql, error) ||
            !note_made(lane, i, error))
            return false;
    }
    return true;
}

bool lane_run_after(struct lane *first, const struct round *round, struct error *error)
{
    return database_run(first->database, round->after_settings, error) &&
           lane_run(first, round->after, error) && database_run(first->database, "COMMIT", error);
}

/* The second lane on its thread. */
struct lane_thread {
    struct lane *lane;
    const struct round *round;
    struct error error;
    bool done;
};

static void *run_second(void *argument)
{
    struct lane_thread *thread = argument;
    struct lane *lane = thread->lane;
    thread->done = lane_run(lane, thread->round->second, &thread->error) &&
                   database_run(lane->database, "COMMIT", &thread->error);
    if (thread->done) {
        thread->done = database_finish(lane->database, &thread->error);
        lane->database = NULL;
    }
    return NULL;
}

bool lanes_run(struct lane *first, struct lane *second, const struct round *round,
               struct error *error)
{
    struct lane_thread thread = {.lane = second, .round = round};
    atomic_bool stop = false;
    pthread_t handle;
    if (!second->database)
        return lane_run(first, round->first, error);
    database_stop_when(second->database, &stop);
    bool started = first->build->options->threads > 1 &&
                   pthread_create(&handle, NULL, run_second, &thread) == 0;
    bool first_done = lane_run(first, round->first, error);
    if (!first_done)
        atomic_store(&stop, true);
    if (started)
        pthread_join(handle, NULL);
    else if (first_done)
        run_second(&thread);
    if (first_done && !thread.done)
        *error = thread.error;
    return first_done && thread.done;
}
