#include "cust360/base/arena.h"
#include "cust360/base/file.h"
#include "cust360/publish_metrics.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena *arena;
static char path[256];

static void open_folder(void)
{
    const char *base = getenv("TMPDIR");
    arena = arena_create();
    snprintf(path, sizeof(path), "%s/metrics-%ld.prom", base ? base : "/tmp", (long)getpid());
}

static void close_folder(void)
{
    unlink(path);
    arena_destroy(arena);
}

TestSuite(publish_metrics, .init = open_folder, .fini = close_folder);

static const char *written(const struct run_report *report, const struct metrics_moments *moments)
{
    struct error error;
    struct slice content;
    cr_assert(metrics_write(report, moments, path, &error), "%s", error.message);
    cr_assert(file_read(arena, path, 1 << 20, &content, &error));
    return content.data;
}

Test(publish_metrics, times_are_seconds_since_1970)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-02T00:00:01Z", 86401},
        {"2026-06-30T20:00:02Z", 1782849602},
        {"2026-06-30", 0},
        {"nonsense and more of it", 0},
        {"", 0},
        {NULL, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        cr_expect_eq(metrics_seconds(cases[i].text), cases[i].seconds, "%s: %lld", cases[i].text,
                     (long long)metrics_seconds(cases[i].text));
}

Test(publish_metrics, labels_are_escaped)
{
    const struct report_source sources[] = {
        {.id = "D\"01\\", .status = SOURCE_MISSING, .stale_days = -1},
        {.id = "D02", .status = SOURCE_LEFT},
    };
    struct run_report report = {.run_id = 7, .sources = sources, .source_count = 2};
    const char *text = written(&report, &(struct metrics_moments){100, 0});
    cr_assert(strstr(text, "cust360_source_up{source=\"D\\\"01\\\\\"} 0\n"), "%s", text);
    cr_assert_not(strstr(text, "source_up{source=\"D02\"}"), "who has left is not expected");
    cr_assert_not(strstr(text, "stale_days{"), "there is no age of what never came");
    cr_assert_not(strstr(text, "last_success"), "nothing was ever published");
    cr_assert_not(strstr(text, "golden_records"), "nothing was counted");
}

Test(publish_metrics, everybody_may_read_them_and_nothing_is_left_beside)
{
    struct run_report report = {.run_id = 7};
    struct stat status;
    written(&report, &(struct metrics_moments){100, 90});
    cr_assert_eq(stat(path, &status), 0);
    cr_assert_eq(status.st_mode & 0777, 0644);
    cr_assert_not(file_exists(arena_format(arena, "%s.new", path)));
}

Test(publish_metrics, a_folder_that_is_not_there_is_an_error)
{
    struct run_report report = {.run_id = 7};
    struct error error;
    cr_assert_not(
        metrics_write(&report, &(struct metrics_moments){1, 1}, "/nowhere/x.prom", &error));
    cr_assert_eq(error.exit_code, EXIT_FAILED);
}
