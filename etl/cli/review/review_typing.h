/* review_typing.h: keys and lines, from a terminal or from a pipe. */
#ifndef CUST360_CLI_REVIEW_TYPING_H
#define CUST360_CLI_REVIEW_TYPING_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

struct typing {
    struct termios former;
    bool is_tty;
    bool ended; /* nothing more comes */
};

/* A terminal gives single keys without echo from now on, until the end is told. */
void typing_begin(struct typing *typing);
void typing_end(const struct typing *typing);

/* EOF: nothing more comes. */
int typing_key(struct typing *typing);

/* What is typed up to the end of the line; more than fits is left out. */
void typing_line(struct typing *typing, char *line, size_t capacity);

#endif
