/* What each dealer is to correct: order, joining, and what a spreadsheet makes of it. */
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/publish_corrections.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static char folder[256];
static struct arena *arena;
static struct database *state;

static struct model_field fields[] = {
    {.name = "name", .label = "Name", .personal = true, .from = FIELD_NONE},
    {.name = "mobile", .label = "Mobile", .personal = true, .from = FIELD_NONE},
    {.name = "price", .label = "Price", .from = FIELD_NONE},
};
static struct model_entity entity = {"customer", "Customer", fields, 3, false};
static struct model model = {.entities = &entity, .entity_count = 1};

static void run_sql(const char *sql)
{
    struct error error;
    cr_assert(database_run(state, sql, &error), "%s", error.message);
}

static void begin(void)
{
    const char *base = getenv("TMPDIR");
    struct error error;
    snprintf(folder, sizeof(folder), "%s/cust360-corrections-XXXXXX", base ? base : "/tmp");
    cr_assert(mkdtemp(folder));
    arena = arena_create();
    state = database_open(file_join(arena, folder, "state.db"), DATABASE_CREATE, &error);
    cr_assert(state, "%s", error.message);
    run_sql("CREATE TABLE source(source_id INTEGER PRIMARY KEY, name TEXT);"
            "CREATE TABLE finding(source_id INTEGER, file TEXT, line INTEGER, entity TEXT,"
            " source_key TEXT, field TEXT, code TEXT, severity TEXT, given TEXT, proposal TEXT,"
            " message TEXT);"
            "INSERT INTO source VALUES (1, 'D01'), (2, 'D02')");
}

static void end(void)
{
    char command[300];
    database_close(state);
    arena_destroy(arena);
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(corrections, .init = begin, .fini = end);

static void add(unsigned line, const char *key, const char *field, const char *code,
                const char *severity, const char *given)
{
    struct error error;
    struct statement *insert = statement_prepare(
        state,
        "INSERT INTO finding VALUES (1, 'a.csv', ?1, 'customer', ?2, ?3, ?4, ?5, ?6, NULL, ?4)",
        &error);
    cr_assert(insert, "%s", error.message);
    statement_bind_integer(insert, 1, line);
    statement_bind_text(insert, 2, slice_of(key));
    statement_bind_text(insert, 3, slice_of(field));
    statement_bind_text(insert, 4, slice_of(code));
    statement_bind_text(insert, 5, slice_of(severity));
    statement_bind_text(insert, 6, slice_of(given));
    cr_assert(statement_run(insert, &error), "%s", error.message);
    statement_destroy(insert);
}

static const char *out_path(const char *name)
{
    return file_join(arena, file_join(arena, folder, "corrections"), name);
}

static size_t write_all(const struct report_count **counts)
{
    struct error error;
    size_t count = 0;
    cr_assert(corrections_write(arena, state, &model, file_join(arena, folder, "corrections"),
                                counts, &count, &error),
              "%s", error.message);
    return count;
}

static const char *content(const char *name)
{
    struct error error;
    struct slice text;
    cr_assert(file_read(arena, out_path(name), 1 << 20, &text, &error), "%s", error.message);
    return text.data;
}

#define HEADING                                                                                    \
    "\xEF\xBB\xBFsource_key,file,line,entity,field,value,problem,proposed,severity,code\r\n"

Test(corrections, are_ordered_worst_first)
{
    const struct report_count *counts;
    add(2, "1", "mobile", "odd", "warning", "a");
    add(3, "2", "price", "range", "error", "b");
    add(4, "3", NULL, "duplicate_key", "warning", NULL);
    add(5, "4", "mobile", "format", "error", "c");
    add(6, "5", "name", "required", "fatal", NULL);
    add(7, "6", "mobile", "format", "error", "d");
    add(7, "6", "price", "odd", "warning", "e");
    add(8, "7", "mobile", "seen", "information", "f");
    cr_assert_eq(write_all(&counts), 1);
    cr_expect_str_eq(counts[0].name, "corrections/D01.csv");
    cr_expect_eq(counts[0].count, 7);
    cr_expect_str_eq(content("D01.csv"),
                     HEADING "5,a.csv,6,customer,name,,required,,fatal,required\r\n"
                             "6,a.csv,7,customer,mobile,d,format,,error,format\r\n"
                             "6,a.csv,7,customer,price,e,odd,,warning,odd\r\n"
                             "4,a.csv,5,customer,mobile,c,format,,error,format\r\n"
                             "3,a.csv,4,customer,,,duplicate_key,,warning,duplicate_key\r\n"
                             "2,a.csv,3,customer,price,b,range,,error,range\r\n"
                             "1,a.csv,2,customer,mobile,a,odd,,warning,odd\r\n");
}

Test(corrections, what_is_said_of_one_field_is_one_line)
{
    const struct report_count *counts;
    add(2, "1", "mobile", "odd", "warning", "a");
    add(2, "1", "mobile", "format", "error", "a");
    add(9, "1", "mobile", "odd", "warning", "a"); /* the same record in another row */
    write_all(&counts);
    cr_expect_str_eq(content("D01.csv"),
                     HEADING "1,a.csv,2,customer,mobile,a,odd format,,error,odd format\r\n");
}

Test(corrections, no_value_is_taken_for_a_formula)
{
    const struct report_count *counts;
    static const char *const given[] = {"=1+1", "+86", "-5", "@x", "\tx", "＝1", "a\"b,c", "x=1"};
    static const char *const shown[] = {"\"'=1+1\"", "\"'+86\"", "\"'-5\"",      "\"'@x\"",
                                        "\"'\tx\"",  "\"'＝1\"", "\"a\"\"b,c\"", "x=1"};
    for (unsigned i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
        char key[8];
        snprintf(key, sizeof(key), "%u", i);
        add(i + 2, key, "mobile", "odd", "warning", given[i]);
    }
    add(99, "=cmd", "mobile", "odd", "warning", "x");
    write_all(&counts);
    const char *text = content("D01.csv");
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
        char cell[64];
        snprintf(cell, sizeof(cell), ",mobile,%s,odd,", shown[i]);
        cr_expect(strstr(text, cell), "%s is not in %s", cell, text);
    }
    cr_expect(strstr(text, "\"'=cmd\",a.csv,99"), "a key may be one too");
}

