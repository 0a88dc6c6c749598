#include "cli/run/gates.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"
#include "cust360/store_operation.h"
#include "cust360/yaml.h"

#include <math.h>

static const char *const outcome_names[] = {
    [GATE_PASSED] = "passed", [GATE_WARNED] = "warned",   [GATE_ACCEPTED] = "accepted",
    [GATE_FROZEN] = "frozen", [GATE_STOPPED] = "stopped",
};

/* ---- --accept GATE[:SOURCE][,…] --reason TEXT ---- */

struct acceptance {
    enum gate_kind gate;
    const char *source; /* NULL: of any */
    bool used;
};

static bool read_acceptance(struct job *job, struct slice word, struct acceptance *acceptance,
                            struct error *error)
{
    const char *colon = memchr(word.data, ':', word.length);
    size_t length = colon ? (size_t)(colon - word.data) : word.length;
    const char *name = arena_text(job->arena, slice_cut(word, 0, length));
    *acceptance = (struct acceptance){.gate = gate_find(name)};
    if (colon)
        acceptance->source = arena_text(job->arena, slice_cut(word, length + 1, word.length));
    if (acceptance->gate != GATES)
        return true;
    const char *near = nearest_name(name, gate_names_all(), GATES);
    error_set(error, EXIT_USAGE, "--accept: there is no gate %s", name);
    if (near)
        return error_hint(error, "did you mean %s?", near);
    return error_hint(error, "name the gate as the run that it stopped did");
}

bool gates_accept(struct job *job, const struct invocation *invocation, struct error *error)
{
    const char *list = invocation_option(invocation, "accept");
    job->accept_reason = invocation_option(invocation, "reason");
    if (!list && !job->accept_reason)
        return true;
    if (!list)
        return error_set(error, EXIT_USAGE, "--reason goes with --accept GATE");
    if (!job->accept_reason || !*job->accept_reason) {
        error_set(error, EXIT_USAGE, "--accept needs a reason");
        return error_hint(error, "say why it is right tonight: --reason TEXT; it is recorded");
    }
    size_t most = 1;
    for (const char *byte = list; *byte; byte++)
        most += *byte == ',';
    job->accepted = arena_allocate_array(job->arena, most, sizeof(*job->accepted));
    struct slice rest = slice_of(list);
    while (job->accepted_count < most) {
        const char *comma = memchr(rest.data, ',', rest.length);
        size_t length = comma ? (size_t)(comma - rest.data) : rest.length;
        if (!read_acceptance(job, slice_cut(rest, 0, length), &job->accepted[job->accepted_count++],
                             error))
            return false;
        rest = slice_cut(rest, length + (comma != NULL), rest.length);
    }
    return true;
}

static bool is_accepted(struct job *job, const struct measure *measure)
{
    for (size_t i = 0; i < job->accepted_count; i++) {
        struct acceptance *acceptance = &job->accepted[i];
        bool is_meant = acceptance->gate == measure->gate &&
                        (!acceptance->source ||
                         (measure->source && strcmp(acceptance->source, measure->source) == 0));
        if (!is_meant)
            continue;
        acceptance->used = true;
        return true;
    }
    return false;
}

void gates_tell_unused(const struct job *job)
{
    for (size_t i = 0; i < job->accepted_count; i++) {
        const struct acceptance *acceptance = &job->accepted[i];
        if (!acceptance->used)
            log_warning("--accept %s%s%s: nothing of it had to be accepted",
                        gate_name(acceptance->gate), acceptance->source ? ":" : "",
                        acceptance->source ? acceptance->source : "");
    }
}

/* ---- judging ---- */

double gate_percent(double part, double whole)
{
    if (part <= 0)
        return 0;
    return whole > 0 ? 100 * part / whole : HUGE_VAL;
}

double gate_change(const struct gate_rule *rule, double former, double now)
{
    double risen = now - former;
    if (rule->direction == GATE_FALL)
        risen = -risen;
    else if (rule->direction == GATE_BOTH)
        risen = fabs(risen);
    return risen > 0 ? risen : 0;
}

static bool is_passed(const struct gate_limit *limit, const struct measure *measure)
{
    bool by_amount = limit->has_amount && measure->amount > limit->amount;
    bool by_percent = limit->has_percent && measure->percent > limit->percent;
    if (!limit->is_set)
        return false;
    if (limit->has_amount && limit->has_percent && !limit->either)
        return by_amount && by_percent;
    return by_amount || by_percent;
}

static void describe_limit(const struct gate_limit *limit, struct buffer *text)
{
    if (limit->has_percent)
        buffer_format(text, "%g %%", limit->percent);
    if (limit->has_percent && limit->has_amount)
        buffer_append_text(text, limit->either ? " or " : " and ");
    if (limit->has_amount)
        buffer_format(text, "%g", limit->amount);
}

enum gate_outcome gate_outcome_of(const struct measure *measure, const struct gate_rule *rule)
{
    if (measure->base < rule->least)
        return GATE_PASSED;
    if (is_passed(&rule->stop, measure))
        return rule->action == GATE_FREEZE ? GATE_FROZEN : GATE_STOPPED;
    return is_passed(&rule->warn, measure) ? GATE_WARNED : GATE_PASSED;
}

static void keep(struct job *job, const struct measure *measure, enum gate_outcome outcome,
                 const char *text)
{
    const char *reason = outcome == GATE_ACCEPTED ? job->accept_reason : NULL;
    const char *outcome_name = outcome_names[outcome];
    job->gates = memory_grow(job->gates, &job->gates_capacity, job->report.gate_count + 1,
                             sizeof(*job->gates));
    job->gates[job->report.gate_count++] = (struct report_gate){
        gate_name(measure->gate), measure->source, measure->field, outcome_name, text, reason};
    job->report.gates = job->gates;
    struct store_gate note = {
        gate_name(measure->gate), measure->source, measure->field, outcome_name, text, reason};
    store_gate_note(job->store, &note);
}

enum gate_outcome gate_judge(struct job *job, const struct measure *measure,
                             const struct gate_rule *rule)
{
    enum gate_outcome outcome = gate_outcome_of(measure, rule);
    if (outcome > GATE_ACCEPTED && is_accepted(job, measure))
        outcome = GATE_ACCEPTED;
    if (outcome == GATE_PASSED)
        return outcome;
    struct buffer sentence = BUFFER_EMPTY;
    buffer_format(&sentence, "%s; the limit is ", measure->text);
    describe_limit(outcome == GATE_WARNED ? &rule->warn : &rule->stop, &sentence);
    const char *text = arena_text(job->arena, buffer_slice(&sentence));
    buffer_release(&sentence);
    const char *source = measure->source ? measure->source : "";
    log_warning("gate %s%s%s %s: %s%s%s", gate_name(measure->gate), *source ? " of " : "", source,
                outcome_names[outcome], text, outcome == GATE_ACCEPTED ? "; accepted: " : "",
                outcome == GATE_ACCEPTED ? job->accept_reason : "");
    keep(job, measure, outcome, text);
    return outcome;
}
