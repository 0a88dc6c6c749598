/* Any bytes as a rule file, a NUL, and a value for it. Promised: it is bound or refused with a
 * message and its place; what was bound ends on any value, in UTF-8, whatever its patterns are. */
#include "support.h"

#include "cust360/base/date.h"
#include "cust360/base/text.h"
#include "standardize/rule/rules.h"

#include <string.h>

static struct rules *group;
static int32_t as_of_days;

static void open_group(void)
{
    struct error error = {0};
    as_of_days = date_to_days((struct date_parts){2026, 6, 30});
    group = rules_open("mappings/rules", "mappings/reference", as_of_days, &error);
    require(group != NULL);
}

static void run_rule(const struct rules *rules, struct slice value)
{
    struct error error = {0};
    struct arena *arena = arena_create();
    struct rule_context context;
    struct rule_result result;
    rule_context_open(&context, rules->reference, as_of_days);
    for (size_t i = 0; i < rules->count; i++) {
        struct rule_input input = {.value = value, .arena = arena};
        if (rule_run(&rules->rules[i], &context, &input, &result, &error)) {
            require(text_is_valid(result.value, NULL));
            for (size_t j = 0; j < result.part_count; j++)
                require(text_is_valid(result.parts[j].text, NULL));
        } else
            require(error.exit_code != 0 && error.message[0]);
    }
    rule_context_close(&context);
    arena_destroy(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct error error = {0};
    if (!group)
        open_group();
    const uint8_t *end = count ? memchr(bytes, '\0', count) : NULL;
    size_t length = end ? (size_t)(end - bytes) : count;
    struct slice value = SLICE("A12345 王");
    if (end)
        value = slice_make((const char *)end + 1, count - length - 1);
    struct rules *rules = rules_alone(group, fuzz_file(bytes, length), &error);
    require(rules || (error.exit_code == EXIT_CONFIGURATION && error.message[0]));
    if (rules && text_is_valid(value, NULL))
        run_rule(rules, value);
    rules_destroy(rules);
    return 0;
}
