#include "cust360/review_decide.h"

/* Names for machines: in JSON, CSV and on the command line. */

static const char *const kinds[REVIEW_KINDS] = {
    [REVIEW_POSSIBLE] = "possible", [REVIEW_WEAK_LINK] = "weak_link",
    [REVIEW_CONFLICT] = "conflict", [REVIEW_VALUE] = "value",
    [REVIEW_RELATION] = "relation", [REVIEW_SHARED] = "shared",
    [REVIEW_STALE] = "stale",
};

static const char *const statuses[REVIEW_STATUSES] = {
    [REVIEW_OPEN] = "open", [REVIEW_UNSURE] = "unsure", [REVIEW_SECOND] = "second"};

static const char *const words[REVIEW_WORDS] = {
    [REVIEW_SAME] = "same",     [REVIEW_NOT_SAME] = "not_same", [REVIEW_DONT_KNOW] = "unsure",
    [REVIEW_SPLIT] = "split",   [REVIEW_TAKE] = "take",         [REVIEW_NEVER_ASK] = "never_ask",
    [REVIEW_ACCEPT] = "accept", [REVIEW_REFUSE] = "refuse",     [REVIEW_KEEP] = "keep",
};

static size_t find_name(const char *const *names, size_t count, struct slice name)
{
    size_t i = 0;
    while (i < count && !slice_equal(slice_of(names[i]), name))
        i++;
    return i;
}

const char *review_kind_name(enum review_kind kind)
{
    return kinds[kind];
}

enum review_kind review_kind_find(struct slice name)
{
    return (enum review_kind)find_name(kinds, REVIEW_KINDS, name);
}

const char *review_status_name(enum review_status status)
{
    return statuses[status];
}

const char *review_word_name(enum review_word word)
{
    return words[word];
}

enum review_word review_word_find(struct slice name)
{
    return (enum review_word)find_name(words, REVIEW_WORDS, name);
}
