#include "config/project.h"
#include "cust360/base/file.h"

static bool is_path(struct slice text)
{
    return slice_ends_with(text, SLICE(".yaml")) || slice_find(text, SLICE("/")) >= 0;
}

/* The names that `mapping:` could be. */
static bool unknown_mapping(struct project_binder *binder, const struct node *node,
                            struct error *error)
{
    char **paths = NULL;
    size_t count = 0;
    const char *pattern = file_join(binder->arena, binder->mappings, "*.yaml");
    if (!file_glob(binder->arena, pattern, &paths, &count, error))
        count = 0;
    const char **names = arena_allocate_array(binder->arena, count, sizeof(*names));
    for (size_t i = 0; i < count; i++) {
        struct slice name = slice_of(file_name(paths[i]));
        name.length -= strlen(".yaml");
        names[i] = arena_text(binder->arena, name);
    }
    return node_error_names(node, error, names, count, "there is no mapping \"%s\" in %s",
                            node_text(node), binder->mappings);
}

static const char *mapping_path(struct project_binder *binder, const struct node *node)
{
    struct arena *arena = binder->arena;
    if (is_path(node_slice(node)))
        return file_join(arena, binder->folder, node_text(node));
    return file_join(arena, binder->mappings, arena_format(arena, "%s.yaml", node_text(node)));
}

static struct mapping *load(struct project_binder *binder, const char *path)
{
    struct error error;
    struct mapping *mapping = mapping_load(binder->arena, path, binder->project->model, &error);
    if (mapping)
        binder->listener->hear(binder->listener->context, path, NULL);
    else
        project_fail(binder, &error);
    binder->loaded_paths[binder->loaded_count] = path;
    binder->loaded[binder->loaded_count++] = mapping;
    return mapping;
}

bool bind_source_mapping(struct project_binder *binder, const struct node *node,
                         const struct mapping **mapping, struct error *error)
{
    const char *path = mapping_path(binder, node);
    if (!file_exists(path) && !is_path(node_slice(node))) {
        unknown_mapping(binder, node, error);
        project_fail(binder, error);
        return false;
    }
    for (size_t i = 0; i < binder->loaded_count; i++)
        if (strcmp(binder->loaded_paths[i], path) == 0) {
            *mapping = binder->loaded[i];
            return *mapping != NULL;
        }
    *mapping = load(binder, path);
    return *mapping != NULL;
}
