#include "cli/review/review_publisher.h"
#include "cust360/base/buffer.h"
#include "cust360/base/date.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* The child opens the project anew: connections to a database do not live through a fork. */

enum { WORDS_MOST = 12, SAID_BYTES_MOST = 8 * 1024, PIECE_BYTES = 1024 };

struct publisher {
    const char *program;
    const struct invocation *invocation;
    pid_t child;  /* 0: none is at work */
    int messages; /* what it prints on stderr */
    struct buffer said;
    enum review_publishing_state state;
    char when[DATE_TIME_TEXT_BYTES];
    char reason[512];
    double failed_at; /* on the clock that only goes forward */
};

struct publisher *publisher_create(const char *program, const struct invocation *invocation)
{
    struct publisher *publisher = memory_allocate_array(1, sizeof(*publisher));
    *publisher = (struct publisher){.program = program, .invocation = invocation, .messages = -1};
    return publisher;
}

/* ---- beginning ---- */

static void add_option(const struct publisher *publisher, const char *dashed, const char *name,
                       const char **words, size_t *count)
{
    const char *value = invocation_option(publisher->invocation, name);
    if (!value)
        return;
    words[(*count)++] = dashed;
    words[(*count)++] = value;
}

/* The signals that the server waits for are blocked in it, and would be so in the child; Ctrl-C at
 * the terminal is the server's. */
static int spawn(const struct publisher *publisher, const char **words, int messages, pid_t *child)
{
    union {
        const char **given;
        char **wanted;
    } arguments = {words};
    sigset_t none;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, messages, STDERR_FILENO);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    int failed =
        posix_spawn(child, publisher->program, &actions, &attributes, arguments.wanted, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static void note(struct publisher *publisher, enum review_publishing_state state)
{
    publisher->state = state;
    date_clock_text(publisher->when);
}

bool publisher_start(void *context, struct error *error)
{
    struct publisher *publisher = context;
    const char *words[WORDS_MOST] = {"cust360", "review", "publish", "--quiet"};
    size_t count = 4;
    int ends[2];
    if (publisher_tell(publisher).state == REVIEW_PUBLISH_RUNS)
        return error_set(error, EXIT_LOCKED, "the view is being published already");
    add_option(publisher, "--config", "config", words, &count);
    add_option(publisher, "--state", "state", words, &count);
    add_option(publisher, "--out", "out", words, &count);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_set_system(error, EXIT_FAILED, errno, "could not begin to publish");
    fcntl(ends[0], F_SETFL, O_NONBLOCK); /* of the server's end only: the child may wait */
    int failed = spawn(publisher, words, ends[1], &publisher->child);
    close(ends[1]);
    if (failed) {
        close(ends[0]);
        publisher->child = 0;
        return error_set_system(error, EXIT_FAILED, failed, "could not begin to publish");
    }
    publisher->messages = ends[0];
    buffer_clear(&publisher->said);
    publisher->reason[0] = '\0';
    note(publisher, REVIEW_PUBLISH_RUNS);
    return true;
}

/* ---- the end ---- */

/* All of it is read, so that the child never waits for a reader; the beginning is kept. */
static void listen_to(struct publisher *publisher)
{
    char piece[PIECE_BYTES];
    ssize_t got;
    while ((got = read(publisher->messages, piece, sizeof(piece))) > 0 ||
           (got < 0 && errno == EINTR))
        if (got > 0 && publisher->said.length < SAID_BYTES_MOST)
            buffer_append(&publisher->said, slice_make(piece, (size_t)got));
}

/* The first line of its error; or how else it has ended. */
static void find_reason(struct publisher *publisher, int status)
{
    static const char mark[] = "cust360: error: ";
    const char *text = publisher->said.length ? publisher->said.data : "";
    const char *found = strstr(text, mark);
    if (WIFSIGNALED(status))
        snprintf(publisher->reason, sizeof(publisher->reason), "it was ended by signal %d",
                 WTERMSIG(status));
    else if (found)
        snprintf(publisher->reason, sizeof(publisher->reason), "%.*s",
                 (int)strcspn(found + strlen(mark), "\n"), found + strlen(mark));
    else
        snprintf(publisher->reason, sizeof(publisher->reason), "it ended with exit code %d",
                 WEXITSTATUS(status));
}

static void end(struct publisher *publisher, int status)
{
    bool done = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_DONE;
    listen_to(publisher);
    close(publisher->messages);
    publisher->messages = -1;
    publisher->child = 0;
    note(publisher, done ? REVIEW_PUBLISH_DONE : REVIEW_PUBLISH_FAILED);
    if (done)
        return;
    publisher->failed_at = date_monotonic_seconds();
    find_reason(publisher, status);
    log_warning("what was decided could not be published: %s", publisher->reason);
}

struct review_publishing publisher_tell(void *context)
{
    struct publisher *publisher = context;
    int status = 0;
    if (publisher->child) {
        listen_to(publisher);
        if (waitpid(publisher->child, &status, WNOHANG) == publisher->child)
            end(publisher, status);
    }
    return (struct review_publishing){publisher->state, publisher->when, publisher->reason};
}

int64_t publisher_failed_s(struct publisher *publisher)
{
    if (publisher_tell(publisher).state != REVIEW_PUBLISH_FAILED)
        return -1;
    return (int64_t)(date_monotonic_seconds() - publisher->failed_at);
}

void publisher_destroy(struct publisher *publisher)
{
    int status = 0;
    if (!publisher)
        return;
    if (publisher->child) {
        kill(publisher->child, SIGTERM);
        while (waitpid(publisher->child, &status, 0) < 0 && errno == EINTR)
            continue;
        close(publisher->messages);
    }
    buffer_release(&publisher->said);
    memory_free(publisher);
}
