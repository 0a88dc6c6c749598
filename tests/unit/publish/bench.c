#include "bench.h"
#include "cust360/base/file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char view_sql[] =
    "CREATE TABLE customer(golden_id TEXT PRIMARY KEY NOT NULL, name TEXT, visits INTEGER,"
    " value REAL, since DATE) WITHOUT ROWID;"
    "CREATE TABLE event(golden_id TEXT, what TEXT);"
    "CREATE TABLE parameter(name TEXT PRIMARY KEY NOT NULL, value TEXT) WITHOUT ROWID;"
    "INSERT INTO parameter VALUES('run_id','1'),('as_of','2026-06-30');"
    "INSERT INTO customer VALUES('C1','Ann',1,1.5,'2020-01-01'),('C2','B''ea',NULL,NULL,NULL),"
    "('C3','',0,0,'2021-12-31');"
    "INSERT INTO event VALUES('C1','visit'),('C1','visit'),('C2',NULL);";

static const char *in_folder(const struct bench *bench, const char *name)
{
    return file_join(bench->arena, bench->folder, name);
}

static struct database *open_database(struct bench *bench, const char *name)
{
    struct database *database =
        database_open(in_folder(bench, name), DATABASE_CREATE, &bench->error);
    cr_assert(database, "%s", bench->error.message);
    return database;
}

void bench_begin(struct bench *bench)
{
    const char *folder = getenv("TMPDIR");
    *bench = (struct bench){.arena = arena_create()};
    snprintf(bench->folder, sizeof(bench->folder), "%s/publish-XXXXXX", folder ? folder : "/tmp");
    cr_assert(mkdtemp(bench->folder));
    bench_change_view(bench, view_sql);
    bench->target = (struct target){.name = "crm", .dialect = TARGET_SQLITE, .prefix = "c_"};
    bench->options = (struct target_options){
        .target = &bench->target,
        .connection = arena_format(bench->arena, "Driver={SQLite3};Database=%s;StepAPI=1;",
                                   in_folder(bench, "target.db")),
        .view_path = in_folder(bench, "view.db"),
        .folder = in_folder(bench, "sent"),
    };
}

void bench_end(struct bench *bench)
{
    struct error ignored;
    if (bench->session.connection)
        session_close(&bench->session);
    file_remove_folder(bench->folder, &ignored);
    arena_destroy(bench->arena);
}

void bench_connect(struct bench *bench)
{
    struct database *view = open_database(bench, "view.db");
    cr_assert(shape_list(bench->arena, view, &bench->shapes, &bench->shape_count, &bench->error),
              "%s", bench->error.message);
    database_close(view);
    cr_assert(session_open(&bench->session, bench->arena, &bench->target, bench->options.connection,
                           &bench->error),
              "%s", bench->error.message);
}

const struct shape *bench_shape(const struct bench *bench, const char *name)
{
    for (size_t i = 0; i < bench->shape_count; i++)
        if (strcmp(bench->shapes[i].name, name) == 0)
            return &bench->shapes[i];
    cr_assert(false, "the view has no table %s", name);
    return NULL;
}

/* In a new file, as a run does: what was sent may be another name of the old one. */
void bench_change_view(struct bench *bench, const char *sql)
{
    if (file_exists(in_folder(bench, "view.db")))
        cr_assert(file_copy(in_folder(bench, "view.db"), in_folder(bench, "new.db"), &bench->error),
                  "%s", bench->error.message);
    struct database *view = open_database(bench, "new.db");
    cr_assert(database_run(view, sql, &bench->error), "%s", bench->error.message);
    database_close(view);
    cr_assert_eq(rename(in_folder(bench, "new.db"), in_folder(bench, "view.db")), 0);
}

int64_t bench_at_target(struct bench *bench, const char *sql)
{
    int64_t number = -1;
    struct database *target = open_database(bench, "target.db");
    cr_assert(database_integer(target, sql, -1, &number, &bench->error), "%s",
              bench->error.message);
    database_close(target);
    return number;
}
