#include "cli/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <unistd.h>

/* open() takes the lowest number that is free: the streams are seen to in their order. */
static void open_closed(void)
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
        int mode = stream == STDIN_FILENO ? O_WRONLY : O_RDONLY; /* the one that is of no use */
        if (fcntl(stream, F_GETFD) < 0 && errno == EBADF)
            (void)open("/dev/null", mode); /* without it all is as it was */
    }
}

static void pass_over(int number)
{
    (void)number;
}

/* A handler, since programs that are started would inherit that a signal is ignored. */
static void make_failure(int number)
{
    struct sigaction action = {.sa_handler = pass_over, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

void streams_begin(void)
{
    struct rlimit core;
    open_closed();
    make_failure(SIGXFSZ);
    if (getrlimit(RLIMIT_CORE, &core) == 0) {
        core.rlim_cur = 0;
        (void)setrlimit(RLIMIT_CORE, &core); /* lowering is always allowed */
    }
}

void streams_outlive_readers(void)
{
    make_failure(SIGPIPE);
}
