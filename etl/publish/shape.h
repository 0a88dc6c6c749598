/* shape.h: the tables of the view as a target is to have them: columns, kinds, keys, comments.
 *
 * A table's key is what its SQL declares: the PRIMARY KEY, unless that is one INTEGER, the row's
 * number; else the first UNIQUE index by name; else that number. All columns of a key must be NOT
 * NULL. A table without one is known by its rows' hashes. Everything lives in the arena. */
#ifndef CUST360_PUBLISH_SHAPE_H
#define CUST360_PUBLISH_SHAPE_H

#include "cust360/base/arena.h"
#include "cust360/base/database.h"
#include <stdint.h>

enum column_kind { COLUMN_TEXT, COLUMN_INTEGER, COLUMN_NUMBER, COLUMN_DATE, COLUMN_KINDS };

struct shape_column {
    const char *name;
    enum column_kind kind;
    unsigned length;     /* characters, of VARCHAR(length); 0: any */
    bool required;       /* NOT NULL */
    bool is_key;         /* one of the table's key */
    const char *comment; /* of the view's dictionary, else of its SQL; NULL: none */
};

/* The columns that each table has at the target besides. Keyless tables have the second too; the
 * two are their key. */
#define ROW_HASH "row_hash"
#define ROW_COPY "row_copy"

struct shape {
    const char *name;
    struct shape_column *columns;
    size_t column_count;
    size_t *key;         /* columns of the key, in its order */
    size_t key_count;    /* 0: the rows' hashes are the key */
    const char *comment; /* of the view's dictionary; NULL: none */
};

/* The tables of the schema `main`, by name, without SQLite's own. */
bool shape_list(struct arena *arena, struct database *view, struct shape **shapes, size_t *count,
                struct error *error);

/* "SELECT a, b … FROM table" over the shape's columns; a column that the database does not have is
 * NULL there. */
const char *shape_select(struct arena *arena, const struct shape *shape, struct database *database,
                         struct error *error);

/* Whether a database's table has these columns, of these kinds, and no other: only then have its
 * rows the hashes that they would have here. */
bool shape_fits(struct arena *arena, const struct shape *shape, struct database *database,
                bool *fits, struct error *error);

/* A row's hash, over the values of all columns: 63 bits, the same for equal rows wherever they were
 * read, as numbers are compared by 15 digits. `scratch` is for its own use. */
struct buffer;
uint64_t shape_hash(const struct shape *shape, const struct slice *values, struct buffer *scratch);

/* The sum of the rows' hashes of a table, in halves as databases can add them up. */
struct shape_sum {
    uint64_t rows;
    uint64_t low;
    uint64_t high;
};
void shape_sum_add(struct shape_sum *sum, uint64_t row_hash);
bool shape_sum_equal(const struct shape_sum *a, const struct shape_sum *b);

enum { ROW_HASH_HALF_BITS = 32 };

#endif
