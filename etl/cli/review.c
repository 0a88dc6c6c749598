#include "cli/review.h"
#include "cli/commands.h"
#include "cli/review/review_serve.h"
#include "cli/review/review_show.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/text.h"
#include "cust360/review_json.h"

#include <stdio.h>
#include <stdlib.h>

enum { QUEUE_SHOWN = 20, EXPORT_DEFAULT = 1000, EXPORT_MOST = 100000, DECISIONS_SHOWN = 50 };

const char *review_who(const struct invocation *invocation)
{
    const char *who = invocation_option(invocation, "who");
    if (!who)
        who = getenv("USER");
    return who && *who ? who : "steward";
}

bool review_is_chinese(const struct invocation *invocation)
{
    const char *language = invocation_option(invocation, "language");
    if (!language)
        language = getenv("LANG");
    return language && strncmp(language, "zh", 2) == 0;
}

static bool read_filter(const struct invocation *invocation, struct review_filter *filter,
                        struct error *error)
{
    const char *kind = invocation_option(invocation, "kind");
    *filter = (struct review_filter)REVIEW_FILTER_ALL;
    filter->source = invocation_option(invocation, "source");
    if (!kind)
        return true;
    filter->kind = (int)review_kind_find(slice_of(kind));
    if (filter->kind != REVIEW_KINDS)
        return true;
    error_set(error, EXIT_USAGE, "there is no kind of case %s", kind);
    return error_hint(error, "possible, weak_link, conflict, value, relation, shared, stale");
}

static void print_buffer(struct buffer *text)
{
    buffer_append_byte(text, '\n');
    command_print(buffer_slice(text));
    buffer_release(text);
}

/* Whole values only when they are asked for, and then it is noted who did. */
static bool choose_mask(struct review_desk *desk, const struct invocation *invocation,
                        const char *what, bool *mask, struct error *error)
{
    *mask = !invocation_flag(invocation, "unmasked");
    return *mask || review_revealed(desk->review, review_who(invocation), what, error);
}

/* ---- the words ---- */

static bool show_queue(struct review_desk *desk, const struct invocation *invocation,
                       struct error *error)
{
    struct review_filter filter;
    struct review_page page;
    struct buffer text = BUFFER_EMPTY;
    int64_t limit = QUEUE_SHOWN;
    if (!read_filter(invocation, &filter, error) ||
        !invocation_integer(invocation, "limit", 1, EXPORT_MOST, &limit, error) ||
        !review_queue(desk->review, &filter, 0, (size_t)limit, desk->arena, &page, error))
        return false;
    struct json_writer json = JSON_WRITER(&text);
    review_json_page(&json, NULL, &page);
    print_buffer(&text);
    return true;
}

static bool show_stats(struct review_desk *desk, const struct invocation *invocation,
                       struct error *error)
{
    struct review_stats stats;
    struct buffer text = BUFFER_EMPTY;
    bool as_json = false;
    if (!invocation_json(invocation, &as_json, error) ||
        !review_settle(desk->review, NULL, error) ||
        !review_stats(desk->review, desk->arena, &stats, error))
        return false;
    struct json_writer json = JSON_WRITER(&text);
    if (as_json)
        review_json_stats(&json, NULL, &stats);
    else
        review_show_stats(&stats, review_is_chinese(invocation), &text);
    print_buffer(&text);
    return true;
}

static bool show_decisions(struct review_desk *desk, const struct invocation *invocation,
                           struct error *error)
{
    struct review_decision *decisions = NULL;
    bool mask = true;
    struct buffer text = BUFFER_EMPTY;
    size_t count = 0;
    int64_t limit = DECISIONS_SHOWN;
    if (!invocation_integer(invocation, "limit", 1, EXPORT_MOST, &limit, error))
        return false;
    const struct review_decisions_asked asked = {.who = invocation_option(invocation, "who"),
                                                 .limit = (size_t)limit};
    if (!review_decisions(desk->review, &asked, desk->arena, &decisions, &count, error) ||
        !choose_mask(desk, invocation, "decisions", &mask, error))
        return false;
    struct json_writer json = JSON_WRITER(&text);
    review_json_decisions(&json, NULL, decisions, count, mask);
    print_buffer(&text);
    return true;
}

