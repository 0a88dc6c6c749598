#include "standardize/text/trie.h"

#include "cust360/base/text.h"

/* The edges of all nodes are in one open-addressed table: the key is the node and the character
 * (21 bits), so that a step is one probe. All that a walk needs of the node it comes to stands in
 * the edge: the tables are larger than the processor's nearest memory, and a look at another place
 * costs more than the rest of a step. */
enum { CHARACTER_BITS = 21, FIRST_EDGES = 256, FIRST_NODES = 64 };

struct trie_edge {
    uint64_t key;   /* plus one, so that 0 is empty */
    uint32_t child; /* with LEADS_ON when it has edges itself */
    uint32_t value; /* of the child; TRIE_NONE: no word ends there */
};

#define LEADS_ON UINT32_C(0x80000000)

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

/* Where a word that is put has come to: the node, and the key of the edge that leads to it. */
struct putting {
    struct trie *trie;
    uint32_t node;
    uint64_t key; /* 0: at the root */
};

static struct trie_edge *edge_of(const struct trie *trie, uint64_t key)
{
    return edge_find(trie->edges, trie->edges_mask, key);
}

static void put_character(struct putting *at, uint32_t character)
{
    struct trie *trie = at->trie;
    if (at->node == TRIE_ROOT)
        trie->first[character % TRIE_FIRST_BITS / 64] |= UINT64_C(1) << character % 64;
    /* Every edge has a node of its own, so the nodes count the edges. */
    if ((size_t)trie->node_count * 4 > trie->edges_mask * 3)
        edges_double(trie);
    if (at->key)
        edge_of(trie, at->key)->child |= LEADS_ON;
    at->key = edge_key(at->node, character);
    struct trie_edge *edge = edge_of(trie, at->key);
    if (edge->key == 0)
        *edge = (struct trie_edge){at->key, node_add(trie), TRIE_NONE};
    at->node = edge->child & ~LEADS_ON;
}

static uint32_t put_value(const struct putting *at, uint32_t value)
{
    if (at->node == TRIE_ROOT)
        return TRIE_NONE;
    struct trie_edge *edge = edge_of(at->trie, at->key);
    if (edge->value == TRIE_NONE)
        edge->value = at->trie->values[at->node] = value;
    return edge->value;
}

uint32_t trie_put(struct trie *trie, struct slice word, uint32_t value)
{
    struct putting at = {.trie = trie, .node = TRIE_ROOT};
    for (size_t position = 0; position < word.length;)
        put_character(&at, text_next(word, &position));
    return put_value(&at, value);
}

uint32_t trie_put_reversed(struct trie *trie, struct slice word, uint32_t value)
{
    struct putting at = {.trie = trie, .node = TRIE_ROOT};
    for (size_t end = word.length; end > 0;) {
        size_t start = end - 1;
        while (start > 0 && ((unsigned char)word.data[start] & 0xC0) == 0x80)
            start--;
        size_t position = start;
        put_character(&at, text_next(word, &position));
        end = start;
    }
    return put_value(&at, value);
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
    const struct trie_edge *edge = edge_of(trie, edge_key(node, character));
    return edge->key ? edge->child & ~LEADS_ON : TRIE_NONE;
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

/* A walk is at `node`; moves along the character. NULL: it ends here. */
static inline const struct trie_edge *walk(const struct trie *trie, uint32_t *node,
                                           uint32_t character)
{
    if (*node == TRIE_NONE)
        return NULL;
    const struct trie_edge *edge = edge_of(trie, edge_key(*node, character));
    *node = edge->child & LEADS_ON ? edge->child & ~LEADS_ON : TRIE_NONE;
    return edge->key ? edge : NULL;
}

uint32_t trie_longest_walk(const struct trie *trie, const uint32_t *characters, size_t count,
                           size_t *length)
{
    uint32_t value = TRIE_NONE;
    uint32_t node = TRIE_ROOT;
    const struct trie_edge *edge;
    for (size_t i = 0; i < count && (edge = walk(trie, &node, characters[i])); i++) {
        if (edge->value == TRIE_NONE)
            continue;
        value = edge->value;
        *length = i + 1;
    }
    return value;
}

size_t trie_words_walk(const struct trie *trie, const uint32_t *characters, size_t count,
                       struct trie_word *words, size_t limit)
{
    size_t found = 0;
    uint32_t node = TRIE_ROOT;
    const struct trie_edge *edge;
    for (size_t i = 0; i < count && found < limit && (edge = walk(trie, &node, characters[i])); i++)
        if (edge->value != TRIE_NONE)
            words[found++] = (struct trie_word){i + 1, edge->value};
    return found;
}

uint32_t trie_longest_end(const struct trie *trie, const uint32_t *characters, size_t count,
                          size_t *length)
{
    uint32_t value = TRIE_NONE;
    uint32_t node = TRIE_ROOT;
    const struct trie_edge *edge;
    if (count == 0 || !may_begin(trie, characters[count - 1]))
        return TRIE_NONE;
    for (size_t i = 0; i < count && (edge = walk(trie, &node, characters[count - 1 - i])); i++) {
        if (edge->value == TRIE_NONE)
            continue;
        value = edge->value;
        *length = i + 1;
    }
    return value;
}

uint32_t trie_find_walk(const struct trie *trie, const uint32_t *characters, size_t count)
{
    uint32_t node = TRIE_ROOT;
    const struct trie_edge *edge = NULL;
    for (size_t i = 0; i < count; i++)
        if (!(edge = walk(trie, &node, characters[i])))
            return TRIE_NONE;
    return edge ? edge->value : TRIE_NONE;
}

size_t trie_walked(const struct trie *trie, const uint32_t *characters, size_t count)
{
    uint32_t node = TRIE_ROOT;
    for (size_t i = 0; i < count; i++)
        if (!walk(trie, &node, characters[i]) || node == TRIE_NONE)
            return i;
    return count;
}
