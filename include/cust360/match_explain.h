/* match_explain.h: why the matcher weighs two records as it does: every comparison with its values,
 * level, probabilities and weights, the hard rules and the blocking keys.
 *
 * The parts are those that a run adds up; see match_scene.h. Weights are in 1/WEIGHT_ONE bits.
 * Texts belong to the scene, to its rules or to the arena that was given. */
#ifndef CUST360_MATCH_EXPLAIN_H
#define CUST360_MATCH_EXPLAIN_H

#include "cust360/base/arena.h"
#include "cust360/match_scene.h"

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
    int32_t repeated;   /* taken off against_stranger: what comparisons before have said already,
                           which strangers show together with this more often than by chance */
    int32_t adjustment; /* how much of against_stranger comes from these values' frequencies */
    const struct match_frequency *frequencies;
    size_t frequency_count;
    const struct match_evidence *evidence;
    size_t evidence_count;
};

struct match_key { /* a blocking rule */
    const char *rule;
    bool shared;      /* both records have all its keys in common */
    uint32_t records; /* shared: how many records of the scene have them; more than max_block are
                         not all compared with each other */
    const struct match_evidence *missing; /* not shared: the keys that part them */
    size_t missing_count;
    size_t attribute_count; /* of the rule */
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
    int32_t weight;                           /* the smaller one: what a run gives the pair */
    const struct match_hard_rule *hard_rules; /* that hold; of several the first decides */
    size_t hard_rule_count;
    const struct match_key *keys; /* by match_explain_keys: one a blocking rule */
    size_t key_count;
};

/* Comparisons, sums and hard rules. */
void match_explain_pair(const struct match_scene *scene, uint32_t a, uint32_t b,
                        struct arena *arena, struct match_pair_detail *detail);

/* Adds the blocking keys, for which all records of the scene are looked at. */
void match_explain_keys(const struct match_scene *scene, struct arena *arena,
                        struct match_pair_detail *detail);

#endif
