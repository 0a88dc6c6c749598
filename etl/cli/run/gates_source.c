#include "cli/run/gates.h"
#include "cust360/base/buffer.h"
#include "cust360/store_operation.h"

#include <math.h>

/* The gates of a source, after it was read and before it counts. */

/* An entity of at least so many records does not lose all of them in a day, however small a
 * source is; of a few it may. */
enum { ENTITY_RECORDS_LEAST = 20 };

struct source_gates {
    struct job *job;
    const struct source *source;
    const struct store_counts *counts;
    enum gate_outcome worst;
    struct error *why;       /* of the first gate that freezes */
    struct buffer frozen_by; /* all of them, as --accept has it */
};

static const struct gate_rule *rule_of(const struct source_gates *gates, enum gate_kind gate)
{
    return &gates->job->project->operation.gates[gate];
}

static void judge(struct source_gates *gates, const struct measure *measure)
{
    const struct gate_rule *rule = rule_of(gates, measure->gate);
    enum gate_outcome outcome = gate_judge(gates->job, measure, rule);
    if (outcome > gates->worst)
        gates->worst = outcome;
    if (outcome != GATE_FROZEN)
        return;
    buffer_format(&gates->frozen_by, "%s%s:%s", gates->frozen_by.length ? "," : "",
                  gate_name(measure->gate), gates->source->id);
    if (gates->why->exit_code)
        return;
    error_set(gates->why, EXIT_SOURCE_MISSING, "frozen by the gate %s: %s",
              gate_name(measure->gate), measure->text);
    error_place(gates->why, gates->source->name, 0, 0);
    error_source(gates->why, gates->source->id);
}

/* "12 of 300 rows …" against the share of a whole. */
static struct measure measure_share(const struct source_gates *gates, enum gate_kind gate,
                                    uint64_t part, uint64_t whole, const char *words)
{
    return (struct measure){
        .gate = gate,
        .source = gates->source->id,
        .amount = (double)part,
        .percent = gate_percent((double)part, (double)whole),
        .base = (double)whole,
        .text = arena_format(gates->job->arena, "%llu of %llu %s", (unsigned long long)part,
                             (unsigned long long)whole, words),
    };
}

static void judge_share(struct source_gates *gates, enum gate_kind gate, uint64_t part,
                        uint64_t whole, const char *words)
{
    struct measure measure = measure_share(gates, gate, part, whole, words);
    judge(gates, &measure);
}

/* All customers may be gone while thousands of visits are still there: the file of one entity was
 * cut, and in the share of the whole source that is little. So each entity is measured by itself,
 * and the gate judges what is worst. */
static void judge_removals(struct source_gates *gates)
{
    const struct model *model = gates->job->project->model;
    const struct gate_rule *rule = rule_of(gates, GATE_REMOVALS);
    uint64_t before = 0;
    for (size_t i = 0; i < model->entity_count; i++)
        before += store_source_removals(gates->job->store, i).before;
    struct measure worst = measure_share(gates, GATE_REMOVALS, gates->counts->records_closed,
                                         before, "records are gone from the feed");
    for (size_t i = 0; i < model->entity_count; i++) {
        struct store_removals removals = store_source_removals(gates->job->store, i);
        if (removals.closed == 0)
            continue;
        const char *words = arena_format(gates->job->arena, "records of %s are gone from the feed",
                                         model->entities[i].name);
        struct measure measure =
            measure_share(gates, GATE_REMOVALS, removals.closed, removals.before, words);
        if (removals.closed == removals.before && removals.before >= ENTITY_RECORDS_LEAST)
            measure.base = HUGE_VAL;
        if (gate_outcome_of(&measure, rule) > gate_outcome_of(&worst, rule))
            worst = measure;
    }
    judge(gates, &worst);
}

/* A delta has as many rows as there were changes: that says nothing of its being whole. */
static bool judge_rows(struct source_gates *gates, struct error *error)
{
    const struct gate_rule *rule = rule_of(gates, GATE_SOURCE_ROWS);
    struct store_median what = {.count = rule->runs};
    double median = 0;
    bool found = false;
    if (gates->source->delta)
        return true;
    if (!store_median_former(gates->job->store, gates->source->id, &what, &median, &found, error))
        return false;
    if (!found)
        return true;
    double rows = (double)gates->counts->read;
    double change = gate_change(rule, median, rows);
    struct measure measure = {
        .gate = GATE_SOURCE_ROWS,
        .source = gates->source->id,
        .amount = change,
        .percent = gate_percent(change, median),
        /* However small a source is: that all is gone is never the day's doing. */
        .base = gates->counts->read == 0 ? HUGE_VAL : median,
        .text = gates->counts->read == 0
                    ? arena_format(gates->job->arena,
                                   "no rows, though former nights had some (%.0f)", median)
                    : arena_format(gates->job->arena,
                                   "%.0f rows, %.0f in the middle of former runs", rows, median),
    };
    judge(gates, &measure);
    return true;
}

static bool judge_fill(struct source_gates *gates, const char *name, struct error *error)
{
    struct job *job = gates->job;
    const struct gate_rule *rule = rule_of(gates, GATE_FILL_RATE);
    size_t dot = strcspn(name, ".");
    const char *entity = arena_text(job->arena, slice_make(name, dot));
    struct store_median what = {entity, name + dot + 1, rule->runs};
    int64_t records = 0;
    int64_t filled = 0;
    double median = 0;
    bool found = false;
    if (!store_fill(job->store, entity, what.field, &records, &filled, error) ||
        !store_median_former(job->store, gates->source->id, &what, &median, &found, error))
        return false;
    if (!found || records == 0)
        return true;
    double rate = 100 * (double)filled / (double)records;
    double change = gate_change(rule, median, rate);
    struct measure measure = {
        .gate = GATE_FILL_RATE,
        .source = gates->source->id,
        .field = name,
        .amount = change,
        .percent = gate_percent(change, median),
        .base = (double)records,
        .text = arena_format(job->arena,
                             "%s is filled in %.1f %% of the records, %.1f %% in the "
                             "middle of former runs",
                             name, rate, median),
    };
    judge(gates, &measure);
    return true;
}

bool gates_of_source(struct job *job, const struct source *source,
                     const struct store_counts *counts, enum gate_outcome *worst, struct error *why,
                     struct error *error)
{
    struct source_gates gates = {job, source, counts, GATE_PASSED, why, BUFFER_EMPTY};
    uint64_t records = counts->records_new + counts->records_changed + counts->records_unchanged;
    const struct gate_rule *fill = rule_of(&gates, GATE_FILL_RATE);
    why->exit_code = 0;
    judge_share(&gates, GATE_REJECT_SHARE, counts->rejected, counts->read, "rows are rejected");
    judge_share(&gates, GATE_DUPLICATE_KEYS, counts->records_different, records,
                "records have a key that came again with other content");
    judge_removals(&gates);
    bool done = judge_rows(&gates, error);
    for (size_t i = 0; done && i < fill->field_count; i++)
        done = judge_fill(&gates, fill->fields[i], error);
    if (why->exit_code)
        error_hint(why,
                   "its last good data stay; if tonight's export is right: cust360 run "
                   "--accept %s --reason TEXT",
                   gates.frozen_by.data);
    buffer_release(&gates.frozen_by);
    *worst = gates.worst;
    return done;
}
