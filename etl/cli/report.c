#include "cli/commands.h"
#include "cli/open.h"
#include "cli/page/view_page.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"

static int print_view(const struct invocation *invocation, struct arena *arena)
{
    struct error error;
    struct buffer html = BUFFER_EMPTY;
    const struct project *project = open_project_without_sources(invocation, arena, &error);
    const char *path = project ? view_path(project, arena) : NULL;
    if (!project)
        return command_failed(&error);
    if (!file_exists(path)) {
        error_set(&error, EXIT_STATE, "nothing has been published in %s yet", path);
        error_hint(&error, "cust360 run makes it");
        return command_failed(&error);
    }
    struct database *view = database_open(path, DATABASE_READ, &error);
    bool written = view && view_page_write(arena, view, project->name, &html, &error);
    database_close(view);
    if (written)
        command_print(buffer_slice(&html));
    buffer_release(&html);
    return written ? EXIT_DONE : command_failed(&error);
}

static int run_report(const struct invocation *invocation)
{
    if (!invocation_flag(invocation, "view")) {
        struct error error;
        error_set(&error, EXIT_USAGE, "say what to report: --view");
        error_hint(&error, "what a run did is in OUT/report.html, which the run has written");
        return command_failed(&error);
    }
    struct arena *arena = arena_create();
    int code = print_view(invocation, arena);
    arena_destroy(arena);
    return code;
}

static const struct option_rule report_options[] = {
    OPTION_CONFIG,
    OPTION_OUT,
    {"view", 0, NULL, "the customers of the published view: stages, grades, retention, leads"},
    OPTION_END};

const struct command command_report = {
    .name = "report",
    .summary = "write management's page of the published view",
    .options = report_options,
    .details = "One self-contained HTML page with charts, to stdout:\n"
               "  cust360 report --view > customers.html\n"
               "Its numbers are those of the view's tables, which each chart names.",
    .run = run_report,
};
