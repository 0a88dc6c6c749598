#include "cust360/evaluate.h"
#include "cli/commands.h"
#include "cli/golden_truth.h"
#include "cli/open.h"
#include "cust360/base/buffer.h"
#include "cust360/base/csv.h"
#include "cust360/base/database.h"
#include "cust360/base/json.h"
#include "cust360/base/log.h"
#include "cust360/base/map.h"
#include "cust360/match.h"
#include "cust360/store.h"

#include <stdio.h>

/*
 *   truth (source, key, entity) ──► by record: entity ─┐
 *   crosswalk ────────────────────► by record: golden ─┴─► evaluate_partition
 *                                                      └─► golden_truth (values)
 */

struct evaluating {
    struct arena *arena;
    const struct project *project;
    struct store *store;
    struct truth truth;
    uint32_t missing; /* records of the truth that the state does not have */
    struct evaluation partition;
    struct golden_score scores[GOLDEN_SCORES_MAX];
    size_t score_count;
};

static struct slice record_name(struct buffer *buffer, struct slice source, struct slice key)
{
    buffer_clear(buffer);
    buffer_append(buffer, source);
    buffer_append_byte(buffer, '\n');
    buffer_append(buffer, key);
    return buffer_slice(buffer);
}

static bool truth_read(struct evaluating *work, const char *path, struct map *records,
                       struct error *error)
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
    truth->entity = arena_allocate_array(work->arena, table.row_count + 1, sizeof(uint32_t));
    truth->golden = arena_allocate_array(work->arena, table.row_count + 1, sizeof(uint32_t));
    struct buffer name = BUFFER_EMPTY;
    for (size_t row = 0; row < table.row_count; row++) {
        uint32_t record =
            map_intern(records, record_name(&name, csv_table_cell(&table, row, source),
                                            csv_table_cell(&table, row, key)));
        truth->entity[record] = map_intern(truth->entities, csv_table_cell(&table, row, entity));
        truth->golden[record] = GOLDEN_NONE;
    }
    buffer_release(&name);
    truth->record_count = map_count(records);
    return true;
}

static bool crosswalk_read(struct evaluating *work, const struct map *records, const char *entity,
                           struct error *error)
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
        uint32_t record = map_number(records, record_name(&name, statement_text(statement, 0),
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
        if (found[i] == GOLDEN_NONE) {
            found[i] = alone--;
            work->missing++;
        }
    }
}

static bool evaluate_files(struct evaluating *work, const struct invocation *invocation,
                           struct error *error)
{
    const char *golden = invocation_option(invocation, "golden");
    struct map *records = map_create();
    const struct project *project = work->project;
    const struct match_rules *rules =
        match_rules_load(work->arena, project->match, project->model, error);
    bool done = rules && truth_read(work, invocation_option(invocation, "truth"), records, error);
    if (done) {
        work->store = store_open(project->state, project->model, STORE_READ, 0, error);
        done = work->store && crosswalk_read(work, records, match_rules_entity(rules), error);
    }
    map_destroy(records);
    if (!done)
        return false;
    uint32_t *found =
        arena_allocate_array(work->arena, work->truth.record_count + 1, sizeof(*found));
    single_out_missing(work, found);
    evaluate_partition(work->truth.entity, found, work->truth.record_count, &work->partition);
    return !golden || golden_truth_compare(work->arena, store_database(work->store), golden,
                                           &work->truth, work->scores, &work->score_count, error);
}

/* ---- what is printed ---- */

static void write_agreement(struct json_writer *json, const struct agreement *agreement)
{
    json_number(json, "precision", agreement->precision);
    json_number(json, "recall", agreement->recall);
    json_number(json, "f1", agreement->f1);
}

