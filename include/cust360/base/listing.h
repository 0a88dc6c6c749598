/* listing.h: text tables for people, aligned by columns on the screen.
 *
 * Width is counted as a terminal shows it (text_width: a Han character takes two columns). Cells
 * are copied; a line break or tab in one becomes a space. Not thread safe. */
#ifndef CUST360_BASE_LISTING_H
#define CUST360_BASE_LISTING_H

#include "cust360/base/buffer.h"
#include <stdint.h>

enum listing_alignment { LISTING_LEFT, LISTING_RIGHT };

struct listing_column {
    const char *heading; /* "" leaves it empty; borrowed */
    enum listing_alignment alignment;
    size_t width_most; /* screen columns; a longer cell is cut and ends in "…"; 0: no limit */
};

struct listing;

/* The columns are borrowed. */
struct listing *listing_create(const struct listing_column *columns, size_t column_count);
void listing_destroy(struct listing *listing);

/* Begins a row; what follows fills its cells from the left, the rest stay empty. */
void listing_row(struct listing *listing);
void listing_text(struct listing *listing, struct slice text);
/* Whole number with commas between thousands. */
void listing_number(struct listing *listing, uint64_t number);

size_t listing_rows(const struct listing *listing);

/* Leaves out columns in which no row has anything. */
void listing_hide_empty(struct listing *listing);

/* Appends the heading (left out when all headings are empty) and the rows, each line after `indent`
 * spaces, columns parted by two. No line ends in spaces. */
void listing_write(const struct listing *listing, size_t indent, struct buffer *text);

/* Appends a number with commas between thousands: 1,234,567. */
void number_append(struct buffer *text, uint64_t number);

/* Appends text cut to so many screen columns, then "…" in the last of them. */
void text_append_cut(struct buffer *text, struct slice value, size_t width_most);

#endif
