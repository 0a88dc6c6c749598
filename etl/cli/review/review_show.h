/* review_show.h: a case as text, for the terminal. */
#ifndef CUST360_CLI_REVIEW_SHOW_H
#define CUST360_CLI_REVIEW_SHOW_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/review_decide.h"
#include "cust360/review_stats.h"

struct review_look {
    struct arena *arena; /* of what is made to be shown */
    bool chinese;
    bool all;      /* also fields that do not differ */
    bool given;    /* what came, beside what was made of it */
    bool whole;    /* personal values too */
    bool marks;    /* differing characters underlined, as terminals do it */
    size_t row;    /* the field at hand, of those shown */
    size_t column; /* the first record that is shown */
};

void review_show_case(const struct review_case *found, const struct review_look *look,
                      struct buffer *text);

/* The field at hand: an index into the case's fields; SIZE_MAX: none is shown. */
size_t review_shown_field(const struct review_case *found, const struct review_look *look);

/* The row of the field that the case asks about; 0: of none, or it is not shown. */
size_t review_asked_row(const struct review_case *found, const struct review_look *look);

/* A value for people's eyes: masked unless all is shown. */
struct slice review_shown_value(const struct review_look *look, bool personal, const char *value);

void review_show_preview(const struct review_preview *preview, bool chinese, struct buffer *text);
/* A line for each decision that waited for a run and could not be carried out. */
void review_show_failures(const struct review_stats *stats, bool chinese, struct buffer *text);
void review_show_stats(const struct review_stats *stats, bool chinese, struct buffer *text);
void review_show_help(bool chinese, struct buffer *text);

#endif
