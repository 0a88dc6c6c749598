/* shim.c: a disk that fails when it is told to, for LD_PRELOAD.
 *
 *   CRASH_MODE   count     only counts
 *                kill      the process is killed at call CRASH_AT
 *                torn      the same, after half of what that call was to write
 *                full      writes fail with ENOSPC once CRASH_AT bytes have been written
 *                write     write number CRASH_AT fails with ENOSPC, and those after it do not
 *                sync      sync number CRASH_AT fails with EIO
 *                rename    rename number CRASH_AT fails with EIO
 *   CRASH_AT     a number, from 1
 *   CRASH_COUNT  a file that gets "calls bytes syncs renames writes" when the process ends
 *
 * Calls are those that change a disk: write, pwrite, fsync, fdatasync, ftruncate, rename, link,
 * unlink. What goes to a terminal or a pipe (descriptors 0 to 2) does not count. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum mode { MODE_COUNT, MODE_KILL, MODE_TORN, MODE_FULL, MODE_SYNC, MODE_RENAME, MODE_WRITE };

static enum mode mode;
static long long at;
static atomic_llong calls;
static atomic_llong bytes;
static atomic_llong syncs;
static atomic_llong renames;
static atomic_llong writes;

__attribute__((constructor)) static void begin(void)
{
    static const char *const names[] = {"count", "kill", "torn", "full", "sync", "rename", "write"};
    const char *wanted = getenv("CRASH_MODE");
    const char *number = getenv("CRASH_AT");
    for (size_t i = 0; wanted && i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i], wanted) == 0)
            mode = (enum mode)i;
    at = number ? strtoll(number, NULL, 10) : 0;
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("CRASH_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file)
        return;
    fprintf(file, "%lld %lld %lld %lld %lld\n", (long long)calls, (long long)bytes,
            (long long)syncs, (long long)renames, (long long)writes);
    fclose(file);
}

/* The next library's function of that name, by way of an object pointer as POSIX allows. */
#define NEXT(type, name)                                                                           \
    static type *next;                                                                             \
    if (!next)                                                                                     \
    *(void **)&next = dlsym(RTLD_NEXT, name)

/* Counts a call; true: this is the one. */
static int is_the_one(void)
{
    long long number = atomic_fetch_add(&calls, 1) + 1;
    return (mode == MODE_KILL || mode == MODE_TORN) && number == at;
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

typedef ssize_t write_call(int descriptor, const void *data, size_t count);
typedef ssize_t pwrite_call(int descriptor, const void *data, size_t count, off_t offset);

/* Whether there is no room for a write. */
static int is_full(size_t count)
{
    long long number = atomic_fetch_add(&writes, 1) + 1;
    long long written = atomic_fetch_add(&bytes, (long long)count) + (long long)count;
    return (mode == MODE_FULL && written > at) || (mode == MODE_WRITE && number == at);
}

ssize_t write(int descriptor, const void *data, size_t count)
{
    NEXT(write_call, "write");
    if (descriptor <= STDERR_FILENO)
        return next(descriptor, data, count);
    if (is_the_one()) {
        if (mode == MODE_TORN && next(descriptor, data, count / 2) < 0)
            die();
        die();
    }
    if (is_full(count)) {
        errno = ENOSPC;
        return -1;
    }
    return next(descriptor, data, count);
}

static ssize_t positioned(pwrite_call *next, int descriptor, const void *data, size_t count,
                          off_t offset)
{
    if (is_the_one()) {
        if (mode == MODE_TORN && next(descriptor, data, count / 2, offset) < 0)
            die();
        die();
    }
    if (is_full(count)) {
        errno = ENOSPC;
        return -1;
    }
    return next(descriptor, data, count, offset);
}

ssize_t pwrite(int descriptor, const void *data, size_t count, off_t offset)
{
    NEXT(pwrite_call, "pwrite");
    return positioned(next, descriptor, data, count, offset);
}

ssize_t pwrite64(int descriptor, const void *data, size_t count, off_t offset)
{
    NEXT(pwrite_call, "pwrite64");
    return positioned(next, descriptor, data, count, offset);
}

typedef int descriptor_call(int descriptor);

static int synced(descriptor_call *next, int descriptor)
{
    if (is_the_one())
        die();
    if (atomic_fetch_add(&syncs, 1) + 1 == at && mode == MODE_SYNC) {
        errno = EIO;
        return -1;
    }
    return next(descriptor);
}

int fsync(int descriptor)
{
    NEXT(descriptor_call, "fsync");
    return synced(next, descriptor);
}

int fdatasync(int descriptor)
{
    NEXT(descriptor_call, "fdatasync");
    return synced(next, descriptor);
}

typedef int length_call(int descriptor, off_t length);

int ftruncate(int descriptor, off_t length)
{
    NEXT(length_call, "ftruncate");
    if (is_the_one())
        die();
    return next(descriptor, length);
}

int ftruncate64(int descriptor, off_t length)
{
    NEXT(length_call, "ftruncate64");
    if (is_the_one())
        die();
    return next(descriptor, length);
}

typedef int path_call(const char *path);
typedef int paths_call(const char *from, const char *to);

int rename(const char *from, const char *to)
{
    NEXT(paths_call, "rename");
    if (is_the_one())
        die();
    if (atomic_fetch_add(&renames, 1) + 1 == at && mode == MODE_RENAME) {
        errno = EIO;
        return -1;
    }
    return next(from, to);
}

int link(const char *from, const char *to)
{
    NEXT(paths_call, "link");
    if (is_the_one())
        die();
    return next(from, to);
}

int unlink(const char *path)
{
    NEXT(path_call, "unlink");
    if (is_the_one())
        die();
    return next(path);
}
