/* evaluate.h: the last run held against a truth; between the files of the command.
 *
 *   truth (source, key, entity) ──► by record: entity ─┐
 *   crosswalk ────────────────────► by record: golden ─┴─► evaluate_partition
 *   scene of all records ─────────► thresholds (evaluate_curve.c), causes (evaluate_causes.c)
 *
 * All of it lives in the arena. */
#ifndef CUST360_CLI_EVALUATE_H
#define CUST360_CLI_EVALUATE_H

#include "cli/evaluate/golden_truth.h"
#include "cust360/base/buffer.h"
#include "cust360/config.h"
#include "cust360/evaluate.h"
#include "cust360/match_diagnose.h"
#include "cust360/match_explain.h"
#include "cust360/store_golden.h"

#define SCENE_NONE UINT32_MAX

enum { CURVE_MOST = 128, WISHES_MOST = 3 };

struct curve_point {
    int32_t threshold;
    struct evaluation evaluation;
};

/* The lowest threshold that gives a wished precision, from there on upwards. */
struct curve_wish {
    double precision;
    bool met;
    struct curve_point point; /* not met: the one of the highest precision */
};

struct cause_example {
    const char *a; /* "D01:123" */
    const char *b;
    int32_t weight;
    bool has_weight;
    const char *text; /* values masked; may be empty */
};

/* Pairs that came out wrong for one reason. */
struct cause {
    const char *name;   /* for machines: not_compared, below_review … */
    const char *detail; /* the comparison, the rule …; may be empty */
    uint64_t pairs;
    struct cause_example *examples;
    size_t example_count;
};

struct cause_list {
    uint64_t pairs;
    struct cause *causes; /* most pairs first */
    size_t count;
};

/* A blocking key that there is not, and what it would have brought. */
struct key_proposal {
    const char *name; /* "name + district" */
    uint64_t found;   /* missed pairs that were never compared */
    uint64_t pairs;   /* that it would have to compare */
    bool is_single;   /* one attribute */
};

struct evaluating {
    struct arena *arena;
    const struct project *project;
    struct store *store;
    struct map *records; /* source, a line feed, key → record of the truth */
    struct truth truth;
    uint32_t missing; /* records of the truth that the state does not have */
    struct evaluation partition;
    struct golden_score scores[GOLDEN_SCORES_MAX];
    size_t score_count;

    /* What follows is left out by --brief. */
    unsigned threads;
    size_t examples_most; /* of each cause */
    const struct match_rules *rules;
    struct match_input *input;
    struct match_scene *scene;
    const struct match_decision *decisions;
    size_t decision_count;
    uint32_t *scene_of;       /* by record of the truth, or SCENE_NONE */
    uint32_t scene_count;     /* records of the scene */
    uint32_t *golden;         /* by record of the scene: golden number */
    int64_t *record_ids;      /* by record of the scene */
    uint32_t *cluster;        /* by record of the scene: as matched now */
    const char **scene_names; /* by record of the scene: "D01:123" */
    struct curve_point curve[CURVE_MOST];
    size_t curve_count;
    uint64_t pairs_compared;
    struct curve_wish wishes[WISHES_MOST];
    size_t wish_count;
    struct cause_list missed;
    struct cause_list merged; /* falsely */
    struct key_proposal *proposals;
    size_t proposal_count;
};

/* evaluate_scene.c: all records of the state, as matching sees them. */
bool evaluate_scene(struct evaluating *work, struct error *error);

/* evaluate_curve.c: fills curve and wishes (whose precision is set), and cluster. */
void evaluate_curve(struct evaluating *work);

/* evaluate_causes.c: missed and merged pairs, and the keys that would have helped. */
bool evaluate_causes(struct evaluating *work, struct error *error);

/* evaluate_false.c: the pairs that were merged and are not one. */
bool evaluate_false_merges(struct evaluating *work, struct error *error);

/* causes.c: counting by cause. */
struct cause *causes_add(struct evaluating *work, struct cause_list *list, const char *name,
                         const char *detail);
void causes_sort(struct cause_list *list);
/* An example's texts are copied; passed over when there are enough. */
void causes_example(struct evaluating *work, struct cause *cause, uint32_t a, uint32_t b,
                    const struct match_part *part);

/* What is printed. */
void evaluate_write_json(const struct evaluating *work, struct buffer *text);
void evaluate_write_text(const struct evaluating *work, struct buffer *text);
void evaluate_write_html(const struct evaluating *work, struct buffer *html);

#endif