static bool show_case(struct review_desk *desk, const struct invocation *invocation,
                      struct error *error)
{
    struct review_case found;
    bool mask = true;
    struct buffer text = BUFFER_EMPTY;
    if (invocation->argument_count < 2)
        return error_set(error, EXIT_USAGE, "review case: which case?");
    if (!review_case(desk->review, invocation->arguments[1], desk->arena, &found, error) ||
        !choose_mask(desk, invocation,
                     arena_format(desk->arena, "case %s", invocation->arguments[1]), &mask, error))
        return false;
    struct json_writer json = JSON_WRITER(&text);
    review_json_case(&json, NULL, &found, mask);
    print_buffer(&text);
    return true;
}

static bool show_customer(struct review_desk *desk, const struct invocation *invocation,
                          struct error *error)
{
    struct review_customer customer;
    bool mask = true;
    struct buffer text = BUFFER_EMPTY;
    if (invocation->argument_count < 2)
        return error_set(error, EXIT_USAGE, "review customer: which id?");
    if (!review_customer(desk->review, invocation->arguments[1], desk->arena, &customer, error) ||
        !choose_mask(desk, invocation, arena_format(desk->arena, "customer %s", customer.golden_id),
                     &mask, error))
        return false;
    struct json_writer json = JSON_WRITER(&text);
    review_json_customer(&json, NULL, &customer, mask);
    print_buffer(&text);
    return true;
}

static bool search(struct review_desk *desk, const struct invocation *invocation,
                   struct error *error)
{
    struct review_hit *hits = NULL;
    size_t count = 0;
    bool mask = true;
    struct buffer text = BUFFER_EMPTY;
    if (invocation->argument_count < 2)
        return error_set(error, EXIT_USAGE, "review search: what for?");
    if (!review_search(desk->review, slice_of(invocation->arguments[1]), QUEUE_SHOWN, desk->arena,
                       &hits, &count, error) ||
        !choose_mask(desk, invocation, "search", &mask, error))
        return false;
    struct json_writer json = JSON_WRITER(&text);
    review_json_hits(&json, NULL, hits, count, mask);
    print_buffer(&text);
    return true;
}

static bool write_list(struct review_desk *desk, const struct invocation *invocation,
                       struct error *error)
{
    struct review_filter filter;
    struct buffer csv = BUFFER_EMPTY;
    int64_t limit = EXPORT_DEFAULT;
    bool mask = true;
    if (!read_filter(invocation, &filter, error) ||
        !invocation_integer(invocation, "limit", 1, EXPORT_MOST, &limit, error) ||
        !choose_mask(desk, invocation, "work list", &mask, error))
        return false;
    bool done = review_export(desk->review, &filter, (size_t)limit, mask, &csv, error);
    if (done && invocation->argument_count > 1)
        done = file_replace(invocation->arguments[1], buffer_slice(&csv), error);
    else if (done)
        command_print(buffer_slice(&csv));
    buffer_release(&csv);
    return done;
}

static bool read_list(struct review_desk *desk, const struct invocation *invocation,
                      struct error *error)
{
    struct review_import_result result;
    if (invocation->argument_count < 2)
        return error_set(error, EXIT_USAGE, "review import: which file?");
    if (!review_import(desk->review, invocation->arguments[1], review_who(invocation), desk->arena,
                       &result, error))
        return false;
    const char *line = arena_format(desk->arena, "%zu decided, %zu rows without a verdict\n",
                                    result.decided, result.empty);
    command_print(slice_of(line));
    return true;
}

static bool take_back(struct review_desk *desk, const struct invocation *invocation,
                      struct error *error)
{
    struct review_answer answer;
    int64_t decision_id = 0;
    if (invocation->argument_count < 2 ||
        !text_to_integer(slice_of(invocation->arguments[1]), &decision_id))
        return error_set(error, EXIT_USAGE, "review undo: the number of a decision");
    if (!review_undo(desk->review, review_who(invocation), decision_id, desk->arena, &answer,
                     error))
        return false;
    command_print(slice_of(arena_format(desk->arena, "%s\n", answer.sentence)));
    return true;
}

static bool dismiss(struct review_desk *desk, const struct invocation *invocation,
                    struct error *error)
{
    int64_t waiting_id = 0;
    if (invocation->argument_count < 2 ||
        !text_to_integer(slice_of(invocation->arguments[1]), &waiting_id))
        return error_set(error, EXIT_USAGE, "review dismiss: the number of a failed decision");
    if (!review_dismiss(desk->review, waiting_id, error))
        return false;
    command_print(SLICE("dismissed\n"));
    return true;
}

