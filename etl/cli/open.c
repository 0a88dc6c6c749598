#include "cli/open.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"

#include <stdlib.h>

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
    if (!project)
        return NULL;
    database_use_keys(&project->operation.seals);
    /* What SQLite sorts in files (without a name) has customers in it, and belongs where the view
     * stands, not on whatever disk /var/tmp is on. Whoever has chosen another place keeps it. */
    (void)setenv("SQLITE_TMPDIR", project->out, 0);
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
