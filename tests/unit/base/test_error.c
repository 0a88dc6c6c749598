#include "cust360/base/buffer.h"
#include "cust360/base/error.h"
#include "cust360/base/text.h"

#include <criterion/criterion.h>
#include <errno.h>

static void expect(const struct error *error, const char *text)
{
    struct buffer described = BUFFER_EMPTY;
    error_describe(error, &described);
    cr_assert_str_eq(described.data, text);
    buffer_release(&described);
}

Test(error, describes_place_excerpt_and_hint)
{
    struct error error;
    cr_assert_not(error_set(&error, EXIT_CONFIGURATION, "unknown key \"%s\"", "encodng"));
    error_place(&error, "a.yaml", 3, 5);
    strcpy(error.excerpt, "    encodng: gbk");
    error_hint(&error, "did you mean encoding?");
    expect(&error, "a.yaml:3:5: unknown key \"encodng\"\n"
                   "        encodng: gbk\n"
                   "        ^\n"
                   "  hint: did you mean encoding?\n");
    cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
}

Test(error, caret_counts_wide_characters_as_two)
{
    struct error error;
    error_set(&error, EXIT_CONFIGURATION, "x");
    error_place(&error, "a", 1, 3);
    strcpy(error.excerpt, "王小x");
    expect(&error, "a:1:3: x\n    王小x\n        ^\n");
}

Test(error, source_stands_first)
{
    struct error error;
    error_set_system(&error, EXIT_FAILED, ENOENT, "could not open %s", "f.csv");
    error_source(&error, "D01");
    expect(&error, "source D01: could not open f.csv: No such file or directory\n");
}

Test(error, long_messages_are_cut_between_characters)
{
    char text[3000];
    for (size_t i = 0; i + 3 < sizeof(text); i += 3)
        memcpy(text + i, "王", 4);
    struct error error;
    error_set(&error, EXIT_FAILED, "%s", text);
    cr_assert_lt(strlen(error.message), sizeof(error.message));
    cr_assert(text_is_valid(slice_of(error.message), NULL));
    error_set(&error, EXIT_FAILED, "x%s", text);
    cr_assert(text_is_valid(slice_of(error.message), NULL));
}

Test(error, setting_anew_forgets_the_old_place)
{
    struct error error;
    error_set(&error, EXIT_FAILED, "first");
    error_place(&error, "f", 1, 1);
    error_hint(&error, "h");
    error_set(&error, EXIT_FAILED, "second");
    expect(&error, "second\n");
}
