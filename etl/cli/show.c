#include "cli/show.h"
#include "cli/commands.h"
#include "cli/find/hits.h"
#include "cli/page/page.h"
#include "cust360/base/log.h"

#include <stdio.h>

enum { HITS_MOST = 50 };

static int show_page(struct lookup *lookup, struct page_options options, const char *golden_id)
{
    struct buffer text = BUFFER_EMPTY;
    struct error error;
    options.golden_id = golden_id;
    bool written = page_write(lookup->view, &options, &text, &error);
    if (written)
        command_print(buffer_slice(&text));
    buffer_release(&text);
    return written ? EXIT_DONE : command_failed(&error);
}

static int show_nobody(struct lookup *lookup, const struct invocation *invocation)
{
    const char *fate = NULL;
    struct error error;
    if (!lookup_fate(lookup, invocation, &fate, &error))
        return command_failed(&error);
    if (fate) {
        error_set(&error, EXIT_FAILED, "%s", fate);
        return command_failed(&error);
    }
    error_set(&error, EXIT_FAILED, "no customer has this id, number, car or name");
    error_hint(&error, "cust360 find looks for parts of them as well");
    return command_failed(&error);
}

static int show_found(struct lookup *lookup, const struct invocation *invocation,
                      const struct page_options *options, const struct lookup_result *result)
{
    struct error error;
    const struct lookup_hit *chosen = lookup_choose(result);
    if (result->former)
        log_information("%s was merged into %s", result->former, result->hits[0].golden_id);
    if (chosen && result->count > 1)
        log_information("the owner now; cust360 find lists those who had the car before");
    if (chosen)
        return show_page(lookup, *options, chosen->golden_id);
    if (!hits_print(lookup, result, invocation_option(invocation, "format"), &error))
        return command_failed(&error);
    log_information("%s%zu customers are meant: name one by its id", result->more ? "over " : "",
                    result->count);
    return EXIT_FAILED;
}

static int show_in(const struct invocation *invocation, const struct page_options *options,
                   struct arena *arena)
{
    struct error error;
    struct lookup lookup;
    struct lookup_result result;
    int code = EXIT_DONE;
    if (!lookup_open(&lookup, invocation, arena, &error))
        return command_failed(&error);
    if (!lookup_find(&lookup, invocation, LOOKUP_WHOLE, HITS_MOST, &result, &error))
        code = command_failed(&error);
    else if (result.count == 0)
        code = show_nobody(&lookup, invocation);
    else
        code = show_found(&lookup, invocation, options, &result);
    lookup_close(&lookup);
    return code;
}

int show_customer(const struct invocation *invocation, const struct page_options *options)
{
    struct error error;
    bool json = false;
    struct page_options wanted = *options;
    if (!invocation_json(invocation, &json, &error))
        return command_failed(&error);
    if (json)
        wanted.format = PAGE_JSON;
    struct arena *arena = arena_create();
    int code = show_in(invocation, &wanted, arena);
    arena_destroy(arena);
    return code;
}

static int run_show(const struct invocation *invocation)
{
    return show_customer(invocation,
                         &(struct page_options){.all = invocation_flag(invocation, "all")});
}

static const struct option_rule show_options[] = {
    OPTION_CONFIG,
    OPTION_STATE,
    OPTION_OUT,
    {"all", 0, NULL, "all events, not only the newest"},
    {"format", 0, "FORMAT", "text or json (default: text)"},
    OPTION_END};

const struct command command_show = {
    .name = "show",
    .summary = "show one customer's 360-degree page",
    .arguments = "ID|MOBILE|VIN|NAME",
    .arguments_least = 1,
    .arguments_most = 16,
    .options = show_options,
    .details =
        "Reads the published view. The customer is named by golden id (one that was merged away\n"
        "leads to its successor), mobile, VIN, plate, identity number, dealer's customer number\n"
        "(D01 0000123), membership card or name, in whatever way they are written. When several\n"
        "are meant they are listed, and the exit code is 1." DETAILS_WHOLE,
    .run = run_show,
};
