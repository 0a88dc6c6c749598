#include "world.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct world world;

static const char *const night[] = {"1 王伟 13800138000", "2 李娜 13900139000", NULL};

static void begin(void)
{
    world_begin(&world);
    world_open(&world);
    world_night(&world, "D01", night);
    store_close(world.store);
    world.store = NULL;
}

static void end(void)
{
    world_end(&world);
}

TestSuite(store_crash, .init = begin, .fini = end, .timeout = 60);

static const char state_sql[] = "SELECT (SELECT group_concat(run_id || status) FROM run),"
                                " (SELECT group_concat(source_key || name) FROM record_customer),"
                                " (SELECT status FROM source), (SELECT count(*) FROM finding)";
static const char former_state[] = "1done,1王伟,2李娜,ok,0";

enum { ROWS = 30000 };

/* Writes far more than SQLite's cache holds, so that pages reach the file before the commit. */
static void write_much(void)
{
    char key[16];
    char name[400];
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    cr_assert(database_run(store_database(world.store), "PRAGMA cache_size=20", &world.error));
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    for (int i = 0; i < ROWS; i++) {
        snprintf(key, sizeof(key), "%d", i);
        world_customer(&world, key, name, "13800138000");
    }
}

static off_t journal_bytes(void)
{
    struct stat status;
    char path[300];
    snprintf(path, sizeof(path), "%s/state.db-journal", world.folder);
    return stat(path, &status) == 0 ? status.st_size : -1;
}

static void kill_a_run(void)
{
    int started[2];
    char byte;
    cr_assert_eq(pipe(started), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        world_open(&world);
        write_much();
        if (write(started[1], "x", 1) != 1)
            _exit(1);
        pause();
        _exit(0);
    }
    cr_assert_eq(read(started[0], &byte, 1), 1, "the child writes");
    kill(child, SIGKILL);
    int status;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    close(started[0]);
    close(started[1]);
}

Test(store_crash, a_killed_run_leaves_the_former_state)
{
    kill_a_run();
    cr_assert_gt(journal_bytes(), 0, "the kill came in the midst of writing");
    world_open(&world);
    cr_assert_str_eq(world_text(&world, state_sql), former_state);
    cr_assert_str_eq(world_text(&world, "PRAGMA integrity_check"), "ok");
    struct store_counts counts = world_night(&world, "D01", night);
    cr_assert_eq(counts.records_unchanged, 2, "running again does the run");
    cr_assert_eq(store_run_id(world.store), 2);
}

Test(store_crash, readers_see_the_former_state_too)
{
    kill_a_run();
    world.store = store_open(world.folder, &world_model, STORE_READ, 0, &world.error);
    cr_assert(world.store, "%s", world.error.message);
    cr_assert_str_eq(world_text(&world, state_sql), former_state);
}

Test(store_crash, a_run_that_is_only_closed_is_taken_back)
{
    world_open(&world);
    write_much();
    world_reopen(&world);
    cr_assert_str_eq(world_text(&world, state_sql), former_state);
}

static bool put_until_full(void)
{
    struct slice values[CUSTOMER_FIELDS] = {SLICE("a name of some length, to fill the disk")};
    struct place place = {.file = "customers.csv"};
    for (int i = 0; i < ROWS; i++) {
        char key[16];
        snprintf(key, sizeof(key), "%d", i);
        struct record record = {
            .entity = CUSTOMER, .key = slice_of(key), .values = values, .hash = 1};
        struct row_result row = {.outcome = ACCEPTED, .records = &record, .record_count = 1};
        if (!store_put(world.store, &row, &place, NULL, &world.error))
            return false;
    }
    struct store_counts counts;
    return store_source_end(world.store, ROWS, &counts, &world.error) &&
           store_run_commit(world.store, "done", &world.error);
}

Test(store_crash, a_full_disk_is_told_and_leaves_the_former_state)
{
    struct rlimit before;
    world_open(&world);
    cr_assert(database_run(store_database(world.store), "PRAGMA cache_size=20", &world.error));
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    /* A file that may not grow is to the program what a full disk is. */
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = {256 * 1024, before.rlim_max};
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool done = put_until_full();
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    cr_assert_not(done, "the limit must be hit");
    cr_assert_eq(world.error.exit_code, EXIT_FAILED);
    cr_assert(strstr(world.error.message, "disk"), "%s", world.error.message);
    cr_assert(store_run_abandon(world.store, "failed", &world.error), "%s", world.error.message);
    world_reopen(&world);
    cr_assert_str_eq(world_text(&world, state_sql), "1done,2failed,1王伟,2李娜,ok,0");
    cr_assert_str_eq(world_text(&world, "PRAGMA integrity_check"), "ok");
}
