#include "cli/page/report_page.h"
#include "cli/page/picture.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/listing.h"
#include "cust360/base/memory.h"

struct page {
    struct job *job;
    struct buffer *html;
};

static void heading(const struct page *page, const char *text, const char *lead)
{
    page_element(page->html, "h2", NULL, slice_of(text));
    if (lead)
        page_element(page->html, "p", "faint", slice_of(lead));
}

/* ---- what the run itself has counted ---- */

static void write_result(const struct page *page)
{
    const struct run_report *report = &page->job->report;
    struct buffer text = BUFFER_EMPTY;
    buffer_format(&text, "%s · exit code %d · %s to %s UTC · %.1f s",
                  report->result ? report->result : "", report->exit_code,
                  report->started_at ? report->started_at : "",
                  report->finished_at ? report->finished_at : "", report->seconds);
    page_element(page->html, "p", "lead", buffer_slice(&text));
    buffer_clear(&text);
    number_append(&text, report->match.records);
    buffer_append_text(&text, " records of ");
    number_append(&text, report->golden.total);
    buffer_append_text(&text, " customers: ");
    number_append(&text, report->golden.created);
    buffer_append_text(&text, " new, ");
    number_append(&text, report->golden.changed);
    buffer_append_text(&text, " changed, ");
    number_append(&text, report->golden.merged);
    buffer_append_text(&text, " merged, ");
    number_append(&text, report->golden.split);
    buffer_append_text(&text, " split; ");
    number_append(&text, report->match.pairs_possible);
    buffer_append_text(&text, " pairs wait for a steward");
    page_element(page->html, "p", NULL, buffer_slice(&text));
    buffer_release(&text);
}

static void write_gates(const struct page *page)
{
    static const char *const headings[] = {"gate", "source", "outcome", "what was measured",
                                           "accepted because"};
    const struct run_report *report = &page->job->report;
    heading(page, "Gates", report->gate_count ? NULL : "No gate was passed over.");
    if (report->gate_count == 0)
        return;
    PAGE_TABLE(page->html, headings);
    for (size_t i = report->gate_count; i-- > 0;) {
        const struct report_gate *gate = &report->gates[i];
        buffer_append_text(page->html, "<tr>");
        page_cell(page->html, gate->gate);
        page_cell(page->html, gate->source);
        page_cell(page->html, gate->outcome);
        page_cell(page->html, gate->text);
        page_cell(page->html, gate->reason);
        buffer_append_text(page->html, "</tr>\n");
    }
    page_table_end(page->html);
}

static const char *source_note(const struct page *page, const struct report_source *source,
                               const struct report_file *sum)
{
    struct buffer text = BUFFER_EMPTY;
    if (source->status == SOURCE_OK) {
        number_append(&text, sum->rows_read);
        buffer_append_text(&text, " rows");
        if (sum->rows_rejected)
            buffer_format(&text, ", %llu rejected", (unsigned long long)sum->rows_rejected);
    } else {
        buffer_append_text(&text, source_status_name(source->status));
        if (source->stale_days > 0)
            buffer_format(&text, ", stale(%d %s)", source->stale_days,
                          source->stale_days == 1 ? "day" : "days");
    }
    const char *note = arena_text(page->job->arena, buffer_slice(&text));
    buffer_release(&text);
    return note;
}

static void write_sources(const struct page *page)
{
    const struct run_report *report = &page->job->report;
    struct chart_bar *bars =
        arena_allocate_array(page->job->arena, report->source_count, sizeof(*bars));
    for (size_t i = 0; i < report->source_count; i++) {
        const struct report_source *source = &report->sources[i];
        struct report_file sum = {0};
        for (size_t j = 0; j < source->file_count; j++) {
            sum.rows_read += source->files[j].rows_read;
            sum.rows_accepted += source->files[j].rows_accepted;
            sum.rows_rejected += source->files[j].rows_rejected;
        }
        bars[i] =
            (struct chart_bar){source->id,
                               {(double)sum.rows_accepted,
                                (double)(sum.rows_read - sum.rows_accepted - sum.rows_rejected),
                                (double)sum.rows_rejected},
                               source_note(page, source, &sum)};
    }
    heading(page, "Rows by source and outcome",
            "From the left: accepted; discarded, repeated or expired; rejected.");
    chart_bars(page->html, "Rows by source and outcome", bars, report->source_count);
    for (size_t i = 0; i < report->source_count; i++)
        if (report->sources[i].message) {
            struct buffer text = BUFFER_EMPTY;
            buffer_format(&text, "%s: %s", report->sources[i].id, report->sources[i].message);
            page_element(page->html, "p", NULL, buffer_slice(&text));
            buffer_release(&text);
        }
}

static void write_clusters(const struct page *page)
{
    static const char *const labels[] = {"1", "2", "3", "4", "5 to 9", "10 and more"};
    const struct report_match *match = &page->job->report.match;
    struct chart_column columns[6];
    for (size_t i = 0; i < 6; i++)
        columns[i] = (struct chart_column){labels[i], (double)match->cluster_sizes[i], "for"};
    heading(page, "Customers by number of their records", NULL);
    chart_columns(page->html, "Customers by number of their records", columns, 6);
}

/* ---- what the state knows ---- */

/* Each row of a query with a label and up to two numbers. */
struct asked {
    const char *label;
    double first;
    double second;
};

