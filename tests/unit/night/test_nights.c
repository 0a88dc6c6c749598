#include "night.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* After any nights the state says what one made anew says. The seeds are fixed; NIGHTS_SEED and
 * NIGHTS_COUNT play others (make nights). A sequence that fails names its seed. */

enum { SEQUENCES = 50 };

static void play(uint64_t first, uint64_t count)
{
    struct nights nights;
    nights_open(&nights);
    for (uint64_t i = 0; i < count; i++)
        nights_play(&nights, first + i);
    nights_close(&nights);
}

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

TestSuite(nights, .timeout = 3600);

Test(nights, first_quarter)
{
    play(setting("NIGHTS_SEED", 1), setting("NIGHTS_COUNT", SEQUENCES));
}

Test(nights, second_quarter)
{
    if (!getenv("NIGHTS_SEED"))
        play(1 + SEQUENCES, SEQUENCES);
}

Test(nights, third_quarter)
{
    if (!getenv("NIGHTS_SEED"))
        play(1 + 2 * SEQUENCES, SEQUENCES);
}

Test(nights, fourth_quarter)
{
    if (!getenv("NIGHTS_SEED"))
        play(1 + 3 * SEQUENCES, SEQUENCES);
}
