/* The path of a value: trim ──► step ──► step … ──► canonical form. A step that refuses the value
 * ends it. */
#include "cust360/base/date.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "standardize/address/places_memory.h"
#include "standardize/rule/rule.h"
#include "standardize/rule/rule_finding.h"
#include "standardize/rule/rule_gate.h"
#include "standardize/text/unicode.h"

enum {
    VALUE_BYTES_MAX = 16384, /* longer ones are refused, so that no pattern can run for long */
    LISTED_BYTES_MAX = 63    /* of the values that `reject` lists */
};

/* A value on its way. */
struct passage {
    const struct rule *rule;
    struct rule_context *context;
    const struct rule_input *input;
    struct rule_result *result;
    struct error *error;
    bool owned; /* the value lives in the arena already */
};

void rule_context_open(struct rule_context *context, const struct reference *reference,
                       int32_t as_of_days)
{
    memset(context, 0, sizeof(*context));
    context->reference = reference;
    context->as_of_days = as_of_days;
    context->as_of_year = date_from_days(as_of_days).year;
    context->matcher = matcher_create();
    context->memories = memory_allocate_array(PLACE_MEMORIES, sizeof(*context->memories));
}

void rule_context_close(struct rule_context *context)
{
    matcher_destroy(context->matcher);
    memory_free(context->memories);
    buffer_release(&context->buffer);
}

void rule_context_be_thorough(struct rule_context *context)
{
    context->thorough = true;
    matcher_be_thorough(context->matcher);
}

static void add_finding(struct rule_result *result, struct rule_finding finding)
{
    if (finding.severity >= SEVERITY_ERROR)
        result->refused = true;
    if (result->finding_count < RULE_FINDINGS)
        result->findings[result->finding_count++] = finding;
}

static void add_step_finding(struct passage *passage, const struct rule_step *step)
{
    add_finding(passage->result, (struct rule_finding){step->code, step->place, step->message,
                                                       step->severity, false});
}

static void add_part(struct rule_result *result, struct check_part part)
{
    if (result->part_count < RULE_PARTS && part.text.length > 0)
        result->parts[result->part_count++] = part;
}

/* The same for parts that are known not to be empty. */
static void add_parts(struct rule_result *result, const struct check_part *parts, size_t count)
{
    if (count > RULE_PARTS - result->part_count)
        count = RULE_PARTS - result->part_count;
    memcpy(result->parts + result->part_count, parts, count * sizeof(*parts));
    result->part_count += count;
}

/* The buffer's text becomes the value. */
static void take_buffer(struct passage *passage)
{
    struct slice text = rule_trim(buffer_slice(&passage->context->buffer));
    passage->result->value = arena_copy(passage->input->arena, text);
    passage->owned = true;
}

static void own_value(struct passage *passage)
{
    if (!passage->owned && passage->result->value.length > 0)
        passage->result->value = arena_copy(passage->input->arena, passage->result->value);
    passage->owned = true;
}

static bool limit_reached(const struct rule_step *step, struct error *error)
{
    node_error(step->node, error, "the pattern takes too long on a value");
    return error_hint(error,
                      "Write it without nested repetition such as (a+)+; see pcre2pattern(3).");
}

static bool run_unicode(struct passage *passage, const struct rule_step *step)
{
    struct slice value = passage->result->value;
    if (step->form == UNICODE_NONE || (!passage->context->thorough && unicode_is_plain(value)))
        return true;
    buffer_clear(&passage->context->buffer);
    if (step->form == UNICODE_FOLD)
        unicode_fold(passage->context->reference, value, &passage->context->buffer);
    else
        unicode_nfkc(value, &passage->context->buffer);
    take_buffer(passage);
    return true;
}

static bool run_replace(struct passage *passage, const struct rule_step *step)
{
    struct buffer *buffer = &passage->context->buffer;
    buffer_clear(buffer);
    enum pattern_result found = pattern_replace(step->pattern, passage->context->matcher,
                                                passage->result->value, step->with, buffer);
    if (found == PATTERN_LIMIT)
        return limit_reached(step, passage->error);
    if (found == PATTERN_MATCH)
        take_buffer(passage);
    return true;
}

/* Listed values are compared without regard to the case of ASCII letters. */
static bool is_listed(const struct passage *passage, const struct rule_step *step)
{
    struct slice value = passage->result->value;
    char lower[LISTED_BYTES_MAX];
    if (!step->values || value.length > LISTED_BYTES_MAX)
        return false;
    if (!passage->context->thorough && !may_be_listed(step->listed, value))
        return false;
    for (size_t i = 0; i < value.length; i++) {
        char byte = value.data[i];
        lower[i] = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
    }
    return map_number(step->values, slice_make(lower, value.length)) != MAP_NONE;
}

