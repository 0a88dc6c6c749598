/* rules.h: match.yaml, bound: what the parts of matching read and nobody changes.
 *
 * Attributes are numbered: first those that come from records (in the file's order), then those
 * derived from other attributes; a derived attribute only uses attributes before it. Everything
 * lives in the arena that was given to match_rules_load. */
#ifndef CUST360_MATCH_RULES_H
#define CUST360_MATCH_RULES_H

#include "cust360/match.h"
#include "match/compare/comparator.h"

#define ATTRIBUTE_NONE SIZE_MAX
enum { COMPARISONS_MAX = 32, LEVELS_MAX = 16, BLOCK_RULES_MAX = 64 };

/* How a derived attribute comes from others. */
enum derivation {
    DERIVE_NOT,     /* it is a field of a record */
    DERIVE_FIRST,   /* the first of several attributes that has a value */
    DERIVE_ALL,     /* the values of all of them, as a set */
    DERIVE_HEAD,    /* the first characters */
    DERIVE_TAIL,    /* the last characters */
    DERIVE_BEFORE,  /* what stands before a text */
    DERIVE_AFTER,   /* what stands behind a text */
    DERIVE_LETTERS, /* letters and digits only, in lower case */
    DERIVE_PLAIN,   /* words of letters and digits, in lower case and without accents */
    DERIVE_SOUND    /* how it sounds, roughly and in any language with Latin letters */
};
struct attribute {
    const char *name;
    enum derivation derivation;
    size_t *from; /* attributes */
    size_t from_count;
    size_t length;     /* DERIVE_HEAD, DERIVE_TAIL: characters */
    struct slice text; /* DERIVE_BEFORE, DERIVE_AFTER */
    bool many;         /* a record may have several values */
    bool personal;     /* masked where people see it */
    bool is_signed;    /* its texts are compared by what signatures can decide */
    /* A value with more different values of `shared_by` counts as missing; 0: no limit. */
    size_t shared_limit;
    size_t shared_by;
};

/* One attribute's part of a test: how its two values must relate. */
struct condition {
    size_t attribute;
    size_t other; /* of a crossed comparator: the attribute that the other record is asked for */
    const struct comparator *comparator;
    struct comparator_argument argument;
    bool negated; /* both are known and the comparator does not hold */
};
struct alternative { /* holds when all its conditions do */
    struct condition *conditions;
    size_t condition_count;
    /* The same, so that most of it is decided by a few words (see test.h): attributes that must be
     * equal, known and different, known, not both known … */
    uint64_t equal;
    uint64_t different;
    uint64_t known;
    uint64_t unknown;
    size_t *rest; /* … and the conditions that are left to look at */
    size_t rest_count;
};

struct test { /* holds when one alternative does; no alternatives: always */
    struct alternative *alternatives;
    size_t alternative_count;
};

struct level {
    const char *name;
    struct test test;
    size_t *frequency; /* attributes whose values' frequencies make agreement on them count */
    size_t frequency_count;
    uint32_t implies; /* comparisons (a bit each) that are silent when this level holds */
};

struct comparison {
    const char *name;
    struct test when;     /* else the comparison is silent */
    struct level *levels; /* best first; the first that holds counts; none: silent */
    size_t level_count;
};

enum verdict {
    VERDICT_NONE,
    VERDICT_ALWAYS,
    VERDICT_NEVER,
    VERDICT_ASK,  /* not without a steward's word */
    VERDICT_ALONE /* not by this pair alone: others of the cluster may speak for it */
};

struct hard_rule {
    const char *name; /* the reason that people are told */
    enum verdict verdict;
    struct test test;
};

struct block_rule {
    const char *name;
    size_t *keys; /* attributes whose values both records must share; none: see all_up_to */
    size_t key_count;
    size_t *refine; /* further keys, one after the other, for blocks that are too large */
    size_t refine_count;
    size_t max_block; /* records; 0: as for all rules */
    size_t all_up_to; /* no keys: of so many records at most, each is compared with each */
};

struct training_rules {
    bool joint; /* one EM over all pairs that meet; passes, certain and certain_share are unused */
    size_t *passes; /* block rules whose pairs are nearly all one customer: they teach m */
    size_t pass_count;
    size_t *relatives; /* block rules by which people who are not the same find together */
    size_t relative_count;
    uint32_t own;        /* comparisons (a bit each) in which people who share something differ */
    uint32_t twins;      /* those of which twins, or father and son of one name, differ in two */
    struct test certain; /* pairs that surely are one customer: they give the prior */
    double certain_share;
};

struct match_rules {
    const char *path;
    const char *entity;
    const struct confusions *confusions; /* or NULL */
    struct attribute *attributes;
    size_t attribute_count;
    struct match_attribute *fields; /* of the attributes that come from records */
    size_t field_count;
    struct block_rule *blocks;
    size_t block_count;
    size_t max_block;     /* records */
    size_t window;        /* how many neighbours a record of a block that stays too large meets */
    size_t *window_order; /* attributes by which such a block is sorted */
    size_t window_order_count;
    struct comparison *comparisons;
    size_t comparison_count;
    struct hard_rule *hard_rules;
    size_t hard_rule_count;
    int32_t merge; /* weights, 1/WEIGHT_ONE bits */
    int32_t review;
    int32_t average;    /* least mean weight between two clusters that join */
    size_t max_cluster; /* records; a larger one is a steward's to join; 0: no limit */
    struct training_rules training;
};

/* The number of an attribute or a comparison by its name, or ATTRIBUTE_NONE. */
size_t rules_find_attribute(const struct match_rules *rules, struct slice name);
size_t rules_find_comparison(const struct match_rules *rules, struct slice name);

#endif
