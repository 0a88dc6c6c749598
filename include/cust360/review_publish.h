/* review_publish.h: the published view follows what was decided, beside the session: whoever
 * serves it names what does it, and the session goes on answering meanwhile. */
#ifndef CUST360_REVIEW_PUBLISH_H
#define CUST360_REVIEW_PUBLISH_H

#include "cust360/review.h"

enum review_publishing_state {
    REVIEW_PUBLISH_NONE, /* nothing was begun yet, or nobody is there to do it */
    REVIEW_PUBLISH_RUNS,
    REVIEW_PUBLISH_DONE,
    REVIEW_PUBLISH_FAILED, /* the former view stands */
    REVIEW_PUBLISH_STATES
};
const char *review_publishing_name(enum review_publishing_state state); /* "none", "runs" … */

struct review_publishing {
    enum review_publishing_state state;
    const char *when;   /* it began, or ended: YYYY-MM-DDTHH:MM:SSZ; "" when nothing was begun */
    const char *reason; /* why it failed, without personal values; else "" */
};

struct review_publisher {
    void *context;
    /* Begins, and does not wait for the end. EXIT_LOCKED: it is under way already. */
    bool (*start)(void *context, struct error *error);
    /* What has become of it; texts live until the next call. */
    struct review_publishing (*tell)(void *context);
};

/* Borrowed as long as the session; NULL: nobody publishes beside it. */
void review_publish_by(struct review *review, const struct review_publisher *publisher);

/* Begins, when something was decided that the view does not show; *begun tells whether.
 * EXIT_LOCKED: it is under way already; EXIT_FAILED: nobody is there to do it. */
bool review_publish(struct review *review, bool *begun, struct error *error);

#endif
