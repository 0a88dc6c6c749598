/* survey.h: all that training wants to know of the pairs that meet, from going through them once.
 *
 * What a pair shows (patterns.h) is counted by the training's blocking rules that it meets by, so
 * that each of these finds its own pairs again. Pairs that surely are one customer are counted, and
 * make first clusters. */
#ifndef CUST360_MATCH_SURVEY_H
#define CUST360_MATCH_SURVEY_H

#include "match/train/met.h"
#include "match/train/patterns.h"

struct survey {
    const struct match_rules *rules;
    struct patterns
        *all; /* patterns with a tail: by which rules the pair meets, and a never rule */
    uint64_t certain_pairs;
    uint32_t *cluster; /* by record: the smallest of those joined by certain pairs */
};

struct survey *survey_make(const struct table *table, const struct met_pairs *met,
                           unsigned threads);
void survey_destroy(struct survey *survey);

/* Pairs that meet by one of these blocking rules, which are passes or relatives of the training;
 * none named: all pairs. */
struct survey_choice {
    const size_t *rules;
    size_t rule_count;
    bool without_never; /* not those that a `never` rule parts */
};
struct patterns *survey_patterns(const struct survey *survey, const struct survey_choice *choice);

#endif
