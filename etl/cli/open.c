#include "cli/open.h"
#include "cust360/base/file.h"

struct project *open_project(const struct invocation *invocation, struct arena *arena,
                             struct error *error)
{
    const char *path = invocation_option(invocation, "config");
    struct project_overrides overrides = {
        .feeds = invocation_option(invocation, "feeds"),
        .state = invocation_option(invocation, "state"),
        .out = invocation_option(invocation, "out"),
        /* A command that reads no feeds has no business with their folder or their secrets. */
        .no_sources = !command_knows(invocation->command, "feeds"),
    };
    if (!path && !file_exists("cust360.yaml")) {
        error_set(error, EXIT_CONFIGURATION, "there is no cust360.yaml here");
        error_hint(error, "name the project file: --config FILE");
        return NULL;
    }
    return project_load(arena, path ? path : "cust360.yaml", &overrides, error);
}

const char *state_path(const struct project *project, struct arena *arena)
{
    return file_join(arena, project->state, "state.db");
}

const char *view_path(const struct project *project, struct arena *arena)
{
    return file_join(arena, project->out, "customer360.db");
}
