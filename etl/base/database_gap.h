/* database_gap.h: the parts of a database's pages that hold nothing any more. */
#ifndef CUST360_BASE_DATABASE_GAP_H
#define CUST360_BASE_DATABASE_GAP_H

#include <stdbool.h>
#include <stddef.h>

/* Overwrites with zeros what belongs to nothing in a page of SQLite's format. The first page of a
 * file has the file's header in front. */
void database_clear_page(unsigned char *page, bool is_first, size_t page_bytes);

enum { PAGE_MOST_BYTES = 65536 };

/* Notes in a file's first page that all pages have been cleared, and are whenever they are written:
 * then only those that are free are left to be cleared. */
void database_mark_clean(unsigned char *page);

#endif
