/* yaml.h: configuration documents, read strictly.
 *
 * A strict subset of YAML 1.2: one document, mappings, sequences and scalars. Anchors, aliases,
 * tags, merge keys, duplicate keys, tabs, bytes that are not UTF-8 and a second document are
 * errors. Every scalar is text, typed by whoever binds it, so that `010`, `NO` and `12:30` stay
 * what they are. Keys that start with "x-" are the user's own and are passed over everywhere.
 *
 * Each error has file:line:column, the line with a caret and, where a name is close, "did you
 * mean". Nodes and texts live as long as their document. Reading is thread safe. */
#ifndef CUST360_YAML_H
#define CUST360_YAML_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"

struct document;
struct node;

enum node_kind { NODE_SCALAR, NODE_SEQUENCE, NODE_MAPPING };

/* Reads a file. NULL: `error` is filled (exit code 78; a file that cannot be read as well). */
struct document *document_open(const char *path, struct error *error);

/* The same from text; `path` is only for messages. */
struct document *document_read(const char *path, struct slice text, struct error *error);
void document_close(struct document *document);

/* The document's top; a mapping (an empty document is an error). */
const struct node *document_root(const struct document *document);
const char *document_path(const struct document *document);

enum node_kind node_kind(const struct node *node);

/* Where it stands, 1-based; and the file. */
uint64_t node_line(const struct node *node);
uint64_t node_column(const struct node *node);
const char *node_file(const struct node *node);

/* The number of items of a sequence, or of pairs of a mapping without its x- keys; else 0. */
size_t node_count(const struct node *node);

/* Item i of a sequence; key (a scalar) and value i of a mapping, in the file's order. */
const struct node *node_item(const struct node *node, size_t index);
const struct node *node_key(const struct node *node, size_t index);
const struct node *node_value(const struct node *node, size_t index);

/* The value of a key, or NULL. */
const struct node *node_find(const struct node *node, const char *key);

/* A scalar's text (empty for other nodes). A plain `~`, `null` or nothing is the empty text. */
struct slice node_slice(const struct node *node);
const char *node_text(const struct node *node);

/* Fills *error with the node's place and line and the message; returns false. */
bool node_error(const struct node *node, struct error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same at character `offset` (0-based) of a scalar's text, e.g. inside a pattern. */
bool node_error_at(const struct node *node, size_t offset, struct error *error, const char *format,
                   ...) __attribute__((format(printf, 4, 5)));

/* The same for a name that is not known: the hint is the nearest of `names`, or all of them. */
bool node_error_names(const struct node *node, struct error *error, const char *const *names,
                      size_t count, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* What a mapping may hold. A table ends with a key whose name is NULL. */
enum key_use { KEY_OPTIONAL, KEY_REQUIRED };
struct key_rule {
    const char *name;
    enum key_use use;
    enum node_kind kind; /* what its value must be */
};
#define KEY_ANY_KIND ((enum node_kind)(-1))

/* Checks that the node is a mapping with no key but these and all the required ones. */
bool node_check_keys(const struct node *node, const struct key_rule *rules, struct error *error);

/* Typed reading. A missing key (NULL node) leaves *value untouched and is true; a node of the wrong
 * kind or a text that is not of the type is an error at its place. Booleans are true and false. */
bool node_read_boolean(const struct node *node, bool *value, struct error *error);
bool node_read_integer(const struct node *node, int64_t least, int64_t most, int64_t *value,
                       struct error *error);
bool node_read_number(const struct node *node, double *value, struct error *error);

/* One of the names (ending with NULL); *value is its index. Else an error with "did you mean". */
bool node_read_choice(const struct node *node, const char *const *names, size_t *value,
                      struct error *error);

/* A scalar or a sequence of scalars as an array of texts. */
bool node_read_texts(const struct node *node, struct arena *arena, const char ***texts,
                     size_t *count, struct error *error);

/* The name nearest to `text` within two slips, or NULL: for "did you mean" (also of commands). */
const char *nearest_name(const char *text, const char *const *names, size_t count);

#endif
