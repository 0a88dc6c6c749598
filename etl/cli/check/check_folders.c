#include "cli/check.h"
#include "cust360/base/file.h"

#include <errno.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { CANARY_BYTES = 64 * 1024, KILOBYTE = 1024 };

static const char canary_name[] = ".cust360-canary";

/* The folder that would be made cannot be written to; the one that it would be made in can be
 * asked. "" is where everything begins. */
static const char *nearest_folder(struct arena *arena, const char *path)
{
    while (!file_exists(path) && path[0] && strcmp(path, ".") != 0)
        path = file_folder(arena, path);
    return path;
}

static bool ask_right(struct arena *arena, const char *path, struct error *error)
{
    const char *folder = nearest_folder(arena, path);
    if (access(folder, W_OK | X_OK) == 0)
        return true;
    error_set_system(error, EXIT_FAILED, errno, "could not make the folder %s", path);
    return error_hint(error, "whoever runs cust360 needs the right to write in %s", folder);
}

/* As a run writes: a file beside, synced, renamed. */
static bool write_canary(struct arena *arena, const char *path, struct error *error)
{
    const char *file = file_join(arena, path, canary_name);
    const struct slice content = {arena_allocate(arena, CANARY_BYTES), CANARY_BYTES};
    bool written = file_replace(file, content, error);
    file_remove(file);
    if (written)
        return true;
    return error_hint(error,
                      "nothing can be written to %s: look at its rights, its file system and"
                      " the room there",
                      path);
}

/* The next one is written whole beside that of today. */
static void ask_room(struct arena *arena, const char *path, const char *file, struct error *warning)
{
    struct file_stamp stamp;
    struct statvfs room;
    if (!file_stamp(file_join(arena, path, file), &stamp) || statvfs(path, &room) != 0)
        return;
    uint64_t free_bytes = (uint64_t)room.f_bavail * room.f_frsize;
    if (free_bytes >= stamp.size_bytes)
        return;
    error_set(warning, EXIT_FAILED, "%s has room for %llu KB, and %s has %llu", path,
              (unsigned long long)(free_bytes / KILOBYTE), file,
              (unsigned long long)(stamp.size_bytes / KILOBYTE));
    error_hint(warning, "the next one is written whole before it takes the place of this");
}

bool check_folder(const char *path, const char *file, struct arena *arena, struct error *warning,
                  struct error *error)
{
    *warning = (struct error){0};
    if (!file_exists(path))
        return ask_right(arena, path, error);
    ask_room(arena, path, file, warning);
    return write_canary(arena, path, error);
}
