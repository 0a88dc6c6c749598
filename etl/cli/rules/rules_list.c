#include "cli/rules.h"
#include "cust360/base/json.h"
#include "cust360/standardize.h"

#include <stdio.h>

static void list_step_json(struct json_writer *json, const struct step_summary *step)
{
    json_object_begin(json, NULL);
    if (step->name[0])
        json_text(json, "name", slice_of(step->name));
    json_text(json, "action", slice_of(step->action));
    json_text(json, "subject", slice_of(step->subject));
    json_text(json, "place", slice_of(step->place));
    if (step->code) {
        json_text(json, "code", slice_of(step->code));
        json_text(json, "severity", slice_of(severity_names[step->severity]));
        json_text(json, "message", slice_of(step->message));
    }
    json_object_end(json);
}

static void list_text(struct json_writer *json, const char *key, const char *text)
{
    if (text)
        json_text(json, key, slice_of(text));
}

static void list_sayings_json(const struct rules_session *session, size_t index, size_t count,
                              struct json_writer *json)
{
    json_array_begin(json, "findings");
    for (size_t i = 0; i < count; i++) {
        struct rule_saying said;
        rules_saying(session->rules, index, i, session->arena, &said);
        json_object_begin(json, NULL);
        json_text(json, "code", slice_of(said.code));
        list_text(json, "severity", said.severity);
        list_text(json, "message", said.message);
        list_text(json, "advice", said.advice);
        json_text(json, "place", slice_of(said.place));
        json_object_end(json);
    }
    json_array_end(json);
}

static void list_json(const struct rules_session *session, size_t only)
{
    struct buffer text = BUFFER_EMPTY;
    struct json_writer json = JSON_WRITER(&text);
    json_array_begin(&json, NULL);
    for (size_t i = 0; i < rules_count(session->rules); i++) {
        struct rule_summary rule;
        if (only != SIZE_MAX && only != i)
            continue;
        rules_summary(session->rules, i, &rule);
        json_object_begin(&json, NULL);
        json_text(&json, "kind", slice_of(rule.kind));
        json_text(&json, "label", slice_of(rule.label));
        json_text(&json, "standard", slice_of(rule.standard));
        json_text(&json, "file", slice_of(rule.path));
        json_integer(&json, "tests", (int64_t)rule.test_count);
        json_array_begin(&json, "steps");
        for (size_t s = 0; s < rule.step_count; s++) {
            struct step_summary step;
            rules_step(session->rules, i, s, session->arena, &step);
            list_step_json(&json, &step);
        }
        json_array_end(&json);
        list_sayings_json(session, i, rule.saying_count, &json);
        json_object_end(&json);
    }
    json_array_end(&json);
    buffer_append_byte(&text, '\n');
    command_print(buffer_slice(&text));
    buffer_release(&text);
}

static void list_kinds(const struct rules_session *session)
{
    for (size_t i = 0; i < rules_count(session->rules); i++) {
        struct rule_summary rule;
        rules_summary(session->rules, i, &rule);
        printf("%-16s %2zu steps %3zu tests  %-36s %s\n", rule.kind, rule.step_count,
               rule.test_count, rule.label, rule.path);
    }
}

static void list_kind(const struct rules_session *session, size_t index)
{
    struct rule_summary rule;
    rules_summary(session->rules, index, &rule);
    printf("%s: %s%s%s\n", rule.kind, rule.label, rule.standard[0] ? "; " : "", rule.standard);
    for (size_t i = 0; i < rule.step_count; i++) {
        struct step_summary step;
        rules_step(session->rules, index, i, session->arena, &step);
        printf("%2zu  %s: %s%s%s %s\n", i + 1, step.place, step.action, step.name[0] ? " " : "",
               step.name, step.subject);
        if (step.code)
            printf("    %s %s: %s\n", severity_names[step.severity], step.code, step.message);
    }
    for (size_t i = 0; i < rule.saying_count; i++) {
        struct rule_saying said;
        rules_saying(session->rules, index, i, session->arena, &said);
        printf("finding %s%s%s: %s%s%s\n", said.code, said.severity ? " as " : "",
               said.severity ? said.severity : "", said.message ? said.message : "",
               said.message && said.advice ? " " : "", said.advice ? said.advice : "");
    }
    printf("%zu tests\n", rule.test_count);
}

int rules_list_run(struct rules_session *session, const char **arguments, size_t count)
{
    struct error error;
    size_t index = SIZE_MAX;
    if (count > 0) {
        index = rules_index(session->rules, arguments[0], &error);
        if (index == SIZE_MAX)
            return command_failed(&error);
    }
    if (session->json)
        list_json(session, index);
    else if (index == SIZE_MAX)
        list_kinds(session);
    else
        list_kind(session, index);
    return EXIT_DONE;
}
