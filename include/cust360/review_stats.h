/* review_stats.h: how the stewards' work goes. */
#ifndef CUST360_REVIEW_STATS_H
#define CUST360_REVIEW_STATS_H

#include "cust360/review_publish.h"

struct review_steward {
    const char *who;
    size_t cleared;
    size_t today;
    double per_hour; /* of his last working hour */
    size_t controls;
    size_t agreed;
};

struct review_failure { /* a decision that waited for a run and could not be carried out */
    int64_t waiting_id;
    const char *who;
    const char *when;
    const char *word;
    char key[REVIEW_KEY_BYTES]; /* of the case */
    const char *reason;
};

struct review_stats {
    size_t left;
    size_t left_by_kind[REVIEW_KINDS];
    size_t unsure;
    size_t second;
    size_t cleared;
    size_t cleared_today;
    double per_hour;
    int32_t oldest_days;
    double mean_age_days;
    size_t controls; /* control pairs answered */
    size_t agreed;   /* as before */
    size_t waiting;  /* decisions that a run keeps from being applied */
    struct review_failure *failures;
    size_t failure_count;
    size_t unpublished; /* customers that the view does not show as decided yet */
    struct review_publishing publishing;
    struct review_steward *stewards;
    size_t steward_count;
};
bool review_stats(struct review *review, struct arena *arena, struct review_stats *stats,
                  struct error *error);

/* Takes a failure off the list, which its steward has seen. EXIT_FAILED: there is no such. */
bool review_dismiss(struct review *review, int64_t waiting_id, struct error *error);

#endif
