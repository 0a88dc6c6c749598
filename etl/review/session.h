/* session.h: a session, and what the files of this folder share.
 *
 *   state.db    cases, decisions (the engine's connection; written under the run's lock)
 *   review.db   leases, decisions that wait for a run to end, known pairs, what was revealed
 *
 * Leases are taken while a run holds the state, and may be lost without harm: that is why they are
 * beside it. */
#ifndef CUST360_REVIEW_SESSION_H
#define CUST360_REVIEW_SESSION_H

#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/review_decide.h"
#include "cust360/review_engine.h"
#include "cust360/review_stats.h"

struct queue_cache;

struct review {
    const struct project *project;
    const struct review_rules *rules;
    const struct review_engine *engine; /* NULL: a run takes over what has waited */
    const struct model_entity *entity;
    struct database *state;
    struct database *desk;
    struct database *view;                    /* NULL: none is published, or not opened yet */
    int64_t view_stamp;                       /* of the file that is open */
    const struct review_publisher *publisher; /* NULL: nobody publishes beside it */
    struct queue_cache *cache; /* queue_rows.c: the open cases; NULL: not asked for yet */
};

/* Seconds since 1970, and "YYYY-MM-DDTHH:MM:SSZ" of now. */
int64_t session_seconds(void);
const char *session_now(struct arena *arena);

/* The last committed run: its number and day. */
struct session_run {
    int64_t run_id;
    char as_of[11];
    int32_t as_of_days;
};
bool session_last_run(struct database *state, struct session_run *run, struct error *error);

/* A key as people see it, and back; key_read does not repeat what is none: it may be personal. */
void key_format(int64_t key, char text[REVIEW_KEY_BYTES]);
bool key_parse(struct slice text, int64_t *key);
bool key_read(const char *text, int64_t *key, struct error *error);

/* The published view, opened anew when it was replaced; NULL when there is none. */
struct database *session_view(struct review *review);

/* Text of a column, in the arena; "" for NULL. */
const char *column_text(struct arena *arena, const struct statement *row, int column);

/* ---- stored.c: a case as it stands in the state ---- */

struct stored_case {
    int64_t key;
    enum review_kind kind;
    enum review_status status;
    int64_t record_a;
    int64_t record_b; /* 0: none */
    int64_t golden_a;
    int64_t golden_b; /* 0: none */
    int64_t decision_id;
    const char *attribute;
    const char *value;
    bool control;         /* a known pair */
    const char *expected; /* of a control: same, different */
};

/* Whether bits and reasons stay hidden until it is decided: known pairs, and so many unknown ones
 * that being blind gives no known pair away. */
bool stored_is_blind(const struct stored_case *stored);

/* *is_there: it is open, as a case or as a known pair of the desk. */
bool stored_find(struct review *review, int64_t key, struct arena *arena, struct stored_case *found,
                 bool *is_there, struct error *error);

/* The columns that stored_item reads, beginning with case_key, and the tables joined to review_case
 * (as c) behind them. */
const char *stored_columns(const struct review *review, struct arena *arena);
const char *stored_tables(const struct review *review, struct arena *arena);
void stored_item(const struct statement *row, struct arena *arena, int32_t today,
                 struct review_item *item);

/* ---- lease.c ---- */

struct lease {
    int64_t key;
    const char *who;
};
/* All that have not run out. */
bool lease_list(struct review *review, struct arena *arena, struct lease **leases, size_t *count,
                struct error *error);

/* ---- control.c ---- */

/* Puts a known pair among a steward's cases, of which `fresh` are new to him, when it is time. */
bool control_add(struct review *review, const char *who, size_t fresh, struct arena *arena,
                 struct review_page *page, struct error *error);

/* Notes that the steward has answered a case. */
bool control_count(struct review *review, const char *who, struct error *error);

/* ---- record.c ---- */

/* The living records that a case shows, its first customer's first. */
struct shown_records {
    int64_t *ids;
    size_t count;
    size_t of_a; /* the first so many are of the case's first customer */
    size_t left_out;
};
bool shown_list(struct review *review, const struct stored_case *found, struct arena *arena,
                struct shown_records *shown, struct error *error);

/* A record's place in the state. */
bool shown_record(struct review *review, int64_t record_id, struct arena *arena,
                  struct review_record *record, struct error *error);

/* The number of the customer that a record is part of; 0: of none. */
bool golden_of_record(struct review *review, int64_t record, int64_t *golden, struct error *error);

/* A hash of all that a case shows that a decision may hang on. */
bool seen_hash(struct review *review, const struct stored_case *found, struct arena *arena,
               uint64_t *hash, struct error *error);

/* ---- said.c ---- */

/* What has become of a case that is not open any more, as an error: who has decided it, and when.
 */
bool said_gone(struct review *review, int64_t key, struct arena *arena, struct error *error);

/* The records of one decision row, two places in its order; 0: none, or gone. */
bool decision_places(struct review *review, int64_t decision_id, struct arena *arena,
                     int64_t **records, size_t *count, struct error *error);

/* What the records of a decision say now and did not say then: "mobile, name". */
const char *said_changes(struct review *review, int64_t batch, struct arena *arena);

/* Takes the rows of a batch out of force, and says so in a row of its own. */
bool said_mark_undone(struct review *review, int64_t batch, const char *who, struct arena *arena,
                      struct error *error);

/* decide.c: whether this word on the case needs a second steward. */
bool four_eyes(const struct review_rules *rules, const struct review_case *found,
               enum review_word word);

#endif