Test(corrections, a_row_that_could_not_be_read_says_so)
{
    const struct report_count *counts;
    run_sql("INSERT INTO finding VALUES (1, 'a.csv', 4, NULL, NULL, NULL, 'columns', 'fatal', NULL,"
            " NULL, 'expected 3 columns, found 2')");
    write_all(&counts);
    cr_expect(strstr(content("D01.csv"), "The row could not be read (expected 3 columns, found 2): "
                                         "mend it"),
              "%s", content("D01.csv"));
}

Test(corrections, files_of_those_without_findings_are_removed)
{
    const struct report_count *counts;
    struct stat status;
    add(2, "1", "mobile", "odd", "warning", "a");
    run_sql("INSERT INTO finding SELECT 2, file, line, entity, source_key, field, code, severity,"
            " given, proposal, message FROM finding");
    cr_assert_eq(write_all(&counts), 2);
    cr_assert_eq(stat(out_path("D02.csv"), &status), 0);
    cr_expect_eq(status.st_mode & 0777, 0600);
    run_sql("DELETE FROM finding WHERE source_id = 1");
    cr_assert_eq(write_all(&counts), 1);
    cr_expect_not(file_exists(out_path("D01.csv")));
    cr_expect(file_exists(out_path("D02.csv")));
    run_sql("DELETE FROM finding");
    cr_assert_eq(write_all(&counts), 0);
    cr_expect_not(file_exists(out_path("D02.csv")));
}

Test(corrections, a_folder_that_cannot_be_made_is_told)
{
    const struct report_count *counts;
    size_t count = 0;
    struct error error = {0};
    cr_assert_not(
        corrections_write(arena, state, &model, "/dev/null/corrections", &counts, &count, &error));
    cr_expect_eq(error.exit_code, EXIT_FAILED);
}
