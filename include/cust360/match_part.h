/* match_part.h: matching some of the records at a time, where an engine holds them all.
 *
 *   records ──► limited values ──► counted by the engine ──► match_common
 *   records ──► keys           ──► grouped by the engine ──► too large ones: match_common, again
 *   blocks  ──► pairs          ──► components by the engine ──► clusters
 *
 * A part goes through the functions of a whole match; what these learn from all records together is
 * told by a struct match_common, which all parts share. Keys and values go by the hashes of their
 * texts, for parts do not share dictionaries. A part belongs to one thread. */
#ifndef CUST360_MATCH_PART_H
#define CUST360_MATCH_PART_H

#include "cust360/base/buffer.h"
#include "cust360/match.h"

/* ---- what all records together have shown ---- */

struct match_common;
struct match_common *match_common_create(const struct match_rules *rules);
void match_common_destroy(struct match_common *common);

/* How many records there are: some rules are for few records only. Not told: they do not hold. */
void match_common_count(struct match_common *common, uint64_t records);

/* A value of so many different others that it belongs to nobody. */
void match_common_drop(struct match_common *common, size_t attribute, uint64_t value);

/* Values are dropped in rounds, from 0; those of a round are found when all of the rounds before
 * are told. */
size_t match_common_rounds(const struct match_rules *rules);
size_t match_common_limit(const struct match_rules *rules, size_t attribute);

/* ---- keys ---- */

struct match_part_key {
    uint64_t hash;
    uint32_t rule; /* from 0 */
    bool windowed; /* still too large when nothing is left to refine by: its records meet their
                      neighbours only */
};

/* A key under which more records stand than match_common_block of its rule: cut from here on. */
void match_common_cut(struct match_common *common, const struct match_part_key *key);
size_t match_common_rules(const struct match_rules *rules);
size_t match_common_block(const struct match_rules *rules, size_t rule);

enum { MATCH_KEY_BYTES = 20 };
void match_part_key_format(const struct match_part_key *key, char text[MATCH_KEY_BYTES]);
bool match_part_key_parse(struct slice text, const struct match_rules *rules,
                          struct match_part_key *key);

/* ---- a part ---- */

struct match_part;

/* Everything is borrowed. Without a model (NULL) there are keys, but no pairs and no clusters. */
struct match_part *match_part_create(const struct match_rules *rules,
                                     const struct match_model *model,
                                     const struct match_input *input,
                                     const struct match_common *common);
void match_part_destroy(struct match_part *part);

/* The values of a record for which a limit of this round holds, and what they go with. */
struct match_limited {
    size_t attribute;
    uint64_t value;
    uint64_t other;
};
size_t match_part_limited(struct match_part *part, uint32_t record, size_t round,
                          const struct match_limited **limited);

/* The keys of a record after all cuts that are told; with `cut_only` only those that a cut made.
 * Valid until the next call. */
size_t match_part_keys(struct match_part *part, uint32_t record, bool cut_only,
                       const struct match_part_key **keys);

/* By what a windowed block is sorted: texts of this order as bytes do. Appended. */
void match_part_order(const struct match_part *part, uint32_t record, struct buffer *order);

/* Some records of one key: all of them, or of a windowed key neighbours in their order. */
struct match_part_block {
    struct match_part_key key;
    const uint32_t *records;
    size_t count;
};

enum match_link_kind { MATCH_LINK_WEIGHT, MATCH_LINK_ALWAYS, MATCH_LINK_ASK, MATCH_LINK_DECISION };

struct match_link {
    uint32_t a; /* a < b */
    uint32_t b;
    int32_t weight;
    enum match_link_kind kind;
    const char *reason; /* or NULL */
};

/* Whether a link may join two clusters at all; those that may not are questions. */
bool match_link_joins(const struct match_rules *rules, const struct match_link *link);

/* The pairs of these blocks that weigh enough, each in the first block that both records share;
 * *compared: how many were looked at. To be freed by match_links_release. */
size_t match_part_pairs(struct match_part *part, const struct match_part_block *blocks,
                        size_t count, struct match_link **links, uint64_t *compared);
void match_links_release(struct match_link *links);

/* Clusters of whole components: cluster[record] is the smallest record of its cluster. The links
 * are those of the components; pairs that come twice count once. */
struct match_part_decisions {
    const struct match_decision *items;
    size_t count;
};
void match_part_clusters(struct match_part *part, const struct match_link *links, size_t count,
                         const struct match_part_decisions *decisions, uint32_t *cluster);

#endif
