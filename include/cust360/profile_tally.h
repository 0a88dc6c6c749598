/* profile_tally.h: counting the values of a column, in memory that does not grow with them.
 *
 * Tallies of parts of the rows can be joined, in their order; the outcome does not depend on how
 * the rows were parted, but for the tops and shapes of columns with very many different values. */
#ifndef CUST360_PROFILE_TALLY_H
#define CUST360_PROFILE_TALLY_H

#include "cust360/profile.h"

struct tally;

/* `distinct_most`: so many different values are counted exactly; more are estimated (4096 gives
 * 1.6 % and takes 256 KiB at most). */
struct tally *tally_create(size_t distinct_most);
void tally_destroy(struct tally *tally);

/* A value; one without data or only of blanks is an empty one. */
void tally_add(struct tally *tally, struct slice value);

/* So many rows in which the column is missing. */
void tally_add_empty(struct tally *tally, uint64_t rows);

/* Counts in what another has counted. */
void tally_join(struct tally *tally, const struct tally *other);

/* The values so far. */
uint64_t tally_filled(const struct tally *tally);

/* Fills in the column but for its name and meaning. Texts are copied to the arena. */
void tally_finish(const struct tally *tally, struct arena *arena, struct profile_column *column);

/* ---- what the first text of a file is like (dialect.c) ---- */

struct csv_look {
    char delimiter;
    char quote;
    bool header;
    size_t skip;            /* rows above the heading or the first row that are titles */
    const char *why;        /* a clause: how delimiter and heading were found */
    struct slice *headings; /* the first row's fields, trimmed; without header: 1, 2, 3 … */
    size_t column_count;
    double evenness; /* the share of the rows looked at that have as many fields as most */
};

/* Looks at the head of a delimited file. False: no rows are in it. */
bool csv_look_at(struct arena *arena, struct slice head, struct csv_look *look);

/* Whether a text looks like XML. */
bool text_looks_like_xml(struct slice head);

/* ---- XML (xml_tally.c) ---- */

struct xml_tally;

struct xml_tally *xml_tally_create(void);
void xml_tally_destroy(struct xml_tally *tally);

/* Takes the next piece of the document. Nothing is refused: what is wrong is counted and told. */
void xml_tally_feed(struct xml_tally *tally, struct slice text);

/* The head has been seen: what comes now is counted, beginning again from the document's start. */
void xml_tally_learnt(struct xml_tally *tally);

/* Fills in tables, nodes and defects. Of a profile that is `sampled` the end was not seen. */
void xml_tally_finish(struct xml_tally *tally, struct arena *arena, struct profile *profile);

#endif
