#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/text.h"
#include "cust360/publish_metrics.h"

/* The text format of Prometheus: help and type once a metric, then its samples. */

static void begin(struct buffer *text, const char *name, const char *help)
{
    buffer_format(text, "# HELP cust360_%s %s\n# TYPE cust360_%s gauge\n", name, help, name);
}

/* A label's value: backslash, quote and line end are escaped. */
static void append_label(struct buffer *text, const char *name, const char *value)
{
    buffer_format(text, "%s=\"", name);
    for (; *value; value++) {
        if (*value == '\\' || *value == '"')
            buffer_append_byte(text, '\\');
        buffer_append_byte(text, *value == '\n' ? ' ' : *value);
    }
    buffer_append_byte(text, '"');
}

static void one(struct buffer *text, const char *name, const char *help, double value)
{
    begin(text, name, help);
    buffer_format(text, "cust360_%s %.15g\n", name, value);
}

static void labelled(struct buffer *text, const char *name, const char *label, const char *value,
                     double number)
{
    buffer_format(text, "cust360_%s{", name);
    append_label(text, label, value);
    buffer_format(text, "} %.15g\n", number);
}

static void outcome(struct buffer *text, const char *source, const char *name, uint64_t rows)
{
    buffer_append_text(text, "cust360_source_rows{");
    append_label(text, "source", source);
    buffer_append_byte(text, ',');
    append_label(text, "outcome", name);
    buffer_format(text, "} %llu\n", (unsigned long long)rows);
}

static void write_rows(const struct run_report *report, struct buffer *text)
{
    begin(text, "source_rows", "Rows of the last reading of a source, by what became of them.");
    for (size_t i = 0; i < report->source_count; i++) {
        const struct report_source *source = &report->sources[i];
        struct report_file sum = {0};
        for (size_t j = 0; j < source->file_count; j++) {
            sum.rows_accepted += source->files[j].rows_accepted;
            sum.rows_rejected += source->files[j].rows_rejected;
            sum.rows_discarded += source->files[j].rows_discarded;
            sum.rows_suppressed += source->files[j].rows_suppressed;
            sum.rows_expired += source->files[j].rows_expired;
        }
        outcome(text, source->id, "accepted", sum.rows_accepted);
        outcome(text, source->id, "rejected", sum.rows_rejected);
        outcome(text, source->id, "discarded", sum.rows_discarded);
        outcome(text, source->id, "repeated", sum.rows_suppressed);
        outcome(text, source->id, "expired", sum.rows_expired);
    }
}

static void write_sources(const struct run_report *report, struct buffer *text)
{
    begin(text, "source_up", "1: the source was read well in the last run.");
    for (size_t i = 0; i < report->source_count; i++)
        if (report->sources[i].status != SOURCE_LEFT)
            labelled(text, "source_up", "source", report->sources[i].id,
                     report->sources[i].status == SOURCE_OK);
    begin(text, "source_stale_days", "How many days old the data of a source are.");
    for (size_t i = 0; i < report->source_count; i++)
        if (report->sources[i].status != SOURCE_LEFT && report->sources[i].stale_days >= 0)
            labelled(text, "source_stale_days", "source", report->sources[i].id,
                     report->sources[i].stale_days);
}

static void write_gates(const struct run_report *report, struct buffer *text)
{
    static const char *const outcomes[] = {"warned", "accepted", "frozen", "stopped"};
    begin(text, "gates", "How many gates were passed over in the last run, by outcome.");
    for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
        size_t count = 0;
        for (size_t j = 0; j < report->gate_count; j++)
            count += strcmp(report->gates[j].outcome, outcomes[i]) == 0;
        labelled(text, "gates", "outcome", outcomes[i], (double)count);
    }
}

static void write_stages(const struct run_report *report, struct buffer *text)
{
    begin(text, "stage_seconds", "How long a stage of the last run took.");
    for (size_t i = 0; i < report->stage_count; i++)
        labelled(text, "stage_seconds", "stage", report->stages[i].name, report->stages[i].seconds);
}

/* Two digits behind `mark`; -1: they are none. */
static int64_t read_pair(const char *text, char mark)
{
    int64_t number = -1;
    if (text[0] != mark || !text_to_integer(slice_make(text + 1, 2), &number))
        return -1;
    return number;
}

int64_t metrics_seconds(const char *time_text)
{
    enum { HOUR_AT = 10, MINUTE_AT = 13, SECOND_AT = 16, TIME_LENGTH = 20 };
    int32_t days = 0;
    if (!time_text || strlen(time_text) != TIME_LENGTH ||
        !date_parse(slice_make(time_text, HOUR_AT), &days))
        return 0;
    int64_t hour = read_pair(time_text + HOUR_AT, 'T');
    int64_t minute = read_pair(time_text + MINUTE_AT, ':');
    int64_t second = read_pair(time_text + SECOND_AT, ':');
    if (hour < 0 || minute < 0 || second < 0)
        return 0;
    return (int64_t)days * 86400 + hour * 3600 + minute * 60 + second;
}

bool metrics_write(const struct run_report *report, const struct metrics_moments *moments,
                   const char *path, struct error *error)
{
    struct buffer text = BUFFER_EMPTY;
    one(&text, "last_run_timestamp_seconds", "When the last run ended.", (double)moments->last_run);
    if (moments->last_success)
        one(&text, "last_success_timestamp_seconds", "When a run last published.",
            (double)moments->last_success);
    one(&text, "last_run_exit_code", "Exit code of the last run; 0 and 3 have published.",
        report->exit_code);
    one(&text, "last_run_published", "1: the last run has published.", report->published);
    one(&text, "last_run_seconds", "How long the last run took.", report->seconds);
    one(&text, "last_run_id", "The number of the last run.", (double)report->run_id);
    one(&text, "peak_memory_bytes", "The most memory that the last run held.",
        (double)report->peak_memory_bytes);
    write_sources(report, &text);
    write_rows(report, &text);
    write_gates(report, &text);
    /* A run that was stopped early has counted nothing, which is not the same as nobody. */
    if (report->match.records) {
        one(&text, "records", "Customer records in the last run.", (double)report->match.records);
        one(&text, "golden_records", "Customers in the last run.", (double)report->golden.total);
        one(&text, "largest_cluster_records", "Records of the largest customer.",
            (double)report->match.largest_cluster);
        one(&text, "possible_matches", "Pairs that wait for a steward.",
            (double)report->match.pairs_possible);
    }
    write_stages(report, &text);
    bool written = file_replace_readable(path, buffer_slice(&text), error);
    buffer_release(&text);
    return written;
}
