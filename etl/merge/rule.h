/* rule.h: survivorship rules: of the candidates for a choice, which are the best?
 *
 * A rule sorts the candidates into classes, goes through them in the order of (source name, source
 * key), and keeps those whose class has the highest score. */
#ifndef CUST360_MERGE_RULE_H
#define CUST360_MERGE_RULE_H

#include "cust360/merge.h"

#define MEMBER_NONE UINT32_MAX

/* A record that has a value for the choice. */
struct candidate {
    const struct merge_record *record;
    struct slice value; /* of the field that the choice is made by */
    const char *field;  /* that field's name */
    int64_t updated;    /* when the record last changed: YYYYMMDDhhmmss; 0: not known */
};

/* What a class has come to, its candidates taken in one by one. */
struct tally {
    int64_t score;       /* begins at the lowest */
    uint32_t candidates; /* the present one counted */
    uint32_t sources;    /* of which they are */
};

/* The fields given with a rule: indexes into merge_record.values. */
struct rule_fields {
    const size_t *fields;
    size_t count;
};

enum rule_classes {
    CLASS_EACH, /* without fields every candidate is a class of its own; with fields those that have
                   the same in them are one */
    CLASS_VALUE /* without fields those with the same value are one */
};

enum rule_takes {
    TAKES_NOTHING,
    TAKES_CLASS,    /* may be given fields that make classes */
    TAKES_ARGUMENTS /* needs fields, which say what it looks at */
};

struct merge_rule {
    const char *name;
    const char *reason; /* "the value that …": ends the sentence "It was taken as …" */
    enum rule_takes takes;
    enum rule_classes classes;

    /* The class's score with one more candidate. NULL: the steward's rule, which has none. */
    int64_t (*take)(const struct tally *tally, const struct candidate *candidate,
                    const struct rule_fields *fields);
};

extern const struct merge_rule rule_steward;
extern const struct merge_rule rule_validated;
extern const struct merge_rule rule_trusted;
extern const struct merge_rule rule_recent;
extern const struct merge_rule rule_frequent;
extern const struct merge_rule rule_longest;
extern const struct merge_rule rule_complete;
extern const struct merge_rule rule_han;
extern const struct merge_rule rule_simplified;

/* All of them, ending with NULL. */
extern const struct merge_rule *const merge_rules[];

static inline int64_t greater(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

#endif
