#include "cust360/golden.h"

/* number ──► scatter (40 bits) ──► 8 digits of base 32 ──► check digit over GF(32) */

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum { DIGITS = 8, DIGIT_BITS = 5, NUMBER_BITS = DIGITS * DIGIT_BITS, HALF_BITS = NUMBER_BITS / 2 };

#define NUMBER_MASK ((UINT64_C(1) << NUMBER_BITS) - 1)

/* Odd, so multiplying by it modulo 2^40 is a bijection, and its inverse (their product is 1 modulo
 * 2^40). The shift-and-xor carries the high bits, which multiplying mixes best, into the low ones
 * and is its own inverse. */
#define FACTOR         UINT64_C(0x9E3779B97F)
#define FACTOR_INVERSE UINT64_C(0x4C19BC067F)

static uint64_t fold(uint64_t value)
{
    return value ^ (value >> HALF_BITS);
}

static uint64_t scatter(uint64_t number)
{
    uint64_t value = number * FACTOR & NUMBER_MASK;
    return fold(value) * FACTOR & NUMBER_MASK;
}

static uint64_t gather(uint64_t value)
{
    return fold(value * FACTOR_INVERSE & NUMBER_MASK) * FACTOR_INVERSE & NUMBER_MASK;
}

uint32_t golden_number(const struct golden_ids *before, uint32_t place)
{
    if (!before->numbers || place == GOLDEN_NONE)
        return place;
    return place <= before->issued ? before->numbers[place]
                                   : before->all_issued + (place - before->issued);
}

/* Times x in GF(32) = GF(2)[x] / (x^5 + x^2 + 1). */
static unsigned times_x(unsigned digit)
{
    return (digit << 1 & 31) ^ (digit & 16 ? 5u : 0u);
}

/* The sum of digit i times x^i is 0 with the check digit at i = 0. The powers of x are different
 * and not 0, so one wrong digit, or two exchanged, never keep the sum. */
static unsigned check_digit(const unsigned digits[DIGITS])
{
    unsigned sum = 0;
    for (int i = 0; i < DIGITS; i++)
        sum = times_x(sum ^ digits[i]);
    return sum;
}

void golden_id_format(uint32_t number, char text[GOLDEN_ID_BYTES])
{
    uint64_t value = scatter(number);
    unsigned digits[DIGITS];
    for (int i = DIGITS - 1; i >= 0; i--, value >>= DIGIT_BITS)
        digits[i] = (unsigned)(value & 31);
    text[0] = 'C';
    for (int i = 0; i < DIGITS; i++)
        text[1 + i] = alphabet[digits[i]];
    text[1 + DIGITS] = alphabet[check_digit(digits)];
    text[2 + DIGITS] = '\0';
}

/* The digit that a character means, or 32. */
static unsigned read_digit(char character)
{
    if (character >= 'a' && character <= 'z')
        character = (char)(character - 'a' + 'A');
    if (character == 'O')
        return 0;
    if (character == 'I' || character == 'L')
        return 1;
    unsigned digit = 0;
    while (digit < 32 && alphabet[digit] != character)
        digit++;
    return digit;
}

bool golden_id_parse(struct slice text, uint32_t *number)
{
    unsigned digits[DIGITS + 2];
    int count = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '-' || text.data[i] == ' ')
            continue;
        unsigned digit = read_digit(text.data[i]);
        if (digit == 32 || count == DIGITS + 2)
            return false;
        digits[count++] = digit;
    }
    if (count != DIGITS + 2 || digits[0] != read_digit('C') ||
        check_digit(digits + 1) != digits[DIGITS + 1])
        return false;
    uint64_t value = 0;
    for (int i = 1; i <= DIGITS; i++)
        value = value << DIGIT_BITS | digits[i];
    value = gather(value);
    if (value == GOLDEN_NONE || value > UINT32_MAX)
        return false;
    *number = (uint32_t)value;
    return true;
}
