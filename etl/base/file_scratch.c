#include "cust360/base/file.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { OPEN_FOLDERS_MAX = 16 };

char *file_make_scratch(struct arena *arena, const char *name, struct error *error)
{
    const char *top = getenv("TMPDIR");
    char *folder = arena_format(arena, "%s/%s-XXXXXX", top && *top ? top : "/tmp", name);
    if (mkdtemp(folder))
        return folder;
    error_set_system(error, EXIT_FAILED, errno, "could not make %s", folder);
    return NULL;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *position)
{
    (void)status;
    (void)type;
    (void)position;
    remove(path);
    return 0;
}

void file_remove_folder(const char *path)
{
    nftw(path, remove_entry, OPEN_FOLDERS_MAX, FTW_DEPTH | FTW_PHYS);
}
