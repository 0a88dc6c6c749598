/* rule_gate.h: which values pass the first steps of a chain untouched.
 *
 *   unicode, replace, reject … ──► the bytes and lengths that they may concern ──► one look a value
 *
 * Worked out once from the steps as they are bound, so that it holds whatever a rule file says. */
#ifndef CUST360_STANDARDIZE_RULE_GATE_H
#define CUST360_STANDARDIZE_RULE_GATE_H

#include "standardize/rule/rule.h"
#include "standardize/text/unicode.h"

#include <limits.h>

enum { GATE_LENGTH_MAX = 63 }; /* this bit stands for all greater lengths too */

struct rule_gate {
    size_t step_count; /* so many steps are looked at: those before match and check */
    bool plain_only;   /* they concern no byte but those that are not plain */
    uint64_t
        lengths[UCHAR_MAX + 1]; /* by first byte: bit n: of n bytes, a pattern may concern it */
    const struct listed_lengths *listed; /* of the values that a step lists; or NULL */
    unsigned char any[UCHAR_MAX + 1];    /* by byte: a value with one of these may be concerned */
};

/* The gate of a rule whose steps are bound; lives in the arena. */
const struct rule_gate *rule_gate_make(const struct rule *rule, struct arena *arena);

/* The step to begin with, for a value that is trimmed. */
static inline size_t rule_gate_pass(const struct rule_gate *gate, struct slice value)
{
    if (!gate || gate->step_count == 0 || value.length == 0)
        return 0;
    const unsigned char *bytes = (const unsigned char *)value.data;
    size_t length = value.length < GATE_LENGTH_MAX ? value.length : GATE_LENGTH_MAX;
    if (gate->lengths[bytes[0]] >> length & 1 ||
        (gate->listed && may_be_listed(gate->listed, value)))
        return 0;
    if (gate->plain_only)
        return unicode_is_plain(value) ? gate->step_count : 0;
    unsigned any = 0;
    for (size_t i = 0; i < value.length; i++)
        any |= gate->any[bytes[i]];
    return any ? 0 : gate->step_count;
}

#endif
