#include "world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct world world;

static void begin(void)
{
    world_begin(&world);
}

static void end(void)
{
    world_end(&world);
}

TestSuite(store_open, .init = begin, .fini = end);

static void expect_refused(const struct model *model, enum store_mode mode, int exit_code)
{
    struct store *store = store_open(world.folder, model, mode, 0, &world.error);
    cr_assert_null(store);
    cr_assert_eq(world.error.exit_code, exit_code, "%s", world.error.message);
    cr_assert(world.error.hint[0] || exit_code == EXIT_FAILED, "what to do is said");
}

Test(store_open, a_new_state_is_private)
{
    struct stat status;
    char path[300];
    world_open(&world);
    snprintf(path, sizeof(path), "%s/state.db", world.folder);
    cr_assert_eq(stat(world.folder, &status), 0);
    cr_assert_eq(status.st_mode & 0777, 0700);
    cr_assert_eq(stat(path, &status), 0);
    cr_assert_eq(status.st_mode & 0777, 0600);
    cr_assert_eq(world_number(&world, "SELECT value FROM meta WHERE name='schema_version'"), 5);
    cr_assert_str_eq(world_text(&world, "PRAGMA journal_mode"), "delete");
}

Test(store_open, opening_again_changes_nothing)
{
    static const char sql[] = "SELECT group_concat(sql) FROM sqlite_master";
    char before[16384];
    world_open(&world);
    snprintf(before, sizeof(before), "%s", world_text(&world, sql));
    world_reopen(&world);
    cr_assert_str_eq(world_text(&world, sql), before);
}

Test(store_open, reading_needs_a_state)
{
    expect_refused(&world_model, STORE_READ, EXIT_STATE);
    cr_assert(strstr(world.error.message, "there is no state in"), "%s", world.error.message);
}

Test(store_open, readers_need_no_lock)
{
    world_open(&world);
    struct store *reader = store_open(world.folder, &world_model, STORE_READ, 0, &world.error);
    cr_assert(reader, "%s", world.error.message);
    store_close(reader);
}

Test(store_open, another_version_is_refused)
{
    world_open(&world);
    cr_assert(database_run(store_database(world.store),
                           "UPDATE meta SET value='99' WHERE name='schema_version'", &world.error));
    store_close(world.store);
    world.store = NULL;
    expect_refused(&world_model, STORE_WRITE, EXIT_STATE);
    cr_assert(strstr(world.error.message, "of version 99"), "%s", world.error.message);
    expect_refused(&world_model, STORE_READ, EXIT_STATE);
}

Test(store_open, a_strangers_database_is_left_alone)
{
    world_open(&world);
    cr_assert(database_run(store_database(world.store), "DROP TABLE meta", &world.error));
    store_close(world.store);
    world.store = NULL;
    expect_refused(&world_model, STORE_WRITE, EXIT_STATE);
    cr_assert(strstr(world.error.message, "version unknown"), "%s", world.error.message);
}

Test(store_open, a_file_that_is_no_database_is_told)
{
    char command[1024];
    snprintf(command, sizeof(command),
             "mkdir -p %s && printf 'not a database, and long enough to tell%%600s' x > "
             "%s/state.db",
             world.folder, world.folder);
    cr_assert_eq(system(command), 0);
    cr_assert_null(store_open(world.folder, &world_model, STORE_WRITE, 0, &world.error));
    cr_assert_eq(world.error.exit_code, EXIT_FAILED);
    cr_assert(strstr(world.error.message, "file is not a database"), "%s", world.error.message);
}

Test(store_open, a_folder_that_cannot_be_made_is_told)
{
    struct error error;
    cr_assert_null(store_open("/dev/null/state", &world_model, STORE_WRITE, 0, &error));
    cr_assert_eq(error.exit_code, EXIT_FAILED);
}

