#include "match/rules/rules_bind.h"

#include <stdio.h>

static const struct key_rule attribute_keys[] = {
    {"field", KEY_OPTIONAL, NODE_SCALAR},        {"entity", KEY_OPTIONAL, NODE_SCALAR},
    {"reference", KEY_OPTIONAL, NODE_SCALAR},    {"first_of", KEY_OPTIONAL, NODE_SEQUENCE},
    {"all_of", KEY_OPTIONAL, NODE_SEQUENCE},     {"from", KEY_OPTIONAL, NODE_SCALAR},
    {"first", KEY_OPTIONAL, NODE_SCALAR},        {"last", KEY_OPTIONAL, NODE_SCALAR},
    {"before", KEY_OPTIONAL, NODE_SCALAR},       {"after", KEY_OPTIONAL, NODE_SCALAR},
    {"letters", KEY_OPTIONAL, NODE_SCALAR},      {"shared_by", KEY_OPTIONAL, NODE_SCALAR},
    {"plain", KEY_OPTIONAL, NODE_SCALAR},        {"sound", KEY_OPTIONAL, NODE_SCALAR},
    {"shared_limit", KEY_OPTIONAL, NODE_SCALAR}, {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const char *const part_names[] = {"first",   "last",  "before", "after",
                                         "letters", "plain", "sound",  NULL};
static const enum derivation part_derivations[] = {DERIVE_HEAD,  DERIVE_TAIL,    DERIVE_BEFORE,
                                                   DERIVE_AFTER, DERIVE_LETTERS, DERIVE_PLAIN,
                                                   DERIVE_SOUND};
#define PART_NAMES "first, last, before, after, letters, plain, sound"

bool bind_unknown(struct binder *binder, const struct node *node, const char *what,
                  const char *const *names, size_t count)
{
    const char *near = nearest_name(node_text(node), names, count);
    node_error(node, binder->error, "unknown %s %s", what, node_text(node));
    return near ? error_hint(binder->error, "did you mean %s?", near) : false;
}

size_t rules_find_attribute(const struct match_rules *rules, struct slice name)
{
    for (size_t i = 0; i < rules->attribute_count; i++)
        if (slice_equal(slice_of(rules->attributes[i].name), name))
            return i;
    return ATTRIBUTE_NONE;
}

bool bind_attribute(struct binder *binder, const struct node *node, size_t *attribute)
{
    const struct match_rules *rules = binder->rules;
    *attribute = rules_find_attribute(rules, node_slice(node));
    if (*attribute != ATTRIBUTE_NONE)
        return true;
    const char **names =
        arena_allocate_array(binder->arena, rules->attribute_count + 1, sizeof(*names));
    for (size_t i = 0; i < rules->attribute_count; i++)
        names[i] = rules->attributes[i].name;
    return bind_unknown(binder, node, "attribute", names, rules->attribute_count);
}

bool bind_attribute_list(struct binder *binder, const struct node *node, size_t **attributes,
                         size_t *count)
{
    if (!node)
        return true;
    *count = node_count(node);
    *attributes = arena_allocate_array(binder->arena, *count + 1, sizeof(**attributes));
    for (size_t i = 0; i < *count; i++)
        if (!bind_attribute(binder, node_item(node, i), &(*attributes)[i]))
            return false;
    return true;
}

static bool check_entity(struct binder *binder, const struct node *node, size_t *entity)
{
    const struct model *model = binder->model;
    *entity = model_find_entity(model, node_text(node));
    if (*entity != FIELD_NONE)
        return true;
    const char **names =
        arena_allocate_array(binder->arena, model->entity_count + 1, sizeof(*names));
    for (size_t i = 0; i < model->entity_count; i++)
        names[i] = model->entities[i].name;
    return bind_unknown(binder, node, "entity", names, model->entity_count);
}

/* `personal` may be NULL. */
static bool check_field(struct binder *binder, size_t entity_index, const struct node *node,
                        bool *personal)
{
    const struct model_entity *entity = &binder->model->entities[entity_index];
    size_t field = model_find_field(entity, node_text(node));
    if (field != FIELD_NONE) {
        if (personal)
            *personal = entity->fields[field].personal;
        return true;
    }
    const char **names =
        arena_allocate_array(binder->arena, entity->field_count + 1, sizeof(*names));
    for (size_t i = 0; i < entity->field_count; i++)
        names[i] = entity->fields[i].name;
    char what[128];
    snprintf(what, sizeof(what), "field of %s:", entity->name);
    return bind_unknown(binder, node, what, names, entity->field_count);
}

static const char *copy_text(struct binder *binder, const struct node *node)
{
    return arena_text(binder->arena, node_slice(node));
}

/* {field: F} of the matched entity, or {entity: E, field: F, reference: R}. */
static bool bind_field(struct binder *binder, const struct node *node, struct attribute *attribute)
{
    struct match_rules *rules = binder->rules;
    struct match_attribute *field = &rules->fields[rules->field_count++];
    const struct node *entity = node_find(node, "entity");
    const struct node *reference = node_find(node, "reference");
    size_t entity_index = model_find_entity(binder->model, rules->entity);
    field->name = attribute->name;
    if (entity && !reference)
        return node_error(node, binder->error,
                          "an attribute of another entity needs `reference`, the field that holds "
                          "the key of the %s",
                          rules->entity);
    if (reference && !entity)
        return node_error(reference, binder->error, "`reference` goes with `entity`");
    if (entity) {
        if (!check_entity(binder, entity, &entity_index) ||
            !check_field(binder, entity_index, reference, NULL))
            return false;
        field->entity = copy_text(binder, entity);
        field->reference = copy_text(binder, reference);
        attribute->many = true;
    }
    field->field = copy_text(binder, node_find(node, "field"));
    return check_field(binder, entity_index, node_find(node, "field"), &attribute->personal);
}

static bool bind_set(struct binder *binder, const struct node *list, enum derivation derivation,
                     struct attribute *attribute)
{
    attribute->derivation = derivation;
    attribute->many = derivation == DERIVE_ALL;
    if (!bind_attribute_list(binder, list, &attribute->from, &attribute->from_count))
        return false;
    for (size_t i = 0; i < attribute->from_count && derivation == DERIVE_FIRST; i++)
        if (binder->rules->attributes[attribute->from[i]].many)
            return node_error(node_item(list, i), binder->error,
                              "`first_of` takes attributes with one value; this one may have "
                              "several");
    return true;
}

static bool bind_part(struct binder *binder, const struct node *node, struct attribute *attribute)
{
    const struct node *part = NULL;
    for (size_t i = 0; part_names[i]; i++) {
        if (!node_find(node, part_names[i]))
            continue;
        if (part)
            return node_error(node, binder->error, "one of " PART_NAMES);
        part = node_find(node, part_names[i]);
        attribute->derivation = part_derivations[i];
    }
    if (!part)
        return node_error(node, binder->error, "`from` needs one of " PART_NAMES);
    attribute->from = arena_allocate_array(binder->arena, 1, sizeof(*attribute->from));
    attribute->from_count = 1;
    if (!bind_attribute(binder, node_find(node, "from"), attribute->from))
        return false;
    attribute->many = binder->rules->attributes[attribute->from[0]].many;
    attribute->text = slice_of(copy_text(binder, part));
    int64_t length = 0;
    bool letters = false;
    bool counts = attribute->derivation == DERIVE_HEAD || attribute->derivation == DERIVE_TAIL;
    if (counts && !node_read_integer(part, 1, CHARACTERS_MAX, &length, binder->error))
        return false;
    if (attribute->derivation >= DERIVE_LETTERS &&
        !node_read_boolean(part, &letters, binder->error))
        return false;
    attribute->length = (size_t)length;
    return true;
}

static bool is_derived(const struct node *node)
{
    return node_find(node, "first_of") || node_find(node, "all_of") || node_find(node, "from");
}

static bool bind_one(struct binder *binder, const struct node *node, struct attribute *attribute)
{
    const struct node *first_of = node_find(node, "first_of");
    const struct node *all_of = node_find(node, "all_of");
    const struct node *from = node_find(node, "from");
    int kinds = !!node_find(node, "field") + !!first_of + !!all_of + !!from;
    if (kinds != 1)
        return node_error(node, binder->error,
                          "an attribute is one of: field, first_of, all_of, from");
    if (first_of)
        return bind_set(binder, first_of, DERIVE_FIRST, attribute);
    if (all_of)
        return bind_set(binder, all_of, DERIVE_ALL, attribute);
    return from ? bind_part(binder, node, attribute) : bind_field(binder, node, attribute);
}

/* Limits come last, for `shared_by` may name any attribute. */
static bool bind_limit(struct binder *binder, const struct node *node, struct attribute *attribute)
{
    const struct node *by = node_find(node, "shared_by");
    const struct node *limit = node_find(node, "shared_limit");
    int64_t number = 0;
    if (!by != !limit)
        return node_error(node, binder->error, "`shared_by` and `shared_limit` go together");
    if (!by)
        return true;
    if (!bind_attribute(binder, by, &attribute->shared_by) ||
        !node_read_integer(limit, 1, 1000000, &number, binder->error))
        return false;
    if (binder->rules->attributes[attribute->shared_by].many ||
        binder->rules->attributes[attribute->shared_by].derivation != DERIVE_NOT)
        return node_error(by, binder->error, "`shared_by` is a field of the %s itself",
                          binder->rules->entity);
    attribute->shared_limit = (size_t)number;
    return true;
}

bool bind_attributes(struct binder *binder, const struct node *node)
{
    struct match_rules *rules = binder->rules;
    size_t count = node_count(node);
    rules->attributes = arena_allocate_array(binder->arena, count + 1, sizeof(*rules->attributes));
    rules->fields = arena_allocate_array(binder->arena, count + 1, sizeof(*rules->fields));
    /* Fields first: their numbers are what match_rules_attributes promises. */
    for (int derived = 0; derived < 2; derived++) {
        for (size_t i = 0; i < count; i++) {
            const struct node *value = node_value(node, i);
            if (!node_check_keys(value, attribute_keys, binder->error))
                return false;
            if (is_derived(value) != (derived == 1))
                continue;
            struct attribute *attribute = &rules->attributes[rules->attribute_count];
            attribute->name = copy_text(binder, node_key(node, i));
            if (!bind_one(binder, value, attribute))
                return false;
            for (size_t j = 0; j < attribute->from_count; j++)
                attribute->personal |= rules->attributes[attribute->from[j]].personal;
            rules->attribute_count++;
        }
    }
    for (size_t i = 0; i < count; i++) {
        size_t number = rules_find_attribute(rules, node_slice(node_key(node, i)));
        if (!bind_limit(binder, node_value(node, i), &rules->attributes[number]))
            return false;
        if (rules->attributes[number].derivation == DERIVE_NOT)
            rules->fields[number].shared_limit = rules->attributes[number].shared_limit;
        if (number < rules->field_count)
            rules->fields[number].shared_by = rules->attributes[number].shared_by;
    }
    return true;
}
