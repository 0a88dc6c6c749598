/* config_lines.h: what a mapping says of a file of lines: columns that stand at fixed places,
 * lines of several types, the file's header line and its trailer with counts (kind: lines).
 *
 *   H D01  20260731        header    its columns: /dealer
 *   C 0001 王伟  138…       a row     of the table whose type is C
 *   V 0001 LSV… 沪A…        a row     of the table V; its parent's columns: ../number
 *   T 0000002              trailer   what it counts must be what was read
 *
 * Without a type all lines are rows of one table. With a delimiter columns have numbers, without
 * one they have places. */
#ifndef CUST360_CONFIG_LINES_H
#define CUST360_CONFIG_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* Which line a column stands in, counted upwards from the row's own: 0 the line, 1 its parent … */
#define LINE_LEVEL_HEADER ((size_t)-1)

/* Where in a line a text stands. Fixed: characters (or bytes) `first` to `last`, 1-based, both
 * within; delimited: the `first`-th field. */
struct line_place {
    size_t level;
    size_t first; /* 0: nowhere */
    size_t last;
};

/* A name that the mapping gives a place (`columns:`). */
struct line_name {
    const char *name;
    struct line_place place; /* level 0 */
};

struct line_names {
    struct line_name *names;
    size_t count;
};

/* A number in the trailer, and what it is the number of. */
struct line_count {
    enum {
        LINE_COUNT_ROWS,
        LINE_COUNT_LINES,
        LINE_COUNT_TYPE
    } of; /* LINES: with the header and
            the trailer */
    const char *type;
    struct line_place place;
};

struct line_dialect {
    char delimiter;          /* '\0': places */
    bool bytes;              /* places count bytes of the file, not characters */
    bool trimmed;            /* lines may end early: blanks at their end were cut off */
    size_t skip;             /* so many lines at the file's top are passed over */
    struct line_place type;  /* nowhere: all lines are of one table */
    const char *header;      /* the type of the file's first line; NULL: there is none */
    const char *trailer;     /* of its last; NULL: none */
    struct line_names names; /* of the header */
    struct line_count *counts;
    size_t count_count;
    const char **ignored; /* types that are passed over */
    size_t ignored_count;
    size_t record_bytes_max;
};

/* The place "4-11", "4" or (delimited) "3". False: it is none. */
bool line_place_read(const char *text, bool delimited, struct line_place *place);

#endif
