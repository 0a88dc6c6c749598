/* review_case.h: one case with all that a screen shows. Values are whole: whoever shows them
 * masks what `personal` marks until it is asked for. */
#ifndef CUST360_REVIEW_CASE_H
#define CUST360_REVIEW_CASE_H

#include "cust360/review.h"

struct review_record { /* a column */
    int64_t record_id;
    const char *source;
    const char *system; /* the mapping by which its source is read: "wide" */
    const char *key;
    int trust;
    const char *golden_id; /* of the customer that it is part of now */
    const char *file;
    int64_t line;
    const char *updated; /* of the model's field updated_at; "" when there is none */
    bool of_a;           /* of the case's first customer */
};

struct review_cell {
    const char *value;   /* standardized; "" when there is none */
    const char *masked;  /* for people's eyes, where only a part is personal; NULL: as text_mask */
    const char *given;   /* as it came, where the value is another or was refused; else "" */
    const char *finding; /* what was found wrong; "" */
    const char *code;    /* of the finding: what it is called by; "" */
    bool repaired;       /* differs from what came by more than blanks */
    const char *differs; /* '1' for each character that the surviving value has not, else '0'; "" */
    bool wins;           /* the golden record has it from here */
};

enum review_difference {
    REVIEW_EQUAL,    /* all that have a value have the same */
    REVIEW_DIFFERS,  /* values differ */
    REVIEW_CONTRARY, /* values that exclude each other: identity number, birth date */
    REVIEW_MISSING   /* nobody has one */
};

struct review_field { /* a row */
    const char *name;
    const char *label;
    const char *kind;
    bool personal;
    enum review_difference difference;
    const char *golden_a; /* the surviving values of the case's customers; "" */
    const char *golden_b;
    const char *rule;          /* by which golden_a survived; "" */
    const char *rule_in_words; /* "the value that most sources have" */
    struct review_cell *cells; /* one a record */
};

struct review_part { /* a bar */
    const char *comparison;
    const char *comparison_zh;
    const char *level; /* "" : says nothing */
    const char *level_zh;
    double bits; /* + for, - against */
    const char *sentence;
    const char *frequency; /* "1 in 350"; "" */
    const char *frequency_zh;
};

struct review_link {
    size_t a; /* indexes into the records */
    size_t b;
    double bits;
    bool possible; /* not a link: a question */
    bool weak;     /* the one that the case is about, or the weakest that holds the rest */
};

struct review_said { /* a former decision on these records */
    int64_t decision_id;
    const char *kind;
    const char *who;
    const char *when;
    const char *comment;
    const char *changed; /* stale: what has changed since; "" */
    bool stale;
};

struct review_case {
    struct review_item item;
    char seen[REVIEW_KEY_BYTES]; /* hash of what is shown; a verdict brings it back */
    bool blind;                  /* bits and reasons are to be hidden until it is decided */
    bool four_eyes;              /* a merge (or a split) needs a second steward */
    const char *question;        /* "Are these two customers the same?" */
    const char *question_zh;
    struct review_record *records;
    size_t record_count;
    struct review_field *fields; /* differing ones first */
    size_t field_count;
    const char *sentence; /* "Same mobile; names differ." */
    const char *sentence_zh;
    double bits; /* sum of the parts with the prior */
    double prior;
    struct review_part *parts;
    size_t part_count;
    const char *blocks; /* the blocking rules that bring the pair together: "phone, name"; "" */
    const char *blocks_zh;
    struct review_link *links;
    size_t link_count;
    struct review_said *said;
    size_t said_count;
};

/* False with EXIT_FAILED when there is no such case (any more): the error says who has decided it.
 */
bool review_case(struct review *review, const char *key, struct arena *arena,
                 struct review_case *found, struct error *error);

/* ---- what a verdict would make ---- */

struct review_golden {
    const char *golden_id; /* "" : a new one */
    size_t records;
    const char **values; /* one a column of the preview; "" */
    const char **rules;
};

struct review_consents { /* that the customers concerned have, as published */
    size_t granted;
    size_t refused;
    size_t contrary; /* of the refused: another of the customers grants the same */
};

struct review_preview {
    const char **columns;
    size_t column_count;
    struct review_golden *before;
    size_t before_count;
    struct review_golden *after;
    size_t after_count;
    size_t records; /* source records concerned */
    size_t vehicles;
    size_t orders;
    struct review_consents consents;
    const char **targets; /* databases that get it with the next publishing */
    size_t target_count;
    const char *refused; /* why the verdict would not have its effect; "" */
};

struct review_verdict;

/* Nothing is changed. EXIT_LOCKED while a run holds the state. */
bool review_preview(struct review *review, const struct review_verdict *verdict,
                    struct arena *arena, struct review_preview *preview, struct error *error);

#endif
