#include "config/bind.h"
#include "cust360/base/file.h"

static const struct key_rule model_keys[] = {
    {"entities", KEY_REQUIRED, NODE_MAPPING},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule entity_keys[] = {
    {"label", KEY_OPTIONAL, NODE_SCALAR},
    {"keep_delivered", KEY_OPTIONAL, NODE_SCALAR},
    {"fields", KEY_REQUIRED, NODE_MAPPING},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule field_keys[] = {
    {"kind", KEY_OPTIONAL, NODE_SCALAR},      {"set", KEY_OPTIONAL, NODE_SCALAR},
    {"from", KEY_OPTIONAL, NODE_SCALAR},      {"part", KEY_OPTIONAL, NODE_SCALAR},
    {"label", KEY_OPTIONAL, NODE_SCALAR},     {"required", KEY_OPTIONAL, NODE_SCALAR},
    {"personal", KEY_OPTIONAL, NODE_SCALAR},  {"agrees_with", KEY_OPTIONAL, NODE_SCALAR},
    {"otherwise", KEY_OPTIONAL, NODE_SCALAR}, {"class", KEY_OPTIONAL, NODE_SCALAR},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

/* The columns that every record table has beside the model's fields. */
static const char *const reserved_names[] = {
    "record_id", "source_id", "source_key", "hash",    "first_run", "changed_run", "closed_run",
    "file",      "line",      "refused",    "flagged", "repaired",  "delivered"};

static bool check_field_name(const struct node *key, struct error *error)
{
    if (!bind_name(key, error))
        return false;
    for (size_t i = 0; i < sizeof(reserved_names) / sizeof(reserved_names[0]); i++)
        if (strcmp(node_text(key), reserved_names[i]) == 0)
            return node_error(key, error, "the name \"%s\" is taken: every record has one",
                              reserved_names[i]);
    return true;
}

/* from: and part: of a derived field. */
static bool bind_derived(const struct node *node, const struct model_entity *entity,
                         struct arena *arena, struct model_field *field, struct error *error)
{
    const struct node *from = node_find(node, "from");
    static const char *const barred[] = {"kind", "set", "required", "otherwise"};
    for (size_t i = 0; i < sizeof(barred) / sizeof(barred[0]); i++)
        if (node_find(node, barred[i]))
            return node_error(node_find(node, barred[i]), error,
                              "a field with \"from\" takes no \"%s\"", barred[i]);
    if (!bind_field(from, entity, &field->from, error))
        return error->hint[0] ? false : error_hint(error, "it must stand before this field");
    if (entity->fields[field->from].from != FIELD_NONE)
        return node_error(from, error, "%s is itself derived", node_text(from));
    field->part = bind_text(node, "part", arena);
    if (!field->part)
        return node_error(node, error, "the key \"part\" is missing: which part of %s is it?",
                          node_text(from));
    field->kind = "";
    const struct node *agrees = node_find(node, "agrees_with");
    return !agrees || bind_field(agrees, entity, &field->agrees_with, error);
}

static bool bind_kind(const struct node *node, const struct model *model, struct arena *arena,
                      struct model_field *field, struct error *error)
{
    const struct node *part = node_find(node, "part");
    const struct node *agrees = node_find(node, "agrees_with");
    if (agrees)
        return node_error(agrees, error, "\"agrees_with\" goes with \"from\"");
    if (part && !node_find(node, "otherwise"))
        return node_error(part, error, "\"part\" goes with \"from\" or \"otherwise\"");
    if (!node_find(node, "kind"))
        return node_error(node, error, "the field needs a \"kind\", or \"from\" and \"part\"");
    if (!bind_name(node_find(node, "kind"), error))
        return false;
    field->kind = bind_text(node, "kind", arena);
    field->code_set = bind_text(node, "set", arena);
    if (strcmp(field->kind, "code") == 0 && !field->code_set)
        return node_error(node, error, "a field of the kind code needs a \"set\"");
    if (!field->code_set || model_find_code_set(model, field->code_set))
        return true;
    const char **names = arena_allocate_array(arena, model->code_set_count, sizeof(*names));
    for (size_t i = 0; i < model->code_set_count; i++)
        names[i] = model->code_sets[i].name;
    return node_error_names(node_find(node, "set"), error, names, model->code_set_count,
                            "there is no code set \"%s\"", field->code_set);
}

/* The entity's fields up to this one are bound already. */
static bool bind_model_field(const struct node *key, const struct node *node,
                             const struct model *model, struct model_entity *entity,
                             struct arena *arena, struct error *error)
{
    struct model_field field = {
        .from = FIELD_NONE, .agrees_with = FIELD_NONE, .otherwise = FIELD_NONE};
    if (!check_field_name(key, error) || !node_check_keys(node, field_keys, error))
        return false;
    field.name = arena_text(arena, node_slice(key));
    field.label = bind_text(node, "label", arena);
    if (!field.label)
        field.label = field.name;
    if (!node_read_boolean(node_find(node, "required"), &field.required, error) ||
        !node_read_boolean(node_find(node, "personal"), &field.personal, error))
        return false;
    bool bound = node_find(node, "from") ? bind_derived(node, entity, arena, &field, error)
                                         : bind_kind(node, model, arena, &field, error);
    bound = bound && bind_field_class(node, entity, &field, error);
    if (bound)
        entity->fields[entity->field_count++] = field;
    return bound;
}

/* otherwise: may name a field that stands further down, so this waits until all are bound. */
static bool bind_otherwise(const struct node *node, const struct model_entity *entity,
                           struct arena *arena, struct model_field *field, struct error *error)
{
    const struct node *otherwise = node_find(node, "otherwise");
    if (!otherwise)
        return true;
    if (!bind_field(otherwise, entity, &field->otherwise, error))
        return false;
    if (entity->fields[field->otherwise].from != FIELD_NONE)
        return node_error(otherwise, error, "%s is itself derived", node_text(otherwise));
    field->part = bind_text(node, "part", arena);
    return field->part ||
           node_error(node, error, "the key \"part\" is missing: which part of %s is it?",
                      node_text(otherwise));
}

static bool bind_model_entity(const struct node *key, const struct node *node,
                              const struct model *model, struct model_entity *entity,
                              struct arena *arena, struct error *error)
{
    if (!bind_name(key, error) || !node_check_keys(node, entity_keys, error))
        return false;
    const struct node *fields = node_find(node, "fields");
    entity->name = arena_text(arena, node_slice(key));
    entity->label = bind_text(node, "label", arena);
    if (!entity->label)
        entity->label = entity->name;
    if (!node_read_boolean(node_find(node, "keep_delivered"), &entity->keep_delivered, error))
        return false;
    entity->fields = arena_allocate_array(arena, node_count(fields), sizeof(*entity->fields));
    for (size_t i = 0; i < node_count(fields); i++)
        if (!bind_model_field(node_key(fields, i), node_value(fields, i), model, entity, arena,
                              error))
            return false;
    for (size_t i = 0; i < entity->field_count; i++)
        if (!bind_otherwise(node_value(fields, i), entity, arena, &entity->fields[i], error))
            return false;
    return entity->field_count > 0 || node_error(fields, error, "an entity without fields");
}

static bool bind_model(const struct node *root, struct model *model, struct arena *arena,
                       struct error *error)
{
    if (!node_check_keys(root, model_keys, error))
        return false;
    const struct node *entities = node_find(root, "entities");
    model->entities = arena_allocate_array(arena, node_count(entities), sizeof(*model->entities));
    for (size_t i = 0; i < node_count(entities); i++) {
        if (!bind_model_entity(node_key(entities, i), node_value(entities, i), model,
                               &model->entities[i], arena, error))
            return false;
        model->entity_count++;
    }
    return model->entity_count > 0 || node_error(entities, error, "a model without entities");
}

static bool model_read(struct arena *arena, const char *path, struct model *model,
                       struct error *error)
{
    struct document *document = document_open(path, error);
    if (!document)
        return false;
    bool done = bind_model(document_root(document), model, arena, error);
    document_close(document);
    return done;
}

static void ignore_document(void *context, const char *path, const struct error *error)
{
    (void)context;
    (void)path;
    (void)error;
}

struct model *model_load(struct arena *arena, const char *model_path, const char *codes_folder,
                         struct error *error)
{
    struct document_listener nobody = {ignore_document, NULL};
    return model_check(arena, model_path, codes_folder, &nobody, error);
}

/* All code sets of a folder. What is well is kept, so that the model can be looked at too. */
static bool load_code_sets(struct arena *arena, const char *folder, struct model *model,
                           const struct document_listener *listener, struct error *error)
{
    char **paths = NULL;
    size_t count = 0;
    bool well = true;
    if (!file_glob(arena, file_join(arena, folder, "*.yaml"), &paths, &count, error)) {
        error->exit_code = EXIT_CONFIGURATION;
        listener->hear(listener->context, folder, error);
        return false;
    }
    model->code_sets = arena_allocate_array(arena, count, sizeof(*model->code_sets));
    for (size_t i = 0; i < count; i++) {
        struct code_set *set = &model->code_sets[model->code_set_count];
        struct error trouble;
        bool loaded = code_set_load(arena, paths[i], set, &trouble);
        listener->hear(listener->context, paths[i], loaded ? NULL : &trouble);
        model->code_set_count += loaded;
        if (!loaded && well)
            *error = trouble;
        well = well && loaded;
    }
    return well;
}

struct model *model_check(struct arena *arena, const char *model_path, const char *codes_folder,
                          const struct document_listener *listener, struct error *error)
{
    struct model *model = arena_allocate(arena, sizeof(*model));
    struct error trouble;
    bool well = load_code_sets(arena, codes_folder, model, listener, error);
    bool read = model_read(arena, model_path, model, &trouble);
    /* A code set that is missing because of its own error is not told again. */
    if (read || well)
        listener->hear(listener->context, model_path, read ? NULL : &trouble);
    if (!read && well)
        *error = trouble;
    return read && well ? model : NULL;
}

size_t model_find_entity(const struct model *model, const char *name)
{
    for (size_t i = 0; i < model->entity_count; i++)
        if (strcmp(model->entities[i].name, name) == 0)
            return i;
    return FIELD_NONE;
}

size_t model_find_field(const struct model_entity *entity, const char *name)
{
    for (size_t i = 0; i < entity->field_count; i++)
        if (strcmp(entity->fields[i].name, name) == 0)
            return i;
    return FIELD_NONE;
}

const struct code_set *model_find_code_set(const struct model *model, const char *name)
{
    for (size_t i = 0; i < model->code_set_count; i++)
        if (strcmp(model->code_sets[i].name, name) == 0)
            return &model->code_sets[i];
    return NULL;
}
