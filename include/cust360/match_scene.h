/* match_scene.h: asking the matcher about some records.
 *
 *   match_input ──► scene: the run's own table and scorer ──► weights, rules, blocks, objections
 *
 * A scene decides with the code that a run decides with; nothing is computed a second time in
 * another way. It may hold all records, or only those that matter for a question: values that
 * belong to nobody and blocks that are too large are told right when all records are there that
 * share a blocking key or a limited value with the records in question (match_scene_relates finds
 * them).
 *
 * Weights are in 1/WEIGHT_ONE bits. Texts belong to the scene and its rules. A scene is read-only
 * once made; any number of threads may read it. */
#ifndef CUST360_MATCH_SCENE_H
#define CUST360_MATCH_SCENE_H

#include "cust360/match.h"

struct match_scene;

/* Rules, model and input are borrowed. */
struct match_scene *match_scene_create(const struct match_rules *rules,
                                       const struct match_model *model,
                                       const struct match_input *input);
void match_scene_destroy(struct match_scene *scene);

/* Whether a record may share a blocking key or a value with a limit with any of the scene's: one
 * place of `values` a field attribute, as in match_rules_attributes. `scratch` is the caller's to
 * reset. */
struct match_values {
    const struct slice *items;
    size_t count;
};
bool match_scene_relates(const struct match_scene *scene, const struct match_values *values,
                         struct arena *scratch);

/* ---- two records ---- */

/* The weight that a run gives the pair. */
int32_t match_scene_weight(const struct match_scene *scene, uint32_t a, uint32_t b);

enum match_verdict {
    MATCH_NEVER,
    MATCH_ASK,   /* not without a steward's word */
    MATCH_ALONE, /* not by this pair alone: others of the two clusters may speak for it */
    MATCH_ALWAYS
};

struct match_hard_rule {
    enum match_verdict verdict;
    const char *reason;
};

/* The hard rule that decides on the pair; false: none holds. */
bool match_scene_hard_rule(const struct match_scene *scene, uint32_t a, uint32_t b,
                           struct match_hard_rule *rule);

/* Which of these pairs a run compares: compared[i] tells of pairs[i]. */
struct match_question {
    uint32_t a;
    uint32_t b;
};
void match_scene_compared(const struct match_scene *scene, const struct match_question *pairs,
                          size_t count, unsigned threads, bool *compared);

/* ---- two clusters ---- */

enum match_objection_kind { MATCH_BY_STEWARD, MATCH_BY_RULE, MATCH_BY_AVERAGE };

struct match_objection {
    const char *reason; /* NULL: nothing speaks against joining them */
    enum match_objection_kind kind;
    uint32_t a; /* by steward or rule: the records that are parted, one of each cluster */
    uint32_t b;
    int32_t average; /* else: the mean weight between the clusters' records, each pair counted with
                        a bounded weight */
};

struct match_sides { /* each one record or more, none in both */
    const uint32_t *a;
    size_t a_count;
    const uint32_t *b;
    size_t b_count;
};

/* What speaks against joining two clusters by a link, as clustering asks before it does so. */
struct match_objection match_scene_object(const struct match_scene *scene,
                                          const struct match_sides *sides,
                                          const struct match_decision *decisions,
                                          size_t decision_count);

/* ---- what the rules have set ---- */

struct match_thresholds {
    int32_t merge;
    int32_t review;
    int32_t average;
    size_t max_block;
    size_t window;
};
struct match_thresholds match_rules_thresholds(const struct match_rules *rules);

#endif
