/* node.h: what a document is made of; shared by yaml.c (which reads the bytes) and node.c (which
 * answers questions about them). Everybody else uses cust360/yaml.h. */
#ifndef CUST360_CONFIG_NODE_H
#define CUST360_CONFIG_NODE_H

#include "cust360/yaml.h"

/* How a scalar was written: what lies between its place and its first character, and how its
 * characters are escaped. */
enum scalar_style { SCALAR_PLAIN, SCALAR_SINGLE, SCALAR_DOUBLE, SCALAR_LITERAL, SCALAR_FOLDED };

struct node {
    const struct document *document;
    enum node_kind kind;
    enum scalar_style style;
    uint64_t line;             /* 1-based */
    uint64_t column;           /* 1-based, in characters */
    struct slice text;         /* a scalar's, NUL behind it */
    const struct node **items; /* a sequence's items, a mapping's values */
    const struct node **keys;  /* a mapping's */
    size_t count;
    uint64_t text_line; /* a scalar's: where its text begins; of a block the line below its place */
};

struct document {
    struct arena *arena; /* owns everything here, the document as well */
    const char *path;
    struct slice source; /* as read, without a byte order mark */
    const struct node *root;
};

/* Line `line` (1-based) of the source, without its end. */
struct slice document_line(const struct document *document, uint64_t line);

/* Whether the source is UTF-8 without tabs, control characters and hundreds of blank lines one
 * after another. */
bool document_check_bytes(const struct document *document, struct error *error);

/* Puts place, line and caret behind a message that was just set. Returns false. */
bool document_mark_error(const struct document *document, uint64_t line, uint64_t column,
                         struct error *error);

#endif
