/* What the kinds make of the cases that other validators have published (tests/data/README.md). */
#include "support.h"

#include "cust360/base/csv.h"
#include "cust360/base/file.h"
#include "cust360/base/map.h"

TestSuite(validators, .init = standardize_open, .fini = standardize_close);

enum { CASE_TYPE, CASE_INPUT, CASE_VALID, CASE_NORMALIZED };
enum { KIND_TYPE, KIND_NAME, KIND_FORMAT, KIND_NORMALIZED };
enum { EXCEPTION_TYPE, EXCEPTION_INPUT, EXCEPTION_SAYS, EXCEPTION_REASON };

static struct csv_table table_of(const char *name)
{
    struct csv_table table;
    struct error error = {0};
    const char *path = file_join(standardize_arena(), "tests/data", name);
    cr_assert(csv_table_read(standardize_arena(), path, ',', &table, &error), "%s", error.message);
    return table;
}

static const char *cell(const struct csv_table *table, size_t row, size_t column)
{
    return standardize_text(csv_table_cell(table, row, column));
}

static size_t kind_of(const struct csv_table *kinds, struct slice type)
{
    for (size_t row = 0; row < kinds->row_count; row++) {
        if (slice_equal(csv_table_cell(kinds, row, KIND_TYPE), type))
            return row;
    }
    cr_assert_fail("no kind for the type %s", standardize_text(type));
    return 0;
}

/* What a kind says of an input: its normalized form, or "refused". */
static const char *verdict(const struct csv_table *kinds, size_t kind, struct slice input)
{
    struct rule_result result;
    const char *format = cell(kinds, kind, KIND_FORMAT);
    standardize_value(standardize_rules(), cell(kinds, kind, KIND_NAME), input,
                      format[0] ? format : NULL, &result);
    if (result.value.length == 0)
        return "refused";
    if (strcmp(cell(kinds, kind, KIND_NORMALIZED), "e164") != 0)
        return standardize_text(result.value);
    struct slice extension = standardize_part(&result, "extension");
    const char *e164 = standardize_text(standardize_part(&result, "e164"));
    return extension.length == 0
               ? e164
               : arena_format(standardize_arena(), "%s;ext=%s", e164, standardize_text(extension));
}

/* NULL: it says what was published. */
static const char *difference(const struct csv_table *kinds, const struct csv_table *cases,
                              size_t row)
{
    size_t kind = kind_of(kinds, csv_table_cell(cases, row, CASE_TYPE));
    const char *said = verdict(kinds, kind, csv_table_cell(cases, row, CASE_INPUT));
    bool valid = strcmp(cell(cases, row, CASE_VALID), "1") == 0;
    const char *normalized = cell(cases, row, CASE_NORMALIZED);
    bool refused = strcmp(said, "refused") == 0;
    if (refused)
        return valid ? said : NULL;
    /* Some publish the number without its extension. */
    bool same = strncmp(said, normalized, strlen(normalized)) == 0 &&
                (!said[strlen(normalized)] || said[strlen(normalized)] == ';');
    return valid && (!normalized[0] || same) ? NULL : said;
}

static struct slice key_of(const struct csv_table *table, size_t row)
{
    return slice_of(
        arena_format(standardize_arena(), "%s|%s", cell(table, row, 0), cell(table, row, 1)));
}

/* Holds the cases of a table against what was published; the exceptions among them are put into
 * `met`. */
static void expect_published(const char *name, const struct csv_table *exceptions,
                             struct map *listed, struct map *met)
{
    struct csv_table kinds = table_of("validator-kinds.csv");
    struct csv_table cases = table_of(name);
    cr_expect_gt(cases.row_count, 400);
    for (size_t row = 0; row < cases.row_count; row++) {
        const char *said = difference(&kinds, &cases, row);
        uint32_t index = map_find(listed, key_of(&cases, row));
        if (said && index == MAP_NONE)
            cr_expect_fail("%s %s: published as %s (%s), here %s", cell(&cases, row, CASE_TYPE),
                           cell(&cases, row, CASE_INPUT), cell(&cases, row, CASE_VALID),
                           cell(&cases, row, CASE_NORMALIZED), said);
        if (index == MAP_NONE)
            continue;
        map_intern(met, key_of(&cases, row));
        cr_expect_str_eq(said ? said : "as published", cell(exceptions, index, EXCEPTION_SAYS),
                         "%s", cell(&cases, row, CASE_INPUT));
    }
}

Test(validators, published_cases_come_out_as_published_or_are_listed)
{
    struct csv_table exceptions = table_of("validator-exceptions.csv");
    struct map *listed = map_create();
    struct map *met = map_create();
    for (size_t row = 0; row < exceptions.row_count; row++) {
        map_put(listed, key_of(&exceptions, row), (uint32_t)row);
        cr_expect_gt(csv_table_cell(&exceptions, row, EXCEPTION_REASON).length, 20,
                     "%s: the reason is missing", cell(&exceptions, row, EXCEPTION_INPUT));
    }
    cr_expect_eq(map_count(listed), exceptions.row_count, "an exception is listed twice");
    expect_published("validators.csv", &exceptions, listed, met);
    expect_published("published-cases.csv", &exceptions, listed, met);
    cr_expect_eq(map_count(met), exceptions.row_count, "an exception of no case is listed");
    map_destroy(met);
    map_destroy(listed);
}

/* Each type has a kind, and each kind is there. */
Test(validators, every_type_has_a_kind)
{
    struct csv_table kinds = table_of("validator-kinds.csv");
    for (size_t row = 0; row < kinds.row_count; row++)
        cr_expect(rules_find(standardize_rules(), cell(&kinds, row, KIND_NAME)), "%s",
                  cell(&kinds, row, KIND_NAME));
}
