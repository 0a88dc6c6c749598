/* One line a value: whether its kind takes it, its canonical form, and what was found. For looking
 * at many values; `rules explain` shows the way of one. */
#include "cli/rules.h"
#include "cust360/base/buffer.h"
#include "cust360/base/text.h"

static bool is_valid(const struct explanation *explanation)
{
    return !explanation->refused && explanation->value.length > 0;
}

/* valid, canonical form, finding codes, parts: parted by tabs, "-" where there is nothing. */
static void describe(const struct explanation *explanation, struct buffer *text)
{
    buffer_append_text(text, is_valid(explanation) ? "valid\t" : "refused\t");
    buffer_append(text, explanation->value.length > 0 ? explanation->value : SLICE("-"));
    buffer_append_byte(text, '\t');
    for (size_t i = 0; i < explanation->finding_count; i++)
        buffer_format(text, "%s%s", i > 0 ? "," : "", explanation->findings[i].code);
    buffer_append_text(text, explanation->finding_count > 0 ? "\t" : "-\t");
    for (size_t i = 0; i < explanation->part_count; i++)
        buffer_format(text, "%s%s=%.*s", i > 0 ? " " : "", explanation->parts[i].name,
                      SLICE_ARGUMENTS(explanation->parts[i].text));
    buffer_append_text(text, explanation->part_count > 0 ? "\n" : "-\n");
}

/* What is not UTF-8 is refused, as in a run. */
static const struct rule_finding encoding = {
    "encoding", "", "The value is not UTF-8; look at the encoding of the file.", SEVERITY_ERROR,
    false};
static const struct explanation not_utf8 = {
    .refused = true, .findings = &encoding, .finding_count = 1};

static bool check_values(struct explainer *explainer, struct rule_question *question,
                         const struct slice *values, size_t count, bool *all_valid)
{
    struct error error;
    struct buffer text = BUFFER_EMPTY;
    struct arena *arena = arena_create();
    bool done = true;
    *all_valid = true;
    for (size_t i = 0; i < count && done; i++) {
        struct explanation explanation = not_utf8;
        question->value = values[i];
        if (text_is_valid(values[i], NULL))
            done = explainer_run(explainer, question, arena, &explanation, &error);
        if (!done)
            break;
        describe(&explanation, &text);
        *all_valid = *all_valid && is_valid(&explanation);
        command_print(buffer_slice(&text));
        buffer_clear(&text);
        arena_reset(arena);
    }
    buffer_release(&text);
    arena_destroy(arena);
    if (!done)
        command_failed(&error);
    return done;
}

int rules_check_run(struct rules_session *session, const char **arguments, size_t count)
{
    struct error error;
    bool all_valid = true;
    struct rule_question question = {
        .index = rules_index(session->rules, arguments[0], &error),
        .format = invocation_option(session->invocation, "hint"),
    };
    if (question.index == SIZE_MAX)
        return command_failed(&error);
    struct slice *values = arena_allocate_array(session->arena, count, sizeof(*values));
    for (size_t i = 1; i < count; i++)
        values[i - 1] = slice_of(arguments[i]);
    struct explainer *explainer = explainer_create(session->rules);
    bool done = check_values(explainer, &question, values, count - 1, &all_valid);
    explainer_destroy(explainer);
    return done && all_valid ? EXIT_DONE : EXIT_FAILED;
}
