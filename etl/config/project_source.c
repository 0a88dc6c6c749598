#include "config/project.h"
#include "config/secret.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"

enum { TRUST_DEFAULT = 50, TRUST_MOST = 100 };

static const struct key_rule source_keys[] = {
    {"id", KEY_OPTIONAL, NODE_SCALAR},
    {"path", KEY_OPTIONAL, NODE_SCALAR},
    {"mapping", KEY_REQUIRED, NODE_SCALAR},
    {"trust", KEY_OPTIONAL, NODE_SCALAR},
    {"required", KEY_OPTIONAL, NODE_SCALAR},
    {"mode", KEY_OPTIONAL, NODE_SCALAR},
    {"encoding", KEY_OPTIONAL, NODE_SCALAR},
    {"id_pattern", KEY_OPTIONAL, NODE_SCALAR},
    {"when", KEY_OPTIONAL, NODE_MAPPING},
    {"rules", KEY_OPTIONAL, NODE_SCALAR},
    {"connection", KEY_OPTIONAL, NODE_SCALAR},
    {"done_file", KEY_OPTIONAL, NODE_SCALAR},
    {"settle", KEY_OPTIONAL, NODE_SCALAR},
    {"control_file", KEY_OPTIONAL, NODE_SCALAR},
    {"max_stale_days", KEY_OPTIONAL, NODE_SCALAR},
    CONNECTION_KEYS,
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule when_keys[] = {
    {"encoding", KEY_REQUIRED, KEY_ANY_KIND},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static bool bind_settings(struct project_binder *binder, struct source_entry *entry,
                          struct error *error)
{
    static const char *const modes[] = {"full", "delta", NULL};
    enum { MODE_FULL, MODE_DELTA };
    const struct node *node = entry->node;
    struct source *source = &entry->common;
    int64_t trust = TRUST_DEFAULT;
    size_t mode = MODE_FULL;
    if (!node_read_integer(node_find(node, "trust"), 0, TRUST_MOST, &trust, error) ||
        !node_read_boolean(node_find(node, "required"), &source->required, error) ||
        !node_read_choice(node_find(node, "mode"), modes, &mode, error) ||
        !bind_encoding(node_find(node, "encoding"), &source->encoding, binder->arena, error))
        return false;
    source->trust = (int)trust;
    source->delta = mode == MODE_DELTA;
    entry->id = bind_text(node, "id", binder->arena);
    entry->path = bind_text(node, "path", binder->arena);
    return true;
}

static bool bind_when(struct project_binder *binder, struct source_entry *entry,
                      struct error *error)
{
    const struct node *when = node_find(entry->node, "when");
    if (!when)
        return true;
    if (entry->common.mapping->kind != SOURCE_XML) {
        node_error(when, error, "\"when\" goes with mappings of the kind xml");
        return error_hint(error, "only an XML file says its encoding itself");
    }
    const char **texts = NULL;
    if (!node_check_keys(when, when_keys, error) ||
        !node_read_texts(node_find(when, "encoding"), binder->arena, &texts, &entry->encoding_count,
                         error))
        return false;
    for (size_t i = 0; i < entry->encoding_count; i++)
        texts[i] = text_lower(binder->arena, slice_of(texts[i])).data;
    entry->encodings = texts;
    return true;
}

/* What does not go with the kind of the mapping. */
static bool check_kind(const struct source_entry *entry, struct error *error)
{
    static const char *const odbc_only[] = {"connection", "server", "port",
                                            "database",   "user",   "password"};
    const struct node *node = entry->node;
    bool is_odbc = entry->common.mapping->kind == SOURCE_ODBC;
    for (size_t i = 0; i < sizeof(odbc_only) / sizeof(odbc_only[0]); i++)
        if (!is_odbc && node_find(node, odbc_only[i]))
            return node_error(node_find(node, odbc_only[i]), error,
                              "\"%s\" goes with mappings of the kind odbc", odbc_only[i]);
    if (is_odbc && node_find(node, "encoding"))
        return node_error(node_find(node, "encoding"), error,
                          "\"encoding\" does not go with mappings of the kind odbc");
    if (!is_odbc && !entry->path)
        return node_error(node, error, "the key \"path\" is missing");
    const struct node *password = node_find(node, "password");
    return !password || secret_check(password, error);
}

void bind_source_entry(struct project_binder *binder, const struct node *node)
{
    struct error error;
    struct source_entry entry = {.node = node};
    bool bound =
        node_check_keys(node, source_keys, &error) && bind_settings(binder, &entry, &error);
    if (!bound) {
        project_fail(binder, &error);
        return;
    }
    if (!bind_source_mapping(binder, node_find(node, "mapping"), &entry.common.mapping, &error))
        return;
    if (!bind_when(binder, &entry, &error) || !check_kind(&entry, &error) ||
        !find_sources(binder, &entry, &error))
        project_fail(binder, &error);
}

bool is_source_id(struct slice text)
{
    struct error of;
    bool fits = text.length > 0 && text.length < sizeof(of.source) && text.data[0] != '.' &&
                text_is_valid(text, NULL) && !memchr(text.data, '/', text.length);
    for (size_t i = 0; i < text.length && fits; i++)
        fits = (unsigned char)text.data[i] >= ' ';
    return fits;
}

static bool check_id(const struct source_entry *entry, const char *id, struct error *error)
{
    const struct node *id_node = node_find(entry->node, "id");
    const struct node *node = id_node ? id_node : entry->node;
    if (is_source_id(slice_of(id)))
        return true;
    node_error(node, error, "\"%s\" cannot be the id of a source", id);
    return error_hint(error, "an id is at most 63 bytes, without / and not beginning with .");
}

static const char *name_in_feeds(const struct project *project, const char *path)
{
    size_t length = strlen(project->feeds);
    if (length == 0 || strncmp(path, project->feeds, length) != 0)
        return path;
    if (project->feeds[length - 1] == '/')
        return path + length;
    return path[length] == '/' ? path + length + 1 : path;
}

/* The dealer's own rules. With {id} one line serves many dealers, and those without a file of their
 * own keep to the group's rules. */
static bool bind_rules(struct project_binder *binder, const struct source_entry *entry,
                       const char *id, const char **rules, struct error *error)
{
    const struct node *node = node_find(entry->node, "rules");
    if (!node)
        return true;
    struct slice text = node_slice(node);
    ptrdiff_t at = slice_find(text, SLICE("{id}"));
    const char *path = node_text(node);
    if (at >= 0) {
        struct slice head = slice_cut(text, 0, (size_t)at);
        struct slice tail = slice_cut(text, (size_t)at + strlen("{id}"), text.length);
        path = arena_format(binder->arena, "%.*s%s%.*s", SLICE_ARGUMENTS(head), id,
                            SLICE_ARGUMENTS(tail));
    }
    path = file_join(binder->arena, binder->folder, path);
    if (file_exists(path))
        *rules = path;
    else if (at < 0)
        return node_error(node, error, "the dealer's own rules are not there: %s", path);
    return true;
}

bool add_source(struct project_binder *binder, struct source_entry *entry, const char *id,
                const char *path, struct error *error)
{
    struct source source = entry->common;
    if (!check_id(entry, id, error))
        return false;
    source.id = id;
    source.path = path;
    source.name = path[0] ? name_in_feeds(binder->project, path) : id;
    if (path[0] && !file_exists(path)) {
        error_set(&source.missing, EXIT_SOURCE_MISSING, "the file is not there");
        error_place(&source.missing, path, 0, 0);
        error_source(&source.missing, id);
    }
    if (!bind_rules(binder, entry, id, &source.rules, error) ||
        !bind_arrival(binder, entry->node, &source, error))
        return false;
    if (source.mapping->kind == SOURCE_ODBC && !binder->no_secrets &&
        !bind_connection(binder, entry, &source, error))
        return false;
    binder->found = memory_grow(binder->found, &binder->found_capacity, binder->found_count + 1,
                                sizeof(*binder->found));
    binder->found[binder->found_count++] = (struct found_source){source, entry->node};
    return true;
}
