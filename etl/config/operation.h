/* operation.h: binding what a project says about its nights. */
#ifndef CUST360_CONFIG_OPERATION_BIND_H
#define CUST360_CONFIG_OPERATION_BIND_H

#include "config/bind.h"

/* `gates:` of the project over the defaults; `rules` has GATES of them. */
bool bind_gates(const struct node *node, const struct model *model, struct arena *arena,
                struct gate_rule *rules, struct error *error);

/* `review:` of the project over the defaults. */
bool bind_review(const struct node *review, struct review_rules *rules, struct error *error);

/* `encryption:` of the project file in `folder`: fetches the keys. */
bool bind_encryption(const struct node *encryption, const char *folder, struct arena *arena,
                     struct seal_ring *seals, struct error *error);

/* `retention:` of the project; NULL: nothing ever goes. */
bool bind_retention(const struct node *retention, const struct model *model, struct arena *arena,
                    struct retention_rules *rules, struct error *error);

/* `gates`, `keep`, `metrics`, `review`, `retention` and `left` of the project file in `folder`. */
bool bind_operation(const struct node *root, const char *folder, const struct model *model,
                    struct arena *arena, struct operation *operation, struct error *error);

/* The keys of bind_operation, for the project's table. */
#define OPERATION_KEYS                                                                             \
    {"gates", KEY_OPTIONAL, KEY_ANY_KIND}, {"keep", KEY_OPTIONAL, NODE_MAPPING},                   \
        {"metrics", KEY_OPTIONAL, NODE_SCALAR}, {"review", KEY_OPTIONAL, NODE_MAPPING},            \
        {"encryption", KEY_OPTIONAL, NODE_MAPPING}, {"retention", KEY_OPTIONAL, NODE_MAPPING},     \
    {                                                                                              \
        "left", KEY_OPTIONAL, NODE_MAPPING                                                         \
    }

#endif
