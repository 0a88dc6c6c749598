#include "match/compare/comparator.h"

#include <string.h>

/* jaro_winkler: N: similarity of at least N (0 to 1), for names written in letters. */

struct jaro_text {
    uint32_t characters[CHARACTERS_MAX];
    bool matched[CHARACTERS_MAX];
    size_t count;
};

static size_t match_characters(struct jaro_text *a, struct jaro_text *b)
{
    size_t longest = a->count > b->count ? a->count : b->count;
    size_t reach = longest / 2 > 0 ? longest / 2 - 1 : 0;
    size_t matches = 0;
    for (size_t i = 0; i < a->count; i++) {
        size_t from = i > reach ? i - reach : 0;
        size_t to = i + reach + 1 < b->count ? i + reach + 1 : b->count;
        for (size_t j = from; j < to && !a->matched[i]; j++) {
            if (b->matched[j] || a->characters[i] != b->characters[j])
                continue;
            a->matched[i] = b->matched[j] = true;
            matches++;
        }
    }
    return matches;
}

/* Matched characters that stand in another order, halved. */
static size_t count_transpositions(const struct jaro_text *a, const struct jaro_text *b)
{
    size_t out_of_order = 0;
    size_t j = 0;
    for (size_t i = 0; i < a->count; i++) {
        if (!a->matched[i])
            continue;
        while (!b->matched[j])
            j++;
        out_of_order += a->characters[i] != b->characters[j];
        j++;
    }
    return out_of_order / 2;
}

double jaro_winkler_similarity(struct slice a, struct slice b)
{
    struct jaro_text x;
    struct jaro_text y;
    memset(x.matched, 0, sizeof(x.matched));
    memset(y.matched, 0, sizeof(y.matched));
    x.count = characters_decode(a, x.characters);
    y.count = characters_decode(b, y.characters);
    if (x.count == 0 || y.count == 0)
        return x.count == y.count ? 1 : 0;
    double matches = (double)match_characters(&x, &y);
    if (matches < 1)
        return 0;
    double transpositions = (double)count_transpositions(&x, &y);
    double jaro = (matches / (double)x.count + matches / (double)y.count +
                   (matches - transpositions) / matches) /
                  3;
    size_t prefix = 0;
    while (prefix < 4 && prefix < x.count && prefix < y.count &&
           x.characters[prefix] == y.characters[prefix])
        prefix++;
    return jaro + (double)prefix * 0.1 * (1 - jaro);
}

static bool holds(struct slice a, struct slice b, const struct comparator_argument *argument)
{
    return jaro_winkler_similarity(a, b) >= argument->limit;
}

const struct comparator comparator_jaro_winkler = {
    .name = "jaro_winkler",
    .relation = RELATION_TEXTS,
    .limit = "the least similarity, from 0 to 1",
    .limit_least = 0,
    .limit_most = 1,
    .holds = holds,
};
