/* shim.c: a disk that fails when it is told to, for LD_PRELOAD.
 *
 *   CRASH_MODE   count     only counts
 *                kill      the process is killed at call CRASH_AT
 *                torn      the same, after half of what that call was to write
 *                full      writes fail with ENOSPC once CRASH_AT bytes have been written
 *                sync      sync number CRASH_AT fails with EIO
 *                rename    rename number CRASH_AT fails with EIO
 *                write     write number CRASH_AT fails with ENOSPC, and those after it do not
 *                alloc     allocation number CRASH_AT fails, of whatever library
 *                memory    that one and all after it
 *                sites     only notes which place each allocation came from, by its callers
 *                bytes     reads and writes do one byte at a time
 *                short     reads and writes do a part of what they are asked for
 *                eintr     every third read and write is interrupted first
 *                back      the clock goes back by a day at its call number CRASH_AT
 *                forward   it goes forward by a day
 *   CRASH_AT     a number, from 1
 *   CRASH_COUNT  a file that gets "calls bytes syncs renames writes allocations
 *                clocks" when the process ends; of sites also a line for each allocation: the
 *                number of its place, from 1, or 0 before this library was made ready
 *
 * Calls are those that change a disk: write, pwrite, fsync, fdatasync, ftruncate, rename, link,
 * unlink. What goes to a terminal or a pipe (descriptors 0 to 2) does not count. */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum mode {
    MODE_COUNT,
    MODE_KILL,
    MODE_TORN,
    MODE_FULL,
    MODE_SYNC,
    MODE_RENAME,
    MODE_WRITE,
    MODE_ALLOC,
    MODE_MEMORY,
    MODE_SITES,
    MODE_BYTES,
    MODE_SHORT,
    MODE_EINTR,
    MODE_BACK,
    MODE_FORWARD
};

enum { DAY_S = 86400, PART_BYTES = 4096 };

static enum mode mode;
static long long at;
static atomic_llong calls;
static atomic_llong bytes;
static atomic_llong syncs;
static atomic_llong renames;
static atomic_llong writes;
static atomic_llong allocations;
static atomic_llong clocks;
static atomic_llong transfers;

/* ---- memory ---- */

/* The C library's own, which need no looking up: dlsym itself wants memory. */
void *__libc_malloc(size_t count);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t count);

/* ---- places: who called whom when memory was asked for, six calls up ---- */

enum { FRAMES = 8, PLACES = 1 << 17, NOTED_MOST = 1 << 22 };

static struct place {
    unsigned long long callers; /* a hash; 0: none */
    unsigned number;
} places[PLACES];
static unsigned *noted;          /* the place of each allocation; the night has one thread */
static _Thread_local int within; /* finding the callers may want memory itself */

static unsigned place_of(unsigned long long callers)
{
    static unsigned last;
    size_t slot = callers % PLACES;
    while (places[slot].callers && places[slot].callers != callers)
        slot = (slot + 1) % PLACES;
    if (!places[slot].callers)
        places[slot] = (struct place){callers, ++last};
    return places[slot].number;
}

static void note_place(long long number)
{
    void *frames[FRAMES];
    unsigned long long hash = 14695981039346656037ULL;
    within = 1;
    int count = backtrace(frames, FRAMES);
    within = 0;
    for (int i = 2; i < count; i++)
        hash = (hash ^ (unsigned long long)(size_t)frames[i]) * 1099511628211ULL;
    if (!noted)
        noted = __libc_calloc(NOTED_MOST, sizeof(*noted));
    if (noted && number < NOTED_MOST)
        noted[number] = place_of(hash);
}

static void write_places(FILE *file)
{
    for (long long i = 1; noted && i <= allocations && i < NOTED_MOST; i++)
        fprintf(file, "%u\n", noted[i]);
}

static int is_refused(void)
{
    if (within)
        return 0;
    long long number = atomic_fetch_add(&allocations, 1) + 1;
    if (mode == MODE_SITES)
        note_place(number);
    if ((mode == MODE_ALLOC && number == at) || (mode == MODE_MEMORY && number >= at)) {
        errno = ENOMEM;
        return 1;
    }
    return 0;
}

void *malloc(size_t count)
{
    return is_refused() ? NULL : __libc_malloc(count);
}

