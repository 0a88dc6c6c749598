/* The short way of finding a division: the official names in a row.
 *
 * The search of places_match.c follows every word that may begin at a place, and the chain with
 * most points wins. An official name has most points a character; so where each name has one
 * official meaning within those before it and all shorter words at its place are short names, which
 * an official name passes over, there is but one chain that can win. */
#include "standardize/reference_places.h"

#include "cust360/base/text.h"

/* Whether a name may begin at `index`, or the names end there, without anything to pass over. */
static bool is_plain_at(const uint32_t *simple, size_t count, size_t index)
{
    if (index == count)
        return true;
    uint32_t character = simple[index];
    switch (character) {
    case 0x7701: /* province: the fillers begin so */
    case 0x81EA:
    case 0x76F4:
    case 0x5E02:
    case 0x573A: /* market, ship: an end of a longer word */
    case 0x8230:
        return false;
    default:
        return (character >= 0x4E00 && character <= 0x9FFF) ||
               (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z');
    }
}

/* Whether all meanings of the word within a place are short names. */
static bool is_short_only(const struct place_tables *tables, uint32_t word, uint32_t within)
{
    for (uint32_t i = word; i != PLACE_NONE; i = tables->words[i].next)
        if (tables->words[i].form != PLACE_SHORT &&
            place_is_within(tables, tables->words[i].place, within))
            return false;
    return true;
}

/* The place that the word officially names within another, when it means nothing else there. */
static uint32_t only_official(const struct place_tables *tables, uint32_t word, uint32_t within)
{
    uint32_t place = PLACE_NONE;
    for (uint32_t i = word; i != PLACE_NONE; i = tables->words[i].next) {
        if (!place_is_within(tables, tables->words[i].place, within))
            continue;
        if (place != PLACE_NONE || tables->words[i].form != PLACE_OFFICIAL)
            return PLACE_NONE;
        place = tables->words[i].place;
    }
    return place;
}

/* The place that goes on from `within` at `index`; moves behind it. */
static uint32_t next_official(const struct place_tables *tables, const uint32_t *simple,
                              size_t count, size_t *index, uint32_t within)
{
    enum { WORDS_AT_ONE_PLACE = 15 };
    struct trie_word found[WORDS_AT_ONE_PLACE + 1];
    size_t words =
        trie_words(tables->names, simple + *index, count - *index, found, WORDS_AT_ONE_PLACE + 1);
    if (words == 0 || words > WORDS_AT_ONE_PLACE)
        return PLACE_NONE;
    for (size_t i = 0; i + 1 < words; i++)
        if (!is_short_only(tables, found[i].value, within))
            return PLACE_NONE;
    *index += found[words - 1].length;
    return only_official(tables, found[words - 1].value, within);
}

static bool find_official(const struct place_tables *tables, const uint32_t *simple, size_t count,
                          struct place_match *match)
{
    enum { LEVELS = 3 };
    uint32_t place = PLACE_NONE;
    size_t end = 0;
    for (size_t level = 0; level < LEVELS; level++) {
        if (!is_plain_at(simple, count, end))
            return false;
        place = next_official(tables, simple, count, &end, place);
        if (place == PLACE_NONE || !is_plain_at(simple, count, end))
            return false;
        if (tables->places[place].level == PLACE_DISTRICT) {
            *match =
                (struct place_match){.place = place, .length = end, .named = end, .either = place};
            return true;
        }
    }
    return false;
}

/* Where a text is remembered, by characters of its last name. */
static struct place_memory *memory_of(struct place_memory *memories, const uint32_t *simple)
{
    enum { PROVINCE = 0x7701, AFTER_PROVINCE = 6, AFTER_CITY = 3 };
    const uint32_t *name = simple + (simple[2] == PROVINCE ? AFTER_PROVINCE : AFTER_CITY);
    return &memories[(name[0] * 31 + name[1] * 7 + simple[0]) % PLACE_MEMORIES];
}

/* Whether no word may begin in the first `length` characters and end behind them, so that what was
 * found does not depend on what follows. */
static bool is_closed(const struct place_tables *tables, const uint32_t *simple, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!trie_ends_within(tables->names, simple + i, length - i))
            return false;
    return true;
}

bool place_match_official(const struct place_tables *tables, struct place_memory *memories,
                          const uint32_t *simple, size_t count, struct place_match *match)
{
    enum { SHORTEST = 8 };
    if (!memories || count < SHORTEST)
        return find_official(tables, simple, count, match);
    struct place_memory *memory = memory_of(memories, simple);
    size_t known = memory->match.length;
    if (known > 0 && known <= count && is_plain_at(simple, count, known) &&
        memcmp(memory->text, simple, known * sizeof(*simple)) == 0) {
        *match = memory->match;
        return true;
    }
    if (!find_official(tables, simple, count, match))
        return false;
    if (match->length <= PLACE_MEMORY_CHARACTERS && is_closed(tables, simple, match->length)) {
        memory->match = *match;
        memcpy(memory->text, simple, match->length * sizeof(*simple));
    }
    return true;
}
