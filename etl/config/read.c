#include "cust360/base/buffer.h"
#include "cust360/base/text.h"
#include "cust360/yaml.h"

#include <stdio.h>

/* ---- what a node must be ---- */

static const char *kind_name(const struct node *node)
{
    if (node_kind(node) == NODE_SEQUENCE)
        return "a list";
    if (node_kind(node) == NODE_MAPPING)
        return "a mapping";
    return slice_is_empty(node_slice(node)) ? "nothing" : "a single value";
}

static bool check_kind(const struct node *node, enum node_kind kind, struct error *error)
{
    static const char *const wanted[] = {[NODE_SCALAR] = "a single value",
                                         [NODE_SEQUENCE] = "a list (- item, or [item, item])",
                                         [NODE_MAPPING] = "a mapping (key: value)"};
    if (node_kind(node) == kind)
        return true;
    return node_error(node, error, "%s is expected here, not %s", wanted[kind], kind_name(node));
}

/* Names for hints; a table longer than this only loses "did you mean". */
enum { NAMES_MOST = 128 };

/* The hint of an error about a name: the nearest one, else all of them. */
static bool hint_names(const char *text, const char *const *names, size_t count,
                       struct error *error)
{
    const char *near = nearest_name(text, names, count);
    if (near)
        return error_hint(error, "did you mean %s?", near);
    struct buffer list = BUFFER_EMPTY;
    for (size_t i = 0; i < count; i++)
        buffer_format(&list, "%s%s", i ? ", " : "", names[i]);
    error_hint(error, "known here: %s", count ? list.data : "nothing");
    buffer_release(&list);
    return false;
}

static const struct key_rule *find_rule(const struct key_rule *rules, const char *name)
{
    for (; rules->name; rules++)
        if (strcmp(rules->name, name) == 0)
            return rules;
    return NULL;
}

static bool unknown_key(const struct node *key, const struct key_rule *rules, struct error *error)
{
    const char *names[NAMES_MOST];
    size_t count = 0;
    for (; count < NAMES_MOST && rules[count].name; count++)
        names[count] = rules[count].name;
    node_error(key, error, "unknown key \"%s\"", node_text(key));
    return hint_names(node_text(key), names, count, error);
}

bool node_check_keys(const struct node *node, const struct key_rule *rules, struct error *error)
{
    if (!check_kind(node, NODE_MAPPING, error))
        return false;
    for (size_t i = 0; i < node_count(node); i++) {
        const struct key_rule *rule = find_rule(rules, node_text(node_key(node, i)));
        if (!rule)
            return unknown_key(node_key(node, i), rules, error);
        if (rule->kind != KEY_ANY_KIND && !check_kind(node_value(node, i), rule->kind, error))
            return false;
    }
    for (; rules->name; rules++)
        if (rules->use == KEY_REQUIRED && !node_find(node, rules->name))
            return node_error(node, error, "the key \"%s\" is missing", rules->name);
    return true;
}

/* ---- typed values ---- */

bool node_read_boolean(const struct node *node, bool *value, struct error *error)
{
    if (!node)
        return true;
    if (!check_kind(node, NODE_SCALAR, error))
        return false;
    bool is_true = slice_equal(node_slice(node), SLICE("true"));
    if (!is_true && !slice_equal(node_slice(node), SLICE("false")))
        return node_error(node, error, "true or false is expected here, not \"%s\"",
                          node_text(node));
    *value = is_true;
    return true;
}

bool node_read_integer(const struct node *node, int64_t least, int64_t most, int64_t *value,
                       struct error *error)
{
    int64_t number = 0;
    if (!node)
        return true;
    if (!check_kind(node, NODE_SCALAR, error))
        return false;
    if (!text_to_integer(node_slice(node), &number))
        return node_error(node, error, "a whole number is expected here, not \"%s\"",
                          node_text(node));
    if (number < least || number > most)
        return node_error(node, error, "a number from %lld to %lld is expected here, not %lld",
                          (long long)least, (long long)most, (long long)number);
    *value = number;
    return true;
}

bool node_read_number(const struct node *node, double *value, struct error *error)
{
    double number = 0;
    if (!node)
        return true;
    if (!check_kind(node, NODE_SCALAR, error))
        return false;
    if (!text_to_number(node_slice(node), &number))
        return node_error(node, error, "a number is expected here, not \"%s\"", node_text(node));
    *value = number;
    return true;
}

bool node_read_choice(const struct node *node, const char *const *names, size_t *value,
                      struct error *error)
{
    size_t count = 0;
    if (!node)
        return true;
    if (!check_kind(node, NODE_SCALAR, error))
        return false;
    for (; names[count]; count++)
        if (slice_equal(node_slice(node), slice_of(names[count]))) {
            *value = count;
            return true;
        }
    return node_error_names(node, error, names, count, "\"%s\" is not known here", node_text(node));
}

bool node_read_texts(const struct node *node, struct arena *arena, const char ***texts,
                     size_t *count, struct error *error)
{
    if (!node)
        return true;
    bool is_list = node_kind(node) == NODE_SEQUENCE;
    if (!is_list && !check_kind(node, NODE_SCALAR, error))
        return false;
    size_t members = is_list ? node_count(node) : 1;
    const char **list = arena_allocate_array(arena, members, sizeof(*list));
    for (size_t i = 0; i < members; i++) {
        const struct node *item = is_list ? node_item(node, i) : node;
        if (!check_kind(item, NODE_SCALAR, error))
            return false;
        list[i] = arena_text(arena, node_slice(item));
    }
    *texts = list;
    *count = members;
    return true;
}

bool node_error_names(const struct node *node, struct error *error, const char *const *names,
                      size_t count, const char *format, ...)
{
    char message[sizeof(error->message)];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    node_error(node, error, "%s", message);
    return hint_names(node_text(node), names, count, error);
}
