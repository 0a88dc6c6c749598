#include "cli/check.h"
#include "cli/check/check_report.h"
#include "cli/commands.h"
#include "cli/targets.h"
#include "cust360/base/buffer.h"
#include "cust360/match.h"
#include "cust360/standardize.h"
#include "cust360/standardize_rules.h"

#include <stdio.h>
#include <string.h>

/* What has been checked so far. */
struct checkup {
    struct arena *arena;
    const struct invocation *invocation;
    const struct project *project;
    struct rules *rules; /* NULL: they are not well */
    struct check_report report;
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
        check_report_well(&checkup->report, path);
        return;
    }
    check_report_add(&checkup->report, "document", CHECK_ERROR, error);
    count_error(checkup, error->exit_code);
}

/* ---- rules ---- */

static void run_rule_tests(struct checkup *checkup)
{
    struct buffer report = BUFFER_EMPTY;
    struct error error;
    size_t tests = 0;
    size_t failures = 0;
    const char *folder = checkup->project->rules;
    if (!rules_test(checkup->rules, &report, &tests, &failures, &error)) {
        hear_document(checkup, folder, &error);
    } else if (failures) {
        if (checkup->report.format == CHECK_TEXT)
            command_print(buffer_slice(&report));
        for (size_t i = 0; i < failures; i++)
            count_error(checkup, EXIT_CONFIGURATION);
    } else {
        checkup->documents++;
        check_report_well(&checkup->report,
                          arena_format(checkup->arena, "%s: %zu tests", folder, tests));
    }
    buffer_release(&report);
}

/* For machines each failed test is a finding with its place. */
static void hear_failure(void *context, const struct rule_failure *failure)
{
    struct checkup *checkup = context;
    struct buffer text = BUFFER_EMPTY;
    struct error error;
    rule_failure_describe(failure, &text);
    error_set(&error, EXIT_CONFIGURATION, "%.*s", SLICE_ARGUMENTS(buffer_slice(&text)));
    error_place(&error, failure->file, failure->line, failure->column);
    check_report_add(&checkup->report, "rule_test", CHECK_ERROR, &error);
    buffer_release(&text);
}

static void list_failures(struct checkup *checkup)
{
    struct rule_listener listener = {hear_failure, checkup};
    struct rule_trials trials = {0};
    struct error error;
    if (checkup->report.format != CHECK_TEXT)
        (void)rules_try(checkup->rules, SIZE_MAX, &listener, &trials, &error); /* told before */
}

static void check_rules(struct checkup *checkup)
{
    struct error error;
    int32_t as_of_days = 0;
    if (!invocation_as_of(checkup->invocation, &as_of_days, &error)) {
        hear_document(checkup, "--as-of", &error);
        return;
    }
    checkup->rules = rules_load(checkup->project, as_of_days, &error);
    if (!checkup->rules) {
        hear_document(checkup, checkup->project->rules, &error);
        return;
    }
    run_rule_tests(checkup);
    list_failures(checkup);
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

/* ---- where a run writes ---- */

static void take_outcome(struct checkup *checkup, const char *rule, const char *well,
                         const struct error *warning, const struct error *error)
{
    if (warning->exit_code)
        check_report_add(&checkup->report, rule, CHECK_WARNING, warning);
    if (!error) {
        check_report_well(&checkup->report, well);
        return;
    }
    check_report_add(&checkup->report, rule, CHECK_ERROR, error);
    count_error(checkup, error->exit_code);
}

static void check_folders(struct checkup *checkup)
{
    const struct project *project = checkup->project;
    const char *const folders[][2] = {{project->state, "state.db"},
                                      {project->out, "customer360.db"}};
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        struct error warning = {0};
        struct error error;
        bool checked = check_folder(folders[i][0], folders[i][1], checkup->arena, &warning, &error);
        take_outcome(checkup, "folder",
                     arena_format(checkup->arena, "%s: can be written to", folders[i][0]), &warning,
                     checked ? NULL : &error);
    }
}

static void check_targets(struct checkup *checkup)
{
    for (size_t i = 0; i < checkup->project->target_count; i++) {
        struct error warning = {0};
        struct error error;
        const char *name = checkup->project->targets[i].name;
        bool checked = targets_check(checkup->project, i, checkup->arena, &warning, &error);
        take_outcome(checkup, "target",
                     arena_format(checkup->arena, "target %s: what was written came back", name),
                     &warning, checked ? NULL : &error);
    }
}

