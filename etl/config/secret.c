#include "config/secret.h"
#include "cust360/base/buffer.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { SECRET_BYTES_MAX = 64 * 1024 };

static const struct key_rule secret_keys[] = {
    {"file", KEY_OPTIONAL, NODE_SCALAR},
    {"env", KEY_OPTIONAL, NODE_SCALAR},
    {"command", KEY_OPTIONAL, NODE_SCALAR},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

bool secret_check(const struct node *node, struct error *error)
{
    static const char *const hint = "password: {file: …}, {env: …} or {command: …}";
    if (node_kind(node) == NODE_SCALAR) {
        node_error(node, error, "a secret does not stand in this file");
        return error_hint(error, "%s", hint);
    }
    if (!node_check_keys(node, secret_keys, error))
        return false;
    if (node_count(node) == 1 && !slice_is_empty(node_slice(node_value(node, 0))))
        return true;
    node_error(node, error, "one place to get the secret from is expected here");
    return error_hint(error, "%s", hint);
}

static bool refuse(const struct node *node, struct error *error, const char *reason)
{
    node_error(node, error, "could not get the secret: %s", reason);
    error->exit_code = EXIT_CREDENTIALS;
    return false;
}

/* The first line; the rest would not fit into a connection string. */
static bool take_line(const struct node *node, struct slice text, struct arena *arena,
                      const char **secret, struct error *error)
{
    const char *end = text.length ? memchr(text.data, '\n', text.length) : NULL;
    if (end)
        text.length = (size_t)(end - text.data);
    if (text.length && text.data[text.length - 1] == '\r')
        text.length--;
    if (text.length == 0)
        return refuse(node, error, "what was found is empty");
    if (memchr(text.data, '\0', text.length) || !text_is_valid(text, NULL))
        return refuse(node, error, "what was found is not text");
    *secret = arena_text(arena, text);
    return true;
}

static bool fetch_file(const struct node *node, const char *folder, struct arena *arena,
                       const char **secret, struct error *error)
{
    struct slice text;
    struct stat status;
    struct error trouble;
    const char *path = file_join(arena, folder, node_text(node));
    if (!file_read(arena, path, SECRET_BYTES_MAX, &text, &trouble))
        return refuse(node, error, trouble.message);
    if (stat(path, &status) == 0 && (status.st_mode & (S_IRGRP | S_IROTH)))
        log_warning("%s holds a secret and others may read it: chmod 600", path);
    return take_line(node, text, arena, secret, error);
}

static bool fetch_variable(const struct node *node, struct arena *arena, const char **secret,
                           struct error *error)
{
    const char *value = getenv(node_text(node));
    if (!value) {
        char reason[256];
        snprintf(reason, sizeof(reason), "the environment has no %s", node_text(node));
        return refuse(node, error, reason);
    }
    return take_line(node, slice_of(value), arena, secret, error);
}

static bool fetch_command(const struct node *node, struct arena *arena, const char **secret,
                          struct error *error)
{
    struct buffer output = BUFFER_EMPTY;
    bool done = secret_run(node, &output, error) &&
                take_line(node, buffer_slice(&output), arena, secret, error);
    if (output.data)
        explicit_bzero(output.data, output.capacity);
    buffer_release(&output);
    return done;
}

bool secret_fetch(const struct node *node, const char *folder, struct arena *arena,
                  const char **secret, struct error *error)
{
    if (!secret_check(node, error))
        return false;
    if (node_find(node, "file"))
        return fetch_file(node_find(node, "file"), folder, arena, secret, error);
    if (node_find(node, "env"))
        return fetch_variable(node_find(node, "env"), arena, secret, error);
    return fetch_command(node_find(node, "command"), arena, secret, error);
}
