/* check.h: what a rule file can only name: checks that need code.
 *
 * A check takes a value that has passed the patterns of its kind and may give it its
 * canonical form, refuse it, warn about it, and name its parts (which the model's derived fields
 * take). One check = one file = one constant = one row of the table in checks.c. A check is a
 * pure function of its input: no state, thread safe. */
#ifndef CUST360_STANDARDIZE_CHECK_H
#define CUST360_STANDARDIZE_CHECK_H

#include "cust360/base/pattern.h"
#include "cust360/standardize.h"
#include "cust360/standardize_rules.h"

enum { CHECK_PARTS = 16, CHECK_FINDINGS = 6 };

struct reference;    /* the reference tables (reference.h) */
struct place_memory; /* places_memory.h */

struct check_input {
    struct slice value; /* valid UTF-8, not empty */
    const char *format; /* the mapping's hint, e.g. "d/m/y"; or NULL */
    const struct reference *reference;
    const struct model_entity *entity; /* NULL when a value is looked at alone (rule tests) */
    const struct slice *values;        /* the record's fields standardized before this one */
    int32_t as_of_days;                /* today */
    int as_of_year;                    /* its year */
    bool thorough;                     /* no shortcut is to be taken within the check either */
    struct place_memory *memories;     /* this thread's, see places_memory.h; or NULL */
    struct matcher *matcher;           /* this thread's, for patterns of the reference tables */
    struct arena *arena;               /* owns what the output points at */
};

struct check_finding {
    const char *code;
    const char *message;
    enum severity severity;
};

struct check_output {
    struct slice value; /* canonical form; starts as the input's; empty: nothing is left */
    struct check_part parts[CHECK_PARTS]; /* none is empty */
    size_t part_count;
    struct check_finding findings[CHECK_FINDINGS];
    size_t finding_count;
};

typedef void check_function(const struct check_input *input, struct check_output *output);

/* The short way for values as nearly all are: gives what `run` gives, or false, having put nothing
 * that counts, when the value is not so plain that it can tell. The output may not point at the
 * input's value. */
typedef bool check_brief_function(const struct check_input *input, struct check_output *output);

struct check {
    const char *name; /* as rule files write it: `check: cn_id` */
    check_function *run;
    check_brief_function *brief; /* NULL: there is no short way */
};

/* For use inside checks; more parts or findings than fit are dropped, and empty parts. */
static inline void check_add_part(struct check_output *output, const char *name, struct slice text)
{
    if (output->part_count < CHECK_PARTS && text.length > 0)
        output->parts[output->part_count++] = (struct check_part){name, text};
}
void check_add_finding(struct check_output *output, enum severity severity, const char *code,
                       const char *message);

/* A field of the record by its name, when it stands before this one; else empty. */
struct slice check_field(const struct check_input *input, const char *field);

/* Whether a check asks for a field of this name: each that does is told here. */
bool check_may_read(const char *field);

#endif
