#include "publishing.h"

const char *review_publishing_name(enum review_publishing_state state)
{
    static const char *const names[] = {"none", "runs", "done", "failed"};
    return names[state];
}

void review_publish_by(struct review *review, const struct review_publisher *publisher)
{
    review->publisher = publisher;
}

bool publishing_left(struct review *review, int64_t *count, struct error *error)
{
    return database_integer(review->state, "SELECT count(*) FROM review_touched", 0, count, error);
}

struct review_publishing publishing_told(const struct review *review, struct arena *arena)
{
    struct review_publishing told = {REVIEW_PUBLISH_NONE, "", ""};
    if (review->publisher)
        told = review->publisher->tell(review->publisher->context);
    told.when = arena_text(arena, slice_of(told.when));
    told.reason = arena_text(arena, slice_of(told.reason));
    return told;
}

bool review_publish(struct review *review, bool *begun, struct error *error)
{
    int64_t left = 0;
    *begun = false;
    if (!review->publisher)
        return error_set(error, EXIT_FAILED, "nobody publishes beside this session");
    if (!publishing_left(review, &left, error))
        return false;
    if (left == 0)
        return true;
    *begun = review->publisher->start(review->publisher->context, error);
    return *begun;
}
