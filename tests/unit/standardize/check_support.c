#include "check_support.h"
#include "standardize/checks.h"

#include "cust360/base/buffer.h"
#include "cust360/base/hash.h"
#include "cust360/base/text.h"
#include <criterion/criterion.h>

struct reference *reference_open(void)
{
    struct error error = {0};
    struct reference *reference = reference_load("mappings/reference", &error);
    cr_assert(reference, "%s:%lu: %s", error.file, (unsigned long)error.line, error.message);
    return reference;
}

struct check_output check_run(const struct reference *reference, struct arena *arena,
                              const char *check, struct slice value, const char *field,
                              const char *field_value)
{
    struct model_field fields[] = {{.name = field ? field : ""}};
    const struct model_entity entity = {.name = "customer", .fields = fields, .field_count = 1};
    const struct slice values[] = {slice_of(field_value)};
    struct check_input input = {
        .value = value,
        .reference = reference,
        .entity = field ? &entity : NULL,
        .values = values,
        .arena = arena,
    };
    struct check_output output = {.value = value};
    check_find(check)->run(&input, &output);
    return output;
}

struct slice output_part(const struct check_output *output, const char *name)
{
    for (size_t i = 0; i < output->part_count; i++)
        if (strcmp(output->parts[i].name, name) == 0)
            return output->parts[i].text;
    return slice_make(NULL, 0);
}

bool output_has(const struct check_output *output, const char *code)
{
    for (size_t i = 0; i < output->finding_count; i++)
        if (strcmp(output->findings[i].code, code) == 0)
            return true;
    return false;
}

static bool has_only_informations(const struct check_output *output)
{
    for (size_t i = 0; i < output->finding_count; i++)
        if (output->findings[i].severity != SEVERITY_INFORMATION)
            return false;
    return true;
}

static void expect_case(const struct reference *reference, struct arena *arena, const char *check,
                        const char *field, const struct check_case *one)
{
    struct check_output output =
        check_run(reference, arena, check, slice_of(one->input), field, one->field_value);
    if (one->output)
        cr_expect(slice_equal(output.value, slice_of(one->output)), "%s: '%.*s', not '%s'",
                  one->input, SLICE_ARGUMENTS(output.value), one->output);
    if (one->code)
        cr_expect(output_has(&output, one->code), "%s: no finding %s", one->input, one->code);
    else
        cr_expect(has_only_informations(&output), "%s: finding %s", one->input,
                  output.findings[0].code);
    for (size_t i = 0; i < EXPECTED_PARTS && one->parts[i].name; i++) {
        struct slice part = output_part(&output, one->parts[i].name);
        cr_expect(slice_equal(part, slice_of(one->parts[i].text)), "%s: %s is '%.*s', not '%s'",
                  one->input, one->parts[i].name, SLICE_ARGUMENTS(part), one->parts[i].text);
    }
}

void expect_cases(const char *check, const char *field, const struct check_case *cases,
                  size_t count)
{
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    for (size_t i = 0; i < count; i++)
        expect_case(reference, arena, check, field, &cases[i]);
    arena_destroy(arena);
    reference_destroy(reference);
}

static uint32_t random_below(uint64_t *state, size_t limit)
{
    *state = hash_combine(*state, 1);
    return (uint32_t)((*state >> 20) % limit);
}

static uint32_t random_character(struct slice alphabet, uint64_t *state)
{
    size_t position = random_below(state, alphabet.length);
    while (position > 0 && ((unsigned char)alphabet.data[position] & 0xC0) == 0x80)
        position--;
    return text_next(alphabet, &position);
}

struct slice text_mutate(struct arena *arena, struct slice text, struct slice alphabet,
                         uint64_t *state)
{
    enum { DROP, DOUBLE, REPLACE, INSERT, KINDS, CHANGE_ONE_IN = 4 };
    struct buffer result = BUFFER_EMPTY;
    for (size_t position = 0; position < text.length;) {
        uint32_t character = text_next(text, &position);
        uint32_t kind =
            random_below(state, CHANGE_ONE_IN) == 0 ? random_below(state, KINDS) : KINDS;
        if (kind == INSERT)
            text_append(&result, random_character(alphabet, state));
        if (kind == REPLACE)
            text_append(&result, random_character(alphabet, state));
        else if (kind != DROP)
            text_append(&result, character);
        if (kind == DOUBLE)
            text_append(&result, character);
    }
    struct slice copy = arena_copy(arena, buffer_slice(&result));
    buffer_release(&result);
    return copy;
}