static bool publish(struct review_desk *desk, const struct invocation *invocation,
                    struct error *error)
{
    bool published = false;
    (void)invocation;
    if (!review_settle(desk->review, NULL, error) || !review_desk_publish(desk, &published, error))
        return false;
    command_print(published ? SLICE("published\n") : SLICE("nothing to publish\n"));
    return true;
}

static const struct {
    const char *name;
    bool (*run)(struct review_desk *desk, const struct invocation *invocation, struct error *error);
} words[] = {
    {"queue", show_queue},  {"stats", show_stats},       {"case", show_case},
    {"search", search},     {"customer", show_customer}, {"decisions", show_decisions},
    {"export", write_list}, {"import", read_list},       {"undo", take_back},
    {"publish", publish},   {"serve", review_serve},     {"dismiss", dismiss},
};

static bool run_word(struct review_desk *desk, const struct invocation *invocation,
                     struct error *error)
{
    if (invocation->argument_count == 0)
        return review_terminal(desk, invocation, error);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].name, invocation->arguments[0]) == 0)
            return words[i].run(desk, invocation, error);
    error_set(error, EXIT_USAGE, "review: there is no %s", invocation->arguments[0]);
    return error_hint(error, "queue, case, search, customer, stats, decisions, undo, export, "
                             "dismiss, import, publish, serve; nothing: the terminal");
}

static int run_review(const struct invocation *invocation)
{
    struct error error = {0};
    struct review_desk desk;
    bool done = review_desk_open(&desk, invocation, &error) && run_word(&desk, invocation, &error);
    review_desk_close(&desk);
    return done ? EXIT_DONE : command_failed(&error);
}

static const struct option_rule review_options[] = {
    OPTION_CONFIG,
    OPTION_STATE,
    OPTION_OUT,
    {"who", 'w', "NAME", "the steward (default: the user)"},
    {"language", 0, "zh|en", "of the terminal (default: that of LANG)"},
    {"kind", 0, "KIND", "only cases of a kind: possible, weak_link, conflict, value …"},
    {"source", 0, "SOURCE", "only cases with a record of a source"},
    {"limit", 'n', "N", "how many cases at most"},
    {"format", 0, "FORMAT", "of stats: text or json (default: text)"},
    {"unmasked", 0, NULL, "personal values whole; it is noted who saw them"},
    OPTIONS_REVIEW_SERVE,
    OPTION_END};

const struct command command_review = {
    .name = "review",
    .summary = "decide what the match was unsure of",
    .arguments = "[WORD [ARGUMENT]]",
    .arguments_least = 0,
    .arguments_most = 2,
    .options = review_options,
    .details =
        "Without a word: the cases one after another, on the terminal; ? shows the keys. From a\n"
        "pipe the same keys are read, a comment or value up to the end of its line.\n"
        "\n"
        "  queue             the open cases, as JSON, with counts\n"
        "  case KEY          one case with all its evidence, as JSON\n"
        "  search TEXT       customers whose name, pinyin, number, car … begins so, as JSON\n"
        "  customer ID       where each value of a customer comes from, as JSON\n"
        "  decisions         the last decisions, as JSON\n"
        "  undo NUMBER       take a decision back, whenever it was made\n"
        "  dismiss NUMBER    take a decision that failed off the list that stats shows\n"
        "  export [FILE]     open cases as CSV for a spreadsheet, to be filled in: verdict\n"
        "                    (same, not_same, unsure, take, never_ask, accept, refuse, keep),\n"
        "                    value, until, comment; names masked, unless --unmasked\n"
        "  import FILE       checks the list as a whole, then decides all of it or nothing\n"
        "  stats             cleared, left, per hour, age, agreement on known pairs\n"
        "  serve             the same in a browser: prints an address a steward, good once; from\n"
        "                    this machine only, unless --cert and --key are given\n"
        "  publish           bring the published view up to date with what was decided\n"
        "\n"
        "A decision is applied at once, and again in every run and rebuild. While a run holds the\n"
        "state it is recorded, and applied when the run is over.",
    .run = run_review,
};
