/* database_gap.h: the parts of a database's pages that hold nothing any more. */
#ifndef CUST360_BASE_DATABASE_GAP_H
#define CUST360_BASE_DATABASE_GAP_H

#include <stdbool.h>
#include <stddef.h>

/* Overwrites with zeros what belongs to nothing in a page of SQLite's format. The first page of a
 * file has the file's header in front. */
void database_clear_page(unsigned char *page, bool is_first, size_t page_bytes);

#endif