static bool ask(const struct page *page, const char *sql, struct asked **rows, size_t *count,
                struct error *error)
{
    size_t capacity = 0;
    *rows = NULL;
    *count = 0;
    struct statement *statement = statement_prepare(store_database(page->job->store), sql, error);
    if (!statement)
        return false;
    enum outcome outcome;
    while ((outcome = statement_step(statement, error)) == ACCEPTED) {
        *rows = memory_grow(*rows, &capacity, *count + 1, sizeof(**rows));
        (*rows)[(*count)++] =
            (struct asked){arena_text(page->job->arena, statement_text(statement, 0)),
                           statement_number(statement, 1), statement_number(statement, 2)};
    }
    statement_destroy(statement);
    return outcome == ENDED;
}

/* Links hold customers together, possible matches wait; what lies between was not asked. */
static bool write_weights(const struct page *page, struct error *error)
{
    struct asked *rows = NULL;
    size_t count = 0;
    bool done =
        ask(page,
            "SELECT (3 * b) || ' to ' || (3 * b + 3), sum(held), sum(waits) FROM"
            " (SELECT CAST(weight / 3 AS INTEGER) - (weight < 0) AS b, 1 AS held, 0 AS waits"
            "  FROM link UNION ALL"
            "  SELECT CAST(weight / 3 AS INTEGER) - (weight < 0), 0, 1 FROM possible_match)"
            " GROUP BY b ORDER BY b",
            &rows, &count, error);
    struct chart_column *columns =
        arena_allocate_array(page->job->arena, 2 * count + 1, sizeof(*columns));
    size_t drawn = 0;
    for (size_t i = 0; done && i < count; i++) {
        if (rows[i].second > 0)
            columns[drawn++] = (struct chart_column){rows[i].label, rows[i].second, "sum"};
        if (rows[i].first > 0)
            columns[drawn++] = (struct chart_column){rows[i].label, rows[i].first, "for"};
    }
    memory_free(rows);
    if (!done || drawn == 0)
        return done;
    heading(page, "Match weights",
            "Pairs by their weight in bits: those that hold customers together in green, those "
            "that wait for a steward in grey.");
    chart_columns(page->html, "Match weights", columns, drawn);
    return true;
}

static bool write_quality(const struct page *page, struct error *error)
{
    struct asked *rows = NULL;
    size_t count = 0;
    bool done = ask(page,
                    "SELECT s.name, 100.0 * sum(q.filled - q.warned - q.shared) / sum(q.rows),"
                    " 100.0 * sum(q.warned + q.shared + q.refused) / sum(q.rows)"
                    " FROM data_quality_run q JOIN source s USING(source_id)"
                    " WHERE q.run_id = (SELECT max(l.run_id) FROM data_quality_run l"
                    " WHERE l.source_id = q.source_id) AND q.rows > 0 GROUP BY s.name"
                    " ORDER BY s.name",
                    &rows, &count, error);
    struct chart_bar *bars = arena_allocate_array(page->job->arena, count + 1, sizeof(*bars));
    for (size_t i = 0; done && i < count; i++)
        bars[i] = (struct chart_bar){
            rows[i].label,
            {rows[i].first, 100 - rows[i].first - rows[i].second, rows[i].second},
            arena_format(page->job->arena, "%.1f %% good, %.1f %% doubtful", rows[i].first,
                         rows[i].second)};
    memory_free(rows);
    if (!done || count == 0)
        return done;
    heading(page, "Quality by dealer",
            "Of all fields of all records, from the left: filled and without a doubt, empty, "
            "doubtful (refused, warned of, or shared by too many).");
    chart_bars(page->html, "Quality by dealer", bars, count);
    return true;
}

static bool write_trend(const struct page *page, const char *figure, const char *title,
                        struct error *error)
{
    enum { RUNS_SHOWN = 60 };
    struct asked *rows = NULL;
    size_t count = 0;
    const char *sql = arena_format(
        page->job->arena,
        "SELECT label, value FROM (SELECT f.run_id, 'run ' || f.run_id || ', ' || r.as_of AS label,"
        " f.value FROM run_figure f JOIN run r USING(run_id) WHERE f.name = '%s'"
        " ORDER BY f.run_id DESC LIMIT %d) ORDER BY run_id",
        figure, RUNS_SHOWN);
    bool done = ask(page, sql, &rows, &count, error);
    struct chart_point *points = arena_allocate_array(page->job->arena, count + 1, sizeof(*points));
    for (size_t i = 0; done && i < count; i++)
        points[i] = (struct chart_point){rows[i].label, rows[i].first};
    memory_free(rows);
    if (done)
        chart_trend(page->html, title, points, count);
    return done;
}

static bool write_trends(const struct page *page, struct error *error)
{
    heading(page, "Trend over runs", "Behind each line: the last value, the least and the most.");
    return write_trend(page, "golden_records", "customers", error) &&
           write_trend(page, "records", "records", error) &&
           write_trend(page, "rows_rejected", "rows rejected", error) &&
           write_trend(page, "possible_matches", "for a steward", error) &&
           write_trend(page, "largest_cluster", "largest customer", error);
}

bool report_page_write(struct job *job, struct buffer *html, struct error *error)
{
    struct page page = {job, html};
    char as_of[DATE_TEXT_BYTES];
    date_format(job->as_of_days, as_of);
    page_begin(html, arena_format(job->arena, "%s: run %lld as of %s",
                                  job->report.project ? job->report.project : "cust360",
                                  (long long)job->report.run_id, as_of));
    write_result(&page);
    write_gates(&page);
    write_sources(&page);
    if (job->report.match.records)
        write_clusters(&page);
    bool done =
        write_weights(&page, error) && write_quality(&page, error) && write_trends(&page, error);
    page_end(html);
    return done;
}
