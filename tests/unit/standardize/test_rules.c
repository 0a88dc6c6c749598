/* The rules that the program comes with hold their own tests. */
#include "cust360/base/buffer.h"
#include "cust360/base/date.h"
#include "standardize/rules.h"
#include <criterion/criterion.h>

Test(rules, tests_of_all_rule_files_pass)
{
    struct error error = {0};
    int32_t as_of = date_to_days((struct date_parts){2026, 6, 30});
    struct rules *rules = rules_open("mappings/rules", "mappings/reference", as_of, &error);
    cr_assert(rules, "%s: %s", error.file, error.message);
    struct buffer report = BUFFER_EMPTY;
    size_t tests = 0;
    size_t failures = 0;
    cr_assert(rules_test(rules, &report, &tests, &failures, &error), "%s", error.message);
    cr_expect_eq(failures, 0, "%zu of %zu failed:\n%s", failures, tests, report.data);
    cr_expect_gt(tests, 200);
    buffer_release(&report);
    rules_destroy(rules);
}
