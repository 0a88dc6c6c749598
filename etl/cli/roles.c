#include "cli/roles.h"
#include "cli/open.h"
#include "cust360/base/file.h"
#include "cust360/view_role.h"

struct roles_place {
    const char *view;
    const char *key_folder;
    const char *out;
};

static bool build_roles(const struct project *project, const struct roles_place *place,
                        enum roles_wanted wanted, struct arena *arena, struct error *error)
{
    const struct operation *operation = &project->operation;
    for (size_t i = 0; i < operation->role_count; i++) {
        const struct role_options options = {
            .folder = project->view,
            .role = operation->roles[i],
            .view_path = place->view,
            .key_path = file_join(arena, place->key_folder, "role.key"),
            .path = file_join(arena, place->out, arena_format(arena, "%s.db", operation->roles[i])),
        };
        if (wanted == ROLES_MISSING && file_exists(options.path))
            continue;
        if (!role_build(arena, &options, error))
            return false;
    }
    return true;
}

bool roles_publish(const struct project *project, struct arena *arena, enum roles_wanted wanted,
                   struct error *error)
{
    const struct roles_place place = {view_path(project, arena), project->state, project->out};
    return build_roles(project, &place, wanted, arena, error);
}

bool roles_try(const struct project *project, const char *folder, struct arena *arena,
               struct error *error)
{
    const struct roles_place place = {file_join(arena, folder, "customer360.db"), folder, folder};
    return build_roles(project, &place, ROLES_ALL, arena, error);
}
