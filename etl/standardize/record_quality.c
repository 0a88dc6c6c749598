/* How good a record is: what became of each field, and what contradicts itself. */
#include "standardize/record_make.h"

/* Bytes of the white space at `position`, or 0: blanks and tabs, no-break, ideographic. */
static size_t blank_bytes(struct slice text, size_t position)
{
    const char *byte = text.data + position;
    size_t left = text.length - position;
    if (*byte == ' ' || (*byte >= '\t' && *byte <= '\r'))
        return 1;
    if (left >= 2 && memcmp(byte, "\xC2\xA0", 2) == 0)
        return 2;
    return left >= 3 && memcmp(byte, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

static size_t pass_blanks(struct slice text, size_t position)
{
    size_t bytes = 1;
    while (position < text.length && bytes > 0) {
        bytes = blank_bytes(text, position);
        position += bytes;
    }
    return position;
}

/* Where the texts part company: at the beginning of a character. */
static size_t common_start(struct slice a, struct slice b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    size_t i = 0;
    while (i < shorter && a.data[i] == b.data[i])
        i++;
    while (i > 0 && i < shorter && ((unsigned char)a.data[i] & 0xC0) == 0x80)
        i--;
    return i;
}

static bool equal_but_for_blanks(struct slice a, struct slice b)
{
    size_t start = common_start(a, b);
    size_t i = pass_blanks(a, start);
    size_t j = pass_blanks(b, start);
    while (i < a.length && j < b.length) {
        if (a.data[i] != b.data[j])
            return false;
        i = pass_blanks(a, i + 1);
        j = pass_blanks(b, j + 1);
    }
    return i >= a.length && j >= b.length;
}

void mark_field(struct making *making, size_t field, struct slice from)
{
    const struct rule_result *result = &making->standardizer->result;
    struct slice value = making->values[field];
    unsigned mark = 0;
    for (size_t i = 0; i < result->finding_count; i++)
        mark |= result->findings[i].severity == SEVERITY_WARNING ? FIELD_WARNED : 0U;
    if (result->refused)
        mark |= FIELD_REFUSED;
    else if (value.length > 0 && !slice_equal(value, from) && !equal_but_for_blanks(value, from))
        mark |= FIELD_REPAIRED;
    making->marks[field] = (unsigned char)mark;
}

static void find_contradiction(struct making *making, const struct model_field *derived,
                               struct slice told)
{
    size_t field = derived->agrees_with;
    struct slice value = making->values[field];
    const struct model_entity *entity = making->entity->model;
    if (value.length == 0 || slice_equal(value, told))
        return;
    struct rule_finding found = {
        "contradiction", "",
        arena_format(making->arena,
                     "%s and %s contradict each other: compare both with the document.",
                     entity->fields[field].label, entity->fields[derived->from].label),
        SEVERITY_WARNING, false};
    struct found_text text = found_text_of(making, field, value);
    text.proposal = told;
    add_record_finding(making, field, &found, &text);
    making->marks[field] |= FIELD_WARNED;
}

void find_contradictions(struct making *making)
{
    const struct entity_plan *plan = making->entity;
    for (size_t i = 0; i < plan->agreement_count; i++) {
        size_t field = plan->agreements[i];
        if (making->values[field].length > 0)
            find_contradiction(making, plan->fields[field].model, making->values[field]);
    }
}
