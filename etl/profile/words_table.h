/* words_table.h: what words.c and words_load.c share. */
#ifndef CUST360_PROFILE_WORDS_TABLE_H
#define CUST360_PROFILE_WORDS_TABLE_H

#include "cust360/base/csv.h"
#include "cust360/base/map.h"
#include "profile/words.h"

enum { ATOMS_TOTAL_MOST = 512, PINYIN_BYTES = 96, MEANINGS_MOST = 256, PATTERN_ATOMS = 8 };

/* How a word was found; what is surer is taken first. */
enum word_form { FORM_PLAIN, FORM_PINYIN, FORM_INITIALS };

/* Before the one letter of a word that only stands behind others' initials: -h in wxdh (号). */
#define SUFFIX_MARK '-'

struct word {
    uint16_t atoms[PATTERN_ATOMS];
    size_t atom_count;
    enum word_form form;
    uint32_t next; /* another thing that the same letters stand for; MAP_NONE: there is none */
};

/* A word in Latin letters, by which shortened ones are guessed. */
struct spelt_word {
    struct slice text;
    uint32_t word;
};

struct pattern_of_meaning {
    size_t meaning;
    uint16_t required[PATTERN_ATOMS];
    size_t required_count;
    uint16_t optional[PATTERN_ATOMS];
    size_t optional_count;
};

struct profile_words {
    struct arena *arena;
    struct map *texts;      /* word → index into words */
    struct map *simplified; /* traditional character → row of `characters` */
    struct csv_table characters;
    struct map *codes; /* set, value in small letters: what sources write, and the makes of cars */
    struct word *words;
    size_t word_count;
    size_t word_capacity;
    struct spelt_word *spelt;
    size_t spelt_count;
    size_t spelt_capacity;
    const char *atom_names[ATOMS_TOTAL_MOST];
    size_t atom_count;
    struct meaning meanings[MEANINGS_MOST];
    size_t meaning_count;
    struct pattern_of_meaning *patterns;
    size_t pattern_count;
    size_t longest_word; /* bytes */
};

/* The simplified form of a character; itself where it has none. */
struct slice words_simplify(const struct profile_words *words, struct slice character);

/* words_fold.c: the heading in the letters that words are written in, as long as it has room. */
struct slice words_fold(const struct profile_words *words, struct slice heading, char *text,
                        size_t size);

/* words_guess.c: the word that a text in small letters, which is none, is short for or a slip of.
 * MAP_NONE: there is none, or it could be several. */
uint32_t words_guess(const struct profile_words *words, struct slice text);

/* words_codes.c. False: a table cannot be read. */
bool words_load_codes(struct profile_words *words, const char *folder, const char *reference_folder,
                      struct error *error);

#endif
