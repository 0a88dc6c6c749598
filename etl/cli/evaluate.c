#include "cli/evaluate.h"
#include "cli/commands.h"
#include "cli/evaluate/evaluate_view.h"
#include "cli/open.h"
#include "cust360/base/csv.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"
#include "cust360/base/text.h"

static struct slice record_name(struct buffer *buffer, struct slice source, struct slice key)
{
    buffer_clear(buffer);
    buffer_append(buffer, source);
    buffer_append_byte(buffer, '\n');
    buffer_append(buffer, key);
    return buffer_slice(buffer);
}

static bool truth_read(struct evaluating *work, const char *path, struct error *error)
{
    struct csv_table table;
    size_t source = 0;
    size_t key = 0;
    size_t entity = 0;
    struct truth *truth = &work->truth;
    if (!csv_table_read(work->arena, path, ',', &table, error) ||
        !csv_table_require(&table, "source", &source, error) ||
        !csv_table_require(&table, "key", &key, error) ||
        !csv_table_require(&table, "entity", &entity, error))
        return false;
    truth->entities = map_create();
    struct map *records = work->records = map_create();
    truth->entity = arena_allocate_array(work->arena, table.row_count + 1, sizeof(uint32_t));
    truth->golden = arena_allocate_array(work->arena, table.row_count + 1, sizeof(uint32_t));
    struct buffer name = BUFFER_EMPTY;
    for (size_t row = 0; row < table.row_count; row++) {
        uint32_t record =
            map_intern(records, record_name(&name, csv_table_cell(&table, row, source),
                                            csv_table_cell(&table, row, key)));
        truth->entity[record] = map_intern(truth->entities, csv_table_cell(&table, row, entity));
        truth->golden[record] = GOLDEN_UNKNOWN;
    }
    buffer_release(&name);
    truth->record_count = map_count(records);
    return true;
}

static bool crosswalk_read(struct evaluating *work, const char *entity, struct error *error)
{
    const char *sql =
        arena_format(work->arena,
                     "SELECT source.name, record.source_key, crosswalk.golden_number FROM crosswalk"
                     " JOIN record_%s AS record USING (record_id) JOIN source USING (source_id)",
                     entity);
    struct statement *statement = statement_prepare(store_database(work->store), sql, error);
    if (!statement)
        return false;
    struct buffer name = BUFFER_EMPTY;
    enum outcome outcome;
    while ((outcome = statement_step(statement, error)) == ACCEPTED) {
        uint32_t record = map_number(work->records, record_name(&name, statement_text(statement, 0),
                                                                statement_text(statement, 1)));
        if (record != MAP_NONE)
            work->truth.golden[record] = (uint32_t)statement_integer(statement, 2);
    }
    buffer_release(&name);
    statement_destroy(statement);
    return outcome == ENDED;
}

/* A record that the state does not have stands for itself: it was found with nobody. */
static void single_out_missing(struct evaluating *work, uint32_t *found)
{
    uint32_t alone = UINT32_MAX;
    for (uint32_t i = 0; i < work->truth.record_count; i++) {
        found[i] = work->truth.golden[i];
        if (found[i] == GOLDEN_UNKNOWN) {
            found[i] = alone--;
            work->missing++;
        }
    }
}

static bool evaluate_run(struct evaluating *work, const struct invocation *invocation,
                         struct error *error)
{
    const char *golden = invocation_option(invocation, "golden");
    const struct project *project = work->project;
    work->rules = match_rules_load(work->arena, project->match, project->model, error);
    if (!work->rules || !truth_read(work, invocation_option(invocation, "truth"), error))
        return false;
    work->store = store_open(project->state, project->model, STORE_READ, 0, error);
    if (!work->store || !crosswalk_read(work, match_rules_entity(work->rules), error))
        return false;
    uint32_t *found =
        arena_allocate_array(work->arena, work->truth.record_count + 1, sizeof(*found));
    single_out_missing(work, found);
    evaluate_partition(work->truth.entity, found, work->truth.record_count, &work->partition);
    return !golden || golden_truth_compare(work->arena, store_database(work->store), golden,
                                           &work->truth, work->scores, &work->score_count, error);
}

/* Thresholds and causes, by matching anew. */
static bool diagnose(struct evaluating *work, struct error *error)
{
    log_progress("evaluating", 0, 0);
    bool done = evaluate_scene(work, error);
    if (done) {
        evaluate_curve(work);
        done = evaluate_causes(work, error);
    }
    log_progress_end();
    return done;
}

/* ---- the command ---- */

static bool read_precision(const struct invocation *invocation, struct evaluating *work,
                           struct error *error)
{
    const char *wished = invocation_option(invocation, "precision");
    double precision = 0;
    if (!wished)
        return true;
    if (!text_to_number(slice_of(wished), &precision) || !(precision > 0 && precision <= 1))
        return error_set(error, EXIT_USAGE,
                         "--precision is above 0 and at most 1, as 0.998, not %s", wished);
    work->wishes[work->wish_count++].precision = precision;
    return true;
}

struct evaluate_options {
    bool json;
    bool brief;
    const char *html;
};

