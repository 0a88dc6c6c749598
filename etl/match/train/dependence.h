/* dependence.h: what strangers show together more often than by chance.
 *
 * Two people of one town have the same dialling code; who has the surname of another has a part of
 * the whole name as well. Where one of two comparisons agrees, the other tells less than it would
 * alone, and the weight that both speak of is to be counted once. Of all pairs of comparisons those
 * are kept that depend on each other most and do not close a ring (Chow and Liu 1968): the joint
 * probability of a stranger's pair is then the product of its levels' probabilities and of the
 * lifts of these pairs. */
#ifndef CUST360_MATCH_DEPENDENCE_H
#define CUST360_MATCH_DEPENDENCE_H

#include "match/model/model.h"
#include "match/train/patterns.h"

/* Learns from what random pairs show. `matches` is how many of them may be one customer all the
 * same, which makes all their comparisons agree. Replaces what the model had. */
void dependences_learn(struct arena *arena, const struct patterns *random, double matches,
                       struct match_model *model);

/* The product of the lifts of what a pattern shows. */
double dependences_lift(const struct match_model *model, struct slice pattern);

#endif
