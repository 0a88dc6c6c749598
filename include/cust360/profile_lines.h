/* profile_lines.h: what an unknown file of lines is like: columns at fixed places, lines of several
 * types, header, trailer and its counts.
 *
 *   head of the file ──► lines_look_at ──► types and cuts
 *   all of its lines ──► lines_survey  ──► how many of each type, what the last line counts
 *
 * Places are those of mappings (config_lines.h): 1-based, both within; with a delimiter a place is
 * a field's number. */
#ifndef CUST360_PROFILE_LINES_H
#define CUST360_PROFILE_LINES_H

#include "cust360/profile.h"

enum { LINES_TYPES_MOST = 12, LINES_COUNTS_MOST = 8 };

struct lines_cut {
    size_t first;
    size_t last;
    const char *name; /* by a line of names at the top; NULL: it has none */
};

struct lines_type {
    const char *type; /* NULL: all lines are alike */
    size_t parent;    /* the type whose lines these stand below; SIZE_MAX: none */
    struct lines_cut *cuts;
    size_t cut_count;
    uint64_t lines; /* in the file, once it was surveyed */
};

struct lines_count {
    const char *of; /* a type, "rows" or "lines", as mappings say it */
    size_t first;
    size_t last;
};

struct lines_look {
    char delimiter; /* '\0': fixed places */
    bool bytes;     /* which count bytes of the encoding, not characters */
    bool trimmed;
    bool names;        /* the first line has the columns' names */
    size_t type_first; /* 0: all lines are alike */
    size_t type_last;
    const char *header;                        /* the type of the first line; NULL: it is a row */
    const char *trailer;                       /* of the last; known once the file was surveyed */
    struct lines_type types[LINES_TYPES_MOST]; /* of rows */
    size_t type_count;
    struct lines_count counts[LINES_COUNTS_MOST];
    size_t count_count;
    const char *why;
};

struct lines_head {
    struct slice text;    /* UTF-8, begins with the file */
    const char *encoding; /* of the file: how wide its characters are there */
    const struct profile_judge_of_values *judge;
};

/* Looks at the head of a file. False: it is none of lines (delimited text of even rows, one
 * column, prose). Texts live in the arena. */
bool lines_look_at(struct arena *arena, const struct lines_head *head, struct lines_look *look);

struct lines_survey;

/* Counts the lines of the whole file, given in pieces of any length. */
struct lines_survey *lines_survey_create(const struct lines_look *look);
void lines_survey_feed(struct lines_survey *survey, struct slice text);

/* Fills in what only the whole file tells: lines of each type, the trailer and its counts; types
 * that do not come are taken out. Destroys the survey. */
void lines_survey_finish(struct lines_survey *survey, struct arena *arena, struct lines_look *look);

#endif
