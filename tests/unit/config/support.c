#include "support.h"
#include "cust360/base/buffer.h"
#include "cust360/base/file.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 1 << 20 };

static char folder[256];
static struct arena *arena;

void config_open(void)
{
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof(folder), "%s/cust360-config-XXXXXX", base ? base : "/tmp");
    cr_assert(mkdtemp(folder));
    arena = arena_create();
}

void config_close(void)
{
    char command[300];
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    cr_assert_eq(system(command), 0);
    arena_destroy(arena);
}

struct arena *config_arena(void)
{
    return arena;
}

const char *config_path(const char *name)
{
    return file_join(arena, folder, name);
}

const char *config_write(const char *name, const char *text)
{
    struct error error;
    const char *path = config_path(name);
    cr_assert(file_make_folder(file_folder(arena, path), &error), "%s", error.message);
    cr_assert(file_replace(path, slice_of(text), &error), "%s", error.message);
    return path;
}

struct slice config_read(const char *path)
{
    struct slice content;
    struct error error;
    cr_assert(file_read(arena, path, FILE_BYTES_MAX, &content, &error), "%s", error.message);
    return content;
}

const char *config_described(const struct error *error)
{
    struct buffer text = BUFFER_EMPTY;
    error_describe(error, &text);
    const char *copy = arena_text(arena, buffer_slice(&text));
    buffer_release(&text);
    return copy;
}

void config_expect(const struct error *error, unsigned line, unsigned column, const char *message,
                   const char *hint)
{
    cr_assert(!line || error->line == line, "line %u expected:\n%s", line, config_described(error));
    cr_assert(!column || error->column == column, "column %u expected:\n%s", column,
              config_described(error));
    cr_assert(!message || strstr(error->message, message), "\"%s\" expected:\n%s", message,
              config_described(error));
    cr_assert(!hint || strstr(error->hint, hint), "hint \"%s\" expected:\n%s", hint,
              config_described(error));
}

struct model *config_model(void)
{
    struct error error;
    struct model *model = model_load(arena, "mappings/model.yaml", "mappings/codes", &error);
    cr_assert(model, "%s", config_described(&error));
    return model;
}
