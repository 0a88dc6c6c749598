#include "support.h"
#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct workspace workspace;

void workspace_open(void)
{
    const char *base = getenv("TMPDIR");
    snprintf(workspace.folder, sizeof(workspace.folder), "%s/cust360-e2e-XXXXXX",
             base ? base : "/tmp");
    cr_assert(mkdtemp(workspace.folder), "could not make %s", workspace.folder);
}

void workspace_close(void)
{
    shell("chmod -R u+rwX '%s' && rm -rf '%s'", workspace.folder, workspace.folder);
}

const char *in_workspace(const char *name)
{
    static char paths[16][512];
    static unsigned next;
    char *path = paths[next++ % 16];
    snprintf(path, sizeof(paths[0]), "%s/%s", workspace.folder, name);
    return path;
}

void write_bytes(const char *name, const char *bytes, size_t length)
{
    struct arena *arena = arena_create();
    struct error error;
    const char *path = in_workspace(name);
    cr_assert(file_make_folder(file_folder(arena, path), &error), "%s", error.message);
    cr_assert(file_replace(path, slice_make(bytes, length), &error), "%s", error.message);
    arena_destroy(arena);
}

void write_text(const char *name, const char *text)
{
    write_bytes(name, text, strlen(text));
}

static char *read_path(const char *path)
{
    struct arena *arena = arena_create();
    struct error error;
    struct slice content;
    char *text = NULL;
    if (file_read(arena, path, (size_t)1 << 30, &content, &error))
        text = memory_copy_text(content.data);
    arena_destroy(arena);
    return text;
}

char *read_text(const char *name)
{
    return read_path(in_workspace(name));
}

bool exists(const char *name)
{
    return file_exists(in_workspace(name));
}

void copy_sample_feeds(void)
{
    shell("rm -rf '%s/feeds' && mkdir '%s/feeds' && cp samples/group/feeds/* '%s/feeds/' && "
          "for f in '%s'/feeds/*.sql; do rm -f \"${f%%.sql}.sqlite\"; "
          "sqlite3 \"${f%%.sql}.sqlite\" < \"$f\"; done",
          workspace.folder, workspace.folder, workspace.folder, workspace.folder);
}

static int exit_code_of(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Splits at spaces; "@" becomes the workspace. Ends the array with NULL. */
static void split(struct arena *arena, char *line, char **words, size_t most)
{
    size_t count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(line, " ", &rest); word && count + 1 < most;
         word = strtok_r(NULL, " ", &rest))
        words[count++] =
            word[0] == '@' ? arena_format(arena, "%s%s", workspace.folder, word + 1) : word;
    words[count] = NULL;
}

static void redirect(const char *name, int descriptor)
{
    int file = open(in_workspace(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || dup2(file, descriptor) < 0)
        _exit(126);
}

struct finished run(const char *format, ...)
{
    char line[4096];
    char *words[64];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    const char *binary = getenv("CUST360");
    struct arena *arena = arena_create();
    char *command = arena_format(arena, "%s", binary ? binary : "build/cust360");
    words[0] = command;
    split(arena, line, words + 1, 63);
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        redirect(".stdout", STDOUT_FILENO);
        redirect(".stderr", STDERR_FILENO);
        execv(command, words);
        _exit(127);
    }
    int status = 0;
    cr_assert_eq(waitpid(child, &status, 0), child);
    arena_destroy(arena);
    struct finished finished = {exit_code_of(status), read_text(".stdout"), read_text(".stderr")};
    return finished;
}

void finished_release(struct finished *finished)
{
    memory_free(finished->output);
    memory_free(finished->messages);
}

void shell(const char *format, ...)
{
    char command[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof(command), format, arguments);
    va_end(arguments);
    int status = system(command);
    cr_assert_eq(exit_code_of(status), 0, "%s", command);
}

char *query(const char *database, const char *sql)
{
    struct error error;
    struct database *handle = database_open(in_workspace(database), DATABASE_READ, &error);
    cr_assert(handle, "%s", error.message);
    struct statement *statement = statement_prepare(handle, sql, &error);
    cr_assert(statement, "%s", error.message);
    char *value = NULL;
    if (statement_step(statement, &error) == ACCEPTED) {
        struct arena *arena = arena_create();
        value = memory_copy_text(arena_text(arena, statement_text(statement, 0)));
        arena_destroy(arena);
    }
    statement_destroy(statement);
    database_close(handle);
    return value;
}

long query_number(const char *database, const char *sql)
{
    char *text = query(database, sql);
    long number = text ? strtol(text, NULL, 10) : -1;
    memory_free(text);
    return number;
}