void *calloc(size_t count, size_t size)
{
    return is_refused() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t count)
{
    return is_refused() ? NULL : __libc_realloc(memory, count);
}

/* ---- what is wanted, and what was counted ---- */

__attribute__((constructor)) static void begin(void)
{
    static const char *const names[] = {"count",  "kill",  "torn",  "full",   "sync",
                                        "rename", "write", "alloc", "memory", "sites",
                                        "bytes",  "short", "eintr", "back",   "forward"};
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
    fprintf(file, "%lld %lld %lld %lld %lld %lld %lld\n", (long long)calls, (long long)bytes,
            (long long)syncs, (long long)renames, (long long)writes, (long long)allocations,
            (long long)clocks);
    write_places(file);
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

/* ---- the clock ---- */

typedef int clock_call(clockid_t clock, struct timespec *now);

int clock_gettime(clockid_t clock, struct timespec *now)
{
    NEXT(clock_call, "clock_gettime");
    int result = next(clock, now);
    if (clock != CLOCK_REALTIME || result != 0)
        return result;
    long long number = atomic_fetch_add(&clocks, 1) + 1;
    if (mode == MODE_BACK && number >= at)
        now->tv_sec -= DAY_S;
    if (mode == MODE_FORWARD && number >= at)
        now->tv_sec += DAY_S;
    return result;
}

time_t time(time_t *now)
{
    struct timespec found = {0, 0};
    (void)clock_gettime(CLOCK_REALTIME, &found);
    if (now)
        *now = found.tv_sec;
    return found.tv_sec;
}

/* ---- reading and writing ---- */

/* Whether this call is to be interrupted before it has done anything. */
static int is_interrupted(void)
{
    if (mode != MODE_EINTR || atomic_fetch_add(&transfers, 1) % 3 != 0)
        return 0;
    errno = EINTR;
    return 1;
}

/* As many bytes of a transfer as are done at once. */
static size_t part_of(size_t count)
{
    if (mode == MODE_BYTES && count > 1)
        return 1;
    if (mode != MODE_SHORT || count < 2)
        return count;
    return count / 2 < PART_BYTES ? (count + 1) / 2 : PART_BYTES;
}

typedef ssize_t read_call(int descriptor, void *data, size_t count);
typedef ssize_t pread_call(int descriptor, void *data, size_t count, off_t offset);

ssize_t read(int descriptor, void *data, size_t count)
{
    NEXT(read_call, "read");
    if (descriptor > STDERR_FILENO && is_interrupted())
        return -1;
    return next(descriptor, data, descriptor > STDERR_FILENO ? part_of(count) : count);
}

ssize_t pread(int descriptor, void *data, size_t count, off_t offset)
{
    NEXT(pread_call, "pread");
    return is_interrupted() ? -1 : next(descriptor, data, part_of(count), offset);
}

ssize_t pread64(int descriptor, void *data, size_t count, off_t offset)
{
    NEXT(pread_call, "pread64");
    return is_interrupted() ? -1 : next(descriptor, data, part_of(count), offset);
}

static int is_failed_write(void)
{
    if (atomic_fetch_add(&writes, 1) + 1 != at || mode != MODE_WRITE)
        return 0;
    errno = ENOSPC;
    return 1;
}

typedef ssize_t write_call(int descriptor, const void *data, size_t count);
typedef ssize_t pwrite_call(int descriptor, const void *data, size_t count, off_t offset);

/* How much of a write may be done: all, or, on a disk that is full, -1. */
static int is_full(size_t count)
{
    long long written = atomic_fetch_add(&bytes, (long long)count) + (long long)count;
    return mode == MODE_FULL && written > at;
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
    if (is_interrupted() || is_failed_write())
        return -1;
    if (is_full(count)) {
        errno = ENOSPC;
        return -1;
    }
    return next(descriptor, data, part_of(count));
}

static ssize_t positioned(pwrite_call *next, int descriptor, const void *data, size_t count,
                          off_t offset)
{
    if (is_the_one()) {
        if (mode == MODE_TORN && next(descriptor, data, count / 2, offset) < 0)
            die();
        die();
    }
    if (is_interrupted() || is_failed_write())
        return -1;
    if (is_full(count)) {
        errno = ENOSPC;
        return -1;
    }
    return next(descriptor, data, part_of(count), offset);
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
