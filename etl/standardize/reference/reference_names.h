/* reference_names.h: what the reference tables know of people's names.
 *
 * Tables: surnames.csv, hk_surname_spellings.csv, romanization_syllables.csv, given_chars.csv,
 * honorifics.csv, placeholder_names.csv. Words are in simplified characters, ASCII letters in lower
 * case, as struct glyphs has them. */
#ifndef CUST360_STANDARDIZE_REFERENCE_NAMES_H
#define CUST360_STANDARDIZE_REFERENCE_NAMES_H

#include "standardize/reference/reference.h"
#include "standardize/text/trie.h"

struct surname {
    struct slice spelled; /* toneless pinyin as it is read in a surname */
    size_t characters;
    bool common; /* among the 400 that nearly all people have */
};

struct honorific {
    char gender;             /* 'M', 'F' or 0 */
    bool alone;              /* also without brackets; else a note: 张三(车主) */
    bool relation;           /* somebody of the named person's family: 家属 */
    bool only_after_surname; /* one character, that could belong to a given name too */
};

enum placeholder_match {
    PLACEHOLDER_EXACT = 1,    /* the name is this word */
    PLACEHOLDER_CONTAINS = 2, /* the word stands in the name of a person */
    PLACEHOLDER_PREFIX = 4
};

struct placeholder {
    enum placeholder_match match;
    bool possible; /* people are called so too: a warning, not a refusal */
};

/* How often letters are a surname or in a given name, for telling the order of names in letters.
 * Counts of different samples: only ratios within one column mean something. */
struct spelling {
    uint32_t surname; /* also of compound surnames: ouyang */
    uint32_t given_first;
    uint32_t given_second;
    uint32_t given_alone;
    bool is_pinyin; /* of a surname */
    bool compound;  /* a compound surname */
};

struct name_tables {
    struct trie *surnames; /* value: index into surname */
    struct surname *surname;
    struct map *spellings; /* toneless pinyin and Hong Kong spellings: index into spelling */
    struct spelling *spelling;
    size_t spelling_capacity;
    size_t spelling_count;
    struct trie *titles;         /* reversed: behind a name; value: index into honorific */
    struct trie *leading_titles; /* 老, 小: before a surname */
    struct map *spelled_titles;  /* mr, mrs: value: index into honorific */
    struct trie *placeholders;   /* value: index into placeholder */
    struct honorific *honorific;
    struct placeholder *placeholder;
};

/* The loader of reference->names. */
bool names_load(struct reference *reference, struct error *error);

/* The surname at the beginning of a name of `count` characters, or NULL. A compound surname needs a
 * given name behind it, unless the name is that surname. */
const struct surname *surname_find(const struct name_tables *names, const uint32_t *simple,
                                   size_t count);

/* What the letters (small, without accents) are, or NULL. */
const struct spelling *spelling_find(const struct name_tables *names, struct slice letters);

/* Whether the characters are exactly one surname. */
bool surname_is(const struct name_tables *names, const uint32_t *simple, size_t count);

/* What a name is a placeholder by, or NULL. `whole` looks at whole names only, for companies. */
const struct placeholder *placeholder_find(const struct name_tables *names, const uint32_t *simple,
                                           size_t count, bool whole);

#endif
