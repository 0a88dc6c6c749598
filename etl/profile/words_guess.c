/* Words that nobody wrote down: shortened ones (vhcl, odmtr, purchasedat) and slips (adress). */
#include "cust360/base/text.h"
#include "profile/words_table.h"

enum { GUESS_LETTERS_LEAST = 3, SLIP_LETTERS_LEAST = 6 };

static bool is_consonant(char letter)
{
    return letter >= 'a' && letter <= 'z' && strchr("aeiouy", letter) == NULL;
}

/* The letters that are spoken: the first one and all consonants behind it. */
static size_t count_skeleton(struct slice text)
{
    size_t count = text.length > 0;
    for (size_t i = 1; i < text.length; i++)
        count += is_consonant(text.data[i]);
    return count;
}

static bool has_letters_in_order(struct slice word, struct slice letters)
{
    size_t at = 0;
    for (size_t i = 0; i < word.length && at < letters.length; i++)
        at += word.data[i] == letters.data[at];
    return at == letters.length;
}

/* The word is cut short, or most of its vowels and a few consonants are left out. */
static bool is_short_for(struct slice text, struct slice word)
{
    if (text.length >= word.length || text.data[0] != word.data[0])
        return false;
    if (slice_starts_with(word, text))
        return text.length * 5 >= word.length * 3;
    return has_letters_in_order(word, text) &&
           count_skeleton(text) * 3 >= count_skeleton(word) * 2 && count_skeleton(text) >= 3;
}

static size_t common_begin(struct slice a, struct slice b)
{
    size_t at = 0;
    while (at < a.length && at < b.length && a.data[at] == b.data[at])
        at++;
    return at;
}

static size_t common_end(struct slice a, struct slice b)
{
    size_t at = 0;
    while (at < a.length && at < b.length && a.data[a.length - 1 - at] == b.data[b.length - 1 - at])
        at++;
    return at;
}

/* One letter too many, too few, another or two the other way round. */
static bool is_slip_of(struct slice text, struct slice word)
{
    size_t longer = text.length > word.length ? text.length : word.length;
    size_t shorter = text.length + word.length - longer;
    size_t begin = common_begin(text, word);
    size_t same = begin + common_end(text, word);
    if (text.length < SLIP_LETTERS_LEAST || word.length < SLIP_LETTERS_LEAST ||
        longer - shorter > 1)
        return false;
    if (same + 1 >= longer)
        return true;
    return longer == shorter && same + 2 == longer && text.data[begin] == word.data[begin + 1] &&
           text.data[begin + 1] == word.data[begin];
}

static bool says_the_same(const struct word *a, const struct word *b)
{
    return a->atom_count == b->atom_count &&
           memcmp(a->atoms, b->atoms, a->atom_count * sizeof(*a->atoms)) == 0;
}

/* The word that needs fewest letters more; none where another thing needs hardly more. */
uint32_t words_guess(const struct profile_words *words, struct slice text)
{
    uint32_t best = MAP_NONE;
    size_t best_missing = 0;
    size_t rival_missing = SIZE_MAX;
    if (text.length < GUESS_LETTERS_LEAST)
        return MAP_NONE;
    for (size_t i = 0; i < words->spelt_count; i++) {
        const struct spelt_word *spelt = &words->spelt[i];
        bool slip = is_slip_of(text, spelt->text);
        if (!slip && !is_short_for(text, spelt->text))
            continue;
        size_t missing = slip ? 0 : spelt->text.length - text.length;
        bool same =
            best != MAP_NONE && says_the_same(&words->words[best], &words->words[spelt->word]);
        if (best == MAP_NONE || missing < best_missing) {
            if (best != MAP_NONE && !same)
                rival_missing = best_missing;
            best = spelt->word;
            best_missing = missing;
        } else if (!same && missing < rival_missing) {
            rival_missing = missing;
        }
    }
    return rival_missing <= best_missing + 1 ? MAP_NONE : best;
}
