#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/json.h"
#include "cust360/publish.h"

#include <stdio.h>
#include <sys/resource.h>

static const char *const status_names[] = {
    [SOURCE_OK] = "ok",         [SOURCE_LEFT] = "left",       [SOURCE_LATE] = "late",
    [SOURCE_FROZEN] = "frozen", [SOURCE_MISSING] = "missing", [SOURCE_FAILED] = "failed",
};

const char *source_status_name(enum source_status status)
{
    return status_names[status];
}

/* Counts are far below 2^63. */
static void write_count(struct json_writer *json, const char *key, uint64_t count)
{
    json_integer(json, key, (int64_t)count);
}

static void write_file(struct json_writer *json, const struct report_file *file)
{
    json_object_begin(json, NULL);
    json_optional(json, "name", file->name);
    write_count(json, "rows_read", file->rows_read);
    write_count(json, "rows_accepted", file->rows_accepted);
    write_count(json, "rows_rejected", file->rows_rejected);
    write_count(json, "rows_discarded", file->rows_discarded);
    write_count(json, "rows_suppressed", file->rows_suppressed);
    write_count(json, "rows_expired", file->rows_expired);
    json_object_end(json);
}

static void write_finding(struct json_writer *json, const struct report_finding *finding)
{
    json_object_begin(json, NULL);
    json_optional(json, "code", finding->code);
    json_optional(json, "severity", finding->severity);
    write_count(json, "count", finding->count);
    json_object_end(json);
}

static void write_source(struct json_writer *json, const struct report_source *source)
{
    json_object_begin(json, NULL);
    json_optional(json, "id", source->id);
    json_optional(json, "status", source_status_name(source->status));
    json_optional(json, "message", source->message);
    if (source->stale_days >= 0)
        json_integer(json, "stale_days", source->stale_days);
    else
        json_null(json, "stale_days");
    json_optional(json, "last_good_as_of", source->last_good_as_of);
    json_array_begin(json, "files");
    for (size_t i = 0; i < source->file_count; i++)
        write_file(json, &source->files[i]);
    json_array_end(json);
    json_array_begin(json, "findings");
    for (size_t i = 0; i < source->finding_count; i++)
        write_finding(json, &source->findings[i]);
    json_array_end(json);
    json_array_begin(json, "notices");
    for (size_t i = 0; i < source->notice_count; i++)
        json_optional(json, NULL, source->notices[i]);
    json_array_end(json);
    json_object_end(json);
}