static void write_json(const struct evaluating *work, struct buffer *text)
{
    const struct evaluation *partition = &work->partition;
    struct json_writer json = JSON_WRITER(text);
    json_object_begin(&json, NULL);
    json_integer(&json, "records", work->truth.record_count);
    json_integer(&json, "records_missing", work->missing);
    json_object_begin(&json, "pairwise");
    write_agreement(&json, &partition->pairwise);
    json_integer(&json, "true_pairs", (int64_t)partition->true_pairs);
    json_integer(&json, "found_pairs", (int64_t)partition->found_pairs);
    json_object_end(&json);
    json_object_begin(&json, "bcubed");
    write_agreement(&json, &partition->bcubed);
    json_object_end(&json);
    json_object_begin(&json, "clusters");
    json_integer(&json, "true", (int64_t)partition->true_clusters);
    json_integer(&json, "found", (int64_t)partition->found_clusters);
    json_integer(&json, "exact", (int64_t)partition->exact_clusters);
    json_integer(&json, "over_merged", (int64_t)partition->over_merged);
    json_integer(&json, "split", (int64_t)partition->split);
    json_object_end(&json);
    if (work->score_count) {
        json_object_begin(&json, "golden");
        for (size_t i = 0; i < work->score_count; i++)
            json_number(&json, work->scores[i].attribute, golden_score_share(&work->scores[i]));
        json_object_end(&json);
    }
    json_object_end(&json);
    buffer_append_byte(text, '\n');
}

static void write_text(const struct evaluating *work, struct buffer *text)
{
    const struct evaluation *partition = &work->partition;
    buffer_format(text, "pairwise  precision %.5f  recall %.5f  f1 %.5f  (%llu true, %llu found)\n",
                  partition->pairwise.precision, partition->pairwise.recall, partition->pairwise.f1,
                  (unsigned long long)partition->true_pairs,
                  (unsigned long long)partition->found_pairs);
    buffer_format(text, "bcubed    precision %.5f  recall %.5f  f1 %.5f\n",
                  partition->bcubed.precision, partition->bcubed.recall, partition->bcubed.f1);
    buffer_format(
        text, "clusters  %llu true  %llu found  %llu exact  %llu over-merged  %llu split\n",
        (unsigned long long)partition->true_clusters, (unsigned long long)partition->found_clusters,
        (unsigned long long)partition->exact_clusters, (unsigned long long)partition->over_merged,
        (unsigned long long)partition->split);
    for (size_t i = 0; i < work->score_count; i++)
        buffer_format(text, "golden    %-14s %.4f  (%llu of %llu)\n", work->scores[i].attribute,
                      golden_score_share(&work->scores[i]),
                      (unsigned long long)work->scores[i].right,
                      (unsigned long long)work->scores[i].known);
    buffer_format(text, "records   %u in the truth, %u of them not in the state\n",
                  work->truth.record_count, work->missing);
}

static bool check_usage(const struct invocation *invocation, bool *json, struct error *error)
{
    const char *format = invocation_option(invocation, "format");
    if (!invocation_option(invocation, "truth")) {
        error_set(error, EXIT_USAGE, "evaluate: --truth is missing");
        return error_hint(error, "name a CSV file with the columns source, key, entity");
    }
    *json = format && strcmp(format, "json") == 0;
    if (format && !*json && strcmp(format, "text") != 0)
        return error_set(error, EXIT_USAGE, "--format is text or json, not %s", format);
    return true;
}

static int run_evaluate(const struct invocation *invocation)
{
    struct error error = {0};
    struct evaluating work = {.arena = arena_create()};
    bool json = false;
    int code = EXIT_DONE;
    if (check_usage(invocation, &json, &error))
        work.project = open_project(invocation, work.arena, &error);
    if (work.project && evaluate_files(&work, invocation, &error)) {
        struct buffer text = BUFFER_EMPTY;
        if (json)
            write_json(&work, &text);
        else
            write_text(&work, &text);
        command_print(buffer_slice(&text));
        buffer_release(&text);
    } else {
        code = command_failed(&error);
    }
    map_destroy(work.truth.entities);
    store_close(work.store);
    arena_destroy(work.arena);
    return code;
}

static const struct option_rule evaluate_options[] = {
    OPTION_CONFIG,
    OPTION_STATE,
    OPTION_OUT,
    {"truth", 0, "FILE", "who is who: a CSV with source, key, entity"},
    {"golden", 0, "FILE", "what is right: a CSV with entity and the true values"},
    {"format", 0, "FORMAT", "text or json (default: text)"},
    OPTION_END,
};

const struct command command_evaluate = {
    .name = "evaluate",
    .summary = "compare the customers found with a truth",
    .options = evaluate_options,
    .details =
        "Compares the golden records of the last run with a truth, record by record. Pairwise\n"
        "counts all pairs of records of one customer, B-cubed is the mean over records.\n"
        "Records that the truth does not name are passed over; records that it names and the\n"
        "state does not have (rejected rows) count as found with nobody. With --golden the\n"
        "values of the golden records are compared as well.",
    .run = run_evaluate,
};
