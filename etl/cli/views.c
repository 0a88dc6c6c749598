#include "cli/views.h"
#include "cli/open.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/text.h"

#include <stdio.h>

/* A published view is never written to again, only replaced: another name for it (a hard link)
 * costs nothing and is as safe as a copy. */

static const char *views_folder(const struct project *project, struct arena *arena)
{
    return file_join(arena, project->out, "views");
}

const char *views_path(const struct project *project, struct arena *arena, int64_t run_id)
{
    return file_join(arena, views_folder(project, arena),
                     arena_format(arena, "run-%06lld.db", (long long)run_id));
}

static bool read_stand(struct database *view, struct view_stand *stand, struct error *error)
{
    struct statement *find =
        statement_prepare(view,
                          "SELECT (SELECT value FROM parameter WHERE name = 'run_id'),"
                          " (SELECT value FROM parameter WHERE name = 'as_of')",
                          error);
    if (!find)
        return false;
    bool found = statement_step(find, error) == ACCEPTED;
    if (found) {
        stand->run_id = statement_integer(find, 0);
        snprintf(stand->as_of, sizeof(stand->as_of), "%.*s",
                 SLICE_ARGUMENTS(statement_text(find, 1)));
    }
    statement_destroy(find);
    return found;
}

void view_stand(const struct project *project, struct arena *arena, struct view_stand *stand)
{
    struct error ignored;
    const char *path = view_path(project, arena);
    *stand = (struct view_stand){0};
    if (!file_exists(path))
        return;
    struct database *view = database_open(path, DATABASE_READ, &ignored);
    if (view && !read_stand(view, stand, &ignored))
        *stand = (struct view_stand){0};
    database_close(view);
}

bool views_list(const struct project *project, struct arena *arena, int64_t **runs, size_t *count,
                struct error *error)
{
    char **paths = NULL;
    size_t found = 0;
    *count = 0;
    if (!file_exists(views_folder(project, arena)))
        return true;
    if (!file_glob(arena, file_join(arena, views_folder(project, arena), "run-*.db"), &paths,
                   &found, error))
        return false;
    *runs = arena_allocate_array(arena, found, sizeof(**runs));
    for (size_t i = 0; i < found; i++) {
        const char *name = file_name(paths[i]) + strlen("run-");
        if (text_to_integer(slice_make(name, strcspn(name, ".")), &(*runs)[*count]))
            (*count)++;
    }
    return true;
}

bool views_keep(const struct project *project, struct arena *arena, size_t most,
                struct error *error)
{
    struct view_stand stand;
    int64_t *runs = NULL;
    size_t count = 0;
    view_stand(project, arena, &stand);
    if (most > 0 && stand.run_id > 0 &&
        (!file_make_folder(views_folder(project, arena), error) ||
         !file_link(view_path(project, arena), views_path(project, arena, stand.run_id), error)))
        return false;
    if (!views_list(project, arena, &runs, &count, error))
        return false;
    for (size_t i = 0; runs && i + most < count; i++)
        file_remove(views_path(project, arena, runs[i]));
    return true;
}

static bool not_kept(const int64_t *runs, size_t count, int64_t run_id, struct error *error)
{
    char list[256] = "";
    size_t length = 0;
    for (size_t i = 0; i < count && length + 24 < sizeof(list); i++)
        length += (size_t)snprintf(list + length, sizeof(list) - length, "%s%lld", i ? ", " : "",
                                   (long long)runs[i]);
    error_set(error, EXIT_FAILED, "there is no view of run %lld to go back to", (long long)run_id);
    if (count == 0)
        return error_hint(error, "none is kept; `keep: {views: N}` in cust360.yaml keeps some");
    return error_hint(error, "kept are those of the runs %s; `keep: {views: N}` keeps more", list);
}

bool views_put_back(const struct project *project, struct arena *arena, int64_t run_id,
                    struct error *error)
{
    int64_t *runs = NULL;
    size_t count = 0;
    const char *path = view_path(project, arena);
    const char *fresh = arena_format(arena, "%s.back", path);
    const char *kept = views_path(project, arena, run_id);
    if (!file_exists(kept))
        return views_list(project, arena, &runs, &count, error) &&
               not_kept(runs, count, run_id, error);
    return file_link(kept, fresh, error) && file_publish(fresh, path, error);
}
