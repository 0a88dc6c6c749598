#include "cust360/base/file.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool read_all(int descriptor, char *bytes, size_t length, size_t *read_bytes)
{
    *read_bytes = 0;
    while (*read_bytes < length) {
        ssize_t got = read(descriptor, bytes + *read_bytes, length - *read_bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0)
            return true;
        *read_bytes += (size_t)got;
    }
    return true;
}

FILE *file_stream(const char *path)
{
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return NULL;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
        return fdopen(descriptor, "rb");
    close(descriptor);
    errno = S_ISDIR(status.st_mode) ? EISDIR : ENXIO;
    return NULL;
}

bool file_read(struct arena *arena, const char *path, size_t limit_bytes, struct slice *content,
               struct error *error)
{
    bool done = false;
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return error_set_system(error, EXIT_FAILED, errno, "could not open %s", path);
    if (fstat(descriptor, &status) != 0) {
        error_set_system(error, EXIT_FAILED, errno, "could not read %s", path);
        goto out;
    }
    if (!S_ISREG(status.st_mode)) {
        error_set(error, EXIT_FAILED, "could not read %s: not a regular file", path);
        goto out;
    }
    if ((uint64_t)status.st_size > limit_bytes) {
        error_set(error, EXIT_FAILED, "could not read %s: larger than %zu bytes", path,
                  limit_bytes);
        goto out;
    }
    char *bytes = arena_allocate_bytes(arena, (size_t)status.st_size + 1);
    size_t length = 0;
    if (!read_all(descriptor, bytes, (size_t)status.st_size, &length)) {
        error_set_system(error, EXIT_FAILED, errno, "could not read %s", path);
        goto out;
    }
    bytes[length] = '\0';
    *content = slice_make(bytes, length);
    done = true;
out:
    close(descriptor);
    return done;
}

static bool write_all(int descriptor, struct slice content)
{
    size_t written = 0;
    while (written < content.length) {
        ssize_t put = write(descriptor, content.data + written, content.length - written);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        written += (size_t)put;
    }
    return true;
}

/* A file that was made by renaming is only safe when its folder is synced as well. */
static bool sync_path(const char *path, int flags, struct error *error)
{
    int descriptor = open(path, flags | O_CLOEXEC);
    if (descriptor < 0)
        return error_set_system(error, EXIT_FAILED, errno, "could not open %s", path);
    int failed = fsync(descriptor);
    int number = errno;
    close(descriptor);
    /* Some file systems cannot sync a folder and say EINVAL. */
    if (failed && number != EINVAL)
        return error_set_system(error, EXIT_FAILED, number, "could not sync %s", path);
    return true;
}

/* A device or a pipe that a file was renamed over would be gone for everybody. */
static bool is_replaceable(const char *path, struct error *error)
{
    struct stat status;
    if (lstat(path, &status) != 0 || S_ISREG(status.st_mode) || S_ISLNK(status.st_mode))
        return true;
    return error_set(error, EXIT_FAILED, "could not replace %s: it is not a file", path);
}

bool file_publish(const char *finished_path, const char *path, struct error *error)
{
    if (!is_replaceable(path, error) || !sync_path(finished_path, O_RDONLY, error))
        return false;
    if (rename(finished_path, path) != 0)
        return error_set_system(error, EXIT_FAILED, errno, "could not rename %s to %s",
                                finished_path, path);
    struct arena *arena = arena_create();
    bool synced = sync_path(file_folder(arena, path), O_RDONLY | O_DIRECTORY, error);
    arena_destroy(arena);
    return synced;
}

static bool write_new(const char *path, struct slice content, mode_t mode, struct error *error)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return error_set_system(error, EXIT_FAILED, errno, "could not create %s", path);
    bool written = write_all(descriptor, content) && fchmod(descriptor, mode) == 0;
    int number = errno;
    if (close(descriptor) != 0 && written) {
        written = false;
        number = errno;
    }
    if (!written)
        return error_set_system(error, EXIT_FAILED, number, "could not write %s", path);
    return true;
}

bool file_write(const char *path, struct slice content, struct error *error)
{
    return write_new(path, content, 0600, error);
}

/* A pipe that nobody reads would be waited for without end. */
static int open_existing(const char *path)
{
    enum { WAIT_MS = 10000, STEP_MS = 50 };
    int descriptor = -1;
    for (int waited_ms = 0; waited_ms <= WAIT_MS; waited_ms += STEP_MS) {
        descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (descriptor >= 0 || errno != ENXIO)
            break;
        nanosleep(&(struct timespec){0, STEP_MS * 1000000L}, NULL);
    }
    if (descriptor >= 0)
        fcntl(descriptor, F_SETFL, 0); /* writes wait for a reader that is there */
    return descriptor;
}

static bool write_into(const char *path, struct slice content, struct error *error)
{
    int descriptor = open_existing(path);
    if (descriptor < 0)
        return error_set_system(error, EXIT_FAILED, errno, "could not open %s", path);
    bool written = write_all(descriptor, content);
    int number = errno;
    if (close(descriptor) != 0 && written) {
        written = false;
        number = errno;
    }
    return written || error_set_system(error, EXIT_FAILED, number, "could not write %s", path);
}

