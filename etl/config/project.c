#include "config/project.h"
#include "config/operation.h"
#include "cust360/base/file.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"

#include <stdio.h>
#include <stdlib.h>

static const struct key_rule project_keys[] = {
    {"name", KEY_OPTIONAL, NODE_SCALAR},
    {"feeds", KEY_OPTIONAL, NODE_SCALAR},
    {"state", KEY_OPTIONAL, NODE_SCALAR},
    {"out", KEY_OPTIONAL, NODE_SCALAR},
    {"mappings", KEY_OPTIONAL, NODE_SCALAR},
    {"model", KEY_OPTIONAL, NODE_SCALAR},
    {"codes", KEY_OPTIONAL, NODE_SCALAR},
    {"dms", KEY_OPTIONAL, NODE_SCALAR},
    {"rules", KEY_OPTIONAL, NODE_SCALAR},
    {"reference", KEY_OPTIONAL, NODE_SCALAR},
    {"match", KEY_OPTIONAL, NODE_SCALAR},
    {"match_model", KEY_OPTIONAL, NODE_SCALAR},
    {"survivorship", KEY_OPTIONAL, NODE_SCALAR},
    {"view", KEY_OPTIONAL, NODE_SCALAR},
    {"sources", KEY_REQUIRED, NODE_SEQUENCE},
    {"publish", KEY_OPTIONAL, NODE_SEQUENCE},
    {"backups", KEY_OPTIONAL, NODE_SEQUENCE},
    {"roles", KEY_OPTIONAL, NODE_SEQUENCE},
    OPERATION_KEYS,
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

void project_fail(struct project_binder *binder, const struct error *error)
{
    if (!binder->failed)
        *binder->error = *error;
    binder->failed = true;
    const char *path = error->file[0] ? error->file : binder->project->path;
    binder->listener->hear(binder->listener->context, path, error);
}

/* ---- folders ---- */

/* A path of the file is relative to it, an override to the working directory. */
static const char *bind_path(struct project_binder *binder, const struct node *root,
                             const char *key, const char *override, const char *fallback)
{
    const char *text = bind_text(root, key, binder->arena);
    if (override)
        return file_join(binder->arena, NULL, override);
    return file_join(binder->arena, binder->folder, text ? text : fallback);
}

/* Where something of the mappings is: in their folder, unless the file says otherwise. */
static const char *bind_part(struct project_binder *binder, const struct node *root,
                             const char *mappings, const char *key, const char *name)
{
    const char *text = bind_text(root, key, binder->arena);
    return text ? file_join(binder->arena, binder->folder, text)
                : file_join(binder->arena, mappings, name);
}

static void bind_paths(struct project_binder *binder, const struct node *root,
                       const struct project_overrides *overrides)
{
    struct project *project = binder->project;
    const char *name = bind_text(root, "name", binder->arena);
    project->name = name ? name : "cust360";
    project->feeds = bind_path(binder, root, "feeds", overrides->feeds, "feeds");
    project->state = bind_path(binder, root, "state", overrides->state, "state");
    project->out = bind_path(binder, root, "out", overrides->out, "out");
    const char *mappings = bind_path(binder, root, "mappings", NULL, "mappings");
    binder->mappings = bind_part(binder, root, mappings, "dms", "dms");
    project->model_path = bind_part(binder, root, mappings, "model", "model.yaml");
    project->codes = bind_part(binder, root, mappings, "codes", "codes");
    project->rules = bind_part(binder, root, mappings, "rules", "rules");
    project->reference = bind_part(binder, root, mappings, "reference", "reference");
    project->match = bind_part(binder, root, mappings, "match", "match.yaml");
    project->match_model = bind_part(binder, root, mappings, "match_model", "match.model.yaml");
    project->survivorship = bind_part(binder, root, mappings, "survivorship", "survivorship.yaml");
    project->view = bind_part(binder, root, mappings, "view", "view");
}

/* Without its folder every source would count as missing, which is a slip and not a night. */
static bool check_feeds(struct project_binder *binder, const struct node *root,
                        const struct project_overrides *overrides, struct error *error)
{
    const struct node *node = node_find(root, "feeds");
    if (file_exists(binder->project->feeds))
        return true;
    if (overrides->feeds) {
        error_set(error, EXIT_CONFIGURATION, "--feeds: the folder of the feeds is not there: %s",
                  overrides->feeds);
        return error_hint(error, "the path is relative to the folder that the command runs in");
    }
    node_error(node ? node : root, error, "the folder of the feeds is not there: %s",
               binder->project->feeds);
    return error_hint(error, "paths are relative to this file; --feeds names another folder");
}

/* ---- sources ---- */

static int compare_sources(const void *a, const void *b)
{
    const struct found_source *x = a;
    const struct found_source *y = b;
    int order = strcmp(x->source.id, y->source.id);
    if (order == 0 && x->node != y->node)
        return node_line(x->node) < node_line(y->node) ? -1 : 1;
    return order ? order : strcmp(x->source.path, y->source.path);
}

static void describe_source(const struct found_source *found, char *text, size_t capacity)
{
    snprintf(text, capacity, "%s (line %llu)", found->source.name,
             (unsigned long long)node_line(found->node));
}

static void check_ids(struct project_binder *binder)
{
    struct error error;
    for (size_t i = 1; i < binder->found_count; i++) {
        const struct found_source *a = &binder->found[i - 1];
        const struct found_source *b = &binder->found[i];
        if (strcmp(a->source.id, b->source.id) != 0)
            continue;
        char first[160];
        char second[160];
        describe_source(a, first, sizeof(first));
        describe_source(b, second, sizeof(second));
        node_error(b->node, &error, "two sources have the id %s: %s and %s", a->source.id, first,
                   second);
        error_hint(&error, "each source has an id of its own; see id and id_pattern");
        project_fail(binder, &error);
    }
}

static void bind_sources(struct project_binder *binder, const struct node *sources)
{
    size_t count = node_count(sources);
    binder->loaded = arena_allocate_array(binder->arena, count, sizeof(struct mapping *));
    binder->loaded_paths = arena_allocate_array(binder->arena, count, sizeof(const char *));
    binder->seen = map_create();
    for (size_t i = 0; i < count; i++)
        bind_source_entry(binder, node_item(sources, i));
    warn_untaken(binder);
    if (binder->found_count)
        qsort(binder->found, binder->found_count, sizeof(*binder->found), compare_sources);
    check_ids(binder);
    struct project *project = binder->project;
    project->source_count = binder->found_count;
    project->sources =
        arena_allocate_array(binder->arena, binder->found_count, sizeof(*project->sources));
    for (size_t i = 0; i < binder->found_count; i++)
        project->sources[i] = binder->found[i].source;
    memory_free(binder->found);
    map_destroy(binder->seen);
}

/* ---- the document ---- */

static void bind_project(struct project_binder *binder, const struct node *root,
                         const struct project_overrides *overrides)
{
    struct error error;
    struct project *project = binder->project;
    if (!node_check_keys(root, project_keys, &error)) {
        project_fail(binder, &error);
        return;
    }
    bind_paths(binder, root, overrides);
    project->model =
        model_check(binder->arena, project->model_path, project->codes, binder->listener, &error);
    if (!project->model) {
        /* The listener has heard of it. */
        *binder->error = error;
        binder->failed = true;
        return;
    }
    if (!bind_operation(root, binder->folder, project->model, binder->arena, &project->operation,
                        &error) ||
        (!binder->no_secrets &&
         !bind_encryption(node_find(root, "encryption"), binder->folder, binder->arena,
                          &project->operation.seals, &error))) {
        project_fail(binder, &error);
        return;
    }
    if (!bind_targets(binder, node_find(root, "publish"), &error))
        project_fail(binder, &error);
    if (overrides->no_sources)
        return;
    if (check_feeds(binder, root, overrides, &error))
        bind_sources(binder, node_find(root, "sources"));
    else
        project_fail(binder, &error);
}

struct project *project_check(struct arena *arena, const char *path,
                              const struct project_overrides *overrides,
                              const struct document_listener *listener, struct error *error)
{
    static const struct project_overrides none = {0};
    struct project *project = arena_allocate(arena, sizeof(*project));
    struct project_binder binder = {.arena = arena, .project = project, .listener = listener};
    struct error trouble;
    project->path = arena_text(arena, slice_of(path));
    binder.folder = file_folder(arena, path);
    binder.error = error;
    binder.no_secrets = overrides && overrides->no_secrets;
    struct document *document = document_open(path, &trouble);
    if (!document) {
        project_fail(&binder, &trouble);
        return NULL;
    }
    bind_project(&binder, document_root(document), overrides ? overrides : &none);
    document_close(document);
    if (!binder.failed)
        listener->hear(listener->context, path, NULL);
    return binder.failed ? NULL : project;
}

static void hear_nothing(void *context, const char *path, const struct error *error)
{
    (void)context;
    (void)path;
    (void)error;
}

struct project *project_load(struct arena *arena, const char *path,
                             const struct project_overrides *overrides, struct error *error)
{
    static const struct document_listener nobody = {hear_nothing, NULL};
    return project_check(arena, path, overrides, &nobody, error);
}
