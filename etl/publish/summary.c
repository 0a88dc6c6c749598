#include "cust360/base/date.h"
#include "cust360/base/listing.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "cust360/publish.h"

#include <stdlib.h>

/* At most 60 lines in all. */
enum {
    SOURCE_LINES_MOST = 26,
    MESSAGE_LINES_MOST = 6,
    GATE_LINES_MOST = 6,
    FINDINGS_MOST = 8,
    LINE_WIDTH = 100,
    LABEL_WIDTH = 10
};

struct source_totals {
    const struct report_source *source; /* NULL: of all sources */
    struct report_file rows;
    uint64_t files;
    uint64_t findings;
};

static void add_source(struct source_totals *totals, const struct report_source *source)
{
    for (size_t i = 0; i < source->file_count; i++) {
        const struct report_file *file = &source->files[i];
        totals->rows.rows_read += file->rows_read;
        totals->rows.rows_accepted += file->rows_accepted;
        totals->rows.rows_rejected += file->rows_rejected;
        totals->rows.rows_discarded += file->rows_discarded;
        totals->rows.rows_suppressed += file->rows_suppressed;
        totals->rows.rows_expired += file->rows_expired;
    }
    totals->files += source->file_count;
    for (size_t i = 0; i < source->finding_count; i++)
        totals->findings += source->findings[i].count;
}

/* Trouble first: not OK, then by the share of rejected rows; else as given. */
static int compare_totals(const void *left, const void *right)
{
    const struct source_totals *a = left;
    const struct source_totals *b = right;
    if (a->source->status != b->source->status)
        return a->source->status > b->source->status ? -1 : 1;
    if (a->rows.rows_rejected != b->rows.rows_rejected)
        return a->rows.rows_rejected > b->rows.rows_rejected ? -1 : 1;
    return a->source < b->source ? -1 : 1;
}

/* The column of what is expired stands there when anything is. */
static void add_line(struct listing *listing, const char *name, const char *status,
                     const struct source_totals *totals, bool with_expired)
{
    listing_row(listing);
    listing_text(listing, slice_of(name));
    listing_text(listing, slice_of(status));
    listing_number(listing, totals->files);
    listing_number(listing, totals->rows.rows_read);
    listing_number(listing, totals->rows.rows_accepted);
    listing_number(listing, totals->rows.rows_rejected);
    listing_number(listing, totals->rows.rows_discarded);
    listing_number(listing, totals->rows.rows_suppressed);
    if (with_expired)
        listing_number(listing, totals->rows.rows_expired);
    listing_number(listing, totals->findings);
}

/* "missing, stale(3 days)" */
static void describe_status(const struct report_source *source, struct buffer *text)
{
    buffer_append_text(text, source_status_name(source->status));
    if (source->status != SOURCE_LEFT && source->stale_days > 0)
        buffer_format(text, ", stale(%d %s)", source->stale_days,
                      source->stale_days == 1 ? "day" : "days");
}

static void write_listing(const struct source_totals *sources, size_t count,
                          const struct source_totals *all, struct buffer *text)
{
    static const struct listing_column columns[] = {
        {"source", LISTING_LEFT, 24},    {"status", LISTING_LEFT, 0},
        {"files", LISTING_RIGHT, 0},     {"read", LISTING_RIGHT, 0},
        {"accepted", LISTING_RIGHT, 0},  {"rejected", LISTING_RIGHT, 0},
        {"discarded", LISTING_RIGHT, 0}, {"repeated", LISTING_RIGHT, 0},
        {"expired", LISTING_RIGHT, 0},   {"findings", LISTING_RIGHT, 0},
    };
    enum { EXPIRED = 8, COLUMNS = 10 };
    bool expired = all->rows.rows_expired > 0;
    struct listing_column chosen[COLUMNS];
    memcpy(chosen, columns, sizeof(columns));
    if (!expired)
        chosen[EXPIRED] = columns[EXPIRED + 1];
    struct listing *listing = listing_create(chosen, expired ? COLUMNS : COLUMNS - 1);
    size_t shown = count <= SOURCE_LINES_MOST ? count : SOURCE_LINES_MOST - 1;
    struct source_totals rest = {NULL, {0}, 0, 0};
    for (size_t i = 0; i < count; i++) {
        if (i >= shown) {
            add_source(&rest, sources[i].source);
            continue;
        }
        struct buffer status = BUFFER_EMPTY;
        describe_status(sources[i].source, &status);
        add_line(listing, sources[i].source->id, status.data, &sources[i], expired);
        buffer_release(&status);
    }
    if (shown < count) {
        struct buffer name = BUFFER_EMPTY;
        buffer_format(&name, "%zu more", count - shown);
        add_line(listing, name.data, "", &rest, expired);
        buffer_release(&name);
    }
    if (count > 1)
        add_line(listing, "all", "", all, expired);
    listing_write(listing, 0, text);
    listing_destroy(listing);
}