Test(store_open, two_runs_cannot_write)
{
    world_open(&world);
    expect_refused(&world_model, STORE_WRITE, EXIT_LOCKED);
    char process[32];
    snprintf(process, sizeof(process), "process %d on ", (int)getpid());
    cr_assert(strstr(world.error.message, process), "%s", world.error.message);
    cr_assert(strstr(world.error.hint, "--lock-wait"), "%s", world.error.hint);
}

Test(store_open, the_lock_is_waited_for, .timeout = 10)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct error error;
        usleep(200 * 1000); /* until the parent has the lock */
        struct store *store = store_open(world.folder, &world_model, STORE_WRITE, 5, &error);
        store_close(store);
        _exit(store ? 0 : 1);
    }
    world_open(&world);
    usleep(500 * 1000);
    store_close(world.store);
    world.store = NULL;
    int status = 0;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

Test(store_open, waiting_has_an_end, .timeout = 10)
{
    world_open(&world);
    cr_assert_null(store_open(world.folder, &world_model, STORE_WRITE, 1, &world.error));
    cr_assert_eq(world.error.exit_code, EXIT_LOCKED);
}

Test(store_open, a_model_may_gain_and_lose_fields)
{
    static const char *const night[] = {"1 王伟 13800138000", NULL};
    world_open(&world);
    world_night(&world, "D01", night);
    struct model_field fields[] = {
        {.name = "name", .kind = "name", .label = "Name", .from = FIELD_NONE},
        {.name = "points", .kind = "count", .label = "Points", .from = FIELD_NONE},
    };
    struct model_entity entity = {"customer", "Customer", fields, 2, false};
    struct model model = {.entities = &entity, .entity_count = 1};
    store_close(world.store);
    world.store = store_open(world.folder, &model, STORE_WRITE, 0, &world.error);
    cr_assert(world.store, "%s", world.error.message);
    cr_assert_str_eq(world_text(&world, "SELECT name, mobile, points FROM record_customer"),
                     "王伟,13800138000,", "what the model has lost is kept");
    store_close(world.store);
    world.store = NULL;
}

Test(store_open, a_field_cannot_change_its_type)
{
    world_open(&world);
    store_close(world.store);
    world.store = NULL;
    struct model_field field = {
        .name = "name", .kind = "count", .label = "Name", .from = FIELD_NONE};
    struct model_entity entity = {"customer", "Customer", &field, 1, false};
    struct model model = {.entities = &entity, .entity_count = 1};
    expect_refused(&model, STORE_WRITE, EXIT_STATE);
    cr_assert_str_eq(world.error.message,
                     "the state keeps customer.name as TEXT, its kind in the model now needs "
                     "INTEGER");
}

Test(store_open, runs_are_numbered_and_told)
{
    struct store_run run;
    world_open(&world);
    cr_assert(store_former_run(world.store, &run, &world.error));
    cr_assert_eq(run.run_id, 0, "there was none");
    world_run_begin(&world);
    cr_assert_eq(store_run_id(world.store), 1);
    world_run_commit(&world);
    world_run_begin(&world);
    cr_assert(store_run_abandon(world.store, "stopped", &world.error));
    cr_assert(store_former_run(world.store, &run, &world.error));
    cr_assert_eq(run.run_id, 1, "a run that was stopped is not the former run");
    cr_assert_str_eq(run.as_of, "2026-06-30");
    cr_assert_str_eq(run.status, "done");
    cr_assert_eq(run.configuration_hash, 7);
    cr_assert_not(run.published);
    cr_assert_eq(strlen(run.finished_at), 20);
    cr_assert(store_run_published(world.store, 1, &world.error));
    cr_assert(store_former_run(world.store, &run, &world.error));
    cr_assert(run.published);
    world_run_begin(&world);
    cr_assert_eq(store_run_id(world.store), 3, "a number is not used twice");
    world_reopen(&world);
    cr_assert_str_eq(world_text(&world, "SELECT run_id, status FROM run ORDER BY run_id"),
                     "1,done; 2,stopped");
}
