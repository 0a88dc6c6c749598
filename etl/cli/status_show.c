#include "cli/status.h"
#include "cust360/base/json.h"
#include "cust360/base/listing.h"

#include <stdio.h>

static void write_run(const struct status_run *run, const char *label, struct buffer *text)
{
    if (run->run_id)
        buffer_format(text, "%-10s run %lld as of %s: %s, %s\n", label, (long long)run->run_id,
                      run->as_of, run->status, run->finished_at);
    else
        buffer_format(text, "%-10s none\n", label);
}

static void write_view(const struct status *status, struct buffer *text)
{
    if (status->view.run_id)
        buffer_format(text, "view       of run %lld as of %s", (long long)status->view.run_id,
                      status->view.as_of);
    else
        buffer_append_text(text, "view       none");
    for (size_t i = 0; i < status->view_count; i++)
        buffer_format(text, "%s%lld", i ? ", " : "; kept: runs ", (long long)status->views[i]);
    buffer_append_byte(text, '\n');
}

static void write_sources(const struct status *status, struct buffer *text)
{
    static const struct listing_column columns[] = {
        {"source", LISTING_LEFT, 24},   {"status", LISTING_LEFT, 0}, {"data of", LISTING_LEFT, 0},
        {"days old", LISTING_RIGHT, 0}, {"rows", LISTING_RIGHT, 0},  {"", LISTING_LEFT, 0},
    };
    struct listing *listing = listing_create(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < status->source_count; i++) {
        const struct status_source *source = &status->sources[i];
        char days[16];
        snprintf(days, sizeof(days), "%d", source->stale_days);
        listing_row(listing);
        listing_text(listing, slice_of(source->name));
        listing_text(listing, slice_of(source->status));
        listing_text(listing,
                     slice_of(source->last_good_as_of ? source->last_good_as_of : "never"));
        listing_text(listing, slice_of(source->stale_days < 0 ? "" : days));
        listing_number(listing, (uint64_t)source->rows);
        listing_text(listing, slice_of(source->message ? source->message : ""));
    }
    listing_write(listing, 0, text);
    listing_destroy(listing);
}

void status_write_text(const struct status *status, struct buffer *text)
{
    buffer_format(text, "lock       %s%s\n", status->holder ? "held by " : "free",
                  status->holder ? status->holder : "");
    if (!status->readable) {
        buffer_append_text(text, "state      is being written; the rest is known when that ends\n");
        write_view(status, text);
        return;
    }
    write_run(&status->last, "last run", text);
    if (status->good.run_id != status->last.run_id)
        write_run(&status->good, "last good", text);
    write_view(status, text);
    for (size_t i = 0; i < status->gate_count; i++) {
        const struct status_gate *gate = &status->gates[i];
        buffer_format(text, "%-10s %s%s%s %s: %s\n", i ? "" : "gates", gate->gate,
                      gate->source ? " of " : "", gate->source ? gate->source : "", gate->outcome,
                      gate->text);
    }
    buffer_append_byte(text, '\n');
    write_sources(status, text);
}

/* ---- JSON ---- */

static void json_run(struct json_writer *json, const char *key, const struct status_run *run)
{
    if (!run->run_id) {
        json_null(json, key);
        return;
    }
    json_object_begin(json, key);
    json_integer(json, "run_id", run->run_id);
    json_optional(json, "as_of", run->as_of);
    json_optional(json, "status", run->status);
    json_optional(json, "finished_at", run->finished_at);
    json_object_end(json);
}

static void json_view(struct json_writer *json, const struct status *status)
{
    json_object_begin(json, "view");
    if (status->view.run_id) {
        json_integer(json, "run_id", status->view.run_id);
        json_optional(json, "as_of", status->view.as_of);
    } else {
        json_null(json, "run_id");
        json_null(json, "as_of");
    }
    json_array_begin(json, "kept");
    for (size_t i = 0; i < status->view_count; i++)
        json_integer(json, NULL, status->views[i]);
    json_array_end(json);
    json_object_end(json);
}

static void json_source(struct json_writer *json, const struct status_source *source)
{
    json_object_begin(json, NULL);
    json_optional(json, "id", source->name);
    json_optional(json, "status", source->status);
    json_optional(json, "last_good_as_of", source->last_good_as_of);
    if (source->stale_days >= 0)
        json_integer(json, "stale_days", source->stale_days);
    else
        json_null(json, "stale_days");
    json_integer(json, "rows", source->rows);
    json_optional(json, "message", source->message);
    json_object_end(json);
}

static void json_gate(struct json_writer *json, const struct status_gate *gate)
{
    json_object_begin(json, NULL);
    json_optional(json, "gate", gate->gate);
    json_optional(json, "source", gate->source);
    json_optional(json, "outcome", gate->outcome);
    json_optional(json, "text", gate->text);
    json_object_end(json);
}

void status_write_json(const struct status *status, struct buffer *text)
{
    struct json_writer json = JSON_WRITER(text);
    json_object_begin(&json, NULL);
    json_optional(&json, "lock_holder", status->holder);
    json_boolean(&json, "readable", status->readable);
    json_run(&json, "last_run", &status->last);
    json_run(&json, "last_good_run", &status->good);
    json_view(&json, status);
    json_array_begin(&json, "gates");
    for (size_t i = 0; i < status->gate_count; i++)
        json_gate(&json, &status->gates[i]);
    json_array_end(&json);
    json_array_begin(&json, "sources");
    for (size_t i = 0; i < status->source_count; i++)
        json_source(&json, &status->sources[i]);
    json_array_end(&json);
    json_object_end(&json);
    buffer_append_byte(text, '\n');
}
