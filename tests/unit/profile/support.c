#include "support.h"
#include "cust360/profile_tally.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena *arena;
static struct profile_words *words;

void judging_open(void)
{
    struct error error = {0};
    arena = arena_create();
    words = profile_words_load("mappings/profile", "mappings/reference", &error);
    cr_assert_not_null(words, "%s", error.message);
}

void judging_close(void)
{
    profile_words_destroy(words);
    arena_destroy(arena);
}

static void fill_column(const struct made_table *asked, struct profile_table *table, size_t column)
{
    struct tally *tally = tally_create(PROFILE_SAMPLE_MOST);
    for (size_t row = 0; row < asked->row_count; row++) {
        char cell[CELL_BYTES] = "";
        asked->fill(asked->kinds, row, column, cell);
        table->rows_sample[row][column] = arena_copy(arena, slice_of(cell));
        tally_add(tally, slice_of(cell));
    }
    tally_finish(tally, arena, &table->columns[column]);
    tally_destroy(tally);
    table->columns[column].name = asked->headings[column];
    table->columns[column].heading = asked->headings[column];
}

const struct profile_column *judge_made(const struct made_table *asked)
{
    struct profile_judge_of_values by_form = {asked->judge, NULL};
    struct profile_table *table = arena_allocate(arena, sizeof(*table));
    struct profile profile = {.path = asked->name, .tables = table, .table_count = 1};
    *table = (struct profile_table){
        .name = asked->name,
        .parent = SIZE_MAX,
        .column_count = asked->column_count,
        .columns = arena_allocate_array(arena, asked->column_count, sizeof(*table->columns)),
        .rows = asked->row_count,
        .rows_sample = arena_allocate_array(arena, asked->row_count, sizeof(*table->rows_sample)),
        .rows_sample_count = asked->row_count,
    };
    for (size_t row = 0; row < asked->row_count; row++)
        table->rows_sample[row] =
            arena_allocate_array(arena, asked->column_count, sizeof(struct slice));
    for (size_t column = 0; column < asked->column_count; column++)
        fill_column(asked, table, column);
    profile_judge(&profile, words, &by_form, arena);
    return table->columns;
}

void expect_meaning(const struct profile_column *column, const char *meaning)
{
    cr_expect_str_eq(column->meaning, meaning, "%s: %s (%.2f, %s)", column->name, column->meaning,
                     column->sure, column->why);
    cr_expect(column->sure >= 0.8, "%s: %.2f (%s)", column->name, column->sure, column->why);
}
