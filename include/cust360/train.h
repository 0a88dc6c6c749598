/* train.h: learning what matching weighs.
 *
 *   random pairs ───────────────────────────► stranger (u)
 *   pairs that surely are one customer ─────► prior
 *   blocks of what belongs to one person ───► match (m), by EM
 *   blocks of what families share ──────────► relative, by EM
 *   clusters found with the first model ────► frequencies, and all of it once more
 *
 * Needs no labelled pairs. Where there are labels they are used: `match` then comes from one
 * customer's labelled pairs, with what was learned without them counting as some pairs more, so
 * that few labels do not ruin a level; records known to be one customer are no strangers; and the
 * prior is theirs when half of the records are labelled. Stewards' words are on pairs that were
 * doubtful, so they do not stand for all pairs: each only corrects what the pair was counted as.
 * The same records, rules and seed give the same model, with any number of
 * threads. */
#ifndef CUST360_TRAIN_H
#define CUST360_TRAIN_H

#include "cust360/match.h"

/* What somebody knows of the records: who is who, and stewards' words on pairs. */
struct train_labels {
    const uint32_t *entity; /* by record: its customer's number; TRAIN_UNLABELLED: not known; or
                               NULL: of none */
    const struct match_decision *decisions;
    size_t decision_count;
};
#define TRAIN_UNLABELLED UINT32_MAX

struct train_options {
    uint64_t seed;         /* of the random pairs */
    uint64_t random_pairs; /* how many; 0: four million, or all pairs when they are fewer */
    unsigned threads;
    const struct train_labels *labels; /* or NULL */
    const char *command; /* kept in the model: how it can be trained again; may be NULL */
};

struct train_report {
    uint64_t random_pairs;
    uint64_t certain_pairs;
    uint64_t pass_pairs;       /* of all passes */
    uint64_t relative_pairs;   /* of the relatives' blocks */
    uint64_t labelled_records; /* of which the customer is known */
    uint64_t labelled_pairs;   /* of one customer's, by those records */
    uint64_t labelled_same;    /* stewards' words */
    uint64_t labelled_not_same;
    bool labelled_prior; /* the prior comes from labels as well */
    unsigned iterations; /* the most that an EM took */
    bool converged;      /* every EM did */
    char **notes; /* what a person should know: a level never seen, an EM that did not converge */
    size_t note_count;
};

/* Trains a model, which with the report's notes lives in the arena. NULL: too few records or pairs
 * to learn from, with what is missing. */
struct match_model *match_train(struct arena *arena, const struct match_rules *rules,
                                const struct match_input *input,
                                const struct train_options *options, struct train_report *report,
                                struct error *error);

/* One level of a trained model, for tables and charts. */
struct match_weight {
    const char *comparison;
    const char *level;
    double match;    /* share of one customer's pairs that show it */
    double stranger; /* share of strangers' */
    double bits;     /* against the stranger */
    double relative_bits;
    bool has_relative;
};

/* All levels, comparison by comparison; an array in the arena. */
const struct match_weight *match_model_weights(struct arena *arena, const struct match_model *model,
                                               size_t *count);

#endif
