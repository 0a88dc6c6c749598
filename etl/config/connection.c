#include "config/project.h"
#include "config/secret.h"
#include "cust360/base/buffer.h"
#include "cust360/config_connection.h"

/* A connection string holds {names} that a source gives values to. ODBC has braces of its own
 * (Driver={SQLite3}): only these names are ours. */
static const char *const names[] = {"path", "server", "port", "database", "user", "password"};
enum { NAME_PATH = 0, NAME_PASSWORD = 5, NAME_COUNT = sizeof(names) / sizeof(names[0]) };
_Static_assert((int)NAME_COUNT == (int)CONNECTION_VALUES, "a name without a place for its value");

static bool fetch_value(struct connection_filler *filler, size_t name, struct error *error)
{
    const struct node *node = node_find(filler->node, names[name]);
    if (filler->values[name])
        return true;
    if (!node)
        return node_error(filler->node, error, "the connection has {%s} and there is no \"%s\"",
                          names[name], names[name]);
    if (node_kind(node) == NODE_SCALAR && name != NAME_PASSWORD) {
        filler->values[name] = arena_text(filler->arena, node_slice(node));
        return true;
    }
    return secret_fetch(node, filler->folder, filler->arena, &filler->values[name], error);
}

/* Braces keep together what ODBC would cut; where they are not needed some drivers stumble over
 * them. */
static bool needs_braces(const char *value)
{
    size_t length = strlen(value);
    return strpbrk(value, ";{}") || value[0] == ' ' || (length && value[length - 1] == ' ');
}

void connection_append_value(struct buffer *text, const char *value)
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

static bool fill_in(struct connection_filler *filler, struct slice rest, struct buffer *text,
                    struct error *error)
{
    while (rest.length) {
        size_t name = name_at(rest);
        if (name == NAME_COUNT) {
            buffer_append_byte(text, rest.data[0]);
            rest = slice_cut(rest, 1, rest.length);
            continue;
        }
        if (name == NAME_PATH && !(filler->path && filler->path[0]))
            return node_error(filler->node, error,
                              "the connection has {path} and there is no \"path\"");
        if (name != NAME_PATH && !fetch_value(filler, name, error))
            return false;
        connection_append_value(text, name == NAME_PATH ? filler->path : filler->values[name]);
        rest = slice_cut(rest, strlen(names[name]) + 2, rest.length);
    }
    return true;
}

bool connection_fill(struct connection_filler *filler, const char *template,
                     const char **connection, struct error *error)
{
    struct buffer text = BUFFER_EMPTY;
    bool done = fill_in(filler, slice_of(template), &text, error);
    if (done)
        *connection = arena_text(filler->arena, buffer_slice(&text));
    if (text.data)
        explicit_bzero(text.data, text.capacity);
    buffer_release(&text);
    return done;
}

bool bind_connection(struct project_binder *binder, struct source_entry *entry,
                     struct source *source, struct error *error)
{
    const struct node *node = entry->node;
    const struct node *own = node_find(node, "connection");
    const char *text = own ? node_text(own) : source->mapping->connection;
    if (!text || !text[0])
        return node_error(node, error, "neither the source nor its mapping has a \"connection\"");
    if (own && !bind_connection_text(own, error))
        return false;
    struct connection_filler *filler = &entry->filler; /* keeps what it has fetched */
    filler->arena = binder->arena;
    filler->folder = binder->folder;
    filler->node = node;
    filler->path = source->path;
    return connection_fill(filler, text, &source->connection, error);
}
