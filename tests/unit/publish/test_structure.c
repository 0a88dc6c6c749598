#include "bench.h"
#include "publish/structure.h"

#include <criterion/criterion.h>

static struct bench bench;

static void begin(void)
{
    bench_begin(&bench);
    bench_connect(&bench);
}

static void end(void)
{
    bench_end(&bench);
}

TestSuite(publish_structure, .init = begin, .fini = end);

static const struct sent_table *table_of(const char *name)
{
    return sent_table_of(&bench.session, bench_shape(&bench, name));
}

static size_t make(const char *name)
{
    size_t made = 0;
    cr_assert(structure_make(&bench.session, table_of(name), &made, &bench.error), "%s",
              bench.error.message);
    return made;
}

Test(publish_structure, a_table_that_is_not_there_is_told_with_what_to_do)
{
    cr_expect_not(structure_check(&bench.session, table_of("customer"), &bench.error));
    cr_expect(strstr(bench.error.message, "target crm, table customer"), "%s", bench.error.message);
    cr_expect(strstr(bench.error.hint, "--init"), "%s", bench.error.hint);
}

Test(publish_structure, a_table_is_made_once)
{
    cr_expect_eq(make("customer"), 1);
    cr_expect_eq(make("customer"), 0);
    cr_expect_eq(make("event"), 1);
    cr_expect(structure_check(&bench.session, table_of("customer"), &bench.error), "%s",
              bench.error.message);
    cr_expect(structure_check(&bench.session, table_of("event"), &bench.error), "%s",
              bench.error.message);
}

Test(publish_structure, a_column_that_is_missing_is_made_and_one_of_the_owners_stays)
{
    cr_assert(session_run(&bench.session,
                          "CREATE TABLE \"c_customer\"(\"golden_id\" TEXT NOT NULL PRIMARY KEY,"
                          " \"name\" TEXT, \"note\" TEXT)",
                          &bench.error));
    cr_expect_not(structure_check(&bench.session, table_of("customer"), &bench.error));
    cr_expect_gt(make("customer"), 0);
    cr_expect(structure_check(&bench.session, table_of("customer"), &bench.error), "%s",
              bench.error.message);
    struct slice *names = NULL;
    size_t count = 0;
    bool there = false;
    bool has_note = false;
    cr_assert(structure_columns(&bench.session, table_of("customer")->name, bench.arena, &names,
                                &count, &there, &bench.error));
    for (size_t i = 0; i < count; i++)
        has_note |= slice_equal(names[i], SLICE("note"));
    cr_expect(there && has_note);
}

Test(publish_structure, of_a_table_that_is_not_there_no_columns_are_told)
{
    struct slice *names = NULL;
    size_t count = 0;
    bool there = true;
    cr_assert(structure_columns(&bench.session, table_of("event")->name, bench.arena, &names,
                                &count, &there, &bench.error));
    cr_expect_not(there);
}
