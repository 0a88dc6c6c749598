/* lines_grid.h: the lines of one type, place by place. */
#ifndef CUST360_PROFILE_LINES_GRID_H
#define CUST360_PROFILE_LINES_GRID_H

#include "cust360/profile_lines.h"

enum lines_class { CLASS_BLANK, CLASS_DIGIT, CLASS_LETTER, CLASS_WIDE, CLASS_OTHER, CLASS_COUNT };

struct lines_grid {
    struct slice *lines;
    size_t line_count;
    size_t width;           /* of the longest */
    unsigned char *classes; /* by line and place; blank behind a line's end */
    unsigned *offsets;      /* by line and place (width + 1 each): the byte where it begins */
    size_t (*shares)[CLASS_COUNT]; /* by place: lines of each class */
};

/* How many places a character takes: bytes of the encoding, or one. */
size_t lines_width(const char *encoding, bool bytes, uint32_t code_point, size_t utf8_bytes);

/* Lays the lines out. */
void lines_grid_fill(struct lines_grid *grid, struct arena *arena, const char *encoding,
                     bool bytes);

/* What stands at the places of a line, without blanks around it. */
struct slice lines_grid_value(const struct lines_grid *grid, size_t line, size_t first,
                              size_t last);

/* The share of lines that have something at a place (from 1). */
double lines_grid_filled(const struct lines_grid *grid, size_t place);

/* lines_cut.c: cuts the grid from the place `from` on into columns. */
void lines_cut(const struct lines_grid *grid, size_t from,
               const struct profile_judge_of_values *judge, struct arena *arena,
               struct lines_type *type);

#endif
