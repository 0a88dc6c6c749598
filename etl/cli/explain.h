/* explain.h: why two records are one customer or not; between the files of the command.
 *
 *   words ──► who is meant ──► their clusters' records ──► a scene with all that relate to them
 *         ──► pairs, decisions, sentences ──► text, JSON, HTML
 *
 * All of it lives in the arena; texts are borrowed from there. */
#ifndef CUST360_CLI_EXPLAIN_H
#define CUST360_CLI_EXPLAIN_H

#include "cli/command.h"
#include "cust360/config.h"
#include "cust360/match_explain.h"
#include "cust360/match_graph.h"
#include "cust360/store_golden.h"

/* ---- explain_state.c: the records that are spoken of ---- */

struct explain_record {
    int64_t record_id;
    uint32_t golden; /* its golden number */
    uint32_t scene;  /* its number in the scene */
    struct slice source;
    struct slice key;
    struct slice name; /* empty when the entity has no field of this name */
    struct slice file; /* where it stood when it last changed */
    int64_t line;
};

/* A pair as the last run left it; a and b are indexes into the records. */
struct explain_link {
    uint32_t a;
    uint32_t b;
    int32_t weight;
    const char *reason; /* may be NULL */
};

struct explain_decision {
    uint32_t a, b;
    bool same;
    const char *who;
    const char *when;
};

struct explain {
    struct arena *arena;
    const struct invocation *invocation;
    const struct project *project;
    const struct match_rules *rules;
    const struct match_model *model;
    struct store *store;
    struct match_input *input;
    struct match_scene *scene;
    unsigned threads;
    bool unmasked; /* values are shown whole, also of personal fields */
    struct explain_record *records;
    uint32_t record_count;
    struct explain_link *links; /* that hold the clusters of these records */
    size_t link_count;
    struct explain_link *possible; /* between clusters of these records */
    size_t possible_count;
    struct explain_decision *decisions; /* in force, on these records */
    size_t decision_count;
    struct match_decision *words; /* the same in the scene's numbers */
};

/* Who somebody means. */
struct explain_target {
    uint32_t golden;
    int64_t record_id; /* 0: all of the customer's records */
    const char *typed;
};

bool explain_open(struct explain *explain, const struct invocation *invocation,
                  struct error *error);
void explain_close(struct explain *explain);

/* SOURCE:KEY, a golden id (former ones too), or what `find` takes when it means one customer. */
bool explain_find(struct explain *explain, const char *typed, struct explain_target *target,
                  struct error *error);

/* Loads the records of these customers, and of those that may be the same as the first when
 * `with_possible`, and makes the scene. */
bool explain_load(struct explain *explain, const uint32_t *goldens, size_t count,
                  bool with_possible, struct error *error);

/* The stored link of two records, or NULL. */
const struct explain_link *explain_stored(const struct explain *explain, uint32_t a, uint32_t b);

/* ---- explain_pair.c: what was decided on a pair, and why ---- */

struct explain_pair {
    uint32_t a, b; /* indexes into the records */
    int32_t weight;
    bool compared;
    bool same_customer;
    const char *outcome; /* for machines: merged, merged_through_others, … */
    struct match_pair_detail detail;
    const char **sentences; /* what was decided and why, for people */
    size_t sentence_count;
    struct explain_link *path; /* merged through others: the links on the way, in order */
    size_t path_count;
};

/* All pairs of the two targets' records, strongest first; only a, b, weight and same_customer are
 * filled. */
struct explain_pair *explain_list_pairs(const struct explain *explain,
                                        const struct explain_target *a,
                                        const struct explain_target *b, size_t *count);

/* Fills in the rest. */
void explain_pair_fill(const struct explain *explain, struct explain_pair *pair);

/* ---- explain_cluster.c ---- */

struct explain_question { /* a possible match with another customer */
    const struct explain_link *link;
    uint32_t own;
    uint32_t other; /* the other customer's record */
    const char *outcome;
    const char *sentence;
};

struct explain_cluster {
    uint32_t golden;
    const uint32_t *members; /* indexes into the records */
    struct graph graph;      /* nodes are places in `members` */
    size_t weakest;          /* link, or SIZE_MAX */
    bool *cut_off;           /* members on one side when the weakest is cut */
    size_t crossing;         /* further links between the sides */
    struct explain_question *questions;
    size_t question_count;
    const char **sentences;
    size_t sentence_count;
};

void explain_cluster_make(const struct explain *explain, uint32_t golden,
                          struct explain_cluster *cluster);

/* ---- explain_check.c: all links and possible matches of the state ---- */

struct explain_check {
    uint64_t pairs;
    uint64_t different; /* that would be given another weight now */
    const char *example;
};

bool explain_check_all(struct explain *explain, struct explain_check *check, struct error *error);

#endif
