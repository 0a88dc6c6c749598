#include "cust360/base/text.h"
#include "profile/words_table.h"

/* ---- a heading in small letters, with the places where a word begins ---- */

enum { HEADING_BYTES = 128, UNREACHED = 1000000 };

struct letters {
    char text[HEADING_BYTES];
    bool begins[HEADING_BYTES + 1]; /* a word begins (or the text ends) here */
    size_t length;
};

static bool is_lower(char letter)
{
    return letter >= 'a' && letter <= 'z';
}

static bool is_upper(char letter)
{
    return letter >= 'A' && letter <= 'Z';
}

/* custNo, CustNO, CUST_NO, VINCode: a capital begins a word after a small letter or before one. */
static bool begins_word(struct slice heading, size_t at)
{
    char here = heading.data[at];
    char before = at ? heading.data[at - 1] : ' ';
    char after = at + 1 < heading.length ? heading.data[at + 1] : ' ';
    if (here & 0x80)
        return (before & 0x80) == 0;
    if ((before & 0x80) != 0)
        return true;
    if (is_upper(here))
        return !is_upper(before) || is_lower(after);
    return is_lower(here) ? !is_lower(before) && !is_upper(before)
                          : text_is_digit_byte(here) && !text_is_digit_byte(before);
}

static void gather_letters(struct slice heading, struct letters *letters)
{
    bool next_begins = true;
    letters->length = 0;
    for (size_t i = 0; i < heading.length && letters->length + 4 < HEADING_BYTES; i++) {
        char here = heading.data[i];
        bool letter = is_lower(here) || is_upper(here) || (here & 0x80) != 0 || here == '#' ||
                      text_is_digit_byte(here);
        if (!letter) {
            next_begins = true;
            continue;
        }
        letters->begins[letters->length] = next_begins || begins_word(heading, i);
        letters->text[letters->length++] = (char)(is_upper(here) ? here | 0x20 : here);
        next_begins = false;
    }
    letters->begins[letters->length] = true;
}

/* ---- the cheapest way through it ---- */

struct way {
    size_t from;
    int cost;
    uint32_t word; /* MAP_NONE: what stands here is not known */
    bool guessed;
};

static int word_cost(const struct letters *letters, size_t from, size_t to, const struct word *word)
{
    enum { WORD = 10, LOOSE_END = 4, PINYIN = 1, INITIALS = 9, SHORT = 3, SHORT_BYTES = 2 };
    static const int forms[] = {0, PINYIN, INITIALS};
    bool han = (letters->text[from] & 0x80) != 0;
    int cost = WORD + forms[word->form];
    if (!han)
        cost += (letters->begins[from] ? 0 : LOOSE_END) + (letters->begins[to] ? 0 : LOOSE_END);
    if (!han && word->form != FORM_INITIALS && to - from <= SHORT_BYTES &&
        !(letters->begins[from] && letters->begins[to]))
        cost += SHORT;
    return cost;
}

static void try_words(const struct profile_words *words, const struct letters *letters,
                      struct way *ways, size_t from)
{
    size_t last = from + words->longest_word;
    for (size_t to = from + 1; to <= letters->length && to <= last; to++) {
        struct slice text = slice_make(letters->text + from, to - from);
        uint32_t number = map_find(words->texts, text);
        if (number == MAP_NONE)
            continue;
        int cost = ways[from].cost + word_cost(letters, from, to, &words->words[number]);
        if (cost < ways[to].cost)
            ways[to] = (struct way){from, cost, number, false};
    }
}

/* One letter behind initials: khbh is written out as two words, khh as one and its letter. */
static void try_suffix(const struct profile_words *words, const struct letters *letters,
                       struct way *ways, size_t from)
{
    enum { SUFFIX = 21 };
    char text[2] = {SUFFIX_MARK, letters->text[from]};
    if (from + 1 != letters->length || letters->begins[from] || ways[from].word == MAP_NONE ||
        words->words[ways[from].word].form != FORM_INITIALS)
        return;
    uint32_t number = map_find(words->texts, slice_make(text, sizeof(text)));
    if (number != MAP_NONE && ways[from].cost + SUFFIX < ways[from + 1].cost)
        ways[from + 1] = (struct way){from, ways[from].cost + SUFFIX, number, false};
}

