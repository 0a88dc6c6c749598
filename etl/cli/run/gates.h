/* gates.h: what is measured before publishing, and what comes of it.
 *
 *   measure ──► limits of cust360.yaml ──► passed, or: warned, accepted, frozen, stopped
 *
 * gates.c judges; gates_source.c measures a source that has been read, gates_run.c the run. */
#ifndef CUST360_CLI_GATES_H
#define CUST360_CLI_GATES_H

#include "cli/command.h"
#include "cli/run/job.h"

enum gate_outcome { GATE_PASSED, GATE_WARNED, GATE_ACCEPTED, GATE_FROZEN, GATE_STOPPED };

struct measure {
    enum gate_kind gate;
    const char *source; /* NULL: of the run */
    const char *field;  /* "customer.mobile"; NULL: of none */
    double amount;      /* against a limit like "200" */
    double percent;     /* against one like "5 %" */
    double base;        /* against `least` */
    const char *text;   /* what was measured, as a clause */
};

/* A share in percent; of nothing it is without bound unless it is nothing itself. */
double gate_percent(double part, double whole);

/* How far a value has moved in the rule's direction; 0 when it moved the other way. */
double gate_change(const struct gate_rule *rule, double former, double now);

/* What the rule says of a measure; whether somebody accepts it is not asked. */
enum gate_outcome gate_outcome_of(const struct measure *measure, const struct gate_rule *rule);

/* Compares a measure with the rule, tells of what it passes, and keeps it for report and state. */
enum gate_outcome gate_judge(struct job *job, const struct measure *measure,
                             const struct gate_rule *rule);

/* Reads --accept and --reason. */
bool gates_accept(struct job *job, const struct invocation *invocation, struct error *error);

/* Warns of what --accept named and no gate asked for. */
void gates_tell_unused(const struct job *job);

/* The gates of a source that store_source_count has counted. FROZEN: its reading is to be taken
 * back, for the reason in *why. */
bool gates_of_source(struct job *job, const struct source *source,
                     const struct store_counts *counts, enum gate_outcome *worst, struct error *why,
                     struct error *error);

/* Required and stale sources, and the gates of the run. False: nothing may be published. */
bool gates_of_run(struct job *job, struct error *error);

#endif
