#include "config/secret.h"
#include "cust360/base/buffer.h"
#include "cust360/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 30000, OUTPUT_BYTES_MAX = 64 * 1024, PIECE_BYTES = 4096 };

static bool refuse(const struct node *node, struct error *error, const char *reason)
{
    node_error(node, error, "could not get the secret: the command %s", reason);
    error->exit_code = EXIT_CREDENTIALS;
    return false;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Starts it in a process group of its own, so that its children can be stopped with it; nothing on
 * its stdin, so that it cannot wait for a person. */
static bool start(const char *command, int output, int unused, pid_t *child)
{
    char shell[] = "sh";
    char option[] = "-c";
    char *text = memory_copy_text(command);
    char *arguments[] = {shell, option, text, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, unused);
    posix_spawn_file_actions_addclose(&actions, output);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    int failed = posix_spawn(child, "/bin/sh", &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    memory_free(text);
    return !failed;
}

/* Reads until the end; false when it lasts too long or tells too much. */
static bool collect(int input, struct buffer *output, const char **reason)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    for (;;) {
        struct pollfd watched = {.fd = input, .events = POLLIN};
        int64_t left = deadline - now_ms();
        int ready = left > 0 ? poll(&watched, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        *reason = "did not end within 30 seconds";
        if (ready <= 0)
            return false;
        ssize_t got = read(input, buffer_reserve(output, PIECE_BYTES), PIECE_BYTES);
        if (got < 0 && errno == EINTR)
            continue;
        *reason = "could not be read";
        if (got <= 0)
            return got == 0;
        output->length += (size_t)got;
        *reason = "prints more than a secret";
        if (output->length > OUTPUT_BYTES_MAX)
            return false;
    }
}

bool secret_run(const struct node *node, struct buffer *output, struct error *error)
{
    int ends[2];
    pid_t child = 0;
    const char *reason = "";
    int status = 0;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return refuse(node, error, "could not be started");
    bool started = start(node_text(node), ends[1], ends[0], &child);
    close(ends[1]);
    bool read_all = started && collect(ends[0], output, &reason);
    close(ends[0]);
    if (!started)
        return refuse(node, error, "could not be started");
    if (!read_all)
        kill(-child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (!read_all)
        return refuse(node, error, reason);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return refuse(node, error, "failed");
    return true;
}
