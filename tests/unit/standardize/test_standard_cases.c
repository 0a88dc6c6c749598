/* Cases made from the standards and from what people type, kind by kind (tests/data/README.md). */
#include "support.h"

#include "cust360/base/csv.h"
#include "cust360/base/file.h"
#include "cust360/base/text.h"

TestSuite(standard_cases, .init = standardize_open, .fini = standardize_close);

enum { CASE_KIND, CASE_HINT, CASE_INPUT, CASE_CANONICAL, CASE_FINDINGS, CASE_PARTS };

static const char *cell(const struct csv_table *table, size_t row, size_t column)
{
    return standardize_text(csv_table_cell(table, row, column));
}

/* Whether the codes, parted by spaces, are those of the findings that are more than information. */
static bool has_findings(const struct rule_result *result, struct slice codes)
{
    size_t expected = 0;
    while (codes.length > 0) {
        ptrdiff_t space = slice_find(codes, SLICE(" "));
        size_t end = space < 0 ? codes.length : (size_t)space;
        if (!standardize_found(result, standardize_text(slice_cut(codes, 0, end))))
            return false;
        expected++;
        codes = slice_cut(codes, end + 1, codes.length);
    }
    size_t others = result->finding_count;
    for (size_t i = 0; i < result->finding_count; i++)
        others -= i > 0 && strcmp(result->findings[i].code, result->findings[i - 1].code) == 0;
    return others == expected;
}

/* The first part that is not as expected, or NULL. */
static const char *wrong_part(const struct rule_result *result, struct slice parts)
{
    while (parts.length > 0) {
        ptrdiff_t mark = slice_find(parts, SLICE(";"));
        size_t end = mark < 0 ? parts.length : (size_t)mark;
        struct slice part = slice_cut(parts, 0, end);
        ptrdiff_t equals = slice_find(part, SLICE("="));
        cr_assert_gt(equals, 0, "%s", standardize_text(part));
        const char *name = standardize_text(slice_cut(part, 0, (size_t)equals));
        struct slice text = slice_cut(part, (size_t)equals + 1, part.length);
        if (!slice_equal(standardize_part(result, name), text))
            return name;
        parts = slice_cut(parts, end + 1, parts.length);
    }
    return NULL;
}

static void expect_case(const struct csv_table *cases, size_t row)
{
    struct rule_result result;
    const char *hint = cell(cases, row, CASE_HINT);
    const char *kind = cell(cases, row, CASE_KIND);
    const char *input = cell(cases, row, CASE_INPUT);
    standardize_value(standardize_rules(), kind, csv_table_cell(cases, row, CASE_INPUT),
                      hint[0] ? hint : NULL, &result);
    cr_expect_str_eq(standardize_text(result.value), cell(cases, row, CASE_CANONICAL), "%s %s",
                     kind, input);
    cr_expect(has_findings(&result, csv_table_cell(cases, row, CASE_FINDINGS)),
              "%s %s: the findings are not \"%s\"", kind, input, cell(cases, row, CASE_FINDINGS));
    const char *part = wrong_part(&result, csv_table_cell(cases, row, CASE_PARTS));
    cr_expect(!part, "%s %s: %s is \"%s\"", kind, input, part,
              part ? standardize_text(standardize_part(&result, part)) : "");
}

Test(standard_cases, every_case_comes_out_as_the_standard_says)
{
    struct csv_table cases;
    struct error error = {0};
    cr_assert(
        csv_table_read(standardize_arena(), "tests/data/standard-cases.csv", ',', &cases, &error),
        "%s", error.message);
    cr_assert_gt(cases.row_count, 1000);
    for (size_t row = 0; row < cases.row_count; row++)
        expect_case(&cases, row);
}