static void write_messages(const struct source_totals *sources, size_t count, struct buffer *text)
{
    size_t lines = 0;
    size_t left_out = 0;
    for (size_t i = 0; i < count; i++) {
        const struct report_source *source = sources[i].source;
        if (!source->message)
            continue;
        if (lines == MESSAGE_LINES_MOST) {
            left_out++;
            continue;
        }
        struct buffer line = BUFFER_EMPTY;
        buffer_format(&line, "%s is %s: %s", source->id, source_status_name(source->status),
                      source->message);
        text_append_cut(text, buffer_slice(&line), 2 * LINE_WIDTH);
        buffer_append_byte(text, '\n');
        buffer_release(&line);
        lines++;
    }
    if (left_out)
        buffer_format(text, "… and %zu more; report.json has them all\n", left_out);
}

static void write_sources(const struct run_report *report, struct buffer *text)
{
    struct source_totals *sources =
        memory_allocate_array(report->source_count + 1, sizeof(*sources));
    struct source_totals all = {NULL, {0}, 0, 0};
    for (size_t i = 0; i < report->source_count; i++) {
        sources[i].source = &report->sources[i];
        add_source(&sources[i], &report->sources[i]);
        add_source(&all, &report->sources[i]);
    }
    if (report->source_count > SOURCE_LINES_MOST)
        qsort(sources, report->source_count, sizeof(*sources), compare_totals);
    write_listing(sources, report->source_count, &all, text);
    write_messages(sources, report->source_count, text);
    memory_free(sources);
}

/* What stopped comes first: it was the last to be judged. */
static void write_gates(const struct run_report *report, struct buffer *text)
{
    size_t lines = 0;
    for (size_t i = report->gate_count; i-- > 0 && lines < GATE_LINES_MOST; lines++) {
        const struct report_gate *gate = &report->gates[i];
        struct buffer line = BUFFER_EMPTY;
        buffer_format(&line, "gate %s%s%s %s: %s%s%s", gate->gate, gate->source ? " of " : "",
                      gate->source ? gate->source : "", gate->outcome, gate->text,
                      gate->reason ? "; accepted: " : "", gate->reason ? gate->reason : "");
        text_append_cut(text, buffer_slice(&line), 2 * LINE_WIDTH);
        buffer_append_byte(text, '\n');
        buffer_release(&line);
    }
    if (report->gate_count > lines)
        buffer_format(text, "… and %zu more gates; report.json has them all\n",
                      report->gate_count - lines);
}

/* ---- lines of "label  item · item · item" ---- */

struct wrapped {
    struct buffer *text;
    const char *label;
    size_t width; /* of the line so far; 0: none is begun */
};

static void wrap_item(struct wrapped *wrapped, const struct buffer *item)
{
    size_t width = text_width(buffer_slice(item));
    if (wrapped->width == 0 || wrapped->width + 3 + width > LINE_WIDTH) {
        const char *label = wrapped->width == 0 ? wrapped->label : "";
        buffer_format(wrapped->text, "%s%-*s", wrapped->width == 0 ? "" : "\n", LABEL_WIDTH, label);
        wrapped->width = LABEL_WIDTH;
    } else {
        buffer_append_text(wrapped->text, " · ");
        wrapped->width += 3;
    }
    buffer_append(wrapped->text, buffer_slice(item));
    wrapped->width += width;
}

