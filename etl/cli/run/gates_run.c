#include "cli/run/gates.h"
#include "cust360/base/date.h"
#include "cust360/store_operation.h"

/* The gates of the whole run, after merging and before the commit. */

static const char golden_figure[] = "golden_records";
static const char share_figure[] = "merge_share";
static const char cluster_figure[] = "largest_cluster";

static const struct gate_rule *rule_of(const struct job *job, enum gate_kind gate)
{
    return &job->project->operation.gates[gate];
}

/* ---- sources that must be there ---- */

/* A source that the project calls required must be there and whole. */
static bool check_required(const struct job *job, struct error *error)
{
    for (size_t i = 0; i < job->project->source_count; i++) {
        enum source_status status = job->sources[i].status;
        if (!job->project->sources[i].required || status == SOURCE_OK || status == SOURCE_LEFT)
            continue;
        error_set(error, EXIT_GATE, "stopped: the required source %s is %s",
                  job->project->sources[i].id, source_status_name(status));
        return error_hint(error, "nothing was published; the former view stands");
    }
    return true;
}

/* A source's own max_stale_days takes the place of the gate's limit. */
static struct gate_rule stale_rule(const struct job *job, size_t index)
{
    struct gate_rule rule = *rule_of(job, GATE_STALE_DAYS);
    int32_t most = index < job->project->source_count ? job->project->sources[index].max_stale_days
                                                      : SOURCE_STALE_ANY;
    if (most != SOURCE_STALE_ANY)
        rule.stop = (struct gate_limit){.is_set = true, .has_amount = true, .amount = most};
    return rule;
}

static void judge_stale(struct job *job)
{
    for (size_t i = 0; i < job->report.source_count; i++) {
        const struct report_source *source = &job->sources[i];
        if (source->stale_days <= 0 || source->status == SOURCE_LEFT)
            continue;
        struct gate_rule rule = stale_rule(job, i);
        struct measure measure = {
            .gate = GATE_STALE_DAYS,
            .source = source->id,
            .amount = source->stale_days,
            .percent = 0,
            .text = arena_format(job->arena, "stale(%d %s): its last good data are of %s",
                                 source->stale_days, source->stale_days == 1 ? "day" : "days",
                                 source->last_good_as_of),
        };
        gate_judge(job, &measure, &rule);
    }
}

/* ---- what came out ---- */

static double merge_share(const struct job *job)
{
    const struct report_match *match = &job->report.match;
    if (match->records == 0)
        return 0;
    return 100 * (double)(match->records - match->clusters) / (double)match->records;
}

static bool judge_golden(struct job *job, struct error *error)
{
    const struct gate_rule *rule = rule_of(job, GATE_GOLDEN_COUNT);
    double now = (double)job->report.golden.total;
    double former = 0;
    bool found = false;
    if (!store_figure_former(job->store, golden_figure, &former, &found, error))
        return false;
    double change = gate_change(rule, former, now);
    struct measure measure = {
        .gate = GATE_GOLDEN_COUNT,
        .amount = change,
        .percent = gate_percent(change, former),
        .base = former,
        .text = arena_format(job->arena, "%.0f customers, %.0f in the former run", now, former),
    };
    if (found)
        gate_judge(job, &measure, rule);
    return store_figure_put(job->store, golden_figure, now, error);
}

static bool judge_share(struct job *job, struct error *error)
{
    const struct gate_rule *rule = rule_of(job, GATE_MERGE_SHARE);
    double now = merge_share(job);
    double former = 0;
    bool found = false;
    if (!store_figure_former(job->store, share_figure, &former, &found, error))
        return false;
    double change = gate_change(rule, former, now);
    struct measure measure = {
        .gate = GATE_MERGE_SHARE,
        .amount = change,
        .percent = gate_percent(change, former),
        .base = (double)job->report.match.records,
        .text = arena_format(job->arena,
                             "%.1f %% of the records are merged into another's customer, %.1f %% "
                             "in the former run",
                             now, former),
    };
    if (found)
        gate_judge(job, &measure, rule);
    return store_figure_put(job->store, share_figure, now, error);
}

static bool judge_cluster(struct job *job, struct error *error)
{
    double now = (double)job->report.match.largest_cluster;
    double former = 0;
    bool found = false;
    if (!store_figure_former(job->store, cluster_figure, &former, &found, error))
        return false;
    struct measure measure = {
        .gate = GATE_LARGEST_CLUSTER,
        .amount = now,
        .percent = gate_percent(now - former, former),
        .base = now,
        .text = arena_format(job->arena,
                             "%.0f records in the largest customer, %.0f in the former "
                             "run",
                             now, former),
    };
    gate_judge(job, &measure, rule_of(job, GATE_LARGEST_CLUSTER));
    return store_figure_put(job->store, cluster_figure, now, error);
}

/* What later nights and the report's trend look back at. */
static bool put_figures(struct job *job, struct error *error)
{
    double read = 0;
    double rejected = 0;
    for (size_t i = 0; i < job->report.source_count; i++)
        for (size_t j = 0; j < job->sources[i].file_count; j++) {
            read += (double)job->sources[i].files[j].rows_read;
            rejected += (double)job->sources[i].files[j].rows_rejected;
        }
    return store_figure_put(job->store, "rows_read", read, error) &&
           store_figure_put(job->store, "rows_rejected", rejected, error) &&
           store_figure_put(job->store, "records", (double)job->report.match.records, error) &&
           store_figure_put(job->store, "possible_matches",
                            (double)job->report.match.pairs_possible, error);
}

/* ---- the verdict ---- */

/* All that has stopped the run is told at once, so that one more run is enough. */
static bool tell_stopped(const struct job *job, struct error *error)
{
    struct buffer list = BUFFER_EMPTY;
    const struct report_gate *first = NULL;
    for (size_t i = 0; i < job->report.gate_count; i++) {
        const struct report_gate *gate = &job->report.gates[i];
        if (strcmp(gate->outcome, "stopped") != 0)
            continue;
        first = first ? first : gate;
        buffer_format(&list, "%s%s%s%s", list.length ? "," : "", gate->gate,
                      gate->source ? ":" : "", gate->source ? gate->source : "");
    }
    if (first) {
        error_set(error, EXIT_GATE, "stopped by the gate %s%s%s: %s", first->gate,
                  first->source ? " of " : "", first->source ? first->source : "", first->text);
        error_hint(error,
                   "nothing was published, the former view stands; if tonight is right: cust360 "
                   "run --accept %s --reason TEXT",
                   list.data);
    }
    buffer_release(&list);
    return !first;
}

bool gates_of_run(struct job *job, struct error *error)
{
    if (!check_required(job, error))
        return false;
    if (job->report.match.records == 0) {
        error_set(error, EXIT_GATE, "stopped: no source has given a single customer");
        return error_hint(error, "nothing was published; see the messages above");
    }
    judge_stale(job);
    if (!judge_golden(job, error) || !judge_share(job, error) || !judge_cluster(job, error) ||
        !put_figures(job, error))
        return false;
    gates_tell_unused(job);
    return tell_stopped(job, error);
}
