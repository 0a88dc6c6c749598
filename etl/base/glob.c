/* The paths of a shell pattern, folder by folder. The C library's glob() frees a name twice where
 * memory runs out. */
#include "cust360/base/file.h"
#include "cust360/base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct search {
    struct arena *arena;
    char **paths;
    size_t count, capacity;
    int problem; /* errno of the first folder that could not be read */
};

/* What is left of a pattern, part by part: slashes, and a name or a pattern of names. */
struct part {
    struct slice slashes;
    char *name;
    bool is_pattern;
    const char *rest; /* empty: this is the last */
};

static struct part first_part(struct arena *arena, const char *pattern)
{
    size_t slashes = strspn(pattern, "/");
    size_t length = strcspn(pattern + slashes, "/");
    struct slice name = {pattern + slashes, length};
    return (struct part){
        .slashes = {pattern, slashes},
        .name = arena_text(arena, name),
        .is_pattern = strcspn(name.data, "*?[\\") < length,
        .rest = name.data + length,
    };
}

static void find(struct search *search, const char *folder, const char *pattern, bool matched);

static void find_named(struct search *search, const char *folder, const struct part *part,
                       const char *name, bool matched)
{
    struct stat status;
    char *path =
        arena_format(search->arena, "%s%.*s%s", folder, SLICE_ARGUMENTS(part->slashes), name);
    if (*part->rest) {
        find(search, path, part->rest, matched);
    } else if (lstat(path, &status) == 0) {
        search->paths = memory_grow(search->paths, &search->capacity, search->count + 1,
                                    sizeof(*search->paths));
        search->paths[search->count++] = path;
    }
}

static void find_matching(struct search *search, const char *folder, const struct part *part,
                          bool matched)
{
    char *path = arena_format(search->arena, "%s%.*s", folder, SLICE_ARGUMENTS(part->slashes));
    DIR *stream = opendir(*path ? path : ".");
    if (!stream) {
        bool is_none = errno == ENOTDIR || (matched && errno == ENOENT);
        search->problem = is_none ? 0 : errno;
        return;
    }
    const struct dirent *entry;
    errno = 0;
    while (!search->problem && (entry = readdir(stream))) {
        if (fnmatch(part->name, entry->d_name, FNM_PERIOD) == 0)
            find_named(search, folder, part, entry->d_name, true);
        errno = 0;
    }
    if (!search->problem)
        search->problem = errno;
    closedir(stream);
}

/* What is below `folder`. The caller's own words up to there: it has to exist; if a pattern was
 * matched on the way, it need not. */
static void find(struct search *search, const char *folder, const char *pattern, bool matched)
{
    struct part part = first_part(search->arena, pattern);
    if (part.is_pattern)
        find_matching(search, folder, &part, matched);
    else
        find_named(search, folder, &part, part.name, matched);
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool file_glob(struct arena *arena, const char *shell_pattern, char ***paths, size_t *count,
               struct error *error)
{
    struct search search = {.arena = arena};
    *paths = NULL;
    *count = 0;
    find(&search, "", shell_pattern, false);
    if (search.problem == ENOMEM)
        memory_exhausted();
    if (search.problem == 0 && search.count > 0) {
        *paths = arena_allocate_array(arena, search.count, sizeof(**paths));
        memcpy(*paths, search.paths, search.count * sizeof(**paths));
        *count = search.count;
        qsort(*paths, *count, sizeof(**paths), compare_paths);
    }
    memory_free(search.paths);
    return search.problem == 0 ||
           error_set_system(error, EXIT_FAILED, search.problem, "could not read the folder of %s",
                            shell_pattern);
}
