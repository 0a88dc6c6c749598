#include "config/mapping.h"

static const struct key_rule entity_keys[] = {
    {"key", KEY_REQUIRED, KEY_ANY_KIND},     {"when", KEY_OPTIONAL, KEY_ANY_KIND},
    {"deleted", KEY_OPTIONAL, KEY_ANY_KIND}, {"fields", KEY_REQUIRED, NODE_MAPPING},
    {"main", KEY_OPTIONAL, NODE_SCALAR},     {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule key_keys[] = {
    {"columns", KEY_REQUIRED, KEY_ANY_KIND},
    {"suffix", KEY_REQUIRED, NODE_SCALAR},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule condition_keys[] = {
    {"column", KEY_REQUIRED, NODE_SCALAR},
    {"in", KEY_OPTIONAL, KEY_ANY_KIND},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

/* A draft's lines that nobody has decided on are marked (cust360 draft). The mark is written in two
 * halves, for the same word in our own sources would be a promise. */
static bool check_decided(const struct mapping_binder *binder, const struct node *node)
{
    static const char mark[] = "TO"
                               "DO";
    for (size_t i = 0; node && node_kind(node) == NODE_MAPPING && i < node_count(node); i++) {
        const struct node *key = node_key(node, i);
        if (!slice_starts_with(node_slice(key), slice_of(mark)))
            continue;
        node_error(key, binder->error, "this line of a draft is not decided yet");
        return error_hint(binder->error,
                          "take the word %s away when it is right, mend it, or take out the line",
                          mark);
    }
    return true;
}

/* key: column, key: [columns], key: {columns: …, suffix: text} */
static bool bind_key(struct mapping_binder *binder, const struct node *node,
                     struct mapping_entity *entity)
{
    const struct node *columns = node;
    if (node_kind(node) == NODE_MAPPING) {
        if (!node_check_keys(node, key_keys, binder->error))
            return false;
        entity->key_suffix = bind_text(node, "suffix", binder->arena);
        columns = node_find(node, "columns");
    }
    return bind_columns(binder, columns, true, &entity->key, &entity->key_count);
}

/* when: column, when: {column: …, in: […]} */
static bool bind_condition(struct mapping_binder *binder, const struct node *node,
                           struct mapping_condition *condition)
{
    const char **texts = NULL;
    condition->column = FIELD_NONE;
    if (!node)
        return true;
    if (node_kind(node) != NODE_MAPPING)
        return bind_column(binder, node, false, &condition->column);
    if (!node_check_keys(node, condition_keys, binder->error) ||
        !bind_column(binder, node_find(node, "column"), true, &condition->column) ||
        !node_read_texts(node_find(node, "in"), binder->arena, &texts, &condition->value_count,
                         binder->error))
        return false;
    size_t count = condition->value_count;
    condition->values = arena_allocate_array(binder->arena, count, sizeof(*condition->values));
    for (size_t i = 0; i < count; i++)
        condition->values[i] = slice_of(texts[i]);
    return true;
}

static bool check_required_fields(struct mapping_binder *binder, const struct node *fields,
                                  const struct model_entity *model_entity)
{
    for (size_t i = 0; i < model_entity->field_count; i++) {
        const struct model_field *field = &model_entity->fields[i];
        if (field->required && !node_find(fields, field->name))
            return node_error(fields, binder->error,
                              "the model requires the field \"%s\" of %s, and it is not mapped",
                              field->name, model_entity->name);
    }
    return true;
}

static bool bind_entity_fields(struct mapping_binder *binder, const struct node *fields,
                               struct mapping_entity *entity)
{
    const struct model_entity *model_entity = &binder->model->entities[entity->entity];
    size_t count = node_count(fields);
    entity->fields = arena_allocate_array(binder->arena, count, sizeof(*entity->fields));
    for (size_t i = 0; i < count; i++)
        if (!bind_mapping_field(binder, node_key(fields, i), node_value(fields, i), model_entity,
                                &entity->fields[i]))
            return false;
    entity->field_count = count;
    return check_required_fields(binder, fields, model_entity);
}

static bool bind_table_entity(struct mapping_binder *binder, const struct node *key,
                              const struct node *node)
{
    struct mapping_entity entity = {.entity = FIELD_NONE};
    if (!bind_entity(key, binder->model, &entity.entity, binder->error) ||
        !check_decided(binder, node) || !node_check_keys(node, entity_keys, binder->error) ||
        !check_decided(binder, node_find(node, "fields")) ||
        !bind_key(binder, node_find(node, "key"), &entity) ||
        !bind_condition(binder, node_find(node, "when"), &entity.when) ||
        !bind_condition(binder, node_find(node, "deleted"), &entity.deleted) ||
        !node_read_boolean(node_find(node, "main"), &entity.main, binder->error) ||
        !bind_entity_fields(binder, node_find(node, "fields"), &entity))
        return false;
    binder->table->entities[binder->table->entity_count++] = entity;
    return true;
}

static size_t count_entities(const struct node *node)
{
    size_t count = 0;
    for (size_t i = 0; i < node_count(node); i++) {
        const struct node *value = node_value(node, i);
        count += node_kind(value) == NODE_SEQUENCE ? node_count(value) : 1;
    }
    return count;
}

/* The first entity is the one a row stands for, unless another says so. */
static bool settle_main(struct mapping_binder *binder, const struct node *node)
{
    struct mapping_table *table = binder->table;
    size_t mains = 0;
    for (size_t i = 0; i < table->entity_count; i++)
        mains += table->entities[i].main;
    if (mains > 1)
        return node_error(node, binder->error, "only one entity of a table can be the main one");
    if (mains == 0)
        table->entities[0].main = true;
    return true;
}

bool bind_table_entities(struct mapping_binder *binder, const struct node *node)
{
    size_t count = count_entities(node);
    if (count == 0)
        return node_error(node, binder->error, "a table without entities");
    binder->table->entities =
        arena_allocate_array(binder->arena, count, sizeof(*binder->table->entities));
    for (size_t i = 0; i < node_count(node); i++) {
        const struct node *key = node_key(node, i);
        const struct node *value = node_value(node, i);
        bool is_list = node_kind(value) == NODE_SEQUENCE;
        for (size_t j = 0; j < (is_list ? node_count(value) : 1); j++)
            if (!bind_table_entity(binder, key, is_list ? node_item(value, j) : value))
                return false;
    }
    return settle_main(binder, node);
}