static void wrap_count(struct wrapped *wrapped, const char *name, uint64_t count)
{
    struct buffer item = BUFFER_EMPTY;
    number_append(&item, count);
    buffer_format(&item, " %s", name);
    wrap_item(wrapped, &item);
    buffer_release(&item);
}

static void wrap_seconds(struct wrapped *wrapped, const char *name, double seconds)
{
    struct buffer item = BUFFER_EMPTY;
    buffer_format(&item, "%s %.1f s", name, seconds);
    wrap_item(wrapped, &item);
    buffer_release(&item);
}

static void wrap_end(struct wrapped *wrapped)
{
    if (wrapped->width)
        buffer_append_byte(wrapped->text, '\n');
}

/* ---- what the run found ---- */

static int compare_findings(const void *left, const void *right)
{
    const struct report_finding *a = left;
    const struct report_finding *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return strcmp(a->code, b->code);
}

static size_t sum_findings(const struct run_report *report, struct report_finding *sums)
{
    size_t count = 0;
    for (size_t s = 0; s < report->source_count; s++) {
        const struct report_source *source = &report->sources[s];
        for (size_t f = 0; f < source->finding_count; f++) {
            size_t i = 0;
            while (i < count && strcmp(sums[i].code, source->findings[f].code) != 0)
                i++;
            if (i == count)
                sums[count++] = (struct report_finding){source->findings[f].code, NULL, 0};
            sums[i].count += source->findings[f].count;
        }
    }
    qsort(sums, count, sizeof(*sums), compare_findings);
    return count;
}

static void write_findings(const struct run_report *report, struct buffer *text)
{
    size_t most = 1;
    for (size_t s = 0; s < report->source_count; s++)
        most += report->sources[s].finding_count;
    struct report_finding *sums = memory_allocate_array(most, sizeof(*sums));
    size_t count = sum_findings(report, sums);
    struct wrapped wrapped = {text, "findings", 0};
    for (size_t i = 0; i < count && i < FINDINGS_MOST; i++)
        wrap_count(&wrapped, sums[i].code, sums[i].count);
    wrap_end(&wrapped);
    memory_free(sums);
}

/* What the dealers are to correct; where it stands is said once. */
static void write_corrections(const struct run_report *report, struct buffer *text)
{
    struct wrapped wrapped = {text, "correct", 0};
    uint64_t lines = 0;
    for (size_t i = 0; i < report->correction_count; i++)
        lines += report->corrections[i].count;
    if (lines == 0)
        return;
    wrap_count(&wrapped, "values to correct at the source", lines);
    wrap_count(&wrapped, "files in corrections/", report->correction_count);
    wrap_end(&wrapped);
}

/* Why pairs were left out: blocks that are too large, with what their records share. */
static void write_large_blocks(const struct report_match *match, struct buffer *text)
{
    struct wrapped wrapped = {text, "too large", 0};
    for (size_t i = 0; i < match->block_count; i++) {
        const struct report_block *block = &match->blocks[i];
        struct buffer item = BUFFER_EMPTY;
        if (block->pairs_left_out == 0)
            continue;
        number_append(&item, block->records);
        buffer_format(&item, " records by %s (%s): ", block->rule, block->values);
        number_append(&item, block->pairs_left_out);
        buffer_append_text(&item, " pairs left out");
        wrap_item(&wrapped, &item);
        buffer_release(&item);
    }
    wrap_end(&wrapped);
}

