#include "config/project.h"
#include "config/secret.h"
#include "cust360/base/buffer.h"

/* A connection string holds {names} that a source gives values to. ODBC has braces of its own
 * (Driver={SQLite3}): only these names are ours. */
static const char *const names[] = {"path", "server", "port", "database", "user", "password"};
enum { NAME_PATH = 0, NAME_PASSWORD = 5, NAME_COUNT = sizeof(names) / sizeof(names[0]) };
_Static_assert((int)NAME_COUNT == (int)CONNECTION_VALUES, "a name without a place for its value");

static bool fetch_value(struct project_binder *binder, struct source_entry *entry, size_t name,
                        struct error *error)
{
    const struct node *node = node_find(entry->node, names[name]);
    if (entry->values[name])
        return true;
    if (!node)
        return node_error(entry->node, error, "the connection has {%s} and the source gives no %s",
                          names[name], names[name]);
    if (node_kind(node) == NODE_SCALAR && name != NAME_PASSWORD) {
        entry->values[name] = arena_text(binder->arena, node_slice(node));
        return true;
    }
    return secret_fetch(node, binder->folder, binder->arena, &entry->values[name], error);
}

/* Braces keep together what ODBC would cut; where they are not needed some drivers stumble over
 * them. */
static bool needs_braces(const char *value)
{
    size_t length = strlen(value);
    return strpbrk(value, ";{}") || value[0] == ' ' || (length && value[length - 1] == ' ');
}

static void append_value(struct buffer *text, const char *value)
{
    if (!needs_braces(value)) {
        buffer_append_text(text, value);
        return;
    }
    buffer_append_byte(text, '{');
    for (; *value; value++) {
        buffer_append_byte(text, *value);
        if (*value == '}')
            buffer_append_byte(text, '}');
    }
    buffer_append_byte(text, '}');
}

/* Which name stands at the start of `text` in braces; NAME_COUNT: none. */
static size_t name_at(struct slice text)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        size_t length = strlen(names[i]);
        if (text.length >= length + 2 && text.data[0] == '{' && text.data[length + 1] == '}' &&
            memcmp(text.data + 1, names[i], length) == 0)
            return i;
    }
    return NAME_COUNT;
}

static bool fill_in(struct project_binder *binder, struct source_entry *entry,
                    const struct source *source, struct buffer *text, struct error *error)
{
    struct slice rest = slice_of(source->connection);
    while (rest.length) {
        size_t name = name_at(rest);
        if (name == NAME_COUNT) {
            buffer_append_byte(text, rest.data[0]);
            rest = slice_cut(rest, 1, rest.length);
            continue;
        }
        if (name == NAME_PATH && !source->path[0])
            return node_error(entry->node, error,
                              "the connection has {path} and the source has no path");
        if (name != NAME_PATH && !fetch_value(binder, entry, name, error))
            return false;
        append_value(text, name == NAME_PATH ? source->path : entry->values[name]);
        rest = slice_cut(rest, strlen(names[name]) + 2, rest.length);
    }
    return true;
}

bool bind_connection(struct project_binder *binder, struct source_entry *entry,
                     struct source *source, struct error *error)
{
    const struct node *node = entry->node;
    const struct node *own = node_find(node, "connection");
    source->connection = own ? node_text(own) : source->mapping->connection;
    if (!source->connection || !source->connection[0])
        return node_error(node, error, "neither the source nor its mapping has a \"connection\"");
    if (own && !bind_connection_text(own, error))
        return false;
    struct buffer text = BUFFER_EMPTY;
    bool done = fill_in(binder, entry, source, &text, error);
    if (done)
        source->connection = arena_text(binder->arena, buffer_slice(&text));
    if (text.data)
        explicit_bzero(text.data, text.capacity);
    buffer_release(&text);
    return done;
}
