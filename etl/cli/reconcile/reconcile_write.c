#include "cli/reconcile.h"
#include "cust360/base/json.h"
#include "cust360/base/listing.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- for machines ---- */

static void write_hash(struct json_writer *json, const char *key, uint64_t hash)
{
    char text[17];
    snprintf(text, sizeof(text), "%016" PRIx64, hash);
    json_text(json, key, slice_of(text));
}

static void json_count(struct json_writer *json, const char *key, uint64_t number)
{
    json_integer(json, key, (int64_t)number);
}

static void write_file_json(struct json_writer *json, const struct reconcile_file *file)
{
    json_object_begin(json, NULL);
    json_string(json, "source", file->source);
    json_string(json, "file", file->name);
    json_count(json, "bytes", file->raw.bytes);
    write_hash(json, "hash", file->raw.hash);
    if (file->counted)
        json_count(json, "counted", file->raw.records);
    if (file->has_control)
        json_count(json, "control", file->control);
    json_count(json, "read_now", file->read);
    json_count(json, "read", file->told);
    json_count(json, "accepted", file->accepted);
    json_count(json, "rejected", file->rejected);
    json_count(json, "discarded", file->discarded);
    json_count(json, "suppressed", file->suppressed);
    json_count(json, "expired", file->expired);
    json_boolean(json, "balanced", file->fault == NULL);
    json_optional(json, "fault", file->fault_name);
    json_optional(json, "message", file->fault ? file->fault : file->note);
    json_object_end(json);
}

