/* rows.h: what a full source gave last time, row by row; see store_rows.h. */
#ifndef CUST360_STORE_ROWS_INTERNAL_H
#define CUST360_STORE_ROWS_INTERNAL_H

#include "cust360/base/slice.h"
#include "cust360/store_rows.h"

#include <stdint.h>

#define ROWS_MAGIC UINT64_C(0x3173776F52363343)

/* The file: this, then the slots, the records and the links. */
struct rows_heading {
    uint64_t magic;
    uint64_t token;
    uint64_t slot_count;
    uint64_t record_count;
    uint64_t link_count;
    uint64_t body_hash;
};

/* A place of the hash table of rows. One record: `link` is its index; more: `link` is the first of
 * `count` links. */
struct row_slot {
    uint64_t hash; /* 0: empty */
    uint32_t link;
    uint32_t count;
};

/* All living records of the source, by (entity, record id). */
struct row_record {
    uint32_t entity;
    uint32_t record_id;
};

enum row_record_flag {
    ROW_RECORD_SEEN = 1,     /* tonight */
    ROW_RECORD_CHANGED = 2,  /* tonight: it stands otherwise than the remembered rows say */
    ROW_RECORD_KEPT = 4,     /* its row was rejected tonight */
    ROW_RECORD_DELETED = 16, /* a row said tonight that it is gone */
    ROW_RECORD_KNOWN = 8     /* a remembered row has said it tonight */
};

struct store_rows {
    struct slice file; /* mapped */
    const struct row_slot *slots;
    const struct row_record *records;
    const uint32_t *links;
    uint32_t slot_count;
    uint32_t record_count;
    unsigned char *flags; /* [record_count] enum row_record_flag */
    bool *used;           /* [slot_count] the row has come tonight */
};

struct told_row { /* a row of tonight that is to be remembered */
    uint64_t hash;
    size_t first; /* of its records among those told */
    size_t count;
};

/* What tonight's reading tells, to be remembered. */
struct told_rows {
    struct told_row *rows;
    size_t count;
    size_t capacity;
    struct row_record *records;
    size_t record_count;
    size_t record_capacity;
    size_t told_count;            /* of the records: those of finished rows */
    struct row_record *contested; /* said twice, differently */
    size_t contested_count;
    size_t contested_capacity;
};

#define ROW_NONE UINT32_MAX

/* The slot of a row, or the empty one where it would stand. */
uint32_t rows_find(const struct row_slot *slots, uint32_t slot_count, uint64_t hash);

/* The index of a record, or ROW_NONE. */
uint32_t rows_find_record(const struct store_rows *rows, size_t entity, int64_t record_id);

/* The records of a remembered row, as indexes. */
size_t rows_links(const struct store_rows *rows, const struct row_slot *slot,
                  const uint32_t **links);

void told_rows_release(struct told_rows *told);

#endif
