#include "cust360/base/date.h"
#include "cust360/store_operation.h"
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* flock and not a file that exists or not: the system gives the lock back however a process ends,
 * so there is nothing stale to clean up. What stands in the file is for people only. */

enum { POLL_MS = 100, HOLDER_BYTES = STORE_HOLDER_BYTES };

/* The holder's line may be half written or of an old run; it is only ever shown. */
static void read_holder(int lock, char holder[HOLDER_BYTES])
{
    ssize_t length = pread(lock, holder, HOLDER_BYTES - 1, 0);
    holder[length > 0 ? length : 0] = '\0';
    holder[strcspn(holder, "\n")] = '\0';
}

static void write_holder(int lock)
{
    char host[64] = "unknown host";
    char now[DATE_TIME_TEXT_BYTES];
    char holder[HOLDER_BYTES];
    gethostname(host, sizeof(host) - 1);
    date_clock_text(now);
    int length =
        snprintf(holder, sizeof(holder), "process %ld on %s since %s\n", (long)getpid(), host, now);
    /* Nothing depends on the text, so a full disk must not stop the lock here. */
    if (ftruncate(lock, 0) == 0 && length > 0 && pwrite(lock, holder, (size_t)length, 0) < 0)
        return;
}

static bool held_by_another(int lock, const char *folder, struct error *error)
{
    char holder[HOLDER_BYTES];
    read_holder(lock, holder);
    error_set(error, EXIT_LOCKED, "the state in %s is in use%s%s%s", folder, *holder ? " by " : "",
              holder, *holder ? "" : " by another run");
    return error_hint(error, "wait until it has ended, or give --lock-wait SECONDS");
}

/* Polling and not a blocking flock: a wait must end, and signals must not be lost in it. */
static bool lock_wait(int lock, const char *folder, unsigned wait_seconds, struct error *error)
{
    double end = date_monotonic_seconds() + wait_seconds;
    while (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR)
            continue;
        if (errno != EWOULDBLOCK)
            return error_set_system(error, EXIT_FAILED, errno, "could not lock the state in %s",
                                    folder);
        if (date_monotonic_seconds() >= end)
            return held_by_another(lock, folder, error);
        nanosleep(&(struct timespec){0, POLL_MS * 1000000L}, NULL);
    }
    return true;
}

int lock_take(const char *folder, unsigned wait_seconds, struct error *error)
{
    struct buffer path = BUFFER_EMPTY;
    buffer_format(&path, "%s/lock", folder);
    /* What stands in the file is replaced: a link would carry that elsewhere. */
    int lock = open(path.data, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0) {
        error_set_system(error, EXIT_FAILED, errno, "could not open %s", path.data);
    } else if (!lock_wait(lock, folder, wait_seconds, error)) {
        close(lock);
        lock = -1;
    } else {
        write_holder(lock);
    }
    buffer_release(&path);
    return lock;
}

void lock_release(int lock)
{
    if (lock >= 0)
        close(lock);
}

/* A line of /proc/locks: "1: FLOCK  ADVISORY  WRITE 1234 fe:01:5678 0 EOF". The device is written
 * in another way on some file systems; the inode and the kind are telling enough. */
static bool names_lock(const char *line, ino_t inode)
{
    const char *kind = strstr(line, "FLOCK");
    const char *colon = kind ? strrchr(line, ':') : NULL;
    return colon && !strstr(line, "->") && strtoumax(colon + 1, NULL, 10) == (uintmax_t)inode;
}

bool store_lock_holder(const char *folder, char holder[STORE_HOLDER_BYTES])
{
    struct buffer path = BUFFER_EMPTY;
    struct stat status;
    char line[256];
    bool held = false;
    buffer_format(&path, "%s/lock", folder);
    int lock = open(path.data, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    buffer_release(&path);
    FILE *locks = lock >= 0 ? fopen("/proc/locks", "re") : NULL;
    if (locks && fstat(lock, &status) == 0)
        while (!held && fgets(line, sizeof(line), locks))
            held = names_lock(line, status.st_ino);
    if (locks)
        (void)fclose(locks); /* was only read */
    if (held)
        read_holder(lock, holder);
    lock_release(lock);
    return held;
}
