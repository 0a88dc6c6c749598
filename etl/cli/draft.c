#include "cli/commands.h"
#include "cli/profile/profiling.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/profile_draft.h"

#include <string.h>

enum { FILES_MOST = 64 };

/* Letters and digits of the file's name up to the first dot: D77_kunden.csv is D77_kunden. */
static const char *name_of(struct arena *arena, const char *path)
{
    const char *name = file_name(path);
    size_t length = strcspn(name, ".");
    return length ? arena_text(arena, slice_make(name, length)) : "draft";
}

static bool write_draft(struct profiling *profiling, const struct profile *profile,
                        struct error *error)
{
    const struct invocation *invocation = profiling->invocation;
    struct arena *arena = profiling->arena;
    const char *out = invocation_option(invocation, "out");
    const char *name = invocation_option(invocation, "name");
    struct draft_settings settings = {
        .model = profiling->model,
        .folder = file_join(arena, profiling->mappings, "profile"),
        .name = name ? name : name_of(arena, out ? out : invocation->arguments[0])};
    struct buffer yaml = BUFFER_EMPTY;
    struct draft_counts counts;
    bool written = draft_write(profile, &settings, arena, &yaml, &counts, error);
    if (written && out)
        written = file_replace(out, buffer_slice(&yaml), error);
    else if (written)
        command_print(buffer_slice(&yaml));
    buffer_release(&yaml);
    if (written)
        log_information("%zu lines, %zu of them to be decided by you, %zu columns left out",
                        counts.lines, counts.undecided, counts.ignored);
    return written;
}

static int run_draft(const struct invocation *invocation)
{
    struct profiling profiling;
    struct error error = {0};
    int code = EXIT_DONE;
    const struct profile *profile = NULL;
    if (profiling_open(&profiling, invocation, &error))
        profile =
            profiling_run(&profiling, invocation->arguments, invocation->argument_count, &error);
    if (!profile || !write_draft(&profiling, profile, &error))
        code = command_failed(&error);
    profiling_close(&profiling);
    return code;
}

static const struct option_rule draft_options[] = {
    OPTION_CONFIG,
    {"out", 0, "FILE", "write the mapping there (default: standard output)"},
    {"name", 0, "NAME", "of the mapping (default: the file's)"},
    {"sample", 0, "N", "look at N rows only, spread over the file"},
    {"encoding", 0, "NAME", "read the file in this encoding"},
    OPTION_AS_OF,
    OPTION_THREADS,
    OPTION_END};

const struct command command_draft = {
    .name = "draft",
    .summary = "write a first mapping for an unknown export or database",
    .arguments = "FILE... | CONNECTION | PROFILE.json",
    .arguments_least = 1,
    .arguments_most = FILES_MOST,
    .options = draft_options,
    .details =
        "Profiles the files of one system (or takes the JSON that cust360 profile wrote) and\n"
        "writes a mapping. Each line says how sure it is and why. What is under 0.8 is marked as\n"
        "to be done, and cust360 check refuses it with its place: decide it, and take the mark\n"
        "away. Columns that are left out are listed under ignore with the reason; columns of\n"
        "codes get a list of codes. From a profile's JSON less is known than from the file: it\n"
        "has no rows in which codes could be looked up. In a connection a secret may be\n"
        "{env: NAME}, {file: PATH} or {command: …}; user and password never go into the\n"
        "mapping: what the source gives instead stands in it as a comment.",
    .run = run_draft,
};
