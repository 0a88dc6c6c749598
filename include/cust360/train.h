/* train.h: learning what matching weighs.
 *
 *   random pairs ───────────────────────────► stranger (u)
 *   pairs that surely are one customer ─────► prior
 *   blocks of what belongs to one person ───► match (m), by EM
 *   blocks of what families share ──────────► relative, by EM
 *   clusters found with the first model ────► frequencies, and all of it once more
 *
 * Needs no labelled pairs. The same records, rules and seed give the same model, with any number of
 * threads. */
#ifndef CUST360_TRAIN_H
#define CUST360_TRAIN_H

#include "cust360/match.h"

struct train_options {
    uint64_t seed;         /* of the random pairs */
    uint64_t random_pairs; /* how many; 0: four million, or all pairs when they are fewer */
    unsigned threads;
    const char *command; /* kept in the model: how it can be trained again; may be NULL */
};

struct train_report {
    uint64_t random_pairs;
    uint64_t certain_pairs;
    uint64_t pass_pairs;     /* of all passes */
    uint64_t relative_pairs; /* of the relatives' blocks */
    unsigned iterations;     /* the most that an EM took */
    bool converged;          /* every EM did */
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
