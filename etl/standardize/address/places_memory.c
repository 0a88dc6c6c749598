/* A match depends on so many characters at the beginning of an address: its division, and what was
 * looked at behind it. An address that begins with the same ones has the same match. It is kept
 * at the hash of its first 12 characters, or as many as there are of 9, 6 and 3. */
#include "standardize/address/places_memory.h"

enum { STEPS = 4 };
static const uint32_t step_characters[STEPS] = {3, 6, 9, 12};

/* Where texts that begin so are kept, for each step up to `count`. Returns how many steps. */
static size_t find_slots(const uint32_t *simple, size_t count, uint32_t slots[STEPS])
{
    const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15); /* Fibonacci hashing */
    uint64_t hash = 0;
    size_t steps = 0;
    for (uint32_t i = 0; steps < STEPS && step_characters[steps] <= count; steps++) {
        for (; i < step_characters[steps]; i++)
            hash = (hash ^ simple[i]) * odd;
        slots[steps] = (uint32_t)(hash >> 32) % PLACE_MEMORIES;
    }
    return steps;
}

static bool is_same(const struct place_memory *memory, const uint32_t *simple, size_t count,
                    uint32_t within)
{
    unsigned other = 0;
    if (memory->exact == 0 || memory->exact > count || memory->within != within)
        return false;
    for (size_t i = 0; i < memory->exact; i++)
        other |= memory->text[i] ^ simple[i];
    if (other)
        return false;
    for (size_t i = memory->exact; i < memory->plain && i < count; i++)
        if (!place_is_plain(simple[i]))
            return false;
    return true;
}

static struct place_match recall(const struct place_memory *memory)
{
    return (struct place_match){.place = memory->place,
                                .length = memory->length,
                                .named = memory->named,
                                .ambiguous = memory->ambiguous,
                                .either = memory->either};
}

/* Whether it fits: long ones, and characters that few names have, are searched each time. */
static bool can_keep(const struct place_match *match, struct place_reach reach,
                     const uint32_t *simple, size_t count)
{
    if (reach.exact > count || reach.exact > PLACE_MEMORY_CHARACTERS || reach.plain > UINT8_MAX ||
        match->length > UINT8_MAX)
        return false;
    for (size_t i = 0; i < reach.exact; i++)
        if (simple[i] > UINT16_MAX)
            return false;
    return true;
}

static void keep(struct place_memory *memory, const struct place_match *match,
                 struct place_reach reach, const uint32_t *simple, uint32_t within)
{
    *memory = (struct place_memory){.within = within,
                                    .place = match->place,
                                    .either = match->either,
                                    .exact = (uint8_t)reach.exact,
                                    .plain = (uint8_t)reach.plain,
                                    .length = (uint8_t)match->length,
                                    .named = (uint8_t)match->named,
                                    .ambiguous = match->ambiguous};
    for (size_t i = 0; i < reach.exact; i++)
        memory->text[i] = (uint16_t)simple[i];
}

struct place_match place_match_again(const struct place_tables *tables,
                                     struct place_memory *memories, const uint32_t *simple,
                                     size_t count, uint32_t within)
{
    uint32_t slots[STEPS];
    size_t steps = find_slots(simple, count, slots);
    for (size_t step = steps; step > 0; step--)
        if (is_same(&memories[slots[step - 1]], simple, count, within))
            return recall(&memories[slots[step - 1]]);
    struct place_reach reach;
    struct place_match match = place_match_tracked(tables, simple, count, within, &reach);
    while (steps > 0 && step_characters[steps - 1] > reach.exact)
        steps--;
    if (steps > 0 && can_keep(&match, reach, simple, count))
        keep(&memories[slots[steps - 1]], &match, reach, simple, within);
    return match;
}
