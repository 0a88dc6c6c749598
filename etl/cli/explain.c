#include "cli/commands.h"
#include "cli/explain/explain_show.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"

enum { PAIRS_MOST = 100 };

struct explain_options {
    bool json;
    const char *html; /* file, or NULL */
    size_t pairs;
};

static bool read_options(const struct invocation *invocation, struct explain_options *options,
                         struct error *error)
{
    int64_t pairs = 1;
    if (!invocation_integer(invocation, "pairs", 1, PAIRS_MOST, &pairs, error))
        return false;
    *options = (struct explain_options){.html = invocation_option(invocation, "html"),
                                        .pairs = (size_t)pairs};
    if (!invocation_json(invocation, &options->json, error))
        return false;
    bool check = invocation_flag(invocation, "check");
    if (check && invocation->argument_count > 0)
        return error_set(error, EXIT_USAGE, "explain: --check takes no records");
    if (check || invocation->argument_count > 0)
        return true;
    error_set(error, EXIT_USAGE, "explain: an argument is missing: A [B]");
    return error_hint(error, "see cust360 explain --help");
}

static bool write_view(const struct explain_view *view, const struct explain_options *options,
                       struct error *error)
{
    struct buffer text = BUFFER_EMPTY;
    bool written = true;
    if (options->html) {
        explain_write_html(view, &text);
        written = file_replace(options->html, buffer_slice(&text), error);
        if (written)
            log_information("written to %s", options->html);
    } else {
        if (options->json)
            explain_write_json(view, &text);
        else
            explain_write_text(view, &text);
        command_print(buffer_slice(&text));
    }
    buffer_release(&text);
    return written;
}

static bool explain_one(struct explain *explain, const char *typed,
                        const struct explain_options *options, struct error *error)
{
    struct explain_target target;
    struct explain_cluster cluster;
    if (!explain_find(explain, typed, &target, error) ||
        !explain_load(explain, &target.golden, 1, true, error))
        return false;
    explain_cluster_make(explain, target.golden, &cluster);
    const struct explain_view view = {.explain = explain, .cluster = &cluster};
    return write_view(&view, options, error);
}

static bool explain_two(struct explain *explain, const char *const *typed,
                        const struct explain_options *options, struct error *error)
{
    struct explain_target a;
    struct explain_target b;
    if (!explain_find(explain, typed[0], &a, error) || !explain_find(explain, typed[1], &b, error))
        return false;
    if (a.golden == b.golden && (!a.record_id == !b.record_id) && a.record_id == b.record_id) {
        error_set(error, EXIT_FAILED, "%s and %s are the same %s", typed[0], typed[1],
                  a.record_id ? "record" : "customer");
        return error_hint(error, "with one argument, explain shows what holds a customer together");
    }
    const uint32_t goldens[] = {a.golden, b.golden};
    if (!explain_load(explain, goldens, 2, false, error))
        return false;
    struct explain_view view = {.explain = explain};
    view.pairs = explain_list_pairs(explain, &a, &b, &view.pair_count);
    view.shown = options->pairs < view.pair_count ? options->pairs : view.pair_count;
    if (view.pair_count == 0)
        return error_set(error, EXIT_FAILED, "%s and %s have one record between them", typed[0],
                         typed[1]);
    for (size_t i = 0; i < view.shown; i++)
        explain_pair_fill(explain, &view.pairs[i]);
    return write_view(&view, options, error);
}

/* The state as a whole: whether the weights of the last run are still what would be explained. */
static bool check_all(struct explain *explain, struct error *error)
{
    struct explain_check check;
    if (!explain_check_all(explain, &check, error))
        return false;
    char *line = arena_format(explain->arena,
                              "%llu links and possible matches: %llu weigh what the last run"
                              " gave them, %llu do not\n",
                              (unsigned long long)check.pairs,
                              (unsigned long long)(check.pairs - check.different),
                              (unsigned long long)check.different);
    command_print(slice_of(line));
    if (check.different == 0)
        return true;
    error_set(error, EXIT_FAILED, "rules or model have changed since the last run, as for %s",
              check.example);
    return error_hint(error, "cust360 run matches anew");
}

static bool explain_arguments(struct explain *explain, const struct explain_options *options,
                              struct error *error)
{
    const struct invocation *invocation = explain->invocation;
    if (invocation_flag(invocation, "check"))
        return check_all(explain, error);
    if (invocation->argument_count == 1)
        return explain_one(explain, invocation->arguments[0], options, error);
    return explain_two(explain, invocation->arguments, options, error);
}

static int run_explain(const struct invocation *invocation)
{
    struct error error = {0};
    struct explain explain;
    struct explain_options options;
    if (!read_options(invocation, &options, &error))
        return command_failed(&error);
    bool done =
        explain_open(&explain, invocation, &error) && explain_arguments(&explain, &options, &error);
    explain_close(&explain);
    return done ? EXIT_DONE : command_failed(&error);
}

static const struct option_rule explain_options[] = {
    OPTION_CONFIG,
    OPTION_STATE,
    OPTION_OUT,
    {"pairs", 'n', "N", "of two customers so many pairs of records in full (default: 1)"},
    {"unmasked", 0, NULL, "show values of personal fields whole" UNMASKED_NOTED},
    {"format", 0, "FORMAT", "text or json (default: text)"},
    {"check", 0, NULL, "whether all weights of the last run are still what would be explained"},
    {"html", 0, "FILE", "write a page with the waterfall or the graph as a picture"},
    OPTION_THREADS,
    OPTION_END};

const struct command command_explain = {
    .name = "explain",
    .summary = "say why two records are one customer or not",
    .arguments = "A [B]",
    .arguments_least = 0,
    .arguments_most = 2,
    .options = explain_options,
    .details =
        "A and B are each a record (SOURCE:KEY, as D01:0000123), a golden id (former ones too), "
        "or\n"
        "anything that `cust360 find` takes when it means one customer.\n"
        "\n"
        "With two: what each comparison gave, in words and bits, the sum, the thresholds, hard\n"
        "rules, which blocking keys brought them together or would have, and what was decided:\n"
        "merged directly or through others, or held apart by what. Of customers with several\n"
        "records all pairs are listed, strongest first.\n"
        "\n"
        "With one: the customer's records, the links that hold them, which of them is weak and\n"
        "what happens without it, and whom else it may be the same as.\n"
        "\n"
        "Reads the state of the last run with the rules and the model of now, and weighs with the\n"
        "code that a run weighs with.",
    .run = run_explain,
};
