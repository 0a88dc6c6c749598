/* match_explain.h: why the matcher decides as it does about two records.
 *
 *   match_input ──► scene (the run's own table and scorer) ──► one pair in every detail
 *
 * A scene weighs with the code that a run weighs with; nothing is computed a second time in another
 * way. It may hold all records, or only those that matter for a question: values that belong to
 * nobody and blocks that are too large are told right when all records are there that share a
 * blocking key or a limited value with the records in question (match_filter.h picks them).
 *
 * Weights are in 1/WEIGHT_ONE bits. Texts belong to the scene, to its rules or to the arena that
 * was given. A scene is read-only once made; any number of threads may read it. */
#ifndef CUST360_MATCH_EXPLAIN_H
#define CUST360_MATCH_EXPLAIN_H

#include "cust360/match.h"

struct match_scene;

/* Rules, model and input are borrowed. */
struct match_scene *match_scene_create(const struct match_rules *rules,
                                       const struct match_model *model,
                                       const struct match_input *input);
void match_scene_destroy(struct match_scene *scene);

/* What a comparison looked at: the two records' values of one attribute. */
struct match_evidence {
    const char *attribute;
    struct slice a; /* several are joined by ", "; empty: none */
    struct slice b;
    bool a_ignored; /* there is a value, but it is shared too widely to be anybody's */
    bool b_ignored;
};

/* The share of all known values that the one (of two, the more common) of an attribute has. */
struct match_frequency {
    const char *attribute;
    double share;
};

enum match_silence {
    MATCH_SPEAKS,
    MATCH_UNKNOWN,      /* a record has no value to compare */
    MATCH_INCONCLUSIVE, /* there are values, but no level holds */
    MATCH_IMPLIED       /* another comparison that holds says it already */
};

struct match_part { /* one comparison */
    const char *comparison;
    const char *level; /* NULL: silent */
    enum match_silence silence;
    const char *implied_by; /* MATCH_IMPLIED: the comparison */
    double match;           /* shares of pairs that show this level: of one customer's, */
    double stranger;        /* of strangers', for these values when `frequencies` are there, */
    double relative;        /* of relatives' */
    int32_t against_stranger;
    int32_t against_relative;
    int32_t adjustment; /* how much of against_stranger comes from these values' frequencies */
    const struct match_frequency *frequencies;
    size_t frequency_count;
    const struct match_evidence *evidence;
    size_t evidence_count;
};

enum match_verdict { MATCH_NEVER, MATCH_ASK, MATCH_ALWAYS };

struct match_hard_rule { /* that holds for the pair; of several the first decides */
    enum match_verdict verdict;
    const char *reason;
};

struct match_key { /* a blocking rule */
    const char *rule;
    bool shared;      /* both records have all its keys in common */
    uint32_t records; /* shared: how many records of the scene have them; more than max_block are
                         not all compared with each other */
    const struct match_evidence *missing; /* not shared: the keys that part them */
    size_t missing_count;
};

struct match_pair_detail {
    uint32_t a;
    uint32_t b;
    bool has_relatives; /* else there is only the sum against the stranger */
    int32_t prior_stranger;
    int32_t prior_relative;
    const struct match_part *parts; /* one a comparison, in the rules' order */
    size_t part_count;
    int32_t stranger; /* sums, prior included */
    int32_t relative;
    int32_t weight; /* the smaller one: what a run gives the pair */
    const struct match_hard_rule *hard_rules;
    size_t hard_rule_count;
    const struct match_key *keys; /* one a blocking rule */
    size_t key_count;
};

void match_explain_pair(const struct match_scene *scene, uint32_t a, uint32_t b,
                        struct arena *arena, struct match_pair_detail *detail);

/* The weight alone, as a run computes it, and the hard rule that decides; NULL: none holds. */
int32_t match_scene_weight(const struct match_scene *scene, uint32_t a, uint32_t b);
bool match_scene_hard_rule(const struct match_scene *scene, uint32_t a, uint32_t b,
                           struct match_hard_rule *rule);

struct match_thresholds {
    int32_t merge;
    int32_t review;
    int32_t average;
    size_t max_block;
    size_t window;
};
struct match_thresholds match_rules_thresholds(const struct match_rules *rules);

/* Which of these pairs a run compares: compared[i] tells of pairs[i]. */
struct match_question {
    uint32_t a;
    uint32_t b;
};
void match_scene_compared(const struct match_scene *scene, const struct match_question *pairs,
                          size_t count, unsigned threads, bool *compared);

#endif
