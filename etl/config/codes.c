#include "config/bind.h"
#include "cust360/base/file.h"

static const struct key_rule file_keys[] = {
    {"label", KEY_OPTIONAL, NODE_SCALAR},
    {"codes", KEY_REQUIRED, NODE_MAPPING},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule label_keys[] = {
    {"en", KEY_REQUIRED, NODE_SCALAR},
    {"zh", KEY_OPTIONAL, NODE_SCALAR},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

/* CODE: label, or CODE: {en: label, zh: 标签} */
static bool bind_value(const struct node *key, const struct node *node, struct arena *arena,
                       struct code_value *value, struct error *error)
{
    value->code = arena_text(arena, node_slice(key));
    if (value->code[0] == '\0')
        return node_error(key, error, "a code without text");
    if (node_kind(node) == NODE_SCALAR) {
        value->label = arena_text(arena, node_slice(node));
        value->label_zh = value->label;
        return true;
    }
    if (!node_check_keys(node, label_keys, error))
        return false;
    value->label = arena_text(arena, node_slice(node_find(node, "en")));
    value->label_zh = bind_text(node, "zh", arena);
    if (!value->label_zh)
        value->label_zh = value->label;
    return true;
}

static bool bind_set(const struct node *root, struct arena *arena, struct code_set *set,
                     struct error *error)
{
    if (!node_check_keys(root, file_keys, error))
        return false;
    const struct node *codes = node_find(root, "codes");
    set->value_count = node_count(codes);
    set->values = arena_allocate_array(arena, set->value_count, sizeof(*set->values));
    for (size_t i = 0; i < set->value_count; i++)
        if (!bind_value(node_key(codes, i), node_value(codes, i), arena, &set->values[i], error))
            return false;
    return set->value_count > 0 || node_error(codes, error, "a code set without codes");
}

bool code_set_load(struct arena *arena, const char *path, struct code_set *set, struct error *error)
{
    struct document *document = document_open(path, error);
    if (!document)
        return false;
    const char *file = file_name(path);
    size_t length = strlen(file) - strlen(".yaml");
    set->name = arena_text(arena, slice_make(file, length));
    bool done = bind_set(document_root(document), arena, set, error);
    document_close(document);
    return done;
}

bool code_set_has(const struct code_set *set, struct slice code)
{
    for (size_t i = 0; i < set->value_count; i++)
        if (slice_equal(slice_of(set->values[i].code), code))
            return true;
    return false;
}