/* A text between two begins of words that is short for one. */
static void try_guess(const struct profile_words *words, const struct letters *letters,
                      struct way *ways, size_t from, size_t to)
{
    enum { GUESS = 47 };
    if (ways[from].cost + GUESS >= ways[to].cost)
        return;
    uint32_t number = words_guess(words, slice_make(letters->text + from, to - from));
    if (number != MAP_NONE)
        ways[to] = (struct way){from, ways[from].cost + GUESS, number, true};
}

/* What is not known is passed over by the character (Chinese) or up to the next word's begin.
 * Digits that belong to no word tell columns apart and cost nothing. */
static void pass_over(const struct profile_words *words, const struct letters *letters,
                      struct way *ways, size_t from)
{
    enum { CHARACTER = 14, TOKEN = 48, PREFIX = 24 };
    size_t to = from + 1;
    bool han = (letters->text[from] & 0x80) != 0;
    bool digit = text_is_digit_byte(letters->text[from]);
    if (han)
        while (to < letters->length && ((unsigned char)letters->text[to] & 0xC0) == 0x80)
            to++;
    else if (!digit)
        while (!letters->begins[to])
            to++;
    /* cCusName, dBuyDate: the letter of the type before the words. */
    bool prefix = from == 0 && to == 1 && to < letters->length;
    int token = prefix ? PREFIX : TOKEN;
    int cost = ways[from].cost + (han ? CHARACTER : digit ? 0 : token);
    if (cost < ways[to].cost)
        ways[to] = (struct way){from, cost, MAP_NONE, false};
    if (!han && !digit && letters->begins[from])
        try_guess(words, letters, ways, from, to);
}

/* Whether what nobody knows between two places is a word of its own: Chinese characters are one
 * with those behind them that nobody knows either; a letter by itself (t_name, sName) and digits
 * are none. */
static bool is_unknown_word(const struct letters *letters, size_t from, size_t to,
                            size_t unknown_behind)
{
    bool han = (letters->text[from] & 0x80) != 0;
    if (han)
        return unknown_behind != to || (letters->text[to] & 0x80) == 0;
    return to - from > 1;
}

static bool is_letter_alone(const struct letters *letters, size_t from, size_t to)
{
    return to - from == 1 && is_lower(letters->text[from]);
}

/* Of the things that a word stands for the one that this variant of the heading takes. */
static const struct word *choose_thing(const struct profile_words *words, uint32_t number,
                                       size_t *variant, size_t *variants)
{
    const struct word *word = &words->words[number];
    size_t count = 0;
    for (uint32_t at = number; at != MAP_NONE; at = words->words[at].next)
        count++;
    for (size_t skip = *variant % count; skip > 0; skip--)
        word = &words->words[word->next];
    *variant /= count;
    *variants *= count;
    return word;
}

void words_read(const struct profile_words *words, struct slice heading, struct atoms *atoms)
{
    words_read_variant(words, heading, 0, atoms);
}

size_t words_read_variant(const struct profile_words *words, struct slice heading, size_t variant,
                          struct atoms *atoms)
{
    enum { INITIALS_LONGEST = 2 };
    size_t variants = 1;
    char simple[HEADING_BYTES];
    struct letters letters;
    struct way ways[HEADING_BYTES + 1];
    size_t initials = 0;
    size_t plain = 0;
    bool glued = false;
    bool spelt = false; /* a word written out, and longer than rq and je are */
    size_t unknown_behind = SIZE_MAX;
    memset(atoms, 0, sizeof(*atoms));
    gather_letters(words_fold(words, heading, simple, sizeof(simple)), &letters);
    for (size_t i = 0; i <= letters.length; i++)
        ways[i] = (struct way){0, UNREACHED, MAP_NONE, false};
    ways[0].cost = 0;
    for (size_t from = 0; from < letters.length; from++) {
        if (ways[from].cost >= UNREACHED)
            continue;
        try_words(words, &letters, ways, from);
        try_suffix(words, &letters, ways, from);
        pass_over(words, &letters, ways, from);
    }
    for (size_t at = letters.length; at > 0; at = ways[at].from) {
        if (ways[at].word == MAP_NONE) {
            atoms->unknown += is_unknown_word(&letters, ways[at].from, at, unknown_behind);
            atoms->guessed += is_letter_alone(&letters, ways[at].from, at);
            unknown_behind = ways[at].from;
            continue;
        }
        atoms->guessed += ways[at].guessed;
        const struct word *word = choose_thing(words, ways[at].word, &variant, &variants);
        glued |=
            word->form == FORM_INITIALS && (!letters.begins[ways[at].from] || !letters.begins[at]);
        initials += word->form == FORM_INITIALS;
        plain += word->form != FORM_INITIALS;
        spelt |= word->form != FORM_INITIALS && at - ways[at].from > INITIALS_LONGEST;
        for (size_t i = 0; i < word->atom_count; i++)
            atoms_add(atoms, word->atoms[i]);
    }
    /* CSNAM is hardly 城市 and "nam". */
    atoms->unknown += glued && spelt;
    atoms->abbreviated = initials > 0 && plain == 0;
    return variants;
}

