/* golden.h: golden ids and golden records: the words between merging and the store.
 *
 * Golden ids are numbered 1, 2, 3 … as they are issued and never reused. What people see is the id:
 * `C`, eight characters and a check character, of the alphabet 0-9 A-Z without I, L, O and U. The
 * eight are the number, scattered by a fixed bijection, so that an id tells neither how many there
 * are nor which came first; the letter in front keeps spreadsheets from reading a number. The check
 * character detects every single wrong character and every exchange of two. */
#ifndef CUST360_GOLDEN_H
#define CUST360_GOLDEN_H

#include "cust360/base/slice.h"
#include <stdint.h>

#define GOLDEN_NONE     0  /* no golden number */
#define GOLDEN_ID_BYTES 11 /* "C", 8 characters, check character and NUL */

/* Writes the id of a number (1 …). */
void golden_id_format(uint32_t number, char text[GOLDEN_ID_BYTES]);

/* Reads an id as people type it: any case, hyphens and spaces passed over, O as 0, I and L as 1.
 * False when it is none or its check character does not fit. */
bool golden_id_parse(struct slice text, uint32_t *number);

/* All ids ever issued; each array has issued + 1 places, the first is not used.
 *
 * Of some customers only, it is the ids that concern them, by places 1, 2, 3 … in the order of
 * their numbers: then what is said of numbers, in a golden_assignment and in golden records too, is
 * said of places, and golden_number tells the number. */
struct golden_ids {
    uint32_t issued;        /* the highest number, or place */
    uint32_t *becomes;      /* itself: living; another: merged away, and its records are now of that
                               one, which is living or retired; GOLDEN_NONE: retired */
    uint32_t *merged_into;  /* merged away: the id that it was merged into, which may have been
                               merged since; else GOLDEN_NONE */
    uint32_t *record_count; /* living: records held after the last run */
    const uint32_t *numbers; /* by place; NULL: all ids are here, places are numbers */
    uint32_t all_issued;     /* with `numbers`: the highest number of all */
};

/* The number of a place among the ids before a run; what a run has issued comes behind all. */
uint32_t golden_number(const struct golden_ids *before, uint32_t place);

/* The live records of the matched entity in the order of (source name, source key), by columns. */
struct golden_members {
    uint32_t count;
    const uint32_t *cluster; /* the smallest member of its cluster, as in struct match_result */
    const uint32_t *former;  /* golden number after the last run, or GOLDEN_NONE */
    const uint32_t *home;    /* the number under which it was first known, or last issued for it */
    const int64_t *age;      /* record id: lower is older */
    const bool *changed;     /* new, changed or back, or a steward's value concerns it */
};

enum golden_event_kind {
    GOLDEN_ISSUED,
    GOLDEN_MERGED_INTO, /* other: the id that it is now an alias of */
    GOLDEN_SPLIT_FROM,  /* other: the id that its records had */
    GOLDEN_REVIVED,     /* an alias or retired id that lives again */
    GOLDEN_ERASED,
    GOLDEN_RETIRED /* no live record has it any more */
};

struct golden_event {
    enum golden_event_kind kind;
    uint32_t number;
    uint32_t other; /* or GOLDEN_NONE */
};

/* What becomes of ids and members in a run. */
struct golden_assignment {
    uint32_t count;              /* members */
    uint32_t *number;            /* [count] the member's golden number */
    uint32_t *home;              /* [count] as in struct golden_members, for the next run */
    bool *touched;               /* [count] its golden record has to be made anew */
    struct golden_ids ids;       /* after the run */
    struct golden_event *events; /* by golden number */
    size_t event_count;
};

/* A golden record as merged. */
struct golden_choice {
    uint32_t member;  /* whose value it is; UINT32_MAX: nobody's (a steward typed it) */
    const char *rule; /* why: a survivorship rule's name, "only" (nobody else has one), "agreed"
                         (all have the same); NULL: there is no value */
};

struct golden_record {
    uint32_t number;
    uint32_t record_count;
    uint32_t source_count;
    const struct slice *values;          /* one a column of the golden record; data NULL: none */
    const struct golden_choice *choices; /* one a choice (see struct golden_column) */
};

/* A column of golden records, from survivorship.yaml. Columns of one group share a choice: their
 * values come from one record. */
struct golden_column {
    const char *name;
    size_t choice; /* index; choices count from 0 in the order of their first columns */
};

#endif
