/* Any text as a value of each kind: it becomes a canonical form or is refused, always in UTF-8. The
 * first byte chooses the kind. */
#include "fuzz.h"

#include "cust360/base/date.h"
#include "cust360/base/text.h"
#include "standardize/rule/rules.h"

#include <stdlib.h>

static struct rules *rules;
static struct rule_context context;
static struct arena *arena;

static void open_rules(void)
{
    struct error error = {0};
    int32_t as_of = date_to_days((struct date_parts){2026, 6, 30});
    rules = rules_open("mappings/rules", "mappings/reference", as_of, &error);
    if (!rules)
        abort();
    rule_context_open(&context, rules->reference, as_of);
    arena = arena_create();
}

static void expect_text(struct slice text)
{
    if (!text_is_valid(text, NULL))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    static const char *const formats[] = {NULL, "d/m/y", "roc", "excel", "tw", "hk", ",", "021"};
    if (!rules)
        open_rules();
    if (count < 2)
        return 0;
    struct slice value = {(const char *)bytes + 2, count - 2};
    if (!text_is_valid(value, NULL))
        return 0; /* extraction makes sure of it */
    struct error error = {0};
    struct rule_result result;
    struct rule_input input = {.value = value, .format = formats[bytes[1] % 8], .arena = arena};
    if (!rule_run(&rules->rules[bytes[0] % rules->count], &context, &input, &result, &error))
        abort();
    expect_text(result.value);
    for (size_t i = 0; i < result.part_count; i++)
        expect_text(result.parts[i].text);
    if (result.refused && result.value.length > 0)
        abort();
    arena_reset(arena);
    return 0;
}