static void write_corrections(struct json_writer *json, const struct run_report *report)
{
    json_array_begin(json, "corrections");
    for (size_t i = 0; i < report->correction_count; i++) {
        json_object_begin(json, NULL);
        json_optional(json, "file", report->corrections[i].name);
        write_count(json, "lines", report->corrections[i].count);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_sources(struct json_writer *json, const struct run_report *report)
{
    json_array_begin(json, "sources");
    for (size_t i = 0; i < report->source_count; i++)
        write_source(json, &report->sources[i]);
    json_array_end(json);
}

static void write_retention(struct json_writer *json, const struct run_report *report)
{
    json_array_begin(json, "retention");
    for (size_t i = 0; i < report->retention_count; i++) {
        json_object_begin(json, NULL);
        json_optional(json, "entity", report->retention[i].entity);
        write_count(json, "records", report->retention[i].records);
        write_count(json, "emptied", report->retention[i].emptied);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_gates(struct json_writer *json, const struct run_report *report)
{
    json_array_begin(json, "gates");
    for (size_t i = 0; i < report->gate_count; i++) {
        const struct report_gate *gate = &report->gates[i];
        json_object_begin(json, NULL);
        json_optional(json, "gate", gate->gate);
        json_optional(json, "source", gate->source);
        json_optional(json, "field", gate->field);
        json_optional(json, "outcome", gate->outcome);
        json_optional(json, "text", gate->text);
        json_optional(json, "reason", gate->reason);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_match(struct json_writer *json, const struct report_match *match)
{
    json_object_begin(json, "match");
    write_count(json, "records", match->records);
    write_count(json, "pairs_compared", match->pairs_compared);
    write_count(json, "pairs_matched", match->pairs_matched);
    write_count(json, "pairs_possible", match->pairs_possible);
    write_count(json, "pairs_left_out", match->pairs_left_out);
    write_count(json, "values_shared_widely", match->values_shared_widely);
    write_count(json, "links_refused", match->links_refused);
    write_count(json, "clusters", match->clusters);
    write_count(json, "largest_cluster", match->largest_cluster);
    json_object_begin(json, "cluster_sizes");
    static const char *const sizes[] = {"1", "2", "3", "4", "5-9", "10+"};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        write_count(json, sizes[i], match->cluster_sizes[i]);
    json_object_end(json);
    json_array_begin(json, "largest_blocks");
    for (size_t i = 0; i < match->block_count; i++) {
        json_object_begin(json, NULL);
        json_optional(json, "rule", match->blocks[i].rule);
        json_optional(json, "values", match->blocks[i].values);
        write_count(json, "records", match->blocks[i].records);
        write_count(json, "pairs_left_out", match->blocks[i].pairs_left_out);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

static void write_golden(struct json_writer *json, const struct report_golden *golden)
{
    json_object_begin(json, "golden");
    write_count(json, "total", golden->total);
    write_count(json, "created", golden->created);
    write_count(json, "changed", golden->changed);
    write_count(json, "unchanged", golden->unchanged);
    write_count(json, "merged", golden->merged);
    write_count(json, "split", golden->split);
    json_object_end(json);
}

static void write_targets(struct json_writer *json, const struct report_targets *targets)
{
    json_array_begin(json, "targets");
    for (size_t i = 0; i < targets->count; i++) {
        const struct report_target *target = &targets->targets[i];
        json_object_begin(json, NULL);
        json_optional(json, "name", target->name);
        json_boolean(json, "published", target->published);
        json_optional(json, "message", target->message);
        json_integer(json, "run_id", target->run_id);
        write_count(json, "rows", target->rows);
        write_count(json, "upserted", target->rows_upserted);
        write_count(json, "deleted", target->rows_deleted);
        json_number(json, "seconds", target->seconds);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_work(struct json_writer *json, const struct run_report *report)
{
    json_object_begin(json, "view");
    for (size_t i = 0; i < report->view_table_count; i++)
        write_count(json, report->view_tables[i].name, report->view_tables[i].count);
    json_object_end(json);
    if (report->targets.count)
        write_targets(json, &report->targets);
    json_object_begin(json, "seconds");
    for (size_t i = 0; i < report->stage_count; i++)
        json_number(json, report->stages[i].name, report->stages[i].seconds);
    json_number(json, "total", report->seconds);
    json_object_end(json);
    if (report->peak_memory_bytes)
        write_count(json, "peak_memory_bytes", report->peak_memory_bytes);
    else
        json_null(json, "peak_memory_bytes");
}

bool report_write(const struct run_report *report, const char *path, struct error *error)
{
    struct buffer text = BUFFER_EMPTY;
    struct json_writer json = JSON_WRITER(&text);
    char as_of[DATE_TEXT_BYTES];
    date_format(report->as_of_days, as_of);
    json_object_begin(&json, NULL);
    json_integer(&json, "run_id", report->run_id);
    json_optional(&json, "as_of", as_of);
    json_optional(&json, "project", report->project);
    json_optional(&json, "started_at", report->started_at);
    json_optional(&json, "finished_at", report->finished_at);
    json_optional(&json, "result", report->result);
    json_integer(&json, "exit_code", report->exit_code);
    json_boolean(&json, "published", report->published);
    if (report->audit_head)
        json_optional(&json, "audit_head", report->audit_head);
    write_sources(&json, report);
    write_retention(&json, report);
    write_gates(&json, report);
    write_corrections(&json, report);
    write_match(&json, &report->match);
    write_golden(&json, &report->golden);
    write_work(&json, report);
    json_object_end(&json);
    buffer_append_byte(&text, '\n');
    bool written = file_replace(path, buffer_slice(&text), error);
    buffer_release(&text);
    return written;
}

uint64_t report_peak_memory(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return 0;
    return (uint64_t)usage.ru_maxrss * 1024; /* Linux counts in KiB */
}
