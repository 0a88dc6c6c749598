/* subject.h: all that is held on one person: found, told, erased.
 *
 *   id, alias or source key ──► subject_find ──► records, rows that refer to them, values
 *        ├─► subject_tell        as JSON or text                         (access: PIPL art. 45)
 *        └─► subject_erase_view, subject_sweep, subject_erase_state      (erasure: PIPL art. 47)
 *
 * Of the person are: the records of the golden record, also those that are gone; rows of other
 * entities that name one of these records (`customer_key`), and rows with a contact or identity
 * value that no other customer has; with a shared one only when the name is the person's as well.
 * What another customer also holds stays with him.
 *
 * Errors: EXIT_FAILED when there is no such person, else as the database's. One thread. */
#ifndef CUST360_SUBJECT_H
#define CUST360_SUBJECT_H

#include "cust360/base/database.h"
#include "cust360/config_person.h"

struct subject_value { /* of the person, whole; never to be logged */
    enum person_value kind;
    const char *value;
    const char *source; /* PERSON_KEY: whose number it is; else "" */
    bool shared;        /* another customer has it as well */
};

struct subject {
    struct arena *arena; /* the caller's */
    struct database *state;
    const struct model *model;
    uint32_t golden_number;  /* 0: records that no run has matched yet */
    const char *golden_id;   /* "" for those */
    const char **former_ids; /* that were merged into it */
    size_t former_count;
    struct subject_value *values;
    size_t value_count;
    size_t value_capacity;
    size_t records; /* source records of the person */
    size_t rows;    /* rows of other entities */
};

/* Finds the person in a state that may be written temporary tables of. `asked`: a golden id, also a
 * former one, or SOURCE:KEY. The values' memory is given back by subject_release. */
bool subject_find(struct subject *subject, struct database *state, const struct model *model,
                  const char *asked, struct arena *arena, struct error *error);

/* The same person in another state (a backup): by all of the person's numbers at the sources.
 * *there: something of the person is in it. */
bool subject_find_again(const struct subject *known, struct database *state,
                        struct subject *subject, bool *there, struct error *error);
void subject_release(struct subject *subject);

/* Everything in the state and in the view (NULL: none), to be shown to the person. */
bool subject_tell(const struct subject *subject, struct database *view, bool json,
                  struct buffer *text, struct error *error);

/* Takes the person out of the state: rows, findings, decisions, cases, history; within the
 * caller's transaction. *rows: how many went. */
bool subject_erase_state(const struct subject *subject, int64_t *rows, struct error *error);

/* What keeps the person from coming back: keyed hashes of the numbers and values, in the table
 * `suppressed`; made when it is not there. */
bool subject_suppress(const struct subject *subject, struct slice key, int64_t erasure_id,
                      int64_t *hashes, struct error *error);

/* Takes the person out of a view, in one transaction of its own. */
bool subject_erase_view(const struct subject *subject, struct database *view, int64_t *rows,
                        struct error *error);

struct subject_sweep {
    const struct seal_ring *seals; /* that sealed files are opened with */
    size_t files;                  /* that were looked into */
    size_t removed;                /* that held something of the person and are gone */
    size_t cut;                    /* out of which lines were taken */
};

/* Looks through a file, or all files of a folder. Tables (.csv, .tsv) lose the person's rows; of
 * all else (rejects, XML, copies of databases) the whole file goes when the person is in it. */
bool subject_sweep(const struct subject *subject, const char *path, struct subject_sweep *sweep,
                   struct error *error);

#endif
