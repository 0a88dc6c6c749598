#include "cust360/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Shares the blocks where the file system can (XFS, btrfs); else the kernel copies, which takes a
 * third of the time that reading and writing takes. */
static bool copy_bytes(int from, int to)
{
    enum { STEP_BYTES = 1 << 30 };
    if (ioctl(to, FICLONE, from) == 0)
        return true;
    for (;;) {
        ssize_t copied = copy_file_range(from, NULL, to, NULL, STEP_BYTES, 0);
        if (copied == 0)
            return true;
        if (copied < 0 && errno != EINTR)
            return false;
    }
}

/* A file's name is taken away, as it may be another name of a file that somebody keeps; anything
 * else is not ours to remove. */
static bool free_name(const char *path, struct error *error)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        return true;
    if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode))
        return error_set(error, EXIT_FAILED, "could not replace %s: it is not a file", path);
    return unlink(path) == 0 ||
           error_set_system(error, EXIT_FAILED, errno, "could not replace %s", path);
}

bool file_link(const char *from, const char *path, struct error *error)
{
    return free_name(path, error) && (link(from, path) == 0 || file_copy(from, path, error));
}

bool file_copy(const char *from, const char *to, struct error *error)
{
    int source = open(from, O_RDONLY | O_CLOEXEC);
    if (source < 0)
        return error_set_system(error, EXIT_FAILED, errno, "could not open %s", from);
    if (!free_name(to, error)) {
        close(source);
        return false;
    }
    int target = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool copied = target >= 0 && copy_bytes(source, target);
    if (!copied)
        error_set_system(error, EXIT_FAILED, errno, "could not copy %s to %s", from, to);
    if (target >= 0 && close(target) != 0 && copied)
        copied = error_set_system(error, EXIT_FAILED, errno, "could not write %s", to);
    close(source);
    return copied;
}
