#include "cust360/base/arena.h"
#include "cust360/base/file.h"
#include "cust360/base/text.h"
#include "cust360/publish.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[256];
static struct arena *arena;

static void begin(void)
{
    const char *base = getenv("TMPDIR");
    snprintf(path, sizeof(path), "%s/cust360-report-%d.json", base ? base : "/tmp", (int)getpid());
    arena = arena_create();
}

static void end(void)
{
    file_remove(path);
    arena_destroy(arena);
}

TestSuite(publish_report, .init = begin, .fini = end);

static const struct report_file files[] = {{"D01_customers.csv", 1000, 990, 6, 3, 1, 0},
                                           {"D01_repairs.csv", 2500, 2500, 0, 0, 0, 0}};
static const struct report_finding findings[] = {{"format", "error", 12},
                                                 {"check_digit", "warning", 34}};
static const char *const notices[] = {"column 备注 is new"};
static const struct report_source sources[] = {
    {"D01", SOURCE_OK, NULL, files, 2, findings, 2, notices, 1, 0, NULL},
    {"D02", SOURCE_MISSING, "could not find D02_archive.csv", NULL, 0, NULL, 0, NULL, 0, 3,
     "2026-06-27"},
};
static const struct report_gate gates[] = {
    {"golden_count", NULL, NULL, "warned", "fewer customers", NULL},
    {"reject_share", "D01", NULL, "accepted", "many rows are rejected", "known"},
};
static const struct report_count tables[] = {{"customer", 800}, {"event", 2500}};
static const struct report_stage stages[] = {{"read", 1.25}, {"match", 0.5}};

static struct run_report small_run(void)
{
    return (struct run_report){
        .run_id = 7,
        .as_of_days = 20634, /* 2026-06-30 */
        .project = "Sample group",
        .started_at = "2026-06-30T20:00:00Z",
        .finished_at = "2026-06-30T20:00:02Z",
        .result = "published, 1 source is missing",
        .exit_code = EXIT_SOURCE_MISSING,
        .published = true,
        .sources = sources,
        .source_count = 2,
        .gates = gates,
        .gate_count = 2,
        .match = {.records = 990,
                  .pairs_compared = 123456,
                  .pairs_matched = 250,
                  .pairs_possible = 12,
                  .pairs_left_out = 3,
                  .values_shared_widely = 4,
                  .links_refused = 5,
                  .clusters = 800,
                  .largest_cluster = 9},
        .golden = {20, 30, 750, 2, 1, 800},
        .view_tables = tables,
        .view_table_count = 2,
        .stages = stages,
        .stage_count = 2,
        .seconds = 2.5,
        .peak_memory_bytes = UINT64_C(300) << 20,
    };
}

static const char *written(const struct run_report *report)
{
    struct error error;
    struct slice content;
    cr_assert(report_write(report, path, &error), "%s", error.message);
    cr_assert(file_read(arena, path, 1 << 20, &content, &error));
    return content.data;
}