/* ---- the project ---- */

static void tell_sources(const struct checkup *checkup, const struct project *project)
{
    size_t missing = 0;
    for (size_t i = 0; i < project->source_count; i++) {
        const struct source *source = &project->sources[i];
        if (!source->missing.exit_code)
            continue;
        missing++;
        if (checkup->report.format == CHECK_TEXT)
            printf("source %s: %s: %s\n", source->id, source->path, source->missing.message);
    }
    if (checkup->report.format == CHECK_TEXT)
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
    checkup->report.project = path;
    const struct project *project =
        project_check(checkup->arena, path, &overrides, &listener, &error);
    if (project) {
        tell_sources(checkup, project);
        return project;
    }
    overrides.no_sources = true;
    return project_load(checkup->arena, path, &overrides, &error);
}

static bool read_format(const struct invocation *invocation, enum check_format *format,
                        struct error *error)
{
    static const char *const names[] = {"text", "json", "sarif"};
    const char *asked = invocation_option(invocation, "format");
    *format = CHECK_TEXT;
    for (size_t i = 0; asked && i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(asked, names[i]) == 0) {
            *format = (enum check_format)i;
            return true;
        }
    return !asked || error_set(error, EXIT_USAGE, "check: --format is text, json or sarif");
}

static void check_project(struct checkup *checkup)
{
    check_rules(checkup);
    check_match(checkup);
    check_merge_and_view(checkup);
    check_folders(checkup);
    check_targets(checkup);
    if (checkup->rules && !invocation_flag(checkup->invocation, "no-feeds"))
        check_feeds(&checkup->report, checkup->project, checkup->rules);
    if (checkup->report.warnings && checkup->exit_code == EXIT_DONE &&
        invocation_flag(checkup->invocation, "strict"))
        checkup->exit_code = EXIT_SOURCE_MISSING;
}

static void conclude(const struct checkup *checkup)
{
    size_t warnings = checkup->report.warnings;
    struct buffer text = BUFFER_EMPTY;
    check_report_write(&checkup->report, checkup->exit_code, &text);
    if (checkup->report.format != CHECK_TEXT)
        command_print(buffer_slice(&text));
    else if (checkup->errors)
        printf("%zu error%s\n", checkup->errors, checkup->errors == 1 ? "" : "s");
    else if (warnings)
        printf("all is well: %zu documents; %zu warning%s\n", checkup->documents, warnings,
               warnings == 1 ? "" : "s");
    else
        printf("all is well: %zu documents\n", checkup->documents);
    buffer_release(&text);
}

static int run_check(const struct invocation *invocation)
{
    struct error error;
    struct checkup checkup = {.invocation = invocation, .exit_code = EXIT_DONE};
    if (!read_format(invocation, &checkup.report.format, &error))
        return command_failed(&error);
    checkup.arena = arena_create();
    checkup.report.arena = checkup.arena;
    checkup.project = load_project(&checkup);
    if (checkup.project)
        check_project(&checkup);
    conclude(&checkup);
    rules_destroy(checkup.rules);
    check_report_release(&checkup.report);
    arena_destroy(checkup.arena);
    return checkup.exit_code;
}

static const struct option_rule check_options[] = {
    OPTION_CONFIG,
    OPTION_FEEDS,
    {"format", 0, "FORMAT", "text, json or sarif (default: text)"},
    {"no-feeds", 0, NULL, "do not look into the sources' files"},
    {"strict", 0, NULL, "exit code 3 when something is warned of, as a file that does not fit"},
    OPTION_AS_OF,
    OPTION_END};

const struct command command_check = {
    .name = "check",
    .summary = "check the project, its mappings and its rules",
    .options = check_options,
    .details =
        "Reads every document of the project and tells of each whether it is well; an error\n"
        "names file, line and column. Rules run their own tests, the view's SQL runs over an\n"
        "empty state. A file is written to the folders of state and view and taken away; to each\n"
        "target a row of rare characters is written, read back and taken back, and its tables and\n"
        "the rights to them are tried. Of each source that is there the first 2,000 rows are read: "
        "columns that are\n"
        "missing, new or renamed, rows that are rejected, and fields most of whose values are\n"
        "refused are warned of. Nothing is left behind. What cust360 draft has marked as to be\n"
        "decided is an error. --format sarif writes SARIF 2.1.0, for editors and code hosts.\n"
        "Exit code 78: something is wrong in a document; 12: a secret could not be had.",
    .run = run_check,
};