/* What is past its term, gone or emptied. */
static void write_retention(const struct run_report *report, struct buffer *text)
{
    struct wrapped wrapped = {text, "retention", 0};
    uint64_t records = 0;
    uint64_t emptied = 0;
    for (size_t i = 0; i < report->retention_count; i++) {
        records += report->retention[i].records;
        emptied += report->retention[i].emptied;
    }
    if (records)
        wrap_count(&wrapped, "records past their term are gone", records);
    if (emptied)
        wrap_count(&wrapped, "records lost values past their class's term", emptied);
    wrap_end(&wrapped);
}

static void write_match(const struct report_match *match, struct buffer *text)
{
    struct wrapped wrapped = {text, "match", 0};
    wrap_count(&wrapped, "records", match->records);
    wrap_count(&wrapped, "pairs compared", match->pairs_compared);
    wrap_count(&wrapped, "matched", match->pairs_matched);
    wrap_count(&wrapped, "for the steward", match->pairs_possible);
    if (match->pairs_left_out)
        wrap_count(&wrapped, "left out", match->pairs_left_out);
    if (match->links_refused)
        wrap_count(&wrapped, "kept apart", match->links_refused);
    if (match->values_shared_widely)
        wrap_count(&wrapped, "values too common", match->values_shared_widely);
    wrap_count(&wrapped, "records in the largest customer", match->largest_cluster);
    wrap_end(&wrapped);
    write_large_blocks(match, text);
}

static void write_golden(const struct report_golden *golden, struct buffer *text)
{
    struct wrapped wrapped = {text, "golden", 0};
    wrap_count(&wrapped, "customers", golden->total);
    wrap_count(&wrapped, "new", golden->created);
    wrap_count(&wrapped, "changed", golden->changed);
    wrap_count(&wrapped, "unchanged", golden->unchanged);
    wrap_count(&wrapped, "merged", golden->merged);
    wrap_count(&wrapped, "split", golden->split);
    wrap_end(&wrapped);
}

static void write_view(const struct run_report *report, struct buffer *text)
{
    struct wrapped wrapped = {text, "view", 0};
    for (size_t i = 0; i < report->view_table_count; i++)
        wrap_count(&wrapped, report->view_tables[i].name, report->view_tables[i].count);
    wrap_end(&wrapped);
}

static void write_time(const struct run_report *report, struct buffer *text)
{
    struct wrapped wrapped = {text, "time", 0};
    for (size_t i = 0; i < report->stage_count; i++)
        wrap_seconds(&wrapped, report->stages[i].name, report->stages[i].seconds);
    wrap_seconds(&wrapped, "in all", report->seconds);
    if (report->peak_memory_bytes)
        wrap_count(&wrapped, "MB of memory at most", report->peak_memory_bytes >> 20);
    wrap_end(&wrapped);
}

static void write_targets(const struct report_targets *targets, struct buffer *text)
{
    for (size_t i = 0; i < targets->count; i++) {
        const struct report_target *target = &targets->targets[i];
        if (target->published)
            buffer_format(text, "target %s: %llu rows sent, %llu deleted, in %.1f s\n",
                          target->name, (unsigned long long)target->rows_upserted,
                          (unsigned long long)target->rows_deleted, target->seconds);
        else
            buffer_format(text, "not published: %s\n", target->message);
    }
}

void report_summary(const struct run_report *report, struct buffer *text)
{
    char as_of[DATE_TEXT_BYTES];
    date_format(report->as_of_days, as_of);
    buffer_format(text, "run %lld%s%s as of %s: %s\n\n", (long long)report->run_id,
                  report->project ? " of " : "", report->project ? report->project : "", as_of,
                  report->result      ? report->result
                  : report->published ? "published"
                                      : "");
    write_sources(report, text);
    write_gates(report, text);
    buffer_append_byte(text, '\n');
    write_findings(report, text);
    write_corrections(report, text);
    write_retention(report, text);
    write_match(&report->match, text);
    write_golden(&report->golden, text);
    write_view(report, text);
    write_targets(&report->targets, text);
    write_time(report, text);
    if (report->audit_head)
        buffer_format(text, "audit     head %s\n", report->audit_head);
}
