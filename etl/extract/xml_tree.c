#include "extract/xml_tree.h"

#include "cust360/base/buffer.h"

#include <libxml/tree.h>

static void append_content(xmlNodePtr node, struct buffer *text)
{
    for (xmlNodePtr child = node->children; child; child = child->next) {
        if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE)
            buffer_append_text(text, (const char *)child->content);
        else if (child->type == XML_ELEMENT_NODE)
            append_content(child, text);
    }
}

/* The text of an element or attribute: nearly always one text node, which is used in place. */
static struct slice read_content(xmlNodePtr node, struct arena *arena)
{
    xmlNodePtr child = node->children;
    if (!child)
        return SLICE("");
    if (child->type == XML_TEXT_NODE && !child->next)
        return slice_trim(slice_of((const char *)child->content));
    struct buffer text = BUFFER_EMPTY;
    append_content(node, &text);
    struct slice copy = arena_copy(arena, slice_trim(buffer_slice(&text)));
    buffer_release(&text);
    return copy;
}

static bool is_named(const xmlChar *found, struct slice name)
{
    return slice_equal(xml_local_name(slice_of((const char *)found)), name);
}

static xmlNodePtr find_attribute(xmlNodePtr node, struct slice name)
{
    for (xmlAttrPtr attribute = node->properties; attribute; attribute = attribute->next)
        if (is_named(attribute->name, name))
            return (xmlNodePtr)attribute;
    return NULL;
}

static bool is_element(xmlNodePtr node, struct slice name)
{
    return node->type == XML_ELEMENT_NODE && is_named(node->name, name);
}

static bool has_value(xmlNodePtr node, const struct xml_predicate *predicate, struct arena *arena)
{
    if (predicate->is_attribute) {
        xmlNodePtr attribute = find_attribute(node, predicate->name);
        return attribute && slice_equal(read_content(attribute, arena), predicate->value);
    }
    for (xmlNodePtr child = node->children; child; child = child->next)
        if (is_element(child, predicate->name) &&
            slice_equal(read_content(child, arena), predicate->value))
            return true;
    return false;
}

/* Each predicate sees, and counts, what the ones before have let through. */
static bool passes(xmlNodePtr node, const struct xml_step *step, uint64_t *counts,
                   struct arena *arena)
{
    for (size_t i = 0; i < step->predicate_count; i++) {
        const struct xml_predicate *predicate = &step->predicates[i];
        counts[i]++;
        if (predicate->position ? counts[i] != predicate->position
                                : !has_value(node, predicate, arena))
            return false;
    }
    return true;
}

/* The first value of the path from step `from` on; missing: data NULL. */
static struct slice read_path(xmlNodePtr node, const struct xml_path *path, size_t from,
                              struct arena *arena)
{
    static const struct slice missing = {NULL, 0};
    if (from == path->count)
        return read_content(node, arena);
    const struct xml_step *step = &path->steps[from];
    uint64_t counts[XML_PREDICATES_MAX] = {0};
    xmlNodePtr attribute;
    switch (step->axis) {
    case XML_SELF:
        return read_path(node, path, from + 1, arena);
    case XML_PARENT:
        if (!node->parent || node->parent->type != XML_ELEMENT_NODE)
            return missing;
        return read_path(node->parent, path, from + 1, arena);
    case XML_ATTRIBUTE:
        attribute = find_attribute(node, step->name);
        return attribute ? read_content(attribute, arena) : missing;
    case XML_CHILD:
        break;
    }
    for (xmlNodePtr child = node->children; child; child = child->next) {
        if (!is_element(child, step->name) || !passes(child, step, counts, arena))
            continue;
        struct slice value = read_path(child, path, from + 1, arena);
        if (value.data)
            return value;
    }
    return missing;
}

struct slice xml_tree_value(struct _xmlNode *node, const struct xml_path *path, struct arena *arena)
{
    return read_path(node, path, 0, arena);
}
