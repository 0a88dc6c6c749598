/* store_golden.h: state.db, the part about who is who: records for matching, its results, golden
 * records, decisions.
 *
 * Members are the live records of the matched entity, numbered from 0 in the order of (source name,
 * source key) by store_scan; all else speaks of these numbers until the store is closed or scanned
 * again. */
#ifndef CUST360_STORE_GOLDEN_H
#define CUST360_STORE_GOLDEN_H

#include "cust360/golden.h"
#include "cust360/store.h"

/* ---- scanning for the match ---- */

struct store_attribute { /* as struct match_attribute */
    const char *entity;  /* NULL: the scanned entity itself */
    const char *field;
    const char *reference; /* the field of `entity` that holds the scanned record's key */
};

struct store_values {
    const struct slice *items;
    size_t count;
};

struct store_member {
    uint32_t member;
    struct slice source;
    struct slice key;
    const struct store_values *values; /* one an attribute; without those that are empty */
};

/* Begins to go through all members of an entity, once, in order. */
struct store_scan *store_scan_open(struct store *store, const char *entity,
                                   const struct store_attribute *attributes, size_t count,
                                   struct error *error);

/* The same for these records only, numbered among themselves; the others are not read. */
struct store_choice {
    const int64_t *record_ids;
    size_t count;
};
struct store_scan *store_scan_open_chosen(struct store *store, const char *entity,
                                          const struct store_attribute *attributes, size_t count,
                                          const struct store_choice *choice, struct error *error);

/* ACCEPTED: *member is filled, valid until the next call. ENDED: the roster is complete. */
enum outcome store_scan_next(struct store_scan *scan, struct store_member *member,
                             struct error *error);
void store_scan_close(struct store_scan *scan);

/* By member of the last scan its record id; the store owns them until the next. */
const int64_t *store_member_records(const struct store *store);
/* A steward's word on two members. */
struct store_decision {
    uint32_t a;
    uint32_t b;
    bool same;
};

/* The decisions in force between members of the last scan; the later word on a pair counts. The
 * store owns them until the next scan. */
bool store_decisions(struct store *store, const struct store_decision **decisions, size_t *count,
                     struct error *error);

/* ---- results of the match ---- */

struct store_pair {
    uint32_t a;
    uint32_t b;
    double weight_bits;
    const char *reason; /* may be NULL */
};

/* Replaces links and possible matches by these, writing the differences only. */
bool store_pairs_save(struct store *store, const struct store_pair *links, size_t link_count,
                      const struct store_pair *possible, size_t possible_count,
                      struct error *error);

/* ---- golden ids and records ---- */

/* What golden records are made of: the columns, and a hash of the rules that choose the values. */
struct golden_basis {
    const struct golden_column *columns;
    size_t column_count;
    uint64_t hash;
};

/* Who is who after the last run. */
struct store_golden_state {
    struct golden_members members;
    struct golden_ids ids;
    bool all_touched; /* the basis or a source's trust has changed since */
};

/* Prepares the golden tables and loads the ids and, beside `cluster`, what the store knows of each
 * member of the last scan. Columns and clusters are borrowed; the store owns what is loaded. */
bool store_golden_begin(struct store *store, const struct golden_basis *basis,
                        const uint32_t *cluster, struct store_golden_state *state,
                        struct error *error);

struct store_golden_counts {
    uint64_t total; /* living golden records */
    uint64_t created;
    uint64_t changed;
    uint64_t unchanged;
    uint64_t merged;  /* ids that became aliases */
    uint64_t split;   /* ids new, or living again, because of a split */
    uint64_t revived; /* ids living again, of a split or of records that are back */
    uint64_t retired;
};

/* Writes what has changed of the crosswalk, aliases and history; golden records of ids that do not
 * live go. The assignment is borrowed until the store is closed. */
bool store_golden_assign(struct store *store, const struct golden_assignment *assignment,
                         struct error *error);

/* A value that a steward has given. */
struct store_golden_value {
    uint32_t member;
    struct slice column;
    struct slice value;
};

/* The values in force, in the order in which they were decided; the store owns them. */
bool store_golden_values(struct store *store, const struct store_golden_value **values,
                         size_t *count, struct error *error);

/* Begins to go through the touched members, in order, with these fields of the entity. */
struct store_read *store_read_open(struct store *store, const size_t *fields, size_t count,
                                   struct error *error);

struct store_record { /* as struct merge_record */
    uint32_t member;
    uint32_t source;
    int trust;
    const struct slice *values;
    struct slice flagged;
};

enum outcome store_read_next(struct store_read *read, struct store_record *record,
                             struct error *error);
void store_read_close(struct store_read *read);

/* Writes a golden record when it is new or different. */
bool store_golden_put(struct store *store, const struct golden_record *golden, struct error *error);

void store_golden_counts(const struct store *store, struct store_golden_counts *counts);

#endif
