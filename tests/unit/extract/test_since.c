#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "extract/since.h"
#include "support.h"

#include <criterion/criterion.h>

/* Where a delta over ODBC begins. */

Test(since, a_watermark_is_a_date_with_or_without_a_time)
{
    static const char *const good[] = {"2026-06-30", "2026-06-30 23:59:59.123",
                                       "2026-06-30T10:00:00Z", "2026-06-30 10:00:00+08:00"};
    static const char *const other[] = {
        "", "1234567890123", "2026-02-30", "2026-06-30'; DROP x", "30/06/2026", "yesterday"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        cr_expect(since_is_watermark(slice_of(good[i])), "%s", good[i]);
    for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
        cr_expect_not(since_is_watermark(slice_of(other[i])), "%s", other[i]);
}

Test(since, it_is_looked_back_from_and_stands_in_the_query)
{
    struct arena *arena = arena_create();
    struct mapping_table table = {.query = "select * from t where changed >= {since} order by 1",
                                  .look_back_days = 2};
    cr_expect_str_eq(since_query(arena, &table, "2026-03-01 08:30:00"),
                     "select * from t where changed >= '2026-02-27 08:30:00' order by 1");
    cr_expect_str_eq(since_query(arena, &table, NULL),
                     "select * from t where changed >= '0001-01-01' order by 1");
    table.query = "select 1";
    cr_expect_str_eq(since_query(arena, &table, "2026-03-01"), "select 1");
    cr_expect(since_is_higher(SLICE("2026-03-01 08:30:01"), "2026-03-01 08:30:00"));
    cr_expect_not(since_is_higher(SLICE("2026-03-01"), "2026-03-01"));
    cr_expect(since_is_higher(SLICE("2026-03-01"), NULL));
    arena_destroy(arena);
}

static struct feed *create_feed(void)
{
    struct error error;
    struct feed *feed = feed_create(SOURCE_ODBC);
    char *path = file_join(feed->arena, feed->folder, "D04.sqlite");
    struct database *database = database_open(path, DATABASE_CREATE, &error);
    cr_assert_not_null(database, "%s", error.message);
    cr_assert(database_run(database,
                           "CREATE TABLE t(id TEXT, Changed TEXT); INSERT INTO t VALUES"
                           "('1','2026-06-01'),('2','2026-06-29 10:00:00'),"
                           "('3','2026-06-30 09:00:00'),('4',NULL),('5','soon');",
                           &error),
              "%s", error.message);
    database_close(database);
    feed->source.path = path;
    feed->source.name = "D04.sqlite";
    feed->source.connection =
        arena_format(feed->arena, "Driver={SQLite3};Database=%s;StepAPI=1;NoCreat=1;", path);
    struct mapping_table *table = feed_add_table(feed, "id changed");
    table->query = "select id, Changed from t where Changed >= {since} order by id";
    table->watermark = "changed";
    table->look_back_days = 1;
    return feed;
}

static const char *highest_of(struct feed *feed, uint64_t *rows)
{
    struct error error;
    struct row row;
    struct row_reader *reader = row_reader_open(&feed->source, &error);
    cr_assert(reader, "%s", error.message);
    while (row_reader_next(reader, &row, &error) == ACCEPTED)
        ;
    *rows = reader->rows_read;
    const char *highest = arena_text(feed->arena, slice_of(reader->watermarks[0]));
    row_reader_close(reader);
    return highest;
}

Test(since, a_delta_gives_what_has_changed_since_and_tells_how_far_it_came)
{
    uint64_t rows = 0;
    struct feed *feed = create_feed();
    cr_expect_str_eq(highest_of(feed, &rows), "2026-06-30 09:00:00", "values like soon are none");
    cr_expect_eq(rows, 4, "all but the one that has no date");
    const char *since[] = {"2026-06-30 09:00:00"};
    feed->source.since = since;
    cr_expect_str_eq(highest_of(feed, &rows), "2026-06-30 09:00:00");
    cr_expect_eq(rows, 3, "2, 3 and what sorts behind every date");
    feed_destroy(feed);
}

Test(since, a_query_without_its_watermark_is_told)
{
    struct feed *feed = create_feed();
    feed->mapping.tables[0].watermark = "altered";
    struct reading reading = feed_read(feed);
    cr_expect(strstr(reading.error.message, "the query gives no column \"altered\""), "%s",
              reading.error.message);
    reading_destroy(&reading);
    feed_destroy(feed);
}
