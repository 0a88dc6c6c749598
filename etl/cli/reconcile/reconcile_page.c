#include "cli/page/picture.h"
#include "cli/reconcile.h"
#include "cust360/base/file.h"
#include "cust360/base/html.h"
#include "cust360/base/listing.h"

#include <inttypes.h>

/* The page that is signed: what was compared, what was found, rows to look up, and who says so. */

static void number_cell(struct buffer *html, uint64_t number)
{
    struct buffer text = BUFFER_EMPTY;
    number_append(&text, number);
    page_element(html, "td", "number", buffer_slice(&text));
    buffer_release(&text);
}

static void write_files(const struct reconciling *work, struct buffer *html)
{
    static const char *const headings[] = {"file",     "sent",     "counted",   "read",
                                           "accepted", "rejected", "discarded", "repeated",
                                           "expired",  ""};
    page_element(html, "h2", NULL, SLICE("Balance of the files"));
    page_element(html, "p", "faint",
                 SLICE("Counted: by the file's bytes, by a way of its own. Read: what the run has "
                       "noted; it equals accepted + rejected + discarded + repeated + expired. "
                       "Expired: accepted, but what the row told is past its term and gone."));
    PAGE_TABLE(html, headings);
    for (size_t i = 0; i < work->file_count; i++) {
        const struct reconcile_file *file = &work->files[i];
        buffer_append_text(html, "<tr>");
        page_cell(html, reconcile_file_label(work->arena, file));
        if (file->has_control)
            number_cell(html, file->control);
        else
            page_cell(html, "");
        if (file->counted)
            number_cell(html, file->raw.records);
        else
            page_cell(html, "?");
        number_cell(html, file->told);
        number_cell(html, file->accepted);
        number_cell(html, file->rejected);
        number_cell(html, file->discarded);
        number_cell(html, file->suppressed);
        number_cell(html, file->expired);
        page_cell(html, file->fault ? file->fault : file->note ? file->note : "balances");
        buffer_append_text(html, "</tr>\n");
    }
    page_table_end(html);
}

static void write_discrepancy(struct buffer *html, const struct reconcile_leg *leg,
                              const struct discrepancy *found)
{
    buffer_append_text(html, "<tr>");
    page_cell(html, discrepancy_name(found->kind));
    page_cell(html, leg->subject);
    page_cell(html, leg->table);
    page_cell(html, found->column);
    number_cell(html, found->count);
    page_cell(html, discrepancy_sentence(found->kind));
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < found->example_count; i++) {
        const struct discrepancy_example *example = &found->examples[i];
        buffer_format(&text, "%s%s %s %s → %s", i ? " ; " : "", example->place, example->key,
                      example->source, example->target);
    }
    page_element(html, "td", NULL, buffer_slice(&text));
    buffer_release(&text);
    buffer_append_text(html, "</tr>\n");
}

static void write_findings(const struct reconciling *work, bool faults, struct buffer *html)
{
    static const char *const headings[] = {"name",  "source", "table", "column",
                                           "count", "what",   "where"};
    PAGE_TABLE(html, headings);
    for (size_t i = 0; i < work->leg_count; i++) {
        const struct reconcile_leg *leg = &work->legs[i];
        if (faults && leg->trouble) {
            buffer_append_text(html, "<tr>");
            page_cell(html, leg->trouble_is_encoding ? "encoding" : "unreadable");
            page_cell(html, leg->subject);
            page_cell(html, leg->table);
            page_cell(html, "");
            page_cell(html, "");
            page_cell(html, leg->trouble);
            buffer_append_text(html, "</tr>\n");
        }
        for (size_t j = 0; j < leg->result.discrepancy_count; j++)
            if (discrepancy_is_fault(leg->result.discrepancies[j].kind) == faults)
                write_discrepancy(html, leg, &leg->result.discrepancies[j]);
    }
    page_table_end(html);
}

static void side_cells(struct buffer *html, const struct side_result *side, size_t column)
{
    if (!side->columns) {
        buffer_append_text(html, "<td></td><td></td><td></td><td></td>");
        return;
    }
    number_cell(html, side->columns[column].filled);
    number_cell(html, side->columns[column].distinct);
    number_cell(html, side->columns[column].longest);
    buffer_format(html, "<td>%016" PRIx64 "</td>", side->columns[column].hash);
}

static void write_leg(struct buffer *html, const struct reconcile_leg *leg)
{
    static const char *const headings[] = {"column", "filled",   "distinct", "longest", "hash",
                                           "filled", "distinct", "longest",  "hash"};
    const struct comparison_result *result = &leg->result;
    buffer_append_text(html, "<details><summary>");
    struct buffer text = BUFFER_EMPTY;
    buffer_format(&text, "%s %s: %s (%llu rows)", leg->subject, leg->table, leg->source,
                  (unsigned long long)result->sides[SIDE_SOURCE].rows);
    if (leg->target[0])
        buffer_format(&text, " → %s (%llu rows)%s", leg->target,
                      (unsigned long long)result->sides[SIDE_TARGET].rows,
                      result->sides[SIDE_SOURCE].hash == result->sides[SIDE_TARGET].hash
                          ? ", equal"
                          : ", different");
    html_append(html, buffer_slice(&text));
    buffer_release(&text);
    buffer_append_text(html, "</summary>\n");
    PAGE_TABLE(html, headings);
    for (size_t i = 0; i < result->column_count; i++) {
        buffer_append_text(html, "<tr>");
        page_cell(html, result->columns[i].name);
        side_cells(html, &result->sides[SIDE_SOURCE], i);
        side_cells(html, &result->sides[SIDE_TARGET], i);
        buffer_append_text(html, "</tr>\n");
    }
    page_table_end(html);
    buffer_append_text(html, "</details>\n");
}

