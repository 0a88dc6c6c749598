#include "cli/rules.h"
#include "cust360/base/json.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "cust360/standardize.h"

#include <errno.h>
#include <stdio.h>

/* ---- what cannot be seen ---- */

/* Spaces other than U+0020, controls, joiners and marks of direction, variation selectors, private
 * use, and what stands for undecodable bytes. */
static bool is_odd(uint32_t point)
{
    static const struct {
        uint32_t first;
        uint32_t last;
    } ranges[] = {{0x00, 0x1F},     {0x7F, 0xA0},       {0xAD, 0xAD},     {0x1680, 0x1680},
                  {0x180E, 0x180E}, {0x2000, 0x200F},   {0x2028, 0x202F}, {0x205F, 0x206F},
                  {0x3000, 0x3000}, {0xE000, 0xF8FF},   {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF},
                  {0xFFF0, 0xFFFD}, {0xF0000, 0x10FFFF}};
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

void quote_visibly(struct buffer *buffer, struct slice text)
{
    static const char letters[] = "\t\n\r\\'";
    static const char *const escapes[] = {"\\t", "\\n", "\\r", "\\\\", "\\'"};
    buffer_append_byte(buffer, '\'');
    for (size_t position = 0; position < text.length;) {
        uint32_t point = text_next(text, &position);
        const char *known = point && point < 0x80 ? strchr(letters, (int)point) : NULL;
        if (known)
            buffer_append_text(buffer, escapes[known - letters]);
        else if (is_odd(point))
            buffer_format(buffer, "\\u{%04X}", (unsigned)point);
        else
            text_append(buffer, point);
    }
    buffer_append_byte(buffer, '\'');
}

/* ---- as JSON ---- */

static bool is_valid(const struct explanation *explanation)
{
    return !explanation->refused && explanation->value.length > 0;
}

static void json_findings(struct json_writer *json, const struct rule_finding *findings,
                          size_t count)
{
    json_array_begin(json, "findings");
    for (size_t i = 0; i < count; i++) {
        json_object_begin(json, NULL);
        json_text(json, "code", slice_of(findings[i].code));
        json_text(json, "severity", slice_of(severity_names[findings[i].severity]));
        json_text(json, "message", slice_of(findings[i].message));
        json_text(json, "rule", slice_of(findings[i].place));
        json_object_end(json);
    }
    json_array_end(json);
}

/* The part `type` is what a kind says the value is: resident, passport, new_energy … */
static void json_parts(struct json_writer *json, const struct explanation *explanation)
{
    size_t type = SIZE_MAX;
    for (size_t i = 0; i < explanation->part_count; i++)
        if (strcmp(explanation->parts[i].name, "type") == 0)
            type = i;
    if (type == SIZE_MAX)
        json_null(json, "type");
    else
        json_text(json, "type", explanation->parts[type].text);
    json_object_begin(json, "parts");
    for (size_t i = 0; i < explanation->part_count; i++)
        json_text(json, explanation->parts[i].name, explanation->parts[i].text);
    json_object_end(json);
}

static void json_steps(struct json_writer *json, const struct explanation *explanation)
{
    json_array_begin(json, "steps");
    for (size_t i = 0; i < explanation->step_count; i++) {
        const struct explained_step *step = &explanation->steps[i];
        json_object_begin(json, NULL);
        json_text(json, "action", slice_of(step->step.action));
        json_text(json, "subject", slice_of(step->step.subject));
        if (step->step.name[0])
            json_text(json, "name", slice_of(step->step.name));
        json_text(json, "place", slice_of(step->step.place));
        json_boolean(json, "matched", step->matched);
        json_text(json, "before", step->before);
        json_text(json, "after", step->after);
        json_findings(json, step->findings, step->finding_count);
        json_object_end(json);
    }
    json_array_end(json);
}

static void describe_json(struct json_writer *json, struct slice input,
                          const struct explanation *explanation)
{
    json_object_begin(json, NULL);
    json_text(json, "input", input);
    json_boolean(json, "valid", is_valid(explanation));
    json_text(json, "value", explanation->value);
    json_parts(json, explanation);
    json_findings(json, explanation->findings, explanation->finding_count);
    if (explanation->step_count > 0)
        json_steps(json, explanation);
    json_object_end(json);
    buffer_append_byte(json->buffer, '\n');
}

/* ---- for people ---- */

static void describe_findings(struct buffer *text, const struct rule_finding *findings,
                              size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_format(text, "   %s %s: %s\n", severity_names[findings[i].severity],
                      findings[i].code, findings[i].message);
}

static const char *outcome_text(const struct explained_step *step)
{
    if (step->step.action[0] == 'm')
        return step->matched ? "matches" : "does not match";
    if (step->step.action[0] == 'c')
        return step->finding_count ? "finds" : "passes";
    return step->matched ? "matches" : "no match";
}

static void describe_step(struct buffer *text, size_t number, const struct explained_step *step)
{
    buffer_format(text, "%zu  %s  %s%s%s %s\n   %s", number, step->step.place, step->step.action,
                  step->step.name[0] ? " " : "", step->step.name, step->step.subject,
                  outcome_text(step));
    if (slice_equal(step->before, step->after)) {
        buffer_append_text(text, ", the value stays\n");
    } else {
        buffer_append_text(text, ": ");
        quote_visibly(text, step->before);
        buffer_append_text(text, " becomes ");
        quote_visibly(text, step->after);
        buffer_append_byte(text, '\n');
    }
    describe_findings(text, step->findings, step->finding_count);
}

static void describe_text(const struct rule_summary *rule, struct slice input,
                          const struct explanation *explanation, struct buffer *text)
{
    buffer_format(text, "%s: %s (%s)\ninput: ", rule->kind, rule->label, rule->path);
    quote_visibly(text, input);
    buffer_append_byte(text, '\n');
    for (size_t i = 0; i < explanation->step_count; i++)
        describe_step(text, i + 1, &explanation->steps[i]);
    if (explanation->step_count == 0) /* too long, or nothing but white space */
        describe_findings(text, explanation->findings, explanation->finding_count);
    if (is_valid(explanation)) {
        buffer_append_text(text, "valid: ");
        quote_visibly(text, explanation->value);
        buffer_append_byte(text, '\n');
    } else {
        buffer_append_text(text, explanation->refused ? "refused\n" : "empty\n");
    }
    for (size_t i = 0; i < explanation->part_count; i++) {
        buffer_format(text, "  %s: ", explanation->parts[i].name);
        quote_visibly(text, explanation->parts[i].text);
        buffer_append_byte(text, '\n');
    }
}

/* ---- one value, or standard input ---- */

static bool explain_one(const struct rules_session *session, struct explainer *explainer,
                        const struct rule_question *question, struct error *error)
{
    struct explanation explanation;
    if (!text_is_valid(question->value, NULL))
        return error_set(error, EXIT_USAGE, "the value is not UTF-8");
    if (!explainer_run(explainer, question, session->arena, &explanation, error))
        return false;
    struct buffer text = BUFFER_EMPTY;
    struct rule_summary rule;
    rules_summary(session->rules, question->index, &rule);
    if (session->json) {
        struct json_writer json = JSON_WRITER(&text);
        describe_json(&json, question->value, &explanation);
    } else {
        describe_text(&rule, question->value, &explanation, &text);
    }
    command_print(buffer_slice(&text));
    buffer_release(&text);
    return true;
}

/* A value of standard input; what is not UTF-8 is a finding of its own, as in a run. */
static bool explain_line(struct explainer *explainer, const struct rule_question *question,
                         struct buffer *text, struct arena *arena, struct error *error)
{
    static const struct rule_finding not_utf8 = {
        "encoding", "", "The value is not UTF-8; look at the encoding of the file.", SEVERITY_ERROR,
        false};
    struct explanation explanation = {.refused = true, .findings = &not_utf8, .finding_count = 1};
    if (text_is_valid(question->value, NULL) &&
        !explainer_run(explainer, question, arena, &explanation, error))
        return false;
    struct json_writer json = JSON_WRITER_COMPACT(text);
    buffer_clear(text);
    describe_json(&json, question->value, &explanation);
    command_print(buffer_slice(text));
    return true;
}

/* The line without its end; false at the end of the input. */
static bool read_line(struct buffer *line)
{
    int byte = 0;
    buffer_clear(line);
    while ((byte = getc_unlocked(stdin)) != EOF && byte != '\n')
        buffer_append_byte(line, (char)byte);
    if (line->length > 0 && line->data[line->length - 1] == '\r')
        line->length--;
    return byte != EOF || line->length > 0;
}

static bool explain_lines(struct explainer *explainer, struct rule_question *question,
                          struct error *error)
{
    struct arena *arena = arena_create();
    struct buffer line = BUFFER_EMPTY;
    struct buffer text = BUFFER_EMPTY;
    bool done = true;
    while (done && read_line(&line)) {
        question->value = buffer_slice(&line);
        done = explain_line(explainer, question, &text, arena, error);
        arena_reset(arena);
    }
    if (done && ferror(stdin))
        done = error_set_system(error, EXIT_FAILED, errno, "could not read standard input");
    buffer_release(&line);
    buffer_release(&text);
    arena_destroy(arena);
    return done;
}

int rules_explain_run(struct rules_session *session, const char **arguments, size_t count)
{
    struct error error;
    (void)count;
    struct rule_question question = {
        .index = rules_index(session->rules, arguments[0], &error),
        .value = slice_of(arguments[1]),
        .format = invocation_option(session->invocation, "hint"),
        .steps = true,
    };
    if (question.index == SIZE_MAX)
        return command_failed(&error);
    struct explainer *explainer = explainer_create(session->rules);
    bool from_input = strcmp(arguments[1], "-") == 0;
    question.steps = !from_input;
    bool done = from_input ? explain_lines(explainer, &question, &error)
                           : explain_one(session, explainer, &question, &error);
    explainer_destroy(explainer);
    return done ? EXIT_DONE : command_failed(&error);
}
