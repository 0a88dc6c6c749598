#include "cli/rules.h"
#include "cust360/base/arena.h"
#include "cust360/base/file.h"
#include "cust360/base/json.h"
#include "cust360/base/text.h"
#include "cust360/standardize.h"

#include <stdio.h>

/* Where failures are told. */
struct test_report {
    struct buffer text;
    struct json_writer json; /* at the end of `text` */
    bool as_json;
    struct arena *arena;
    const char *file; /* of the line shown last; NULL: none yet */
    size_t line;
};

/* The line that a failure is of, below the first failure of it: what is to be changed. */
static void show_line(struct test_report *report, const struct rule_failure *failure)
{
    enum { FILE_BYTES_MAX = 1 << 24, SHOWN_CHARACTERS = 160 };
    struct slice content;
    struct error ignored;
    bool shown =
        report->file && strcmp(report->file, failure->file) == 0 && report->line == failure->line;
    report->file = arena_text(report->arena, slice_of(failure->file));
    report->line = failure->line;
    if (shown || !file_read(report->arena, failure->file, FILE_BYTES_MAX, &content, &ignored))
        return;
    for (size_t line = 1; line < failure->line && content.length > 0; line++) {
        ptrdiff_t end = slice_find(content, SLICE("\n"));
        content = slice_cut(content, end < 0 ? content.length : (size_t)end + 1, content.length);
    }
    ptrdiff_t end = slice_find(content, SLICE("\n"));
    content = slice_trim(slice_cut(content, 0, end < 0 ? content.length : (size_t)end));
    struct slice begin = text_prefix(content, SHOWN_CHARACTERS);
    buffer_format(&report->text, "    %.*s%s\n", SLICE_ARGUMENTS(begin),
                  begin.length < content.length ? " …" : "");
}

static void hear_failure(void *context, const struct rule_failure *failure)
{
    struct test_report *report = context;
    if (!report->as_json) {
        rule_failure_describe(failure, &report->text);
        show_line(report, failure);
        return;
    }
    struct json_writer *json = &report->json;
    json_object_begin(json, NULL);
    json_text(json, "kind", slice_of(failure->kind));
    json_text(json, "file", slice_of(failure->file));
    json_integer(json, "line", (int64_t)failure->line);
    json_integer(json, "column", (int64_t)failure->column);
    json_text(json, "in", failure->input);
    json_text(json, "aspect", slice_of(failure->aspect));
    json_text(json, "expected", slice_of(failure->expected));
    json_text(json, "got", slice_of(failure->got));
    json_object_end(json);
}

static bool run_tests(const struct rules *rules, size_t index, struct test_report *report,
                      struct rule_trials *trials, struct error *error)
{
    struct rule_listener listener = {hear_failure, report};
    report->json = (struct json_writer)JSON_WRITER(&report->text);
    if (report->as_json) {
        json_object_begin(&report->json, NULL);
        json_array_begin(&report->json, "failures");
    }
    if (!rules_try(rules, index, &listener, trials, error))
        return false;
    if (report->as_json) {
        json_array_end(&report->json);
        json_integer(&report->json, "tests", (int64_t)trials->tests);
        json_integer(&report->json, "failed", (int64_t)trials->failures);
        json_object_end(&report->json);
        buffer_append_byte(&report->text, '\n');
    }
    return true;
}

static int test_kinds(const struct rules_session *session, const struct rules *rules, size_t index)
{
    struct error error;
    struct rule_trials trials;
    struct test_report report = {
        .text = BUFFER_EMPTY, .as_json = session->json, .arena = arena_create()};
    bool done = run_tests(rules, index, &report, &trials, &error);
    if (done || !session->json)
        command_print(buffer_slice(&report.text));
    buffer_release(&report.text);
    arena_destroy(report.arena);
    if (!done)
        return command_failed(&error);
    if (!session->json)
        printf("%zu tests, %zu failed\n", trials.tests, trials.failures);
    return trials.failures ? EXIT_CONFIGURATION : EXIT_DONE;
}

/* A file by itself: it may be a copy, or not yet in the folder. */
static int test_file(const struct rules_session *session, const char *path)
{
    struct error error;
    struct rules *rules = rules_open_file(path, session->rules, &error);
    int code = rules ? test_kinds(session, rules, SIZE_MAX) : command_failed(&error);
    rules_destroy(rules);
    return code;
}

int rules_test_run(struct rules_session *session, const char **arguments, size_t count)
{
    struct error error;
    if (count == 0)
        return test_kinds(session, session->rules, SIZE_MAX);
    struct slice name = slice_of(arguments[0]);
    if (slice_find(name, SLICE("/")) >= 0 || slice_ends_with(name, SLICE(".yaml")))
        return test_file(session, arguments[0]);
    size_t index = rules_index(session->rules, arguments[0], &error);
    return index == SIZE_MAX ? command_failed(&error) : test_kinds(session, session->rules, index);
}
