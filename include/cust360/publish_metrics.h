/* publish_metrics.h: a run's figures for the node exporter's textfile collector. */
#ifndef CUST360_PUBLISH_METRICS_H
#define CUST360_PUBLISH_METRICS_H

#include "cust360/publish.h"

struct metrics_moments { /* seconds since 1970, UTC; 0: unknown */
    int64_t last_run;
    int64_t last_success; /* of the last run that published, which need not be this one */
};

/* Replaces `path` (a temporary name beside it, then renamed; readable by everybody). Metrics begin
 * with cust360_; labels are sources, gates, stages and outcomes, never a customer's value. */
bool metrics_write(const struct run_report *report, const struct metrics_moments *moments,
                   const char *path, struct error *error);

/* Seconds since 1970 of a time as date_clock_text writes it; 0 when it is none. */
int64_t metrics_seconds(const char *time_text);

#endif