static void write_reasons(const struct reconciling *work, struct buffer *html)
{
    static const char *const headings[] = {"source", "code", "severity", "count", "first", "what"};
    page_element(html, "h2", NULL, SLICE("Why rows were rejected and fields left empty"));
    PAGE_TABLE(html, headings);
    for (size_t i = 0; i < work->reason_count; i++) {
        const struct reconcile_reason *reason = &work->reasons[i];
        buffer_append_text(html, "<tr>");
        page_cell(html, reason->source);
        page_cell(html, reason->code);
        page_cell(html, reason->severity);
        number_cell(html, reason->count);
        page_cell(html, reason->place);
        page_cell(html, reason->message);
        buffer_append_text(html, "</tr>\n");
    }
    page_table_end(html);
}

/* A file's path as a link: what is no letter, digit or one of -._~/ is written as %XX. */
static void append_link(struct buffer *html, const char *path, const char *shown)
{
    buffer_append_text(html, "<a href=\"file://");
    for (const char *at = path; *at; at++) {
        char small = (char)(*at | 0x20);
        bool plain =
            (*at >= '0' && *at <= '9') || (small >= 'a' && small <= 'z') || strchr("-._/", *at);
        if (plain)
            buffer_append_byte(html, *at);
        else
            buffer_format(html, "%%%02X", (unsigned)(unsigned char)*at);
    }
    buffer_append_text(html, "\">");
    html_append_text(html, shown);
    buffer_append_text(html, "</a>");
}

/* The place, the file behind it, and how to see the bytes. */
static void write_place(struct buffer *html, const struct reconcile_sample *sample)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_append_text(html, "<td>");
    if (sample->path)
        append_link(html, sample->path, sample->place);
    else
        html_append_text(html, sample->place);
    buffer_append_text(html, "</td>");
    if (sample->path)
        buffer_format(&text, "tail -c +%llu %s | head -c %llu",
                      (unsigned long long)sample->byte_offset + 1, file_name(sample->path),
                      (unsigned long long)sample->byte_length);
    page_element(html, "td", "faint", buffer_slice(&text));
    buffer_release(&text);
}

static void write_samples(const struct reconciling *work, struct buffer *html)
{
    static const char *const headings[] = {"row", "its bytes", "source", "table",
                                           "key", "customer",  "values"};
    page_element(html, "h2", NULL, SLICE("Samples to look up"));
    page_element(
        html, "p", "faint",
        SLICE("From every source and entity, spread evenly over each. `cust360 trace "
              "FILE:LINE` shows the row as it came and all that became of it; the link opens "
              "its file, and the command beside it, given where that file is, shows the "
              "row's own bytes."));
    PAGE_TABLE(html, headings);
    for (size_t i = 0; i < work->sample_count; i++) {
        const struct reconcile_sample *sample = &work->samples[i];
        buffer_append_text(html, "<tr>");
        write_place(html, sample);
        page_cell(html, sample->source);
        page_cell(html, sample->table);
        page_cell(html, sample->key);
        page_cell(html, sample->golden_id);
        page_cell(html, sample->values);
        buffer_append_text(html, "</tr>\n");
    }
    page_table_end(html);
}

static void write_signature(const struct reconciling *work, struct buffer *html)
{
    bool is_signed = work->signed_by && work->signed_by[0];
    page_element(html, "h2", NULL, SLICE("Signed off"));
    buffer_append_text(html, "<table>\n<tr><th>who</th><th>when (UTC)</th><th>SHA-256 of the "
                             "result</th></tr>\n<tr>");
    page_cell(html, is_signed ? work->signed_by : "______________________");
    page_cell(html, is_signed ? work->signed_at : "______________________");
    page_cell(html, work->signed_hash);
    buffer_append_text(html, "</tr></table>\n");
    page_element(html, "p", "faint",
                 SLICE("The digest is of reconcile.json without its member `signature`: the same "
                       "comparison of the same data gives it again."));
}

void reconcile_write_page(const struct reconciling *work, struct buffer *html)
{
    struct buffer title = BUFFER_EMPTY;
    buffer_format(&title, "%s: reconciliation of run %lld", work->project->name,
                  (long long)work->run_id);
    page_begin(html, title.data);
    page_element(html, "h1", NULL, buffer_slice(&title));
    buffer_clear(&title);
    if (work->faults)
        buffer_format(&title, "%llu faults, %llu suspicions", (unsigned long long)work->faults,
                      (unsigned long long)work->suspects);
    else
        buffer_format(&title, "Everything has arrived; %llu suspicions are to be looked at.",
                      (unsigned long long)work->suspects);
    page_element(html, "p", "lead", buffer_slice(&title));
    buffer_release(&title);
    write_files(work, html);
    page_element(html, "h2", NULL, SLICE("Faults"));
    write_findings(work, true, html);
    page_element(html, "h2", NULL, SLICE("To be looked at"));
    write_findings(work, false, html);
    page_element(html, "h2", NULL, SLICE("Each step, column by column"));
    for (size_t i = 0; i < work->leg_count; i++)
        write_leg(html, &work->legs[i]);
    write_reasons(work, html);
    write_samples(work, html);
    write_signature(work, html);
    page_end(html);
}
