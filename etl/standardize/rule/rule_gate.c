#include "standardize/rule/rule_gate.h"

/* Values of `shortest` bytes or more that begin with the byte. */
static void concern_first(struct rule_gate *gate, unsigned byte, size_t shortest)
{
    gate->lengths[byte] |= UINT64_MAX << (shortest < GATE_LENGTH_MAX ? shortest : GATE_LENGTH_MAX);
}

static void concern_all(struct rule_gate *gate, size_t shortest)
{
    for (unsigned byte = 0; byte <= UCHAR_MAX; byte++)
        concern_first(gate, byte, shortest);
}

/* Printable ASCII and the ideographs U+4000 to U+9FFF (lead bytes E4 to E9) stay as they are. */
static void add_unicode(struct rule_gate *gate)
{
    for (unsigned byte = 0; byte <= UCHAR_MAX; byte++)
        gate->any[byte] |=
            byte < ' ' || byte == 0x7F || (byte >= 0xC0 && byte <= 0xE3) || byte >= 0xEA;
    gate->plain_only = true;
}

static void add_pattern(struct rule_gate *gate, const struct pattern *pattern)
{
    struct pattern_need need;
    pattern_need(pattern, &need);
    if (!need.has_first) {
        concern_all(gate, need.shortest);
        return;
    }
    for (unsigned byte = 0; byte <= UCHAR_MAX; byte++) {
        if (!(need.first[byte / CHAR_BIT] & 1U << byte % CHAR_BIT))
            continue;
        if (need.anchored) {
            concern_first(gate, byte, need.shortest);
        } else {
            gate->plain_only = gate->plain_only && gate->any[byte];
            gate->any[byte] = 1;
        }
    }
}

/* Of more than one list any may be concerned. */
static void add_values(struct listed_lengths *all, const struct listed_lengths *listed)
{
    for (unsigned byte = 0; byte <= UCHAR_MAX; byte++) {
        all->first[byte] |= listed->first[byte];
        all->middle[byte] |= listed->middle[byte];
        all->last[byte] |= listed->last[byte];
    }
}

const struct rule_gate *rule_gate_make(const struct rule *rule, struct arena *arena)
{
    struct rule_gate *gate = arena_allocate(arena, sizeof(*gate));
    struct listed_lengths *listed = NULL;
    for (; gate->step_count < rule->step_count; gate->step_count++) {
        const struct rule_step *step = &rule->steps[gate->step_count];
        if (step->kind == STEP_MATCH || step->kind == STEP_CHECK)
            break;
        if (step->kind == STEP_UNICODE && step->form != UNICODE_NONE)
            add_unicode(gate);
        if (step->values && !listed)
            gate->listed = listed = arena_allocate(arena, sizeof(*listed));
        if (step->values)
            add_values(listed, step->listed);
        if (step->pattern)
            add_pattern(gate, step->pattern);
    }
    return gate;
}
