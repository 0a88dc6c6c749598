/* review_decide.h: verdicts, undo, what was decided, work lists as CSV. */
#ifndef CUST360_REVIEW_DECIDE_H
#define CUST360_REVIEW_DECIDE_H

#include "cust360/review_case.h"

enum review_word {
    REVIEW_SAME,      /* one customer; of a weak link or conflict: it is well as it is */
    REVIEW_NOT_SAME,  /* two customers */
    REVIEW_DONT_KNOW, /* unsure, with a comment: for another steward */
    REVIEW_SPLIT,     /* the marked records are another customer */
    REVIEW_TAKE,      /* this value is the golden one */
    REVIEW_NEVER_ASK, /* leave it as it is and do not ask again */
    REVIEW_ACCEPT,    /* a relation holds; a shared value is known */
    REVIEW_REFUSE,    /* a relation does not hold */
    REVIEW_KEEP,      /* a stale decision still holds */
    REVIEW_WORDS
};
const char *review_word_name(enum review_word word); /* "same", "not_same" … */
enum review_word review_word_find(struct slice name);

struct review_verdict {
    const char *key;  /* of the case */
    const char *seen; /* review_case.seen as the steward saw it; NULL: not checked */
    const char *who;
    enum review_word word;
    const char *comment;  /* REVIEW_DONT_KNOW needs one; else may be NULL */
    const int64_t *split; /* REVIEW_SPLIT: record ids that go */
    size_t split_count;
    const char *attribute; /* REVIEW_TAKE: the golden record's column */
    const char *value;     /* REVIEW_TAKE: "" takes it away */
    const char *until;     /* REVIEW_TAKE: last day, YYYY-MM-DD; NULL: for good */
};

enum review_effect {
    REVIEW_APPLIED,      /* clusters and golden records are as decided */
    REVIEW_WAITS,        /* recorded; a run holds the state: applied when it is over */
    REVIEW_NEXT_RUN,     /* recorded; touches too many records to be applied now: by the next run */
    REVIEW_NEEDS_SECOND, /* recorded; in force when a second steward says the same */
    REVIEW_NOTED         /* nothing to apply: unsure, never ask, a control pair */
};

struct review_answer {
    enum review_effect effect;
    int64_t decision_id;     /* to undo it by; 0: it waits or was a control pair */
    const char *sentence;    /* for the steward: what has become of it */
    const char **golden_ids; /* the touched customers as they are now */
    size_t golden_count;
};

/* Records a verdict, durably, and applies it. False with EXIT_CONFLICT: another steward has decided
 * or the records have changed since `seen`; nothing is recorded, the error says who and when. A
 * word that does not fit the case is EXIT_USAGE. */
#define EXIT_CONFLICT 4
bool review_decide(struct review *review, const struct review_verdict *verdict, struct arena *arena,
                   struct review_answer *answer, struct error *error);

/* Takes a decision back, whenever it was made; the question comes back. */
bool review_undo(struct review *review, const char *who, int64_t decision_id, struct arena *arena,
                 struct review_answer *answer, struct error *error);

struct review_decision {
    int64_t decision_id;
    const char *word;
    const char *when;
    const char *who;
    const char *a; /* "D01:0000123"; "" */
    const char *b;
    const char *attribute;
    const char *value;
    const char *until;
    const char *comment;
    bool undone;
    bool confirmed; /* false: waits for a second steward */
};

struct review_decisions_asked {
    const char *who; /* NULL: everybody's */
    bool in_force;   /* only what was not taken back */
    int64_t before;  /* only decisions with a smaller number; 0: from the latest on */
    size_t limit;
};

/* The latest first. */
bool review_decisions(struct review *review, const struct review_decisions_asked *asked,
                      struct arena *arena, struct review_decision **decisions, size_t *count,
                      struct error *error);

/* ---- work lists ---- */

/* Open cases as CSV (UTF-8 with BOM, for a spreadsheet), with empty columns for the verdict;
 * `mask`: names masked. */
bool review_export(struct review *review, const struct review_filter *filter, size_t limit,
                   bool mask, struct buffer *csv, struct error *error);

struct review_import_result {
    size_t decided;
    size_t empty; /* rows without a verdict */
};

/* Checks the whole list before it decides anything: false with EXIT_FAILED and the line of the
 * first row that does not fit. `who` has decided unless the row names somebody. */
bool review_import(struct review *review, const char *path, const char *who, struct arena *arena,
                   struct review_import_result *result, struct error *error);

#endif
