/* xml_tree.h: the elements of a document as a tree, each known by its path; between xml_tree.c,
 * which finds out what is a record, and xml_tally.c, which counts the records' values. */
#ifndef CUST360_PROFILE_XML_TREE_H
#define CUST360_PROFILE_XML_TREE_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "profile/frequent.h"

enum {
    XML_NODES_MOST = 5000,
    XML_BUCKETS = 8192, /* a power of two */
    XML_VARIANTS_MOST = 12,
    XML_VALUE_BYTES_MOST = 4096
};

struct xml_node {
    struct slice name;
    struct xml_node *parent; /* NULL: the document's element */
    struct xml_node *first;
    struct xml_node *last;
    struct xml_node *next;
    struct xml_node *chained; /* another of its bucket */
    bool is_attribute;
    bool has_text;
    uint64_t count;
    uint64_t in_parent;     /* in the one that is open */
    uint64_t most;          /* in one parent */
    struct frequent domain; /* its values, while the head is looked at */
    bool is_record;
    struct xml_node *tells; /* whose value tells which of several it is: Phone/@type; or NULL */
    struct slice *variants; /* the values it may have */
    size_t variant_count;
    struct xml_node *within; /* the nearest element above (or itself) with `tells`, or NULL */
    struct buffer current;   /* its value in the record at hand */
    bool is_set;
};

struct xml_tree {
    struct arena *arena;
    struct xml_node *top;
    size_t node_count;
    bool overflowed;
    struct xml_node *buckets[XML_BUCKETS]; /* by parent and name: a parent may have thousands */
};

struct xml_node *xml_tree_child(struct xml_tree *tree, struct xml_node *parent, struct slice name,
                                bool is_attribute);

/* Whether a node has a value of its own: an attribute, or an element with text or without anything
 * in it. */
bool xml_node_is_leaf(const struct xml_node *node);

/* The node behind this one in the order of the document; NULL after the last below `top`. */
struct xml_node *xml_node_following(struct xml_node *node, const struct xml_node *top);

/* Finds records and what tells elements of one name apart. */
void xml_tree_learn(struct xml_tree *tree);

/* The path from the top, as in a mapping's record: /DealerExport/Customer. */
const char *xml_node_path(struct arena *arena, const struct xml_node *node);

#endif
