/* explain_picture.h: the waterfall of a pair and the graph of a cluster, as SVG. */
#ifndef CUST360_CLI_EXPLAIN_PICTURE_H
#define CUST360_CLI_EXPLAIN_PICTURE_H

#include "cli/explain/explain_show.h"

/* One against strangers and, when the model knows relatives, one against these; what counts is
 * said. */
void picture_waterfalls(const struct explain *explain, const struct explain_pair *pair,
                        struct buffer *html);

/* Records around a circle; bridges are dashed, what the weakest link's cut parts is filled. */
void picture_graph(const struct explain *explain, const struct explain_cluster *cluster,
                   struct buffer *html);

#endif
