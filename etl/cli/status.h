/* status.h: how things stand, as `cust360 status` shows them. */
#ifndef CUST360_CLI_STATUS_H
#define CUST360_CLI_STATUS_H

#include "cli/views.h"
#include "cust360/base/buffer.h"

struct status_run {
    int64_t run_id; /* 0: there was none */
    const char *as_of;
    const char *status;
    const char *finished_at;
};

struct status_source {
    const char *name;
    const char *status;
    const char *last_good_as_of; /* NULL: it never gave any */
    int32_t stale_days;          /* -1: it never gave any */
    int64_t rows;                /* of its last reading */
    const char *message;         /* NULL: none */
};

struct status_gate {
    const char *gate;
    const char *source; /* NULL: of the run */
    const char *outcome;
    const char *text;
};

struct status {
    const char *holder;     /* who holds the state; NULL: nobody */
    bool readable;          /* false: it is being written, and only holder and view are known */
    struct status_run last; /* of any outcome */
    struct status_run good; /* the last that was committed */
    struct view_stand view;
    const int64_t *views; /* kept, oldest first */
    size_t view_count;
    const struct status_source *sources;
    size_t source_count;
    const struct status_gate *gates; /* that the last run passed over, froze or stopped at */
    size_t gate_count;
};

void status_write_text(const struct status *status, struct buffer *text);
void status_write_json(const struct status *status, struct buffer *text);

#endif
