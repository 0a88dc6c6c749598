#include "cust360/base/file.h"
#include "cust360/view_dictionary.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static struct arena *arena;
static char folder[256];

static void open_test(void)
{
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof(folder), "%s/cust360-dictionary-XXXXXX", base ? base : "/tmp");
    cr_assert(mkdtemp(folder));
    arena = arena_create();
}

static void close_test(void)
{
    char path[300];
    snprintf(path, sizeof(path), "%s/500-a.sql", folder);
    remove(path);
    remove(folder);
    arena_destroy(arena);
}

TestSuite(view_dictionary, .init = open_test, .fini = close_test);

static const struct dictionary_table *find(const struct dictionary *dictionary, const char *name)
{
    for (size_t i = 0; i < dictionary->table_count; i++)
        if (strcmp(dictionary->tables[i].name, name) == 0)
            return &dictionary->tables[i];
    return NULL;
}

static void read_text(const char *sql, struct dictionary *dictionary)
{
    struct error error;
    cr_assert(file_replace(arena_format(arena, "%s/500-a.sql", folder), slice_of(sql), &error));
    cr_assert(dictionary_read(arena, folder, dictionary, &error), "%s", error.message);
}

Test(view_dictionary, comments_are_what_tables_and_columns_mean)
{
    struct dictionary dictionary;
    read_text("-- Not a table's: a blank line follows.\n"
              "\n"
              "-- What it holds,\n"
              "-- in two lines.\n"
              "-- touched: a.golden_id\n"
              "CREATE TABLE a (\n"
              "    golden_id TEXT NOT NULL,\n"
              "    stage TEXT NOT NULL, -- new: bought lately\n"
              "                         -- lost: stays away\n"
              "                         -- and does not come back\n"
              "    worth REAL\n"
              ");\n"
              "CREATE UNIQUE INDEX a_id ON a (golden_id, stage);\n"
              "CREATE TABLE b (n INTEGER PRIMARY KEY\n);\n"
              "CREATE TEMP TABLE c (x TEXT);\n"
              "CREATE TABLE work_d (x TEXT\n);\n",
              &dictionary);
    const struct dictionary_table *a = find(&dictionary, "a");
    cr_assert(a);
    cr_assert_str_eq(a->comment, "What it holds, in two lines.");
    cr_assert_str_eq(a->key, "golden_id, stage");
    cr_assert_str_eq(a->file, "500-a.sql");
    cr_assert_eq(a->column_count, 3);
    cr_assert_str_eq(a->columns[1].name, "stage");
    cr_assert_str_eq(a->columns[1].type, "TEXT");
    cr_assert_str_eq(a->columns[1].comment,
                     "new: bought lately\nlost: stays away and does not come back");
    cr_assert_str_eq(a->columns[2].comment, "");
    cr_assert_not(find(&dictionary, "c"));
    cr_assert_not(find(&dictionary, "work_d"));
    /* What the program itself makes is there as well. */
    cr_assert_str_eq(find(&dictionary, "ahp_weight")->key, "tree, criterion");
    cr_assert(find(&dictionary, "parameter"));
}

/* columns.sql speaks for columns that say nothing themselves, and makes no table. */
Test(view_dictionary, what_is_the_same_everywhere_is_said_once)
{
    struct dictionary dictionary;
    struct error error;
    const char *path = arena_format(arena, "%s/columns.sql", folder);
    cr_assert(file_replace(path,
                           SLICE("CREATE TABLE columns (\n"
                                 "    golden_id TEXT, -- the customer\n"
                                 "    vin TEXT -- the car\n"
                                 ");\n"),
                           &error));
    read_text("CREATE TABLE a (\n"
              "    golden_id TEXT,\n"
              "    vin TEXT, -- its own\n"
              "    other TEXT\n"
              ");\n",
              &dictionary);
    remove(path);
    const struct dictionary_table *a = find(&dictionary, "a");
    cr_assert_str_eq(a->columns[0].comment, "the customer");
    cr_assert_str_eq(a->columns[1].comment, "its own");
    cr_assert_str_eq(a->columns[2].comment, "");
    cr_assert_not(find(&dictionary, "columns"));
}

/* Nobody has to guess: every table and every column of the view says what it holds. */
Test(view_dictionary, every_table_and_column_has_a_meaning)
{
    struct dictionary dictionary;
    struct error error;
    cr_assert(dictionary_read(arena, "mappings/view", &dictionary, &error), "%s", error.message);
    cr_assert_gt(dictionary.table_count, 40);
    for (size_t i = 0; i < dictionary.table_count; i++) {
        const struct dictionary_table *table = &dictionary.tables[i];
        cr_expect(table->comment[0], "%s has no comment", table->name);
        for (size_t c = 0; c < table->column_count; c++)
            cr_expect(table->columns[c].comment[0], "%s.%s has no comment", table->name,
                      table->columns[c].name);
    }
}

/* Whoever reads a table of the view finds what it holds, and a key where one is derived. */
Test(view_dictionary, every_derived_table_has_a_meaning_and_a_key)
{
    struct dictionary dictionary;
    struct error error;
    cr_assert(dictionary_read(arena, "mappings/view", &dictionary, &error), "%s", error.message);
    size_t derived = 0;
    for (size_t i = 0; i < dictionary.table_count; i++) {
        const struct dictionary_table *table = &dictionary.tables[i];
        cr_assert_gt(table->column_count, 0, "%s", table->name);
        if (!table->file[0] || table->file[0] < '5')
            continue;
        cr_assert(table->comment[0], "%s has no comment", table->name);
        cr_assert(table->key[0], "%s has no key", table->name);
        derived++;
    }
    cr_assert_gt(derived, 20);
}
