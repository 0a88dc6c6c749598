/* xml_path.h: the paths of a mapping, compiled once; without libxml2.
 *
 *   path       step ("/" step)*
 *   step       ".." | "." | name predicate* | "@" name          (an attribute ends the path)
 *   predicate  "[" number "]" | "[" ("@" name | name) "=" quoted "]"
 *
 * Names are local names: a prefix is passed over, in paths and in documents. */
#ifndef CUST360_EXTRACT_XML_PATH_H
#define CUST360_EXTRACT_XML_PATH_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"

#include <stdint.h>

enum { XML_PREDICATES_MAX = 4 };

struct xml_predicate {
    uint64_t position; /* from 1; 0: by value */
    bool is_attribute;
    struct slice name;
    struct slice value;
};

enum xml_axis { XML_SELF, XML_PARENT, XML_CHILD, XML_ATTRIBUTE };

struct xml_step {
    enum xml_axis axis;
    struct slice name;
    struct xml_predicate predicates[XML_PREDICATES_MAX];
    size_t predicate_count;
};

struct xml_path {
    struct xml_step *steps;
    size_t count;
};

/* False: what is wrong, and *offset of the byte where. */
bool xml_path_compile(struct arena *arena, const char *text, struct xml_path *path, size_t *offset,
                      struct error *error);

/* The part behind the prefix's colon. */
struct slice xml_local_name(struct slice name);

/* The record paths of a mapping, as a tree of elements. What is not in it is passed over. */
struct xml_element {
    struct slice name;
    struct xml_element *parent;
    struct xml_element *children;
    struct xml_element *next; /* of the same parent */
    size_t depth;             /* the document 0, its top element 1 … */
    size_t *tables;           /* whose records these elements are */
    size_t table_count;
};

/* Adds a record path ("/DealerExport/Customer"); `top` is the document. A step "*" is an element of
 * any name that no other path has in its place. */
bool xml_element_add(struct arena *arena, struct xml_element *top, const char *record, size_t table,
                     struct error *error);
struct xml_element *xml_element_find(const struct xml_element *parent, struct slice local_name);

#endif
