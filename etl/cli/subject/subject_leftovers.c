#include "cli/subject.h"
#include "cust360/base/file.h"
#include "cust360/base/slice.h"

/* What no run would look at any more and what still holds everybody: files of runs, rehearsals and
 * reads that were killed, of roles and targets that are configured no more. */

static bool remove_matches(const struct erasure *erasure, const char *folder, const char *pattern,
                           size_t *removed, struct error *error)
{
    struct arena *arena = erasure->arena;
    char **paths = NULL;
    size_t count = 0;
    if (!file_exists(folder))
        return true;
    if (!file_glob(arena, file_join(arena, folder, pattern), &paths, &count, error))
        return false;
    for (size_t i = 0; i < count; i++)
        file_remove(paths[i]);
    *removed += count;
    return true;
}

static bool remove_whole(const char *folder, size_t *removed, struct error *error)
{
    if (!file_exists(folder))
        return true;
    (*removed)++;
    return file_remove_folder(folder, error);
}

/* No run writes them now: the state's lock is held. A rehearsal under way fails without its folder;
 * it would tell of the person. */
static bool remove_unfinished(struct erasure *erasure, struct error *error)
{
    struct arena *arena = erasure->arena;
    const char *out = erasure->project->out;
    const char *state = erasure->project->state;
    const char *const files[][2] = {
        {out, "*.db.new*"},
        {out, "*.db.back"},
        {out, "*.erasing*"},
        {file_join(arena, out, "views"), "*.new*"},
        {file_join(arena, out, "views"), "*.erasing*"},
        {file_join(arena, out, "targets"), "*/*.read*"},
        {file_join(arena, state, "targets"), "*/*.read*"},
    };
    const char *const folders[] = {
        file_join(arena, state, "rehearsals/work"),
        file_join(arena, state, "rejects.retry"),
        file_join(arena, out, "rehearsal.work"),
    };
    size_t removed = 0;
    bool done = true;
    for (size_t i = 0; done && i < sizeof(files) / sizeof(files[0]); i++)
        done = remove_matches(erasure, files[i][0], files[i][1], &removed, error);
    for (size_t i = 0; done && i < sizeof(folders) / sizeof(folders[0]); i++)
        done = remove_whole(folders[i], &removed, error);
    if (removed)
        erasure_note(erasure, "what killed runs left", "removed");
    return done;
}

/* ---- roles ---- */

static bool is_role(const struct project *project, struct slice name)
{
    for (size_t i = 0; i < project->operation.role_count; i++)
        if (slice_equal(slice_of(project->operation.roles[i]), name))
            return true;
    return false;
}

static bool remove_roles(struct erasure *erasure, struct error *error)
{
    struct arena *arena = erasure->arena;
    const struct project *project = erasure->project;
    const char *folder = file_join(arena, project->view, "roles");
    char **paths = NULL;
    size_t count = 0;
    if (file_exists(folder) &&
        !file_glob(arena, file_join(arena, folder, "*.sql"), &paths, &count, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct slice name = slice_of(file_name(paths[i]));
        name.length -= strlen(".sql");
        const char *path =
            file_join(arena, project->out, arena_format(arena, "%.*s.db", SLICE_ARGUMENTS(name)));
        if (is_role(project, name) || !file_exists(path))
            continue;
        file_remove(path);
        erasure_note(erasure, path, "of a role that is not configured: removed");
    }
    return true;
}

/* ---- targets ---- */

static bool is_target(const struct project *project, const char *name)
{
    for (size_t i = 0; i < project->target_count; i++)
        if (strcmp(project->targets[i].name, name) == 0)
            return true;
    return false;
}

static bool remove_targets(struct erasure *erasure, const char *folder, struct error *error)
{
    struct arena *arena = erasure->arena;
    char **paths = NULL;
    size_t count = 0;
    if (!file_exists(folder))
        return true;
    if (!file_glob(arena, file_join(arena, folder, "*"), &paths, &count, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *name = file_name(paths[i]);
        if (is_target(erasure->project, name))
            continue;
        if (!file_remove_folder(paths[i], error))
            return false;
        erasure->incomplete = true;
        erasure_note(erasure, arena_format(arena, "target %s", name),
                     "was sent views and is not configured: delete the person there");
    }
    return true;
}

bool erasure_leftovers(struct erasure *erasure, struct error *error)
{
    struct arena *arena = erasure->arena;
    const struct project *project = erasure->project;
    return remove_unfinished(erasure, error) && remove_roles(erasure, error) &&
           remove_targets(erasure, file_join(arena, project->state, "targets"), error) &&
           remove_targets(erasure, file_join(arena, project->out, "targets"), error);
}