/* ---- which meanings fit ---- */

static bool is_in(const uint16_t *list, size_t count, uint16_t atom)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == atom)
            return true;
    return false;
}

/* Words about another person or thing than the customer and the car: they are never passed over. */
bool words_is_role(const struct profile_words *words, uint16_t atom)
{
    static const char *const roles[] = {"contact",   "deliverer",
                                        "driver",    "cobuyer",
                                        "emergency", "spouse",
                                        "advisor",   "dealer",
                                        "provider",  "insurer",
                                        "lender",    "referrer",
                                        "trade",     "settlementparty",
                                        "reminder",  "part",
                                        "labour",    "carkey",
                                        "warranty",  "department",
                                        "optout",    "consent",
                                        "flag",      "cost",
                                        "profit",    "tax",
                                        "next",      "last",
                                        "plan",      "followup",
                                        "testdrive", "appointment"};
    for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
        if (strcmp(words_atom_name(words, atom), roles[i]) == 0)
            return true;
    return false;
}

static double fit_of(const struct profile_words *words, const struct pattern_of_meaning *pattern,
                     const struct atoms *heading, const struct atoms *theme)
{
    const double from_theme = 0.95;
    const double left_over = 0.7;
    const double not_known = 0.75;
    const double by_initials = 0.9;
    const double by_guess = 0.9;
    double fit = 1;
    size_t own = 0;
    for (size_t i = 0; i < pattern->required_count; i++) {
        if (atoms_have(heading, pattern->required[i]))
            own++;
        else if (theme && atoms_have(theme, pattern->required[i]))
            fit *= from_theme;
        else
            return 0;
    }
    if (own == 0)
        return 0;
    for (size_t i = 0; i < heading->count; i++) {
        uint16_t atom = heading->list[i];
        if (is_in(pattern->required, pattern->required_count, atom) ||
            is_in(pattern->optional, pattern->optional_count, atom))
            continue;
        if (words_is_role(words, atom))
            return 0;
        fit *= theme && atoms_have(theme, atom) ? from_theme : left_over;
    }
    for (unsigned i = 0; i < heading->unknown; i++)
        fit *= not_known;
    for (unsigned i = 0; i < heading->guessed; i++)
        fit *= by_guess;
    return heading->abbreviated ? fit * by_initials : fit;
}

static void keep_reading(struct reading_of_heading *readings, size_t *count, size_t most,
                         struct reading_of_heading reading)
{
    size_t at = *count;
    for (size_t i = 0; i < *count; i++)
        if (readings[i].meaning == reading.meaning) {
            if (readings[i].fit >= reading.fit)
                return;
            memmove(readings + i, readings + i + 1, (*count - i - 1) * sizeof(*readings));
            --*count;
            at = *count;
            break;
        }
    while (at > 0 && readings[at - 1].fit < reading.fit)
        at--;
    if (at == most)
        return;
    size_t moved = (*count < most ? *count : most - 1) - at;
    memmove(readings + at + 1, readings + at, moved * sizeof(*readings));
    readings[at] = reading;
    *count += *count < most;
}

size_t words_meanings(const struct profile_words *words, const struct atoms *heading,
                      const struct atoms *theme, struct reading_of_heading *readings, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < words->pattern_count; i++) {
        const struct pattern_of_meaning *pattern = &words->patterns[i];
        double fit = fit_of(words, pattern, heading, theme);
        if (fit > 0)
            keep_reading(
                readings, &count, most,
                (struct reading_of_heading){&words->meanings[pattern->meaning], fit, (unsigned)i});
    }
    return count;
}

const struct meaning *words_meaning(const struct profile_words *words, const char *name)
{
    for (size_t i = 0; i < words->meaning_count; i++)
        if (strcmp(words->meanings[i].name, name) == 0)
            return &words->meanings[i];
    return NULL;
}
