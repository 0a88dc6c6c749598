#include "match/compare/comparator.h"

/* qgrams: S: of their pairs of neighbouring characters (with one blank before and behind) at least
 * this share is common: Dice's coefficient. For long texts of which parts move or are missing. */

/* The texts are short, so each is put in its place as it comes. */
static void put_in_order(uint64_t *grams, size_t count, uint64_t gram)
{
    size_t place = count;
    while (place > 0 && grams[place - 1] > gram) {
        grams[place] = grams[place - 1];
        place--;
    }
    grams[place] = gram;
}

static size_t list_grams(struct slice text, uint64_t *grams)
{
    uint32_t characters[CHARACTERS_MAX];
    size_t count = characters_decode(text, characters);
    if (count == 0)
        return 0;
    for (size_t i = 0; i <= count; i++) {
        uint64_t first = i == 0 ? ' ' : characters[i - 1];
        put_in_order(grams, i, first << 32 | (i == count ? ' ' : characters[i]));
    }
    return count + 1;
}

double qgram_similarity(struct slice a, struct slice b)
{
    uint64_t x[CHARACTERS_MAX + 1];
    uint64_t y[CHARACTERS_MAX + 1];
    size_t x_count = list_grams(a, x);
    size_t y_count = list_grams(b, y);
    size_t common = 0;
    if (x_count == 0 || y_count == 0)
        return x_count == y_count ? 1 : 0;
    for (size_t i = 0, j = 0; i < x_count && j < y_count;) {
        if (x[i] == y[j]) {
            common++;
            i++;
            j++;
        } else if (x[i] < y[j]) {
            i++;
        } else {
            j++;
        }
    }
    return 2 * (double)common / (double)(x_count + y_count);
}

static bool holds(struct slice a, struct slice b, const struct comparator_argument *argument)
{
    /* No more can be common than the shorter one has; a character has one to four bytes. */
    double shorter = (double)(a.length < b.length ? a.length : b.length);
    double longer = (double)(a.length < b.length ? b.length : a.length);
    enum { CHARACTER_BYTES_MAX = 4 };
    if (2 * (shorter + 1) < argument->limit * (shorter + longer / CHARACTER_BYTES_MAX + 2))
        return false;
    return qgram_similarity(a, b) >= argument->limit;
}

const struct comparator comparator_qgrams = {
    .name = "qgrams",
    .relation = RELATION_TEXTS,
    .limit = "the least share of character pairs in common, from 0 to 1",
    .limit_least = 0,
    .limit_most = 1,
    .holds = holds,
};
