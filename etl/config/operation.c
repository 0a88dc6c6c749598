#include "config/operation.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"

enum { REPORTS_RUNS = 60, VIEWS_RUNS = 2, REJECTS_DAYS = 90, RUNS_MOST = 10000, DAYS_MOST = 36500 };

static bool bind_kept(const struct node *keep, const char *key, int64_t most, uint32_t *number,
                      struct error *error)
{
    int64_t value = *number;
    if (!node_read_integer(node_find(keep, key), 0, most, &value, error))
        return false;
    *number = (uint32_t)value;
    return true;
}

static bool bind_keep(const struct node *keep, struct retention *retention, struct error *error)
{
    static const struct key_rule keys[] = {
        {"reports", KEY_OPTIONAL, NODE_SCALAR}, {"views", KEY_OPTIONAL, NODE_SCALAR},
        {"rejects", KEY_OPTIONAL, NODE_SCALAR}, {"raw", KEY_OPTIONAL, NODE_SCALAR},
        {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
    };
    *retention = (struct retention){
        .reports_runs = REPORTS_RUNS, .views_runs = VIEWS_RUNS, .rejects_days = REJECTS_DAYS};
    return !keep || (node_check_keys(keep, keys, error) &&
                     bind_kept(keep, "reports", RUNS_MOST, &retention->reports_runs, error) &&
                     bind_kept(keep, "views", RUNS_MOST, &retention->views_runs, error) &&
                     bind_kept(keep, "rejects", DAYS_MOST, &retention->rejects_days, error) &&
                     bind_kept(keep, "raw", DAYS_MOST, &retention->raw_days, error));
}

static bool bind_left(const struct node *left, struct arena *arena, struct operation *operation,
                      struct error *error)
{
    if (!left)
        return true;
    struct departure *departures =
        arena_allocate_array(arena, node_count(left), sizeof(*departures));
    for (size_t i = 0; i < node_count(left); i++) {
        const struct node *value = node_value(left, i);
        departures[i].source = arena_text(arena, node_slice(node_key(left, i)));
        if (node_kind(value) != NODE_SCALAR || !date_parse(node_slice(value), &departures[i].days))
            return node_error(value, error, "the day on which %s has left is a date (YYYY-MM-DD)",
                              departures[i].source);
    }
    operation->left = departures;
    operation->left_count = node_count(left);
    return true;
}

static bool bind_backups(const struct node *backups, const char *folder, struct arena *arena,
                         struct operation *operation, struct error *error)
{
    if (!backups)
        return true;
    const char **paths = arena_allocate_array(arena, node_count(backups), sizeof(*paths));
    for (size_t i = 0; i < node_count(backups); i++) {
        const struct node *item = node_item(backups, i);
        if (node_kind(item) != NODE_SCALAR)
            return node_error(item, error, "a backup is a path or a shell pattern");
        paths[i] = file_join(arena, folder, arena_text(arena, node_slice(item)));
    }
    operation->backups = paths;
    operation->backup_count = node_count(backups);
    return true;
}

/* A role is a file's name: OUT/ROLE.db. */
static bool bind_roles(const struct node *roles, struct arena *arena, struct operation *operation,
                       struct error *error)
{
    size_t count = roles ? node_count(roles) : 0;
    const char **names = arena_allocate_array(arena, count, sizeof(*names));
    for (size_t i = 0; i < count; i++) {
        const struct node *item = node_item(roles, i);
        if (!bind_name(item, error))
            return false;
        names[i] = arena_text(arena, node_slice(item));
        if (strcmp(names[i], "customer360") == 0)
            return node_error(item, error,
                              "customer360.db is the whole view: name the role otherwise");
    }
    operation->roles = names;
    operation->role_count = count;
    return true;
}

bool bind_operation(const struct node *root, const char *folder, const struct model *model,
                    struct arena *arena, struct operation *operation, struct error *error)
{
    const char *metrics = bind_text(root, "metrics", arena);
    operation->metrics = metrics ? file_join(arena, folder, metrics) : NULL;
    if (!bind_review(node_find(root, "review"), &operation->review, error))
        return false;
    return bind_gates(node_find(root, "gates"), model, arena, operation->gates, error) &&
           bind_keep(node_find(root, "keep"), &operation->keep, error) &&
           bind_roles(node_find(root, "roles"), arena, operation, error) &&
           bind_retention(node_find(root, "retention"), model, arena, &operation->retention,
                          error) &&
           bind_backups(node_find(root, "backups"), folder, arena, operation, error) &&
           bind_left(node_find(root, "left"), arena, operation, error);
}

const struct departure *operation_departure(const struct operation *operation, const char *source,
                                            int32_t as_of_days)
{
    for (size_t i = 0; i < operation->left_count; i++)
        if (strcmp(operation->left[i].source, source) == 0 && operation->left[i].days <= as_of_days)
            return &operation->left[i];
    return NULL;
}
