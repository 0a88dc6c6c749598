/* bench.h: a small view and a SQLite database behind ODBC that it is sent to. */
#ifndef TESTS_PUBLISH_BENCH_H
#define TESTS_PUBLISH_BENCH_H

#include "cust360/publish_target.h"
#include "publish/session.h"
#include "publish/shape.h"

struct bench {
    char folder[200];
    struct arena *arena;
    struct error error;
    struct target target;
    struct target_options options;
    struct session session; /* open after bench_connect */
    struct shape *shapes;   /* of the view, after bench_connect */
    size_t shape_count;
};

/* A view of customer (key golden_id), event (keyless) and parameter, with a few rows. */
void bench_begin(struct bench *bench);
void bench_end(struct bench *bench);

void bench_connect(struct bench *bench);
const struct shape *bench_shape(const struct bench *bench, const char *name);

/* Runs SQL on the view, or reads a number from the target. */
void bench_change_view(struct bench *bench, const char *sql);
int64_t bench_at_target(struct bench *bench, const char *sql);

#endif
