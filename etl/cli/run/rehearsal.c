#include "cli/run/rehearsal.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"

#include <stdio.h>
#include <stdlib.h>

enum { JSON_BYTES_MAX = 64 * 1024 * 1024, DECIMAL = 10 };

static const char *report_path(const struct rehearsal *rehearsal, int number, const char *extension)
{
    return arena_format(rehearsal->job->arena, "%s/%06d.%s", rehearsal->folder, number, extension);
}

/* The highest number so far. */
static bool find_number(struct rehearsal *rehearsal, struct error *error)
{
    struct arena *arena = rehearsal->job->arena;
    char **paths = NULL;
    size_t count = 0;
    if (!file_glob(arena, arena_format(arena, "%s/[0-9]*.json", rehearsal->folder), &paths, &count,
                   error))
        return false;
    for (size_t i = 0; i < count; i++) {
        int number = (int)strtol(file_name(paths[i]), NULL, DECIMAL);
        if (number > rehearsal->former_number)
            rehearsal->former_number = number;
    }
    rehearsal->number = rehearsal->former_number + 1;
    return true;
}

/* What is remembered of rows is in files that nobody writes to again: another name will do. */
static bool link_rows(struct rehearsal *rehearsal, const char *work, struct error *error)
{
    struct arena *arena = rehearsal->job->arena;
    char **paths = NULL;
    size_t count = 0;
    const char *rows = arena_format(arena, "%s/rows", work);
    const char *former = arena_format(arena, "%s/rows", rehearsal->state);
    if (!file_exists(former)) /* no run has come so far */
        return true;
    if (!file_make_folder(rows, error) ||
        !file_glob(arena, arena_format(arena, "%s/*", former), &paths, &count, error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!file_link(paths[i], file_join(arena, rows, file_name(paths[i])), error))
            return false;
    return true;
}

/* While the copy is made a read transaction keeps every run from committing. */
static bool copy_state(struct rehearsal *rehearsal, const char *work, struct error *error)
{
    struct arena *arena = rehearsal->job->arena;
    const char *from = file_join(arena, rehearsal->state, "state.db");
    int64_t tables = 0;
    rehearsal->had_state = file_exists(from);
    if (!rehearsal->had_state)
        return true;
    struct database *held = database_open(from, DATABASE_READ, error);
    bool copied = held && database_run(held, "BEGIN", error) &&
                  database_integer(held, "SELECT count(*) FROM sqlite_master", 0, &tables, error) &&
                  file_copy(from, file_join(arena, work, "state.db"), error);
    database_close(held);
    return copied && link_rows(rehearsal, work, error);
}

bool rehearsal_begin(struct rehearsal *rehearsal, struct job *job, struct error *error)
{
    struct arena *arena = job->arena;
    struct error ignored;
    rehearsal->job = job;
    rehearsal->state = job->project->state;
    rehearsal->out = job->project->out;
    rehearsal->folder = file_join(arena, rehearsal->state, "rehearsals");
    const char *work = file_join(arena, rehearsal->folder, "work");
    file_remove_folder(work, &ignored);
    if (!file_make_folder(work, error) || !find_number(rehearsal, error) ||
        !copy_state(rehearsal, work, error))
        return false;
    rehearsal->project = *job->project;
    rehearsal->project.state = work;
    /* A rehearsed view is plain as the published one is: not beside what is sealed. */
    rehearsal->scratch = job->project->operation.seals.count
                             ? file_join(arena, rehearsal->out, "rehearsal.work")
                             : file_join(arena, work, "out");
    file_remove_folder(rehearsal->scratch, &ignored);
    rehearsal->project.out = rehearsal->scratch;
    rehearsal->project.operation.metrics = NULL;
    job->project = &rehearsal->project;
    return true;
}

void rehearsal_end(struct rehearsal *rehearsal)
{
    struct error ignored;
    if (rehearsal->job)
        file_remove_folder(file_join(rehearsal->job->arena, rehearsal->folder, "work"), &ignored);
    if (rehearsal->scratch)
        file_remove_folder(rehearsal->scratch, &ignored);
    memory_free(rehearsal->groups);
}

/* ---- the one before ---- */

static uint64_t read_figure(struct database *database, struct slice json, const char *path)
{
    struct error ignored;
    int64_t number = 0;
    struct statement *ask =
        statement_prepare(database, "SELECT coalesce(json_extract(?1, ?2), 0)", &ignored);
    if (!ask)
        return 0;
    statement_bind_text(ask, 1, json);
    statement_bind_text(ask, 2, slice_of(path));
    if (statement_step(ask, &ignored) == ACCEPTED)
        number = statement_integer(ask, 0);
    statement_destroy(ask);
    return number > 0 ? (uint64_t)number : 0;
}

static void read_former(struct rehearsal *rehearsal)
{
    struct arena *arena = rehearsal->job->arena;
    struct error ignored;
    struct slice json;
    if (rehearsal->former_number == 0 ||
        !file_read(arena, report_path(rehearsal, rehearsal->former_number, "json"), JSON_BYTES_MAX,
                   &json, &ignored))
        return;
    struct database *database = store_database(rehearsal->job->store);
    rehearsal->former_rows_read = read_figure(database, json, "$.rows_read");
    rehearsal->former_rows_rejected = read_figure(database, json, "$.rows_rejected");
    for (int i = 0; i < REHEARSAL_CHANGES; i++)
        rehearsal->former_changes[i] = read_figure(
            database, json, arena_format(arena, "$.golden.%s", rehearsal_change_names[i]));
}

static void count_rows(struct rehearsal *rehearsal)
{
    const struct run_report *report = &rehearsal->job->report;
    for (size_t i = 0; i < report->source_count; i++)
        for (size_t j = 0; j < report->sources[i].file_count; j++) {
            rehearsal->rows_read += report->sources[i].files[j].rows_read;
            rehearsal->rows_rejected += report->sources[i].files[j].rows_rejected;
        }
}

bool rehearsal_report(struct rehearsal *rehearsal, bool json, struct buffer *text,
                      struct error *error)
{
    struct buffer file = BUFFER_EMPTY;
    count_rows(rehearsal);
    read_former(rehearsal);
    bool done = !rehearsal->job->committed || rehearsal_compare(rehearsal, error);
    rehearsal_write_json(rehearsal, &file);
    done = done && file_replace(report_path(rehearsal, rehearsal->number, "json"),
                                buffer_slice(&file), error);
    if (json)
        buffer_append(text, buffer_slice(&file));
    else
        rehearsal_write_text(rehearsal, text);
    buffer_clear(&file);
    rehearsal_write_page(rehearsal, &file);
    done = done && file_replace(report_path(rehearsal, rehearsal->number, "html"),
                                buffer_slice(&file), error);
    buffer_release(&file);
    return done;
}
