#include "standardize/trie.h"

#include "cust360/base/text.h"

/* The edges of all nodes are in one open-addressed table: the key is the node and the character
 * (21 bits), so that a step is one probe, and a character that begins no word costs no more. */
enum { CHARACTER_BITS = 21, FIRST_EDGES = 256, FIRST_NODES = 64 };

struct trie_edge {
    uint64_t key; /* plus one, so that 0 is empty */
    uint32_t child;
};

struct trie *trie_create(struct arena *arena)
{
    struct trie *trie = arena_allocate(arena, sizeof(*trie));
    trie->arena = arena;
    trie->edges = arena_allocate_array(arena, FIRST_EDGES, sizeof(*trie->edges));
    trie->edges_mask = FIRST_EDGES - 1;
    trie->values = arena_allocate_array(arena, FIRST_NODES, sizeof(*trie->values));
    trie->node_capacity = FIRST_NODES;
    trie->node_count = 1;
    trie->values[TRIE_ROOT] = TRIE_NONE;
    return trie;
}

static uint64_t edge_key(uint32_t node, uint32_t character)
{
    return ((uint64_t)node << CHARACTER_BITS | character) + 1;
}

static inline struct trie_edge *edge_find(struct trie_edge *edges, size_t mask, uint64_t key)
{
    uint64_t hash = key * UINT64_C(0x9E3779B97F4A7C15); /* Fibonacci hashing */
    for (size_t i = (hash >> 32) & mask;; i = (i + 1) & mask)
        if (edges[i].key == key || edges[i].key == 0)
            return &edges[i];
}

static void edges_double(struct trie *trie)
{
    size_t slots = (trie->edges_mask + 1) * 2;
    struct trie_edge *edges = arena_allocate_array(trie->arena, slots, sizeof(*edges));
    for (size_t i = 0; i <= trie->edges_mask; i++)
        if (trie->edges[i].key)
            *edge_find(edges, slots - 1, trie->edges[i].key) = trie->edges[i];
    trie->edges = edges;
    trie->edges_mask = slots - 1;
}

static uint32_t node_add(struct trie *trie)
{
    if (trie->node_count == trie->node_capacity) {
        uint32_t *values =
            arena_allocate_array(trie->arena, trie->node_capacity * 2, sizeof(*values));
        memcpy(values, trie->values, trie->node_count * sizeof(*values));
        trie->values = values;
        trie->node_capacity *= 2;
    }
    trie->values[trie->node_count] = TRIE_NONE;
    return trie->node_count++;
}

static uint32_t child_make(struct trie *trie, uint32_t node, uint32_t character)
{
    if (node == TRIE_ROOT)
        trie->first[character % TRIE_FIRST_BITS / 64] |= UINT64_C(1) << character % 64;
    /* Every edge has a node of its own, so the nodes count the edges. */
    if ((size_t)trie->node_count * 4 > trie->edges_mask * 3)
        edges_double(trie);
    uint64_t key = edge_key(node, character);
    struct trie_edge *edge = edge_find(trie->edges, trie->edges_mask, key);
    if (edge->key == 0)
        *edge = (struct trie_edge){key, node_add(trie)};
    return edge->child;
}

static uint32_t value_set(struct trie *trie, uint32_t node, uint32_t value)
{
    if (node == TRIE_ROOT)
        return TRIE_NONE;
    if (trie->values[node] == TRIE_NONE)
        trie->values[node] = value;
    return trie->values[node];
}

uint32_t trie_put(struct trie *trie, struct slice word, uint32_t value)
{
    uint32_t node = TRIE_ROOT;
    for (size_t position = 0; position < word.length;)
        node = child_make(trie, node, text_next(word, &position));
    return value_set(trie, node, value);
}

uint32_t trie_put_reversed(struct trie *trie, struct slice word, uint32_t value)
{
    uint32_t node = TRIE_ROOT;
    for (size_t end = word.length; end > 0;) {
        size_t start = end - 1;
        while (start > 0 && ((unsigned char)word.data[start] & 0xC0) == 0x80)
            start--;
        size_t position = start;
        node = child_make(trie, node, text_next(word, &position));
        end = start;
    }
    return value_set(trie, node, value);
}

/* Most characters begin no word; that is told without a look at the edges. */
static inline bool may_begin(const struct trie *trie, uint32_t character)
{
    return trie->first[character % TRIE_FIRST_BITS / 64] >> character % 64 & 1;
}

static inline uint32_t step(const struct trie *trie, uint32_t node, uint32_t character)
{
    if (node == TRIE_ROOT && !may_begin(trie, character))
        return TRIE_NONE;
    uint64_t key = edge_key(node, character);
    const struct trie_edge *edge = edge_find(trie->edges, trie->edges_mask, key);
    return edge->key ? edge->child : TRIE_NONE;
}

bool trie_knows(const struct trie *trie, struct slice word)
{
    uint32_t node = TRIE_ROOT;
    for (size_t position = 0; position < word.length && node != TRIE_NONE;)
        node = step(trie, node, text_next(word, &position));
    return node != TRIE_NONE && trie->values[node] != TRIE_NONE;
}

uint32_t trie_step(const struct trie *trie, uint32_t node, uint32_t character)
{
    return step(trie, node, character);
}

uint32_t trie_value(const struct trie *trie, uint32_t node)
{
    return trie->values[node];
}

uint32_t trie_longest_walk(const struct trie *trie, const uint32_t *characters, size_t count,
                           size_t *length)
{
    uint32_t value = TRIE_NONE;
    uint32_t node = TRIE_ROOT;
    for (size_t i = 0; i < count; i++) {
        node = step(trie, node, characters[i]);
        if (node == TRIE_NONE)
            break;
        if (trie->values[node] != TRIE_NONE) {
            value = trie->values[node];
            *length = i + 1;
        }
    }
    return value;
}

size_t trie_words_walk(const struct trie *trie, const uint32_t *characters, size_t count,
                       struct trie_word *words, size_t limit)
{
    size_t found = 0;
    uint32_t node = TRIE_ROOT;
    for (size_t i = 0; i < count && found < limit; i++) {
        node = step(trie, node, characters[i]);
        if (node == TRIE_NONE)
            break;
        if (trie->values[node] != TRIE_NONE)
            words[found++] = (struct trie_word){i + 1, trie->values[node]};
    }
    return found;
}

uint32_t trie_longest_end(const struct trie *trie, const uint32_t *characters, size_t count,
                          size_t *length)
{
    uint32_t value = TRIE_NONE;
    uint32_t node = TRIE_ROOT;
    for (size_t i = 0; i < count; i++) {
        node = step(trie, node, characters[count - 1 - i]);
        if (node == TRIE_NONE)
            break;
        if (trie->values[node] != TRIE_NONE) {
            value = trie->values[node];
            *length = i + 1;
        }
    }
    return value;
}

uint32_t trie_find_walk(const struct trie *trie, const uint32_t *characters, size_t count)
{
    uint32_t node = TRIE_ROOT;
    for (size_t i = 0; i < count && node != TRIE_NONE; i++)
        node = step(trie, node, characters[i]);
    return node == TRIE_NONE ? TRIE_NONE : trie->values[node];
}
