#include "cli/run/job.h"
#include "cli/run/match_input.h"
#include "cli/run/shared.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"
#include "cust360/match_memory.h"

/*
 *   store_scan ──► match_input ──► match_run ──► clusters ──► golden_assign ──► numbers
 *                                                         └─► merge_add     ──► values ──► store
 */

static bool load_decisions(struct job *job, const struct match_decision **decisions, size_t *count,
                           struct error *error)
{
    const struct store_decision *stored = NULL;
    if (!store_decisions(job->store, &stored, count, error))
        return false;
    struct match_decision *copies = arena_allocate_array(job->arena, *count, sizeof(*copies));
    for (size_t i = 0; i < *count; i++)
        copies[i] = (struct match_decision){stored[i].a, stored[i].b, stored[i].same};
    *decisions = copies;
    return true;
}

static struct store_pair *pairs_for_store(const struct match_pair *pairs, size_t count)
{
    struct store_pair *copies = memory_allocate_array(count, sizeof(*copies));
    for (size_t i = 0; i < count; i++)
        copies[i] = (struct store_pair){pairs[i].a, pairs[i].b,
                                        (double)pairs[i].weight / WEIGHT_ONE, pairs[i].reason};
    return copies;
}

static bool save_pairs(struct job *job, const struct match_result *result, struct error *error)
{
    struct store_pair *links = pairs_for_store(result->links, result->link_count);
    struct store_pair *possible = pairs_for_store(result->possible, result->possible_count);
    bool saved = store_pairs_save(job->store, links, result->link_count, possible,
                                  result->possible_count, error);
    memory_free(links);
    memory_free(possible);
    return saved;
}

static void report_match(struct job *job, const struct match_result *result)
{
    const struct match_statistics *statistics = &result->statistics;
    job->report.match = (struct report_match){
        .records = result->record_count,
        .pairs_compared = statistics->pairs_compared,
        .pairs_matched = statistics->pairs_matched,
        .pairs_possible = statistics->pairs_possible,
        .pairs_left_out = statistics->pairs_left_out,
        .values_shared_widely = statistics->values_shared_widely,
        .links_refused = statistics->links_refused,
        .clusters = statistics->clusters,
        .largest_cluster = statistics->largest_cluster,
    };
    for (size_t i = 0; i < sizeof(statistics->cluster_sizes) / sizeof(uint32_t); i++)
        job->report.match.cluster_sizes[i] = statistics->cluster_sizes[i];
    struct report_block *blocks =
        arena_allocate_array(job->arena, result->block_count + 1, sizeof(*blocks));
    for (size_t i = 0; i < result->block_count; i++)
        blocks[i] =
            (struct report_block){arena_text(job->arena, slice_of(result->blocks[i].rule)),
                                  arena_text(job->arena, slice_of(result->blocks[i].values)),
                                  result->blocks[i].records, result->blocks[i].pairs_left_out};
    job->report.match.blocks = blocks;
    job->report.match.block_count = result->block_count;
}

static bool run_match(struct job *job, const struct match_input *input, struct slice former,
                      struct match_result *result, struct error *error)
{
    struct buffer memory = BUFFER_EMPTY;
    struct match_task task = {.rules = job->match_rules,
                              .model = job->match_model,
                              .input = input,
                              .threads = job->threads,
                              .names = store_member_records(job->store),
                              .basis = job->configuration_hash,
                              .former = former,
                              .memory = &memory};
    bool matched = load_decisions(job, &task.decisions, &task.decision_count, error) &&
                   match_run_task(&task, result, error) &&
                   job_remember_match(job, buffer_slice(&memory), error);
    buffer_release(&memory);
    return matched;
}

static bool match_records(struct job *job, struct slice former, struct match_result *result,
                          struct error *error)
{
    struct match_input *input = match_input_create(job->match_rules);
    log_progress("matching", 0, 0);
    bool matched = match_input_load(input, job->store, job->match_rules, job->arena, error) &&
                   run_match(job, input, former, result, error) &&
                   job_tell_shared(job, input, result, error);
    match_input_destroy(input);
    return matched;
}

static bool add_decided_values(struct job *job, struct merge *merge, struct error *error)
{
    const struct store_golden_value *values = NULL;
    size_t count = 0;
    if (!store_golden_values(job->store, &values, &count, error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!merge_decide(merge, values[i].member, arena_text(job->arena, values[i].column),
                          values[i].value))
            log_warning("a steward's value is for %.*s, which golden records do not have any more",
                        SLICE_ARGUMENTS(values[i].column));
    return true;
}

static bool merge_records(struct job *job, struct merge *merge, struct error *error)
{
    const size_t *fields = NULL;
    size_t field_count = survivorship_fields(job->survivorship, &fields);
    struct store_read *read = store_read_open(job->store, fields, field_count, error);
    if (!read)
        return false;
    struct store_record record;
    enum outcome outcome;
    while ((outcome = store_read_next(read, &record, error)) == ACCEPTED) {
        struct merge_record taken = {record.member, record.source, record.trust, record.values,
                                     record.flagged};
        struct golden_record golden;
        if (merge_add(merge, &taken, &golden) && !store_golden_put(job->store, &golden, error)) {
            outcome = FAILED;
            break;
        }
    }
    store_read_close(read);
    return outcome == ENDED;
}

static void report_golden(struct job *job)
{
    struct store_golden_counts counts;
    store_golden_counts(job->store, &counts);
    job->report.golden = (struct report_golden){
        .created = counts.created,
        .changed = counts.changed,
        .unchanged = counts.unchanged,
        .merged = counts.merged,
        .split = counts.split,
        .total = counts.total,
    };
    if (counts.created || counts.changed || counts.merged || counts.split || counts.revived ||
        counts.retired)
        job->changed = true;
}

bool job_merge(struct job *job, const struct match_result *result, struct error *error)
{
    struct golden_basis basis = {.hash = survivorship_hash(job->survivorship)};
    struct store_golden_state state;
    basis.column_count = survivorship_columns(job->survivorship, &basis.columns);
    log_progress("merging", 0, 0);
    if (!store_golden_begin(job->store, &basis, result->cluster, &state, error))
        return false;
    struct golden_assignment *assignment =
        golden_assign(job->arena, &state.ids, &state.members, state.all_touched);
    if (!store_golden_assign(job->store, assignment, error))
        return false;
    struct merge *merge = merge_create(job->survivorship, assignment);
    bool merged = add_decided_values(job, merge, error) && merge_records(job, merge, error);
    merge_destroy(merge);
    report_golden(job);
    return merged;
}

/* Reasons in the result may lie in what the former match left. */
bool job_match(struct job *job, struct match_result *result, struct error *error)
{
    struct slice former = {NULL, 0};
    memset(result, 0, sizeof(*result));
    bool matched =
        job_recall_match(job, &former, error) && match_records(job, former, result, error);
    if (matched)
        report_match(job, result);
    matched = matched && save_pairs(job, result, error);
    if (former.data)
        file_unmap(former);
    return matched;
}