static void write_discrepancy(struct json_writer *json, const struct discrepancy *found)
{
    json_object_begin(json, NULL);
    json_string(json, "name", discrepancy_name(found->kind));
    json_boolean(json, "fault", discrepancy_is_fault(found->kind));
    json_optional(json, "column", found->column);
    json_count(json, "count", found->count);
    json_string(json, "meaning", discrepancy_sentence(found->kind));
    json_array_begin(json, "examples");
    for (size_t i = 0; i < found->example_count; i++) {
        const struct discrepancy_example *example = &found->examples[i];
        json_object_begin(json, NULL);
        json_string(json, "key", example->key);
        json_string(json, "place", example->place);
        json_string(json, "source", example->source);
        json_string(json, "target", example->target);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

static void write_side(struct json_writer *json, const char *key, const struct side_column *column)
{
    json_object_begin(json, key);
    json_count(json, "filled", column->filled);
    json_count(json, "distinct", column->distinct);
    json_count(json, "longest", column->longest);
    write_hash(json, "hash", column->hash);
    json_object_end(json);
}

static void write_columns(struct json_writer *json, const struct comparison_result *result)
{
    json_array_begin(json, "columns");
    for (size_t i = 0; i < result->column_count; i++) {
        json_object_begin(json, NULL);
        json_string(json, "column", result->columns[i].name);
        if (result->sides[SIDE_SOURCE].columns)
            write_side(json, "source", &result->sides[SIDE_SOURCE].columns[i]);
        if (result->sides[SIDE_TARGET].columns)
            write_side(json, "target", &result->sides[SIDE_TARGET].columns[i]);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_leg_json(struct json_writer *json, const struct reconcile_leg *leg)
{
    const struct comparison_result *result = &leg->result;
    json_object_begin(json, NULL);
    json_string(json, "leg", leg->name);
    json_string(json, "source", leg->source);
    json_string(json, "target", leg->target);
    json_string(json, "subject", leg->subject);
    json_string(json, "table", leg->table);
    json_optional(json, "trouble", leg->trouble);
    if (leg->trouble)
        json_string(json, "trouble_name", leg->trouble_is_encoding ? "encoding" : "unreadable");
    json_count(json, "source_rows", result->sides[SIDE_SOURCE].rows);
    json_count(json, "target_rows", result->sides[SIDE_TARGET].rows);
    write_hash(json, "source_hash", result->sides[SIDE_SOURCE].hash);
    write_hash(json, "target_hash", result->sides[SIDE_TARGET].hash);
    json_array_begin(json, "found");
    for (size_t i = 0; i < result->discrepancy_count; i++)
        write_discrepancy(json, &result->discrepancies[i]);
    json_array_end(json);
    write_columns(json, result);
    json_object_end(json);
}

static void write_lists(const struct reconciling *work, struct json_writer *json)
{
    json_array_begin(json, "reasons");
    for (size_t i = 0; i < work->reason_count; i++) {
        const struct reconcile_reason *reason = &work->reasons[i];
        json_object_begin(json, NULL);
        json_string(json, "source", reason->source);
        json_string(json, "code", reason->code);
        json_string(json, "severity", reason->severity);
        json_string(json, "message", reason->message);
        json_string(json, "place", reason->place);
        json_count(json, "count", reason->count);
        json_object_end(json);
    }
    json_array_end(json);
    json_array_begin(json, "samples");
    for (size_t i = 0; i < work->sample_count; i++) {
        const struct reconcile_sample *sample = &work->samples[i];
        json_object_begin(json, NULL);
        json_string(json, "source", sample->source);
        json_string(json, "table", sample->table);
        json_string(json, "key", sample->key);
        json_string(json, "place", sample->place);
        if (sample->path) {
            json_string(json, "path", sample->path);
            json_count(json, "byte_offset", sample->byte_offset);
            json_count(json, "byte_length", sample->byte_length);
        }
        json_string(json, "golden_id", sample->golden_id);
        json_string(json, "values", sample->values);
        json_object_end(json);
    }
    json_array_end(json);
}

void reconcile_write_json(const struct reconciling *work, bool with_signature, struct buffer *text)
{
    struct json_writer json = JSON_WRITER(text);
    json_object_begin(&json, NULL);
    json_string(&json, "project", work->project->name);
    json_integer(&json, "run", work->run_id);
    json_count(&json, "faults", work->faults);
    json_count(&json, "suspicions", work->suspects);
    json_array_begin(&json, "files");
    for (size_t i = 0; i < work->file_count; i++)
        write_file_json(&json, &work->files[i]);
    json_array_end(&json);
    json_array_begin(&json, "legs");
    for (size_t i = 0; i < work->leg_count; i++)
        write_leg_json(&json, &work->legs[i]);
    json_array_end(&json);
    write_lists(work, &json);
    if (with_signature) {
        json_object_begin(&json, "signature");
        json_string(&json, "name", work->signed_by);
        json_string(&json, "at", work->signed_at);
        json_string(&json, "sha256", work->signed_hash);
        json_object_end(&json);
    }
    json_object_end(&json);
    buffer_append_byte(text, '\n');
}

/* ---- for people ---- */

const char *reconcile_file_label(struct arena *arena, const struct reconcile_file *file)
{
    if (slice_starts_with(slice_of(file->name), slice_of(file->source)))
        return file->name;
    return arena_format(arena, "%s %s", file->source, file->name);
}

static void write_files(const struct reconciling *work, struct buffer *text)
{
    static const struct listing_column columns[] = {
        {"file", LISTING_LEFT, 30},      {"sent", LISTING_RIGHT, 0},
        {"counted", LISTING_RIGHT, 0},   {"read", LISTING_RIGHT, 0},
        {"accepted", LISTING_RIGHT, 0},  {"rejected", LISTING_RIGHT, 0},
        {"discarded", LISTING_RIGHT, 0}, {"repeated", LISTING_RIGHT, 0},
        {"expired", LISTING_RIGHT, 0},   {"", LISTING_LEFT, 70},
    };
    struct listing *listing = listing_create(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < work->file_count; i++) {
        const struct reconcile_file *file = &work->files[i];
        listing_row(listing);
        listing_text(listing, slice_of(reconcile_file_label(work->arena, file)));
        if (file->has_control)
            listing_number(listing, file->control);
        else
            listing_text(listing, slice_of(""));
        if (file->counted)
            listing_number(listing, file->raw.records);
        else
            listing_text(listing, slice_of("?"));
        listing_number(listing, file->told);
        listing_number(listing, file->accepted);
        listing_number(listing, file->rejected);
        listing_number(listing, file->discarded);
        listing_number(listing, file->suppressed);
        if (file->expired)
            listing_number(listing, file->expired);
        else
            listing_text(listing, slice_of(""));
        struct buffer note = BUFFER_EMPTY;
        if (file->fault)
            buffer_format(&note, "%s: %s", file->fault_name, file->fault);
        else
            buffer_append_text(&note, file->note ? file->note : "balances");
        listing_text(listing, buffer_slice(&note));
        buffer_release(&note);
    }
    listing_hide_empty(listing);
    listing_write(listing, 0, text);
    listing_destroy(listing);
}

static void write_example(struct buffer *text, const struct discrepancy_example *example)
{
    buffer_format(text, "      %s", example->place);
    if (example->key[0])
        buffer_format(text, "  key %s", example->key);
    if (example->source[0] || example->target[0])
        buffer_format(text, "  %s → %s", example->source[0] ? example->source : "(nothing)",
                      example->target[0] ? example->target : "(nothing)");
    buffer_append_byte(text, '\n');
}

static void write_found(const struct reconcile_leg *leg, bool faults, struct buffer *text)
{
    for (size_t i = 0; i < leg->result.discrepancy_count; i++) {
        const struct discrepancy *found = &leg->result.discrepancies[i];
        if (discrepancy_is_fault(found->kind) != faults)
            continue;
        buffer_format(text, "  %s  %s%s%s%s%s: ", discrepancy_name(found->kind), leg->subject,
                      leg->table[0] ? " " : "", leg->table, found->column ? "." : "",
                      found->column ? found->column : "");
        number_append(text, found->count);
        buffer_format(text, " %s (%s%s%s)\n", discrepancy_sentence(found->kind), leg->source,
                      leg->target[0] ? " → " : "", leg->target);
        for (size_t j = 0; j < found->example_count && j < (faults ? DISCREPANCY_EXAMPLES : 1); j++)
            write_example(text, &found->examples[j]);
    }
}

static void write_legs(const struct reconciling *work, bool faults, struct buffer *text)
{
    for (size_t i = 0; i < work->leg_count; i++) {
        const struct reconcile_leg *leg = &work->legs[i];
        if (faults && leg->trouble)
            buffer_format(text, "  %s  %s %s: %s\n",
                          leg->trouble_is_encoding ? "encoding" : "unreadable", leg->subject,
                          leg->table, leg->trouble);
        write_found(leg, faults, text);
    }
}

void reconcile_write_text(const struct reconciling *work, struct buffer *text)
{
    buffer_format(text, "run %lld of %s: ", (long long)work->run_id, work->project->name);
    if (work->faults)
        buffer_format(text, "%llu faults", (unsigned long long)work->faults);
    else
        buffer_append_text(text, "everything has arrived");
    buffer_format(text, ", %llu suspicions\n\n", (unsigned long long)work->suspects);
    write_files(work, text);
    if (work->faults) {
        buffer_append_text(text, "\nfaults\n");
        write_legs(work, true, text);
    }
    if (work->suspects) {
        buffer_append_text(text, "\nto be looked at\n");
        write_legs(work, false, text);
    }
    buffer_format(text, "\nwritten: %s/reconcile.html and .json", work->project->out);
    if (work->signed_by && work->signed_by[0])
        buffer_format(text, "\nsigned by %s at %s UTC, sha256 %s", work->signed_by, work->signed_at,
                      work->signed_hash);
    buffer_append_byte(text, '\n');
}
