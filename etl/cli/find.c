#include "cli/commands.h"
#include "cli/find/hits.h"
#include "cust360/base/log.h"

enum { LIMIT_DEFAULT = 20, LIMIT_MOST = 100000 };

static int find_customers(struct lookup *lookup, const struct invocation *invocation, size_t limit)
{
    struct error error;
    struct lookup_result result;
    if (!lookup_find(lookup, invocation, LOOKUP_PARTS, limit, &result, &error) ||
        !hits_print(lookup, &result, invocation_option(invocation, "format"), &error))
        return command_failed(&error);
    if (result.former)
        log_information("%s was merged into %s", result.former, result.hits[0].golden_id);
    if (result.more)
        log_information("only the first %zu are shown; --limit N shows more", limit);
    return result.count > 0 ? EXIT_DONE : EXIT_FAILED;
}

static int run_find(const struct invocation *invocation)
{
    struct error error;
    struct lookup lookup;
    int64_t limit = LIMIT_DEFAULT;
    if (!invocation_integer(invocation, "limit", 1, LIMIT_MOST, &limit, &error))
        return command_failed(&error);
    struct arena *arena = arena_create();
    int code = EXIT_DONE;
    if (lookup_open(&lookup, invocation, arena, &error)) {
        code = find_customers(&lookup, invocation, (size_t)limit);
        lookup_close(&lookup);
    } else {
        code = command_failed(&error);
    }
    arena_destroy(arena);
    return code;
}

static const struct option_rule find_options[] = {
    OPTION_CONFIG,
    OPTION_STATE,
    OPTION_OUT,
    {"limit", 'n', "N", "how many customers at most (default: 20)"},
    {"format", 0, "FORMAT", "text, json or csv (default: text)"},
    OPTION_END};

const struct command command_find = {
    .name = "find",
    .summary = "list the customers that a name, number or car may mean",
    .arguments = "TEXT...",
    .arguments_least = 1,
    .arguments_most = 16,
    .options = find_options,
    .details =
        "Looks in the published view for a golden id, mobile, landline, e-mail, VIN, plate,\n"
        "identity number, a dealer's customer number (0000123, or D01 0000123), a membership\n"
        "card or a name, in whatever way they are written; then for a part of a name, its\n"
        "pinyin, the last digits of a mobile, the end of a VIN and a part of a plate. Exit code\n"
        "1: nobody was found." DETAILS_WHOLE,
    .run = run_find,
};
