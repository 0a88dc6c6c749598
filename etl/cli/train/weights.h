/* weights.h: what a trained model weighs, as a table and as a chart. */
#ifndef CUST360_CLI_WEIGHTS_H
#define CUST360_CLI_WEIGHTS_H

#include "cust360/base/buffer.h"
#include "cust360/train.h"

void weights_table(const struct match_weight *weights, size_t count, struct buffer *text);

/* An SVG picture: a bar a level, to the right for one customer, to the left for two. */
void weights_chart(const struct match_weight *weights, size_t count, struct buffer *text);

#endif
