/* Any bytes as a work list that a steward sends back. The bytes 1 to 6 stand for what cannot be
 * guessed: keys of open cases and what was seen of them. Promised: the list is carried out whole
 * or refused with a message; it is taken back, so that each input meets the same state. */
#include "support.h"

#include "cli/commands.h"
#include "cli/review/review_open.h"
#include "cust360/base/csv.h"
#include "cust360/base/file.h"
#include "cust360/review_decide.h"

#include <stdio.h>
#include <string.h>

enum { STANDINS = 7, PATH_BYTES = 256, CASES = 3 };

static struct review_desk desk;
static const char *standins[STANDINS];

static bool unlock(void *context, bool commit, struct error *error)
{
    const struct review_desk *opened = context;
    (void)commit;
    return store_unlock(opened->store, false, error);
}

/* A night of three feeds, so that there are questions. */
static void make_state(const char *project)
{
    static const char text[] =
        "name: fuzz\nmappings: mappings\nfeeds: feeds\nstate: state\nout: out\nsources:\n"
        "  - {path: 'D07_customers.csv', mapping: split, trust: 60}\n"
        "  - {path: 'D08_export.xml', mapping: xml, trust: 60}\n"
        "  - {id: hq_members, path: hq_members.csv, mapping: hq_members, trust: 70}\n";
    static const struct command *const commands[] = {&command_run, NULL};
    const char *words[] = {"cust360",    "run",     "-c",           project, "--as-of",
                           "2026-06-30", "--quiet", "--no-summary", NULL};
    char *arguments[sizeof(words) / sizeof(words[0])];
    struct error error = {0};
    memcpy(arguments, words, sizeof(words));
    require(file_write(project, slice_of(text), &error));
    require(command_line_run(commands, (int)(sizeof(words) / sizeof(words[0])) - 1, arguments) ==
            EXIT_DONE);
}

/* Cells of the exported list: the keys of cases, and what the steward has seen of each. */
static void learn_standins(void)
{
    const struct review_filter all = REVIEW_FILTER_ALL;
    struct buffer csv = BUFFER_EMPTY;
    struct error error = {0};
    require(review_export(desk.review, &all, CASES, &csv, &error));
    const struct csv_options options = {.delimiter = ',', .quote = '"'};
    struct csv_stream *stream = csv_stream_create(&options);
    struct csv_row row;
    size_t key = SIZE_MAX;
    size_t seen = SIZE_MAX;
    size_t next = 1;
    buffer_append(csv_stream_input(stream), slice_cut(buffer_slice(&csv), 3, csv.length));
    csv_stream_finish(stream);
    while (csv_stream_next(stream, &row) == ACCEPTED) {
        bool is_heading = key == SIZE_MAX;
        for (size_t i = 0; is_heading && i < row.field_count; i++) {
            key = slice_equal(row.fields[i], SLICE("case")) ? i : key;
            seen = slice_equal(row.fields[i], SLICE("seen")) ? i : seen;
        }
        require(key < row.field_count && seen < row.field_count);
        if (is_heading || next + 1 >= STANDINS)
            continue;
        standins[next++] = arena_text(desk.arena, row.fields[key]);
        standins[next++] = arena_text(desk.arena, row.fields[seen]);
    }
    require(next == STANDINS);
    csv_stream_destroy(stream);
    buffer_release(&csv);
}

static void open_desk(void)
{
    static const char *const linked[] = {"mappings", "samples/group/feeds", NULL};
    static char project[PATH_BYTES];
    static struct invocation invocation;
    struct error error = {0};
    const char *folder = fuzz_folder(linked);
    snprintf(project, sizeof(project), "%s/cust360.yaml", folder);
    make_state(project);
    invocation.command = &command_review;
    for (size_t i = 0; command_review.options[i].name; i++)
        if (strcmp(command_review.options[i].name, "config") == 0)
            invocation.values[i] = project;
    require(review_desk_open(&desk, &invocation, &error));
    desk.engine.unlock = unlock;
    learn_standins();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct error error = {0};
    struct review_import_result result;
    if (!desk.review)
        open_desk();
    struct buffer list = BUFFER_EMPTY;
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] >= 1 && bytes[i] < STANDINS)
            buffer_append_text(&list, standins[bytes[i]]);
        else
            buffer_append_byte(&list, (char)bytes[i]);
    }
    struct arena *arena = arena_create();
    const char *path = fuzz_file((const uint8_t *)list.data, list.length);
    require(review_import(desk.review, path, "steward", arena, &result, &error) ||
            (error.exit_code != 0 && error.message[0]));
    arena_destroy(arena);
    buffer_release(&list);
    return 0;
}
