/* database_page.h: the rows in the pages of a database's file, without SQLite.
 *
 * The file format is SQLite's (sqlite.org/fileformat2.html, 1.5 and 1.6, 2.1). Bytes may be
 * anything: what does not fit the format is told, and nothing outside the page is read. */
#ifndef CUST360_BASE_DATABASE_PAGE_H
#define CUST360_BASE_DATABASE_PAGE_H

#include "cust360/base/slice.h"

#include <stdint.h>

enum page_kind {
    PAGE_INTERIOR_INDEX = 2,
    PAGE_INTERIOR_TABLE = 5,
    PAGE_LEAF_INDEX = 10,
    PAGE_LEAF_TABLE = 13
};

enum { FILE_HEADER_BYTES = 100 };

struct database_page {
    const unsigned char *bytes;
    size_t page_bytes;
    size_t usable_bytes; /* without what is reserved at its end */
    size_t header;       /* where its header begins: behind the file's in the first page */
};

/* A row: its own number, or as the key of a table without them; and as much of its record as is in
 * the page. */
struct page_row {
    int64_t number;
    struct slice record;
    size_t record_bytes; /* with what is in overflow pages */
};

static inline enum page_kind page_kind(const struct database_page *page)
{
    return (enum page_kind)page->bytes[page->header];
}

size_t page_cell_count(const struct database_page *page);

/* The page below a cell of an interior page; `cell` = page_cell_count: the right-most. 0: not to
 * be read. */
uint32_t page_child(const struct database_page *page, size_t cell);

/* The row of a cell; an interior page of a table has none. false: not to be read. */
bool page_row(const struct database_page *page, size_t cell, struct page_row *row);

/* A value of a record; records are walked through from the first value on. */
struct record_walk {
    const struct page_row *row;
    size_t type_at; /* behind the value's own */
    size_t types_end;
    size_t value_at;
    bool is_text;
    size_t value_bytes;
};

/* false: not to be read. */
bool record_begin(struct record_walk *walk, const struct page_row *row);

enum record_step { RECORD_VALUE, RECORD_END, RECORD_DAMAGED };

/* Goes on to the next value but `passed`. */
enum record_step record_next(struct record_walk *walk, size_t passed);

/* The value's text; data NULL when it is not in the page as a whole. */
struct slice record_text(const struct record_walk *walk);

#endif
