#include "config/project.h"
#include "config/secret.h"
#include "cust360/base/file.h"

static const struct key_rule target_keys[] = {
    {"name", KEY_REQUIRED, NODE_SCALAR},
    {"dialect", KEY_REQUIRED, NODE_SCALAR},
    {"path", KEY_OPTIONAL, NODE_SCALAR},
    {"connection", KEY_REQUIRED, NODE_SCALAR},
    {"schema", KEY_OPTIONAL, NODE_SCALAR},
    {"prefix", KEY_OPTIONAL, NODE_SCALAR},
    {"tables", KEY_OPTIONAL, KEY_ANY_KIND},
    {"role", KEY_OPTIONAL, NODE_SCALAR},
    CONNECTION_KEYS,
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

/* In the order of enum target_dialect. */
static const char *const dialects[] = {"postgresql", "mariadb", "sqlite", "sqlserver", NULL};

/* Names of schemas and tables are quoted, so almost anything could stand in them; what does not
 * need quotes is what everybody can work with. */
static bool check_identifier(const struct node *node, struct error *error)
{
    struct slice text = node ? node_slice(node) : SLICE("");
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
        if (!letter && !(i > 0 && byte >= '0' && byte <= '9'))
            return node_error(node, error, "letters, digits and underscores are expected here");
    }
    return true;
}

/* A role's part of the view is there when `roles` names the role. */
static bool bind_role(const struct project_binder *binder, const struct node *role,
                      struct target *target, struct error *error)
{
    const struct operation *operation = &binder->project->operation;
    if (!role)
        return true;
    for (size_t i = 0; i < operation->role_count; i++)
        if (slice_equal(node_slice(role), slice_of(operation->roles[i])))
            target->role = operation->roles[i];
    return target->role || node_error(role, error, "`roles` does not name this role");
}

static bool bind_target(struct project_binder *binder, const struct node *node,
                        struct target *target, struct error *error)
{
    size_t dialect = 0;
    const struct node *tables = node_find(node, "tables");
    if (!node_check_keys(node, target_keys, error) || !bind_name(node_find(node, "name"), error) ||
        !node_read_choice(node_find(node, "dialect"), dialects, &dialect, error) ||
        !bind_connection_text(node_find(node, "connection"), error) ||
        !check_identifier(node_find(node, "schema"), error) ||
        !check_identifier(node_find(node, "prefix"), error) ||
        (tables &&
         !node_read_texts(tables, binder->arena, &target->tables, &target->table_count, error)))
        return false;
    const struct node *password = node_find(node, "password");
    if (password && !secret_check(password, error))
        return false;
    if (!bind_role(binder, node_find(node, "role"), target, error))
        return false;
    target->name = bind_text(node, "name", binder->arena);
    target->dialect = (enum target_dialect)dialect;
    target->schema = bind_text(node, "schema", binder->arena);
    target->prefix = bind_text(node, "prefix", binder->arena);
    if (!target->prefix)
        target->prefix = "";
    if (target->table_count == 1 && strcmp(target->tables[0], "all") == 0)
        target->table_count = 0;
    return true;
}

static bool check_names(const struct node *publish, const struct target *targets, size_t count,
                        struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(targets[i].name, targets[count].name) == 0)
            return node_error(node_find(node_item(publish, count), "name"), error,
                              "there are two targets with the name %s", targets[i].name);
    return true;
}

bool bind_targets(struct project_binder *binder, const struct node *publish, struct error *error)
{
    struct project *project = binder->project;
    size_t count = publish ? node_count(publish) : 0;
    project->targets = arena_allocate_array(binder->arena, count, sizeof(*project->targets));
    for (size_t i = 0; i < count; i++) {
        project->targets[i].entry = i;
        if (!bind_target(binder, node_item(publish, i), &project->targets[i], error) ||
            !check_names(publish, project->targets, i, error))
            return false;
    }
    project->target_count = count;
    return true;
}

static bool fill_target(const struct project *project, const struct node *node, struct arena *arena,
                        const char **connection, struct error *error)
{
    const char *folder = file_folder(arena, project->path);
    const char *path = bind_text(node, "path", arena);
    struct connection_filler filler = {.arena = arena,
                                       .folder = folder,
                                       .node = node,
                                       .path = path ? file_join(arena, folder, path) : NULL};
    return connection_fill(&filler, node_text(node_find(node, "connection")), connection, error);
}

bool target_connection(const struct project *project, const struct target *target,
                       struct arena *arena, const char **connection, struct error *error)
{
    struct document *document = document_open(project->path, error);
    if (!document)
        return false;
    const struct node *publish = node_find(document_root(document), "publish");
    bool filled = false;
    if (publish && target->entry < node_count(publish))
        filled = fill_target(project, node_item(publish, target->entry), arena, connection, error);
    else
        error_set(error, EXIT_CONFIGURATION, "%s has changed while it was read", project->path);
    document_close(document);
    return filled;
}