static bool replace_file(const char *path, struct slice content, mode_t mode, struct error *error)
{
    struct arena *arena = arena_create();
    char *fresh = arena_format(arena, "%s.new", path);
    unlink(fresh); /* whatever a former run, or another, has left there */
    bool done = write_new(fresh, content, mode, error) && file_publish(fresh, path, error);
    if (!done)
        unlink(fresh);
    arena_destroy(arena);
    return done;
}

/* A name may be given by a user, and be /dev/null, a pipe or a link. */
static bool replace(const char *path, struct slice content, mode_t mode, struct error *error)
{
    struct stat status;
    char followed[PATH_MAX];
    bool link = lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
    if (stat(path, &status) != 0)
        return link ? write_new(path, content, mode, error)
                    : replace_file(path, content, mode, error);
    if (S_ISDIR(status.st_mode))
        return error_set(error, EXIT_FAILED, "could not write %s: it is a folder", path);
    if (!S_ISREG(status.st_mode))
        return write_into(path, content, error);
    if (!link)
        return replace_file(path, content, mode, error);
    if (!realpath(path, followed))
        return error_set_system(error, EXIT_FAILED, errno, "could not follow the link %s", path);
    return replace_file(followed, content, mode, error);
}

bool file_replace(const char *path, struct slice content, struct error *error)
{
    return replace(path, content, 0600, error);
}

bool file_replace_readable(const char *path, struct slice content, struct error *error)
{
    return replace(path, content, 0644, error);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

bool file_remove_folder(const char *path, struct error *error)
{
    enum { DESCRIPTORS = 16 };
    if (nftw(path, remove_entry, DESCRIPTORS, FTW_DEPTH | FTW_PHYS) == 0)
        return true;
    return error_set_system(error, EXIT_FAILED, errno, "could not remove %s", path);
}

static bool make_one_folder(const char *path, struct error *error)
{
    struct stat status;
    if (mkdir(path, 0700) == 0)
        return true;
    int number = errno;
    if (number == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return true;
    return error_set_system(error, EXIT_FAILED, number == EEXIST ? ENOTDIR : number,
                            "could not make the folder %s", path);
}

bool file_make_folder(const char *path, struct error *error)
{
    char *copy = memory_copy_text(path);
    bool made = true;
    for (char *slash = strchr(copy + (copy[0] != '\0'), '/'); slash && made;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        made = make_one_folder(copy, error);
        *slash = '/';
    }
    made = made && make_one_folder(copy, error);
    memory_free(copy);
    return made;
}

char *file_make_scratch(struct arena *arena, const char *name, struct error *error)
{
    const char *base = getenv("TMPDIR");
    return file_make_scratch_in(arena, base && *base ? base : "/tmp", name, error);
}

char *file_make_scratch_in(struct arena *arena, const char *folder, const char *name,
                           struct error *error)
{
    char *path = arena_format(arena, "%s/%s-XXXXXX", folder, name);
    if (mkdtemp(path))
        return path;
    error_set_system(error, EXIT_FAILED, errno, "could not make the folder %s", path);
    return NULL;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool file_stamp(const char *path, struct file_stamp *stamp)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return false;
    stamp->size_bytes = (uint64_t)status.st_size;
    stamp->modified_ns =
        (int64_t)status.st_mtim.tv_sec * INT64_C(1000000000) + status.st_mtim.tv_nsec;
    stamp->inode = (uint64_t)status.st_ino;
    return true;
}

/* Piece by piece and not mapped: a file that somebody cuts off meanwhile must not end the program.
 */
bool file_hash(const char *path, uint64_t *hash, struct error *error)
{
    enum { PIECE_BYTES = 1 << 20 };
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return error_set_system(error, EXIT_FAILED, errno, "could not open %s", path);
    /* Of a device or a pipe there may be no end. */
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(descriptor);
        return error_set(error, EXIT_FAILED, "could not read %s: not a regular file", path);
    }
    char *piece = memory_allocate(PIECE_BYTES);
    size_t length = 0;
    bool read = true;
    *hash = 0;
    while ((read = read_all(descriptor, piece, PIECE_BYTES, &length)) && length > 0)
        *hash = hash_combine(*hash, hash_bytes(slice_make(piece, length), length));
    if (!read)
        error_set_system(error, EXIT_FAILED, errno, "could not read %s", path);
    memory_free(piece);
    close(descriptor);
    return read;
}

void file_remove(const char *path)
{
    unlink(path);
}

char *file_join(struct arena *arena, const char *folder, const char *path)
{
    if (path[0] == '/' || !folder || !folder[0] || strcmp(folder, ".") == 0)
        return arena_format(arena, "%s", path);
    bool slash = folder[strlen(folder) - 1] == '/';
    return arena_format(arena, slash ? "%s%s" : "%s/%s", folder, path);
}

char *file_folder(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return arena_format(arena, ".");
    if (slash == path)
        return arena_format(arena, "/");
    return arena_text(arena, slice_make(path, (size_t)(slash - path)));
}

const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}