static bool run_reject(struct passage *passage, const struct rule_step *step)
{
    bool found = is_listed(passage, step);
    if (!found && step->pattern) {
        enum pattern_result matched =
            pattern_match(step->pattern, passage->context->matcher, passage->result->value);
        if (matched == PATTERN_LIMIT)
            return limit_reached(step, passage->error);
        found = matched == PATTERN_MATCH;
    }
    if (found)
        add_step_finding(passage, step);
    return true;
}

static void take_pieces(struct passage *passage, const struct rule_step *step)
{
    struct buffer *buffer = &passage->context->buffer;
    buffer_clear(buffer);
    for (size_t i = 0; i < step->piece_count; i++) {
        const struct take_piece *piece = &step->pieces[i];
        buffer_append(buffer, piece->group < 0
                                  ? piece->literal
                                  : matcher_group(passage->context->matcher, piece->group));
    }
    take_buffer(passage);
}

static bool run_match(struct passage *passage, const struct rule_step *step)
{
    struct matcher *matcher = passage->context->matcher;
    enum pattern_result found = pattern_match(step->pattern, matcher, passage->result->value);
    if (found == PATTERN_LIMIT)
        return limit_reached(step, passage->error);
    if (found == PATTERN_NO_MATCH) {
        add_step_finding(passage, step);
        return true;
    }
    for (size_t i = 0; i < step->group_count; i++) {
        struct slice text =
            arena_copy(passage->input->arena, matcher_group(matcher, step->groups[i].group));
        add_part(passage->result, (struct check_part){step->groups[i].name, text});
    }
    if (step->piece_count > 0)
        take_pieces(passage, step);
    return true;
}

/* The short way, where the value takes it; else the long one. */
static void ask_check(struct passage *passage, const struct check *check, struct check_input *asked,
                      struct check_output *answer)
{
    answer->part_count = 0;
    answer->finding_count = 0;
    if (check->brief && !passage->context->thorough && check->brief(asked, answer)) {
        passage->owned = true;
        return;
    }
    own_value(passage);
    asked->value = passage->result->value;
    answer->value = asked->value;
    answer->part_count = 0;
    answer->finding_count = 0;
    check->run(asked, answer);
}

static bool run_check(struct passage *passage, const struct rule_step *step)
{
    const struct rule_input *input = passage->input;
    struct check_input asked = {.value = passage->result->value,
                                .format = input->format ? input->format : passage->rule->format,
                                .reference = passage->context->reference,
                                .entity = input->entity,
                                .values = input->values,
                                .as_of_days = passage->context->as_of_days,
                                .as_of_year = passage->context->as_of_year,
                                .thorough = passage->context->thorough,
                                .memories = passage->context->memories,
                                .matcher = passage->context->matcher,
                                .arena = input->arena};
    struct check_output answer;
    ask_check(passage, step->check, &asked, &answer);
    passage->result->value = rule_trim(answer.value);
    add_parts(passage->result, answer.parts, answer.part_count);
    for (size_t i = 0; i < answer.finding_count; i++) {
        struct rule_finding finding = {0};
        rule_finding_make(step, &answer.findings[i], input->arena, &finding);
        add_finding(passage->result, finding);
    }
    return true;
}

typedef bool step_function(struct passage *passage, const struct rule_step *step);

static step_function *const step_functions[] = {
    [STEP_UNICODE] = run_unicode, [STEP_REPLACE] = run_replace, [STEP_REJECT] = run_reject,
    [STEP_MATCH] = run_match,     [STEP_CHECK] = run_check,
};

bool rule_run(const struct rule *rule, struct rule_context *context, const struct rule_input *input,
              struct rule_result *result, struct error *error)
{
    result->value = rule_trim(input->value);
    result->refused = false;
    result->part_count = 0;
    result->finding_count = 0;
    struct passage passage = {rule, context, input, result, error, false};
    if (result->value.length > VALUE_BYTES_MAX)
        add_finding(result, (struct rule_finding){"length", "", "The text is far too long.",
                                                  SEVERITY_ERROR, false});
    size_t first = context->thorough ? 0 : rule_gate_pass(rule->gate, result->value);
    for (size_t i = first; i < rule->step_count && !result->refused && result->value.length > 0;
         i++) {
        const struct rule_step *step = &rule->steps[i];
        if (!step_functions[step->kind](&passage, step))
            return false;
    }
    if (result->refused || result->value.length == 0) {
        result->value = slice_make(NULL, 0);
        result->part_count = 0;
    }
    own_value(&passage);
    return true;
}