static bool has(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

Test(publish_report, json_has_what_the_run_counted)
{
    struct run_report report = small_run();
    const char *text = written(&report);
    static const char *const parts[] = {
        "\"run_id\": 7",
        "\"as_of\": \"2026-06-30\"",
        "\"exit_code\": 3",
        "\"published\": true",
        "\"id\": \"D01\"",
        "\"status\": \"ok\"",
        "\"message\": null",
        "\"rows_read\": 1000",
        "\"rows_suppressed\": 1",
        "\"code\": \"check_digit\"",
        "\"count\": 34",
        "column 备注 is new",
        "\"status\": \"missing\"",
        "\"stale_days\": 3",
        "\"last_good_as_of\": \"2026-06-27\"",
        "\"gate\": \"golden_count\"",
        "\"outcome\": \"accepted\"",
        "\"reason\": \"known\"",
        "\"message\": \"could not find D02_archive.csv\"",
        "\"pairs_compared\": 123456",
        "\"largest_cluster\": 9",
        "\"created\": 20",
        "\"customer\": 800",
        "\"match\": 0.5",
        "\"total\": 2.5",
        "\"peak_memory_bytes\": 314572800",
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        cr_assert(has(text, parts[i]), "%s is not in %s", parts[i], text);
    cr_assert_eq(text[strlen(text) - 1], '\n');
}

Test(publish_report, json_is_the_same_for_the_same_run)
{
    struct run_report report = small_run();
    const char *first = written(&report);
    cr_assert_str_eq(first, written(&report));
}

Test(publish_report, json_of_a_run_that_read_nothing_is_whole)
{
    struct run_report report = {.run_id = 1, .result = "stopped by a gate"};
    const char *text = written(&report);
    cr_assert(has(text, "\"sources\": []"), "%s", text);
    cr_assert(has(text, "\"project\": null"));
    cr_assert(has(text, "\"published\": false"));
    cr_assert(has(text, "\"peak_memory_bytes\": null"));
}

Test(publish_report, a_folder_that_is_not_there_is_an_error)
{
    struct run_report report = small_run();
    struct error error;
    cr_assert_not(report_write(&report, "/nonexistent/report.json", &error));
    cr_assert_eq(error.exit_code, EXIT_FAILED);
}

Test(publish_report, memory_is_more_than_nothing)
{
    cr_assert_gt(report_peak_memory(), UINT64_C(1) << 20);
}

/* ---- the summary ---- */

static const char *summary(const struct run_report *report)
{
    struct buffer text = BUFFER_EMPTY;
    report_summary(report, &text);
    const char *copy = arena_text(arena, buffer_slice(&text));
    buffer_release(&text);
    return copy;
}

Test(publish_report, summary_of_a_small_run)
{
    struct run_report report = small_run();
    const char *wanted =
        "run 7 of Sample group as of 2026-06-30: published, 1 source is missing\n"
        "\n"
        "source  status                  files   read  accepted  rejected  discarded  repeated  "
        "findings\n"
        "D01     ok                          2  3,500     3,490         6          3         1  "
        "      46\n"
        "D02     missing, stale(3 days)      0      0         0         0          0         0  "
        "       0\n"
        "all                                 2  3,500     3,490         6          3         1  "
        "      46\n"
        "D02 is missing: could not find D02_archive.csv\n"
        "gate reject_share of D01 accepted: many rows are rejected; accepted: known\n"
        "gate golden_count warned: fewer customers\n"
        "\n"
        "findings  34 check_digit · 12 format\n"
        "match     990 records · 123,456 pairs compared · 250 matched · 12 for the steward · "
        "3 left out\n"
        "          5 kept apart · 4 values too common · 9 records in the largest customer\n"
        "golden    800 customers · 20 new · 30 changed · 750 unchanged · 2 merged · 1 split\n"
        "view      800 customer · 2,500 event\n"
        "time      read 1.2 s · match 0.5 s · in all 2.5 s · 300 MB of memory at most\n";
    cr_assert_str_eq(summary(&report), wanted, "%s", summary(&report));
}

enum { MANY = 300 };

static struct run_report large_run(void)
{
    struct report_source *many = arena_allocate_array(arena, MANY, sizeof(*many));
    struct report_file *rows = arena_allocate_array(arena, MANY, sizeof(*rows));
    for (int i = 0; i < MANY; i++) {
        rows[i] = (struct report_file){"a.csv", 100, 100, 0, 0, 0, 0};
        many[i].id = arena_format(arena, "D%03d", i);
        many[i].files = &rows[i];
        many[i].file_count = 1;
    }
    rows[150].rows_rejected = 40;
    for (int i = 200; i < 220; i++) {
        many[i].status = SOURCE_FAILED;
        many[i].message = "could not read the export: 第一行";
    }
    struct run_report report = small_run();
    report.sources = many;
    report.source_count = MANY;
    struct report_gate *passed = arena_allocate_array(arena, MANY, sizeof(*passed));
    for (int i = 0; i < MANY; i++)
        passed[i] = (struct report_gate){"stale_days", "D200", NULL, "warned", "stale", NULL};
    report.gates = passed;
    report.gate_count = MANY;
    return report;
}

static size_t count_lines(const char *text, size_t *widest)
{
    size_t lines = 0;
    *widest = 0;
    for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
        size_t width = text_width(slice_make(text, (size_t)(end - text)));
        *widest = width > *widest ? width : *widest;
        lines++;
    }
    return lines;
}

Test(publish_report, summary_of_many_sources_is_short_and_tells_trouble_first)
{
    struct run_report report = large_run();
    const char *text = summary(&report);
    size_t widest = 0;
    cr_assert_leq(count_lines(text, &widest), 60, "%s", text);
    cr_assert_leq(widest, 100, "%s", text);
    const char *failed = strstr(text, "D219");
    const char *rejecting = strstr(text, "D150");
    cr_assert(failed && rejecting && failed < rejecting, "%s", text);
    cr_assert(has(text, "275 more"), "%s", text);
    cr_assert(has(text, "and 14 more"), "%s", text);
    cr_assert(has(text, "294 more gates"), "%s", text);
    cr_assert(has(text, "30,000"), "%s", text);
}
