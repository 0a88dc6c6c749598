#include "cli/signals.h"
#include "cust360/base/date.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

/* A stage that does not look at the flag for so long is not waited for: the process ends, and what
 * it had not committed is taken back when the state is opened next. A service manager would
 * otherwise do the same, only later. */
enum { PATIENCE_SECONDS = 20, POLL_MS = 100 };

struct signals {
    struct job *job;
    sigset_t set;
    sigset_t former;
    pthread_t thread;
    atomic_bool ending;
};

static const char *name_of(int signal)
{
    return signal == SIGINT ? "SIGINT" : "SIGTERM";
}

static int exit_code_of(int signal)
{
    return signal == SIGINT ? EXIT_INTERRUPTED : EXIT_TERMINATED;
}

bool job_stopped(struct job *job, struct error *error)
{
    int signal = atomic_load(&job->stop_signal);
    if (!signal)
        return false;
    error_set(error, exit_code_of(signal), "stopped by %s", name_of(signal));
    error_hint(error, job->committed ? "the state is committed; the next run publishes it"
                                     : "nothing was changed, the former view stands; run it again");
    return true;
}

static void tell_status(const struct job *job)
{
    log_status("run %lld, %.0f s so far", (long long)job->report.run_id,
               date_monotonic_seconds() - job->began);
}

static void *wait_for_signals(void *argument)
{
    struct signals *signals = argument;
    struct job *job = signals->job;
    double patience_ends = 0;
    while (!atomic_load(&signals->ending)) {
        int signal = sigtimedwait(&signals->set, NULL, &(struct timespec){0, POLL_MS * 1000000L});
        if (signal == SIGUSR1) {
            tell_status(job);
        } else if (signal == SIGTERM || signal == SIGINT) {
            if (patience_ends == 0)
                log_warning("%s: ending", name_of(signal));
            atomic_store(&job->stop_signal, signal);
            if (!job->report.run_id) { /* waiting for the lock, or reading its configuration */
                log_error("stopped by %s before the run began", name_of(signal));
                _exit(exit_code_of(signal));
            }
            atomic_store(&job->stop, true);
            patience_ends = date_monotonic_seconds() + PATIENCE_SECONDS;
        }
        if (patience_ends != 0 && date_monotonic_seconds() > patience_ends)
            _exit(exit_code_of(atomic_load(&job->stop_signal)));
    }
    return NULL;
}

struct signals *signals_start(struct job *job)
{
    struct signals *signals = memory_allocate_array(1, sizeof(*signals));
    signals->job = job;
    sigemptyset(&signals->set);
    sigaddset(&signals->set, SIGTERM);
    sigaddset(&signals->set, SIGINT);
    sigaddset(&signals->set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &signals->set, &signals->former);
    if (pthread_create(&signals->thread, NULL, wait_for_signals, signals) == 0)
        return signals;
    pthread_sigmask(SIG_SETMASK, &signals->former, NULL);
    memory_free(signals);
    return NULL;
}

void signals_end(struct signals *signals)
{
    if (!signals)
        return;
    atomic_store(&signals->ending, true);
    pthread_join(signals->thread, NULL);
    pthread_sigmask(SIG_SETMASK, &signals->former, NULL);
    memory_free(signals);
}
