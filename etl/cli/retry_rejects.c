#include "cli/commands.h"
#include "cli/open.h"
#include "cli/run/retry.h"
#include "cust360/base/file.h"
#include "cust360/base/json.h"
#include "cust360/base/log.h"
#include "cust360/base/pool.h"

static void write_reason_json(struct json_writer *json, const struct retry_reason *reason)
{
    json_object_begin(json, NULL);
    json_text(json, "code", slice_of(reason->code));
    json_text(json, "field", slice_of(reason->field));
    json_text(json, "rule", slice_of(reason->rule));
    json_text(json, "message", slice_of(reason->message));
    json_integer(json, "rows", (int64_t)reason->rows);
    json_object_end(json);
}

static void write_json(const struct retry *retry, struct buffer *text)
{
    struct json_writer writer = JSON_WRITER(text);
    struct json_writer *json = &writer;
    json_object_begin(json, NULL);
    json_integer(json, "rows", (int64_t)retry->rows);
    json_integer(json, "passing", (int64_t)retry->passing);
    json_array_begin(json, "sources");
    for (size_t i = 0; i < retry->project.source_count; i++) {
        const struct retry_source *source = &retry->sources[i];
        if (source->rows == 0 && source->tables_left_out == 0 && !source->trouble)
            continue;
        json_object_begin(json, NULL);
        json_text(json, "source", slice_of(source->id));
        json_integer(json, "rows", (int64_t)source->rows);
        json_integer(json, "passing", (int64_t)source->passing);
        json_integer(json, "tables_left_out", (int64_t)source->tables_left_out);
        json_text(json, "trouble", slice_of(source->trouble ? source->trouble : ""));
        json_array_begin(json, "reasons");
        for (size_t r = 0; r < source->reason_count; r++)
            write_reason_json(json, &source->reasons[r]);
        json_array_end(json);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
    buffer_append_byte(text, '\n');
}

static void write_source(const struct retry_source *source, struct buffer *text)
{
    if (source->rows == 0 && source->tables_left_out == 0 && !source->trouble)
        return;
    buffer_format(text, "%s  %llu rejected rows, %llu pass now\n", source->id,
                  (unsigned long long)source->rows, (unsigned long long)source->passing);
    if (source->trouble)
        buffer_format(text, "      could not be read again: %s\n", source->trouble);
    if (source->tables_left_out)
        buffer_format(
            text,
            "      rows of %zu tables take values from what stands above them: feed their "
            "file again\n",
            source->tables_left_out);
    for (size_t i = 0; i < source->reason_count; i++) {
        const struct retry_reason *reason = &source->reasons[i];
        buffer_format(text, "  %6llu  %s %s: %s%s%s%s\n", (unsigned long long)reason->rows,
                      reason->code, reason->field, reason->message, reason->rule[0] ? " (" : "",
                      reason->rule, reason->rule[0] ? ")" : "");
    }
}

static void write_text(const struct retry *retry, struct buffer *text)
{
    for (size_t i = 0; i < retry->project.source_count; i++)
        write_source(&retry->sources[i], text);
    buffer_format(text, "%llu rejected rows, %llu of them pass now\n",
                  (unsigned long long)retry->rows, (unsigned long long)retry->passing);
}

/* What would pass: read once beforehand, so that a run is begun only for what it can bring in. */
static bool look_first(const struct invocation *invocation, struct arena *arena, bool json,
                       uint64_t *passing, struct error *error)
{
    struct retry retry;
    int32_t as_of_days = 0;
    int64_t threads = (int64_t)pool_processors();
    struct buffer text = BUFFER_EMPTY;
    struct rules *rules = NULL;
    bool done = false;
    struct project *project = open_project(invocation, arena, error);
    if (!project || !invocation_as_of(invocation, &as_of_days, error) ||
        !invocation_integer(invocation, "threads", 1, 256, &threads, error))
        return false;
    struct store *store = store_open(project->state, project->model, STORE_READ, 0, error);
    if (!store || !retry_open(&retry, arena, project, store, error))
        goto out;
    rules = rules_load(project, as_of_days, error);
    if (!rules)
        goto out;
    retry_count(&retry, rules, (unsigned)threads);
    if (json)
        write_json(&retry, &text);
    else
        write_text(&retry, &text);
    command_print(buffer_slice(&text));
    *passing = retry.passing;
    done = retry_tidy(&retry, error);
out:
    buffer_release(&text);
    rules_destroy(rules);
    store_close(store);
    return done;
}

static int run(const struct invocation *invocation)
{
    struct arena *arena = arena_create();
    struct error error = {0};
    bool json = false;
    uint64_t passing = 0;
    bool looked = invocation_json(invocation, &json, &error) &&
                  look_first(invocation, arena, json, &passing, &error);
    arena_destroy(arena);
    if (!looked)
        return command_failed(&error);
    if (invocation_flag(invocation, "dry-run") || passing == 0)
        return EXIT_DONE;
    return run_retry(invocation);
}

static const struct option_rule options[] = {
    OPTION_CONFIG,
    OPTION_FEEDS,
    OPTION_STATE,
    OPTION_OUT,
    OPTION_AS_OF,
    OPTION_THREADS,
    {"lock-wait", 0, "SECONDS", "how long to wait for another run (default: 0)"},
    {"dry-run", 0, NULL, "only tell what would pass and what would not, by reason"},
    {"format", 0, "FORMAT", "text or json (default: text)"},
    OPTION_END,
};

const struct command command_retry_rejects = {
    .name = "retry-rejects",
    .summary = "read rejected rows again by mended rules, and take in what passes",
    .options = options,
    .details =
        "Reads the rows in STATE/rejects again, by today's mapping and rules (they may have been\n"
        "repaired in the file, too), and tells how many pass and why the others do not. When some\n"
        "do, a run takes them in: it matches, merges, and publishes as ever, and its report "
        "counts\n"
        "them; all other sources keep what they have. What is rejected again stays in\n"
        "STATE/rejects, so that trying once more changes nothing. What was mended in "
        "STATE/rejects\n"
        "alone lasts until the source's next full export is read, which has to bring it mended.\n"
        "\n"
        "Rows of nested elements, and of lines below others, take values from what stands above\n"
        "them and can only be read with their whole file.",
    .run = run,
};
