/* outline.h: what the glance at a pair (test.h) already decides, remembered.
 *
 *   glance: known, equal ──► outline: levels, their sum, what is left to look at ──► weight
 *
 * Most comparisons are decided by which attributes two records know and which of these are equal,
 * and most pairs share their glance with thousands of others. An outline keeps what follows from a
 * glance: the levels that are sure, their weights summed, and as steps the comparisons for which
 * texts or frequencies must be asked, with the most that these can add. Nothing else is done for a
 * pair that cannot reach the wanted weight.
 *
 * A set of outlines belongs to one thread. */
#ifndef CUST360_MATCH_OUTLINE_H
#define CUST360_MATCH_OUTLINE_H

#include "match/score/score.h"

enum { OUTLINE_STEPS_MAX = 12, OUTLINE_STEP_BITS = 5 };

/* The levels of all steps of an outline in one number never reach this. */
#define OUTLINE_CODE_NONE UINT64_MAX

/* A comparison that the glance does not settle. */
struct outline_step {
    uint8_t comparison;
    bool is_open;         /* its level depends on texts; else only its weight, or whether an earlier
                             step implies it */
    bool is_when_open;    /* … and whether it speaks at all */
    int8_t sure_level;    /* that it shows when no open one holds; -1: it is silent then */
    uint16_t open_levels; /* those of which texts decide, a bit each */
    int32_t stranger_left; /* the most that this step and those behind it can add */
    int32_t relative_left;
};

struct outline {
    uint64_t equal; /* the glance, of attributes that matter */
    uint64_t known;
    bool is_made;
    bool is_general;     /* more steps than fit: every comparison is to be asked */
    enum answer never;   /* whether a rule says that they are not one customer */
    enum answer certain; /* whether they surely are one, as far as training is concerned */
    int32_t stranger;    /* sums of what is settled, prior included */
    int32_t relative;
    /* For the user of the set: what its steps showed when last asked, and what that meant. */
    uint64_t last_code; /* OUTLINE_CODE_NONE: not asked */
    uint32_t number;
    uint8_t step_count;
    /* By comparison, as patterns.h has them: the level plus one; 0: silent, or open. */
    char levels[COMPARISONS_MAX];
    struct outline_step steps[OUTLINE_STEPS_MAX];
};

struct outlines;

/* For weighing pairs. The scorer must outlive the set. */
struct outlines *outlines_create(const struct scorer *scorer);

/* For levels only, without weights; `implies`: comparisons are silent when another implies them.
 * `also` are attributes (a bit each) by which outlines are told apart as well. */
struct outlines *outlines_create_for_levels(const struct match_rules *rules, bool implies,
                                            uint64_t also);

void outlines_destroy(struct outlines *outlines);

/* The outline of a pair; valid until the next is asked for. */
struct outline *outlines_find(struct outlines *outlines, const struct pair_view *view);

/* The weight of a pair, as score_view has it. */
int32_t outlines_score(struct outlines *outlines, const struct pair_view *view, int32_t least);

/* What a pair shows in the steps of its outline, which must not be general: of each the level plus
 * one, OUTLINE_STEP_BITS wide, the first step lowest. */
uint64_t outlines_code(const struct outlines *outlines, const struct outline *outline,
                       const struct pair_view *view);

/* Fills the pattern (patterns.h) that an outline and a code make, one byte a comparison. */
void outline_code_pattern(const struct match_rules *rules, const struct outline *outline,
                          uint64_t code, char *pattern);

/* Fills the pattern of a pair. */
void outlines_pattern(const struct outlines *outlines, const struct outline *outline,
                      const struct pair_view *view, char *pattern);

/* The same without an outline. */
void outline_general_pattern(const struct match_rules *rules, bool implies,
                             const struct pair_view *view, char *pattern);

#endif
