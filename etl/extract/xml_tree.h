/* xml_tree.h: the values that a mapping's paths lead to in a record that is a tree of libxml2's. */
#ifndef CUST360_EXTRACT_XML_TREE_H
#define CUST360_EXTRACT_XML_TREE_H

#include "cust360/base/arena.h"
#include "extract/xml_path.h"

struct _xmlNode;

/* The first value of a path from `node` on, trimmed; missing: data NULL. It lives as long as the
 * tree, or, where it stands there in pieces, as the arena. */
struct slice xml_tree_value(struct _xmlNode *node, const struct xml_path *path,
                            struct arena *arena);

#endif
