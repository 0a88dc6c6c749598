#include "match/compare/comparator.h"

#include <string.h>

/* Texts as words, in any order: `words: N` (the same words, each with at most N edits) and
 * `word_share: S` (of all their words this share stands in both). A word ends at a blank. */

enum { WORDS_MAX = 32 };

struct words {
    struct slice items[WORDS_MAX];
    size_t count;
};

static void split(struct slice text, struct words *words)
{
    words->count = 0;
    for (size_t from = 0, to = 0; from < text.length; from = to + 1) {
        const char *blank = memchr(text.data + from, ' ', text.length - from);
        to = blank ? (size_t)(blank - text.data) : text.length;
        if (to > from && words->count < WORDS_MAX)
            words->items[words->count++] = slice_cut(text, from, to);
    }
}

static bool are_alike(struct slice a, struct slice b, size_t edits)
{
    return slice_equal(a, b) || (edits > 0 && edit_distance(a, b, edits) <= edits);
}

/* Each word of one takes the first alike of the other that is still free: exact ones first, so that
 * none is taken away by a mere likeness. Returns how many found one. */
static size_t pair_off(const struct words *a, const struct words *b, size_t edits)
{
    bool taken[WORDS_MAX] = {false};
    bool found[WORDS_MAX] = {false};
    size_t pairs = 0;
    for (size_t allowed = 0; allowed <= edits; allowed++)
        for (size_t i = 0; i < a->count; i++)
            for (size_t j = 0; j < b->count && !found[i]; j++)
                if (!taken[j] && are_alike(a->items[i], b->items[j], allowed)) {
                    taken[j] = found[i] = true;
                    pairs++;
                }
    return pairs;
}

static bool words_hold(struct slice a, struct slice b, const struct comparator_argument *argument)
{
    struct words x;
    struct words y;
    split(a, &x);
    split(b, &y);
    return x.count == y.count && x.count > 0 &&
           pair_off(&x, &y, (size_t)argument->limit) == x.count;
}

double word_share(struct slice a, struct slice b)
{
    struct words x;
    struct words y;
    split(a, &x);
    split(b, &y);
    size_t common = pair_off(&x, &y, 0);
    size_t all = x.count + y.count - common;
    return all ? (double)common / (double)all : 1;
}

static bool share_holds(struct slice a, struct slice b, const struct comparator_argument *argument)
{
    return word_share(a, b) >= argument->limit;
}

const struct comparator comparator_words = {
    .name = "words",
    .relation = RELATION_TEXTS,
    .limit = "the greatest number of edits in a word",
    .limit_least = 0,
    .limit_most = 4,
    .holds = words_hold,
};

const struct comparator comparator_word_share = {
    .name = "word_share",
    .relation = RELATION_TEXTS,
    .limit = "the least share of words in common, from 0 to 1",
    .limit_least = 0,
    .limit_most = 1,
    .holds = share_holds,
};
