#include "cli/open.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"

static struct project *open_with(const struct invocation *invocation, bool no_sources,
                                 struct arena *arena, struct error *error)
{
    const char *path = invocation_option(invocation, "config");
    struct project_overrides overrides = {
        .feeds = invocation_option(invocation, "feeds"),
        .state = invocation_option(invocation, "state"),
        .out = invocation_option(invocation, "out"),
        .no_sources = no_sources,
    };
    if (!path && !file_exists("cust360.yaml")) {
        error_set(error, EXIT_CONFIGURATION, "there is no cust360.yaml here");
        error_hint(error, "name the project file: --config FILE");
        return NULL;
    }
    struct project *project = project_load(arena, path ? path : "cust360.yaml", &overrides, error);
    if (project)
        database_use_keys(&project->operation.seals);
    return project;
}

struct project *open_project(const struct invocation *invocation, struct arena *arena,
                             struct error *error)
{
    /* A command that reads no feeds has no business with their folder or their secrets. */
    return open_with(invocation, !command_knows(invocation->command, "feeds"), arena, error);
}

struct project *open_project_without_sources(const struct invocation *invocation,
                                             struct arena *arena, struct error *error)
{
    return open_with(invocation, true, arena, error);
}

const char *state_path(const struct project *project, struct arena *arena)
{
    return file_join(arena, project->state, "state.db");
}

const char *view_path(const struct project *project, struct arena *arena)
{
    return file_join(arena, project->out, "customer360.db");
}
