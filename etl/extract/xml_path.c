#include "extract/xml_path.h"

#include "cust360/base/text.h"

struct text_cursor {
    struct slice text;
    size_t at;
};

static bool is_at(const struct text_cursor *cursor, char byte)
{
    return cursor->at < cursor->text.length && cursor->text.data[cursor->at] == byte;
}

static bool take(struct text_cursor *cursor, char byte)
{
    bool there = is_at(cursor, byte);
    cursor->at += there;
    return there;
}

static struct slice take_until(struct text_cursor *cursor, const char *stops)
{
    size_t from = cursor->at;
    while (cursor->at < cursor->text.length && !strchr(stops, cursor->text.data[cursor->at]))
        cursor->at++;
    return slice_cut(cursor->text, from, cursor->at);
}

static bool take_name(struct text_cursor *cursor, struct slice *name, struct error *error)
{
    *name = xml_local_name(take_until(cursor, "/[]=@'\" "));
    return name->length > 0 ||
           error_set(error, EXIT_CONFIGURATION, "a name is missing in the path");
}

static bool take_predicate(struct text_cursor *cursor, struct xml_predicate *predicate,
                           struct error *error)
{
    int64_t position;
    size_t from = cursor->at;
    if (text_to_integer(take_until(cursor, "]"), &position) && position > 0) {
        predicate->position = (uint64_t)position;
        cursor->at++;
        return true;
    }
    cursor->at = from;
    predicate->is_attribute = take(cursor, '@');
    if (!take_name(cursor, &predicate->name, error))
        return false;
    bool equals = take(cursor, '=');
    const char *quote = is_at(cursor, '\'') ? "'" : "\"";
    if (!equals || !take(cursor, *quote))
        return error_set(error, EXIT_CONFIGURATION,
                         "a predicate is [2], [@kind='mobile'] or [Kind='mobile']");
    predicate->value = take_until(cursor, quote);
    if (take(cursor, *quote) && take(cursor, ']'))
        return true;
    return error_set(error, EXIT_CONFIGURATION, "a predicate is not closed");
}

static bool take_step(struct text_cursor *cursor, struct xml_step *step, struct error *error)
{
    size_t from = cursor->at;
    if (take(cursor, '@')) {
        step->axis = XML_ATTRIBUTE;
        return take_name(cursor, &step->name, error);
    }
    struct slice word = take_until(cursor, "/[");
    if (slice_equal(word, SLICE("..")) || slice_equal(word, SLICE("."))) {
        step->axis = word.length == 2 ? XML_PARENT : XML_SELF;
        return true;
    }
    cursor->at = from;
    step->axis = XML_CHILD;
    if (!take_name(cursor, &step->name, error))
        return false;
    while (take(cursor, '[')) {
        if (step->predicate_count == XML_PREDICATES_MAX)
            return error_set(error, EXIT_CONFIGURATION, "a step has more than %d predicates",
                             XML_PREDICATES_MAX);
        if (!take_predicate(cursor, &step->predicates[step->predicate_count++], error))
            return false;
    }
    return true;
}

static size_t count_steps(struct slice text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.length; i++)
        count += text.data[i] == '/';
    return count;
}

static bool compile(struct arena *arena, struct text_cursor *cursor, struct xml_path *path,
                    struct error *error)
{
    path->steps = arena_allocate_array(arena, count_steps(cursor->text), sizeof(*path->steps));
    path->count = 0;
    do {
        struct xml_step *step = &path->steps[path->count++];
        if (!take_step(cursor, step, error))
            return false;
        if (step->axis == XML_ATTRIBUTE && cursor->at < cursor->text.length)
            return error_set(error, EXIT_CONFIGURATION, "an attribute ends a path");
    } while (take(cursor, '/'));
    return cursor->at == cursor->text.length ||
           error_set(error, EXIT_CONFIGURATION, "a step of the path is not understood");
}

bool xml_path_compile(struct arena *arena, const char *text, struct xml_path *path, size_t *offset,
                      struct error *error)
{
    struct text_cursor cursor = {slice_of(text), 0};
    bool compiled = compile(arena, &cursor, path, error);
    *offset = cursor.at;
    return compiled || error_hint(error, "a path reads Name, @id, Phones/Phone[@kind='mobile'], "
                                         "../../@id");
}

struct slice xml_local_name(struct slice name)
{
    const char *colon = name.length ? memchr(name.data, ':', name.length) : NULL;
    return colon ? slice_cut(name, (size_t)(colon - name.data) + 1, name.length) : name;
}

static struct xml_element *find_named(const struct xml_element *parent, struct slice name)
{
    struct xml_element *child = parent->children;
    while (child && !slice_equal(child->name, name))
        child = child->next;
    return child;
}

struct xml_element *xml_element_find(const struct xml_element *parent, struct slice local_name)
{
    struct xml_element *child = find_named(parent, local_name);
    return child ? child : find_named(parent, SLICE("*"));
}

static struct xml_element *add_child(struct arena *arena, struct xml_element *parent,
                                     struct slice name)
{
    struct xml_element *child = find_named(parent, name);
    if (child)
        return child;
    child = arena_allocate(arena, sizeof(*child));
    child->name = name;
    child->parent = parent;
    child->next = parent->children;
    child->depth = parent->depth + 1;
    parent->children = child;
    return child;
}

bool xml_element_add(struct arena *arena, struct xml_element *top, const char *record, size_t table,
                     struct error *error)
{
    size_t offset;
    struct xml_path path;
    struct xml_element *element = top;
    bool plain =
        record && record[0] == '/' && xml_path_compile(arena, record + 1, &path, &offset, error);
    for (size_t i = 0; plain && i < path.count; i++) {
        plain = path.steps[i].axis == XML_CHILD && path.steps[i].predicate_count == 0;
        if (plain)
            element = add_child(arena, element, path.steps[i].name);
    }
    if (!plain) {
        error_set(error, EXIT_CONFIGURATION, "the record path \"%s\" is not understood",
                  record ? record : "");
        return error_hint(error, "it names elements from the top: /DealerExport/Customer");
    }
    size_t *tables = arena_allocate_array(arena, element->table_count + 1, sizeof(size_t));
    if (element->table_count)
        memcpy(tables, element->tables, element->table_count * sizeof(size_t));
    tables[element->table_count++] = table;
    element->tables = tables;
    return true;
}
