#include "cli/audit.h"
#include "cli/commands.h"
#include "cli/open.h"
#include "cli/streams.h"
#include "cust360/base/audit.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/store_operation.h"

#include <stdio.h>
#include <sys/stat.h>

/*   plain, or sealed with a former key ──► sealed with today's      (--open: ──► plain)
 *   STATE/state.db, review.db, rejects/, raw/, each file replaced whole: broken off, it goes on
 * when it is called again */

enum { FILE_MOST_BYTES = 0x7fffffff };

struct sealing {
    struct arena *arena;
    const struct project *project;
    struct seal_ring to; /* no key: plain */
    size_t changed;
    size_t left; /* that were as they are to be */
};

/* Whether a file is not as it is to be. */
static bool is_other(const struct sealing *sealing, const char *path)
{
    char name[SEAL_NAME_BYTES];
    bool is_sealed = seal_mark_of_file(path, name) != SEAL_NOT;
    if (sealing->to.count == 0)
        return is_sealed;
    return !is_sealed || strcmp(name, seal_key_name(sealing->to.keys[0])) != 0;
}

static bool change_file(const struct sealing *sealing, const char *path, struct error *error)
{
    struct arena *arena = arena_create();
    struct slice content;
    const struct seal_ring *from = &sealing->project->operation.seals;
    bool done = seal_read_file(from, arena, path, FILE_MOST_BYTES, &content, error) &&
                seal_replace_file(&sealing->to, path, content, error);
    arena_destroy(arena);
    return done;
}

/* Reasons are masked, and stay as they are. */
static bool is_reasons(const char *path)
{
    size_t length = strlen(path);
    return length > 4 && strcmp(path + length - 4, ".tsv") == 0;
}

static bool seal_path(struct sealing *sealing, const char *path, struct error *error)
{
    struct stat status;
    char **paths = NULL;
    size_t count = 0;
    if (lstat(path, &status) != 0)
        return true;
    if (S_ISDIR(status.st_mode)) {
        if (!file_glob(sealing->arena, file_join(sealing->arena, path, "*"), &paths, &count, error))
            return false;
        for (size_t i = 0; i < count; i++)
            if (!seal_path(sealing, paths[i], error))
                return false;
        return true;
    }
    if (!S_ISREG(status.st_mode) || is_reasons(path))
        return true;
    if (!is_other(sealing, path)) {
        sealing->left++;
        return true;
    }
    sealing->changed++;
    return database_is_file(path) ? database_copy(path, path, &sealing->to, error)
                                  : change_file(sealing, path, error);
}

static bool tell_audit(const struct sealing *sealing, const char *who, struct error *error)
{
    bool is_open = sealing->to.count == 0;
    const struct audit_detail details[] = {
        {"key", is_open ? NULL : seal_key_name(sealing->to.keys[0])}};
    const struct audit_entry entry = {who, is_open ? "opened" : "sealed", details, 1};
    return audit_append(sealing->project->state, &entry, error);
}

static bool seal_state(struct sealing *sealing, struct error *error)
{
    static const char *const places[] = {"state.db", "review.db", "rejects", "raw"};
    const char *state = sealing->project->state;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (!seal_path(sealing, file_join(sealing->arena, state, places[i]), error))
            return false;
    /* What was sent to targets is the plain view; sent again it is kept beside the view. */
    const char *sent = file_join(sealing->arena, state, "targets");
    return sealing->to.count == 0 || !file_exists(sent) || file_remove_folder(sent, error);
}

