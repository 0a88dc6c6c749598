/* training.h: what the parts of one training share (train.c, train_joint.c). */
#ifndef CUST360_MATCH_TRAINING_H
#define CUST360_MATCH_TRAINING_H

#include "cust360/train.h"
#include "match/model/model.h"
#include "match/train/em.h"
#include "match/train/survey.h"

/* What one training works with. */
struct training {
    struct arena *arena;
    const struct match_rules *rules;
    const struct table *table;
    const struct train_options *options;
    struct train_report *report;
    struct match_model *model;
    uint32_t *cluster;   /* by record, from the model of the former round; NULL in the first */
    double matches;      /* pairs that are one customer, among all pairs */
    bool has_neighbours; /* joint: relatives were learned from all pairs that meet */
    bool has_twins;      /* joint: who shares nearly all was taken for one customer, */
    uint32_t apart;      /* though all of them differ in these comparisons (a bit each) */
    bool last_round;     /* only then are notes taken */
    struct survey *survey;
    struct patterns *met; /* joint: of all pairs that meet; the same in each round */
};

/* Takes a note for the person who trains, in the last round. */
void training_note(struct training *training, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void training_note_outcome(struct training *training, const char *what, struct em_outcome outcome);

/* Notes the levels of a comparison that were never seen. */
void training_note_unseen(struct training *training, size_t comparison, const double *counts);

/* How many pairs of the patterns show each level. */
void patterns_count_levels(const struct patterns *patterns, double counts[][LEVELS_MAX]);

/* Counts to probabilities, with half a pair added to each level so that none is impossible. */
void normalize_levels(const struct comparison *comparison, const double *counts, double *levels);

/* This share of one customer's pairs looks like strangers: that a clean night has not seen anybody
 * move or marry does not prove that nobody does. */
#define MATCH_SURPRISE 0.003

/* What is known of the records: in place of a cluster that was found, and, at the end, in place of
 * probabilities that were estimated. */
void labels_correct_clusters(const struct train_labels *labels, uint32_t record_count,
                             uint32_t *cluster);
void learn_labels(struct training *training);

/* Learns match, stranger and prior from all pairs that meet by any blocking rule; `random` is what
 * random pairs show, counted. */
void learn_joint(struct training *training, const struct patterns *random);

#endif
