/* subject.h: the erasure of a person from everything that the project has.
 *
 *   noted as begun ─► views ─► files ─► backups ─► state (one transaction, with the hashes that
 * keep the person away) ─► targets ─► certificate
 *
 * Each step can be done again. Whatever breaks in between, the state knows how far the erasure has
 * come (begun; erased: out of the state; done: certified), and the next call or run completes it.
 */
#ifndef CUST360_CLI_SUBJECT_H
#define CUST360_CLI_SUBJECT_H

#include "cust360/config.h"
#include "cust360/store.h"

/* In the certificate, when a backup or a target could not be reached. */
#define ERASURE_INCOMPLETE ": NOT COMPLETE, see below"

struct erasure_step { /* a place, and what became of it there */
    const char *place;
    const char *outcome;
};

struct erasure {
    struct arena *arena;
    const struct project *project;
    struct store *store; /* for writing; its lock is held */
    int64_t erasure_id;
    const char *golden_id;
    const char *who;
    const char *begun_at;
    const char *done_at;
    struct erasure_step *steps;
    size_t step_count;
    size_t step_capacity;
    size_t records;
    size_t rows;
    int64_t state_rows;
    int64_t view_rows;
    int64_t hashes;
    bool incomplete; /* a backup or a target could not be reached */
};

/* Erases whom `asked` names (golden id, former id, SOURCE:KEY), and writes the certificate. */
bool erasure_run(struct erasure *erasure, const char *asked, struct error *error);
void erasure_release(struct erasure *erasure);

/* Whether there was any erasure yet. */
bool erasures_known(struct store *store, bool *known, struct error *error);

/* Completes erasures that were begun and broken off. */
bool erasures_complete(const struct project *project, struct store *store, struct error *error);

/* Writes STATE/erasures/erasure-000001.json and .txt; they hold no value of the person. */
bool erasure_certify(struct erasure *erasure, struct error *error);

/* One person's part of a view or of a copy of it. */
struct subject;
bool erasure_view(struct erasure *erasure, const struct subject *subject, const char *path,
                  struct error *error);
/* The same of whatever a backup is: a state, a view, a folder, another file. */
bool erasure_backup(struct erasure *erasure, const struct subject *subject, const char *path,
                    struct error *error);
/* Removes what killed runs left behind, and copies for roles and targets that are configured no
 * more. A target of these still has the person: the erasure is incomplete. */
bool erasure_leftovers(struct erasure *erasure, struct error *error);
void erasure_note(struct erasure *erasure, const char *place, const char *outcome);

#endif
