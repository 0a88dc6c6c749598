#include "config/secret.h"
#include "cust360/base/buffer.h"
#include "cust360/base/text.h"
#include "cust360/config_connection.h"

#include <string.h>
#include <strings.h>

/* What mappings call the parts of a connection string, by the keys that drivers have for them. */
enum place { PLACE_NONE, PLACE_SERVER, PLACE_PORT, PLACE_DATABASE, PLACE_USER, PLACE_PASSWORD };

static const char *const place_names[] = {"", "server", "port", "database", "user", "password"};

static const struct {
    const char *key;
    enum place place;
} known_keys[] = {
    {"server", PLACE_SERVER},     {"servername", PLACE_SERVER}, {"host", PLACE_SERVER},
    {"hostname", PLACE_SERVER},   {"address", PLACE_SERVER},    {"port", PLACE_PORT},
    {"database", PLACE_DATABASE}, {"db", PLACE_DATABASE},       {"dbname", PLACE_DATABASE},
    {"uid", PLACE_USER},          {"user", PLACE_USER},         {"username", PLACE_USER},
    {"user id", PLACE_USER},      {"pwd", PLACE_PASSWORD},      {"password", PLACE_PASSWORD}};

/* Keys of other secrets that drivers know (sslpassword, AccessToken …). */
static const char *const secret_parts[] = {"pass",  "pwd",    "secret",
                                           "token", "apikey", "credential"};

static enum place place_of(struct slice key)
{
    for (size_t i = 0; i < sizeof(known_keys) / sizeof(*known_keys); i++)
        if (key.length == strlen(known_keys[i].key) &&
            strncasecmp(key.data, known_keys[i].key, key.length) == 0)
            return known_keys[i].place;
    for (size_t i = 0; i < sizeof(secret_parts) / sizeof(*secret_parts); i++) {
        size_t length = strlen(secret_parts[i]);
        for (size_t at = 0; at + length <= key.length; at++)
            if (strncasecmp(key.data + at, secret_parts[i], length) == 0)
                return PLACE_PASSWORD;
    }
    return PLACE_NONE;
}

/* {env: NAME}, {file: PATH} or {command: …}, which no driver would write. */
static bool is_reference(struct slice value)
{
    return slice_starts_with(value, SLICE("{env:")) || slice_starts_with(value, SLICE("{file:")) ||
           slice_starts_with(value, SLICE("{command:"));
}

static bool fetch_reference(struct slice value, struct arena *arena, const char **secret,
                            struct error *error)
{
    size_t colon = (size_t)slice_find(value, SLICE(":")) + 1;
    struct slice name = slice_cut(value, 0, colon);
    struct slice rest = slice_cut(value, colon, value.length);
    const char *text = arena_format(arena, "secret: %.*s %.*s\n", SLICE_ARGUMENTS(name),
                                    SLICE_ARGUMENTS(rest)); /* YAML wants the blank */
    struct document *document = document_read("(connection)", slice_of(text), error);
    if (!document)
        return false;
    const struct node *node = node_find(document_root(document), "secret");
    bool fetched =
        node && secret_check(node, error) && secret_fetch(node, "", arena, secret, error);
    document_close(document);
    return fetched;
}

/* The next key=value up to a semicolon that stands in no braces. */
static bool next_part(struct slice *rest, struct slice *key, struct slice *value)
{
    size_t length = 0;
    size_t equals = SIZE_MAX;
    bool braces = false;
    for (; length < rest->length && (braces || rest->data[length] != ';'); length++) {
        char byte = rest->data[length];
        if (byte == '=' && equals == SIZE_MAX)
            equals = length;
        braces = byte == '{' || (braces && byte != '}');
    }
    if (rest->length == 0)
        return false;
    bool has_value = equals != SIZE_MAX;
    *key = slice_trim(slice_cut(*rest, 0, has_value ? equals : length));
    *value = slice_trim(slice_cut(*rest, has_value ? equals + 1 : length, length));
    *rest = slice_cut(*rest, length < rest->length ? length + 1 : length, rest->length);
    return true;
}

struct rewriting {
    struct arena *arena;
    const char *name;
    struct buffer connection;
    struct buffer in_mapping;
    struct buffer in_source;
    bool told[PLACE_PASSWORD + 1];
};

static void append_part(struct buffer *text, struct slice key, struct slice value)
{
    buffer_append(text, key);
    buffer_append_byte(text, '=');
    buffer_append(text, value);
    buffer_append_byte(text, ';');
}

static struct slice upper_name(struct rewriting *rewriting)
{
    char *name = arena_text(rewriting->arena, slice_of(rewriting->name));
    for (char *letter = name; *letter; letter++) {
        bool small = *letter >= 'a' && *letter <= 'z';
        bool plain = small || (*letter >= 'A' && *letter <= 'Z') || text_is_digit_byte(*letter);
        *letter = (char)(small ? *letter & ~0x20 : plain ? *letter : '_');
    }
    return slice_of(name);
}

static void tell_source(struct rewriting *rewriting, enum place place, struct slice value)
{
    if (rewriting->told[place])
        return;
    rewriting->told[place] = true;
    struct buffer *text = &rewriting->in_source;
    buffer_format(text, "%s: ", place_names[place]);
    if (is_reference(value))
        buffer_append(text, value);
    else if (place == PLACE_USER)
        buffer_format(text, "{env: %.*s_USER}", SLICE_ARGUMENTS(upper_name(rewriting)));
    else if (place == PLACE_PASSWORD)
        buffer_format(text, "{file: secrets/%s}", rewriting->name);
    else
        buffer_format(text, "'%.*s'", SLICE_ARGUMENTS(value));
    buffer_append_byte(text, '\n');
}

static bool rewrite_part(struct rewriting *rewriting, struct slice key, struct slice value,
                         struct error *error)
{
    enum place place = place_of(key);
    const char *fetched = NULL;
    if (is_reference(value) && !fetch_reference(value, rewriting->arena, &fetched, error))
        return false;
    if (fetched) {
        buffer_append(&rewriting->connection, key);
        buffer_append_byte(&rewriting->connection, '=');
        connection_append_value(&rewriting->connection, fetched);
        buffer_append_byte(&rewriting->connection, ';');
    } else {
        append_part(&rewriting->connection, key, value);
    }
    if (place == PLACE_NONE && !fetched) {
        append_part(&rewriting->in_mapping, key, value);
        return true;
    }
    place = place == PLACE_NONE ? PLACE_PASSWORD : place;
    append_part(&rewriting->in_mapping, key,
                slice_of(arena_format(rewriting->arena, "{%s}", place_names[place])));
    tell_source(rewriting, place, value);
    return true;
}

bool connection_read_argument(const char *text, const char *name, struct arena *arena,
                              struct connection_argument *argument, struct error *error)
{
    struct rewriting rewriting = {.arena = arena, .name = name};
    struct slice rest = slice_of(text);
    struct slice key;
    struct slice value;
    bool done = true;
    while (done && next_part(&rest, &key, &value))
        done = key.length == 0 || rewrite_part(&rewriting, key, value, error);
    argument->connection = arena_text(arena, buffer_slice(&rewriting.connection));
    argument->in_mapping = arena_text(arena, buffer_slice(&rewriting.in_mapping));
    argument->in_source = arena_text(arena, buffer_slice(&rewriting.in_source));
    if (rewriting.connection.data)
        explicit_bzero(rewriting.connection.data, rewriting.connection.capacity);
    buffer_release(&rewriting.connection);
    buffer_release(&rewriting.in_mapping);
    buffer_release(&rewriting.in_source);
    return done;
}
