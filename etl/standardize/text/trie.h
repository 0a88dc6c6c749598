/* trie.h: many words looked up at once, by their characters.
 *
 * A walk from the root along a text finds every word that begins there, in time that depends on the
 * text only. Words are put once, before threads start; walking is thread safe. A trie lives in its
 * arena. */
#ifndef CUST360_STANDARDIZE_TRIE_H
#define CUST360_STANDARDIZE_TRIE_H

#include "cust360/base/arena.h"

#include <stdint.h>

#define TRIE_NONE UINT32_MAX

enum { TRIE_ROOT = 0 };

enum { TRIE_FIRST_BITS = 4096 };

struct trie_edge;

struct trie {
    uint64_t first[TRIE_FIRST_BITS / 64]; /* which characters may begin a word, by their low bits */
    struct arena *arena;
    struct trie_edge *edges;
    size_t edges_mask;
    uint32_t *values; /* by node */
    size_t node_capacity;
    uint32_t node_count;
};

struct trie *trie_create(struct arena *arena);

/* Puts a word with its value (not TRIE_NONE); a word put again keeps its first value. The empty
 * word is passed over. Returns the value the word has. */
uint32_t trie_put(struct trie *trie, struct slice word, uint32_t value);

/* The same with the word's characters in reverse, for finding words by their end. */
uint32_t trie_put_reversed(struct trie *trie, struct slice word, uint32_t value);

/* Whether the word was put. */
bool trie_knows(const struct trie *trie, struct slice word);

/* Which character a walk along them is the last to look at; `count` when it comes to their end, so
 * that it depends on what may follow. */
size_t trie_walked(const struct trie *trie, const uint32_t *characters, size_t count);

/* The node behind `character`, or TRIE_NONE. */
uint32_t trie_step(const struct trie *trie, uint32_t node, uint32_t character);

/* The value of the word that ends at a node, or TRIE_NONE. */
uint32_t trie_value(const struct trie *trie, uint32_t node);

/* The value of the longest word at the beginning of the characters, of the longest word at their
 * end (in a trie of reversed words), or TRIE_NONE; *length: its characters. */
static inline uint32_t trie_longest(const struct trie *trie, const uint32_t *characters,
                                    size_t count, size_t *length);
uint32_t trie_longest_end(const struct trie *trie, const uint32_t *characters, size_t count,
                          size_t *length);

/* All words at the beginning of the characters, shortest first, at most `limit`. Returns how many;
 * lengths in characters. */
struct trie_word {
    size_t length;
    uint32_t value;
};
static inline size_t trie_words(const struct trie *trie, const uint32_t *characters, size_t count,
                                struct trie_word *words, size_t limit);

/* The value of the word that is exactly these characters, or TRIE_NONE. */
static inline uint32_t trie_find(const struct trie *trie, const uint32_t *characters, size_t count);

/* ---- what the inline functions leave to trie.c: the walk ---- */

uint32_t trie_longest_walk(const struct trie *trie, const uint32_t *characters, size_t count,
                           size_t *length);
size_t trie_words_walk(const struct trie *trie, const uint32_t *characters, size_t count,
                       struct trie_word *words, size_t limit);
uint32_t trie_find_walk(const struct trie *trie, const uint32_t *characters, size_t count);

/* Most characters begin no word; that is told without a walk. */
static inline bool trie_may_begin(const struct trie *trie, const uint32_t *characters, size_t count)
{
    return count > 0 &&
           (trie->first[characters[0] % TRIE_FIRST_BITS / 64] >> characters[0] % 64 & 1);
}

static inline uint32_t trie_longest(const struct trie *trie, const uint32_t *characters,
                                    size_t count, size_t *length)
{
    return trie_may_begin(trie, characters, count)
               ? trie_longest_walk(trie, characters, count, length)
               : TRIE_NONE;
}

static inline size_t trie_words(const struct trie *trie, const uint32_t *characters, size_t count,
                                struct trie_word *words, size_t limit)
{
    return trie_may_begin(trie, characters, count)
               ? trie_words_walk(trie, characters, count, words, limit)
               : 0;
}

static inline uint32_t trie_find(const struct trie *trie, const uint32_t *characters, size_t count)
{
    return trie_may_begin(trie, characters, count) ? trie_find_walk(trie, characters, count)
                                                   : TRIE_NONE;
}

#endif
