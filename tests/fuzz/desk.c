#include "desk.h"

#include "cli/commands.h"
#include "cust360/base/file.h"

#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 256 };

static int commits;

static bool unlock(void *context, bool commit, struct error *error)
{
    const struct review_desk *opened = context;
    commits += commit;
    return store_unlock(opened->store, false, error);
}

int fuzz_desk_commits(void)
{
    return commits;
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

void fuzz_desk_open(struct review_desk *desk)
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
    require(review_desk_open(desk, &invocation, &error));
    desk->engine.unlock = unlock;
}
