#include "publish/sent.h"
#include "cust360/base/file.h"
#include "publish/ledger.h"

#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

void sent_token(char *token)
{
    uint64_t number = 0;
    if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
        number = (uint64_t)getpid();
    snprintf(token, TOKEN_BYTES, "%016llx", (unsigned long long)number);
}

const char *sent_path(struct arena *arena, const char *folder, const char *target,
                      const char *token, struct error *error)
{
    const char *own = file_join(arena, folder, target);
    if (!file_make_folder(own, error))
        return NULL;
    return arena_format(arena, "%s/%s.db", own, token);
}

bool sent_keep(const char *view_path, const char *path, struct error *error)
{
    if (link(view_path, path) == 0)
        return true;
    return file_copy(view_path, path, error);
}

bool sent_is_same(const char *a, const char *b)
{
    struct stat first;
    struct stat second;
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

void sent_remove_others(struct arena *arena, const char *path)
{
    char **paths = NULL;
    size_t count = 0;
    struct error ignored;
    const char *pattern = file_join(arena, file_folder(arena, path), "*.db*");
    if (!file_glob(arena, pattern, &paths, &count, &ignored))
        return;
    for (size_t i = 0; i < count; i++)
        if (strcmp(paths[i], path) != 0)
            file_remove(paths[i]);
}
