#include "cli/commands.h"
#include "cust360/base/buffer.h"
#include "cust360/config.h"

#include <stdio.h>

/* What has been checked so far. */
struct checkup {
    size_t documents;
    size_t errors;
    int exit_code; /* 78 goes before 12: what stands in the files is mended first */
};

/* The report is this command's data, so it goes to stdout, errors as well. */
static void hear_document(void *context, const char *path, const struct error *error)
{
    struct checkup *checkup = context;
    if (!error) {
        checkup->documents++;
        printf("ok  %s\n", path);
        return;
    }
    struct buffer text = BUFFER_EMPTY;
    error_describe(error, &text);
    fputs(text.data, stdout);
    buffer_release(&text);
    checkup->errors++;
    if (checkup->exit_code != EXIT_CONFIGURATION)
        checkup->exit_code = error->exit_code;
}

static void tell_sources(const struct project *project)
{
    size_t missing = 0;
    for (size_t i = 0; i < project->source_count; i++) {
        const struct source *source = &project->sources[i];
        if (source->missing.exit_code) {
            printf("source %s: %s: %s\n", source->id, source->path, source->missing.message);
            missing++;
        }
    }
    printf("%zu sources, %zu of them missing\n", project->source_count, missing);
}

static void check_project(struct checkup *checkup, const struct invocation *invocation,
                          struct arena *arena)
{
    const char *path = invocation_option(invocation, "config");
    struct document_listener listener = {hear_document, checkup};
    struct project_overrides overrides = {.feeds = invocation_option(invocation, "feeds")};
    struct error error;
    struct project *project =
        project_check(arena, path ? path : "cust360.yaml", &overrides, &listener, &error);
    if (project)
        tell_sources(project);
}

static int run_check(const struct invocation *invocation)
{
    struct checkup checkup = {0, 0, EXIT_DONE};
    struct arena *arena = arena_create();
    check_project(&checkup, invocation, arena);
    arena_destroy(arena);
    if (checkup.errors)
        printf("%zu error%s\n", checkup.errors, checkup.errors == 1 ? "" : "s");
    else
        printf("all is well: %zu documents\n", checkup.documents);
    return checkup.exit_code;
}

static const struct option_rule check_options[] = {OPTION_CONFIG, OPTION_FEEDS, OPTION_END};

const struct command command_check = {
    .name = "check",
    .summary = "check the project, its mappings and its rules",
    .options = check_options,
    .details =
        "Reads every document of the project and tells of each whether it is well; an error\n"
        "names file, line and column. Rules run their own tests. Nothing is read from the\n"
        "sources and nothing is written. Exit code 78: something is wrong in a document;\n"
        "12: a secret could not be had.",
    .run = run_check,
};
