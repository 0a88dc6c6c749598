#include "profile/xml_tree.h"

#include "cust360/base/hash.h"

#include <strings.h>

static struct xml_node **find_bucket(struct xml_tree *tree, const struct xml_node *parent,
                                     struct slice name)
{
    return &tree->buckets[hash_bytes(name, (uint64_t)(uintptr_t)parent) & (XML_BUCKETS - 1)];
}

struct xml_node *xml_tree_child(struct xml_tree *tree, struct xml_node *parent, struct slice name,
                                bool is_attribute)
{
    enum { DOMAIN_MOST = 64 };
    struct xml_node **bucket = find_bucket(tree, parent, name);
    struct xml_node *child = *bucket;
    for (; child; child = child->chained)
        if (child->parent == parent && child->is_attribute == is_attribute &&
            slice_equal(child->name, name))
            return child;
    if (!parent && tree->top)
        return tree->top; /* a second document in one file counts as the first */
    if (tree->node_count == XML_NODES_MOST) {
        tree->overflowed = true;
        return NULL;
    }
    tree->node_count++;
    child = arena_allocate(tree->arena, sizeof(*child));
    child->name = arena_copy(tree->arena, name);
    child->parent = parent;
    child->is_attribute = is_attribute;
    child->chained = *bucket;
    *bucket = child;
    frequent_begin(&child->domain, DOMAIN_MOST);
    if (!parent)
        tree->top = child;
    else if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    if (parent)
        parent->last = child;
    return child;
}

struct xml_node *xml_node_following(struct xml_node *node, const struct xml_node *top)
{
    if (node->first)
        return node->first;
    while (node != top && !node->next)
        node = node->parent;
    return node == top ? NULL : node->next;
}

static bool has_child_elements(const struct xml_node *node)
{
    for (const struct xml_node *child = node->first; child; child = child->next)
        if (!child->is_attribute)
            return true;
    return false;
}

bool xml_node_is_leaf(const struct xml_node *node)
{
    return node->is_attribute || node->has_text || !node->first;
}

const char *xml_node_path(struct arena *arena, const struct xml_node *node)
{
    const char *above = node->parent ? xml_node_path(arena, node->parent) : "";
    return arena_format(arena, "%s/%s%.*s", above, node->is_attribute ? "@" : "",
                        SLICE_ARGUMENTS(node->name));
}

/* ---- what tells elements of one name apart ---- */

static bool is_telling_name(struct slice name)
{
    static const char *const names[] = {"type", "kind", "part",    "use",         "usecode",
                                        "role", "line", "channel", "channelcode", "typecode"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (name.length == strlen(names[i]) && strncasecmp(name.data, names[i], name.length) == 0)
            return true;
    return false;
}

static bool is_short_list(const struct xml_node *node)
{
    enum { LONGEST = 24 };
    if (node->domain.used == 0 || node->domain.used > XML_VARIANTS_MOST || node->domain.taken)
        return false;
    for (size_t i = 0; i < node->domain.used; i++)
        if (node->domain.entries[i].length == 0 || node->domain.entries[i].length > LONGEST ||
            memchr(node->domain.entries[i].text, '\'', node->domain.entries[i].length))
            return false;
    return true;
}

/* Small things with a type: a phone, an address, a part of a name. What has elements within
 * elements is a thing of its own, not one of several values. */
static struct xml_node *find_telling(const struct xml_node *element)
{
    enum { LEAVES_MOST = 12 };
    struct xml_node *telling = NULL;
    size_t leaves = element->has_text;
    for (struct xml_node *child = element->first; child; child = child->next) {
        if (!child->is_attribute && (has_child_elements(child) || child->most > 1))
            return NULL;
        leaves++;
        if (!telling && is_telling_name(child->name) && is_short_list(child))
            telling = child;
    }
    return leaves >= 2 && leaves <= LEAVES_MOST ? telling : NULL;
}

static void set_variants(struct xml_tree *tree, struct xml_node *element, struct xml_node *telling)
{
    frequent_sort(&telling->domain);
    element->tells = telling;
    element->variant_count = telling->domain.used;
    element->variants =
        arena_allocate_array(tree->arena, element->variant_count, sizeof(struct slice));
    for (size_t i = 0; i < element->variant_count; i++)
        element->variants[i] =
            arena_copy(tree->arena, slice_make(telling->domain.entries[i].text,
                                               telling->domain.entries[i].length));
}

/* ---- records ---- */

static size_t count_children(const struct xml_node *node)
{
    size_t count = 0;
    for (const struct xml_node *child = node->first; child; child = child->next)
        count++;
    return count;
}

/* <adf><prospect>…</prospect></adf>: what stands alone in a repeated element is the record. */
static struct xml_node *innermost(struct xml_node *node)
{
    while (count_children(node) == 1 && !node->first->is_attribute && node->first->most <= 1 &&
           !node->has_text && node->first->first)
        node = node->first;
    return node;
}

static bool ends_with(struct slice name, const char *end)
{
    return slice_ends_with(name, slice_of(end));
}

/* A document that holds one thing alone: STAR's DataArea tells where it is. */
static struct xml_node *single_record(struct xml_tree *tree)
{
    for (struct xml_node *node = tree->top; node; node = xml_node_following(node, tree->top)) {
        if (!ends_with(node->name, "DataArea"))
            continue;
        for (struct xml_node *child = node->first; child; child = child->next)
            if (!child->is_attribute && count_children(child) > 2)
                return child;
    }
    return innermost(tree->top);
}

static bool above_has_records(const struct xml_node *node)
{
    for (node = node->parent; node; node = node->parent)
        if (node->is_record)
            return true;
    return false;
}

/* Whether an element is one of several typed values, a record, or neither. True: a record. */
static bool learn_element(struct xml_tree *tree, struct xml_node *node)
{
    struct xml_node *telling = find_telling(node);
    if (telling && (above_has_records(node) || node->most <= 1 || !has_child_elements(node))) {
        set_variants(tree, node, telling);
        node->within = node;
        return false;
    }
    if (node->most <= 1 || (count_children(node) < 2 && !has_child_elements(node)))
        return false;
    innermost(node)->is_record = true;
    return true;
}

void xml_tree_learn(struct xml_tree *tree)
{
    bool any = false;
    if (!tree->top)
        return;
    for (struct xml_node *node = tree->top; node; node = xml_node_following(node, tree->top)) {
        node->within = node->parent ? node->parent->within : NULL;
        if (!node->is_attribute && node != tree->top)
            any |= learn_element(tree, node);
    }
    /* The list of what the document is about is longer than any list within one thing. A single
     * thing with lists in it (the jobs of one order) is a record itself. */
    struct xml_node *single = single_record(tree);
    bool framed = ends_with(single->parent ? single->parent->name : single->name, "DataArea");
    if (!any || (framed && !above_has_records(single)))
        single->is_record = true;
}
