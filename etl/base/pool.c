#include "cust360/base/pool.h"
#include "cust360/base/memory.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

struct pool_job {
    pool_work *work;
    void *context;
    size_t pieces;
    atomic_size_t next; /* the next piece that nobody has taken */
};

struct pool_thread {
    struct pool_job *job;
    unsigned number;
    pthread_t handle;
    bool started;
};

unsigned pool_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof(set), &set) != 0)
        return 1;
    int count = CPU_COUNT(&set);
    return count > 0 ? (unsigned)count : 1;
}

static void *thread_main(void *argument)
{
    struct pool_thread *thread = argument;
    struct pool_job *job = thread->job;
    for (;;) {
        size_t piece = atomic_fetch_add(&job->next, 1);
        if (piece >= job->pieces)
            return NULL;
        job->work(job->context, piece, thread->number);
    }
}

void pool_run(unsigned threads, size_t pieces, pool_work *work, void *context)
{
    struct pool_job job = {work, context, pieces, 0};
    if (threads > pieces)
        threads = (unsigned)pieces;
    struct pool_thread *others = memory_allocate_array(threads + 1, sizeof(*others));
    for (unsigned i = 1; i < threads; i++) {
        others[i] = (struct pool_thread){.job = &job, .number = i};
        /* A thread that cannot be had is no failure: the others do its pieces. */
        others[i].started = pthread_create(&others[i].handle, NULL, thread_main, &others[i]) == 0;
    }
    struct pool_thread self = {.job = &job, .number = 0};
    thread_main(&self);
    for (unsigned i = 1; i < threads; i++)
        if (others[i].started)
            pthread_join(others[i].handle, NULL);
    memory_free(others);
}