static bool seal(const struct invocation *invocation, struct arena *arena, struct error *error)
{
    struct sealing sealing = {.arena = arena};
    bool is_open = invocation_flag(invocation, "open");
    int64_t wait_seconds = 0;
    if (!invocation_integer(invocation, "lock-wait", 0, 86400, &wait_seconds, error))
        return false;
    sealing.project = open_project_without_sources(invocation, arena, error);
    if (!sealing.project)
        return false;
    if (sealing.project->operation.seals.count == 0) {
        error_set(error, EXIT_CONFIGURATION, "%s names no key", sealing.project->path);
        return error_hint(error, "`encryption: {key: {file: …}}`; --new-key FILE makes one");
    }
    if (!is_open)
        sealing.to = sealing.project->operation.seals;
    const char *state = sealing.project->state;
    if (!file_exists(state)) {
        error_set(error, EXIT_STATE, "there is no state in %s", state);
        return error_hint(error, "the first `cust360 run` makes it, sealed");
    }
    int lock = lock_take(state, (unsigned)wait_seconds, error);
    if (lock < 0)
        return false;
    bool done = tell_audit(&sealing, invocation_option(invocation, "who"), error) &&
                seal_state(&sealing, error);
    lock_release(lock);
    if (done)
        printf("%zu files %s, %zu were so already\n", sealing.changed,
               is_open ? "opened" : "sealed", sealing.left);
    return done;
}

static bool make_key(const char *path, struct error *error)
{
    char text[SEAL_KEY_TEXT_BYTES];
    if (file_exists(path)) {
        error_set(error, EXIT_FAILED, "%s is there already", path);
        return error_hint(error, "a key that is lost loses what it has sealed: name a new file");
    }
    seal_key_make(text);
    text[SEAL_KEY_TEXT_BYTES - 1] = '\n';
    return file_replace(path, slice_make(text, sizeof(text)), error);
}

static bool print_file(const struct invocation *invocation, const char *path, struct arena *arena,
                       struct error *error)
{
    struct slice content;
    const struct project *project = open_project_without_sources(invocation, arena, error);
    if (!project || !audit_unmasked(project, "seal --print", file_name(path), error) ||
        !seal_read_file(&project->operation.seals, arena, path, FILE_MOST_BYTES, &content, error))
        return false;
    command_print(content);
    return true;
}

static int run(const struct invocation *invocation)
{
    struct arena *arena = arena_create();
    struct error error = {0};
    const char *new_key = invocation_option(invocation, "new-key");
    const char *print = invocation_option(invocation, "print");
    if (!print)
        streams_outlive_readers();
    bool done = new_key ? make_key(new_key, &error)
                : print ? print_file(invocation, print, arena, &error)
                        : seal(invocation, arena, &error);
    arena_destroy(arena);
    return done ? EXIT_DONE : command_failed(&error);
}

static const struct option_rule options[] = {
    OPTION_CONFIG,
    OPTION_STATE,
    {"new-key", 0, "FILE", "make a random key, into a file that is not there yet (mode 0600)"},
    {"open", 0, NULL, "the other way: everything plain again"},
    {"print", 0, "FILE", "print a sealed file (rejected rows, a copy of a feed), opened"},
    {"who", 'w', "NAME", "who does it, for the audit log (default: the user)"},
    {"lock-wait", 0, "SECONDS", "how long to wait for a run (default: 0)"},
    OPTION_END,
};

const struct command command_seal = {
    .name = "seal",
    .summary = "encrypt the state at rest, change its key, open it again",
    .options = options,
    .details =
        "With `encryption: {key: {file: …}}` in cust360.yaml (or {env: …}, {command: …}) a new\n"
        "state is sealed: state.db, its journal and temporary files, review.db, rejected rows and\n"
        "copies of feeds, by XChaCha20-Poly1305 (libsodium). Views, reports and corrections are\n"
        "for others to read and stay plain.\n"
        "\n"
        "`cust360 seal` seals a state that is there. To change the key: make another (--new-key),\n"
        "name it under `key` and the one before under `former: [{file: …}]`, and call it again; "
        "as\n"
        "long as backups are sealed with a former key it stays there. To take encryption back:\n"
        "`cust360 seal --open`, then remove `encryption`.\n"
        "\n"
        "Nobody can open what a lost key has sealed. A wrong key ends with 12.",
    .run = run,
};
