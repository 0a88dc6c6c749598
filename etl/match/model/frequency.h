/* frequency.h: how often values occur among customers. */
#ifndef CUST360_MATCH_FREQUENCY_H
#define CUST360_MATCH_FREQUENCY_H

#include "match/intake/table.h"
#include "match/model/model.h"

/* Fills the model's frequency tables. A value counts once a cluster (by record; NULL: once a
 * record), for one customer's five records do not make a name common. */
void frequencies_learn(struct arena *arena, const struct table *table, const uint32_t *cluster,
                       struct match_model *model);

#endif
