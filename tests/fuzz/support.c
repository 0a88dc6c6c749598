#include "support.h"

#include "extract/encoding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, FILE_DESCRIPTOR = 700, IDLE_MAX = 32 };

void require(bool promise)
{
    if (!promise)
        abort();
}

const char *fuzz_file(const uint8_t *bytes, size_t count)
{
    static char path[64];
    int file = memfd_create("fuzz", 0);
    require(file >= 0 && write(file, bytes, count) == (ssize_t)count);
    require(dup2(file, FILE_DESCRIPTOR) == FILE_DESCRIPTOR);
    close(file);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", FILE_DESCRIPTOR);
    return path;
}

const char *fuzz_folder(const char *const *linked)
{
    static char folder[PATH_BYTES];
    const char *parent = getenv("TMPDIR");
    char root[PATH_BYTES];
    char from[2 * PATH_BYTES];
    char to[2 * PATH_BYTES];
    snprintf(folder, sizeof(folder), "%s/cust360-fuzz-XXXXXX", parent ? parent : "/tmp");
    require(mkdtemp(folder) && getcwd(root, sizeof(root)));
    for (; *linked; linked++) {
        const char *name = strrchr(*linked, '/');
        snprintf(from, sizeof(from), "%s/%s", root, *linked);
        snprintf(to, sizeof(to), "%s/%s", folder, name ? name + 1 : *linked);
        require(symlink(from, to) == 0);
    }
    return folder;
}

const char *fuzz_file_as(const char *folder, const char *name)
{
    static char path[PATH_BYTES];
    char target[64];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    snprintf(target, sizeof(target), "/proc/self/fd/%d", FILE_DESCRIPTOR);
    require(symlink(target, path) == 0);
    return path;
}

/* Making the tables of an encoding takes a hundred times longer than reading an input. They are
 * kept from one input to the next; each decoder still has one of its own. The linker puts these in
 * the place of the program's. */
struct encoding *__real_encoding_open(const char *name, struct error *error);
void __real_encoding_close(struct encoding *encoding);
struct encoding *__wrap_encoding_open(const char *name, struct error *error);
void __wrap_encoding_close(struct encoding *encoding);

static struct encoding *idle[IDLE_MAX];

struct encoding *__wrap_encoding_open(const char *name, struct error *error)
{
    for (size_t i = 0; i < IDLE_MAX; i++)
        if (idle[i] && encoding_is(idle[i]->name, name)) {
            struct encoding *found = idle[i];
            idle[i] = NULL;
            return found;
        }
    return __real_encoding_open(name, error);
}

void __wrap_encoding_close(struct encoding *encoding)
{
    /* Any other belongs to one input alone. */
    for (size_t i = 0; encoding && encoding->form == ENCODING_PAIRS && i < IDLE_MAX; i++)
        if (!idle[i]) {
            idle[i] = encoding;
            return;
        }
    __real_encoding_close(encoding);
}
