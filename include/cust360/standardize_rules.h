/* standardize_rules.h: rules as the people who write them see them.
 *
 * A rule set is what rules_load (standardize.h) gives: a rule file a kind, each a chain of steps.
 * Here is what is needed to list them, to run the tests that they carry, and to show what each
 * step makes of a value. Nothing here is on the path of a run.
 *
 * A place is "file:line"; texts live as long as the rules, or in the arena that was given. */
#ifndef CUST360_RULES_H
#define CUST360_RULES_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/record.h"

struct rules;
struct explainer;

/* Loads the rule files of a folder with the reference tables of another, without a project. */
struct rules *rules_open(const char *rules_folder, const char *reference_folder, int32_t as_of_days,
                         struct error *error);

/* One file by itself, a rule file or a dealer's own rules; the group's rules must outlive it. */
struct rules *rules_open_file(const char *path, const struct rules *group, struct error *error);

/* ---- what there is ---- */

struct rule_summary {
    const char *kind;
    const char *label;
    const char *standard; /* may be empty */
    const char *path;
    size_t step_count;
    size_t test_count;
    size_t saying_count;
};

/* What a rule file says of a finding of its checks. */
struct rule_saying {
    const char *code;
    const char *severity; /* NULL: the check's */
    const char *message;  /* NULL: the check's */
    const char *advice;   /* or NULL */
    const char *place;
};

struct step_summary {
    const char *action;  /* unicode, replace, reject, match, check */
    const char *subject; /* the form, the pattern, the first listed values, the check's name */
    const char *name;    /* empty: it has none */
    const char *place;
    const char *code;    /* reject, match: of its finding; else NULL, as are those below */
    const char *message; /* for the dealer's clerk */
    enum severity severity;
};

size_t rules_count(const struct rules *rules);

/* `index`: below rules_count; `step`, `saying`: below their counts. */
void rules_summary(const struct rules *rules, size_t index, struct rule_summary *summary);
void rules_step(const struct rules *rules, size_t index, size_t step, struct arena *arena,
                struct step_summary *summary);

void rules_saying(const struct rules *rules, size_t index, size_t saying, struct arena *arena,
                  struct rule_saying *said);

/* The index of a kind; SIZE_MAX with exit code 2 and a hint when there is none. */
size_t rules_index(const struct rules *rules, const char *kind, struct error *error);

/* ---- what becomes of a value ---- */

struct rule_finding {
    const char *code;
    const char *place; /* of the step: "mobile.yaml:14"; empty: built in */
    const char *message;
    enum severity severity;
    bool proposes; /* the canonical form is what the value should be */
};

struct check_part {
    const char *name;
    struct slice text;
};

struct explained_step {
    struct step_summary step;
    bool matched; /* it did something: changed the value, or made a finding */
    struct slice before;
    struct slice after; /* empty: refused, or nothing was left */
    const struct rule_finding *findings;
    size_t finding_count;
};

struct explanation {
    struct slice value; /* canonical; empty: refused, or nothing was left */
    bool refused;
    const struct check_part *parts;
    size_t part_count;
    const struct rule_finding *findings; /* of all steps */
    size_t finding_count;
    const struct explained_step *steps; /* as far as the value came; none unless asked for */
    size_t step_count;
};

struct rule_question {
    size_t index;       /* of the kind */
    struct slice value; /* valid UTF-8 */
    const char *format; /* a mapping's hint, or NULL */
    bool steps;         /* what each step made of it */
};

/* Runs questions, one after the other; not to be shared by threads. */
struct explainer *explainer_create(const struct rules *rules);
void explainer_destroy(struct explainer *explainer);

/* False: a pattern hit its limit; the error names its place. */
bool explainer_run(struct explainer *explainer, const struct rule_question *question,
                   struct arena *arena, struct explanation *explanation, struct error *error);

/* ---- the tests that rules carry ---- */

struct rule_failure {
    const char *kind;
    const char *file;
    uint64_t line;
    uint64_t column;
    struct slice input;   /* of the test; empty: it is the rule itself that falls short */
    const char *aspect;   /* what is not as expected: "value", "finding", "part key" … */
    const char *expected; /* empty: nothing */
    const char *got;      /* empty: nothing */
};

struct rule_listener {
    void (*hear)(void *context,
                 const struct rule_failure *failure); /* which lives until it returns */
    void *context;
};

struct rule_trials {
    size_t tests, failures;
};

/* Runs the tests of one kind (its index) or, with SIZE_MAX, of all, and those of the dealers' own
 * rules. False: a test is not written as it must be, or a pattern hit its limit. */
bool rules_try(const struct rules *rules, size_t index, const struct rule_listener *listener,
               struct rule_trials *trials, struct error *error);

/* A failure in a line: file:line:column: what was expected and what came. */
void rule_failure_describe(const struct rule_failure *failure, struct buffer *text);

#endif
