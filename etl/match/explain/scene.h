/* scene.h: what a scene is made of; between the files that explain and evaluate. */
#ifndef CUST360_MATCH_SCENE_INTERNAL_H
#define CUST360_MATCH_SCENE_INTERNAL_H

#include "cust360/match_scene.h"
#include "match/score/score.h"

struct match_scene {
    const struct match_rules *rules;
    const struct match_input
        *input; /* the values before those that belong to nobody were dropped */
    struct table *table;
    struct scorer *scorer;
};

/* A rule's verdict in the words of the interface. */
static inline enum match_verdict scene_verdict(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_NEVER:
        return MATCH_NEVER;
    case VERDICT_ALONE:
        return MATCH_ALONE;
    case VERDICT_ALWAYS:
        return MATCH_ALWAYS;
    default:
        return MATCH_ASK;
    }
}

#endif
