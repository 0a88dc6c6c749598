#include "cli/check.h"
#include "cli/commands.h"
#include "cli/targets.h"
#include "cust360/base/buffer.h"
#include "cust360/match.h"
#include "cust360/standardize.h"

#include <stdio.h>

/* What has been checked so far. */
struct checkup {
    struct arena *arena;
    const struct invocation *invocation;
    const struct project *project;
    size_t documents;
    size_t errors;
    int exit_code; /* 78 goes before all: what stands in the files is mended first */
};

static void count_error(struct checkup *checkup, int exit_code)
{
    checkup->errors++;
    if (checkup->exit_code != EXIT_CONFIGURATION)
        checkup->exit_code = exit_code;
}

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
    command_print(buffer_slice(&text));
    buffer_release(&text);
    count_error(checkup, error->exit_code);
}

/* ---- rules ---- */

static void run_rule_tests(struct checkup *checkup, const struct rules *rules)
{
    struct buffer report = BUFFER_EMPTY;
    struct error error;
    size_t tests = 0;
    size_t failures = 0;
    if (!rules_test(rules, &report, &tests, &failures, &error)) {
        hear_document(checkup, checkup->project->rules, &error);
    } else if (failures) {
        command_print(buffer_slice(&report));
        for (size_t i = 0; i < failures; i++)
            count_error(checkup, EXIT_CONFIGURATION);
    } else {
        checkup->documents++;
        printf("ok  %s: %zu tests\n", checkup->project->rules, tests);
    }
    buffer_release(&report);
}

static void check_rules(struct checkup *checkup)
{
    struct error error;
    int32_t as_of_days = 0;
    if (!invocation_as_of(checkup->invocation, &as_of_days, &error)) {
        hear_document(checkup, "--as-of", &error);
        return;
    }
    struct rules *rules = rules_load(checkup->project, as_of_days, &error);
    if (rules)
        run_rule_tests(checkup, rules);
    else
        hear_document(checkup, checkup->project->rules, &error);
    rules_destroy(rules);
}

/* ---- matching, merging, the view ---- */

static void check_match(struct checkup *checkup)
{
    struct error error;
    const struct project *project = checkup->project;
    struct match_rules *rules =
        match_rules_load(checkup->arena, project->match, project->model, &error);
    hear_document(checkup, project->match, rules ? NULL : &error);
    if (!rules)
        return;
    const struct match_model *model =
        match_model_load(checkup->arena, project->match_model, rules, &error);
    hear_document(checkup, project->match_model, model ? NULL : &error);
}

static void check_merge_and_view(struct checkup *checkup)
{
    struct error error;
    const struct project *project = checkup->project;
    const struct survivorship *survivorship =
        survivorship_load(checkup->arena, project->survivorship, project->model, &error);
    hear_document(checkup, project->survivorship, survivorship ? NULL : &error);
    if (!survivorship)
        return;
    bool built = check_view(project, survivorship, checkup->arena, &error);
    hear_document(checkup, project->view, built ? NULL : &error);
}

/* ---- targets ---- */

static void check_targets(struct checkup *checkup)
{
    for (size_t i = 0; i < checkup->project->target_count; i++) {
        struct error error;
        const char *name = checkup->project->targets[i].name;
        bool checked = targets_check(checkup->project, i, checkup->arena, &error);
        if (checked)
            printf("ok  target %s: what was written came back\n", name);
        else
            hear_document(checkup, name, &error);
    }
}

/* ---- the project ---- */

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

/* What is wrong with a source does not keep the rest from being looked at. */
static const struct project *load_project(struct checkup *checkup)
{
    const char *path = invocation_option(checkup->invocation, "config");
    struct document_listener listener = {hear_document, checkup};
    struct project_overrides overrides = {.feeds = invocation_option(checkup->invocation, "feeds")};
    struct error error;
    path = path ? path : "cust360.yaml";
    const struct project *project =
        project_check(checkup->arena, path, &overrides, &listener, &error);
    if (project) {
        tell_sources(project);
        return project;
    }
    overrides.no_sources = true;
    return project_load(checkup->arena, path, &overrides, &error);
}

static int run_check(const struct invocation *invocation)
{
    struct checkup checkup = {
        .arena = arena_create(), .invocation = invocation, .exit_code = EXIT_DONE};
    checkup.project = load_project(&checkup);
    if (checkup.project) {
        check_rules(&checkup);
        check_match(&checkup);
        check_merge_and_view(&checkup);
        check_targets(&checkup);
    }
    arena_destroy(checkup.arena);
    if (checkup.errors)
        printf("%zu error%s\n", checkup.errors, checkup.errors == 1 ? "" : "s");
    else
        printf("all is well: %zu documents\n", checkup.documents);
    return checkup.exit_code;
}

static const struct option_rule check_options[] = {OPTION_CONFIG, OPTION_FEEDS, OPTION_AS_OF,
                                                   OPTION_END};

const struct command command_check = {
    .name = "check",
    .summary = "check the project, its mappings and its rules",
    .options = check_options,
    .details =
        "Reads every document of the project and tells of each whether it is well; an error\n"
        "names file, line and column. Rules run their own tests, the view's SQL runs over an\n"
        "empty state. To each target a row of rare characters is written, read back and taken\n"
        "back. Nothing is read from the sources' files, and nothing is left behind.\n"
        "Exit code 78: something is wrong in a document; 12: a secret could not be had.",
    .run = run_check,
};
