/* review_terminal.h: the stewards' work on a terminal, between its files. */
#ifndef CUST360_CLI_REVIEW_TERMINAL_H
#define CUST360_CLI_REVIEW_TERMINAL_H

#include "cli/review/review_open.h"
#include "cli/review/review_show.h"
#include "cli/review/review_typing.h"
#include "cust360/review_bulk.h"

struct terminal_said { /* what z takes back: one decision, or several that were one word */
    int64_t decision_id;
    char bulk[32]; /* its token; "": one decision */
};

struct terminal {
    struct review_desk *desk;
    const char *who;
    struct review_filter filter;
    struct arena *arena; /* of one case */
    struct review_case found;
    struct review_look look;
    struct typing typing;
    bool unmasked; /* every case as it is opened; each is noted */
    bool anew;     /* what was claimed is not what is open any more */
    char comment[512];
    struct terminal_said *decided; /* to be undone, the last at the end */
    size_t decided_count;
    size_t decided_capacity;
};

/* Prints at once, in the terminal's language; terminal_print releases the text. */
void terminal_say(const char *english, const char *chinese, const struct terminal *terminal);
void terminal_print(struct buffer *text);
void terminal_tell(const struct error *error);

/* Keeps what was decided, to be taken back: its number, or the token of several. */
void terminal_remember(struct terminal *terminal, int64_t decision_id, const char *bulk);

/* What m and n stand for: the likelier answer to the question, and the other. */
enum review_word terminal_word_for(enum review_kind kind);
enum review_word terminal_word_against(enum review_kind kind);

/* Shows the cases that look like the one at hand and asks for one word on all of them. True: it was
 * said, and the case is done with. */
bool terminal_alike(struct terminal *terminal);

#endif
