/*
 *   project ──┐
 *             ├──► rules ──► list, test, check, explain
 *   shipped ──┘
 */
#include "cli/rules.h"
#include "cli/commands.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/standardize.h"
#include "cust360/yaml.h"

#include <stdio.h>
#include <unistd.h>

enum { PATH_BYTES_MAX = 4096, RULES_ARGUMENTS_MAX = 10000 };

/* One word behind `rules`. */
struct rules_verb {
    const char *name;
    size_t least;
    size_t most;
    const char *arguments;
    int (*run)(struct rules_session *session, const char **arguments, size_t count);
};

static const struct rules_verb verbs[] = {
    {"list", 0, 1, "[KIND]", rules_list_run},
    {"test", 0, 1, "[KIND|FILE]", rules_test_run},
    {"check", 2, RULES_ARGUMENTS_MAX - 1, "KIND VALUE...", rules_check_run},
    {"explain", 2, 2, "KIND VALUE", rules_explain_run},
};

enum { VERBS = sizeof(verbs) / sizeof(verbs[0]) };

static const struct rules_verb *find_verb(const struct invocation *invocation, struct error *error)
{
    const char *names[VERBS];
    const char *word = invocation->arguments[0];
    size_t count = invocation->argument_count - 1;
    for (size_t i = 0; i < VERBS; i++) {
        names[i] = verbs[i].name;
        if (strcmp(word, verbs[i].name) != 0)
            continue;
        if (count >= verbs[i].least && count <= verbs[i].most)
            return &verbs[i];
        error_set(error, EXIT_USAGE, "rules %s: %s", word,
                  count < verbs[i].least ? "an argument is missing" : "too many arguments");
        error_hint(error, "cust360 rules %s %s", word, verbs[i].arguments);
        return NULL;
    }
    const char *near = nearest_name(word, names, VERBS);
    error_set(error, EXIT_USAGE, "rules: there is no %s", word);
    if (near)
        error_hint(error, "did you mean %s?", near);
    else
        error_hint(error, "list, test, check or explain");
    return NULL;
}

/* ---- which rules ---- */

const char *shipped_mappings(struct arena *arena)
{
    static const char *const places[] = {"mappings", "share/cust360/mappings"};
    char program[PATH_BYTES_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof(program));
    if (length <= 0 || (size_t)length >= sizeof(program))
        return NULL;
    const char *folder = arena_text(arena, slice_make(program, (size_t)length));
    while (strcmp(folder, "/") != 0 && strcmp(folder, ".") != 0 && folder[0]) {
        folder = file_folder(arena, folder);
        for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
            const char *found = file_join(arena, folder, places[i]);
            if (file_exists(file_join(arena, found, "rules")))
                return found;
        }
    }
    return NULL;
}

static bool open_shipped(struct rules_session *session, struct error *error)
{
    const char *mappings = shipped_mappings(session->arena);
    if (!mappings) {
        error_set(error, EXIT_CONFIGURATION,
                  "there is no cust360.yaml here, and no mappings beside the program");
        return error_hint(error, "name the project file: --config FILE");
    }
    session->group =
        rules_open(file_join(session->arena, mappings, "rules"),
                   file_join(session->arena, mappings, "reference"), session->as_of_days, error);
    session->rules = session->group;
    return session->group != NULL;
}

/* Sources are loaded for the rules of their own; where the feeds are not there the group's rules
 * can be looked at all the same. */
static const struct project *load_project(const struct rules_session *session, struct error *error)
{
    const char *config = invocation_option(session->invocation, "config");
    const char *path = config ? config : "cust360.yaml";
    struct project_overrides overrides = {.no_sources = true};
    const struct project *project = project_load(session->arena, path, &overrides, error);
    if (!project || !file_exists(project->feeds))
        return project;
    overrides = (struct project_overrides){.no_secrets = true};
    return project_load(session->arena, path, &overrides, error);
}

static bool choose_source(struct rules_session *session, const struct project *project,
                          struct error *error)
{
    const char *id = invocation_option(session->invocation, "source");
    if (!id)
        return true;
    for (size_t i = 0; i < project->source_count; i++) {
        if (strcmp(project->sources[i].id, id) != 0)
            continue;
        session->rules = rules_of_source(session->rules, &project->sources[i]);
        return true;
    }
    error_set(error, EXIT_USAGE, "the project has no source %s", id);
    return error_hint(error, "%s",
                      project->source_count ? "see cust360 check"
                                            : "the folder of the feeds is not there, or empty");
}

static bool open_rules(struct rules_session *session, struct error *error)
{
    if (!invocation_option(session->invocation, "config") && !file_exists("cust360.yaml")) {
        if (invocation_option(session->invocation, "source"))
            return error_set(error, EXIT_USAGE, "--source needs a project: --config FILE");
        return open_shipped(session, error);
    }
    const struct project *project = load_project(session, error);
    if (!project)
        return false;
    session->group = rules_load(project, session->as_of_days, error);
    session->rules = session->group;
    return session->group && choose_source(session, project, error);
}

static bool read_options(struct rules_session *session, struct error *error)
{
    return invocation_json(session->invocation, &session->json, error) &&
           invocation_as_of(session->invocation, &session->as_of_days, error);
}

static int run_rules(const struct invocation *invocation)
{
    struct error error = {0};
    struct rules_session session = {.invocation = invocation, .arena = arena_create()};
    const struct rules_verb *verb = find_verb(invocation, &error);
    int code = EXIT_FAILED;
    if (verb && read_options(&session, &error) && open_rules(&session, &error))
        code = verb->run(&session, invocation->arguments + 1, invocation->argument_count - 1);
    else
        code = command_failed(&error);
    rules_destroy(session.group);
    arena_destroy(session.arena);
    return code;
}

static const struct option_rule rules_options[] = {
    OPTION_CONFIG,
    {"source", 0, "ID", "with the own rules of this source"},
    {"format", 0, "FORMAT", "text or json (default: text)"},
    {"hint", 0, "HINT", "check, explain: the mapping's hint for the field, e.g. d/m/y, tw, '021'"},
    OPTION_AS_OF,
    OPTION_END};

const struct command command_rules = {
    .name = "rules",
    .summary = "list the rules, run their tests, explain what becomes of a value",
    .arguments = "list [KIND] | test [KIND|FILE] | check KIND VALUE... | explain KIND VALUE",
    .arguments_least = 1,
    .arguments_most = RULES_ARGUMENTS_MAX,
    .options = rules_options,
    .details =
        "list: the kinds, or the steps of one, each with its place, finding code and severity.\n"
        "test: runs the tests that the rule files carry, of all kinds, of one or of a file (also\n"
        "one that is not in the folder yet). A failure names file, line and column, what was\n"
        "expected and what came; a rule without test, severity, code or message is one too.\n"
        "check: one line a value: valid or refused, the canonical form, the codes of the "
        "findings,\n"
        "the parts, with tabs between and - where there is nothing. Exit code 1: one was refused.\n"
        "explain: the way of a value through its kind's chain, step by step: where the step\n"
        "stands, whether it matched, the value before and after, the findings with what the\n"
        "dealer's clerk is told, and the canonical form. VALUE - reads values from standard\n"
        "input, one a line, and prints a JSON object a line; -- goes before a value that begins\n"
        "with -.\n"
        "A dealer's own rules (rules: of a source in cust360.yaml) are tested with the rest; list\n"
        "and explain show them with --source ID.\n"
        "Without a project file the rules that come with the program are used.\n"
        "Exit code 78: a test failed, or a rule file is wrong; 2: there is no such kind.",
    .run = run_rules,
};