static bool read_options(const struct invocation *invocation, struct evaluating *work,
                         struct evaluate_options *options, struct error *error)
{
    enum { EXAMPLES_DEFAULT = 2, EXAMPLES_LIMIT = 1000 };
    int64_t threads = (int64_t)pool_processors();
    int64_t examples = EXAMPLES_DEFAULT;
    if (!invocation_option(invocation, "truth")) {
        error_set(error, EXIT_USAGE, "evaluate: --truth is missing");
        return error_hint(error, "name a CSV file with the columns source, key, entity");
    }
    *options = (struct evaluate_options){.brief = invocation_flag(invocation, "brief"),
                                         .html = invocation_option(invocation, "html")};
    if (!invocation_json(invocation, &options->json, error))
        return false;
    if (options->brief && (options->html || invocation_option(invocation, "precision")))
        return error_set(error, EXIT_USAGE, "--brief leaves out what --precision and --html need");
    if (!read_precision(invocation, work, error) ||
        !invocation_integer(invocation, "threads", 1, 256, &threads, error) ||
        !invocation_integer(invocation, "examples", 0, EXAMPLES_LIMIT, &examples, error))
        return false;
    work->threads = (unsigned)threads;
    work->examples_most = (size_t)examples;
    return true;
}

static bool write_evaluation(const struct evaluating *work, const struct evaluate_options *options,
                             struct error *error)
{
    struct buffer text = BUFFER_EMPTY;
    bool written = true;
    if (options->html) {
        evaluate_write_html(work, &text);
        written = file_replace(options->html, buffer_slice(&text), error);
        buffer_clear(&text);
    }
    if (written) {
        if (options->json)
            evaluate_write_json(work, &text);
        else
            evaluate_write_text(work, &text);
        command_print(buffer_slice(&text));
    }
    buffer_release(&text);
    return written;
}

/* --view: the published view alone. */
static bool tell_view(const struct invocation *invocation, struct evaluating *work,
                      struct error *error)
{
    struct view_truth truth = {view_path(work->project, work->arena),
                               invocation_option(invocation, "truth"),
                               invocation_option(invocation, "golden")};
    struct buffer text = BUFFER_EMPTY;
    if (!truth.golden)
        return error_set(error, EXIT_USAGE, "--view needs --golden FILE as well");
    bool told = evaluate_view(work->arena, &truth, &text, error);
    if (told)
        command_print(buffer_slice(&text));
    buffer_release(&text);
    return told;
}

static bool tell_matches(const struct invocation *invocation, struct evaluating *work,
                         const struct evaluate_options *options, struct error *error)
{
    return evaluate_run(work, invocation, error) && (options->brief || diagnose(work, error)) &&
           write_evaluation(work, options, error);
}

static int run_evaluate(const struct invocation *invocation)
{
    struct error error = {0};
    struct evaluate_options options = {0};
    struct evaluating *work = memory_allocate_array(1, sizeof(*work));
    work->arena = arena_create();
    bool done = read_options(invocation, work, &options, &error);
    if (done)
        work->project = open_project(invocation, work->arena, &error);
    done = done && work->project &&
           (invocation_flag(invocation, "view") ? tell_view(invocation, work, &error)
                                                : tell_matches(invocation, work, &options, &error));
    match_scene_destroy(work->scene);
    match_input_destroy(work->input);
    map_destroy(work->truth.entities);
    map_destroy(work->records);
    store_close(work->store);
    arena_destroy(work->arena);
    memory_free(work);
    return done ? EXIT_DONE : command_failed(&error);
}

static const struct option_rule evaluate_options[] = {
    OPTION_CONFIG,
    OPTION_STATE,
    OPTION_OUT,
    {"truth", 0, "FILE", "who is who: a CSV with source, key, entity"},
    {"golden", 0, "FILE", "what is right: a CSV with entity and the true values"},
    {"precision", 0, "SHARE", "tell the merge threshold that gives it, as 0.998"},
    {"examples", 0, "N", "so many examples of each cause, values masked (default: 2)"},
    {"view", 0, NULL, "hold the published view's cars and contacts against --golden instead"},
    {"brief", 0, NULL, "only the agreement: no thresholds, no causes"},
    {"format", 0, "FORMAT", "text or json (default: text)"},
    {"html", 0, "FILE", "write a page with the curve and the causes as well"},
    OPTION_THREADS,
    OPTION_END,
};

const struct command command_evaluate = {
    .name = "evaluate",
    .summary = "compare the customers found with a truth, and say what misled",
    .options = evaluate_options,
    .details =
        "Compares the golden records of the last run with a truth, record by record. Pairwise\n"
        "counts all pairs of records of one customer, B-cubed is the mean over records.\n"
        "Records that the truth does not name are passed over; records that it names and the\n"
        "state does not have (rejected rows) count as found with nobody. With --golden the\n"
        "values of the golden records are compared as well.\n"
        "\n"
        "Then all records are matched anew, with the rules and the model of now: precision and\n"
        "recall at each merge threshold; the pairs that were missed, by cause (never compared,\n"
        "and which key would have brought them together; compared but too weak, and which\n"
        "comparison took most; held apart by a rule, a steward or the rest of the customers); the\n"
        "pairs that were merged and are two customers, by the comparison that gave most. cust360\n"
        "explain tells all of a pair that is given as an example.",
    .run = run_evaluate,
};
